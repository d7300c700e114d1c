"""The scripts of an explorer without a browser: for tests, and for the figures that are snapshots of it."""

import json

from course_utils.explorers.explorer import SCRIPTS, SHARED

WIDTH = 900
"""Of a snapshot, in pixels."""


class Engine:
    """Numbers and picture of an explorer in a JavaScript engine in this process.

    Parameters
    ----------
    explorer : type
        A subclass of :class:`~course_utils.explorers.explorer.Explorer`.

    Raises
    ------
    ModuleNotFoundError
        If mini-racer is not installed; the message says how.
    """

    def __init__(self, explorer):
        try:
            from py_mini_racer import MiniRacer
        except ModuleNotFoundError:
            raise ModuleNotFoundError(
                "an explorer is drawn without a browser by mini-racer, which is not installed; "
                "run: pip install -e '.[test]'"
            ) from None
        self.explorer, self._engine = explorer, MiniRacer()
        paths = [SHARED / name for name in (*SCRIPTS, "svg.js")]
        paths += [explorer.folder / name for name in ("numbers.js", "picture.js")]
        for path in paths:
            self._engine.eval(path.read_text(encoding="utf-8"))
        self._engine.eval(f"const TABLES = {json.dumps(explorer.tables)};")

    def run(self, code, **given):
        """Return what a JavaScript expression gives, as JSON; `given` are its variables."""
        names = ", ".join(given)
        values = ", ".join(map(json.dumps, given.values()))
        return json.loads(self._engine.eval(f"JSON.stringify((({names}) => ({code}))({values}))"))

    def describe(self, *values, **named):
        """Return what the picture shows for these values of the traits."""
        explorer = self.explorer(*values, **named)
        shown = _values(explorer)
        explorer.close()  # ipywidgets keeps every widget that is open
        return self.run("describe(values, TABLES)", values=shown)

    def svg(self, explorer, width=WIDTH):
        """Return the picture of an explorer as SVG, in light and dark."""
        return self.run("snapshot(values, TABLES, width)", values=_values(explorer), width=width)


def _values(explorer):
    return {name: getattr(explorer, name) for name in explorer._shown}
