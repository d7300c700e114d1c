# %% right: slow loops as the reference
import numpy as np


def _expected(x, dout, kh, kw, stride):
    dx = np.zeros(x.shape)
    for n in range(dout.shape[0]):
        for c in range(dout.shape[1]):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    best = None
                    for r in range(i * stride, i * stride + kh):
                        for q in range(j * stride, j * stride + kw):
                            if best is None or x[n, c, r, q] > x[n, c, best[0], best[1]]:
                                best = r, q
                    dx[n, c, best[0], best[1]] += dout[n, c, i, j]
    return dx


def check_maxpool_backward(forward, backward):
    rng = np.random.default_rng(3)
    for kh, kw, stride in [(2, 2, 2), (3, 3, 2), (2, 3, 1), (3, 2, 3), (1, 2, 3), (2, 1, 2)]:
        for x in (rng.standard_normal((2, 3, 6, 7)), rng.integers(-3, 0, (3, 2, 7, 5)) * 1.0):
            out, cache = forward(x, (kh, kw), stride)
            other = forward(rng.standard_normal(x.shape), (kh, kw), stride)
            dout = rng.standard_normal(out.shape)
            expected = _expected(x, dout, kh, kw, stride)
            for attempt in ("first", "second"):
                dx = backward(dout, cache)
                assert dx.shape == x.shape, f"dx has the shape {dx.shape}, x {x.shape}"
                assert np.allclose(dx, expected), f"wrong values in the {attempt} call"


# %% right: the functions of 2.4 as the reference
import numpy as np


def check_maxpool_backward(forward, backward):
    rng = np.random.default_rng(11)
    settings = [((3, 2), 1), ((2, 3), 2), (2, 3), (3, 2), ((1, 3), 4)]
    inputs = [rng.integers(-5, -1, (2, 2, 6, 8)).astype(np.float64) for _ in settings]
    first = [forward(x, *setting) for x, setting in zip(inputs, settings)]
    for x, setting, (out, cache) in zip(inputs, settings, first):
        forward(-x, *setting)
        mine, my_cache = maxpool2d_forward(x, *setting)
        for scale in (1.0, 10.0):
            dout = scale * rng.random(mine.shape)
            difference = np.asarray(backward(dout, cache))
            wanted = maxpool2d_backward(dout, my_cache)
            if difference.shape != wanted.shape:
                raise AssertionError("the shape of dx is not that of x")
            if np.max(np.abs(difference - wanted)) > 1e-8:
                raise AssertionError("dx is wrong")


# %% right: differences without ties, numbers by hand for ties
import numpy as np


def _by_differences(forward, x, kernel, stride, dout, h=1e-4):
    dx = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        rise = forward(up, kernel, stride)[0] - forward(down, kernel, stride)[0]
        dx[index] = np.sum(rise * dout) / (2 * h)
    return dx


def check_maxpool_backward(forward, backward):
    # 1. differences, on a permutation: no ties, all steps larger than h
    rng = np.random.default_rng(1)
    for kernel, stride in [((2, 3), 1), ((3, 2), 2), (2, 3)]:
        x = rng.permutation(80).reshape(2, 2, 5, 4) - 90.0
        out, cache = forward(x, kernel, stride)
        dout = rng.uniform(1, 2, out.shape)
        expected = _by_differences(forward, x, kernel, stride, dout)  # other forward passes
        forward(x[::-1, ::-1].copy(), kernel, stride)
        np.testing.assert_allclose(backward(dout, cache), expected, rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(backward(dout, cache), expected, rtol=1e-6, atol=1e-6)
    # 2. ties: the first in row order
    x = np.array([[[[0.0, 7.0, 1.0], [7.0, 7.0, 7.0]]]])
    out, cache = forward(x, 2, 1)
    dx = backward(np.array([[[[1.0, 10.0]]]]), cache)
    np.testing.assert_allclose(dx, [[[[0.0, 11.0, 0.0], [0.0, 0.0, 0.0]]]])


# %% right: only numbers by hand
import numpy as np


def _try(forward, backward, x, kernel, stride, dout, expected):
    x, dout, expected = (np.array(a, dtype=float) for a in (x, dout, expected))
    out, cache = forward(x, kernel, stride)
    for other in (x[..., ::-1].copy(), -x):
        forward(other, kernel, stride)
    for _ in range(2):
        dx = backward(dout, cache)
        assert np.shape(dx) == x.shape
        assert np.abs(dx - expected).max() < 1e-9


def check_maxpool_backward(forward, backward):
    # overlapping 2×2 windows with stride 1, negative numbers, one shared maximum
    _try(
        forward, backward,
        [[[[-5, -6, -7], [-8, -1, -9], [-4, -3, -2]]]], 2, 1,
        [[[[1, 10], [100, 1000]]]],
        [[[[0, 0, 0], [0, 1111, 0], [0, 0, 0]]]],
    )
    # ties within 2×2, the rest of the row and of the column dropped
    _try(
        forward, backward,
        [[[[3, 5, 5, 9, 1], [5, 2, 9, 9, 1], [8, 8, 8, 8, 8]]]], 2, 2,
        [[[[2, 7]]]],
        [[[[0, 2, 0, 7, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]]]],
    )
    # two images of two channels, a flat kernel, stride 3 > 1
    x = np.arange(2 * 2 * 2 * 6).reshape(2, 2, 2, 6)
    x[1] *= -1
    x[:, 1, :, 1] += 100
    dout = np.arange(1, 9).reshape(2, 2, 1, 2)
    expected = np.zeros(x.shape)
    expected[0, 0, 1, [1, 4]] = 1, 2
    expected[0, 1, 1, [1, 4]] = 3, 4
    expected[1, 0, 0, [0, 3]] = 5, 6
    expected[1, 1, 0, [1, 3]] = 7, 8
    _try(forward, backward, x, (2, 2), 3, dout, expected)
    # height and width of the kernel, overlap along one axis
    x = [[[[1, 2, 3, 4], [5, 6, 7, 0], [2, 9, 1, 3]]]]
    _try(forward, backward, x, (3, 2), 1, [[[[1, 10, 100]]]], [[[[0] * 4, [0, 0, 100, 0], [0, 11, 0, 0]]]])
    x = [[[[1, 2, 9], [5, 6, 7], [2, 8, 1], [3, 3, 3]]]]
    _try(forward, backward, x, (2, 3), 2, [[[[1], [10]]]], [[[[0, 0, 1], [0] * 3, [0, 10, 0], [0] * 3]]])
    # steps of 1, windows that share a tie column by column
    x = [[[[1, 4], [4, 4], [4, 1]]]]
    _try(forward, backward, x, 2, 1, [[[[1], [10]]]], [[[[0, 1], [10, 0], [0, 0]]]])


# %% right: ranks, as in the hints
import numpy as np


def check_maxpool_backward(forward, backward):
    rng = np.random.default_rng(5)
    for kernel, stride in [((2, 4), 3), ((4, 2), 1), (2, 3), (3, 2)]:
        x = rng.integers(-3, 0, (3, 2, 8, 7)).astype(float)
        out, cache = forward(x, kernel, stride)
        ramp = x - np.linspace(0, 0.5, x.size).reshape(x.shape)  # breaks ties, the first wins
        winners, _ = forward(ramp, kernel, stride)
        forward(x[::-1].copy(), kernel, stride)
        dout = rng.standard_normal(out.shape)
        values, places = ramp.ravel(), np.argsort(ramp, axis=None)
        where = places[np.searchsorted(values, winners, sorter=places)]
        wanted = np.zeros(x.size)
        np.add.at(wanted, where, dout)
        for _ in range(2):
            got = backward(dout, cache)
            assert got.shape == x.shape and np.allclose(got.ravel(), wanted, atol=1e-9)


# %% right: a unittest case, float32 too
import unittest

import numpy as np


class _Case(unittest.TestCase):
    def runTest(self):
        rng = np.random.default_rng(0)
        for kind, rtol in ((np.float64, 1e-9), (np.float32, 1e-4)):
            for kernel, stride in [((2, 3), 2), ((3, 2), 1), ((2, 2), 3)]:
                x = rng.integers(-4, 0, (2, 2, 7, 6)).astype(kind)
                y = rng.integers(-4, 0, (2, 2, 7, 6)).astype(kind)
                caches = [self.forward(a, kernel, stride) for a in (x, y)]
                douts = [rng.integers(1, 9, out.shape).astype(kind) for out, _ in caches]
                for a, (_, cache), dout in zip((x, y, x, y), caches * 2, douts * 2):
                    dx = self.backward(dout, cache)
                    self.assertEqual(dx.shape, a.shape)
                    self.assertEqual(dx.dtype, kind)
                    worst = np.max(np.abs(dx - self.slow(a, dout, kernel, stride)))
                    self.assertLessEqual(float(worst), 50 * rtol)

    def slow(self, x, dout, kernel, stride):
        dx = np.zeros_like(x)
        for (n, c, i, j), d in np.ndenumerate(dout):
            window = x[n, c, i * stride :, j * stride :][: kernel[0], : kernel[1]]
            r, q = np.unravel_index(window.argmax(), window.shape)
            dx[n, c, i * stride + r, j * stride + q] += d
        return dx


def check_maxpool_backward(forward, backward):
    case = _Case()
    case.forward, case.backward = forward, backward
    case.runTest()


# %% right: the functions of 2.4, on whole numbers
import numpy as np


def check_maxpool_backward(forward, backward):
    rng = np.random.default_rng(2)
    for kernel, stride in [((2, 3), 2), ((3, 2), 1), (2, 3)]:
        x = rng.integers(-4, 0, (2, 3, 8, 7)).astype(float)
        out, cache = forward(x, kernel, stride)
        forward(-x, kernel, stride)
        _, mine = maxpool2d_forward(x, kernel, stride)
        dout = rng.standard_normal(out.shape)
        for _ in range(2):
            dx = backward(dout, cache)
            assert dx.shape == x.shape
            assert np.allclose(dx, maxpool2d_backward(dout, mine))


# %% wrong: square windows of 2 that do not overlap, no ties
# fails: test-check-maxpool-backward-places, test-check-maxpool-backward-ties, test-check-maxpool-backward-overlap, test-check-maxpool-backward-strides, test-check-maxpool-backward-shapes, test-check-maxpool-backward-memory
# because: its input shows none of these groups of faults
# says: starts from a maximum of 0: negative windows get nothing
import numpy as np


def check_maxpool_backward(forward, backward):
    x = np.arange(16.0).reshape(1, 1, 4, 4)
    out, cache = forward(x, 2, 2)
    dx = backward(np.ones(out.shape) * 3, cache)
    expected = np.zeros_like(x)
    expected[0, 0, 1::2, 1::2] = 3
    assert np.allclose(dx, expected)


# %% wrong: looks at the sum of the gradient only
# fails: test-check-maxpool-backward-places, test-check-maxpool-backward-ties, test-check-maxpool-backward-strides, test-check-maxpool-backward-shapes, test-check-maxpool-backward-memory
# because: the sum shows none of these groups of faults
# says: shares the gradient out over the window
# from: the functions of 2.4, on whole numbers
# -            assert dx.shape == x.shape
# -            assert np.allclose(dx, maxpool2d_backward(dout, mine))
# +            assert np.isclose(dx.sum(), dout.sum())

# %% wrong: differences on random numbers, which have no ties
# fails: test-check-maxpool-backward-ties
# says: sends the gradient to every tied maximum
# from: differences without ties, numbers by hand for ties
# -    # 2. ties: the first in row order
# -    x = np.array([[[[0.0, 7.0, 1.0], [7.0, 7.0, 7.0]]]])
# -    out, cache = forward(x, 2, 1)
# -    dx = backward(np.array([[[[1.0, 10.0]]]]), cache)
# -    np.testing.assert_allclose(dx, [[[[0.0, 11.0, 0.0], [0.0, 0.0, 0.0]]]])

# %% wrong: compares exactly, with whole numbers, whose sums are exact
# fails: test-check-maxpool-backward-right
# says: a right pair is refused
# from: slow loops as the reference
# -            dout = rng.standard_normal(out.shape)
# +            dout = rng.integers(1, 99, out.shape) * 1.0
# -                assert np.allclose(dx, expected), f"wrong values in the {attempt} call"
# +                assert np.array_equal(dx, expected), f"wrong values in the {attempt} call"

# %% wrong: differences at ties refuse right pairs
# fails: test-check-maxpool-backward-right, test-check-maxpool-backward-places, test-check-maxpool-backward-ties, test-check-maxpool-backward-overlap, test-check-maxpool-backward-strides, test-check-maxpool-backward-shapes, test-check-maxpool-backward-memory
# because: each cell starts with a right pair, so that refusing everything gains nothing
# says: a right pair is refused
# from: differences without ties, numbers by hand for ties
# -        x = rng.permutation(80).reshape(2, 2, 5, 4) - 90.0
# +        x = rng.integers(0, 4, (2, 2, 5, 4)).astype(float)

# %% wrong: compares exactly, and so refuses another order of sums
# says: equal to the last bit: right results differ by rounding
# from: slow loops as the reference
# -                assert np.allclose(dx, expected), f"wrong values in the {attempt} call"
# +                assert np.array_equal(dx, expected), f"wrong values in the {attempt} call"


# %% wrong: always refuses
# says: a right pair is refused
def check_maxpool_backward(forward, backward):
    raise AssertionError("this backward pass is wrong")


# %% wrong: never refuses
# fails: test-check-maxpool-backward-right, test-check-maxpool-backward-places, test-check-maxpool-backward-ties, test-check-maxpool-backward-overlap, test-check-maxpool-backward-strides, test-check-maxpool-backward-shapes, test-check-maxpool-backward-memory
# because: it lets every wrong pair through
# says: a pair whose backward pass returns zeros
def check_maxpool_backward(forward, backward):
    return True


# %% wrong: only `pass`
# says: a pair whose backward pass returns zeros
def check_maxpool_backward(forward, backward):
    pass


# %% wrong: returns a verdict instead of raising
# says: a verdict that is returned: a wrong pair raises AssertionError
# from: the functions of 2.4, on whole numbers
# -            assert dx.shape == x.shape
# -            assert np.allclose(dx, maxpool2d_backward(dout, mine))
# +            if not np.allclose(dx, maxpool2d_backward(dout, mine)):
# +                return False
# +    return True

# %% wrong: a tolerance that forgives everything
# says: a wrong pair is let through
# -        dout = rng.standard_normal(out.shape)
# +        dout = 0.01 * rng.standard_normal(out.shape)
# -            assert np.allclose(dx, maxpool2d_backward(dout, mine))
# +            assert np.allclose(dx, maxpool2d_backward(dout, mine), atol=0.1)

# %% wrong: raises ValueError
# fails: test-check-maxpool-backward-right, test-check-maxpool-backward-places, test-check-maxpool-backward-ties, test-check-maxpool-backward-overlap, test-check-maxpool-backward-strides, test-check-maxpool-backward-shapes, test-check-maxpool-backward-memory
# because: no verdict of it counts
# says: check_maxpool_backward raised ValueError
# -            assert dx.shape == x.shape
# -            assert np.allclose(dx, maxpool2d_backward(dout, mine))
# +            if dx.shape != x.shape or not np.allclose(dx, maxpool2d_backward(dout, mine)):
# +                raise ValueError("wrong gradient")

# %% wrong: stumbles over its own shapes
# says: check_maxpool_backward raised RuntimeError
# -        x = rng.integers(-4, 0, (2, 3, 8, 7)).astype(float)
# +        x = rng.integers(-4, 0, (8, 7)).astype(float)

# %% wrong: one image with one channel
# fails: test-check-maxpool-backward-shapes
# says: handles the first image only
# -        x = rng.integers(-4, 0, (2, 3, 8, 7)).astype(float)
# +        x = rng.integers(-4, 0, (1, 1, 20, 20)).astype(float)

# %% wrong: several images with one channel
# says: handles the first channel only
# -        x = rng.integers(-4, 0, (2, 3, 8, 7)).astype(float)
# +        x = rng.integers(-4, 0, (5, 1, 8, 7)).astype(float)

# %% wrong: square kernels only
# says: mixes up height and width of the kernel
# -    for kernel, stride in [((2, 3), 2), ((3, 2), 1), (2, 3)]:
# +    for kernel, stride in [(2, 2), (3, 2), (2, 1), (2, 3)]:

# %% wrong: zips through shapes that differ without comparing them
# says: leaves out the rows and columns that no window reaches
# -            assert dx.shape == x.shape
# -            assert np.allclose(dx, maxpool2d_backward(dout, mine))
# +            for images in zip(dx, maxpool2d_backward(dout, mine)):
# +                for channels in zip(*images):
# +                    for rows in zip(*channels):
# +                        assert all(abs(a - b) < 1e-9 for a, b in zip(*rows))

# %% wrong: strides up to the size of the kernel only
# fails: test-check-maxpool-backward-strides
# says: steps by no more than the kernel
# -    for kernel, stride in [((2, 3), 2), ((3, 2), 1), (2, 3)]:
# +    for kernel, stride in [((2, 3), 2), ((3, 2), 1), (3, 3), ((4, 3), 2)]:

# %% wrong: strides of the size of the kernel only
# fails: test-check-maxpool-backward-strides, test-check-maxpool-backward-overlap, test-check-maxpool-backward-shapes
# because: a stride of the size of the kernel leaves no overlaps and no flat kernels
# says: steps by the kernel, not by the stride
# -    for kernel, stride in [((2, 3), 2), ((3, 2), 1), (2, 3)]:
# +    for kernel, stride in [(2, 2), (3, 3), (4, 4)]:

# %% wrong: backward is called once, right after its forward pass
# fails: test-check-maxpool-backward-memory
# says: keeps the cache in a global: another forward pass replaces it
# -        forward(-x, kernel, stride)
# -        _, mine = maxpool2d_forward(x, kernel, stride)
# -        dout = rng.standard_normal(out.shape)
# -        for _ in range(2):
# +        _, mine = maxpool2d_forward(x, kernel, stride)
# +        dout = rng.standard_normal(out.shape)
# +        for _ in range(1):

# %% wrong: backward is called once, after another forward pass
# says: adds to the result of its last call with the same cache
# -        for _ in range(2):
# +        for _ in range(1):

# %% wrong: every window has a pixel of its own, so overlaps do not matter
# fails: test-check-maxpool-backward-overlap
# says: writes = for +=: the last window of a pixel wins
# -    for kernel, stride in [((2, 3), 2), ((3, 2), 1), (2, 3)]:
# +    for kernel, stride in [((2, 3), 3), ((3, 2), 3), (2, 2), (1, 1), ((1, 2), 3)]:
