"""A trained network for another task: its features, a linear classifier on them, fine-tuning."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from course_utils.seeing.plain.eyes import in_eval_mode

LITTLE = 1000  # images; fewer are few
CHOICES = {
    (True, True): "linear classifier on top",
    (True, False): "linear classifiers from several stages",
    (False, True): "fine-tune a few layers",
    (False, False): "fine-tune many layers",
}


def extract_features(model, layer, images, batch_size=64):
    """Return what a layer gives for each image, flattened.

    Parameters
    ----------
    model : nn.Module
    layer : str
        A name from ``model.named_modules()``.
    images : Tensor of shape (N, C, H, W)
    batch_size : int

    Returns
    -------
    Tensor of shape (N, d)
    """
    found = []
    part = model.get_submodule(layer)
    handle = part.register_forward_hook(lambda _, inputs, output: found.append(output.flatten(1)))
    try:
        with in_eval_mode(model), torch.no_grad():
            for batch in images.split(batch_size):
                model(batch)
    finally:
        handle.remove()
    return torch.cat(found)


def linear_probe(features, labels, num_classes, ridge=1.0):
    """Fit a linear classifier by least squares on one-hot labels, with a penalty on its weight.

    Parameters
    ----------
    features : Tensor of shape (n, d)
    labels : Tensor of shape (n,), int64
    num_classes : int
    ridge : float

    Returns
    -------
    weight : Tensor of shape (d, num_classes)
    bias : Tensor of shape (num_classes,)

    Examples
    --------
    >>> weight, bias = linear_probe(torch.tensor([[1.0], [-1.0]]), torch.tensor([0, 1]), 2, ridge=2.0)
    >>> weight.tolist(), bias.tolist()
    ([[0.25, -0.25]], [0.5, 0.5])
    """
    targets = F.one_hot(labels, num_classes).to(features.dtype)
    middle, mean = features.mean(0), targets.mean(0)
    centred = (features - middle).double()
    penalty = ridge * torch.eye(features.shape[1], dtype=torch.float64)
    normal = centred.T @ centred + penalty
    weight = torch.linalg.solve(normal, centred.T @ (targets - mean).double()).to(features.dtype)
    return weight, mean - middle @ weight


class _Frozen:
    """Batch norm that stays in eval mode."""

    def train(self, mode=True):
        return super().train(False)


def _frozen(norm):
    norm.__class__ = type(norm.__class__.__name__, (_Frozen, norm.__class__), {})
    return norm.eval()


def prepare_fine_tuning(model, num_classes, depth):
    """Put a new last layer on a network, and let its last `depth` layers with parameters learn.

    Parameters
    ----------
    model : nn.Sequential
        Ends in ``nn.Linear``; changed in place.
    num_classes : int
    depth : int
        Layers that learn, the new one among them; batch norm counts as a layer.

    Returns
    -------
    nn.Sequential
        The same model; frozen batch norms stay in eval mode when it is put into train mode.

    Raises
    ------
    ValueError
        If depth is below 1, or there are fewer layers with parameters.
    """
    own = [part for part in model if [*part.parameters()]]
    if not 1 <= depth <= len(own):
        raise ValueError(f"depth={depth} must be from 1 to {len(own)}, the layers with parameters")
    old = model[-1]
    model[-1] = nn.Linear(old.in_features, num_classes).to(old.weight)
    own[-1] = model[-1]
    for number, part in enumerate(own):
        learns = number >= len(own) - depth
        part.requires_grad_(learns)
        if not learns and isinstance(part, _BatchNorm):
            _frozen(part)
    return model


def advise(n_images, similar):
    """Say what to do with a trained network for another task.

    Parameters
    ----------
    n_images : int
        Of the other task.
    similar : bool
        Whether its images are like those that the network was trained on.

    Returns
    -------
    str

    Examples
    --------
    >>> advise(200, True), advise(1000, False)
    ('linear classifier on top', 'fine-tune many layers')
    """
    return CHOICES[n_images < LITTLE, bool(similar)]
