"""The softmax loss."""

import numpy as np

from course_utils.layers.arguments import floats


def softmax_loss(scores, y):
    """Mean cross-entropy of the softmax of the scores, and its gradient.

    With probabilities ``p = exp(scores) / sum(exp(scores))`` of each row, the loss is the mean of
    ``-log p[y]`` and the gradient ``(p - onehot(y)) / N``: what is predicted minus what is true.
    Subtracting the largest score of each row changes no probability and keeps ``exp`` from
    overflowing; taking ``log`` of the sum, not of p, keeps small probabilities from becoming log 0.

    Parameters
    ----------
    scores : ndarray of shape (N, classes)
    y : ndarray of N ints
        The right classes, from 0 to classes - 1.

    Returns
    -------
    loss : float
        0.0 for an empty batch.
    dscores : ndarray of shape (N, classes)

    Raises
    ------
    ValueError
        If the scores are not float32 or float64, or if y is not one class per row.

    Examples
    --------
    >>> loss, dscores = softmax_loss(np.array([[0.0, 0.0], [1000.0, 0.0]]), np.array([1, 0]))
    >>> round(loss, 4)
    0.3466
    >>> dscores
    array([[ 0.25, -0.25],
           [ 0.  ,  0.  ]])
    """
    scores, y = floats("scores", scores, "(N, classes)"), np.asarray(y)
    n, classes = scores.shape
    if y.shape != (n,) or (n and not np.issubdtype(y.dtype, np.integer)):
        raise ValueError(
            f"y must be {n} ints, one class for each row of scores {scores.shape}, "
            f"got shape {y.shape} of {y.dtype}"
        )
    if n == 0:
        return 0.0, np.zeros_like(scores)
    if y.min() < 0 or y.max() >= classes:
        raise ValueError(
            f"y must be classes from 0 to {classes - 1}, as scores has shape {scores.shape}, "
            f"got {y.min()} to {y.max()}"
        )
    shifted = scores - scores.max(axis=1, keepdims=True)
    dscores = np.exp(shifted)
    totals = dscores.sum(axis=1, keepdims=True)
    rows = np.arange(n)
    loss = float(np.mean(np.log(totals[:, 0]) - shifted[rows, y]))
    dscores /= totals
    dscores[rows, y] -= 1
    dscores /= n
    return loss, dscores
