"""Batches and their augmentation: what a person would cut and mirror by hand."""

import numpy as np
import pytest
from oracle import torch

pytestmark = [pytest.mark.unit, pytest.mark.torch]
if torch is not None:
    from course_utils.trainer import Feed, World, augment

    CPU = torch.device("cpu")


def numbered(n, channels=3, size=8):
    """Images whose pixels are all different within an image, and whose first tells the image."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (n, channels, size, size), np.uint8)
    return x, np.arange(n)


def feed(x, y, batch_size=16, rank=0, size=1, **options):
    return Feed(
        x, y, batch_size, World(CPU, rank, size), moments=(torch.zeros(3), torch.ones(3)), **options
    )


def test_an_epoch_has_every_image_once_in_an_order_of_its_own():
    x, y = numbered(50)
    orders = [
        [i for _, labels, _ in feed(x, y).epoch(number) for i in labels.tolist()]
        for number in (0, 0, 1)
    ]
    assert orders[0] == orders[1] != orders[2]
    assert sorted(orders[0]) == sorted(orders[2]) == list(range(50))
    assert orders[0] != sorted(orders[0])
    other = [i for _, labels, _ in feed(x, y, seed=1).epoch(0) for i in labels.tolist()]
    assert other != orders[0]


def test_images_stay_with_their_labels():
    x, y = numbered(50)
    for images, labels, size in feed(x, y).epoch(3):
        assert len(images) == len(labels) == size
        assert torch.equal(images, torch.from_numpy(x[labels.numpy()]).float())


def test_an_epoch_goes_on_in_the_middle():
    x, y = numbered(50)
    whole = list(feed(x, y, padding=2, flip=True).epoch(2))
    rest = list(feed(x, y, padding=2, flip=True).epoch(2, start=2))
    assert len(whole) == 4 and len(rest) == 2
    assert all(
        torch.equal(a[0], b[0]) and torch.equal(a[1], b[1])
        for a, b in zip(whole[2:], rest, strict=True)
    )


@pytest.mark.parametrize("options", [{}, {"padding": 2, "flip": True, "cutout": 3}], ids=str)
def test_processes_see_together_what_one_would_see(options):
    x, y = numbered(50)
    whole = list(feed(x, y, **options).epoch(1))
    parts = [list(feed(x, y, rank=rank, size=2, **options).epoch(1)) for rank in (0, 1)]
    for (images, labels, size), *own in zip(whole, *parts, strict=True):
        for rank, (mine, of_mine, all_of_them) in enumerate(own):
            assert torch.equal(mine, images[rank::2]) and torch.equal(of_mine, labels[rank::2])
            assert all_of_them == size
    ordered = [
        torch.cat([labels for _, labels in feed(x, y, 25, r, 3).ordered(4)]) for r in range(3)
    ]
    assert torch.equal(torch.cat(ordered).sort().values, torch.arange(50))


def test_a_square_anywhere_in_an_image_is_black():
    x, y = np.full((4000, 3, 8, 8), 9, np.uint8), np.arange(4000)
    [(images, _, _)] = feed(x, y, 4000, cutout=3).epoch(0)
    black = images == 0
    assert torch.equal(black, black[:, :1].expand_as(black)) and (images[~black] == 9).all()
    assert (black[:, 0].any(2).sum(1) == 3).all() and (black[:, 0].any(1).sum(1) == 3).all()
    assert (black[:, 0].sum((1, 2)) == 9).all()
    first = black[:, 0].any(2).float().argmax(1) * 6 + black[:, 0].any(1).float().argmax(1)
    counts = torch.bincount(first, minlength=36)  # each of the 6 x 6 places as often as any other
    assert counts.min() > 60 and counts.max() < 170


def test_channels_are_normalised_over_the_set():
    x, y = numbered(3000)
    plain = Feed(x, y, 3000, World(CPU))
    [(images, _, _)] = plain.epoch(0)
    assert images.mean((0, 2, 3)).abs().max() < 1e-5
    assert (images.var((0, 2, 3), correction=0) - 1).abs().max() < 1e-4
    flat = Feed(np.full((4, 3, 8, 8), 7, np.uint8), y[:4], 4, World(CPU))
    assert all(torch.isfinite(images).all() for images, _, _ in flat.epoch(0))


def test_what_leaves_no_row_for_a_process_is_refused():
    x, y = numbered(33)
    with pytest.raises(ValueError, match="33 images in batches of 16 leave 1 for the last one"):
        feed(x, y, size=2)
    with pytest.raises(ValueError, match="33 images and 32 labels"):
        feed(x, y[:32])
    with pytest.raises(ValueError, match="batch_size must be at least 1, got 0"):
        feed(x, y, 0)


# -- augmentation ----------------------------------------------------------------------------------------
@pytest.fixture
def generator():
    return torch.Generator().manual_seed(0)


@pytest.fixture
def images():
    return torch.rand(200, 3, 8, 6, generator=torch.Generator().manual_seed(1))


def test_half_of_the_images_are_mirrored(images, generator):
    out = augment.random_flip(images, generator)
    mirrored = torch.tensor(
        [bool(torch.equal(o, i.flip(-1))) for o, i in zip(out, images, strict=True)]
    )
    same = torch.tensor([bool(torch.equal(o, i)) for o, i in zip(out, images, strict=True)])
    assert (mirrored ^ same).all() and 70 < mirrored.sum() < 130
    assert torch.equal(augment.random_flip(images, generator, p=0.0), images)
    assert torch.equal(augment.random_flip(images, generator, p=1.0), images.flip(-1))


def test_a_crop_is_the_image_moved_with_zeros_behind_it(images, generator):
    offsets = augment.draw_offsets(len(images), 2, generator)
    assert set(map(tuple, offsets.tolist())) == {(i, j) for i in range(5) for j in range(5)}
    out = augment.cropped(images, 2, offsets)
    for image, moved, (row, column) in zip(images, out, offsets.tolist(), strict=True):
        padded = np.pad(image.numpy(), ((0, 0), (2, 2), (2, 2)))
        assert (moved.numpy() == padded[:, row : row + 8, column : column + 6]).all()
    assert torch.equal(augment.random_crop(images, 0, generator), images)


def test_a_resized_crop_of_all_is_the_image_and_a_smaller_one_is_within_it(images, generator):
    square = images[..., :6, :6]
    same = augment.random_resized_crop(square, 6, generator, scale=(1.0, 1.0), ratio=(1.0, 1.0))
    torch.testing.assert_close(same, square, rtol=0, atol=1e-5)
    # A ramp shows where a window lies and how wide it is.
    ramp = torch.arange(64.0).expand(500, 1, 64, 64) + 0.5
    both = torch.cat([ramp, ramp.transpose(2, 3)], dim=1)
    out = augment.random_resized_crop(both, 16, generator, scale=(0.2, 0.5), ratio=(0.5, 2.0))
    width = (out[:, 0, 0, -1] - out[:, 0, 0, 0]) * 16 / 15
    height = (out[:, 1, -1, 0] - out[:, 1, 0, 0]) * 16 / 15
    inside = (width < 63) & (height < 63)
    share, ratio = (width * height / 64**2)[inside], (width / height)[inside]
    assert inside.sum() > 300 and 0.19 < share.min() < 0.22 and 0.45 < share.max() < 0.51
    assert 0.48 < ratio.min() < 0.6 and 1.7 < ratio.max() < 2.1
    assert out.min() >= 0.5 and out.max() <= 63.5


def test_jitter_changes_each_image_by_factors_of_its_own(generator):
    x = 0.4 + 0.2 * torch.rand(300, 3, 4, 4, generator=generator)
    factor = (augment.colour_jitter(x, generator, brightness=0.3) / x).flatten(1)
    assert (factor.std(1) < 1e-5).all()
    assert 0.7 <= factor.min() < 0.72 and 1.28 < factor.max() <= 1.3
    grey = augment.grey(x)
    for name, middle in (("contrast", grey.mean((2, 3), keepdim=True)), ("saturation", grey)):
        out = augment.colour_jitter(x, generator, **{name: 0.5})
        factor = ((out - middle) / (x - middle)).flatten(1).median(1).values
        torch.testing.assert_close(
            out, middle + factor[:, None, None, None] * (x - middle), atol=1e-4, rtol=0
        )
        assert 0.5 <= factor.min() < 0.55 and 1.45 < factor.max() <= 1.5
    assert torch.equal(augment.colour_jitter(x, generator), augment.colour_jitter(x, generator))


def test_pca_adds_one_colour_along_the_components(generator):
    x = torch.full((5000, 3, 2, 2), 0.5)
    values, vectors = (
        torch.tensor([0.3, 0.2, 0.1]),
        torch.linalg.qr(torch.rand(3, 3, generator=generator)).Q,
    )
    shift = augment.pca_colour(x, values, vectors, generator) - x
    assert (shift == shift[:, :, :1, :1]).all()
    along = shift[:, :, 0, 0] @ vectors
    torch.testing.assert_close(along.std(0), 0.1 * values, rtol=0.05, atol=0)
