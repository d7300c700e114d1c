# %% right: half of what the kernel spans beyond one pixel
def same_padding(kernel_size, dilation=1):
    p, half = divmod(dilation * (kernel_size - 1), 2)
    if half:
        raise ValueError("half a pixel")
    return p


# %% right: the effective kernel first
def same_padding(kernel_size, dilation=1):
    effective = kernel_size + (kernel_size - 1) * (dilation - 1)
    if effective % 2 == 0:
        raise ValueError(f"effective kernel {effective} is even")
    return effective // 2


# %% right: a true division made an int
def same_padding(kernel_size, dilation=1):
    padding = (dilation * (kernel_size - 1)) / 2
    if padding != int(padding):
        raise ValueError("padding " + str(padding))
    return int(padding)


# %% right: searching for the padding with the formula of 1.1
def same_padding(kernel_size, dilation=1):
    n = 2000
    for p in range(n):
        out = n + 2 * p - dilation * (kernel_size - 1)
        if out == n:
            return p
        if out > n:
            break
    raise ValueError(f"no padding keeps the size with kernel {kernel_size}")


# %% right: the index of the middle pixel, in NumPy
import numpy as np


def same_padding(kernel_size, dilation=1):
    taps = np.arange(kernel_size) * dilation
    middle = np.median(np.arange(taps.min(), taps.max() + 1))
    if not middle.is_integer():
        raise ValueError("no pixel in the middle")
    return np.int32(middle)


# %% right: peeling a pixel off each side, recursively, helper and own error
class EvenKernel(ValueError):
    pass


def peel(span):
    if span == 0:
        raise EvenKernel("nothing left in the middle")
    return 0 if span == 1 else 1 + peel(span - 2)


def same_padding(kernel_size, dilation=1):
    return peel(dilation * (kernel_size - 1) + 1)


# %% right: a lambda that looks the remainder up
def _refuse(span):
    raise ValueError(f"span {span} is even")


same_padding = lambda kernel_size, dilation=1: (  # noqa: E731
    _refuse(dilation * (kernel_size - 1) + 1)
    if dilation % 2 and not kernel_size % 2
    else dilation * (kernel_size - 1) >> 1
)


# %% right: fractions, with one more option
from fractions import Fraction


def same_padding(kernel_size, dilation=1, *, stride=1):
    p = Fraction(dilation * (kernel_size - 1) + stride - 1, 2)
    if p.denominator != 1:
        raise ValueError(f"{p} is not whole")
    return p.numerator


# %% wrong: rounds half of the kernel
# fails: test-same-padding-odd
# says: rounding half of the kernel: round(2.5) is 2, but
# from: solution
# -    return beyond // 2
# +    return round(kernel_size / 2) if dilation == 1 else beyond // 2

# %% wrong: at least one pixel of padding
# says: padding a kernel of one tap, which needs none
# -    return beyond // 2
# +    return max(beyond // 2, 1) if dilation == 1 else beyond // 2

# %% wrong: a float
# fails: test-same-padding-odd, test-same-padding-dilation
# because: nothing it returns is an integer
# says: dividing with /, which gives a float
# -    return beyond // 2
# +    return beyond / 2

# %% wrong: the word that frameworks take
# says: a string, not an integer
# -    return beyond // 2
# +    return "same"

# %% wrong: a pair, left and right
# says: a tuple, not an integer
# -    return beyond // 2
# +    return beyond // 2, beyond - beyond // 2

# %% wrong: the padding of both ends together
# fails: test-same-padding-odd, test-same-padding-dilation
# because: nothing it returns is right but for a single tap
# says: the padding of both ends together
# -    return beyond // 2
# +    return beyond

# %% wrong: one pixel too many
# fails: test-same-padding-odd, test-same-padding-dilation
# because: nothing it returns is right
# says: half of kernel_size + 1
# -    return beyond // 2
# +    return (beyond + 2) // 2


# %% wrong: a list of the common odd kernels
# fails: test-same-padding-odd, test-same-padding-even
# because: it knows five kernels, none of them large, none even
# says: same_padding raised KeyError
def same_padding(kernel_size, dilation=1):
    if kernel_size % 2 == 0:
        raise ValueError("even")
    return {1: 0, 3: 1, 5: 2, 7: 3, 9: 4}[kernel_size] * dilation


# %% wrong: prints the padding
# fails: test-same-padding-odd, test-same-padding-dilation
# because: it returns nothing
# says: nothing was returned
# -    return beyond // 2
# +    print(beyond // 2)

# %% wrong: every kernel refused
# fails: test-same-padding-odd, test-same-padding-dilation, test-same-padding-even
# because: it returns nothing
# says: same_padding raised ValueError
# -    if beyond % 2:
# +    if True:

# %% wrong: the dilation multiplies the kernel
# fails: test-same-padding-dilation
# says: half of dilation * kernel_size: k taps
# -    return beyond // 2
# +    return dilation * kernel_size // 2

# %% wrong: dilation - 1 added once
# says: adding dilation - 1 once
# -    return beyond // 2
# +    return (kernel_size - 1) // 2 + dilation - 1

# %% wrong: 2k - 1 carried over to every dilation
# says: half of dilation * kernel_size - 1, which is right for dilation 2 only
# -    return beyond // 2
# +    return (dilation * kernel_size - 1) // 2

# %% wrong: halves before multiplying
# says: halving before multiplying by the dilation
# -    return beyond // 2
# +    return (kernel_size - 1) // 2 * dilation

# %% wrong: halves the kernel, then multiplies
# says: halving the kernel before multiplying
# -    return beyond // 2
# +    return kernel_size // 2 * dilation

# %% wrong: the dilation ignored
# fails: test-same-padding-dilation, test-same-padding-even
# because: what a dilated kernel spans is wrong, and so whether that is even
# says: the dilation is ignored
# -    beyond = dilation * (kernel_size - 1)
# +    beyond = kernel_size - 1

# %% wrong: dilation counted as holes
# says: dilation holes in each gap
# -    beyond = dilation * (kernel_size - 1)
# +    holes = dilation if dilation != 1 else 0
# +    beyond = (kernel_size - 1) * (1 + holes)

# %% wrong: rounds down instead of refusing
# fails: test-same-padding-even
# says: no kernel is refused: raise a ValueError
# -    if beyond % 2:
# -        raise ValueError(
# -            f"kernel_size={kernel_size} with dilation={dilation} spans {beyond + 1} "
# -            f"pixels, an even number"
# -        )

# %% wrong: returns nothing for an even kernel
# says: None was returned
# -        raise ValueError(
# -            f"kernel_size={kernel_size} with dilation={dilation} spans {beyond + 1} "
# -            f"pixels, an even number"
# -        )
# +        return None

# %% wrong: raises TypeError
# says: same_padding raised TypeError
# -        raise ValueError(
# +        raise TypeError(

# %% wrong: judges kernel_size, not the effective kernel
# says: asking whether kernel_size is even: the effective kernel decides
# -    if beyond % 2:
# +    if kernel_size % 2 == 0:

# %% wrong: judges dilation times kernel_size
# says: asking whether dilation * kernel_size is even
# -    if beyond % 2:
# +    if kernel_size * dilation % 2 == 0:
