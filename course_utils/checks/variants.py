"""Variants of the convolution, which may be made of each other: a fault of one is charged where that is tested.

>>> from course_utils.checks import args, case, equal
>>> def pointwise(x, w, b):
...     return 0 * x  # wrong
>>> def depthwise_separable2d(x, depthwise, weights, b, stride=1, padding=0):
...     middle = np.stack([x[:, c] * kernel[0, 0] for c, kernel in enumerate(depthwise)], axis=1)
...     return pointwise(middle, weights, b)
>>> x, kernel, w = np.full((1, 1, 1, 1), 2.0), np.full((1, 1, 1), 3.0), np.full((1, 1), 5.0)
>>> right = case(args(x, kernel, w, np.ones(1)), np.full((1, 1, 1, 1), 31.0))
>>> equal(on_its_own(depthwise_separable2d), [right])
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np

from course_utils.checks import excuses
from course_utils.checks.ask import Args, replies
from course_utils.checks.compare import compare
from course_utils.checks.derived import Derived, once
from course_utils.checks.tables import against, cases, right_about
from course_utils.layers import deformable, variants
from course_utils.wire import Raised, Reply, probes

# In the order of the notebook.
RIGHT = {
    function.__name__: function
    for function in (
        variants.locally_connected2d,
        variants.conv2d,
        variants.conv_transpose2d,
        variants.convolution_matrix,
        variants.conv1d,
        variants.conv3d,
        variants.pointwise,
        variants.depthwise_separable2d,
        deformable.bilinear_sample,
        deformable.bilinear_sample_backward,
        deformable.deform_conv2d,
        deformable.deform_layer,
        deformable.deform_conv2d_backward_offset,
    )
}
FULL, HALF = (1e-6, 1e-8), (1e-3, 1e-4)  # tolerances of float64 and float32


def on_its_own(function: Callable) -> Derived:
    """Return a question about an answer, as if the other answers of part 03 that it calls were right.

    What it gets wrong is asked again, with right functions in the place of the others: callbacks to the test.
    A result that is right then takes the place of the wrong one.

    Parameters
    ----------
    function : callable
        An answer, one of `RIGHT` by its name.
    """
    return _OnItsOwn(function)


class _OnItsOwn(Derived):
    def __init__(self, function):
        super().__init__(function)
        self._right = RIGHT[self.__name__]
        # Cells run in their order: what stands below is not there yet.
        before = itertools.takewhile(self.__name__.__ne__, RIGHT)
        self._others = {name: _stand_in(RIGHT[name]) for name in before}

    def __course_calls__(self, calls):
        asked = [Args(*positional, **named) for positional, named in calls]
        found = replies(self._function, asked)
        true = [_result(self._right, one) for one in asked]
        # After a call that ended the answer's process nothing came back: it may be another that ended it.
        missing = range(len(found), len(asked))
        wrong = [i for i, back in enumerate(found) if not _agree(true[i], back.value)]
        wrong += missing
        again = dict(zip(wrong, self._again([asked[i] for i in wrong]), strict=False))
        for i in wrong:
            back = again.get(i)
            if back is not None and _agree(true[i], back.value):
                excuses.take()
                found[i : i + 1] = [replace(back, args=tuple(back.args[-1]), shares=())]
            elif i in missing:
                break
        return found

    def _again(self, calls) -> list[Reply]:
        """Ask with right functions in the place of the others."""
        if not calls:
            return []
        remote = getattr(self._function, "__course_with__", None)
        others = [SimpleNamespace(__name__=name) for name in self._others]
        calls = [Args(self._others, list(one.args), **one.kwargs) for one in calls]
        if remote is None:
            return replies(partial(probes.standing_in, self._function), calls)
        while True:
            where = remote("standing_in", *others)
            where.__name__ += "."  # it may have ended under its own name
            back = replies(where, calls)
            missing = [other for other in others if _is_missing(other.__name__, back)]
            if not missing:
                return back
            others = [other for other in others if other not in missing]


def _is_missing(name, back):
    """Whether nothing was asked, because there is no answer of this name."""
    value = back[0].value if back else None
    undefined = isinstance(value, Raised) and value.type_name == "NotDefined"
    return undefined and value.message == f"{name} is not defined"


def _result(function, one):
    try:
        return one.on(function)
    except ValueError as error:
        return Raised("ValueError", ("ValueError",), str(error))


def _agree(true, value):
    """Whether a result is right, its dtype included; a refusal, whatever it says."""
    if isinstance(true, Raised):
        return isinstance(value, Raised) and value.is_a(ValueError)
    several = isinstance(true, tuple) and isinstance(value, (tuple, list))
    pairs = zip(true, value, strict=False) if several else [(true, value)]
    kinds = [(t.dtype, getattr(v, "dtype", t.dtype)) for t, v in pairs if isinstance(t, np.ndarray)]
    tolerances = HALF if any(kind == np.float32 for kind, _ in kinds) else FULL
    return compare(true, value, *tolerances) is None and all(t == v for t, v in kinds)


def _stand_in(function):
    """Return a function as `probes.standing_in` takes it: lists are arrays to it, and dtypes are mixed."""

    def stand_in(*args, **kwargs):
        try:
            given = inspect.signature(function).bind(*args, **kwargs)
            arrays = {
                name: np.asarray(value)
                for name, value in given.arguments.items()
                if name not in ("stride", "padding", "dilation", "groups", "output_padding", "size")
            }
            kind = np.result_type(np.float32, *arrays.values())
            given.arguments |= {name: array.astype(kind) for name, array in arrays.items()}
            return True, function(*given.args, **given.kwargs)
        except ValueError as error:
            return False, str(error)

    return stand_in


def beyond(
    function: Callable,
    reference: Callable,
    calls: Iterable[Args],
    looks_like: Mapping[str, Callable | dict],
    given: Callable[..., Args],
    **options,
) -> None:
    """Check an answer against a function of the test's own, in the calls whose simpler ones it gets right.

    Unlike `course_utils.checks.against` with `given` it asks nothing where no simpler call is right: a visible
    table has told whether anything is.

    Parameters
    ----------
    function, reference, calls, looks_like, options
        As for `course_utils.checks.against`.
    given : callable
        Returns the `Args` of a simpler call, which is charged elsewhere, from the arguments of a call.

    Raises
    ------
    CheckFailed
    """
    calls = list(calls)
    simpler = [one.on(given) for one in calls]
    asked = once(function, [*simpler, *calls])
    right = right_about(asked, cases(reference, simpler), **options)
    calls = [one for one, fine in zip(calls, right, strict=True) if fine]
    against(asked, reference, calls, looks_like, **options)
