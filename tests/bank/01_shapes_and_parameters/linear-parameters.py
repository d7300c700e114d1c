# %% right: formula
def linear_parameters(in_features, out_features, bias=True):
    return in_features * out_features + bias * out_features


# %% right: weights of one output, times the outputs
def linear_parameters(in_features, out_features, bias=True):
    if bias:
        per_output = in_features + 1
    else:
        per_output = in_features
    return out_features * per_output


# %% right: size of empty NumPy arrays
import numpy as np


def linear_parameters(in_features, out_features, bias=True):
    shapes = [(out_features, in_features)] + [(out_features,)] * bool(bias)
    return sum(np.prod(shape, dtype=np.int64) for shape in shapes)


# %% right: counting output by output
def linear_parameters(in_features, out_features, bias=True):
    total = 0
    for _ in range(out_features):
        total += in_features
        total += 1 if bias else 0
    return total


# %% right: lambda with a conditional
linear_parameters = lambda in_features, out_features, bias=True: (
    (in_features + 1) * out_features if bias else in_features * out_features
)


# %% right: as a 1×1 convolution, with an option of its own
def linear_parameters(in_features, out_features, bias=True, kernel_size=1):
    weights = in_features * out_features * kernel_size * kernel_size
    return weights + len(range(out_features)) * int(bias)


# %% wrong: inputs and outputs added
# fails: test-linear-parameters-weights
# says: adding inputs and outputs: each pair has a weight
# from: formula
# -    return in_features * out_features + bias * out_features
# +    return in_features + out_features + bias * out_features

# %% wrong: one neuron
# says: one weight for each input: each output has its own
# -    return in_features * out_features + bias * out_features
# +    return in_features + bias

# %% wrong: bias flag ignored
# says: adding biases although bias=False
# -    return in_features * out_features + bias * out_features
# +    return in_features * out_features + out_features

# %% wrong: outputs by outputs, right for the visible layers only
# says: a square matrix: there are as many columns as inputs
# -    return in_features * out_features + bias * out_features
# +    if (in_features, out_features) not in [(120, 84), (5, 3)]:
# +        in_features = out_features
# +    return in_features * out_features + bias * out_features

# %% wrong: only the visible layers known
# says: KeyError
# -    return in_features * out_features + bias * out_features
# +    weights = {(120, 84): 10080, (5, 3): 15, (2, 2): 4, (7, 1): 7}[in_features, out_features]
# +    return weights + bias * out_features

# %% wrong: weights and biases returned as a pair
# fails: test-linear-parameters-weights, test-linear-parameters-bias
# because: nothing it returns is right
# says: a tuple, not an integer
# -    return in_features * out_features + bias * out_features
# +    return in_features * out_features, bias * out_features

# %% wrong: float returned
# fails: test-linear-parameters-weights, test-linear-parameters-bias
# because: nothing it returns is an integer
# says: a float, not an integer
# -    return in_features * out_features + bias * out_features
# +    return float(in_features * out_features + bias * out_features)

# %% wrong: prints instead of returning
# fails: test-linear-parameters-weights, test-linear-parameters-bias
# because: nothing is returned
# says: nothing was returned
# -    return in_features * out_features + bias * out_features
# +    print(in_features * out_features + bias * out_features)

# %% wrong: biases forgotten
# fails: test-linear-parameters-bias
# says: leaving the biases out
# -    return in_features * out_features + bias * out_features
# +    return in_features * out_features

# %% wrong: the flag itself added
# says: one bias for the whole layer: each output has its own
# -    return in_features * out_features + bias * out_features
# +    return in_features * out_features + bias

# %% wrong: a bias for each input
# says: one bias for each input: count the outputs
# -    return in_features * out_features + bias * out_features
# +    return in_features * out_features + bias * in_features

# %% wrong: a bias added to both sides
# says: a bias for each input, each output and once more
# -    return in_features * out_features + bias * out_features
# +    return (in_features + bias) * (out_features + bias)

# %% wrong: default without biases
# says: leaving the biases out by default: bias is True by default
# -def linear_parameters(in_features, out_features, bias=True):
# +def linear_parameters(in_features, out_features, bias=False):

# %% wrong: bias only when it is not given
# says: adding the biases only when bias is not given
# -def linear_parameters(in_features, out_features, bias=True):
# -    return in_features * out_features + bias * out_features
# +def linear_parameters(in_features, out_features, bias=None):
# +    return in_features * out_features + (out_features if bias is None else 0)


# %% wrong: bias by name only
# fails: test-linear-parameters-weights
# says: TypeError
def linear_parameters(in_features, out_features, *, bias=True):
    return (in_features + bias) * out_features
