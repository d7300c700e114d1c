"""Random inputs: the same on every run, not guessable in grading, and made again from what a message says."""

from __future__ import annotations

import hashlib
import weakref
from collections.abc import Callable

import numpy as np

_secret = b""
_recipes: dict[int, tuple[weakref.ref, str, Callable]] = {}  # of arrays, by id


def seed_with(secret: bytes) -> None:
    """Make the inputs of `rng` and `draws` depend on a secret; grading does, a student's own check does not."""
    global _secret
    _secret = secret


def rng(name: str) -> np.random.Generator:
    """Return the random generator of one test: the same on every run, not guessable in grading."""
    digest = hashlib.blake2b(name.encode(), key=_secret[:64], digest_size=16).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))


def draws(name: str) -> Draws:
    """Return a function that draws arrays for one test, as `rng` does: ``draws("2.3 dx")(2, 3, 5, 4)``."""
    return Draws(rng(name))


class Draws:
    """Draws arrays of float64, each from a seed of its own, so that a message can say how to make it again."""

    def __init__(self, generator):
        self._generator = generator

    def __call__(self, *shape: int) -> np.ndarray:
        """Return normally distributed numbers."""
        return self._draw(f"standard_normal({shape})", lambda r: r.standard_normal(shape))

    def whole(self, low: int, high: int, *shape: int) -> np.ndarray:
        """Return whole numbers from `low` to `high` - 1, as floats: their sums are exact."""
        words = f"integers({low}, {high}, {shape}).astype(float)"
        return self._draw(words, lambda r: r.integers(low, high, shape).astype(float))

    def distinct(self, *shape: int) -> np.ndarray:
        """Return numbers one apart around 0, in a random order: all different, none 0, half negative."""
        size = int(np.prod(shape))
        middle = size / 2 - 0.25
        words = f"permutation({size}).reshape({shape}) - {middle}"
        return self._draw(words, lambda r: r.permutation(size).reshape(shape) - middle)

    def _draw(self, words, make):
        seed = int(self._generator.integers(10**6))

        def again():
            return make(np.random.default_rng(seed))

        return remember(again(), f"np.random.default_rng({seed}).{words}", again)


def remember(array: np.ndarray, words: str, again: Callable[[], np.ndarray]) -> np.ndarray:
    """Remember the code that makes an array, and the function that does; return the array."""
    key = id(array)
    _recipes[key] = (weakref.ref(array, lambda _: _recipes.pop(key, None)), words, again)
    return array


def recipe(array: np.ndarray) -> str:
    """Return the code that makes an array, '' where there is none or the array was changed since."""
    there, words, again = _recipes.get(id(array), (lambda: None, "", None))
    return words if there() is array and np.array_equal(again(), array) else ""


def converted(array: np.ndarray, dtype) -> np.ndarray:
    """Return a copy with another dtype, which a message can still say how to make."""
    copy = array.astype(dtype)
    words = recipe(array)
    if not words or copy.dtype == array.dtype:
        return remember(copy, words, array.copy) if words else copy
    return remember(copy, f"{words}.astype(np.{copy.dtype})", lambda: array.astype(dtype))
