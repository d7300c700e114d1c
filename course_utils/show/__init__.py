"""Figures and explorers of the lectures.

Nothing is loaded until it is asked for: matplotlib comes with the first drawing, ipywidgets and
anywidget with the first explorer. ``python -m course_utils.show`` writes every committed figure.
"""

import importlib

_HOME = {
    "SlidingFilter": "sliding_filter",
    "draw_sliding_filter": "sliding_filter_picture",
    "draw_channels": "images",
    "drawn_image": "images",
    "draw_connections": "shapes",
    "draw_depth": "shapes",
    "draw_receptive_field": "shapes",
    "draw_dilation": "relatives",
    "draw_groups": "relatives",
    "draw_transposed": "relatives",
    "FIGURES": "figures",
    "write_figures": "figures",
}

__all__ = list(_HOME)


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__():
    return sorted([*globals(), *__all__])
