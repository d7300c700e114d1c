"""Two-dimensional transposed convolution, forward and backward.

It is the way back of a convolution whose outputs are its inputs: forward is that convolution's gradient
with respect to its input, and backward is that convolution. So there is nothing to compute here that
:mod:`course_utils.layers.conv` does not compute already.
"""

from course_utils.arithmetic import transposed_output_size
from course_utils.layers.arguments import floats, pair, per_channel, upstream
from course_utils.layers.blocks import Plan
from course_utils.layers.conv import backward_input, conv2d_forward, formulation


def conv_transpose2d_forward(x, w, b=None, stride=1, padding=0, output_padding=0):
    """Lay copies of the kernels, scaled by the inputs, ``stride`` apart, and add them up.

    ``whole[n, f, y * stride + i, x * stride + j] += x[n, c, y, x] * w[c, f, i, j]``, for all c, y, x, i and
    j; then ``padding`` is cut off at each side, ``output_padding`` less at the end.

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W)
        float32 or float64; the results have its type.
    w : ndarray of shape (C, F, KH, KW)
        In- and output channels the other way round than in a convolution, as in torch.
    b : ndarray of shape (F,), or None
    stride, padding, output_padding : int or pair
        ``output_padding`` is less than ``stride``.

    Returns
    -------
    out : ndarray of shape (N, F, OH, OW)
        Sizes as in :func:`course_utils.arithmetic.transposed_output_size`.
    cache : tuple
        For :func:`conv_transpose2d_backward`.

    Raises
    ------
    ValueError
        If shapes or types do not fit together, or if the padding leaves nothing.

    Source: Long, Shelhamer and Darrell 2015; Dumoulin and Visin 2016, chapter 4.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[[[2.0, 1.0, 3.0]]]])
    >>> conv_transpose2d_forward(x, np.array([[[[1.0, 2.0, 1.0]]]]), stride=(1, 2))[0]
    array([[[[2., 4., 3., 2., 4., 6., 3.]]]])
    """
    x = floats("x", x, "(N, C, H, W)")
    w = floats("w", w, "(C, F, KH, KW)", like=x.dtype)
    stride, padding = pair("stride", stride), pair("padding", padding, least=0)
    beyond = pair("output_padding", output_padding, least=0)
    if 0 in w.shape or 0 in x.shape[1:]:
        raise ValueError(
            f"x of shape {x.shape} and w of shape {w.shape} must have no empty axis but N"
        )
    if w.shape[0] != x.shape[1]:
        raise ValueError(
            f"w of shape {w.shape} takes {w.shape[0]} channels, but x of shape {x.shape} has {x.shape[1]}"
        )
    if any(a >= s for a, s in zip(beyond, stride, strict=True)):
        raise ValueError(f"output_padding={beyond} must be less than stride={stride}")
    if b is not None:
        b = per_channel("b", b, w.shape[1], x.dtype, "output channel")
    axes = zip(x.shape[2:], w.shape[2:], stride, padding, beyond, strict=True)
    size = tuple(transposed_output_size(*axis) for axis in axes)
    # The convolution from the output to x, of which this is the way back.
    plan = Plan(w.shape[2:], stride, padding, (1, 1), 1, x.shape[2:])
    out = backward_input(x, w, (len(x), w.shape[1], *size), plan)
    if b is not None:
        out += b[:, None, None]
    return out, (x, w, b is not None, plan, out.shape)


def conv_transpose2d_backward(dout, cache):
    """Gradients of the loss with respect to x, w and b.

    Parameters
    ----------
    dout : ndarray of shape (N, F, OH, OW)
    cache : tuple
        Second result of :func:`conv_transpose2d_forward`.

    Returns
    -------
    dx, dw, db : ndarrays of the shapes of x, w and b
        ``db`` is None if ``b`` was.

    Raises
    ------
    ValueError
        If ``dout`` does not have the shape and type of the output.
    """
    x, w, has_bias, plan, out_shape = cache
    dout = upstream(dout, out_shape, x.dtype)
    dx, _ = conv2d_forward(dout, w, None, plan.stride, plan.padding)
    dw = formulation(out_shape, len(w), plan).backward_weights(dout, x, plan)
    return dx, dw, dout.sum(axis=(0, 2, 3)) if has_bias else None
