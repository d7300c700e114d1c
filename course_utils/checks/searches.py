"""What tests ask of an answer that searches: ``search(evaluate, ranges, n_trials, rng)``.

It returns ``[(values, score), …]``, where ``score = evaluate(**values)``.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping

import numpy as np

from course_utils.checks.ask import args, fail_raised, line_of, replies
from course_utils.checks.derived import Derived
from course_utils.checks.message import fail
from course_utils.checks.words import show
from course_utils.wire import Raised

FALSE_ALARM = 1e-9  # of all comparisons of one `spreads` together, for a right answer
EXPONENTS = "the bounds taken for exponents: (1e-5, 1e-1) are the values themselves"
LINEAR = "values drawn uniformly: draw their logarithms, and take exp of them"
GRID = "a grid, or values drawn in order: each is drawn anew, at random"
SAME = "one random number for all names: each value has a draw of its own"
OWN = "a generator of your own, or NumPy's global one: draw from the rng that is given"
WHOLE = "whole exponents: the exponent is drawn from all numbers between its bounds"


class _Search:
    """One search, and what it asked of `evaluate`."""

    def __init__(self, search, ranges, n_trials, seed=0):
        self.asked: list[dict] = []
        self.names, self.ranges, self.n_trials = list(ranges), dict(ranges), n_trials

        def evaluate(*positional, **values):
            if positional:
                raise TypeError(
                    f"evaluate takes its values by name, as in evaluate(**values); got {positional}"
                )
            missing, more = set(ranges) - set(values), set(values) - set(ranges)
            if missing or more:
                raise TypeError(
                    f"evaluate takes {', '.join(ranges)}; got {', '.join(values) or 'nothing'}"
                )
            self.asked.append({name: float(value) for name, value in values.items()})
            return score_of(self.asked[-1])

        one = args(evaluate, ranges, n_trials, np.random.default_rng(seed))
        [back] = replies(search, [one])
        self.trials, self.line = back.value, line_of(search, one)
        if isinstance(back.value, Raised):
            fail_raised(search, one, back.value)

    def places(self) -> np.ndarray:
        """Return where in their ranges the logarithms of the values lie, from 0 to 1: (trials, names)."""
        rows = [[_place(values[n], *self.ranges[n]) for n in self.names] for values in self.asked]
        return np.array(rows)


def score_of(values: Mapping[str, float]) -> float:
    """Return a score that is another one for every trial, from 0 to 1."""
    return sum(math.log(abs(value) + 1e-300) * 7.3 for value in values.values()) % 1.0


def _place(value, low, high):
    return math.log(value / low) / math.log(high / low) if value > 0 else -math.inf


def tries(search: Callable, ranges: Mapping, n_trials: int, seed: int = 0) -> None:
    """Check what a search asks and returns: as many trials as wanted, each as it was, in their order.

    Raises
    ------
    CheckFailed
    """
    one = _Search(search, ranges, n_trials, seed)
    trials, line = one.trials, one.line
    if not isinstance(trials, (list, tuple)):
        sentence = (
            "the best trial alone: all of them are returned" if isinstance(trials, dict) else ""
        )
        fail("no list of trials", line, "[(values, score), …]", show(trials), "", sentence)
    if len(one.asked) != n_trials:
        more = "every combination of values: n_trials is the number of trials in all"
        fail("wrong number of trials", line, f"{n_trials} calls of evaluate", f"{len(one.asked)} calls",
             "", more if len(one.asked) == n_trials ** len(ranges) > n_trials else "")  # fmt: skip
    if len(trials) == 2 and n_trials != 2 and isinstance(trials[0], dict):
        fail("no list of trials", line, f"{n_trials} pairs (values, score)", show(trials), "",
             "the best trial alone: all of them are returned")  # fmt: skip
    if len(trials) != n_trials:
        fail("wrong length", line, f"{n_trials} trials", f"{len(trials)} trials")
    scores = [score_of(values) for values in one.asked]
    for number, (trial, values, score) in enumerate(zip(trials, one.asked, scores, strict=True)):
        where, wanted = f"trial {number}", (values, score)
        if (
            not isinstance(trial, (list, tuple))
            or len(trial) != 2
            or isinstance(trial[0], (int, float))
        ):
            turned = (
                isinstance(trial, (list, tuple)) and len(trial) == 2 and isinstance(trial[1], dict)
            )
            fail("a trial that is no pair (values, score)", line, show(wanted), show(trial), where,
                 "score before values: the order is (values, score)" if turned else "")  # fmt: skip
        if not isinstance(trial[0], dict) or set(trial[0]) != set(ranges):
            fail("values that are no dict of the names", line, show(values), show(trial[0]), where)
        if not all(_close(trial[0][name], values[name]) for name in values) or not _close(
            trial[1], score
        ):
            found = [i for i, other in enumerate(one.asked) if _same(trial[0], other)]
            sentence = ""
            if len({str(t[0]) for t in trials if isinstance(t, (list, tuple))}) == 1 < n_trials:
                sentence = "one dict that all trials share: make a new one for each"
            elif found and _close(trial[1], scores[found[0]]):
                sentence = "trials in order of their scores: they stand in the order in which they were tried"
            elif _same(trial[0], values) and _close(trial[1], -score):
                sentence = "minus the score: it is what evaluate returned"
            fail(
                "a trial that is not as it was tried",
                line,
                show(wanted),
                show(trial),
                where,
                sentence,
            )


def _close(a, b):
    return isinstance(a, (float, int, np.number)) and math.isclose(
        a, b, rel_tol=1e-9, abs_tol=1e-300
    )


def _same(values, others):
    return all(_close(values[name], others[name]) for name in others)


def spreads(search: Callable, ranges: Mapping, n_trials: int = 300, seed: int = 0) -> None:
    """Check that values are drawn from all of their ranges, evenly on a log scale, each for itself.

    The distances of distributions are bounded by Massart's inequality, P(D > ε) ≤ 2 exp(-2 n ε²), so that a
    right answer fails less than once in a thousand million times: of the places themselves, of sums and
    differences modulo 1 of two names, and of differences from one trial to the next.

    Raises
    ------
    CheckFailed
    """
    one = _Search(search, ranges, n_trials, seed)
    first, again, other = (_Search(search, ranges, 6, s) for s in (seed, seed, seed + 1))
    if len(one.asked) == 2 * n_trials:  # every trial twice: that is asked elsewhere
        one.asked = one.asked[::2]
    if len(one.asked) < 2:
        fail("too few calls of evaluate", one.line, f"{n_trials}", f"{len(one.asked)}")
    line = one.line
    for values in one.asked:
        for name, (low, high) in ranges.items():
            if not low * (1 - 1e-9) <= values[name] <= high * (1 + 1e-9):
                exponent = _is_exponent(one, name)
                got, sentence = f"{name} = {values[name]:g}", EXPONENTS if exponent else ""
                fail(
                    "a value outside its range",
                    line,
                    f"{name} from {low:g} to {high:g}",
                    got,
                    "",
                    sentence,
                )
    places = one.places()
    tests = 2 * len(ranges) + len(ranges) * (len(ranges) - 1)
    limit = math.sqrt(math.log(2 * tests / FALSE_ALARM) / (2 * (n_trials - 1)))
    for i, name in enumerate(ranges):
        values = [row[name] for row in one.asked]
        if len(set(values)) < len(values):
            kinds = len(set(values))
            got, sentence = f"{kinds} different values", WHOLE if kinds > 1 else GRID
            fail(
                "the same value twice",
                line,
                f"{n_trials} different values of {name}",
                got,
                "",
                sentence,
            )
        low, high = ranges[name]
        if _distance(places[:, i]) > limit:
            linear = (np.array(values) - low) / (high - low)
            below = f"of {name} below {math.sqrt(low * high):g}"
            got, sentence = (
                f"{np.mean(places[:, i] < 0.5):.0%} {below}",
                LINEAR if _distance(linear) < limit else "",
            )
            fail("values that are not even on a log scale", line, f"50% {below}", got, "", sentence)
        if _distance(np.diff(places[:, i]) % 1) > limit:
            fail(
                "values that depend on those before",
                line,
                f"{name} drawn at random",
                show(values[:4]),
                "",
                GRID,
            )
    for i, j in itertools.combinations(range(len(ranges)), 2):
        both = f"{one.names[i]} and {one.names[j]}"
        for mixed in (places[:, i] + places[:, j], places[:, i] - places[:, j]):
            if _distance(mixed % 1) > limit:
                got = show(list(one.asked[0].values()))
                fail("values that depend on each other", line, f"{both} drawn apart", got, "", SAME)
    if again.asked != first.asked:
        fail(
            "other values with the same seed",
            line,
            "the same values",
            show(again.asked[0]),
            "trial 0",
            OWN,
        )
    if other.asked == first.asked:
        fail(
            "the same values with another seed",
            line,
            "other values",
            show(other.asked[0]),
            "trial 0",
            OWN,
        )


def _is_exponent(one, name):
    low, high = one.ranges[name]
    values = np.array([row[name] for row in one.asked])
    with np.errstate(all="ignore"):
        inside = [np.log10(values), np.log(values)]
    return any(((low - 1e-9 <= v) & (v <= high + 1e-9)).all() for v in inside) or (values < 0).all()


def _distance(places):
    """Return the largest distance of a distribution from the uniform one on 0 to 1."""
    ranks, places = np.arange(len(places) + 1) / len(places), np.sort(places)
    return float(max(np.max(ranks[1:] - places), np.max(places - ranks[:-1])))


class _Sorted(Derived):
    part = "sorted"

    def cut(self, result):
        return sorted(map(tuple, result)) if _are_pairs(result) else result

    def expected(self, value):
        return self.cut(value)


def _are_pairs(result):
    return isinstance(result, (list, tuple)) and all(
        isinstance(p, (list, tuple)) and len(p) == 2 and all(isinstance(t, str) for t in p)
        for p in result
    )


def in_any_order(function: Callable) -> Derived:
    """Return an answer whose result, a list of pairs of texts, may come in any order."""
    return _Sorted(function)
