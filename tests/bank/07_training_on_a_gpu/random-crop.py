# %% right: one index for all
def random_crop(x, padding, generator):
    n, c, h, w = x.shape
    corner = torch.randint(2 * padding + 1, (2, n, 1), generator=generator)
    rows, columns = corner[0] + torch.arange(h), corner[1] + torch.arange(w)
    padded = F.pad(x, (padding, padding, padding, padding))
    images, channels = torch.arange(n).view(n, 1, 1, 1), torch.arange(c).view(1, c, 1, 1)
    return padded[images, channels, rows[:, None, :, None], columns[:, None, None, :]]


# %% right: a loop, and whole parts of random numbers
def random_crop(x, padding, generator):
    n, c, h, w = x.shape
    padded = torch.zeros(n, c, h + 2 * padding, w + 2 * padding)
    padded[:, :, padding : padding + h, padding : padding + w] = x
    out = torch.empty_like(x)
    for k in range(n):
        top = int(torch.rand(1, generator=generator) * (2 * padding + 1))
        left = int(torch.rand(1, generator=generator) * (2 * padding + 1))
        out[k] = padded[k, :, top : top + h, left : left + w]
    return out


# %% right: padding that cuts on the other side
def random_crop(x, padding, generator):
    moves = torch.randint(-padding, padding + 1, (len(x), 2), generator=generator)
    images = []
    for image, (down, right) in zip(x, moves.tolist()):
        images.append(F.pad(image, (right, -right, down, -down)))
    return torch.stack(images)


# %% right: all windows, of which one is taken
def random_crop(x, padding, generator):
    n, _, h, w = x.shape
    m = 2 * padding + 1
    place = torch.randint(m * m, (n,), generator=generator)
    windows = F.pad(x, [padding] * 4).unfold(2, h, 1).unfold(3, w, 1)
    return windows[torch.arange(n), :, place // m, place % m]


# %% right: gather, rows and then columns
def shifted(x, by, padding, dim):
    length = x.shape[dim]
    shape = [1, 1, 1, 1]
    shape[dim] = length
    sides = (0, 0, padding, padding) if dim == 2 else (padding, padding)
    x = F.pad(x, sides)
    index = by.view(-1, 1, 1, 1) + torch.arange(length).view(shape)
    wanted = list(x.shape)
    wanted[dim] = length
    return x.gather(dim, index.expand(wanted))


def random_crop(x, padding, generator):
    rows = torch.randint(0, 2 * padding + 1, (x.shape[0],), generator=generator)
    columns = torch.randint(0, 2 * padding + 1, (x.shape[0],), generator=generator)
    return shifted(shifted(x, rows, padding, 2), columns, padding, 3)


# %% right: grid_sample, with zeros outside
def random_crop(x, padding, generator):
    n, _, h, w = x.shape
    shift = torch.randint(-padding, padding + 1, (n, 2), generator=generator).float()
    theta = torch.eye(2, 3).repeat(n, 1, 1)
    theta[:, 0, 2] = shift[:, 0] * 2 / w
    theta[:, 1, 2] = shift[:, 1] * 2 / h
    grid = F.affine_grid(theta, x.shape, align_corners=False)
    return F.grid_sample(x, grid, mode="nearest", padding_mode="zeros", align_corners=False)


# %% right: products with shifted unit matrices
def random_crop(x, padding, generator):
    n, _, h, w = x.shape
    rows = torch.stack([torch.eye(h, h + 2 * padding).roll(k, 1) for k in range(2 * padding + 1)])
    columns = torch.stack([torch.eye(w, w + 2 * padding).roll(k, 1) for k in range(2 * padding + 1)])
    i, j = torch.randint(2 * padding + 1, (2, n), generator=generator)
    return torch.einsum("nir,ncrs,njs->ncij", rows[i], F.pad(x, (padding,) * 4), columns[j])


# %% right: rolled, and black where it came round
def random_crop(x, padding, generator):
    h, w = x.shape[-2:]
    out = []
    for image in x.unbind(0):
        dy, dx = (torch.randint(0, 2 * padding + 1, (2,), generator=generator) - padding).tolist()
        image = image.roll((dy, dx), dims=(1, 2)).clone()
        image[:, : max(dy, 0)] = 0
        image[:, h + min(dy, 0) :] = 0
        image[:, :, : max(dx, 0)] = 0
        image[:, :, w + min(dx, 0) :] = 0
        out.append(image)
    return torch.stack(out, dim=0)


# %% wrong: reflected at the edges
# fails: test-random-crop-images
# says: edges that are reflected: zeros come in
# from: one index for all
# -    padded = F.pad(x, (padding, padding, padding, padding))
# +    padded = F.pad(x, (padding, padding, padding, padding), mode="reflect")

# %% wrong: edges repeated
# says: edges that are repeated: zeros come in
# -    padded = F.pad(x, (padding, padding, padding, padding))
# +    padded = F.pad(x, (padding, padding, padding, padding), mode="replicate")

# %% wrong: rolled only
# says: edges that are wrapped around: zeros come in
# from: rolled, and black where it came round
# -        image[:, : max(dy, 0)] = 0
# -        image[:, h + min(dy, 0) :] = 0
# -        image[:, :, : max(dx, 0)] = 0
# -        image[:, :, w + min(dx, 0) :] = 0

# %% wrong: rolled, and black on one side only
# says: is not 0
# -        image[:, h + min(dy, 0) :] = 0
# -        image[:, :, : max(dx, 0)] = 0
# -        image[:, :, w + min(dx, 0) :] = 0
# +        image[:, :, : max(dx, 0)] = 0

# %% wrong: black rows, columns that come round
# says: is not 0
# -        image[:, :, : max(dx, 0)] = 0
# -        image[:, :, w + min(dx, 0) :] = 0

# %% wrong: grey at the edges
# says: is not 0
# from: all windows, of which one is taken
# -    windows = F.pad(x, [padding] * 4).unfold(2, h, 1).unfold(3, w, 1)
# +    windows = F.pad(x, [padding] * 4, value=0.5).unfold(2, h, 1).unfold(3, w, 1)

# %% wrong: the mean colour at the edges
# says: is not 0
# -    windows = F.pad(x, [padding] * 4).unfold(2, h, 1).unfold(3, w, 1)
# +    mean = x.mean((0, 2, 3), keepdim=True)
# +    windows = (F.pad(x - mean, [padding] * 4) + mean).unfold(2, h, 1).unfold(3, w, 1)

# %% wrong: grid_sample with the border repeated
# says: edges that are repeated
# from: grid_sample, with zeros outside
# -    return F.grid_sample(x, grid, mode="nearest", padding_mode="zeros", align_corners=False)
# +    return F.grid_sample(x, grid, mode="nearest", padding_mode="border", align_corners=False)

# %% wrong: a window for each channel
# says: is no window of the padded image
# from: gather, rows and then columns
# -    rows = torch.randint(0, 2 * padding + 1, (x.shape[0],), generator=generator)
# -    columns = torch.randint(0, 2 * padding + 1, (x.shape[0],), generator=generator)
# -    return shifted(shifted(x, rows, padding, 2), columns, padding, 3)
# +    n, c, h, w = x.shape
# +    rows, columns = torch.randint(0, 2 * padding + 1, (2, n * c), generator=generator)
# +    planes = x.reshape(n * c, 1, h, w)
# +    return shifted(shifted(planes, rows, padding, 2), columns, padding, 3).view(n, c, h, w)

# %% wrong: each row moved by itself
# says: is no window of the padded image
# -    return shifted(shifted(x, rows, padding, 2), columns, padding, 3)
# +    columns = torch.randint(0, 2 * padding + 1, (len(x), x.shape[2]), generator=generator)
# +    index = columns[:, None, :, None] + torch.arange(x.shape[3])
# +    x = F.pad(shifted(x, rows, padding, 2), (padding, padding))
# +    return x.gather(3, index.expand(-1, x.shape[1], -1, -1))

# %% wrong: twice as far
# says: is no window of the padded image
# from: padding that cuts on the other side
# -        images.append(F.pad(image, (right, -right, down, -down)))
# +        images.append(F.pad(image, (2 * right, -2 * right, 2 * down, -2 * down)))

# %% wrong: windows of the first image
# says: is no window of the padded image
# from: all windows, of which one is taken
# -    return windows[torch.arange(n), :, place // m, place % m]
# +    return windows[torch.zeros(n, dtype=int), :, place // m, place % m]

# %% wrong: half a pixel off
# says: is no window of the padded image
# from: grid_sample, with zeros outside
# -    return F.grid_sample(x, grid, mode="nearest", padding_mode="zeros", align_corners=False)
# +    return F.grid_sample(x, grid, mode="bilinear", padding_mode="zeros", align_corners=True)

# %% wrong: a shift in pixels where the grid counts from -1 to 1
# says: is no window of the padded image
# -    theta[:, 0, 2] = shift[:, 0] * 2 / w
# -    theta[:, 1, 2] = shift[:, 1] * 2 / h
# +    theta[:, :, 2] = shift

# %% wrong: one window for the whole batch
# fails: test-random-crop-chances
# says: one draw for the whole batch
# from: one index for all
# -    corner = torch.randint(2 * padding + 1, (2, n, 1), generator=generator)
# +    corner = torch.randint(2 * padding + 1, (2, 1, 1), generator=generator)

# %% wrong: one draw for row and column
# says: one draw that serves for two
# -    corner = torch.randint(2 * padding + 1, (2, n, 1), generator=generator)
# +    corner = torch.randint(2 * padding + 1, (1, n, 1), generator=generator).repeat(2, 1, 1)

# %% wrong: the last offset never drawn
# says: which leaves the last offset out
# from: a loop, and whole parts of random numbers
# -        top = int(torch.rand(1, generator=generator) * (2 * padding + 1))
# -        left = int(torch.rand(1, generator=generator) * (2 * padding + 1))
# +        top = int(torch.rand(1, generator=generator) * 2 * padding)
# +        left = int(torch.rand(1, generator=generator) * 2 * padding)

# %% wrong: rounded, which makes the ends rare
# says: the chances are wrong
# -        top = int(torch.rand(1, generator=generator) * (2 * padding + 1))
# -        left = int(torch.rand(1, generator=generator) * (2 * padding + 1))
# +        top = round(torch.rand(1, generator=generator).item() * 2 * padding)
# +        left = round(torch.rand(1, generator=generator).item() * 2 * padding)

# %% wrong: moved up and to the left only
# says: the chances are wrong
# from: one index for all
# -    corner = torch.randint(2 * padding + 1, (2, n, 1), generator=generator)
# +    corner = padding + torch.randint(padding + 1, (2, n, 1), generator=generator)

# %% wrong: moved sideways only
# says: the row in which a window begins
# -    rows, columns = corner[0] + torch.arange(h), corner[1] + torch.arange(w)
# +    rows, columns = padding + torch.arange(h)[None], corner[1] + torch.arange(w)

# %% wrong: always by the whole padding
# says: the chances are wrong
# from: padding that cuts on the other side
# -    moves = torch.randint(-padding, padding + 1, (len(x), 2), generator=generator)
# +    moves = padding * torch.randint(-1, 2, (len(x), 2), generator=generator)
# +    moves = torch.where(moves == 0, padding, moves)

# %% wrong: cut off towards 0
# says: the chances are wrong
# -    moves = torch.randint(-padding, padding + 1, (len(x), 2), generator=generator)
# +    moves = (2 * torch.rand(len(x), 2, generator=generator) - 1) * (padding + 1)
# +    moves = moves.int().clamp(-padding, padding)

# %% wrong: normal moves
# says: the chances are wrong
# -    moves = torch.randint(-padding, padding + 1, (len(x), 2), generator=generator)
# +    moves = torch.randn(len(x), 2, generator=generator) * padding / 2
# +    moves = moves.round().int().clamp(-padding, padding)

# %% wrong: images left alone half of the time
# says: the chances are wrong
# from: gather, rows and then columns
# -    return shifted(shifted(x, rows, padding, 2), columns, padding, 3)
# +    moved = shifted(shifted(x, rows, padding, 2), columns, padding, 3)
# +    return torch.where(torch.rand(len(x), 1, 1, 1, generator=generator) < 0.5, moved, x)

# %% wrong: the global generator
# fails: test-random-crop-generator
# says: the global one, say, that is not generator
# from: one index for all
# -    corner = torch.randint(2 * padding + 1, (2, n, 1), generator=generator)
# +    corner = torch.randint(2 * padding + 1, (2, n, 1))

# %% wrong: only the rows from the generator
# says: the same generator gives two different results
# from: gather, rows and then columns
# -    columns = torch.randint(0, 2 * padding + 1, (x.shape[0],), generator=generator)
# +    columns = torch.randint(0, 2 * padding + 1, (x.shape[0],))

# %% wrong: Python's generator
# says: the same generator gives two different results
# from: a loop, and whole parts of random numbers
# -        top = int(torch.rand(1, generator=generator) * (2 * padding + 1))
# -        left = int(torch.rand(1, generator=generator) * (2 * padding + 1))
# +        import random
# +
# +        top, left = random.randint(0, 2 * padding), random.randint(0, 2 * padding)

# %% wrong: NumPy's generator, with a seed
# says: a seed of its own
# -    n, c, h, w = x.shape
# +    import numpy as np
# +
# +    rng = np.random.default_rng(0)
# +    n, c, h, w = x.shape
# -        top = int(torch.rand(1, generator=generator) * (2 * padding + 1))
# -        left = int(torch.rand(1, generator=generator) * (2 * padding + 1))
# +        top, left = rng.integers(0, 2 * padding + 1, 2)

# %% wrong: seeded anew in each call
# says: another generator gives the same result
# from: one index for all
# -    corner = torch.randint(2 * padding + 1, (2, n, 1), generator=generator)
# +    generator = generator.manual_seed(7)
# +    corner = torch.randint(2 * padding + 1, (2, n, 1), generator=generator)

# %% wrong: a copy of the generator
# says: drawing from a copy of generator
# -    corner = torch.randint(2 * padding + 1, (2, n, 1), generator=generator)
# +    copied = torch.Generator().manual_seed(generator.initial_seed())
# +    corner = torch.randint(2 * padding + 1, (2, n, 1), generator=copied)

# %% wrong: windows written into x
# says: working in place
# from: a loop, and whole parts of random numbers
# -    out = torch.empty_like(x)
# +    out = x

# %% wrong: edges of x blackened
# says: working in place
# from: rolled, and black where it came round
# -        image = image.roll((dy, dx), dims=(1, 2)).clone()
# -        image[:, : max(dy, 0)] = 0
# -        image[:, h + min(dy, 0) :] = 0
# -        image[:, :, : max(dx, 0)] = 0
# -        image[:, :, w + min(dx, 0) :] = 0
# +        image[:, h - max(dy, 0) :] = 0
# +        image[:, : -min(dy, 0)] = 0
# +        image[:, :, w - max(dx, 0) :] = 0
# +        image[:, :, : -min(dx, 0)] = 0
# +        image = image.roll((dy, dx), dims=(1, 2))

# %% wrong: windows smaller by the padding
# fails: test-random-crop-images, test-random-crop-chances
# because: images of another size come back
# says: wrong shape
# from: all windows, of which one is taken
# -    windows = F.pad(x, [padding] * 4).unfold(2, h, 1).unfold(3, w, 1)
# +    windows = x.unfold(2, h - 2 * padding, 1).unfold(3, w - 2 * padding, 1)

# %% wrong: randint's end taken for included
# fails: test-random-crop-chances
# says: leaves the last offset out
# from: one index for all
# -    corner = torch.randint(2 * padding + 1, (2, n, 1), generator=generator)
# +    corner = torch.randint(0, 2 * padding, (2, n, 1), generator=generator)

# %% wrong: moves of which the largest is never drawn
# says: leaves an offset out
# from: padding that cuts on the other side
# -    moves = torch.randint(-padding, padding + 1, (len(x), 2), generator=generator)
# +    moves = torch.randint(-padding, padding, (len(x), 2), generator=generator)

# %% wrong: windows dealt out
# says: numbers dealt out among the images of a batch
# from: all windows, of which one is taken
# -    place = torch.randint(m * m, (n,), generator=generator)
# +    place = torch.randperm(n, generator=generator) % (m * m)

# %% wrong: rows and columns dealt out
# says: numbers dealt out among the images of a batch
# from: gather, rows and then columns
# -    rows = torch.randint(0, 2 * padding + 1, (x.shape[0],), generator=generator)
# -    columns = torch.randint(0, 2 * padding + 1, (x.shape[0],), generator=generator)
# +    rows = torch.randperm(len(x), generator=generator) % (2 * padding + 1)
# +    columns = torch.randperm(len(x), generator=generator) % (2 * padding + 1)

# %% wrong: height and width exchanged
# fails: test-random-crop-images, test-random-crop-chances, test-random-crop-generator
# because: it raises where images are not square
# says: random_crop raised IndexError
# from: one index for all
# -    n, c, h, w = x.shape
# +    n, c, w, h = x.shape

# %% wrong: places counted in columns of the image
# says: random_crop raised IndexError
# from: all windows, of which one is taken
# -    return windows[torch.arange(n), :, place // m, place % m]
# +    return windows[torch.arange(n), :, place // w, place % w]
