"""Functions that look into a network, asked like answers; the network is made where the answer is.

A plan says which network and which images: see `course_utils.modules.looking.made`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from course_utils.checks.ask import Args, fail_raised, line_of, name_of, replies
from course_utils.checks.derived import Derived
from course_utils.checks.message import fail
from course_utils.checks.words import show
from course_utils.wire import Raised, array_of_tensor, is_tensor, probes

MALFORMED = Raised("WireError", (), "no answer to what was asked")
ASKED = ("value", "tracked", "calls", "left")
TUNED = ("refused",)
LEFT = {
    "images": ("the call changes its images", "working in place: copy what is to be changed"),
    "the image's gradient": (
        "the image asks for a gradient afterwards, or has one",
        "image.requires_grad_(): take a copy of the image, such as image.clone()",
    ),
    "parameters": (
        "the model has other parameters afterwards",
        "a step, or weights that are changed",
    ),
    "statistics": (
        "the model has other running statistics afterwards",
        "batch norm in train mode: every forward pass changes its statistics",
    ),
    "gradients": (
        "the parameters have other gradients afterwards",
        "backward(), which adds to every .grad, or zero_grad(): torch.autograd.grad(score, x) does neither",
    ),
    "requires_grad": (
        "other parameters have requires_grad afterwards",
        "requires_grad_ of parameters: note it before, and put it back",
    ),
    "hooks": (
        "the model has other hooks afterwards",
        "a hook that stays: its handle has remove()",
    ),
    "parts": ("the model has other parts afterwards", "layers put in or taken out"),
    "grad mode": (
        "gradients are off afterwards, for whatever comes next",
        "torch.set_grad_enabled(False) as a statement: torch.no_grad() ends with its block",
    ),
    "modes": (
        "a part of the model is in another mode than before",
        "model.train() at the end, or no mode put back: parts may have been in eval mode",
    ),
}
HEAD = {
    "same": "another object comes back: the model is changed in place",
    "new": "the last layer is the old one",
    "shape": "the last layer has other sizes: (inputs, outputs)",
    "bias": "the last layer has no bias",
    "kept": "weights or statistics of other layers are changed",
    "type": "the last layer has another dtype",
    "norms": "other batch norms take the batch's statistics after model.train()",
    "again": "other batch norms take the batch's statistics after model.eval() and model.train()",
    "modes": "layers that are no batch norm do not follow train() and eval()",
    "refused": "whether a ValueError is raised",
    "unchanged": "a refused depth changes the model",
}
"""What a test of a part of `tunes` says."""


class Sight(Derived):
    """What comes of an answer that looks into a network; asked with ``given(plan, ...)``.

    Parameters
    ----------
    function : callable
        An answer.
    what : str
        ``"asked"`` or ``"tuned"``, of `course_utils.modules.looking`.
    keys : tuple of str
        Of what comes back.
    part : str
        Which of them is the result; '' for all.
    instead : mapping of str to callable, optional
        Right functions that stand in for other answers, by their names: what those get wrong is charged where
        they are tested.
    """

    def __init__(
        self, function: Callable, what: str, keys: tuple[str, ...], part: str = "", instead=None
    ):
        super().__init__(function)
        self.what, self.keys, self.key = what, keys, part
        self.instead = {name: _standing(right) for name, right in (instead or {}).items()}
        self.part = f"{what} {part}".strip()

    def of(self, function: Callable) -> Callable:
        """Return the same question about a function of the test's own."""

        def looked(*given):
            return self.cut(probes.looked(function, self.what, *given))

        looked.__name__, looked.__doc__ = getattr(function, "__name__", "answer"), function.__doc__
        return looked

    def variants(self, function: Callable) -> Callable:
        """Return what makes misconceptions of a function of the test's own, by options of it."""
        return lambda **options: self.of(partial(function, **options))

    def cut(self, result):
        if self.key and isinstance(result, dict):
            return result.get(self.key, result)
        return result

    def __call__(self, *given):
        return self.cut(probes.looked(self._function, self.what, *given))

    def __course_calls__(self, calls):
        remote = getattr(self._function, "__course_with__", None)
        where = remote("looked") if remote else partial(probes.looked, self._function)
        more = {"instead": self.instead} if self.instead else {}
        back = replies(where, [Args(self.what, *given, **more) for given, _ in calls])
        return [
            replace(one, value=self.cut(self._checked(one.value)), args=(), kwargs={})
            for one in back
        ]

    def _checked(self, value):
        fine = isinstance(value, dict) and {*self.keys} <= value.keys()
        return value if fine or isinstance(value, Raised) else MALFORMED

    def __course_line__(self, one):
        if self.what == "tuned":
            (plan, *given), named = one.args, {}
            things = ["model", *map(show, given)]
        else:
            plan, given, named = one.args
            things = [a if a in ("model", "images", "image") else show(a, 60) for a in given]
        things += [f"{name}={show(value, 60)}" for name, value in named.items()]
        image = "\nimage = images[0]" if "image" in given else ""
        seen = {key: value for key, value in plan.items() if key not in ("mode", "plain")}
        made = "model, images = seeing.made({})".format(
            ", ".join(f"{key}={_short(value)}" for key, value in seen.items())
        )
        return f"{made}{image}\n{name_of(self._function)}({', '.join(things)})"


def _standing(right):
    """Return a function as `probes.standing_in` takes it."""

    def stand_in(*args, **kwargs):
        return True, right(*args, **kwargs)

    stand_in.__name__ = right.__name__
    return stand_in


def _right() -> dict:
    """Return right functions by the names of the answers that they stand in for."""
    from course_utils.seeing.plain.patches import receptive_box as right  # with it PyTorch

    def receptive_box(layers, position):
        """Return the box of a position whose row and column may be numbers of any kind."""
        return right([tuple(map(int, layer)) for layer in layers], tuple(map(int, position)))

    return {"receptive_box": receptive_box}


def _short(value):
    text = repr(value)
    return text if len(text) <= 160 else f"{text[:150]}..."


def given(plan: dict, *args, **named) -> Args:
    """Name the arguments of a call: ``given(plan, "model", "image", 2)``; the plan says which model."""
    return Args(plan, list(args), named)


def looks(function: Callable) -> Sight:
    """Return what an answer returns that is called with a model made by a plan: asked with ``given(...)``.

    Where it calls ``receptive_box`` it gets a right one.
    """
    return Sight(function, "asked", ASKED, "value", _right())


def tunes(function: Callable, part: str) -> Sight:
    """Return what ``prepare_fine_tuning(model, num_classes, depth)`` makes of a model.

    Asked with ``args(plan, num_classes, depth)``; the parts are those of `course_utils.modules.looking.tuned`.
    All of them, of which misconceptions are made, are the part ''.
    """
    return Sight(function, "tuned", TUNED, part)


def made(**plan):
    """Return the model and the images that a test makes by a plan, to look into a failure."""
    from course_utils.modules import looking  # with it PyTorch

    return looking.made(plan)


def leaves(function: Callable, calls, gradients: bool = False) -> None:
    """Check how a model is asked: in eval mode, and left as it was.

    Parameters
    ----------
    function : callable
        The answer.
    calls : list of Args
        Made by `given`; there is a batch norm, or dropout, in each of their networks.
    gradients : bool
        Whether the answer needs gradients; elsewhere they are off while the model runs.

    Raises
    ------
    CheckFailed
    """
    for _, told, line in _told(function, calls):
        if not told["calls"]:
            fail("the model is never called", line)
        if any(call[0] for call in told["calls"]):
            fail("the model is not asked in eval mode", line, "each part of it in eval mode", "train mode",
                 looks_like="model.eval() left out, which reaches every part")  # fmt: skip
        if not gradients and any(call[1] for call in told["calls"]):
            fail("a graph is built", line, "no gradients: torch.no_grad()", "gradients are on",
                 looks_like="the model called outside torch.no_grad(): detach() comes too late")  # fmt: skip
        if told["tracked"]:
            fail("the result hangs on a graph", line, "a tensor without a gradient", "requires_grad=True",
                 looks_like="a result that is not detached")  # fmt: skip
        for name, (headline, sentence) in LEFT.items():
            if name in told["left"]:
                fail(headline, line, "all as it was", "", looks_like=sentence)


def in_batches(function: Callable, calls) -> None:
    """Check that ``extract_features`` asks a model about at most `batch_size` images at a time, each once.

    Parameters
    ----------
    function : callable
        The answer.
    calls : list of Args
        Made by `given`, with one batch norm in each of their networks.

    Raises
    ------
    CheckFailed
    """
    for one, told, line in _told(function, calls):
        sizes, most = [call[2] for call in told["calls"]], [*one.args[1], 64][3]
        count = one.args[0]["x"][0]
        if max(sizes, default=0) > most:
            fail("a batch is too large", line, f"at most {most} images at a time", f"{max(sizes)} images",
                 looks_like="all images at once: batch_size is not used")  # fmt: skip
        if sum(sizes) != count:
            fail("not each image is asked about once", line, f"{count} images", f"{sum(sizes)} images",
                 looks_like=_miscounted(sizes, most, count))  # fmt: skip


def _told(function, calls):
    """Yield each call, what is told of it, and its line; fail where the answer raised something."""
    whole = Sight(function, "asked", ASKED, "", _right())
    for one, back in zip(calls, replies(whole, calls), strict=False):
        if isinstance(back.value, Raised):
            fail_raised(whole, one, back.value)
        yield one, back.value, line_of(whole, one)


def _miscounted(sizes, most, count):
    """Say why the images of all batches are not as many as there are, '' if nobody knows."""
    if sum(sizes) and sum(sizes) == count // most * most:
        return "images left over after the last whole batch"
    if sizes == [most]:
        return "the first batch alone"
    return (
        "the model called more than once for a batch" if sum(sizes) % count == 0 and sizes else ""
    )


class _Snapped(Derived):
    """One of several numbers in a result, moved to a mark that it is near enough to."""

    def __init__(self, function, place, marks, near, period=0.0):
        super().__init__(function)
        self.place, self.marks, self.near, self.period = place, marks, near, period
        self.part = f"snapped {place}"

    def cut(self, result):
        if is_tensor(type(result)):
            result = array_of_tensor(result)[0].tolist()
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            return result
        number = result[self.place]
        try:
            number = float(number)
        except (TypeError, ValueError):
            return number
        for mark in self.marks:
            off = abs(number - mark)
            if self.period:
                off = abs((number - mark + self.period / 2) % self.period - self.period / 2)
            if off <= self.near(mark):
                return float(mark)
        return number

    def expected(self, value):
        return self.cut(value) if isinstance(value, (tuple, list)) else value


def direction(function: Callable) -> Derived:
    """Return the first result of ``gabor_fit(filter)``: within 5 degrees of a multiple of 15 it is that one."""
    return _Snapped(function, 0, range(0, 180, 15), lambda mark: 5.0, 180.0)


def frequency(function: Callable) -> Derived:
    """Return the second: within 10 % of 0.2, 0.25 or 0.3125 it is that one."""
    return _Snapped(function, 1, (0.2, 0.25, 0.3125), lambda mark: 0.1 * mark)


class _Told(Derived):
    """One thing about an array that an answer returns."""

    def __init__(self, function, part, of):
        super().__init__(function)
        self.part, self._tell = f"{self._of} {part}".strip(), of

    def cut(self, result):
        array = array_of_tensor(result)[0] if is_tensor(type(result)) else result
        try:
            array = np.asarray(array, dtype=float)
        except (TypeError, ValueError):
            return result
        return self._tell(array) if array.size else result


def shape(function: Callable) -> Derived:
    """Return the shape of what an answer returns, a list, whatever its numbers are."""
    return _Told(function, "shape", lambda array: list(array.shape))


def spread(function: Callable) -> Derived:
    """Return how far the numbers that an answer returns lie apart, to three digits: they have seven."""
    return _Told(function, "spread", lambda array: float(f"{float(array.max() - array.min()):.3g}"))


class _Shapes(Derived):
    part = "shapes"

    def cut(self, result):
        if not isinstance(result, (tuple, list)):
            return result
        return [list(part.shape) if hasattr(part, "shape") else part for part in result]


def shapes(function: Callable) -> Derived:
    """Return the shapes of the several arrays that an answer returns, as lists."""
    return _Shapes(function)


def gabor(size: int, orientation: float, frequency: float, sigma=None, phase: float = 0.0):
    """Return a Gabor filter, float32; see `course_utils.seeing.plain.gabor`."""
    from course_utils.seeing.plain.filters import gabor as drawn  # with it PyTorch

    return drawn(size, orientation, frequency, sigma, phase)
