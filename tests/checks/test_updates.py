"""Questions about update rules, about masks of dropout, and about batch normalisation."""

import numpy as np
import pytest

from course_utils import checks, layers, optim
from course_utils.checks import CheckFailed, args, case

pytestmark = pytest.mark.unit

STATE = {"learning_rate": 0.5, "momentum": 0.5}
CALL = args(np.array([3.0]), [np.array([2.0]), np.array([2.0])], STATE)
WALK = [np.array([2.0]), np.array([0.5])]
X = np.arange(1.0, 101.0).reshape(10, 10)


def says(check, *arguments, **options):
    with pytest.raises(CheckFailed) as failure:
        check(*arguments, **options)
    return failure.value


def named(name, function):
    function.__name__ = name
    return function


# ---------------------------------------------------------------- update rules


def test_a_walk_hands_each_state_to_the_next_step():
    checks.equal(checks.walk(optim.momentum), [case(CALL, WALK)])
    assert CALL.on(checks.walk(optim.momentum)) == WALK


def test_still_steps_come_first_and_keep_the_state_alone():
    state = {"learning_rate": 1.0, "beta1": 0.1, "beta2": 0.19}

    def uncorrected(w, dw, state):
        m = 0.1 * state.get("m", 0.0) + 0.9 * dw
        s = 0.19 * state.get("s", 0.0) + 0.81 * dw**2
        return w - m / (np.sqrt(s) + 1e-8), {**state, "m": m, "s": s}

    one = args(np.zeros(2), [np.array([3.0, -1.0]), np.ones(2)], state)
    table = checks.cases(checks.walk(optim.adam, still=10), [one])
    checks.equal(checks.walk(uncorrected, still=10), table, rtol=1e-6)
    assert not checks.is_right(
        checks.walk(uncorrected), checks.cases(checks.walk(optim.adam), [one])
    )


def test_walks_take_turns_so_that_a_global_shows():
    memory = {"v": 0.0}

    def rule(w, dw, state):
        memory["v"] = 0.5 * memory["v"] + dw
        return w - 0.5 * memory["v"], state

    assert says(checks.equal, checks.walk(rule), [case(CALL, WALK)] * 2).headline == "wrong values"
    failure = says(checks.keeps_state, checks.walk(rule), [CALL])
    assert failure.headline == "another result for the same arguments"


RULES = {
    "w alone": (
        lambda w, dw, s: w - dw,
        "the result is not the pair (w, state)",
        "one thing alone",
    ),
    "None": (lambda w, dw, s: None, "the result is not the pair (w, state)", "changing w in place"),
    "the state first": (lambda w, dw, s: (s, w), "the result is not the pair", "the state first"),
    "an empty state": (
        lambda w, dw, s: (w - s["learning_rate"] * dw, {}),
        "a step misses what the step before it was given",
        "a state that was returned without it",
    ),
    "no default": (
        lambda w, dw, s: (w - s["beta1"] * dw, s),
        "rule raised KeyError",
        "a key that may be missing, read without its default",
    ),
    "no start": (
        lambda w, dw, s: (w - s["v"] * dw, s),
        "rule raised KeyError",
        "reading what the first state has not got yet",
    ),
}


@pytest.mark.parametrize(("rule", "headline", "looks_like"), RULES.values(), ids=RULES)
def test_a_walk_that_does_not_come_to_an_end_says_why(rule, headline, looks_like):
    failure = says(checks.equal, checks.walk(named("rule", rule)), [case(CALL, WALK)])
    assert headline in failure.headline
    assert looks_like in failure.parts["looks like"]


def w_in_place(w, dw, state):
    w -= dw
    return w.copy(), state


def dw_in_place(w, dw, state):
    dw *= 2
    return w - dw, state


def state_in_place(w, dw, state):
    state["v"] = dw.copy()
    return w - dw, state


def buffer_in_place(w, dw, state):
    v = state.get("v", np.zeros_like(w))
    v += dw
    return w - v, {**state, "v": v}


@pytest.mark.parametrize(
    ("rule", "headline"),
    [
        (w_in_place, "the call changes its w"),
        (dw_in_place, "the call changes its dw"),
        (state_in_place, "the call changes its state"),
        (buffer_in_place, "the call changes its state"),
        (lambda w, dw, state: (w.copy(), state), "no step is taken"),
        (lambda w, dw, state: ((w - dw)[None], state), "wrong shape"),
        (lambda w, dw, state: (np.add(w, 1, out=w)[:], state), "the call changes its w"),
        (lambda w, dw, state: (dw, state), "the new w is a view of the given dw"),
    ],
    ids=[
        "w",
        "dw",
        "state",
        "an array in the state",
        "no step",
        "a shape",
        "w and a view",
        "a view",
    ],
)
def test_what_a_step_must_leave_alone(rule, headline):
    checks.keeps_state(checks.walk(optim.momentum), [CALL])
    assert says(checks.keeps_state, checks.walk(rule), [CALL]).headline == headline


# ---------------------------------------------------------------- dropout


def dropout(mask=lambda x, p, rng: (rng.random(x.shape) >= p) / (1 - p), test=lambda x, p: x):
    def dropout_forward(x, p, train, rng):
        if not train:
            return test(x, p), 1.0
        factors = mask(x, p, rng)
        return x * factors, factors

    return dropout_forward


def ask(question, function):
    question(function, *([] if question is checks.drops else [X]), 0.3, checks.rng("dropout"))


def of_copy(x, p, rng):
    again = np.random.default_rng()
    again.bit_generator.state = rng.bit_generator.state
    return (again.random(x.shape) >= p) / (1 - p)


MASKS = {
    "reversed": (lambda x, p, rng: (rng.random(x.shape) < p) / p, "keeping with probability p"),
    "half": (lambda x, p, rng: (rng.random(x.shape) < 0.5) * 2.0, "a half of the entries"),
    "none": (lambda x, p, rng: np.ones(x.shape), "nothing is dropped"),
    "rows": (lambda x, p, rng: (rng.random(x.shape[1]) >= p) + 0 * x, "one mask for all examples"),
    "whole rows": (lambda x, p, rng: (rng.random((len(x), 1)) >= p) + 0 * x, "one decision for"),
    "a seed": (lambda x, p, rng: np.random.default_rng(1).random(x.shape) >= p, "a generator of its own"),
    "global": (lambda x, p, rng: np.random.default_rng().random(x.shape) >= p, "another source"),
    "a copy": (of_copy, "drawing from a copy of rng"),
    "a count": (
        lambda x, p, rng: rng.permutation(x.size).reshape(x.shape) >= round(p * x.size),
        "choosing so many entries",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("mask", "looks_like"), MASKS.values(), ids=MASKS)
def test_a_mask_that_is_not_drawn_entry_by_entry_is_named(mask, looks_like):
    assert looks_like in says(ask, checks.drops, dropout(mask)).parts["looks like"]


@pytest.mark.parametrize("seed", range(20))
def test_right_dropout_passes_whatever_is_drawn(seed):
    for question in (checks.drops, checks.scales, checks.passes):
        question(dropout(), *([] if question is checks.drops else [X]), 0.3, checks.rng(f"{seed}"))
    checks.same_mask(lambda dout, cache: dout * cache, dropout(), X, 0.3, checks.rng(f"{seed}"))


SCALES = {
    "no factor": (lambda p: 1.0, "no division"),
    "the other factor": (lambda p: 1 - p, "multiplying by 1 - p"),
    "p": (lambda p: 1 / p, "dividing by p"),
}


@pytest.mark.parametrize(("factor", "looks_like"), SCALES.values(), ids=SCALES)
def test_what_is_kept_has_its_factor(factor, looks_like):
    wrong = dropout(lambda x, p, rng: (rng.random(x.shape) >= p) * factor(p))
    assert looks_like in says(ask, checks.scales, wrong).parts["looks like"]


def test_one_fault_of_dropout_is_charged_once():
    turned = dropout(MASKS["reversed"][0])
    ask(checks.scales, turned)
    unscaled = dropout(lambda x, p, rng: rng.random(x.shape) >= p, lambda x, p: (1 - p) * x)
    ask(checks.passes, unscaled)
    ask(checks.drops, unscaled)


@pytest.mark.parametrize(
    ("test", "looks_like"),
    [
        (lambda x, p: (1 - p) * x, "times 1 - p"),
        (lambda x, p: x / (1 - p), "dividing at test time too"),
        (lambda x, p: x * (x > 20), "dropping at test time too"),
    ],
    ids=["smaller", "larger", "dropped"],
)
def test_nothing_happens_at_test_time(test, looks_like):
    assert looks_like in says(ask, checks.passes, dropout(test=test)).parts["looks like"]


BACKWARD = {
    "whole": (lambda dout, mask: dout.copy(), "the whole gradient"),
    "no factor": (lambda dout, mask: dout * (mask != 0), "without the factor"),
    "turned": (lambda dout, mask: dout * (np.max(mask) - mask), "the mask turned round"),
    "twice": (lambda dout, mask: dout * mask**2, "dividing by 1 - p twice"),
    "other": (lambda dout, mask: dout * np.roll(mask, 1), "another mask"),
}


@pytest.mark.parametrize(("backward", "looks_like"), BACKWARD.values(), ids=BACKWARD)
def test_a_gradient_has_the_mask_of_its_forward_pass(backward, looks_like):
    failure = says(checks.same_mask, backward, dropout(), X, 0.3, checks.rng("gradient"))
    assert looks_like in failure.parts["looks like"]


def test_a_mask_that_drops_nothing_has_no_gradient_to_ask_for():
    nothing = dropout(MASKS["none"][0])
    failure = says(checks.same_mask, lambda d, m: d * m, nothing, X, 0.3, checks.rng("nothing"))
    assert failure.headline.startswith("nothing was dropped")


# ---------------------------------------------------------------- batch normalisation


def norm_forward(x, gamma, beta, running, train, momentum=0.9, eps=1e-5, ddof=0):
    deviation = np.sqrt(x.var(axis=0, ddof=ddof) + eps)
    xhat = (x - x.mean(axis=0)) / deviation
    return gamma * xhat + beta, (xhat, gamma, deviation), running


def norm_backward(dout, cache):
    xhat, gamma, deviation = cache
    dbeta, dgamma = dout.sum(axis=0), (dout * xhat).sum(axis=0)
    return gamma / deviation * (dout - (dbeta + xhat * dgamma) / len(dout)), dgamma, dbeta


def norm_table():
    draw = checks.draws("tests of norms")
    running = {"mean": np.zeros(2), "var": np.ones(2)}
    one = args(draw(5, 2), draw(5, 2), draw(2), draw(2), running, True, 0.9, 0.1)

    def forth(*given):
        return layers.batchnorm1d_forward(*given)[:2]

    return checks.cases(checks.backward(layers.batchnorm1d_backward, forth), [one])


def of(backward, forward):
    return checks.backward(backward, checks.entries(forward, 0, 1))


def test_a_backward_pass_is_asked_after_a_forward_pass_with_more_results_than_two():
    question = of(norm_backward, norm_forward)
    checks.equal(question, norm_table())
    checks.own_gradient(question, norm_table())
    checks.keeps_cache(question, norm_table())
    broken = of(norm_backward, lambda *given: None)
    assert says(checks.equal, broken, norm_table()).headline == "the result is not a pair"


def test_the_gradients_after_a_wrong_forward_pass_are_those_of_its_xhat():
    def unbiased(*given):
        return norm_forward(*given, ddof=1)

    question = of(norm_backward, unbiased)
    assert not checks.is_right(question, norm_table(), 1e-6)
    checks.equal(question, checks.after_norm(question, norm_table()), rtol=1e-6)

    wrong = of(lambda dout, cache: (dout, *norm_backward(dout, cache)[1:]), unbiased)
    says(checks.equal, wrong, checks.after_norm(wrong, norm_table()), rtol=1e-6)


def test_a_right_forward_pass_leaves_the_table_as_it_is():
    question = of(lambda dout, cache: (dout, dout, dout), norm_forward)
    [one] = norm_table()
    assert checks.after_norm(question, [one]) == [one]


def test_entries_are_cut_only_where_they_are_there():
    assert checks.result(checks.entries(lambda: (1, 2, 3), 0, 2)) == (1, 3)
    assert checks.result(checks.entries(lambda: (1, 2), 0, 2)) == (1, 2)
