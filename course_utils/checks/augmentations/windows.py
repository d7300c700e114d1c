"""Read off where the window of a resized crop was."""

from __future__ import annotations

import contextlib

import numpy as np
import torch
import torch.nn.functional as F

from course_utils.checks.augmentations.cells import NEAR, equal, quarters
from course_utils.checks.augmentations.draws import NotExplained

WHOLE = 2e-3  # of a pixel: a window's edges are known to four digits
MIRRORED = "mirrored as well, which is the task of random_flip"


def coordinates(n: int, height: int, width: int, seed: int | None = 0) -> torch.Tensor:
    """Return images whose first channel is a pixel's column / width, the second its row / height.

    What comes out of a resized crop of them says where the window was. A third channel is random, unless there
    is no seed.
    """
    x = torch.empty(n, 2 if seed is None else 3, height, width)
    x[:, 0], x[:, 1] = torch.arange(width) / width, torch.arange(height)[:, None] / height
    if seed is not None:
        x[:, 2] = torch.rand(n, height, width, generator=torch.Generator().manual_seed(seed))
    return x


def windows(out, x, size, scale, ratio) -> list:
    """Return what was drawn for the windows of `coordinates`, or compare where all of an image is asked for."""
    height, width = x.shape[2:]
    if tuple(scale) == tuple(ratio) == (1.0, 1.0):
        return _whole(out, x, size)
    (left, w), (top, h) = _axes(out, height, width)
    if bool((torch.minimum(w, h) < 0).any()):
        n = int((torch.minimum(w, h) < 0).nonzero()[0])
        raise NotExplained(
            f"the window of image {n} is a mirror image",
            "a window, resized",
            looks_like=MIRRORED,
        )
    inside = (left > -NEAR * width) & (top > -NEAR * height)
    inside &= (left + w < width * (1 + NEAR)) & (top + h < height * (1 + NEAR))
    if not inside.all():
        n = int((~inside).nonzero()[0])
        raise NotExplained(
            f"the window of image {n} is not inside it", f"within {height} rows and {width} columns",
            f"rows {top[n]:.4g} to {top[n] + h[n]:.4g}, columns {left[n]:.4g} to {left[n] + w[n]:.4g}",
            drawn=True,
        )  # fmt: skip
    _texture(out, x, left, w, top, h, size)
    # Whole pixels have been rounded, to either side: what was drawn lies between two limits.
    begun, off = _rounded(left, top), _rounded(w, h)
    left, w, top, h = (numbers.double().numpy() for numbers in (left, w, top, h))
    less, more = (np.maximum(w - off, 1e-9), np.maximum(h - off, 1e-9)), (w + off, h + off)
    pixels = height * width
    share, shares = w * h / pixels, [less[0] * less[1] / pixels, more[0] * more[1] / pixels]
    area = quarters("the share of the area", share, *scale, ends=shares)
    for sentence, limits in {
        "scale as the share of the sides: it is that of the area": scale,
        "sides that are uniform: the area is": np.sqrt(scale),
    }.items():
        sides = quarters(area.what, np.sqrt(share), *limits, ends=np.sqrt(shares))
        area.mistakes[sentence] = sides
    shape, shapes = w / h, (less[0] / more[1], more[0] / less[1])
    form = _forms(shape, shapes, ratio)
    form.others = [_forms(shape, shapes, ratio, np.log)]
    for scaled in (np.asarray, np.log):
        turned = _forms(1 / shape, (1 / shapes[1], 1 / shapes[0]), ratio, scaled)
        sentence = f"height / width: ratio is width / height{' ' * len(form.mistakes)}"
        form.mistakes[sentence] = turned
    places = [
        _places(f"the {axis} in which a window begins", begin, whole - length, begun, off)
        for axis, begin, length, whole in (("row", top, h, height), ("column", left, w, width))
    ]
    free = [column for column, limits in ((area, scale), (form, ratio)) if limits[0] < limits[1]]
    return [*free, *places]


def _rounded(*edges):
    """Return by how much numbers may differ from what was drawn: a pixel if all of them are whole."""
    whole = all(float((edge - edge.round()).abs().max()) < WHOLE for edge in edges)
    return 1.0 if whole else WHOLE


def _forms(shape, shapes, ratio, scaled=np.asarray):
    """Sort widths / heights into quarters, on a scale."""
    low, high = scaled(ratio)
    ends = [scaled(end) for end in shapes]
    return quarters(
        "width / height", scaled(shape), low, high, ends=ends, limits=ratio, shown=shape
    )


def _places(what, begin, room, off, room_off):
    """Sort places by their share of the room that a window has, which is known as exactly as the edges are."""
    none = room <= room_off  # it may have had none
    share = begin / np.where(none, np.inf, room)
    low = np.where(none, 0.0, (begin - off) / (room + room_off))
    high = np.where(none, 1.0, (begin + off) / np.where(none, np.inf, room - room_off))
    return quarters(what, share, 0.0, 1.0, ends=(np.clip(low, 0, 1), np.clip(high, 0, 1)))


def _whole(out, x, size):
    """Compare with all of an image, resized."""
    options = {"mode": "bilinear", "align_corners": False}
    right = F.interpolate(x, (size, size), **options)
    if bool(equal(out, right).all()):
        return []
    others = {
        "align_corners=True: it is False here": F.interpolate(
            x, (size, size), mode="bilinear", align_corners=True
        ),
        "the nearest pixel: it is bilinear here": F.interpolate(x, (size, size), mode="nearest"),
        "bicubic: it is bilinear here": F.interpolate(
            x, (size, size), mode="bicubic", align_corners=False
        ),
        "a window of the size of the result: it has the size that was drawn, and is resized": x[
            ..., :size, :size
        ],
    }
    if bool((equal(out, right) | equal(out, right.flip(-1))).all()):
        raise NotExplained("an image is mirrored", "the image, resized", looks_like=MIRRORED)
    sentence = next(
        (s for s, y in others.items() if y.shape == out.shape and equal(out, y).all()), ""
    )
    got = ""
    if not sentence and x.shape[1] > 1:
        with contextlib.suppress(NotExplained):
            (left, w), (top, h) = _axes(out, *x.shape[2:])
            got = f"rows {top[0]:.4g} to {top[0] + h[0]:.4g}, columns {left[0]:.4g} to {left[0] + w[0]:.4g}"
    raise NotExplained("all of an image is wrong", "the image, resized", got, looks_like=sentence)


def _axes(out, height, width):
    """Return where windows begin and how long they are, from left to right and from top to bottom."""
    return _window(width * out[:, 0], width), _window(height * out[:, 1].mT, height)


def _window(ramps, length):
    """Return where windows begin and how long they are, from what has become of 0, 1, 2, … in a row."""
    size = ramps.shape[-1]
    middle = size // 2
    step = ramps[:, :, middle] - ramps[:, :, middle - 1]
    straight = (ramps - ramps[:, :1]).abs().amax((1, 2)) < NEAR * length
    straight &= (step - step[:, :1]).abs().amax(1) < NEAR * length
    if not straight.all():
        n = int((~straight).nonzero()[0])
        raise NotExplained(
            f"image {n} is no rectangle of the image, resized", "a window with upright edges"
        )
    step = step[:, 0]
    # Pixel k of the result lies at begin + (k + 1/2) · length / size − 1/2.
    begin = ramps[:, 0, middle] - (middle + 0.5) * step + 0.5
    # A window of one pixel has the same number everywhere.
    single = (ramps[:, 0].amax(1) - ramps[:, 0].amin(1)) < NEAR * length
    return torch.where(single, ramps[:, 0, middle], begin), torch.where(single, 1.0, step * size)


def _texture(out, x, left, w, top, h, size):
    """Compare the third channel with bilinear means, where all four pixels are in the window."""
    if x.shape[1] < 3 or bool((torch.maximum(h, w) > size).any()):
        return
    k = torch.arange(size) + 0.5
    columns, rows = (b[:, None] + k * n[:, None] / size - 0.5 for b, n in ((left, w), (top, h)))
    height, width = x.shape[2:]
    # As `grid_sample` counts:
    across, along = (2 * columns + 1) / width - 1, (2 * rows + 1) / height - 1
    grid = torch.stack(
        [across[:, None, :].expand(-1, size, -1), along[:, :, None].expand(-1, -1, size)], dim=-1
    )
    right = F.grid_sample(x[:, 2:3], grid, padding_mode="border", align_corners=False)[:, 0]
    fits = ((rows >= top[:, None]) & (rows <= (top + h - 1)[:, None]))[:, :, None] & (
        (columns >= left[:, None]) & (columns <= (left + w - 1)[:, None])
    )[:, None, :]
    wrong = (((out[:, 2] - right).abs() > WHOLE) & fits).flatten(1).any(1)
    if wrong.any():
        n = int(wrong.nonzero()[0])
        raise NotExplained(f"the window of image {n} is not resized as it should be", "bilinear")
