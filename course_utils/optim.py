"""Update rules: from a parameter and its gradient to the next value of the parameter.

Every rule is a function ``w, state = rule(w, dw, state)`` that changes none of its arguments. The state
belongs to one parameter. It starts as a dict of hyperparameters and comes back with what the
rule remembers between steps:

==================  ========  ===============================  =====================
hyperparameter      default   rules                            written
==================  ========  ===============================  =====================
``learning_rate``   none      all                              η
``momentum``        0.9       :func:`momentum`,                μ
                              :func:`nesterov`
``decay_rate``      0.99      :func:`rmsprop`                  ρ
``beta1``           0.9       :func:`adam`                     β₁
``beta2``           0.999     :func:`adam`                     β₂
``epsilon``         1e-8      :func:`rmsprop`, :func:`adam`    ε
==================  ========  ===============================  =====================

>>> w, state = np.array([1.0, -2.0]), {"learning_rate": 0.5}
>>> for _ in range(2):
...     w, state = momentum(w, w, state)  # the gradient of ½‖w‖² is w
>>> w
array([-0.2,  0.4])
"""

import numpy as np


def sgd(w, dw, state):
    """Take a step against the gradient: ``w - η * dw``.

    Parameters
    ----------
    w, dw : ndarrays of the same shape, float32 or float64
        A parameter and the gradient of the loss with respect to it.
    state : dict
        ``learning_rate``; other keys are kept.

    Returns
    -------
    w : ndarray of the shape and type of w
    state : dict
        For the next step of this parameter.

    Raises
    ------
    ValueError
        If ``dw`` does not have the shape of ``w``, if they are not floats, or if the state has no learning
        rate.

    Examples
    --------
    >>> sgd(np.array([1.0, 2.0]), np.array([0.5, -1.0]), {"learning_rate": 0.5})[0]
    array([0.75, 2.5 ])
    """
    w, dw, rate = _checked(w, dw, state)
    return w - rate * dw, dict(state)


def momentum(w, dw, state):
    """Step along a velocity that gathers the gradients: ``v = μ * v + dw``, then ``w - η * v``.

    A gradient that stays the same makes steps up to 1 / (1 - μ) times as long; one that changes its
    sign nearly cancels out. The velocity holds gradients and not steps, as in torch: as long as η stays
    the same, ``v = μ * v - η * dw; w + v`` gives the same weights. Source: Polyak, Some methods of
    speeding up the convergence of iteration methods, 1964,
    https://doi.org/10.1016/0041-5553(64)90137-5.

    Parameters
    ----------
    w, dw : ndarrays of the same shape, float32 or float64
    state : dict
        ``learning_rate``, ``momentum`` (0.9), and from the second step on ``velocity``.

    Returns
    -------
    w : ndarray of the shape and type of w
    state : dict

    Raises
    ------
    ValueError
        As for :func:`sgd`, and if the velocity is that of a parameter of another shape.
    """
    w, dw, rate = _checked(w, dw, state)
    velocity = state.get("momentum", 0.9) * _buffer(state, "velocity", w) + dw
    return w - rate * velocity, {**state, "velocity": velocity}


def nesterov(w, dw, state):
    """Look one step ahead along the velocity: ``v = μ * v + dw``, then ``w - η * (dw + μ * v)``.

    Nesterov takes the gradient where the velocity is about to carry the weights. Here the parameter that
    is stored is that point ahead, so that the gradient is taken at ``w`` as in every other rule. This is
    torch's form too. Source: Sutskever, Martens, Dahl and Hinton, On the importance of initialization
    and momentum in deep learning, 2013, https://proceedings.mlr.press/v28/sutskever13.html.

    Parameters
    ----------
    w, dw : ndarrays of the same shape, float32 or float64
    state : dict
        ``learning_rate``, ``momentum`` (0.9), and from the second step on ``velocity``.

    Returns
    -------
    w : ndarray of the shape and type of w
    state : dict

    Raises
    ------
    ValueError
        As for :func:`momentum`.
    """
    w, dw, rate = _checked(w, dw, state)
    mu = state.get("momentum", 0.9)
    velocity = mu * _buffer(state, "velocity", w) + dw
    return w - rate * (dw + mu * velocity), {**state, "velocity": velocity}


def rmsprop(w, dw, state):
    """Divide by the root of a running mean of squared gradients, each weight by its own.

    ``s = ρ * s + (1 - ρ) * dw ** 2``, then ``w - η * dw / (sqrt(s) + ε)``. The mean starts at 0 and is
    not corrected for it: the first step has length η / sqrt(1 - ρ), ten times η for 0.99. Source:
    Tieleman and Hinton, Lecture 6.5, Neural networks for machine learning, 2012,
    https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf.

    Parameters
    ----------
    w, dw : ndarrays of the same shape, float32 or float64
    state : dict
        ``learning_rate``, ``decay_rate`` (0.99), ``epsilon`` (1e-8), and from the second step on
        ``mean_square``.

    Returns
    -------
    w : ndarray of the shape and type of w
    state : dict

    Raises
    ------
    ValueError
        As for :func:`sgd`, and if the mean is that of a parameter of another shape.
    """
    w, dw, rate = _checked(w, dw, state)
    square = _average(_buffer(state, "mean_square", w), dw * dw, state.get("decay_rate", 0.99))
    step = rate * dw / (np.sqrt(square) + state.get("epsilon", 1e-8))
    return w - step, {**state, "mean_square": square}


def adam(w, dw, state):
    """Divide a running mean of gradients by the root of one of their squares.

    ``m = β₁ * m + (1 - β₁) * dw`` and ``s = β₂ * s + (1 - β₂) * dw ** 2`` start at 0, and after t steps hold
    only ``1 - β ** t`` of a mean. Divided by that they are means from the first step on:
    ``w - η * m̂ / (sqrt(ŝ) + ε)``. Source: Kingma and Ba, Adam, 2015, https://arxiv.org/abs/1412.6980,
    algorithm 1.

    Parameters
    ----------
    w, dw : ndarrays of the same shape, float32 or float64
    state : dict
        ``learning_rate``, ``beta1`` (0.9), ``beta2`` (0.999), ``epsilon`` (1e-8), and from the second
        step on ``mean``, ``mean_square`` and ``steps``.

    Returns
    -------
    w : ndarray of the shape and type of w
    state : dict

    Raises
    ------
    ValueError
        As for :func:`rmsprop`.
    """
    w, dw, rate = _checked(w, dw, state)
    beta1, beta2 = state.get("beta1", 0.9), state.get("beta2", 0.999)
    steps = state.get("steps", 0) + 1
    mean = _average(_buffer(state, "mean", w), dw, beta1)
    square = _average(_buffer(state, "mean_square", w), dw * dw, beta2)
    root = np.sqrt(square / (1 - beta2**steps)) + state.get("epsilon", 1e-8)
    new = w - rate * (mean / (1 - beta1**steps)) / root
    return new, {**state, "mean": mean, "mean_square": square, "steps": steps}


UPDATES = {rule.__name__: rule for rule in (sgd, momentum, nesterov, rmsprop, adam)}


def _checked(w, dw, state):
    """Return a parameter, its gradient and the learning rate; complain about what does not fit."""
    w, dw = np.asarray(w), np.asarray(dw)
    for name, array in (("w", w), ("dw", dw)):
        if array.dtype not in (np.float32, np.float64):
            raise ValueError(f"{name} must be float32 or float64, got {array.dtype}")
    if dw.shape != w.shape or dw.dtype != w.dtype:
        raise ValueError(
            f"dw is {dw.dtype} of shape {dw.shape} and w {w.dtype} of shape {w.shape}: the gradient has the "
            "shape and type of its parameter"
        )
    if "learning_rate" not in state:
        raise ValueError(f'state needs a "learning_rate", its keys are {sorted(state)}')
    return w, dw, state["learning_rate"]


def _buffer(state, name, w):
    """Return what the state remembers under a name, zeros before the first step."""
    buffer = state.get(name)
    if buffer is None:
        return np.zeros_like(w)
    if buffer.shape != w.shape:
        raise ValueError(
            f'state["{name}"] has shape {buffer.shape} and w has {w.shape}: each parameter needs a state of '
            "its own"
        )
    return buffer


def _average(old, new, keep):
    """Move a running mean towards a new value; ``keep`` is the weight of the old one."""
    return keep * old + (1 - keep) * new
