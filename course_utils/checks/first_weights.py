"""Check a function that draws the first weights of a network in place.

A network is given as a list of layers: see `course_utils.modules.initialised.model`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from course_utils.checks import excuses
from course_utils.checks.ask import Args, args, fail_raised, line_of, replies
from course_utils.checks.contract import raises
from course_utils.checks.derived import Derived
from course_utils.checks.message import fail
from course_utils.wire import Raised, probes

SIGMAS = 5  # of the mean of what is drawn
GAINS = {"he_fan_in": 2.0, "he_fan_out": 2.0, "prelu": 2 / (1 + 0.25**2)}
NAMES = {"weight": "weights", "bias": "biases"}


@dataclass(frozen=True)
class _Fans:
    """What one output of a layer adds up, what one input goes to, and how many channels there are."""

    fan_in: int
    fan_out: int
    channels: int
    groups: int
    area: int

    @classmethod
    def of(cls, layer, shape):
        named = layer[-1] if isinstance(layer[-1], dict) else {}
        groups, area = named.get("groups", 1), math.prod(shape[2:])
        return cls(shape[1] * area, shape[0] // groups * area, shape[1] * groups, groups, area)


# What the variance may have been taken for: sentence → (gain, fans) → variance.
MISTAKEN: dict[str, Callable[[float, _Fans], float]] = {
    "the fan-out: the fan-in was asked for": lambda gain, f: gain / f.fan_out,
    "the fan-in: the fan-out was asked for": lambda gain, f: gain / f.fan_in,
    "the fan-out of all groups together": lambda gain, f: gain / (f.fan_out * f.groups),
    "1 / fan, which is Xavier's: ReLU halves the mean square, so 2 / fan": lambda gain, f: (
        1 / f.fan_in
    ),
    "2 / (fan-in + fan-out), which is Glorot's": lambda gain, f: 2 / (f.fan_in + f.fan_out),
    "2 / (fan-in + fan-out), which is Glorot's ": lambda gain, f: (
        2 / (f.fan_in + f.fan_out * f.groups)
    ),
    "the variance in place of the standard deviation": lambda gain, f: (gain / f.fan_in) ** 2,
    "the variance in place of the standard deviation ": lambda gain, f: (gain / f.fan_out) ** 2,
    "the square root taken twice": lambda gain, f: math.sqrt(gain / f.fan_in),
    "the channels for the fan: a kernel's area counts, too": lambda gain, f: (
        gain * f.area / f.fan_in
    ),
    "the channels for the fan: a kernel's area counts, too ": lambda gain, f: (
        gain * f.area / f.fan_out
    ),
    "the kernel's side for its area": lambda gain, f: gain * math.sqrt(f.area) / f.fan_in,
    "the kernel's side for its area ": lambda gain, f: gain * math.sqrt(f.area) / f.fan_out,
    "the kernel's area for the fan: the channels count, too": lambda gain, f: gain / f.area,
    "all input channels: each output sees those of its group": lambda gain, f: (
        gain / (f.fan_in * f.groups)
    ),
    "all of a weight's numbers for the fan: those of one output count": lambda gain, f: (
        gain / (f.fan_in * f.fan_out * f.groups / f.area)
    ),
    "the slope left out: 2 / fan is for ReLU": lambda gain, f: 2 / f.fan_in,
    "a slope of 0.25 where it is 0": lambda gain, f: 2 / (1 + 0.25**2) / f.fan_in,
    "a slope of 0.25 where it is 0 ": lambda gain, f: 2 / (1 + 0.25**2) / f.fan_out,
    "1 + 0.25 for 1 + 0.25²": lambda gain, f: 2 / 1.25 / f.fan_in,
    "a slope of 0.01, which is that of a leaky ReLU": lambda gain, f: 2 / (1 + 0.01**2) / f.fan_in,
    "the gain multiplied by 1 + 0.25²: it is divided by it": lambda gain, f: (
        2 * (1 + 0.25**2) / f.fan_in
    ),
    "PyTorch's own first weights, of variance 1 / (3 fan-in)": lambda gain, f: 1 / (3 * f.fan_in),
    "0.01 everywhere": lambda gain, f: 1e-4,
    "0.02 everywhere": lambda gain, f: 4e-4,
    "a standard deviation of 1": lambda gain, f: 1.0,
}  # fmt: skip


class _Initialised(Derived):
    """What a network has after the answer was called with it."""

    def __call__(self, *given, **named):
        return probes.initialised(self._function, *given, **named)

    def __course_calls__(self, calls):
        remote = getattr(self._function, "__course_with__", None)
        where = remote("initialised") if remote else partial(probes.initialised, self._function)
        back = replies(where, [Args(*given, **named) for given, named in calls])
        return [replace(reply, value=_checked(reply.value), args=(), kwargs={}) for reply in back]

    def __course_line__(self, one):
        layers, scheme, seed = one.args
        said = ", ".join(map(_said, layers))
        return f"torch.manual_seed({seed})\n{self.__name__}(nn.Sequential({said}), {scheme!r})"


def _said(layer):
    """Return a layer as code."""
    if isinstance(layer, list):
        return f"Block({', '.join(map(_said, layer))})"
    kind, *sizes = layer
    named = sizes.pop() if sizes and isinstance(sizes[-1], dict) else {}
    return f"{kind}({', '.join([*map(repr, sizes), *(f'{k}={v!r}' for k, v in named.items())])})"


def _checked(value):
    """Return what came back if it looks as it should: it is an answer's word."""
    if isinstance(value, Raised):
        return value
    fine = isinstance(value, dict) and type(value.get("same")) is bool
    rows = value.get("parameters") if fine else None
    fine = isinstance(rows, list) and all(_is_a_row(row) for row in rows)
    return value if fine else Raised("WireError", (), "no answer to what was asked")


def _is_a_row(row):
    return (
        isinstance(row, tuple)
        and [type(part) for part in row[:2]] == [str, str]
        and len(row) == 3
        and isinstance(row[2], np.ndarray)
        and row[2].dtype.kind == "f"
    )


def _flat(layers):
    return [leaf for la in layers for leaf in (_flat(la) if isinstance(la, list) else [la])]


def _asked(function, layers, scheme, seeds=(0,)):
    """Return, for each seed, (layer, name, array) of all parameters, and what a message says of the call."""
    question = _Initialised(function)
    calls = [args(layers, scheme, seed) for seed in seeds]
    told = []
    for one, back in zip(calls, replies(question, calls), strict=False):
        if isinstance(back.value, Raised):
            fail_raised(question, one, back.value, "the network")
        given = [
            la for la in _flat(layers) if la[0] in ("Conv2d", "Linear", "BatchNorm2d", "PReLU")
        ]
        rows, place = [], -1
        for kind, name, array in back.value["parameters"]:
            place += name == "weight"
            rows.append((given[place] if place < len(given) else (kind,), name, array))
        told.append(rows)
    return told, line_of(question, calls[0])


def _main(rows):
    return [row for row in rows if row[0][0] in ("Conv2d", "Linear") and row[1] == "weight"]


def spread(function: Callable, layers: list, scheme: str) -> None:
    """Check the standard deviation of the weights of each convolution and linear layer.

    What is wrong with ``he_fan_in`` in the same way is not charged again for another scheme.

    Parameters
    ----------
    function : callable
        An answer: ``initialise(model, scheme)``.
    layers : list
        A network.
    scheme : str
        ``he_fan_in``, ``he_fan_out`` or ``prelu``.

    Raises
    ------
    CheckFailed
    """
    [rows], line = _asked(function, layers, scheme)
    found = _measured(rows, scheme)
    if scheme != "he_fan_in":
        before = _measured(_asked(function, layers, "he_fan_in")[0][0], "he_fan_in")
        known = _mistaken(before, "he_fan_in")
        if any(_is_wrong(row) for row in before) and known and known == _mistaken(found, scheme):
            excuses.take()
            return
        found = _without(found, [row.layer for row in before if not np.ptp(row.weight)])
    wrong = [row for row in found if _is_wrong(row)]
    if not wrong:
        return
    row = wrong[0]
    if np.ptp(row.weight) == 0:
        deep = any(isinstance(layer, list) for layer in layers) and row.layer not in layers
        left = "layers inside others left out: model.modules() yields them all"
        fail(f"the weights of {_said(row.layer)} are all {row.weight.flat[0]:g}", line,
             "weights that are drawn", looks_like=left if deep else f"{row.layer[0]} left out")  # fmt: skip
    fan = (
        f"{'fan-out' if scheme == 'he_fan_out' else 'fan-in'} {round(GAINS[scheme] / row.variance)}"
    )
    fail(f"wrong spread of the weights of {_said(row.layer)}", line,
         f"a deviation of {math.sqrt(row.variance):.4g} ({fan})", f"{row.weight.std():.4g}",
         looks_like=_mistaken(found, scheme))  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Row:
    """The weight of a layer, and the variance that it should have."""

    layer: tuple
    weight: np.ndarray
    fans: _Fans
    variance: float


def _measured(rows, scheme):
    found = []
    for layer, _, weight in _main(rows):
        fans = _Fans.of(layer, weight.shape)
        fan = fans.fan_out if scheme == "he_fan_out" else fans.fan_in
        found.append(_Row(layer, weight, fans, GAINS[scheme] / fan))
    return found


def _is_wrong(row):
    return not _is_near(row.weight, row.variance)


def _mistaken(found, scheme):
    """Say what the variance of all layers has been taken for; '' if that is not known."""
    for words, formula in MISTAKEN.items():
        if all(_is_near(row.weight, formula(GAINS[scheme], row.fans)) for row in found):
            return words.strip()
    return ""


def _without(found, left):
    """Return the layers that are asked about: not those that are left out everywhere, unless all are."""
    kept = [row for row in found if row.layer not in left]
    if len(kept) < len(found) and kept:
        excuses.take()
    return kept or found


def _is_near(weight, variance):
    """Whether the mean square of a weight is that of normal numbers of a variance."""
    square = float((weight.astype(float) ** 2).mean())
    return abs(square / variance - 1) < SIGMAS * math.sqrt(2 / weight.size)


def normal(function: Callable, layers: list, scheme: str, seeds=(0, 1)) -> None:
    """Check that weights are normal around 0, each drawn for itself, from PyTorch's global generator.

    Parameters
    ----------
    function, layers, scheme
        As for `spread`.
    seeds : tuple of (int, int)
        Of the global generator.

    Raises
    ------
    CheckFailed
    """
    first, second = seeds
    (rows, again, other), line = _asked(function, layers, scheme, (first, first, second))
    asked = _drawn(_main(rows))
    pairs = [
        (row, same, new) for row, same, new in zip(*map(_main, (rows, again, other)), strict=True)
    ]
    whole = []
    for (layer, name, weight), (*_, same), (*_, new) in pairs:
        if not any(layer is row[0] for row in asked):
            continue
        name, z = f"the weights of {_said(layer)}", weight.astype(float).ravel()
        if np.ptp(z) == 0:
            fail(f"{name} are all {z[0]:g}", line, "weights that are drawn")
        if not np.array_equal(weight, same):
            fail(f"{name} differ from call to call", line, "the same after the same torch.manual_seed",
                 looks_like="another generator than PyTorch's global one")  # fmt: skip
        if np.array_equal(weight, new):
            fail(f"{name} do not hang on the seed", line, "others after another torch.manual_seed",
                 looks_like="a seed set inside, or another generator than PyTorch's global one")  # fmt: skip
        z = z / z.std()
        if abs(z.mean()) > SIGMAS / math.sqrt(z.size):
            fail(
                f"{name} are not around 0",
                line,
                "a mean of 0",
                f"{z.mean():.3f} standard deviations",
            )
        half = z.size // 2
        if half > 20 and np.array_equal(z[:half], z[half : 2 * half]):
            fail(f"{name} repeat themselves", line, "each number drawn for itself")
        whole.append(z)
    z = np.concatenate(whole)
    tails, limit = float((z**4).mean()), SIGMAS * math.sqrt(96 / z.size)
    if abs(tails - 3) > limit:
        uniform, cut = abs(tails - 1.8) < limit, 1.8 + limit < tails < 3 - limit
        fail("the weights are not normal", line, "a mean fourth power of 3 (in standard deviations)",
             f"{tails:.2f}", looks_like="uniform numbers" if uniform else "a normal distribution that is "
             "cut off" if cut else "")  # fmt: skip


def _drawn(rows):
    """Return the layers with weights that are not all alike; all, if there is none."""
    found = [row for row in rows if np.ptp(row[2])]
    if found and len(found) < len(rows):
        excuses.take()
    return found or rows


def others(function: Callable, layers: list, scheme: str) -> None:
    """Check biases (0), norms (weights 1, biases 0), and slopes of PReLUs (as they were).

    Parameters
    ----------
    function, layers, scheme
        As for `spread`.

    Raises
    ------
    CheckFailed
    """
    [rows], line = _asked(function, layers, scheme)
    asked = [layer for layer, *_ in _drawn(_main(rows))]
    for layer, name, array in rows:
        main = layer[0] in ("Conv2d", "Linear")
        if main and (name == "weight" or not any(layer is other for other in asked)):
            continue
        wanted = {"BatchNorm2d": float(name == "weight"), "PReLU": 0.3}.get(layer[0], 0.0)
        if np.allclose(array, wanted):
            continue
        slope = layer[0] == "PReLU"
        told = "the slopes" if slope else f"the {NAMES[name]}"
        got = f"{array.flat[0]:g}" if np.ptp(array) == 0 else "different numbers"
        left = np.ptp(array) == 0 and array.flat[0] == 7
        fail(f"{told} of {_said(layer)}", line, f"{wanted:g}, {'as they were' if slope else 'all of them'}",
             got, looks_like="PReLU has a weight, too: its slopes stay as they are" if slope
             else "left as they were before the call" if left else "")  # fmt: skip


def in_place(function: Callable, layers: list, scheme: str) -> None:
    """Check that the network itself is changed and returned.

    Parameters
    ----------
    function, layers, scheme
        As for `spread`.

    Raises
    ------
    CheckFailed
    """
    question, one = _Initialised(function), args(layers, scheme, 0)
    [back] = replies(question, [one])
    if isinstance(back.value, Raised):
        fail_raised(question, one, back.value, "the network")
    line = line_of(question, one)
    flat = [layer for layer in _flat(layers) if layer[0] in ("Conv2d", "Linear")]
    asked = {layer[0] for layer, *_ in _drawn(_main(_asked(function, flat, scheme)[0][0]))}
    for kind, name, array in back.value["parameters"]:
        if kind not in asked:
            continue
        if kind in ("Conv2d", "Linear") and name == "weight" and np.ptp(array) == 0:
            fail("the network is as it was", line, f"{kind}: weights that are drawn", f"all {array.flat[0]:g}",
                 looks_like="a copy that was initialised, or layers inside others left out")  # fmt: skip
    if not back.value["same"]:
        fail("another result", line, "the network that was passed", "something else",
             looks_like="no return, or a copy: initialise in place and return the model")  # fmt: skip


def refuses(function: Callable, layers: list, scheme: str) -> None:
    """Check that a scheme that there is not raises a `ValueError`.

    Parameters
    ----------
    function, layers
        As for `spread`.
    scheme : str

    Raises
    ------
    CheckFailed
    """
    raises(_Initialised(function), [args(layers, scheme, 0)], because="there is no such scheme")
