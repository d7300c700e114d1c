"""Nets that tests hand over, and what is asked of answers that train, diagnose and search."""

import numpy as np
import pytest

from course_utils import checks, optim, search, training
from course_utils.checks import CheckFailed, args, case, curves, nets, searches, steps
from course_utils.checks import training as trainings

pytestmark = pytest.mark.unit

RANGES = {"learning_rate": (1e-6, 1e-1), "reg": (1e-4, 10.0)}


def says(words, question, *given, **options):
    with pytest.raises(CheckFailed) as caught:
        question(*given, **options)
    assert words in " ".join(str(caught.value).split())


def slopes(net, x, y, reg):
    """Centred differences of a net's loss."""
    found = {}
    for name, value in net.params.items():
        found[name] = np.zeros_like(value)
        for index in np.ndindex(value.shape):
            kept = value[index]
            costs = []
            for h in (1e-6, -1e-6):
                value[index] = kept + h
                costs.append(net.loss(x, y, reg)[0])
            value[index] = kept
            found[name][index] = (costs[0] - costs[1]) / 2e-6
    return found


NETS = {
    "a line": lambda rng: nets.line(1.5, b=0.5),
    "a bowl": lambda rng: nets.bowl({"W1": rng.normal(size=(1, 2))}),
    "a softmax": lambda rng: nets.softmax(
        {"W1": rng.normal(size=(1, 3)), "b1": rng.normal(size=3)}, 3
    ),
    "two layers": lambda rng: nets.softmax(
        {
            "W1": rng.normal(size=(1, 5)),
            "b1": np.ones(5),
            "W2": rng.normal(size=(5, 3)),
            "b2": np.zeros(3),
        },
        3,
    ),
}


@pytest.mark.parametrize("make", NETS.values(), ids=list(NETS))
def test_a_nets_gradient_is_that_of_its_loss(make):
    rng = np.random.default_rng(0)
    net, x, y = make(rng), rng.normal(size=(7, 1)), rng.integers(0, 2, 7)
    grads = net.loss(x, y, 0.3)[1]
    for name, wanted in slopes(net, x, y, 0.3).items():
        np.testing.assert_allclose(grads[name], wanted, atol=1e-6)


def test_a_script_goes_by_updates_and_starts_again():
    net, x = nets.scripted([3, 2]), np.zeros((2, 1))
    start = net.params["W1"].copy()
    assert [net.loss(x, None)[0] for _ in range(2)] == [3.0, 3.0]
    net.params["W1"] -= 1
    assert net.loss(x, None, 0.5)[0] == 2.5 and net.predict(x).tolist() == [1, 1]
    net.params["W1"] -= 1
    assert net.loss(x, None)[0] == 2.0
    net.params["W1"] = start
    assert net.loss(x, None)[0] == 3.0


SCRIPTS = (
    [9, 8, 7, 6, 5, 4, 3],
    [1, 2, 3.5, 1],
    [1, np.nan, 2],
    [1, 2, np.inf, 3],
    [4, 2, 9, 12, 13, 1],
)


@pytest.mark.parametrize("costs", SCRIPTS)
@pytest.mark.parametrize("stop", [True, False])
def test_the_loop_of_the_tests_is_that_of_the_library(costs, stop):
    one = trainings.run(nets.scripted(costs), 5, 2, 2, stop=stop)
    keys = ("loss", "train_accuracy", "val_accuracy", "stopped", "cost_afterwards")
    checks.against(trainings.trained(training.train, *keys), trainings.loop, [one])


def test_the_librarys_training_visits_and_follows():
    steps.visits(training.train)
    steps.visits(training.train, 7, 3, 2)
    steps.follows(training.train, optim.UPDATES)
    steps.follows(training.train, {"sgd": optim.sgd, "adam": optim.adam}, lr_decay=0.5)


NO_STEP = {
    "raises": lambda w, dw, state: w.missing,
    "no pair": lambda w, dw, state: w - 0.1 * dw,
    "no state": lambda w, dw, state: (w - 0.1 * dw, None),
    "a state without its learning rate": lambda w, dw, state: (w - 0.1 * dw, {}),
    "nothing for w": lambda w, dw, state: (None, state),
    "words for w": lambda w, dw, state: ([["a"]], state),
    "another shape": lambda w, dw, state: (np.zeros(3), state),
    "never moves": lambda w, dw, state: (w, state),
    "moves once": lambda w, dw, state: (-0.1 * dw, state),
    "not finite": lambda w, dw, state: (w / 0.0 * dw, state),
}


@pytest.mark.parametrize("rule", NO_STEP.values(), ids=list(NO_STEP))
def test_a_rule_that_takes_no_steps_is_not_trained_by(rule):
    with np.errstate(all="ignore"):
        one = trainings.runs(sgd=rule, momentum=optim.momentum)(nets.scripted([1]), epochs=3)
        none = trainings.runs(sgd=rule, momentum=rule)(nets.scripted([1]))
    assert one.kwargs == {"update": "momentum"} and one.args[7] == 3
    assert none.kwargs == {}  # nothing is left to train by: all is asked


def test_a_wrong_rule_that_takes_steps_is_trained_by():
    up = trainings.runs(sgd=lambda w, dw, state: (w + dw, state), momentum=optim.momentum)
    assert up(nets.scripted([1])).kwargs == {}


def test_params_after_a_call_are_looked_at():
    data = np.ones((20, 1)), np.zeros(20, int)
    kept = {"W1": np.array([[2.0]]), "b1": np.array([5.0])}
    one = case(args(nets.line(2.0, b=5.0), data), kept)
    checks.equal(trainings.params_after(training.sanity_checks), [one])

    def forgets(net, data):
        net.params["b1"] = np.zeros(1)

    says("key 'b1'", checks.equal, trainings.params_after(forgets), [one])


def with_state(change):
    """`train` of the library with other rules."""

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
        **options,
    ):
        states = {name: {"learning_rate": learning_rate} for name in net.params}
        for _ in range(epochs):
            for _ in range(0, len(x), batch_size):
                grads = net.loss(x[:1], y[:1], reg)[1]
                for name in net.params:
                    rule = optim.UPDATES[update]
                    net.params[name], states[name] = rule(
                        net.params[name], grads[name], states[name]
                    )
                    change(states)
        return {"loss": []}

    return train


def forget(states):
    for state in states.values():
        for name in set(state) - {"learning_rate"}:
            del state[name]


def test_a_rule_that_is_not_followed_is_named():
    steps.follows(with_state(lambda states: None), optim.UPDATES)
    says("a new state in each step", steps.follows, with_state(forget), optim.UPDATES)
    says("lr_decay is not used", steps.follows, with_state(lambda states: None), optim.UPDATES, 0.5)
    says("slices of x as it stands", steps.visits, lambda *a, **k: in_order(*a, **k))


def in_order(net, x, y, x_val, y_val, learning_rate, reg, epochs, batch_size, rng, **options):
    for _ in range(epochs):
        for start in range(0, len(x), batch_size):
            net.loss(x[start : start + batch_size], y[start : start + batch_size], reg)


def test_a_rule_that_fails_is_left_out_unless_all_do():
    def broken(w, dw, state):
        raise ValueError("no")

    steps.follows(training.train, {"sgd": optim.sgd, "adam": broken})
    says("raised ValueError", steps.follows, training.train, {"adam": broken})


def test_the_rules_of_the_tests_are_those_of_the_library():
    rng, diagnose = np.random.default_rng(0), curves.diagnosis()
    for way in curves.WAYS:
        for _ in range(10):
            history, target = curves._trained(rng, **curves.USUAL | curves.WAYS[way])
            assert diagnose(history, target) == training.diagnose(history, target)


def test_real_runs_are_beyond_doubt_or_refused():
    rng = np.random.default_rng(0)
    for one in curves.real_runs(rng, "learns by heart", "overfitting", 3):
        assert training.diagnose(*one.args) == "overfitting" and training.is_clear(*one.args)
    with pytest.raises(RuntimeError, match="only 0 of 1 runs"):
        curves.real_runs(rng, "crawls", "diverged", 1)


def test_the_librarys_search_tries_and_spreads():
    searches.tries(search.random_search, RANGES, 5)
    searches.spreads(search.random_search, RANGES)
    places = np.random.default_rng(0).random((200, 300))
    assert max(map(searches._distance, places)) < 0.2


def by(place):
    def random_search(evaluate, ranges, n_trials, rng):
        trials = []
        for trial in range(n_trials):
            where = place(rng, trial / n_trials)
            values = {n: low * (high / low) ** where() for n, (low, high) in ranges.items()}
            trials.append((values, evaluate(**values)))
        return trials

    return random_search


def fixed(value):
    return lambda: value


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (lambda rng, share: fixed(rng.random()), "one random number for all names"),
        (lambda rng, share: fixed(share), "a grid"),
        (lambda rng, share: lambda: rng.random() ** 2, "not even on a log scale"),
        (lambda rng, share: lambda: 2 * rng.random(), "outside its range"),
        (lambda rng, share: np.random.default_rng().random, "a generator of your own"),
    ],
)
def test_values_that_are_not_spread_are_found(place, words):
    says(words, searches.spreads, by(place), RANGES)


def test_warnings_may_come_in_any_order():
    found = searches.in_any_order(lambda: [["b", "low"], ("a", "high")])
    checks.equal(found, [case(args(), [("a", "high"), ("b", "low")])])


def test_an_entry_of_a_dict_is_cut_out():
    checks.equal(checks.entry(lambda: {"a": 1, "b": 2}, "b"), [case(args(), 2)])
    says(
        "a dict, not an integer",
        checks.equal,
        checks.entry(lambda: {"a": 1}, "b"),
        [case(args(), 2)],
    )


def test_a_message_says_what_a_net_is():
    one = case(args(nets.line(2.0), 1), 5)
    says("(net, 1) with a net whose cost is", checks.equal, lambda net, x: 4, [one])
