"""Fast convolutions: how often an answer multiplies, and whether what it returns is real.

What multiplies is a function of the test's that is handed in, so counts are of calls, never of code.

>>> from course_utils.checks import args
>>> def product(a, b, multiply):
...     return multiply(a, b)
>>> multiplies(product, [args(2, 3)], [1], {})
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from course_utils.checks.ask import Args, fail_raised, line_of, replies
from course_utils.checks.compare import compare
from course_utils.checks.derived import Derived
from course_utils.checks.differences import as_numbers
from course_utils.checks.message import fail
from course_utils.checks.stand_ins import on_its_own
from course_utils.checks.words import show
from course_utils.layers import fast
from course_utils.wire import Raised

MOST = 400  # calls of one `multiply`
WINOGRAD = {
    0: "products made without `multiply`: all of them go through it",
    6: "the two windows one by one: four products are enough for both",
    3: "one of the four products made without `multiply`: all of them go through it",
    8: "a product for each output and each term: those that both outputs share are made once",
    5: "one product too many: halves and sums are made without `multiply`",
}
STRASSEN = {
    0: "products made without `multiply`: all of them go through it",
    8: "eight products of quarters: seven are enough",
    64: "eight products of quarters, twice: seven are enough",
    56: "eight products of quarters once, seven the other time",
    1: "the whole product in one call: what is larger than a leaf is cut",
    7: "cut once: what is still larger than a leaf is cut again",
    49: "cut twice: blocks of at most leaf are not cut",
    MOST: "cut down to the last: blocks of at most leaf are not cut",
}
TWICE = "some products are made without `multiply`: all of them go through it"
ARRAYS = "whole arrays handed to `multiply`: call it once for each product of two numbers"


class Counter:
    """A `multiply` that counts its calls, and makes each product `times` as large."""

    def __init__(self, of: Callable, times: float):
        self.of, self.times, self.sizes, self.given = of, times, [], []
        self.too_often = False
        self.__name__ = "multiply"

    def __call__(self, data, other):
        if len(self.sizes) == MOST:
            self.too_often = True
            raise RuntimeError(f"more than {MOST} calls of multiply")
        self.sizes.append((np.shape(data), np.shape(other)))
        if self.sizes[-1] == ((), ()):
            self.given.append((data, other))
        return self.times * self.of(data, other)


def multiplies(
    function: Callable,
    calls: Iterable[Args],
    counts: Sequence[int | None],
    looks_like: Mapping[int, str],
    of: Callable = operator.mul,
    largest: Sequence[int] | None = None,
    apart: float | None = None,
) -> None:
    """Check how often an answer calls `multiply`, and that all of its products go through it.

    Each call is asked twice, in one crossing. The second time each product is twice as large, and so must be
    the result: whether the first is right is charged elsewhere.

    Parameters
    ----------
    function : callable
        An answer whose argument `multiply` is handed in by this check.
    calls : iterable of Args
        Without `multiply`.
    counts : sequence of int or None
        How many calls of `multiply` are right for each call; None where only what it gets is looked at.
    looks_like : mapping of int to str
        What a wrong count says.
    of : callable
        What `multiply` does: `operator.mul` for two numbers, `numpy.matmul` for two matrices.
    largest : sequence of int, optional
        For each call the largest side of a matrix that may be handed to `multiply`; None where it gets
        numbers.
    apart : float, optional
        Data, and their sums, are at least as large in size, and what is in the filter is smaller.

    Raises
    ------
    CheckFailed
    """
    calls = list(calls)
    pairs = [(one, Counter(of, times)) for one in calls for times in (1.0, 2.0)]
    asked = [Args(*one.args, **one.kwargs, multiply=counter) for one, counter in pairs]
    found = [back.value for back in replies(function, asked)]
    for number, value in enumerate(found):
        (one, counter), wanted = pairs[number], counts[number // 2]
        line = line_of(function, Args(*one.args, **one.kwargs, multiply="…")).replace("'…'", "…")
        if counter.too_often:
            if wanted is None:
                continue
            fail("the wrong number of products", line, f"{_calls(wanted)} of multiply",
                 f"more than {MOST} calls", looks_like=looks_like.get(MOST, ""))  # fmt: skip
        if isinstance(value, Raised):
            fail_raised(function, one, value)
        _sizes(line, counter, largest and largest[number // 2])
        if apart and any(abs(data) < apart <= abs(other) for data, other in counter.given):
            fail("multiply gets the filter first", line, "multiply(data, filter)",
                 "multiply(filter, data)", looks_like="the order of the two: the data come first")  # fmt: skip
        times = len(counter.sizes)
        if wanted is not None and times != wanted:
            fail("the wrong number of products", line, f"{_calls(wanted)} of multiply",
                 _calls(times), looks_like=looks_like.get(times, ""))  # fmt: skip
        if number % 2 and wanted is not None:
            once = np.asarray(found[number - 1], float)
            if compare(2 * once, value, 1e-6, 1e-8):
                fail("products made without multiply", line,
                     f"{show(2 * once)}, where multiply gives twice the product", show(value),
                     looks_like=TWICE)  # fmt: skip


def _sizes(line, counter, largest):
    """Fail where something of another size was handed to `multiply`."""
    if largest is None:
        if array := next((s for pair in counter.sizes for s in pair if s != ()), None):
            fail("multiply gets an array", line, "two numbers", f"an array of shape {array}",
                 looks_like=ARRAYS)  # fmt: skip
        return
    for a, b in counter.sizes:
        if len(a) != 2 or len(b) != 2:
            fail("multiply gets no two matrices", line, "two blocks", f"shapes {a} and {b}")
        if max(*a, *b) > largest:
            fail("multiply gets blocks that are too large", line,
                 f"blocks whose sizes are at most {largest}", f"shapes {a} and {b}",
                 looks_like="blocks of which one size is above leaf: all three are at most leaf")  # fmt: skip


def _calls(number):
    return "1 call" if number == 1 else f"{number} calls"


def winograd(function: Callable) -> Derived:
    """Return a question about a `conv2d_winograd`, as if the transforms that it calls were right."""
    transforms = fast.transform_filter, fast.transform_input, fast.transform_output
    return on_its_own(function, fast.conv2d_winograd, {f.__name__: f for f in transforms})


def real(function: Callable, calls: Iterable[Args]) -> None:
    """Check that results are real numbers, whatever they are.

    Raises
    ------
    CheckFailed
    """
    calls = list(calls)
    for one, back in zip(calls, replies(function, calls), strict=False):
        numbers = as_numbers(back.value)
        if numbers is not None and numbers.dtype.kind == "c":
            fail("complex numbers", line_of(function, one), "an array of real numbers", show(back.value),
                 looks_like="an imaginary part left over from rounding: take .real, or use irfft2")  # fmt: skip
