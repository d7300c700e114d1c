"""Detectors: how the values are related, where the shapes are equal."""

import itertools
import math
from fractions import Fraction

import numpy as np

from course_utils.checks.differences.order import ORDER, groups_of
from course_utils.checks.differences.pair import is_noun
from course_utils.checks.differences.words import number_text

COSTLY = 1_000_000  # elements; beyond it only detectors that read the arrays a few times run


def relation(pair):
    """Return the first relation that holds everywhere, else the first where they differ."""
    found = [sentence for detect in VALUES if (sentence := detect(pair))]
    whole = [sentence for sentence in found if not sentence.startswith("where")]
    if not whole and pair.wrong.size <= COSTLY and pair.distinct(pair.e) >= 3:
        whole = filter(None, (detect(pair) for detect in ORDER))
    vague = filter(None, (detect(pair) for detect in (_parallel, _tiny)))
    return next(itertools.chain(whole, found, vague), None)


def _not_finite(pair):
    lost = pair.g[np.isfinite(pair.e) & ~np.isfinite(pair.g)]
    if not lost.size:
        return None
    kind = "nan" if np.isnan(lost).all() else "inf" if np.isinf(lost).all() else "nan or inf"
    if lost.size == pair.b.size:
        return f"got is {kind} everywhere"
    if lost.size == pair.g.size:
        return f"where they differ, got is {kind}"
    return f"{lost.size} of them {'are' if lost.size > 1 else 'is'} {kind}"


def _constant(pair):
    enough = 8 if pair.got.dtype.kind == "b" else 3  # True and False repeat by chance
    for values, words in ((pair.got, "{} everywhere"), (pair.got[pair.wrong], "{}")):
        start = "got is " if values is pair.got else "where they differ, got is "
        if values.size >= enough and (values == values.flat[0]).all():
            return start + words.format(number_text(values.flat[0]))
    return None


def _function(pair):
    functions = FUNCTIONS if pair.real else {"-expected": np.negative}
    found = [pair.states(f"got = {text}", function) for text, function in functions.items()]
    return min(filter(None, found), key=lambda sentence: sentence.startswith("where"), default=None)


FUNCTIONS = {
    "-expected": np.negative,
    "|expected|": np.abs,
    "max(expected, 0)": lambda x: np.maximum(x, 0),
    "expected rounded towards 0": np.trunc,
    "expected rounded down": np.floor,
    "expected rounded": np.round,
    "expected squared": np.square,
    "the square root of expected": np.sqrt,
    "1 / expected": np.reciprocal,
    "expected modulo 256": lambda x: np.mod(x, 256),
    "expected modulo 256, between -128 and 127": lambda x: np.mod(x + 128, 256) - 128,
    "expected modulo 2**32": lambda x: np.mod(x, 2**32),
    "expected modulo 2**32, signed": lambda x: np.mod(x + 2**31, 2**32) - 2**31,
}


def _scaled(pair):
    factor = np.vdot(pair.e, pair.g) / np.vdot(pair.e, pair.e)
    if not 1e-9 < abs(factor) < 1e9:  # NaN neither
        return None
    if abs(factor.imag) > 1e-9 * abs(factor):
        return pair.states(f"got = {factor:.4g} x expected", lambda e: factor * e)
    sign, factor = "-" if factor.real < 0 else "", float(abs(factor))
    exact, note = _fraction(factor, pair)
    square, _ = _fraction(factor**2, pair)  # as between standard deviations
    root = f"sqrt({square})" if square else f"{factor:.4g}"
    scale = float(exact or factor) * (-1 if sign else 1)
    return pair.states(f"got = {sign}{exact or root} x expected{note}", lambda e: scale * e)


GUESS = 10  # below it kernels, images and channels have the same sizes too often


def _fraction(factor, pair):
    """Return the simple fraction that a factor is, or None, and the axes that have its length."""
    shape, size = pair.a.shape, round(max(factor, 1 / factor))
    groups = [g for g in groups_of(shape) if math.prod(shape[axis] for axis in g) == size]
    whole = Fraction(size) if factor > 1 else Fraction(1, size)
    if (size <= 1000 or groups) and math.isclose(factor, whole, rel_tol=1e-6):
        # Two sets of axes may fit, and a small number has many reasons: naming one would be a guess.
        sure = len(groups) == 1 and size >= GUESS
        return whole, f" ({size} = {_product(pair.axes, groups[0])})" if sure else ""
    simple = Fraction(factor).limit_denominator(20)
    near = simple.numerator <= 20 and math.isclose(factor, simple, rel_tol=1e-6)
    return simple if near else None, ""


def _product(axes, group):
    return " x ".join(f"{axes[i]}s" if is_noun(axes[i]) else axes[i] for i in group)


def _raised(pair):
    change = pair.g - pair.e
    offset = np.median(change) if pair.real else change[0]
    if not np.isfinite(offset):
        return None
    sign, size = ("-", -offset) if pair.real and offset < 0 else ("+", offset)
    name = round(size) if pair.counts else number_text(size)
    return pair.states(f"got = expected {sign} {name}", lambda e: e + offset)


def _off_by_one(pair):
    alone = pair.got.size == 1
    if not pair.counts or pair.got.dtype.kind == "b" or not (alone or pair.g.size > 2):
        return None
    change = pair.g - pair.e
    if not (np.abs(change) == 1).all():
        return None
    same = (change == change[0]).all()
    size = "off by one" if not same else "1 too large" if change[0] > 0 else "1 too small"
    return f"got is {size}" if alone else f"where they differ, got is {size}"


VALUES = (_not_finite, _constant, _function, _scaled, _raised, _off_by_one)


def _parallel(pair):
    """The same change along some axes, as when the bias of each channel is missing."""
    changes = {
        "got - expected": (pair.b - pair.a, np.add),
        "got / expected": (pair.b / pair.a, np.multiply),
    }
    for name, (change, redo) in changes.items():
        same, groups = [], pair.a.size
        for axis, length in enumerate(pair.a.shape):
            guess = redo(pair.a, change.take([0], axis))
            explained = length > 1 and pair.explained(guess[pair.wrong], pair.e, pair.g)
            if explained and pair.match(guess, pair.b):
                same.append(axis)
                groups //= length
        if same and pair.a.size - groups >= 8:  # repetitions
            return f"{name} does not change along {pair.axis(*same)}"
    return None


def _tiny(pair):
    """Differences that are small beside the values, as rounding would leave them."""
    share = np.max(np.abs(pair.g - pair.e) / np.abs(pair.e))
    if pair.counts or not 0 < share < 1e-3:
        return None
    return f"relative differences are below 1e{math.floor(math.log10(share)) + 1:+03d}"
