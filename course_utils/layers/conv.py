"""Two-dimensional convolution, forward and backward.

"Convolution" is the cross-correlation of all frameworks: the kernel is not flipped. Which of the
formulations does the work is decided in :func:`formulation`: Winograd's makes rounding errors about ten
times as large as the others' (in float32 up to 2e-5 of the results' standard deviation).
"""

import numpy as np

from course_utils.layers import depthwise, lowered, pointwise, winograd
from course_utils.layers.arguments import floats, output_size, pair, per_channel, upstream
from course_utils.layers.blocks import Plan


def conv2d_forward(x, w, b=None, stride=1, padding=0, dilation=1, groups=1):
    """Convolve images with a bank of filters.

    ``out[n, f, y, x] = b[f] + sum over c, i, j of
    w[f, c, i, j] * padded[n, c, y * stride + i * dilation, x * stride + j * dilation]``,
    with c over the channels of the filter's group.

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W)
        float32 or float64; the results have its type.
    w : ndarray of shape (F, C / groups, KH, KW)
    b : ndarray of shape (F,), or None
    stride, padding, dilation : int or pair
    groups : int
        Divides C and F: filters of one group see only that group's channels. ``groups=C`` is the
        depthwise convolution.

    Returns
    -------
    out : ndarray of shape (N, F, OH, OW)
        Sizes as in :func:`course_utils.arithmetic.conv_output_size`.
    cache : tuple
        For :func:`conv2d_backward`.

    Raises
    ------
    ValueError
        If shapes or types do not fit together, or if the kernel is larger than the padded input.

    Examples
    --------
    >>> x = np.arange(12.0).reshape(1, 1, 3, 4)
    >>> conv2d_forward(x, np.ones((1, 1, 2, 2)), np.array([0.5]), stride=(1, 2))[0]
    array([[[[10.5, 18.5],
             [26.5, 34.5]]]])
    """
    x = floats("x", x, "(N, C, H, W)")
    w = floats("w", w, "(F, C / groups, KH, KW)", like=x.dtype)
    stride, dilation = pair("stride", stride), pair("dilation", dilation)
    padding = pair("padding", padding, least=0)
    _check_groups(x.shape, w.shape, groups)
    if b is not None:
        b = per_channel("b", b, len(w), x.dtype, "filter")
    size = output_size(x.shape, w.shape[2:], stride, padding, dilation)
    plan = Plan(w.shape[2:], stride, padding, dilation, groups, size)
    out = formulation(x.shape, len(w), plan).forward(x, w, b, plan)
    return out, (x, w, b is not None, plan)


def conv2d_backward(dout, cache):
    """Gradients of the loss with respect to x, w and b.

    Parameters
    ----------
    dout : ndarray of shape (N, F, OH, OW)
    cache : tuple
        Second result of :func:`conv2d_forward`.

    Returns
    -------
    dx, dw, db : ndarrays of the shapes of x, w and b
        ``db`` is None if ``b`` was.

    Raises
    ------
    ValueError
        If ``dout`` does not have the shape and type of the output.
    """
    x, w, has_bias, plan = cache
    dout = upstream(dout, (len(x), len(w), *plan.out_size), x.dtype)
    dx = backward_input(dout, w, x.shape, plan)
    dw = formulation(x.shape, len(w), plan).backward_weights(x, dout, plan)
    return dx, dw, dout.sum(axis=(0, 2, 3)) if has_bias else None


def formulation(x_shape, filters, plan):
    """Choose the module that does the work. The numbers are measured (benchmarks/layers_speed.py)."""
    n, channels, *_ = x_shape
    if plan.groups == channels > 1:
        return depthwise
    if plan.kernel == (1, 1) and plan.padding == (0, 0):
        return pointwise
    # Winograd transforms each channel of the images, which every filter and channel repays a little,
    # and once all weights, which every pixel repays a little.
    plain = plan.stride == plan.dilation == (1, 1) and plan.groups == 1
    pixels = n * plan.out_size[0] * plan.out_size[1]
    many = min(channels, filters) >= 32 and pixels >= 1024
    if plain and many and plan.kernel in ((3, 3), (5, 5)):
        return winograd
    return lowered


def backward_input(dout, w, x_shape, plan):
    """Return dx: at stride 1 a convolution of ``dout``, otherwise by scattering.

    Each input collects from every output whose window covers it. At stride 1 that is a convolution
    of the upstream gradients with the kernel rotated by 180 degrees and in- and outputs exchanged.
    A larger stride is stride 1 with outputs left out; putting zeros in their places costs little
    where, as in a depthwise layer, arithmetic is cheap.
    """
    (_, channels, height, width), filters = x_shape, len(w)
    module = formulation(x_shape, filters, plan)
    if module is pointwise:
        return pointwise.backward_input(dout, w, x_shape, plan)
    if module is depthwise and filters == channels and plan.stride != (1, 1):
        dout, plan = _with_zeros(dout, height, width, plan)
    if plan.stride != (1, 1):
        return lowered.backward_input(dout, w, x_shape, plan)
    rotated = w.reshape(plan.groups, -1, *w.shape[1:]).swapaxes(1, 2)[..., ::-1, ::-1]
    rotated = rotated.reshape(channels, -1, *plan.kernel)
    back = plan.transposed(height, width)
    module = formulation(dout.shape, channels, back)
    # Lowering dout costs per filter, and scattering its columns per channel of x.
    if module is lowered and 2 * channels < filters:
        return lowered.backward_input(dout, w, x_shape, plan)
    return module.forward(dout, rotated, None, back)


def _with_zeros(dout, height, width, plan):
    """Return ``dout`` with zeros for the outputs that the stride leaves out, and the plan of stride 1."""
    size = output_size(
        (*dout.shape[:2], height, width), plan.kernel, 1, plan.padding, plan.dilation
    )
    every = np.zeros((*dout.shape[:2], *size), dout.dtype)
    every[:, :, :: plan.stride[0], :: plan.stride[1]] = dout
    return every, plan._replace(stride=(1, 1), out_size=size)


def _check_groups(x_shape, w_shape, groups):
    """Refuse groups that do not divide the channels, and weights that are not made for x."""
    channels, filters = x_shape[1], w_shape[0]
    if isinstance(groups, bool) or not hasattr(groups, "__index__") or groups < 1:
        raise ValueError(f"groups must be an int of at least 1, got {groups!r}")
    if 0 in w_shape or channels == 0:
        raise ValueError(
            f"x of shape {x_shape} and w of shape {w_shape} must have no empty axis but N"
        )
    if channels % groups or filters % groups:
        raise ValueError(
            f"groups={groups} must divide the {channels} channels of x {x_shape} and the "
            f"{filters} filters of w {w_shape}"
        )
    if w_shape[1] != channels // groups:
        raise ValueError(
            f"w of shape {w_shape} takes {w_shape[1]} channels per group, but x of shape {x_shape} "
            f"has {channels} channels / groups={groups} = {channels // groups}"
        )
