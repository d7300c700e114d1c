"""Which submissions of a part are alike, beyond what was handed out and what many have.

Answers are compared exercise by exercise, each with everything that the other one wrote: what was moved to
another cell is found. No student's code is run, and nothing is graded.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from course_utils.course.folders import Course, UsageProblem
from course_utils.course.release import load
from course_utils.course.source import Source
from course_utils.grading.fingerprints import (
    CODE,
    TEXT,
    fingerprint,
    found_in,
    need_copydetect,
    once,
    within,
)
from course_utils.grading.grade import submissions
from course_utils.grading.similar_reading import (
    OWN,
    Work,
    add_hashes,
    cells_of,
    handed_out,
    read_all,
)
from course_utils.judging.handed_in import is_submission

SOLUTION = "the sample solution"
# What more people than this have, by number and by share of all, counts for nobody.
COMMON, COMMON_SHARE = 5, 1 / 5
LEAST = 40  # stretches that an answer must have beyond that, or it is too short to tell
FEW = 12  # people, below which nothing is usual
# Times what is usual, from which on a pair stands out: by rare stretches, and by whole answers at once.
STANDS_OUT, AT_ONCE = 3.0, 2.0
ALIKE = 0.7  # of an answer, from which on all of it counts as the other's


@dataclass(frozen=True)
class Overlap:
    """What a pair has in common in one exercise.

    Attributes
    ----------
    cell, label : str
    shares : tuple of float
        How much of each one's answer stands in the other's work; what counts for nobody is left out.
    texts : tuple of str
    places : tuple of list of (int, int)
        The stretches in each text.
    """

    cell: str
    label: str
    shares: tuple[float, float]
    texts: tuple[str, str]
    places: tuple[list, list]


@dataclass
class Pair:
    """Two works, how much that is unusual they share, and where.

    Attributes
    ----------
    one, other : Work
    score : float
        Stretches in common that few others have, each exercise weighted by how much of it they are.
    times : float or None
        The score as a multiple of what is usual, None in a class too small for that.
    at_once : float or None
        The same of whole answers: how unlikely it is that these are alike together, however many have each.
    overlaps : list of Overlap
        In the order of the notebook.
    """

    one: Work
    other: Work
    score: float
    times: float | None
    at_once: float | None
    overlaps: list[Overlap] = field(default_factory=list)

    @property
    def stands_out(self) -> bool:
        return self.times is None or self.times >= STANDS_OUT or self.at_once >= AT_ONCE

    def as_dict(self) -> dict:
        return {
            "students": [self.one.label, self.other.label],
            "score": round(self.score),
            "times_usual": None if self.times is None else round(self.times, 1),
            "whole_answers_times_usual": None if self.at_once is None else round(self.at_once, 1),
            "exercises": {o.label: [round(s, 2) for s in o.shares] for o in self.overlaps},
        }


@dataclass
class Compared:
    """What came of comparing a part.

    Attributes
    ----------
    assignment : str
    works : list of Work
    compared : int
        Pairs.
    usual : float or None
        The median over all of what one shares with whoever is nearest, None for few people.
    pairs, solution : list of Pair
        The most similar ones, and those who are nearest to the sample solution.
    short : list of str
        Exercises whose answers are too short to tell.
    left_out : dict of str to str
        Who could not be compared → why.
    blank : list of str
        Who has written nothing.
    """

    assignment: str
    works: list[Work] = field(default_factory=list)
    compared: int = 0
    usual: float | None = None
    pairs: list[Pair] = field(default_factory=list)
    solution: list[Pair] = field(default_factory=list)
    short: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    blank: list[str] = field(default_factory=list)


def compare(
    course: Course,
    assignment: str,
    only: Collection[str] = (),
    earlier: Iterable[Path] = (),
    most: int = 30,
    tick: Callable[[int, int], None] = lambda done, of: None,
) -> Compared:
    """Compare all submissions of a part with each other and with the sample solution.

    Parameters
    ----------
    course : Course
    assignment : str
    only : collection of str
        The students whose pairs are asked for; by default all.
    earlier : iterable of Path
        Folders of earlier submissions (STUDENT/NN_name), with which those of this term are compared as well.
    most : int
        Pairs that are returned.
    tick : callable
        Is told how many submissions of how many have been read.

    Raises
    ------
    CourseError
        If there are no submissions, or copydetect is not installed.
    """
    need_copydetect()
    source, release = load(course, assignment)
    template = handed_out(release)
    found, _ = submissions(course, assignment)
    submissions(course, assignment, only)  # a name that is not there is told
    folders = [(Work(student), folder) for student, folder in found.items()]
    for root in earlier:
        folders += [(Work(who, _term(root)), path) for who, path in _earlier(root, assignment)]
    result = Compared(assignment)
    for work, why in read_all(course, assignment, folders, tick):
        if why:
            result.left_out[work.label] = why
        elif work.cells:
            add_hashes(work, template)
            result.works.append(work)
        else:
            result.blank.append(work.label)
    result.works.sort(key=lambda work: (work.origin, work.student))
    result.left_out = dict(sorted(result.left_out.items()))
    result.blank.sort()
    sample = Work(SOLUTION, cells=cells_of(source.notebook, source))
    add_hashes(sample, template)
    if result.works:
        _score(result, sample, source, frozenset(only), most, template)
    return result


def _term(root: Path) -> str:
    """Return what an earlier term is called: last-year of last-year/grading/submitted."""
    names = [name for name in root.resolve().parts if name not in ("grading", "submitted")]
    return names[-1]


def _earlier(root: Path, assignment: str) -> list[tuple[str, Path]]:
    entries = sorted(root.iterdir()) if root.is_dir() else []
    found = [(e.name, e / assignment) for e in entries if is_submission(e / assignment)]
    if not found:
        raise UsageProblem(
            f"--with {root}: expected {root}/STUDENT/{assignment}/, as in an earlier term's "
            "grading/submitted/"
        )
    return found


# -- scoring ---------------------------------------------------------------------------------------
def order_of(source: Source) -> list[str]:
    """Return the cells that are compared, as they stand in the notebook."""
    return [*source.answers, *source.manual, *OWN.values()]


def label_of(cell: str, source: Source) -> str:
    """Return what an exercise is called in tables: its number, and its cell where it has several."""
    if cell not in source.answers or not source.tests_of(cell):
        return cell
    number = source.exercise_of(cell)
    twins = [c for c in source.answers if source.tests_of(c) and source.exercise_of(c) == number]
    return number if len(twins) == 1 else f"{number} {cell}"


def _score(result: Compared, sample: Work, source, only, most, template) -> None:
    works, count = result.works, len(result.works)
    known, weights = _weights([work.everything() for work in works])
    scores, rarities, totals = _shared([*works, sample], known, weights)
    result.short = [
        label_of(cell, source) for cell in order_of(source) if _is_short(totals.get(cell))
    ]
    pairs = _Pairs(source, {*template.tolist(), *known[weights == 0].tolist()})
    allowed = np.triu(np.ones((count, count), bool), 1)
    for i, one in enumerate(works):
        for j in range(i + 1, count):
            other = works[j]
            if one.student == other.student or (one.origin and other.origin):
                allowed[i, j] = False
    result.compared = int(allowed.sum())
    either = allowed | allowed.T
    both, whole = (np.where(either, m[:count, :count], 0.0) for m in (scores, rarities))
    order, usual, usual_whole = both, None, None
    if count >= FEW:
        result.usual = usual = _usual(both.max(axis=1), LEAST)
        usual_whole = _usual(whole.max(axis=1), math.log(count / 2))
        order = np.maximum(both / usual / STANDS_OUT, whole / usual_whole / AT_ONCE)
    asked = np.array([not work.origin and (not only or work.student in only) for work in works])
    wanted = np.argwhere(allowed & (asked[:, None] | asked[None, :]) & (order > 0))
    wanted = sorted(wanted.tolist(), key=lambda at: (-order[at[0], at[1]], at))[:most]
    result.pairs = [
        pairs.pair(works[i], works[j], (both[i, j], usual), (whole[i, j], usual_whole))
        for i, j in wanted
    ]
    near, whole = scores[:count, count], rarities[:count, count]
    if count >= FEW:
        usual, usual_whole = _usual(near, LEAST), _usual(whole, math.log(count / 2))
    nearest = [i for i in np.argsort(-near, kind="stable").tolist() if asked[i] and near[i] > 0]
    result.solution = [
        pairs.pair(works[i], sample, (near[i], usual), (whole[i], usual_whole))
        for i in nearest[:most]
    ]
    result.solution = [pair for pair in result.solution if pair.stands_out]


def _usual(values, least: float) -> float:
    """Return the median, at least what one answer makes, so that nothing is many times nothing."""
    return max(statistics.median(map(float, values)), float(least))


def _weights(people: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the fingerprints that occur, and how much each says: 1 if two have it, 0 if many do."""
    known, counts = np.unique(np.concatenate(people), return_counts=True)
    count = len(people)
    if count <= 2:
        return known, np.ones(len(known), np.float32)
    weights = np.log(count / counts) / math.log(count / 2)
    weights[counts > max(COMMON, count * COMMON_SHARE)] = 0.0
    return known, np.clip(weights, 0.0, 1.0).astype(np.float32)


def _shared(
    works: list[Work], known, weights
) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Score all pairs.

    Returns
    -------
    scores : ndarray of shape (W, W)
        Over the exercises, the sum of what of one's answer stands in the other's work, squared and divided by
        the whole answer: 100 stretches of a copied answer weigh more than 100 here and there.
        Symmetric, the larger of both directions: who copies may add something.
    rarities : ndarray of shape (W, W)
        Over the answers of one of which at least `ALIKE` stands in the other's work, the sum of the logarithm
        of how few have it too. A whole copy is high in it where each piece of it is common.
    totals : dict of str to ndarray
        Cell → how much each answer to it says.
    """
    scores, totals = np.zeros((len(works), len(works)), np.float32), {}
    rarities = np.zeros_like(scores)
    everything = [work.everything() for work in works]
    for cell in dict.fromkeys(name for work in works for name in work.cells):
        owners = [i for i, work in enumerate(works) if cell in work.cells]
        kept = [works[i].cells[cell].hashes for i in owners]
        column = once(np.concatenate(kept))
        weight = _weight_of(column, known, weights)
        total = np.array([_weight_of(hashes, known, weights).sum() for hashes in kept])
        totals[cell] = total
        common = np.zeros((len(owners), len(works)), np.float32)
        plainly = np.zeros_like(common)
        for begin in range(0, len(column), CHUNK):  # a bounded table, however large the class
            part, says = column[begin : begin + CHUNK], weight[begin : begin + CHUNK]
            mine, theirs = _table(kept, part), _table(everything, part).T
            common += (mine * says) @ theirs
            plainly += mine @ theirs
        tells = total >= LEAST
        scores[owners] += np.where(
            tells[:, None], common**2 / np.maximum(total, LEAST)[:, None], 0.0
        )
        lengths = np.array([len(hashes) for hashes in kept])
        alike = (plainly >= ALIKE * lengths[:, None]) & (lengths[:, None] >= LEAST)
        # Each is alike to itself, so one more is among `alike`.
        rarities[owners] += alike * np.log(len(works) / np.maximum(alike.sum(axis=1), 1))[:, None]
    return np.maximum(scores, scores.T), np.maximum(rarities, rarities.T), totals


CHUNK = 16_384  # fingerprints at a time


def _weight_of(hashes, known, weights) -> np.ndarray:
    """Return what fingerprints say; one that only the sample solution has says all."""
    there, at = within(hashes, known)
    says = np.ones(len(hashes), np.float32)
    says[there] = weights[at[there]]
    return says


def _table(rows: list[np.ndarray], columns: np.ndarray) -> np.ndarray:
    """Return who has which fingerprint."""
    made = np.zeros((len(rows), len(columns)), np.float32)
    for row, hashes in zip(made, rows, strict=True):
        there, at = within(hashes, columns)
        row[at[there]] = 1.0
    return made


def _is_short(total: np.ndarray | None) -> bool:
    """Whether an exercise has answers, and most of them say too little."""
    return total is not None and float(np.median(total)) < LEAST


# -- pairs -----------------------------------------------------------------------------------------
class _Pairs:
    """Makes pairs; the fingerprints of each work are made once."""

    def __init__(self, source: Source, dropped: set[int]):
        self.source, self.dropped = source, dropped
        self.order = order_of(source)
        self._made: dict[int, tuple] = {}

    def pair(self, one: Work, other: Work, score: tuple, whole: tuple) -> Pair:
        """Return a pair, of its two measures with what is usual of each (None if nothing is)."""
        times = [None if usual is None else float(value) / usual for value, usual in (score, whole)]
        pair = Pair(one, other, float(score[0]), *times)
        sides = self._found(one, other), self._found(other, one)
        for cell in self.order:
            (left, right) = (side.get(cell, (0.0, [])) for side in sides)
            if left[1] or right[1]:
                texts = tuple(w.cells[cell].text if cell in w.cells else "" for w in (one, other))
                shares, places = (left[0], right[0]), (left[1], right[1])
                pair.overlaps.append(
                    Overlap(cell, label_of(cell, self.source), shares, texts, places)
                )
        return pair

    def _prints(self, work: Work) -> tuple[dict, dict[str, set[int]]]:
        """Return the fingerprints of each cell of a work, and all of each kind."""
        if id(work) not in self._made:
            cells = {
                name: fingerprint(cell.plain, cell.offsets, cell.kind, self.dropped)
                for name, cell in work.cells.items()
            }
            there: dict[str, set[int]] = {CODE: set(), TEXT: set()}
            for name, cell in work.cells.items():
                there[cell.kind] |= cells[name].hashes
            self._made[id(work)] = cells, there
        return self._made[id(work)]

    def _found(self, one: Work, other: Work) -> dict[str, tuple[float, list]]:
        cells, there = self._prints(one)[0], self._prints(other)[1]
        return {n: found_in(made, there[one.cells[n].kind]) for n, made in cells.items()}
