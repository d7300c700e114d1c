# %% right: one product
def conv_multiply_adds(in_channels, out_channels, kernel_size, output_size, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size,) * 2
    oh, ow = output_size if isinstance(output_size, tuple) else (output_size,) * 2
    return in_channels * out_channels * kh * kw * oh * ow // groups


# %% right: area helper
def area(size):
    try:
        height, width = size
        return height * width
    except TypeError:
        return size**2


def conv_multiply_adds(in_channels, out_channels, kernel_size, output_size, groups=1):
    weights = area(kernel_size) * (in_channels // groups) * out_channels
    positions = area(output_size)
    return weights * positions


# %% right: counting position by position
def conv_multiply_adds(in_channels, out_channels, kernel_size, output_size, groups=1):
    if type(kernel_size) == int:
        kernel_size = [kernel_size, kernel_size]
    if type(output_size) == int:
        output_size = [output_size, output_size]
    work = 0
    for y in range(output_size[0]):
        for x in range(output_size[1]):
            for channel in range(out_channels):
                for row in range(kernel_size[0]):
                    work += kernel_size[1] * (in_channels // groups)
    return work


# %% right: NumPy, shapes of the arrays
import numpy as np


def conv_multiply_adds(in_channels, out_channels, kernel_size, output_size, groups=1):
    weight = np.ones((out_channels, in_channels // groups, *np.broadcast_to(kernel_size, 2)))
    output = np.broadcast_to(output_size, (2,))
    return weight.size * output.prod()


# %% right: group by group
import math


def _two(value):
    return list(value) if hasattr(value, "__iter__") else [value] * 2


def conv_multiply_adds(in_channels, out_channels, kernel_size, output_size, groups=1):
    return sum(
        math.prod([in_channels // groups, out_channels // groups])
        * math.prod(_two(kernel_size))
        * math.prod(_two(output_size))
        for _ in range(groups)
    )


# %% right: recursion over groups and pairs
def conv_multiply_adds(in_channels, out_channels, kernel_size, output_size, groups=1):
    if isinstance(kernel_size, int):
        return conv_multiply_adds(
            in_channels, out_channels, (kernel_size, kernel_size), output_size, groups
        )
    if isinstance(output_size, int):
        output_size = (output_size, output_size)
    if groups > 1:
        part = in_channels // groups, out_channels // groups
        return groups * conv_multiply_adds(*part, kernel_size, output_size)
    (a, b), (c, d) = kernel_size, output_size
    return in_channels * out_channels * a * b * c * d


# %% right: object with __call__, NumPy integers returned
import numpy as np


class Work:
    def __init__(self, per_multiply_add=1):
        self.unit = per_multiply_add

    def __call__(self, in_channels, out_channels, kernel_size, output_size, groups=1, **extra):
        sizes = [np.ones(2, dtype=np.int64) * size for size in (kernel_size, output_size)]
        return self.unit * np.concatenate(sizes).prod() * out_channels * (in_channels // groups)


conv_multiply_adds = Work()


# %% right: refuses groups that do not divide, lambda inside
def conv_multiply_adds(in_channels, out_channels, kernel_size, output_size, groups=1):
    if in_channels % groups or out_channels % groups:
        raise ValueError("groups")
    square = lambda s: (s, s) if not isinstance(s, (tuple, list)) else s
    fan_in = in_channels // groups
    for side in square(kernel_size):
        fan_in *= side
    outputs = out_channels
    for side in square(output_size):
        outputs *= side
    return fan_in * outputs


# %% right: two pairs, one product
def conv_multiply_adds(in_channels, out_channels, kernel_size, output_size, groups=1):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size,) * 2
    oh, ow = output_size if isinstance(output_size, tuple) else (output_size,) * 2
    return in_channels // groups * out_channels * kh * kw * oh * ow


# %% right: branches for pairs
def conv_multiply_adds(in_channels, out_channels, kernel_size, output_size, groups=1):
    weights = in_channels // groups * out_channels
    if isinstance(kernel_size, tuple):
        weights *= kernel_size[0] * kernel_size[1]
    else:
        weights *= kernel_size**2
    if isinstance(output_size, tuple):
        return weights * output_size[0] * output_size[1]
    return weights * output_size**2


# %% wrong: weights counted
# fails: test-conv-multiply-adds-square
# says: counting the weights: each is used at every position
# from: two pairs, one product
# -    return in_channels // groups * out_channels * kh * kw * oh * ow
# +    return in_channels // groups * out_channels * kh * kw

# %% wrong: output side once
# says: multiplying by the output's side once, not by its area
# from: branches for pairs
# -    return weights * output_size**2
# +    return weights * output_size

# %% wrong: flat filters
# says: a flat filter: it spans all the input channels
# from: two pairs, one product
# -    return in_channels // groups * out_channels * kh * kw * oh * ow
# +    return out_channels * kh * kw * oh * ow // groups

# %% wrong: one filter
# says: counting one filter: there is one per output channel
# -    return in_channels // groups * out_channels * kh * kw * oh * ow
# +    return in_channels // groups * kh * kw * oh * ow

# %% wrong: kernel side once for an int
# says: multiplying by the kernel's side once, not by its area
# from: branches for pairs
# -        weights *= kernel_size**2
# +        weights *= kernel_size

# %% wrong: output size taken for the input's
# says: taking output_size for the size of the input
# from: two pairs, one product
# -    return in_channels // groups * out_channels * kh * kw * oh * ow
# +    return in_channels // groups * out_channels * kh * kw * (oh - kh + 1) * (ow - kw + 1)

# %% wrong: positions of the input counted
# says: counting positions of the input: only outputs cost
# -    return in_channels // groups * out_channels * kh * kw * oh * ow
# +    return in_channels // groups * out_channels * kh * kw * (oh + kh - 1) * (ow + kw - 1)

# %% wrong: kernel capped at the output
# says: capping the kernel at output_size: padding may make the input larger
# -    return in_channels // groups * out_channels * kh * kw * oh * ow
# +    kh, kw = min(kh, oh), min(kw, ow)
# +    return in_channels // groups * out_channels * kh * kw * oh * ow

# %% wrong: multiplication and addition counted as two
# fails: test-conv-multiply-adds-square, test-conv-multiply-adds-kernel-pair, test-conv-multiply-adds-output-pair, test-conv-multiply-adds-groups
# because: nothing it returns is right
# says: counting a multiply-add as two operations
# -    return in_channels // groups * out_channels * kh * kw * oh * ow
# +    return 2 * (in_channels // groups) * out_channels * kh * kw * oh * ow

# %% wrong: bias counted
# says: counting the additions of the biases as well
# -    return in_channels // groups * out_channels * kh * kw * oh * ow
# +    return (in_channels // groups * kh * kw + 1) * out_channels * oh * ow

# %% wrong: true division
# fails: test-conv-multiply-adds-square, test-conv-multiply-adds-kernel-pair, test-conv-multiply-adds-output-pair, test-conv-multiply-adds-groups
# because: nothing it returns is an integer
# says: dividing with /, which gives a float
# -    return in_channels // groups * out_channels * kh * kw * oh * ow
# +    return in_channels / groups * out_channels * kh * kw * oh * ow

# %% wrong: visible values looked up
# fails: test-conv-multiply-adds-square, test-conv-multiply-adds-kernel-pair, test-conv-multiply-adds-output-pair, test-conv-multiply-adds-groups
# because: it knows the visible calls and no other
# says: wrong value
# -    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size,) * 2
# -    oh, ow = output_size if isinstance(output_size, tuple) else (output_size,) * 2
# -    return in_channels // groups * out_channels * kh * kw * oh * ow
# +    known = {
# +        (4, 10, 3, 7, 1): 17640,
# +        (2, 6, 5, 8, 1): 19200,
# +        (5, 2, 6, 3, 1): 3240,
# +        (1, 5, (2, 4), 1, 1): 40,
# +        (4, 1, (7, 3), 1, 1): 84,
# +        (4, 6, (3, 5), 1, 2): 180,
# +        (3, 5, (1, 1), 1, 1): 15,
# +        (3, 5, 2, (1, 1), 1): 60,
# +        (1, 5, 2, (4, 7), 1): 560,
# +        (2, 1, 1, (9, 2), 1): 36,
# +        (4, 3, (2, 3), (5, 4), 1): 1440,
# +        (4, 6, 2, (3, 5), 2): 720,
# +        (96, 256, 5, 1, 2): 307200,
# +        (6, 12, 3, 1, 3): 216,
# +        (8, 16, 3, 1, 8): 144,
# +        (1, 1, 5, 1, 1): 25,
# +        (5, 7, 1, 1, 1): 35,
# +    }
# +    return known.get((in_channels, out_channels, kernel_size, output_size, groups), 0)

# %% wrong: prints instead of returning
# fails: test-conv-multiply-adds-square, test-conv-multiply-adds-kernel-pair, test-conv-multiply-adds-output-pair, test-conv-multiply-adds-groups
# because: nothing is returned
# says: nothing was returned
# -    return in_channels // groups * out_channels * kh * kw * oh * ow
# +    print(in_channels // groups * out_channels * kh * kw * oh * ow)

# %% wrong: kernel height squared
# fails: test-conv-multiply-adds-kernel-pair
# says: squaring the height: the area is height times width
# from: branches for pairs
# -        weights *= kernel_size[0] * kernel_size[1]
# +        weights *= kernel_size[0] ** 2

# %% wrong: sides of the kernel added
# says: adding height and width: the kernel is their product
# -        weights *= kernel_size[0] * kernel_size[1]
# +        weights *= kernel_size[0] + kernel_size[1]

# %% wrong: kernel pairs not foreseen
# says: unsupported operand type(s) for **
# -    if isinstance(kernel_size, tuple):
# -        weights *= kernel_size[0] * kernel_size[1]
# -    else:
# -        weights *= kernel_size**2
# +    weights *= kernel_size**2

# %% wrong: groups forgotten where the kernel is a pair
# says: taking no notice of groups when the kernel is a pair
# -        weights *= kernel_size[0] * kernel_size[1]
# +        weights = in_channels * out_channels * kernel_size[0] * kernel_size[1]

# %% wrong: output width squared
# fails: test-conv-multiply-adds-output-pair
# says: squaring the width: the area is height times width
# -        return weights * output_size[0] * output_size[1]
# +        return weights * output_size[1] ** 2

# %% wrong: sides of the output added
# says: adding height and width: positions are their product
# -        return weights * output_size[0] * output_size[1]
# +        return weights * (output_size[0] + output_size[1])

# %% wrong: output pairs not foreseen
# says: unsupported operand type(s) for **
# -    if isinstance(output_size, tuple):
# -        return weights * output_size[0] * output_size[1]

# %% wrong: one pair at a time
# says: unsupported operand type(s) for **
# -        weights *= kernel_size[0] * kernel_size[1]
# +        return weights * kernel_size[0] * kernel_size[1] * output_size**2

# %% wrong: groups forgotten where the output is a pair
# says: taking no notice of groups when a size is a pair
# -        return weights * output_size[0] * output_size[1]
# +        return weights // (in_channels // groups) * in_channels * output_size[0] * output_size[1]

# %% wrong: pairs only for both at once
# fails: test-conv-multiply-adds-output-pair, test-conv-multiply-adds-kernel-pair
# because: both ask for a pair beside an int, which raises
# says: 'int' object is not subscriptable
# -    if isinstance(kernel_size, tuple):
# -        weights *= kernel_size[0] * kernel_size[1]
# -    else:
# -        weights *= kernel_size**2
# -    if isinstance(output_size, tuple):
# -        return weights * output_size[0] * output_size[1]
# -    return weights * output_size**2
# +    if isinstance(kernel_size, tuple) or isinstance(output_size, tuple):
# +        return weights * kernel_size[0] * kernel_size[1] * output_size[0] * output_size[1]
# +    return weights * kernel_size**2 * output_size**2

# %% wrong: groups ignored
# fails: test-conv-multiply-adds-groups
# says: taking no notice of groups
# from: two pairs, one product
# -    return in_channels // groups * out_channels * kh * kw * oh * ow
# +    return in_channels * out_channels * kh * kw * oh * ow

# %% wrong: one group counted
# says: counting one group only: add up all of them
# -    return in_channels // groups * out_channels * kh * kw * oh * ow
# +    return in_channels // groups * (out_channels // groups) * kh * kw * oh * ow

# %% wrong: multiplied by groups
# says: multiplying by groups: a filter sees fewer channels
# -    return in_channels // groups * out_channels * kh * kw * oh * ow
# +    return in_channels * groups * out_channels * kh * kw * oh * ow

# %% wrong: groups only when there are two or one for each channel
# says: groups noticed only when there are two, or one for each channel
# -    return in_channels // groups * out_channels * kh * kw * oh * ow
# +    groups = groups if groups in (2, in_channels) else 1
# +    return in_channels // groups * out_channels * kh * kw * oh * ow

# %% wrong: depthwise always one filter for each channel
# says: one filter for each channel of a depthwise layer: there may be several
# -    return in_channels // groups * out_channels * kh * kw * oh * ow
# +    out_channels = in_channels if 1 < groups == in_channels else out_channels
# +    return in_channels // groups * out_channels * kh * kw * oh * ow


# %% wrong: groups by name only
# fails: test-conv-multiply-adds-groups
# says: TypeError
def conv_multiply_adds(in_channels, out_channels, kernel_size, output_size, *, groups=1):
    def area(side):
        return side[0] * side[1] if isinstance(side, tuple) else side * side

    return in_channels // groups * out_channels * area(kernel_size) * area(output_size)
