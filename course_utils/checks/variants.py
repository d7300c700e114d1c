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
from collections.abc import Callable

import numpy as np

from course_utils.checks import stand_ins
from course_utils.checks.ask import name_of
from course_utils.checks.compare import compare
from course_utils.checks.derived import Derived
from course_utils.layers import deformable, variants
from course_utils.wire import Raised

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
    name = name_of(function)
    # Cells run in their order: what stands below is not there yet.
    before = itertools.takewhile(name.__ne__, RIGHT)
    others = {other: _converting(RIGHT[other]) for other in before}

    def agrees(one, value):
        return _agree(_result(RIGHT[name], one), value)

    return stand_ins.on_its_own(function, RIGHT[name], others, agrees=agrees, near=HALF)


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


def _converting(function):
    """Return a function to which lists are arrays, and whose arguments have one dtype."""

    def converting(*args, **kwargs):
        given = inspect.signature(function).bind(*args, **kwargs)
        arrays = {
            name: np.asarray(value)
            for name, value in given.arguments.items()
            if name not in ("stride", "padding", "dilation", "groups", "output_padding", "size")
        }
        kind = np.result_type(np.float32, *arrays.values())
        given.arguments |= {name: array.astype(kind) for name, array in arrays.items()}
        return function(*given.args, **given.kwargs)

    return converting
