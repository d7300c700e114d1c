"""Dropout."""

from course_utils.layers.arguments import floats, upstream


def dropout_forward(x, p, train, rng=None):
    """Zero each entry with probability p and divide the others by 1 - p (inverted dropout).

    The division keeps the expected value of every entry, so that at test time nothing is left to
    do. Source: Srivastava et al., Dropout, JMLR 15, 2014, https://jmlr.org/papers/v15/srivastava14a.html.

    Parameters
    ----------
    x : ndarray of any shape
    p : float
        Probability of dropping an entry, at least 0 and below 1.
    train : bool
        Whether to drop; at test time the output is a copy of x.
    rng : numpy.random.Generator
        Where the random numbers come from; may be left out at test time.

    Returns
    -------
    out : ndarray of the shape of x
    cache : tuple
        For :func:`dropout_backward`.

    Raises
    ------
    ValueError
        If p is not a probability below 1, if there is no rng to train with, or if x is not
        float32 or float64.

    Examples
    --------
    >>> import numpy as np
    >>> dropout_forward(np.ones(6), p=0.5, train=True, rng=np.random.default_rng(1))[0]
    array([2., 2., 0., 2., 0., 0.])
    """
    x = floats("x", x)
    if not 0 <= p < 1:
        raise ValueError(f"p is the probability of dropping an entry: 0 <= p < 1, got {p}")
    if not train:
        return x.copy(), (x.shape, x.dtype, None)
    if not hasattr(rng, "random"):
        raise ValueError(
            f"dropout at train time needs rng=np.random.default_rng(seed), got {rng!r}"
        )
    scale = (rng.random(x.shape, x.dtype) >= p) * x.dtype.type(1 / (1 - p))
    return x * scale, (x.shape, x.dtype, scale)


def dropout_backward(dout, cache):
    """Send the gradient through the entries that were kept, with the same factor.

    Parameters
    ----------
    dout : ndarray of the shape of the output
    cache : tuple
        Second result of :func:`dropout_forward`.

    Returns
    -------
    dx : ndarray of the shape of x

    Raises
    ------
    ValueError
        If ``dout`` does not have the shape and type of the output.
    """
    shape, dtype, scale = cache
    dout = upstream(dout, shape, dtype)
    return dout.copy() if scale is None else dout * scale
