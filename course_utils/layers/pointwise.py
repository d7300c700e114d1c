"""The 1x1 convolution: a linear map of the channels at every pixel, so one matrix product per image.

The images are the matrix of columns already, (C, H * W), and nothing is lowered. With a stride, the
pixels that are used are copied out first and the others get the gradient 0.
"""

import numpy as np


def forward(x, w, b, plan):
    """Return the output, (N, F, OH, OW)."""
    out = np.empty((len(x), len(w), *plan.out_size), x.dtype)
    matrix = _matrix(w, plan)
    for columns, target in zip(_grouped(_used(x, plan), plan), out, strict=True):
        target[...] = (matrix @ columns).reshape(target.shape)
        if b is not None:
            target += b[:, np.newaxis, np.newaxis]
    return out


def backward_input(dout, w, x_shape, plan):
    """Return dx: the weights' transpose, at every pixel that was used."""
    used = (_matrix(w, plan).swapaxes(1, 2) @ _grouped(dout, plan)).reshape(
        len(dout), x_shape[1], *plan.out_size
    )
    if plan.stride == (1, 1):
        return used
    dx = np.zeros(x_shape, dout.dtype)
    dx[:, :, :: plan.stride[0], :: plan.stride[1]] = used
    return dx


def backward_weights(x, dout, plan):
    """Return dw, (F, C / G, 1, 1): upstream gradients times pixels, summed over the images."""
    f, c, g = dout.shape[1], x.shape[1], plan.groups
    dw = np.zeros((g, f // g, c // g), x.dtype)
    for columns, upstream in zip(_grouped(_used(x, plan), plan), _grouped(dout, plan), strict=True):
        dw += upstream @ columns.swapaxes(1, 2)
    return dw.reshape(f, c // g, 1, 1)


def _used(x, plan):
    return x[:, :, :: plan.stride[0], :: plan.stride[1]]


def _matrix(w, plan):
    """Weights as matrices: (G, F / G, C / G)."""
    return w.reshape(plan.groups, -1, w.shape[1])


def _grouped(x, plan):
    """Images as matrices: (N, G, channels / G, pixels)."""
    return x.reshape(len(x), plan.groups, x.shape[1] // plan.groups, x.shape[2] * x.shape[3])
