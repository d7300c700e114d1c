"""What the steps of a training do: which examples each sees, and by which rule it changes the parameters.

The answer is called as `course_utils.checks.training` says.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping

import numpy as np

from course_utils.checks import excuses
from course_utils.checks.ask import args, fail_raised, line_of, name_of, replies
from course_utils.checks.compare import compare
from course_utils.checks.message import CheckFailed, fail
from course_utils.checks.nets import bowl
from course_utils.checks.training import run, step
from course_utils.checks.words import show
from course_utils.wire import Net, Raised

# -- which examples a step sees --------------------------------------------------------------------
NEVER = "validation examples in a step: they are there to be predicted"
LEFT_OUT = "drawing each batch anew: an example then comes twice, and another not at all"
AS_GIVEN = "slices of x as it stands: rng.permutation(len(x)) gives another order"
IN_PLACE = "shuffling in place: draw an order of the rows, and take x[rows] of it"
ONCE = "one order for the whole training: draw another one in each epoch"
BLOCKS = "the same batches in another order: shuffle the examples, not the batches"
APART = "x and y shuffled apart: one permutation picks the rows of both"
TWICE = "a second call of net.loss with the same batch: keep what the first one returned"
OWN = "a generator of your own, or NumPy's global one: draw from the rng that is given"


def visits(
    train: Callable, examples: int = 16, batch_size: int = 4, epochs: int = 3, seed=0, run=run
) -> None:
    """Check that every example is in one step of each epoch, with its label, and in a new order each time.

    Parameters
    ----------
    train : callable
        The answer.
    examples, batch_size, epochs, seed : int
        See `run`. Enough examples that the same order twice is no accident.
    run : callable
        Returns the arguments of one training: see `course_utils.checks.training.runs`.

    Raises
    ------
    CheckFailed
    """
    runs = [_watched(train, run, examples, batch_size, epochs, s) for s in (seed, seed, seed + 1)]
    steps = -(-examples // batch_size)
    for seen, line in runs:
        _each_once(seen, line, examples, steps, epochs)
    (first, line), (again, _), (other, _) = runs
    per_epoch = [first[i : i + steps] for i in range(0, len(first), steps)]
    orders = [np.concatenate([rows for rows, _ in epoch]).tolist() for epoch in per_epoch]
    batches = [{frozenset(rows.tolist()) for rows, _ in epoch} for epoch in per_epoch]
    if orders[0] == list(range(examples)):
        fail(
            "the examples are not shuffled",
            line,
            "an order drawn from rng",
            "0, 1, 2, …",
            "epoch 0",
            AS_GIVEN,
        )
    for epoch in range(1, epochs):
        where = f"epochs {epoch - 1} and {epoch}"
        if orders[epoch] == orders[epoch - 1]:
            fail(
                "the same order in two epochs",
                line,
                "another order",
                show(orders[epoch]),
                where,
                ONCE,
            )
        if 1 < batch_size < examples and batches[epoch] == batches[epoch - 1]:
            same = show(sorted(map(sorted, batches[epoch])))
            fail("the same batches in two epochs", line, "other batches", same, where, BLOCKS)
    for found, wanted, words in ((again, True, "the same seed"), (other, False, "another seed")):
        if (_order(found) == _order(first)) is not wanted:
            expected = "the same order" if wanted else "another order"
            got = "another order" if wanted else "the same order"
            fail(f"{got} with {words}", line, expected, got, "", OWN)


def _order(seen):
    return [rows.tolist() for rows, _ in seen]


def _watched(train, run, examples, batch_size, epochs, seed):
    """Train a net that notes which rows and labels its loss was given; return the notes, and the call."""
    seen = []

    def loss(params, x, y, reg):
        seen.append((np.asarray(x)[:, 0].astype(int), np.asarray(y).ravel()))
        return 1.0, {"W1": np.ones((1, 1))}

    def predict(params, x):
        return np.ones(len(x), int)

    watched = Net(
        {"W1": np.ones((1, 1))}, 2, loss, predict, "that notes which examples it is given"
    )
    one = run(watched, examples, batch_size, epochs, seed=seed, val=range(100, 104))
    x, y = one.args[1:3]
    one.args = (watched, x, 7 * x[:, 0].astype(int), *one.args[3:])  # a label for each example
    [back] = replies(train, [one])
    if isinstance(back.value, Raised):
        fail_raised(train, one, back.value)
    line = (
        f"{name_of(train)}(net, x, y, …), epochs={epochs}, batch_size={batch_size}\n{_about(one)}"
    )
    for name, was, now in zip("xy", one.args[1:3], back.args[1:3], strict=True):
        if not np.array_equal(was, now):
            fail(f"the call changes its {name}", line, show(was), show(now), looks_like=IN_PLACE)
    return seen, line


def _about(one):
    return "with x = [[0.0], [1.0], [2.0], …], y = [0, 7, 14, …]: " + f"{len(one.args[1])} examples"


def _each_once(seen, line, examples, steps, epochs):
    """Check what each step was given."""
    for rows, labels in seen:
        if rows.max(initial=0) >= 100:
            fail(
                "validation examples are trained on",
                line,
                "rows of x",
                f"rows of x_val: {show(rows)}",
                "",
                NEVER,
            )
        if not np.array_equal(labels, 7 * rows):
            fail(
                "labels that belong to other examples",
                line,
                show(7 * rows),
                show(labels),
                "",
                APART,
            )
    for rows, _ in seen:
        if len(set(rows.tolist())) < len(rows):
            fail(
                "an example twice in a batch", line, "different examples", show(rows), "", LEFT_OUT
            )
    if len(seen) == 2 * steps * epochs and all(
        np.array_equal(a, b) for (a, _), (b, _) in zip(seen[::2], seen[1::2], strict=True)
    ):
        fail(
            "net.loss is called twice in a step",
            line,
            f"{steps * epochs} calls",
            f"{len(seen)} calls",
            "",
            TWICE,
        )
    for epoch in range(epochs):
        rows = np.concatenate(
            [rows for rows, _ in seen[epoch * steps : (epoch + 1) * steps]] or [[]]
        )
        if sorted(rows.tolist()) != list(range(examples)):
            missing = sorted(set(range(examples)) - set(rows.tolist()))
            got = f"without {show(missing)}" if missing else f"{len(rows)} examples"
            fail("an epoch without every example once", line, f"each of the {examples}", got, f"epoch {epoch}",
                 LEFT_OUT if len(rows) == examples else "")  # fmt: skip


# -- which rule updates the parameters -------------------------------------------------------------
START = {
    "W1": np.array([[4.0, -2.0], [1.0, 3.0]]),
    "b1": np.array([2.0, -1.0]),
    "W2": np.array([[-3.0, 2.0], [5.0, 1.0]]),
}
STEPS = 3  # in each epoch
RATE = 0.1
CLOSE = (1e-7, 1e-9)


def follows(
    train: Callable, rules: Mapping[str, Callable], lr_decay: float = 1.0, epochs: int = 2
) -> None:
    """Check that a net is trained by the rule that `update` names, as the student wrote that rule.

    A rule that fails has cost its points elsewhere and is left out, and with `lr_decay` so are params that are
    wrong without it, unless that leaves nothing.

    Parameters
    ----------
    train : callable
        The answer.
    rules : mapping of str to callable
        Name → the student's own rule, ``rule(w, dw, state)``.
    lr_decay : float
        With another than 1.0 the learning rate is what is asked about.
    epochs : int
        Of three steps each.

    Raises
    ------
    CheckFailed
    """
    wanted, failure = {}, None
    for name, rule in rules.items():
        try:
            wanted[name] = _by_rule(rule, RATE * _decays(lr_decay, epochs))
        except CheckFailed as broken:
            failure = broken
    if not wanted:
        raise failure
    if lr_decay != 1.0:
        plain = {name: _by_rule(rules[name], [RATE] * STEPS * epochs) for name in wanted}
        followed = {name: _right_in(train, name, plain[name], epochs) for name in wanted}
        if any(followed.values()):
            wanted = {
                n: {key: wanted[n][key] for key in keys} for n, keys in followed.items() if keys
            }
    if [len(params) for params in wanted.values()] != [len(START)] * len(rules):
        excuses.take()
    found = {name: _trained_by(train, name, lr_decay, epochs) for name in wanted}
    wrong = {
        n: d for n in wanted if (d := compare(wanted[n], _part(found[n][0], wanted[n]), *CLOSE))
    }
    if wrong:
        name, difference = next(iter(wrong.items()))
        got, line = found[name]
        sentence = _mistake({n: (rules[n], found[n][0]) for n in wrong}, lr_decay, epochs)
        fail("wrong params after the training", line, show(wanted[name]), show(_part(got, wanted[name])),
             difference.where(), sentence)  # fmt: skip


def _decays(lr_decay, epochs):
    return np.repeat(lr_decay ** np.arange(epochs), STEPS)


def _part(params, of):
    return {name: value for name, value in params.items() if name in of or name not in START}


def _right_in(train, name, wanted, epochs):
    """Return the names of the params that are right after a training without decay."""
    try:
        got, _ = _trained_by(train, name, 1.0, epochs)
    except CheckFailed:
        return []
    return [key for key in START if key in got and not compare(wanted[key], got[key], *CLOSE)]


def _by_rule(rule, rates, renewed=(), shared=False, only=tuple(START), exchanged=False):
    """Return the params after steps with these learning rates; the states are made new before some steps."""
    params, states = {name: value.copy() for name, value in START.items()}, {}
    for i, rate in enumerate(rates):
        states = {} if i in renewed else states
        for name in only:
            kept = states.get("all" if shared else name, {})
            both = params[name], 2 * params[name]  # the gradient in a bowl
            one = args(*both[:: -1 if exchanged else 1], {**kept, "learning_rate": float(rate)})
            params[name], state = step(rule, one)
            if not shared and params[name].shape != START[name].shape:
                got = show(params[name])
                fail("w has another shape after a step", line_of(rule, one), show(both[0]), got)
            states["all" if shared else name] = state
    return params


def _trained_by(train, name, lr_decay, epochs):
    """Train a net by a rule; return its params afterwards, and the call."""
    options = {"update": name, "stop": False} | ({"lr_decay": lr_decay} if lr_decay != 1.0 else {})
    one = run(bowl(START), 2 * STEPS, 2, epochs, RATE, **options)
    [back] = replies(train, [one])
    if isinstance(back.value, Raised):
        fail_raised(train, one, back.value)
    params = back.args[0].params
    return params if isinstance(params, dict) else {}, line_of(train, one)


def _mistake(found, lr_decay, epochs):
    """Return what explains all params that are wrong, rule by rule, or ''."""
    sentences = [_explained(*one, lr_decay, epochs) for one in found.values()]
    return next((s for s in sentences[0] if all(s in others for others in sentences)), "")


def _explained(rule, got, lr_decay, epochs):
    """Return the mistakes that give these params with a rule."""
    steps, every = STEPS * epochs, range(STEPS * epochs)
    epoch = np.repeat(np.arange(epochs), STEPS)
    rates = RATE * lr_decay**epoch

    def plain(w, dw, state):
        return w - state["learning_rate"] * dw, state

    first_only = [name for name in START if name.startswith("W")]
    explanations = {
        "net.params is left as it was: the trained arrays belong into it": lambda: START,
        "plain SGD, whatever `update` names": lambda: _by_rule(plain, rates),
        "a new state in each step: what the rule returns goes into the next": lambda: _by_rule(
            rule, rates, renewed=every
        ),
        "a new state in each epoch: it lives as long as the training": lambda: _by_rule(
            rule, rates, renewed=every[::STEPS]
        ),
        "one state for all parameters: each has its own": lambda: _by_rule(
            rule, rates, shared=True
        ),
        "w and dw exchanged: a rule is called as rule(w, dw, state)": lambda: _by_rule(
            rule, rates, exchanged=True
        ),
        "updating weights only: biases are parameters too": lambda: _by_rule(
            rule, rates, only=first_only
        ),
        "lr_decay is not used": lambda: _by_rule(rule, [RATE] * steps),
        "lr_decay after each step: it comes after each epoch": lambda: _by_rule(
            rule, RATE * lr_decay ** np.arange(steps)
        ),
        "lr_decay before an epoch: the first one has the whole rate": lambda: _by_rule(
            rule, rates * lr_decay
        ),
        "lr_decay ** epoch on a rate that has decayed already": lambda: _by_rule(
            rule, RATE * lr_decay ** (epoch * (epoch + 1) / 2)
        ),
        "learning_rate / (1 + lr_decay * epoch): it is multiplied by lr_decay": lambda: _by_rule(
            rule, RATE / (1 + lr_decay * epoch)
        ),
        "subtracting lr_decay: the rate is multiplied by it": lambda: _by_rule(
            rule, RATE * (1 - lr_decay * epoch)
        ),
        "a new state with the new rate: only its learning_rate changes": lambda: _by_rule(
            rule, rates, renewed=every[::STEPS]
        ),
    }
    found = []
    for sentence, explained in explanations.items():
        with contextlib.suppress(CheckFailed):
            if not compare(explained(), got, *CLOSE):
                found.append(sentence)
    return found
