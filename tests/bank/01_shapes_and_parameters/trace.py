# %% right: one branch after the other
import math


def trace(network, input_shape):
    shape = input_shape
    table = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        weights, biases, work = 0, 0, 0
        if layer["kind"] == "conv":
            stride = layer["stride"] if "stride" in layer else 1
            padding = layer["padding"] if "padding" in layer else 0
            groups = layer["groups"] if "groups" in layer else 1
            try:
                kh, kw = layer["kernel_size"]
            except TypeError:
                kh = kw = layer["kernel_size"]
            height = math.floor((shape[1] + 2 * padding - kh) / stride) + 1
            width = math.floor((shape[2] + 2 * padding - kw) / stride) + 1
            weights = layer["out_channels"] * shape[0] * kh * kw // groups
            if layer.get("bias", True):
                biases = layer["out_channels"]
            work = weights * height * width
            shape = (layer["out_channels"], height, width)
        elif layer["kind"] == "maxpool" or layer["kind"] == "avgpool":
            padding = layer.get("padding", 0)
            sides = []
            for side in shape[1:]:
                sides.append((side + 2 * padding - layer["kernel_size"]) // layer["stride"] + 1)
            shape = (shape[0], sides[0], sides[1])
        elif layer["kind"] == "lrn":
            pass
        elif layer["kind"] == "linear":
            weights = math.prod(shape) * layer["out_features"]
            work = weights
            biases = layer["out_features"] * layer.get("bias", True)
            shape = (layer["out_features"],)
        else:
            raise ValueError("no such kind: " + layer["kind"])
        table.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return table


# %% right: the functions of 1.1, 1.4 and 1.5 used again
def trace(network, input_shape):
    shape, rows = tuple(input_shape), []

    def add(name, weights=0, biases=0, work=0):
        count = 1
        for side in shape:
            count *= side
        rows.append((name, shape, count, weights, biases, work))

    add("input")
    for layer in network:
        options = {k: v for k, v in layer.items() if k not in ("name", "kind")}
        if layer["kind"] == "conv":
            kernel = options["kernel_size"]
            pair = kernel if isinstance(kernel, tuple) else (kernel, kernel)
            stride, padding = options.get("stride", 1), options.get("padding", 0)
            size = tuple(
                conv_output_size(n, k, stride, padding)
                for n, k in zip(shape[1:], pair, strict=True)
            )
            filters, groups = options["out_channels"], options.get("groups", 1)
            total = conv_parameters(shape[0], filters, kernel, options.get("bias", True), groups)
            weights = conv_parameters(shape[0], filters, kernel, False, groups)
            work = conv_multiply_adds(shape[0], filters, kernel, size, groups)
            shape = (filters, *size)
            add(layer["name"], weights, total - weights, work)
        elif layer["kind"] in ("maxpool", "avgpool"):
            shape = (shape[0], *(conv_output_size(n, **options) for n in shape[1:]))
            add(layer["name"])
        elif layer["kind"] == "lrn":
            add(layer["name"])
        elif layer["kind"] == "linear":
            inputs = rows[-1][2]
            weights = linear_parameters(inputs, options["out_features"], bias=False)
            total = linear_parameters(inputs, **options)
            shape = (options["out_features"],)
            add(layer["name"], weights, total - weights, weights)
        else:
            raise ValueError(f"{layer['kind']!r} is unknown")
    return rows


# %% right: only the sizes of 1.1 used again
from math import prod


def _sides(layer, shape):
    k = layer["kernel_size"]
    kernel = k if type(k) is tuple else (k,) * 2
    rest = dict(stride=layer.get("stride", 1), padding=layer.get("padding", 0))
    return [conv_output_size(n, kernel[axis], **rest) for axis, n in enumerate(shape[1:])]


def trace(network, input_shape):
    rows = [["input", input_shape, prod(input_shape), 0, 0, 0]]
    for layer in network:
        before = rows[-1][1]
        match layer["kind"]:
            case "conv":
                h, w = _sides(layer, before)
                k = layer["kernel_size"]
                area = k * k if isinstance(k, int) else prod(k)
                n = layer["out_channels"]
                weights = n * area * before[0] // layer.get("groups", 1)
                biases = n if layer.get("bias", True) else 0
                row = [(n, h, w), n * h * w, weights, biases, weights * h * w]
            case "maxpool" | "avgpool":
                h, w = _sides(layer, before)
                row = [(before[0], h, w), before[0] * h * w, 0, 0, 0]
            case "lrn":
                row = [before, rows[-1][2], 0, 0, 0]
            case "linear":
                n = layer["out_features"]
                count = rows[-1][2] * n
                row = [(n,), n, count, n if layer.get("bias", True) else 0, count]
            case other:
                raise ValueError(f"kind {other} of layer {layer['name']}")
        rows.append([layer["name"], *row])
    return rows


# %% right: a table of functions, keyword arguments
def _count(shape):
    total = 1
    for side in shape:
        total *= side
    return total


def _slide(shape, kernel, stride, padding):
    (kh, kw), (h, w) = kernel, shape[1:]
    return 1 + (h + 2 * padding - kh) // stride, 1 + (w + 2 * padding - kw) // stride


def _conv(shape, out_channels, kernel_size, stride=1, padding=0, groups=1, bias=True):
    kernel = (kernel_size,) * 2 if isinstance(kernel_size, int) else tuple(kernel_size)
    h, w = _slide(shape, kernel, stride, padding)
    weights = out_channels * (shape[0] // groups) * kernel[0] * kernel[1]
    return (out_channels, h, w), weights, bias * out_channels, weights * h * w


def _pool(shape, kernel_size, stride, padding=0):
    return (shape[0], *_slide(shape, (kernel_size,) * 2, stride, padding)), 0, 0, 0


def _linear(shape, out_features, bias=True):
    weights = _count(shape) * out_features
    return (out_features,), weights, [0, out_features][bias], weights


_KINDS = {
    "conv": _conv,
    "maxpool": _pool,
    "avgpool": _pool,
    "lrn": lambda shape: (shape, 0, 0, 0),
    "linear": _linear,
}


def trace(network, input_shape):
    rows = [("input", tuple(input_shape), _count(input_shape), 0, 0, 0)]
    for layer in network:
        options = layer.copy()
        name, kind = options.pop("name"), options.pop("kind")
        if kind not in _KINDS:
            raise ValueError(f"{name}: {kind!r} is not one of {sorted(_KINDS)}")
        shape, *costs = _KINDS[kind](rows[-1][1], **options)
        rows.append((name, shape, _count(shape), *costs))
    return rows


# %% right: NumPy integers, positions counted one by one
import numpy as np


def _positions(side, kernel, stride, padding):
    starts = np.arange(-padding, side + padding, stride)
    return np.sum(starts + kernel <= side + padding)


def trace(network, input_shape):
    shape = np.array(input_shape)
    rows = [("input", tuple(shape), np.prod(shape), 0, 0, 0)]
    for layer in network:
        weights = biases = np.int64(0)
        area = 1
        kind = layer["kind"]
        if kind not in {"conv", "maxpool", "avgpool", "lrn", "linear"}:
            raise ValueError(kind)
        if kind in {"conv", "maxpool", "avgpool"}:
            kernel = np.broadcast_to(layer["kernel_size"], 2)
            h, w = (
                _positions(side, k, layer.get("stride", 1), layer.get("padding", 0))
                for side, k in zip(shape[1:], kernel, strict=True)
            )
            if kind == "conv":
                out = layer["out_channels"]
                weights = out * shape[0] // layer.get("groups", 1) * np.prod(kernel)
                biases = np.where(layer.get("bias", True), out, 0)[()]
                shape = np.array([out, h, w])
                area = h * w
            else:
                shape = np.array([shape[0], h, w])
        if kind == "linear":
            weights = np.prod(shape) * layer["out_features"]
            shape = np.array([layer["out_features"]])
            biases = layer["out_features"] if layer.get("bias", True) else 0
        rows.append(
            (layer["name"], tuple(shape.tolist()), np.prod(shape), weights, biases, weights * area)
        )
    return rows


# %% right: classes of layers, named tuples, a generator inside
from collections import namedtuple
from math import prod

Row = namedtuple("Row", "name shape activations weights biases multiply_adds")


class UnknownKind(ValueError):
    pass


class Layer:
    def __init__(self, spec):
        self.spec = spec

    def get(self, key, default=None):
        return self.spec.get(key, default)

    def window(self, shape):
        k = self.get("kernel_size")
        for side, taps in zip(shape[1:], k if isinstance(k, tuple) else (k, k), strict=True):
            room = side + 2 * self.get("padding", 0) - taps
            yield room // self.get("stride", 1) + 1

    def apply(self, shape):
        return shape, 0, 0, 0


class Pool(Layer):
    def apply(self, shape):
        return (shape[0], *self.window(shape)), 0, 0, 0


class Conv(Layer):
    def apply(self, shape):
        h, w = self.window(shape)
        out, k = self.get("out_channels"), self.get("kernel_size")
        area = prod(k) if isinstance(k, tuple) else k**2
        weights = out * area * (shape[0] // self.get("groups", 1))
        return (out, h, w), weights, out if self.get("bias", True) else 0, weights * h * w


class Linear(Layer):
    def apply(self, shape):
        out = self.get("out_features")
        weights = out * prod(shape)
        return (out,), weights, out if self.get("bias", True) else 0, weights


def _rows(network, input_shape):
    yield Row("input", input_shape, prod(input_shape), 0, 0, 0)
    shape = input_shape
    classes = {"conv": Conv, "maxpool": Pool, "avgpool": Pool, "lrn": Layer, "linear": Linear}
    for spec in network:
        try:
            layer = classes[spec["kind"]](spec)
        except KeyError:
            raise UnknownKind(f"{spec['kind']} is none of {list(classes)}") from None
        shape, *costs = layer.apply(shape)
        yield Row(spec["name"], shape, prod(shape), *costs)


def trace(network, input_shape):
    return list(_rows(network, input_shape))


# %% right: recursion over the rest of the network
from functools import reduce


def _product(numbers):
    return reduce(lambda a, b: a * b, numbers, 1)


def _row(layer, shape):
    kind, bias = layer["kind"], layer.get("bias", True)
    if kind == "lrn":
        return shape, 0, 0, 0
    if kind == "linear":
        n = layer["out_features"]
        return (n,), n * _product(shape), n if bias else 0, n * _product(shape)
    if kind not in ("conv", "maxpool", "avgpool"):
        raise ValueError(f"what is {kind}?")
    k, s, p = layer["kernel_size"], layer.get("stride", 1), layer.get("padding", 0)
    kernel = (k, k) if isinstance(k, int) else k
    sides = tuple(len(range(0, n + 2 * p - t + 1, s)) for n, t in zip(shape[1:], kernel))
    if kind != "conv":
        return (shape[0], *sides), 0, 0, 0
    n = layer["out_channels"]
    weights = _product((n, shape[0] // layer.get("groups", 1), *kernel))
    return (n, *sides), weights, n if bias else 0, weights * _product(sides)


def trace(network, input_shape, name="input", costs=(0, 0, 0)):
    here = [(name, tuple(input_shape), _product(input_shape), *costs)]
    if not network:
        return here
    first, *rest = network
    shape, *costs = _row(first, input_shape)
    return here + trace(rest, shape, first["name"], tuple(costs))


# %% right: columns built apart and zipped, a tuple of rows' lists
import math


def trace(network, input_shape):
    known = ["conv", "maxpool", "avgpool", "lrn", "linear"]
    for layer in network:
        if layer["kind"] not in known:
            raise ValueError("unknown: " + repr(layer["kind"]) + ", not in " + repr(known))
    names = ["input"] + [layer["name"] for layer in network]
    shapes = [list(input_shape)]
    for layer in network:
        s = list(shapes[-1])
        if "kernel_size" in layer:
            k = layer["kernel_size"]
            k = [k, k] if not isinstance(k, tuple) else list(k)
            for axis in (1, 2):
                s[axis] += 2 * layer.get("padding", 0) - k[axis - 1]
                s[axis] = divmod(s[axis], layer.get("stride", 1))[0] + 1
        s[0] = layer.get("out_channels", s[0])
        shapes.append([layer["out_features"]] if layer["kind"] == "linear" else s)
    weights, biases, work = [0], [0], [0]
    for layer, before, after in zip(network, shapes, shapes[1:]):
        w = b = m = 0
        if layer["kind"] == "linear":
            w = m = math.prod(before) * after[0]
        if layer["kind"] == "conv":
            k = layer["kernel_size"]
            w = before[0] * after[0] // layer.get("groups", 1)
            w *= math.prod(k) if isinstance(k, tuple) else k * k
            m = w * after[1] * after[2]
        if w and layer.get("bias", True):
            b = after[0]
        weights.append(w)
        biases.append(b)
        work.append(m)
    activations = [math.prod(s) for s in shapes]
    columns = (names, shapes, activations, weights, biases, work)
    return [list(row) for row in zip(*columns, strict=True)]


# %% right: object with __call__ that keeps the shape
import math


class Tracer:
    def __call__(self, network, input_shape, *, verbose=False):
        self.shape, self.rows = tuple(input_shape), []
        self.write("input")
        for layer in network:
            kind = layer["kind"]
            step = getattr(self, "step_" + kind, None)
            if step is None:
                raise ValueError(f"{kind} in {layer}")
            self.write(layer["name"], *step(layer))
            if verbose:
                print(self.rows[-1])
        return self.rows

    def write(self, name, weights=0, biases=0, work=0):
        self.rows.append((name, self.shape, math.prod(self.shape), weights, biases, work))

    def step_lrn(self, layer):
        return ()

    def step_linear(self, layer):
        before, self.shape = math.prod(self.shape), (layer["out_features"],)
        weights = before * self.shape[0]
        return weights, self.shape[0] if layer.get("bias", True) else 0, weights

    def step_maxpool(self, layer):
        k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
        c, h, w = self.shape
        self.shape = c, (h + p + p - k + s) // s, (w + p + p - k + s) // s
        return ()

    step_avgpool = step_maxpool

    def step_conv(self, layer):
        kernel = layer["kernel_size"]
        if isinstance(kernel, int):
            kernel = kernel, kernel
        s, p = layer.get("stride", 1), layer.get("padding", 0)
        c, h, w = self.shape
        n = layer["out_channels"]
        h, w = (h + p + p - kernel[0] + s) // s, (w + p + p - kernel[1] + s) // s
        weights = sum(
            n for _ in range(c // layer.get("groups", 1)) for _ in range(math.prod(kernel))
        )
        self.shape = n, h, w
        return weights, n if layer.get("bias", True) else 0, weights * h * w


trace = Tracer()


# %% wrong: no row for the input
# fails: test-trace-rows, test-trace-activations, test-trace-conv-shapes, test-trace-pool-shapes, test-trace-parameters, test-trace-multiply-adds, test-trace-linear, test-trace-published
# says: the input's row is missing
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = []
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: kinds in place of names
# fails: test-trace-rows, test-trace-published
# says: the kinds for the names
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((kind, shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: no rows for layers that learn nothing
# fails: test-trace-rows, test-trace-activations, test-trace-pool-shapes, test-trace-parameters, test-trace-multiply-adds, test-trace-linear, test-trace-published
# says: rows only where there is something to learn
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        if weights:
            rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: rows kept in a dict by name
# fails: test-trace-rows
# says: rows kept by name: two layers may have the same one
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return list({row[0]: row for row in rows}.values())


# %% wrong: takes the kind out of the caller's dicts
# fails: test-trace-rows
# says: changes its argument 1
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer.pop("kind")
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: fills the defaults into the caller's dicts
# fails: test-trace-rows
# says: changes its argument 1
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        layer.setdefault("padding", 0)
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: returns inside the loop
# fails: test-trace-rows, test-trace-activations, test-trace-conv-shapes, test-trace-pool-shapes, test-trace-parameters, test-trace-multiply-adds, test-trace-linear, test-trace-unknown-kind, test-trace-published
# says: returning inside the loop: the other rows are missing
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
        return rows
    return rows


# %% wrong: activations without channels
# fails: test-trace-activations, test-trace-published
# says: leaving the channels out
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape[1:]), weights, biases, work))
    return rows


# %% wrong: activations of what a layer gets
# fails: test-trace-activations, test-trace-published
# says: counting what a layer gets instead of what it puts out
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        got = math.prod(shape)
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, got, weights, biases, work))
    return rows


# %% wrong: no activations for pools
# fails: test-trace-activations, test-trace-published
# says: leaving out what pools and normalisation put out
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append(
            (layer["name"], shape, 0 if "pool" in kind else math.prod(shape), weights, biases, work)
        )
    return rows


# %% wrong: activations added up
# fails: test-trace-activations, test-trace-published
# says: adding up: each row counts its own layer
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    total = math.prod(shape)
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        total += math.prod(shape)
        rows.append((layer["name"], shape, total, weights, biases, work))
    return rows


# %% wrong: activations of a batch of two
# fails: test-trace-rows, test-trace-activations, test-trace-published
# says: wrong
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, 2 * math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, 2 * math.prod(shape), weights, biases, work))
    return rows


# %% wrong: convolutions round up
# fails: test-trace-conv-shapes, test-trace-published
# says: rounding up: a step that does not fit is not taken
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h = math.ceil((h + 2 * p - kh) / s) + 1
            w = math.ceil((w + 2 * p - kw) / s) + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: stride of convolutions ignored
# fails: test-trace-conv-shapes, test-trace-published
# says: the stride is ignored
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = h + 2 * p - kh + 1, w + 2 * p - kw + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: padding of convolutions added once
# fails: test-trace-conv-shapes, test-trace-published
# says: adding the padding once: it stands at both ends
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + p - kh) // s + 1, (w + p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: padding of convolutions ignored
# fails: test-trace-conv-shapes, test-trace-published
# says: the padding is ignored
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h - kh) // s + 1, (w - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: pairs read as width and height
# fails: test-trace-conv-shapes, test-trace-published
# says: a pair is (height, width), in this order
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kw, kh = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: height of the kernel used for both axes
# fails: test-trace-conv-shapes, test-trace-published
# says: using the height of the kernel for both axes
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kh) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: channels last
# fails: test-trace-conv-shapes, test-trace-parameters, test-trace-published
# says: the channels come first
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (h, w, out)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: padded convolutions keep the size
# fails: test-trace-conv-shapes, test-trace-published
# says: taking every padding for one that keeps the size
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            if not p or s > 1:
                h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: pools round up
# fails: test-trace-pool-shapes, test-trace-published
# says: rounding up: a step that does not fit is not taken
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, -((k - h - 2 * p) // s) + 1, -((k - w - 2 * p) // s) + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: pools divide the size by the stride
# fails: test-trace-pool-shapes, test-trace-published
# says: dividing the size by the stride: first take off k
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, h // s, w // s)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: padding of pools ignored
# fails: test-trace-pool-shapes, test-trace-published
# says: the padding of a pool is ignored
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], 0
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: windows of pools never overlap
# fails: test-trace-pool-shapes, test-trace-published
# says: windows that do not overlap
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // k + 1, (w + 2 * p - k) // k + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: average pools leave the shape
# fails: test-trace-pool-shapes, test-trace-published
# says: leaving the shape as it was after a pool
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind == "maxpool":
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind not in ("lrn", "avgpool"):
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: average pools forgotten
# fails: test-trace-pool-shapes, test-trace-activations, test-trace-parameters, test-trace-multiply-adds, test-trace-linear, test-trace-unknown-kind, test-trace-rows, test-trace-published
# says: unknown kind avgpool
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind == "maxpool":
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: pools take the channels away
# fails: test-trace-pool-shapes, test-trace-parameters, test-trace-published
# says: pooling over the channels too: a pool keeps them
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (1, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: groups ignored
# fails: test-trace-parameters, test-trace-published
# says: taking no notice of groups
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * c * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: bias=False not heard by convolutions
# fails: test-trace-parameters, test-trace-published
# says: taking no notice of bias=False
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: no biases by default
# fails: test-trace-parameters, test-trace-linear, test-trace-published
# says: no biases: they are there by default
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias") else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias") else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: biases among the weights
# fails: test-trace-parameters, test-trace-linear, test-trace-published
# says: biases among the weights
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights + biases, biases, work))
    return rows


# %% wrong: channels of the image for each layer
# fails: test-trace-parameters, test-trace-published
# says: the channels of the image for each layer
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (input_shape[0] // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: biases divided by groups
# fails: test-trace-parameters, test-trace-published
# says: dividing the biases by groups as well
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out // layer.get("groups", 1) if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: the side of the kernel once
# fails: test-trace-parameters, test-trace-multiply-adds, test-trace-published
# says: multiplying by the kernel's side once, not by its area
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: pools with weights
# fails: test-trace-parameters, test-trace-published
# says: counting weights for a pool: it learns nothing
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
            weights, biases = c * k * k, c
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: weights in place of multiply-adds
# fails: test-trace-multiply-adds, test-trace-published
# says: counting the weights: each is used at every position
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: positions of the input
# fails: test-trace-multiply-adds, test-trace-published
# says: counting positions of the input: only outputs cost
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * shape[1] * shape[2]
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: two operations each
# fails: test-trace-multiply-adds, test-trace-published
# says: counting a multiply-add as two operations
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = 2 * weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: additions of the biases counted
# fails: test-trace-multiply-adds, test-trace-published
# says: counting the additions of the biases as well
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = (weights + biases) * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: groups ignored in the multiply-adds
# fails: test-trace-multiply-adds, test-trace-published
# says: taking no notice of groups
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = out * c * kh * kw * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: pools cost additions
# fails: test-trace-multiply-adds, test-trace-published
# says: counting a pool, which multiplies nothing
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
            work = math.prod(shape) * k * k
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: square outputs assumed
# fails: test-trace-multiply-adds, test-trace-published
# says: squaring one side of the output: it need not be square
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h**2
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: linear layer on the channels alone
# fails: test-trace-linear, test-trace-published
# says: the channels alone for the inputs: flatten
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = shape[0] * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: linear layer on the image
# fails: test-trace-linear, test-trace-published
# says: it gets what the layer before puts out
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(input_shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: linear layer puts out (n, 1, 1)
# fails: test-trace-linear, test-trace-published
# says: after a linear layer it is (10,)
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out, 1, 1)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: linear layer puts out a number
# fails: test-trace-linear, test-trace-published
# says: a shape is a tuple: (10,)
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = out * (math.prod(shape) if isinstance(shape, tuple) else shape)
            biases = out if layer.get("bias", True) else 0
            shape = out
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append(
            (
                layer["name"],
                shape,
                math.prod(shape) if isinstance(shape, tuple) else shape,
                weights,
                biases,
                work,
            )
        )
    return rows


# %% wrong: bias=False not heard by linear layers
# fails: test-trace-linear, test-trace-published
# says: taking no notice of bias=False
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: linear layers do no work
# fails: test-trace-linear, test-trace-published
# says: no work: each weight is used once
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: unknown kinds passed over
# fails: test-trace-unknown-kind
# says: because no layer of the table is of the kind 'blur'
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: KeyError for unknown kinds
# fails: test-trace-unknown-kind
# says: trace raised KeyError
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise KeyError(kind)
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: message without the kind
# fails: test-trace-unknown-kind
# says: the error message does not name the kind
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"this layer is not known")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: message with the name for the kind
# fails: test-trace-unknown-kind
# says: naming the layer: the kind is what is unknown
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"cannot do {layer['name']}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: whatever ends in pool is taken for a pool
# fails: test-trace-unknown-kind
# says: is not in the table of kinds
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind.endswith("pool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: floats from true division
# fails: test-trace-conv-shapes, test-trace-pool-shapes, test-trace-activations, test-trace-multiply-adds, test-trace-linear, test-trace-published
# says: dividing with /, which gives a float
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) / s + 1, (w + 2 * p - kw) / s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) / s + 1, (w + 2 * p - k) / s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    return rows


# %% wrong: prints the table
# fails: test-trace-rows, test-trace-activations, test-trace-conv-shapes, test-trace-pool-shapes, test-trace-parameters, test-trace-multiply-adds, test-trace-linear, test-trace-published
# says: got: None
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights, biases, work))
    for row in rows:
        print(*row)


# %% wrong: rows as dicts
# fails: test-trace-rows, test-trace-activations, test-trace-conv-shapes, test-trace-pool-shapes, test-trace-parameters, test-trace-multiply-adds, test-trace-linear, test-trace-published
# says: dict
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append({"name": layer["name"], "shape": shape, "weights": weights})
    return rows


# %% wrong: weights and biases in one column
# fails: test-trace-rows, test-trace-parameters, test-trace-multiply-adds, test-trace-linear, test-trace-published
# says: [('input', (3, 8, 12), 288, 0, 0)]
import math


def trace(network, input_shape):
    shape = tuple(input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0)]
    for layer in network:
        kind = layer["kind"]
        weights = biases = work = 0
        if kind == "conv":
            c, h, w = shape
            k = layer["kernel_size"]
            kh, kw = k if isinstance(k, tuple) else (k, k)
            s, p = layer.get("stride", 1), layer.get("padding", 0)
            h, w = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
            out = layer["out_channels"]
            weights = out * (c // layer.get("groups", 1)) * kh * kw
            biases = out if layer.get("bias", True) else 0
            work = weights * h * w
            shape = (out, h, w)
        elif kind in ("maxpool", "avgpool"):
            c, h, w = shape
            k, s, p = layer["kernel_size"], layer["stride"], layer.get("padding", 0)
            shape = (c, (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1)
        elif kind == "linear":
            out = layer["out_features"]
            weights = work = math.prod(shape) * out
            biases = out if layer.get("bias", True) else 0
            shape = (out,)
        elif kind != "lrn":
            raise ValueError(f"unknown kind {kind}")
        rows.append((layer["name"], shape, math.prod(shape), weights + biases, work))
    return rows
