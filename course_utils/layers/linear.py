"""The linear (fully connected) layer."""

import numpy as np

from course_utils.layers.arguments import floats, per_channel, upstream


def linear_forward(x, w, b=None):
    """Multiply every example with the weights and add the bias: ``out = x @ w + b``.

    Parameters
    ----------
    x : ndarray of shape (N, in_features) or (N, ...)
        Further axes are flattened in their order, so that images (N, C, H, W) can follow a pool.
    w : ndarray of shape (in_features, out_features)
        The transpose of ``torch.nn.Linear.weight``.
    b : ndarray of shape (out_features,), or None

    Returns
    -------
    out : ndarray of shape (N, out_features)
    cache : tuple
        For :func:`linear_backward`.

    Raises
    ------
    ValueError
        If a shape or a type does not fit.

    Examples
    --------
    >>> out, _ = linear_forward(np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]), np.array([0.5]))
    >>> out
    array([[11.5]])
    """
    x, w = floats("x", x), floats("w", w, "(in_features, out_features)", like=x.dtype)
    if x.ndim < 2:
        raise ValueError(f"x must have the axes (N, in_features) or (N, ...), got shape {x.shape}")
    rows = x.reshape(x.shape[0], int(np.prod(x.shape[1:])))
    if rows.shape[1] != w.shape[0]:
        raise ValueError(
            f"x of shape {x.shape} has {rows.shape[1]} features per example, but w of shape "
            f"{w.shape} takes in_features={w.shape[0]}"
        )
    out = rows @ w
    if b is not None:
        out += per_channel("b", b, w.shape[1], x.dtype, "output feature")
    return out, (x, w, b is not None)


def linear_backward(dout, cache, need_dx=True):
    """Gradients of the loss with respect to x, w and b.

    ``out = x @ w + b`` gives ``dx = dout @ w.T`` (each input collects from all outputs that it
    feeds), ``dw = x.T @ dout`` and ``db`` the sum of ``dout`` over the batch.

    Parameters
    ----------
    dout : ndarray of shape (N, out_features)
    cache : tuple
        Second result of :func:`linear_forward`.
    need_dx : bool
        Whether anybody asks for ``dx``; the first layer of a network saves a third of its work.

    Returns
    -------
    dx, dw, db : ndarrays of the shapes of x, w and b
        ``db`` is None if ``b`` was, and ``dx`` if it is not needed.

    Raises
    ------
    ValueError
        If ``dout`` does not have the shape and type of the output.
    """
    x, w, has_bias = cache
    dout = upstream(dout, (x.shape[0], w.shape[1]), x.dtype)
    dx = (dout @ w.T).reshape(x.shape) if need_dx else None
    dw = x.reshape(x.shape[0], w.shape[0]).T @ dout
    return dx, dw, dout.sum(axis=0) if has_bias else None
