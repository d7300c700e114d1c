"""What splits and folds have in common: parts that are judged as sets, so that the order inside is free."""

from __future__ import annotations

from collections import Counter

import numpy as np

from course_utils.checks import differences
from course_utils.checks.ask import Args
from course_utils.checks.derived import Derived
from course_utils.checks.generators import with_rng
from course_utils.checks.message import fail
from course_utils.checks.words import show

DRAWN = "a part is drawn for each on its own, so sizes vary: cut one permutation up"


class Members(Derived):
    """A question about parts as sets: what is in each of them, whatever the order; see `draws_from_rng`."""

    part = "members"

    def cut(self, result):
        pairs = pairs_of(result)
        return (
            result if pairs is None else [[sorted(_plain(side)) for side in pair] for pair in pairs]
        )


def pairs_of(value):
    """Return a result as a list of pairs; None if it is none."""
    if isinstance(value, np.ndarray):
        value = list(value)
    if not isinstance(value, (list, tuple)) or not value:
        return None
    fine = all(isinstance(p, (list, tuple, np.ndarray)) and len(p) == 2 for p in value)
    return [tuple(pair) for pair in value] if fine else None


def values(one):
    """Return the arguments of a call; those by name stand in the order of the signature."""
    return [*one.args, *one.kwargs.values()]


def each_once(parts, n, noun, line):
    """Fail where a number below `n` is in no part, or in two."""
    nouns = {"row": "rows", "index": "indices"}[noun]
    found = Counter(number for part in parts for number in part)
    strange = sorted(set(found) - set(range(n)), key=str)
    missing = sorted(set(range(n)) - set(found))
    twice = sorted(number for number, times in found.items() if times > 1)
    if strange:
        words = "counting from 1: indices run from 0 to n - 1" if strange == [n] else ""
        fail(f"{nouns} that are not there", line, f"0 to {n - 1}", show(strange), looks_like=words)
    if twice:
        inside = any(len(set(part)) < len(part) for part in parts)
        whole = all(len(set(part)) == n for part in parts)
        words = "each part is drawn from all of them: cut one permutation up"
        if inside:
            words = "drawing with replacement: cut a permutation up"
        elif whole:
            words = "every part has everything: cut one permutation up"
        elif not missing:
            words = "parts overlap: each begins where the one before it ends"
        fail(f"{nouns} in more than one part", line, f"each {noun} in one part",
             f"{nouns} {show(twice)} twice or more", looks_like=words)  # fmt: skip
    if missing:
        words = "rounding loses them: let parts end at rounded places, the last one at n"
        few = len(missing) < max(2, len(parts))
        fail(f"{nouns} in no part", line, f"each {noun} in one part",
             f"{nouns} {show(missing)} missing", looks_like=words if few else "")  # fmt: skip


def in_order(parts, nouns, line):
    """Fail where parts are blocks in the order of the data, or every k-th of them."""
    if any(None in part for part in parts):
        return
    blocks = [sorted(part) for part in parts if part]
    n, longest = sum(map(len, blocks)), max(map(len, blocks), default=0)
    if longest > 1 and sum(blocks, []) == list(range(n)):
        fail(f"the {nouns} are not shuffled", line, f"{nouns} drawn by rng",
             "blocks in the order of the data",
             looks_like="no shuffling, or only inside the parts: shuffle all before you cut")  # fmt: skip
    if longest > 2 and all(len({*np.diff(b)}) <= 1 for b in blocks):
        fail(f"the {nouns} are not shuffled", line, f"{nouns} drawn by rng",
             f"every {len(blocks)}th to each part", looks_like="dealing out in turn, unshuffled")  # fmt: skip


def _plain(side):
    numbers = differences.as_numbers(side)
    if numbers is None:
        return [show(side)]
    return (np.flatnonzero(numbers) if numbers.dtype.kind == "b" else numbers).tolist()


def other_draws(one: Args, seeds=range(100, 103)) -> list[Args]:
    """Return a call with other generators."""
    return [with_rng(one, np.random.default_rng(int(seed))) for seed in seeds]


def fare_alike(found: list, n: int, nouns: str, line: str) -> np.ndarray:
    """Fail where one of `n`, or two together, never change their part in many draws.

    Returns
    -------
    ndarray of shape (draws, n)
        The part of each, without those that are in none: lost rows are charged elsewhere.
    """
    part_of = np.full((len(found), n), -1)
    for row, parts in zip(part_of, found, strict=True):
        for number, part in enumerate(parts):
            row[[i for i in part if i in range(n)]] = number
    part_of = part_of[:, (part_of >= 0).any(axis=0)]
    if (part_of == part_of[0]).all(axis=0).any():
        fail(f"in {len(found)} draws, some {nouns} never change their part", line,
             looks_like="only some of them are shuffled: shuffle all before you cut")  # fmt: skip
    if len({*map(bytes, part_of.T)}) < part_of.shape[1]:
        fail(f"in {len(found)} draws, some are always together", line,
             looks_like="blocks are moved as wholes: shuffle row by row")  # fmt: skip
    return part_of
