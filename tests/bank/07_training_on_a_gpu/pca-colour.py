# %% right: a product of matrices
def pca_colour(x, eigenvalues, eigenvectors, generator, sigma=0.1):
    alpha = torch.randn(x.shape[0], 3, generator=generator) * sigma
    shift = (eigenvectors @ (alpha * eigenvalues).T).T
    return torch.clamp(x + shift.view(-1, 3, 1, 1), 0, 1)


# %% right: a loop over images and components
def pca_colour(x, eigenvalues, eigenvectors, generator, sigma=0.1):
    out = x.clone()
    for image in out:
        for i in range(3):
            alpha = sigma * torch.randn(1, generator=generator)
            image += (alpha * eigenvalues[i] * eigenvectors[:, i])[:, None, None]
    return out.clamp_(0, 1)


# %% right: normal and einsum
def pca_colour(x, eigenvalues, eigenvectors, generator, sigma=0.1):
    alphas = torch.normal(0.0, sigma, (len(x), 3), generator=generator)
    colours = torch.einsum("ci,i,ni->nc", eigenvectors, eigenvalues, alphas)
    return (x + colours[..., None, None]).clip(min=0, max=1)


# %% right: a scaled basis, and pixels in rows
def pca_colour(x, eigenvalues, eigenvectors, generator, sigma=0.1):
    n, c, h, w = x.shape
    basis = eigenvectors @ torch.diag(eigenvalues)
    alphas = torch.empty(n, 3).normal_(0, sigma, generator=generator)
    pixels = x.permute(0, 2, 3, 1).reshape(n, h * w, c) + F.linear(alphas, basis).unsqueeze(1)
    return pixels.clamp(0, 1).reshape(n, h, w, c).permute(0, 3, 1, 2)


# %% right: one matrix-vector product for each image
def colour(values, vectors, generator, sigma):
    return vectors.mv(values * torch.randn(3, generator=generator).mul(sigma))


def pca_colour(x, eigenvalues, eigenvectors, generator, sigma=0.1):
    images = [
        image.flatten(1).add(colour(eigenvalues, eigenvectors, generator, sigma).unsqueeze(1))
        for image in x
    ]
    return torch.stack(images).view_as(x).clamp(min=0.0, max=1.0)


# %% right: normal numbers out of uniform ones
def pca_colour(x, eigenvalues, eigenvectors, generator, sigma=0.1):
    first, second = torch.rand(2, len(x), 3, generator=generator, dtype=torch.float64)
    normal = torch.sqrt(-2 * torch.log1p(-first)) * torch.cos(2 * math.pi * second)
    alphas = (sigma * normal).to(x.dtype)
    colours = sum(
        alphas[:, i, None] * eigenvalues[i] * eigenvectors.unbind(1)[i] for i in range(3)
    )
    return (x + colours.reshape(-1, 3, 1, 1)).clamp(0, 1)


# %% wrong: a colour for each pixel
# fails: test-pca-colour-images
# says: has not the same colour added to each pixel
# from: normal and einsum
# -    alphas = torch.normal(0.0, sigma, (len(x), 3), generator=generator)
# -    colours = torch.einsum("ci,i,ni->nc", eigenvectors, eigenvalues, alphas)
# -    return (x + colours[..., None, None]).clip(min=0, max=1)
# +    alphas = torch.normal(0.0, sigma, x.shape, generator=generator)
# +    colours = torch.einsum("ci,i,nihw->nchw", eigenvectors, eigenvalues, alphas)
# +    return (x + colours).clip(min=0, max=1)

# %% wrong: a colour for each row of pixels
# says: has not the same colour added to each pixel
# -    alphas = torch.normal(0.0, sigma, (len(x), 3), generator=generator)
# -    colours = torch.einsum("ci,i,ni->nc", eigenvectors, eigenvalues, alphas)
# -    return (x + colours[..., None, None]).clip(min=0, max=1)
# +    alphas = torch.normal(0.0, sigma, (len(x), 3, x.shape[2]), generator=generator)
# +    colours = torch.einsum("ci,i,nih->nch", eigenvectors, eigenvalues, alphas)
# +    return (x + colours[..., None]).clip(min=0, max=1)

# %% wrong: multiplied, not added
# says: has not the same colour added to each pixel
# -    return (x + colours[..., None, None]).clip(min=0, max=1)
# +    return (x * (1 + colours[..., None, None])).clip(min=0, max=1)

# %% wrong: pixels themselves along the components
# says: has not the same colour added to each pixel
# -    colours = torch.einsum("ci,i,ni->nc", eigenvectors, eigenvalues, alphas)
# -    return (x + colours[..., None, None]).clip(min=0, max=1)
# +    along = torch.einsum("ci,nchw->nihw", eigenvectors, x) * (1 + alphas[:, :, None, None])
# +    return torch.einsum("ci,nihw->nchw", eigenvectors, along).clip(min=0, max=1)

# %% wrong: not clamped
# says: numbers outside [0, 1]
# -    return (x + colours[..., None, None]).clip(min=0, max=1)
# +    return x + colours[..., None, None]

# %% wrong: clamped at the bottom only
# says: numbers outside [0, 1]
# -    return (x + colours[..., None, None]).clip(min=0, max=1)
# +    return F.relu(x + colours[..., None, None])

# %% wrong: clamped before the colour is added
# says: numbers outside [0, 1]
# from: a loop over images and components
# -    out = x.clone()
# +    out = x.clamp(0, 1)
# -    return out.clamp_(0, 1)
# +    return out

# %% wrong: stretched to the whole range
# says: has not the same colour added to each pixel
# from: normal and einsum
# -    return (x + colours[..., None, None]).clip(min=0, max=1)
# +    x = x + colours[..., None, None]
# +    low, high = x.amin((1, 2, 3), keepdim=True), x.amax((1, 2, 3), keepdim=True)
# +    return (x - low) / (high - low)

# %% wrong: eigenvectors in rows
# fails: test-pca-colour-chances
# says: eigenvectors in rows: they are the columns
# from: a product of matrices
# -    shift = (eigenvectors @ (alpha * eigenvalues).T).T
# +    shift = (alpha * eigenvalues) @ eigenvectors

# %% wrong: the rows of the loop
# says: eigenvectors in rows: they are the columns
# from: a loop over images and components
# -            image += (alpha * eigenvalues[i] * eigenvectors[:, i])[:, None, None]
# +            image += (alpha * eigenvalues[i] * eigenvectors[i])[:, None, None]

# %% wrong: without the eigenvalues
# says: without the eigenvalues
# from: a product of matrices
# -    shift = (eigenvectors @ (alpha * eigenvalues).T).T
# +    shift = (eigenvectors @ alpha.T).T

# %% wrong: roots of the eigenvalues
# says: component 0, in standard deviations: the chances are wrong
# -    shift = (eigenvectors @ (alpha * eigenvalues).T).T
# +    shift = (eigenvectors @ (alpha * eigenvalues.sqrt()).T).T

# %% wrong: eigenvalues squared
# says: component 0
# -    shift = (eigenvectors @ (alpha * eigenvalues).T).T
# +    shift = (eigenvectors @ (alpha * eigenvalues**2).T).T

# %% wrong: eigenvalues that multiply rows
# says: component 0
# from: a scaled basis, and pixels in rows
# -    basis = eigenvectors @ torch.diag(eigenvalues)
# +    basis = torch.diag(eigenvalues) @ eigenvectors

# %% wrong: eigenvalues upwards
# says: component 0
# -    basis = eigenvectors @ torch.diag(eigenvalues)
# +    basis = eigenvectors @ torch.diag(eigenvalues.sort().values)

# %% wrong: the largest component only
# says: component 1
# -    basis = eigenvectors @ torch.diag(eigenvalues)
# +    basis = eigenvectors @ torch.diag(eigenvalues * torch.tensor([1.0, 0.0, 0.0]))

# %% wrong: sigma as the variance
# says: sigma as the variance: it is the standard deviation
# from: normal and einsum
# -    alphas = torch.normal(0.0, sigma, (len(x), 3), generator=generator)
# +    alphas = torch.normal(0.0, sigma**0.5, (len(x), 3), generator=generator)

# %% wrong: without sigma
# says: without sigma
# -    alphas = torch.normal(0.0, sigma, (len(x), 3), generator=generator)
# +    alphas = torch.randn(len(x), 3, generator=generator)

# %% wrong: sigma squared
# says: the chances are wrong
# -    alphas = torch.normal(0.0, sigma, (len(x), 3), generator=generator)
# +    alphas = torch.normal(0.0, sigma**2, (len(x), 3), generator=generator)

# %% wrong: the default sigma, whatever is asked for
# says: the chances are wrong
# -    alphas = torch.normal(0.0, sigma, (len(x), 3), generator=generator)
# +    alphas = torch.normal(0.0, 0.1, (len(x), 3), generator=generator)

# %% wrong: uniform numbers
# says: the chances are wrong
# -    alphas = torch.normal(0.0, sigma, (len(x), 3), generator=generator)
# +    alphas = sigma * (2 * torch.rand(len(x), 3, generator=generator) - 1)

# %% wrong: brighter only
# says: the chances are wrong
# -    alphas = torch.normal(0.0, sigma, (len(x), 3), generator=generator)
# +    alphas = torch.normal(0.0, sigma, (len(x), 3), generator=generator).abs()

# %% wrong: sigma as the mean
# says: the chances are wrong
# -    alphas = torch.normal(0.0, sigma, (len(x), 3), generator=generator)
# +    alphas = sigma + torch.randn(len(x), 3, generator=generator)

# %% wrong: one number for all three components
# says: one draw that serves for two
# -    alphas = torch.normal(0.0, sigma, (len(x), 3), generator=generator)
# +    alphas = torch.normal(0.0, sigma, (len(x), 1), generator=generator).expand(-1, 3)

# %% wrong: drawn before the loop over components
# says: one draw that serves for two
# from: a loop over images and components
# -        for i in range(3):
# -            alpha = sigma * torch.randn(1, generator=generator)
# +        alpha = sigma * torch.randn(1, generator=generator)
# +        for i in range(3):

# %% wrong: one colour for the whole batch
# says: one draw for the whole batch
# from: a product of matrices
# -    alpha = torch.randn(x.shape[0], 3, generator=generator) * sigma
# +    alpha = torch.randn(1, 3, generator=generator) * sigma

# %% wrong: noise on red, green and blue
# says: component 0
# -    shift = (eigenvectors @ (alpha * eigenvalues).T).T
# +    shift = alpha * eigenvalues

# %% wrong: the global generator
# fails: test-pca-colour-generator
# says: the global one, say, that is not generator
# -    alpha = torch.randn(x.shape[0], 3, generator=generator) * sigma
# +    alpha = torch.randn(x.shape[0], 3) * sigma

# %% wrong: torch.normal without the generator
# says: the global one, say, that is not generator
# from: normal and einsum
# -    alphas = torch.normal(0.0, sigma, (len(x), 3), generator=generator)
# +    alphas = torch.normal(torch.zeros(len(x), 3), sigma)

# %% wrong: NumPy's generator
# says: the same generator gives two different results
# -    alphas = torch.normal(0.0, sigma, (len(x), 3), generator=generator)
# +    import numpy as np
# +
# +    alphas = torch.tensor(np.random.normal(0, sigma, (len(x), 3)), dtype=x.dtype)

# %% wrong: seeded anew in each call
# says: another generator gives the same result
# from: a product of matrices
# -    alpha = torch.randn(x.shape[0], 3, generator=generator) * sigma
# +    generator.manual_seed(0)
# +    alpha = torch.randn(x.shape[0], 3, generator=generator) * sigma

# %% wrong: a generator of its own
# says: a seed of its own
# -    alpha = torch.randn(x.shape[0], 3, generator=generator) * sigma
# +    generator = torch.Generator().manual_seed(0)
# +    alpha = torch.randn(x.shape[0], 3, generator=generator) * sigma

# %% wrong: a copy of the generator
# says: drawing from a copy of generator
# -    alpha = torch.randn(x.shape[0], 3, generator=generator) * sigma
# +    copied = torch.Generator()
# +    copied.set_state(generator.get_state())
# +    alpha = torch.randn(x.shape[0], 3, generator=copied) * sigma

# %% wrong: colours added in place
# says: working in place
# -    return torch.clamp(x + shift.view(-1, 3, 1, 1), 0, 1)
# +    x += shift.view(-1, 3, 1, 1)
# +    return torch.clamp(x, 0, 1)

# %% wrong: no copy of the images
# says: working in place
# from: a loop over images and components
# -    out = x.clone()
# -    for image in out:
# +    for image in x:
# -    return out.clamp_(0, 1)
# +    return x.clamp(0, 1)

# %% wrong: the basis scaled in place
# says: working in place
# from: a scaled basis, and pixels in rows
# -    basis = eigenvectors @ torch.diag(eigenvalues)
# +    basis = eigenvectors
# +    basis *= eigenvalues

# %% wrong: the result is x
# says: working in place
# from: a product of matrices
# -    return torch.clamp(x + shift.view(-1, 3, 1, 1), 0, 1)
# +    return x.add_(shift.view(-1, 3, 1, 1)).clamp_(0, 1)
