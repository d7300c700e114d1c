"""What a training is told: every number of it in one place."""

from __future__ import annotations

from dataclasses import asdict, dataclass

SCHEDULES = ("cosine", "step", "plateau", "constant")
PRECISIONS = ("fp32", "bf16", "fp16")


@dataclass(frozen=True)
class Settings:
    """How a network is trained.

    Attributes
    ----------
    epochs, batch_size : int
        A batch is that of all processes together.
    learning_rate, momentum, weight_decay : float
        Of SGD; momentum is Nesterov's.
    schedule : str
        ``cosine``; ``step``: a tenth from each third of the epochs on; ``plateau``: a tenth when the validation
        loss has not been lower for `patience` epochs; ``constant``.
    warmup : float
        Epochs in which the rate rises from 0, with ``cosine``.
    patience : int
    label_smoothing : float
    clip : float
        The largest norm of all gradients together; 0 for no limit.
    ema : float
        Decay of the average of the weights, which is then what is evaluated; 0 for none.
    precision : str
        ``fp32``, or mixed with ``bf16`` or ``fp16``.
    channels_last : bool
        The order in memory that convolutions like on GPUs and with oneDNN.
    padding : int
        By how many pixels training images are moved at most.
    flip : bool
        Whether half of them are mirrored.
    cutout : int
        The side of a square that is blackened in each; 0 for none.
    seed : int
        Of the order of the images and their augmentation.
    """

    epochs: int = 10
    batch_size: int = 128
    learning_rate: float = 0.1
    momentum: float = 0.9
    weight_decay: float = 5e-4
    schedule: str = "cosine"
    warmup: float = 1.0
    patience: int = 5
    label_smoothing: float = 0.0
    clip: float = 0.0
    ema: float = 0.0
    precision: str = "fp32"
    channels_last: bool = True
    padding: int = 4
    flip: bool = True
    cutout: int = 0
    seed: int = 0

    def __post_init__(self):
        for name, choices in (("schedule", SCHEDULES), ("precision", PRECISIONS)):
            if getattr(self, name) not in choices:
                raise ValueError(
                    f"{name} must be one of {', '.join(choices)}, got {getattr(self, name)!r}"
                )
        for name, least in (
            ("epochs", 1),
            ("batch_size", 1),
            ("learning_rate", 0),
            ("padding", 0),
            ("cutout", 0),
            ("patience", 0),
        ):
            if getattr(self, name) < least:
                raise ValueError(f"{name} must be at least {least}, got {getattr(self, name)}")

    def differences(self, other: dict) -> list[str]:
        """Name what is otherwise in the settings of a checkpoint."""
        mine = asdict(self)
        return [
            f"{k} {other.get(k)!r} there, {v!r} now" for k, v in mine.items() if other.get(k) != v
        ]
