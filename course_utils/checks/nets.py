"""Nets that a test hands to what checks or trains one: small enough to compute by hand.

Each is a `course_utils.wire.Net`: its parameters are where the answer runs, its loss and predictions here.

>>> import numpy as np
>>> net = line(3.0)
>>> net.loss(np.array([[1.0], [5.0]]), None, reg=2.0)
(18.0, {'W1': array([[9.]]), 'b1': array([1.])})
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from course_utils import layers
from course_utils.wire import Net


def net(params: Mapping, classes: int, loss: Callable, predict: Callable, about: str = "") -> Net:
    """Make a net; see `course_utils.wire.Net`."""
    return Net(dict(params), classes, loss, predict, about)


# -- nets that can be computed by hand -------------------------------------------------------------
def line(w: float, classes: int = 2, b: float = 0.0, half: float = 0.5) -> Net:
    """Return a net whose cost is the mean of ``w * x + b``, a straight line, plus ``half * reg * w**2``.

    Its parameters are W1, of shape (1, 1), and b1, of shape (1,); x is of shape (N, 1), y is not looked at.
    A row is of class 1 where its cost is above 0.
    """

    @np.errstate(all="ignore")  # a net that diverges is a case, not a warning
    def loss(params, x, y, reg):
        w, b = params["W1"], params["b1"]
        cost = float(np.mean(x @ w + b)) + half * reg * float(np.sum(w**2))
        return cost, {"W1": np.mean(x, axis=0)[:, None] + 2 * half * reg * w, "b1": np.ones(1)}

    def predict(params, x):
        return (x @ params["W1"] + params["b1"] > 0)[:, 0].astype(int)

    params = {"W1": np.array([[float(w)]]), "b1": np.array([float(b)])}
    about = f"whose cost is the mean of w * x + b, plus {half:g} * reg * w**2; w = {w:g}, b = {b:g}"
    return Net(params, classes, loss, predict, about)


def softmax(params: Mapping, classes: int) -> Net:
    """Return a net of linear layers with ReLU between them, under a softmax.

    Parameters
    ----------
    params : mapping of str to ndarray
        W1, b1, W2, b2, …; other names are parameters that change nothing.
    classes : int
    """
    layers_of = sum(name.startswith("W") for name in params)
    about = f"of {layers_of} {'layers' if layers_of > 1 else 'layer'} under a softmax"

    def forward(params, x):
        outs = [x]
        for i in range(1, layers_of + 1):
            outs.append(outs[-1] @ params[f"W{i}"] + params[f"b{i}"])
            outs[-1] = np.maximum(outs[-1], 0) if i < layers_of else outs[-1]
        return outs

    @np.errstate(all="ignore")  # a net that diverges is a case, not a warning
    def loss(params, x, y, reg):
        outs = forward(params, x)
        cost, dout = layers.softmax_loss(outs[-1], y)
        grads = {name: np.zeros_like(value) for name, value in params.items()}
        for i in range(layers_of, 0, -1):
            w = params[f"W{i}"]
            grads[f"W{i}"], grads[f"b{i}"] = outs[i - 1].T @ dout + reg * w, dout.sum(axis=0)
            dout = dout @ w.T * (outs[i - 1] > 0)
            cost += 0.5 * reg * float(np.sum(w**2))
        return cost, grads

    return Net(
        dict(params), classes, loss, lambda params, x: forward(params, x)[-1].argmax(1), about
    )


def bowl(params: Mapping) -> Net:
    """Return a net whose cost is the sum of its squared parameters: the gradient of each is twice itself."""

    @np.errstate(all="ignore")  # as above
    def loss(params, x, y, reg):
        cost = sum(float(np.sum(value**2)) for value in params.values())
        return cost, {name: 2 * value for name, value in params.items()}

    about = "whose cost is the sum of its squared parameters"
    return Net(dict(params), 2, loss, lambda params, x: np.zeros(len(x), int), about)


class _Script:
    """Costs that are known in advance: number k is the cost after k updates, whoever asks and how often."""

    def __init__(self, costs, start):
        self.costs, self.start = list(costs), start
        self.latest, self.updates = start, 0

    def look(self, params):
        now = np.concatenate([np.ravel(value) for value in params.values()])
        if np.array_equal(now, self.start):
            self.updates = 0  # a new training
        elif not np.array_equal(now, self.latest):
            self.updates += 1
        self.latest = now

    def loss(self, params, x, y, reg):
        self.look(params)
        cost = self.costs[min(self.updates, len(self.costs) - 1)] + reg
        return cost, {name: np.ones_like(value) for name, value in params.items()}

    def predict(self, params, x):
        self.look(params)
        return (x[:, 0] < self.updates).astype(int)


def scripted(costs: Iterable[float]) -> Net:
    """Return a net whose costs are known in advance, so that nothing hangs on how it is updated.

    After k updates the cost is ``costs[k] + reg`` (the last one for good), every entry of the gradient 1, and a
    row of class 1 where ``x[0]`` is below k, of class 0 elsewhere.
    """
    costs = list(map(float, costs))
    params = {"W1": np.full((1, 1), 64.0)}
    script = _Script(costs, np.full(1, 64.0))
    shown = ", ".join(f"{cost:g}" for cost in costs[:8]) + (", …" if len(costs) > 8 else "")
    about = f"whose cost after 0, 1, 2, … updates is {shown}, plus reg"
    return Net(params, 2, script.loss, script.predict, about)
