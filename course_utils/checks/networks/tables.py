"""Check what a network computes, and what it is made of, against one of the test's own."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from course_utils.checks import excuses
from course_utils.checks.ask import Args, fail_raised, line_of, replies
from course_utils.checks.compare import compare
from course_utils.checks.message import CheckFailed, fail
from course_utils.checks.misconceptions import Mistake, misconception
from course_utils.checks.networks.questions import Question, shape_of, structure
from course_utils.checks.tables import Case, equal
from course_utils.wire import Raised

HALF = (1e-3, 1e-4)  # tolerances of float32, where sums may be taken in any order
FULL = (1e-6, 1e-8)
LARGE = 20_000  # numbers of an input, from which on float32 does
KINDS = {
    "conv": "convolution",
    "linear": "linear layer",
    "norm": "norm",
    "slope": "PReLU",
    "shift": "bias",
}
STAGES = {"maxpool": "max pooling", "avgpool": "average pooling", "add": "addition"}
STAGES |= {"cat": "concatenation", "linear": "linear layer"}
PARAMETERS = {"weight": "weight", "scale": "weight", "slope": "weight", "shift": "bias"}


@dataclass(frozen=True)
class Subject:
    """What a network is compared with, and what is known to go wrong with such networks.

    Attributes
    ----------
    reference : callable
        Takes the arguments of the answer and makes the right network.
    looks_like : mapping of str to callable
        Misconceptions: makers like `reference`, by the sentence that names them.
    charged : mapping of str to callable
        Misconceptions that lose their points in another test: what equals one of them passes.
    """

    reference: Callable
    looks_like: Mapping[str, Callable] = field(default_factory=dict)
    charged: Mapping[str, Callable] = field(default_factory=dict)

    @classmethod
    def of(cls, reference) -> Subject:
        """Return the subject that a maker alone is."""
        return reference if isinstance(reference, cls) else cls(reference)


def agree(
    maker: Callable,
    reference: Callable | Subject,
    calls: Iterable[Args],
    passes=("eval",),
    scale=(),
    dtype: str = "float64",
    spread: float = 1.0,
) -> None:
    """Check that a network computes what another one does with the same weights and input.

    Weights go in by role (see `course_utils.modules.roles`). Biases that only one of the two has count as 0,
    and layers that are one and the same have the same weights in both: `sizes` and `learns` charge for that.

    Parameters
    ----------
    maker : callable
        An answer: a class, or a function that returns a network.
    reference : callable or Subject
    calls : iterable of Args
        What the network is made with, and ``x``, the shape of an input.
    passes : tuple of str
        "train" and "eval", one after the other with the same input; all outputs are compared.
    scale : sequence of (int, str, float)
        Parameters that are multiplied first: layer, ``weight``, ``scale`` or ``shift``, factor.
    dtype : str
        "float64"; "float32" for networks of full width.
    spread : float
        Standard deviation of the input.

    Raises
    ------
    CheckFailed
    """
    subject = Subject.of(reference)
    plan = {"passes": tuple(passes), "scale": tuple(scale), "dtype": dtype, "spread": spread}
    plan = {
        key: value for key, value in plan.items() if value not in (("eval",), (), "float64", 1.0)
    }
    question = Question(maker, "outputs" if len(passes) > 1 else "output", **plan)
    rtol, atol = HALF if dtype == "float32" else FULL
    tolerances = rtol, atol * max(spread, 1.0)  # sums round in proportion to what they add up
    right = question.of(subject.reference)
    cases = [Case(one, one.on(right)) for one in calls]
    got = [back.value for back in replies(question, [one.call for one in cases])]
    if _all_equal(cases, got, tolerances):
        return
    cases = [_level(maker, subject.reference, one, right) for one in cases]
    got = [back.value for back in replies(question, [one.call for one in cases])]
    if _all_equal(cases, got, tolerances) or _is_charged(question, subject, cases, got, tolerances):
        return
    try:
        equal(question, cases, mistakes(subject.looks_like, question.of), *tolerances)
    except CheckFailed as failure:
        where = _where(question, subject.reference, cases, got, tolerances)
        if not failure.headline.startswith("wrong values") or not where:
            raise
        parts = failure.parts
        where = "\n".join(filter(None, [where, parts["where"]]))
        fail(
            failure.headline,
            parts["call"],
            parts["expected"],
            parts["got"],
            where,
            parts["looks like"],
        )


def mistakes(makers, of) -> list[Mistake]:
    """Return misconceptions as questions of networks, some of which cannot be run on every input."""
    return [
        Mistake(sentence, of(maker), (ValueError, RuntimeError))
        for sentence, maker in dict(makers).items()
    ]


def _is_charged(question, subject, cases, got, tolerances) -> bool:
    """Whether what an answer gives is what a misconception gives that another test charges for."""
    asked = [(one, value, one.expected) for one, value in zip(cases, got, strict=False)]
    charged = mistakes(subject.charged, question.of)
    if not charged or all(isinstance(value, Raised) for value in got):
        return False  # where nothing works, nothing is excused
    found = bool(misconception(question, asked, charged, tolerances))
    if found:
        excuses.take()
    return found


def _all_equal(cases, got, tolerances):
    same = (
        compare(one.expected, value, *tolerances) for one, value in zip(cases, got, strict=False)
    )
    return len(got) == len(cases) and not any(same)


def _level(maker, reference, one, right):
    """Return a case in which what is charged elsewhere makes no difference: see `agree`."""
    try:
        mine = structure(maker, one.call)
    except CheckFailed:
        return one
    theirs = one.call.on(Question(reference, "structure").of(reference))
    if [kind for kind, *_ in mine["layers"]] != [kind for kind, *_ in theirs["layers"]]:
        return one
    pairs = zip(mine["layers"], theirs["layers"], strict=True)
    shifts = [("shift" in m[2], "shift" in t[2]) for m, t in pairs]
    zero = tuple((n, "shift", 0.0) for n, (a, b) in enumerate(shifts) if a != b)
    same = tuple((second, first) for _, first, second in mine["again"])
    changes = {key: value for key, value in (("scale", zero), ("same", same)) if value}
    if not changes:
        return one
    excuses.take()
    call = Args(*one.call.args, **one.call.kwargs, **changes)
    return Case(call, call.on(right))


def _where(question, reference, cases, got, tolerances):
    """Say up to which stage the outputs of the first wrong case are right."""
    wrong = (c for c, g in zip(cases, got, strict=False) if compare(c.expected, g, *tolerances))
    one = next(wrong, None)
    if one is None or question.wants != "output":
        return ""
    stages = question.again(wants="stages")
    [back] = replies(stages, [one.call])
    theirs = one.call.on(stages.of(reference))
    if isinstance(back.value, Raised) or len(back.value) != len(theirs) or len(theirs) < 2:
        return ""
    names = numbered([STAGES[kind] for kind, _ in theirs])
    pairs = zip(theirs, back.value, strict=True)
    right = [compare(e, g, *tolerances) is None for (_, e), (_, g) in pairs]
    first = right.index(False) if False in right else len(right)
    return f"right as far as {names[first - 1]}" if first else f"already wrong after {names[0]}"


def stages(maker: Callable, reference: Callable | Subject, calls: Iterable[Args]) -> None:
    """Check the shapes after each pooling, addition, concatenation and linear layer, and of the output.

    A stage that is put in other words, a mean over windows for an average pooling, counts by its shape.

    Parameters
    ----------
    maker, reference, calls
        As for `agree`. Only the kinds of stages that `reference` has are looked at.

    Raises
    ------
    CheckFailed
    """
    _same(maker, Subject.of(reference), list(calls), "stages", _stages, _about_stages)


def sizes(maker: Callable, reference: Callable | Subject, calls: Iterable[Args]) -> None:
    """Check the layers with parameters: how many there are, the shapes of their weights, which have biases.

    Parameters
    ----------
    maker, reference, calls
        As for `agree`.

    Raises
    ------
    CheckFailed
    """
    _same(maker, Subject.of(reference), list(calls), "sizes", _sizes, _about_sizes)


def shapes(maker: Callable, reference: Callable | Subject, calls: Iterable[Args]) -> None:
    """Check the shape of the output alone.

    Parameters
    ----------
    maker, reference, calls
        As for `agree`.

    Raises
    ------
    CheckFailed
    """

    def output(told, _):
        return {"output": told["output"]}

    _same(maker, Subject.of(reference), list(calls), "shapes", output, _about_stages)


class _Told(Question):
    """Part of the structure of a network."""

    def __init__(self, maker, what, tell, kinds):
        super().__init__(maker, "structure")
        self.part, self._tell, self._kinds = what, tell, kinds

    def of(self, maker):
        whole = super().of(maker)

        def told(*args, **kwargs):
            return self._tell(whole(*args, **kwargs), self._kinds)

        told.__name__, told.__doc__ = whole.__name__, whole.__doc__
        return told

    def told(self, value):
        value = super().told(value)
        return value if isinstance(value, Raised) else self._tell(value, self._kinds)


def _same(maker, subject, calls, what, tell, about):
    whole = Question(subject.reference, "structure").of(subject.reference)
    theirs = [one.on(whole) for one in calls]
    kinds = {kind for told in theirs for kind, *_ in told["stages"]}
    question = _Told(maker, what, tell, kinds)
    cases = [Case(one, tell(told, kinds)) for one, told in zip(calls, theirs, strict=True)]
    got = [back.value for back in replies(question, calls)]
    differing = [(c, g) for c, g in zip(cases, got, strict=False) if compare(c.expected, g)]
    if what == "stages" and differing:  # there may be other words for a pooling, or a concatenation
        there = replies(Question(maker, "structure"), calls)
        in_other_words = (_passes_through(*pair, kinds) for pair in zip(cases, there, strict=False))
        differing = [] if all(in_other_words) else differing
    if not differing and len(got) == len(cases):
        return
    if subject.charged and _computes(maker, subject, calls):
        return
    try:
        equal(question, cases, mistakes(subject.looks_like, question.of))
    except CheckFailed as failure:
        if not differing:
            raise
        one, value = differing[0]
        if isinstance(value, Raised):
            fail_raised(question, one.call, value, "a result", failure.parts["looks like"])
        headline, expected, found = about(one.expected, value)
        fail(
            headline,
            line_of(question, one.call),
            expected,
            found,
            looks_like=failure.parts["looks like"],
        )


def _passes_through(one, back, kinds):
    """Whether the shapes of all stages are those of a network's results, in this order.

    Results of stages of another kind do not count: an average is no maximum in other words. Only parts of a
    result may have been made apart, and put together later.
    """
    if isinstance(back.value, Raised) or back.value["output"] != one.expected["output"]:
        return False
    counts = {*kinds, "cat"}
    left = (shape for op, shape in back.value["results"] if op in counts or op not in STAGES)
    return all(shape in left for name, shape in one.expected.items() if name != "output")


def _computes(maker, subject, calls):
    """Whether a network computes what a misconception gives that another test charges for."""
    large = any(math.prod(shape_of(one)) > LARGE for one in calls)
    output = Question(maker, "output", **({"dtype": "float32"} if large else {}))
    near = HALF if large else FULL
    right = output.of(subject.reference)
    cases = [Case(one, one.on(right)) for one in calls]
    got = [back.value for back in replies(output, calls)]
    return not _all_equal(cases, got, near) and _is_charged(output, subject, cases, got, near)


def _stages(told, kinds):
    shown = [(STAGES.get(kind, kind), shape) for kind, shape, _ in told["stages"] if kind in kinds]
    names = numbered([name for name, _ in shown])
    return {
        **dict(zip(names, (shape for _, shape in shown), strict=True)),
        "output": told["output"],
    }


def _about_stages(expected, got):
    for name in expected:
        here, there = _counted(name, expected), _counted(name, got)
        if here != there and name != "output":
            missing = sum(_is_of(name, n) for n in got) < sum(_is_of(name, n) for n in expected)
            return f"{_kind(name)}: one {'is missing' if missing else 'too many'}", here, there
    name = next(name for name, shape in expected.items() if got[name] != shape)
    place = "of the output" if name == "output" else f"after {name}"
    return f"wrong shape {place}", str(expected[name]), str(got[name])


def _sizes(told, _):
    names = numbered([KINDS.get(kind, kind) for kind, *_ in told["layers"]])
    return {
        name: {PARAMETERS.get(k, k): shape for k, shape in shapes.items()}
        for name, (_, _, shapes, *_) in zip(names, told["layers"], strict=True)
    }


def _about_sizes(expected, got):
    for name, parts in expected.items():
        if name not in got:
            return f"{name} is missing", _listed(parts), _counted(name, got)
        for part, shape in parts.items():
            if part not in got[name]:
                return (
                    f"{name} has no {part}",
                    f"one of shape {shape}",
                    f"only {_listed(got[name])}",
                )
            if got[name][part] != shape:
                return f"wrong {part} of {name}", f"shape {shape}", f"shape {got[name][part]}"
        for part in got[name].keys() - parts.keys():
            return f"{name} has a {part}", "none", f"one of shape {got[name][part]}"
    name = next(name for name in got if name not in expected)
    return f"{name} should not be there", _counted(name, expected), _listed(got[name])


def _listed(parts):
    return ", ".join(f"a {part} of shape {shape}" for part, shape in parts.items()) or "nothing"


def _counted(name, found):
    """Say how many there are of the kind of a numbered name."""
    count = sum(_is_of(name, other) for other in found)
    return f"{count or 'no'} {_kind(name)}{'' if count == 1 else 's'}"


def _kind(name):
    return re.sub(r" \d+$", "", name)


def _is_of(name, other):
    return _kind(name) == _kind(other)


def numbered(names: list[str]) -> list[str]:
    """Return names with their number among those that are the same: ``convolution 2``."""
    seen: Counter = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(f"{name} {seen[name]}")
    return found
