"""What tests say of rounding at random, of which a right answer is told from many wrong ones."""

import numpy as np
import pytest

from course_utils.checks import CheckFailed, args, case, equal, excuses, rounding
from course_utils.layers import bits

pytestmark = pytest.mark.unit
NUMBERS = [0.8, -0.8, 0.05, 3.4, -2.1]


def rng(seed=0):
    return np.random.default_rng(seed)


def said(check, *given):
    with pytest.raises(CheckFailed) as failure:
        check(*given)
    return str(failure.value)


def rounded(how):
    """Return a rounding: steps, and uniform numbers, to steps."""
    return lambda x, f, rng: how(x * 2.0**f, rng.random(x.shape)) / 2.0**f


@pytest.mark.parametrize("seed", range(30))
def test_right_answers_pass(seed):
    for right in (bits.stochastic_round, rounded(lambda s, u: np.ceil(s - u))):
        rounding.unbiased(right, NUMBERS, 1, rng(seed))
        rounding.unbiased(right, [100000.2, -99999.7], 2, rng(seed))
        rounding.independent(right, rng(seed))
    rounding.moves(bits.train_rounded, 0.01, 20, 4, rng(seed))


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (lambda s, u: np.rint(s), "rounding to the nearest"),
        (lambda s, u: np.floor(s), "always down"),
        (lambda s, u: np.ceil(s), "always up"),
        (lambda s, u: np.floor(s) + (u < 0.5), "a coin for up or down"),
        (
            lambda s, u: np.floor(s) + (u > s - np.floor(s)),
            "the probabilities of up and down swapped",
        ),
        (lambda s, u: np.trunc(s) + (u < s - np.trunc(s)), "negative numbers towards zero"),
        (lambda s, u: np.floor(s) + (u < abs(s) % 1), "negative numbers with the share"),
        (lambda s, u: np.floor(s) + (u < (s - np.floor(s)) ** 2), "the square of the distance"),
        (lambda s, u: np.trunc(s) + (u < s % 1), "past a neighbour"),
        (lambda s, u: np.rint(s) + u / 2, "numbers off the grid"),
        (lambda s, u: np.floor(s / 2 + u) * 2, "a grid that is too coarse"),
        (lambda s, u: np.floor(s * 2 + u) / 2, "a grid that is too fine"),
        (lambda s, u: 2 * np.floor(s + u), "steps counted"),
        (lambda s, u: np.floor(s + u * 0.8), "another mean"),
        (lambda s, u: s[:1], "wrong shape"),
    ],
)
def test_another_mean_is_named(how, words):
    assert words in said(rounding.unbiased, rounded(how), NUMBERS, 1, rng())


def one_for(axes):
    def answer(x, f, rng):
        shape = [n if axis in axes else 1 for axis, n in enumerate(x.shape)]
        return np.floor(x * 2.0**f + rng.random(shape)) / 2.0**f

    return answer


def carried(x, f, rng):
    out, rest = np.zeros(x.size), rng.random()
    for i, step in enumerate((x * 2.0**f).ravel()):
        out[i] = np.floor(step + rest)
        rest += step - out[i]
    return out.reshape(x.shape) / 2.0**f


def so_many(x, f, rng):
    """Half of the entries up, always as many."""
    return rng.permutation(np.arange(x.size) % 2).reshape(x.shape) * 1.0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (one_for(()), "one number drawn for all entries"),
        (one_for((0,)), "one number drawn for each row"),
        (one_for((1,)), "one number drawn for each column"),
        (carried, "carrying the error on"),
        (so_many, "the same number of entries"),
        (lambda x, f, rng: np.rint(x), "one number drawn for all"),
    ],
)
def test_entries_that_hang_together_are_found(wrong, words):
    assert words in said(rounding.independent, wrong, rng())


# -- training ---------------------------------------------------------------------------------------
def trained(step, start=lambda w: w.copy(), end=lambda w, scale: w):
    def answer(w, gradient, learning_rate, steps, fraction_bits, rng=None):
        w, scale = start(w), 2.0**fraction_bits
        for _ in range(steps):
            w = step(w, learning_rate * gradient(w), scale, rng)
        return end(w, scale)

    return answer


def nearest(w, move, scale, rng):
    return np.rint((w - move) * scale) / scale


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (nearest, "rounding to the nearest"),
        (
            lambda w, move, scale, rng: np.floor((w - move) * scale) / scale,
            "always down to the next",
        ),
        (lambda w, m, s, rng: np.floor((w + m) * s + rng.random(w.shape)) / s, "up the gradient"),
        (lambda w, move, scale, rng: w - (1 if rng is None else 2) * move, "another way"),
        (lambda w, move, scale, rng: w[:3], "wrong shape"),
        (lambda w, move, scale, rng: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_weights_that_move_otherwise(step, words):
    assert words in said(rounding.moves, trained(step), 0.01, 20, 4, rng())


def stochastic_round(x, fraction_bits, rng):
    return 0 * x  # wrong


def calls_others(w, gradient, learning_rate, steps, fraction_bits, rng=None):
    w = w.copy()
    for _ in range(steps):
        w = w - learning_rate * gradient(w)
        if rng is None:
            w = np.rint(w * 2.0**fraction_bits) / 2.0**fraction_bits
        else:
            w = stochastic_round(w, fraction_bits, rng)
    return w


def test_a_right_rounding_stands_in():
    rounding.moves(calls_others, 0.01, 20, 4, rng())


@pytest.mark.parametrize("times", [-1, 2, 16])
def test_what_moves_otherwise_without_rounding_is_charged_there(times):
    def step(w, move, scale, rng):
        wanted = (w - times * move) * scale
        return (np.rint(wanted) if rng is None else np.floor(wanted + rng.random(w.shape))) / scale

    excuses.count()
    rounding.moves(trained(step), 0.01, 20, 4, rng())
    assert excuses.count()


START = np.array([[2.0, -1.0, 0.5]])


@pytest.mark.parametrize("steps", [0, 6])
def test_training_on_the_grid(steps):
    call = args(START, rounding.bowl, 0.15, steps, 3)
    rounding.stays(bits.train_rounded, call, rng())
    rounding.stays(calls_others, call, rng())


def in_place(w, gradient, learning_rate, steps, fraction_bits, rng=None):
    w[:] = bits.train_rounded(w, gradient, learning_rate, steps, fraction_bits, rng)
    return w.copy()


def asks_twice(w, gradient, learning_rate, steps, fraction_bits, rng=None):
    return bits.train_rounded(
        w, lambda v: gradient(v) + 0 * gradient(v), learning_rate, steps, fraction_bits, rng
    )


LATE = trained(
    lambda w, move, scale, rng: w - move, end=lambda w, scale: np.rint(w * scale) / scale
)


@pytest.mark.parametrize(
    ("wrong", "steps", "words"),
    [
        (LATE, 6, "looks like: rounding at the end"),
        (trained(lambda w, move, scale, rng: w - move), 1, "weights off the grid"),
        (asks_twice, 6, "the gradient is asked for too often"),
        (in_place, 6, "working in place"),
        (trained(nearest, start=lambda w: w), 0, "return a copy"),
    ],
)
def test_training_off_the_grid(wrong, steps, words):
    call = args(START, rounding.bowl, 0.15, steps, 3)
    assert words in said(rounding.stays, wrong, call, rng())


def test_a_training_without_rng_is_asked_for_its_values():
    call = args(START, rounding.bowl, 0.3, 3, 2)
    equal(rounding.nearest(bits.train_rounded), [case(call, call.on(bits.train_rounded))])
    assert rounding.slope(START).tolist() == [[1.0, 1.0, 1.0]]
