"""What tests ask of an answer that trains a net.

It is called as ``train(net, x, y, x_val, y_val, learning_rate, reg, epochs, batch_size, rng, update="sgd",
lr_decay=1.0, stop=True)`` and returns a history, a dict of lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

import numpy as np

from course_utils.checks import excuses
from course_utils.checks.ask import Args, args, line_of, pair, replies
from course_utils.checks.derived import Derived
from course_utils.checks.message import CheckFailed, fail
from course_utils.checks.words import show
from course_utils.wire import Net, Raised

AFTERWARDS = "cost_afterwards"


def run(
    net: Net,
    examples: int = 4,
    batch_size: int = 2,
    epochs: int = 1,
    learning_rate: float = 0.25,
    reg: float = 0.0,
    val: Iterable[int] = (0, 9),
    seed: int = 0,
    **options,
) -> Args:
    """Return the arguments of one training.

    Parameters
    ----------
    net : Net
    examples : int
        How many: x holds their numbers, 0, 1, …, one feature each, and every label is 1.
    batch_size, epochs, learning_rate, reg
        As the answer gets them.
    val : iterable of int
        The numbers of the validation examples.
    seed : int
        Of the generator.
    options
        ``update``, ``lr_decay`` and ``stop``.
    """
    x, x_val = np.arange(examples)[:, None] * 1.0, np.array(list(val))[:, None] * 1.0
    labels, rng = (np.ones(len(rows), int) for rows in (x, x_val)), np.random.default_rng(seed)
    y, y_val = labels
    return args(net, x, y, x_val, y_val, learning_rate, reg, epochs, batch_size, rng, **options)


def runs(**rules: Callable) -> Callable:
    """Return `run`, which trains by the first of these rules that takes steps.

    A rule that takes none has cost its points elsewhere, and a training by it shows nothing. Where none does,
    all is asked as if the first did.

    Parameters
    ----------
    rules : callable
        Name → the student's own rule, ``rule(w, dw, state)``; the first is the one that trains by default.
    """
    first, *_ = rules
    name = next((name for name, rule in rules.items() if _takes_steps(rule)), first)
    if name == first:
        return run
    excuses.take()
    return partial(run, update=name)


def _takes_steps(rule):
    w, state = np.full((1, 1), 64.0), {"learning_rate": 0.25}
    for _ in range(2):
        try:
            new, state = step(rule, args(w, np.ones_like(w), state))
        except CheckFailed:
            return False
        if new.shape != w.shape or np.array_equal(new, w):
            return False
        w = new
    return True


def step(rule: Callable, one: Args) -> tuple[np.ndarray, dict]:
    """Take one step by a student's rule and return what the next one can be taken with.

    Raises
    ------
    CheckFailed
        If that is not weights, a finite array, and a state that has a learning rate.
    """
    w, state = pair(rule, *one.args)
    line = line_of(rule, one)
    if not isinstance(w, np.ndarray) or w.dtype.kind not in "fiu":
        fail("the first result is not w after a step", line, "an array", show(w))
    if not np.isfinite(w).all():
        fail("w is not finite after a step", line, "finite numbers", show(w))
    if not isinstance(state, dict) or "learning_rate" not in state:
        fail("the state has no learning rate", line, "a dict that has it", show(state))
    return w, state


def loop(net, x, y, x_val, y_val, learning_rate, reg, epochs, batch_size, rng, update="sgd",
         lr_decay=1.0, stop=True, late=False, factor=3.0, against=lambda costs: costs[0],
         after_stop=False):  # fmt: skip
    """Train with plain SGD, and return what `trained` asks for; the last four are for misconceptions.

    Parameters
    ----------
    late : bool
        Whether the cost is taken after the update.
    factor : float
        A cost above so many times another one stops the training.
    against : callable
        That other cost, of those so far.
    after_stop : bool
        Whether the step that stops it is updated.
    """
    costs, history = [], {"train_accuracy": [], "val_accuracy": [], "stopped": None}
    history["loss"] = costs
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            cost, grads = net.loss(x[rows], y[rows], reg)
            costs += [] if late else [cost]
            if stop and not np.isfinite(cost):
                history["stopped"] = "nan"
            elif stop and costs and cost > factor * against(costs):
                history["stopped"] = "exploded"
            if not history["stopped"] or after_stop:
                for name, gradient in grads.items():
                    step = learning_rate * lr_decay**epoch * gradient
                    net.params[name] = net.params[name] - step
            costs += [net.loss(x[rows], y[rows], reg)[0]] if late else []
            if history["stopped"]:
                return {**history, AFTERWARDS: net.loss(x, y)[0]}
        history["train_accuracy"].append(float(np.mean(net.predict(x) == y)))
        history["val_accuracy"].append(float(np.mean(net.predict(x_val) == y_val)))
    return {**history, AFTERWARDS: net.loss(x, y)[0]}


class _Trained(Derived):
    def __init__(self, train, keys):
        super().__init__(train)
        self.keys, self.part = keys, f"{self._of} trained {keys}".strip()

    def cut(self, result):
        if not isinstance(result, dict):
            return result
        return {key: result[key] for key in self.keys if key in result}

    def __course_calls__(self, calls):
        asked = [args(*positional, **named) for positional, named in calls]
        return [
            replace(back, value=self.cut(_with_cost(one, back)))
            for one, back in zip(asked, replies(self._function, asked), strict=False)
        ]


def _with_cost(one, back):
    """Return a history with the cost of the net as the call left it."""
    if not isinstance(back.value, dict):
        return back.value
    try:
        cost = _net_of(back).loss(*one.args[1:3])[0]
    except Exception as error:  # the params are whatever the answer has made of them
        cost = f"none: {error}"
    return {**back.value, AFTERWARDS: cost}


def trained(train: Callable, *keys: str) -> Derived:
    """Return an answer that trains with its history cut down to some entries, as a dict.

    There is one more entry than the answer has: ``cost_afterwards``, the cost without penalty of the net as
    the call has left it.
    """
    return _Trained(train, keys)


class _ParamsAfter(Derived):
    part = "params after"

    def __course_calls__(self, calls):
        asked = [args(*positional, **named) for positional, named in calls]
        return [
            back if isinstance(back.value, Raised) else replace(back, value=_net_of(back).params)
            for back in replies(self._function, asked)
        ]


def _net_of(back):
    return next(v for v in (*back.args, *back.kwargs.values()) if isinstance(v, Net))


def params_after(function: Callable) -> Derived:
    """Return an answer that is handed a net, with the params that it leaves there for its result."""
    return _ParamsAfter(function)
