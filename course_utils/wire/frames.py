"""Plain data as bytes, and back.

A frame is ``header | json | buffers``: two big-endian 32-bit lengths, a JSON tree, and the bytes of the
arrays in the order in which the tree names them. Nothing is ever unpickled.

`Codec.decode` is a trust boundary: whatever the bytes, it returns plain data or raises `WireError`, in
bounded time and memory. `Codec.encode` is given objects that may lie about themselves: it asks their
types, never them, and returns a frame or raises. `course_utils.wire.ends` says what the two ends do with
what is not plain data.
"""

from __future__ import annotations

import builtins
import contextlib
import json
import math
import operator
import struct
import sys

import numpy as np

from course_utils.wire import fixtures
from course_utils.wire.tensors import (
    array_of_tensor,
    generator_of,
    is_generator,
    is_tensor,
    state_of,
    widened,
)
from course_utils.wire.values import Handle, Raised, Record, WireError, utf8

DTYPES = frozenset(
    ["|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8"]
    + ["<f2", "<f4", "<f8", "<c8", "<c16"]
)
MAX_BYTES = 64 * 2**20  # of one frame; the largest array of any part is a tenth of this
MAX_JSON = 16 * 2**20
MAX_NODES = 500_000
MAX_DEPTH = 40
MAX_DIGITS = 1000
MAX_KEYS = 5_000  # other than text: an answer could choose them so that their hashes collide
MAX_NDIM = 32
GENERATOR = 100  # parts that a random generator counts for: it takes that long to make
MAX_EMPTY = 2**20  # positions along the other axes of an empty array
HEADER = struct.Struct(">II")


class _Frame:
    """The buffers of one frame, and how much of what a frame may hold is used up."""

    def __init__(self, data=b""):
        self.data, self.at = data, 0  # being read
        self.buffers: list[bytes] = []  # being written
        self.size = self.nodes = self.keys = 0

    def enter(self, depth, cost=1):
        self.nodes += cost
        if depth > MAX_DEPTH:
            raise WireError(f"a value nested more than {MAX_DEPTH} deep cannot be compared")
        if self.nodes > MAX_NODES:
            raise WireError(f"a value of more than {MAX_NODES} parts cannot be compared")

    def enter_key(self, key):
        self.keys += type(key) is not str
        if self.keys > MAX_KEYS:
            raise WireError(f"more than {MAX_KEYS} keys that are not text cannot be compared")

    def reserve(self, size):
        self.size += size
        if self.size > MAX_BYTES:
            raise WireError(f"more than {MAX_BYTES >> 20} MiB cannot be compared")

    def take(self, size):
        if size < 0 or self.at + size > len(self.data):
            raise WireError("a buffer longer than its frame")
        self.at += size
        return self.data[self.at - size : self.at]


class Codec:
    """Turns values into frames and back; the hooks are for what is not plain data."""

    def encode(self, value) -> bytes:
        """Return `value` as one frame.

        Raises
        ------
        WireError
            If it is too large, nested too deeply, or not carried at this end of the wire.
        """
        frame = _Frame()
        tree = self._tree(value, frame, 0)
        text = json.dumps(tree, allow_nan=False, separators=(",", ":")).encode()
        _check_json(text)
        frame.reserve(len(text))
        size = sum(map(len, frame.buffers))
        return b"".join([HEADER.pack(len(text), size), text, *frame.buffers])

    def decode(self, frame: bytes):
        """Rebuild the value of a frame.

        Raises
        ------
        WireError
            Where the frame is not what `encode` could have written.
        """
        try:
            length, size = HEADER.unpack_from(frame)
            if len(frame) != HEADER.size + length + size:
                raise WireError("a frame whose lengths do not add up")
            text = frame[HEADER.size : HEADER.size + length]
            _check_json(text)
            tree = json.loads(text.decode(), object_pairs_hook=_node)
            reader = _Frame(memoryview(frame)[HEADER.size + length :])
            value = self._value(tree, reader, 0)
        except WireError:
            raise
        except Exception as error:  # whatever a forged frame sets off, it is a forged frame
            raise WireError(f"a malformed frame ({type(error).__name__})") from None
        if reader.at != size:
            raise WireError("a frame with bytes left over")
        return value

    # -- hooks -------------------------------------------------------------------------------------
    def _other(self, value):
        """Return the node of a value that is not plain data."""
        raise NotImplementedError

    def _record(self, value, items):
        """Return the node of an instance of a subclass of tuple."""
        return {"t": items}

    def _object(self, number, name):
        """Return what a handle stands for."""
        return Handle(number, name)

    def _function(self, number, name):
        """Return what a function's number stands for."""
        raise NotImplementedError

    # -- encode ------------------------------------------------------------------------------------
    def _tree(self, value, frame, depth):
        frame.nodes += 1  # as `enter` does: this line runs most often
        if depth > MAX_DEPTH or frame.nodes > MAX_NODES:
            frame.enter(depth, 0)
        kind = type(value)
        if kind is int:
            return _checked_int(value)
        if kind is tuple:
            return {"t": self._trees(value, frame, depth)}
        if value is None or kind is bool:
            return value
        if issubclass(kind, str):
            frame.reserve(str.__len__(value))
            return utf8(str.__str__(value))
        if kind is float:
            return {"f": value.hex()}
        if kind is complex:
            return {"z": [value.real.hex(), value.imag.hex()]}
        if kind in (Handle, Record):
            handle = value if kind is Handle else value.handle
            return {"h": [handle.number, utf8(handle.type_name)]}
        if issubclass(kind, list) or kind is range:
            base = list if issubclass(kind, list) else range
            return {"l": self._trees(base.__iter__(value), frame, depth)}
        if issubclass(kind, tuple):
            return self._record(value, self._trees(tuple.__iter__(value), frame, depth))
        if issubclass(kind, dict):
            keys = [self._key(key, frame, depth + 1) for key in dict.keys(value)]
            return {"d": [keys, self._trees(dict.values(value), frame, depth)]}
        if kind in (bytes, bytearray):
            frame.reserve(len(value))
            frame.buffers.append(bytes(value))
            return {"b": len(value)}
        if issubclass(kind, np.ndarray):
            return self._array("a", value, np.asarray(value), frame)
        if issubclass(kind, np.generic):
            return self._array("s", value, np.asarray(value), frame)
        if is_tensor(kind):
            with contextlib.suppress(Exception):  # sparse, on no device, of a type NumPy lacks, …
                array, name = array_of_tensor(value)
                return self._array("x", value, array, frame, name)
        if kind is np.random.Generator and type(value.bit_generator) is np.random.PCG64:
            frame.enter(depth, GENERATOR)
            state = value.bit_generator.state
            parts = (*state["state"].values(), state["has_uint32"], state["uinteger"])
            return {"g": list(map(int, parts))}
        if is_generator(kind):
            with contextlib.suppress(Exception):  # on another device
                frame.enter(depth, GENERATOR)
                state = state_of(value)
                frame.reserve(len(state))
                frame.buffers.append(state)
                return {"n": len(state)}
        if kind is Raised:
            texts = (value.type_name, value.message, value.source, value.function, *value.bases)
            return {"e": [value.line, *map(utf8, texts)]}
        if kind in fixtures.NAMES:
            return {"o": [fixtures.NAMES[kind], *self._trees(value.fields, frame, depth)]}
        for base in (float, complex):
            if issubclass(kind, base):
                return self._tree(base.__pos__(value), frame, depth + 1)
        if hasattr(kind, "__index__"):  # an IntEnum, say, and whatever else counts as an integer
            with contextlib.suppress(Exception):
                return _checked_int(int.__index__(operator.index(value)))
        return self._other(value)

    def _trees(self, values, frame, depth):
        # A range has more items than fit in memory, a list may change while it is walked.
        return [self._tree(item, frame, depth + 1) for item in values]

    def _key(self, key, frame, depth):
        frame.enter_key(key)
        kind = type(key)
        if issubclass(kind, tuple):
            frame.enter(depth)
            return {"t": [self._key(item, frame, depth + 1) for item in tuple.__iter__(key)]}
        if key is None or issubclass(kind, (bool, int, float, complex, str, bytes, np.generic)):
            return self._tree(key, frame, depth)
        frame.enter(depth)
        return self._other(key)

    def _array(self, tag, value, array, frame, name=""):
        dtype = array.dtype.newbyteorder("<")
        if dtype.str not in DTYPES:
            return self._other(value)
        frame.reserve(_size_of_array(dtype, array.shape))
        frame.buffers.append(array.astype(dtype, copy=False).tobytes())
        return {tag: [name or dtype.str, list(array.shape)]}

    # -- decode ------------------------------------------------------------------------------------
    def _value(self, tree, frame, depth):
        frame.nodes += 1
        if depth > MAX_DEPTH or frame.nodes > MAX_NODES:
            frame.enter(depth, 0)
        kind = type(tree)
        if kind is int:
            return _checked_int(tree)
        if tree is None or kind is bool:
            return tree
        if kind is str:
            return _text(tree)
        if kind is not tuple or type(tree[1]) is not _BODIES.get(tree[0]):
            raise WireError("an unknown node")
        tag, body = tree
        match tag:
            case "f":
                return _float(body)
            case "z":
                real, imag = body
                return complex(_float(real), _float(imag))
            case "l":
                return self._values(body, frame, depth)
            case "t":
                return tuple(self._values(body, frame, depth))
            case "d":
                keys, values = (self._values(part, frame, depth) for part in body)
                return _dict(keys, values, frame)
            case "b":
                return bytes(frame.take(body))
            case "a" | "s" | "x":
                dtype, shape = body
                return _array(tag, dtype, shape, frame)
            case "g":
                frame.enter(depth, GENERATOR)
                return _generator(*body)
            case "n":
                frame.enter(depth, GENERATOR)
                return generator_of(frame.take(body))
            case "e":
                line, *texts = body
                name, message, source, function, *bases = map(_text, texts)
                bases = tuple(filter(_is_builtin_error, dict.fromkeys(bases)))
                line = _whole(line, 2**31)
                return Raised(name[:80], bases, message[:2000], line, source[:200], function[:80])
            case "o":
                name, *fields = body
                return fixtures.build(_text(name), *self._values(fields, frame, depth))
        number, name, *items = body
        number, name = _whole(number, 2**31), _text(name)[:80]
        if tag == "r":
            record = Record(self._values(items, frame, depth))
            record.handle = Handle(number, name)
            return record
        if items:
            raise WireError("a malformed handle")
        return self._function(number, name) if tag == "c" else self._object(number, name)

    def _values(self, trees, frame, depth):
        if type(trees) is not list:
            raise WireError("no list where there must be one")
        return [self._value(tree, frame, depth + 1) for tree in trees]


# -- nodes -----------------------------------------------------------------------------------------
_BODIES = {"f": str, "b": int, "n": int} | dict.fromkeys(
    "zltdasxgeorhc", list
)  # tag → what stands under it


def _check_json(text):
    # Each bracket becomes an object of up to 90 bytes: they are counted before any is made.
    if len(text) > MAX_JSON or text.count(b"[") + text.count(b"{") > 4 * MAX_NODES:
        raise WireError("a value of too many parts cannot be compared")


def _node(pairs):
    [node] = pairs
    return node


def _text(text):
    if type(text) is not str:
        raise WireError("no text where there must be some")
    text.encode()  # fails for lone surrogates
    return text


_TOO_LARGE = 10**MAX_DIGITS


def _checked_int(number):
    if not -_TOO_LARGE < number < _TOO_LARGE:
        raise WireError(f"an integer of more than {MAX_DIGITS} digits cannot be compared")
    return number


def _whole(number, end):
    if type(number) is not int or not 0 <= number < end:
        raise WireError("an impossible number")
    return number


def _float(text):
    number = float.fromhex(text)
    if number.hex() != text:
        raise WireError("a number that is written in another way")
    return number


def _dict(keys, values, frame):
    for key in keys:
        frame.enter_key(key)
    result = dict(zip(keys, values, strict=True))
    if len(result) != len(keys):
        raise WireError("a dict with equal keys")
    return result


def _size_of_array(dtype, shape):
    # Whoever loops over an axis must not be led along one that is long and holds nothing.
    led_astray = 0 in shape and math.prod(n or 1 for n in shape) > MAX_EMPTY
    if len(shape) > MAX_NDIM or led_astray:
        raise WireError(f"an array of shape {tuple(shape)} cannot be compared")
    return math.prod(shape) * dtype.itemsize


def _array(tag, name, shape, frame):
    bfloat16 = tag == "x" and name == "bfloat16"
    carried = bfloat16 or (type(name) is str and name in DTYPES)
    if not carried or type(shape) is not list or (tag == "s" and shape):
        raise WireError("an array of a type that is not carried")
    dtype = np.dtype("<i2" if bfloat16 else name)
    size = _size_of_array(dtype, [_whole(n, MAX_BYTES + 1) for n in shape])
    array = np.frombuffer(frame.take(size), dtype).copy().reshape(shape)
    if tag == "s":
        return array[()]
    torch = sys.modules.get("torch") if tag == "x" else None
    if torch is None:
        return widened(array, name)
    tensor = torch.from_numpy(array)
    return tensor.view(torch.bfloat16) if bfloat16 else tensor


def _generator(state, inc, has_uint32, uinteger):
    if _whole(inc, 2**128) % 2 == 0:
        raise WireError("a random generator that would repeat itself")
    bits = np.random.PCG64(0)
    bits.state = {
        "bit_generator": "PCG64",
        "state": {"state": _whole(state, 2**128), "inc": inc},
        "has_uint32": _whole(has_uint32, 2),
        "uinteger": _whole(uinteger, 2**32),
    }
    return np.random.Generator(bits)


def _is_builtin_error(name):
    kind = getattr(builtins, name, None)
    return isinstance(kind, type) and issubclass(kind, BaseException)
