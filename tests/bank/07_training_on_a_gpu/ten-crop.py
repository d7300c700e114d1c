# %% right: one slice for each window
def ten_crop(x, size):
    h, w = x.shape[-2:]
    top, left = (h - size) // 2, (w - size) // 2
    tl = x[:, :, :size, :size]
    tr = x[:, :, :size, w - size :]
    bl = x[:, :, h - size :, :size]
    br = x[:, :, h - size :, w - size :]
    centre = x[:, :, top : top + size, left : left + size]
    five = [tl, tr, bl, br, centre]
    return torch.stack(five + [window.flip(3) for window in five], dim=1)


# %% right: written into an empty tensor
def ten_crop(x, size):
    n, c, height, width = x.shape
    out = x.new_empty(n, 10, c, size, size)
    rows, columns = [0, height - size], [0, width - size]
    places = [(i, j) for i in rows for j in columns]
    places.append(((height - size) // 2, (width - size) // 2))
    for k, (i, j) in enumerate(places):
        out[:, k] = x[:, :, i : i + size, j : j + size]
        out[:, 5 + k] = torch.flip(out[:, k], [-1])
    return out


# %% right: all by one index
def ten_crop(x, size):
    down, right = x.size(2) - size, x.size(3) - size
    top = torch.tensor([0, 0, down, down, down // 2] * 2)
    left = torch.tensor([0, right, 0, right, right // 2] * 2)
    rows = top[:, None, None] + torch.arange(size)[:, None]
    steps = torch.arange(size).repeat(10, 1)
    steps[5:] = steps[5:].flip(1)
    columns = left[:, None, None] + steps[:, None, :]
    return x[:, :, rows, columns].transpose(1, 2).contiguous()


# %% right: all windows, of which five are taken
def ten_crop(x, size):
    windows = x.unfold(2, size, 1).unfold(3, size, 1)
    last, end = windows.shape[2] - 1, windows.shape[3] - 1
    five = windows[:, :, [0, 0, last, last, last // 2], [0, end, 0, end, end // 2]]
    five = five.permute(0, 2, 1, 3, 4)
    return torch.cat((five, five.flip(dims=[4])), dim=1)


# %% right: image by image, as torchvision does
def crop(image, top, left, size):
    return image.narrow(-2, top, size).narrow(-1, left, size)


def five_crop(image, size):
    height, width = image.shape[-2:]
    return (
        crop(image, 0, 0, size),
        crop(image, 0, width - size, size),
        crop(image, height - size, 0, size),
        crop(image, height - size, width - size, size),
        crop(image, (height - size) // 2, (width - size) // 2, size),
    )


def ten_crop(x, size):
    found = []
    for image in x:
        first = five_crop(image, size)
        found.append(torch.stack([*first, *(torch.fliplr(w.movedim(0, -1)).movedim(-1, 0) for w in first)]))
    return torch.stack(found)


# %% right: windows of the mirrored image, put in order
def ten_crop(x, size):
    gap_h, gap_w = x.shape[2] - size, x.shape[3] - size

    def five(images, middle):
        corners = [images[:, :, i:, j:] for i in (0, gap_h) for j in (0, gap_w)]
        corners.append(images[:, :, gap_h // 2 :, middle:])
        return [window[:, :, :size, :size] for window in corners]

    first = five(x, gap_w // 2)
    second = five(x.flip(-1), gap_w - gap_w // 2)
    return torch.stack(first + [second[k] for k in (1, 0, 3, 2, 4)], 1)


# %% wrong: columns first
# fails: test-ten-crop-values
# says: the order of the corners: top right is second, bottom left third
# from: one slice for each window
# -    five = [tl, tr, bl, br, centre]
# +    five = [tl, bl, tr, br, centre]

# %% wrong: clockwise
# says: clockwise: bottom left is third
# -    five = [tl, tr, bl, br, centre]
# +    five = [tl, tr, br, bl, centre]

# %% wrong: from the bottom upwards
# says: wrong values
# -    five = [tl, tr, bl, br, centre]
# +    five = [bl, br, tl, tr, centre]

# %% wrong: the centre first
# says: wrong values
# -    five = [tl, tr, bl, br, centre]
# +    five = [centre, tl, tr, bl, br]

# %% wrong: each window beside its mirror image
# says: each window beside its mirror image: first five windows, then five mirror images
# -    return torch.stack(five + [window.flip(3) for window in five], dim=1)
# +    return torch.stack([each for window in five for each in (window, window.flip(3))], dim=1)

# %% wrong: the mirror images first
# says: the mirror images first
# -    return torch.stack(five + [window.flip(3) for window in five], dim=1)
# +    return torch.stack([window.flip(3) for window in five] + five, dim=1)

# %% wrong: upside down
# says: upside down: the last axis is left and right
# -    return torch.stack(five + [window.flip(3) for window in five], dim=1)
# +    return torch.stack(five + [window.flip(2) for window in five], dim=1)

# %% wrong: turned round
# says: turned by 180 degrees: only the last axis is mirrored
# from: all windows, of which five are taken
# -    return torch.cat((five, five.flip(dims=[4])), dim=1)
# +    return torch.cat((five, five.flip(dims=[3, 4])), dim=1)

# %% wrong: the five windows in reverse order
# says: wrong values
# -    return torch.cat((five, five.flip(dims=[4])), dim=1)
# +    return torch.cat((five, five.flip(dims=[1])), dim=1)

# %% wrong: the five windows twice
# says: wrong values
# -    return torch.cat((five, five.flip(dims=[4])), dim=1)
# +    return torch.cat((five, five), dim=1)

# %% wrong: windows of the mirrored image, in its order
# says: the windows of the mirrored image, where left is right
# from: windows of the mirrored image, put in order
# -    second = five(x.flip(-1), gap_w - gap_w // 2)
# -    return torch.stack(first + [second[k] for k in (1, 0, 3, 2, 4)], 1)
# +    second = five(x.flip(-1), gap_w // 2)
# +    return torch.stack(first + second, 1)

# %% wrong: the mirrored centre one column off
# says: wrong values
# -    second = five(x.flip(-1), gap_w - gap_w // 2)
# +    second = five(x.flip(-1), gap_w // 2)

# %% wrong: the centre rounded up
# says: the centre rounded up
# from: one slice for each window
# -    top, left = (h - size) // 2, (w - size) // 2
# +    top, left = (h - size + 1) // 2, (w - size + 1) // 2

# %% wrong: the centre rounded to the nearest
# says: wrong values
# -    top, left = (h - size) // 2, (w - size) // 2
# +    top, left = round((h - size) / 2), round((w - size) / 2)

# %% wrong: the centre in half of the image less half of the size
# says: wrong values
# -    top, left = (h - size) // 2, (w - size) // 2
# +    top, left = h // 2 - size // 2, w // 2 - size // 2

# %% wrong: the centre begins in the middle
# fails: test-ten-crop-values, test-ten-crop-inputs
# because: the windows are of several sizes, and nothing comes back
# says: ten_crop raised RuntimeError
# -    top, left = (h - size) // 2, (w - size) // 2
# +    top, left = h // 2, w // 2

# %% wrong: height and width exchanged
# says: ten_crop raised RuntimeError
# -    h, w = x.shape[-2:]
# +    w, h = x.shape[-2:]

# %% wrong: the height for columns, too
# fails: test-ten-crop-values
# says: wrong values
# from: written into an empty tensor
# -    rows, columns = [0, height - size], [0, width - size]
# +    rows, columns = [0, height - size], [0, height - size]

# %% wrong: ten beside each other in the batch
# says: of shape
# from: all windows, of which five are taken
# -    return torch.cat((five, five.flip(dims=[4])), dim=1)
# +    return torch.cat((five, five.flip(dims=[4])), dim=1).flatten(0, 1)

# %% wrong: windows before images
# says: of shape
# from: one slice for each window
# -    return torch.stack(five + [window.flip(3) for window in five], dim=1)
# +    return torch.stack(five + [window.flip(3) for window in five], dim=0)

# %% wrong: channels before windows
# says: of shape
# -    return torch.stack(five + [window.flip(3) for window in five], dim=1)
# +    return torch.stack(five + [window.flip(3) for window in five], dim=2)

# %% wrong: five windows only
# says: of shape
# -    return torch.stack(five + [window.flip(3) for window in five], dim=1)
# +    return torch.stack(five, dim=1)

# %% wrong: in double precision
# fails: test-ten-crop-inputs
# says: float64
# from: written into an empty tensor
# -    out = x.new_empty(n, 10, c, size, size)
# +    out = torch.empty(n, 10, c, size, size, dtype=torch.float64)

# %% wrong: mirrored in place
# says: working in place
# from: all windows, of which five are taken
# -    five = five.permute(0, 2, 1, 3, 4)
# -    return torch.cat((five, five.flip(dims=[4])), dim=1)
# +    five = five.permute(0, 2, 1, 3, 4)
# +    x[:] = x.flip(-1)
# +    other = windows[:, :, [0, 0, last, last, last // 2], [end, 0, end, 0, end - end // 2]]
# +    return torch.cat((five, other.permute(0, 2, 1, 3, 4)), dim=1)

# %% wrong: brightness changed in place on the way
# says: working in place
# from: one slice for each window
# -    h, w = x.shape[-2:]
# +    h, w = x.shape[-2:]
# +    x, given = x.mul_(2), x
# -    return torch.stack(five + [window.flip(3) for window in five], dim=1)
# +    return torch.stack(five + [window.flip(3) for window in five], dim=1) / 2

# %% wrong: one window too far to the left
# fails: test-ten-crop-values
# says: wrong values
# from: written into an empty tensor
# -    rows, columns = [0, height - size], [0, width - size]
# +    rows, columns = [0, height - size - 1], [0, width - size - 1]
