"""Checkpoints: written whole or not at all, read without running anything that stands in them."""

from __future__ import annotations

import os
import pickle
from dataclasses import asdict
from pathlib import Path

import torch

PARTIAL = ".partial"  # the end of the name under which a checkpoint is written


class CheckpointError(Exception):
    """A checkpoint cannot be written or read; the message names the file, the cause and what to do."""


def save(state: dict, path: str | Path) -> None:
    """Write a checkpoint: all of it, or nothing.

    It is written beside `path` under another name, pushed to the disk and renamed: whenever the process or the
    machine stops, `path` is the old checkpoint or the new one. What a killed process has left of a new one is
    overwritten by the next.

    Parameters
    ----------
    state : dict
        Tensors, numbers, texts, lists and dicts of them.
    path : str or Path

    Raises
    ------
    CheckpointError
        If the disk is full, the folder cannot be written, and the like; the old checkpoint is still there.
    """
    path = Path(path)
    partial = path.with_name(path.name + PARTIAL)
    try:
        with open(partial, "wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except (
        OSError,
        RuntimeError,
    ) as error:  # PyTorch's writer has its own error for a disk that is full
        partial.unlink(missing_ok=True)
        kept = "the one before is still there" if path.exists() else "there is none yet"
        raise CheckpointError(
            f"{path}: the checkpoint was not written ({error}); {kept}. Make room, or choose another folder."
        ) from error
    _sync_folder(path.parent)


def load(path: str | Path) -> dict:
    """Read a checkpoint onto the CPU.

    Raises
    ------
    CheckpointError
        If there is none, if it is damaged, or if it holds more than data.
    """
    path = Path(path)
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise CheckpointError(f"{path}: there is no checkpoint") from None
    except pickle.UnpicklingError as error:
        raise CheckpointError(
            f"{path}: no checkpoint of ours, it holds more than tensors and numbers; nothing of it was run "
            f"({str(error).splitlines()[0]})"
        ) from error
    except (OSError, RuntimeError, EOFError) as error:
        raise CheckpointError(
            f"{path}: the checkpoint cannot be read ({str(error).splitlines()[0]}); move it away to start anew"
        ) from error


def keep(trainer, path: Path) -> None:
    """Write all that a `Trainer` needs to go on at the next step as if it had not stopped.

    Raises
    ------
    CheckpointError
        As from `save`.
    """
    save(
        {
            "name": trainer.name,
            "settings": asdict(trainer.settings),
            "images": len(trainer.train.images),
            "epoch": trainer.epoch,
            "batch": trainer.batch,
            "history": trainer.history,
            "metrics": trainer.metrics.lines,
            "random": random_states(),
            **{name: part.state_dict() for name, part in _parts(trainer).items()},
        },
        path,
    )


def restore(trainer, path: Path) -> None:
    """Put a `Trainer` where its checkpoint was written.

    Raises
    ------
    CheckpointError
        As from `load`; if it is of another network or data set, or if settings have changed: with others the
        training would be neither the one nor the other.
    """
    state = load(path)
    try:
        found = trainer.settings.differences(state["settings"])
        for what, mine in (("name", trainer.name), ("images", len(trainer.train.images))):
            found += [f"{what} {state[what]!r} there, {mine!r} now"] if state[what] != mine else []
        if found:
            raise CheckpointError(
                f"{path} is of another training ({'; '.join(found)}); choose another folder or the old settings"
            )
        for name, part in _parts(trainer).items():
            part.load_state_dict(state[name])
        trainer.epoch, trainer.batch = state["epoch"], state["batch"]
        trainer.history = state["history"]
        trainer.metrics.go_on(state["metrics"])
        set_random_states(state["random"])
    except (KeyError, TypeError, AttributeError, RuntimeError) as error:
        raise CheckpointError(
            f"{path} is no checkpoint of this trainer ({type(error).__name__}: {error}); choose another folder"
        ) from error


def _parts(trainer):
    """What has a state of its own."""
    parts = {"model": trainer.bare, "optimizer": trainer.optimizer, "scaler": trainer.scaler}
    parts |= {"tally": trainer.tally, "plateau": trainer.schedule.plateau}
    return parts | ({"ema": trainer.ema} if trainer.ema else {})


def random_states() -> dict:
    """Return the states of PyTorch's random generators."""
    states = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        states["cuda"] = torch.cuda.get_rng_state()
    if torch.backends.mps.is_available():
        states["mps"] = torch.mps.get_rng_state()
    return states


def set_random_states(states: dict) -> None:
    """Put random generators back where they were; those of devices that are not here are left alone."""
    torch.set_rng_state(states["cpu"])
    if "cuda" in states and torch.cuda.is_available():
        torch.cuda.set_rng_state(states["cuda"])
    if "mps" in states and torch.backends.mps.is_available():
        torch.mps.set_rng_state(states["mps"])


def _sync_folder(folder):
    """Push a renaming to the disk, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
