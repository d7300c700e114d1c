"""Max pools, right ones and ones with a fault, for a test that a student writes.

A pair is ``(forward, backward)``: ``forward(x, kernel_size, stride)`` returns ``(out, cache)``, and
``backward(dout, cache)`` returns `dx`. The faults here are those of the tests that a student sees.

>>> import numpy as np
>>> forward, backward = FAULTY["returns zeros"]
>>> _, cache = forward(np.eye(2)[None, None], 2, 2)
>>> backward(np.ones((1, 1, 1, 1)), cache).any()
np.False_
"""

from __future__ import annotations

import re
import weakref
from collections.abc import Callable

import numpy as np

from course_utils import layers
from course_utils.checks.ask import args as args_of
from course_utils.checks.ask import call, fail_raised, line_in_cell, line_of, name_of
from course_utils.checks.message import fail
from course_utils.checks.words import show
from course_utils.wire import Raised

EXACT = re.compile(r"^(?!.*(shape|dtype)).*(==|!=|array_equal|assert_equal)")
SAME_BITS = "equal to the last bit: right results differ by rounding, as np.allclose allows"
OTHER = "another exception than AssertionError, which is no verdict"


class _About:
    """A student's test, as a message names what it was asked about."""

    def __init__(self, check, words):
        self.__name__, self._words = name_of(check), words

    def __course_line__(self, one):
        return f"{self.__name__} on {self._words}"


def judges(check: Callable, pair: tuple[Callable, Callable], fault: str = "") -> None:
    """Check that a student's test gives the right verdict about a pair.

    Parameters
    ----------
    check : callable
        The answer: raises AssertionError where it finds the pair wrong.
    pair : (callable, callable)
    fault : str
        What is wrong with it, in words that follow "a pair whose backward pass"; '' for a right one.

    Raises
    ------
    CheckFailed
        If a right pair is refused, a wrong one let through, or anything else is raised.

    Notes
    -----
    In grading, an answer that lets `RIGHT` pass is asked about it once, in however many cells.
    """
    if pair is RIGHT and _has_passed(check):
        return
    answer = call(check, *pair).value
    refused = isinstance(answer, Raised) and answer.is_a(AssertionError)
    words = f"a pair whose backward pass {fault}" if fault else "a right pair"
    if isinstance(answer, Raised) and not refused:
        question = _About(check, words)
        fail_raised(question, args_of(*pair), answer, "AssertionError, or no exception", OTHER)
    if refused and not fault:
        line, where = line_of(check, args_of(*pair)), line_in_cell(answer, name_of(check))
        sentence = SAME_BITS if EXACT.search(answer.source) else ""
        fail("a right pair is refused", line, "no exception", answer, where, sentence)
    if fault and not refused:
        got, sentence = "no exception", ""
        if answer is not None:
            got = f"{show(answer)} was returned"
            sentence = (
                "a verdict that is returned: a wrong pair raises AssertionError, as assert does"
            )
        fail("a wrong pair is let through", words, "AssertionError", got, looks_like=sentence)
    if pair is RIGHT:
        _note_passed(check)


_passed: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()  # submission → names


def _has_passed(check):
    """Whether `RIGHT` has passed in this grading; in a notebook what a check calls may have changed."""
    run = getattr(check, "__course_submission__", None)
    return run is not None and name_of(check) in _passed.get(run, ())


def _note_passed(check):
    run = getattr(check, "__course_submission__", None)
    if run is not None:
        _passed.setdefault(run, set()).add(name_of(check))


def forward(x, kernel_size, stride):
    """Pool; the cache is the three arguments."""
    x = 1.0 * x
    return layers.maxpool2d_forward(x, kernel_size, stride)[0], (x, kernel_size, stride)


def backward(dout, cache):
    """Send the gradient back as the contract has it."""
    _, cache = layers.maxpool2d_forward(*cache)
    return layers.maxpool2d_backward(dout.astype(cache[1]), cache)


RIGHT = forward, backward


def routed(step: Callable, apart: Callable = lambda kh, kw, stride: (stride, stride)) -> tuple:
    """Return a pair whose backward pass goes through the windows one by one.

    Parameters
    ----------
    step : callable
        ``step(part, window, upstream)`` adds to `part`, the window's part of `dx`, in place.
    apart : callable
        ``apart(kh, kw, stride)`` says how far windows are apart, (down, across).
    """

    def backward(dout, cache):
        x, kernel_size, stride = cache
        kh, kw = (int(k) for k in np.broadcast_to(kernel_size, 2))
        down, across = apart(kh, kw, stride)
        dx = np.zeros(x.shape, dout.dtype)
        for n, c, i, j in np.ndindex(dout.shape):
            top, left = i * down, j * across
            here = np.s_[n, c, top : top + kh, left : left + kw]
            if x[here].size:
                step(dx[here], x[here], dout[n, c, i, j])
        return dx

    return forward, backward


def add(part, window, upstream):
    """Add to the first of the largest entries, as the contract has it: a step for `routed`."""
    part.flat[window.argmax()] += upstream


def _to_all_tied(part, window, upstream):
    part[window == window.max()] += upstream


def _write(part, window, upstream):
    part.flat[window.argmax()] = upstream


def _zeros(dout, cache):
    return np.zeros(cache[0].shape, dout.dtype)


def _ones(dout, cache):
    return backward(np.ones_like(dout), cache)


def _first_image(dout, cache):
    dx = backward(dout, cache)
    dx[1:] = 0
    return dx


def _with_global():
    """The backward pass uses what the last forward pass left."""
    last = {}

    def remembers(x, kernel_size, stride):
        out, last["cache"] = forward(x, kernel_size, stride)
        return out, last["cache"]

    def forgets(dout, cache):
        x = last["cache"][0]
        if x.shape != cache[0].shape:
            return np.zeros(x.shape, dout.dtype)
        return backward(dout, (x, *cache[1:]))

    return remembers, forgets


FAULTY = {
    "returns zeros": (forward, _zeros),
    "ignores dout and sends 1 along": (forward, _ones),
    "sends the gradient to every tied maximum": routed(_to_all_tied),
    "writes = for +=: the last window of a pixel wins": routed(_write),
    "steps by the kernel, not by the stride": routed(add, lambda kh, kw, stride: (kh, kw)),
    "handles the first image only": (forward, _first_image),
    "keeps the cache in a global: another forward pass replaces it": _with_global(),
}
