"""Learning rates over the course of a training."""

from __future__ import annotations

import math


def step_lr(epoch: int, base_lr: float, step_size: int, gamma: float = 0.1) -> float:
    """Return the rate of an epoch where it falls by a factor every `step_size` epochs.

    Examples
    --------
    >>> [round(step_lr(epoch, 0.1, 30), 3) for epoch in (0, 29, 30)]
    [0.1, 0.1, 0.01]
    """
    return base_lr * gamma ** (epoch // step_size)


def cosine_lr(
    step: int, total_steps: int, base_lr: float, warmup_steps: int = 0, final_lr: float = 0.0
) -> float:
    """Return the rate of a step: it rises along a line, then falls along half a cosine.

    Parameters
    ----------
    step : int
        From 0 to `total_steps` - 1; the last one has `final_lr`.
    total_steps : int
        More than `warmup_steps` + 1.
    base_lr : float
        The highest rate, that of the last step of the warm-up.
    warmup_steps : int
    final_lr : float

    Notes
    -----
    Source: Loshchilov and Hutter 2017 (one period, no restart); the warm-up: Goyal et al. 2017.

    Examples
    --------
    >>> [round(cosine_lr(step, 6, 1.0, warmup_steps=2), 3) for step in range(6)]
    [0.5, 1.0, 1.0, 0.75, 0.25, 0.0]
    """
    if step < warmup_steps:
        return base_lr * (step + 1) / warmup_steps
    t = (step - warmup_steps) / (total_steps - 1 - warmup_steps)
    return final_lr + 0.5 * (base_lr - final_lr) * (1 + math.cos(math.pi * t))


class Plateau:
    """A rate that falls when a metric, such as the validation loss, has not been lower for a while.

    Parameters
    ----------
    base_lr : float
    factor : float
        By which the rate is multiplied.
    patience : int
        So many calls in a row without a new best are waited for; with the next one the rate falls, and the
        count starts again.

    Examples
    --------
    >>> plateau = Plateau(0.1, factor=0.5, patience=1)
    >>> [plateau.step(loss) for loss in (2.0, 2.0, 2.0, 1.5, 1.6, 1.6)]
    [0.1, 0.1, 0.05, 0.05, 0.05, 0.025]
    """

    def __init__(self, base_lr: float, factor: float = 0.1, patience: int = 10):
        self.lr, self.factor, self.patience = base_lr, factor, patience
        self.best, self.waited = math.inf, 0

    def step(self, metric: float) -> float:
        """Take one more value of the metric, lower being better, and return the rate from now on."""
        if metric < self.best:
            self.best, self.waited = metric, 0
        else:
            self.waited += 1
        if self.waited > self.patience:
            self.lr, self.waited = self.lr * self.factor, 0
        return self.lr

    def state_dict(self) -> dict:
        """Return what a checkpoint keeps of it."""
        return {"lr": self.lr, "best": self.best, "waited": self.waited}

    def load_state_dict(self, state: dict) -> None:
        """Go on from what a checkpoint has kept."""
        self.lr, self.best, self.waited = state["lr"], state["best"], state["waited"]


class Schedule:
    """The rates of a training, by its settings.

    Parameters
    ----------
    settings : Settings
    steps : int
        Of an epoch.
    """

    def __init__(self, settings, steps: int):
        self.settings, self.steps = settings, steps
        self.plateau = Plateau(settings.learning_rate, patience=settings.patience)

    def rate(self, epoch: int, batch: int) -> float:
        """Return the rate of a step, both counted from 0."""
        settings = self.settings
        if settings.schedule == "cosine":
            total = settings.epochs * self.steps
            warmup = min(round(settings.warmup * self.steps), max(total - 2, 0))
            return cosine_lr(
                epoch * self.steps + batch, max(total, 2), settings.learning_rate, warmup
            )
        if settings.schedule == "step":
            return step_lr(epoch, settings.learning_rate, -(-settings.epochs // 3))
        return self.plateau.lr

    def end_epoch(self, val_loss: float) -> None:
        """Take the validation loss of an epoch."""
        if self.settings.schedule == "plateau":
            self.plateau.step(val_loss)
