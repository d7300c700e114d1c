"""Splits, folds and draws of a generator are judged by what can be wrong with them."""

import numpy as np
import pytest

from course_utils import checks
from course_utils.checks import CheckFailed, args, folds, parts

pytestmark = pytest.mark.unit

X, Y = np.arange(22.0).reshape(11, 2), np.arange(11)
THREE = [0.6, 0.2, 0.2]


def rng():
    return np.random.default_rng(0)


def split(x, y, fractions, rng, order=None, ends=None):
    order = rng.permutation(len(x)) if order is None else order(rng, len(x))
    ends = np.round(np.cumsum(fractions) * len(x)).astype(int) if ends is None else ends
    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]


def in_order(rng, n):
    return np.arange(n)


def drawn_again(rng, n):
    return rng.integers(0, n, n)


def k_folds(n, k, rng, order=None):
    cut = np.array_split(rng.permutation(n) if order is None else order(rng, n), k)
    return [(np.concatenate(cut[:i] + cut[i + 1 :]), cut[i]) for i in range(k)]


def lists(x, y, fractions, rng):
    return tuple([a.tolist(), b.tolist()] for a, b in split(x, y, fractions, rng))


@pytest.mark.parametrize("answer", [split, lists], ids=["arrays", "lists"])
def test_a_right_split_passes_every_question(answer):
    one = args(X, Y, THREE, rng())
    for question in (parts.keep_labels, parts.cover, parts.sizes):
        question(answer, [one, args(X, Y, [0.05, 0.95], rng())])
    table = np.arange(48.0).reshape(24, 2)
    parts.shuffles(answer, [args(table, Y[:1].repeat(24), [0.5, 0.5], rng())])
    parts.mixes(answer, args(table, np.arange(24) // 12, [0.5, 0.25, 0.25], rng()), rng())


def test_right_folds_pass_every_question():
    folds.cover(k_folds, [args(11, 3, rng()), args(2, 2, rng()), args(n=5, k=5, rng=rng())])
    folds.shuffles(k_folds, [args(40, 4, rng())])
    folds.mixes(k_folds, args(24, 4, rng()), rng())


def only_x(x, y, fractions, rng):
    order = rng.permutation(len(x))
    return [(x[order], y)]


def apart(x, y, fractions, rng):
    return [(x[rng.permutation(len(x))], y[rng.permutation(len(x))])]


def inside_rows(x, y, fractions, rng):
    return [(rng.permuted(x, axis=1), y)]


def in_place(x, y, fractions, rng):
    x[:] = x[::-1]
    return [(x, y)]


LABELS = {
    "only x is shuffled": only_x,
    "x and y are shuffled apart": apart,
    "shuffling inside a row": inside_rows,
    "working in place": in_place,
    "differ in number": lambda x, y, f, rng: [(x, y[1:])],
    "x comes first": lambda x, y, f, rng: [(y, x)],
    "not one pair for each fraction": lambda x, y, f, rng: x,
}


@pytest.mark.parametrize("words", LABELS)
def test_rows_that_lose_their_labels(words):
    with pytest.raises(CheckFailed, match=words):
        parts.keep_labels(LABELS[words], [args(X, Y, [1.0], rng())])


COVER = {
    "rounding loses them": lambda x, y, f, rng: split(x[:-1], y[:-1], f, rng),
    "drawing with replacement": lambda x, y, f, rng: split(x, y, f, rng, drawn_again),
    "each part is drawn from all": lambda x, y, f, rng: [
        split(x, y, f, rng)[number] for number in (0, 1, 2)
    ],
    "every part has everything": lambda x, y, f, rng: [(x, y)] * 3,
}


@pytest.mark.parametrize("words", COVER)
def test_rows_that_are_lost_or_doubled(words):
    with pytest.raises(CheckFailed, match=words):
        parts.cover(COVER[words], [args(X, Y, THREE, rng())])


def test_sizes_are_those_of_the_fractions():
    def rest_in_the_last(x, y, fractions, rng):
        return split(x, y, fractions, rng, ends=np.arange(1, len(fractions) + 1))

    six = args(X, Y, [1 / 6] * 6, rng())
    parts.sizes(split, [six])
    with pytest.raises(CheckFailed, match="the last part takes all that rounding leaves over"):
        parts.sizes(rest_in_the_last, [six])
    with pytest.raises(CheckFailed, match="a fixed number of parts"):
        parts.sizes(lambda x, y, f, rng: split(x, y, THREE, rng), [six])


def first_half_only(rng, n):
    return np.concatenate([rng.permutation(n // 2), np.arange(n // 2, n)])


def in_pairs(rng, n):
    return (2 * rng.permutation(n // 2)[:, None] + [0, 1]).ravel()


@pytest.mark.parametrize(
    ("order", "words"),
    [(first_half_only, "never change their part"), (in_pairs, "blocks are moved as wholes")],
)
def test_half_a_shuffle_is_found(order, words):
    def answer(x, y, fractions, rng):
        return split(x, y, fractions, rng, order)

    table = args(np.arange(48.0).reshape(24, 2), np.arange(24), [0.5, 0.25, 0.25], rng())
    with pytest.raises(CheckFailed, match=words):
        parts.mixes(answer, table, rng())
    with pytest.raises(CheckFailed, match=words):
        folds.mixes(lambda n, k, rng: k_folds(n, k, rng, order), args(24, 3, rng()), rng())


def test_a_stratified_split_is_found():
    def answer(x, y, fractions, rng):
        order = np.stack([rng.permutation(12), 12 + rng.permutation(12)], axis=1).ravel()
        return split(x, y, fractions, rng, lambda *_: order)

    one = args(np.arange(48.0).reshape(24, 2), np.arange(24) // 12, [0.5, 0.5], rng())
    with pytest.raises(CheckFailed, match="stratified"):
        parts.mixes(answer, one, rng())


FOLDS = {
    "train comes first": lambda n, k, rng: [(b, a) for a, b in k_folds(n, k, rng)],
    "validation indices are among": lambda n, k, rng: [
        (range(n), b.tolist()) for _, b in k_folds(n, k, rng)
    ],
    "a mask": lambda n, k, rng: [
        (~np.isin(range(n), b), np.isin(range(n), b)) for _, b in k_folds(n, k, rng)
    ],
    "counting from 1": lambda n, k, rng: [(a + 1, b + 1) for a, b in k_folds(n, k, rng)],
    "not one pair for each fold": lambda n, k, rng: k_folds(n, k, rng)[0],
}


@pytest.mark.parametrize("words", FOLDS)
def test_wrong_folds(words):
    with pytest.raises(CheckFailed, match=words):
        folds.cover(FOLDS[words], [args(11, 3, rng())])


def test_data_in_order_is_not_shuffled():
    one = args(np.arange(80.0).reshape(40, 2), np.arange(40), [0.5, 0.5], rng())
    with pytest.raises(CheckFailed, match="no shuffling"):
        parts.shuffles(lambda x, y, f, rng: split(x, y, f, rng, in_order), [one])
    with pytest.raises(CheckFailed, match="dealing out in turn"):
        folds.shuffles(
            lambda n, k, rng: [(np.arange(n), np.arange(i, n, k)) for i in range(k)],
            [args(40, 4, rng())],
        )


# ---------------------------------------------------------------- generators

DRAWS = {
    "a generator of NumPy or Python that is not rng": lambda rng: np.random.default_rng().random(3),
    "a seed of its own": lambda rng: np.random.default_rng(7).random(3),
    "drawing from a copy of rng": lambda rng: np.random.default_rng(
        rng.bit_generator.state["state"]["state"] % 2**32
    ).random(3),
}


def test_drawing_from_the_generator_passes():
    checks.draws_from_rng(lambda n, rng: rng.random(n), args(3, rng()))
    checks.draws_from_rng(lambda n, rng: rng.random(n), args(n=3, rng=rng()), 5)


@pytest.mark.parametrize("words", DRAWS)
def test_another_generator_is_named(words):
    with pytest.raises(CheckFailed, match=words):
        checks.draws_from_rng(DRAWS[words], args(rng()))


def test_a_generator_reads_as_rng():
    assert repr(args(3, rng())) == "3, rng"
