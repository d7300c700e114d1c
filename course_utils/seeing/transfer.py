"""What a trained network is worth for other classes: linear classifiers on its stages, and fine-tuning."""

from __future__ import annotations

import copy
import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_utils.seeing.plain.transfer import linear_probe
from course_utils.seeing.units import activations

FOLDS = 5


def tensors(x: np.ndarray, y: np.ndarray) -> tuple[Tensor, Tensor]:
    """Return images from 0 to 1 and their labels as tensors."""
    return torch.from_numpy(x).float() / 255, torch.from_numpy(y)


def features(chain: nn.Sequential, name: str, images: Tensor) -> Tensor:
    """Return what a layer says of each image: the mean of each of its maps, (N, C)."""
    return activations(chain, name, images).flatten(2).mean(2)


class Linear:
    """A linear classifier, fitted by least squares to one number for each class, 1 or 0.

    Parameters
    ----------
    x : Tensor of shape (N, D)
    y : Tensor of shape (N,)
    classes : int
    ridge : float
        Price of a weight of 1, for features that are scaled to standard deviation 1.
    """

    def __init__(self, x: Tensor, y: Tensor, classes: int = 10, ridge: float = 10.0):
        x = x.double()
        self.mean, self.spread = x.mean(0), x.std(0) + 1e-6
        self.weight, self.bias = linear_probe(self._scaled(x), y, classes, ridge)

    def _scaled(self, x):
        return (x.double() - self.mean) / self.spread

    def __call__(self, x: Tensor) -> Tensor:
        """Return scores (N, classes)."""
        return self._scaled(x) @ self.weight + self.bias

    def right(self, x: Tensor, y: Tensor) -> float:
        """Return the share of rows for which the class with the highest score is the right one."""
        return (self(x).argmax(1) == y).double().mean().item()


def cross_validated(x: Tensor, y: Tensor) -> float:
    """Return the share that linear classifiers get right on the fifth that each has not seen."""
    parts = torch.arange(len(x)) % FOLDS
    fits = (
        Linear(x[parts != k], y[parts != k]).right(x[parts == k], y[parts == k])
        for k in range(FOLDS)
    )
    return sum(fits) / FOLDS


def fine_tune(
    chain: nn.Sequential,
    x: Tensor,
    y: Tensor,
    frozen: str | None = None,
    epochs: int = 8,
    rate: float = 0.02,
    classes: int = 10,
    seed: int = 0,
    batch_size: int = 50,
) -> nn.Sequential:
    """Return a copy of a network with a new last layer, trained on other images.

    Parameters
    ----------
    chain : nn.Sequential
        Its last layer is linear. It stays as it is.
    x, y : Tensor
        Images (N, 3, H, W) from 0 to 1, and their classes.
    frozen : str, optional
        The last layer that is not trained; all before it are not either, and their batch norms keep their
        statistics.
    epochs : int
    rate : float
        Of gradient descent with momentum 0.9, at the beginning; it falls to 0 along a cosine.
    classes, seed, batch_size : int

    Returns
    -------
    nn.Sequential
        In eval mode.
    """
    torch.manual_seed(seed)
    rng, tuned = np.random.default_rng(seed), copy.deepcopy(chain)
    tuned[-1] = nn.Linear(tuned[-1].in_features, classes)
    names = [name for name, _ in tuned.named_children()]
    first = 0 if frozen is None else names.index(frozen) + 1
    if first:
        x = activations(tuned, frozen, x).clone()  # the frozen layers say the same in every epoch
    tail = tuned[first:].train()
    optimizer = torch.optim.SGD(tail.parameters(), rate, 0.9, weight_decay=5e-4)
    steps, step = epochs * max(len(x) // batch_size, 1), 0
    for _ in range(epochs):
        rows = torch.from_numpy(rng.permutation(len(x)))
        for part in rows[: max(len(x) // batch_size, 1) * batch_size].split(batch_size):
            optimizer.param_groups[0]["lr"] = rate * 0.5 * (1 + math.cos(math.pi * step / steps))
            optimizer.zero_grad()
            F.cross_entropy(tail(x[part]), y[part]).backward()
            optimizer.step()
            step += 1
    return tuned.eval()


@torch.inference_mode()
def right(model: nn.Module, x: Tensor, y: Tensor) -> float:
    """Return the share of images that a model in eval mode gets right."""
    said = torch.cat([model(part).argmax(1) for part in x.split(250)])
    return (said == y).double().mean().item()


def plane(x: Tensor, y: Tensor, new: Tensor) -> Tensor:
    """Return new points in the plane in which a line separates two classes best.

    Parameters
    ----------
    x, y : Tensor
        Features (N, D) of two classes, 0 and 1, to which a linear classifier is fitted.
    new : Tensor of shape (M, D)

    Returns
    -------
    Tensor of shape (M, 2)
        Across, the difference of the two scores: the line is at 0. Upwards, the direction of the rest in
        which these points are most spread out.
    """
    fitted = Linear(x, y, classes=2)
    scores = fitted(new)
    weight = fitted.weight[:, 1] - fitted.weight[:, 0]
    weight = weight / weight.norm()
    rest = fitted._scaled(new)
    rest = rest - (rest @ weight)[:, None] * weight
    rest = rest - rest.mean(0)
    _, directions = torch.linalg.eigh(rest.T @ rest)
    return torch.stack([scores[:, 1] - scores[:, 0], rest @ directions[:, -1]], dim=1)
