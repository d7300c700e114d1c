"""The nodes of a frame's tree: what stands for what, how much of it there may be, and how each is read."""

from __future__ import annotations

import builtins
import math
import sys

import numpy as np

from course_utils.wire.tensors import widened
from course_utils.wire.values import WireError

DTYPES = frozenset(
    ["|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8"]
    + ["<f2", "<f4", "<f8", "<c8", "<c16"]
)
MAX_BYTES = 64 * 2**20  # of one frame; the largest array of any part is a tenth of this
MAX_TREE = 5 * 2**20  # MAX_NODES floats fit
MAX_TEXT = 16 * 2**20
MAX_NODES = 500_000
MAX_DEPTH = 40
MAX_DIGITS = 1000
MAX_KEYS = 5_000  # other than text: an answer could choose them so that their hashes collide
MAX_NDIM = 32
GENERATOR = 100  # parts that a random generator counts for: it takes that long to make
MAX_EMPTY = 2**20  # positions along the other axes of an empty array
SHORT = 1000  # characters of text that stand in the tree


class Tag:
    """What an array of the tree stands for: its first entry."""

    LIST, TUPLE, DICT, ARRAY, SCALAR, TENSOR, BYTES, TEXT, INT, COMPLEX = range(10)
    HANDLE, RECORD, FUNCTION, RAISED, FIXTURE, NUMPY_GENERATOR, TORCH_GENERATOR = range(10, 17)


LEAVES = frozenset([type(None), bool, int, float, str])
TEXT, NO_LEAVES = frozenset([str]), frozenset()
NAMES = {np.dtype(name): name for name in DTYPES}  # of the types that need no conversion
_DTYPES = {name: np.dtype(name) for name in DTYPES} | {"bfloat16": np.dtype("<i2")}
# An array costs up to 64 bytes of memory, and one byte in the tree.
_ARRAYS = bytes([*range(0x80, 0xA0), 0xDC, 0xDD, 0xDE, 0xDF])


class Frame:
    """The buffers of one frame, and how much of what a frame may hold is used up."""

    def __init__(self, data=b"", leaves=LEAVES):
        self.data, self.at = data, 0  # being read
        self.buffers: list[bytes] = []  # being written
        self.leaves = leaves  # types whose values are written as they are
        self.size = self.text = self.nodes = self.keys = 0

    def enter(self, depth):
        if depth > MAX_DEPTH:
            raise WireError(f"a value nested more than {MAX_DEPTH} deep cannot be compared")

    def count(self, nodes):
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            raise WireError(f"a value of more than {MAX_NODES} parts cannot be compared")

    def count_keys(self, keys):
        self.keys += sum(type(key) is not str for key in keys)
        if self.keys > MAX_KEYS:
            raise WireError(f"more than {MAX_KEYS} keys that are not text cannot be compared")

    def count_text(self, size):
        self.text += size
        if self.text > MAX_TEXT:
            raise WireError(f"more than {MAX_TEXT >> 20} MiB of text cannot be compared")

    def reserve(self, size):
        self.size += size
        if self.size > MAX_BYTES:
            raise WireError(f"more than {MAX_BYTES >> 20} MiB cannot be compared")

    def put(self, data):
        self.reserve(len(data))
        self.buffers.append(data)
        return len(data)

    def take(self, size):
        if type(size) is not int or size < 0 or self.at + size > len(self.data):
            raise WireError("a buffer longer than its frame")
        self.at += size
        return self.data[self.at - size : self.at]


def check_tree(tree):
    most = 4 * MAX_NODES
    over = len(tree) > most and len(tree) - len(tree.translate(None, _ARRAYS)) > most
    if over or len(tree) > MAX_TREE:
        raise WireError("a value of too many parts cannot be compared")


def text_node(text, frame):
    if len(text) <= SHORT:
        return text
    data = text.encode()
    frame.count_text(len(data))
    return [Tag.TEXT, frame.put(data)]


def text_of(text):
    if type(text) is not str:
        raise WireError("no text where there must be some")
    return text


_TOO_LARGE = 10**MAX_DIGITS


def int_node(number):
    if -(2**63) <= number < 2**64:
        return number
    if not -_TOO_LARGE < number < _TOO_LARGE:
        raise WireError(f"an integer of more than {MAX_DIGITS} digits cannot be compared")
    return [Tag.INT, hex(number)]


def int_of(digits):
    number = int(text_of(digits)[:MAX_DIGITS], 16)
    if hex(number) != digits or -(2**63) <= number < 2**64 or not -_TOO_LARGE < number < _TOO_LARGE:
        raise WireError("an integer that is written in another way")
    return number


def whole(number, end):
    if type(number) is not int or not 0 <= number < end:
        raise WireError("an impossible number")
    return number


def handle_of(number, name):
    return whole(number, 2**31), text_of(name)[:80]


def dict_of(keys, values, frame):
    if not TEXT.issuperset(map(type, keys)):
        frame.count_keys(keys)
    result = dict(zip(keys, values, strict=True))
    if len(result) != len(keys):
        raise WireError("a dict with equal keys")
    return result


def size_of_array(itemsize, shape):
    # Whoever loops over an axis must not be led along one that is long and holds nothing.
    led_astray = 0 in shape and math.prod([n or 1 for n in shape]) > MAX_EMPTY
    if len(shape) > MAX_NDIM or led_astray:
        raise WireError(f"an array of shape {tuple(shape)} cannot be compared")
    return math.prod(shape) * itemsize


def array_of(tag, name, shape, frame):
    dtype = _DTYPES.get(name) if type(name) is str else None
    bfloat16 = name == "bfloat16"
    if dtype is None or (bfloat16 and tag != Tag.TENSOR) or (shape and tag == Tag.SCALAR):
        raise WireError("an array of a type that is not carried")
    for length in shape:
        if type(length) is not int or not 0 <= length <= MAX_BYTES:
            raise WireError("an array of an impossible shape")
    data = frame.take(size_of_array(dtype.itemsize, shape))
    array = np.ndarray(shape, dtype, data).copy()
    if tag == Tag.SCALAR:
        return array[()]
    torch = sys.modules.get("torch") if tag == Tag.TENSOR else None
    if torch is None:
        return widened(array, name)
    tensor = torch.from_numpy(array)
    return tensor.view(torch.bfloat16) if bfloat16 else tensor


def numpy_generator(state, inc, has_uint32, uinteger):
    if whole(inc, 2**128) % 2 == 0:
        raise WireError("a random generator that would repeat itself")
    bits = np.random.PCG64(0)
    bits.state = {
        "bit_generator": "PCG64",
        "state": {"state": whole(state, 2**128), "inc": inc},
        "has_uint32": whole(has_uint32, 2),
        "uinteger": whole(uinteger, 2**32),
    }
    return np.random.Generator(bits)


def is_builtin_error(name):
    kind = getattr(builtins, name, None)
    return isinstance(kind, type) and issubclass(kind, BaseException)
