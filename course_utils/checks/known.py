"""What wrong thinking gives on the visible cases, kept as digests.

A misconception is a function that stands in the hidden part of a test cell. When a part is released the
cells are run once with the solution in place (`Record`), and what each misconception gives on each
visible case is written down as a digest, with its sentence, in ``looks_like.json`` beside the notebook.
A visible test that fails looks there. So it names at home what grading names, shows no mistake in
advance, and holds no function that gives the answer away.

Whole numbers are compared exactly. Other numbers are rounded to a grid of about 6 digits, 4 for narrower floats
than doubles, which is shifted so that none of the misconception's numbers is near an edge of it: each processor
adds up in another order, and all have to write the same digest.
"""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path

import numpy as np

from course_utils.checks import differences
from course_utils.checks.ask import name_of
from course_utils.checks.compare import compare
from course_utils.checks.derived import cut_by
from course_utils.checks.misconceptions import mistakes, raised_by, sentence_of, sort_of
from course_utils.wire import Raised, Side, WireError, raised

FILE = "looks_like.json"
DIGITS, NARROW_DIGITS = 20, 12  # binary ones, of the largest number: of doubles, of narrower floats
SHIFTS = 64
MARGIN = 0.01  # of a step of the grid
NOISE = 1e-13  # of the largest number of the right result: what rounding leaves of 0
WHOLE = -10, SHIFTS // 2  # the grid of whole numbers
EXACT = 2**40  # below it they are compared exactly; floats below 2**DIGITS
NEARLY = 2**-12  # a quarter of a step of that grid
FAR = 2**62  # stands for infinity

_tables: dict | None = None
_record: Record | None = None


def know(tables: dict | None) -> None:
    """Use these digests instead of those beside the notebook; None for the latter again."""
    global _tables
    _tables = tables


def _known() -> dict:
    if _tables is not None:
        return _tables
    return read(Path())


def read(folder: Path) -> dict:
    """Return the digests beside a notebook; nothing where they are missing or not what `Record` writes.

    They give names to mistakes, no marks: a copy without them is a notebook like another.
    """
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
        number = len(found["sentences"])
        for rows in found["cases"].values():
            for lines in rows.values():
                if not all(0 <= n < number for n, _step, _shift, _digest in lines):
                    return {}
        return found
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def named(function, asked, tolerances) -> str:
    """Return the sentences of the first two misconceptions that give what was answered in every case, or ''.

    Parameters
    ----------
    function : callable
        The answer.
    asked : list of (Case, plain data, object)
        All cases of the table, what was answered, and what was expected of this answer: ``...`` stands for
        what it is not asked.
    tolerances : (rtol, atol)
    """
    known = _known()
    cases = known.get("cases", {})
    found, others = None, set()
    for one, value, expected in asked if cases else ():
        if expected is ...:
            continue
        rows = cases.get(_key(function, one), {})
        for place, wanted, got in _parts(one.expected, value):
            asks = _parts(one.expected, expected)
            if any(p == place and e is ... for p, _, e in asks):
                continue
            here = rows.get(place, ())
            if compare(wanted, got, *tolerances) is None:
                others |= {sentence for sentence, *_ in here}
            else:
                same = {s for s, *grid, digest in here if _digest(got, *grid) == digest}
                found = same if found is None else found & same
    sentences = [known["sentences"][number] for number in sorted((found or set()) - others)]
    # Where the visible cases do not tell two apart, both are named.
    return "; or: ".join(list(dict.fromkeys(sentences))[:2])


class Record:
    """Writes down, as the cells of a part run, the visible tables and the misconceptions of each cell."""

    def __init__(self):
        self.visible = False  # whether it is a visible part that runs
        self.sentences: list[str] = []
        self.cases: dict[str, dict] = {}
        self._numbers: dict[tuple[str, int], int] = {}
        self._cell: list = []  # visible cases of this cell, and who is asked
        self._functions: list = []  # misconceptions of this cell, by the name of the answer

    def __enter__(self):
        global _record
        _record = self
        return self

    def __exit__(self, *_):
        global _record
        _record = None

    def note(self, function, cases, functions) -> None:
        """Note a table that an answer is asked."""
        for wrong in functions if cases else ():
            try:
                cases[0].call.on(wrong)
            except TypeError as error:
                words = f"{sentence_of(wrong)!r} does not take the arguments of its table: {error}"
                raise TypeError(words) from None
            except Exception:
                continue
        if self.visible and cases:
            self._cell += [(function, one) for one in cases]
        self._functions += [(name_of(function), f) for f in functions]

    def end_cell(self) -> None:
        """Put down what the misconceptions of a cell give on its visible cases."""
        seen: dict = {}  # what misconceptions with the same sentence give
        for name, wrong in self._functions:
            found = {
                (key, place): line
                for function, one in self._cell
                if name == name_of(function) and (key := _key(function, one))
                for place, line in _gives(function, one, wrong)
            }
            sentence = sentence_of(wrong)
            variants = seen.setdefault((name, sentence), [])
            if not found or found in variants:
                continue
            number = self._number(sentence, len(variants))
            variants.append(found)
            for (key, place), line in found.items():
                row = self.cases.setdefault(key, {}).setdefault(place, [])
                row += [[number, *line]] if [number, *line] not in row else []
        self._cell, self._functions = [], []

    def _number(self, sentence, variant):
        """Return the number of a misconception: several may have the same sentence."""
        if (sentence, variant) not in self._numbers:
            self._numbers[sentence, variant] = len(self.sentences)
            self.sentences.append(sentence)
        return self._numbers[sentence, variant]

    def text(self) -> str:
        """Return what there is, a line for each case, for `FILE`."""
        cases = {
            key: {place: sorted(row) for place, row in sorted(rows.items())}
            for key, rows in sorted(self.cases.items())
            if rows
        }
        sentences = json.dumps(self.sentences, indent=1, ensure_ascii=False)
        lines = [f" {json.dumps(key)}: {json.dumps(rows)}" for key, rows in cases.items()]
        return f'{{"sentences": {sentences},\n"cases": {{\n' + ",\n".join(lines) + "\n}}\n"


def _gives(function, one, wrong):
    """Yield the wrong results that a misconception gives in a case: the place, and its grid and digest."""
    try:
        value = cut_by(function, one.call.on(wrong))
    except raised_by(wrong) as error:  # it refuses
        value = raised(error)
    except Exception:
        return
    for place, wanted, got in _parts(one.expected, value):
        if wanted is not ... and got is not ... and compare(wanted, got, 1e-6, 1e-9):
            grid = _grid(got, NOISE * _largest(wanted))
            yield place, [*grid, _digest(got, *grid)]


def note(function, cases, functions=()) -> None:
    """Tell the `Record` of a table, where there is one."""
    if _record is not None:
        _record.note(function, cases, functions)


def is_recording() -> bool:
    """Whether a `Record` is being written: what takes long and names nothing is left out then."""
    return _record is not None


def explain(function, looks_like, reference=None) -> None:
    """Name misconceptions in the visible cases of this cell; nothing is asked.

    Parameters
    ----------
    function : callable
        The answer that the cases are about.
    looks_like, reference
        As for `course_utils.checks.against`.
    """
    note(function, None, mistakes(looks_like, reference))


def _key(function, one) -> str:
    """Return the key of a case: what is asked, of which answer; '' where an object is handed back."""
    try:
        frame = Side().encode([list(one.call.args), one.call.kwargs])
    except WireError:
        return ""
    asked = repr((name_of(function), getattr(function, "part", ""), frame))
    return hashlib.blake2b(asked.encode(), digest_size=6).hexdigest()


def _parts(expected, value) -> list[tuple[str, object, object]]:
    """Return the results in a tuple of results, each with its place; another value is one part, at ''."""
    several = isinstance(expected, tuple) and any(
        p is ... or isinstance(p, (np.ndarray, dict)) for p in expected
    )
    if several and isinstance(value, (tuple, list)) and len(value) == len(expected):
        rows = enumerate(zip(expected, value, strict=True))
        return [(f".{i}", e, v) for i, (e, v) in rows]
    return [("", expected, value)]


def _numbers(value) -> list[np.ndarray]:
    """Return the numbers in a value, in order."""
    if isinstance(value, dict):
        return [a for key in sorted(value, key=repr) for a in _numbers(value[key])]
    array = None if isinstance(value, (str, bytes)) else differences.as_numbers(value)
    if array is not None:
        return [np.stack([array.real, array.imag]) if array.dtype.kind == "c" else array]
    return [a for part in value for a in _numbers(part)] if isinstance(value, (list, tuple)) else []


def _finite(value) -> np.ndarray:
    """Return the finite numbers in a value, in one row."""
    flat = [a.ravel().astype(float) for a in _numbers(value)]
    return np.concatenate([a[np.isfinite(a)] for a in flat]) if flat else np.zeros(0)


def _largest(value) -> float:
    return np.abs(_finite(value)).max(initial=0.0)


def _grid(value, noise: float = 0.0) -> tuple[int, int]:
    """Return a grid for numbers: the exponent of its step, and a shift at which none is near an edge."""
    arrays, flat = _numbers(value), _finite(value)
    largest = np.abs(flat).max(initial=0.0)
    # Floats that are whole on one processor may be off by a rounding on another: both have the same grid.
    below = 2**DIGITS if any(a.dtype.kind == "f" for a in arrays) else EXACT
    nearly = min(1e-9 * largest, NEARLY) if largest > 0.5 else largest if largest < noise else 0.0
    if largest < below and np.abs(flat - np.rint(flat)).max(initial=0.0) <= nearly:
        return WHOLE
    narrow = any(a.dtype.kind == "f" and a.dtype.itemsize < 8 for a in arrays)
    step = math.frexp(largest)[1] - (NARROW_DIGITS if narrow else DIGITS) if largest else 0
    parts = np.ldexp(flat, -step) % 1.0

    def margin(shift):
        off = (parts + shift / SHIFTS) % 1.0
        return np.minimum(off, 1 - off).min(initial=0.5)

    halves = sorted(range(SHIFTS), key=lambda shift: abs(shift - SHIFTS // 2))
    return step, next((s for s in halves if margin(s) > MARGIN), max(halves, key=margin))


def _digest(value, step, shift) -> str:
    """Return a digest of a value, its numbers rounded to a grid."""
    found = hashlib.blake2b(digest_size=6)

    def add(value):
        if isinstance(value, Raised):
            found.update(f"raised {(value.bases or ('',))[0]}{sort_of(value.message)}".encode())
        elif isinstance(value, dict):
            for key in sorted(value, key=repr):
                found.update(repr(key).encode())
                add(value[key])
        elif value is None or isinstance(value, (str, bytes)):
            found.update(repr(value).encode())
        elif numbers := _numbers(value) if differences.as_numbers(value) is not None else []:
            [array] = numbers
            with np.errstate(all="ignore"):
                grid = np.floor(np.ldexp(array.astype(float), -step) + shift / SHIFTS)
            grid = np.nan_to_num(grid, nan=FAR + 1, posinf=FAR, neginf=-FAR)
            grid = np.clip(grid, -FAR, FAR).astype(np.int64)
            found.update(repr(np.shape(value)).encode() + grid.astype("<i8").tobytes())
        elif isinstance(value, (list, tuple)):
            found.update(b"(")
            for part in value:
                add(part)
        else:
            found.update(b"?")

    add(value)
    return found.hexdigest()
