"""Load a file of weights into a network, and have it say what it sees in some images.

Runs where the network's class is, beside the file. Nothing of a file is run: it is ``safetensors``, a list of
shapes and the numbers.
"""

from __future__ import annotations

import os
import stat

import numpy as np
import torch

from course_utils.modules.build import one_thread, own_randomness

LARGEST = 50 * 2**20  # bytes
AT_ONCE = 100  # images


def scores(maker, file: str, images: np.ndarray) -> dict:
    """Make a network, load its weights, and return its scores.

    Parameters
    ----------
    maker : callable
        Takes nothing, returns a module.
    file : str
        A name in the present folder.
    images : ndarray of uint8, shape (N, 3, 32, 32)
        They are given to the network as float32 from 0 to 1.

    Returns
    -------
    dict
        ``problem``: "missing", "too large", "no safetensors", "other shapes", "not finite", "no scores", or ""
        where there is none; ``why``, in words; ``scores``: (N, 10), or nothing.
    """
    problem, why, found = "", "", np.zeros((0, 10), np.float32)
    try:
        with one_thread(), own_randomness():
            net = maker()  # first: where nothing is written yet, no file is to blame
            _load(net, _read(file))
            net.eval()
            with torch.no_grad():
                parts = [
                    net(torch.from_numpy(images[i : i + AT_ONCE]).float() / 255)
                    for i in range(0, len(images), AT_ONCE)
                ]
        found = _checked(torch.cat(parts), len(images))
    except _Problem as error:
        problem, why = error.args
    return {"problem": problem, "why": why, "scores": found}


class _Problem(Exception):
    """What is wrong, and why."""


def _read(file):
    from safetensors.torch import load

    try:
        told = os.lstat(file)
    except OSError:
        raise _Problem(
            "missing", f"there is no {file} beside the notebook (192 MB of files are taken along)"
        ) from None
    if not stat.S_ISREG(told.st_mode):
        raise _Problem("missing", f"{file} is no file but a link or a folder")
    if told.st_size > LARGEST:
        raise _Problem(
            "too large", f"{told.st_size / 2**20:.1f} MB; {LARGEST >> 20} MB are allowed"
        )
    with open(file, "rb") as stream:
        data = stream.read(LARGEST + 1)
    try:
        weights = load(data)
    except Exception as error:
        raise _Problem("no safetensors", f"{type(error).__name__}: {error}"[:300]) from None
    for name, tensor in weights.items():
        if not torch.isfinite(tensor).all():
            raise _Problem("not finite", f"{name[:80]} has numbers that are not finite")
    return weights


def _load(net, weights):
    if not isinstance(net, torch.nn.Module):
        raise _Problem(
            "other shapes", f"a torch.nn.Module was expected, {type(net).__name__} was made"
        )
    try:
        net.load_state_dict(weights, strict=True)
    except Exception as error:
        raise _Problem("other shapes", " ".join(str(error).split())[:500]) from None


def _checked(scores, n):
    if tuple(scores.shape) != (n, 10):
        raise _Problem(
            "no scores", f"(N, 10) were expected, they are of shape {tuple(scores.shape)}"
        )
    if not torch.isfinite(scores).all():
        raise _Problem("no scores", "they are not finite")
    return scores.float().numpy()
