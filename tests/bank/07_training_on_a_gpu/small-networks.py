# %% right: layers by their places
# The files of weights in beside/ are those of the solution, trained by its own cells and stored in float16: a
# right answer in another style has layers of the same names.
TRAINED_ON = "cpu"


def centred(x):
    return 4 * x - 2


class Named(nn.Module):
    def __init__(self, layers):
        super().__init__()
        for place, layer in layers.items():
            self.add_module(str(place), layer)

    def forward(self, x):
        x = centred(x)
        for layer in self.children():
            x = layer(x)
        return x


class Residual(nn.Module):
    def __init__(self, i, o, s=1):
        super().__init__()
        self.body = nn.Sequential(pair(i, o, 3, s), nn.ReLU(), pair(o, o, 3, 1))
        if s > 1 or i != o:
            self.skip = pair(i, o, 1, s)

    def forward(self, x):
        around = self.skip(x) if hasattr(self, "skip") else x
        return torch.relu(self.body(x).add(around))


def pair(i, o, k, s):
    return nn.Sequential(nn.Conv2d(i, o, k, stride=s, padding=(k - 1) // 2, bias=False), nn.BatchNorm2d(o))


def small_alexnet():
    pool = lambda: nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
    same = lambda i, o: nn.Conv2d(i, o, 3, padding="same")
    return Named({
        1: nn.Conv2d(3, 32, 5, 2, 2), 2: nn.ReLU(), 3: pool(), 4: same(32, 64), 5: nn.ReLU(), 6: pool(),
        7: same(64, 96), 8: nn.ReLU(), 9: same(96, 96), 10: nn.ReLU(), 11: same(96, 64), 12: nn.ReLU(),
        13: pool(), 14: nn.Flatten(), 16: nn.Linear(256, 256), 17: nn.ReLU(), 19: nn.Linear(256, 10),
    })


def small_vgg():
    layers, place, i = {}, 1, 3
    for o in (16, "pool", 32, "pool", 64, 64, "pool"):
        if o == "pool":
            layers[place] = nn.MaxPool2d(2, 2)
            place += 1
        else:
            layers |= {place: pair(i, o, 3, 1), place + 1: nn.ReLU(True)}
            place, i = place + 2, o
    classifier = [nn.Flatten(), nn.Linear(1024, 128), nn.ReLU(True), nn.Linear(128, 10)]
    return Named(layers | {place + k: layer for k, layer in enumerate(classifier)})


def small_resnet():
    return Named({
        1: pair(3, 32, 3, 2), 2: nn.ReLU(), 3: Residual(32, 32), 4: Residual(32, 64, 2), 5: Residual(64, 128, 2),
        6: nn.AvgPool2d(4), 7: nn.Flatten(), 8: nn.Linear(128, 10),
    })


# %% right: TRAINED_ON in capitals
# from: solution
# -TRAINED_ON = "cpu"
# +TRAINED_ON = "CPU"

# %% right: without the skip connection's module where nothing changes, with a lambda's
# -            self.skip = nn.Identity() if same else normed(before, after, 1, stride)
# +            self.skip = (lambda x: x) if same else normed(before, after, 1, stride)

# %% right: no first weights of its own, since they are loaded
# -        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")

# %% right: a global average of a known size
# -        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, 10),
# +        nn.AvgPool2d(4), nn.Flatten(), nn.Linear(128, 10),

# %% right: log-softmax at the end, which has the same order
# -        *layers, nn.Flatten(), nn.Linear(64 * 4 * 4, 128), nn.ReLU(), nn.Linear(128, 10)
# +        *layers, nn.Flatten(), nn.Linear(64 * 4 * 4, 128), nn.ReLU(), nn.Linear(128, 10), nn.LogSoftmax(1)

# %% wrong: a VGG of another width than the trained one
# fails: test-vgg-file, test-vgg-first, test-vgg-second
# because: a file that does not fit costs its own points
# says: other shapes
# -    for channels, depth in ((16, 1), (32, 1), (64, 2)):
# +    for channels, depth in ((16, 1), (32, 1), (64, 1)):

# %% wrong: a VGG without the norm that it was trained with
# says: other shapes
# -            layers += [normed(before, channels), nn.ReLU()]
# +            layers += [nn.Conv2d(before, channels, 3, padding=1), nn.ReLU()]

# %% wrong: a VGG for nine classes
# says: other shapes
# -        *layers, nn.Flatten(), nn.Linear(64 * 4 * 4, 128), nn.ReLU(), nn.Linear(128, 10)
# +        *layers, nn.Flatten(), nn.Linear(64 * 4 * 4, 128), nn.ReLU(), nn.Linear(128, 9)

# %% wrong: the class in place of a network
# fails: test-resnet-file, test-resnet-first, test-resnet-second
# because: a network that cannot be made or loaded has no scores
# says: a torch.nn.Module was expected
# -    return nn.Sequential(
# -        Centre(), normed(3, 32, 3, stride=2), nn.ReLU(),
# +    return lambda x: nn.Sequential(
# +        Centre(), normed(3, 32, 3, stride=2), nn.ReLU(),

# %% wrong: a ResNet that flattens and does not average
# says: other shapes
# -        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, 10),
# +        nn.Identity(), nn.Flatten(), nn.Linear(128 * 4 * 4, 10),

# %% wrong: a ResNet that stops
# says: raised
# -        Block(32, 32, 1), Block(32, 64, 2), Block(64, 128, 2),
# +        Block(32, 32), Block(32, 64, 2), Block(64, 128, 2),

# %% wrong: the way around left out after the training
# fails: test-resnet-first, test-resnet-second
# because: a network that is right for few images reaches neither threshold
# says: too few images are right
# -            return F.relu(self.body(x) + self.skip(x))
# +            return F.relu(self.body(x))

# %% wrong: no ReLU after the sum
# says: too few images are right
# -            return F.relu(self.body(x) + self.skip(x))
# +            return self.body(x) + self.skip(x)

# %% wrong: an AlexNet with another hidden layer than the trained one
# fails: test-alexnet-file, test-alexnet-first, test-alexnet-second
# because: a file that does not fit costs its own points
# says: other shapes
# -        nn.Dropout(0.2), nn.Linear(64 * 2 * 2, 256), nn.ReLU(), nn.Dropout(0.2), nn.Linear(256, 10),
# +        nn.Dropout(0.2), nn.Linear(64 * 2 * 2, 128), nn.ReLU(), nn.Dropout(0.2), nn.Linear(128, 10),

# %% wrong: images in another range than in the training
# fails: test-alexnet-first, test-alexnet-second
# because: a network that is right for few images reaches neither threshold
# says: too few images are right
# -        Centre(),
# -        convolution(3, 32, 5, stride=2), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1),
# +        nn.Identity(),
# +        convolution(3, 32, 5, stride=2), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1),
