"""Plain data as bytes, and back.

A frame is ``header | tree | buffers``: two big-endian 32-bit lengths, a tree in MessagePack, and the bytes of
the arrays in the order in which the tree names them. Nothing is ever unpickled.

In the tree None, bool, int, float and short text stand for themselves; everything else is an array that begins
with a number of `course_utils.wire.nodes.Tag`. MessagePack's own maps, binaries and extensions are not used and
never built: a map would hash what another process chose.

`Codec.decode` is a trust boundary: whatever the bytes, it returns plain data or raises `WireError`, in
bounded time and memory. `Codec.encode` is given objects that may lie about themselves: it asks their
types, never them, and returns a frame or raises. `course_utils.wire.ends` says what the two ends do with
what is not plain data.
"""

from __future__ import annotations

import contextlib
import operator
import struct
from collections.abc import Iterator
from itertools import islice

import msgpack
import numpy as np

from course_utils.wire import fixtures, nodes
from course_utils.wire.nodes import (
    GENERATOR,
    LEAVES,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_TREE,
    NAMES,
    NO_LEAVES,
    SHORT,
    TEXT,
    Frame,
    Tag,
    array_of,
    check_tree,
    dict_of,
    handle_of,
    int_node,
    int_of,
    is_builtin_error,
    numpy_generator,
    size_of_array,
    text_node,
    text_of,
    whole,
)
from course_utils.wire.tensors import (
    array_of_tensor,
    generator_of,
    is_generator,
    is_tensor,
    state_of,
)
from course_utils.wire.values import Handle, Raised, Record, WireError, utf8

HEADER = struct.Struct(">II")
MAX_FRAME = HEADER.size + MAX_BYTES


def frames_in(data: bytes) -> Iterator[bytes]:
    """Yield the frames that stand one after the other.

    Raises
    ------
    WireError
        Where the last one is cut.
    """
    at = 0
    while at < len(data):
        start, at = at, at + HEADER.size
        if at <= len(data):
            at += sum(HEADER.unpack_from(data, start))
        if at > len(data):
            raise WireError("a frame whose lengths do not add up")
        yield data[start:at]


class Codec:
    """Turns values into frames and back; the hooks are for what is not plain data."""

    def encode(self, value) -> bytes:
        """Return `value` as one frame.

        Raises
        ------
        WireError
            If it is too large, nested too deeply, or not carried at this end of the wire.
        """
        frame = Frame()
        try:
            tree = msgpack.packb(self._tree(value, frame, 0))
            fits = len(tree) <= MAX_TREE
        except (OverflowError, UnicodeEncodeError):
            fits = False
        if not fits:  # a number, or text, that cannot stand for itself: each is looked at
            frame = Frame(leaves=NO_LEAVES)
            tree = msgpack.packb(self._tree(value, frame, 0))
        check_tree(tree)
        frame.reserve(len(tree))
        size = sum(map(len, frame.buffers))
        return b"".join([HEADER.pack(len(tree), size), tree, *frame.buffers])

    def encode_call(self, args, kwargs: dict) -> bytes:
        """Return the arguments of one call as a frame: what ``encode([list(args), kwargs])`` does, faster."""
        values = kwargs.values()
        if LEAVES.issuperset(map(type, args)) and LEAVES.issuperset(map(type, values)):
            with contextlib.suppress(OverflowError, UnicodeEncodeError):
                tree = msgpack.packb(
                    [Tag.LIST, [Tag.LIST, *args], [Tag.DICT, [*kwargs], [*values]]]
                )
                if len(tree) <= SHORT:
                    return HEADER.pack(len(tree), 0) + tree
        return self.encode([list(args), kwargs])

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
            tree = frame[HEADER.size : HEADER.size + length]
            check_tree(tree)
            node = msgpack.unpackb(
                tree, max_array_len=nodes.MAX_NODES, max_map_len=0, max_bin_len=0, max_ext_len=0
            )
            reader = Frame(memoryview(frame)[HEADER.size + length :])
            value = self._value(node, reader, 0)
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
        return [Tag.TUPLE, *items]

    def _object(self, number, name):
        """Return what a handle stands for."""
        return Handle(number, name)

    def _function(self, number, name):
        """Return what a function's number stands for."""
        raise NotImplementedError

    # -- encode ------------------------------------------------------------------------------------
    def _tree(self, value, frame, depth):
        kind = type(value)
        if kind in frame.leaves:
            return value
        if depth > MAX_DEPTH:
            frame.enter(depth)
        if kind is tuple:
            return [Tag.TUPLE, *self._trees(value, frame, depth)]
        if kind is list:
            return [Tag.LIST, *self._trees(value, frame, depth)]
        if issubclass(kind, np.ndarray):
            return self._array(Tag.ARRAY, value, np.asarray(value), frame)
        if issubclass(kind, dict):
            keys = [*dict.keys(value)]
            if not frame.leaves or not TEXT.issuperset(map(type, keys)):
                frame.count_keys(keys)
                keys = [self._key(key, frame, depth + 1) for key in keys]
            return [Tag.DICT, keys, self._trees(dict.values(value), frame, depth)]
        if value is None or kind is bool or kind is float:
            return value
        if kind is int:
            return int_node(value)
        if issubclass(kind, str):
            return text_node(utf8(str.__str__(value)), frame)
        if kind in (Handle, Record):
            handle = value if kind is Handle else value.handle
            return [Tag.HANDLE, handle.number, utf8(handle.type_name)]
        if issubclass(kind, list) or kind is range:
            base = list if issubclass(kind, list) else range
            return [Tag.LIST, *self._trees(base.__iter__(value), frame, depth)]
        if issubclass(kind, tuple):
            return self._record(value, self._trees(tuple.__iter__(value), frame, depth))
        if kind in (bytes, bytearray):
            return [Tag.BYTES, frame.put(bytes(value))]
        if issubclass(kind, np.generic):
            return self._array(Tag.SCALAR, value, np.asarray(value), frame)
        if kind is complex:
            return [Tag.COMPLEX, value.real, value.imag]
        if is_tensor(kind):
            with contextlib.suppress(Exception):  # sparse, on no device, of a type NumPy lacks, …
                array, name = array_of_tensor(value)
                return self._array(Tag.TENSOR, value, array, frame, name)
        if kind is np.random.Generator and type(value.bit_generator) is np.random.PCG64:
            frame.count(GENERATOR)
            state = value.bit_generator.state
            parts = (*state["state"].values(), state["has_uint32"], state["uinteger"])
            return [Tag.NUMPY_GENERATOR, *(int_node(int(part)) for part in parts)]
        if is_generator(kind):
            with contextlib.suppress(Exception):  # on another device
                frame.count(GENERATOR)
                return [Tag.TORCH_GENERATOR, frame.put(state_of(value))]
        if kind is Raised:
            texts = (value.type_name, value.message, value.source, value.function, *value.bases)
            return [Tag.RAISED, value.line, *map(utf8, texts)]
        if kind in fixtures.NAMES:
            fields = self._trees(value.fields, frame, depth)
            return [Tag.FIXTURE, fixtures.NAMES[kind], *fields]
        for base in (float, complex):
            if issubclass(kind, base):
                return self._tree(base.__pos__(value), frame, depth + 1)
        if hasattr(kind, "__index__"):  # an IntEnum, say, and whatever else counts as an integer
            with contextlib.suppress(Exception):
                return int_node(int.__index__(operator.index(value)))
        return self._other(value)

    def _trees(self, values, frame, depth):
        # A range has more items than fit in memory, a list may change while it is walked.
        items = [*islice(values, nodes.MAX_NODES + 1)]
        frame.count(len(items))
        if frame.leaves.issuperset(map(type, items)):
            return items
        leaves, depth = frame.leaves, depth + 1
        return [item if type(item) in leaves else self._tree(item, frame, depth) for item in items]

    def _key(self, key, frame, depth):
        kind = type(key)
        if issubclass(kind, tuple):
            frame.enter(depth)
            items = [*tuple.__iter__(key)]
            frame.count(len(items))
            return [Tag.TUPLE, *(self._key(item, frame, depth + 1) for item in items)]
        if key is None or issubclass(kind, (bool, int, float, complex, str, bytes, np.generic)):
            return self._tree(key, frame, depth)
        return self._other(key)

    def _array(self, tag, value, array, frame, name=""):
        known = NAMES.get(array.dtype)
        if known is None:
            array = array.astype(array.dtype.newbyteorder("<"), copy=False)
            known = NAMES.get(array.dtype)
            if known is None:
                return self._other(value)
        frame.reserve(size_of_array(array.itemsize, array.shape))
        frame.buffers.append(array.tobytes())
        return [tag, name or known, *array.shape]

    # -- decode ------------------------------------------------------------------------------------
    def _value(self, node, frame, depth):
        if type(node) in LEAVES:
            return node
        if type(node) is not list or type(node[0]) is not int:
            raise WireError("an unknown node")
        if depth > MAX_DEPTH:
            frame.enter(depth)
        tag, *body = node
        match tag:
            case Tag.TUPLE:
                return tuple(self._values(body, frame, depth))
            case Tag.LIST:
                return self._values(body, frame, depth)
            case Tag.DICT:
                keys, values = body
                keys = self._values(keys, frame, depth)
                return dict_of(keys, self._values(values, frame, depth), frame)
            case Tag.ARRAY | Tag.SCALAR | Tag.TENSOR:
                return array_of(tag, body[0], body[1:], frame)
            case Tag.HANDLE:
                return self._object(*handle_of(*body))
            case Tag.FUNCTION:
                return self._function(*handle_of(*body))
            case Tag.RECORD:
                number, name, *items = body
                record = Record(self._values(items, frame, depth))
                record.handle = Handle(*handle_of(number, name))
                return record
            case Tag.RAISED:
                line, *texts = body
                name, message, source, function, *bases = map(text_of, texts)
                bases = tuple(filter(is_builtin_error, dict.fromkeys(bases)))
                line = whole(line, 2**31)
                return Raised(name[:80], bases, message[:2000], line, source[:200], function[:80])
            case Tag.FIXTURE:
                name, *fields = body
                return fixtures.build(text_of(name), *self._values(fields, frame, depth))
            case Tag.NUMPY_GENERATOR:
                frame.count(GENERATOR)
                return numpy_generator(*(self._value(part, frame, depth + 1) for part in body))
            case Tag.COMPLEX:
                real, imag = body
                if not type(real) is type(imag) is float:
                    raise WireError("a complex number of something else than floats")
                return complex(real, imag)
        [only] = body
        match tag:
            case Tag.BYTES:
                return bytes(frame.take(only))
            case Tag.TEXT:
                frame.count_text(whole(only, MAX_BYTES))
                return str(frame.take(only), "utf-8")
            case Tag.INT:
                return int_of(only)
            case Tag.TORCH_GENERATOR:
                frame.count(GENERATOR)
                return generator_of(frame.take(only))
        raise WireError("an unknown node")

    def _values(self, nodes, frame, depth):
        if type(nodes) is not list:
            raise WireError("no list where there must be one")
        frame.count(len(nodes))
        if LEAVES.issuperset(map(type, nodes)):
            return nodes
        depth += 1
        return [node if type(node) in LEAVES else self._value(node, frame, depth) for node in nodes]
