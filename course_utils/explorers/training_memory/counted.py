"""Numbers that networks keep in memory, for one image. Written by `count.py`."""

# fmt: off
COUNTS = {
    "AlexNet": {
        "shape": [
            3,
            227,
            227
        ],
        "parameters": 62378344,
        "cast": 62378344,
        "activations": {
            "input": 154587,
            "convolution": 650080,
            "pooling": 122464,
            "linear": 9192,
            "dropout": 8192
        }
    },
    "VGG-16": {
        "shape": [
            3,
            224,
            224
        ],
        "parameters": 138357544,
        "cast": 138357544,
        "activations": {
            "input": 150528,
            "convolution": 13547520,
            "pooling": 1530368,
            "linear": 9192,
            "dropout": 8192
        }
    },
    "ResNet-50": {
        "shape": [
            3,
            224,
            224
        ],
        "parameters": 25557032,
        "cast": 25503912,
        "activations": {
            "input": 150528,
            "convolution": 11113984,
            "batch norm": 11113984,
            "pooling": 202752,
            "linear": 1000
        }
    },
    "AlexNet, CIFAR": {
        "shape": [
            3,
            32,
            32
        ],
        "parameters": 4354378,
        "cast": 4354378,
        "activations": {
            "input": 3072,
            "convolution": 172032,
            "pooling": 32768,
            "dropout": 4608,
            "linear": 522
        }
    },
    "VGG-11, CIFAR": {
        "shape": [
            3,
            32,
            32
        ],
        "parameters": 9231114,
        "cast": 9225610,
        "activations": {
            "input": 3072,
            "convolution": 151552,
            "batch norm": 151552,
            "pooling": 31232,
            "linear": 10
        }
    },
    "ResNet-9": {
        "shape": [
            3,
            32,
            32
        ],
        "parameters": 6573120,
        "cast": 6568640,
        "activations": {
            "input": 3072,
            "convolution": 376832,
            "batch norm": 376832,
            "pooling": 57856,
            "linear": 10,
            "other": 10
        }
    },
    "ResNet-20": {
        "shape": [
            3,
            32,
            32
        ],
        "parameters": 272474,
        "cast": 270906,
        "activations": {
            "input": 3072,
            "convolution": 200704,
            "batch norm": 200704,
            "pooling": 64,
            "linear": 10
        }
    }
}
