"""The update rules against torch over several steps, the contract, and what they refuse."""

import numpy as np
import pytest
from oracle import torch

from course_utils import optim
from course_utils.optim import UPDATES, adam, momentum, nesterov, rmsprop, sgd

pytestmark = pytest.mark.unit

# torch's rules are the same formulas. Its velocity begins as the first gradient, as ours does from
# zeros; its RMSprop's alpha is our decay rate; it too adds epsilon to the root, after bias correction.
DEFAULTS = {
    "sgd": lambda torch, w, lr: torch.SGD([w], lr=lr),
    "momentum": lambda torch, w, lr: torch.SGD([w], lr=lr, momentum=0.9),
    "nesterov": lambda torch, w, lr: torch.SGD([w], lr=lr, momentum=0.9, nesterov=True),
    "rmsprop": lambda torch, w, lr: torch.RMSprop([w], lr=lr),
    "adam": lambda torch, w, lr: torch.Adam([w], lr=lr),
}
CHOSEN = {
    "sgd": ({}, lambda torch, w, lr: torch.SGD([w], lr=lr)),
    "momentum": ({"momentum": 0.5}, lambda torch, w, lr: torch.SGD([w], lr=lr, momentum=0.5)),
    "nesterov": (
        {"momentum": 0.5},
        lambda torch, w, lr: torch.SGD([w], lr=lr, momentum=0.5, nesterov=True),
    ),
    "rmsprop": (
        {"decay_rate": 0.8, "epsilon": 0.3},
        lambda torch, w, lr: torch.RMSprop([w], lr=lr, alpha=0.8, eps=0.3),
    ),
    "adam": (
        {"beta1": 0.6, "beta2": 0.7, "epsilon": 0.3},
        lambda torch, w, lr: torch.Adam([w], lr=lr, betas=(0.6, 0.7), eps=0.3),
    ),
}


def steps(rule, w, gradients, state):
    """The weights after each step."""
    path = []
    for dw in gradients:
        w, state = rule(w, dw, state)
        path.append(w)
    return np.array(path)


def torch_steps(make, w, gradients, learning_rate):
    leaf = torch.tensor(w, requires_grad=True)
    optimiser, path = make(torch.optim, leaf, learning_rate), []
    for dw in gradients:
        leaf.grad = torch.tensor(dw)
        optimiser.step()
        path.append(leaf.detach().numpy().copy())
    return np.array(path)


@pytest.mark.torch
@pytest.mark.parametrize("shape", [(4,), (3, 2), (2, 3, 1, 2)], ids=str)
@pytest.mark.parametrize("name", UPDATES)
def test_ten_steps_are_those_of_torch(name, shape):
    rng = np.random.default_rng(5)
    w, gradients = rng.standard_normal(shape), rng.standard_normal((10, *shape))
    ours = steps(UPDATES[name], w, gradients, {"learning_rate": 0.03})
    np.testing.assert_allclose(
        ours, torch_steps(DEFAULTS[name], w, gradients, 0.03), rtol=1e-12, atol=1e-14
    )
    chosen, make = CHOSEN[name]
    ours = steps(UPDATES[name], w, gradients, {"learning_rate": 0.2, **chosen})
    np.testing.assert_allclose(ours, torch_steps(make, w, gradients, 0.2), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=["float32", "float64"])
@pytest.mark.parametrize("rule", UPDATES.values(), ids=UPDATES)
def test_arguments_stay_and_results_are_new_and_of_the_type_of_w(rule, dtype):
    rng = np.random.default_rng(6)
    w, dw = rng.standard_normal((2, 3, 2)).astype(dtype)
    state = {"learning_rate": 0.1, "note": "kept"}
    for _ in range(2):  # the second step has buffers that could be worked on in place
        before = [w.copy(), dw.copy(), {key: np.copy(value) for key, value in state.items()}]
        new, after = rule(w, dw, state)
        np.testing.assert_array_equal(w, before[0])
        np.testing.assert_array_equal(dw, before[1])
        assert state.keys() == before[2].keys()
        for key, value in before[2].items():
            np.testing.assert_array_equal(state[key], value)
        assert after is not state and after["note"] == "kept" and after["learning_rate"] == 0.1
        assert new.dtype == dtype and new.shape == w.shape
        arrays = [value for value in after.values() if isinstance(value, np.ndarray)]
        assert all(array.dtype == dtype for array in arrays)
        assert not any(np.shares_memory(new, one) for one in (w, dw, *arrays))
        assert not any(np.shares_memory(one, other) for one in arrays for other in (w, dw))
        w, state = new, after


def test_what_each_rule_does_on_numbers_that_are_done_by_hand():
    w, two = np.array([3.0]), np.array([2.0])
    rate = {"learning_rate": 0.5}
    np.testing.assert_allclose(steps(sgd, w, [two, two], rate), [[2.0], [1.0]])
    half = {**rate, "momentum": 0.5}
    np.testing.assert_allclose(steps(momentum, w, [two, two], half), [[2.0], [0.5]])
    np.testing.assert_allclose(steps(nesterov, w, [two, two], half), [[1.5], [-0.25]])
    sharp = {**rate, "decay_rate": 0.75, "epsilon": 1.0}
    np.testing.assert_allclose(steps(rmsprop, w, [two], sharp), [[3 - 0.5 * 2 / (1 + 1)]])
    # A gradient that stays the same is its own mean: every step has length η, whatever the gradient.
    np.testing.assert_allclose(
        steps(adam, w, [two] * 3, {**rate, "epsilon": 0.0}), [[2.5], [2.0], [1.5]]
    )


def test_the_table_has_each_rule_under_its_name():
    assert {name: getattr(optim, name) for name in UPDATES} == UPDATES
    assert list(UPDATES) == ["sgd", "momentum", "nesterov", "rmsprop", "adam"]


@pytest.mark.parametrize("rule", UPDATES.values(), ids=UPDATES)
@pytest.mark.parametrize(
    ("w", "dw", "state", "words"),
    [
        (np.ones(3), np.ones((3, 1)), {"learning_rate": 1}, r"dw is float64 of shape \(3, 1\)"),
        (np.ones(2), np.ones(2, np.float32), {"learning_rate": 1}, "dw is float32"),
        (np.arange(2), np.ones(2), {"learning_rate": 1}, "w must be float32 or float64, got int64"),
        (np.ones(2), np.arange(2), {"learning_rate": 1}, "dw must be float32 or float64, got int64"),
        (np.ones(2), np.ones(2), {"lr": 1}, r"state needs a \"learning_rate\", its keys are \['lr'\]"),
    ],
    ids=["shapes", "types", "integers", "integer gradients", "no learning rate"],
)  # fmt: skip
def test_what_does_not_fit_is_refused(rule, w, dw, state, words):
    with pytest.raises(ValueError, match=words):
        rule(w, dw, state)


@pytest.mark.parametrize(
    "rule", [momentum, nesterov, rmsprop, adam], ids=lambda rule: rule.__name__
)
def test_a_state_of_another_parameter_is_refused(rule):
    _, state = rule(np.ones((2, 3)), np.ones((2, 3)), {"learning_rate": 0.1})
    with pytest.raises(ValueError, match=r"has shape \(2, 3\) and w has \(3,\): each parameter"):
        rule(np.ones(3), np.ones(3), state)
