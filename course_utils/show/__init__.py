"""Figures and explorers of the lectures.

Nothing is loaded until it is asked for: matplotlib comes with the first drawing, ipywidgets and
anywidget with the first explorer. ``python -m course_utils.authoring.figures`` writes every committed figure.
"""

import importlib

_HOME = {
    "SlidingFilter": "sliding_filter",
    "FieldStack": "field_stack",
    "NetworkBill": "network_bill",
    "DenseOrConv": "dense_or_conv",
    "draw_sliding_filter": "sliding_filter_picture",
    "draw_field_stack": "field_stack_picture",
    "draw_network_bill": "network_bill_picture",
    "draw_dense_or_conv": "dense_or_conv_picture",
    "draw_tasks": "scenes",
    "draw_simple_and_complex": "history",
    "draw_history": "history",
    "draw_pooling": "pieces",
    "draw_pattern": "pieces",
    "draw_saturation": "pieces",
    "draw_separation": "pieces",
    "draw_channels": "images",
    "drawn_image": "images",
    "draw_connections": "shapes",
    "draw_depth": "shapes",
    "draw_receptive_field": "shapes",
    "draw_dilation": "relatives",
    "draw_groups": "relatives",
    "draw_transposed": "relatives",
    "WindowWalk": "window_walk",
    "PoolRouting": "pool_routing",
    "ShiftTest": "shift_test",
    "draw_window_walk": "window_walk_picture",
    "draw_pool_routing": "pool_routing_picture",
    "draw_shift_test": "shift_test_picture",
    "draw_feeds": "backward",
    "draw_flip": "backward",
    "draw_full_correlation": "backward",
    "draw_max_routing": "backward",
    "draw_weight_gradient": "backward",
}

__all__ = list(_HOME)


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__():
    return sorted([*globals(), *__all__])
