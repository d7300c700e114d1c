"""Check a network against one of the test's own: what it computes, its sizes, whether it learns."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from course_utils.checks import excuses, known
from course_utils.checks.ask import Args, fail_raised, line_of, name_of, replies
from course_utils.checks.compare import compare
from course_utils.checks.message import CheckFailed, fail
from course_utils.checks.misconceptions import Mistake, misconception
from course_utils.checks.networks.questions import Question, structure
from course_utils.checks.tables import Case, equal
from course_utils.wire import Raised

HALF = (1e-3, 1e-4)  # tolerances of float32, where sums may be taken in any order
FULL = (1e-6, 1e-8)
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


def agree(
    maker: Callable,
    reference: Callable,
    calls: Iterable[Args],
    looks_like=(),
    charged=(),
    passes=("eval",),
    scale=(),
    dtype: str = "float64",
    spread: float = 1.0,
) -> None:
    """Check that a network computes what another one does with the same weights and input.

    Weights go in by role (see `course_utils.modules.roles`). Biases that only one of the two has count as 0:
    they are charged where the sizes are looked at.

    Parameters
    ----------
    maker : callable
        An answer: a class, or a function that returns a network.
    reference : callable
        Takes the same arguments.
    calls : iterable of Args
        What the network is made with, and ``x``, the shape of an input.
    looks_like : mapping of str to callable
        Misconceptions: makers like `reference`, by the sentence that names them. They see the same calls.
    charged : mapping of str to callable
        Misconceptions that lose their points in another test: what equals one of them passes here.
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
    plan = {"passes": tuple(passes), "scale": tuple(scale), "dtype": dtype, "spread": spread}
    question = Question(maker, "outputs", **plan)
    tolerances = HALF if dtype == "float32" else FULL
    of = question.of
    wrong = _mistakes(looks_like, of)
    cases = [Case(one, one.on(of(reference))) for one in calls]
    known.note(question, cases, wrong)
    got = [back.value for back in replies(question, [one.call for one in cases])]
    if len(got) == len(cases) and _all_equal(cases, got, tolerances):
        return
    cases = [_with_the_same_biases(maker, reference, one, of) for one in cases]
    got = [back.value for back in replies(question, [one.call for one in cases])]
    asked = [(one, value, one.expected) for one, value in zip(cases, got, strict=False)]
    if misconception(question, asked, _mistakes(charged, of), tolerances):
        excuses.take()
        return
    try:
        equal(question, cases, wrong, *tolerances)
    except CheckFailed as failure:
        where = _where(question, reference, cases, got, tolerances)
        if not failure.headline.startswith("wrong values") or not where:
            raise
        parts = failure.parts
        fail(
            failure.headline,
            parts["call"],
            parts["expected"],
            parts["got"],
            where,
            parts["looks like"],
        )


def _mistakes(makers, of):
    """Return misconceptions as questions of networks, some of which cannot be run on every input."""
    return [
        Mistake(sentence, of(maker), (ValueError, RuntimeError))
        for sentence, maker in dict(makers).items()
    ]


def _all_equal(cases, got, tolerances):
    return all(
        compare(one.expected, g, *tolerances) is None for one, g in zip(cases, got, strict=True)
    )


def _with_the_same_biases(maker, reference, one, of):
    """Return a case in which biases that only the answer has, or only the reference, are zero."""
    try:
        mine = structure(maker, one.call)["layers"]
    except CheckFailed:
        return one
    theirs = one.call.on(Question(reference, "structure").of(reference))["layers"]
    if [kind for kind, *_ in mine] != [kind for kind, *_ in theirs]:
        return one
    shifts = [("shift" in m[2], "shift" in t[2]) for m, t in zip(mine, theirs, strict=True)]
    zero = tuple((n, "shift", 0.0) for n, (a, b) in enumerate(shifts) if a != b)
    if not zero:
        return one
    excuses.take()
    call = Args(*one.call.args, **one.call.kwargs, scale=zero)
    return Case(call, call.on(of(reference)))


def _where(question, reference, cases, got, tolerances):
    """Say up to which stage the outputs of the first wrong case are right."""
    wrong = (c for c, g in zip(cases, got, strict=False) if compare(c.expected, g, *tolerances))
    one = next(wrong, None)
    if one is None or question.plan["passes"] != ("eval",):
        return ""
    stages = question.again(wants="stages")
    [back] = replies(stages, [one.call])
    theirs = one.call.on(stages.of(reference))
    if isinstance(back.value, Raised) or len(back.value) != len(theirs) or len(theirs) < 2:
        return ""
    names = numbered([STAGES[kind] for kind, _ in theirs])
    right = [
        compare(e, g, *tolerances) is None
        for (_, e), (_, g) in zip(theirs, back.value, strict=True)
    ]
    first = right.index(False) if False in right else len(right)
    return f"right as far as {names[first - 1]}" if first else f"already wrong after {names[0]}"


def stages(maker: Callable, reference: Callable, calls: Iterable[Args], looks_like=()) -> None:
    """Check the shapes after each pooling, addition, concatenation and linear layer, and of the output.

    Parameters
    ----------
    maker, reference, calls, looks_like
        As for `agree`. Only the kinds of stages that `reference` has are looked at.

    Raises
    ------
    CheckFailed
    """
    _same(maker, reference, calls, looks_like, "stages", _stages)


def sizes(maker: Callable, reference: Callable, calls: Iterable[Args], looks_like=()) -> None:
    """Check the layers with parameters: how many there are, the shapes of their weights, which have biases.

    Parameters
    ----------
    maker, reference, calls, looks_like
        As for `agree`.

    Raises
    ------
    CheckFailed
    """
    _same(maker, reference, calls, looks_like, "sizes", _sizes)


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

    def _told(self, value):
        value = super()._told(value)
        return value if isinstance(value, Raised) else self._tell(value, self._kinds)


def _same(maker, reference, calls, looks_like, what, tell):
    calls = list(calls)
    whole = Question(reference, "structure").of(reference)
    kinds = {kind for one in calls for kind, *_ in one.on(whole)["stages"]}
    question = _Told(maker, what, tell, kinds)
    cases = [Case(one, one.on(question.of(reference))) for one in calls]
    equal(question, cases, _mistakes(looks_like, question.of))


def _stages(told, kinds):
    shown = [(STAGES[kind], shape) for kind, shape, _ in told["stages"] if kind in kinds]
    names = numbered([name for name, _ in shown])
    found = {f"after {name}": shape for name, (_, shape) in zip(names, shown, strict=True)}
    return {**found, "output": told["output"]}


def _sizes(told, _):
    names = numbered([KINDS[kind] for kind, *_ in told["layers"]])
    layers = {
        name: {PARAMETERS[k]: shape for k, shape in shapes.items()}
        for name, (_, _, shapes, *_) in zip(names, told["layers"], strict=True)
    }
    return {**layers, "number of parameters": told["count"]}


def numbered(names: list[str]) -> list[str]:
    """Return names with their number among those that are the same: ``convolution 2``."""
    return [f"{name} {names[: i + 1].count(name)}" for i, name in enumerate(names)]


def learns(maker: Callable, reference: Callable, calls: Iterable[Args]) -> None:
    """Check that every parameter is registered, used once, and reached by the gradient.

    What autograd says of a parameter is compared with what multiplying it by a factor near 1 does to the output,
    and with the same for `reference`; where the outputs are others than its, the former counts.

    Parameters
    ----------
    maker, reference, calls
        As for `agree`.

    Raises
    ------
    CheckFailed
    """
    question = Question(maker, "slopes")
    for one in calls:
        told = structure(maker, one)
        names = numbered([KINDS[kind] for kind, *_ in told["layers"]])
        line = line_of(Question(maker, "structure"), one)
        _registered(told, names, line, name_of(maker))
        [back] = replies(question, [one])
        if isinstance(back.value, Raised):
            fail_raised(question, one, back.value)
        theirs = {(n, kind): own for n, kind, own, _ in one.on(question.of(reference))}
        for number, kind, own, by_difference in back.value:
            what = "the input" if number < 0 else f"the {PARAMETERS[kind]} of {names[number]}"
            size = max(abs(by_difference), 1e-3)
            wrong = own is None or abs(own - by_difference) > 1e-4 * size
            expected = f"{by_difference:.6g} for its share, by a small step"
            if wrong:
                got = "no gradient" if own is None else f"{own:.6g}, by autograd"
                fail(f"the gradient does not reach {what} as it should", line_of(question, one), expected, got,
                     looks_like=".detach(), .data or no_grad cuts the way of the gradient")  # fmt: skip
            if abs(own - theirs.get((number, kind), own)) > 1e-4 * size:
                excuses.take()  # another network, charged where outputs are compared


def _registered(told, names, line, name):
    if told["loose"]:
        number, kind = told["loose"][0]
        fail(f"the {PARAMETERS[kind]} of {names[number]} is not registered", line,
             f"a parameter that {name}(...).parameters() has", "one that training would not change",
             looks_like="layers in a plain list, or weights that are no nn.Parameter")  # fmt: skip
    if told["again"]:
        _, first, second = told["again"][0]
        fail(f"{names[second]} has the parameters of {names[first]}", line, "parameters of its own",
             "the same parameters in two places", looks_like="one layer that is called twice")  # fmt: skip
    for words, given in (
        ("never used", told["unused"]),
        ("frozen: it requires no gradient", told["frozen"]),
    ):
        if given:
            fail(f"the parameter {given[0]} is {words}", line)


def keeps(maker: Callable, reference: Callable, calls: Iterable[Args]) -> None:
    """Check that a forward pass leaves its input and the parameters as they are, and keeps dtype and device.

    Parameters
    ----------
    maker, reference, calls
        As for `agree`.

    Raises
    ------
    CheckFailed
    """
    changed = Question(maker, "input")
    calls = list(calls)
    for one in calls:
        [back] = replies(changed, [one])
        if isinstance(back.value, Raised):
            fail_raised(changed, one, back.value)
        if compare(one.on(changed.of(reference)), back.value, *FULL):
            fail("the call changes its input", line_of(changed, one), "x as it was", "other numbers in x",
                 looks_like="working in place on what was passed in")  # fmt: skip
        for dtype in ("float32", "float64"):
            output = Question(maker, "output", dtype=dtype)
            [back] = replies(output, [one])
            if isinstance(back.value, Raised):
                fail_raised(output, one, back.value)
            if getattr(back.value, "dtype", None) != dtype:
                got = getattr(back.value, "dtype", type(back.value).__name__)
                fail("wrong dtype", line_of(output, one), f"{dtype}, that of its input", str(got))
        device = Question(maker, "device")
        [back] = replies(device, [one])
        if back.value is False:
            fail("it does not run on another device", line_of(device, one), "an output where the input is",
                 "a tensor that is made on the CPU", looks_like="a tensor made in forward without "
                 "device=x.device, or one that is neither a parameter nor a buffer")  # fmt: skip
