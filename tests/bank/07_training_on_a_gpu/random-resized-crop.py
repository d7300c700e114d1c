# %% right: a loop over the images
def random_resized_crop(x, size, generator, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)):
    n, _, height, width = x.shape

    def uniform(low, high):
        return low + (high - low) * torch.rand(1, generator=generator).item()

    out = []
    for k in range(n):
        area = uniform(*scale) * height * width
        form = uniform(*ratio)
        h, w = round((area / form) ** 0.5), round((area * form) ** 0.5)
        top = torch.randint(0, height - h + 1, (1,), generator=generator).item()
        left = torch.randint(0, width - w + 1, (1,), generator=generator).item()
        window = x[k : k + 1, :, top : top + h, left : left + w]
        out.append(F.interpolate(window, size=(size, size), mode="bilinear", align_corners=False))
    return torch.cat(out, dim=0)


# %% right: one grid for all, edges between pixels
def random_resized_crop(x, size, generator, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)):
    n, c, height, width = x.shape
    draws = torch.rand(4, n, generator=generator)
    area = (scale[0] + draws[0] * (scale[1] - scale[0])) * height * width
    form = ratio[0] + draws[1] * (ratio[1] - ratio[0])
    h, w = (area / form).sqrt(), (area * form).sqrt()
    top, left = draws[2] * (height - h), draws[3] * (width - w)
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0] = w / width
    theta[:, 1, 1] = h / height
    theta[:, 0, 2] = (2 * left + w) / width - 1
    theta[:, 1, 2] = (2 * top + h) / height - 1
    grid = F.affine_grid(theta, (n, c, size, size), align_corners=False)
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=False)


# %% right: sides rounded down, ratio on a logarithmic scale
def draw_window(height, width, generator, scale, ratio):
    share = torch.empty(1).uniform_(*scale, generator=generator).item()
    form = math.exp(torch.empty(1).uniform_(*map(math.log, ratio), generator=generator).item())
    h = max(1, math.floor(math.sqrt(share * height * width / form) + 1e-6))
    w = max(1, math.floor(math.sqrt(share * height * width * form) + 1e-6))
    places = torch.rand(2, generator=generator).tolist()
    return math.floor(places[0] * (height - h + 1)), math.floor(places[1] * (width - w + 1)), h, w


def random_resized_crop(x, size, generator, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)):
    resize = nn.Upsample(size=(size, size), mode="bilinear", align_corners=False)
    found = []
    for image in x:
        i, j, h, w = draw_window(*image.shape[1:], generator, scale, ratio)
        found.append(resize(image[:, i : i + h, j : j + w].unsqueeze(0)).squeeze(0))
    return torch.stack(found)


# %% right: weights of rows and columns, and einsum
def weights(begin, length, size, whole):
    at = begin[:, None] + (torch.arange(size) + 0.5) * length[:, None] / size - 0.5
    at = at.clamp(0, whole - 1)
    return (1 - (at[:, :, None] - torch.arange(whole)).abs()).clamp(min=0)


def random_resized_crop(x, size, generator, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)):
    n, _, height, width = x.shape
    a, r, i, j = torch.rand(n, 4, generator=generator).unbind(1)
    area = torch.lerp(torch.tensor(scale[0]), torch.tensor(scale[1]), a)
    root = (ratio[0] * (ratio[1] / ratio[0]) ** r).sqrt()
    h, w = height * area.sqrt() / root, width * area.sqrt() * root
    rows = weights(i * (height - h), h, size, height)
    columns = weights(j * (width - w), w, size, width)
    return torch.einsum("nih,nchw,njw->ncij", rows, x, columns)


# %% right: four neighbours by index, windows of whole pixels
def random_resized_crop(x, size, generator, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)):
    n, c, height, width = x.shape
    u = torch.rand(n, 4, generator=generator, dtype=torch.float64)
    area = (scale[0] * (1 - u[:, 0]) + scale[1] * u[:, 0]) * (height * width)
    form = ratio[0] * (1 - u[:, 1]) + ratio[1] * u[:, 1]
    h, w = torch.sqrt(area / form).round().long(), torch.sqrt(area * form).round().long()
    top, left = (u[:, 2] * (height - h + 1)).long(), (u[:, 3] * (width - w + 1)).long()
    half = torch.arange(size) + 0.5
    ys = (half * h[:, None] / size - 0.5).clamp(min=0).minimum(h[:, None] - 1)
    xs = (half * w[:, None] / size - 0.5).clamp(min=0).minimum(w[:, None] - 1)
    y0, x0 = ys.floor().long(), xs.floor().long()
    y1, x1 = (y0 + 1).minimum(h[:, None] - 1), (x0 + 1).minimum(w[:, None] - 1)
    fy, fx = (ys - y0).float()[:, None, :, None], (xs - x0).float()[:, None, None, :]

    def pick(rows, columns):
        rows, columns = top[:, None] + rows, left[:, None] + columns
        images = torch.arange(n)[:, None, None]
        return x.permute(0, 2, 3, 1)[images, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)

    upper = pick(y0, x0) * (1 - fx) + pick(y0, x1) * fx
    lower = pick(y1, x0) * (1 - fx) + pick(y1, x1) * fx
    return upper * (1 - fy) + lower * fy


# %% right: rows first, then columns
class ResizedCrop:
    def __init__(self, size, scale, ratio):
        self.size, self.scale, self.ratio = size, scale, ratio

    def sides(self, height, width, generator):
        a, r = torch.rand(2, generator=generator).tolist()
        area = height * width * (self.scale[0] + a * (self.scale[1] - self.scale[0]))
        form = self.ratio[0] + r * (self.ratio[1] - self.ratio[0])
        w = math.sqrt(area * form)
        return round(area / w), round(w)

    def __call__(self, image, generator):
        height, width = image.shape[-2:]
        h, w = self.sides(height, width, generator)
        top, left = (
            int(torch.randint(room + 1, (), generator=generator)) for room in (height - h, width - w)
        )
        window = image.narrow(1, top, h).narrow(2, left, w)[None]
        tall = F.interpolate(window, (self.size, w), mode="bilinear", align_corners=False)
        return F.interpolate(tall, (self.size, self.size), mode="bilinear", align_corners=False)[0]


def random_resized_crop(x, size, generator, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)):
    crop = ResizedCrop(size, scale, ratio)
    return torch.stack([crop(image, generator) for image in x])


# %% right: as torchvision draws, with ten attempts
def random_resized_crop(x, size, generator, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)):
    H, W = x.shape[2:]
    log_ratio = torch.log(torch.tensor(ratio))
    out = []
    for image in x:
        top, left, h, w = 0, 0, H, W
        for _ in range(10):
            target = H * W * torch.empty(1).uniform_(scale[0], scale[1], generator=generator).item()
            aspect = torch.exp(torch.empty(1).uniform_(*log_ratio.tolist(), generator=generator)).item()
            ww, hh = int(round(math.sqrt(target * aspect))), int(round(math.sqrt(target / aspect)))
            if 0 < ww <= W and 0 < hh <= H:
                top = torch.randint(0, H - hh + 1, (1,), generator=generator).item()
                left = torch.randint(0, W - ww + 1, (1,), generator=generator).item()
                h, w = hh, ww
                break
        out.append(F.interpolate(image[None, :, top : top + h, left : left + w], (size, size), mode="bilinear"))
    return torch.cat(out)


# %% right: all edges rounded, from a window between pixels
def random_resized_crop(x, size, generator, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)):
    n, _, height, width = x.shape
    found = []
    for image, u in zip(x, torch.rand(n, 4, generator=generator).tolist()):
        area = (scale[0] + u[0] * (scale[1] - scale[0])) * height * width
        form = ratio[0] + u[1] * (ratio[1] - ratio[0])
        h, w = math.sqrt(area / form), math.sqrt(area * form)
        top, left = u[2] * (height - h), u[3] * (width - w)
        rows = slice(round(top), max(round(top + h), round(top) + 1))
        columns = slice(round(left), max(round(left + w), round(left) + 1))
        window = image[None, :, rows, columns]
        found.append(F.interpolate(window, (size, size), mode="bilinear", align_corners=False))
    return torch.cat(found).clamp(0, 1)


# %% right: places and sides rounded down
def random_resized_crop(x, size, generator, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)):
    height, width = x.shape[-2:]
    found = []
    for image in x:
        share, form, down, right = torch.rand(4, generator=generator, dtype=torch.float64).tolist()
        area = (scale[0] + share * (scale[1] - scale[0])) * height * width
        form = math.exp(math.log(ratio[0]) + form * math.log(ratio[1] / ratio[0]))
        h, w = int(math.sqrt(area / form) + 1e-9), int(math.sqrt(area * form) + 1e-9)
        top, left = int(down * (height - h)), int(right * (width - w))
        window = image[:, top : top + h, left : left + w].unsqueeze(0)
        found.append(F.interpolate(window, (size, size), mode="bilinear"))
    return torch.cat(found, dim=0)


# %% right: sides rounded up
def random_resized_crop(x, size, generator, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)):
    n, _, height, width = x.shape
    share, form = torch.rand(2, n, generator=generator)
    area = (scale[0] + (scale[1] - scale[0]) * share) * height * width
    form = ratio[0] + (ratio[1] - ratio[0]) * form
    sides = torch.stack([(area / form).sqrt(), (area * form).sqrt()], dim=1)
    sides = (sides - 1e-4).ceil().long()
    found = []
    for image, (h, w) in zip(x, sides.tolist()):
        top = int(torch.randint(height - h + 1, (1,), generator=generator))
        left = int(torch.randint(width - w + 1, (1,), generator=generator))
        window = image[None, :, top : top + h, left : left + w]
        found.append(F.interpolate(window, (size, size), mode="bilinear"))
    return torch.cat(found)


# %% wrong: corners aligned
# fails: test-random-resized-crop-images
# says: align_corners=True: it is False here
# from: a loop over the images
# -        out.append(F.interpolate(window, size=(size, size), mode="bilinear", align_corners=False))
# +        out.append(F.interpolate(window, size=(size, size), mode="bilinear", align_corners=True))

# %% wrong: corners of the grid aligned
# says: align_corners=True: it is False here
# from: one grid for all, edges between pixels
# -    grid = F.affine_grid(theta, (n, c, size, size), align_corners=False)
# -    return F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=False)
# +    grid = F.affine_grid(theta, (n, c, size, size), align_corners=True)
# +    return F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=True)

# %% wrong: corners of the samples aligned, not those of the grid
# says: all of an image is wrong
# -    return F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=False)
# +    return F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=True)

# %% wrong: the nearest pixel
# says: the nearest pixel: it is bilinear here
# from: a loop over the images
# -        out.append(F.interpolate(window, size=(size, size), mode="bilinear", align_corners=False))
# +        out.append(F.interpolate(window, size=(size, size)))

# %% wrong: bicubic
# says: bicubic: it is bilinear here
# -        out.append(F.interpolate(window, size=(size, size), mode="bilinear", align_corners=False))
# +        out.append(F.interpolate(window, size=(size, size), mode="bicubic", align_corners=False))

# %% wrong: with antialiasing
# says: all of an image is wrong
# -        out.append(F.interpolate(window, size=(size, size), mode="bilinear", align_corners=False))
# +        resized = F.interpolate(window, size=(size, size), mode="bilinear", antialias=True)
# +        out.append(resized)

# %% wrong: means of areas
# says: all of an image is wrong
# -        out.append(F.interpolate(window, size=(size, size), mode="bilinear", align_corners=False))
# +        out.append(F.adaptive_avg_pool2d(window, (size, size)))

# %% wrong: black at the edges of the grid
# says: is no rectangle of the image
# from: one grid for all, edges between pixels
# -    return F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=False)
# +    return F.grid_sample(x, grid, mode="bilinear", align_corners=False)

# %% wrong: the middle of the grid put where the window begins
# says: all of an image is wrong
# -    theta[:, 0, 2] = (2 * left + w) / width - 1
# -    theta[:, 1, 2] = (2 * top + h) / height - 1
# +    theta[:, 0, 2] = 2 * left / width - 1
# +    theta[:, 1, 2] = 2 * top / height - 1

# %% wrong: places outside the image
# says: all of an image is wrong
# -    top, left = draws[2] * (height - h), draws[3] * (width - w)
# +    top, left = draws[2] * height, draws[3] * width

# %% wrong: rows and columns of the grid exchanged
# says: all of an image is wrong
# -    return F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=False)
# +    return F.grid_sample(x, grid.flip(-1), padding_mode="border", align_corners=False)

# %% wrong: windows turned by 90 degrees
# says: all of an image is wrong
# from: a loop over the images
# -        window = x[k : k + 1, :, top : top + h, left : left + w]
# +        window = x[k : k + 1, :, top : top + h, left : left + w].transpose(2, 3)

# %% wrong: pixel corners in place of pixel centres
# says: all of an image is wrong
# from: weights of rows and columns, and einsum
# -    at = begin[:, None] + (torch.arange(size) + 0.5) * length[:, None] / size - 0.5
# +    at = begin[:, None] + torch.arange(size) * length[:, None] / size

# %% wrong: fractions of rows and columns exchanged
# says: all of an image is wrong
# from: four neighbours by index, windows of whole pixels
# -    upper = pick(y0, x0) * (1 - fx) + pick(y0, x1) * fx
# -    lower = pick(y1, x0) * (1 - fx) + pick(y1, x1) * fx
# -    return upper * (1 - fy) + lower * fy
# +    upper = pick(y0, x0) * (1 - fy) + pick(y0, x1) * fy
# +    lower = pick(y1, x0) * (1 - fy) + pick(y1, x1) * fy
# +    return upper * (1 - fx) + lower * fx

# %% wrong: numbers that are cut off
# says: all of an image is wrong
# -    fy, fx = (ys - y0).float()[:, None, :, None], (xs - x0).float()[:, None, None, :]
# +    fy, fx = torch.zeros(()), torch.zeros(())

# %% wrong: the default scale, whatever is asked for
# says: all of an image is wrong
# from: one grid for all, edges between pixels
# -    area = (scale[0] + draws[0] * (scale[1] - scale[0])) * height * width
# +    area = (0.08 + draws[0] * 0.92) * height * width

# %% wrong: mirrored half of the time
# says: mirrored as well
# from: weights of rows and columns, and einsum
# -    return torch.einsum("nih,nchw,njw->ncij", rows, x, columns)
# +    out = torch.einsum("nih,nchw,njw->ncij", rows, x, columns)
# +    flips = torch.rand(n, generator=generator) < 0.5
# +    return torch.where(flips[:, None, None, None], out.flip(-1), out)

# %% wrong: scale as the share of a side
# fails: test-random-resized-crop-chances
# says: scale as the share of the sides: it is that of the area
# from: a loop over the images
# -        area = uniform(*scale) * height * width
# +        area = uniform(*scale) ** 2 * height * width

# %% wrong: the root of the area forgotten
# says: scale as the share of the sides
# from: weights of rows and columns, and einsum
# -    h, w = height * area.sqrt() / root, width * area.sqrt() * root
# +    h, w = height * area / root, width * area * root

# %% wrong: height / width
# says: height / width: ratio is width / height
# from: a loop over the images
# -        h, w = round((area / form) ** 0.5), round((area * form) ** 0.5)
# +        h, w = round((area * form) ** 0.5), round((area / form) ** 0.5)

# %% wrong: height / width, on a logarithmic scale
# says: height / width: ratio is width / height
# from: weights of rows and columns, and einsum
# -    h, w = height * area.sqrt() / root, width * area.sqrt() * root
# +    h, w = height * area.sqrt() * root, width * area.sqrt() / root

# %% wrong: squares only
# says: width / height
# from: one grid for all, edges between pixels
# -    h, w = (area / form).sqrt(), (area * form).sqrt()
# +    h, w = area.sqrt(), area.sqrt()

# %% wrong: the width from the ratio, the height without it
# says: is not inside it
# -    h, w = (area / form).sqrt(), (area * form).sqrt()
# +    h, w = area.sqrt(), area.sqrt() * form

# %% wrong: the largest area only
# says: the share of the area
# -    area = (scale[0] + draws[0] * (scale[1] - scale[0])) * height * width
# +    area = scale[1] * height * width + 0 * draws[0]

# %% wrong: area on a logarithmic scale
# says: the share of the area
# -    area = (scale[0] + draws[0] * (scale[1] - scale[0])) * height * width
# +    area = scale[0] * (scale[1] / scale[0]) ** draws[0] * height * width

# %% wrong: sides that are uniform
# says: sides that are uniform: the area is
# -    area = (scale[0] + draws[0] * (scale[1] - scale[0])) * height * width
# +    side = scale[0] ** 0.5 + draws[0] * (scale[1] ** 0.5 - scale[0] ** 0.5)
# +    area = side**2 * height * width

# %% wrong: sides that are uniform, in whole pixels
# says: sides that are uniform: the area is
# from: a loop over the images
# -        area = uniform(*scale) * height * width
# +        area = uniform(math.sqrt(scale[0]), math.sqrt(scale[1])) ** 2 * height * width

# %% wrong: the narrowest or the widest form
# says: width / height: the chances are wrong
# -        form = uniform(*ratio)
# +        form = ratio[torch.randint(2, (1,), generator=generator).item()]

# %% wrong: the last two places never drawn
# says: the row in which a window begins: the same for all images
# from: places and sides rounded down
# -        top, left = int(down * (height - h)), int(right * (width - w))
# +        top = int(down * max(height - h - 2, 0))
# +        left = int(right * max(width - w - 2, 0))

# %% wrong: one too few, and the end excluded
# says: in which a window begins: the same for all images
# from: rows first, then columns
# -            int(torch.randint(room + 1, (), generator=generator)) for room in (height - h, width - w)
# +            int(torch.randint(max(room - 1, 1), (), generator=generator)) for room in (height - h, width - w)

# %% wrong: always in the middle, in whole pixels
# says: in which a window begins
# from: a loop over the images
# -        top = torch.randint(0, height - h + 1, (1,), generator=generator).item()
# -        left = torch.randint(0, width - w + 1, (1,), generator=generator).item()
# +        top, left = (height - h) // 2, (width - w) // 2

# %% wrong: one window for the whole batch
# says: one draw for the whole batch
# from: one grid for all, edges between pixels
# -    draws = torch.rand(4, n, generator=generator)
# +    draws = torch.rand(4, 1, generator=generator).expand(4, n)

# %% wrong: one place for the whole batch
# says: one draw of it for the whole batch, or none
# -    top, left = draws[2] * (height - h), draws[3] * (width - w)
# +    top, left = draws[2, 0] * (height - h), draws[3, 0] * (width - w)

# %% wrong: one draw for row and column
# says: one draw that serves for two
# -    top, left = draws[2] * (height - h), draws[3] * (width - w)
# +    top, left = draws[2] * (height - h), draws[2] * (width - w)

# %% wrong: one draw for area and ratio
# says: one draw that serves for two
# -    form = ratio[0] + draws[1] * (ratio[1] - ratio[0])
# +    form = ratio[0] + draws[0] * (ratio[1] - ratio[0])

# %% wrong: always in the middle
# says: in which a window begins
# -    top, left = draws[2] * (height - h), draws[3] * (width - w)
# +    top, left = (height - h) / 2, (width - w) / 2

# %% wrong: always at the top left
# says: in which a window begins
# -    top, left = draws[2] * (height - h), draws[3] * (width - w)
# +    top, left = torch.zeros(n), torch.zeros(n)

# %% wrong: room for the largest window left at any size
# says: in which a window begins
# -    top, left = draws[2] * (height - h), draws[3] * (width - w)
# +    top, left = draws[2] * (height - h.max()), draws[3] * (width - w.max())

# %% wrong: pushed back inside where it does not fit
# says: in which a window begins
# -    top, left = draws[2] * (height - h), draws[3] * (width - w)
# +    top, left = draws[2] * height, draws[3] * width
# +    top, left = torch.minimum(top, height - h), torch.minimum(left, width - w)

# %% wrong: cut off where it does not fit
# says: the share of the area
# from: a loop over the images
# -        top = torch.randint(0, height - h + 1, (1,), generator=generator).item()
# -        left = torch.randint(0, width - w + 1, (1,), generator=generator).item()
# +        top = torch.randint(0, height - 4, (1,), generator=generator).item() if h < height else 0
# +        left = torch.randint(0, width - 4, (1,), generator=generator).item() if w < width else 0

# %% wrong: the global generator
# fails: test-random-resized-crop-generator
# says: the global one, say, that is not generator
# from: one grid for all, edges between pixels
# -    draws = torch.rand(4, n, generator=generator)
# +    draws = torch.rand(4, n)

# %% wrong: the place from Python's generator
# says: the same generator gives two different results
# from: rows first, then columns
# -            int(torch.randint(room + 1, (), generator=generator)) for room in (height - h, width - w)
# +            __import__("random").randint(0, room) for room in (height - h, width - w)

# %% wrong: uniform_ without the generator
# says: the global one, say, that is not generator
# from: sides rounded down, ratio on a logarithmic scale
# -    share = torch.empty(1).uniform_(*scale, generator=generator).item()
# +    share = torch.empty(1).uniform_(*scale).item()

# %% wrong: seeded anew in each call
# says: another generator gives the same result
# from: one grid for all, edges between pixels
# -    draws = torch.rand(4, n, generator=generator)
# +    draws = torch.rand(4, n, generator=generator.manual_seed(0))

# %% wrong: a generator of its own
# says: a seed of its own
# -    draws = torch.rand(4, n, generator=generator)
# +    draws = torch.rand(4, n, generator=torch.Generator().manual_seed(1))

# %% wrong: a copy of the generator
# says: drawing from a copy of generator
# -    draws = torch.rand(4, n, generator=generator)
# +    copied = torch.Generator()
# +    copied.set_state(generator.get_state())
# +    draws = torch.rand(4, n, generator=copied)

# %% wrong: the mean taken off in place
# says: working in place
# from: weights of rows and columns, and einsum
# -    return torch.einsum("nih,nchw,njw->ncij", rows, x, columns)
# +    mean = x.mean((2, 3), keepdim=True)
# +    x -= mean
# +    return torch.einsum("nih,nchw,njw->ncij", rows, x, columns) + mean

# %% wrong: a seed for each image
# fails: test-random-resized-crop-chances
# says: one draw for the whole batch
# from: a loop over the images
# -    for k in range(n):
# +    state = generator.get_state()
# +    for k in range(n):
# +        generator.set_state(state)

# %% wrong: x itself where there is nothing to cut
# fails: test-random-resized-crop-images
# says: a view of its
# from: one grid for all, edges between pixels
# -    n, c, height, width = x.shape
# +    n, c, height, width = x.shape
# +    if scale[0] == 1 and size == height == width:
# +        return x

# %% wrong: windows that are not resized
# says: all of an image is wrong
# from: a loop over the images
# -        h, w = round((area / form) ** 0.5), round((area * form) ** 0.5)
# +        h, w = min(size, height), min(size, width)

# %% wrong: the default ratio, whatever is asked for
# says: all of an image is wrong
# from: one grid for all, edges between pixels
# -    form = ratio[0] + draws[1] * (ratio[1] - ratio[0])
# +    form = 3 / 4 + draws[1] * (4 / 3 - 3 / 4)

# %% wrong: randint's end taken for included
# says: random_resized_crop raised RuntimeError
# from: a loop over the images
# -        top = torch.randint(0, height - h + 1, (1,), generator=generator).item()
# -        left = torch.randint(0, width - w + 1, (1,), generator=generator).item()
# +        top = torch.randint(0, height - h, (1,), generator=generator).item()
# +        left = torch.randint(0, width - w, (1,), generator=generator).item()
