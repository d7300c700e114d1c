# %% right: eight loops in plain Python, no padded image
def conv2d(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    def both(v):
        return v if isinstance(v, (tuple, list)) else (v, v)

    N, C, H, W = x.shape
    F, CG, KH, KW = w.shape
    (sh, sw), (ph, pw), (dh, dw) = both(stride), both(padding), both(dilation)
    if C % groups != 0 or F % groups != 0:
        raise ValueError("groups")
    if dh * (KH - 1) + 1 > H + 2 * ph or dw * (KW - 1) + 1 > W + 2 * pw:
        raise ValueError("kernel too large")
    OH = (H + 2 * ph - dh * (KH - 1) - 1) // sh + 1
    OW = (W + 2 * pw - dw * (KW - 1) - 1) // sw + 1
    out = np.zeros((N, F, OH, OW), x.dtype)
    for n in range(N):
        for f in range(F):
            g = f // (F // groups)
            for i in range(OH):
                for j in range(OW):
                    total = float(b[f])
                    for c in range(CG):
                        for u in range(KH):
                            for v in range(KW):
                                r, s = i * sh + u * dh - ph, j * sw + v * dw - pw
                                if 0 <= r < H and 0 <= s < W:
                                    total += float(x[n, g * CG + c, r, s]) * float(w[f, c, u, v])
                    out[n, f, i, j] = total
    return out


# %% right: one einsum over groups with sliding windows
def conv2d(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    sh, sw = np.broadcast_to(stride, 2)
    ph, pw = np.broadcast_to(padding, 2)
    dh, dw = np.broadcast_to(dilation, 2)
    n, c = x.shape[:2]
    f, some, kh, kw = w.shape
    if c % groups or f % groups:
        raise ValueError(f"{c} and {f} are not multiples of {groups}")
    xp = np.pad(x, [(0, 0), (0, 0), (ph, ph), (pw, pw)])
    # windows that are too large raise a ValueError here
    size = (int(dh * (kh - 1) + 1), int(dw * (kw - 1) + 1))
    win = np.lib.stride_tricks.sliding_window_view(xp, size, axis=(2, 3))
    win = win[:, :, ::sh, ::sw, ::dh, ::dw]
    win = win.reshape(n, groups, some, *win.shape[2:])
    out = np.einsum("ngchwuv,gfcuv->ngfhw", win, w.reshape(groups, f // groups, some, kh, kw))
    return out.reshape(n, f, *out.shape[3:]) + b[:, None, None]


# %% right: as_strided, a tensordot for each group
from numpy.lib.stride_tricks import as_strided


def conv2d(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    pairs = [p if isinstance(p, tuple) else (p, p) for p in (stride, padding, dilation)]
    (s0, s1), (p0, p1), (d0, d1) = pairs
    n, c, h, width = x.shape
    f, k, kh, kw = w.shape
    if c % groups or f % groups:
        raise ValueError("not divisible")
    padded = np.zeros((n, c, h + 2 * p0, width + 2 * p1), dtype=x.dtype)
    padded[:, :, p0 : p0 + h, p1 : p1 + width] = x
    oh = (padded.shape[2] - (kh - 1) * d0 - 1) // s0 + 1
    ow = (padded.shape[3] - (kw - 1) * d1 - 1) // s1 + 1
    if oh < 1 or ow < 1:
        raise ValueError("no room")
    a, e, down, right = padded.strides
    win = as_strided(
        padded,
        (n, c, oh, ow, kh, kw),
        (a, e, down * s0, right * s1, down * d0, right * d1),
    )
    outs = []
    for g in range(groups):
        filters = w[g * f // groups : (g + 1) * f // groups]
        part = np.tensordot(win[:, g * k : (g + 1) * k], filters, axes=((1, 4, 5), (1, 2, 3)))
        outs.append(part.transpose(0, 3, 1, 2))
    return np.concatenate(outs, axis=1) + b.reshape(1, -1, 1, 1)


# %% right: columns and one matrix product a group
def conv2d(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    sh, sw = (stride, stride) if isinstance(stride, int) else stride
    ph, pw = (padding, padding) if isinstance(padding, int) else padding
    dh, dw = (dilation, dilation) if isinstance(dilation, int) else dilation
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    if C % groups or F % groups:
        raise ValueError("groups must divide the channels and the filters")
    xp = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    tops = range(0, H + 2 * ph - dh * (KH - 1), sh)
    lefts = range(0, W + 2 * pw - dw * (KW - 1), sw)
    if not tops or not lefts:
        raise ValueError("the kernel does not fit")
    rows = np.array([[t + u * dh for u in range(KH)] for t in tops])
    columns = np.array([[l + v * dw for v in range(KW)] for l in lefts])
    patches = xp[:, :, rows[:, None, :, None], columns[None, :, None, :]]  # N C OH OW KH KW
    outs = np.zeros((N, F, len(tops), len(lefts)), dtype=x.dtype)
    for g, filters in enumerate(np.split(w, groups)):
        part = np.split(patches, groups, axis=1)[g]
        flat = part.transpose(0, 2, 3, 1, 4, 5).reshape(N, len(tops), len(lefts), -1)
        of = F // groups
        outs[:, g * of : (g + 1) * of] = np.moveaxis(flat @ filters.reshape(of, -1).T, -1, 1)
    outs += b[None, :, None, None]
    return outs


# %% right: a loop over the taps, the kernel made dense over the groups
def conv2d(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    def pair(value):
        return tuple(value) if np.ndim(value) else (value, value)

    (s, t), (p, q), (d, e) = pair(stride), pair(padding), pair(dilation)
    f, some, kh, kw = w.shape
    channels = x.shape[1]
    if channels % groups or f % groups:
        raise ValueError
    dense = np.zeros((f, channels, kh, kw), w.dtype)
    for filter_ in range(f):
        first = (filter_ * groups // f) * some
        dense[filter_, first : first + some] = w[filter_]
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (q, q)))
    oh = (xp.shape[2] - d * (kh - 1) - 1) // s + 1
    ow = (xp.shape[3] - e * (kw - 1) - 1) // t + 1
    if min(oh, ow) <= 0:
        raise ValueError("too large")
    out = np.empty((len(x), f, oh, ow), x.dtype)
    out[:] = b[:, None, None]
    for u in range(kh):
        for v in range(kw):
            seen = xp[:, :, u * d :: s, v * e :: t][:, :, :oh, :ow]
            out += np.einsum("nchw,fc->nfhw", seen, dense[:, :, u, v])
    return out


# %% right: the kernel with its gaps filled with zeros, groups by recursion
class DoesNotFit(ValueError):
    pass


def plain(x, w, stride):
    kh, kw = w.shape[2:]
    if kh > x.shape[2] or kw > x.shape[3]:
        raise DoesNotFit(w.shape)
    oh, ow = (x.shape[2] - kh) // stride[0] + 1, (x.shape[3] - kw) // stride[1] + 1
    out = np.zeros((x.shape[0], w.shape[0], oh, ow), dtype=x.dtype)
    for i in range(oh):
        for j in range(ow):
            window = x[:, None, :, i * stride[0] : i * stride[0] + kh, j * stride[1] : j * stride[1] + kw]
            out[:, :, i, j] = (window * w).sum(axis=(2, 3, 4))
    return out


def conv2d(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    if groups > 1:
        if x.shape[1] % groups or w.shape[0] % groups:
            raise DoesNotFit(groups)
        parts = zip(np.split(x, groups, 1), np.split(w, groups), np.split(b, groups))
        done = [conv2d(xs, ws, bs, stride, padding, dilation) for xs, ws, bs in parts]
        return np.concatenate(done, axis=1)
    stride, padding, dilation = (
        v if isinstance(v, tuple) else (v,) * 2 for v in (stride, padding, dilation)
    )
    kh, kw = w.shape[2:]
    sparse = np.zeros(
        w.shape[:2] + (dilation[0] * (kh - 1) + 1, dilation[1] * (kw - 1) + 1), dtype=w.dtype
    )
    sparse[:, :, :: dilation[0], :: dilation[1]] = w
    border = [(0, 0), (0, 0)] + [(p, p) for p in padding]
    return plain(np.pad(x, border), sparse, stride) + b[:, None, None]


# %% right: float64 inside, cast at the end, other names
def conv2d(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    images, kernels = np.asarray(x, float), np.asarray(w, float)
    step_y, step_x = [stride] * 2 if np.isscalar(stride) else stride
    edge_y, edge_x = [padding] * 2 if np.isscalar(padding) else padding
    gap_y, gap_x = [dilation] * 2 if np.isscalar(dilation) else dilation
    count, depth, height, width = images.shape
    out_depth, in_depth, tall, wide = kernels.shape
    if depth / groups != depth // groups or out_depth / groups != out_depth // groups:
        raise ValueError("uneven groups")
    reach_y, reach_x = gap_y * (tall - 1), gap_x * (wide - 1)
    rows = (height + 2 * edge_y - reach_y - 1) // step_y + 1
    columns = (width + 2 * edge_x - reach_x - 1) // step_x + 1
    if rows < 1 or columns < 1:
        raise ValueError("no output")
    framed = np.pad(images, ((0, 0), (0, 0), (edge_y,) * 2, (edge_x,) * 2))
    result = np.zeros((count, out_depth, rows, columns))
    per_group = out_depth // groups
    for group in range(groups):
        seen = framed[:, group * in_depth : (group + 1) * in_depth]
        mine = slice(group * per_group, (group + 1) * per_group)
        for y in range(rows):
            for x_ in range(columns):
                top, left = y * step_y, x_ * step_x
                window = seen[:, :, top : top + reach_y + 1 : gap_y, left : left + reach_x + 1 : gap_x]
                result[:, mine, y, x_] = np.einsum("nchw,fchw->nf", window, kernels[mine])
    result += np.asarray(b, float)[:, None, None]
    return result.astype(x.dtype)


# %% wrong: kernel flipped
# fails: test-conv2d-plain
# says: flipping the kernel: out is a cross-correlation
# from: solution
# -        out[:, f, i, j] = np.sum(window * w[f], axis=(1, 2, 3)) + b[f]
# +        out[:, f, i, j] = np.sum(window * w[f, :, ::-1, ::-1], axis=(1, 2, 3)) + b[f]

# %% wrong: only the last channel, = for +=
# says: the last channel only: add the channels up
# -        out[:, f, i, j] = np.sum(window * w[f], axis=(1, 2, 3)) + b[f]
# +        for c in range(some):
# +            out[:, f, i, j] = np.sum(window[:, c] * w[f, c], axis=(1, 2)) + b[f]

# %% wrong: the mean over a window
# says: the mean over a window
# -        out[:, f, i, j] = np.sum(window * w[f], axis=(1, 2, 3)) + b[f]
# +        out[:, f, i, j] = np.mean(window * w[f], axis=(1, 2, 3)) + b[f]

# %% wrong: the first filter for all
# says: the first filter everywhere
# -        out[:, f, i, j] = np.sum(window * w[f], axis=(1, 2, 3)) + b[f]
# +        out[:, f, i, j] = np.sum(window * w[0], axis=(1, 2, 3)) + b[f]

# %% wrong: the bias forgotten
# says: the bias is left out
# -        out[:, f, i, j] = np.sum(window * w[f], axis=(1, 2, 3)) + b[f]
# +        out[:, f, i, j] = np.sum(window * w[f], axis=(1, 2, 3))

# %% wrong: the bias added for each channel
# says: a bias for each input channel
# -        out[:, f, i, j] = np.sum(window * w[f], axis=(1, 2, 3)) + b[f]
# +        for c in range(some):
# +            out[:, f, i, j] += np.sum(window[:, c] * w[f, c], axis=(1, 2)) + b[f]

# %% wrong: the bias inside the sum
# says: a bias for each product
# -        out[:, f, i, j] = np.sum(window * w[f], axis=(1, 2, 3)) + b[f]
# +        out[:, f, i, j] = np.sum(window * w[f] + b[f], axis=(1, 2, 3))

# %% wrong: out and a cache, as in part 02
# fails: test-conv2d-plain, test-conv2d-stride-padding, test-conv2d-dilation, test-conv2d-groups, test-conv2d-pairs, test-conv2d-dtype
# because: nothing that it returns is right
# says: something beside the result, in a tuple
# -    return out
# +    return out, (x, w)

# %% wrong: the stride ignored
# fails: test-conv2d-stride-padding
# says: the stride is ignored
# -    (sh, sw), (ph, pw), (dh, dw) = (
# +    sh = sw = 1
# +    (ph, pw), (dh, dw) = (
# -        for option in (stride, padding, dilation)
# +        for option in (padding, dilation)
# %% wrong: windows one pixel apart
# says: windows one pixel apart
# -        first, top, left = f // of_group * some, i * sh, j * sw
# +        first, top, left = f // of_group * some, i, j

# %% wrong: the plus one inside the division
# fails: test-conv2d-stride-padding
# says: the + 1 stands after the division
# -    out = np.zeros((images, filters, room_down // sh + 1, room_right // sw + 1), dtype=x.dtype)
# +    out = np.zeros((images, filters, (room_down + 1) // sh, (room_right + 1) // sw), dtype=x.dtype)

# %% wrong: the output size rounded up
# says: rounding the output size up
# -    out = np.zeros((images, filters, room_down // sh + 1, room_right // sw + 1), dtype=x.dtype)
# +    out = np.zeros((images, filters, -(-room_down // sh) + 1, -(-room_right // sw) + 1), dtype=x.dtype)
# -    padded = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
# +    padded = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
# +    beyond = np.pad(padded, ((0, 0), (0, 0), (0, sh), (0, sw)))
# -        window = padded[:, first : first + some, top : top + tall : dh, left : left + wide : dw]
# +        window = beyond[:, first : first + some, top : top + tall : dh, left : left + wide : dw]

# %% wrong: padding at the end only
# says: padding at one end of an axis: it stands at both
# -    padded = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
# +    padded = np.pad(x, ((0, 0), (0, 0), (0, ph), (0, pw)))

# %% wrong: the padding ignored
# says: the padding is ignored
# -    padded = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
# +    padded = x

# %% wrong: the dilation ignored
# fails: test-conv2d-dilation
# says: the dilation is ignored
# -    (sh, sw), (ph, pw), (dh, dw) = (
# +    dh = dw = 1
# +    (sh, sw), (ph, pw) = (
# -        for option in (stride, padding, dilation)
# +        for option in (stride, padding)

# %% wrong: dilation pixels between the taps
# says: they are dilation apart, with dilation - 1 between
# -    images, channels = x.shape[:2]
# +    dh, dw = dh + (dh > 1), dw + (dw > 1)
# +    images, channels = x.shape[:2]

# %% wrong: a dilation of rows only
# says: a dilation along one axis only
# -    images, channels = x.shape[:2]
# +    dw = 1
# +    images, channels = x.shape[:2]

# %% wrong: the image thinned out
# says: thinning out the image
# -    images, channels = x.shape[:2]
# +    images, channels = x.shape[:2]
# +    x, dh, dw = x[:, :, ::dh, ::dw], 1, 1

# %% wrong: stride and dilation swapped in the index
# fails: test-conv2d-stride-padding, test-conv2d-dilation
# because: each goes wrong where it stands alone
# says: stride and dilation swapped
# -    images, channels = x.shape[:2]
# +    (sh, sw), (dh, dw) = (dh, dw), (sh, sw)
# +    images, channels = x.shape[:2]

# %% wrong: the kernel counted as dilation times its size
# fails: test-conv2d-dilation
# says: it is dilation * (K - 1) + 1
# -    tall, wide = dh * (rows - 1) + 1, dw * (columns - 1) + 1
# +    tall, wide = dh * rows, dw * columns

# %% wrong: the kernel enlarged without gaps
# says: an enlarged kernel
# -    tall, wide = dh * (rows - 1) + 1, dw * (columns - 1) + 1
# +    tall, wide = dh * (rows - 1) + 1, dw * (columns - 1) + 1
# +    w, dh, dw = w.repeat(dh, 2)[:, :, :tall].repeat(dw, 3)[:, :, :, :wide], 1, 1

# %% wrong: groups ignored, the first channels for all
# fails: test-conv2d-groups
# says: every filter on the first group
# -        first, top, left = f // of_group * some, i * sh, j * sw
# +        first, top, left = 0, i * sh, j * sw

# %% wrong: filters dealt out in turn
# says: filters dealt out in turn
# -        first, top, left = f // of_group * some, i * sh, j * sw
# +        first, top, left = f % groups * some, i * sh, j * sw

# %% wrong: channels dealt out in turn
# says: channels dealt out in turn
# -        window = padded[:, first : first + some, top : top + tall : dh, left : left + wide : dw]
# +        window = padded[:, f // of_group :: groups, top : top + tall : dh, left : left + wide : dw]

# %% wrong: a group begins at its number
# says: the channels of group g begin at g
# -        first, top, left = f // of_group * some, i * sh, j * sw
# +        first, top, left = f // of_group, i * sh, j * sw

# %% wrong: every filter on all channels, by broadcasting
# says: every filter on all channels
# -        window = padded[:, first : first + some, top : top + tall : dh, left : left + wide : dw]
# +        window = padded[:, :, top : top + tall : dh, left : left + wide : dw]
# -        out[:, f, i, j] = np.sum(window * w[f], axis=(1, 2, 3)) + b[f]
# +        out[:, f, i, j] = np.sum(window * np.tile(w[f], (groups, 1, 1)), axis=(1, 2, 3)) + b[f]

# %% wrong: the groups added up
# says: the groups added up
# -    return out
# +    return out.reshape(images, groups, -1, *out.shape[2:]).sum(axis=1) - (
# +        b.reshape(groups, -1)[1:].sum(axis=0)[:, None, None]
# +    )

# %% wrong: (width, height) for (height, width)
# fails: test-conv2d-pairs
# says: (width, height) for (height, width)
# -    (sh, sw), (ph, pw), (dh, dw) = (
# +    (sw, sh), (pw, ph), (dw, dh) = (

# %% wrong: the first of a pair for both axes
# says: the first of two for both axes
# -        option if isinstance(option, tuple) else (option, option)
# +        (option[0],) * 2 if isinstance(option, tuple) else (option, option)

# %% wrong: integers only
# says: a pair taken for an int
# -    (sh, sw), (ph, pw), (dh, dw) = (
# +    (sh, sw), (ph, pw), (dh, dw) = (
# +        (option + 0, option + 0)
# -        option if isinstance(option, tuple) else (option, option)
# says: can only concatenate tuple

# %% wrong: nothing is refused
# fails: test-conv2d-too-large
# says: no kernel is refused
# -    if room_down < 0 or room_right < 0:
# +    if False:
# -    out = np.zeros((images, filters, room_down // sh + 1, room_right // sw + 1), dtype=x.dtype)
# +    sizes = max(room_down // sh + 1, 0), max(room_right // sw + 1, 0)
# +    out = np.zeros((images, filters, *sizes), dtype=x.dtype)

# %% wrong: the kernel compared without its dilation
# says: the kernel as it is compared with the image
# -    if room_down < 0 or room_right < 0:
# +    if rows > padded.shape[2] or columns > padded.shape[3]:
# -    out = np.zeros((images, filters, room_down // sh + 1, room_right // sw + 1), dtype=x.dtype)
# +    sizes = max(room_down // sh + 1, 0), max(room_right // sw + 1, 0)
# +    out = np.zeros((images, filters, *sizes), dtype=x.dtype)

# %% wrong: a kernel that just fits is refused
# says: refusing a kernel that just fits
# -    if room_down < 0 or room_right < 0:
# +    if room_down <= 0 or room_right <= 0:

# %% wrong: the height only is compared
# says: the height only
# -    if room_down < 0 or room_right < 0:
# +    if room_down < 0:
# -    out = np.zeros((images, filters, room_down // sh + 1, room_right // sw + 1), dtype=x.dtype)
# +    sizes = room_down // sh + 1, max(room_right // sw + 1, 0)
# +    out = np.zeros((images, filters, *sizes), dtype=x.dtype)

# %% wrong: no groups are refused
# fails: test-conv2d-groups-divide
# says: no groups are refused
# -    if channels % groups or filters % groups:
# +    if False:
# -    some, of_group = channels // groups, filters // groups
# +    some, of_group = w.shape[1], max(filters // groups, 1)
# -        first, top, left = f // of_group * some, i * sh, j * sw
# +        first, top, left = min(f // of_group * some, channels - some), i * sh, j * sw

# %% wrong: the channels only
# says: the channels only: groups have to divide the filters too
# -    if channels % groups or filters % groups:
# +    if channels % groups:
# -    some, of_group = channels // groups, filters // groups
# +    some, of_group = w.shape[1], -(-filters // groups)

# %% wrong: the filters only
# says: the filters only: groups have to divide the channels too
# -    if channels % groups or filters % groups:
# +    if filters % groups:
# -    some, of_group = channels // groups, filters // groups
# +    some, of_group = w.shape[1], filters // groups

# %% wrong: refused only where both do not divide
# says: refused only where both do not divide
# -    if channels % groups or filters % groups:
# +    if channels % groups and filters % groups:
# -    some, of_group = channels // groups, filters // groups
# +    some, of_group = w.shape[1], -(-filters // groups)

# %% wrong: always float64
# fails: test-conv2d-dtype
# says: an array made without a dtype
# -    out = np.zeros((images, filters, room_down // sh + 1, room_right // sw + 1), dtype=x.dtype)
# +    out = np.zeros((images, filters, room_down // sh + 1, room_right // sw + 1))


# %% wrong: an image without padding taken apart in place
# fails: test-conv2d-dtype
# says: working in place
def conv2d(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    (sh, sw), (ph, pw), (dh, dw) = (np.broadcast_to(o, 2) for o in (stride, padding, dilation))
    channels, (filters, some, rows, columns) = x.shape[1], w.shape
    if channels % groups or filters % groups:
        raise ValueError("groups")
    if ph or pw:
        x = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    high = (x.shape[2] - dh * (rows - 1) - 1) // sh + 1
    wide = (x.shape[3] - dw * (columns - 1) - 1) // sw + 1
    if high < 1 or wide < 1:
        raise ValueError("larger")
    w.shape = (filters, -1)
    out = np.zeros((len(x), filters, high, wide), x.dtype)
    for f, i, j in np.ndindex(filters, high, wide):
        first, r, q = f // (filters // groups) * some, i * sh, j * sw
        down, across = slice(r, r + dh * (rows - 1) + 1, dh), slice(q, q + dw * (columns - 1) + 1, dw)
        out[:, f, i, j] = x[:, first : first + some, down, across].reshape(len(x), -1) @ w[f] + b[f]
    return out
