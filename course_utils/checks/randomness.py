"""Random inputs: the same on every run, and not guessable in grading."""

from __future__ import annotations

import hashlib

import numpy as np

_secret = b""


def seed_with(secret: bytes) -> None:
    """Make the inputs of `rng` depend on a secret; grading does, a student's own check does not."""
    global _secret
    _secret = secret


def rng(name: str) -> np.random.Generator:
    """Return the random generator of one test: the same on every run, not guessable in grading."""
    digest = hashlib.blake2b(name.encode(), key=_secret[:64], digest_size=16).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))
