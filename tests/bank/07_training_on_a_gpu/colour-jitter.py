# %% right: brightness, contrast, saturation
def colour_jitter(x, generator, brightness=0, contrast=0, saturation=0):
    n = len(x)
    weights = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
    b = 1 - brightness + 2 * brightness * torch.rand(n, 1, 1, 1, generator=generator)
    c = 1 - contrast + 2 * contrast * torch.rand(n, 1, 1, 1, generator=generator)
    s = 1 - saturation + 2 * saturation * torch.rand(n, 1, 1, 1, generator=generator)
    x = b * x
    grey = (weights * x).sum(dim=1, keepdim=True)
    mean = grey.mean(dim=(1, 2, 3), keepdim=True)
    x = mean + c * (x - mean)
    grey = (weights * x).sum(dim=1, keepdim=True)
    x = grey + s * (x - grey)
    return torch.clamp(x, 0.0, 1.0)


# %% right: the other way round, clamped in between
def luma(x):
    return 0.299 * x[:, 0:1] + 0.587 * x[:, 1:2] + 0.114 * x[:, 2:3]


def colour_jitter(x, generator, brightness=0, contrast=0, saturation=0):
    factors = 2 * torch.rand(3, len(x), 1, 1, 1, generator=generator) - 1
    x = torch.lerp(luma(x).expand_as(x), x, 1 + saturation * factors[0]).clamp(0, 1)
    mean = luma(x).mean(dim=(-1, -2), keepdim=True).expand_as(x)
    x = torch.lerp(mean, x, 1 + contrast * factors[1]).clamp(0, 1)
    return (x * (1 + brightness * factors[2])).clamp(0, 1)


# %% right: a loop over the images
def colour_jitter(x, generator, brightness=0, contrast=0, saturation=0):
    def factor(v):
        return torch.empty(1).uniform_(1 - v, 1 + v, generator=generator).item() if v else 1.0

    def grey(image):
        red, green, blue = image
        return 0.299 * red + 0.587 * green + 0.114 * blue

    out = []
    for image in x:
        c = factor(contrast)
        image = c * image + (1 - c) * grey(image).mean()
        image = factor(brightness) * image
        s = factor(saturation)
        image = s * image + (1 - s) * grey(image)
        out.append(image.clip(0, 1))
    return torch.stack(out)


# %% right: one colour matrix for each image
def colour_jitter(x, generator, brightness=0, contrast=0, saturation=0):
    limits = torch.tensor([brightness, contrast, saturation])
    b, c, s = ((1 - limits) + 2 * limits * torch.rand(len(x), 3, generator=generator)).T
    weights = torch.tensor([0.299, 0.587, 0.114])
    mean = torch.einsum("nchw,c->n", x, weights) / x[0, 0].numel()
    to_grey = weights.expand(3, 3)
    mix = s[:, None, None] * torch.eye(3) + (1 - s)[:, None, None] * to_grey
    mixed = torch.einsum("nij,njhw->nihw", (b * c)[:, None, None] * mix, x)
    return (mixed + (b * (1 - c) * mean)[:, None, None, None]).clamp(0, 1)


# %% right: in a random order
def colour_jitter(x, generator, brightness=0, contrast=0, saturation=0):
    weights = torch.tensor([[0.299], [0.587], [0.114]])

    def grey(x):
        return (x.movedim(1, -1) @ weights).movedim(-1, 1)

    others = {
        "brightness": (brightness, torch.zeros_like),
        "contrast": (contrast, lambda x: grey(x).mean((1, 2, 3), keepdim=True)),
        "saturation": (saturation, grey),
    }
    names = sorted(others)
    for k in torch.randperm(3, generator=generator).tolist():
        v, other = others[names[k]]
        factor = torch.rand(len(x), generator=generator).mul(2).sub(1).mul(v).add(1).view(-1, 1, 1, 1)
        base = other(x)
        x = (base + factor * (x - base)).clamp(0, 1)
    return x


# %% right: a class for each step
class Step:
    def __init__(self, v):
        self.v = v

    def __call__(self, x, generator):
        f = (torch.rand((len(x), 1, 1, 1), generator=generator) - 0.5) * 2 * self.v
        return x + f * (x - self.base(x))

    def base(self, x):
        return 0


class Saturation(Step):
    def base(self, x):
        return F.conv2d(x, torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1))


class Contrast(Saturation):
    def base(self, x):
        return super().base(x).flatten(1).mean(1).view(-1, 1, 1, 1)


def colour_jitter(x, generator, brightness=0, contrast=0, saturation=0):
    for step in (Step(brightness), Saturation(saturation), Contrast(contrast)):
        x = step(x, generator)
    return x.minimum(torch.ones(())).maximum(torch.zeros(()))


# %% wrong: the mean of the channels as grey
# fails: test-colour-jitter-images
# says: the mean of the channels as grey: the weights are 0.299, 0.587, 0.114
# from: brightness, contrast, saturation
# -    weights = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
# +    weights = torch.full((1, 3, 1, 1), 1 / 3)

# %% wrong: contrast about each channel's mean
# says: the mean of each channel
# from: a loop over the images
# -        image = c * image + (1 - c) * grey(image).mean()
# +        image = c * image + (1 - c) * image.mean((1, 2), keepdim=True)

# %% wrong: the mean not added again
# says: images are not changed as they should be
# from: brightness, contrast, saturation
# -    x = mean + c * (x - mean)
# +    x = c * (x - mean)

# %% wrong: weights for blue, green, red
# says: the weights of blue, green, red
# from: brightness, contrast, saturation
# -    weights = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
# +    weights = torch.tensor([0.114, 0.587, 0.299]).view(1, 3, 1, 1)

# %% wrong: weights of high-definition television
# says: the weights of Rec. 709
# -    weights = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
# +    weights = torch.tensor([0.2126, 0.7152, 0.0722]).view(1, 3, 1, 1)

# %% wrong: weights that lack the blue
# says: brightness is 0, and changes the image
# from: the other way round, clamped in between
# -    return 0.299 * x[:, 0:1] + 0.587 * x[:, 1:2] + 0.114 * x[:, 2:3]
# +    return 0.299 * x[:, 0:1] + 0.587 * x[:, 1:2]

# %% wrong: not clamped
# says: numbers outside [0, 1]
# from: brightness, contrast, saturation
# -    return torch.clamp(x, 0.0, 1.0)
# +    return x

# %% wrong: clamped at the top only
# says: numbers outside [0, 1]
# -    return torch.clamp(x, 0.0, 1.0)
# +    return torch.clamp(x, max=1.0)

# %% wrong: clamped before the last step
# says: numbers outside [0, 1]
# from: the other way round, clamped in between
# -    return (x * (1 + brightness * factors[2])).clamp(0, 1)
# +    return x * (1 + brightness * factors[2])

# %% wrong: clamped to 255
# says: numbers outside [0, 1]
# from: a loop over the images
# -        out.append(image.clip(0, 1))
# +        out.append(image.clip(0, 255))

# %% wrong: a brightness for each channel
# says: images are not changed as they should be
# from: brightness, contrast, saturation
# -    b = 1 - brightness + 2 * brightness * torch.rand(n, 1, 1, 1, generator=generator)
# +    b = 1 - brightness + 2 * brightness * torch.rand(n, 3, 1, 1, generator=generator)

# %% wrong: a brightness for each pixel
# says: images are not changed as they should be
# -    b = 1 - brightness + 2 * brightness * torch.rand(n, 1, 1, 1, generator=generator)
# +    b = 1 - brightness + 2 * brightness * torch.rand(x.shape, generator=generator)

# %% wrong: factors from 1 upwards
# fails: test-colour-jitter-chances
# says: factors in [1, 1 + brightness]
# from: the other way round, clamped in between
# -    factors = 2 * torch.rand(3, len(x), 1, 1, 1, generator=generator) - 1
# +    factors = torch.rand(3, len(x), 1, 1, 1, generator=generator)

# %% wrong: factors up to 1
# says: factors in [1 - brightness, 1]
# -    factors = 2 * torch.rand(3, len(x), 1, 1, 1, generator=generator) - 1
# +    factors = -torch.rand(3, len(x), 1, 1, 1, generator=generator)

# %% wrong: factors from 0
# says: factors in [0, brightness]
# from: brightness, contrast, saturation
# -    b = 1 - brightness + 2 * brightness * torch.rand(n, 1, 1, 1, generator=generator)
# +    b = brightness * torch.rand(n, 1, 1, 1, generator=generator) if brightness else 1

# %% wrong: half as far
# says: the factor of the contrast: the chances are wrong
# -    c = 1 - contrast + 2 * contrast * torch.rand(n, 1, 1, 1, generator=generator)
# +    c = 1 + contrast * (torch.rand(n, 1, 1, 1, generator=generator) - 0.5)

# %% wrong: normal factors
# says: the factor of the saturation: out of range
# -    s = 1 - saturation + 2 * saturation * torch.rand(n, 1, 1, 1, generator=generator)
# +    s = 1 + saturation * torch.randn(n, 1, 1, 1, generator=generator)

# %% wrong: one of two factors
# says: the chances are wrong
# -    s = 1 - saturation + 2 * saturation * torch.rand(n, 1, 1, 1, generator=generator)
# +    s = 1 - saturation + 2 * saturation * torch.rand(n, 1, 1, 1, generator=generator).round()

# %% wrong: one factor for all three
# says: one draw that serves for two
# from: the other way round, clamped in between
# -    factors = 2 * torch.rand(3, len(x), 1, 1, 1, generator=generator) - 1
# +    factors = (2 * torch.rand(len(x), 1, 1, 1, generator=generator) - 1).expand(3, -1, -1, -1, -1)

# %% wrong: one factor for contrast and saturation
# says: one draw that serves for two
# -    x = torch.lerp(mean, x, 1 + contrast * factors[1]).clamp(0, 1)
# +    x = torch.lerp(mean, x, 1 + contrast * factors[0]).clamp(0, 1)

# %% wrong: factors for the whole batch
# says: one draw for the whole batch
# -    factors = 2 * torch.rand(3, len(x), 1, 1, 1, generator=generator) - 1
# +    factors = 2 * torch.rand(3, 1, 1, 1, 1, generator=generator) - 1

# %% wrong: the mean of the image before it was made brighter
# says: the factor of the brightness: out of range
# from: brightness, contrast, saturation
# -    x = b * x
# -    grey = (weights * x).sum(dim=1, keepdim=True)
# -    mean = grey.mean(dim=(1, 2, 3), keepdim=True)
# -    x = mean + c * (x - mean)
# +    grey = (weights * x).sum(dim=1, keepdim=True)
# +    mean = grey.mean(dim=(1, 2, 3), keepdim=True)
# +    x = mean + c * (b * x - mean)

# %% wrong: only one of the three for each image
# says: the chances are wrong
# -    x = mean + c * (x - mean)
# -    grey = (weights * x).sum(dim=1, keepdim=True)
# -    x = grey + s * (x - grey)
# +    contrasted, grey = mean + c * (x - mean), (weights * x).sum(dim=1, keepdim=True)
# +    saturated = grey + s * (x - grey)
# +    coin = torch.rand(n, 1, 1, 1, generator=generator) < 0.5
# +    x = torch.where(coin, contrasted, saturated)

# %% wrong: each step from the image as it came
# says: the same for all images
# -    x = mean + c * (x - mean)
# -    grey = (weights * x).sum(dim=1, keepdim=True)
# +    x = x / b
# +    grey = (weights * x).sum(dim=1, keepdim=True)

# %% wrong: the global generator
# fails: test-colour-jitter-generator
# says: the global one, say, that is not generator
# from: the other way round, clamped in between
# -    factors = 2 * torch.rand(3, len(x), 1, 1, 1, generator=generator) - 1
# +    factors = 2 * torch.rand(3, len(x), 1, 1, 1) - 1

# %% wrong: contrast from the global generator
# says: the global one, say, that is not generator
# from: brightness, contrast, saturation
# -    c = 1 - contrast + 2 * contrast * torch.rand(n, 1, 1, 1, generator=generator)
# +    c = 1 - contrast + 2 * contrast * torch.rand(n, 1, 1, 1)

# %% wrong: Python's generator
# says: the same generator gives two different results
# from: a loop over the images
# -        return torch.empty(1).uniform_(1 - v, 1 + v, generator=generator).item() if v else 1.0
# +        return __import__("random").uniform(1 - v, 1 + v)

# %% wrong: the order from the global generator
# says: the same generator gives two different results
# from: in a random order
# -    for k in torch.randperm(3, generator=generator).tolist():
# +    for k in torch.randperm(3).tolist():

# %% wrong: seeded anew in each call
# says: another generator gives the same result
# from: the other way round, clamped in between
# -    factors = 2 * torch.rand(3, len(x), 1, 1, 1, generator=generator) - 1
# +    generator.manual_seed(0)
# +    factors = 2 * torch.rand(3, len(x), 1, 1, 1, generator=generator) - 1

# %% wrong: a generator of its own
# says: a seed of its own
# -    factors = 2 * torch.rand(3, len(x), 1, 1, 1, generator=generator) - 1
# +    factors = 2 * torch.rand(3, len(x), 1, 1, 1, generator=torch.Generator()) - 1

# %% wrong: a copy of the generator
# says: drawing from a copy of generator
# -    factors = 2 * torch.rand(3, len(x), 1, 1, 1, generator=generator) - 1
# +    copied = torch.Generator()
# +    copied.set_state(generator.get_state())
# +    factors = 2 * torch.rand(3, len(x), 1, 1, 1, generator=copied) - 1

# %% wrong: brightness in place
# says: working in place
# from: brightness, contrast, saturation
# -    x = b * x
# +    x *= b

# %% wrong: images changed in place, one by one
# says: working in place
# from: a loop over the images
# -        out.append(image.clip(0, 1))
# -    return torch.stack(out)
# +        x[len(out)] = image.clip(0, 1)
# +        out.append(image)
# +    return x.clone()

# %% wrong: x itself where nothing is to change
# says: a view of its
# from: brightness, contrast, saturation
# -    n = len(x)
# +    if not (brightness or contrast or saturation):
# +        return x
# +    n = len(x)

# %% wrong: the mean of all numbers for contrast
# fails: test-colour-jitter-images
# says: the mean of the channels as grey
# from: a loop over the images
# -        image = c * image + (1 - c) * grey(image).mean()
# +        image = c * image + (1 - c) * image.mean()

# %% wrong: contrast about 1/2
# says: contrast about 1/2: it is about the mean grey of the image
# from: a loop over the images
# -        image = c * image + (1 - c) * grey(image).mean()
# +        image = c * image + (1 - c) * 0.5

# %% wrong: contrast about the mean of the batch
# says: the mean of the whole batch: it is that of each image
# from: brightness, contrast, saturation
# -    mean = grey.mean(dim=(1, 2, 3), keepdim=True)
# +    mean = grey.mean()

# %% wrong: contrast about the grey image
# says: saturation is 0, and changes the image
# from: brightness, contrast, saturation
# -    x = mean + c * (x - mean)
# +    x = grey + c * (x - grey)

# %% wrong: contrast multiplies
# says: brightness is 0, and changes the image
# from: brightness, contrast, saturation
# -    x = mean + c * (x - mean)
# +    x = c * x

# %% wrong: saturation about the mean grey
# says: contrast is 0, and changes the image
# from: the other way round, clamped in between
# -    x = torch.lerp(luma(x).expand_as(x), x, 1 + saturation * factors[0]).clamp(0, 1)
# +    grey = luma(x).mean((1, 2, 3), keepdim=True).expand_as(x)
# +    x = torch.lerp(grey, x, 1 + saturation * factors[0]).clamp(0, 1)

# %% wrong: brightness added
# says: contrast is 0, and changes the image
# from: brightness, contrast, saturation
# -    x = b * x
# +    x = x + (b - 1)

# %% wrong: stretched to the whole range at the end
# says: contrast is 0, and changes the image
# from: brightness, contrast, saturation
# -    return torch.clamp(x, 0.0, 1.0)
# +    low, high = x.amin((1, 2, 3), keepdim=True), x.amax((1, 2, 3), keepdim=True)
# +    return (x - low) / (high - low)

# %% wrong: brightness squared
# fails: test-colour-jitter-images, test-colour-jitter-chances
# because: where three things change at once, another formula reads like other factors
# says: images are not changed as they should be
# from: the other way round, clamped in between
# -    return (x * (1 + brightness * factors[2])).clamp(0, 1)
# +    return (x * (1 + brightness * factors[2]) ** 2).clamp(0, 1)

# %% wrong: the ends of the mixture exchanged
# fails: test-colour-jitter-images
# says: saturation is 0, and changes the image
# from: the other way round, clamped in between
# -    x = torch.lerp(luma(x).expand_as(x), x, 1 + saturation * factors[0]).clamp(0, 1)
# +    x = torch.lerp(x, luma(x).expand_as(x), 1 + saturation * factors[0]).clamp(0, 1)
