"""A training from two names: a network of `RECIPES` and a data set."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

import torch

from course_utils.data import load_images
from course_utils.trainer.distribution import World, world
from course_utils.trainer.feed import Feed
from course_utils.trainer.loop import Trainer
from course_utils.trainer.recipes import RECIPES
from course_utils.trainer.settings import Settings

DATA = ("drawn", "cifar-10")


@dataclass(frozen=True)
class Result:
    """What came of a training.

    Attributes
    ----------
    history : dict
        See `Trainer`.
    accuracy, loss : float or None
        On the test images, if the training has come to its end.
    world : World
    """

    history: dict
    accuracy: float | None
    loss: float | None
    world: World


def settings_for(network: str, data: str, device: torch.device, **changes) -> Settings:
    """Return the settings of a recipe with some changes.

    Raises
    ------
    ValueError
        If there is no such network or data set, or a setting makes no sense.
    """
    for what, name, known in (("network", network, RECIPES), ("data", data, DATA)):
        if name not in known:
            raise ValueError(f"{what} must be one of {', '.join(known)}, got {name!r}")
    recipe = RECIPES[network]
    found = recipe.settings | (recipe.published if data == "cifar-10" else {})
    if device.type == "cuda":
        found = {"precision": "bf16"} | found
    unknown = sorted(changes.keys() - {field.name for field in fields(Settings)})
    if unknown:
        raise ValueError(f"no setting {', '.join(unknown)}")
    return Settings(**found | changes)


def run(
    network: str,
    data: str,
    folder: Path,
    device: str | None = None,
    watch: Callable[[dict], None] = lambda history: None,
    until: int | None = None,
    images: int | None = None,
    **changes,
) -> Result:
    """Train a network, from its checkpoint in a folder if there is one.

    Parameters
    ----------
    network : str
        A key of `RECIPES`.
    data : str
        ``drawn``, or ``cifar-10`` where it is on this machine.
    folder : Path
        It is made if it is not there.
    device : str, optional
        By default the best there is.
    watch, until
        See `Trainer.fit`.
    images : int, optional
        Only the first so many images for training.
    changes
        Settings that are otherwise than in the recipe.

    Raises
    ------
    ValueError
        As from `settings_for`.
    CheckpointError
        If the folder has a checkpoint of another training, or the last checkpoint cannot be written.
    DataError
        If the data set is not there, or damaged.
    """
    with world(device) as here:
        settings = settings_for(network, data, here.device, **changes)
        with contextlib.redirect_stdout(io.StringIO()):
            found = load_images(data, train=images)
        folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(settings.seed)
        train = Feed(
            found.x_train, found.y_train, settings.batch_size, here, settings.seed,
            padding=settings.padding, flip=settings.flip, cutout=settings.cutout,
        )  # fmt: skip
        held_out = (found.x_validation, found.y_validation), (found.x_test, found.y_test)
        validation, test = (
            Feed(*pair, settings.batch_size, here, moments=train.moments) for pair in held_out
        )
        trainer = Trainer(
            RECIPES[network].make(),
            train,
            validation,
            settings,
            here,
            folder,
            f"{network} on {data}",
        )
        history = trainer.fit(watch if here.rank == 0 else lambda history: None, until)
        loss, accuracy = (None, None) if history["stopped"] else trainer.evaluate(test)
    return Result(history, accuracy, loss, here)
