"""Numbers of few bits, plain: fixed point with two ways of rounding, and vectors of signs as bits.

What part 04's tests compare with. Sources: Gupta et al., Deep learning with limited numerical precision, 2015;
Rastegari et al., XNOR-Net, 2016.
"""

from __future__ import annotations

import numpy as np


def fixed_point(x, fraction_bits, word_bits=16):
    """Round to the nearest number of a fixed-point format, ties to even; what is out of its range to its ends.

    Parameters
    ----------
    x : ndarray of float
    fraction_bits : int
        Numbers are whole multiples of ``2**-fraction_bits``.
    word_bits : int
        Of the two's complement number that counts the multiples.

    Returns
    -------
    ndarray with the dtype of `x`

    Examples
    --------
    >>> fixed_point(np.array([0.3, 0.125, 0.375, 9.0, -9.0]), 2, 4)
    array([ 0.25,  0.  ,  0.5 ,  1.75, -2.  ])
    """
    scale, most = 2.0**fraction_bits, 2 ** (word_bits - 1)
    steps = np.clip(np.rint(np.asarray(x, np.float64) * scale), -most, most - 1)
    return (steps / scale).astype(x.dtype)


def stochastic_round(x, fraction_bits, rng):
    """Round down or up to whole multiples of ``2**-fraction_bits``, so that the mean is the number itself.

    Parameters
    ----------
    x : ndarray of float64
    fraction_bits : int
    rng : numpy.random.Generator
        One uniform number is drawn for each entry.
    """
    scale = 2.0**fraction_bits
    return np.floor(x * scale + rng.random(np.shape(x))) / scale


def train_rounded(w, gradient, learning_rate, steps, fraction_bits, rng=None):
    """Descend along a gradient with weights that stay on the grid: nearest without `rng`, else stochastic."""
    scale = 2.0**fraction_bits
    for _ in range(steps):
        w = w - learning_rate * gradient(w)
        w = np.rint(w * scale) / scale if rng is None else stochastic_round(w, fraction_bits, rng)
    return w.copy()


def pack(signs):
    """Pack +1 and -1 into bits, 1 and 0, eight a byte, the first one highest: (..., n) to (..., ceil(n / 8)).

    Examples
    --------
    >>> pack(np.array([1, -1, -1, -1, -1, -1, -1, -1, -1, 1]))
    array([128,  64], dtype=uint8)
    """
    return np.packbits(np.asarray(signs) > 0, axis=-1)


def xnor_dot(a, b, n):
    """Return dot products of packed vectors of `n` signs, (..., bytes) each; unused bits may be anything.

    Examples
    --------
    >>> int(xnor_dot(np.array([0b10110000], np.uint8), np.array([0b10011111], np.uint8), 4))
    2
    """
    differ = np.unpackbits(np.bitwise_xor(a, b), axis=-1, count=n)
    return n - 2 * differ.sum(axis=-1, dtype=np.int64)
