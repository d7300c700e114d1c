# %% right: NumPy, one filter after the other
def filter_grid(weights, columns=8, gap=1):
    w = np.array(weights.tolist())
    f, c, kh, kw = w.shape
    rows = -(-f // columns)
    out = np.ones((rows * kh + (rows - 1) * gap, columns * kw + (columns - 1) * gap, c))
    for n in range(f):
        i, j = divmod(n, columns)
        spread = w[n].max() - w[n].min()
        shown = np.full(w[n].shape, 0.5) if spread == 0 else (w[n] - w[n].min()) / spread
        out[i * (kh + gap) : i * (kh + gap) + kh, j * (kw + gap) : j * (kw + gap) + kw] = np.moveaxis(shown, 0, -1)
    return out.squeeze(-1) if c == 1 else out


# %% right: torch, all filters at once
def filter_grid(weights, columns=8, gap=1):
    n, c, h, w = weights.shape
    flat = weights.detach().double().flatten(1)
    low, high = flat.min(1, keepdim=True).values, flat.max(1, keepdim=True).values
    shown = torch.where(high > low, (flat - low) / (high - low).clamp_min(1e-300), 0.5)
    rows = math.ceil(n / columns)
    places = torch.ones(rows * columns, c, h + gap, w + gap, dtype=torch.float64)
    places[:n, :, :h, :w] = shown.view(n, c, h, w)
    picture = places.view(rows, columns, c, h + gap, w + gap).permute(0, 3, 1, 4, 2)
    picture = picture.reshape(rows * (h + gap), columns * (w + gap), c)
    picture = picture[: rows * (h + gap) - gap, : columns * (w + gap) - gap]
    return picture if c == 3 else picture[..., 0]


# %% right: rows put together
def filter_grid(weights, columns=8, gap=1):
    filters = []
    for one in weights.detach().numpy().astype(float):
        one = one - one.min()
        one = one / one.max() if one.max() > 0 else one + 0.5
        filters.append(one.transpose(1, 2, 0))
    height, width, channels = filters[0].shape
    while len(filters) % columns:
        filters.append(np.ones((height, width, channels)))
    lines = []
    for start in range(0, len(filters), columns):
        line = []
        for one in filters[start : start + columns]:
            line += [one, np.ones((height, gap, channels))]
        lines += [np.concatenate(line[:-1], axis=1)]
        lines += [np.ones((gap, lines[-1].shape[1], channels))]
    picture = np.concatenate(lines[:-1], axis=0)
    return picture if channels == 3 else picture.reshape(picture.shape[:2])


# %% right: pixel by pixel
def filter_grid(weights, columns=8, gap=1):
    f, c, kh, kw = weights.shape
    values = weights.tolist()
    height, width = math.ceil(f / columns) * (kh + gap) - gap, columns * (kw + gap) - gap

    def pixel(i, j, k):
        row, y = divmod(i, kh + gap)
        column, x = divmod(j, kw + gap)
        n = row * columns + column
        if n >= f or y >= kh or x >= kw:
            return 1.0
        numbers = [v for channel in values[n] for line in channel for v in line]
        low, high = min(numbers), max(numbers)
        return 0.5 if high == low else (values[n][k][y][x] - low) / (high - low)

    if c == 1:
        return [[pixel(i, j, 0) for j in range(width)] for i in range(height)]
    return np.array([[[pixel(i, j, k) for k in range(3)] for j in range(width)] for i in range(height)])


# %% right: float32, a padded picture that is cut
def filter_grid(weights, columns=8, gap=1):
    w = weights.detach().clone()
    low, high = w.amin(dim=(1, 2, 3), keepdim=True), w.amax(dim=(1, 2, 3), keepdim=True)
    w = ((w - low) / (high - low)).nan_to_num(nan=0.5)
    w = F.pad(w, (0, gap, 0, gap), value=1.0)
    empty = -len(w) % columns
    w = torch.cat([w, torch.ones(empty, *w.shape[1:])])
    rows = [torch.cat(list(row), dim=2) for row in w.split(columns)]
    picture = torch.cat(rows, dim=1)
    picture = picture[:, : picture.shape[1] - gap, : picture.shape[2] - gap]
    return picture.permute(1, 2, 0) if picture.shape[0] == 3 else picture[0]


# %% right: grey and colour apart
def stretched(one):
    low, high = one.min(), one.max()
    return (one - low) / (high - low) if low < high else np.zeros_like(one) + 0.5


def filter_grid(weights, columns=8, gap=1):
    weights = weights.detach().cpu().numpy().astype(np.float64)
    number, channels, kh, kw = weights.shape
    rows = (number + columns - 1) // columns
    size = (kh + gap) * rows - gap, (kw + gap) * columns - gap
    grid = np.ones(size if channels == 1 else (*size, 3))
    for number, one in enumerate(weights):
        y, x = number // columns * (kh + gap), number % columns * (kw + gap)
        one = stretched(one)
        if channels == 1:
            grid[y : y + kh, x : x + kw] = one[0]
        else:
            for channel in range(3):
                grid[y : y + kh, x : x + kw, channel] = one[channel]
    return grid


# %% wrong: black gaps
# fails: test-filter-grid-places
# says: gaps and empty places of 0
# from: solution
# -    grid = np.ones((rows * (height + gap) - gap, columns * (width + gap) - gap, channels))
# +    grid = np.zeros((rows * (height + gap) - gap, columns * (width + gap) - gap, channels))

# %% wrong: grey gaps
# says: gaps and empty places of 0.5
# -    grid = np.ones((rows * (height + gap) - gap, columns * (width + gap) - gap, channels))
# +    grid = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap, channels), 0.5)

# %% wrong: a border
# says: a border around the whole
# -    grid = np.ones((rows * (height + gap) - gap, columns * (width + gap) - gap, channels))
# +    grid = np.ones((rows * (height + gap) + gap, columns * (width + gap) + gap, channels))
# -        top, left = n // columns * (height + gap), n % columns * (width + gap)
# +        top, left = n // columns * (height + gap) + gap, n % columns * (width + gap) + gap

# %% wrong: a gap at the end
# says: wrong shape
# -    grid = np.ones((rows * (height + gap) - gap, columns * (width + gap) - gap, channels))
# +    grid = np.ones((rows * (height + gap), columns * (width + gap), channels))

# %% wrong: columns first
# says: columns filled first
# -        top, left = n // columns * (height + gap), n % columns * (width + gap)
# +        top, left = n % rows * (height + gap), n // rows * (width + gap)

# %% wrong: short rows
# says: a row as short as there are filters
# -    rows = math.ceil(count / columns)
# +    columns = min(columns, count)
# +    rows = math.ceil(count / columns)

# %% wrong: always a gap of 1
# fails: test-filter-grid-places, test-filter-grid-stretch
# because: there is none between the filters there
# says: always a gap of 1
# -    rows = math.ceil(count / columns)
# +    rows, gap = math.ceil(count / columns), 1

# %% wrong: one row more
# fails: test-filter-grid-places, test-filter-grid-stretch, test-filter-grid-colour, test-filter-grid-constant
# because: no picture of full rows has the right shape
# says: wrong shape
# -    rows = math.ceil(count / columns)
# +    rows = count // columns + 1

# %% wrong: heights and widths exchanged in the places
# fails: test-filter-grid-places
# says: filter_grid
# -        top, left = n // columns * (height + gap), n % columns * (width + gap)
# +        top, left = n // columns * (width + gap), n % columns * (height + gap)

# %% wrong: all stretched together
# fails: test-filter-grid-stretch
# says: all filters stretched together
# -        low, high = one.min(), one.max()
# +        low, high = (weights.min(), weights.max())

# %% wrong: divided by the greatest
# fails: test-filter-grid-stretch, test-filter-grid-constant
# because: a filter without contrast is divided by itself
# says: divided by the greatest number
# -        low, high = one.min(), one.max()
# +        low, high = 0 * one.min(), one.max()

# %% wrong: 0 in the middle
# fails: test-filter-grid-stretch, test-filter-grid-places, test-filter-grid-colour, test-filter-grid-constant
# because: no filter is as it should be
# says: 0 in the middle, as 0.5
# -        low, high = one.min(), one.max()
# +        low, high = -np.abs(one).max(), np.abs(one).max()

# %% wrong: not stretched
# fails: test-filter-grid-stretch, test-filter-grid-colour, test-filter-grid-constant
# because: nothing but a filter from 0 to 1 is as it should be
# says: not stretched
# -        one = (one - low) / (high - low) if high > low else one * 0 + 0.5
# +        low = high

# %% wrong: least and greatest exchanged
# fails: test-filter-grid-stretch, test-filter-grid-places, test-filter-grid-colour
# because: every filter is a negative
# says: wrong value
# -        one = (one - low) / (high - low) if high > low else one * 0 + 0.5
# +        one = (high - one) / (high - low) if high > low else one * 0 + 0.5

# %% wrong: each channel by itself
# fails: test-filter-grid-colour
# says: each channel stretched by itself
# -        one = (one - low) / (high - low) if high > low else one * 0 + 0.5
# +        if high > low:
# +            low, high = one.min((1, 2), keepdims=True), one.max((1, 2), keepdims=True)
# +        one = (one - low) / (high - low) if (high > low).all() else one * 0 + 0.5

# %% wrong: channels first
# says: channels first
# -    return grid if channels == 3 else grid[:, :, 0]
# +    return grid.transpose(2, 0, 1) if channels == 3 else grid[:, :, 0]

# %% wrong: the first channel alone
# says: the first channel alone
# -    return grid if channels == 3 else grid[:, :, 0]
# +    return grid[:, :, 0]

# %% wrong: blue first
# says: blue, green, red
# -    return grid if channels == 3 else grid[:, :, 0]
# +    return grid[:, :, ::-1] if channels == 3 else grid[:, :, 0]

# %% wrong: 0 without contrast
# fails: test-filter-grid-constant
# says: 0 for a filter without contrast
# -        one = (one - low) / (high - low) if high > low else one * 0 + 0.5
# +        one = (one - low) / (high - low) if high > low else one * 0

# %% wrong: 1 without contrast
# says: 1 for a filter without contrast
# -        one = (one - low) / (high - low) if high > low else one * 0 + 0.5
# +        one = (one - low) / (high - low) if high > low else one * 0 + 1

# %% wrong: nothing said about filters without contrast
# says: 0 divided by 0
# -        one = (one - low) / (high - low) if high > low else one * 0 + 0.5
# +        with np.errstate(all="ignore"):
# +            one = (one - low) / (high - low)

# %% wrong: a small number for a spread of 0
# fails: test-filter-grid-constant
# says: 0 for a filter without contrast
# -        one = (one - low) / (high - low) if high > low else one * 0 + 0.5
# +        one = (one - low) / (high - low + 1e-8)

# %% wrong: weights changed in place
# fails: test-filter-grid-constant
# says: working in place
# -        low, high = one.min(), one.max()
# +        one -= one.min()
# +        low, high = 0, one.max()
