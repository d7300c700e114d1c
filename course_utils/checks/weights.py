"""Weights that were handed in, judged by how many held-out images a network with them gets right.

The labels never leave the test: where the network runs there are only images.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial

import numpy as np

from course_utils.checks.ask import Args, fail_raised, name_of, replies
from course_utils.checks.message import fail
from course_utils.data import drawn_images
from course_utils.wire import Raised, probes

TRACKS = ("cpu", "gpu")


def reaches(
    maker: Callable, file: str, track, thresholds: Mapping[str, float], seed: int, count: int = 400
) -> None:
    """Check that a network with the weights of a file gets enough images right.

    A file that cannot be loaded is charged by `loads` and, since nothing is right, here as well.

    Parameters
    ----------
    maker : callable
        An answer: takes nothing and returns the network.
    file : str
    track : str or remote variable
        "cpu" or "gpu", which thresholds count; of anything else the higher ones.
    thresholds : mapping of str to float
        Shares of right answers, by track.
    seed : int
        Of the held-out images, `count` drawn ones.
    count : int

    Raises
    ------
    CheckFailed
    """
    said = _word(track)
    track = said if said in TRACKS else "gpu"
    images, labels = _held_out(seed, count)
    told, line = _asked(maker, file, images)
    if told["problem"]:
        fail(f"{file}: {told['problem']}", line, "weights that fit", told["why"])
    right = float((told["scores"].argmax(axis=1) == labels).mean())
    if right < thresholds[track]:
        which = track if said == track else f"gpu: TRAINED_ON is {said!r}, neither 'cpu' nor 'gpu'"
        fail("too few images are right", line, f"{thresholds[track]:.0%} of {count} held-out images ({which})",
             f"{right:.1%}", looks_like=_looks_like(told["scores"], right))  # fmt: skip


def _word(track):
    """Return what a variable of the student's says, in small letters."""
    if hasattr(type(track), "__course_value__"):
        track = track.__course_value__()
    return track.strip().lower() if isinstance(track, str) else "missing"


def _looks_like(scores, right):
    if right > 0.2:
        return ""
    if (scores == scores[:1]).all():
        return (
            "the same scores for every image: no ReLU is alive, or the weights were never trained"
        )
    if len(np.unique(scores.argmax(axis=1))) == 1:
        return "one class for every image, as with images in another range than in the training"
    return "as many as by guessing: the weights of another network, or of one that was not trained"


def loads(maker: Callable, file: str) -> None:
    """Check that a file's weights fit the network: all of its parameters and buffers, and nothing else.

    Raises
    ------
    CheckFailed
    """
    told, line = _asked(maker, file, np.zeros((2, 3, 32, 32), np.uint8))
    if told["problem"]:
        fail(
            f"{file}: {told['problem']}",
            line,
            "weights that load_state_dict takes, strictly",
            told["why"],
        )


def _asked(maker, file, images):
    remote = getattr(maker, "__course_with__", None)
    where = remote("weighed") if remote else partial(probes.weighed, maker)
    one = Args(file, images)
    [back] = replies(where, [one])
    line = f"model = {name_of(maker)}()\nmodel.load_state_dict(load_file({file!r}))"
    if isinstance(back.value, Raised):
        fail_raised(maker, Args(), back.value, "a network")
    if not _is_told(back.value, len(images)):
        fail("no answer to what was asked", line)
    return back.value, line


def _is_told(value, n):
    """Whether an answer's word has the form of `course_utils.modules.weights.scores`."""
    if not isinstance(value, dict) or value.keys() != {"problem", "why", "scores"}:
        return False
    scores = value["scores"]
    words = isinstance(value["problem"], str) and isinstance(value["why"], str)
    fits = isinstance(scores, np.ndarray) and scores.dtype.kind == "f"
    return words and fits and (bool(value["problem"]) or scores.shape == (n, 10))


@lru_cache(maxsize=4)
def _held_out(seed, count):
    return drawn_images(count, seed=seed)
