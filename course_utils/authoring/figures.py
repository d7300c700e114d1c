"""Write the committed figures of the lectures, or compare them with what is drawn now.

``python -m course_utils.authoring.figures [--check] [FOLDER]``
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import matplotlib

from course_utils import explorers, show
from course_utils.course.files import write_safely
from course_utils.course.folders import CourseError
from course_utils.show import style

FOLDER = Path(__file__).resolve().parents[2] / "lectures" / "figures"
COMMAND = "python -m course_utils.authoring.figures"


def figures() -> dict[str, Callable[[], str]]:
    """Return the name of each committed figure, and a function that returns its SVG text.

    A module of ``course_utils.show`` says in ``FIGURES`` what it draws, an explorer in ``figures`` which states
    of itself are kept.

    Raises
    ------
    ValueError
        If two of them draw a figure of the same name.
    """
    sources = {}
    for found in pkgutil.iter_modules(show.__path__, f"{show.__name__}."):
        drawn = getattr(importlib.import_module(found.name), "FIGURES", {})
        sources[found.name] = {name: partial(drawing, draw) for name, draw in drawn.items()}
    sources[explorers.__name__] = explorers.snapshots()
    return united(sources)


def united(sources: dict[str, dict[str, Callable[[], str]]]) -> dict[str, Callable[[], str]]:
    """Return the figures of all sources, in the order of their names, or raise ValueError."""
    homes = {}
    for source, drawn in sources.items():
        for name in drawn:
            if name in homes:
                raise ValueError(f"figure {name!r} is drawn twice: by {homes[name]} and {source}")
            homes[name] = source
    return {name: sources[homes[name]][name] for name in sorted(homes)}


def drawing(draw: Callable[[], style.Picture]) -> str:
    """Return the SVG text of a picture, drawn under matplotlib's own defaults."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(style.SETTINGS)
        return style.svg_text(draw())


def out_of_date(folder: Path = FOLDER) -> dict[Path, str | None]:
    """Return the files that are not as they should be, and their right text, None if nothing draws them."""
    right = {folder / f"{name}.svg": text() for name, text in figures().items()}
    wrong = {path: text for path, text in right.items() if not _holds(path, text)}
    return wrong | {path: None for path in sorted(folder.glob("*.svg")) if path not in right}


def _holds(path, text):
    return path.exists() and path.read_bytes() == text.encode()


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0 when all is well, 1 after a finding, 2 when a file cannot be written."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="default: %(default)s")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args(arguments)
    found = out_of_date(options.folder)
    for path, text in found.items():
        if text is None:
            print(f"{path.name}: nothing draws it any more; delete it")
        elif options.check:
            print(f"{path.name} is out of date; run: {COMMAND}")
        else:
            try:
                write_safely(path, text)
            except CourseError as error:
                print(error, file=sys.stderr)
                return 2
            print(path)
    return 1 if None in found.values() or (options.check and found) else 0


if __name__ == "__main__":
    sys.exit(main())
