# %% right: a loop over positions, with slices
def conv3d(x, w, b, stride=1, padding=0):
    s = (stride,) * 3 if isinstance(stride, int) else stride
    p = (padding,) * 3 if isinstance(padding, int) else padding
    xp = np.pad(x, [(0, 0), (0, 0)] + [(q, q) for q in p])
    k = w.shape[2:]
    if any(a > n for a, n in zip(k, xp.shape[2:])):
        raise ValueError(f"{k} in {xp.shape[2:]}")
    shape = [(n - a) // step + 1 for n, a, step in zip(xp.shape[2:], k, s)]
    out = np.zeros((len(x), len(w), *shape))
    for t, i, j in np.ndindex(*shape):
        t0, i0, j0 = t * s[0], i * s[1], j * s[2]
        window = xp[:, None, :, t0 : t0 + k[0], i0 : i0 + k[1], j0 : j0 + k[2]]
        out[:, :, t, i, j] = (window * w).sum(axis=(2, 3, 4, 5)) + b
    return out


# %% right: sliding windows and einsum
def conv3d(x, w, b, stride=1, padding=0):
    a, c, d = np.broadcast_to(stride, 3)
    border = [(0, 0)] * 2 + [(int(q), int(q)) for q in np.broadcast_to(padding, 3)]
    win = np.lib.stride_tricks.sliding_window_view(np.pad(x, border), w.shape[2:], axis=(2, 3, 4))
    win = win[:, :, ::a, ::c, ::d]
    return np.einsum("nctijruv,fcruv->nftij", win, w) + b.reshape(-1, 1, 1, 1)


# %% right: frame by frame through conv2d, channels and moments joined
def conv3d(x, w, b, stride=1, padding=0):
    if not isinstance(stride, tuple):
        stride = (stride, stride, stride)
    if not isinstance(padding, tuple):
        padding = (padding, padding, padding)
    before = np.zeros((x.shape[0], x.shape[1], padding[0], *x.shape[3:]))
    film = np.concatenate([before, x, before], axis=2)
    depth = w.shape[2]
    if film.shape[2] < depth:
        raise ValueError("too few frames")
    flat = w.reshape(len(w), -1, *w.shape[3:])
    outs = []
    for t in range(0, film.shape[2] - depth + 1, stride[0]):
        clip = film[:, :, t : t + depth]
        clip = clip.reshape(len(x), -1, *clip.shape[3:])
        outs.append(conv2d(clip, flat, b, stride[1:], padding[1:]))
    return np.stack(outs, axis=2)


# %% right: tap by tap
def conv3d(x, w, b, stride=1, padding=0):
    steps = list(stride) if np.ndim(stride) else [stride] * 3
    border = list(padding) if np.ndim(padding) else [padding] * 3
    film = np.pad(x, ((0, 0), (0, 0), *zip(border, border)))
    sizes = [(n - k) // s + 1 for n, k, s in zip(film.shape[2:], w.shape[2:], steps)]
    if min(sizes) < 1:
        raise ValueError(sizes)
    out = np.zeros((len(x), len(w), *sizes))
    for tap in np.ndindex(*w.shape[2:]):
        where = tuple(slice(t, t + (o - 1) * s + 1, s) for t, o, s in zip(tap, sizes, steps))
        part = film[(slice(None), slice(None)) + where]
        out += np.einsum("nctij,fc->nftij", part, w[(slice(None), slice(None)) + tap])
    return out + b[:, None, None, None]


# %% wrong: the last moment only, = for +=
# fails: test-conv3d-sum
# says: the last moment of the kernel only
# from: solution
# -        sum(
# -            conv2d(film[:, :, t + r], w[:, :, r], none, (sh, sw), (ph, pw))
# -            for r in range(moments)
# -        )
# +        [
# +            conv2d(film[:, :, t + r], w[:, :, r], none, (sh, sw), (ph, pw))
# +            for r in range(moments)
# +        ][-1]

# %% wrong: time runs backwards
# says: time runs backwards
# -            conv2d(film[:, :, t + r], w[:, :, r], none, (sh, sw), (ph, pw))
# +            conv2d(film[:, :, t + r], w[:, :, -1 - r], none, (sh, sw), (ph, pw))

# %% wrong: a bias for each moment
# says: a bias for each moment of the kernel
# -    none = np.zeros(len(w))
# +    none, b = b, 0 * b

# %% wrong: no bias
# says: the bias is left out
# -    return np.stack(frames, axis=2) + b[:, None, None, None]
# +    return np.stack(frames, axis=2)

# %% wrong: an output for each channel
# says: an output for each channel
# from: sliding windows and einsum
# -    return np.einsum("nctijruv,fcruv->nftij", win, w) + b.reshape(-1, 1, 1, 1)
# +    out = np.einsum("nctijruv,fcruv->ncftij", win, w) + b.reshape(-1, 1, 1, 1)
# +    return out.reshape(len(x), -1, *out.shape[3:])

# %% wrong: the frames stacked first
# fails: test-conv3d-sum, test-conv3d-options, test-conv3d-triples
# because: nothing that it returns is right
# says: time before the filters
# from: solution
# -    return np.stack(frames, axis=2) + b[:, None, None, None]
# +    return np.stack(frames, axis=1) + b[:, None, None]

# %% wrong: the stride ignored along time
# fails: test-conv3d-options
# says: no stride along time
# -        for t in range(0, room + 1, st)
# +        for t in range(0, room + 1)

# %% wrong: no padding along time
# says: no padding along time
# -    film = np.pad(x, ((0, 0), (0, 0), (pt, pt), (0, 0), (0, 0)))
# +    film = x

# %% wrong: the stride ignored
# says: the stride is ignored
# -    film = np.pad(x, ((0, 0), (0, 0), (pt, pt), (0, 0), (0, 0)))
# +    st = sh = sw = 1
# +    film = np.pad(x, ((0, 0), (0, 0), (pt, pt), (0, 0), (0, 0)))

# %% wrong: padding at the end only
# says: padding at the end only
# from: sliding windows and einsum
# -    border = [(0, 0)] * 2 + [(int(q), int(q)) for q in np.broadcast_to(padding, 3)]
# +    border = [(0, 0)] * 2 + [(0, int(q)) for q in np.broadcast_to(padding, 3)]

# %% wrong: (width, height, time)
# fails: test-conv3d-triples
# says: (width, height, time) for (time, height, width)
# from: solution
# -    (st, sh, sw), (pt, ph, pw) = (
# +    (sw, sh, st), (pw, ph, pt) = (

# %% wrong: the first of three for all
# says: the first of three for all axes
# -        option if isinstance(option, tuple) else (option,) * 3 for option in (stride, padding)
# +        option[:1] * 3 if isinstance(option, tuple) else (option,) * 3 for option in (stride, padding)

# %% wrong: integers only
# says: int
# -        option if isinstance(option, tuple) else (option,) * 3 for option in (stride, padding)
# +        (int(option),) * 3 for option in (stride, padding)

# %% wrong: nothing is refused
# fails: test-conv3d-too-large
# says: no kernel is refused
# from: tap by tap
# -    if min(sizes) < 1:
# -        raise ValueError(sizes)
# +    if min(sizes) < 1:
# +        return np.zeros((len(x), len(w), *np.maximum(sizes, 0)))

# %% wrong: the moments are not compared
# says: height and width only
# -    if min(sizes) < 1:
# -        raise ValueError(sizes)
# +    if min(sizes[1:]) < 1:
# +        raise ValueError(sizes)
# +    if sizes[0] < 1:
# +        return np.zeros((len(x), len(w), 0, *sizes[1:]))

# %% wrong: a kernel that just fits is refused
# says: refusing a kernel that just fits
# -    if min(sizes) < 1:
# +    if any(n <= k for n, k in zip(film.shape[2:], w.shape[2:])):


# %% wrong: the kernels made rows in place
# fails: test-conv3d-too-large
# says: working in place
def conv3d(x, w, b, stride=1, padding=0):
    steps, borders = np.broadcast_to(stride, 3), np.broadcast_to(padding, 3)
    film = np.pad(x, [(0, 0), (0, 0), *((p, p) for p in borders)])
    k = w.shape[2:]
    if any(a > n for a, n in zip(k, film.shape[2:])):
        raise ValueError("larger")
    shape = [(n - a) // s + 1 for n, a, s in zip(film.shape[2:], k, steps)]
    out = np.zeros((len(x), len(w), *shape))
    w.shape = (len(w), -1)
    for place in np.ndindex(*shape):
        window = tuple(slice(i * s, i * s + a) for i, s, a in zip(place, steps, k))
        out[(slice(None), slice(None), *place)] = film[(..., *window)].reshape(len(x), -1) @ w.T + b
    return out
