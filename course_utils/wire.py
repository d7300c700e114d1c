"""What may pass between a test and an answer, and how.

A test never holds an object of the answer's: every argument and every result crosses as *plain data*
and is rebuilt on the other side. The crossing is the same whether the answer runs in the same notebook
(a student's own check) or in another, confined process (grading), so a test cell that passes in one
passes in the other.

Plain data are None, bool, int, float, complex, str, bytes, tuple, list, dict, NumPy arrays and scalars
of the types in `DTYPES`, and `numpy.random.Generator`. Everything else stays where it was made and is
represented by a `Handle` (an opaque object, such as a cache, that can be passed back) or, for functions
that a test hands over, by a numbered callback.

A frame is ``header | json | buffers``: two big-endian 32-bit lengths, a JSON tree, and the bytes of the
arrays in the order in which the tree names them. Nothing is ever unpickled. See ``wire.md`` beside this
file for the contract that a test cell has to keep.
"""

from __future__ import annotations

import builtins
import contextlib
import json
import linecache
import operator
import struct
import sys
from dataclasses import dataclass, field

import numpy as np

DTYPES = frozenset(
    ["|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8"]
    + ["<f2", "<f4", "<f8", "<c8", "<c16"]
)
MAX_BYTES = 256 * 2**20  # of one frame; the largest array of any part is a fiftieth of this
MAX_JSON = 16 * 2**20
MAX_DEPTH = 40
MAX_NODES = 500_000
MAX_DIGITS = 1000
MAX_NDIM = 32
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
    shares : tuple of int or str
        The arguments (position or name) whose memory the result shares.
    """

    value: object
    args: tuple = ()
    kwargs: dict = field(default_factory=dict)
    shares: tuple = ()


class Side:
    """One end of the wire: turns values into frames and back.

    Handles and callbacks are numbered per side. ``call_back(number, args, kwargs)``, if given, is what a
    decoded callback does when it is called.
    """

    def __init__(self, call_back=None):
        self.kept: list = []
        self.functions: list = []
        self.call_back = call_back

    # -- encode ------------------------------------------------------------------------------------
    def encode(self, value) -> bytes:
        """Return `value` as one frame."""
        buffers: list[bytes] = []
        tree = self._tree(value, buffers, 0)
        text = json.dumps(tree, allow_nan=False, separators=(",", ":")).encode()
        size = sum(map(len, buffers))
        if len(text) > MAX_JSON or size > MAX_BYTES:
            raise WireError(f"a value of {len(text) + size} bytes is too large to be compared")
        return b"".join([HEADER.pack(len(text), size), text, *buffers])

    def _tree(self, value, buffers, depth):
        if depth > MAX_DEPTH:
            raise WireError(f"a value nested more than {MAX_DEPTH} deep cannot be compared")
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is str:
            return value.encode("utf-8", "replace").decode()
        if kind is int:
            if value.bit_length() > 3 * MAX_DIGITS:
                return self._keep(value)
            return {"i": str(value)}
        if kind is float:
            return {"f": value.hex()}
        if kind is complex:
            return {"z": [value.real.hex(), value.imag.hex()]}
        if kind in (bytes, bytearray):
            buffers.append(bytes(value))
            return {"b": len(value)}
        if kind is Handle:
            return {"h": [value.number, value.type_name]}
        if kind is Raised:
            parts = [value.type_name, list(value.bases), value.message, str(value.line)]
            return {"e": [*parts, value.source]}
        if isinstance(value, np.ndarray):
            return self._array("a", np.asarray(value), value, buffers)
        if isinstance(value, np.generic):
            return self._array("s", np.asarray(value), value, buffers)
        if isinstance(value, np.random.Generator):
            state = value.bit_generator.state
            return {"g": self._tree(state, buffers, depth + 1)}
        if isinstance(value, (list, tuple)):
            tag = "l" if isinstance(value, list) else "t"
            items = list((list if tag == "l" else tuple).__iter__(value))
            return {tag: [self._tree(item, buffers, depth + 1) for item in items]}
        if isinstance(value, dict):
            pairs = [[k, v] for k, v in dict.items(value)]
            return {"d": [[self._tree(x, buffers, depth + 1) for x in pair] for pair in pairs]}
        if isinstance(value, range):
            return {"l": [{"i": str(item)} for item in value[:MAX_NODES]]}
        if self.call_back is None and callable(value) and not isinstance(value, type):
            return self._function(value)
        for convert, base in ((operator.index, int), (float.__float__, float), (str.__str__, str)):
            # Subclasses (an IntEnum, say) and whatever counts as an integer travel as the plain type.
            if isinstance(value, base) or (base is int and hasattr(kind, "__index__")):
                with contextlib.suppress(Exception):
                    return self._tree(base(convert(value)), buffers, depth + 1)
        return self._keep(value)

    def _array(self, tag, array, value, buffers):
        if array.dtype.str[0] == ">":
            array = array.astype(array.dtype.newbyteorder("<"))
        if array.dtype.str not in DTYPES or array.nbytes > MAX_BYTES:
            return self._keep(value, f"{type(value).__name__} of dtype {array.dtype}")
        buffers.append(np.ascontiguousarray(array).tobytes())
        return {tag: [array.dtype.str, list(array.shape)]}

    def _keep(self, value, name=None):
        self.kept.append(value)
        return {"h": [len(self.kept) - 1, (name or type(value).__name__)[:80]]}

    def _function(self, function):
        self.functions.append(function)
        name = getattr(function, "__name__", "function")
        return {"c": [len(self.functions) - 1, str(name)[:80]]}

    # -- decode ------------------------------------------------------------------------------------
    def decode(self, frame: bytes):
        """Rebuild the value of a frame.

        Raises
        ------
        WireError
            Where the frame is not exactly what `encode` could have written.
        """
        try:
            json_size, size = HEADER.unpack_from(frame)
            if len(frame) != HEADER.size + json_size + size or json_size > MAX_JSON:
                raise WireError("a frame whose lengths do not add up")
            tree = json.loads(frame[HEADER.size : HEADER.size + json_size])
            reader = _Reader(memoryview(frame)[HEADER.size + json_size :])
            value = self._value(tree, reader, 0)
        except WireError:
            raise
        except Exception as error:  # whatever a forged frame sets off, it is a forged frame
            raise WireError(f"a malformed frame ({type(error).__name__})") from None
        if reader.at != size:
            raise WireError("a frame with bytes left over")
        return value

    def _value(self, tree, reader, depth):
        reader.nodes += 1
        if depth > MAX_DEPTH or reader.nodes > MAX_NODES:
            raise WireError("a frame nested too deeply or with too many parts")
        if tree is None or type(tree) in (bool, str):
            return tree
        if type(tree) is not dict or len(tree) != 1:
            raise WireError("an unknown node")
        [(tag, body)] = tree.items()
        if tag == "i":
            if type(body) is not str or len(body) > MAX_DIGITS + 1:
                raise WireError("an integer of too many digits")
            return int(body)
        if tag == "f":
            return float.fromhex(body)
        if tag == "z":
            return complex(*map(float.fromhex, body))
        if tag == "b":
            return bytes(reader.take(body))
        if tag in "as":
            return self._decode_array(tag, body, reader)
        if tag in "lt":
            items = [self._value(item, reader, depth + 1) for item in body]
            return items if tag == "l" else tuple(items)
        if tag == "d":
            return {
                self._value(k, reader, depth + 1): self._value(v, reader, depth + 1)
                for k, v in body
            }
        if tag == "e":
            name, bases, message, line, source = body
            if not all(type(x) is str for x in (name, message, line, source, *bases)):
                raise WireError("an exception that is not text")
            known = tuple(b for b in bases if _is_builtin_error(b))
            return Raised(name[:80], known, message[:2000], int(line[:9]), source[:200])
        if tag == "g":
            return _generator(self._value(body, reader, depth + 1))
        if tag == "h":
            number, name = body
            if type(number) is not int or type(name) is not str:
                raise WireError("a malformed handle")
            return self._found(number, name[:80])
        if tag == "c" and self.call_back is not None:
            number, name = body
            return _Callback(self.call_back, int(number), str(name))
        raise WireError(f"an unknown kind of node {tag!r}")

    def _found(self, number, name):
        return Handle(number, name)

    def _decode_array(self, tag, body, reader):
        dtype, shape = body
        if dtype not in DTYPES or type(shape) is not list or len(shape) > MAX_NDIM:
            raise WireError("an array of a type that is not carried")
        if not all(type(n) is int and 0 <= n <= MAX_BYTES for n in shape):
            raise WireError("an array of an impossible shape")
        count = 1
        for n in shape:
            count *= n
        data = np.frombuffer(reader.take(count * np.dtype(dtype).itemsize), dtype).copy()
        array = data.reshape(shape)
        return array[()] if tag == "s" and not shape else array


class AnswerSide(Side):
    """The end where the answer lives: decoded handles are the objects themselves."""

    def _found(self, number, name):
        if not 0 <= number < len(self.kept):
            raise WireError(f"no object number {number}")
        return self.kept[number]

    def perform(self, function, frame: bytes) -> bytes:
        """Call `function` with the arguments of `frame` and return the `Reply` as a frame.

        Whatever the answer writes to stderr (warnings, logging, progress bars) goes to stdout: nbgrader
        takes a line on stderr in a test cell for a failure.
        """
        args, kwargs = self.decode(frame)
        shares: list = []
        try:
            with contextlib.redirect_stderr(sys.stdout):
                value = function(*args, **kwargs)
            shares = shared_arguments(value, args, kwargs)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit too: an exit() in an answer ends only the call
            value = raised(error)
        try:
            return self.encode([value, list(args), kwargs, shares])
        except Exception as error:  # an object that lies about itself, or is too large
            return self.encode([raised(error), [], {}, []])


class _Reader:
    def __init__(self, data):
        self.data, self.at, self.nodes = data, 0, 0

    def take(self, size):
        if type(size) is not int or size < 0 or self.at + size > len(self.data):
            raise WireError("an array longer than its frame")
        self.at += size
        return self.data[self.at - size : self.at]


class _Callback:
    """A function of the test's, as the answer sees it."""

    def __init__(self, call_back, number, name):
        self._call_back, self._number, self.__name__ = call_back, number, name

    def __call__(self, *args, **kwargs):
        return self._call_back(self._number, args, kwargs)

    def __repr__(self):
        return f"<function {self.__name__}>"


def _generator(state):
    if type(state) is not dict or state.get("bit_generator") != "PCG64":
        raise WireError("a random generator of an unknown kind")
    bits = np.random.PCG64()
    bits.state = state
    return np.random.Generator(bits)


def _is_builtin_error(name):
    kind = getattr(builtins, name, None)
    return isinstance(kind, type) and issubclass(kind, BaseException)


def raised(error: BaseException) -> Raised:
    """Describe an exception: class, message, and the student's line that it came from."""
    bases = [c.__name__ for c in type(error).__mro__ if getattr(builtins, c.__name__, None) is c]
    line, source, trace = 0, "", error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals.get("__name__") == "__main__":
            line = trace.tb_lineno
            source = linecache.getline(trace.tb_frame.f_code.co_filename, line).strip()
        trace = trace.tb_next
    try:
        message = str(error)
    except Exception:
        message = "(an exception whose message cannot be shown)"
    name = str(type(error).__name__)
    return Raised(name[:80], tuple(bases), message[:2000], line, source[:200] or "")


def shared_arguments(value, args, kwargs) -> list:
    """Positions and names of the array arguments that share memory with an array in `value`."""
    results = [v for v in (value if isinstance(value, (tuple, list)) else [value])]
    results = [v for v in results if isinstance(v, np.ndarray)]
    named = [*enumerate(args), *kwargs.items()]
    arrays = [(name, a) for name, a in named if isinstance(a, np.ndarray)]
    return [n for n, a in arrays if any(np.may_share_memory(a, r) for r in results)]


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
    return Reply(result, tuple(args), kwargs, tuple(shares))
