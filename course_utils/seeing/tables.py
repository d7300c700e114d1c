"""Tables for the explorers `UnitBrowser` and `Occluder`, computed when a lecture runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from torch import Tensor, nn

from course_utils.data import DRAWN_CLASSES
from course_utils.seeing.filters import stretched, wave
from course_utils.seeing.maps import occluded, probabilities
from course_utils.seeing.units import field_of, top_patches

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
SIZES, STRIDE = (4, 8, 12), 2
"""Of the squares of an occluder, in pixels."""
STRONGEST = 9
"""How many slices of a later filter are kept."""


def written(numbers: np.ndarray) -> str:
    """Return whole numbers from 0 to 4095 as text, two letters each."""
    return "".join(DIGITS[n // 64] + DIGITS[n % 64] for n in np.ravel(numbers).tolist())


def pixels(image: np.ndarray) -> str:
    """Return an image (3, H, W) with values from 0 to 255 as text: four bits of red, green and blue a pixel."""
    red, green, blue = np.rint(np.clip(np.asarray(image, float), 0, 255) / 17).astype(int)
    return written(256 * red + 16 * green + blue)


def unit_tables(
    chain: nn.Sequential,
    images: Tensor,
    labels: Sequence[int],
    layers: dict[str, tuple[str, Sequence[int] | None]],
    classes: Sequence[str] = DRAWN_CLASSES,
) -> dict:
    """Return what a `UnitBrowser` shows.

    Parameters
    ----------
    chain : nn.Sequential
        The network.
    images : Tensor of shape (N, 3, H, W)
        From 0 to 1; the patches are looked for in them.
    labels : sequence of N ints
    layers : dict
        Name of a convolution → name of the layer whose answers count, such as its ReLU, and the units that are
        shown, None for all.
    classes : sequence of str
    """
    found, known = [], dict(chain.named_children())
    for name, (answers, units) in layers.items():
        weights = known[name].weight.detach().numpy()
        field = field_of(chain, answers)
        tops = top_patches(chain, answers, images)
        shown = range(len(weights)) if units is None else units
        waves = wave(weights) if weights.shape[1] == 3 and weights.shape[2] > 3 else None
        rows = []
        for unit in shown:
            patches = []
            for image, (top, left, bottom, right), activation in tops[unit]:
                part = 255 * images[image, :, top:bottom, left:right].numpy()
                patches.append({
                    "image": image, "label": classes[int(labels[image])], "box": [top, left, bottom, right],
                    "activation": round(activation, 2), "pixels": pixels(part),
                })  # fmt: skip
            rows.append({"number": int(unit), "filter": _filter(weights[unit]), "patches": patches})
            if waves:
                rows[-1]["wave"] = [round(number, 3) for number in waves[unit][:3]]
        found.append({"name": name, "field": field.size, "jump": field.jump, "units": rows})
    return {"side": images.shape[-1], "images": len(images), "layers": found}


def _filter(weights):
    """A first filter as an image; of a later one the slices with the largest weights."""
    side = weights.shape[-1]
    if len(weights) == 3:
        return {"side": side, "pixels": pixels(stretched(weights[None])[0])}
    order = np.abs(weights).sum(axis=(1, 2)).argsort()[::-1][:STRONGEST]
    slices = [[int(k), weights[k].ravel().round(3).tolist()] for k in order]
    return {"side": side, "inputs": slices}


def occlusion_tables(
    cases: Sequence[tuple[str, str, nn.Module, Tensor, int]],
    classes: Sequence[str] = DRAWN_CLASSES,
) -> dict:
    """Return what an `Occluder` shows.

    Parameters
    ----------
    cases : sequence of tuples
        What is special about an image, what its network is called, the network in eval mode, the image
        (3, H, W) from 0 to 1, and its class.
    classes : sequence of str
    """
    images = []
    for title, network, model, image, label in cases:
        maps = {
            str(size): written(
                (4095 * occluded(model, image, size, STRIDE).numpy()).round().astype(int)
            )
            for size in SIZES
        }
        before = probabilities(model, image[None])[0].tolist()
        images.append({
            "title": title, "network": network, "label": classes[int(label)],
            "pixels": pixels(255 * image.numpy()), "before": [round(p, 4) for p in before], "maps": maps,
        })  # fmt: skip
    side = cases[0][3].shape[-1]
    return {"side": side, "stride": STRIDE, "classes": list(classes), "images": images}
