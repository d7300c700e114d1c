"""What signs, turns and draws leave the same, and where statistics come from."""

import numpy as np
import pytest

from course_utils import checks, layers
from course_utils.checks import CheckFailed, args, case, measures, transforms, two_layer

pytestmark = pytest.mark.unit

draw = checks.draws("tests of measures")
TRAIN, X = draw(7, 3), 5 + draw(4, 3)


def test_a_sign_is_free_but_not_a_number():
    columns = np.array([[1.0, -3], [-2, 3]])
    question = measures.unsigned(lambda x: x)
    checks.equal(question, [case(args(columns), np.array([[-1.0, 3], [2, -3]]))])
    with pytest.raises(CheckFailed, match="wrong values"):
        checks.equal(question, [case(args(columns), np.array([[1.0, 3], [2, -3]]))])


def test_products_and_covariance_know_no_rotation_and_no_shift():
    turn = np.linalg.qr(draw(3, 3))[0]
    checks.equal(measures.products(lambda x: x @ turn), [case(args(X), X @ X.T)], rtol=1e-9)
    expected = np.cov(X.T, bias=True)
    checks.equal(measures.covariance(lambda x: x + 9), [case(args(X), expected)], rtol=1e-9)


@pytest.mark.parametrize(
    ("measure", "of_normal", "of_uniform"),
    [(measures.spread, 0.998, 0.577), (measures.centre, 0.0, 0.0), (measures.beyond, 0.05, 0.0)],
)
def test_a_distribution_is_told_by_its_measures(measure, of_normal, of_uniform):
    def drawn(name):
        return measure(lambda seed: getattr(np.random.default_rng(seed), name)(size=(100, 1000)))

    checks.equal(drawn("standard_normal"), [case(args(8), of_normal)], atol=0.006)
    sides = measure(lambda seed: np.random.default_rng(seed).uniform(-1, 1, (100, 1000)))
    checks.equal(sides, [case(args(8), of_uniform)], atol=0.006)


def test_repeated_rows_and_columns_are_correlated():
    normal = draw(50, 40)
    assert measures.correlated(lambda: normal)() < 0.75
    for repeated in (np.tile(normal[:, :1], 5), np.tile(normal[:1], (5, 1))):
        assert measures.correlated(lambda array=repeated: array)() > 0.99


def test_shapes_and_single_features():
    checks.equal(measures.zeroed(lambda n: np.ones((n, 2))), [case(args(3), np.zeros((3, 2)))])
    checks.equal(measures.feature(lambda x: x, 1), [case(args(X), X[:, 1])])
    with pytest.raises(CheckFailed, match="wrong shape"):
        checks.equal(measures.feature(lambda x: x[:, :1], 1), [case(args(X), X[:, 1])])


# ---------------------------------------------------------------- transforms


def centred(train, x):
    return x - train.mean(axis=0)


def table():
    return checks.cases(centred, [args(TRAIN, X), args(TRAIN, X[:1])])


AFFINE = {
    "right": centred,
    "a wrong sign": lambda train, x: x + train.mean(axis=0),
    "one mean": lambda train, x: x - train.mean(),
    "divided, too": lambda train, x: (x - train.mean(axis=0)) / train.std(axis=0),
}
NOT_OF_TRAIN = {
    "the mean of x": lambda train, x: x - x.mean(axis=0),
    "of both": lambda train, x: x - np.concatenate([train, x]).mean(axis=0),
    "train comes back": lambda train, x: centred(train, train),
    "x as it is": lambda train, x: x.copy(),
    "nothing": lambda train, x: None,
}


@pytest.mark.parametrize("answer", AFFINE.values(), ids=AFFINE)
def test_a_wrong_transform_with_the_statistics_of_train_is_charged_elsewhere(answer):
    transforms.from_train(answer, table())


@pytest.mark.parametrize("words", NOT_OF_TRAIN)
def test_statistics_that_are_not_of_train(words):
    mistakes = {words: NOT_OF_TRAIN[words]}
    with pytest.raises(CheckFailed, match=f"nothing was returned|looks like: {words}"):
        transforms.from_train(NOT_OF_TRAIN[words], table(), mistakes)


def scaled(train, x, eps, each=lambda v, e: np.sqrt(v + e)):
    return centred(train, x) / each(train.var(axis=0), eps)


def test_eps_is_asked_of_a_wrong_transform_too():
    right = checks.cases(scaled, [args(TRAIN, TRAIN, 2.0)])
    [simple] = checks.cases(scaled, [args(TRAIN, TRAIN, 1e-9)])
    transforms.with_eps(scaled, right, simple)
    transforms.with_eps(lambda *call: scaled(*call, lambda v, e: v + e), right, simple)
    for each in (lambda v, e: np.sqrt(v) + e, lambda v, e: np.sqrt(v), lambda v, e: v):
        with pytest.raises(CheckFailed, match="wrong values"):
            transforms.with_eps(lambda *call, each=each: scaled(*call, each), right, simple)


# ---------------------------------------------------------------- nets

PARAMS = {"W1": draw(3, 4), "b1": draw(4), "W2": draw(4, 2), "b2": draw(2)}
CALL = args(X, np.array([0, 1, 1, 0]), PARAMS, 0.3)
LOSSES = {
    "the sum": lambda loss, d, n: (loss * n, d),
    "a loss for each": lambda loss, d, n: (np.full(n, loss), d),
    "a wrong sign": lambda loss, d, n: (-loss, d),
    "the gradient of the sum": lambda loss, d, n: (loss, n * d),
}


def loss_with(change):
    def softmax_loss(scores, y):
        return change(*layers.softmax_loss(scores, y), len(y))

    return softmax_loss


@pytest.mark.parametrize("change", LOSSES.values(), ids=LOSSES)
def test_a_net_is_not_charged_for_its_loss(change):
    softmax_loss = loss_with(change)

    def net(x, y, params, reg):
        return two_layer.reference(x, y, params, reg, softmax_loss)

    expected = checks.cases(two_layer.reference, [CALL])
    with pytest.raises(CheckFailed):
        checks.equal(net, expected)
    checks.equal(two_layer.with_right_loss(net, softmax_loss), expected)
    checks.equal(two_layer.with_right_loss(two_layer.reference, softmax_loss), expected)
    checks.own_slopes(two_layer.with_right_loss(net, softmax_loss), [CALL])


def test_a_fault_of_the_net_stays():
    def net(x, y, params, reg):
        loss, grads = two_layer.reference(x, y, params, 2 * reg)
        return loss, grads

    question = two_layer.with_right_loss(net, layers.softmax_loss)
    with pytest.raises(CheckFailed, match="wrong value"):
        checks.equal(question, checks.cases(two_layer.reference, [CALL]))


def test_the_penalty_is_asked_alone():
    def net(x, y, params, reg):
        loss, grads = two_layer.reference(x, y, params, reg)
        return 3 * loss, {key: np.atleast_2d(value) for key, value in grads.items() if key != "b1"}

    weights = {key: 0.3 * value if key[0] == "W" else 0 * value for key, value in PARAMS.items()}
    half = 0.15 * sum(np.sum(PARAMS[key] ** 2) for key in ("W1", "W2"))
    checks.equal(two_layer.penalty(two_layer.reference), [case(CALL, (half, weights))], atol=1e-9)
    checks.equal(two_layer.penalty(net), [case(CALL, (3 * half, weights))], atol=1e-9)
