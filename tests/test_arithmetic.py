"""The arithmetic against torch, against published tables and against what layers really see."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import functional, nn, torch

from course_utils.arithmetic import (
    BITS,
    ReceptiveField,
    conv_multiply_adds,
    conv_output_shape,
    conv_output_size,
    conv_parameters,
    linear_parameters,
    memory_bytes,
    receptive_field,
    receptive_fields,
    same_padding,
    totals,
    trace,
    transposed_output_size,
)
from course_utils.networks import (
    ALEXNET,
    ALEXNET_GROUPED,
    ALEXNET_LRN_AFTER_POOL,
    LENET5,
    VGG,
    ZFNET,
    alphago,
    alphago_parameters,
    windows,
)

pytestmark = pytest.mark.unit

bounded = settings(max_examples=60, deadline=None, derandomize=True, database=None)
small = st.integers(1, 5)


def counted_work():
    """A block whose multiply-adds torch counts; it counts each as two."""
    from torch.utils.flop_counter import FlopCounterMode

    return FlopCounterMode(display=False)


def meta(*shape):
    """A tensor that has a shape and no values: torch computes sizes with it in no time."""
    return torch.empty(*shape, device="meta")


def conv(name="conv", **options):
    return {"kind": "conv", "name": name, **options}


def pool(name="pool", **options):
    return {"kind": "maxpool", "name": name, **options}


# ---------------------------------------------------------------- 1.1 output sizes

OUTPUT_SIZES = {
    "5x5 filter on 32": (28, dict(size=32, kernel_size=5)),
    "second 5x5 filter": (24, dict(size=28, kernel_size=5)),
    "5x5 filter, padding 2": (32, dict(size=32, kernel_size=5, padding=2)),
    "7 by 3, stride 1": (5, dict(size=7, kernel_size=3)),
    "7 by 3, stride 2": (3, dict(size=7, kernel_size=3, stride=2)),
    "7 by 3, stride 3 floors 2.33": (2, dict(size=7, kernel_size=3, stride=3)),
    "1-D, padding 1, stride 1": (5, dict(size=5, kernel_size=3, padding=1)),
    "1-D, padding 1, stride 2": (3, dict(size=5, kernel_size=3, padding=1, stride=2)),
    "NumPy walk-through": (4, dict(size=11, kernel_size=5, stride=2)),
    "AlexNet conv1": (55, dict(size=227, kernel_size=11, stride=4)),
    "AlexNet pool1": (27, dict(size=55, kernel_size=3, stride=2)),
    "ZFNet conv1": (110, dict(size=224, kernel_size=7, stride=2, padding=1)),
    "3 spread over 5": (3, dict(size=7, kernel_size=3, dilation=2)),
    "kernel as large as the input": (1, dict(size=5, kernel_size=5)),
    "kernel larger than the unpadded input": (1, dict(size=1, kernel_size=3, padding=1)),
    "1x1 kernel, stride over the end": (1, dict(size=1, kernel_size=1, stride=9)),
}


@pytest.mark.parametrize(("expected", "arguments"), OUTPUT_SIZES.values(), ids=OUTPUT_SIZES.keys())
def test_output_size(expected, arguments):
    assert conv_output_size(**arguments) == expected


@pytest.mark.torch
@bounded
@given(st.integers(1, 40), small, small, st.integers(0, 4), small)
def test_output_size_agrees_with_torch_and_refuses_what_torch_refuses(size, k, s, p, d):
    try:
        expected = functional.conv1d(meta(1, 1, size), meta(1, 1, k), None, s, p, d).shape[-1]
    except RuntimeError:
        with pytest.raises(ValueError, match="larger than the padded input"):
            conv_output_size(size, k, s, p, d)
    else:
        assert conv_output_size(size, k, s, p, d) == expected


@bounded
@given(st.integers(10, 40), small, small, st.integers(0, 4))
def test_exact_accepts_what_tiles_and_nothing_else(size, k, s, p):
    last_pixel_read = (conv_output_size(size, k, s, p) - 1) * s + k
    if last_pixel_read == size + 2 * p:
        assert conv_output_size(size, k, s, p, exact=True) == conv_output_size(size, k, s, p)
    else:
        with pytest.raises(ValueError, match="does not tile"):
            conv_output_size(size, k, s, p, exact=True)


OUTPUT_SIZE_ERRORS = {
    "dilated kernel too large": (
        dict(size=7, kernel_size=5, dilation=2),
        "kernel_size=5 with dilation=2 spans 9, larger than the padded input "
        "size=7 + 2*padding=0 = 7",
    ),
    "one pixel too large": (
        dict(size=3, kernel_size=6, padding=1),
        "kernel_size=6 with dilation=1 spans 6, larger than the padded input "
        "size=3 + 2*padding=1 = 5",
    ),
    "does not tile": (
        dict(size=224, kernel_size=11, stride=4, exact=True),
        "kernel_size=11 with stride=4 does not tile size=224: (224 + 2*0 - 11)/4 + 1 = 54.25",
    ),
    "size 0": (dict(size=0, kernel_size=1), "size must be at least 1 (given: size=0, "),
    "kernel 0": (dict(size=7, kernel_size=0), "kernel_size must be at least 1 (given: size=7, "),
    "stride 0": (dict(size=7, kernel_size=3, stride=0), "stride must be at least 1"),
    "dilation 0": (dict(size=7, kernel_size=3, dilation=0), "dilation must be at least 1"),
    "padding -1": (dict(size=7, kernel_size=3, padding=-1), "padding must be at least 0"),
}


@pytest.mark.parametrize(
    ("arguments", "message"), OUTPUT_SIZE_ERRORS.values(), ids=OUTPUT_SIZE_ERRORS.keys()
)
def test_output_size_error_says_the_numbers_and_the_cause(arguments, message):
    with pytest.raises(ValueError) as caught:
        conv_output_size(**arguments)
    assert message in str(caught.value)
    assert f"kernel_size={arguments['kernel_size']}" in str(caught.value)
    assert f"size={arguments['size']}" in str(caught.value).replace("kernel_size", "")


@pytest.mark.parametrize("size", [7.0, "7", None, True], ids=repr)
def test_a_size_that_is_no_integer_is_a_type_error(size):
    with pytest.raises(TypeError, match="size must be an integer"):
        conv_output_size(size, 3)


def test_numpy_integers_count_as_integers_and_do_not_overflow():
    channels = np.int8(100)
    count = conv_parameters(channels, channels, np.int8(3), bias=False)
    assert (count, type(count)) == (90_000, int)


OUTPUT_SHAPES = {
    "int for all": ((5, 5), dict(shape=7, kernel_size=3)),
    "pair of sizes": ((5, 7), dict(shape=(7, 9), kernel_size=3)),
    "pair of kernels": ((5, 5), dict(shape=(7, 9), kernel_size=(3, 5))),
    "pair of strides": ((3, 2), dict(shape=(7, 7), kernel_size=3, stride=(2, 3))),
    "pair of paddings": ((7, 9), dict(shape=(7, 9), kernel_size=(1, 5), padding=(0, 2))),
    "pair of dilations": ((3, 7), dict(shape=(7, 9), kernel_size=3, dilation=(2, 1))),
    "lists": ((5, 5), dict(shape=[7, 9], kernel_size=[3, 5])),
}


@pytest.mark.parametrize(
    ("expected", "arguments"), OUTPUT_SHAPES.values(), ids=OUTPUT_SHAPES.keys()
)
def test_output_shape(expected, arguments):
    assert conv_output_shape(**arguments) == expected


def test_output_shape_is_exact_along_both_axes():
    with pytest.raises(ValueError, match="does not tile size=8"):
        conv_output_shape((7, 8), kernel_size=3, stride=2, exact=True)


def test_three_sizes_are_no_pair():
    with pytest.raises(ValueError, match=r"kernel_size must be an int or a \(height, width\) pair"):
        conv_output_shape((7, 7), kernel_size=(3, 3, 3))


# ---------------------------------------------------------------- 1.2 same padding


@pytest.mark.parametrize(
    ("kernel_size", "dilation", "expected"),
    [(1, 1, 0), (3, 1, 1), (5, 1, 2), (7, 1, 3), (3, 2, 2), (2, 2, 1), (4, 2, 3), (1, 3, 0)],
)
def test_same_padding(kernel_size, dilation, expected):
    assert same_padding(kernel_size, dilation) == expected


@bounded
@given(st.integers(1, 40), st.integers(1, 9), small)
def test_same_padding_keeps_the_size(size, kernel_size, dilation):
    if dilation * (kernel_size - 1) % 2 == 0:
        padding = same_padding(kernel_size, dilation)
        assert conv_output_size(size, kernel_size, 1, padding, dilation) == size


def test_same_padding_is_not_dilated_by_default():
    assert same_padding(5) == 2


EVEN_KERNELS = {
    "2": ((2, 1), "kernel_size=2 with dilation=1 spans 2, an even number: padding 0.5"),
    "4": ((4, 1), "kernel_size=4 with dilation=1 spans 4, an even number: padding 1.5"),
    "2 spread over 4": ((2, 3), "kernel_size=2 with dilation=3 spans 4, an even number"),
    "4 spread over 16": ((4, 5), "kernel_size=4 with dilation=5 spans 16, an even number"),
}


@pytest.mark.parametrize(("arguments", "message"), EVEN_KERNELS.values(), ids=EVEN_KERNELS.keys())
def test_same_padding_refuses_an_even_effective_kernel(arguments, message):
    with pytest.raises(ValueError, match=message):
        same_padding(*arguments)


# ---------------------------------------------------------------- 1.3 transposed


@pytest.mark.torch
@bounded
@given(st.integers(3, 20), small, small, st.integers(0, 1), st.integers(0, 4), small)
def test_transposed_size_agrees_with_torch(size, k, s, p, extra, d):
    extra %= max(s, d)  # torch refuses a larger output padding
    out = functional.conv_transpose1d(
        meta(1, 1, size), meta(1, 1, k), None, s, p, extra, dilation=d
    )
    assert transposed_output_size(size, k, s, p, extra, d) == out.shape[-1]


@bounded
@given(st.integers(3, 20), small, small, st.integers(0, 1), st.integers(0, 4), small)
def test_convolution_after_transposed_returns_the_size(size, k, s, p, extra, d):
    larger = transposed_output_size(size, k, s, p, extra % s, d)
    assert conv_output_size(larger, k, s, p, d) == size


@pytest.mark.torch
def test_transposed_returns_the_size_but_not_the_values():
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(1, 1, 9, generator=generator)
    kernel = torch.rand(1, 1, 3, generator=generator)
    back = functional.conv_transpose1d(functional.conv1d(x, kernel, stride=2), kernel, stride=2)
    assert back.shape == x.shape
    assert not torch.allclose(back, x)


TRANSPOSED_SIZES = {
    "defaults: stride 1, nothing else": (6, dict(size=4, kernel_size=3)),
    "stride 2": (9, dict(size=4, kernel_size=3, stride=2)),
    "output padding": (10, dict(size=4, kernel_size=3, stride=2, output_padding=1)),
    "padding leaves one pixel": (1, dict(size=1, kernel_size=3, padding=1)),
}


@pytest.mark.parametrize(
    ("expected", "arguments"), TRANSPOSED_SIZES.values(), ids=TRANSPOSED_SIZES.keys()
)
def test_transposed_size(expected, arguments):
    assert transposed_output_size(**arguments) == expected


@pytest.mark.parametrize("kernel_size", [3, 4], ids=["less than nothing left", "nothing left"])
def test_transposed_refuses_a_padding_that_crops_all(kernel_size):
    message = rf"2\*padding=2 crops away all {kernel_size} pixels that size=1"
    with pytest.raises(ValueError, match=message):
        transposed_output_size(1, kernel_size, padding=2)


# ---------------------------------------------------------------- 1.4 parameters

PARAMETERS = {
    "ten 5x5x3 filters": (760, conv_parameters(3, 10, 5)),
    "NumPy walk-through, one filter": (100 + 1, conv_parameters(4, 1, 5)),
    "AlexNet conv1 weights": (34_848, conv_parameters(3, 96, 11, bias=False)),
    "AlexNet conv2 weights in two groups": (307_200, conv_parameters(96, 256, 5, False, 2)),
    "pair is height, width": (2 * 3 * 5, conv_parameters(1, 2, (3, 5), bias=False)),
    "depthwise": (9 * 8, conv_parameters(8, 8, 3, bias=False, groups=8)),
    "five inputs, five outputs, fully connected": (25, linear_parameters(5, 5, bias=False)),
    "three shared weights instead": (3, conv_parameters(1, 1, (1, 3), bias=False)),
    "linear with biases": (4_097_000, linear_parameters(4096, 1000)),
}


@pytest.mark.parametrize(("expected", "count"), PARAMETERS.values(), ids=PARAMETERS.keys())
def test_parameters(expected, count):
    assert count == expected


@pytest.mark.torch
@bounded
@given(small, small, small, small, st.integers(1, 4), st.booleans())
def test_parameters_agree_with_torch(c_in, c_out, height, width, groups, bias):
    c_in, c_out, kernel = c_in * groups, c_out * groups, (height, width)
    layer = nn.Conv2d(c_in, c_out, kernel, groups=groups, bias=bias, device="meta")
    expected = sum(parameter.numel() for parameter in layer.parameters())
    assert conv_parameters(c_in, c_out, kernel, bias, groups) == expected


@pytest.mark.torch
@bounded
@given(st.integers(1, 50), st.integers(1, 50), st.booleans())
def test_linear_parameters_agree_with_torch(n_in, n_out, bias):
    layer = nn.Linear(n_in, n_out, bias=bias, device="meta")
    expected = sum(parameter.numel() for parameter in layer.parameters())
    assert linear_parameters(n_in, n_out, bias) == expected


@pytest.mark.parametrize("count", [conv_parameters, conv_multiply_adds])
@pytest.mark.parametrize(("c_in", "c_out"), [(4, 6), (6, 4), (4, 4)])
def test_groups_must_divide_both_channel_counts(count, c_in, c_out):
    arguments = {"output_size": 1} if count is conv_multiply_adds else {}
    with pytest.raises(ValueError, match=f"groups=3.*in_channels={c_in}.*out_channels={c_out}"):
        count(c_in, c_out, 3, groups=3, **arguments)


@pytest.mark.parametrize("name", ["in_channels", "out_channels", "kernel_size", "groups"])
def test_parameters_refuse_zero_by_name(name):
    arguments = dict(in_channels=4, out_channels=4, kernel_size=3, groups=1) | {name: 0}
    with pytest.raises(ValueError, match=f"{name} must be at least 1"):
        conv_parameters(**arguments)


# ---------------------------------------------------------------- 1.5 multiply-adds


@pytest.mark.torch
@bounded
@given(small, small, small, small, st.integers(1, 4), st.integers(5, 12), st.integers(5, 12))
def test_multiply_adds_agree_with_torch(c_in, c_out, kh, kw, groups, height, width):
    x, w = meta(1, c_in * groups, height, width), meta(c_out * groups, c_in, kh, kw)
    with counted_work() as counter:
        out = functional.conv2d(x, w, groups=groups)
    count = conv_multiply_adds(
        c_in * groups, c_out * groups, (kh, kw), tuple(out.shape[2:]), groups
    )
    assert 2 * count == counter.get_total_flops()  # torch counts a multiply-add as two


H, W, C = 14, 10, 64


def stack_cost(*layers):
    """Weights and multiply-adds of convolutions that keep the size H x W."""
    weights = sum(conv_parameters(*layer[:3], False, *layer[3:]) for layer in layers)
    work = sum(conv_multiply_adds(*layer[:3], (H, W), *layer[3:]) for layer in layers)
    return weights, work


COSTS = {
    "one 7x7": (49 * C**2, [(C, C, 7)]),
    "three 3x3": (27 * C**2, [(C, C, 3)] * 3),
    "bottleneck": (3.25 * C**2, [(C, C // 2, 1), (C // 2, C // 2, 3), (C // 2, C, 1)]),
    "7x7 as 1x7 and 7x1": (14 * C**2, [(C, C, (1, 7)), (C, C, (7, 1))]),
    "depthwise separable": (9 * C + C**2, [(C, C, 3, C), (C, C, 1)]),
}


@pytest.mark.parametrize(("weights", "layers"), COSTS.values(), ids=COSTS.keys())
def test_cost_of_a_stack(weights, layers):
    assert stack_cost(*layers) == (weights, H * W * weights)


def test_depthwise_separable_from_3_to_128_channels():
    assert conv_parameters(3, 128, 3, bias=False) == 3456
    separable = conv_parameters(3, 3, 3, False, groups=3) + conv_parameters(3, 128, 1, False)
    assert separable == 411


# ---------------------------------------------------------------- memory

MEMORY = {
    "float64": 8000,
    "float32": 4000,
    "float16": 2000,
    "bfloat16": 2000,
    "fixed16": 2000,
    "fixed12": 1500,
    "fixed10": 1250,
    "int8": 1000,
    "binary": 125,
}


@pytest.mark.parametrize(("number_format", "expected"), MEMORY.items(), ids=MEMORY.keys())
def test_memory_of_a_thousand_numbers(number_format, expected):
    assert memory_bytes(1000, number_format) == expected


def test_every_format_is_tested():
    assert MEMORY.keys() == BITS.keys()


def test_memory_is_whole_bytes():
    assert [memory_bytes(count, "binary") for count in (0, 1, 8, 9)] == [0, 1, 1, 2]


def test_memory_refuses_an_unknown_format():
    with pytest.raises(ValueError, match="number_format='float8' is not one of float64, float32"):
        memory_bytes(1, "float8")


# ---------------------------------------------------------------- 1.6 receptive fields

RECEPTIVE_FIELDS = {
    "no layers": (1, []),
    "two 3x3": (5, [(3, 1)] * 2),
    "three 3x3": (7, [(3, 1)] * 3),
    "a stride counts for later layers only": (7, [(3, 2), (3, 1)]),
    "strides multiply": (15, [(3, 2)] * 3),
    "pool then conv": (6, [(2, 2), (3, 1)]),
    "dilation spreads the kernel": (5, [(3, 1, 2)]),
    "2- and 3-tuples mixed": (15, [(3, 1), (3, 1, 2), (3, 1, 4)]),
    "dilation times jump": (11, [(3, 2), (3, 1, 2)]),
    "1x1 sees no more": (3, [(3, 1), (1, 1)]),
    "an iterator": (5, iter([(3, 1), (3, 1)])),
}


@pytest.mark.parametrize(
    ("expected", "layers"), RECEPTIVE_FIELDS.values(), ids=RECEPTIVE_FIELDS.keys()
)
def test_receptive_field(expected, layers):
    assert receptive_field(layers) == expected


PUBLISHED_FIELDS = {
    "AlexNet": (ALEXNET, "pool5", 195),
    "AlexNet conv5": (ALEXNET, "conv5", 163),
    "VGG-16": (VGG["D"], "pool5", 212),
}


@pytest.mark.parametrize(
    ("network", "layer", "expected"), PUBLISHED_FIELDS.values(), ids=PUBLISHED_FIELDS.keys()
)
def test_published_receptive_field(network, layer, expected):
    found = windows(network)
    fields = dict(zip(found, receptive_fields(found.values()), strict=True))
    assert fields[layer].size == expected


layer_lists = st.lists(
    st.tuples(small, st.integers(1, 3), st.integers(1, 3), st.integers(0, 2)),
    min_size=1,
    max_size=3,
)


def pixels_seen(layers, length=400):
    """The last layer's output length and, for a unit far from the borders, how often it reads each
    input pixel: the gradient through kernels of ones."""
    x = torch.zeros(1, 1, length, dtype=torch.float64, requires_grad=True)
    out = x
    for k, s, d, p in layers:
        out = functional.conv1d(out, torch.ones(1, 1, k, dtype=torch.float64), None, s, p, d)
    unit = out.shape[-1] // 2
    out[0, 0, unit].backward()
    return unit, x.grad[0, 0].numpy()


@pytest.mark.torch
@bounded
@given(layer_lists)
def test_receptive_field_is_what_a_unit_reads(layers):
    unit, reads = pixels_seen(layers)
    seen = np.flatnonzero(reads)
    size, jump, start, _ = receptive_fields(layers)[-1]
    assert (seen[0], seen[-1]) == (start + unit * jump, start + unit * jump + size - 1)


@pytest.mark.torch
@bounded
@given(layer_lists)
def test_centre_is_the_mean_of_what_a_unit_reads(layers):
    unit, reads = pixels_seen(layers)
    field = receptive_fields(layers)[-1]
    mean = (reads * np.arange(len(reads))).sum() / reads.sum()
    assert mean == pytest.approx(field.centre + unit * field.jump, abs=1e-9)


def test_receptive_fields_of_each_layer():
    assert receptive_fields([(7, 2, 1, 3), (3, 2, 1, 1), (3, 1)]) == [
        ReceptiveField(size=7, jump=2, start=-3, centre=0.0),
        ReceptiveField(size=11, jump=4, start=-5, centre=0.0),
        ReceptiveField(size=19, jump=4, start=-5, centre=4.0),
    ]


def test_receptive_field_names_a_bad_number():
    with pytest.raises(ValueError, match=r"stride must be at least 1 \(given: kernel_size=3"):
        receptive_field([(3, 1), (3, 0)])


def test_windows_refuse_a_kernel_that_is_not_square():
    with pytest.raises(ValueError, match="layer 'tall' is not square"):
        windows([conv("tall", out_channels=1, kernel_size=(3, 1))])


# ---------------------------------------------------------------- 1.7 trace: published networks

ALEXNET_TABLE = [
    ("input", (3, 227, 227), 154_587, 0, 0, 0),
    ("conv1", (96, 55, 55), 290_400, 34_848, 96, 105_415_200),
    ("norm1", (96, 55, 55), 290_400, 0, 0, 0),
    ("pool1", (96, 27, 27), 69_984, 0, 0, 0),
    ("conv2", (256, 27, 27), 186_624, 614_400, 256, 447_897_600),
    ("norm2", (256, 27, 27), 186_624, 0, 0, 0),
    ("pool2", (256, 13, 13), 43_264, 0, 0, 0),
    ("conv3", (384, 13, 13), 64_896, 884_736, 384, 149_520_384),
    ("conv4", (384, 13, 13), 64_896, 1_327_104, 384, 224_280_576),
    ("conv5", (256, 13, 13), 43_264, 884_736, 256, 149_520_384),
    ("pool5", (256, 6, 6), 9_216, 0, 0, 0),
    ("fc6", (4096,), 4096, 37_748_736, 4096, 37_748_736),
    ("fc7", (4096,), 4096, 16_777_216, 4096, 16_777_216),
    ("fc8", (1000,), 1000, 4_096_000, 1000, 4_096_000),
]

VGG16_TABLE = [
    ("input", (3, 224, 224), 150_528, 0, 0, 0),
    ("conv1_1", (64, 224, 224), 3_211_264, 1_728, 64, 86_704_128),
    ("conv1_2", (64, 224, 224), 3_211_264, 36_864, 64, 1_849_688_064),
    ("pool1", (64, 112, 112), 802_816, 0, 0, 0),
    ("conv2_1", (128, 112, 112), 1_605_632, 73_728, 128, 924_844_032),
    ("conv2_2", (128, 112, 112), 1_605_632, 147_456, 128, 1_849_688_064),
    ("pool2", (128, 56, 56), 401_408, 0, 0, 0),
    ("conv3_1", (256, 56, 56), 802_816, 294_912, 256, 924_844_032),
    ("conv3_2", (256, 56, 56), 802_816, 589_824, 256, 1_849_688_064),
    ("conv3_3", (256, 56, 56), 802_816, 589_824, 256, 1_849_688_064),
    ("pool3", (256, 28, 28), 200_704, 0, 0, 0),
    ("conv4_1", (512, 28, 28), 401_408, 1_179_648, 512, 924_844_032),
    ("conv4_2", (512, 28, 28), 401_408, 2_359_296, 512, 1_849_688_064),
    ("conv4_3", (512, 28, 28), 401_408, 2_359_296, 512, 1_849_688_064),
    ("pool4", (512, 14, 14), 100_352, 0, 0, 0),
    ("conv5_1", (512, 14, 14), 100_352, 2_359_296, 512, 462_422_016),
    ("conv5_2", (512, 14, 14), 100_352, 2_359_296, 512, 462_422_016),
    ("conv5_3", (512, 14, 14), 100_352, 2_359_296, 512, 462_422_016),
    ("pool5", (512, 7, 7), 25_088, 0, 0, 0),
    ("fc6", (4096,), 4096, 102_760_448, 4096, 102_760_448),
    ("fc7", (4096,), 4096, 16_777_216, 4096, 16_777_216),
    ("fc8", (1000,), 1000, 4_096_000, 1000, 4_096_000),
]


@pytest.mark.parametrize("index", range(len(ALEXNET_TABLE)), ids=[row[0] for row in ALEXNET_TABLE])
def test_alexnet_row(index):
    assert trace(ALEXNET, (3, 227, 227))[index] == ALEXNET_TABLE[index]


@pytest.mark.parametrize("index", range(len(VGG16_TABLE)), ids=[row[0] for row in VGG16_TABLE])
def test_vgg16_row(index):
    assert trace(VGG["D"], (3, 224, 224))[index] == VGG16_TABLE[index]


def test_the_tables_are_complete():
    assert len(trace(ALEXNET, (3, 227, 227))) == len(ALEXNET_TABLE)
    assert len(trace(VGG["D"], (3, 224, 224))) == len(VGG16_TABLE)


NETWORKS = {
    "LeNet-5": (LENET5, (1, 32, 32), 61_706),
    "AlexNet": (ALEXNET, (3, 227, 227), 62_378_344),
    "AlexNet grouped": (ALEXNET_GROUPED, (3, 227, 227), 60_965_224),
    "AlexNet, pool before LRN": (ALEXNET_LRN_AFTER_POOL, (3, 227, 227), 62_378_344),
    "ZFNet": (ZFNET, (3, 224, 224), 107_627_624),
    "VGG A": (VGG["A"], (3, 224, 224), 132_863_336),
    "VGG A-LRN": (VGG["A-LRN"], (3, 224, 224), 132_863_336),
    "VGG B": (VGG["B"], (3, 224, 224), 133_047_848),
    "VGG C": (VGG["C"], (3, 224, 224), 133_638_952),
    "VGG D": (VGG["D"], (3, 224, 224), 138_357_544),
    "VGG E": (VGG["E"], (3, 224, 224), 143_667_240),
    "AlphaGo": (alphago(192), (48, 19, 19), 3_882_793 - 361),
}


@pytest.mark.parametrize(("network", "shape", "parameters"), NETWORKS.values(), ids=NETWORKS.keys())
def test_total_parameters(network, shape, parameters):
    assert totals(trace(network, shape)).parameters == parameters


def build(network, channels):
    """The network in torch, on the meta device, without what has no cost."""
    modules = []
    for layer in network:
        options = {key: layer[key] for key in layer.keys() - {"kind", "name"}}
        match layer["kind"]:
            case "conv":
                modules.append(nn.Conv2d(channels, device="meta", **options))
                channels = options["out_channels"]
            case "maxpool":
                modules.append(nn.MaxPool2d(**options))
            case "avgpool":
                modules.append(nn.AvgPool2d(**options))
            case "lrn":
                modules.append(nn.Identity())
            case "linear":
                modules += [nn.Flatten(), nn.LazyLinear(device="meta", **options)]
    return nn.Sequential(*modules)


def assert_trace_agrees_with_torch(network, shape):
    rows = trace(network, shape)
    model = build(network, shape[0])
    with counted_work() as counter:
        out = model(meta(1, *shape))
    parameters = list(model.parameters())
    assert rows[-1][1] == tuple(out.shape[1:])
    assert totals(rows).weights == sum(p.numel() for p in parameters if p.ndim > 1)
    assert totals(rows).biases == sum(p.numel() for p in parameters if p.ndim == 1)
    assert 2 * totals(rows).multiply_adds == counter.get_total_flops()


@pytest.mark.torch
@pytest.mark.parametrize("name", NETWORKS)
def test_trace_of_a_published_network_agrees_with_torch(name):
    network, shape, _ = NETWORKS[name]
    assert_trace_agrees_with_torch(network, shape)


@st.composite
def networks(draw):
    """One to three layers that fit an image of 48 x 64 pixels, whatever is drawn."""
    channels, layers = 6, []
    kernels = st.one_of(small, st.tuples(small, small))
    for index in range(draw(st.integers(1, 3))):
        if draw(st.booleans()):
            groups = draw(st.sampled_from([1, 2, 3]))
            channels = 6 * draw(st.integers(1, 3))
            options = dict(out_channels=channels, groups=groups, bias=draw(st.booleans()))
            options |= dict(stride=draw(st.integers(1, 2)), padding=draw(st.integers(0, 2)))
            layers.append(conv(f"conv{index}", kernel_size=draw(kernels), **options))
        else:
            kernel_size, padding = draw(st.sampled_from([(2, 0), (2, 1), (3, 0), (3, 1)]))
            kind, stride = draw(st.sampled_from(["maxpool", "avgpool"])), draw(st.integers(1, 3))
            options = dict(kernel_size=kernel_size, stride=stride, padding=padding)
            layers.append({"kind": kind, "name": f"pool{index}", **options})
    if draw(st.booleans()):
        layers.append({"kind": "linear", "name": "scores", "out_features": 10})
    return layers


@pytest.mark.torch
@bounded
@given(networks())
def test_trace_of_a_random_network_agrees_with_torch(network):
    assert_trace_agrees_with_torch(network, (6, 48, 64))


def test_weights_and_biases_are_apart():
    sums = totals(trace(LENET5, (1, 32, 32)))
    assert (sums.weights, sums.biases, sums.parameters) == (61_470, 236, 61_706)


def test_alphago_with_a_bias_per_position():
    assert alphago_parameters() == 3_882_793


@pytest.mark.parametrize("k", [128, 192, 256, 384])
def test_alphago_parameters_from_the_formula(k):
    assert alphago_parameters(k) == (48 * 25 * k + k) + 11 * (9 * k * k + k) + k + 361


# ---------------------------------------------------------------- 1.7 trace: its rules


def test_rows_are_plain_tuples():
    assert {type(row) for row in trace(ALEXNET, (3, 227, 227))} == {tuple}


def test_an_empty_network_has_the_input_row():
    assert trace([], [3, 4, 5]) == [("input", (3, 4, 5), 60, 0, 0, 0)]


def test_trace_leaves_the_network_as_it_was():
    layer = conv(out_channels=2, kernel_size=3)
    before = dict(layer)
    trace([layer], (3, 8, 8))
    assert layer == before


@pytest.mark.parametrize(
    "layer",
    [
        conv(out_channels=4, kernel_size=3, padding=1, bias=False),
        {"kind": "linear", "name": "scores", "out_features": 4, "bias": False},
    ],
    ids=["conv", "linear"],
)
def test_bias_false_has_no_biases(layer):
    assert totals(trace([layer], (3, 8, 8))).biases == 0


def test_pools_floor():
    assert trace([pool(kernel_size=2, stride=2)], (3, 7, 9))[-1] == ("pool", (3, 3, 4), 36, 0, 0, 0)


def test_pattern_conv_conv_pool_three_times():
    network = []
    for _ in range(3):
        network += [conv(out_channels=10, kernel_size=3, padding=1)] * 2
        network.append(pool(kernel_size=2, stride=2))
    shapes = [shape for _, shape, *_ in trace(network, (3, 32, 32))]
    assert shapes[3::3] == [(10, 16, 16), (10, 8, 8), (10, 4, 4)]


BAD_LAYERS = {
    "unknown kind": (
        {"kind": "convolution", "name": "c1"},
        "layer 'c1': kind 'convolution' is not one of conv, maxpool, avgpool, lrn, linear",
    ),
    "kernel too large": (
        conv("c1", out_channels=2, kernel_size=9),
        "layer 'c1': kernel_size=9 with dilation=1 spans 9, larger than the padded input size=8",
    ),
    "groups": (
        conv("c1", out_channels=4, kernel_size=3, groups=2),
        "layer 'c1': groups=2 must divide in_channels=3 and out_channels=4",
    ),
}


@pytest.mark.parametrize(("layer", "message"), BAD_LAYERS.values(), ids=BAD_LAYERS.keys())
def test_trace_names_the_layer_that_does_not_fit(layer, message):
    with pytest.raises(ValueError) as caught:
        trace([layer], (3, 8, 8))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "layer",
    [conv(out_channels=2, kernel_size=1), pool(kernel_size=1, stride=1)],
    ids=["conv", "pool"],
)
def test_trace_refuses_an_image_layer_after_a_linear_one(layer):
    linear = {"kind": "linear", "name": "fc", "out_features": 10}
    with pytest.raises(ValueError, match=r"must be of shape \(C, H, W\), got \(10,\)"):
        trace([linear, layer], (3, 8, 8))


def test_trace_refuses_an_option_it_does_not_know():
    with pytest.raises(TypeError, match=r"layer 'c1': .*'kernal_size'"):
        trace([conv("c1", out_channels=2, kernel_size=3, kernal_size=3)], (3, 8, 8))


# ---------------------------------------------------------------- claims to check, not to repeat


def test_claim_vgg16_takes_93_megabytes_per_image():
    rows = trace(VGG["D"], (3, 224, 224))
    activations = totals(rows).activations
    assert activations == 15_237_608  # not 24 million
    assert round(memory_bytes(activations) / 1e6) == 61  # not 93
    assert round(memory_bytes(activations) / 2**20) == 58


def test_claim_vgg16_memory_is_early_and_parameters_are_late():
    rows = trace(VGG["D"], (3, 224, 224))
    sums = totals(rows)
    first_stage = totals(row for row in rows if row[0] in ("conv1_1", "conv1_2", "pool1"))
    linear = totals(row for row in rows if row[0].startswith("fc"))
    assert first_stage.activations / sums.activations > 0.47
    assert linear.parameters / sums.parameters > 0.89


def test_claim_vgg_paper_prints_parameters_in_millions():
    printed = {"A": 133, "A-LRN": 133, "B": 133, "C": 134, "D": 138, "E": 144}
    counted = {
        config: round(totals(trace(network, (3, 224, 224))).parameters / 1e6)
        for config, network in VGG.items()
    }
    assert counted == printed


def test_claim_alexnet_takes_images_of_224():
    with pytest.raises(ValueError, match=r"54\.25"):
        conv_output_size(224, 11, stride=4, exact=True)
    assert conv_output_size(227, 11, stride=4, exact=True) == 55


def test_claim_alexnet_first_layer_has_253440_neurons():
    _, shape, activations, *_ = trace(ALEXNET, (3, 227, 227))[1]
    assert 55 * 48 * 96 == 253_440  # what the caption multiplied
    assert (shape, activations) == ((96, 55, 55), 290_400)


def test_claim_alexnet_second_layer_has_186624_neurons():
    assert trace(ALEXNET, (3, 227, 227))[4][2] == 186_624  # the caption's next number is right


def test_claim_alexnet_normalises_after_pooling():
    printed = totals(trace(ALEXNET_LRN_AFTER_POOL, (3, 227, 227))).activations
    paper = totals(trace(ALEXNET, (3, 227, 227))).activations
    assert (printed, paper) == (1_049_571, 1_413_347)


def test_claim_small_filters_have_more_parameters():
    assert receptive_field([(3, 1)] * 3) == receptive_field([(7, 1)])
    assert stack_cost(*[(C, C, 3)] * 3) < stack_cost((C, C, 7))


@pytest.mark.parametrize("n", [2, 4, 7])
def test_claim_transposed_size_is_n_times_stride_plus_kernel_minus_one(n):
    stride, kernel_size, padding = 2, 3, 1
    size = transposed_output_size(n, kernel_size, stride, padding)
    assert size == (n - 1) * stride + kernel_size - 2 * padding
    assert size != n * stride + kernel_size - 2 * padding - 1


def test_claim_some_padding_fits_a_5x5_filter_with_stride_2():
    def fits(size, padding):
        try:
            return conv_output_size(size, 5, stride=2, padding=padding, exact=True) > 0
        except ValueError:
            return False

    sizes = range(6, 40)
    assert [size for size in sizes if any(fits(size, p) for p in range(9))] == [*sizes[1::2]]


# Channels in, 1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, pool projection: table 1 of the paper.
INCEPTION = {
    "3a": (192, 64, 96, 128, 16, 32, 32),
    "3b": (256, 128, 128, 192, 32, 96, 64),
    "4a": (480, 192, 96, 208, 16, 48, 64),
    "4b": (512, 160, 112, 224, 24, 64, 64),
    "4c": (512, 128, 128, 256, 24, 64, 64),
    "4d": (512, 112, 144, 288, 32, 64, 64),
    "4e": (528, 256, 160, 320, 32, 128, 128),
    "5a": (832, 256, 160, 320, 32, 128, 128),
    "5b": (832, 384, 192, 384, 48, 128, 128),
}


def inception_parameters(c, n1, reduce3, n3, reduce5, n5, projection, bias=True):
    layers = [(c, n1, 1), (c, reduce3, 1), (reduce3, n3, 3), (c, reduce5, 1), (reduce5, n5, 5)]
    return sum(conv_parameters(*layer, bias) for layer in [*layers, (c, projection, 1)])


def test_claim_googlenet_first_convolution_has_2700_parameters():
    assert conv_parameters(3, 64, 7, bias=False) == 9_408


@pytest.mark.parametrize(
    ("module", "printed", "counted"), [("4c", 463, 497.5), ("5a", 1072, 1018)], ids=["4c", "5a"]
)
def test_claim_googlenet_table(module, printed, counted):
    kibi = inception_parameters(*INCEPTION[module], bias=False) / 1024
    assert kibi == counted != printed


def test_claim_googlenet_table_counts_weights_in_units_of_1024():
    reduced_3x3 = conv_parameters(64, 64, 1, bias=False) + conv_parameters(64, 192, 3, bias=False)
    linear = linear_parameters(1024, 1000, bias=False)
    assert (reduced_3x3 / 1024, linear / 1024) == (112, 1000)  # printed 112K and 1000K


def test_claim_googlenet_has_5_million_parameters_12_times_fewer_than_alexnet():
    stem = [(3, 64, 7), (64, 64, 1), (64, 192, 3)]
    count = sum(conv_parameters(*layer) for layer in stem)
    count += sum(inception_parameters(*module) for module in INCEPTION.values())
    count += linear_parameters(1024, 1000)
    assert count == 6_998_552
    alexnet = totals(trace(ALEXNET, (3, 227, 227))).parameters
    assert round(alexnet / count, 1) == 8.9


def resnet20_parameters(projection):
    """Three stages of 3 blocks; convolutions without bias, a norm (scale and shift) after each."""

    def conv_and_norm(c_in, c_out, kernel_size):
        return conv_parameters(c_in, c_out, kernel_size, bias=False) + 2 * c_out

    count = conv_and_norm(3, 16, 3) + linear_parameters(64, 10)
    for c_in, width in [(16, 16), (16, 32), (32, 64)]:
        count += conv_and_norm(c_in, width, 3) + 5 * conv_and_norm(width, width, 3)
        if projection and c_in != width:
            count += conv_and_norm(c_in, width, 1)
    return count


@pytest.mark.parametrize(("projection", "expected"), [(True, 272_474), (False, 269_722)])
def test_resnet20_parameters(projection, expected):
    assert resnet20_parameters(projection) == expected


# ---------------------------------------------------------------- the module


def test_import_loads_neither_numpy_nor_torch():
    code = "import sys, course_utils.networks; print(sys.modules.keys() & {'numpy', 'torch'})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
