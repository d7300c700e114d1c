"""What all explorers are: a widget whose traits are checked, and whose scripts lie beside them."""

import inspect
import json
import sys
from pathlib import Path

import anywidget
import traitlets

from course_utils.explorers.traits import Choice, Knob, Within

SHARED = Path(__file__).parent / "shared"
SCRIPTS = ("numbers.js", "pen.js", "panels.js")
"""What numbers and pictures share: plain scripts, in a browser or not."""


def _text(*paths):
    return "\n".join(path.read_text(encoding="utf-8") for path in paths if path.exists())


class Explorer(anywidget.AnyWidget):
    """Base of the explorers.

    A class lists its traits, :class:`~course_utils.explorers.traits.Knob` and others, in the order in which it
    takes them. It has no other code: what it shows is worked out by the scripts of its folder, from the traits
    and from `tables`.

    Raises
    ------
    traitlets.TraitError
        If a value is not known or out of range; the old one stays.
    """

    tables = {}
    """What the scripts need and nobody changes: name → anything that JSON can hold."""
    figures = {}
    """Figures of the lectures: name, without ``.svg`` → values of the traits."""

    # JSON, and not a dict: a saved notebook sorts the names of dicts, and their order is that of the controls.
    _setup = traitlets.Unicode().tag(sync=True)

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        if "_anywidget_id" in vars(cls):
            return  # the class that anywidget makes for each instance
        cls.folder = folder = Path(sys.modules[cls.__module__].__file__).parent
        own = [folder / name for name in ("numbers.js", "picture.js", "controls.js")]
        cls._esm = _text(*(SHARED / name for name in (*SCRIPTS, "widget.js")), *own)
        cls._css = _text(SHARED / "explorer.css", folder / "style.css")
        cls._shown = {k: v for k, v in vars(cls).items() if isinstance(v, traitlets.TraitType)}
        for trait in cls._shown.values():
            trait.tag(sync=True)
        keyword = inspect.Parameter.POSITIONAL_OR_KEYWORD
        cls.__signature__ = inspect.Signature(
            inspect.Parameter(name, keyword, default=trait.default_value)
            for name, trait in cls._shown.items()
        )

    def __init__(self, *values, **named):
        shown = self._shown
        setup = {
            "names": list(shown),
            "knobs": {k: v.slider for k, v in shown.items() if isinstance(v, Knob)},
            "choices": {k: [v.legend, v.words] for k, v in shown.items() if isinstance(v, Choice)},
            "tables": self.tables,
        }
        super().__init__(
            _setup=json.dumps(setup, ensure_ascii=False, separators=(",", ":")),
            **self.__signature__.bind(*values, **named).arguments,
        )
        self.observe(self._stay_inside, list(shown))

    @classmethod
    def of(cls, tables, **values):
        """Return an explorer that shows other tables than those of its class.

        Parameters
        ----------
        tables : dict
            Of the form of the class's own.
        values
            Of the traits.
        """
        made = cls.__new__(cls)
        made.tables = tables
        made.__init__(**values)
        return made

    def __repr__(self):
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._shown)
        return f"{type(self).__name__}({values})"

    def _stay_inside(self, change):
        """Keep what hangs on other traits inside, when they change."""
        for name, trait in self._shown.items():
            if name != change["name"] and isinstance(trait, Within):
                setattr(self, name, trait.clamped(self, getattr(self, name)))
