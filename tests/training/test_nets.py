"""`Net`: its gradients against slopes by differences, its first weights, its two modes."""

import math

import numpy as np
import pytest

from course_utils.training import Net

pytestmark = pytest.mark.unit

STEP = 1e-6


def batch(n=7, inputs=6, classes=3, seed=1):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, inputs)), rng.integers(0, classes, n)


def made(sizes=(6, 5, 3), scheme="he", seed=0, **options):
    return Net(sizes, np.random.default_rng(seed), scheme, **options)


@pytest.mark.parametrize("sizes", [(6, 3), (6, 5, 3), (6, 5, 4, 3)], ids=str)
@pytest.mark.parametrize("reg", [0.0, 0.7])
@pytest.mark.parametrize(
    "options",
    [{}, {"batchnorm": True}, {"dropout": 0.4}, {"batchnorm": True, "dropout": 0.4}],
    ids=["plain", "batchnorm", "dropout", "both"],
)
def test_gradients_are_the_slopes_of_the_loss(sizes, reg, options):
    net, (x, y) = made(sizes, **options), batch()
    for w in net.params.values():  # biases, gammas and betas too: at 0 and 1 a mistake could hide
        w += np.random.default_rng(2).normal(0, 0.1, w.shape)

    def loss():
        net.rng = np.random.default_rng(3)  # drops the same units each time
        return net.loss(x, y, reg)

    _, grads = loss()
    assert list(grads) == list(net.params)
    for name, w in net.params.items():
        slopes = np.zeros_like(w)
        for at in np.ndindex(w.shape):
            kept = w[at]
            w[at] = kept + STEP
            above, _ = loss()
            w[at] = kept - STEP
            below, _ = loss()
            w[at] = kept
            slopes[at] = (above - below) / (2 * STEP)
        np.testing.assert_allclose(grads[name], slopes, rtol=1e-5, atol=1e-8, err_msg=name)


def test_the_loss_is_cross_entropy_and_half_the_squared_weights():
    net, (x, y) = made(), batch()
    net.params["b1"] += 9.0  # biases are not penalised
    scores = np.maximum(x @ net.params["W1"] + 9.0, 0) @ net.params["W2"]
    chance = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    squares = sum(np.sum(net.params[name] ** 2) for name in ("W1", "W2"))
    expected = -np.log(chance[np.arange(len(y)), y]).mean() + 0.5 * 0.3 * squares
    assert net.loss(x, y, 0.3)[0] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("scheme", "std"),
    [("small", 0.01), ("xavier", math.sqrt(1 / 300)), ("he", math.sqrt(2 / 300)), (0.5, 0.5), (0, 0)],
    ids=str,
)  # fmt: skip
def test_first_weights_have_the_standard_deviation_of_their_scheme(scheme, std):
    params = made((300, 200, 4), scheme).params
    assert params["W1"].std() == pytest.approx(std, rel=0.02)
    assert params["W1"].mean() == pytest.approx(0, abs=4 * std / math.sqrt(60_000))
    assert not params["b1"].any() and not params["b2"].any()


def test_each_layer_counts_its_own_inputs():
    params = made((20, 2000, 500), "xavier").params
    assert params["W2"].std() == pytest.approx(math.sqrt(1 / 2000), rel=0.01)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"sizes": (5,)}, r"sizes must be inputs, hidden units and classes, all at least 1, got \(5,\)"),
        ({"sizes": (5, 0, 2)}, r"got \(5, 0, 2\)"),
        ({"scheme": "glorot"}, "scheme must be one of small, xavier, he, or a standard .* got 'glorot'"),
        ({"scheme": -0.1}, "a standard deviation is at least 0, got scheme=-0.1"),
        ({"dropout": 1.0}, "0 <= dropout < 1, got 1.0"),
    ],
    ids=["one size", "no unit", "scheme", "negative", "dropout"],
)  # fmt: skip
def test_what_cannot_be_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        made(**arguments)


def test_pixels_must_be_floats():
    with pytest.raises(ValueError, match=r"x must be float32 or float64, got uint8: x.astype"):
        made().predict(np.zeros((2, 6), np.uint8))


@pytest.mark.parametrize(
    "options", [{}, {"batchnorm": True, "dropout": 0.3}], ids=["plain", "both"]
)
def test_float32_images_make_everything_float32(options):
    net, (x, y) = made(**options), batch()
    _, grads = net.loss(x.astype(np.float32), y, np.float64(0.1))
    arrays = [*grads.values(), *net.params.values(), net.scores(x.astype(np.float32))]
    arrays += [value for running in net.running.values() for value in running.values()]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


def test_images_may_have_any_number_of_axes():
    net, (x, y) = made((12, 5, 3)), batch(inputs=12)
    images = x.reshape(7, 3, 2, 2)
    assert net.loss(images, y)[0] == net.loss(x, y)[0]
    np.testing.assert_array_equal(net.predict(images), net.predict(x))


def test_at_test_time_nothing_is_drawn_and_nothing_is_learned():
    net, (x, y) = made(batchnorm=True, dropout=0.5), batch()
    net.loss(x, y)
    state = net.rng.bit_generator.state
    kept = {name: value.copy() for name, value in net.running[1].items()}
    scores = net.scores(x)
    np.testing.assert_array_equal(net.scores(x), scores)
    np.testing.assert_array_equal(net.predict(x), scores.argmax(axis=1))
    # One example alone: its class does not depend on its neighbours.
    np.testing.assert_allclose(net.scores(x[:1]), scores[:1], rtol=1e-12)
    assert net.rng.bit_generator.state == state
    for name, value in kept.items():
        np.testing.assert_array_equal(net.running[1][name], value)


def test_the_running_statistics_are_those_of_the_layer_before_its_relu():
    net, (x, y) = made(batchnorm=True), batch(200)
    for _ in range(200):
        net.loss(x, y)
    before = x @ net.params["W1"] + net.params["b1"]
    np.testing.assert_allclose(net.running[1]["mean"], before.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(net.running[1]["var"], before.var(axis=0), rtol=1e-6)


def test_activations_shrink_from_small_weights_and_not_from_he_or_behind_batchnorm():
    x = batch(400, 100)[0]
    sizes = (100, *[100] * 6, 3)
    last = {
        "small": made(sizes, "small").activations(x),
        "he": made(sizes).activations(x),
        "normalised": made(sizes, "small", batchnorm=True).activations(x),
    }
    assert [len(outputs) for outputs in last.values()] == [6, 6, 6]
    assert last["he"][0].shape == (400, 100)
    assert last["small"][-1].std() < 1e-6 < 0.3 < last["he"][-1].std()
    assert last["normalised"][-1].std() == pytest.approx(0.58, abs=0.02)  # of max(0, normal)


def test_looking_at_activations_drops_nothing_and_changes_nothing():
    net, (x, _) = made(batchnorm=True, dropout=0.5), batch(50)
    state = net.rng.bit_generator.state
    (hidden,) = net.activations(x)
    assert (hidden > 0).mean() > 0.4
    assert net.rng.bit_generator.state == state
    assert not net.running[1]["mean"].any()


def test_inputs_are_not_changed():
    net, (x, y) = made(batchnorm=True, dropout=0.5), batch()
    kept = x.copy(), y.copy()
    net.loss(x, y, 0.1), net.predict(x), net.activations(x)
    np.testing.assert_array_equal(x, kept[0])
    np.testing.assert_array_equal(y, kept[1])
