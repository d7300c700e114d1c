"""Read off from its images what an augmentation has drawn for each."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from course_utils.checks.augmentations.cells import NEAR, equal, quarters
from course_utils.checks.augmentations.draws import OUTSIDE, Augmentation, Drawn, NotExplained
from course_utils.checks.augmentations.windows import windows
from course_utils.trainer import augment


# -- flips -------------------------------------------------------------------------------------------------
def _flipped(out, x, p):
    same, mirrored = equal(out, x), equal(out, x.flip(-1))
    other = {
        "flip(-2) turns an image upside down: left and right are the last axis": x.flip(-2),
        "turned by 180 degrees: only the last axis is mirrored": x.flip(-1, -2),
        "channels in the other order: only the last axis is mirrored": x.flip(1),
        "mirrored and put into another image's place": x.flip(0, -1),
    }
    wrong = ~(same | mirrored)
    if wrong.any():
        n = int(wrong.nonzero()[0])
        sentence = next((s for s, image in other.items() if equal(out, image)[n]), "")
        raise NotExplained(
            f"image {n} is neither itself nor its mirror image",
            "one of the two",
            looks_like=sentence,
        )
    cells = mirrored.numpy().astype(int)
    drawn, reversed_ = (
        Drawn("which images are mirrored", cells, chances, ["as it is", "mirrored"], cells)
        for chances in ([1 - p, p], [p, 1 - p])
    )
    drawn.mistakes = {"mirrored with probability 1 - p": reversed_}
    return [drawn]


# -- crops -------------------------------------------------------------------------------------------------
def _moved(out, x, padding):
    """The middle of an image tells how far it was moved, whatever comes in at its edges."""
    height, width, offsets = *x.shape[2:], range(2 * padding + 1)
    middle = out[:, :, padding : height - padding, padding : width - padding]
    found = torch.full((len(x), 2), OUTSIDE)
    for i in offsets:
        for j in offsets:
            # Row r of the window is row r + i - padding of the image.
            there = x[:, :, i : i + middle.shape[2], j : j + middle.shape[3]]
            found[equal(middle, there)] = torch.tensor([i, j])
    lost = (found == OUTSIDE).any(1)
    if lost.any():
        n = int(lost.nonzero()[0])
        raise NotExplained(
            f"image {n} is no window of the padded image", f"it moved by at most {padding} pixels"
        )
    padded = F.pad(x, (padding,) * 4)
    windows = torch.stack(
        [
            image[:, i : i + height, j : j + width]
            for image, (i, j) in zip(padded, found.tolist(), strict=True)
        ]
    )
    wrong = ~equal(out, windows)
    if wrong.any():
        n = int(wrong.nonzero()[0])
        i, j = found[n].tolist()
        for mode, word in (
            ("reflect", "reflected"),
            ("replicate", "repeated"),
            ("circular", "wrapped around"),
        ):
            other = F.pad(x[n : n + 1], (padding,) * 4, mode=mode)[
                :, :, i : i + height, j : j + width
            ]
            if equal(out[n : n + 1], other)[0]:
                sentence = f"edges that are {word}: zeros come in"
                break
        else:
            sentence = ""
        raise NotExplained(
            f"what comes in at the edges of image {n} is not 0", "zeros", looks_like=sentence
        )
    words = [f"offset {i}" for i in offsets]
    axes = zip(("row", "column"), found.numpy().T, strict=True)
    return [_offset(f"the {axis} in which a window begins", column, words) for axis, column in axes]


def _offset(what, values, words):
    n = len(words)
    drawn = Drawn(what, values, [1 / n] * n, words, values, f"from 0 to {n - 1}")
    if n > 1:
        short = Drawn(what, values, [1 / (n - 1)] * (n - 1) + [0.0], words, values)
        late = Drawn(what, values, [0.0] + [1 / (n - 1)] * (n - 1), words, values)
        drawn.mistakes = {
            "randint(0, 2 * padding), which leaves the last offset out": short,
            "randint(-padding, padding), which leaves an offset out": late,
        }
    return drawn


# -- colours -----------------------------------------------------------------------------------------------
def _jittered(out, x, brightness, contrast, saturation):
    """In the middle of the range an image is b · (m + c · (g − m) + s · c · (x − g)), in whatever order."""
    limits = {"brightness": brightness, "contrast": contrast, "saturation": saturation}
    factors = _factors(out, x, _grey(x), _grey(x).mean((1, 2, 3), keepdim=True))
    if factors is None or _idle(factors, limits):
        sentence = _other_grey(out, x, limits)
        if sentence or factors is None:
            raise NotExplained("images are not changed as they should be", looks_like=sentence)
        name, value = _idle(factors, limits)
        raise NotExplained(f"{name} is 0, and changes the image", "a factor of 1", f"{value:.4g}")
    drawn = []
    for (name, v), values in zip(limits.items(), factors.T, strict=True):
        if v:
            what = f"the factor of the {name}"
            column = quarters(what, values, 1 - v, 1 + v, NEAR)
            column.mistakes = {
                f"factors in [1, 1 + {name}]": quarters(what, values, 1, 1 + v, NEAR),
                f"factors in [1 - {name}, 1]": quarters(what, values, 1 - v, 1, NEAR),
                f"factors in [0, {name}]": quarters(what, values, 0, v, NEAR),
            }
            drawn.append(column)
    return drawn


def _idle(factors, limits):
    """Return (name, factor) of what is to change nothing and does; None if there is none."""
    for (name, v), values in zip(limits.items(), factors.T, strict=True):
        worst = values[np.abs(values - 1).argmax()]
        if v == 0 and abs(worst - 1) > 5e-4:
            return name, worst
    return None


def _grey(x, weights=augment.GREY):
    return torch.einsum("nchw,c->nhw", x, torch.tensor(weights, dtype=x.dtype))[:, None]


def _factors(out, x, grey, mean):
    """Return the factors of each image, (N, 3), or None if there are none that explain it."""
    parts = torch.stack([mean.expand_as(x), (grey - mean).expand_as(x), x - grey], dim=-1).double()
    parts, wanted = parts.flatten(1, 3), out.double().flatten(1)[..., None]
    found = torch.linalg.lstsq(parts, wanted).solution
    if float((parts @ found - wanted).abs().max()) > NEAR:
        return None
    b, bc, bcs = found[..., 0].T
    return torch.stack([b, bc / b, bcs / bc], dim=1).numpy()


def _other_grey(out, x, limits):
    grey, average, weights = _grey(x), x.mean(1, keepdim=True), ", ".join(map(str, augment.GREY))
    mean = average.mean((1, 2, 3), True)
    half = torch.full_like(grey[:, :, :1, :1], 0.5)
    batch = grey.mean().expand(len(x), 1, 1, 1)
    names = {"Rec. 709": (0.2126, 0.7152, 0.0722), "blue, green, red": augment.GREY[::-1]}
    others = {
        f"the weights of {name}: they are {weights}": _grey(x, numbers)
        for name, numbers in names.items()
    }
    ways = {
        **{s: (image, image.mean((1, 2, 3), True)) for s, image in others.items()},
        f"the mean of the channels as grey: the weights are {weights}": (average, mean),
        "the mean of each channel: contrast is about the mean grey of the image": (grey, x.mean((2, 3), True)),
        "contrast about 1/2: it is about the mean grey of the image": (grey, half),
        "the mean of the whole batch: it is that of each image": (grey, batch),
    }  # fmt: skip
    for sentence, way in ways.items():
        factors = _factors(out, x, *way)
        if factors is not None and not _idle(factors, limits):
            return sentence
    return ""


def _shifted(out, x, eigenvalues, eigenvectors, sigma):
    """Each image has one colour more; along the components it is normal numbers times the eigenvalues."""
    free = ((out > 0) & (out < 1)).flatten(2)
    shift = (out - x).flatten(2)
    low = torch.where(free, shift, torch.inf).amin(2)
    high = torch.where(free, shift, -torch.inf).amax(2)
    if bool((high - low > NEAR).any()):
        n = int((high - low > NEAR).any(1).nonzero()[0])
        raise NotExplained(
            f"image {n} has not the same colour added to each pixel", "one colour for all pixels"
        )
    # Where all pixels are clamped, what is left of the colour has to do.
    low = torch.where(free.any(2), low, shift.mean(2))
    shift, values, vectors = low.double(), eigenvalues.double(), eigenvectors.double()
    columns = _components(torch.linalg.solve(vectors, shift.T).T / values / sigma)
    for sentence, alphas in {
        "eigenvectors in rows: they are the columns": torch.linalg.solve(vectors.T, shift.T).T
        / values
        / sigma,
        "without the eigenvalues": torch.linalg.solve(vectors, shift.T).T / sigma,
        "the root of the eigenvalues: AlexNet takes them as they are": (
            torch.linalg.solve(vectors, shift.T).T / values.sqrt() / sigma
        ),
        "sigma as the variance: it is the standard deviation": (
            torch.linalg.solve(vectors, shift.T).T / values / sigma**0.5
        ),
        "without sigma": torch.linalg.solve(vectors, shift.T).T / values,
    }.items():
        for column, other in zip(columns, _components(alphas), strict=True):
            column.mistakes[sentence] = other
    return columns


def _components(alphas):
    """Sort numbers that should be normal, with a standard deviation of 1."""
    ranks = torch.special.ndtr(alphas).numpy()
    shown = alphas.numpy()
    return [
        quarters(f"component {k}, in standard deviations", ranks[:, k], 0.0, 1.0, shown=shown[:, k])
        for k in range(3)
    ]


crops = Augmentation(augment.random_crop, _moved)
flips = Augmentation(augment.random_flip, _flipped)
jitters = Augmentation(augment.colour_jitter, _jittered)
pca = Augmentation(augment.pca_colour, _shifted)
resizes = Augmentation(augment.random_resized_crop, windows)
