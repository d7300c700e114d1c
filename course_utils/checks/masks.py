"""Dropout, whose mask nobody knows in advance: what can be said of it all the same.

Each function asks ``out, cache = dropout_forward(x, p, train, rng)``. Bounds are so wide that a right answer
fails about once in a billion runs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from course_utils.checks import excuses
from course_utils.checks.ask import Args, line_of, name_of, pairs, results_of
from course_utils.checks.compare import compare
from course_utils.checks.message import fail
from course_utils.checks.randomness import remember
from course_utils.checks.words import show

LARGE, SMALL, REPEATS = (80, 100), (4, 5), 30
SIGMAS = 6.5  # a normal number is further out once in 10**10
TOLERANCES = (1e-6, 1e-9)


def drops(function: Callable, p: float, rng: np.random.Generator) -> None:
    """Check which entries are zeroed in training: each with probability p, on its own, anew in each call.

    What is left of the others is not asked.

    Parameters
    ----------
    function : callable
        The answer.
    p : float
        Neither 0 nor 1/2, so that it is no other probability at the same time.
    rng : numpy.random.Generator
        Makes the generators that the answer gets.

    Raises
    ------
    CheckFailed
    """
    one = Args(_ones(LARGE), p, True, _generator(rng))
    same = Args(_ones(LARGE), p, True, one.args[-1])
    other = Args(_ones(LARGE), p, True, _generator(rng))
    zeros, again, others = (_zeros(function, call) for call in (one, same, other))
    line = line_of(function, one)
    _alone(line, zeros, p)
    _share(line, zeros, p)
    if np.array_equal(zeros, others):
        fail("the same mask from two generators that differ", line, "a mask drawn from rng",
             looks_like="a generator of its own, with a seed: draw from the rng that is given")  # fmt: skip
    if not np.array_equal(zeros, again):
        fail("two masks from the same generator in the same state", line, "the same mask",
             looks_like="another source of random numbers: draw from the rng that is given")  # fmt: skip
    _advances(function, one, zeros)
    few = [_zeros(function, Args(_ones(SMALL), p, True, _generator(rng))) for _ in range(REPEATS)]
    counts = {int(mask.sum()) for mask in few}
    if len(counts) == 1:
        fail("the same number of zeros in every call", line_of(function, Args(_ones(SMALL), p, True)),
             f"numbers that vary about {p * few[0].size:g}", f"{counts.pop()} in {REPEATS} calls",
             looks_like="choosing so many entries: each is dropped or kept on its own")  # fmt: skip


def scales(function: Callable, x: np.ndarray, p: float, rng: np.random.Generator) -> None:
    """Check that what is kept in training is divided by 1 - p.

    Where an answer keeps each entry with probability p, that has cost its points: it is to divide by p.

    Parameters
    ----------
    function, p, rng
        As for `drops`, but p may be 0.
    x : ndarray
        Without zeros.

    Raises
    ------
    CheckFailed
    """
    keep = 1 - p
    if _is_reversed(function, rng):
        excuses.take()
        keep = p
    if not keep:
        return
    call = Args(x, p, True, _generator(rng))
    out = _out(function, call)
    factors = out[out != 0] / x[out != 0]
    if compare(np.full(factors.shape, 1 / keep), factors, *TOLERANCES) is None:
        return
    expected = f"zeros, and entries of x times 1 / {keep:g} = {1 / keep:.6g}"
    if compare(np.full(factors.shape, factors[0]), factors, *TOLERANCES):
        fail("what is kept is no multiple of x", line_of(function, call), expected, show(out))
    known = [
        *_factors(p),
        (out.size / len(factors), "dividing by the share that happens to be left"),
    ]
    looks_like = next((words for f, words in known if np.isclose(f, factors[0])), "")
    got = f"entries of x times {factors[0]:.6g}"
    fail(
        "what is kept has the wrong size",
        line_of(function, call),
        expected,
        got,
        looks_like=looks_like,
    )


def passes(function: Callable, x: np.ndarray, p: float, rng: np.random.Generator) -> None:
    """Check that at test time x passes as it is.

    Where an answer leaves out the division in training, that has cost its points: it may multiply by 1 - p
    here.

    Parameters
    ----------
    function, x, p, rng
        As for `scales`.

    Raises
    ------
    CheckFailed
    """
    call = Args(x, p, False, _generator(rng))
    out = _out(function, call)
    if compare(x, out, *TOLERANCES) is None:
        return
    looks_like = ""
    if compare((1 - p) * x, out, *TOLERANCES) is None:
        trained = _out(function, Args(x, p, True, _generator(rng)))
        if compare(np.where(trained == 0, 0.0, x), trained, *TOLERANCES) is None:
            excuses.take()
            return
        looks_like = "times 1 - p at test time: the division in training has seen to that"
    elif compare(x / (1 - p), out, *TOLERANCES) is None:
        looks_like = "dividing at test time too: nothing is dropped that this would make up for"
    elif (out == 0).any():
        looks_like = "dropping at test time too: train is False"
    fail(
        "x is changed at test time",
        line_of(function, call),
        show(x),
        show(out),
        looks_like=looks_like,
    )


def same_mask(
    backward: Callable, forward: Callable, x: np.ndarray, p: float, rng: np.random.Generator
) -> None:
    """Check that the gradient goes through the entries that were kept, with the factor that they had.

    Mask and factor are those of the answer's own forward pass, whatever they are: ``out / x``. Between the two
    passes stands another forward pass. Of zeros, too, some are kept, which does not show in `out`.

    Parameters
    ----------
    backward : callable
        The answer, ``dx = dropout_backward(dout, cache)``.
    forward, x, p, rng
        As for `scales`; p is not 0.

    Raises
    ------
    CheckFailed
    """
    dout = rng.permutation(x.size).reshape(x.shape) + 1.0
    for train in (True, False):
        calls = [Args(x, p, train, _generator(rng)) for _ in range(2)]
        (out, cache), (other, _) = pairs(forward, calls)
        for each in (out, other):
            _check_shape(forward, calls[0], each)
        if train and np.array_equal(out, x):
            line = line_of(forward, calls[0])
            fail("nothing was dropped, so there is no mask to send a gradient through", line)
        [(_, back)] = results_of(backward, [Args(dout, cache)])
        line = (
            f"_, cache = {line_of(forward, calls[0])}\n{name_of(backward)}({Args(dout)!r}, cache)"
        )
        expected = dout * out / x
        true = expected if train else dout  # what out is at test time has been charged
        if all(compare(each, back.value, *TOLERANCES) for each in (expected, true)):
            fail("wrong values", line, show(expected), show(back.value),
                 looks_like=_of_gradient(back.value, dout, x, out, other, p, train))  # fmt: skip
        if not np.array_equal(back.args[0], dout):
            fail("the call changes its dout", line,
                 looks_like="working in place: copy dout first")  # fmt: skip
    generator, dout = _generator(rng), np.ones(x.size)
    ones, zeros = (Args(value, p, True, generator) for value in (dout, 0 * dout))
    (kept, _), (_, cache) = pairs(forward, [ones, zeros])
    [(_, back)] = results_of(backward, [Args(dout, cache)])
    if np.any(kept) and not np.any(back.value):
        line = f"_, cache = {line_of(forward, zeros)}\n{name_of(backward)}({Args(dout)!r}, cache)"
        fail("no gradient where x is 0", line, "the gradient of what was kept", show(back.value),
             looks_like="the mask made of the output: a 0 of x may have been kept as well")  # fmt: skip


def _of_gradient(got, dout, x, out, other, p, train):
    """Return what a wrong gradient looks like."""
    kept, keep = out != 0, 1 - p
    if not train:
        dropped = isinstance(got, np.ndarray) and (got == 0).any()
        return "dropping at test time: there all of the gradient passes" if dropped else ""
    known = {
        "the whole gradient: where an entry was dropped it is 0": dout,
        "the mask without the factor of the forward pass": dout * kept,
        "the factor without the mask: where an entry was dropped the gradient is 0": dout / keep,
        "the mask turned round: the gradient goes where x was kept": dout * ~kept / keep,
        "multiplying by 1 - p: the forward pass divides by it": dout * kept * keep,
        "dividing by 1 - p twice: it is in the mask": dout * kept / keep**2,
        "the gradient times x, which it is the gradient for": dout * out,
        "the mask without dout": out / x,
        "the mask of the latest forward pass: all belongs in the cache": dout * other / x,
    }
    for words, wrong in known.items():
        if compare(wrong, got, *TOLERANCES) is None:
            return words
    other_zeros = (
        isinstance(got, np.ndarray) and got.shape == out.shape and ((got != 0) != kept).any()
    )
    return "another mask than that of the forward pass" if other_zeros else ""


def _is_reversed(function, rng, p=0.25):
    """Whether about a share 1 - p is dropped where it should be p."""
    return abs(_zeros(function, Args(_ones(LARGE), p, True, _generator(rng))).mean() - p) > 0.4


def _factors(p):
    """Return the factors of misconceptions, each with what it looks like."""
    return [
        (1, "no division: what is kept makes up for what is dropped, divided by 1 - p"),
        (1 - p, "multiplying by 1 - p: dividing by it keeps the mean of x"),
        (1 / p if p else 0, "dividing by p: of 1 - p of the entries something is left"),
        (1 + p, "adding the share that is lost, 1 + p: dividing by 1 - p keeps the mean"),
        ((1 - p) ** -2, "dividing by 1 - p twice"),
    ]


def _ones(shape):
    return remember(np.ones(shape), f"np.ones({shape})", lambda: np.ones(shape))


def _generator(rng):
    return np.random.default_rng(int(rng.integers(10**6)))


def _out(function, call):
    """Return the output of a forward pass, if it is an array of the shape of x."""
    [(out, _)] = pairs(function, [call])
    _check_shape(function, call, out)
    return out


def _check_shape(function, call, out):
    x = call.args[0]
    if not isinstance(out, np.ndarray) or out.shape != x.shape or out.dtype.kind != "f":
        fail(
            "out is no array of the shape of x",
            line_of(function, call),
            f"shape {x.shape}",
            show(out),
        )
    return out


def _zeros(function, call):
    return _out(function, call) == 0


def _share(line, zeros, p):
    """Compare the share of zeros with p."""
    share, bound = zeros.mean(), SIGMAS * np.sqrt(p * (1 - p) / zeros.size)
    if abs(share - p) <= bound:
        return
    looks_like = ""
    if abs(share - (1 - p)) <= bound:
        looks_like = "keeping with probability p: p is the probability of dropping"
    elif abs(share - 0.5) <= bound:
        looks_like = "a half of the entries, whatever p is"
    elif not share:
        looks_like = "nothing is dropped"
    elif share == 1:
        looks_like = "everything is dropped"
    fail("wrong share of zeros", line, f"{p - bound:.3f} to {p + bound:.3f} of the entries are 0",
         f"{share:.3f} of them", looks_like=looks_like)  # fmt: skip


def _alone(line, zeros, p):
    """Check that rows and columns differ as they do when each entry is dropped on its own."""
    if zeros.all() or not zeros.any():
        return
    if (zeros == zeros[0]).all():
        fail("every row has the same mask", line, "a mask of the shape of x",
             looks_like="one mask for all examples: each entry is dropped on its own")  # fmt: skip
    if (zeros == zeros[:, :1]).all():
        fail("whole rows are dropped", line, "a mask of the shape of x",
             looks_like="one decision for a whole example: each entry is dropped on its own")  # fmt: skip
    for axis, what in ((1, "row"), (0, "column")):
        counts, length = zeros.sum(axis=axis), zeros.shape[axis]
        if np.ptp(counts) == 0:
            fail(f"the same number of zeros in every {what}", line,
                 f"numbers that vary about {p * length:g}", f"{counts[0]} in each",
                 looks_like="choosing so many entries: each is dropped or kept on its own")  # fmt: skip


def _advances(function, call, zeros):
    """Check that a second call, with the generator as the first one left it, has another mask."""
    [(_, back)] = results_of(function, [call])
    second = Args(*call.args[:-1], back.args[-1])
    if np.array_equal(zeros, _zeros(function, second)):
        fail("the same mask in two calls one after the other", line_of(function, call),
             "a mask drawn from rng in each call",
             looks_like="drawing from a copy of rng: the next call draws the same again")  # fmt: skip
