"""What is right in a scene: functions of a test's own, for answers that train or ask a network.

Those that are named after a mode ask the network in it: which mode an answer has to take, another test charges.
None of them may be imported where answers run.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

from course_utils.trainer.epochs import train_one_epoch as steps

__all__ = ["loss_and_accuracy", "mean_loss", "mean_of_sizes", "steps"]


def mean_loss(mode: str):
    """Return a function that gives the mean loss of an image over some batches, and takes no step."""

    def loss(model, batches, optimizer, device, amp_dtype=None):
        model.train(mode == "train")
        losses = [F.cross_entropy(model(x), y, reduction="none") for x, y in batches]
        return torch.cat(losses).mean().item()

    return loss


def loss_and_accuracy(mode: str):
    """Return a function that gives mean loss and accuracy; in a mixed mode, the model is asked as it is."""

    def looked(model, batches, device):
        if mode != "mixed":
            model.train(mode == "train")
        with torch.no_grad():
            rows = [(model(x), y) for x, y in batches]
        scores, y = (torch.cat(column) for column in zip(*rows, strict=True))
        return F.cross_entropy(scores, y).item(), (scores.argmax(1) == y).double().mean().item()

    return looked


def mean_of_sizes(mode: str):
    """Return a function that gives mean probabilities over sizes; in a mixed mode, of the model as it is."""

    def mean(model, x, sizes):
        if mode != "mixed":
            model.train(mode == "train")
        with torch.no_grad():
            resized = [
                F.interpolate(x, (s, s), mode="bilinear", align_corners=False) for s in sizes
            ]
            return sum(F.softmax(model(image), dim=1) for image in resized) / len(sizes)

    return mean
