"""The NumPy layers against torch, one thread each, float32: forward and backward, time and memory.

    python benchmarks/layers_speed.py [--rounds 7] [--only NAME …] [--quick] [--kernels native]

Both sides run in this process, in turns, on the same arrays, and processor time is taken. A round's two times
give one ratio, and the median over the rounds is printed: other work on the machine slows both. Beside it
stand slower formulations of the forward pass: im2col of the whole batch, a plain einsum, and plain loops,
which are timed on as many outputs as fit into half a second and multiplied up (marked ~). ``--quick`` leaves
these out.

Instructions: ``--kernels native`` lets either side use the best that it has. ``environment`` leaves
OPENBLAS_CORETYPE as it is set outside: some workplaces set it to Haswell, which keeps NumPy's products, but not
torch's, from AVX-512. ``avx2`` keeps both from it.

Memory: glibc is told to keep freed memory, unless ``--trim``. Otherwise each large result is fresh memory, and
the system's work of handing it out (here 2 us per 4 KiB) can take longer than the layer, on either side.
"""

import argparse
import ctypes
import itertools
import math
import os
import platform
import statistics
import time
import tracemalloc
from typing import NamedTuple


def read_options():
    """Read the command line, and set what BLAS, torch and malloc read once, when they are loaded."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--only", nargs="+", metavar="NAME")
    options.add_argument("--quick", action="store_true")
    options.add_argument("--kernels", choices=["native", "environment", "avx2"], default="native")
    options.add_argument("--trim", action="store_true")
    given = options.parse_args()
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = "1"
    if given.kernels == "native":
        os.environ.pop("OPENBLAS_CORETYPE", None)
    if given.kernels == "avx2":
        os.environ["OPENBLAS_CORETYPE"] = "Haswell"
        os.environ["ONEDNN_MAX_CPU_ISA"] = "AVX2"
        os.environ["ATEN_CPU_CAPABILITY"] = "avx2"
    if not given.trim and platform.libc_ver()[0] == "glibc":
        mmap_max, trim_threshold = -4, -1
        ctypes.CDLL(None).mallopt(mmap_max, 0)
        ctypes.CDLL(None).mallopt(trim_threshold, 2**31 - 1)
    return given


GIVEN = read_options()

import numpy as np  # noqa: E402
import torch  # noqa: E402
from numpy.lib.stride_tricks import sliding_window_view  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from course_utils import layers  # noqa: E402
from course_utils.layers import blocks  # noqa: E402

SECONDS_OF_LOOPS = 0.5


class Shape(NamedTuple):
    """A convolution: batch, channels, height = width, filters, kernel, stride, padding, groups."""

    n: int
    c: int
    size: int
    f: int
    k: int
    stride: int = 1
    padding: int = 0
    groups: int = 1

    @property
    def options(self):
        return dict(stride=self.stride, padding=self.padding, groups=self.groups)

    @property
    def out_size(self):
        return (self.size + 2 * self.padding - self.k) // self.stride + 1

    @property
    def multiply_adds(self):
        return self.n * self.f * self.out_size**2 * (self.c // self.groups) * self.k**2

    def arrays(self):
        rng = np.random.default_rng(0)
        x = rng.standard_normal((self.n, self.c, self.size, self.size), np.float32)
        w = rng.standard_normal((self.f, self.c // self.groups, self.k, self.k), np.float32)
        return x, w, rng.standard_normal(self.f, np.float32)


SHAPES = {
    "AlexNet conv1": Shape(8, 3, 227, 96, 11, stride=4),
    "VGG conv1_1": Shape(2, 3, 224, 64, 3, padding=1),
    "VGG conv1_2": Shape(2, 64, 224, 64, 3, padding=1),
    "VGG conv3_1": Shape(4, 128, 56, 256, 3, padding=1),
    "VGG conv5_1": Shape(8, 512, 14, 512, 3, padding=1),
    "ResNet 3x3": Shape(8, 64, 56, 64, 3, padding=1),
    "ResNet 3x3, one image": Shape(1, 256, 14, 256, 3, padding=1),
    "ResNet 3x3, stride 2": Shape(8, 128, 56, 128, 3, stride=2, padding=1),
    "ResNet 1x1, reduce": Shape(8, 256, 56, 64, 1),
    "ResNet 1x1, expand": Shape(8, 128, 28, 512, 1),
    "AlexNet conv2, 5x5": Shape(8, 96, 27, 256, 5, padding=2),
    "CIFAR 5x5": Shape(32, 32, 16, 32, 5, padding=2),
    "depthwise 3x3": Shape(8, 128, 56, 128, 3, padding=1, groups=128),
    "depthwise 3x3, stride 2": Shape(8, 128, 56, 128, 3, stride=2, padding=1, groups=128),
}


# ---------------------------------------------------------------- what is compared


def ours(shape, x, w, b):
    """Return two calls, forward and backward, of the library."""
    out, cache = layers.conv2d_forward(x, w, b, **shape.options)
    dout = np.random.default_rng(1).standard_normal(out.shape, np.float32)
    return (
        lambda: layers.conv2d_forward(x, w, b, **shape.options)[0],
        lambda: layers.conv2d_backward(dout, cache),
    )


def torchs(shape, x, w, b):
    """Return the same two calls of torch, without the bookkeeping of autograd."""
    x, w, b = (torch.from_numpy(a) for a in (x, w, b))
    out = torch.conv2d(x, w, b, **shape.options)
    dout = torch.from_numpy(np.random.default_rng(1).standard_normal(out.shape, np.float32))
    sizes = [shape.stride] * 2, [shape.padding] * 2, [1, 1], False, [0, 0], shape.groups
    return (
        lambda: torch.conv2d(x, w, b, **shape.options),
        lambda: torch.ops.aten.convolution_backward(
            dout, x, w, [shape.f], *sizes, [True, True, True]
        ),
    )


def windows(shape, x):
    """Windows of the padded input as a view: (N, C, OH, OW, K, K)."""
    p = shape.padding
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    view = sliding_window_view(padded, (shape.k, shape.k), axis=(2, 3))
    return view[:, :, :: shape.stride, :: shape.stride]


def im2col(shape, x, w, b):
    """Columns of the whole batch, and one matrix product (per group)."""
    view, g = windows(shape, x), shape.groups
    n, c, oh, ow, k, _ = view.shape
    columns = view.transpose(1, 4, 5, 0, 2, 3).reshape(g, c // g * k * k, n * oh * ow)
    out = w.reshape(g, shape.f // g, -1) @ columns
    out = out.reshape(shape.f, n, oh, ow) + b[:, None, None, None]
    return np.ascontiguousarray(out.swapaxes(0, 1))


def einsum(shape, x, w, b):
    """The definition as one plain einsum over a view of the windows."""
    view, g = windows(shape, x), shape.groups
    n, c, oh, ow, k, _ = view.shape
    view = view.reshape(n, g, c // g, oh, ow, k, k) if g == 1 else np.stack(np.split(view, g, 1), 1)
    out = np.einsum("ngcyxij,gfcij->ngfyx", view, w.reshape(g, shape.f // g, c // g, k, k))
    return out.reshape(n, shape.f, oh, ow) + b[:, None, None]


def loops(shape, x, w, b, limit):
    """The first ``limit`` outputs, by loops over numbers as a beginner writes them."""
    p, s = shape.padding, shape.stride
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    (f, cg, k, _), size = w.shape, shape.out_size
    out = np.empty((shape.n, f, size, size), x.dtype)
    for image, one, y, column in itertools.islice(np.ndindex(out.shape), limit):
        first = one // (f // shape.groups) * cg
        total = b[one]
        for channel in range(cg):
            for i in range(k):
                for j in range(k):
                    pixel = padded[image, first + channel, y * s + i, column * s + j]
                    total += pixel * w[one, channel, i, j]
        out[image, one, y, column] = total
    return out


# ---------------------------------------------------------------- clock and memory


def seconds(call):
    """Processor time of this process, which has one busy thread: being kept waiting does not count."""
    start = time.process_time()
    call()
    return time.process_time() - start


def seconds_and_peak(call):
    """Seconds, and the most memory that NumPy held at once during the call, its result included."""
    blocks._kept.__dict__.clear()  # scratch memory that is kept from earlier calls counts as well
    tracemalloc.start()
    taken = seconds(call)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return taken, peak


def in_turns(rounds, **calls):
    """Time the calls one after the other, ``rounds`` times; return lists of seconds."""
    for call in calls.values():
        call()
    times = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            times[name].append(seconds(call))
    return times


# ---------------------------------------------------------------- a small network


class Net:
    """conv 3x3 same - ReLU - 2x2 max pool - linear - ReLU - linear - softmax, with plain gradient descent."""

    def __init__(self, image=(3, 32, 32), filters=32, hidden=100, classes=10):
        rng = np.random.default_rng(0)
        features = filters * (image[1] // 2) * (image[2] // 2)
        sizes = dict(
            W1=(filters, image[0], 3, 3),
            b1=(filters,),
            W2=(features, hidden),
            b2=(hidden,),
            W3=(hidden, classes),
            b3=(classes,),
        )
        self.params = {k: 1e-2 * rng.standard_normal(s, np.float32) for k, s in sizes.items()}
        self.torch = {k: torch.tensor(v, requires_grad=True) for k, v in self.params.items()}

    def step(self, x, y, rate=1e-3):
        """One training step with the library; returns the loss."""
        p = self.params
        out, conv = layers.conv2d_forward(x, p["W1"], p["b1"], padding=1)
        out, relu1 = layers.relu_forward(out)
        out, pool = layers.maxpool2d_forward(out, 2)
        out, linear1 = layers.linear_forward(out, p["W2"], p["b2"])
        out, relu2 = layers.relu_forward(out)
        out, linear2 = layers.linear_forward(out, p["W3"], p["b3"])
        loss, dout = layers.softmax_loss(out, y)
        g = {}
        dout, g["W3"], g["b3"] = layers.linear_backward(dout, linear2)
        dout, g["W2"], g["b2"] = layers.linear_backward(layers.relu_backward(dout, relu2), linear1)
        dout = layers.relu_backward(layers.maxpool2d_backward(dout, pool), relu1)
        _, g["W1"], g["b1"] = layers.conv2d_backward(dout, conv)
        for name, gradient in g.items():
            p[name] -= np.float32(rate) * gradient
        return loss

    def torch_step(self, x, y, rate=1e-3):
        """The same step in torch."""
        p = self.torch
        out = torch.relu(torch.conv2d(x, p["W1"], p["b1"], padding=1))
        out = torch.max_pool2d(out, 2).flatten(1)
        out = torch.relu(out @ p["W2"] + p["b2"]) @ p["W3"] + p["b3"]
        loss = torch.nn.functional.cross_entropy(out, y)
        loss.backward()
        with torch.no_grad():
            for value in p.values():
                value -= rate * value.grad
                value.grad = None
        return loss.item()


def network(console, rounds, batch=100):
    """Compare training steps: images per second."""
    net, rng = Net(), np.random.default_rng(1)
    x, y = rng.standard_normal((batch, 3, 32, 32), np.float32), rng.integers(0, 10, batch)
    tx, ty = torch.from_numpy(x), torch.from_numpy(y)
    # The input of torch's first layer needs no gradient; ours computes it all the same.
    times = in_turns(rounds, ours=lambda: net.step(x, y), torch=lambda: net.torch_step(tx, ty))
    if abs(net.step(x, y) - net.torch_step(tx, ty)) > 1e-3:
        raise SystemExit("the two networks do not have the same loss")
    rates = {name: batch / statistics.median(all_times) for name, all_times in times.items()}
    ratio = statistics.median(a / b for a, b in zip(times["ours"], times["torch"], strict=True))
    console.print(
        f"ConvNet of 2.8 (3x32x32, 32 filters 3x3, hidden 100, batch {batch}), training step: "
        f"{rates['ours']:.0f} images/s, torch {rates['torch']:.0f}; time ratio {ratio:.2f}"
    )


# ---------------------------------------------------------------- tables


def speed(console, shapes, rounds):
    """Print time per layer, ours beside torch's."""
    table = Table(title="milliseconds, ours / torch = ratio (median of the rounds' ratios)")
    table.add_column("layer")
    for name in ("forward", "ratio", "backward", "ratio", "both", "Gflop/s"):
        table.add_column(name, justify="right")
    ratios = {}
    for name, shape in shapes.items():
        arrays = shape.arrays()
        (f1, b1), (f2, b2) = ours(shape, *arrays), torchs(shape, *arrays)
        if not np.allclose(f1(), f2().numpy(), rtol=1e-3, atol=1e-2):
            raise SystemExit(f"{name}: results differ from torch's")
        times = in_turns(rounds, f1=f1, f2=f2, b1=b1, b2=b2)
        middle = {key: 1000 * statistics.median(value) for key, value in times.items()}
        rounds_of = list(zip(*(times[key] for key in ("f1", "f2", "b1", "b2")), strict=True))
        forward = statistics.median(f / g for f, g, _, _ in rounds_of)
        backward = statistics.median(f / g for _, _, f, g in rounds_of)
        ratios[name] = statistics.median((f + h) / (g + i) for f, g, h, i in rounds_of)
        flops = 6 * shape.multiply_adds
        table.add_row(
            name,
            f"{middle['f1']:.2f} / {middle['f2']:.2f}",
            f"{forward:.2f}",
            f"{middle['b1']:.2f} / {middle['b2']:.2f}",
            f"{backward:.2f}",
            f"{ratios[name]:.2f}",
            f"{flops / (middle['f1'] + middle['b1']) / 1e6:.0f}",
        )
    console.print(table)
    mean = math.exp(statistics.fmean(map(math.log, ratios.values())))
    worst = max(ratios, key=ratios.get)
    console.print(
        f"geometric mean {mean:.2f} x torch's time over {len(ratios)} layers; "
        f"largest {ratios[worst]:.2f} ({worst})"
    )


def formulations(console, shapes):
    """Print the forward pass of slower formulations: time over ours, and peak memory."""
    table = Table(title="forward pass: milliseconds, and peak MiB by tracemalloc (result included)")
    table.add_column("layer")
    for name in ("ours", "im2col", "einsum", "plain loops", "result", "ours", "im2col", "einsum"):
        table.add_column(name + (" MiB" if len(table.columns) > 4 else " ms"), justify="right")
    for name, shape in shapes.items():
        arrays = shape.arrays()
        forward, _ = ours(shape, *arrays)
        calls = {
            "ours": forward,
            "im2col": lambda: im2col(shape, *arrays),  # noqa: B023
            "einsum": lambda: einsum(shape, *arrays),  # noqa: B023
        }
        held = {key: seconds_and_peak(call) for key, call in calls.items()}
        times = in_turns(3, ours=calls["ours"], im2col=calls["im2col"])
        row = [f"{1000 * statistics.median(value):.1f}" for value in times.values()]
        row.append(f"{1000 * held['einsum'][0]:.0f}")
        outputs = shape.n * shape.f * shape.out_size**2
        limit = max(1, int(outputs * SECONDS_OF_LOOPS / (1.5e-7 * shape.multiply_adds)))
        factor = max(1, outputs / limit)
        taken = factor * seconds(lambda: loops(shape, *arrays, limit))  # noqa: B023
        row.append(f"{'~' if factor > 1 else ''}{1000 * taken:,.0f}")
        row += [
            f"{value / 2**20:.1f}" for value in (forward().nbytes, *(p for _, p in held.values()))
        ]
        table.add_row(name, *row)
    console.print(table)


def main():
    unknown = set(GIVEN.only or ()) - set(SHAPES)
    if unknown:
        raise SystemExit(f"no layer named {sorted(unknown)}; there are {list(SHAPES)}")
    torch.set_num_threads(1)
    console = Console(width=120)
    kernels = {
        "native": "the best that each side has",
        "environment": f"OPENBLAS_CORETYPE={os.environ.get('OPENBLAS_CORETYPE')}",
        "avx2": "AVX2 for both",
    }
    console.print(
        f"{platform.machine()}, {os.cpu_count()} cores, one thread each, float32; NumPy {np.__version__}, "
        f"torch {torch.__version__}; instructions: {kernels[GIVEN.kernels]} (torch: "
        f"{torch.backends.cpu.get_cpu_capability()}); freed memory {'trimmed' if GIVEN.trim else 'kept'}"
    )
    shapes = {name: SHAPES[name] for name in GIVEN.only or SHAPES}
    speed(console, shapes, GIVEN.rounds)
    network(console, GIVEN.rounds)
    if not GIVEN.quick:
        formulations(console, shapes)


if __name__ == "__main__":
    main()
