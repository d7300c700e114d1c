"""One epoch in its plainest form; `Trainer` does the same with all that a long run needs."""

from __future__ import annotations

from collections.abc import Iterable

import torch
import torch.nn.functional as F
from torch import nn

from course_utils.trainer.averaging import in_eval_mode


def train_one_epoch(
    model: nn.Module,
    batches: Iterable,
    optimizer: torch.optim.Optimizer,
    device: str | torch.device,
    amp_dtype: torch.dtype | None = None,
) -> float:
    """Take a step of gradient descent for each batch.

    Parameters
    ----------
    model : Module
        On `device`; it is put into train mode, and left in it.
    batches : iterable of (Tensor, Tensor)
        Images and labels; read once.
    optimizer : Optimizer
        Of the model's parameters.
    device : str or torch.device
    amp_dtype : torch.dtype, optional
        What the forward pass computes with; the parameters stay as they are.

    Returns
    -------
    float
        The mean cross-entropy of an image, each before the step of its batch.
    """
    model.train()
    total, seen = torch.zeros((), device=device), 0
    for x, y in batches:
        x, y = x.to(device), y.to(device)
        with torch.autocast(torch.device(device).type, amp_dtype, enabled=amp_dtype is not None):
            loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total = total + loss.detach().double() * len(y)
        seen += len(y)
    return total.item() / seen


def evaluate(
    model: nn.Module, batches: Iterable, device: str | torch.device
) -> tuple[float, float]:
    """Return the mean cross-entropy and the accuracy on some batches.

    Parameters
    ----------
    model : Module
        On `device`; asked in eval mode, and its mode is put back.
    batches : iterable of (Tensor, Tensor)
    device : str or torch.device

    Returns
    -------
    loss, accuracy : float
        Of an image on average; the accuracy is a share from 0 to 1.
    """
    loss, right, seen = 0.0, 0, 0
    with in_eval_mode(model), torch.no_grad():
        for x, y in batches:
            scores, y = model(x.to(device)), y.to(device)
            loss += F.cross_entropy(scores, y, reduction="sum").item()
            right += (scores.argmax(1) == y).sum().item()
            seen += len(y)
    return loss / seen, right / seen
