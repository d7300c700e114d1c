# %% right: a row of coins
def random_flip(x, generator, p=0.5):
    n = x.shape[0]
    coins = torch.rand((n, 1, 1, 1), generator=generator)
    return torch.where(coins < p, torch.flip(x, dims=[3]), x)


# %% right: a loop over the images
def random_flip(x, generator, p=0.5):
    images = []
    for image in x:
        if torch.rand(1, generator=generator).item() < p:
            image = image.flip(2)
        images.append(image)
    return torch.stack(images)


# %% right: a copy, in which some are replaced
def random_flip(x, generator, p=0.5):
    out = x.clone()
    chosen = torch.rand(x.size(0), generator=generator) < p
    out[chosen] = x[chosen].flip(dims=(-1,))
    return out


# %% right: an index for each column
def random_flip(x, generator, p=0.5):
    n, c, h, w = x.shape
    columns = torch.arange(w)
    chosen = torch.rand(n, generator=generator).lt(p)
    index = torch.where(chosen[:, None], w - 1 - columns, columns)
    return torch.gather(x, 3, index[:, None, None, :].expand(n, c, h, w))


# %% right: Bernoulli, and a weighted sum
def random_flip(x, generator, p=0.5):
    flips = torch.bernoulli(torch.full((len(x),), float(p)), generator=generator)
    flips = flips.view(-1, 1, 1, 1)
    return flips * x.flip(3) + (1 - flips) * x


# %% right: bernoulli_ and the numbers of images
def random_flip(x, generator, p=0.5):
    chosen = torch.empty(len(x)).bernoulli_(p, generator=generator).nonzero().flatten()
    return x.index_copy(0, chosen, x.index_select(0, chosen).flip(-1))


# %% right: NumPy's reversed axis
def random_flip(x, generator, p=0.5):
    images = x.numpy().copy()
    for n, coin in enumerate(torch.rand(len(images), generator=generator).tolist()):
        if coin >= 1 - p:
            images[n] = images[n, :, :, ::-1].copy()
    return torch.from_numpy(images)


# %% right: a class that flips
class Flip:
    def __init__(self, p, generator):
        self.p, self.generator = p, generator

    def coin(self):
        return torch.rand((), generator=self.generator) < self.p

    def __call__(self, image):
        return torch.fliplr(image.permute(1, 2, 0)).permute(2, 0, 1) if self.coin() else image


def random_flip(x, generator, p=0.5):
    return torch.cat([Flip(p, generator)(image)[None] for image in x])


# %% wrong: upside down
# fails: test-random-flip-images
# says: flip(-2) turns an image upside down
# from: a row of coins
# -    return torch.where(coins < p, torch.flip(x, dims=[3]), x)
# +    return torch.where(coins < p, torch.flip(x, dims=[2]), x)

# %% wrong: the axis counted as in a batch
# says: is neither itself nor its mirror image
# from: a loop over the images
# -            image = image.flip(2)
# +            image = image.flip(1)

# %% wrong: turned round
# says: turned by 180 degrees
# from: a copy, in which some are replaced
# -    out[chosen] = x[chosen].flip(dims=(-1,))
# +    out[chosen] = x[chosen].flip(dims=(-1, -2))

# %% wrong: the batch turned round with the images
# says: put into another image's place
# from: a row of coins
# -    return torch.where(coins < p, torch.flip(x, dims=[3]), x)
# +    return torch.where(coins < p, torch.flip(x, dims=[0, 3]), x)

# %% wrong: the mirror images of the first few
# says: is neither itself nor its mirror image
# from: a copy, in which some are replaced
# -    out[chosen] = x[chosen].flip(dims=(-1,))
# +    out[chosen] = x.flip(dims=(-1,))[: chosen.sum()]

# %% wrong: a coin for each channel
# says: is neither itself nor its mirror image
# from: a row of coins
# -    coins = torch.rand((n, 1, 1, 1), generator=generator)
# +    coins = torch.rand((n, x.shape[1], 1, 1), generator=generator)

# %% wrong: a coin for each pixel
# says: is neither itself nor its mirror image
# -    coins = torch.rand((n, 1, 1, 1), generator=generator)
# +    coins = torch.rand(x.shape, generator=generator)

# %% wrong: column 0 stays where it is
# says: is neither itself nor its mirror image
# from: an index for each column
# -    index = torch.where(chosen[:, None], w - 1 - columns, columns)
# +    index = torch.where(chosen[:, None], -columns % w, columns)

# %% wrong: the left half repeated
# says: is neither itself nor its mirror image
# -    index = torch.where(chosen[:, None], w - 1 - columns, columns)
# +    index = torch.where(chosen[:, None], torch.minimum(columns, w - 1 - columns), columns)

# %% wrong: the mirror image added, not put in its place
# says: is neither itself nor its mirror image
# from: Bernoulli, and a weighted sum
# -    return flips * x.flip(3) + (1 - flips) * x
# +    return flips * x.flip(3) + x

# %% wrong: all that are not chosen
# fails: test-random-flip-chances
# says: mirrored with probability 1 - p
# from: a row of coins
# -    return torch.where(coins < p, torch.flip(x, dims=[3]), x)
# +    return torch.where(coins < p, x, torch.flip(x, dims=[3]))

# %% wrong: larger than p
# says: mirrored with probability 1 - p
# -    return torch.where(coins < p, torch.flip(x, dims=[3]), x)
# +    return torch.where(coins > p, torch.flip(x, dims=[3]), x)

# %% wrong: one half, whatever p is
# says: which images are mirrored: the chances are wrong
# from: a loop over the images
# -        if torch.rand(1, generator=generator).item() < p:
# +        if torch.rand(1, generator=generator).item() < 0.5:

# %% wrong: heads or tails, without p
# says: the chances are wrong
# from: a copy, in which some are replaced
# -    chosen = torch.rand(x.size(0), generator=generator) < p
# +    chosen = torch.randint(2, (x.size(0),), generator=generator).bool()

# %% wrong: normal numbers
# says: the chances are wrong
# -    chosen = torch.rand(x.size(0), generator=generator) < p
# +    chosen = torch.randn(x.size(0), generator=generator) < p

# %% wrong: two coins, both of which must fall
# says: the chances are wrong
# from: a loop over the images
# -        if torch.rand(1, generator=generator).item() < p:
# +        first, second = torch.rand(2, generator=generator).tolist()
# +        if first < p and second < p:

# %% wrong: neighbours share a coin
# says: one draw that serves for two
# from: a copy, in which some are replaced
# -    chosen = torch.rand(x.size(0), generator=generator) < p
# +    half = torch.rand((x.size(0) + 1) // 2, generator=generator) < p
# +    chosen = half.repeat_interleave(2)[: x.size(0)]

# %% wrong: the global generator
# fails: test-random-flip-generator
# says: a generator of PyTorch, the global one, say, that is not generator
# from: a row of coins
# -    coins = torch.rand((n, 1, 1, 1), generator=generator)
# +    coins = torch.rand((n, 1, 1, 1))

# %% wrong: bernoulli_ without the generator
# says: the global one, say, that is not generator
# from: bernoulli_ and the numbers of images
# -    chosen = torch.empty(len(x)).bernoulli_(p, generator=generator).nonzero().flatten()
# +    chosen = torch.empty(len(x)).bernoulli_(p).nonzero().flatten()

# %% wrong: Python's generator
# says: the same generator gives two different results
# from: a loop over the images
# -        if torch.rand(1, generator=generator).item() < p:
# +        import random
# +
# +        if random.random() < p:

# %% wrong: seeded anew in each call
# says: another generator gives the same result
# from: a row of coins
# -    coins = torch.rand((n, 1, 1, 1), generator=generator)
# +    generator.manual_seed(0)
# +    coins = torch.rand((n, 1, 1, 1), generator=generator)

# %% wrong: a generator of its own
# says: a seed of its own
# -    coins = torch.rand((n, 1, 1, 1), generator=generator)
# +    generator = torch.Generator()
# +    coins = torch.rand((n, 1, 1, 1), generator=generator)

# %% wrong: the global generator, seeded
# says: a seed of its own
# -    coins = torch.rand((n, 1, 1, 1), generator=generator)
# +    torch.manual_seed(42)
# +    coins = torch.rand((n, 1, 1, 1))

# %% wrong: the seed of the generator taken again and again
# says: two calls with one generator give the same result
# -    coins = torch.rand((n, 1, 1, 1), generator=generator)
# +    torch.manual_seed(generator.initial_seed())
# +    coins = torch.rand((n, 1, 1, 1))

# %% wrong: a copy of the generator
# says: drawing from a copy of generator
# -    coins = torch.rand((n, 1, 1, 1), generator=generator)
# +    copied = torch.Generator()
# +    copied.set_state(generator.get_state())
# +    coins = torch.rand((n, 1, 1, 1), generator=copied)

# %% wrong: mirrored in place
# says: working in place
# from: a copy, in which some are replaced
# -    out = x.clone()
# +    out = x

# %% wrong: NumPy's view of the tensor changed
# says: working in place
# from: NumPy's reversed axis
# -    images = x.numpy().copy()
# +    images = x.numpy()

# %% wrong: x itself where p is 0
# says: a view of its
# from: a row of coins
# -    n = x.shape[0]
# +    if p == 0:
# +        return x
# +    n = x.shape[0]

# %% wrong: x itself where no image is chosen
# says: a view of its
# from: a copy, in which some are replaced
# -    out = x.clone()
# -    chosen = torch.rand(x.size(0), generator=generator) < p
# +    chosen = torch.rand(x.size(0), generator=generator) < p
# +    if not chosen.any():
# +        return x
# +    out = x.clone()

# %% wrong: mirror images only
# fails: test-random-flip-images, test-random-flip-chances
# because: fewer images come back, so that nothing is known of the others
# says: wrong shape
# -    out[chosen] = x[chosen].flip(dims=(-1,))
# -    return out
# +    return x[chosen].flip(dims=(-1,))

# %% wrong: red and blue exchanged
# fails: test-random-flip-images
# says: channels in the other order
# from: a row of coins
# -    return torch.where(coins < p, torch.flip(x, dims=[3]), x)
# +    return torch.where(coins < p, torch.flip(x, dims=[1]), x)

# %% wrong: one coin for the whole batch
# fails: test-random-flip-chances
# says: one draw for the whole batch
# -    coins = torch.rand((n, 1, 1, 1), generator=generator)
# +    coins = torch.rand(1, generator=generator)

# %% wrong: exactly that share of each batch
# says: numbers dealt out among the images of a batch
# from: a copy, in which some are replaced
# -    chosen = torch.rand(x.size(0), generator=generator) < p
# +    chosen = torch.randperm(x.size(0), generator=generator)[: int(p * x.size(0))]

# %% wrong: as many as p says, in another order
# says: numbers dealt out among the images of a batch
# -    chosen = torch.rand(x.size(0), generator=generator) < p
# +    order = torch.rand(x.size(0), generator=generator).argsort().argsort()
# +    chosen = order < round(p * len(x))
