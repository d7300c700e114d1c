"""Explorers: pictures that move under the hand, in JupyterLab and on the pages of ``make html``.

One folder each: ``__init__.py`` has the traits, that is what Python reads and sets; ``numbers.js`` works out
what is shown, ``picture.js`` draws it, ``controls.js`` says what keys and mouse do. What they share stands in
``shared/``. Nothing is loaded until it is asked for: ``from course_utils.explorers import SlidingFilter`` loads
the folder ``sliding_filter``.
"""

import importlib
import re
from pathlib import Path

_FOLDERS = sorted(path.parent.name for path in Path(__file__).parent.glob("*/controls.js"))

__all__ = ["".join(word.capitalize() for word in folder.split("_")) for folder in _FOLDERS]


def __getattr__(name):
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    folder = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
    return getattr(importlib.import_module(f"{__name__}.{folder}"), name)


def __dir__():
    return sorted([*globals(), *__all__])


def snapshots():
    """Return what draws the figures that explorers keep of themselves: name → function → SVG text."""
    from course_utils.explorers.engine import Engine

    def drawing(explorer, values):
        return lambda: Engine(explorer).svg(explorer(**values))

    explorers = [__getattr__(name) for name in __all__]
    return {
        name: drawing(explorer, values)
        for explorer in explorers
        for name, values in explorer.figures.items()
    }
