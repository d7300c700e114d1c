# %% right: both ends at once
def receptive_box(layers, position):
    (top, left), (bottom, right) = position, (position[0] + 1, position[1] + 1)
    for k, s, p in reversed(layers):
        top, left = top * s - p, left * s - p
        bottom, right = (bottom - 1) * s - p + k, (right - 1) * s - p + k
    return top, left, bottom, right


# %% right: size, jump and start from the first layer on
def receptive_box(layers, position):
    size, jump, start = 1, 1, 0
    for kernel_size, stride, padding in layers:
        start -= padding * jump
        size += (kernel_size - 1) * jump
        jump *= stride
    i, j = position
    top, left = start + i * jump, start + j * jump
    return (top, left, top + size, left + size)


# %% right: recursion, a list returned
def receptive_box(layers, position):
    def back(first, last, layers):
        if not layers:
            return first, last
        *before, (kernel, stride, padding) = layers
        return back(first * stride - padding, last * stride - padding + kernel - 1, before)

    rows, columns = [back(at, at, list(layers)) for at in position]
    return [rows[0], columns[0], rows[1] + 1, columns[1] + 1]


# %% right: NumPy
def receptive_box(layers, position):
    box = np.array([*position, *position])
    for kernel, stride, padding in layers[::-1]:
        box = box * stride - padding + np.array([0, 0, kernel - 1, kernel - 1])
    box[2:] += 1
    return tuple(box)


# %% right: all pixels that are seen
def receptive_box(layers, position):
    rows, columns = {position[0]}, {position[1]}
    for k, s, p in layers[::-1]:
        rows = {r * s - p + d for r in rows for d in range(k)}
        columns = {c * s - p + d for c in columns for d in range(k)}
    return min(rows), min(columns), max(rows) + 1, max(columns) + 1


# %% right: products of strides
def receptive_box(layers, position):
    steps = [math.prod(s for _, s, _ in layers[:n]) for n in range(len(layers) + 1)]
    offset = sum(p * step for (_, _, p), step in zip(layers, steps))
    size = 1 + sum((k - 1) * step for (k, _, _), step in zip(layers, steps))
    top, left = (at * steps[-1] - offset for at in position)
    return top, left, top + size, left + size


# %% right: tensors
def receptive_box(layers, position):
    first = torch.tensor(position)
    last = torch.tensor(position)
    for kernel, stride, padding in reversed(layers):
        first = first * stride - padding
        last = last * stride - padding + kernel - 1
    return torch.cat([first, last + 1])


# %% wrong: from the first layer to the last
# fails: test-receptive-box-size
# says: the layers from the first to the last
# from: both ends at once
# -    for k, s, p in reversed(layers):
# +    for k, s, p in layers:

# %% wrong: inclusive ends
# fails: test-receptive-box-size, test-receptive-box-padding
# because: nothing that it returns is right
# says: bottom and right are one beyond
# -    return top, left, bottom, right
# +    return top, left, bottom - 1, right - 1

# %% wrong: columns first
# fails: test-receptive-box-size, test-receptive-box-padding
# because: nothing that it returns is right
# says: rows come first
# -    return top, left, bottom, right
# +    return left, top, right, bottom

# %% wrong: top, bottom, left, right
# fails: test-receptive-box-size, test-receptive-box-padding
# because: nothing that it returns is right
# says: top and left come first
# -    return top, left, bottom, right
# +    return top, bottom, left, right

# %% wrong: a kernel too large by one
# fails: test-receptive-box-size, test-receptive-box-padding
# because: nothing that it returns is right
# says: a kernel counted one too large
# -        bottom, right = (bottom - 1) * s - p + k, (right - 1) * s - p + k
# +        bottom, right = (bottom - 1) * s - p + k + 1, (right - 1) * s - p + k + 1

# %% wrong: height and width
# fails: test-receptive-box-size, test-receptive-box-padding
# because: nothing that it returns is right
# says: sizes in place of ends
# -    return top, left, bottom, right
# +    return top, left, bottom - top, right - left

# %% wrong: kernel sizes without the strides
# fails: test-receptive-box-size
# says: kernel sizes added up without the strides
# from: size, jump and start from the first layer on
# -        size += (kernel_size - 1) * jump
# +        size += kernel_size - 1

# %% wrong: the jump grows before the kernel is counted
# fails: test-receptive-box-size
# says: wrong value
# -        size += (kernel_size - 1) * jump
# -        jump *= stride
# +        jump *= stride
# +        size += (kernel_size - 1) * jump

# %% wrong: whole kernels added up
# fails: test-receptive-box-size, test-receptive-box-padding
# because: nothing that it returns is right
# says: wrong value
# -        size += (kernel_size - 1) * jump
# +        size += kernel_size * jump

# %% wrong: strides added, not multiplied
# fails: test-receptive-box-size
# says: wrong value
# -        jump *= stride
# +        jump += stride - 1

# %% wrong: floats
# fails: test-receptive-box-size, test-receptive-box-padding
# because: nothing that it returns is right
# says: float
# -    return (top, left, top + size, left + size)
# +    return (top / 1, left / 1, (top + size) / 1, (left + size) / 1)

# %% wrong: one pixel where there are no layers left out
# fails: test-receptive-box-size
# says: receptive_box
# -    i, j = position
# +    i, j = layers and position

# %% wrong: padding left out
# fails: test-receptive-box-padding
# says: padding left out
# from: size, jump and start from the first layer on
# -        start -= padding * jump

# %% wrong: padding added
# says: padding added
# -        start -= padding * jump
# +        start += padding * jump

# %% wrong: padding without the strides
# says: padding added up without the strides
# -        start -= padding * jump
# +        start -= padding

# %% wrong: padding after the stride
# says: wrong value
# -        start -= padding * jump
# -        size += (kernel_size - 1) * jump
# -        jump *= stride
# +        size += (kernel_size - 1) * jump
# +        jump *= stride
# +        start -= padding * jump

# %% wrong: the far end without padding
# says: padding taken off top and left alone
# from: both ends at once
# -        bottom, right = (bottom - 1) * s - p + k, (right - 1) * s - p + k
# +        bottom, right = (bottom - 1) * s + k, (right - 1) * s + k

# %% wrong: the box grows on both sides
# says: the box moves, it does not grow
# -        bottom, right = (bottom - 1) * s - p + k, (right - 1) * s - p + k
# +        bottom, right = (bottom - 1) * s + p + k, (right - 1) * s + p + k

# %% wrong: clipped at 0
# says: clipped at 0
# -    return top, left, bottom, right
# +    return max(top, 0), max(left, 0), max(bottom, 0), max(right, 0)

# %% wrong: twice the padding
# says: twice the padding
# -        top, left = top * s - p, left * s - p
# -        bottom, right = (bottom - 1) * s - p + k, (right - 1) * s - p + k
# +        top, left = top * s - 2 * p, left * s - 2 * p
# +        bottom, right = (bottom - 1) * s - 2 * p + k, (right - 1) * s - 2 * p + k
