"""What the explorer shows when it is given nothing: times of one run of lecture 04's cell."""

MEASURED = {
    "machine": "one core of a server (AMD EPYC, 2.4 GHz), float32",
    "images": 4,
    "channels": 16,
    "filters": 16,
    "kernels": [3, 5, 7, 9, 11, 15],
    "sides": [16, 32, 64, 96],
    "ms": {
        "taps": [[1.0] * 6] * 4,
        "im2col": [[1.0] * 6] * 4,
        "blocks": [[1.0] * 6] * 4,
        "winograd": [[1.0] * 6] * 4,
        "fft": [[1.0] * 6] * 4,
    },
}
