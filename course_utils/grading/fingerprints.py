"""Fingerprints of code and of text by copydetect: what is the same after names and comments are gone."""

from __future__ import annotations

import io
from collections.abc import Iterable, Set
from types import SimpleNamespace

import numpy as np

from course_utils.course.folders import CourseError

try:
    import copydetect.utils
except ModuleNotFoundError:
    copydetect = None

CODE, TEXT = "code", "text"
# Characters of a stretch that both must have: of code, in which each name is one letter and spaces and
# comments are gone (copydetect's own choice), and of text.
STRETCH = {CODE: 25, TEXT: 40}
LONGEST = 50_000  # characters of a cell that are looked at


def need_copydetect() -> None:
    """Say how to get copydetect where it is not installed.

    Raises
    ------
    CourseError
    """
    if copydetect is None:
        raise CourseError(
            "copydetect is not installed, which finds what is alike: "
            "pip install -c constraints.txt -e '.[similar]'"
        )


def normal(text: str, kind: str) -> tuple[str, np.ndarray]:
    """Return what is compared of a cell, and how much was left out before each place of it.

    Parameters
    ----------
    text : str
    kind : {"code", "text"}
        Of code, names become one letter, and spaces, comments and the words of strings go; text is written
        small, with one space for many.

    Returns
    -------
    plain : str
    offsets : ndarray of shape (N, 2)
        As copydetect has them: a place in `plain`, and the characters that were left out before it.
    """
    text = text[:LONGEST]
    if kind == TEXT:
        return _small(text)
    # The lexer takes blank lines off both ends, and the places would not be those of `text`.
    lead = len(text) - len(text.lstrip("\n"))
    plain, offsets = copydetect.utils.filter_code(text[lead:], "cell.py", "python")
    _mend(plain, offsets)
    offsets[:, 1] += lead
    return plain, offsets


def _mend(plain: str, offsets: np.ndarray) -> None:
    """Put right where a stretch behind the name of a class stands.

    copydetect 0.5.0 notes there the length of that name alone, not of all that was left out before it.
    """
    for row in range(1, len(offsets) - 1):
        at = offsets[row, 0]
        if plain[max(at - 5, 0) : at + 1] == "classO" and offsets[row - 1, 0] != at:
            offsets[row, 1] = offsets[row + 1, 1] - offsets[row, 1]


def _small(text: str) -> tuple[str, np.ndarray]:
    kept, places = [], []
    for place, letter in enumerate(text):
        if letter.isspace():
            if kept and kept[-1] != " ":
                kept.append(" ")
                places.append(place)
        else:
            for small in letter.lower():
                kept.append(small)
                places.append(place)
    count = np.arange(len(places) + 1)
    return "".join(kept), np.column_stack((count, np.array([*places, len(text)]) - count))


def fingerprint(plain: str, offsets: np.ndarray, kind: str, dropped: Set[int] = frozenset()):
    """Return the fingerprints of a cell: every stretch of `STRETCH` characters, and where it stands.

    They hold for this process only: copydetect makes them by Python's `hash`.

    Parameters
    ----------
    plain, offsets : str, ndarray
        From `normal`.
    kind : {"code", "text"}
    dropped : set of int
        Fingerprints that count for nobody.

    Returns
    -------
    copydetect.CodeFingerprint
    """
    # Every stretch, not those that winnowing selects: that goes by `hash`, and would be others each time.
    made = copydetect.CodeFingerprint(
        kind, k=STRETCH[kind], win_size=1, filter=False, fp=io.StringIO(plain, newline="")
    )
    made.offsets = offsets
    if dropped:  # copydetect's own `boilerplate` drops whatever stands twice in a cell as well
        made.hashes -= dropped
        made.hash_idx = {h: places for h, places in made.hash_idx.items() if h in made.hashes}
        made.token_coverage = copydetect.utils.get_token_coverage(made.hash_idx, made.k, len(plain))
    return made


def hashes_of(plain: str, kind: str) -> np.ndarray:
    """Return the fingerprints of a cell, each once, in order."""
    return once(copydetect.utils.hashed_kgrams(plain, STRETCH[kind]))


def once(values: np.ndarray) -> np.ndarray:
    """Return values in order, each once; on many short arrays faster than `np.unique`."""
    values = np.sort(values.astype(np.int64))
    return values[np.concatenate(([True], values[1:] != values[:-1]))] if len(values) else values


def within(values: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which values are among `known`, which is in order, and where."""
    if not len(known):
        return np.zeros(len(values), bool), np.zeros(len(values), np.intp)
    at = np.minimum(np.searchsorted(known, values), len(known) - 1)
    return known[at] == values, at


def found_in(print_, others: Set[int]) -> tuple[float, list[tuple[int, int]]]:
    """Return how much of a cell stands anywhere in somebody else's, and where in the cell.

    Parameters
    ----------
    print_ : copydetect.CodeFingerprint
    others : set of int
        All that the other one has.

    Returns
    -------
    share : float
        From 0 to 1, of what says something in the cell.
    places : list of (int, int)
        Beginning and end of each stretch in the cell's text.
    """
    # All of it as one cell; where in it does not matter, so it is said to be at its beginning.
    other = SimpleNamespace(
        k=print_.k, hashes=others, hash_idx=dict.fromkeys(others, [0]), filtered_code="", offsets=()
    )
    _, (share, _), (places, _) = copydetect.compare_files(print_, other)
    if not share:
        return 0.0, []
    return float(share), [(int(a), int(b)) for a, b in places.T]


def marked(text: str, places: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    """Cut text into pieces, each with whether it is one of some stretches, which are rounded to whole words.

    Examples
    --------
    >>> marked("a copied line", [(2, 8)])
    [('a ', False), ('copied', True), (' line', False)]
    """
    pieces, at = [], 0
    for begin, end in places:
        begin, end = max(begin, at), min(end, len(text))
        while end > begin and text[end - 1].isspace():
            end -= 1
        if end <= begin:
            continue
        while begin > at and _in_word(text, begin):
            begin -= 1
        while end < len(text) and _in_word(text, end):
            end += 1
        pieces += [(text[at:begin], False), (text[begin:end], True)]
        at = max(at, end)
    return [piece for piece in [*pieces, (text[at:], False)] if piece[0]]


def _in_word(text: str, place: int) -> bool:
    """Whether a place, not at either end, is within a word."""
    return all(letter == "_" or letter.isalnum() for letter in text[place - 1 : place + 1])
