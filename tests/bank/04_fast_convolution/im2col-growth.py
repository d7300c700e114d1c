# %% right: np.prod of a pair
def im2col_growth(kernel_size, stride=1):
    return np.prod(np.broadcast_to(kernel_size, 2)) / stride**2


# %% right: each axis for itself
def im2col_growth(kernel_size, stride=1):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return (kh / stride) * (kw / stride)


# %% right: unpacking, an exception for an int
def im2col_growth(kernel_size, stride=1):
    try:
        height, width = kernel_size
    except TypeError:
        height = width = kernel_size
    return float(height * width) / (stride * stride)


# %% right: a fraction
from fractions import Fraction


def im2col_growth(kernel_size, stride=1):
    a, b = kernel_size if type(kernel_size) is tuple else (kernel_size,) * 2
    return float(Fraction(a * b, stride**2))


# %% right: by counting a large image
def im2col_growth(kernel_size, stride=1):
    side = 10**9 * stride
    kernel = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    places = math.prod((side - k) // stride + 1 for k in kernel)
    return math.prod(kernel) * places / side**2


# %% right: an int where the number is whole
def im2col_growth(kernel_size, stride=1):
    kernel = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    whole, rest = divmod(kernel[0] * kernel[1], stride**2)
    return whole + rest / stride**2 if rest else whole


# %% wrong: the stride ignored
# fails: test-im2col-growth
# says: the stride is ignored
# from: solution
# -    return rows * columns / stride**2
# +    return float(rows * columns)

# %% wrong: the stride once
# says: divided by the stride once
# -    return rows * columns / stride**2
# +    return rows * columns / stride

# %% wrong: rounded down
# says: // rounds down
# -    return rows * columns / stride**2
# +    return rows * columns // stride**2

# %% wrong: the stride multiplied
# says: times the stride
# -    return rows * columns / stride**2
# +    return rows * columns * stride**2

# %% wrong: the height squared
# says: the height for the width as well
# -    return rows * columns / stride**2
# +    return rows**2 / stride**2

# %% wrong: the width squared
# says: the width for the height as well
# -    return rows * columns / stride**2
# +    return columns**2 / stride**2

# %% wrong: a sum
# says: height plus width
# -    return rows * columns / stride**2
# +    return (rows + columns) / stride**2

# %% wrong: what is added
# says: what is added to the images
# -    return rows * columns / stride**2
# +    return rows * columns / stride**2 - 1

# %% wrong: squares only
# says: a pair taken for an int
# -    rows, columns = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
# +    rows, columns = kernel_size, kernel_size
