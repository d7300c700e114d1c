"""A second set of weights that follows the first one slowly, and often does better."""

from __future__ import annotations

import copy

import torch
from torch import nn


class EMA:
    """Exponential moving average of a network: after each step ``average += (1 - decay) (weights - average)``.

    Parameters
    ----------
    model : Module
        It is copied.
    decay : float
        Below 1. While steps are few it is (1 + steps) / (10 + steps), if that is less: else the average would
        hold on to the first weights.

    Notes
    -----
    Source: Polyak and Juditsky 1992; the start: TensorFlow's ``ExponentialMovingAverage``. Buffers, such as the
    running statistics of batch norm, are copied: they are averages already.
    """

    def __init__(self, model: nn.Module, decay: float):
        if not 0 < decay < 1:
            raise ValueError(f"decay must be between 0 and 1, got {decay}")
        self.model = copy.deepcopy(model).eval().requires_grad_(False)
        self.decay, self.steps = decay, 0

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Follow the weights after a step."""
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        own, new = list(self.model.parameters()), list(model.parameters())
        torch._foreach_lerp_(own, new, 1 - decay)
        for buffer, other in zip(self.model.buffers(), model.buffers(), strict=True):
            buffer.copy_(other)

    def state_dict(self) -> dict:
        """Return what a checkpoint keeps of it."""
        return {"model": self.model.state_dict(), "steps": self.steps}

    def load_state_dict(self, state: dict) -> None:
        """Go on from what a checkpoint has kept."""
        self.model.load_state_dict(state["model"])
        self.steps = state["steps"]
