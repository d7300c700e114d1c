# %% right: loops in plain Python
def conv1d(x, w, b, stride=1, padding=0, dilation=1):
    N, C, L = x.shape
    F, _, K = w.shape
    reach = dilation * (K - 1) + 1
    if reach > L + 2 * padding:
        raise ValueError("too long")
    out = []
    for n in range(N):
        row = []
        for f in range(F):
            line = []
            for start in range(-padding, L + padding - reach + 1, stride):
                total = float(b[f])
                for c in range(C):
                    for u in range(K):
                        i = start + u * dilation
                        total += float(x[n, c, i]) * float(w[f, c, u]) if 0 <= i < L else 0.0
                line.append(total)
            row.append(line)
        out.append(row)
    return out


# %% right: sliding windows
def conv1d(x, w, b, stride=1, padding=0, dilation=1):
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding)))
    size = dilation * (w.shape[2] - 1) + 1
    win = np.lib.stride_tricks.sliding_window_view(xp, size, axis=2)[:, :, ::stride, ::dilation]
    return np.einsum("ncik,fck->nfi", win, w) + b[:, None]


# %% right: index arrays and tensordot
def conv1d(x, w, b, stride=1, padding=0, dilation=1):
    taps = np.arange(w.shape[2]) * dilation
    starts = np.arange(0, x.shape[2] + 2 * padding - taps[-1], stride)
    if not len(starts):
        raise ValueError("no position")
    sequence = np.pad(x, [(0, 0), (0, 0), (padding, padding)])
    windows = sequence[:, :, starts[:, None] + taps]
    return np.tensordot(windows, w, axes=((1, 3), (1, 2))).swapaxes(1, 2) + b.reshape(1, -1, 1)


# %% right: an image of one column, through conv2d
def conv1d(x, w, b, stride=1, padding=0, dilation=1):
    out = conv2d(x[..., None], w[..., None], b, (stride, 1), (padding, 0), (dilation, 1))
    return np.squeeze(np.asarray(out), axis=-1)


# %% wrong: the kernel flipped
# fails: test-conv1d-sum
# says: flipping the kernel
# from: sliding windows
# -    return np.einsum("ncik,fck->nfi", win, w) + b[:, None]
# +    return np.einsum("ncik,fck->nfi", win, w[:, :, ::-1]) + b[:, None]

# %% wrong: an output for each channel
# says: an output for each channel
# -    return np.einsum("ncik,fck->nfi", win, w) + b[:, None]
# +    out = np.einsum("ncik,fck->ncfi", win, w) + b[:, None]
# +    return out.reshape(len(x), -1, out.shape[-1])

# %% wrong: the first channel only
# says: the first channel only
# -    return np.einsum("ncik,fck->nfi", win, w) + b[:, None]
# +    return np.einsum("nik,fk->nfi", win[:, 0], w[:, 0]) + b[:, None]

# %% wrong: no bias
# says: the bias is left out
# -    return np.einsum("ncik,fck->nfi", win, w) + b[:, None]
# +    return np.einsum("ncik,fck->nfi", win, w)

# %% wrong: the mean over a window
# says: the mean over a window
# -    return np.einsum("ncik,fck->nfi", win, w) + b[:, None]
# +    return np.einsum("ncik,fck->nfi", win, w) / w[0].size + b[:, None]

# %% wrong: four axes
# fails: test-conv1d-sum, test-conv1d-options
# because: nothing that it returns is right
# says: four axes, as an image has
# from: solution
# -    return conv2d(image, filters, b, (1, stride), (0, padding), (1, dilation))[:, :, 0]
# +    return conv2d(image, filters, b, (1, stride), (0, padding), (1, dilation))

# %% wrong: the stride ignored
# fails: test-conv1d-options
# says: the stride is ignored
# from: sliding windows
# -    win = np.lib.stride_tricks.sliding_window_view(xp, size, axis=2)[:, :, ::stride, ::dilation]
# +    win = np.lib.stride_tricks.sliding_window_view(xp, size, axis=2)[:, :, :, ::dilation]

# %% wrong: the padding ignored
# says: the padding is ignored
# -    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding)))
# +    xp = x

# %% wrong: padding at the end only
# says: padding at the end only
# -    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding)))
# +    xp = np.pad(x, ((0, 0), (0, 0), (0, padding)))

# %% wrong: the dilation ignored
# says: the dilation is ignored
# -    size = dilation * (w.shape[2] - 1) + 1
# +    dilation = 1
# +    size = dilation * (w.shape[2] - 1) + 1

# %% wrong: dilation moments between the taps
# says: dilation pixels between the taps
# -    size = dilation * (w.shape[2] - 1) + 1
# +    dilation += dilation > 1
# +    size = dilation * (w.shape[2] - 1) + 1

# %% wrong: nothing is refused
# fails: test-conv1d-too-large
# says: no kernel is refused
# from: loops in plain Python
# -    if reach > L + 2 * padding:
# +    if False:

# %% wrong: the dilation is not counted in the comparison
# says: the kernel as it is compared with the sequence
# -    if reach > L + 2 * padding:
# +    if K > L + 2 * padding:

# %% wrong: a kernel that just fits is refused
# says: refusing a kernel that just fits
# -    if reach > L + 2 * padding:
# +    if reach >= L + 2 * padding:


# %% wrong: the sequence made an image in place
# fails: test-conv1d-too-large
# says: working in place
def conv1d(x, w, b, stride=1, padding=0, dilation=1):
    images, channels, length = x.shape
    x.shape = (images, channels, 1, length)
    return conv2d(x, w[:, :, None], b, (1, stride), (0, padding), (1, dilation))[:, :, 0]
