"""The references of part 04: convolutions against PyTorch and our own layers, the rest against NumPy."""

import numpy as np
import pytest
from oracle import functional, torch

from course_utils.layers import bits, conv2d_forward, fast

pytestmark = pytest.mark.unit
asks_torch = pytest.mark.torch
skip = pytest.mark.skipif(torch is None, reason="PyTorch is not installed")
RNG = np.random.default_rng(4)


def normal(*shape):
    return RNG.standard_normal(shape)


def tensors(*arrays):
    return [torch.tensor(array, dtype=torch.float64) for array in arrays]


SHAPES = [((2, 3, 6, 7), (4, 3, 3, 3)), ((1, 2, 3, 4), (2, 2, 3, 3)), ((3, 1, 8, 5), (1, 1, 3, 3))]
OTHERS = [((2, 3, 5, 7), (4, 3, 2, 5)), ((1, 2, 4, 4), (3, 2, 1, 1)), ((2, 2, 3, 6), (2, 2, 3, 6))]


@skip
@asks_torch
@pytest.mark.parametrize("padding", [0, 1, 2])
@pytest.mark.parametrize(("x", "w"), SHAPES + OTHERS)
def test_fft(x, w, padding):
    x, w, b = normal(*x), normal(*w), normal(w[0])
    theirs = functional.conv2d(*tensors(x, w, b), padding=padding).numpy()
    np.testing.assert_allclose(fast.conv2d_fft(x, w, b, padding), theirs, rtol=1e-10, atol=1e-10)


@skip
@asks_torch
@pytest.mark.parametrize("padding", [0, 1, 2])
@pytest.mark.parametrize(("x", "w"), SHAPES)
def test_winograd(x, w, padding):
    x, w, b = normal(*x), normal(*w), normal(w[0])
    theirs = functional.conv2d(*tensors(x, w, b), padding=padding).numpy()
    np.testing.assert_allclose(
        fast.conv2d_winograd(x, w, b, padding), theirs, rtol=1e-10, atol=1e-10
    )


@pytest.mark.parametrize(("x", "w"), SHAPES)
def test_both_are_the_convolution_of_our_own_layers(x, w):
    x, w, b = normal(*x), normal(*w), normal(w[0])
    ours, _ = conv2d_forward(x, w, b, padding=1)
    for other in (fast.conv2d_fft, fast.conv2d_winograd):
        np.testing.assert_allclose(other(x, w, b, 1), ours, rtol=1e-10, atol=1e-10)


def test_what_makes_no_sense_is_refused():
    x, b = np.ones((1, 1, 4, 5)), np.zeros(1)
    with pytest.raises(ValueError, match="larger"):
        fast.conv2d_fft(x, np.ones((1, 1, 5, 1)), b)
    for kernel in [(3, 1), (1, 3), (5, 5)]:
        with pytest.raises(ValueError, match="3x3"):
            fast.conv2d_winograd(x, np.ones((1, 1, *kernel)), b)
    with pytest.raises(ValueError, match="no product"):
        fast.strassen(np.ones((2, 3)), np.ones((2, 3)))
    for method, kernel in [("winograd", 5), ("gemm", 3)]:
        with pytest.raises(ValueError, match="no count"):
            fast.multiplications(method, (1, 1, 8, 8), 1, kernel)


def test_two_outputs_take_four_products():
    calls = []

    def multiply(data, of_filter):
        calls.append((data, of_filter))
        return data * of_filter

    d, g = normal(4), normal(3)
    np.testing.assert_allclose(
        fast.winograd_1d(d, g, multiply), np.correlate(d, g, "valid"), rtol=1e-10
    )
    assert len(calls) == 4


@pytest.mark.parametrize(
    "sizes", [(1, 1, 1), (4, 4, 4), (5, 3, 7), (8, 1, 2), (1, 9, 1), (6, 6, 5)]
)
@pytest.mark.parametrize("leaf", [1, 2, 3, 64])
def test_strassen(sizes, leaf):
    m, k, n = sizes
    a, b = normal(m, k), normal(k, n)
    blocks = []

    def multiply(p, q):
        blocks.append((*p.shape, q.shape[1]))
        return p @ q

    np.testing.assert_allclose(fast.strassen(a, b, leaf, multiply), a @ b, rtol=1e-9, atol=1e-9)
    assert max(map(max, blocks)) <= leaf


@pytest.mark.parametrize("t", [0, 1, 2, 3])
def test_squares_take_a_power_of_seven(t):
    calls, size = [], 3 * 2**t
    fast.strassen(normal(size, size), normal(size, size), 3, lambda p, q: calls.append(p) or p @ q)
    assert len(calls) == 7**t


def test_a_column_matrix_is_as_large_as_counted():
    x, w, stride, padding = normal(2, 3, 7, 8), (2, 3), 2, 1
    padded = np.pad(x, ((0, 0), (0, 0), (padding,) * 2, (padding,) * 2))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w, (2, 3))[:, :, ::stride, ::stride]
    assert fast.im2col_bytes(x.shape, w, stride, padding, 8) == windows.copy().nbytes
    large = fast.im2col_bytes((1, 1, 9000, 9000), w, stride) / (4 * 9000**2)
    assert large == pytest.approx(fast.im2col_growth(w, stride), rel=1e-3)


def test_fixed_point_is_nearest_on_its_grid():
    x = RNG.uniform(-5, 5, 500)
    grid = np.arange(-(2**6), 2**6) / 2.0**4  # 7 bits
    found = bits.fixed_point(x, 4, 7)
    inside = (x >= grid[0]) & (x <= grid[-1])
    nearest = grid[np.abs(x[:, None] - grid).argmin(1)]
    assert np.array_equal(found, nearest) and not inside.all()
    assert bits.fixed_point(x.astype(np.float32), 4).dtype == np.float32


def test_stochastic_rounding_keeps_the_mean():
    x = np.full(40_000, -0.3)
    found = bits.stochastic_round(x, 2, RNG)
    assert set(found) == {-0.5, -0.25}
    assert found.mean() == pytest.approx(-0.3, abs=0.005)


def test_rounded_training_stands_still_or_moves_on():
    w = np.full(200, 1.0)
    still = bits.train_rounded(w, lambda w: w, 0.01, 50, 4)
    moved = bits.train_rounded(w, lambda w: w, 0.01, 50, 4, RNG)
    assert np.array_equal(still, w) and still is not w
    assert moved.mean() == pytest.approx(0.99**50, abs=0.05)


@pytest.mark.parametrize("n", [1, 7, 8, 9, 21])
def test_dot_products_of_bits(n):
    a, b = RNG.choice([-1, 1], (3, 1, n)), RNG.choice([-1, 1], (1, 4, n))
    packed = bits.pack(a), bits.pack(b)
    assert packed[0].shape == (3, 1, -(-n // 8)) and packed[0].dtype == np.uint8
    dirty = [p.copy() for p in packed]
    for array in dirty:  # the bits after the last sign
        array[..., -1] |= RNG.integers(0, 2 ** (-n % 8), array.shape[:-1], dtype=np.uint8)
    assert np.array_equal(bits.xnor_dot(*dirty, n), (a * b).sum(-1))
