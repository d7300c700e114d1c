"""The explorer of lecture 05: a small network trains while its learning rate and other settings change."""

import numpy as np
import traitlets

from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Choice, Scale, Step, check_int

MOST = 300
"""Steps that a run may have."""
KEPT = 3
"""Runs that may be kept."""
SIZES = (2, 10, 10, 3)
"""Inputs, units of the two hidden layers, classes."""
POINTS = 96
"""For training, and as many that are held out."""

RATES = [float(f"{digit}e{power}") for power in range(-4, 2) for digit in (1, 2, 5)] + [100.0]
REGS = [0.0, *(float(f"{digit}e{power}") for power in range(-4, 1) for digit in (1, 3)), 10.0]
SCHEMES = {
    "zero": "zero weights",
    "small": "small weights",
    "xavier": "Xavier",
    "he": "He",
    "large": "3 × He",
}
UPDATES = {
    "sgd": "SGD",
    "momentum": "momentum",
    "nesterov": "Nesterov",
    "rmsprop": "RMSProp",
    "adam": "Adam",
}

_RUN = {
    "learning_rate": 0.5,
    "reg": 0.0,
    "batch_size": 32,
    "scheme": "he",
    "update": "sgd",
    "step": 40,
}


def _spirals(rng):
    """Three arms with noise, as [x, y, class] each; the classes take turns."""
    k = np.arange(POINTS)
    along = np.linspace(0.08, 1, POINTS // 3)[k // 3]
    angle = 2 * np.pi * (k % 3 / 3 + 0.6 * along)
    x = along * [np.cos(angle), np.sin(angle)] + 0.13 * rng.normal(size=(2, POINTS))
    return np.column_stack([x.T.round(3), k % 3])


def _tables():
    rng = np.random.default_rng(6)
    return {
        "sizes": SIZES,
        "most": MOST,
        "room": KEPT,
        "names": SCHEMES | UPDATES,
        "train": _spirals(rng).tolist(),
        "held_out": _spirals(rng).tolist(),
        # One draw for all initialisations, which are only scaled; one order of the points for each epoch.
        "draw": [rng.normal(size=n).round(4).tolist() for n in SIZES[:-1] * np.array(SIZES[1:])],
        "orders": [rng.permutation(POINTS).tolist() for _ in range(16)],
    }


class _Kept(traitlets.TraitType):
    """Runs to compare with: the settings of each, and its step."""

    def validate(self, explorer, value):
        if not isinstance(value, (list, tuple)):
            raise traitlets.TraitError(f"{self.name} must be a list of runs, got {value!r}")
        check_int("the number of kept runs", len(value), 0, KEPT)
        return [_checked(run) for run in value]


def _checked(run):
    traits = {n: t for n, t in LearningRateLab._shown.items() if n != "kept"}
    if not isinstance(run, dict) or run.keys() != traits.keys():
        raise traitlets.TraitError(f"a run must be a dict with {', '.join(traits)}, got {run!r}")
    checked = {name: trait.validate(None, run[name]) for name, trait in traits.items()}
    check_int("step", checked["step"], 0, MOST)
    return checked


class LearningRateLab(Explorer):
    """Explorer: a network with two hidden layers of ten ReLU units learns three spiral arms.

    It trains where it is shown, without a kernel. Every setting holds from the first step on: who changes one
    sees the run that it would have been, with the same draw of weights and the same batches, at the same step.
    So two curves differ by nothing but their settings. Runs can be kept, and stand behind the next ones.

    It works by mouse (buttons, sliders, a click on a curve) and by keyboard (Tab to a slider or to the picture,
    arrow keys, Space, Home, End, plus, minus, K, F). What it shows can be read and set here, too.

    Parameters
    ----------
    learning_rate : float
        1, 2 or 5 times a power of ten, from 1e-4 to 100.
    reg : float
        Of the penalty ½·reg·ΣW²: 0, or 1 or 3 times a power of ten from 1e-4 to 10.
    batch_size : int
        1, 8, 32 or 96, which is all points.
    scheme : str
        Of the first weights: ``"zero"``, ``"small"`` (0.01), ``"xavier"``, ``"he"`` or ``"large"`` (3 × He).
    update : str
        A rule of :data:`course_utils.optim.UPDATES`, with its defaults.
    step : int
        Updates so far, from 0 to 300.
    kept : list of dict
        Up to three runs: the values of all other parameters.

    Examples
    --------
    >>> lab = LearningRateLab(learning_rate=0.5, step=60)
    >>> lab.update = "adam"
    >>> lab
    LearningRateLab(learning_rate=0.5, reg=0.0, batch_size=32, scheme='he', update='adam', step=60, kept=[])
    """

    learning_rate = Scale(0.5, "Learning rate", "η", RATES)
    reg = Scale(0.0, "Regularisation", "λ", REGS)
    batch_size = Scale(32, "Batch", "B", [1, 8, 32, POINTS])
    scheme = Choice("he", "Initialisation", SCHEMES)
    update = Choice("sgd", "Update", UPDATES)
    step = Step(0, lambda explorer: MOST + 1)
    kept = _Kept(())

    tables = _tables()
    figures = {
        "learning_rate_lab": {
            "step": 40,
            "kept": [_RUN | {"learning_rate": r} for r in (0.005, 10.0)],
        },
    }
