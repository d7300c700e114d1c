"""The explorer of lecture 07: learning-rate schedules against each other."""

import numpy as np

from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Choice, Knob, Scale, Step

MOST = 120
"""Epochs that a training may have."""
RATES = [float(f"{digit}e{power}") for power in range(-4, 0) for digit in (1, 2, 5)] + [1.0]
FACTORS = [0.1, 0.2, 0.3, 0.5, 0.7, 0.9]


class ScheduleLab(Explorer):
    """Explorer: the learning rate over a training by three schedules: step, cosine with warm-up, plateau.

    The numbers are those of `course_utils.trainer.schedules`, with one step an epoch: `step_lr`, `cosine_lr`
    and `Plateau`. A plateau looks at the validation loss, which is shown below: the rate of an epoch hangs on
    the losses of the epochs before it. That loss is made up and does not answer to the rates: it falls until an
    epoch that can be set, then stays, and may have noise, which is the same draw for every setting.

    It works by mouse (click or drag in a curve) and by keyboard (Tab to a slider or to the picture, arrow keys,
    Space, Home, End). What it shows can be read and set here, too.

    Parameters
    ----------
    base_lr : float
        1, 2 or 5 times a power of ten, from 1e-4 to 1.
    epochs : int
        From 30 to 120, in tens.
    step_size : int
        Epochs from one fall of the step schedule to the next.
    gamma : float
        What the step schedule multiplies the rate by.
    warmup : int
        Epochs in which the cosine schedule's rate rises.
    final_lr : float
        The cosine schedule's last rate.
    factor : float
        What the plateau schedule multiplies the rate by.
    patience : int
        Epochs without a new best loss that it waits for; after the next one the rate falls.
    falls_until : int
        The last epoch in which the validation loss, without its noise, is lower than before.
    noise : float
        The most that is added to the loss, or taken from it.
    scale : str
        Of the rates: ``"linear"`` or ``"log"``.
    epoch : int
        The chosen epoch, from 0.

    References
    ----------
    Loshchilov and Hutter, "SGDR: Stochastic gradient descent with warm restarts", arXiv:1608.03983. Goyal and
    others, "Accurate, large minibatch SGD: Training ImageNet in 1 hour", arXiv:1706.02677.

    Examples
    --------
    >>> lab = ScheduleLab(0.1, epochs=90, step_size=30, epoch=89)
    >>> lab.epochs = 60
    >>> lab.epoch
    59
    """

    base_lr = Scale(0.1, "Base rate", "η", RATES)
    epochs = Knob(60, "Epochs", "E", 30, MOST, 10)
    step_size = Knob(20, "Step size", "k", 1, 60)
    gamma = Scale(0.1, "Gamma", "γ", FACTORS)
    warmup = Knob(5, "Warm-up", "w", 0, 20)
    final_lr = Scale(0.0, "Final rate", "η₁", [0.0, 1e-5, 1e-4, 1e-3, 1e-2])
    factor = Scale(0.1, "Factor", "f", FACTORS)
    patience = Knob(5, "Patience", "p", 0, 20)
    falls_until = Knob(18, "Loss falls until", "u", 1, MOST)
    noise = Scale(0.0, "Noise", "n", [0.0, 0.01, 0.02, 0.05, 0.1, 0.2])
    scale = Choice("linear", "Rates", {"linear": "linear", "log": "logarithmic"})
    epoch = Step(0, lambda explorer: explorer.epochs)

    tables = {
        "most": MOST,
        "loss": [2.3, 0.5],  # before the first epoch, and about where it ends
        "draw": np.random.default_rng(7).uniform(-1, 1, MOST).round(4).tolist(),
    }
