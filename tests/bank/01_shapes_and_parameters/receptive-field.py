# %% right: field and jump
def receptive_field(layers):
    r, j = 1, 1
    for layer in layers:
        k, s = layer[0], layer[1]
        d = layer[2] if len(layer) == 3 else 1
        r = r + d * (k - 1) * j
        j = j * s
    return r


# %% right: backwards from one unit
def receptive_field(layers):
    size = 1
    for kernel_size, stride, *rest in reversed(layers):
        span = (sum(rest) or 1) * (kernel_size - 1) + 1
        size = (size - 1) * stride + span
    return size


# %% right: product of the earlier strides
import math


def receptive_field(layers):
    total = 1
    for index, (kernel_size, *rest) in enumerate(layers):
        jump = math.prod(stride for _, stride, *_ in layers[:index])
        dilation = rest[1] if len(rest) > 1 else 1
        total += dilation * (kernel_size - 1) * jump
    return total


# %% right: first and last pixel traced back
def receptive_field(layers):
    first, last = 0, 0
    for layer in layers[::-1]:
        kernel_size, stride = layer[:2]
        dilation = (layer + (1,))[2]
        first = first * stride
        last = last * stride + dilation * (kernel_size - 1)
    return last - first + 1


# %% right: recursion on the first layer
def _dilation(kernel_size, stride, dilation=1):
    return dilation


def receptive_field(layers):
    if not layers:
        return 1
    head, *tail = layers
    inner = receptive_field(tail)
    return (inner - 1) * head[1] + _dilation(*head) * (head[0] - 1) + 1


# %% right: NumPy cumulative product, NumPy integer returned
import numpy as np


def receptive_field(layers):
    table = np.array([(*layer, 1)[:3] for layer in layers], dtype=np.int64).reshape(-1, 3)
    kernels, strides, dilations = table.T
    jumps = np.concatenate([[1], np.cumprod(strides)])[:-1] if len(table) else strides
    return 1 + np.sum(dilations * (kernels - 1) * jumps)


# %% right: brute force over all pixels seen
def receptive_field(layers):
    seen = {0}
    for layer in reversed(list(layers)):
        kernel_size, stride = layer[0], layer[1]
        try:
            dilation = layer[2]
        except IndexError:
            dilation = 1
        seen = {unit * stride + tap * dilation for unit in seen for tap in range(kernel_size)}
    return max(seen) - min(seen) + 1


# %% right: reduce with a lambda
from functools import reduce

receptive_field = lambda layers: reduce(
    lambda state, layer: (
        state[0] + (layer[0] - 1) * (1 if len(layer) < 3 else layer[2]) * state[1],
        state[1] * layer[1],
    ),
    layers,
    (1, 1),
)[0]


# %% right: object with __call__ that empties a copy
class ReceptiveField:
    def __init__(self, start=1):
        self.start = start

    def __call__(self, layers, verbose=False):
        waiting = list(layers)
        field, jump = self.start, 1
        while waiting:
            layer = waiting.pop(0)
            match layer:
                case (kernel_size, stride):
                    dilation = 1
                case (kernel_size, stride, dilation):
                    pass
            effective = kernel_size + (kernel_size - 1) * (dilation - 1)
            field += (effective - 1) * jump
            jump *= stride
            if verbose:
                print(layer, field, jump)
        return field


receptive_field = ReceptiveField()


# %% right: overlap of neighbours subtracted
def receptive_field(layers):
    size, stride_so_far = 1, 1
    for layer in layers:
        steps = [stride_so_far] * (layer[0] - 1)
        if len(layer) > 2:
            steps = [step * layer[2] for step in steps]
        positions = [0]
        for step in steps:
            positions.append(positions[-1] + step)
        size = positions[-1] + size
        stride_so_far *= layer[1]
    return size


# %% right: field and jump, the dilation unpacked
def receptive_field(layers):
    r, j = 1, 1
    for k, s, *d in layers:
        r += (d[0] if d else 1) * (k - 1) * j
        j *= s
    return r


# %% right: backwards, as long as the field
def receptive_field(layers):
    r = 1
    for k, s, *d in reversed(layers):
        r = (r - 1) * s + (d[0] if d else 1) * (k - 1) + 1
    return r


# %% wrong: kernel sizes added up
# fails: test-receptive-field-kernels
# says: adding up the kernel sizes: neighbours share pixels
# from: field and jump, the dilation unpacked
# -    r, j = 1, 1
# +    r, j = 0, 1
# -        r += (d[0] if d else 1) * (k - 1) * j
# +        r += ((d[0] if d else 1) * (k - 1) + 1) * j

# %% wrong: kernel sizes multiplied
# says: multiplying the kernel sizes: each layer adds to the field
# -        r += (d[0] if d else 1) * (k - 1) * j
# +        r *= (d[0] if d else 1) * (k - 1) + 1

# %% wrong: half kernels
# says: counting one side of each kernel only
# -        r += (d[0] if d else 1) * (k - 1) * j
# +        r += (d[0] if d else 1) * (k // 2) * j

# %% wrong: every kernel taken for odd
# says: taking every kernel for odd: an even one adds k - 1 too
# -        r += (d[0] if d else 1) * (k - 1) * j
# +        r += (d[0] if d else 1) * (k // 2 * 2) * j

# %% wrong: the last layer only
# says: looking at a single layer
# -    for k, s, *d in layers:
# -        r += (d[0] if d else 1) * (k - 1) * j
# +    for k, s, *d in layers[-1:]:
# +        r += (d[0] if d else 1) * (k - 1) * j


# %% wrong: at most three layers, unrolled by hand
# says: going through the first three layers only
def receptive_field(layers):
    padded = [(*layer, 1)[:3] for layer in layers] + [(1, 1, 1)] * 3
    (a, s, x), (b, t, y), (c, _, z) = padded[:3]
    return 1 + x * (a - 1) + y * (b - 1) * s + z * (c - 1) * s * t


# %% wrong: starts from 0
# fails: test-receptive-field-kernels, test-receptive-field-strides, test-receptive-field-dilation, test-receptive-field-mixed, test-receptive-field-no-layers
# because: nothing it returns is right
# says: starting from 0: the unit's own pixel is missing
# -    r, j = 1, 1
# +    r, j = 0, 1

# %% wrong: area returned
# fails: test-receptive-field-kernels, test-receptive-field-strides, test-receptive-field-dilation, test-receptive-field-mixed, test-receptive-field-no-layers
# because: no field but 1 is right
# says: counting an area: the field is asked along one axis
# -    return r
# +    return r * r

# %% wrong: three numbers expected
# fails: test-receptive-field-kernels, test-receptive-field-strides, test-receptive-field-mixed, test-receptive-field-no-layers
# because: a list with a layer of two numbers has no result at all
# says: not enough values to unpack
# -    for k, s, *d in layers:
# -        r += (d[0] if d else 1) * (k - 1) * j
# +    for k, s, d in layers:
# +        r += d * (k - 1) * j

# %% wrong: a float returned
# fails: test-receptive-field-kernels, test-receptive-field-strides, test-receptive-field-dilation, test-receptive-field-mixed, test-receptive-field-no-layers
# because: nothing it returns is an integer
# says: a float, not an integer
# -    return r
# +    return float(r)

# %% wrong: all fields returned
# says: a list, not an integer
# -    r, j = 1, 1
# -    for k, s, *d in layers:
# -        r += (d[0] if d else 1) * (k - 1) * j
# -        j *= s
# -    return r
# +    fields, j = [1], 1
# +    for k, s, *d in layers:
# +        fields.append(fields[-1] + (d[0] if d else 1) * (k - 1) * j)
# +        j *= s
# +    return fields

# %% wrong: printed, not returned
# fails: test-receptive-field-kernels, test-receptive-field-strides, test-receptive-field-dilation, test-receptive-field-mixed, test-receptive-field-no-layers
# because: nothing is returned
# says: nothing was returned
# -    return r
# +    print(r)

# %% wrong: strides ignored
# fails: test-receptive-field-strides
# says: taking no notice of the strides
# -        j *= s

# %% wrong: jump updated before use
# says: multiplying the jump by a layer's stride before using it
# -        r += (d[0] if d else 1) * (k - 1) * j
# -        j *= s
# +        j *= s
# +        r += (d[0] if d else 1) * (k - 1) * j

# %% wrong: only the previous stride
# says: using the previous stride only: strides multiply up
# -        j *= s
# +        j = s

# %% wrong: strides added up
# says: adding up the strides: they multiply
# -    r, j = 1, 1
# +    r, j = 1, 0
# -        r += (d[0] if d else 1) * (k - 1) * j
# +        r += (d[0] if d else 1) * (k - 1) * max(j, 1)
# -        j *= s
# +        j = j + s if s > 1 or j else 0

# %% wrong: strides added to the first jump
# says: adding the strides to a jump of 1: they multiply
# -        j *= s
# +        j += s if s > 1 or j > 1 else 0

# %% wrong: own stride only
# says: stretching each kernel by its own stride
# -        r += (d[0] if d else 1) * (k - 1) * j
# -        j *= s
# +        r += (d[0] if d else 1) * (k - 1) * s

# %% wrong: backward formula run forwards
# says: going through the layers in the opposite order
# from: backwards, as long as the field
# -    for k, s, *d in reversed(layers):
# +    for k, s, *d in layers:

# %% wrong: backward formula with the whole field stretched
# says: stretching the last pixel of the field by the stride too
# -        r = (r - 1) * s + (d[0] if d else 1) * (k - 1) + 1
# +        r = r * s + (d[0] if d else 1) * (k - 1)

# %% wrong: only the last two strides
# says: multiplying the last two strides only: all earlier ones count
# from: field and jump, the dilation unpacked
# -    r, j = 1, 1
# +    r, j, before = 1, 1, 1
# -        j *= s
# +        j, before = before * s, s

# %% wrong: pixels between the seen ones left out
# says: leaving out skipped pixels: the span from first to last is asked
# from: backwards, as long as the field
# -    r = 1
# -    for k, s, *d in reversed(layers):
# -        r = (r - 1) * s + (d[0] if d else 1) * (k - 1) + 1
# -    return r
# +    seen = {0}
# +    for k, s, *d in reversed(layers):
# +        step = d[0] if d else 1
# +        seen = {unit * s + tap * step for unit in seen for tap in range(k)}
# +    return len(seen)

# %% wrong: 1×1 layers skipped with their stride
# says: a 1×1 kernel passed over, and its stride with it
# from: field and jump, the dilation unpacked
# -        j *= s
# +        j *= s if k > 1 else 1

# %% wrong: a power of one stride
# says: raising one stride to a power: each layer has its own
# -    for k, s, *d in layers:
# -        r += (d[0] if d else 1) * (k - 1) * j
# -        j *= s
# +    for depth, (k, s, *d) in enumerate(layers):
# +        r += (d[0] if d else 1) * (k - 1) * layers[depth - 1][1] ** depth

# %% wrong: pools as blocks that do not add
# says: passing over kernels no larger than their stride: they add too
# -        r += (d[0] if d else 1) * (k - 1) * j
# +        dilation = d[0] if d else 1
# +        if k > s or dilation > 1:
# +            r += dilation * (k - 1) * j

# %% wrong: dilation ignored
# fails: test-receptive-field-dilation
# says: taking no notice of the dilation
# -        r += (d[0] if d else 1) * (k - 1) * j
# +        r += (k - 1) * j

# %% wrong: kernel size times dilation
# says: dilating the kernel size: only its k - 1 steps are dilated
# -        r += (d[0] if d else 1) * (k - 1) * j
# +        r += (k * (d[0] if d else 1) - 1) * j

# %% wrong: dilation taken for the number of holes
# says: taking the dilation for the number of skipped pixels
# -        r += (d[0] if d else 1) * (k - 1) * j
# +        r += ((d[0] if d else 0) + 1) * (k - 1) * j

# %% wrong: kernel widened once by the dilation
# says: widening the kernel once: each of its steps is dilated
# -        r += (d[0] if d else 1) * (k - 1) * j
# +        r += (k + (d[0] if d else 1) - 2) * j

# %% wrong: dilation carried over like a stride
# says: using the dilation as a stride: it does not carry over
# -        r += (d[0] if d else 1) * (k - 1) * j
# +        j *= d[0] if d else 1
# +        r += (k - 1) * j

# %% wrong: three numbers read in another order
# says: reading the dilation where the stride stands
# -        r += (d[0] if d else 1) * (k - 1) * j
# +        if d:
# +            s, d = d[0], [s]
# +        r += (d[0] if d else 1) * (k - 1) * j

# %% wrong: dilated 1×1 kernels widened
# says: letting a 1×1 kernel see more when it is dilated: it has no steps
# -        r += (d[0] if d else 1) * (k - 1) * j
# +        d = d[0] if d else 1
# +        r += (d * (k - 1) or d - 1) * j

# %% wrong: two numbers expected
# says: too many values to unpack
# -    for k, s, *d in layers:
# -        r += (d[0] if d else 1) * (k - 1) * j
# +    for k, s in layers:
# +        r += (k - 1) * j

# %% wrong: the first layer decides what a tuple holds
# fails: test-receptive-field-mixed
# says: reading all layers like the first one
# -    for k, s, *d in layers:
# -        r += (d[0] if d else 1) * (k - 1) * j
# +    if layers and len(layers[0]) == 2:
# +        layers = [(k, s, 1) for k, s in layers]
# +    for k, s, d in layers:
# +        r += d * (k - 1) * j

# %% wrong: what the dilation adds not multiplied by the jump
# says: leaving the jump out of what the dilation adds
# -        r += (d[0] if d else 1) * (k - 1) * j
# +        r += (k - 1) * j + ((d[0] - 1) * (k - 1) if d else 0)

# %% wrong: dilation kept from an earlier layer
# says: keeping the dilation of an earlier layer: it is 1 again
# -    r, j = 1, 1
# -    for k, s, *d in layers:
# -        r += (d[0] if d else 1) * (k - 1) * j
# +    r, j, dilation = 1, 1, 1
# +    for k, s, *d in layers:
# +        dilation = d[0] if d else dilation
# +        r += dilation * (k - 1) * j

# %% wrong: stride of dilated layers lost
# says: losing the stride of a layer that has a dilation
# -        j *= s
# +        j *= 1 if d else s

# %% wrong: stride and dilation never in one layer
# says: losing the dilation of a layer that has a stride
# -        r += (d[0] if d else 1) * (k - 1) * j
# +        r += (d[0] if d and s == 1 else 1) * (k - 1) * j

# %% wrong: no layers not foreseen
# fails: test-receptive-field-no-layers
# says: IndexError: list index out of range
# -    r, j = 1, 1
# -    for k, s, *d in layers:
# +    k, s, *d = layers[0]
# +    r, j = (d[0] if d else 1) * (k - 1) + 1, s
# +    for k, s, *d in layers[1:]:

# %% wrong: 0 without layers
# says: starting from 0: without layers a unit is a pixel
# -    return r
# +    return r if layers else 0

# %% wrong: list emptied by pop
# says: working in place: copy the argument first
# -    for k, s, *d in layers:
# +    while layers:
# +        k, s, *d = layers.pop(0)

# %% wrong: list reversed in place
# says: working in place: copy the argument first
# from: backwards, as long as the field
# -    for k, s, *d in reversed(layers):
# +    layers.reverse()
# +    for k, s, *d in layers:
