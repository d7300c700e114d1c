# %% right: literals
alexnet_parameters = 62_378_344
grouped_alexnet_parameters = 60_965_224
vgg16_activation_bytes = 60_950_432
weights_saved = 90_112
googlenet_conv1_weights = 9_408
alphago_parameters = 3_882_793


# %% right: pen and paper, written out
conv1, conv2, conv3 = 96 * (3 * 11 * 11 + 1), 256 * (96 * 25 + 1), 384 * (256 * 9 + 1)
conv4, conv5 = 384 * (384 * 9 + 1), 256 * (384 * 9 + 1)
fc = 4096 * (6 * 6 * 256 + 1) + 4096 * (4096 + 1) + 1000 * (4096 + 1)
alexnet_parameters = conv1 + conv2 + conv3 + conv4 + conv5 + fc
grouped_alexnet_parameters = alexnet_parameters - 256 * 48 * 25 - (384 + 256) * 192 * 9
side1 = 224 * 224 * (3 + 64 + 64) + 112 * 112 * 64
side2 = 112 * 112 * 2 * 128 + 56 * 56 * 128
side3 = 56 * 56 * 3 * 256 + 28 * 28 * 256
side4 = 28 * 28 * 3 * 512 + 14 * 14 * 512
side5 = 14 * 14 * 3 * 512 + 7 * 7 * 512
vgg16_activation_bytes = 4 * (side1 + side2 + side3 + side4 + side5 + 4096 + 4096 + 1000)
weights_saved = 49 * 64**2 - 27 * 64**2
googlenet_conv1_weights = 7 * 7 * 3 * 64
alphago_parameters = 192 * (48 * 25 + 1) + 11 * 192 * (192 * 9 + 1) + 192 + 361


# %% right: the functions of this part
def layer(kind, name, **options):
    return dict(kind=kind, name=name, **options)


def alexnet(groups):
    yield layer("conv", "conv1", out_channels=96, kernel_size=11, stride=4)
    yield layer("lrn", "norm1")
    yield layer("maxpool", "pool1", kernel_size=3, stride=2)
    yield layer("conv", "conv2", out_channels=256, kernel_size=5, padding=2, groups=groups)
    yield layer("maxpool", "pool2", kernel_size=3, stride=2)
    yield layer("conv", "conv3", out_channels=384, kernel_size=3, padding=1)
    yield layer("conv", "conv4", out_channels=384, kernel_size=3, padding=1, groups=groups)
    yield layer("conv", "conv5", out_channels=256, kernel_size=3, padding=1, groups=groups)
    yield layer("maxpool", "pool5", kernel_size=3, stride=2)
    for number, n in enumerate([4096, 4096, 1000]):
        yield layer("linear", f"fc{number}", out_features=n)


def parameters(network, shape):
    return sum(weights + biases for *_, weights, biases, _ in trace(network, shape))


alexnet_parameters = parameters(list(alexnet(1)), (3, 227, 227))
grouped_alexnet_parameters = parameters(list(alexnet(2)), (3, 227, 227))
vgg = []
for stage, (depth, width) in enumerate([(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)]):
    for number in range(depth):
        name = f"conv{stage}_{number}"
        vgg.append(layer("conv", name, out_channels=width, kernel_size=3, padding=1))
    vgg.append(layer("maxpool", f"pool{stage}", kernel_size=2, stride=2))
vgg += [layer("linear", "fc", out_features=n) for n in (4096, 4096, 1000)]
vgg16_activation_bytes = sum(row[2] for row in trace(vgg, (3, 224, 224))) * 4
weights_saved = conv_parameters(64, 64, 7, False) - 3 * conv_parameters(64, 64, 3, False)
googlenet_conv1_weights = conv_parameters(3, 64, 7, bias=False)
board = [layer("conv", "c1", out_channels=192, kernel_size=5, padding=2)]
board += [layer("conv", f"c{n}", out_channels=192, kernel_size=3, padding=1) for n in range(2, 13)]
board += [layer("conv", "c13", out_channels=1, kernel_size=1, bias=False)]
alphago_parameters = parameters(board, (48, 19, 19)) + 19 * 19


# %% right: NumPy integers and arrays
import numpy as np

channels_in = np.array([3, 96, 256, 384, 384])
channels_out = np.array([96, 256, 384, 384, 256])
kernels = np.array([11, 5, 3, 3, 3])
features = np.array([256 * 6 * 6, 4096, 4096, 1000])
linear = np.sum(features[:-1] * features[1:]) + np.sum(features[1:])
groups = np.array([1, 2, 1, 2, 2])
alexnet_parameters, grouped_alexnet_parameters = (
    np.sum(channels_in // g * channels_out * kernels**2) + channels_out.sum() + linear
    for g in (1, groups)
)
sides = np.array([224, 112, 56, 28, 14])
convs, widths = np.array([2, 2, 3, 3, 3]), np.array([64, 128, 256, 512, 512])
activations = (sides**2 * widths * convs + (sides // 2) ** 2 * widths).sum()
vgg16_activation_bytes = (activations + 224 * 224 * 3 + features[1:].sum()) * np.int64(4)
weights_saved = np.diff([3 * 3 * 3, 7 * 7])[0] * 64 * 64
googlenet_conv1_weights = np.empty((64, 3, 7, 7)).size
alphago_parameters = (
    np.prod([5, 5, 48, 192]) + 11 * np.prod([3, 3, 192, 192]) + 12 * 192 + 192 + 361
)


# %% right: loops that count
alexnet_parameters = grouped_alexnet_parameters = 0
shape = 3
for number, (out, k) in enumerate([(96, 11), (256, 5), (384, 3), (384, 3), (256, 3)], 1):
    for _ in range(out):
        alexnet_parameters += shape * k * k + 1
        grouped_alexnet_parameters += (shape // 2 if number in (2, 4, 5) else shape) * k * k + 1
    shape = out
inputs = shape * 36
for out in 4096, 4096, 1000:
    alexnet_parameters += (inputs + 1) * out
    grouped_alexnet_parameters += (inputs + 1) * out
    inputs = out
vgg16_activation_bytes, side = 224 * 224 * 3 * 4, 224
for stage in ([64] * 2, [128] * 2, [256] * 3, [512] * 3, [512] * 3):
    for width in stage:
        vgg16_activation_bytes += 4 * side * side * width
    side //= 2
    vgg16_activation_bytes += 4 * side * side * stage[-1]
for out in 4096, 4096, 1000:
    vgg16_activation_bytes += 4 * out
weights_saved = 0
for k, sign in [(7, 1), (3, -1), (3, -1), (3, -1)]:
    weights_saved += sign * k * k * 64 * 64
googlenet_conv1_weights = sum(3 for _ in range(64) for _ in range(7) for _ in range(7))
alphago_parameters, seen = 0, 48
for number in range(12):
    alphago_parameters += 192 * (seen * (25 if number == 0 else 9) + 1)
    seen = 192
for position in range(19 * 19):
    alphago_parameters += 1
alphago_parameters += seen


# %% right: set through a dict, annotated, with int()
counts = {"alexnet": 62.378344e6, "grouped": 60.965224e6, "alphago": 3.882793e6}
counts |= {"bytes": 15.237608e6 * 4, "saved": 22 * 4.096e3, "googlenet": 9.408e3}
counts = {name: round(count) for name, count in counts.items()}
alexnet_parameters: int = counts["alexnet"]
grouped_alexnet_parameters: int = counts["grouped"]
vgg16_activation_bytes: int = counts["bytes"]
weights_saved: int = counts["saved"]
googlenet_conv1_weights: int = counts["googlenet"]
alphago_parameters: int = int("3882793")


# %% right: given in a function's globals
def fill_in():
    global alexnet_parameters, grouped_alexnet_parameters, vgg16_activation_bytes
    global weights_saved, googlenet_conv1_weights, alphago_parameters
    undivided = 34_944 + 614_656 + 885_120 + 1_327_488 + 884_992
    linear = linear_parameters(9216, 4096) + linear_parameters(4096, 4096)
    alexnet_parameters = undivided + linear + linear_parameters(4096, 1000)
    grouped_alexnet_parameters = alexnet_parameters - (614_400 + 1_327_104 + 884_736) // 2
    vgg16_activation_bytes = 15_237_608 << 2
    weights_saved = 22 << 12
    googlenet_conv1_weights = 147 << 6
    alphago_parameters = sum([230_592, 11 * 331_968, 192, 361])


fill_in()


# %% wrong: biases of AlexNet forgotten
# fails: test-numbers-alexnet
# says: the biases are left out
# from: literals
# -alexnet_parameters = 62_378_344
# +alexnet_parameters = 96 * 363 + 256 * 2400 + 384 * 2304 + 640 * 3456 + 4096 * 9216 + 4096 * 5096

# %% wrong: linear layers of AlexNet forgotten
# says: the linear layers are left out
# -alexnet_parameters = 62_378_344
# +alexnet_parameters = 34_944 + 614_656 + 885_120 + 1_327_488 + 884_992

# %% wrong: AlexNet with pools that round up
# says: 7×7 instead of 6×6 at the first linear layer
# -alexnet_parameters = 62_378_344
# +alexnet_parameters = 62_378_344 + 4096 * 256 * (49 - 36)

# %% wrong: numbers as text
# says: alexnet_parameters = '62378344'
# -alexnet_parameters = 62_378_344
# +alexnet_parameters = "62378344"

# %% wrong: the two AlexNets the wrong way round
# fails: test-numbers-alexnet, test-numbers-grouped-alexnet
# because: two of the numbers are wrong
# says: this is AlexNet with groups
# -alexnet_parameters = 62_378_344
# -grouped_alexnet_parameters = 60_965_224
# +alexnet_parameters = 60_965_224
# +grouped_alexnet_parameters = 62_378_344

# %% wrong: AlexNet as sixty million
# says: is not the right number
# -alexnet_parameters = 62_378_344
# -grouped_alexnet_parameters = 60_965_224
# +alexnet_parameters = 60_000_000
# +grouped_alexnet_parameters = 60_000_000

# %% wrong: nothing is right
# fails: test-numbers-alexnet, test-numbers-grouped-alexnet, test-numbers-vgg16-memory, test-numbers-weights-saved, test-numbers-googlenet, test-numbers-alphago
# because: nothing is right
# says: is not the right number
# -alexnet_parameters = 62_378_344
# -grouped_alexnet_parameters = 60_965_224
# -vgg16_activation_bytes = 60_950_432
# -weights_saved = 90_112
# -googlenet_conv1_weights = 9_408
# -alphago_parameters = 3_882_793
# +alexnet_parameters = 100_000
# +grouped_alexnet_parameters = 100_000
# +vgg16_activation_bytes = 100_000
# +weights_saved = 100_000
# +googlenet_conv1_weights = 100_000
# +alphago_parameters = 100_000

# %% wrong: groups thought to change nothing
# fails: test-numbers-grouped-alexnet
# says: this is AlexNet without groups
# -grouped_alexnet_parameters = 60_965_224
# +grouped_alexnet_parameters = alexnet_parameters

# %% wrong: conv3 in groups as well
# says: conv3 is not in groups
# -grouped_alexnet_parameters = 60_965_224
# +grouped_alexnet_parameters = 60_965_224 - 384 * 128 * 9

# %% wrong: all of AlexNet halved
# says: everything is halved
# -grouped_alexnet_parameters = 60_965_224
# +grouped_alexnet_parameters = alexnet_parameters // 2

# %% wrong: biases of groups halved too
# says: the biases of grouped layers are halved
# -grouped_alexnet_parameters = 60_965_224
# +grouped_alexnet_parameters = 60_965_224 - (256 + 384 + 256) // 2

# %% wrong: VGG-16 as quoted
# fails: test-numbers-vgg16-memory
# says: 24M × 4 bytes, as quoted
# -vgg16_activation_bytes = 60_950_432
# +vgg16_activation_bytes = 24_000_000 * 4

# %% wrong: VGG-16 in quoted megabytes
# says: 93 MB, as quoted
# -vgg16_activation_bytes = 60_950_432
# +vgg16_activation_bytes = 93 * 1024 * 1024

# %% wrong: activations not bytes
# says: the number of activations: each takes 4 bytes
# -vgg16_activation_bytes = 60_950_432
# +vgg16_activation_bytes = 15_237_608

# %% wrong: bytes in mebibytes
# says: mebibytes: bytes are asked for
# -vgg16_activation_bytes = 60_950_432
# +vgg16_activation_bytes = 60_950_432 / 2**20

# %% wrong: bytes divided with a slash
# says: a float
# -vgg16_activation_bytes = 60_950_432
# +vgg16_activation_bytes = 15_237_608 * 32 / 8

# %% wrong: the image left out
# says: the image is left out
# -vgg16_activation_bytes = 60_950_432
# +vgg16_activation_bytes = 4 * (15_237_608 - 224 * 224 * 3)

# %% wrong: pools left out
# says: the pools are left out
# -vgg16_activation_bytes = 60_950_432
# +vgg16_activation_bytes = 4 * (15_237_608 - 802_816 - 401_408 - 200_704 - 100_352 - 25_088)

# %% wrong: memory of the parameters
# says: the memory of the parameters
# -vgg16_activation_bytes = 60_950_432
# +vgg16_activation_bytes = 138_357_544 * 4

# %% wrong: forward and backward
# says: twice as much
# -vgg16_activation_bytes = 60_950_432
# +vgg16_activation_bytes = 2 * 4 * 15_237_608

# %% wrong: weights of the three kernels
# fails: test-numbers-weights-saved
# says: the weights of the three
# -weights_saved = 90_112
# +weights_saved = 3 * 3 * 3 * 64 * 64

# %% wrong: biases in the saving
# says: the biases are counted: weights only
# -weights_saved = 90_112
# +weights_saved = 64 * (64 * 49 + 1) - 3 * 64 * (64 * 9 + 1)

# %% wrong: one small kernel
# says: one 3×3 against the 7×7
# -weights_saved = 90_112
# +weights_saved = (49 - 9) * 64 * 64

# %% wrong: channels once in the saving
# says: the channels only once
# -weights_saved = 90_112
# +weights_saved = (49 - 27) * 64

# %% wrong: difference the other way round
# says: the difference the other way round
# -weights_saved = 90_112
# +weights_saved = (27 - 49) * 64 * 64

# %% wrong: only the first three are set
# fails: test-numbers-weights-saved, test-numbers-googlenet, test-numbers-alphago
# because: three of the numbers are missing
# says: weights_saved
# -weights_saved = 90_112
# -googlenet_conv1_weights = 9_408
# -alphago_parameters = 3_882_793
# +weights_saved = None
# +googlenet_conv1_weights = None
# +alphago_parameters = None

# %% wrong: GoogLeNet as published
# fails: test-numbers-googlenet
# says: 2.7K, as published
# -googlenet_conv1_weights = 9_408
# +googlenet_conv1_weights = 2_700

# %% wrong: GoogLeNet as published in K of 1024
# says: 2.7K, as published
# -googlenet_conv1_weights = 9_408
# +googlenet_conv1_weights = round(2.7 * 1024)

# %% wrong: GoogLeNet with biases
# says: the biases are counted: weights only
# -googlenet_conv1_weights = 9_408
# +googlenet_conv1_weights = 64 * (7 * 7 * 3 + 1)

# %% wrong: GoogLeNet with flat filters
# says: flat filters
# -googlenet_conv1_weights = 9_408
# +googlenet_conv1_weights = 64 * 7 * 7

# %% wrong: numbers as text with thousands
# says: googlenet_conv1_weights = '9,408'
# -googlenet_conv1_weights = 9_408
# +googlenet_conv1_weights = "9,408"

# %% wrong: AlphaGo with one bias at the end
# fails: test-numbers-alphago
# says: one bias in the last layer
# -alphago_parameters = 3_882_793
# +alphago_parameters = 3_882_793 - 361 + 1

# %% wrong: AlphaGo without biases at the end
# says: no biases in the last layer
# -alphago_parameters = 3_882_793
# +alphago_parameters = 3_882_793 - 361

# %% wrong: AlphaGo without any biases
# says: all biases are left out
# -alphago_parameters = 3_882_793
# +alphago_parameters = 48 * 192 * 25 + 11 * 192 * 192 * 9 + 192

# %% wrong: AlphaGo with ten middle layers
# says: ten layers of 3×3
# -alphago_parameters = 3_882_793
# +alphago_parameters = 3_882_793 - 331_968

# %% wrong: AlphaGo with 192 channels on the board
# says: 192 input channels in the first layer
# -alphago_parameters = 3_882_793
# +alphago_parameters = 3_882_793 + 192 * 25 * (192 - 48)

# %% wrong: AlphaGo with biases per position everywhere
# says: only the last has that
# -alphago_parameters = 3_882_793
# +alphago_parameters = 3_882_793 - 12 * 192 + 12 * 192 * 361

# %% wrong: AlphaGo with a usual bias besides
# says: the usual bias of the last layer besides
# -alphago_parameters = 3_882_793
# +alphago_parameters = 3_882_794

# %% wrong: one variable misspelt
# says: is not defined
# -alphago_parameters = 3_882_793
# +alpha_go_parameters = 3_882_793
