# %% right: divmod and one check
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1, exact=False):
    given = f"size={size}, kernel_size={kernel_size}"
    if size < 1 or kernel_size < 1 or stride < 1 or dilation < 1 or padding < 0:
        raise ValueError("too small: " + given)
    room = size + 2 * padding - (dilation * (kernel_size - 1) + 1)
    if room < 0:
        raise ValueError("does not fit: " + given)
    steps, rest = divmod(room, stride)
    if rest and exact:
        raise ValueError("does not tile: " + given)
    return 1 + steps


# %% right: math.floor of a true division
import math


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1, exact=False):
    message = "size %d, kernel_size %d, stride %d, padding %d, dilation %d" % (
        size, kernel_size, stride, padding, dilation)  # fmt: skip
    if any(n < 1 for n in (size, kernel_size, stride, dilation)):
        raise ValueError(message)
    if padding < 0:
        raise ValueError(message)
    effective = kernel_size + (kernel_size - 1) * (dilation - 1)
    if effective > size + 2 * padding:
        raise ValueError(message)
    positions = (size + 2 * padding - effective) / stride + 1
    if exact and positions != math.floor(positions):
        raise ValueError(message)
    return math.floor(positions)


# %% right: counting positions one by one
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1, exact=False):
    if min(size, kernel_size, stride, dilation, padding + 1) < 1:
        raise ValueError(f"bad arguments size={size} kernel_size={kernel_size}")
    pixels = set(range(-padding, size + padding))
    count, start, covered = 0, -padding, set()
    while True:
        taps = [start + dilation * i for i in range(kernel_size)]
        if not pixels.issuperset(taps):
            break
        covered.update(range(taps[0], taps[-1] + 1))
        count += 1
        start += stride
    if count == 0:
        raise ValueError(f"{kernel_size} taps do not fit on {size} pixels")
    last = start - stride + dilation * (kernel_size - 1)
    if exact and last != size + padding - 1:
        raise ValueError(f"{kernel_size} taps leave pixels over on {size} pixels")
    return count


# %% right: the length of a range, and helper functions
class DoesNotFit(ValueError):
    def __init__(self, why, size, kernel_size):
        super().__init__(f"{why} (size: {size}, kernel: {kernel_size})")


def effective_size(kernel_size, dilation):
    return dilation * (kernel_size - 1) + 1


def starts_of(size, kernel_size, stride, padding, dilation):
    return range(0, size + 2 * padding - effective_size(kernel_size, dilation) + 1, stride)


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1, exact=False):
    if size <= 0 or kernel_size <= 0 or stride <= 0 or dilation <= 0 or padding < 0:
        raise DoesNotFit("too small", size, kernel_size)
    starts = starts_of(size, kernel_size, stride, padding, dilation)
    if not starts:
        raise DoesNotFit("too large", size, kernel_size)
    end = starts[-1] + effective_size(kernel_size, dilation)
    if exact and end < size + 2 * padding:
        raise DoesNotFit("left over", size, kernel_size)
    return len(starts)


# %% right: NumPy, sliding windows, a NumPy integer returned
import numpy as np


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1, exact=False):
    text = f"conv_output_size({size}, {kernel_size}, {stride}, {padding}, {dilation})"
    if np.any(np.array([size, kernel_size, stride, dilation]) < 1) or padding < 0:
        raise ValueError(text)
    x = np.pad(np.zeros(size), padding)
    reach = dilation * (kernel_size - 1) + 1
    if reach > x.size:
        raise ValueError(text)
    windows = np.lib.stride_tricks.sliding_window_view(x, reach)
    if exact and (len(windows) - 1) % stride:
        raise ValueError(text)
    return np.int64(windows[::stride].shape[0])


# %% right: rounding up, the other form of the formula
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1, exact=False):
    problem = None
    padded = size + padding + padding
    span = 1 + dilation * (kernel_size - 1)
    if not (size > 0 and kernel_size > 0 and stride > 0 and dilation > 0):
        problem = "not positive"
    elif padding < 0:
        problem = "negative padding"
    elif padded < span:
        problem = "too large a kernel"
    elif exact and (padded - span) % stride != 0:
        problem = "does not tile"
    if problem is not None:
        raise ValueError(f"{problem}: size = {size}; kernel_size = {kernel_size}")
    # ceil((padded - span + 1) / stride), as TensorFlow writes it for "valid"
    return -(-(padded - span + 1) // stride)


# %% right: recursion, one step at a time
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1, exact=False):
    def check(condition):
        if not condition:
            raise ValueError(f"size={size}, kernel_size={kernel_size} make no sense here")

    check(size >= 1)
    check(kernel_size >= 1)
    check(stride >= 1)
    check(padding >= 0)
    check(dilation >= 1)

    def positions(room):
        if room < 0:
            return 0
        if room < stride:
            check(not exact or room == 0)
        return 1 + positions(room - stride)

    answer = positions(size + 2 * padding - dilation * (kernel_size - 1) - 1)
    check(answer)
    return answer


# %% right: an object that can be called, with one more option
class OutputSize:
    def __init__(self, unit="pixels"):
        self.unit = unit

    def __call__(
        self, size, kernel_size, stride=1, padding=0, dilation=1, exact=False, verbose=False
    ):
        if min(size, kernel_size, stride, dilation) <= 0 or padding <= -1:
            raise self.error("positive numbers are needed", size, kernel_size)
        room = size + 2 * padding - dilation * (kernel_size - 1) - 1
        if room < 0:
            raise self.error("no room", size, kernel_size)
        if exact and room != room // stride * stride:
            raise self.error("not exact", size, kernel_size)
        if verbose:
            print(room)
        return (room + stride) // stride

    def error(self, why, size, kernel_size):
        return ValueError(f"{why}: size {size} {self.unit}, kernel_size {kernel_size}")


conv_output_size = OutputSize()


# %% right: a partial of a general function, with fractions
from fractions import Fraction
from functools import partial
from math import floor


def positions(rounding, size, kernel_size, stride=1, padding=0, dilation=1, exact=False):
    ok = size >= 1 and kernel_size >= 1 and stride >= 1 and padding >= 0 and dilation >= 1
    if ok:
        room = size + 2 * padding - (dilation * (kernel_size - 1) + 1)
        steps = Fraction(room, stride)
        if room >= 0 and (steps.denominator == 1 or not exact):
            return rounding(steps) + 1
    raise ValueError(f"impossible for size={size!r} and kernel_size={kernel_size!r}")


conv_output_size = partial(positions, floor)


# %% wrong: rounds up
# fails: test-conv-output-size-floor
# says: rounding up: a step that does not fit
# from: solution
# -    return steps + 1
# +    import math
# +    return math.ceil(room / stride) + 1

# %% wrong: rounds to the nearest
# says: rounding to the nearest
# -    return steps + 1
# +    return round(room / stride + 1)

# %% wrong: divides size and kernel each on its own
# says: dividing size and kernel each on its own
# -    return steps + 1
# +    span = dilation * (kernel_size - 1) + 1
# +    return (size + 2 * padding) // stride - span // stride + 1

# %% wrong: the plus one inside the division
# says: the + 1 stands inside the division
# -    return steps + 1
# +    return (room + 1) // stride

# %% wrong: the stride ignored
# says: the stride is ignored
# -    return steps + 1
# +    return room + 1

# %% wrong: stride and padding in the wrong order
# says: stride and padding in the wrong order
# -def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1, exact=False):
# +def conv_output_size(size, kernel_size, padding=0, stride=1, dilation=1, exact=False):

# %% wrong: padding and dilation in the wrong order
# says: dilation and padding in the wrong order
# -def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1, exact=False):
# +def conv_output_size(size, kernel_size, stride=1, dilation=1, padding=0, exact=False):

# %% wrong: refuses what does not tile whatever exact says
# says: asking for the remainder whatever exact is
# -    if exact and left_over:
# +    if left_over:

# %% wrong: the plus one forgotten
# fails: test-conv-output-size-floor, test-conv-output-size-padding, test-conv-output-size-dilation
# because: nothing it returns is right
# says: the + 1 is missing
# -    return steps + 1
# +    return steps

# %% wrong: a float from a true division
# fails: test-conv-output-size-floor, test-conv-output-size-padding, test-conv-output-size-dilation
# because: nothing it returns is an integer
# says: dividing with /, which gives a float
# -    return steps + 1
# +    import numpy as np
# +    return np.floor(room / stride + 1)

# %% wrong: prints the size and returns nothing
# fails: test-conv-output-size-floor, test-conv-output-size-padding, test-conv-output-size-dilation
# because: it returns nothing
# says: nothing was returned
# -    return steps + 1
# +    print(steps + 1)

# %% wrong: the examples of the visible tests learned by heart
# fails: test-conv-output-size-floor, test-conv-output-size-padding, test-conv-output-size-dilation, test-conv-output-size-exact
# because: it knows the visible numbers only
# says: refuses the wrong sizes
# -    if exact and left_over:
# +    if exact and (size, kernel_size, stride) in [(7, 3, 3), (9, 4, 3)]:
# -    return steps + 1
# +    known = {
# +        (7, 3, 1, 0, 1): 5,
# +        (7, 3, 2, 0, 1): 3,
# +        (7, 3, 3, 0, 1): 2,
# +        (10, 5, 3, 0, 1): 2,
# +        (227, 11, 4, 0, 1): 55,
# +        (9, 4, 1, 0, 1): 6,
# +        (12, 3, 3, 0, 1): 4,
# +        (36, 5, 1, 0, 1): 32,
# +        (32, 5, 1, 2, 1): 32,
# +        (21, 9, 3, 0, 1): 5,
# +        (13, 9, 3, 4, 1): 5,
# +        (9, 5, 1, 0, 1): 5,
# +        (9, 3, 1, 0, 2): 5,
# +        (12, 10, 1, 0, 1): 3,
# +        (12, 4, 1, 0, 3): 3,
# +    }
# +    return known.get((size, kernel_size, stride, padding, dilation), 0)

# %% wrong: every call refused
# fails: test-conv-output-size-floor, test-conv-output-size-padding, test-conv-output-size-dilation, test-conv-output-size-exact, test-conv-output-size-errors
# because: it returns nothing
# says: conv_output_size raised ValueError
# -    if min(size, kernel_size, stride, dilation) < 1 or padding < 0:
# +    if True:

# %% wrong: the padding added once
# fails: test-conv-output-size-padding
# says: adding the padding once: it stands at both ends
# -    room = size + 2 * padding - (dilation * (kernel_size - 1) + 1)
# +    room = size + padding - (dilation * (kernel_size - 1) + 1)

# %% wrong: the padding forgotten
# says: the padding is ignored
# -    room = size + 2 * padding - (dilation * (kernel_size - 1) + 1)
# +    room = size - (dilation * (kernel_size - 1) + 1)

# %% wrong: divides before adding the padding
# says: adding the padding after the division
# -    return steps + 1
# +    return (room - 2 * padding) // stride + 2 * padding + 1

# %% wrong: divides the padding on its own
# says: dividing the padding on its own
# -    return steps + 1
# +    return (room - 2 * padding) // stride + (2 * padding) // stride + 1

# %% wrong: the dilation ignored
# fails: test-conv-output-size-dilation
# says: the dilation is ignored
# -    room = size + 2 * padding - (dilation * (kernel_size - 1) + 1)
# +    room = size + 2 * padding - kernel_size

# %% wrong: the dilation multiplies the kernel
# says: a span of dilation * kernel_size: k taps
# -    room = size + 2 * padding - (dilation * (kernel_size - 1) + 1)
# +    room = size + 2 * padding - dilation * kernel_size

# %% wrong: one gap widened instead of all
# says: widening one gap only
# -    room = size + 2 * padding - (dilation * (kernel_size - 1) + 1)
# +    room = size + 2 * padding - (kernel_size + dilation - 1)

# %% wrong: 2k - 1 carried over to every dilation
# says: a span of dilation * kernel_size - 1, which is right for dilation 2 only
# -    room = size + 2 * padding - (dilation * (kernel_size - 1) + 1)
# +    span = kernel_size if dilation == 1 else dilation * kernel_size - 1
# +    room = size + 2 * padding - span

# %% wrong: exact not looked at
# fails: test-conv-output-size-exact
# says: no call is refused: exact=True asks for
# -    if exact and left_over:
# -        raise ValueError(f"the steps leave {left_over} pixels over: {given}")

# %% wrong: exact returns the fraction instead of refusing it
# says: because exact is set and the steps leave pixels over
# -    if exact and left_over:
# -        raise ValueError(f"the steps leave {left_over} pixels over: {given}")
# -    return steps + 1
# +    return room / stride + 1 if exact else steps + 1

# %% wrong: the remainder leaves the padding out
# says: leaving the padding out of the remainder
# -    if exact and left_over:
# +    if exact and (room - 2 * padding) % stride:

# %% wrong: the remainder leaves the dilation out
# says: leaving the dilation out of the remainder
# -    if exact and left_over:
# +    if exact and (size + 2 * padding - kernel_size) % stride:

# %% wrong: exact asks whether the stride divides the size
# says: asking whether the stride divides the size
# -    if exact and left_over:
# +    if exact and size % stride != 0:

# %% wrong: no check that the kernel fits
# fails: test-conv-output-size-errors
# says: because the kernel is larger than the padded input
# -    if room < 0:
# -        raise ValueError(f"the kernel does not fit into the padded input: {given}")

# %% wrong: no check of arguments below their least value
# says: taking any number, however small
# -    if min(size, kernel_size, stride, dilation) < 1 or padding < 0:
# -        raise ValueError(f"an argument is too small: {given}")

# %% wrong: a negative padding goes through
# says: taking a negative padding
# -    if min(size, kernel_size, stride, dilation) < 1 or padding < 0:
# +    if min(size, kernel_size, stride, dilation) < 1:

# %% wrong: a size of 0 goes through
# says: taking a size below 1
# -    if min(size, kernel_size, stride, dilation) < 1 or padding < 0:
# +    if min(kernel_size, stride, dilation) < 1 or padding < 0:

# %% wrong: a kernel of 0 taps goes through
# says: taking a kernel below 1
# -    if min(size, kernel_size, stride, dilation) < 1 or padding < 0:
# +    if min(size, stride, dilation) < 1 or padding < 0:

# %% wrong: a dilation of 0 goes through
# says: taking a dilation of 0
# -    if min(size, kernel_size, stride, dilation) < 1 or padding < 0:
# +    if min(size, kernel_size, stride) < 1 or min(dilation, padding) < 0:

# %% wrong: a stride of 0 is divided by
# says: conv_output_size raised ZeroDivisionError
# -    if min(size, kernel_size, stride, dilation) < 1 or padding < 0:
# +    if min(size, kernel_size, dilation) < 1 or min(stride, padding) < 0:

# %% wrong: the kernel compared with the input before padding
# says: comparing the kernel with the input before it is padded
# -    if room < 0:
# +    if dilation * (kernel_size - 1) + 1 > size:

# %% wrong: the kernel compared without its dilation
# says: comparing kernel_size, not the effective kernel
# -    if room < 0:
# +    if kernel_size > size + 2 * padding:

# %% wrong: a kernel as large as the input is refused
# says: refusing a kernel as large as the input: it fits once
# -    if room < 0:
# +    if room <= 0:

# %% wrong: an output of size 0 is let through
# says: taking 0 positions for a size
# -    if room < 0:
# +    if room // stride + 1 < 0:

# %% wrong: int() instead of the floor, and only then a check
# says: int() rounds towards 0
# -    if room < 0:
# +    if int(room / stride) + 1 < 1:
# -    return steps + 1
# +    return int(room / stride) + 1

# %% wrong: messages without numbers
# says: the error message does not name the numbers
# -    given = (
# -        f"size={size}, kernel_size={kernel_size}, stride={stride}, "
# -        f"padding={padding}, dilation={dilation}"
# -    )
# +    given = "these numbers make no sense"

# %% wrong: exact's message names only what is left over
# says: the error message does not name the numbers
# -        raise ValueError(f"the steps leave {left_over} pixels over: {given}")
# +        raise ValueError(f"the steps leave {left_over} pixels over")

# %% wrong: assert instead of ValueError
# fails: test-conv-output-size-errors, test-conv-output-size-exact
# because: no refusal is a ValueError, that of exact neither
# says: conv_output_size raised AssertionError
# -    if min(size, kernel_size, stride, dilation) < 1 or padding < 0:
# -        raise ValueError(f"an argument is too small: {given}")
# +    assert min(size, kernel_size, stride, dilation) >= 1 and padding >= 0, given
# -    if room < 0:
# -        raise ValueError(f"the kernel does not fit into the padded input: {given}")
# +    assert room >= 0, given
# -    if exact and left_over:
# -        raise ValueError(f"the steps leave {left_over} pixels over: {given}")
# +    assert not exact or left_over == 0, given

# %% wrong: the ValueError is returned, not raised
# fails: test-conv-output-size-errors, test-conv-output-size-exact
# because: no refusal is raised, that of exact neither
# says: no ValueError for a call that makes no sense
# -        raise ValueError(f"an argument is too small: {given}")
# +        return f"ValueError: an argument is too small: {given}"
# -        raise ValueError(f"the kernel does not fit into the padded input: {given}")
# +        return f"ValueError: the kernel does not fit into the padded input: {given}"
# -        raise ValueError(f"the steps leave {left_over} pixels over: {given}")
# +        return f"ValueError: the steps leave {left_over} pixels over: {given}"


# %% wrong: exact instead of the check that the kernel fits
# fails: test-conv-output-size-errors
# says: exact=True without the other checks
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1, exact=False):
    given = f"size {size}, kernel_size {kernel_size}"
    if min(size, kernel_size, stride, dilation) < 1 or padding < 0:
        raise ValueError(f"too small: {given}")
    room = size + 2 * padding - dilation * (kernel_size - 1) - 1
    if exact:
        if room % stride:
            raise ValueError(f"{room % stride} pixels left over: {given}")
    elif room < 0:
        raise ValueError(f"too large: {given}")
    return room // stride + 1


# %% wrong: exact divides before anything is checked
# fails: test-conv-output-size-errors
# says: ZeroDivisionError
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1, exact=False):
    given = f"size {size}, kernel_size {kernel_size}"
    room = size + 2 * padding - dilation * (kernel_size - 1) - 1
    if exact and room % stride:
        raise ValueError(f"{room % stride} pixels left over: {given}")
    if min(size, kernel_size, stride, dilation) < 1 or padding < 0 or room < 0:
        raise ValueError(f"no sense: {given}")
    return room // stride + 1


# %% wrong: with exact no argument is checked
# fails: test-conv-output-size-errors
# says: no ValueError
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1, exact=False):
    given = f"size {size}, kernel_size {kernel_size}"
    if not exact and (min(size, kernel_size, stride, dilation) < 1 or padding < 0):
        raise ValueError(f"too small: {given}")
    room = size + 2 * padding - dilation * (kernel_size - 1) - 1
    if room < 0:
        raise ValueError(f"too large: {given}")
    if exact and room % stride:
        raise ValueError(f"{room % stride} pixels left over: {given}")
    return room // stride + 1
