# %% right: the spectrum, shifted to the middle
def gabor_fit(filter):
    n = 200
    x = np.array(filter.tolist())
    power = np.abs(np.fft.fftshift(np.fft.fft2(x - x.mean(), s=(n, n)))) ** 2
    r, c = np.unravel_index(power.argmax(), power.shape)
    f = np.fft.fftshift(np.fft.fftfreq(n))
    angle = np.degrees(np.arctan2(f[r], f[c])) % 180
    return float(angle), float(np.hypot(f[r], f[c]))


# %% right: half of the spectrum
def gabor_fit(filter):
    n = 256
    spectrum = torch.fft.rfft2(filter.double() - filter.double().mean(), s=(n, n)).abs()
    place = int(spectrum.argmax())
    row, column = place // spectrum.shape[1], place % spectrum.shape[1]
    down, across = (row if row < n // 2 else row - n) / n, column / n
    degrees = math.atan2(down, across) * 180 / math.pi
    return degrees + 180 if degrees < 0 else degrees, (down**2 + across**2) ** 0.5


# %% right: waves tried one after the other
def gabor_fit(filter):
    k = len(filter)
    place = torch.arange(k, dtype=torch.float64) - (k - 1) / 2
    rows, columns = torch.meshgrid(place, place, indexing="ij")
    x = filter.double() - filter.double().mean()
    best = (-1.0, 0, 0)
    for degrees in range(0, 180, 3):
        angle = math.radians(degrees)
        along = columns * math.cos(angle) + rows * math.sin(angle)
        for f in np.linspace(0.1, 0.5, 60):
            wave = 2 * math.pi * float(f) * along
            size = (x * wave.cos()).sum() ** 2 + (x * wave.sin()).sum() ** 2
            best = max(best, (float(size), degrees, float(f)))
    return best[1], best[2]


# %% right: a matrix of waves, tensors come back
def gabor_fit(filter):
    f = torch.linspace(-0.5, 0.5, 141, dtype=torch.float64)
    waves = torch.exp(2j * math.pi * f[:, None] * torch.arange(len(filter)))
    x = (filter - filter.mean()).to(torch.complex128)
    spectrum = (waves @ x @ waves.T).abs()
    row, column = torch.nonzero(spectrum == spectrum.max())[0]
    orientation = torch.rad2deg(torch.atan2(-f[row], -f[column])) % 180
    return orientation, torch.hypot(f[row], f[column])


# %% right: the middle of the peak
def gabor_fit(filter):
    n = 64
    x = filter.numpy().astype(float)
    power = np.abs(np.fft.fft2(x - x.mean(), (n, n))) ** 2
    f = np.fft.fftfreq(n)
    down, across = np.meshgrid(f, f, indexing="ij")
    r, c = divmod(power.argmax(), n)
    near = power * (np.hypot(down - f[r], across - f[c]) < 0.03)
    v = (near * down).sum() / near.sum(), (near * across).sum() / near.sum()
    return np.degrees(np.arctan2(*v)) % 180.0, np.linalg.norm(v)


# %% right: frequency 0 left out
def gabor_fit(filter):
    n = 128
    spectrum = torch.fft.fft2(filter, (n, n)).abs()
    f = torch.fft.fftfreq(n)
    radius = (f[:, None] ** 2 + f[None, :] ** 2).sqrt()
    spectrum[radius < 0.12] = 0
    flat = spectrum.flatten().argmax()
    r, c = flat // n, flat % n
    return [math.degrees(math.atan2(f[r], f[c])) % 180, radius[r, c].item()]


# %% wrong: the direction of the stripes
# fails: test-gabor-fit-orientation
# says: the stripes' direction
# from: solution
# -    return math.degrees(math.atan2(down, across)) % 180, math.hypot(down, across)
# +    return (math.degrees(math.atan2(down, across)) + 90) % 180, math.hypot(down, across)

# %% wrong: rows counted upwards
# says: rows counted upwards
# -    return math.degrees(math.atan2(down, across)) % 180, math.hypot(down, across)
# +    return math.degrees(math.atan2(-down, across)) % 180, math.hypot(down, across)

# %% wrong: row and column exchanged
# says: row and column exchanged
# -    return math.degrees(math.atan2(down, across)) % 180, math.hypot(down, across)
# +    return math.degrees(math.atan2(across, down)) % 180, math.hypot(down, across)

# %% wrong: radians
# says: radians
# -    return math.degrees(math.atan2(down, across)) % 180, math.hypot(down, across)
# +    return math.atan2(down, across) % math.pi, math.hypot(down, across)

# %% wrong: without signs
# says: without the sign of the row frequency
# -    return math.degrees(math.atan2(down, across)) % 180, math.hypot(down, across)
# +    return math.degrees(math.atan2(abs(down), abs(across))), math.hypot(down, across)

# %% wrong: an arctangent of the ratio in radians of the other axis
# says: wrong orientation
# -    return math.degrees(math.atan2(down, across)) % 180, math.hypot(down, across)
# +    return math.degrees(math.atan(across / (down or 1e-9))) % 180, math.hypot(down, across)

# %% wrong: the strongest row
# says: wrong orientation
# -    return math.degrees(math.atan2(down, across)) % 180, math.hypot(down, across)
# +    return 90.0 if abs(down) > abs(across) else 0.0, math.hypot(down, across)

# %% wrong: cycles in the filter
# fails: test-gabor-fit-frequency
# says: cycles in the whole filter
# -    return math.degrees(math.atan2(down, across)) % 180, math.hypot(down, across)
# +    return math.degrees(math.atan2(down, across)) % 180, len(filter) * math.hypot(down, across)

# %% wrong: radians per pixel
# says: radians per pixel
# -    return math.degrees(math.atan2(down, across)) % 180, math.hypot(down, across)
# +    return math.degrees(math.atan2(down, across)) % 180, 2 * math.pi * math.hypot(down, across)

# %% wrong: the larger frequency
# says: the larger of the two frequencies
# -    return math.degrees(math.atan2(down, across)) % 180, math.hypot(down, across)
# +    return math.degrees(math.atan2(down, across)) % 180, max(abs(down), abs(across))

# %% wrong: the period
# says: the period
# -    return math.degrees(math.atan2(down, across)) % 180, math.hypot(down, across)
# +    return math.degrees(math.atan2(down, across)) % 180, 1 / math.hypot(down, across)

# %% wrong: places in the spectrum for frequencies
# fails: test-gabor-fit-frequency, test-gabor-fit-orientation
# because: beyond the middle of the spectrum are the negative frequencies
# says: wrong
# -    down, across = float(frequencies[row]), float(frequencies[column])
# +    down, across = row / size, column / size

# %% wrong: the sum of the frequencies
# fails: test-gabor-fit-frequency
# says: wrong frequency
# -    return math.degrees(math.atan2(down, across)) % 180, math.hypot(down, across)
# +    return math.degrees(math.atan2(down, across)) % 180, abs(down) + abs(across)

# %% wrong: no zeros around the filter
# fails: test-gabor-fit-frequency, test-gabor-fit-orientation
# because: a step of 1/K is too coarse for directions as well
# says: wrong
# -    size = 128
# +    size = len(filter)
