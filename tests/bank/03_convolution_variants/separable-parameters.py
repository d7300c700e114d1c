# %% right: sizes of arrays, as a list
def separable_parameters(in_channels, out_channels, kernel_size):
    full = np.zeros((out_channels, in_channels, kernel_size, kernel_size))
    depth, point = full[0], full[:, :, 0, 0]
    return [full.size, depth.size + point.size]


# %% right: powers
def separable_parameters(in_channels, out_channels, kernel_size):
    depthwise = in_channels * kernel_size**2
    return depthwise * out_channels, depthwise + in_channels * out_channels


# %% wrong: biases counted
# fails: test-separable-parameters-standard
# says: the biases counted too
# from: powers
# -    return depthwise * out_channels, depthwise + in_channels * out_channels
# +    return depthwise * out_channels + out_channels, depthwise + in_channels * out_channels

# %% wrong: no map of the channels
# fails: test-separable-parameters-separable
# says: the map of the channels is left out
# -    return depthwise * out_channels, depthwise + in_channels * out_channels
# +    return depthwise * out_channels, depthwise

# %% wrong: one kernel for all channels
# says: one kernel for all channels
# -    return depthwise * out_channels, depthwise + in_channels * out_channels
# +    return depthwise * out_channels, kernel_size**2 + in_channels * out_channels

# %% wrong: a kernel for each filter
# says: a kernel for each filter
# -    return depthwise * out_channels, depthwise + in_channels * out_channels
# +    return depthwise * out_channels, out_channels * (kernel_size**2 + in_channels)

# %% wrong: the other order
# fails: test-separable-parameters-standard, test-separable-parameters-separable
# because: both numbers stand in the wrong place
# says: the two in the other order
# -    return depthwise * out_channels, depthwise + in_channels * out_channels
# +    return depthwise + in_channels * out_channels, depthwise * out_channels
