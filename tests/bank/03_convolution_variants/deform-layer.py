# %% right: through functions of before, by name
def deform_layer(x, w_offset, b_offset, w, b):
    offset = conv2d(x=x, w=w_offset, b=b_offset, stride=1, padding=0)
    return deform_conv2d(x=x, offset=offset, w=w, b=b)


# %% right: its own convolution
def deform_layer(x, w_offset, b_offset, w, b):
    win = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(2, 3))
    offset = np.einsum("nchwuv,kcuv->nkhw", win, w_offset) + b_offset[:, None, None]
    return deform_conv2d(x, offset, w, b)


# %% wrong: the offsets are not used
# fails: test-deform-layer
# says: the offsets are not used
# from: solution
# -    return deform_conv2d(x, conv2d(x, w_offset, b_offset), w, b)
# +    return conv2d(x, w, b)

# %% wrong: no bias for the offsets
# says: b_offset is left out
# -    return deform_conv2d(x, conv2d(x, w_offset, b_offset), w, b)
# +    return deform_conv2d(x, conv2d(x, w_offset, 0 * b_offset), w, b)

# %% wrong: a ReLU on the offsets
# says: a ReLU on the offsets
# -    return deform_conv2d(x, conv2d(x, w_offset, b_offset), w, b)
# +    return deform_conv2d(x, np.maximum(conv2d(x, w_offset, b_offset), 0), w, b)

# %% wrong: the offsets alone
# says: the offsets alone
# -    return deform_conv2d(x, conv2d(x, w_offset, b_offset), w, b)
# +    return conv2d(x, w_offset, b_offset)


# %% wrong: the bias of the offsets given two axes in place
# fails: test-deform-layer
# says: working in place
def deform_layer(x, w_offset, b_offset, w, b):
    offset = conv2d(x, w_offset, np.zeros(len(b_offset)))
    b_offset.shape = (-1, 1, 1)
    return deform_conv2d(x, offset + b_offset, w, b)
