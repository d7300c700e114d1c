"""A network built on a loss of the student's own: a fault of the loss is charged where that is tested."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from course_utils import layers
from course_utils.checks import excuses
from course_utils.checks.ask import Args, ask_all, replies
from course_utils.checks.compare import compare
from course_utils.checks.derived import Derived
from course_utils.wire import Raised

SAME = (1e-9, 1e-12)  # tolerances


def with_right_loss(two_layer_net: Callable, softmax_loss: Callable) -> Derived:
    """Return a question about a two-layer net, as if the `softmax_loss` beside it were right.

    What the net gives, where it is what the right layers around the student's own wrong `softmax_loss` give, is
    replaced by what they give around the right one: the loss and each gradient for itself. All else stays.

    Parameters
    ----------
    two_layer_net, softmax_loss : callable
        Two answers: ``(x, y, params, reg)`` and ``(scores, y)``, each returning a loss and gradients.
    """
    return _WithRightLoss(two_layer_net, softmax_loss)


def penalty(two_layer_net: Callable) -> Derived:
    """Return a question about what the penalty adds to the loss and to each gradient of a two-layer net.

    Each call is asked with its `reg` and with none. References and misconceptions give the difference.

    Parameters
    ----------
    two_layer_net : callable
        An answer or a question: ``(x, y, params, reg)``, returning a loss and a dict of gradients.
    """
    return _Penalty(two_layer_net)


def reference(x, y, params, reg, softmax_loss=layers.softmax_loss):
    """Linear, ReLU, linear, softmax: the loss with its penalty, and the gradients."""
    hidden, first = layers.linear_forward(x, params["W1"], params["b1"])
    active, relu = layers.relu_forward(hidden)
    scores, second = layers.linear_forward(active, params["W2"], params["b2"])
    loss, dscores = softmax_loss(scores, y)
    dactive, dw2, db2 = layers.linear_backward(dscores, second)
    _, dw1, db1 = layers.linear_backward(layers.relu_backward(dactive, relu), first)
    weights = {"W1": dw1, "W2": dw2}
    loss = loss + reg / 2 * sum(np.sum(params[key] ** 2) for key in weights)
    return loss, {key: dw + reg * params[key] for key, dw in weights.items()} | {
        "b1": db1,
        "b2": db2,
    }


class _WithRightLoss(Derived):
    def __init__(self, net, softmax_loss):
        super().__init__(net)
        self._softmax_loss = softmax_loss

    def __course_calls__(self, calls):
        asked = [Args(*positional, **named) for positional, named in calls]
        found = replies(self._function, asked)
        true = [one.on(reference) for one, _ in zip(asked, found, strict=False)]
        wrong = [i for i, back in enumerate(found) if compare(true[i], back.value, *SAME)]
        for i, own in zip(wrong, self._own([asked[i] for i in wrong]), strict=True):
            value = _exchanged(found[i].value, own, true[i])
            if value is not found[i].value:
                excuses.take()
                found[i] = replace(found[i], value=value)
        return found

    def _own(self, calls):
        """Return what the right layers give around the student's loss; None where that is right, or no loss."""
        given = []  # what goes into the loss

        def keep(scores, y):
            given.append(Args(scores, y))
            return layers.softmax_loss(scores, y)

        for one in calls:
            one.on(lambda *args, **named: reference(*args, **named, softmax_loss=keep))
        made = [back.value for _, back in ask_all(self._softmax_loss, given)] if given else []
        made += [None] * (len(calls) - len(made))
        return [_around(*row) for row in zip(calls, given, made, strict=True)]


def _around(one, given, value):
    """Return what the right layers give around a loss that gives `value`; None where it is right."""
    pair = isinstance(value, (list, tuple)) and len(value) == 2
    if not pair or compare(given.on(layers.softmax_loss), value, *SAME) is None:
        return None
    try:
        dscores = np.asarray(value[1], dtype=float)
        with np.errstate(all="ignore"):
            return one.on(
                lambda *args, **named: reference(
                    *args, **named, softmax_loss=lambda *_: (value[0], dscores)
                )
            )
    except Exception:  # whatever comes out of a wrong loss
        return None


def _exchanged(got, own, true):
    """Return a result with the right parts in place of those that a wrong loss explains."""
    if (
        own is None
        or isinstance(got, Raised)
        or not isinstance(got, (list, tuple))
        or len(got) != 2
    ):
        return got
    loss, grads = got
    explained = compare(own[0], loss, *SAME) is None
    fitting = isinstance(grads, dict) and {
        key for key in own[1] if key in grads and compare(own[1][key], grads[key], *SAME) is None
    }
    if not explained and not fitting:
        return got
    fixed = (
        {key: true[1][key] if key in fitting else grads[key] for key in grads} if fitting else grads
    )
    return (true[0] if explained else loss), fixed


class _Penalty(Derived):
    def __init__(self, function):
        super().__init__(function)
        self.part = f"{self._of} penalty".strip()

    def __course_calls__(self, calls):
        asked = [Args(*positional, **named) for positional, named in calls]
        without = [Args(*one.args[:3], 0.0, **one.kwargs) for one in asked]
        found = replies(
            self._function, [each for pair in zip(asked, without, strict=True) for each in pair]
        )
        rows = zip(asked, found[::2], found[1::2], strict=False)
        return [
            replace(back, value=_difference(back.value, plain.value, one))
            for one, back, plain in rows
        ]

    def __course_line__(self, one):
        return f"{super().__course_line__(one)}, less the same with reg 0"


def _difference(value, plain, one):
    """Return what a result has more than another, or the first if they cannot be compared."""
    params = next(part for part in (*one.args, *one.kwargs.values()) if isinstance(part, dict))
    try:
        (loss, grads), (before, grads_before) = value, plain
        with np.errstate(all="ignore"):  # infinities of a wrong answer
            found = {key: np.subtract(grads[key], grads_before[key]) for key in grads}
        if {"W1", "W2"} <= found.keys() < params.keys():  # what is missing is charged elsewhere
            excuses.take()
            found |= {key: np.zeros(params[key].shape) for key in params.keys() - found.keys()}
        for key in found.keys() & params.keys():
            if found[key].shape != params[key].shape:  # and so is a wrong shape
                excuses.take()
                found[key] = np.resize(found[key], params[key].shape)
        return loss - before, found
    except Exception:  # one of them is not what the contract says: it is shown as it is
        return value
