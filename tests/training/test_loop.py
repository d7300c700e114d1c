"""`train`: the batches it takes, the steps it makes, when it stops, and what it records."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from oracle import torch

from course_utils.optim import UPDATES
from course_utils.training import Net, train

pytestmark = pytest.mark.unit


def data(n=22, seed=1):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n + 10, 6))
    y = (x[:, 0] > 0).astype(int) + (x[:, 1] > 1)
    return x[:n], y[:n], x[n:], y[n:]


def run(net=None, sets=None, seed=3, **options):
    net = net or Net((6, 5, 3), np.random.default_rng(0))
    given = {"learning_rate": 0.1, "reg": 0.01, "epochs": 3, "batch_size": 5}
    given |= {"rng": np.random.default_rng(seed)} | options
    return train(net, *(sets or data()), **given), net


def scripted(losses):
    """Return a net whose losses are given, and whose one weight counts the updates in steps of the rate."""
    costs = iter(losses)

    def loss(x, y, reg):
        return next(costs), {"W1": np.full((1, 1), -1.0)}

    return SimpleNamespace(
        params={"W1": np.zeros((1, 1))}, loss=loss, predict=lambda x: np.zeros(len(x), int)
    )


def test_every_epoch_takes_every_example_once_in_a_new_order():
    seen = []
    net = scripted([1.0] * 15)
    costs = net.loss
    net.loss = lambda x, y, reg: (seen.append((x[:, 0].copy(), y.copy())), costs(x, y, reg))[1]
    x, y = np.arange(22.0).reshape(22, 1), np.arange(22)
    history, _ = run(net, (x, y, x, y))
    assert [len(rows) for rows, _ in seen] == [5, 5, 5, 5, 2] * 3
    assert all(np.array_equal(rows, labels) for rows, labels in seen)
    orders = [np.concatenate([labels for _, labels in seen[k : k + 5]]) for k in (0, 5, 10)]
    assert all(sorted(order) == list(range(22)) for order in orders)
    assert len({tuple(order) for order in orders}) == 3
    assert len(history["loss"]) == history["steps"] == 15


@pytest.mark.parametrize("batch_size", [22, 100])
def test_a_batch_may_hold_everything(batch_size):
    history, _ = run(batch_size=batch_size)
    assert len(history["loss"]) == history["steps"] == 3


@pytest.mark.torch
@pytest.mark.parametrize("update", ["sgd", "momentum", "adam"])
def test_the_weights_are_those_of_torch(update):
    history, net = run(update=update, learning_rate=0.05, lr_decay=0.5)
    start = Net((6, 5, 3), np.random.default_rng(0)).params
    w = {name: torch.tensor(value, requires_grad=True) for name, value in start.items()}
    rules = {
        "sgd": lambda: torch.optim.SGD(w.values(), lr=0.05),
        "momentum": lambda: torch.optim.SGD(w.values(), lr=0.05, momentum=0.9),
        "adam": lambda: torch.optim.Adam(w.values(), lr=0.05),
    }
    optimizer, order_rng, (x, y, *_), losses = rules[update](), np.random.default_rng(3), data(), []
    for _ in range(3):
        order = order_rng.permutation(22)
        for rows in np.split(order, [5, 10, 15, 20]):
            optimizer.zero_grad()
            hidden = torch.relu(torch.tensor(x[rows]) @ w["W1"] + w["b1"])
            loss = torch.nn.functional.cross_entropy(
                hidden @ w["W2"] + w["b2"], torch.tensor(y[rows])
            )
            loss = loss + 0.005 * sum((w[name] ** 2).sum() for name in ("W1", "W2"))
            loss.backward()
            losses.append(loss.item())
            optimizer.step()
        optimizer.param_groups[0]["lr"] *= 0.5
    np.testing.assert_allclose(history["loss"], losses, rtol=1e-10)
    for name, value in net.params.items():
        np.testing.assert_allclose(value, w[name].detach().numpy(), rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("update", UPDATES)
def test_every_rule_learns(update):
    sets = data(200)
    rate = 0.1 if update in ("sgd", "momentum", "nesterov") else 0.01
    history, _ = run(sets=sets, update=update, learning_rate=rate, epochs=30, batch_size=20)
    assert max(np.bincount(sets[1])) / len(sets[1]) < 0.6 < 0.8 < history["train_accuracy"][-1]


def test_the_history_of_a_whole_training():
    sets = data()
    history, net = run(sets=sets, lr_decay=0.5)
    assert len(history["loss"]) == len(history["update_ratio"]) == 15
    assert history["learning_rate"] == [0.1, 0.05, 0.025]
    assert history["stopped"] is None
    assert len(history["train_accuracy"]) == len(history["val_accuracy"]) == 3
    assert history["train_accuracy"][-1] == np.mean(net.predict(sets[0]) == sets[1])
    assert history["val_accuracy"][-1] == np.mean(net.predict(sets[2]) == sets[3])


def test_the_update_ratio_is_how_far_weights_moved_relative_to_their_size():
    x, y, *_ = sets = data()
    start = Net((6, 5, 3), np.random.default_rng(0))
    _, grads = start.loss(x, y, 0.01)
    ratios = [
        0.1 * np.linalg.norm(grads[name]) / np.linalg.norm(start.params[name])
        for name in ("W1", "W2")
    ]
    history, _ = run(sets=sets, batch_size=22, epochs=1)
    assert history["update_ratio"] == [pytest.approx(np.mean(ratios), rel=1e-10)]


def test_the_same_seed_gives_the_same_history_and_leaves_the_data():
    sets = data()
    kept = [part.copy() for part in sets]
    assert run(sets=sets)[0] == run(sets=sets)[0] != run(sets=sets, seed=4)[0]
    assert all(np.array_equal(*pair) for pair in zip(sets, kept, strict=True))


def test_an_explosion_is_recorded_and_its_update_skipped():
    net = scripted([1.0, 3.0, 2.0, 3.01])
    history, _ = run(net, learning_rate=1.0)
    assert history["loss"] == [1.0, 3.0, 2.0, 3.01]
    assert history["stopped"] == "exploded"
    assert net.params["W1"] == 3.0
    assert history["train_accuracy"] == history["val_accuracy"] == []
    assert len(history["update_ratio"]) == 3


@pytest.mark.parametrize("loss", [math.nan, math.inf])
@pytest.mark.parametrize("before", [[], [1.0] * 7], ids=["at once", "later"])
def test_a_loss_that_is_not_finite_stops_the_training(loss, before):
    net = scripted([*before, loss])
    history, _ = run(net, learning_rate=1.0)
    assert history["stopped"] == "nan"
    assert len(history["loss"]) == len(before) + 1
    assert net.params["W1"] == len(before)
    assert len(history["train_accuracy"]) == len(before) // 5


def test_told_not_to_stop_it_goes_on_to_the_end():
    history, _ = run(scripted([1.0, 9.0, math.nan, math.inf] + [1.0] * 11), stop=False)
    assert len(history["loss"]) == 15
    assert history["stopped"] is None
    assert len(history["val_accuracy"]) == 3


@pytest.mark.parametrize(("rate", "stopped"), [(1e200, "nan"), (1e3, "exploded")])
def test_a_rate_that_is_too_high_stops_a_real_net_without_a_warning(rate, stopped):
    assert run(learning_rate=rate, epochs=20)[0]["stopped"] == stopped


@pytest.mark.parametrize("update", UPDATES)
@pytest.mark.parametrize("rate", [1e3, 1e150, 1e300])
def test_nor_is_there_one_where_it_is_told_to_go_on(update, rate):
    history, _ = run(learning_rate=rate, update=update, stop=False)
    assert len(history["loss"]) == len(history["update_ratio"]) == 15


def test_an_interrupt_keeps_what_there_is():
    def watch(history):
        if len(history["loss"]) == 7 and history["stopped"] is None:
            raise KeyboardInterrupt

    history, net = run(watch=watch)
    whole, _ = run()
    assert history["stopped"] == "interrupted"
    assert history["loss"] == whole["loss"][:7]
    assert history["val_accuracy"] == whole["val_accuracy"][:1]
    other, stopped = run(epochs=1)
    assert other["loss"] == history["loss"][:5]
    assert any((net.params[name] != stopped.params[name]).any() for name in net.params)


def test_an_interrupt_between_the_two_accuracies_keeps_neither():
    asked = []

    def predict(x):
        asked.append(len(x))
        if len(asked) == 4:
            raise KeyboardInterrupt
        return np.zeros(len(x), int)

    net = scripted([1.0] * 15)
    net.predict = predict
    history, _ = run(net)
    assert asked == [22, 10, 22, 10]
    assert len(history["train_accuracy"]) == len(history["val_accuracy"]) == 1
    assert len(history["loss"]) == 10


def test_the_watch_sees_each_step_with_the_accuracies_of_its_epoch():
    seen = []
    run(watch=lambda history: seen.append((len(history["loss"]), len(history["val_accuracy"]))))
    assert seen == [(step, step // 5) for step in range(1, 16)]


def test_the_watch_sees_why_it_stopped():
    seen = []
    run(scripted([1.0, 9.0]), watch=lambda history: seen.append(history["stopped"]))
    assert seen == [None, "exploded"]


def test_float32_stays_float32_in_every_state(monkeypatch):
    seen = []

    x, y, x_val, y_val = data()
    sets = x.astype(np.float32), y, x_val.astype(np.float32), y_val
    for update in UPDATES:

        def spy(w, dw, state, rule=UPDATES[update]):
            new, after = rule(w, dw, state)
            seen.extend([w, dw, new, *(v for v in after.values() if isinstance(v, np.ndarray))])
            return new, after

        monkeypatch.setitem(UPDATES, update, spy)
        # NumPy's own numbers, as a search would hand them on.
        rates = {"learning_rate": np.float64(0.01), "reg": np.float64(0.1)}
        run(sets=sets, update=update, lr_decay=np.float64(0.9), **rates)
    assert len(seen) > 100 and {array.dtype for array in seen} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"update": "adan"}, "sgd, momentum, nesterov, rmsprop, adam, got 'adan': did you mean 'adam'"),
        ({"epochs": 0}, "got 22 examples, epochs=0, batch_size=5"),
        ({"batch_size": 0}, "batch_size=0"),
        ({"sets": (np.zeros((0, 6)), np.zeros(0, int), np.zeros((0, 6)), np.zeros(0, int))}, "got 0 examples"),
    ],
    ids=["rule", "epochs", "batch size", "no examples"],
)  # fmt: skip
def test_what_cannot_be_trained_is_refused(options, words):
    with pytest.raises(ValueError, match=words):
        run(**options)
