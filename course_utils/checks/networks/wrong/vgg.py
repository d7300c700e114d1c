"""What VGG networks look like that are wrong in one way, for naming it and for charging it once.

A fault has the tests in which it shows: the first one charges it, in the others what equals it passes. In
shapes and sizes of all configurations it is only named: to compute them, too, would take too long.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch.nn.functional as F
from torch import nn

from course_utils.checks.networks.tables import Subject
from course_utils.checks.networks.wrong.edits import (
    Apply,
    after,
    all_of,
    always_drops,
    each,
    edited,
    like,
    linear,
    put,
    subject,
    swapped,
    within_channel,
)
from course_utils.models import vgg as right
from course_utils.models.early import Named, classifier, response_norm
from course_utils.models.vgg import CONFIGS, WIDTHS, stages

ON_META = "stages", "sizes", "c"  # tests without numbers, of several configurations


def vgg(test: str) -> Subject:
    """Return the right VGG network, and the wrong ones.

    Parameters
    ----------
    test : str
        ``stages``, ``sizes``, ``c``, ``values``, ``lrn``, ``norm``: which faults this test charges, and names;
        ``c-values`` for the values of C.
    """
    test, _, numbers = test.partition("-")
    shown = {
        s: (t.split()[0], m)
        for s, (t, m) in FAULTS.items()
        if test in t.split() or (numbers and "lrn" in t.split()[:-1])
    }
    found = subject(right, shown, test)
    return Subject(right, found.looks_like) if test in ON_META and not numbers else found


class BatchStatistics(nn.BatchNorm2d):
    """A batch norm that takes the batch's statistics in any mode."""

    def forward(self, x):
        return F.batch_norm(x, None, None, self.weight, self.bias, training=True)


def _made(edit, *more):
    return edited(right, edit, *more)


def _only(shows: Callable[[str, bool], bool], *edits):
    """Return a maker of networks that are edited in some configurations."""

    def made(config, batch_norm=False):
        return edited(right, *edits if shows(config, batch_norm) else ())(config, batch_norm)

    return made


_normed = partial(_only, lambda config, batch_norm: batch_norm)
_lrn = partial(_only, lambda config, batch_norm: config == "A-LRN")


def _like(changes: dict[str, tuple], widths=WIDTHS, flat=512 * 7 * 7):
    """Return a maker of networks some of whose configurations have other kernels, or other widths."""

    def made(config, batch_norm=False):
        kernels = changes.get(config, CONFIGS[config])
        return Named({**stages(kernels, widths, batch_norm), **classifier(flat)})

    return made


def _convs(**changes):
    """Change arguments of all convolutions."""
    return each(nn.Conv2d, lambda layer: like(layer, **changes))


def _pools(make):
    return _made(all_of(nn.MaxPool2d, make))


def _leaving(leave):
    """Leave out the layers whose name, and the one behind, say so."""

    def edit(layers):
        names = [*layers, ""]
        return {
            n: layers[n]
            for n, behind in zip(names, names[1:], strict=False)
            if not leave(n, behind)
        }

    return edit


def _of_convs(name):
    return name.startswith("relu") and "_" in name


def _at_stage_ends(name, behind):
    return _of_convs(name) and behind[:4] in ("pool", "norm")


def _is_c(config, batch_norm):
    return config == "C"


def _after_ones(name, behind):
    return name in ("relu3_3", "relu4_3", "relu5_3")


def _norms(make):
    """Put other norms in the places of all."""
    return each(nn.BatchNorm2d, lambda norm: make(norm.num_features))


def _norm_behind(leave):
    """Put each norm behind the ReLU that follows it, and leave some out."""

    def edit(layers):
        names, found = list(layers), {}
        for name, behind in zip(names, [*names[1:], ""], strict=True):
            norm = "bn" + name[4:]
            if not name.startswith("bn"):
                found[name] = layers[name]
            if name.startswith("relu") and norm in layers and not leave(name, behind):
                found[norm] = layers[norm]
        return found

    return edit


def _with_norms(config, batch_norm=False):
    return right(config, True)


def _without_norms(config, batch_norm=False):
    return right(config, False)


def _response(size=5, alpha=1e-4, beta=0.75, k=2.0):
    return _lrn(put(norm1=lambda: nn.LocalResponseNorm(size, alpha, beta, k)))


def _lrn_behind(wanted):
    """Put an LRN behind each ReLU that is wanted."""

    def edit(layers):
        found = {}
        for name, layer in layers.items():
            found[name] = layer
            if _of_convs(name) and name != "relu1_1" and wanted(name):
                found[f"lrn{name}"] = response_norm()
        return found

    return edit


def _always_lrn(config, batch_norm=False):
    norm = after("relu1_1", norm1=response_norm)
    return edited(right, *() if config == "A-LRN" else (norm,))(config, batch_norm)


def _channels_last(x):
    return x.permute(0, 2, 3, 1).flatten(1)


def _evened_out():
    return nn.Sequential(nn.AdaptiveAvgPool2d(7), nn.Flatten())


def _pooled_away():
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())


THREE = {"C": CONFIGS["D"]}
PADDED = each(nn.Conv2d, lambda layer: like(layer, padding=1))
ONES = {"C": ("33", "33", "133", "133", "133")}
ONE_EACH = {"C": ("331", "331", "331", "331", "331")}
LAST = {"C": ("33", "33", "333", "333", "331")}
TWO = {"C": CONFIGS["B"]}
E_AS_D, SWAPPED = {"E": CONFIGS["D"]}, {"D": CONFIGS["E"], "E": CONFIGS["D"]}
A_AS_B = {"A": CONFIGS["B"], "A-LRN": ("3L3", *CONFIGS["B"][1:])}

EVERY = "values lrn norm"
# Sentence → the test that charges it, the others in which it shows; what makes it.
FAULTS = {
    "average pooling for max pooling": (f"stages {EVERY}", _pools(lambda: nn.AvgPool2d(2))),
    "no padding: 3 x 3 convolutions have 1, so that the image keeps its size": (
        "stages",
        _made(_convs(padding=0)),
    ),
    "no padding: the average of 7 x 7 behind it hides that": (
        f"stages {EVERY}",
        _made(_convs(padding=0), put(flatten=_evened_out)),
    ),
    "no pooling after the last stage": (
        f"stages {EVERY}",
        _made(_leaving(lambda name, _: name == "pool5"), linear(fc6=(512 * 14 * 14, 4096))),
    ),
    "no pooling after the last stage, whose maps stay 14 x 14": (
        "stages",
        _made(_leaving(lambda name, _: name == "pool5")),
    ),
    "stride 2 in place of pooling": (
        "stages",
        _made(
            _leaving(lambda name, _: name.startswith("pool")),
            lambda layers: layers | {n: like(la, stride=2) for n, la in layers.items() if n in
                                     ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")},
        ),
    ),
    "1024 filters in the last stage: 512, as in the one before": (
        "stages sizes values",
        _like({}, (64, 128, 256, 512, 1024), 1024 * 7 * 7),
    ),
    "10 classes: ImageNet has 1000": (
        f"sizes stages {EVERY}",
        _made(linear(fc8=(4096, 10))),
    ),
    "one of two linear layers of 4096 alone": (
        f"sizes stages {EVERY}",
        _made(_leaving(lambda name, _: name in ("fc7", "relu7", "drop7"))),
    ),
    "a mean over the image before fc6: it gets all 7 x 7 x 512 features": (
        f"sizes {EVERY}",
        _made(put(flatten=_pooled_away), linear(fc6=(512, 4096))),
    ),
    "two convolutions in each of A's stages, as in B": ("sizes values norm", _like(A_AS_B)),
    "E as D: four convolutions in its last three stages": ("sizes", _like(E_AS_D)),
    "D and E in each other's places": ("sizes", _like(SWAPPED)),
    "D with 1 x 1 convolutions, as in C": ("sizes", _like({"D": CONFIGS["C"]})),
    "convolutions without biases": ("sizes", _made(_convs(bias=False))),
    "kernels of 5 x 5: they are 3 x 3": ("sizes values", _made(_convs(kernel_size=5, padding=2))),
    "batch norm where `batch_norm` is False, or is not given": ("sizes values lrn", _with_norms),
    "C as D: the third convolution of its last three stages is 1 x 1": ("c", _like(THREE)),
    "C's 1 x 1 convolutions first in their stages: they are last": ("c", _like(ONES)),
    "a 1 x 1 convolution in each of C's stages: in the last three": ("c", _like(ONE_EACH)),
    "a 1 x 1 convolution in C's last stage alone: in the last three": ("c", _like(LAST)),
    "C as B: a third convolution, 1 x 1, in its last three stages": ("c", _like(TWO)),
    "padding in C's 1 x 1 convolutions: it is for 3 x 3": ("c", _made(PADDED)),
    "no ReLU after C's 1 x 1 convolutions": ("c", _only(_is_c, _leaving(_after_ones))),
    "`A-LRN` as `A`: an LRN behind the first ReLU": (
        "lrn",
        lambda config, batch_norm=False: right(config.removesuffix("-LRN"), batch_norm),
    ),
    "LRN before the ReLU: convolution, ReLU, LRN, pooling": ("lrn", _lrn(swapped("relu1_1", "norm1"))),
    "LRN after the pooling: convolution, ReLU, LRN, pooling": ("lrn", _lrn(swapped("norm1", "pool1"))),
    "LRN with k = 1, PyTorch's default: k is 2": ("lrn", _response(k=1.0)),
    "alpha not divided by n, as in the paper's formula: here it is": ("lrn", _response(alpha=5e-4)),
    "alpha divided by n twice: PyTorch divides it": ("lrn", _response(alpha=2e-5)),
    "LRN over 3 channels: over 5": ("lrn", _response(size=3)),
    "LRN over 2 channels: over 5": ("lrn", _response(size=2)),
    "LRN with beta = 0.5: beta is 0.75": ("lrn", _response(beta=0.5)),
    "LRN after every convolution: it is after the first": ("lrn", _lrn(_lrn_behind(lambda _: True))),
    "LRN after the first two convolutions: it is after the first": (
        "lrn",
        _lrn(_lrn_behind(lambda name: name == "relu2_1")),
    ),
    "LRN at the end of every stage: it is in the first": (
        "lrn",
        _lrn(_lrn_behind(lambda name: name in ("relu2_1", "relu3_2", "relu4_2", "relu5_2"))),
    ),
    "LRN within each channel: it runs over neighbouring channels": (
        "lrn",
        _lrn(put(norm1=partial(Apply, within_channel))),
    ),
    "batch norm for LRN": ("lrn", _lrn(put(norm1=partial(nn.BatchNorm2d, 64)))),
    "`batch_norm` is not used": ("norm", _without_norms),
    "convolutions without biases where a norm follows: they keep theirs": (
        "norm",
        _normed(_convs(bias=False)),
    ),
    "the norm after the ReLU: convolution, norm, ReLU": (
        "norm",
        _normed(_norm_behind(lambda *_: False)),
    ),
    "one norm for each stage, after its last ReLU": (
        "norm",
        _normed(_norm_behind(lambda name, behind: not _at_stage_ends(name, behind))),
    ),
    "a norm after the last convolution of a stage alone: all have one": (
        "norm",
        _normed(_leaving(lambda name, _: name in ("bn3_1", "bn4_1", "bn5_1"))),
    ),
    "a norm after the first convolution of a stage alone: all have one": (
        "norm",
        _normed(_leaving(lambda name, _: name in ("bn3_2", "bn4_2", "bn5_2"))),
    ),
    "norms that use the batch's statistics in eval mode too": (
        "norm",
        _normed(_norms(BatchStatistics)),
    ),
    "no ReLU between the linear layers": (EVERY, _made(_leaving(lambda n, _: n in ("relu6", "relu7")))),
    "softmax: the network returns logits": (
        EVERY,
        _made(after("fc8", softmax=partial(nn.Softmax, 1))),
    ),
    "log-softmax: the network returns logits": (
        EVERY,
        _made(after("fc8", softmax=partial(nn.LogSoftmax, 1))),
    ),
    "ReLU on the logits": (EVERY, _made(after("fc8", relu8=nn.ReLU))),
    "dropout in eval mode too": (EVERY, _made(all_of(nn.Dropout, always_drops))),
    "pooling windows of 3 x 3 with padding 1: they are 2 x 2": (
        EVERY,
        _pools(lambda: nn.MaxPool2d(3, 2, 1)),
    ),
    "one ReLU for each stage, at its end: every convolution has one": (
        EVERY,
        _made(_leaving(lambda name, behind: _of_convs(name) and not _at_stage_ends(name, behind))),
    ),
    "no ReLU before the poolings": (EVERY, _made(_leaving(_at_stage_ends))),
    "no ReLU after the convolutions": (EVERY, _made(_leaving(lambda name, _: _of_convs(name)))),
    "no activation at all": ("values", _made(all_of(nn.ReLU))),
    "no ReLU after fc6": ("values", _made(_leaving(lambda name, _: name == "relu6"))),
    "no ReLU after fc7": ("values", _made(_leaving(lambda name, _: name == "relu7"))),
    "pooling windows of 3 x 3 with ceil_mode: they are 2 x 2": (
        "values",
        _pools(lambda: nn.MaxPool2d(3, 2, ceil_mode=True)),
    ),
    "leaky ReLU for ReLU": (EVERY, _made(all_of(nn.ReLU, partial(nn.LeakyReLU, 0.01)))),
    "tanh for ReLU": ("values", _made(all_of(nn.ReLU, nn.Tanh))),
    "GELU for ReLU": ("values", _made(all_of(nn.ReLU, nn.GELU))),
    "LRN in A: A-LRN alone has one": ("values norm", _always_lrn),
    "features flattened in the order (H, W, C)": (
        "values",
        _made(put(flatten=partial(Apply, _channels_last))),
    ),
}  # fmt: skip

__all__ = ["vgg"]
