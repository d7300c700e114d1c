"""The library's layers against torch, over random shapes; the contract; what they refuse."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import functional, torch

from course_utils import layers
from course_utils.layers import (
    avgpool2d_backward,
    avgpool2d_forward,
    batchnorm1d_backward,
    batchnorm1d_forward,
    batchnorm2d_backward,
    batchnorm2d_forward,
    blocks,
    conv2d_backward,
    conv2d_forward,
    conv_transpose2d_backward,
    conv_transpose2d_forward,
    dropout_backward,
    dropout_forward,
    linear_backward,
    linear_forward,
    lowered,
    maxpool2d_backward,
    maxpool2d_forward,
    relu_backward,
    relu_forward,
    softmax_loss,
    winograd,
)
from course_utils.layers.blocks import Plan
from course_utils.layers.conv import formulation

pytestmark = pytest.mark.unit
ones = np.ones

bounded = settings(max_examples=60, deadline=None, derandomize=True, database=None)
fewer = settings(bounded, max_examples=30)

dtypes = st.sampled_from([np.float32, np.float64])
seeds = st.integers(0, 2**31)
pairs = st.one_of(st.integers(1, 4), st.tuples(st.integers(1, 4), st.integers(1, 4)))
borders = st.one_of(st.integers(0, 3), st.tuples(st.integers(0, 3), st.integers(0, 3)))


def normal(rng, *shape, dtype=np.float64):
    return rng.standard_normal(shape).astype(dtype)


def agree(ours, theirs, dtype, terms=1, slack=30):
    """Equal type and shape, and values up to the rounding of sums of ``terms`` products of O(1).

    ``theirs`` is computed in float64 even for float32 inputs, so only our rounding is in question.
    """
    assert ours.dtype == dtype
    theirs = theirs.detach().numpy() if isinstance(theirs, torch.Tensor) else np.asarray(theirs)
    assert ours.shape == theirs.shape
    tolerance = slack * np.finfo(dtype).eps * np.sqrt(terms)
    np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)


def tensors(*arrays):
    """The arrays as float64 leaves of torch's graph."""
    return [
        None if a is None else torch.tensor(a.astype(np.float64), requires_grad=True)
        for a in arrays
    ]


def apart(result, *inputs):
    """Results share no memory with inputs."""
    return not any(np.shares_memory(result, one) for one in inputs if one is not None)


# ---------------------------------------------------------------- convolution


@st.composite
def convolutions(draw):
    """Random arguments of a convolution whose kernel fits, as (shapes, options)."""
    groups = draw(st.sampled_from([1, 1, 1, 2, 3]))
    per_group, filters = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    kernel_size = (draw(st.integers(1, 5)), draw(st.integers(1, 5)))
    stride, padding, dilation = draw(pairs), draw(borders), draw(pairs)
    beyond = [
        max(1, d * (k - 1) + 1 - 2 * p)
        for k, d, p in zip(
            kernel_size, np.broadcast_to(dilation, 2), np.broadcast_to(padding, 2), strict=True
        )
    ]
    height, width = (int(least) + draw(st.integers(0, 13)) for least in beyond)
    n = draw(st.integers(0, 3))
    options = dict(stride=stride, padding=padding, dilation=dilation, groups=groups)
    x_shape, w_shape = (
        (n, groups * per_group, height, width),
        (groups * filters, per_group, *kernel_size),
    )
    return x_shape, w_shape, draw(st.booleans()), options


def check_convolution(x_shape, w_shape, bias, options, dtype, seed=0, slack=30):
    rng = np.random.default_rng(seed)
    x, w = normal(rng, *x_shape, dtype=dtype), normal(rng, *w_shape, dtype=dtype)
    b = normal(rng, w_shape[0], dtype=dtype) if bias else None
    tx, tw, tb = tensors(x, w, b)
    expected = functional.conv2d(tx, tw, tb, **options)
    out, cache = conv2d_forward(x, w, b, **options)
    per_pixel = int(np.prod(w_shape[1:]))
    agree(out, expected, dtype, per_pixel, slack)

    dout = normal(rng, *out.shape, dtype=dtype)
    before = [a.copy() for a in (x, w, dout)]
    expected.backward(torch.tensor(dout.astype(np.float64)))
    dx, dw, db = conv2d_backward(dout, cache)
    agree(dx, tx.grad, dtype, per_pixel * w_shape[0], slack)
    agree(dw, tw.grad, dtype, max(1, dout.size // w_shape[0]), slack)
    if bias:
        agree(db, tb.grad, dtype, max(1, dout.size // w_shape[0]))
    else:
        assert db is None
    for old, new in zip(before, (x, w, dout), strict=True):
        np.testing.assert_array_equal(new, old)
    assert apart(out, x, w, b) and apart(dx, x, w, dout) and apart(dw, x, w, dout)
    for again, first in zip(conv2d_backward(dout, cache), (dx, dw, db), strict=True):
        np.testing.assert_array_equal(again, first) if bias or first is not None else None


@pytest.mark.torch
@bounded
@given(convolutions(), dtypes, seeds)
def test_convolution_agrees_with_torch(case, dtype, seed):
    check_convolution(*case, dtype, seed)


SLACK = {"winograd": 300}  # its transforms cost about one decimal digit
CONVOLUTIONS = {
    "3x3 same": ("lowered", (2, 8, 9, 13), (5, 8, 3, 3), dict(padding=1)),
    "3x3, many filters of few channels": ("lowered", (2, 4, 9, 13), (20, 4, 3, 3), dict(padding=1)),
    "3x3, wide rows": ("lowered", (1, 40, 7, 190), (6, 40, 3, 3), {}),
    "3x3 same, many channels": ("winograd", (7, 32, 10, 17), (34, 32, 3, 3), dict(padding=1)),
    "3x3 same, many pixels": ("winograd", (1, 32, 61, 66), (32, 32, 3, 3), dict(padding=1)),
    "3x3 valid, many channels": ("winograd", (6, 33, 14, 19), (32, 33, 3, 3), {}),
    "3x3, padding beyond the kernel": (
        "winograd",
        (5, 32, 11, 10),
        (40, 32, 3, 3),
        dict(padding=(4, 3)),
    ),
    "5x5 same, many channels": ("winograd", (5, 33, 13, 18), (36, 33, 5, 5), dict(padding=2)),
    "5x5 valid, many channels": ("winograd", (60, 48, 9, 8), (33, 48, 5, 5), {}),
    "few pixels, many channels": ("lowered", (1, 130, 4, 4), (140, 130, 3, 3), dict(padding=1)),
    "one pixel, 3x3 same": ("lowered", (2, 64, 1, 1), (64, 64, 3, 3), dict(padding=1)),
    "kernel as large as the image": ("lowered", (4, 6, 7, 5), (9, 6, 7, 5), {}),
    "AlexNet's first layer": ("lowered", (2, 3, 67, 63), (16, 3, 11, 11), dict(stride=4)),
    "stride 2, remainder": ("lowered", (2, 32, 12, 13), (33, 32, 3, 3), dict(stride=2, padding=1)),
    "stride beyond the kernel": ("lowered", (2, 5, 20, 23), (4, 5, 3, 2), dict(stride=(7, 5))),
    "stride 9 over one position": ("lowered", (2, 5, 8, 8), (4, 5, 3, 3), dict(stride=9)),
    "dilated": ("lowered", (2, 33, 14, 15), (34, 33, 3, 3), dict(dilation=(2, 3), padding=2)),
    "dilated, strided": (
        "lowered",
        (2, 6, 17, 19),
        (7, 6, 3, 4),
        dict(dilation=(2, 3), stride=(2, 3)),
    ),
    "two groups": ("lowered", (2, 64, 9, 10), (96, 32, 3, 3), dict(groups=2, padding=1)),
    "many groups, many pixels": ("lowered", (3, 48, 50, 49), (48, 2, 3, 3), dict(groups=24)),
    "1x1": ("pointwise", (3, 40, 6, 7), (50, 40, 1, 1), {}),
    "1x1, stride 2, remainder": ("pointwise", (3, 40, 6, 7), (50, 40, 1, 1), dict(stride=2)),
    "1x1, two strides": ("pointwise", (2, 5, 6, 8), (4, 5, 1, 1), dict(stride=(2, 3))),
    "1x1 in groups": ("pointwise", (3, 12, 6, 7), (8, 6, 1, 1), dict(groups=2)),
    "1x1 on one pixel": ("pointwise", (1, 3, 1, 1), (2, 3, 1, 1), {}),
    "1x1 with a border": ("lowered", (3, 4, 6, 7), (5, 4, 1, 1), dict(padding=1)),
    "depthwise": ("depthwise", (2, 37, 15, 14), (37, 1, 3, 3), dict(groups=37, padding=1)),
    "depthwise, stride 2": (
        "depthwise",
        (2, 37, 15, 14),
        (37, 1, 3, 3),
        dict(groups=37, padding=1, stride=2),
    ),
    "depthwise, stride 3": (
        "depthwise",
        (2, 7, 15, 14),
        (7, 1, 2, 3),
        dict(groups=7, stride=(3, 4)),
    ),
    "depthwise, dilated": (
        "depthwise",
        (3, 7, 19, 18),
        (7, 1, 5, 5),
        dict(groups=7, padding=1, dilation=2),
    ),
    "depthwise, large images": ("depthwise", (1, 9, 200, 201), (9, 1, 3, 3), dict(groups=9)),
    "depthwise, two filters each": ("depthwise", (2, 5, 9, 8), (10, 1, 3, 3), dict(groups=5)),
    "depthwise, two each, stride 2": (
        "depthwise",
        (2, 5, 9, 8),
        (10, 1, 3, 3),
        dict(groups=5, stride=2),
    ),
    "depthwise, 1x1": ("depthwise", (2, 5, 9, 8), (5, 1, 1, 1), dict(groups=5)),
    "empty batch": ("lowered", (0, 3, 8, 9), (4, 3, 3, 3), dict(padding=1)),
    "empty batch, 1x1": ("pointwise", (0, 64, 8, 9), (64, 64, 1, 1), {}),
    "empty batch, depthwise": ("depthwise", (0, 6, 8, 9), (6, 1, 3, 3), dict(groups=6)),
}


@pytest.mark.torch
@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=["float32", "float64"])
@pytest.mark.parametrize(
    ("how", "x_shape", "w_shape", "options"), CONVOLUTIONS.values(), ids=CONVOLUTIONS
)
def test_convolution_of_each_kind_agrees_with_torch(how, x_shape, w_shape, options, dtype):
    _, (*_, plan) = conv2d_forward(np.zeros(x_shape), np.zeros(w_shape), **options)
    assert formulation(x_shape, w_shape[0], plan).__name__.endswith(how)
    check_convolution(x_shape, w_shape, True, options, dtype, slack=SLACK.get(how, 30))


@pytest.mark.torch
@bounded
@given(st.data())
def test_winograd_serves_every_kernel_up_to_6x6(data):
    draw, sizes = data.draw, st.integers(1, 6)
    kernel, padding = (
        (draw(sizes), draw(sizes)),
        (draw(st.integers(-1, 6)), draw(st.integers(-1, 6))),
    )
    n, c, f = draw(st.integers(0, 3)), draw(sizes), draw(sizes)
    size = [
        max(1, k - 2 * p, 1 - 2 * p) + draw(st.integers(0, 12))
        for k, p in zip(kernel, padding, strict=True)
    ]
    out_size = tuple(s + 2 * p - k + 1 for s, p, k in zip(size, padding, kernel, strict=True))
    plan = Plan(kernel, (1, 1), padding, (1, 1), 1, out_size)
    rng = np.random.default_rng(n)
    x, w, b = normal(rng, n, c, *size), normal(rng, f, c, *kernel), normal(rng, f)
    dout = normal(rng, n, f, *out_size)
    for function, arguments in (
        (winograd.forward, (x, w, b)),
        (winograd.backward_weights, (x, dout)),
    ):
        expected = getattr(lowered, function.__name__)(*arguments, plan)
        agree(function(*arguments, plan), expected, np.float64, 64 + dout.size, slack=300)


def test_results_do_not_lie_in_scratch_memory():
    x, w = np.ones((4, 64, 16, 16)), np.ones((64, 64, 3, 3))
    for options in (dict(padding=1), dict(stride=2), dict(groups=64)):
        out, cache = conv2d_forward(x, w[:, :1] if "groups" in options else w, **options)
        dx, dw, _ = conv2d_backward(out, cache)
        pieces = blocks._kept.__dict__.values()
        assert pieces and all(apart(result, *pieces) for result in (out, dx, dw))


def test_threads_do_not_disturb_each_other():
    rng = np.random.default_rng(0)
    inputs = [normal(rng, 4, 64, 16, 16) for _ in range(4)]
    w = normal(rng, 64, 64, 3, 3)
    expected = [conv2d_forward(x, w, padding=1)[0] for x in inputs]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            got = pool.map(lambda x: conv2d_forward(x, w, padding=1)[0], inputs)
            for one, two in zip(got, expected, strict=True):
                np.testing.assert_array_equal(one, two)


def test_large_scratch_memory_is_not_kept():
    kept = dict(blocks._kept.__dict__)
    blocks.scratch("large", (blocks.KEPT_BYTES + 1,), np.uint8)
    assert set(blocks._kept.__dict__) == set(kept)


def test_convolution_does_not_flip_the_kernel():
    x, w = np.zeros((1, 1, 3, 3)), np.arange(9.0).reshape(1, 1, 3, 3)
    x[0, 0, 0, 0] = 1
    assert conv2d_forward(x, w)[0].item() == 0
    x[0, 0, 2, 2] = 1
    assert conv2d_forward(x, w)[0].item() == 8


CONVOLUTION_ERRORS = {
    "x with three axes": (
        dict(x=(3, 5, 5)),
        "x must have the axes (N, C, H, W), got shape (3, 5, 5)",
    ),
    "w with two axes": (
        dict(w=(4, 3)),
        "w must have the axes (F, C / groups, KH, KW), got shape (4, 3)",
    ),
    "channels": (
        dict(w=(4, 2, 3, 3)),
        "w of shape (4, 2, 3, 3) takes 2 channels per group, but x of shape (2, 3, 5, 6) has "
        "3 channels / groups=1 = 3",
    ),
    "groups and channels": (
        dict(groups=2),
        "groups=2 must divide the 3 channels of x (2, 3, 5, 6)",
    ),
    "groups and filters": (dict(groups=3, w=(4, 1, 3, 3)), "the 4 filters of w (4, 1, 3, 3)"),
    "groups 0": (dict(groups=0), "groups must be an int of at least 1, got 0"),
    "bias": (dict(b=(3,)), "b must have shape (4,), one entry per filter, got (3,)"),
    "stride 0": (dict(stride=0), "stride must be at least 1, got 0"),
    "half a stride": (
        dict(stride=0.5),
        "stride must be an int or a (height, width) pair of ints, got 0.5",
    ),
    "three strides": (dict(stride=(1, 1, 1)), "stride must be an int or a (height, width) pair"),
    "padding below 0": (dict(padding=(0, -1)), "padding must be at least 0, got (0, -1)"),
    "dilation 0": (dict(dilation=0), "dilation must be at least 1, got 0"),
    "kernel too large": (
        dict(w=(4, 3, 6, 3)),
        "x of shape (2, 3, 5, 6): kernel_size=6 with dilation=1 spans 6, larger than the padded "
        "input size=5 + 2*padding=0 = 5",
    ),
    "dilated kernel too large": (dict(dilation=3), "kernel_size=3 with dilation=3 spans 7"),
    "empty kernel": (dict(w=(4, 3, 0, 3)), "must have no empty axis but N"),
    "no height": (dict(x=(2, 3, 0, 6), padding=2), "height and width must be at least 1"),
}


@pytest.mark.parametrize(("changed", "said"), CONVOLUTION_ERRORS.values(), ids=CONVOLUTION_ERRORS)
def test_convolution_refuses(changed, said):
    arrays = dict(x=(2, 3, 5, 6), w=(4, 3, 3, 3), b=(4,))
    options = {name: value for name, value in changed.items() if name not in arrays}
    given = {name: np.ones(changed.get(name, shape)) for name, shape in arrays.items()}
    with pytest.raises(ValueError) as raised:
        conv2d_forward(**given, **options)
    assert said in str(raised.value)


# ---------------------------------------------------------------- transposed convolution


@st.composite
def transposed_convolutions(draw):
    """Random arguments of a transposed convolution that leaves something, as (shapes, options)."""
    sizes = st.integers(1, 5)
    kernel_size, (height, width) = (draw(sizes), draw(sizes)), (draw(sizes), draw(sizes))
    stride = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
    beyond = tuple(draw(st.integers(0, s - 1)) for s in stride)
    whole = [
        (n - 1) * s + k + a
        for n, s, k, a in zip((height, width), stride, kernel_size, beyond, strict=True)
    ]
    padding = tuple(draw(st.integers(0, min(3, (n - 1) // 2))) for n in whole)
    n, c, f = draw(st.integers(0, 3)), draw(st.integers(1, 4)), draw(st.integers(1, 4))
    options = dict(stride=stride, padding=padding, output_padding=beyond)
    return (n, c, height, width), (c, f, *kernel_size), draw(st.booleans()), options


def check_transposed(x_shape, w_shape, bias, options, dtype, seed=0, slack=30):
    rng = np.random.default_rng(seed)
    x, w = normal(rng, *x_shape, dtype=dtype), normal(rng, *w_shape, dtype=dtype)
    b = normal(rng, w_shape[1], dtype=dtype) if bias else None
    tx, tw, tb = tensors(x, w, b)
    expected = functional.conv_transpose2d(tx, tw, tb, **options)
    out, cache = conv_transpose2d_forward(x, w, b, **options)
    agree(out, expected, dtype, w[:, 0].size, slack)
    dout = normal(rng, *out.shape, dtype=dtype)
    before = [a.copy() for a in (x, w, dout)]
    expected.backward(torch.tensor(dout.astype(np.float64)))
    dx, dw, db = conv_transpose2d_backward(dout, cache)
    agree(dx, tx.grad, dtype, w[0].size, slack)
    agree(dw, tw.grad, dtype, max(1, x.size), slack)
    assert db is None if b is None else not agree(db, tb.grad, dtype, max(1, dout.size))
    for old, new in zip(before, (x, w, dout), strict=True):
        np.testing.assert_array_equal(new, old)
    assert apart(out, x, w, b) and apart(dx, x, w, dout) and apart(dw, x, w, dout)


@pytest.mark.torch
@bounded
@given(transposed_convolutions(), dtypes, seeds)
def test_transposed_convolution_agrees_with_torch(case, dtype, seed):
    check_transposed(*case, dtype, seed)


TRANSPOSED = {
    "4x4, doubles the size": ((2, 8, 6, 7), (8, 5, 4, 4), dict(stride=2, padding=1)),
    "3x3, doubles the size": (
        (2, 3, 6, 7),
        (3, 5, 3, 3),
        dict(stride=2, padding=1, output_padding=1),
    ),
    "many channels": ((2, 40, 30, 31), (40, 36, 3, 3), dict(padding=1)),
    "1x1": ((2, 4, 5, 6), (4, 3, 1, 1), {}),
    "1x1 with a stride": ((2, 4, 5, 6), (4, 3, 1, 1), dict(stride=(2, 1))),
    "one channel": ((2, 1, 5, 6), (1, 1, 3, 2), dict(stride=2)),
}


@pytest.mark.torch
@pytest.mark.parametrize("case", TRANSPOSED.values(), ids=TRANSPOSED)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_transposed_convolution_of_each_kind_agrees_with_torch(case, dtype):
    x_shape, w_shape, options = case
    check_transposed(x_shape, w_shape, True, options, dtype, slack=300)


def test_a_transposed_convolution_adds_copies_where_they_overlap():
    out, _ = conv_transpose2d_forward(ones((1, 1, 1, 4)), ones((1, 1, 1, 3)), stride=(1, 2))
    assert out.ravel().tolist() == [1, 1, 2, 1, 2, 1, 2, 1, 1]


# ---------------------------------------------------------------- pooling


@st.composite
def pools(draw):
    kernel_size = draw(pairs)
    stride = draw(st.one_of(st.none(), pairs))
    halves = [int(k) // 2 for k in np.broadcast_to(kernel_size, 2)]
    padding = tuple(draw(st.integers(0, half)) for half in halves)
    height, width = (int(k) + draw(st.integers(0, 9)) for k in np.broadcast_to(kernel_size, 2))
    return (
        (draw(st.integers(0, 3)), draw(st.integers(1, 4)), height, width),
        kernel_size,
        stride,
        padding,
    )


def check_pool(forward, backward, theirs, x, kernel_size, stride, padding):
    (tx,) = tensors(x)
    if len(x):
        expected = theirs(tx, kernel_size, stride, padding)
    else:  # torch does not pool an empty batch backward
        expected = theirs(torch.zeros(1, *x.shape[1:]), kernel_size, stride, padding)[:0]
    out, cache = forward(x, kernel_size, stride, padding)
    agree(out, expected, x.dtype)
    dout = np.random.default_rng(1).standard_normal(out.shape).astype(x.dtype)
    before, upstream = x.copy(), dout.copy()
    dx = backward(dout, cache)
    if len(x):
        expected.backward(torch.tensor(dout.astype(np.float64)))
        agree(dx, tx.grad, x.dtype, terms=16)
    assert dx.shape == x.shape and dx.dtype == x.dtype
    np.testing.assert_array_equal(x, before)
    np.testing.assert_array_equal(dout, upstream)
    assert apart(out, x) and apart(dx, x, dout)
    np.testing.assert_array_equal(backward(dout, cache), dx)


@pytest.mark.torch
@bounded
@given(pools(), dtypes, seeds, st.booleans())
def test_max_pooling_agrees_with_torch(case, dtype, seed, ties):
    shape, *options = case
    rng = np.random.default_rng(seed)
    x = (rng.integers(-2, 2, shape) if ties else rng.standard_normal(shape)).astype(dtype)
    check_pool(maxpool2d_forward, maxpool2d_backward, functional.max_pool2d, x, *options)


@pytest.mark.torch
@bounded
@given(pools(), dtypes, seeds)
def test_average_pooling_agrees_with_torch(case, dtype, seed):
    shape, *options = case
    x = normal(np.random.default_rng(seed), *shape, dtype=dtype)
    check_pool(avgpool2d_forward, avgpool2d_backward, functional.avg_pool2d, x, *options)


def test_of_equal_entries_the_first_gets_the_gradient():
    _, cache = maxpool2d_forward(np.full((1, 1, 4, 4), -3.0), 3, stride=1)
    dx = maxpool2d_backward(np.array([[[[1.0, 2.0], [3.0, 4.0]]]]), cache)
    np.testing.assert_array_equal(dx[0, 0, :2, :2], [[1, 2], [3, 4]])
    assert dx.sum() == 10


def test_max_pooling_with_a_kernel_of_more_than_256_entries():
    x = np.zeros((1, 1, 20, 20))
    x[0, 0, 19, 19] = 1
    dx = maxpool2d_backward(np.ones((1, 1, 1, 1)), maxpool2d_forward(x, 20)[1])
    np.testing.assert_array_equal(dx, x)


POOL_ERRORS = {
    "three axes": (
        (3, 5, 5),
        dict(kernel_size=2),
        "x must have the axes (N, C, H, W), got shape (3, 5, 5)",
    ),
    "too large": ((1, 3, 5, 4), dict(kernel_size=5), "x of shape (1, 3, 5, 4): kernel_size=5"),
    "kernel 0": ((1, 3, 5, 4), dict(kernel_size=0), "kernel_size must be at least 1, got 0"),
    "stride 0": ((1, 3, 5, 4), dict(kernel_size=2, stride=0), "stride must be at least 1, got 0"),
    "padding": (
        (1, 3, 5, 4),
        dict(kernel_size=3, padding=2),
        "padding=(2, 2) must be at most half of kernel_size=(3, 3)",
    ),
}


@pytest.mark.parametrize("forward", [maxpool2d_forward, avgpool2d_forward])
@pytest.mark.parametrize(("shape", "options", "said"), POOL_ERRORS.values(), ids=POOL_ERRORS)
def test_pooling_refuses(forward, shape, options, said):
    with pytest.raises(ValueError) as raised:
        forward(np.ones(shape), **options)
    assert said in str(raised.value)


# ---------------------------------------------------------------- linear, ReLU


@pytest.mark.torch
@fewer
@given(st.integers(0, 4), st.integers(1, 9), st.integers(1, 9), dtypes, st.booleans(), seeds)
def test_linear_agrees_with_torch(n, inputs, outputs, dtype, bias, seed):
    rng = np.random.default_rng(seed)
    x, w = normal(rng, n, inputs, dtype=dtype), normal(rng, inputs, outputs, dtype=dtype)
    b = normal(rng, outputs, dtype=dtype) if bias else None
    tx, tw, tb = tensors(x, w, b)
    expected = functional.linear(tx, tw.T, tb)
    out, cache = linear_forward(x, w, b)
    agree(out, expected, dtype, inputs)
    dout = normal(rng, n, outputs, dtype=dtype)
    expected.backward(torch.tensor(dout.astype(np.float64)))
    dx, dw, db = linear_backward(dout, cache)
    agree(dx, tx.grad, dtype, outputs)
    agree(dw, tw.grad, dtype, n + 1)
    if bias:
        agree(db, tb.grad, dtype, n + 1)
    assert apart(out, x, w) and apart(dx, x, dout) and (bias or db is None)


def test_linear_flattens_images_and_gives_their_gradient_back_as_images():
    x, w = np.arange(12.0).reshape(1, 3, 2, 2), np.eye(12)
    out, cache = linear_forward(x, w)
    np.testing.assert_array_equal(out, [range(12)])
    dx, _, _ = linear_backward(out, cache)
    np.testing.assert_array_equal(dx, x)


@pytest.mark.torch
@pytest.mark.parametrize("shape", [(), (0,), (5,), (2, 3), (2, 3, 4, 5)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_relu_agrees_with_torch_and_has_gradient_0_at_0(shape, dtype):
    rng = np.random.default_rng(0)
    x = rng.integers(-2, 3, shape) * normal(rng, *shape, dtype=dtype)
    x = np.asarray(x, dtype)
    (tx,) = tensors(x)
    out, cache = relu_forward(x)
    agree(np.asarray(out), functional.relu(tx), dtype)
    dout = np.asarray(normal(rng, *shape, dtype=dtype) + 3, dtype)
    functional.relu(tx).backward(torch.tensor(dout.astype(np.float64)))
    agree(np.asarray(relu_backward(dout, cache)), tx.grad, dtype)
    assert apart(out, x)


def test_changing_the_output_of_relu_in_place_does_not_change_its_gradient():
    out, cache = relu_forward(np.array([-1.0, 2.0]))
    out += 5
    np.testing.assert_array_equal(relu_backward(np.ones(2), cache), [0, 1])


# ---------------------------------------------------------------- batch norm, dropout, loss


@pytest.mark.torch
@fewer
@given(
    st.integers(2, 5),
    st.integers(1, 4),
    st.sampled_from([(), (1, 1), (3, 5)]),
    dtypes,
    st.booleans(),
    seeds,
)
def test_batch_norm_agrees_with_torch(n, channels, pixels, dtype, train, seed):
    rng = np.random.default_rng(seed)
    x = normal(rng, n, channels, *pixels, dtype=dtype) * 3 + 2
    gamma, beta = normal(rng, channels, dtype=dtype), normal(rng, channels, dtype=dtype)
    running = {
        "mean": normal(rng, channels, dtype=dtype),
        "var": rng.random(channels).astype(dtype) + 1,
    }
    old = {name: value.copy() for name, value in running.items()}
    tx, tg, tb = tensors(x, gamma, beta)
    mean, var = (torch.tensor(running[name].astype(np.float64)) for name in ("mean", "var"))
    expected = functional.batch_norm(tx, mean, var, tg, tb, training=train, momentum=0.3, eps=0.1)

    forward, backward = (
        (batchnorm2d_forward, batchnorm2d_backward)
        if pixels
        else (batchnorm1d_forward, batchnorm1d_backward)
    )
    out, cache, new = forward(x, gamma, beta, running, train, momentum=0.7, eps=0.1)
    agree(out, expected, dtype, 16)
    agree(new["mean"], mean, dtype, 16)
    values = x.size // channels
    biased = (var.numpy() - 0.7 * old["var"]) * (values - 1) / values + 0.7 * old["var"]
    agree(new["var"], biased if train else old["var"], dtype, 16)
    dout = normal(rng, *x.shape, dtype=dtype)
    expected.backward(torch.tensor(dout.astype(np.float64)))
    dx, dgamma, dbeta = backward(dout, cache)
    agree(dx, tx.grad, dtype, 256)
    agree(dgamma, tg.grad, dtype, 256)
    agree(dbeta, tb.grad, dtype, 256)
    for name in ("mean", "var"):
        np.testing.assert_array_equal(running[name], old[name])
        assert apart(new[name], running[name])
    assert apart(out, x) and apart(dx, dout)


def test_a_constant_channel_is_normalised_to_beta():
    state = {"mean": np.zeros(1), "var": np.ones(1)}
    out, _, _ = batchnorm1d_forward(np.full((4, 1), 7.0), np.ones(1), np.full(1, 0.5), state, True)
    np.testing.assert_array_equal(out, np.full((4, 1), 0.5))


def test_batch_norm_of_an_empty_batch():
    state = {"mean": np.zeros(3), "var": np.ones(3)}
    empty, ones = np.empty((0, 3, 2, 2)), np.ones(3)
    out, cache, _ = batchnorm2d_forward(empty, ones, ones, state, train=False)
    assert out.shape == (0, 3, 2, 2)
    dx, dgamma, _ = batchnorm2d_backward(out, cache)
    assert dx.shape == out.shape and not dgamma.any()
    with pytest.raises(ValueError, match=r"x of shape \(0, 3, 2, 2\) has no values"):
        batchnorm2d_forward(empty, ones, ones, state, train=True)


def test_dropout_keeps_the_expected_value_and_the_same_entries_in_both_passes():
    x = np.ones((200, 300), np.float32)
    out, cache = dropout_forward(x, 0.3, True, np.random.default_rng(0))
    kept = out != 0
    assert abs(kept.mean() - 0.7) < 0.01 and abs(out.mean() - 1) < 0.01
    np.testing.assert_allclose(out[kept], 1 / 0.7, rtol=1e-6)
    dx = dropout_backward(2 * x, cache)
    np.testing.assert_allclose(dx, 2 * out, rtol=1e-6)
    assert out.dtype == dx.dtype == np.float32


def test_dropout_does_nothing_at_test_time():
    x = np.arange(4.0)
    out, cache = dropout_forward(x, 0.5, False)
    np.testing.assert_array_equal(out, x)
    np.testing.assert_array_equal(dropout_backward(x, cache), x)
    assert apart(out, x) and apart(dropout_backward(x, cache), x)


def test_dropout_depends_on_the_generator_only():
    masks = [
        dropout_forward(np.ones(50), 0.5, True, np.random.default_rng(s))[0] for s in (3, 3, 4)
    ]
    np.testing.assert_array_equal(masks[0], masks[1])
    assert (masks[0] != masks[2]).any()


@pytest.mark.torch
@fewer
@given(st.integers(1, 6), st.integers(1, 7), st.sampled_from([1, 1e4]), dtypes, seeds)
def test_softmax_loss_agrees_with_torch(n, classes, scale, dtype, seed):
    rng = np.random.default_rng(seed)
    scores, y = normal(rng, n, classes, dtype=dtype) * dtype(scale), rng.integers(0, classes, n)
    (ts,) = tensors(scores)
    expected = functional.cross_entropy(ts, torch.tensor(y))
    expected.backward()
    loss, dscores = softmax_loss(scores, y)
    assert type(loss) is float
    np.testing.assert_allclose(loss, expected.item(), rtol=20 * np.finfo(dtype).eps, atol=1e-6)
    agree(dscores, ts.grad, dtype)


def test_softmax_loss_of_an_empty_batch():
    loss, dscores = softmax_loss(np.empty((0, 3)), [])
    assert loss == 0 and dscores.shape == (0, 3)


STATE = {"mean": ones(3), "var": ones(3)}
OTHER_ERRORS = {
    "integers": (lambda: relu_forward(np.arange(3)), "x must be float32 or float64, got int64"),
    "half": (
        lambda: relu_forward(ones(3, np.float16)),
        "x must be float32 or float64, got float16",
    ),
    "mixed types": (
        lambda: conv2d_forward(ones((1, 1, 3, 3), np.float32), ones((1, 1, 3, 3))),
        "w is float64 and x is float32: they must be the same",
    ),
    "channels of a transposed convolution": (
        lambda: conv_transpose2d_forward(ones((1, 3, 2, 2)), ones((2, 3, 3, 3))),
        "w of shape (2, 3, 3, 3) takes 2 channels, but x of shape (1, 3, 2, 2) has 3",
    ),
    "output padding": (
        lambda: conv_transpose2d_forward(ones((1, 1, 2, 2)), ones((1, 1, 3, 3)), None, 2, 0, 2),
        "output_padding=(2, 2) must be less than stride=(2, 2)",
    ),
    "padding that leaves nothing": (
        lambda: conv_transpose2d_forward(ones((1, 1, 2, 2)), ones((1, 1, 3, 3)), padding=2),
        "2*padding=2 crops away all 4 pixels",
    ),
    "bias of a transposed convolution": (
        lambda: conv_transpose2d_forward(ones((1, 2, 2, 2)), ones((2, 3, 3, 3)), ones(2)),
        "b must have shape (3,), one entry per output channel, got (2,)",
    ),
    "features": (
        lambda: linear_forward(ones((2, 3, 4)), ones((5, 2))),
        "x of shape (2, 3, 4) has 12 features per example, but w of shape (5, 2) takes in_features=5",
    ),
    "one axis": (lambda: linear_forward(ones(3), ones((3, 2))), "got shape (3,)"),
    "linear bias": (
        lambda: linear_forward(ones((2, 3)), ones((3, 2)), ones(3)),
        "b must have shape (2,), one entry per output feature, got (3,)",
    ),
    "gamma": (
        lambda: batchnorm1d_forward(ones((2, 3)), ones(2), ones(3), STATE, True),
        "gamma must have shape (3,), one entry per channel, got (2,)",
    ),
    "running": (
        lambda: batchnorm1d_forward(ones((2, 3)), ones(3), ones(3), {"mean": ones(3)}, True),
        'running must be a dict with the keys "mean" and "var"',
    ),
    "running variance": (
        lambda: batchnorm1d_forward(ones((2, 3)), ones(3), ones(3), STATE | {"var": ones(1)}, True),
        'running["var"] must have shape (3,)',
    ),
    "axes of batch norm": (
        lambda: batchnorm2d_forward(ones((2, 3)), ones(3), ones(3), STATE, True),
        "x must have the axes (N, C, H, W), got shape (2, 3)",
    ),
    "p = 1": (lambda: dropout_forward(ones(3), 1, True, None), "0 <= p < 1, got 1"),
    "no rng": (
        lambda: dropout_forward(ones(3), 0.5, True),
        "dropout at train time needs rng=np.random.default_rng(seed), got None",
    ),
    "label too large": (
        lambda: softmax_loss(ones((2, 3)), [0, 3]),
        "y must be classes from 0 to 2, as scores has shape (2, 3), got 0 to 3",
    ),
    "labels of another length": (
        lambda: softmax_loss(ones((2, 3)), [0]),
        "y must be 2 ints, one class for each row of scores (2, 3), got shape (1,)",
    ),
    "labels that are floats": (lambda: softmax_loss(ones((1, 3)), [0.5]), "of float64"),
}


@pytest.mark.parametrize(("call", "said"), OTHER_ERRORS.values(), ids=OTHER_ERRORS)
def test_refused(call, said):
    with pytest.raises(ValueError) as raised:
        call()
    assert said in str(raised.value)


# ---------------------------------------------------------------- all layers

X = np.random.default_rng(5).standard_normal((2, 4, 6, 7))
ROWS = X.reshape(2, -1)[:, :9]
RNG = np.random.default_rng
FOUR = {"mean": np.zeros(4), "var": np.ones(4)}
NINE = {"mean": np.zeros(9), "var": np.ones(9)}
PAIRS = {
    "conv2d": (lambda x: conv2d_forward(x, ones((5, 4, 3, 2)), ones(5), 2, 1), conv2d_backward, X),
    "conv2d same": (
        lambda x: conv2d_forward(x, X[:, :, :3, :3], None, 1, 1),
        conv2d_backward,
        X,
    ),
    "conv2d 1x1": (lambda x: conv2d_forward(x, X[:, :, :1, :1]), conv2d_backward, X),
    "conv2d depthwise": (
        lambda x: conv2d_forward(x, X[0, :, None, :3, :3], None, groups=4),
        conv2d_backward,
        X,
    ),
    "conv_transpose2d": (
        lambda x: conv_transpose2d_forward(x, X[0, :, :3, :3, None], ones(3), 2, (1, 0), 1),
        conv_transpose2d_backward,
        X,
    ),
    "maxpool2d": (lambda x: maxpool2d_forward(x, 3, 2), maxpool2d_backward, X),
    "maxpool2d 2x2": (lambda x: maxpool2d_forward(x, 2), maxpool2d_backward, X),
    "avgpool2d": (lambda x: avgpool2d_forward(x, 3, 2), avgpool2d_backward, X),
    "linear": (
        lambda x: linear_forward(x, X[0].reshape(-1)[:63].reshape(9, 7)),
        linear_backward,
        ROWS,
    ),
    "relu": (relu_forward, relu_backward, X),
    "batchnorm1d": (
        lambda x: batchnorm1d_forward(x, ones(9), ones(9), NINE, True),
        batchnorm1d_backward,
        X[0, 0, :, :1] * X[1, 0, 0, 0] + np.arange(54.0).reshape(6, 9) % 5,
    ),
    "batchnorm2d": (
        lambda x: batchnorm2d_forward(x, ones(4), ones(4), FOUR, True),
        batchnorm2d_backward,
        X,
    ),
    "dropout": (lambda x: dropout_forward(x, 0.4, True, RNG(1)), dropout_backward, X),
}
each_pair = pytest.mark.parametrize(("forward", "backward", "x"), PAIRS.values(), ids=PAIRS)


def gradient(result):
    return result[0] if isinstance(result, tuple) else result


@each_pair
def test_numerical_gradient_agrees(forward, backward, x):
    x = x.copy()
    out, cache, *_ = forward(x)
    dout = RNG(2).standard_normal(out.shape)
    dx = gradient(backward(dout, cache))
    step = 1e-5
    for index in list(np.ndindex(x.shape))[:: max(1, x.size // 40)]:
        kept, sides = x[index], []
        for side in (step, -step):
            x[index] = kept + side
            sides.append((forward(x)[0] * dout).sum())
        x[index] = kept
        assert dx[index] == pytest.approx((sides[0] - sides[1]) / (2 * step), rel=1e-5, abs=1e-7)


@each_pair
def test_strided_inputs_give_the_same(forward, backward, x):
    def strided(a):
        """The same values, read backwards out of an array twice as large with its axes swapped."""
        large = np.zeros([2 * size for size in reversed(a.shape)], a.dtype)
        view = large[tuple([slice(None, None, 2)] * a.ndim)].T[..., ::-1]
        view[...] = a
        return view

    out, cache, *_ = forward(x)
    other, other_cache, *_ = forward(strided(x))
    np.testing.assert_allclose(other, out, rtol=1e-12, atol=1e-12)
    dout = RNG(2).standard_normal(out.shape)
    expected = backward(dout, cache)
    got = backward(strided(dout), other_cache)
    for one, two in zip(
        expected if isinstance(expected, tuple) else (expected,),
        got if isinstance(got, tuple) else (got,),
        strict=True,
    ):
        if one is not None:
            np.testing.assert_allclose(two, one, rtol=1e-11, atol=1e-11)


@each_pair
def test_read_only_inputs_are_enough_and_caches_serve_twice_and_out_of_order(forward, backward, x):
    x = x.copy()
    x.flags.writeable = False
    out, cache, *_ = forward(x)
    dout = RNG(2).standard_normal(out.shape)
    dout.flags.writeable = False
    first = gradient(backward(dout, cache))
    kept = first.copy()
    first[...] = 0
    forward(x + 1)
    np.testing.assert_array_equal(gradient(backward(dout, cache)), kept)
    assert out.flags.writeable and first.flags.writeable


@each_pair
def test_dout_of_another_shape_or_type_is_refused(forward, backward, x):
    out, cache, *_ = forward(x)
    with pytest.raises(
        ValueError, match=r"dout has shape .* but the output of the forward pass has"
    ):
        backward(np.ones((*out.shape[:-1], out.shape[-1] + 1)), cache)
    with pytest.raises(ValueError, match="dout is float32 and x is float64"):
        backward(np.ones(out.shape, np.float32), cache)


def test_importing_the_layers_loads_numpy_only():
    code = (
        "import sys; import numpy; before = set(sys.modules); import course_utils.layers; "
        "new = {m.split('.')[0] for m in set(sys.modules) - before}; "
        "print(sorted(new - set(sys.stdlib_module_names)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['course_utils']"


def test_every_public_name_is_documented():
    for name in layers.__all__:
        assert len(getattr(layers, name).__doc__) > 40, name
