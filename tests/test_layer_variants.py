"""The references of part 03 against PyTorch in float64, and their gradients against autograd."""

import numpy as np
import pytest
from oracle import functional, torch

from course_utils.layers import deformable, variants

pytestmark = pytest.mark.unit
asks_torch = pytest.mark.torch
skip = pytest.mark.skipif(torch is None, reason="PyTorch is not installed")
RNG = np.random.default_rng(3)


def normal(*shape):
    return RNG.standard_normal(shape)


def tensors(*arrays):
    return [torch.tensor(array, dtype=torch.float64) for array in arrays]


def near(ours, theirs):
    np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=1e-10, atol=1e-10)


@skip
@asks_torch
@pytest.mark.parametrize(
    ("stride", "padding", "output_padding"),
    [(1, 0, 0), (2, 0, 1), (2, 1, 0), (3, 1, 2), (3, 2, 1), (1, 2, 0)],
)
def test_transposed(stride, padding, output_padding):
    given = normal(2, 3, 4, 5), normal(3, 2, 4, 3), normal(2)
    theirs = functional.conv_transpose2d(*tensors(*given), stride, padding, output_padding)
    near(variants.conv_transpose2d(*given, stride, padding, output_padding), theirs)


@skip
@asks_torch
@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1), (3, 2)])
def test_the_matrix_and_its_transpose(stride, padding):
    w, x = normal(3, 2, 3, 2), normal(1, 2, 5, 6)
    out = functional.conv2d(*tensors(x, w), None, stride, padding)
    matrix = variants.convolution_matrix(w, (5, 6), stride, padding)
    near(matrix @ x.ravel(), out.ravel())
    dout = normal(*out.shape)
    x_there = tensors(x)[0].requires_grad_()
    out = functional.conv2d(x_there, *tensors(w), None, stride, padding)
    out.backward(*tensors(dout))
    near(matrix.T @ dout.ravel(), x_there.grad.ravel())


@skip
@asks_torch
@pytest.mark.parametrize(("stride", "padding", "dilation"), [(1, 0, 1), (2, 1, 3), (3, 2, 2)])
def test_one_dimension(stride, padding, dilation):
    given = normal(2, 3, 11), normal(4, 3, 3), normal(4)
    theirs = functional.conv1d(*tensors(*given), stride, padding, dilation)
    near(variants.conv1d(*given, stride, padding, dilation), theirs)


@skip
@asks_torch
@pytest.mark.parametrize(
    ("stride", "padding"), [(1, 0), (2, 1), ((1, 2, 3), (0, 1, 2)), ((3, 1, 2), (2, 0, 1))]
)
def test_three_dimensions(stride, padding):
    given = normal(2, 3, 4, 5, 6), normal(2, 3, 2, 3, 4), normal(2)
    theirs = functional.conv3d(*tensors(*given), stride, padding)
    near(variants.conv3d(*given, stride, padding), theirs)


@skip
@asks_torch
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_unshared_kernels_are_windows_times_weights(stride):
    x, kernel = normal(2, 3, 6, 7), (2, 3)
    columns = functional.unfold(*tensors(x), kernel, stride=stride)
    oh, ow = (6 - 2) // stride + 1, (7 - 3) // stride + 1
    w, b = normal(oh, ow, 4, 3, 2, 3), normal(4, oh, ow)
    theirs = torch.einsum("nkp,pfk->nfp", columns, *tensors(w.reshape(oh * ow, 4, -1)))
    theirs = theirs.reshape(2, 4, oh, ow) + tensors(b)[0]
    near(variants.locally_connected2d(x, w, b, stride), theirs)
    for wrong in [(w[1:], b), (w, b[:, :, 1:])]:
        with pytest.raises(ValueError, match="make an output"):
            variants.locally_connected2d(x, *wrong, stride)


@skip
@asks_torch
def test_pointwise_and_depthwise_separable():
    x, depth, w, b = normal(2, 3, 5, 6), normal(3, 3, 2), normal(4, 3), normal(4)
    theirs = functional.conv2d(*tensors(x, w[:, :, None, None], b))
    near(variants.pointwise(x, w, b), theirs)
    middle = functional.conv2d(*tensors(x, depth[:, None]), None, 2, 1, groups=3)
    theirs = functional.conv2d(middle, *tensors(w[:, :, None, None], b))
    near(variants.depthwise_separable2d(x, depth, w, b, 2, 1), theirs)


def test_what_is_separated_is_the_nearest_of_rank_1():
    kernel = normal(3, 4)
    column, row, error = variants.separate(kernel)
    u, s, v = np.linalg.svd(kernel)
    np.testing.assert_allclose(np.outer(column, row), s[0] * np.outer(u[:, 0], v[0]))
    left = kernel - np.outer(column, row)
    assert error == pytest.approx(np.linalg.norm(left) / np.linalg.norm(kernel))
    assert variants.separate(np.zeros((2, 3)))[2] == 0.0


@pytest.mark.parametrize("made", ["conv1d", "conv3d"])
def test_a_kernel_that_does_not_fit_is_refused(made):
    axes = int(made[4])
    x, w = normal(1, 1, *(4,) * axes), normal(1, 1, *(4,) * (axes - 1), 5)
    with pytest.raises(ValueError, match="larger than"):
        getattr(variants, made)(x, w, normal(1))
    assert getattr(variants, made)(x, w, normal(1), 1, 1).shape[-1] == 2


# -- between pixels --------------------------------------------------------------------------------
def sampled(x, points):
    """`bilinear_sample` by grid_sample: -1 and 1 are the centres of the first and the last pixel."""
    height, width = x.shape[1:]
    scale = torch.tensor([2 / (width - 1), 2 / (height - 1)], dtype=torch.float64)
    grid = points.flip(-1) * scale - 1
    out = functional.grid_sample(x[None], grid[None, None], "bilinear", "zeros", align_corners=True)
    return out[0, :, 0]


def deformed(x, offset, w, b):
    n, _, oh, ow = offset.shape
    kh, kw = w.shape[2:]
    out = []
    for image, moved in zip(x, offset, strict=True):
        taps = []
        for k in range(kh * kw):
            rows = torch.arange(oh)[:, None] + k // kw + moved[2 * k]
            columns = torch.arange(ow)[None] + k % kw + moved[2 * k + 1]
            points = torch.stack([rows, columns], -1).reshape(-1, 2)
            taps.append(sampled(image, points).reshape(-1, oh, ow))
        out.append(torch.einsum("kcij,fck->fij", torch.stack(taps), w.flatten(2)))
    return torch.stack(out) + b[:, None, None]


@skip
@asks_torch
def test_sampling_and_its_gradients():
    x, points = normal(3, 4, 5), RNG.uniform(-2, 7, (40, 2))
    whole = np.array([[0.0, 0], [3, 4], [1, 2.5], [-1, 2], [3.5, 4], [4, 5]])
    near(deformable.bilinear_sample(x, whole), sampled(*tensors(x, whole)))
    near(deformable.bilinear_sample(x, points), sampled(*tensors(x, points)))
    there = [t.requires_grad_() for t in tensors(x, points)]
    dout = normal(3, 40)
    sampled(*there).backward(*tensors(dout))
    for ours, theirs in zip(
        deformable.bilinear_sample_backward(dout, x, points), there, strict=True
    ):
        near(ours, theirs.grad)


@skip
@asks_torch
def test_the_deformable_convolution_and_the_gradient_of_its_offsets():
    x, w, b = normal(2, 3, 5, 6), normal(4, 3, 2, 3), normal(4)
    offset = RNG.uniform(-2, 2, (2, 12, 4, 4))
    there = [t.requires_grad_() for t in tensors(x, offset, w, b)]
    theirs = deformed(*there)
    near(deformable.deform_conv2d(x, offset, w, b), theirs)
    dout = normal(2, 4, 4, 4)
    theirs.backward(*tensors(dout))
    near(deformable.deform_conv2d_backward_offset(dout, x, offset, w), there[1].grad)


def test_offsets_of_zero_are_a_convolution_and_the_layer_predicts_them():
    x, w, b = normal(2, 3, 5, 6), normal(4, 3, 2, 3), normal(4)
    plain = variants.conv2d(x, w, b)
    still = deformable.deform_conv2d(x, np.zeros((2, 12, 4, 4)), w, b)
    np.testing.assert_allclose(still, plain)
    w_offset, b_offset = normal(12, 3, 2, 3), normal(12)
    offset = variants.conv2d(x, w_offset, b_offset)
    np.testing.assert_allclose(
        deformable.deform_layer(x, w_offset, b_offset, w, b),
        deformable.deform_conv2d(x, offset, w, b),
    )


def test_gradients_of_offsets_are_slopes():
    x, w = normal(1, 2, 4, 4), normal(2, 2, 2, 2)
    offset = RNG.uniform(0.1, 0.9, (1, 8, 3, 3))
    dout = normal(1, 2, 3, 3)
    found = deformable.deform_conv2d_backward_offset(dout, x, offset, w)
    for index in np.ndindex(offset.shape):
        step = np.zeros_like(offset)
        step[index] = 1e-6
        up, down = (
            np.sum(dout * deformable.deform_conv2d(x, offset + s, w, np.zeros(2)))
            for s in (step, -step)
        )
        assert found[index] == pytest.approx((up - down) / 2e-6, abs=1e-6)
