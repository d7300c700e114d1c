"""Metrics in a plain file: a line of JSON for each epoch, which any program reads."""

from __future__ import annotations

import json
import math
import os
import warnings
from pathlib import Path

import torch

from course_utils.trainer.distribution import World


class Tally:
    """Loss and right answers of an epoch, fetched from the device now and then: to ask after each step would
    make it wait.

    Attributes
    ----------
    loss, right, seen : float
        Sums over the images of all processes so far.
    """

    def __init__(self, world: World):
        self.world, self._waiting = world, []
        self.loss = self.right = self.seen = 0.0

    def add(self, loss: torch.Tensor, right: torch.Tensor, size: int) -> None:
        """Add the sums of this process's rows of a batch of `size` images."""
        self._waiting.append((torch.stack([loss.detach().double(), right.double()]), size))

    def fetch(self) -> list[float]:
        """Fetch what was added; return the mean loss of each batch."""
        if not self._waiting:
            return []
        rows, sizes = zip(*self._waiting, strict=True)
        self._waiting = []
        sums = self.world.total(*torch.stack(rows).flatten().tolist())
        self.loss += sum(sums[::2])
        self.right += sum(sums[1::2])
        self.seen += sum(sizes)
        return [loss / size for loss, size in zip(sums[::2], sizes, strict=True)]

    def state_dict(self) -> dict:
        """Return what a checkpoint keeps of it."""
        return {"loss": self.loss, "right": self.right, "seen": self.seen}

    def load_state_dict(self, state: dict) -> None:
        """Go on from what a checkpoint has kept."""
        self.loss, self.right, self.seen = state["loss"], state["right"], state["seen"]


class Metrics:
    """The lines of a training, one for each epoch.

    Parameters
    ----------
    path : Path, optional
        Without it they are kept in memory only.
    """

    def __init__(self, path: Path | None = None):
        self.path, self.lines = path, []

    def add(self, line: dict) -> None:
        """Add the line of an epoch."""
        self.lines.append(line)
        try:
            if self.path:
                with open(self.path, "a", encoding="utf-8") as file:
                    file.write(_text(line))
        except OSError as error:  # the training is worth more; the checkpoint has the line
            warnings.warn(f"{self.path}: a line was not written ({error})", stacklevel=2)

    def go_on(self, lines: list[dict]) -> None:
        """Go on after these lines: those of later epochs are trained once more, and leave the file."""
        self.lines = list(lines)
        if self.path:
            partial = self.path.with_name(self.path.name + ".partial")
            partial.write_text("".join(map(_text, self.lines)), encoding="utf-8")
            os.replace(partial, self.path)


def read(path: str | Path) -> list[dict]:
    """Read the lines of a training that runs or has run; one that is being written is left out."""
    lines = []
    for text in Path(path).read_text(encoding="utf-8").splitlines(keepends=True):
        if text.endswith("\n"):
            lines.append(json.loads(text))
    return lines


def _text(line):
    """A line of JSON, which has no word for NaN and infinity."""
    plain = {
        k: str(v) if isinstance(v, float) and not math.isfinite(v) else v for k, v in line.items()
    }
    return json.dumps(plain, allow_nan=False) + "\n"
