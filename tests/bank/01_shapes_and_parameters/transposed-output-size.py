# %% right: the formula
def transposed_output_size(size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    return (size - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + output_padding + 1


# %% right: where the last copy ends, other names
def _end_of(copy, stride, kernel_size, dilation):
    start = copy * stride
    return start + dilation * kernel_size - dilation


def transposed_output_size(
    size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1, **_
):
    first = padding
    last = _end_of(size - 1, stride, kernel_size, dilation) - padding + output_padding
    return last - first + 1


# %% right: laying copies down in an array and looking at what was touched
import numpy as np


def transposed_output_size(size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    canvas = np.zeros(2000, dtype=bool)
    for i in range(size):
        for j in range(kernel_size):
            canvas[i * stride + j * dilation] = True
    reached = np.flatnonzero(canvas)[-1] + 1
    return reached - 2 * padding + output_padding


# %% right: the smallest size that convolves to this one
def transposed_output_size(size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    span = dilation * (kernel_size - 1) + 1
    n = 1
    while (n + 2 * padding - span) // stride + 1 < size:
        n += 1
    return n + output_padding


# %% right: recursion, a pixel at a time
def transposed_output_size(size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    if padding:
        less = transposed_output_size(
            size, kernel_size, stride, padding - 1, output_padding, dilation
        )
        return less - 2
    if size == 1:
        return sum(dilation for _ in range(kernel_size - 1)) + 1 + output_padding
    return stride + transposed_output_size(
        size - 1, kernel_size, stride, 0, output_padding, dilation
    )


# %% right: the full convolution of an input with zeros between, in NumPy
import numpy as np


def transposed_output_size(size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    stretched = np.kron(np.ones(size), np.eye(1, stride)[0])[: (size - 1) * stride + 1]
    taps = np.kron(np.ones(kernel_size), np.eye(1, dilation)[0])
    taps = taps[: (kernel_size - 1) * dilation + 1]
    full = np.convolve(stretched, taps, mode="full")
    full = np.append(full, np.zeros(output_padding))
    return np.int64(len(full) - 2 * padding)


# %% right: a lambda
transposed_output_size = (  # noqa: E731
    lambda size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1: (
        1
        + sum((stride * size, -stride, -padding, -padding, dilation * kernel_size, -dilation))
        + output_padding
    )
)


# %% right: an object that can be called
class Transposed:
    def span(self, kernel_size, dilation):
        return len(range(0, dilation * (kernel_size - 1) + 1))

    def __call__(self, size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
        if output_padding >= max(stride, dilation):
            raise ValueError(f"output_padding={output_padding} is too large")
        whole = (size - 1) * stride + self.span(kernel_size, dilation)
        return whole - padding - padding + output_padding


transposed_output_size = Transposed()


# %% wrong: one step too many
# fails: test-transposed-output-size-stride
# says: one step too many: n copies have n - 1 steps
# from: solution
# -    last_start = (size - 1) * stride
# +    last_start = size * stride - 1

# %% wrong: the stride ignored
# says: the stride is ignored
# -    last_start = (size - 1) * stride
# +    last_start = size - 1

# %% wrong: kernels smaller than the stride grown, as Keras does
# says: growing a kernel that is smaller than the stride
# -    return last_start + span - 2 * padding + output_padding
# +    return size * stride + max(span - stride, 0) - 2 * padding + output_padding

# %% wrong: output_padding and dilation in the wrong order
# says: output_padding and dilation in the wrong order
# -    size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1
# +    size, kernel_size, stride=1, padding=0, dilation=1, output_padding=0

# %% wrong: the size times the stride
# fails: test-transposed-output-size-stride, test-transposed-output-size-padding, test-transposed-output-size-dilation, test-transposed-output-size-round-trip
# because: nothing it returns is right
# says: size * stride: the last copy reaches further
# -    return last_start + span - 2 * padding + output_padding
# +    return size * stride

# %% wrong: the plus one forgotten
# says: the + 1 is missing: the kernel covers
# -    span = dilation * (kernel_size - 1) + 1
# +    span = dilation * (kernel_size - 1)

# %% wrong: the size times the stride and a whole kernel
# says: size * stride + kernel_size: the first copy starts at 0
# -    last_start = (size - 1) * stride
# +    last_start = size * stride

# %% wrong: the size of a convolution
# says: the size after a convolution, not before it
# -    return last_start + span - 2 * padding + output_padding
# +    return (size + 2 * padding - span) // stride + 1 + output_padding

# %% wrong: a float
# fails: test-transposed-output-size-stride, test-transposed-output-size-padding, test-transposed-output-size-dilation, test-transposed-output-size-round-trip
# because: nothing it returns is an integer
# says: a float, not an integer
# -    return last_start + span - 2 * padding + output_padding
# +    return last_start + span + 2 * (output_padding / 2 - padding)

# %% wrong: prints the size
# fails: test-transposed-output-size-stride, test-transposed-output-size-padding, test-transposed-output-size-dilation, test-transposed-output-size-round-trip
# because: it returns nothing
# says: nothing was returned
# -    return last_start + span - 2 * padding + output_padding
# +    print(last_start + span - 2 * padding + output_padding)


# %% wrong: the examples of the visible tests learned by heart
# fails: test-transposed-output-size-stride, test-transposed-output-size-padding, test-transposed-output-size-dilation, test-transposed-output-size-round-trip
# because: it knows the visible numbers only
# says: the size does not come back
def transposed_output_size(size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    return {
        (4, 3, 1, 0, 0, 1): 6,
        (5, 4, 2, 0, 0, 1): 12,
        (3, 5, 3, 0, 0, 1): 11,
        (3, 2, 4, 0, 0, 1): 10,
        (2, 8, 1, 0, 0, 1): 9,
        (9, 3, 1, 0, 0, 1): 11,
        (9, 3, 1, 3, 0, 1): 5,
        (6, 5, 2, 0, 0, 1): 15,
        (6, 5, 2, 2, 0, 1): 11,
        (6, 5, 1, 0, 0, 1): 10,
        (6, 3, 1, 0, 0, 2): 10,
        (6, 10, 1, 0, 0, 1): 15,
        (6, 4, 1, 0, 0, 3): 15,
        (6, 4, 1, 0, 0, 1): 9,
        (3, 4, 3, 0, 0, 1): 10,
        (3, 4, 3, 0, 1, 1): 11,
        (3, 4, 3, 0, 2, 1): 12,
    }.get((size, kernel_size, stride, padding, output_padding, dilation), size * stride)


# %% wrong: the padding ignored
# fails: test-transposed-output-size-padding
# says: the padding is ignored
# -    return last_start + span - 2 * padding + output_padding
# +    return last_start + span + output_padding

# %% wrong: the padding taken off once
# says: taking the padding off once
# -    return last_start + span - 2 * padding + output_padding
# +    return last_start + span - padding + output_padding

# %% wrong: the padding added, as in a convolution
# says: adding the padding: here it takes pixels off
# -    return last_start + span - 2 * padding + output_padding
# +    return last_start + span + 2 * padding + output_padding

# %% wrong: the padding taken off the input
# says: taking the padding off the input: it is counted in pixels of the output
# -    last_start = (size - 1) * stride
# +    last_start = (size - 2 * padding - 1) * stride
# -    return last_start + span - 2 * padding + output_padding
# +    return last_start + span + output_padding

# %% wrong: the padding added to the input
# says: adding the padding to the input: it is taken off the output
# -    last_start = (size - 1) * stride
# +    last_start = (size + 2 * padding - 1) * stride
# -    return last_start + span - 2 * padding + output_padding
# +    return last_start + span + output_padding

# %% wrong: the padding at most half of the kernel
# says: limiting the padding to half of the kernel
# -    return last_start + span - 2 * padding + output_padding
# +    return last_start + span - 2 * min(padding, span // 2) + output_padding

# %% wrong: the dilation ignored
# fails: test-transposed-output-size-dilation
# says: the dilation is ignored
# -    span = dilation * (kernel_size - 1) + 1
# +    span = kernel_size

# %% wrong: the dilation multiplies the kernel
# says: a span of dilation * kernel_size: k taps
# -    span = dilation * (kernel_size - 1) + 1
# +    span = dilation * kernel_size

# %% wrong: 2k - 1 carried over to every dilation
# says: a span of dilation * kernel_size - 1, which is right for dilation 2 only
# -    span = dilation * (kernel_size - 1) + 1
# +    span = dilation * kernel_size - 1 if dilation > 1 else kernel_size

# %% wrong: the dilation widens one gap
# says: widening one gap only
# -    span = dilation * (kernel_size - 1) + 1
# +    span = kernel_size + dilation - 1

# %% wrong: output_padding ignored
# fails: test-transposed-output-size-round-trip
# says: output_padding is ignored
# -    return last_start + span - 2 * padding + output_padding
# +    return last_start + span - 2 * padding

# %% wrong: output_padding added twice
# says: adding output_padding twice
# -    return last_start + span - 2 * padding + output_padding
# +    return last_start + span - 2 * padding + 2 * output_padding

# %% wrong: output_padding as a switch
# says: treating output_padding as a switch
# -    return last_start + span - 2 * padding + output_padding
# +    return last_start + span - 2 * padding + (1 if output_padding else 0)

# %% wrong: output_padding added to the input
# says: adding output_padding in steps
# -    last_start = (size - 1) * stride
# +    last_start = (size + output_padding - 1) * stride
# -    return last_start + span - 2 * padding + output_padding
# +    return last_start + span - 2 * padding

# %% wrong: output_padding taken off like the padding
# says: taking output_padding off
# -    return last_start + span - 2 * padding + output_padding
# +    return last_start + span - 2 * padding - output_padding
