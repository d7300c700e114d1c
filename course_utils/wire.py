"""What may pass between a test and an answer, and how.

A test never holds an object of the answer's: every argument and every result crosses as *plain data*
and is rebuilt on the other side. The crossing is the same whether the answer runs in the same notebook
(a student's own check) or in another, confined process (grading), so a test cell that passes in one
passes in the other.

Plain data are None, bool, int, float, complex, str, bytes, tuple, list, dict, range, NumPy arrays and
scalars of the types in `DTYPES`, PyTorch tensors, and `numpy.random.Generator`. Everything else stays
where it was made: an answer's object (a cache, say) is represented by a `Handle` that can be passed
back, a test's function by a callback.

A frame is ``header | json | buffers``: two big-endian 32-bit lengths, a JSON tree, and the bytes of the
arrays in the order in which the tree names them. Nothing is ever unpickled. `Side.decode` is a trust
boundary: whatever the bytes, it returns plain data or raises `WireError`, in bounded time and memory.
See ``wire.md`` beside this file for the rules that a test cell has to keep.
"""

from __future__ import annotations

import builtins
import contextlib
import json
import linecache
import math
import operator
import os
import struct
import sys
from dataclasses import dataclass, field

import numpy as np

DTYPES = frozenset(
    ["|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8"]
    + ["<f2", "<f4", "<f8", "<c8", "<c16"]
)
MAX_BYTES = 256 * 2**20  # of one frame; the largest array of any part is a fiftieth of this
MAX_REPLY = MAX_BYTES - 2**20  # leaves room for the frame that carries a reply
MAX_JSON = 16 * 2**20
MAX_NODES = 500_000
MAX_DEPTH = 40
MAX_KEYS = 5_000  # that are not text: their hashes can be chosen to collide
MAX_EMPTY = 2**20  # positions along the other axes of an empty array
MAX_BITS = 3321  # 1000 digits
MAX_NDIM = 32
MAX_KEPT = 1000  # objects of an answer's that a test can still pass back
HEADER = struct.Struct(">II")


class WireError(ValueError):
    """A frame or a value that the wire does not carry."""


@dataclass(frozen=True)
class Handle:
    """An object that stayed on the answer's side: its number there and its type's name."""

    number: int
    type_name: str

    def __repr__(self):
        return f"<{self.type_name} object>"


class Record(tuple):
    """A named tuple of an answer's: a plain tuple to a test, the same object when passed back."""

    handle: Handle


@dataclass(frozen=True)
class Raised:
    """An exception that an answer raised, as text.

    Attributes
    ----------
    type_name : str
        The name of its class.
    bases : tuple of str
        The built-in exception classes that it is an instance of.
    message : str
    line : int
        Line in the student's cell where it was raised, 0 if unknown.
    source : str
        That line.
    """

    type_name: str
    bases: tuple[str, ...]
    message: str
    line: int = 0
    source: str = ""

    def is_a(self, error: type[BaseException]) -> bool:
        """Whether ``except error`` would have caught it (`error` is a built-in exception)."""
        return error.__name__ in self.bases

    def __str__(self):
        return f"{self.type_name}: {self.message}" if self.message else self.type_name


@dataclass
class Reply:
    """What came back from one call.

    Attributes
    ----------
    value : plain data, Handle or Raised
        The result, or what was raised instead.
    args, kwargs : tuple, dict
        The arguments as they were after the call.
    shares : tuple of (int or str, int or str)
        Which entry of the result (position or key; 0 for a lone array) shares memory with which
        argument (position or name).
    """

    value: object
    args: tuple = ()
    kwargs: dict = field(default_factory=dict)
    shares: tuple = ()


def reply(value) -> Reply:
    """Check the shape of a decoded reply.

    Raises
    ------
    WireError
        If it is not ``[value, args, kwargs, shares]``.
    """
    if type(value) is not list or [type(part) for part in value[1:]] != [list, dict, list]:
        raise WireError("a malformed reply")
    result, args, kwargs, shares = value
    if not all(type(p) is list and [type(n) in (int, str) for n in p] == [1, 1] for p in shares):
        raise WireError("a malformed reply")
    return Reply(result, tuple(args), kwargs, tuple(map(tuple, shares)))


class _Frame:
    """The buffers of one frame, and how much of what a frame may hold is used up."""

    def __init__(self, data=b""):
        self.data, self.at = data, 0  # being read
        self.buffers: list[bytes] = []  # being written
        self.size = self.nodes = self.keys = 0

    def enter(self, depth):
        self.nodes += 1
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
            raise WireError(f"more than {MAX_BYTES >> 20} MiB are too much to be compared")

    def take(self, size):
        if size < 0 or self.at + size > len(self.data):
            raise WireError("a buffer longer than its frame")
        self.at += size
        return self.data[self.at - size : self.at]


class Side:
    """The test's end of the wire: turns values into frames and back.

    Attributes
    ----------
    functions : list of callable
        The test's functions that were sent, by number.
    """

    def __init__(self):
        self.functions: list = []

    # -- encode ------------------------------------------------------------------------------------
    def encode(self, value, most: int = MAX_BYTES) -> bytes:
        """Return `value` as one frame of at most `most` bytes.

        Raises
        ------
        WireError
            If it is too large, too deep or cyclic, or, on the test's end, not plain data.
        """
        frame = _Frame()
        tree = self._tree(value, frame, 0)
        text = json.dumps(tree, allow_nan=False, separators=(",", ":")).encode()
        _check_json(text)
        size = sum(map(len, frame.buffers))
        if len(text) + size > most:
            raise WireError(f"more than {most >> 20} MiB are too much to be compared")
        return b"".join([HEADER.pack(len(text), size), text, *frame.buffers])

    def _tree(self, value, frame, depth):
        # Answers' objects may lie about themselves: their type is asked, never they.
        frame.enter(depth)
        kind = type(value)
        if value is None or kind is bool:
            return value
        if issubclass(kind, str):
            frame.reserve(str.__len__(value))
            return _utf8(str.__str__(value))
        if kind is int:
            if value.bit_length() > MAX_BITS:
                raise WireError("an integer of more than 1000 digits cannot be compared")
            return value
        if kind is float:
            return {"f": value.hex()}
        if kind is complex:
            return {"z": [value.real.hex(), value.imag.hex()]}
        if issubclass(kind, (list, tuple)):
            base = list if issubclass(kind, list) else tuple
            items = [self._tree(item, frame, depth + 1) for item in list(base.__iter__(value))]
            return {"l": items} if base is list else self._tuple(value, items)
        if issubclass(kind, dict):
            pairs = list(dict.items(value))
            return {
                "d": [[self._key(k, frame, depth), self._tree(v, frame, depth + 1)] for k, v in pairs]
            }
        if kind is range:
            return {"l": [self._tree(item, frame, depth + 1) for item in value]}
        if kind in (bytes, bytearray):
            frame.reserve(len(value))
            frame.buffers.append(bytes(value))
            return {"b": len(value)}
        if issubclass(kind, (np.ndarray, np.generic)):
            tag = "a" if issubclass(kind, np.ndarray) else "s"
            return self._array(tag, value, np.asarray(value), frame)
        if _is_tensor(kind):
            with contextlib.suppress(Exception):  # sparse, on no device, of a type NumPy lacks, …
                return self._array("x", value, *_array_of_tensor(value), frame)
        if kind is np.random.Generator and type(value.bit_generator) is np.random.PCG64:
            state = value.bit_generator.state
            inner = state["state"]
            return {"g": [inner["state"], inner["inc"], state["has_uint32"], state["uinteger"]]}
        if kind is Handle:
            return {"h": [value.number, _utf8(value.type_name)]}
        if kind is Raised:
            texts = [_utf8(t) for t in (value.type_name, value.message, value.source)]
            return {"e": [*texts, value.line, *map(_utf8, value.bases)]}
        if issubclass(kind, (float, complex)):
            base = float if issubclass(kind, float) else complex
            return self._tree(base.__pos__(value), frame, depth + 1)
        if hasattr(kind, "__index__") and not isinstance(value, type):
            # An IntEnum, say, and whatever else counts as an integer.
            with contextlib.suppress(Exception):
                return self._tree(int.__index__(operator.index(value)), frame, depth + 1)
        return self._other(value)

    def _key(self, key, frame, depth):
        frame.enter_key(key)
        kind = type(key)
        if issubclass(kind, tuple):
            return {"t": [self._key(item, frame, depth + 1) for item in tuple.__iter__(key)]}
        if key is None or issubclass(kind, (bool, int, float, complex, str, bytes, np.generic)):
            return self._tree(key, frame, depth + 1)
        return self._other(key)

    def _array(self, tag, value, array, frame, name=""):
        dtype = array.dtype.newbyteorder("<")
        if dtype.str not in DTYPES:
            return self._other(value)
        frame.reserve(_bytes_of_array(dtype, array.shape))
        frame.buffers.append(array.astype(dtype, copy=False).tobytes())
        return {tag: [name or dtype.str, list(array.shape)]}

    def _tuple(self, value, items):
        return {"h": [value.handle.number, value.handle.type_name]} if type(value) is Record else {"t": items}

    def _other(self, value):
        if not callable(value) or isinstance(value, type) or hasattr(value, "__course_call__"):
            raise WireError(f"a test cannot pass {value!r} to an answer")
        self.functions.append(value)
        return {"c": [len(self.functions) - 1, _utf8(getattr(value, "__name__", "function"))]}
