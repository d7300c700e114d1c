"""What the explorer shows when it is given nothing: the least times of three runs of lecture 04.

The cells `methods-short`, `methods-waves` and `measure-table` of the lecture hold the methods. NumPy 2.4 with
OpenBLAS on one thread, by the clock on the wall; the FFT also brings the numbers of each wave together, copies
that the lecture leaves out in its favour.
"""

MEASURED = {
    "machine": "one core of a server (AMD EPYC, 2.4 GHz), float32",
    "images": 4,
    "channels": 16,
    "filters": 16,
    "kernels": [3, 5, 7, 9, 11, 15],
    "sides": [16, 32, 64, 96],
    "ms": {
        "taps": [
            [0.19, 0.43, 0.689, 0.893, 1.12, 1.19],
            [0.61, 1.48, 2.63, 3.79, 5.73, 7.98],
            [2.47, 6.81, 10.6, 17.5, 23.4, 36.87],
            [6.25, 13.18, 25.3, 43.2, 55.89, 103.0],
        ],
        "im2col": [
            [0.14, 0.27, 0.405, 0.47, 0.51, 0.29],
            [0.43, 1.11, 1.82, 2.82, 3.79, 5.05],
            [1.52, 4.52, 8.84, 20.38, 27.02, 43.67],
            [4.12, 15.88, 30.4, 45.77, 60.85, 115.0],
        ],
        "blocks": [
            [0.14, 0.228, 0.335, 0.324, 0.33, 0.274],
            [0.46, 1.14, 1.76, 2.32, 2.88, 3.65],
            [2.04, 5.79, 8.86, 12.6, 17.1, 24.87],
            [5.94, 11.8, 20.8, 49.6, 53.78, 75.3],
        ],
        "winograd": [
            [0.36, 0.497, None, None, None, None],
            [0.86, 2.04, None, None, None, None],
            [3.26, 8.71, None, None, None, None],
            [7.06, 21.96, None, None, None, None],
        ],
        "fft": [
            [0.63, 0.647, 0.69, 0.7, 0.75, 0.8],
            [1.8, 1.86, 1.88, 2.12, 2.15, 2.29],
            [7.89, 7.81, 7.41, 7.88, 9.91, 8.29],
            [19.08, 21.9, 19.86, 21.9, 23.1, 22.3],
        ],
    },
}
