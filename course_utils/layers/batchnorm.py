"""Batch normalisation, for features (1-D) and for feature maps (2-D)."""

import numpy as np

from course_utils.layers.arguments import floats, per_channel, upstream


def batchnorm1d_forward(x, gamma, beta, running, train, momentum=0.9, eps=1e-5):
    """Normalise each feature over the batch, then scale by gamma and shift by beta.

    ``out = gamma * (x - mean) / sqrt(var + eps) + beta``. In training, mean and variance are those
    of the batch (the variance is the biased one, divided by the number of values), and the
    running ones move towards them: ``new = momentum * old + (1 - momentum) * batch``. At test time
    the running ones are used. torch's ``momentum`` is the complement, 0.1 for 0.9, and its
    running variance is the unbiased one. Source: Ioffe and Szegedy, Batch normalization, 2015,
    https://arxiv.org/abs/1502.03167.

    Parameters
    ----------
    x : ndarray of shape (N, C)
    gamma, beta : ndarrays of shape (C,)
    running : dict
        ``{"mean": ndarray of shape (C,), "var": ndarray of shape (C,)}``; it is not changed.
    train : bool
        Whether to use, and learn from, the statistics of this batch.
    momentum : float
        Weight of the old running statistics, 0 to 1.
    eps : float
        Keeps a constant feature from dividing by zero.

    Returns
    -------
    out : ndarray of the shape of x
    cache : tuple
        For :func:`batchnorm1d_backward`.
    running : dict
        The new running statistics; at test time a copy of the old ones.

    Raises
    ------
    ValueError
        If a shape or a type does not fit, or if a batch to train on is empty.

    Examples
    --------
    >>> x = np.array([[1.0, 10.0], [3.0, 30.0]])
    >>> start = {"mean": np.zeros(2), "var": np.ones(2)}
    >>> out, _, running = batchnorm1d_forward(x, np.ones(2), np.zeros(2), start, train=True)
    >>> out.round(3)
    array([[-1., -1.],
           [ 1.,  1.]])
    >>> running["mean"].round(3), running["var"].round(3)
    (array([0.2, 2. ]), array([ 1. , 10.9]))
    """
    x = floats("x", x, "(N, C)")
    return _forward(x, gamma, beta, running, train, momentum, eps)


def batchnorm2d_forward(x, gamma, beta, running, train, momentum=0.9, eps=1e-5):
    """Normalise each channel over the batch and over all pixels.

    :func:`batchnorm1d_forward` with every pixel of every image as one more example: a feature map
    is the same feature seen in many places, so it shares one mean and one variance.

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W)
    gamma, beta, running, train, momentum, eps
        As for :func:`batchnorm1d_forward`.

    Returns
    -------
    out : ndarray of the shape of x
    cache : tuple
        For :func:`batchnorm2d_backward`.
    running : dict
        The new running statistics.

    Raises
    ------
    ValueError
        If a shape or a type does not fit, or if a batch to train on is empty.
    """
    x = floats("x", x, "(N, C, H, W)")
    return _forward(x, gamma, beta, running, train, momentum, eps)


def batchnorm1d_backward(dout, cache):
    """Gradients with respect to x, gamma and beta; the same function serves feature maps.

    Every x moves its own normalised value ``xhat`` and, in training, the mean and the variance of
    all. With m values per channel and sums over those values,

    ``dx = gamma / sqrt(var + eps) * (dout - dbeta / m - xhat * dgamma / m)``,

    where ``dbeta = sum(dout)`` and ``dgamma = sum(dout * xhat)``. The two subtracted terms take out
    what the layer does not let through: a common shift and a common scale. At test time mean and
    variance are constants and the two terms are absent.

    Parameters
    ----------
    dout : ndarray of the shape of the output
    cache : tuple
        Second result of the forward function.

    Returns
    -------
    dx, dgamma, dbeta : ndarrays of the shapes of x, gamma and beta

    Raises
    ------
    ValueError
        If ``dout`` does not have the shape and type of the output.
    """
    xhat, gamma, deviation, train = cache
    dout = upstream(dout, xhat.shape, xhat.dtype)
    axes, column = _axes(xhat)
    dbeta = dout.sum(axis=axes)
    dgamma = _sum_of_products(dout, xhat)
    scale = gamma / deviation
    if not train:
        return dout * column(scale), dgamma, dbeta
    values = xhat.size // len(gamma)
    dx = xhat * column(dgamma / values)
    np.subtract(dout, dx, out=dx)
    dx -= column(dbeta / values)
    dx *= column(scale)
    return dx, dgamma, dbeta


batchnorm2d_backward = batchnorm1d_backward


def _axes(x):
    """Axes to sum over (all but the channels), and a function that shapes (C,) to broadcast over x."""
    axes = (0, *range(2, x.ndim))
    return axes, lambda vector: vector.reshape(-1, *(1,) * (x.ndim - 2))


def _sum_of_products(a, b):
    """Sum of a * b per channel, without an array of the products."""
    letters = "nchw"[: a.ndim]
    return np.einsum(f"{letters},{letters}->c", a, b)


def _forward(x, gamma, beta, running, train, momentum, eps):
    channels = x.shape[1]
    gamma = per_channel("gamma", gamma, channels, x.dtype, "channel")
    beta = per_channel("beta", beta, channels, x.dtype, "channel")
    if not isinstance(running, dict) or set(running) != {"mean", "var"}:
        raise ValueError(f'running must be a dict with the keys "mean" and "var", got {running!r}')
    running = {
        name: per_channel(f'running["{name}"]', value, channels, x.dtype, "channel").copy()
        for name, value in running.items()
    }
    axes, column = _axes(x)
    if train:
        values = x.size // channels if channels else 0
        if values == 0:
            raise ValueError(f"x of shape {x.shape} has no values to take a mean of")
        mean = x.mean(axis=axes)
        xhat = x - column(mean)
        var = _sum_of_products(xhat, xhat) / values
        for name, batch in (("mean", mean), ("var", var)):
            running[name] = (momentum * running[name] + (1 - momentum) * batch).astype(x.dtype)
    else:
        mean, var = running["mean"], running["var"]
        xhat = x - column(mean)
    deviation = np.sqrt(var + x.dtype.type(eps))
    xhat /= column(deviation)
    out = xhat * column(gamma)
    out += column(beta)
    return out, (xhat, gamma, deviation, train), running
