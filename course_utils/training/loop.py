"""Training by minibatches: one function, and the history that it leaves."""

import difflib
import math

import numpy as np

from course_utils.optim import UPDATES

EXPLODED = 3.0
"""A cost beyond this many times the first one stops the training."""


def train(
    net,
    x,
    y,
    x_val,
    y_val,
    learning_rate,
    reg,
    epochs,
    batch_size,
    rng,
    update="sgd",
    lr_decay=1.0,
    stop=True,
    watch=None,
):
    """Train a network by minibatches, and return what happened.

    Each epoch takes the examples in a new order; the last batch may be short. An interrupt (Ctrl-C, or
    the stop button of a notebook) ends the training and keeps what there is.

    Parameters
    ----------
    net : Net
        Or anything with ``params``, ``loss(x, y, reg)`` and ``predict(x)``; its parameters are changed.
    x : ndarray of shape (N, …)
        What the net takes. float32 keeps everything in float32, which is faster. The net gets each batch
        in the same array, so it must not keep one.
    y : ndarray of N ints
    x_val, y_val : ndarrays
        The validation set, which is only looked at.
    learning_rate : float
        Of the first epoch.
    reg : float
        Strength of the penalty, handed to ``net.loss``.
    epochs, batch_size : int
    rng : numpy.random.Generator
        Draws the orders.
    update : str
        The name of a rule of :data:`course_utils.optim.UPDATES`.
    lr_decay : float
        The learning rate is multiplied by it after each epoch.
    stop : bool
        Whether to stop when the cost is not finite, or more than 3 times that of the first step. That
        cost is recorded and its update skipped.
    watch : callable, optional
        Called as ``watch(history)`` after each step, and once more if training stops early.

    Returns
    -------
    dict
        ``loss``: the cost of each step, with the penalty, before the step's update.
        ``update_ratio``: for each update the mean of ‖Δw‖ / ‖w‖ over the weight matrices.
        ``train_accuracy``, ``val_accuracy``: of the whole sets, after each completed epoch.
        ``learning_rate``: of each epoch that was begun. ``steps``: how many there are in all epochs.
        ``stopped``: None, ``"exploded"``, ``"nan"`` (a cost that is not finite) or ``"interrupted"``.

    Raises
    ------
    ValueError
        If the rule is not known, if there are no examples, or if epochs or batch size are below 1.

    Examples
    --------
    >>> from course_utils.training import Net
    >>> rng = np.random.default_rng(0)
    >>> x = rng.normal(size=(60, 2))
    >>> y = (x[:, 0] > 0).astype(int)
    >>> data = x[:40], y[:40], x[40:], y[40:]
    >>> history = train(Net((2, 8, 2), rng), *data, 0.1, 0.0, epochs=20, batch_size=10, rng=rng)
    >>> len(history["loss"]), history["val_accuracy"][-1] > 0.8, history["stopped"]
    (80, True, None)
    """
    rule, x, y = _rule(update), np.ascontiguousarray(x), np.asarray(y)
    if len(x) == 0 or epochs < 1 or batch_size < 1:
        raise ValueError(
            f"training needs examples, epochs and a batch size of at least 1, got {len(x)} examples, "
            f"epochs={epochs}, batch_size={batch_size}"
        )
    history = {
        "loss": [],
        "update_ratio": [],
        "train_accuracy": [],
        "val_accuracy": [],
        "learning_rate": [],
        "steps": epochs * math.ceil(len(x) / batch_size),
        "stopped": None,
    }
    watch = watch or (lambda history: None)
    # Python's own floats take the type of an array; NumPy's float64 would turn float32 into float64.
    rate, reg = float(learning_rate), float(reg)
    states = {name: {"learning_rate": rate} for name in net.params}
    # One array for every batch: fresh memory each time takes longer than filling it.
    batch = np.empty((min(batch_size, len(x)), *x.shape[1:]), x.dtype)
    try:
        # What overflows is in the history, where it is looked for.
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in range(epochs):
                history["learning_rate"].append(rate)
                order = rng.permutation(len(x))
                for start in range(0, len(x), batch_size):
                    rows = order[start : start + batch_size]
                    images = np.take(x, rows, axis=0, out=batch[: len(rows)], mode="clip")
                    loss, grads = net.loss(images, y[rows], reg)
                    history["loss"].append(float(loss))
                    if stop and (reason := _reason(history["loss"])):
                        history["stopped"] = reason
                        watch(history)
                        return history
                    ratio = _step(net.params, grads, rule, states, rate)
                    history["update_ratio"].append(ratio)
                    if start + batch_size >= len(x):
                        shares = accuracy(net, x, y), accuracy(net, x_val, y_val)
                        history["train_accuracy"].append(shares[0])
                        history["val_accuracy"].append(shares[1])
                    watch(history)
                rate *= float(lr_decay)
    except KeyboardInterrupt:
        history["stopped"] = history["stopped"] or "interrupted"
        # It may have come between the two accuracies.
        del history["train_accuracy"][len(history["val_accuracy"]) :]
        watch(history)
    return history


def accuracy(net, x, y):
    """Share of the examples whose class the net predicts, from 0 to 1."""
    return float(np.mean(net.predict(x) == y))


def _rule(update):
    if update not in UPDATES:
        near = difflib.get_close_matches(str(update), UPDATES, 1)
        hint = f": did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"update must be one of {', '.join(UPDATES)}, got {update!r}{hint}")
    return UPDATES[update]


def _reason(losses):
    """Return why to stop after the last of these costs, or None."""
    if not math.isfinite(losses[-1]):
        return "nan"
    return "exploded" if losses[-1] > EXPLODED * losses[0] else None


def _step(params, grads, rule, states, rate):
    """Update all parameters, and return the mean ‖Δw‖ / ‖w‖ of the weight matrices."""
    new, ratios = {}, []
    for name, w in params.items():
        state = states[name] | {"learning_rate": rate}
        new[name], states[name] = rule(w, grads[name], state)
        if name.startswith("W"):
            ratios.append(_ratio(new[name] - w, w))
    params.update(new)
    return sum(ratios) / len(ratios) if ratios else 0.0


def _ratio(change, w):
    """Return ‖Δw‖ / ‖w‖; weights of 0 that move have moved infinitely far."""
    moved, size = float(np.linalg.norm(change)), float(np.linalg.norm(w))
    if size:
        return moved / size
    return math.inf if moved else 0.0
