"""The exercises of part 08 with options for what goes wrong in them: hidden tests make misconceptions of these.

Without options each is right. Those that look into a network take it as it is, in whatever mode.
"""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.seeing import plain

ADVICE = (
    "linear classifier on top",
    "linear classifiers from several stages",
    "fine-tune a few layers",
    "fine-tune many layers",
)


def filter_grid(
    weights, columns=8, gap=1, *, fill=1.0, border=False, down=False, low=None, high=None, constant=0.5,
    short=False,
):  # fmt: skip
    """Lay filters out as one picture.

    Parameters
    ----------
    weights, columns, gap
        As of the exercise.
    fill : float
        Gaps and empty places.
    border : bool
        Whether a gap runs around the whole.
    down : bool
        Whether columns are filled first.
    low, high : callable, optional
        Functions of all weights and one filter: what becomes 0 and 1.
    constant : float
        A filter without contrast.
    short : bool
        Whether a row is as short as there are filters.
    """
    weights = np.asarray(weights, dtype=float)
    count, channels, height, width = weights.shape
    columns = min(columns, count) if short else columns
    rows = -(-count // columns)
    edge = gap if border else 0
    tall, wide = rows * (height + gap) - gap, columns * (width + gap) - gap
    picture = np.full((tall + 2 * edge, wide + 2 * edge, channels), fill)
    for n, one in enumerate(weights):
        a = one.min() if low is None else low(weights, one)
        b = one.max() if high is None else high(weights, one)
        flat = np.broadcast_to(np.all(b <= a), one.shape)
        one = np.where(flat, constant, (one - a) / np.where(b > a, b - a, 1.0))
        i, j = (n % rows, n // rows) if down else divmod(n, columns)
        top, left = i * (height + gap) + edge, j * (width + gap) + edge
        picture[top : top + height, left : left + width] = one.transpose(1, 2, 0)
    return picture if channels == 3 else picture[:, :, 0]


def gabor_fit(filter, *, size=128, turn=math.atan2, unit=1.0, half=False):
    """Find the direction and the frequency of the wave in a filter.

    Parameters
    ----------
    filter
        As of the exercise.
    size : int or None
        Rows and columns of the spectrum; those of the filter if None.
    turn : callable
        Direction in radians from the frequencies of the rows and of the columns.
    unit : float or "cycles"
        Factor of the frequency; ``"cycles"`` counts them in the whole filter.
    half : bool
        Whether the larger of the two frequencies stands for both.
    """
    filter = filter.double()
    spectrum = torch.fft.fft2(filter - filter.mean(), (size or len(filter),) * 2).abs()
    row, column = divmod(int(spectrum.argmax()), len(spectrum))
    frequencies = torch.fft.fftfreq(len(spectrum)) * (len(filter) if unit == "cycles" else 1.0)
    down, across = float(frequencies[row]), float(frequencies[column])
    f = max(abs(down), abs(across)) if half else math.hypot(down, across)
    return math.degrees(turn(down, across)) % 180, f * (1.0 if unit == "cycles" else unit)


def receptive_box(
    layers, position, *, backwards=True, inclusive=0, order=(0, 1, 2, 3), grow=0, pad=1, through=True
):  # fmt: skip
    """Return the part of the input that one position of the last output sees.

    Parameters
    ----------
    layers, position
        As of the exercise.
    backwards : bool
        Whether the last layer is the first to go back through.
    inclusive : int
        Taken off bottom and right.
    order : tuple of int
        Of top, left, bottom and right.
    grow : int
        Added to each kernel size.
    pad : int
        How often each padding is taken off.
    through : bool
        Whether strides multiply bottom and right.
    """
    (top, left), (bottom, right) = position, position
    for kernel, stride, padding in layers[::-1] if backwards else layers:
        top, left = top * stride - pad * padding, left * stride - pad * padding
        step = stride if through else 1
        bottom = bottom * step - pad * padding + kernel - 1 + grow
        right = right * step - pad * padding + kernel - 1 + grow
    found = top, left, bottom + 1 - inclusive, right + 1 - inclusive
    return tuple(found[i] for i in order)


def top_patches(
    model, layers, index, unit, images, k=9, *, stop=1, best=torch.amax, sign=1, each=True, flip=False,
    take=None, box=plain.receptive_box, place=divmod, clip=True, late=False, last=False,
):  # fmt: skip
    """Return the patches of images at which a unit is most active.

    Parameters
    ----------
    model, layers, index, unit, images, k
        As of the exercise.
    stop : int
        How many layers from ``model[index]`` on are run.
    best : callable
        Activation of an image: of its numbers, along axis 0.
    sign : int
        -1 for the smallest activations.
    each : bool
        Whether an image is in the list at most once.
    flip : bool
        Whether the list is turned round.
    take : int, optional
        Entries, whatever `k` is.
    box : callable
        Box of a position.
    place : callable
        Position of a place in the flat map, for its width.
    clip : bool
        Whether boxes end where the image does.
    late, last : bool
        Whether of equal images, and of equal positions, the last one comes first.
    """
    x = images
    for layer in model[: index + stop]:
        x = layer(x)
    flat = (sign * x[:, unit]).flatten(1).detach()
    width, found = x.shape[3], []
    for image, one in enumerate(flat):
        for number in [best(one, 0)] if each else one.topk(min(k, len(one))).values:
            places = (one == (one.max() if each else number)).nonzero()
            top, left, bottom, right = box(layers, place(int(places[-1 if last else 0]), width))
            if clip:
                top, left = max(top, 0), max(left, 0)
                bottom, right = min(bottom, images.shape[2]), min(right, images.shape[3])
            found.append((image, (top, left, bottom, right), sign * float(number)))
    found.sort(key=lambda row: (-sign * row[2], -row[0] if late else row[0]))
    found = found[: take or k]
    return found[::-1] if flip else found


def occlusion_map(
    model, image, label, size, stride, value=0.0, *, chance=lambda scores: scores.softmax(1), fresh=True,
    channels=None, outside=False, turned=False, every=0, beside=0, drop=False, ceil=False,
):  # fmt: skip
    """Return the probability of a class while a square covers one place of an image after the other.

    Parameters
    ----------
    model, image, label, size, stride, value
        As of the exercise.
    chance : callable
        Probabilities of scores (places, classes).
    fresh : bool
        Whether each place covers a fresh copy.
    channels : int, optional
        How many of them are covered; all if None.
    outside : bool
        Whether all but the square is covered.
    turned : bool
        Whether the map is transposed.
    every : int
        Step of the square; `stride` if 0.
    beside : int
        Pixels by which the square is too large.
    drop : bool
        Whether the map holds how far the probability falls.
    ceil : bool
        Whether squares may reach over the edge.
    """
    _, height, width = image.shape
    step, over = every or stride, stride - 1 if ceil else 0
    tops = range(0, height - size + 1 + over, step)
    lefts = range(0, width - size + 1 + over, step)
    covered, one = [], image.clone()
    for top in tops:
        for left in lefts:
            one = image.clone() if fresh else one
            rows, columns = slice(top, top + size + beside), slice(left, left + size + beside)
            place = slice(channels), rows, columns
            if outside:
                one = torch.full_like(image, value)
                one[place] = image[place]
            else:
                one[place] = value
            covered.append(one.clone())
    found = chance(model(torch.stack(covered)).detach())[:, label]
    if drop:
        found = chance(model(image[None]).detach())[:, label] - found
    found = found.reshape(len(tops), len(lefts))
    return found.T if turned else found


def extract_features(
    model, layer, images, batch_size=64, *, flat=lambda output: output.flatten(1), before=False, parts=None,
    join=torch.cat,
):  # fmt: skip
    """Return what a layer gives for each image, flattened.

    Parameters
    ----------
    model, layer, images, batch_size
        As of the exercise.
    flat : callable
        Rows of an output.
    before : bool
        Whether what goes into the layer is taken.
    parts : callable, optional
        Which of the batches are asked about.
    join : callable
        Joins the rows of all batches.
    """
    found = []

    def note(module, inputs, output):
        found.append(flat(inputs[0] if before else output))

    handle = model.get_submodule(layer).register_forward_hook(note)
    pieces = images.split(batch_size)
    for batch in parts(pieces) if parts else pieces:
        model(batch)
    handle.remove()
    return join(found).detach()


def linear_probe(
    features, labels, num_classes, ridge=1.0, *, scale=1.0, power=1, bias="free", offset=True, centred=True,
    scaled=False, low=0.0, turned=False,
):  # fmt: skip
    """Fit a linear classifier by least squares on one-hot labels, with a penalty on its weight.

    Parameters
    ----------
    features, labels, num_classes, ridge
        As of the exercise.
    scale, power : float
        Factor and exponent of the ridge.
    bias : str
        ``"free"``, ``"penalised"``, ``"none"``, or ``"half"``: labels that are not centred.
    offset : bool
        Whether the bias makes up for the features' mean.
    centred, scaled : bool
        Whether the mean is taken off the features, and whether their standard deviation is made 1.
    low : float
        Target of a class that is not the image's.
    turned : bool
        Whether the weight is transposed.
    """
    y = F.one_hot(labels, num_classes).double() * (1 - low) + low
    x = features.double()
    if bias == "penalised":
        x = torch.cat([x, torch.ones(len(x), 1).double()], 1)
    middle = x.mean(0) * (bias not in ("penalised", "none"))
    mean = y.mean(0) * (bias == "free")
    penalty = scale * ridge**power * torch.eye(x.shape[1]).double()
    x = x - middle * centred
    x = x / features.double().std(0) if scaled else x
    weight = torch.linalg.solve(x.T @ x + penalty, x.T @ (y - mean))
    if bias == "penalised":
        return weight[:-1].float(), weight[-1].float()
    free = mean - middle @ weight if offset else mean
    return (weight.T if turned else weight).float(), free.float()


def has_parameters(layer) -> bool:
    """Whether a layer has parameters."""
    return any(True for _ in layer.parameters())


def prepare_fine_tuning(
    model, num_classes, depth, *, extra=0, count=has_parameters, freeze="all", thaw=True, first=False,
    head="new", copied=False, asleep="frozen", anew="", least=1, beyond=0, late=False,
):  # fmt: skip
    """Put a new last layer on a network, and let its last `depth` layers with parameters learn.

    Parameters
    ----------
    model, num_classes, depth
        As of the exercise.
    extra : int
        Layers that learn beside `depth`.
    count : callable
        Whether a layer is one of `depth`.
    freeze : str
        What is frozen of the other layers: ``"all"``, their ``"weight"``, or ``"nothing"``.
    thaw : bool
        Whether what was frozen before learns again.
    first : bool
        Whether the first layers learn in place of the last.
    head : str
        ``"new"``, ``"old"``, ``"behind"`` the old one, or ``"without bias"``.
    copied : bool
        Whether another model comes back.
    asleep : str
        Which layers do not follow ``train()``: ``"frozen"`` norms, ``"no"`` layer, ``"every"`` norm, ``"all"``.
    anew : str
        What begins anew beside the head: the ``"layers"`` that learn, the ``"statistics"`` of frozen norms.
    least, beyond : int
        The least depth that is not refused, and by how much the largest may be exceeded.
    late : bool
        Whether a depth is refused after the last layer was replaced.
    """
    own, old = [layer for layer in model if count(layer)], model[-1]
    refused = not least <= depth <= len(own) + beyond
    if refused and not late:
        raise ValueError(depth)
    if head != "old":
        sizes = old.in_features if head != "behind" else old.out_features, num_classes
        new = nn.Linear(*sizes, bias=head != "without bias").to(old.weight.dtype)
        if head == "behind":
            model.append(new)
        else:
            model[-1] = own[-1] = new
    if refused:
        raise ValueError(depth)
    number = min(max(depth + extra, 0), len(own))
    learn = own[:number] if first else own[len(own) - number :]
    for layer in model:
        wanted = any(layer is one for one in learn)
        for name, parameter in layer.named_parameters():
            if wanted and thaw:
                parameter.requires_grad = True
            elif not wanted and freeze in ("all", name):
                parameter.requires_grad = False
        norm = isinstance(layer, nn.BatchNorm2d)
        if anew == "layers" and wanted:
            layer.reset_parameters()
        if anew == "statistics" and norm and not wanted:
            layer.reset_running_stats()
        if {"frozen": norm and not wanted, "every": norm, "no": False, "all": True}[asleep]:
            layer.eval().train = lambda mode=True, layer=layer: layer
    return nn.Sequential(*model) if copied else model


def advise(n_images, similar, *, limit=1000, order=(0, 1, 2, 3), equal=False):
    """Say what to do with a trained network for another task.

    Parameters
    ----------
    n_images, similar
        As of the exercise.
    limit : int
        Fewer images are few.
    order : tuple of int
        Which of `ADVICE` stands in the four fields of the table, row by row.
    equal : bool
        Whether `limit` images are few.
    """
    few = n_images <= limit if equal else n_images < limit
    return ADVICE[order[2 * (not few) + (not similar)]]
