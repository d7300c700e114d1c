"""The training loop: one step, one epoch, all epochs, from wherever a checkpoint left off."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from course_utils.trainer import checkpoint
from course_utils.trainer.distribution import World
from course_utils.trainer.ema import EMA
from course_utils.trainer.feed import Feed
from course_utils.trainer.interrupts import noted
from course_utils.trainer.metrics import Metrics, Tally
from course_utils.trainer.schedules import Schedule
from course_utils.trainer.settings import Settings

CHECKPOINT, METRICS = "checkpoint.pt", "metrics.jsonl"  # in the folder of a training
TOLD = 20  # steps after which losses are fetched from the device, and processes ask each other whether to stop


class Trainer:
    """A training of one network, which can stop at any step and go on.

    Parameters
    ----------
    model : Module
        It is moved to the world's device, and trained.
    train, validation : Feed
    settings : Settings
    world : World
    folder : Path, optional
        Where the checkpoint and the metrics stand. If there is a checkpoint, the training goes on from it.
    name : str
        What is trained, on what; a checkpoint of something else is refused.

    Attributes
    ----------
    history : dict
        As of `course_utils.training.train`: ``loss`` of each step; ``train_accuracy`` of each epoch, on the
        augmented images as they were seen; ``val_accuracy``; ``learning_rate``; ``steps`` of all epochs;
        ``stopped``: None, ``"nan"`` or ``"interrupted"``.

    Raises
    ------
    CheckpointError
        If there is a checkpoint of another training, or a damaged one.
    """

    def __init__(
        self,
        model: nn.Module,
        train: Feed,
        validation: Feed,
        settings: Settings,
        world: World,
        folder: Path | None = None,
        name: str = "network",
    ):
        self.train, self.validation, self.settings, self.world = train, validation, settings, world
        self.folder, self.name = folder, name
        layout = torch.channels_last if settings.channels_last else torch.contiguous_format
        self.bare = model.to(world.device, memory_format=layout)
        self.model = world.wrapped(self.bare)
        self.optimizer = torch.optim.SGD(
            self.model.parameters(), settings.learning_rate, settings.momentum,
            weight_decay=settings.weight_decay, nesterov=settings.momentum > 0,
        )  # fmt: skip
        self.scaler = torch.amp.GradScaler(world.device.type, enabled=settings.precision == "fp16")
        self.ema = EMA(self.bare, settings.ema) if settings.ema else None
        self.schedule, self.tally = Schedule(settings, len(train)), Tally(world)
        self.metrics = Metrics(folder / METRICS if folder and world.rank == 0 else None)
        self.epoch, self.batch = 0, 0  # completed epochs, and batches of the one that runs
        self.history = {"loss": [], "train_accuracy": [], "val_accuracy": [], "learning_rate": [],
                        "steps": settings.epochs * len(train), "stopped": None}  # fmt: skip
        if folder and (folder / CHECKPOINT).exists():
            checkpoint.restore(self, folder / CHECKPOINT)

    def fit(self, watch: Callable = lambda history: None, until: int | None = None) -> dict:
        """Train to the end, or until it is interrupted; return the history.

        Ctrl-C, a notebook's stop button or a SIGTERM stops it after the step that runs, and saves; the end of
        each epoch saves, too.

        Parameters
        ----------
        watch : callable
            Called as ``watch(history)`` whenever there is something new.
        until : int, optional
            The step to stop after, counted over the whole training.
        """
        self.history["stopped"] = None
        with noted() as interrupted:
            while self.epoch < self.settings.epochs:
                began, first = time.monotonic(), self.batch
                for x, y, size in self.train.epoch(self.epoch, self.batch):
                    self.step(x, y, size)
                    if self.batch == len(self.train):
                        break
                    told = self.batch % TOLD == 0
                    if told:
                        self.history["loss"] += self.tally.fetch()
                        watch(self.history)
                    # Processes ask each other, which takes time.
                    stop = (told or self.world.size == 1) and self.world.any(interrupted())
                    if stop or self.epoch * len(self.train) + self.batch == until:
                        return self._stopped("interrupted", watch)
                    if told and not math.isfinite(self.history["loss"][-1]):
                        return self._stopped("nan", watch)
                self.history["loss"] += self.tally.fetch()
                if not math.isfinite(self.history["loss"][-1]):
                    return self._stopped("nan", watch)
                self._end_epoch(time.monotonic() - began, self.batch - first)
                watch(self.history)
                if self.world.any(interrupted()) or self.epoch * len(self.train) == until:
                    return self._stopped("interrupted", watch)
        return self.history

    def step(self, x: torch.Tensor, y: torch.Tensor, size: int) -> None:
        """Take one step of gradient descent on this process's rows of a batch of `size` images."""
        settings = self.settings
        for group in self.optimizer.param_groups:
            group["lr"] = self.schedule.rate(self.epoch, self.batch)
        if settings.channels_last:
            x = x.contiguous(memory_format=torch.channels_last)
        self.model.train()
        with self.autocast():
            scores, smoothing = self.model(x), settings.label_smoothing
            loss = F.cross_entropy(scores, y, label_smoothing=smoothing, reduction="sum")
        # The mean over the batch of all processes, which average their gradients.
        self.scaler.scale(loss * (self.world.size / size)).backward()
        if settings.clip:
            self.scaler.unscale_(self.optimizer)
            nn.utils.clip_grad_norm_(self.model.parameters(), settings.clip)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.optimizer.zero_grad(set_to_none=True)
        if self.ema:
            self.ema.update(self.bare)
        self.tally.add(loss, (scores.detach().argmax(1) == y).sum(), size)
        self.batch += 1

    def autocast(self) -> torch.autocast:
        """Return the context in which a pass runs."""
        dtype = {"bf16": torch.bfloat16, "fp16": torch.float16}.get(self.settings.precision)
        return torch.autocast(self.world.device.type, dtype, enabled=dtype is not None)

    @torch.inference_mode()
    def evaluate(self, feed: Feed, at_once: int = 1000) -> tuple[float, float]:
        """Return the mean loss and the accuracy on a set; of the averaged weights, where there are some."""
        model, sums = self.ema.model if self.ema else self.bare, Tally(self.world)
        model.eval()
        with self.autocast():
            for x, y in feed.ordered(at_once):
                scores = model(x).float()
                loss = F.cross_entropy(scores, y, reduction="sum")
                sums.add(loss, (scores.argmax(1) == y).sum(), len(y))
        sums.fetch()
        return sums.loss / len(feed.images), sums.right / len(feed.images)

    def _end_epoch(self, seconds, batches):
        """Evaluate, note what the epoch was like, and save."""
        rate = self.schedule.rate(self.epoch, self.batch - 1)
        loss, accuracy = self.tally.loss / self.tally.seen, self.tally.right / self.tally.seen
        val_loss, val_accuracy = self.evaluate(self.validation)
        self.schedule.end_epoch(val_loss)
        self.epoch, self.batch, self.tally = self.epoch + 1, 0, Tally(self.world)
        self.history["train_accuracy"].append(accuracy)
        self.history["val_accuracy"].append(val_accuracy)
        self.history["learning_rate"].append(rate)
        speed = batches * self.train.batch_size / max(seconds, 1e-9)
        self.metrics.add({"epoch": self.epoch, "loss": loss, "train_accuracy": accuracy, "val_loss": val_loss,
                          "val_accuracy": val_accuracy, "learning_rate": rate, "seconds": round(seconds, 3),
                          "images_per_second": round(speed, 1)})  # fmt: skip
        self._save(must=self.epoch == self.settings.epochs)

    def _stopped(self, why, watch):
        self.history["loss"] += self.tally.fetch()
        self.history["stopped"] = why
        if why == "interrupted":
            self._save(must=True)
        watch(self.history)
        return self.history

    def _save(self, must):
        """Save; where it cannot be done, say so, and go on while there is a next time."""
        try:
            if self.folder and self.world.rank == 0:
                checkpoint.keep(self, self.folder / CHECKPOINT)
        except checkpoint.CheckpointError as error:
            if must:
                raise
            warnings.warn(str(error), stacklevel=2)
