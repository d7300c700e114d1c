# %% right: places times parameters of one
def locally_connected_parameters(in_channels, out_channels, kernel_size, output_size):
    def area(size):
        return size[0] * size[1] if isinstance(size, (tuple, list)) else size**2

    weights = area(kernel_size) * in_channels * out_channels
    return area(output_size) * (weights + out_channels)


# %% right: the sizes of arrays
def locally_connected_parameters(in_channels, out_channels, kernel_size, output_size):
    k, o = np.broadcast_to(kernel_size, 2), np.broadcast_to(output_size, 2)
    return int(np.prod([*o, out_channels, in_channels, *k]) + np.prod([out_channels, *o]))


# %% right: a NumPy integer
def locally_connected_parameters(in_channels, out_channels, kernel_size, output_size):
    k = np.prod(np.resize(kernel_size, 2))
    places = np.prod(np.resize(output_size, 2))
    return np.int64(places * (in_channels * k * out_channels + out_channels))


# %% wrong: no biases
# fails: test-locally-connected-parameters-count
# says: the biases are left out
# from: solution
# -    return height * width * out_channels * (in_channels * rows * columns + 1)
# +    return height * width * out_channels * in_channels * rows * columns

# %% wrong: one bias a filter
# says: one bias a filter
# -    return height * width * out_channels * (in_channels * rows * columns + 1)
# +    return height * width * out_channels * in_channels * rows * columns + out_channels

# %% wrong: a convolution
# says: the parameters of a convolution
# -    return height * width * out_channels * (in_channels * rows * columns + 1)
# +    return out_channels * (in_channels * rows * columns + 1)

# %% wrong: the channels of the input left out
# says: the channels of the input are left out
# -    return height * width * out_channels * (in_channels * rows * columns + 1)
# +    return height * width * out_channels * (rows * columns + 1)

# %% wrong: a float
# says: gives a float
# -    return height * width * out_channels * (in_channels * rows * columns + 1)
# +    return float(height * width * out_channels * (in_channels * rows * columns + 1))

# %% wrong: the kernel taken for square
# fails: test-locally-connected-parameters-pairs
# says: the kernel's height for its width as well
# -    return height * width * out_channels * (in_channels * rows * columns + 1)
# +    return height * width * out_channels * (in_channels * rows * rows + 1)

# %% wrong: the output taken for square
# says: the output's width for its height as well
# -    return height * width * out_channels * (in_channels * rows * columns + 1)
# +    return width * width * out_channels * (in_channels * rows * columns + 1)

# %% wrong: integers only
# says: can only concatenate tuple
# -    rows, columns = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
# +    rows = columns = kernel_size + 0
