# %% right: formula with isinstance
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    if in_channels % groups != 0 or out_channels % groups != 0:
        raise ValueError("groups must divide both")
    if isinstance(kernel_size, tuple):
        kh, kw = kernel_size
    else:
        kh = kw = kernel_size
    return kh * kw * in_channels // groups * out_channels + bias * out_channels


# %% right: unpacking tried first
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    try:
        kh, kw = kernel_size
    except TypeError:
        kh, kw = kernel_size, kernel_size
    per_filter, rest = divmod(in_channels, groups)
    if rest or out_channels % groups:
        raise ValueError(f"{groups} groups for {in_channels} and {out_channels} channels")
    one_filter = per_filter * kh * kw + (1 if bias else 0)
    return one_filter * out_channels


# %% right: size of an empty NumPy array
import numpy as np


def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    if np.any(np.array([in_channels, out_channels]) % groups):
        raise ValueError("channels do not split evenly")
    kernel = np.broadcast_to(kernel_size, 2)
    weight = np.empty((out_channels, in_channels // groups, *kernel), dtype=np.float32)
    return weight.size + bool(bias) * np.zeros(out_channels).size


# %% right: NumPy integers returned
import numpy as np


def _both(value):
    return np.ones(2, dtype=np.int64) * value


def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    if np.gcd(in_channels, groups) != groups or np.gcd(out_channels, groups) != groups:
        raise ValueError("groups")
    weights = np.prod(_both(kernel_size)) * out_channels * (in_channels // groups)
    return np.int64(weights + np.where(bias, out_channels, 0))


# %% right: counting one by one
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    height, width = (kernel_size, kernel_size) if type(kernel_size) is int else kernel_size
    if not (in_channels % groups == out_channels % groups == 0):
        raise ValueError("does not divide")
    count = 0
    for _ in range(out_channels):
        for _ in range(0, in_channels, groups):
            for _ in range(height):
                for _ in range(width):
                    count += 1
        if bias:
            count += 1
    return count


# %% right: group by group, recursion, own error class
class BadGroups(ValueError):
    pass


def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    if groups == 1:
        sides = list(kernel_size) if hasattr(kernel_size, "__len__") else [kernel_size] * 2
        total = in_channels * out_channels * sides[0] * sides[1]
        if bias:
            total += out_channels
        return total
    for channels in (in_channels, out_channels):
        if channels / groups != channels // groups:
            raise BadGroups(channels)
    part = conv_parameters(in_channels // groups, out_channels // groups, kernel_size, bias)
    return sum(part for _ in range(groups))


# %% right: object with __call__ and an extra option
import math


class Counter:
    def __init__(self, unit=1):
        self.unit = unit

    def __call__(
        self, in_channels, out_channels, kernel_size, bias=True, groups=1, *, verbose=False
    ):
        if math.lcm(in_channels, groups) != in_channels:
            raise ValueError(f"in_channels {in_channels}")
        if math.lcm(out_channels, groups) != out_channels:
            raise ValueError(f"out_channels {out_channels}")
        if verbose:
            print("counting")
        kernel = kernel_size if isinstance(kernel_size, (list, tuple)) else [kernel_size] * 2
        weights = math.prod([out_channels, in_channels, *kernel]) // groups
        return self.unit * (weights + out_channels) if bias else self.unit * weights


conv_parameters = Counter()


# %% right: lambda over functools.partial
from functools import partial


def _count(unit, in_channels, out_channels, kernel_size, bias=True, groups=1):
    area = kernel_size**2 if isinstance(kernel_size, int) else kernel_size[0] * kernel_size[1]
    weights, left = divmod(in_channels, groups)[0] * out_channels * area, in_channels % groups
    if left + out_channels % groups > 0:
        raise ValueError
    return unit * (weights + {True: out_channels, False: 0}[bias])


_conv = partial(_count, 1)
conv_parameters = lambda *a, **k: _conv(*a, **k)


# %% right: checked, unpacked, one line
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    if in_channels % groups or out_channels % groups:
        raise ValueError("groups")
    h, w = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return out_channels * (in_channels // groups) * h * w + bias * out_channels


# %% right: a branch for pairs
def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    if in_channels % groups or out_channels % groups:
        raise ValueError("groups")
    filters, biases = out_channels * (in_channels // groups), out_channels if bias else 0
    if isinstance(kernel_size, tuple):
        h, w = kernel_size
        return filters * h * w + biases
    return filters * kernel_size**2 + biases


# %% wrong: flat filters
# fails: test-conv-parameters-weights
# says: a flat filter: it spans all the input channels
# from: checked, unpacked, one line
# -    return out_channels * (in_channels // groups) * h * w + bias * out_channels
# +    return out_channels * h * w + bias * out_channels

# %% wrong: one filter only
# says: counting one filter: there is one per output channel
# -    return out_channels * (in_channels // groups) * h * w + bias * out_channels
# +    return in_channels // groups * h * w + (1 if bias else 0)

# %% wrong: kernel side once for an int
# says: multiplying by the kernel's side once, not by its area
# from: a branch for pairs
# -    return filters * kernel_size**2 + biases
# +    return filters * kernel_size + biases

# %% wrong: bias flag ignored
# says: adding biases although bias=False
# from: checked, unpacked, one line
# -    return out_channels * (in_channels // groups) * h * w + bias * out_channels
# +    return out_channels * (in_channels // groups * h * w + 1)

# %% wrong: weights and biases returned as a pair
# fails: test-conv-parameters-weights, test-conv-parameters-bias, test-conv-parameters-pair, test-conv-parameters-groups
# because: nothing it returns is right
# says: a tuple, not an integer
# -    return out_channels * (in_channels // groups) * h * w + bias * out_channels
# +    return out_channels * (in_channels // groups) * h * w, bias * out_channels

# %% wrong: only pairs foreseen
# fails: test-conv-parameters-weights, test-conv-parameters-bias, test-conv-parameters-groups, test-conv-parameters-refusal
# because: a square kernel has no result at all
# says: cannot unpack non-iterable int object
# -    h, w = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
# +    h, w = kernel_size

# %% wrong: true division
# fails: test-conv-parameters-weights, test-conv-parameters-bias, test-conv-parameters-pair, test-conv-parameters-groups
# because: nothing it returns is an integer
# says: dividing with /, which gives a float
# -    return out_channels * (in_channels // groups) * h * w + bias * out_channels
# +    return out_channels * (in_channels / groups) * h * w + bias * out_channels

# %% wrong: prints instead of returning
# fails: test-conv-parameters-weights, test-conv-parameters-bias, test-conv-parameters-pair, test-conv-parameters-groups
# because: nothing is returned
# says: nothing was returned
# -    return out_channels * (in_channels // groups) * h * w + bias * out_channels
# +    print(out_channels * (in_channels // groups) * h * w + bias * out_channels)

# %% wrong: always raises
# fails: test-conv-parameters-weights, test-conv-parameters-bias, test-conv-parameters-pair, test-conv-parameters-groups, test-conv-parameters-refusal
# because: nothing is returned
# says: conv_parameters raised ValueError
# -    if in_channels % groups or out_channels % groups:
# -        raise ValueError("groups")
# +    raise ValueError("groups")

# %% wrong: biases forgotten
# fails: test-conv-parameters-bias
# says: leaving the biases out
# -    return out_channels * (in_channels // groups) * h * w + bias * out_channels
# +    return out_channels * (in_channels // groups) * h * w

# %% wrong: the flag itself added as one bias
# says: one bias for the whole layer: each filter has its own
# -    return out_channels * (in_channels // groups) * h * w + bias * out_channels
# +    return out_channels * (in_channels // groups) * h * w + bias

# %% wrong: a bias for each slice of each filter
# says: one bias for each slice of a filter: a filter has one
# -    return out_channels * (in_channels // groups) * h * w + bias * out_channels
# +    return out_channels * (in_channels // groups) * (h * w + bias)

# %% wrong: channel counts in the other order
# says: one bias for each input channel: count the filters
# -def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
# +def conv_parameters(out_channels, in_channels, kernel_size, bias=True, groups=1):

# %% wrong: biases divided by groups
# says: dividing the biases by groups as well
# -    return out_channels * (in_channels // groups) * h * w + bias * out_channels
# +    return (out_channels // groups) * (in_channels * h * w + bias)

# %% wrong: biases once for each group
# says: counting the biases once for each group
# -    return out_channels * (in_channels // groups) * h * w + bias * out_channels
# +    one = (in_channels // groups) * (out_channels // groups) * h * w + bias * out_channels
# +    return sum(one for _ in range(groups))

# %% wrong: biases left out when there are groups
# says: leaving the biases out where there are groups
# -    return out_channels * (in_channels // groups) * h * w + bias * out_channels
# +    if groups > 1:
# +        return in_channels * out_channels // groups * h * w
# +    return out_channels * in_channels * h * w + bias * out_channels

# %% wrong: the height of a pair squared
# fails: test-conv-parameters-pair
# says: squaring the height: the area is height times width
# from: a branch for pairs
# -        return filters * h * w + biases
# +        return filters * h**2 + biases

# %% wrong: the longer side of a pair squared
# says: squaring the longer side: the area is height times width
# -        return filters * h * w + biases
# +        return filters * max(h, w) ** 2 + biases

# %% wrong: the sides of a pair added
# says: adding height and width: the kernel is their product
# -        return filters * h * w + biases
# +        return filters * (h + w) + biases

# %% wrong: the branch for pairs copied without groups
# says: taking no notice of groups when the kernel is a pair
# -        return filters * h * w + biases
# +        return out_channels * in_channels * h * w + biases

# %% wrong: the branch for pairs copied without the biases
# says: leaving the biases out where the kernel is a pair
# -        return filters * h * w + biases
# +        return filters * h * w

# %% wrong: pairs not foreseen
# says: return filters * kernel_size**2 + biases
# -    if isinstance(kernel_size, tuple):
# -        h, w = kernel_size
# -        return filters * h * w + biases

# %% wrong: groups checked and then ignored
# fails: test-conv-parameters-groups
# says: taking no notice of groups
# from: checked, unpacked, one line
# -    return out_channels * (in_channels // groups) * h * w + bias * out_channels
# +    return out_channels * in_channels * h * w + bias * out_channels

# %% wrong: one group counted
# says: counting one group only: add up all of them
# from: a branch for pairs
# -    filters, biases = out_channels * (in_channels // groups), out_channels if bias else 0
# +    filters = (out_channels // groups) * (in_channels // groups)
# +    biases = out_channels if bias else 0

# %% wrong: multiplied by groups
# says: multiplying by groups: a filter sees fewer channels
# -    filters, biases = out_channels * (in_channels // groups), out_channels if bias else 0
# +    filters, biases = out_channels * in_channels * groups, out_channels if bias else 0

# %% wrong: groups taken for channels per group
# says: taking groups for the number of channels in a group
# from: checked, unpacked, one line
# -    return out_channels * (in_channels // groups) * h * w + bias * out_channels
# +    seen = in_channels if groups == 1 else groups
# +    return out_channels * seen * h * w + bias * out_channels

# %% wrong: the two visible groups hard-coded
# says: wrong value
# -    return out_channels * (in_channels // groups) * h * w + bias * out_channels
# +    weights = out_channels * in_channels * h * w
# +    if (in_channels, out_channels) in [(96, 256), (6, 12)]:
# +        weights //= groups
# +    return weights + bias * out_channels

# %% wrong: groups ignored
# fails: test-conv-parameters-groups, test-conv-parameters-refusal
# because: groups are neither divided by nor checked, two faults
# says: taking no notice of groups
# -    if in_channels % groups or out_channels % groups:
# -        raise ValueError("groups")
# -    h, w = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
# -    return out_channels * (in_channels // groups) * h * w + bias * out_channels
# +    h, w = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
# +    return out_channels * in_channels * h * w + bias * out_channels

# %% wrong: groups that do not divide are rounded down
# fails: test-conv-parameters-refusal
# says: refusing nothing: groups that do not divide must raise a ValueError
# -    if in_channels % groups or out_channels % groups:
# -        raise ValueError("groups")

# %% wrong: only the input channels checked
# says: asking about in_channels only: groups must divide both
# -    if in_channels % groups or out_channels % groups:
# +    if in_channels % groups:

# %% wrong: only the output channels checked
# says: asking about out_channels only: groups must divide both
# -    if in_channels % groups or out_channels % groups:
# +    if out_channels % groups:

# %% wrong: refuses only when neither divides
# says: refusing only where groups divides neither: it must divide both
# -    if in_channels % groups or out_channels % groups:
# +    if in_channels % groups and out_channels % groups:

# %% wrong: refuses when the weights do not divide
# says: asking whether groups divides the weights: it must divide both channel counts
# -    if in_channels % groups or out_channels % groups:
# -        raise ValueError("groups")
# -    h, w = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
# -    return out_channels * (in_channels // groups) * h * w + bias * out_channels
# +    h, w = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
# +    weights, left_over = divmod(out_channels * in_channels * h * w, groups)
# +    if left_over:
# +        raise ValueError("groups")
# +    return weights + bias * out_channels

# %% wrong: assert instead of ValueError
# says: conv_parameters raised AssertionError
# -    if in_channels % groups or out_channels % groups:
# -        raise ValueError("groups")
# +    assert in_channels % groups == 0 and out_channels % groups == 0, "groups must divide"

# %% wrong: error returned as text
# says: 'ValueError: groups' was returned
# -        raise ValueError("groups")
# +        return "ValueError: groups"

# %% wrong: depthwise layers refused
# says: refusing groups of one channel each: they make sense
# -    if in_channels % groups or out_channels % groups:
# +    if in_channels % groups or out_channels % groups or 1 < in_channels <= groups:


# %% wrong: bias and groups in the other order
# fails: test-conv-parameters-weights
# says: conv_parameters(4, 6, 3, False, 1)
def conv_parameters(in_channels, out_channels, kernel_size, groups=1, bias=True):
    if in_channels % groups or out_channels % groups:
        raise ValueError(f"{groups} groups")
    height, width = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return out_channels * (in_channels // groups * height * width + bool(bias))
