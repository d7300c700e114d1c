"""What crosses the wire arrives as plain data; what is forged, or lies, is refused."""

import collections
import contextlib
import enum
import math
import random
import subprocess
import sys
import textwrap
import time
import types

import msgpack
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from oracle import torch

from course_utils import wire
from course_utils.wire import (
    DTYPES,
    AnswerSide,
    Handle,
    Net,
    Raised,
    Record,
    Reply,
    Side,
    WireError,
    ends,
    frames,
    nodes,
    reply,
)
from course_utils.wire.nodes import MAX_TEXT, Tag

pytestmark = pytest.mark.unit

bounded = settings(max_examples=150, deadline=None, derandomize=True, database=None)
Point = collections.namedtuple("Point", "x y")


def sent(value):
    """What a test gets of a value of an answer's."""
    return Side().decode(AnswerSide().encode(value))


def same(a, b):
    """Whether two plain values are equal in type, dtype and every bit that matters."""
    if type(a) is not type(b):
        return False
    if isinstance(a, (np.ndarray, np.generic)):
        equal_nan = a.dtype.kind in "fc"
        return a.dtype == b.dtype and np.array_equal(a, b, equal_nan=equal_nan)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return same(list(a.items()), list(b.items()))
    if isinstance(a, float):
        return a.hex() == b.hex()
    if isinstance(a, complex):
        return same([a.real, a.imag], [b.real, b.imag])
    return a == b


def table(cases):
    """Parametrise with a dict of name to argument."""
    return pytest.mark.parametrize("case", list(cases.values()), ids=list(cases))


# ---------------------------------------------------------------- plain data

PLAIN = {
    "None": None,
    "True": True,
    "zero": 0,
    "negative": -7,
    "more than 64 bits": -(10**30),
    "a thousand digits": 10**1000 - 1,
    "float": 0.1,
    "negative zero": -0.0,
    "smallest float": 5e-324,
    "NaN": math.nan,
    "infinity": -math.inf,
    "complex": complex(-0.0, math.inf),
    "text": "größer ≤ 🙂\n\0",
    "empty text": "",
    "bytes": b"\0\xff",
    "list": [1, [2.0, []], "x"],
    "tuple": (1, (2, ()), None),
    "dict": {"a": [1], 2: (3,), (4, "b"): None, 5.5: b"", None: True, 1 + 2j: ""},
    "bytes as keys": {b"one": b"1", b"two": np.float32(2)},
    "NumPy scalars as keys": {np.int64(3): np.arange(3), np.float32(0.5): "half"},
}


@table(PLAIN)
def test_plain_data_arrives_as_it_was(case):
    assert same(sent(case), case)


ARRAYS = {
    "0-d": np.array(2.5),
    "empty": np.zeros((0,)),
    "empty along one axis": np.zeros((3, 0, 2), np.float32),
    "Fortran order": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "every second column": np.arange(12).reshape(3, 4)[:, ::2],
    "backwards": np.arange(5)[::-1],
    "transposed": np.arange(6, dtype=np.int16).reshape(2, 3).T,
    "broadcast": np.broadcast_to(np.arange(3.0), (2, 3)),
    "read-only": np.frombuffer(b"abcd", np.uint8),
    "NaN": np.array([math.nan, math.inf, -0.0]),
    "32 axes": np.zeros((1,) * 32, bool),
} | {name: np.arange(6).reshape(2, 3).astype(name) for name in sorted(DTYPES)}


@table(ARRAYS)
def test_arrays_arrive_as_they_were(case):
    assert same(sent(case), case)


@table(ARRAYS)
def test_arrays_that_arrive_are_their_own_memory(case):
    arrived = sent(case)
    assert arrived.flags.writeable and arrived.flags.c_contiguous


def test_big_endian_arrays_arrive_with_the_same_numbers():
    assert same(sent(np.array([1, 2], ">i4")), np.array([1, 2], "<i4"))


@pytest.mark.parametrize("name", sorted(DTYPES))
def test_numpy_scalars_keep_their_type(name):
    scalar = np.dtype(name).type(1)
    assert same(sent(scalar), scalar)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text(st.characters(codec="utf-8"))
    | st.binary()
    | hnp.arrays(st.sampled_from(sorted(DTYPES)), hnp.array_shapes(min_dims=0, min_side=0)),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text(st.characters(codec="utf-8")) | st.integers(), inner)
    ),
    max_leaves=12,
)


@bounded
@given(values)
def test_any_plain_data_arrives_as_they_were(value):
    assert same(sent(value), value)


# ---------------------------------------------------------------- what becomes plain


class Colour(enum.IntEnum):
    RED = 3


class Kind(str):
    pass


class Share(float):
    pass


class Index:
    def __index__(self):
        return 4


BECOMES = {
    "range": (range(2, 8, 3), [2, 5]),
    "bytearray": (bytearray(b"ab"), b"ab"),
    "IntEnum": (Colour.RED, 3),
    "whatever has __index__": (Index(), 4),
    "subclass of str": (Kind("conv"), "conv"),
    "text of NumPy": (np.str_("low"), "low"),
    "subclass of float": (Share(0.5), 0.5),
    "OrderedDict": (collections.OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
    "defaultdict": (collections.defaultdict(list, a=[1]), {"a": [1]}),
    "matrix": (np.array([[1, 2]]).view(np.matrix), np.array([[1, 2]])),
    "masked array": (np.ma.masked_less([1.0, 2.0], 1.5), np.array([1.0, 2.0])),
    "lone surrogate": ("a\ud800", "a?"),
}


@table(BECOMES)
def test_relatives_of_plain_types_arrive_plain(case):
    value, plain = case
    assert same(sent(value), plain)


def test_a_named_tuple_arrives_as_a_tuple():
    arrived = sent(Point(1, [2]))
    assert arrived == (1, [2]) and isinstance(arrived, Record)


# ---------------------------------------------------------------- random generators


def test_a_generator_arrives_in_the_same_state():
    rng = np.random.default_rng(5)
    rng.integers(9, dtype=np.uint32)  # half of a 64-bit draw is left over
    assert same(sent(rng).integers(1 << 30, size=9, dtype=np.uint32),
                rng.integers(1 << 30, size=9, dtype=np.uint32))  # fmt: skip


def test_a_generator_comes_back_advanced():
    reply = wire.call_here(lambda rng: rng.random(3), (np.random.default_rng(5),), {})
    again = np.random.default_rng(5)
    assert same(reply.value, again.random(3)) and reply.args[0].random() == again.random()


@pytest.mark.torch
def test_a_generator_of_pytorch_comes_back_advanced():
    generator = torch.Generator().manual_seed(5)
    torch.randn(3, generator=generator)  # a normal number is left over
    again = torch.Generator().manual_seed(5)
    again.set_state(generator.get_state())
    reply = wire.call_here(lambda g: torch.randn(4, generator=g), (generator,), {})
    assert torch.equal(reply.value, torch.randn(4, generator=again))
    assert torch.equal(torch.rand(3, generator=reply.args[0]), torch.rand(3, generator=again))
    assert reply.args[0].initial_seed() == 5


@pytest.mark.torch
def test_states_that_no_generator_of_pytorch_has_are_refused():
    size = torch.Generator().get_state().numel()
    for state in (bytes(size), bytes([255]) * size, bytes(size - 1), b""):
        with pytest.raises(WireError):
            Side().decode(forged([Tag.TORCH_GENERATOR, len(state)], state))


# ---------------------------------------------------------------- tensors

TENSORS = {
    "float32": lambda: torch.arange(6.0).reshape(2, 3),
    "float16": lambda: torch.tensor([0.5], dtype=torch.float16),
    "bfloat16": lambda: torch.tensor([1.5, -2.0, 3e38], dtype=torch.bfloat16),
    "0-d bfloat16": lambda: torch.tensor(1.5, dtype=torch.bfloat16),
    "int64": lambda: torch.tensor(3),
    "bool": lambda: torch.tensor([True, False]),
    "complex": lambda: torch.tensor([1 + 2j]),
    "lazily conjugated": lambda: torch.tensor([1 + 2j]).conj(),
    "empty": lambda: torch.zeros(0, 3),
    "transposed": lambda: torch.arange(6).reshape(2, 3).T,
    "with a gradient": lambda: torch.arange(6.0, requires_grad=True) * 2,
    "parameter": lambda: torch.nn.Parameter(torch.ones(2)),
}


@pytest.mark.torch
@table(TENSORS)
def test_tensors_arrive_as_tensors_without_gradient(case):
    case = case()
    arrived = sent(case)
    assert type(arrived) is torch.Tensor and not arrived.requires_grad
    assert arrived.dtype == case.dtype and torch.equal(arrived, case.detach())


@pytest.mark.torch
@table(TENSORS)
def test_where_torch_is_not_imported_tensors_arrive_as_arrays(case, monkeypatch):
    case = case()
    frame = AnswerSide().encode(case)
    monkeypatch.delitem(sys.modules, "torch")
    arrived = Side().decode(frame)
    expected = case.detach().float() if case.dtype == torch.bfloat16 else case.detach()
    assert same(arrived, expected.resolve_conj().numpy())


@pytest.mark.torch
@table(
    {
        "sparse": lambda: torch.eye(2).to_sparse(),
        "on no device": lambda: torch.empty(2, device="meta"),
    }
)
def test_tensors_without_plain_memory_stay_where_they_are(case):
    assert sent(case()) == Handle(0, "Tensor")


def test_importing_the_wire_and_the_checks_is_light():
    heavy = ("torch", "IPython", "matplotlib", "nbgrader", "scipy")
    code = f"""
        import sys
        from course_utils import checks, wire
        wire.Side().decode(wire.AnswerSide().encode([1.5]))
        print([name for name in {heavy} if name in sys.modules])
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True
    )
    assert done.stdout == "[]\n", done.stderr


# ---------------------------------------------------------------- handles


class Opaque:
    pass


HANDLES = {
    "object": (Opaque(), "Opaque"),
    "function": (len, "builtin_function_or_method"),
    "class": (Opaque, "type"),
    "generator": ((n for n in ()), "generator"),
    "view of a dict": ({}.values(), "dict_values"),
    "set": ({1}, "set"),
    "array of objects": (np.array([None]), "ndarray of dtype object"),
    "array of text": (np.array(["a"]), "ndarray of dtype <U1"),
    "date": (np.datetime64("2026-01-01"), "datetime64 of dtype datetime64[D]"),
    "another bit generator": (np.random.Generator(np.random.MT19937(0)), "Generator"),
    "placeholder": (..., "ellipsis"),
}


@table(HANDLES)
def test_other_objects_arrive_as_handles(case):
    value, name = case
    assert sent(value) == Handle(0, name)


@pytest.mark.torch
def test_keys_that_would_not_be_keys_on_arrival_become_handles():
    weight = torch.ones(2)
    assert sent({weight: 1, ("a", weight): 2}) == {
        Handle(0, "Tensor"): 1,
        ("a", Handle(0, "Tensor")): 2,
    }


@table({"object": Opaque(), "named tuple": Point(1, 2), "array of objects": np.array([None])})
def test_what_is_passed_back_is_the_object_itself(case):
    side = AnswerSide()
    arrived = Side().decode(side.encode([case, case]))
    assert all(part is case for part in side.decode(Side().encode(arrived)))


def test_only_the_latest_objects_are_kept(monkeypatch):
    monkeypatch.setattr(ends, "MAX_KEPT", 3)
    side, objects = AnswerSide(), [Opaque() for _ in range(5)]
    handles = Side().decode(side.encode(objects))
    assert side.decode(Side().encode(handles[2:])) == objects[2:]
    with pytest.raises(WireError, match="the Opaque object is no longer there"):
        side.decode(Side().encode(handles[1]))
    again = Side().decode(side.encode(objects[1]))
    assert side.decode(Side().encode(again)) is objects[1]


@table({"object": Opaque(), "class": Opaque, "array of objects": np.array([None]), "set": {1}})
def test_a_test_cannot_pass_what_is_not_plain(case):
    with pytest.raises(WireError, match="a test cannot pass"):
        Side().encode([case])


# ---------------------------------------------------------------- objects that lie

told = []  # what a lying object was made to run


def liar(base, *names):
    """A subclass that notes each method of its own that is run."""

    def method(name):
        return lambda self, *args, **kwargs: told.append(name)

    return type("Liar", (base,), {name: method(name) for name in names})


common = ("__len__", "__getitem__", "__eq__", "__hash__", "__reduce_ex__", "__bool__")
array = np.arange(3.0).view(
    liar(np.ndarray, "__array__", "tobytes", "astype", "shape", "dtype", *common[:2])
)
pretends = type("Liar", (), {"__class__": property(lambda self: np.ndarray), "__array__": None})
LIARS = {
    "list": (liar(list, "__iter__", *common)([1, 2]), [1, 2]),
    "dict": (liar(dict, "items", "keys", "__iter__", "__len__")({"a": 1}), {"a": 1}),
    "int": (liar(int, "__int__", "__index__", "__trunc__", *common)(5), 5),
    "float": (liar(float, "__float__", "hex", "__eq__")(0.5), 0.5),
    "complex": (liar(complex, "__complex__", "real", "__eq__")(1j), 1j),
    "str": (liar(str, "__str__", "encode", *common)("a"), "a"),
    "ndarray": (array, np.arange(3.0)),
    "float64": (liar(np.float64, "__array__", "dtype", "__float__")(2.0), np.float64(2.0)),
}


@table(LIARS)
def test_no_method_of_an_answers_object_runs(case):
    value, plain = case
    told.clear()
    assert same(sent(value), plain) and told == []


def test_a_named_tuple_that_lies_is_a_tuple():
    told.clear()
    assert sent(liar(tuple, "__iter__", "__len__", "__getitem__", "__eq__")((1, 2))) == (1, 2)
    assert told == []


def test_an_object_that_pretends_to_be_an_array_is_a_handle():
    assert sent(pretends()) == Handle(0, "Liar")


def endless():
    value = []
    value.append(value)
    return value


def endless_dict():
    value = {}
    value["self"] = value
    return value


def doubled():
    value = [0]
    for _ in range(38):
        value = [value, value]
    return value


TOO_MUCH = {
    "list in itself": (endless, "nested more than 40 deep"),
    "dict in itself": (endless_dict, "nested more than 40 deep"),
    "doubled again and again": (doubled, "parts cannot be compared"),
    "endless range": (lambda: range(10**30), "parts cannot be compared"),
    "many generators": (lambda: [np.random.default_rng(0)] * 300, "parts cannot be compared"),
    "long integer": (lambda: 10**1000, "more than 1000 digits"),
    "many keys": (lambda: dict.fromkeys(range(6000)), "keys that are not text"),
    "long text": (lambda: "x" * (MAX_TEXT + 1), "16 MiB of text cannot be compared"),
    "long texts": (lambda: ["x" * (MAX_TEXT // 2)] * 3, "16 MiB of text cannot be compared"),
    "one large array": (lambda: np.zeros(2**20), "than 1 MiB cannot be compared"),
    "an array again and again": (lambda: [np.zeros(2**10)] * 200, "than 1 MiB cannot be compared"),
    "a number spread over a large array": (
        lambda: np.broadcast_to(1.0, (10**6, 10**6)),
        "than 1 MiB cannot be compared",
    ),
    "a long axis beside an empty one": (lambda: np.zeros((0, 2**40)), "shape"),
    "33 axes": (lambda: np.zeros((1,) * 33), "shape"),
}


@table(TOO_MUCH)
def test_values_without_end_are_refused(case, monkeypatch):
    make, message = case
    monkeypatch.setattr(nodes, "MAX_NODES", 20_000)
    monkeypatch.setattr(nodes, "MAX_BYTES", 2**20 if "than 1 MiB" in message else nodes.MAX_BYTES)
    with pytest.raises(WireError, match=message):
        AnswerSide().encode(make())


# ---------------------------------------------------------------- forged frames


def forged(tree, buffers=b""):
    """A frame around a tree: what is packed, or bytes to put where it belongs."""
    packed = tree if isinstance(tree, bytes) else msgpack.packb(tree)
    return frames.HEADER.pack(len(packed), len(buffers)) + packed + buffers


def array_node(shape, dtype="<f8", tag=Tag.ARRAY):
    return [tag, dtype, *shape]


def text(size):
    """A text of a size that the tree says it has."""
    return b"\xdb" + size.to_bytes(4, "big")


def array_of(length):
    return b"\xdd" + length.to_bytes(4, "big")


hash_of_zero = 2**61 - 1  # what Python reduces integers by
nested = None
for _ in range(60):
    nested = [Tag.LIST, nested]
one, eight = b"x", b"12345678"
function = [Tag.FUNCTION, 0, "f"]

FORGED = {
    "empty": b"",
    "shorter than its header": b"\0\0\0",
    "lengths that do not add up": frames.HEADER.pack(1, 1) + b"\xc0",
    "length beyond memory": frames.HEADER.pack(2**32 - 1, 2**32 - 1) + b"\xc0",
    "bytes left over": forged(None, one),
    "no tree": forged(b""),
    "two trees": forged(b"\xc0\xc0"),
    "a byte that MessagePack does not have": forged(b"\xc1"),
    "a number cut short": forged(b"\xcb\0\0"),
    "bytes of MessagePack's own": forged(b"\xc4\x01x"),
    "no bytes of MessagePack's own": forged(b"\xc4\x00"),
    "map": forged({"a": 1}),
    "empty map": forged({}),
    "map whose length is a lie": forged(b"\xdf\xff\xff\xff\xff"),
    "map of keys that collide": forged({k * hash_of_zero: None for k in range(8)}),
    "map inside": forged([Tag.LIST, {}]),
    "extension": forged(b"\xd4\x05\0"),
    "extension of no bytes": forged(b"\xc7\0\x05"),
    "time": forged(b"\xd6\xff\0\0\0\0"),
    "UTF-16": forged(b"\xa2" + "a".encode("utf-16")),
    "lone surrogate": forged(b"\xa3\xed\xa0\x80"),
    "lone surrogate in a name": forged(b"\x93\x0a\0\xa3\xed\xa0\x80"),
    "text that is not there": forged(text(2**32 - 1)),
    "array without a tag": forged([]),
    "tag that is text": forged(["1", 2]),
    "tag that is True": forged([True, 2]),
    "tag that is a float": forged([1.0, 2]),
    "tag that is a list": forged([[1], 2]),
    "unknown tag": forged([99, 1]),
    "unknown tag alone": forged([99]),
    "negative tag": forged([-1, 1]),
    "nested deeply": forged(nested),
    "arrays nested without end": forged(b"\x91" * 1_000_000),
    "lists nested without end": forged(b"\x92\0" * 1_000_000),
    "array whose length is a lie": forged(array_of(2**32 - 1)),
    "arrays in arrays, all of them long": forged(array_of(nodes.MAX_NODES) * 900),
    "millions of lists": forged(array_of(3_000_000) + b"\x90" * 3_000_000),
    "millions of lists in several": forged(b"\x97\0" + 6 * (array_of(400_000) + b"\x90" * 400_000)),
    "millions of nodes": forged(array_of(600_001) + bytes(1) + b"\xc0" * 600_000),
    "millions of nodes in several lists": forged(
        b"\x93\0" + 2 * (array_of(400_001) + bytes(1) + b"\xc0" * 400_000)
    ),
    "a tree larger than allowed": forged(b"\xc6" + bytes(nodes.MAX_TREE)),
    "integer too long": forged([Tag.INT, hex(10**1000)]),
    "integer of millions of digits": forged([Tag.INT, "0x" + "9" * 4_000_000]),
    "integer in decimals": forged([Tag.INT, str(10**30)]),
    "integer in odd digits": forged([Tag.INT, "0x\u0661" + "0" * 20]),
    "integer with leading zeros": forged([Tag.INT, "0x0" + "f" * 20]),
    "integer that needs no text": forged([Tag.INT, "0x5"]),
    "integer as a number": forged([Tag.INT, 5]),
    "integer of two parts": forged([Tag.INT, hex(10**30), 0]),
    "complex of one part": forged([Tag.COMPLEX, 1.0]),
    "complex of whole numbers": forged([Tag.COMPLEX, 1, 2]),
    "complex of text": forged([Tag.COMPLEX, "1", "2"]),
    "negative length": forged([Tag.BYTES, -1], one),
    "length that steps back": forged([Tag.LIST, [Tag.BYTES, -1], [Tag.BYTES, 2]], one),
    "True as a length": forged([Tag.BYTES, True], one),
    "float as a length": forged([Tag.BYTES, 1.0], one),
    "buffer longer than its frame": forged([Tag.BYTES, 2], one),
    "text longer than its frame": forged([Tag.TEXT, 2], one),
    "text of a negative length": forged([Tag.TEXT, -1], one),
    "text that is none": forged([Tag.TEXT, 1], b"\xff"),
    "too much text": forged([Tag.TEXT, MAX_TEXT + 1], b"x" * (MAX_TEXT + 1)),
    "too much text in parts": forged(
        [Tag.LIST, [Tag.TEXT, MAX_TEXT], [Tag.TEXT, 1]], b"x" * (MAX_TEXT + 1)
    ),
    "array of objects": forged(array_node([1], "|O"), eight),
    "array of text": forged(array_node([1], "<U2"), eight),
    "array of records": forged(array_node([1], [["a", "<f8"]]), eight),
    "array of no type": forged([Tag.ARRAY]),
    "big-endian array": forged(array_node([1], ">f8"), eight),
    "dtype by another name": forged(array_node([1], "float64"), eight),
    "shape longer than its frame": forged(array_node([2]), eight),
    "negative axis": forged(array_node([-1]), b""),
    "two negative axes": forged(array_node([-1, -1]), eight),
    "axis of True": forged(array_node([True]), eight),
    "product of 64 bits": forged(array_node([2**33, 2**31])),
    "huge axis": forged(array_node([2**62])),
    "huge axis beside an empty one": forged(array_node([0, 2**28])),
    "huge axes beside an empty one": forged(array_node([2**20, 0, 2**20, 2**20])),
    "too many axes": forged(array_node([1] * 33), eight),
    "shape as text": forged(array_node("1"), eight),
    "shape in a list": forged(array_node([[1]]), eight),
    "scalar with a shape": forged(array_node([1], tag=Tag.SCALAR), eight),
    "bfloat16 array": forged(array_node([1], "bfloat16"), b"12"),
    "dict of one part": forged([Tag.DICT, []]),
    "dict of unequal parts": forged([Tag.DICT, ["a"], []]),
    "dict of text": forged([Tag.DICT, "ab", "cd"]),
    "dict with a key twice": forged([Tag.DICT, ["a", "a"], [1, 2]]),
    "dict with equal keys": forged([Tag.DICT, [1, True], [1, 2]]),
    "dict with a list as key": forged([Tag.DICT, [[Tag.LIST]], [1]]),
    "dict with an array as key": forged([Tag.DICT, [array_node([0])], [1]]),
    "dict of keys that collide": forged(
        [Tag.DICT, [k * hash_of_zero % 2**63 for k in range(100_000)], [None] * 100_000]
    ),
    "exception without text": forged([Tag.RAISED, 0, "A", None, "", ""]),
    "exception with a base that is no text": forged([Tag.RAISED, 0, "A", "", "", "", 5]),
    "exception in a negative line": forged([Tag.RAISED, -5, "A", "", "", ""]),
    "exception in line True": forged([Tag.RAISED, True, "A", "", "", ""]),
    "exception that is too short": forged([Tag.RAISED, 0, "A"]),
    "handle with a negative number": forged([Tag.HANDLE, -1, "x"]),
    "handle with a huge number": forged([Tag.HANDLE, 2**60, "x"]),
    "handle with number True": forged([Tag.HANDLE, True, "x"]),
    "handle without a name": forged([Tag.HANDLE, 0, None]),
    "handle with more": forged([Tag.HANDLE, 0, "x", 1]),
    "record without a name": forged([Tag.RECORD, 0]),
    "generator of PyTorch without its state": forged([Tag.TORCH_GENERATOR, 5056]),
    "generator of PyTorch in no bytes": forged([Tag.TORCH_GENERATOR, 0]),
    "function that was not sent": forged(function),
    "function with a negative number": forged([Tag.FUNCTION, -1, "f"]),
    "generator of too few numbers": forged([Tag.NUMPY_GENERATOR, 1, 1, 0]),
    "generator of negative state": forged([Tag.NUMPY_GENERATOR, -1, 1, 0, 0]),
    "generator of huge state": forged([Tag.NUMPY_GENERATOR, [Tag.INT, hex(2**128)], 1, 0, 0]),
    "generator that repeats itself": forged([Tag.NUMPY_GENERATOR, 0, 0, 0, 0]),
    "generator with half a draw too many": forged([Tag.NUMPY_GENERATOR, 1, 1, 2, 0]),
    "generator with a long half draw": forged([Tag.NUMPY_GENERATOR, 1, 1, 1, 2**32]),
    "generator of texts": forged([Tag.NUMPY_GENERATOR, "1", "1", "0", "0"]),
    "thousands of generators": forged([Tag.LIST, *[[Tag.NUMPY_GENERATOR, 1, 1, 0, 0]] * 5100]),
}


@table(FORGED)
def test_forged_frames_are_refused_at_once(case):
    start = time.process_time()
    with pytest.raises(WireError):
        Side().decode(case)
    assert time.process_time() - start < 2


HEAVY = {
    "as many lists as may be": array_of(5) + bytes(1) + 4 * (array_of(499_990) + b"\x90" * 499_990),
    "as many texts as may be": array_of(4)
    + bytes(1)
    + 3 * (array_of(499_990) + b"\xa2ab" * 499_990),
    "arrays in arrays, all of them long": array_of(nodes.MAX_NODES) * 900 + b"\x90" * 1_000_000,
}


@table(HEAVY)
def test_the_heaviest_tree_costs_little_memory(case):
    script = """
        import resource, sys
        from course_utils.wire import Side, WireError
        frame = sys.stdin.buffer.read()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            Side().decode(frame)
        except WireError:
            print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(command, input=forged(case), capture_output=True)
    assert int(done.stdout) < 250, done.stderr


def test_a_forged_handle_does_not_reach_another_object():
    with pytest.raises(WireError, match="no longer there"):
        AnswerSide().decode(forged([Tag.HANDLE, 7, "x"]))


def test_a_forged_exception_is_cut_and_keeps_only_builtin_bases():
    texts = "N" * 99, "m" * 9999, "s" * 999, "f" * 99, "ValueError", "Mine", "ValueError", "int"
    raised = Side().decode(forged([Tag.RAISED, 3, *texts]))
    assert raised == Raised("N" * 80, ("ValueError",), "m" * 2000, 3, "s" * 200, "f" * 80)


PLAIN_TYPES = (type(None), bool, int, float, complex, str, bytes, Handle, Raised)
PLAIN_TYPES += (np.ndarray, np.generic, np.random.Generator)
PLAIN_TYPES += (torch.Tensor, torch.Generator) if torch else ()


def is_plain(value):
    if isinstance(value, dict):
        return all(map(is_plain, value.items()))
    if isinstance(value, (list, tuple)):
        return all(map(is_plain, value))
    return isinstance(value, PLAIN_TYPES)


def decodes_or_is_refused(frame):
    with contextlib.suppress(WireError):
        assert is_plain(Side().decode(frame))


@bounded
@given(st.binary(), st.binary())
def test_any_bytes_decode_or_are_refused(text, buffers):
    decodes_or_is_refused(text)
    decodes_or_is_refused(forged(text, buffers))


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-2, 2**40)
    | st.floats()
    | st.text(max_size=3)
    | st.sampled_from([*DTYPES, "bfloat16", "0x1" + "0" * 20])
)
trees = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.builds(lambda tag, body: [tag, *body], st.integers(0, 17), st.lists(inner, max_size=5))
    ),
    max_leaves=15,
)


@bounded
@given(trees, st.binary(max_size=64))
@example([Tag.RECORD, 0, "x", 1], b"")
def test_any_tree_decodes_or_is_refused(tree, buffers):
    decodes_or_is_refused(forged(tree, buffers))


VALID = {
    "plain": lambda: [1, "text", 2.5, 1j, b"bytes", {"a": (None, True)}, Point(1, 2), Opaque()],
    "arrays": lambda: [np.arange(6.0).reshape(2, 3), np.float32(1), np.random.default_rng(0)],
    "others": lambda: [Raised("ValueError", ("ValueError",), "message", 3, "source", "work"), len],
    "net": lambda: [Net({"W1": np.ones(2)}, 2, len, len)],
    "tensors": lambda: [torch.ones(2), torch.ones(2).bfloat16()],
}


@pytest.mark.parametrize(
    "name", [*list(VALID)[:4], pytest.param("tensors", marks=pytest.mark.torch)]
)
def test_damaged_frames_decode_or_are_refused(name):
    frame, rng = AnswerSide().encode(VALID[name]()), random.Random(len(name))
    for _ in range(1500):
        damaged = bytearray(frame)
        for _ in range(rng.randint(1, 3)):
            place = rng.randrange(len(damaged))
            if rng.random() < 0.5:
                damaged[place] = rng.randrange(256)
            else:
                damaged[place : place + rng.randint(0, 4)] = rng.randbytes(rng.randint(0, 4))
        decodes_or_is_refused(bytes(damaged))


# ---------------------------------------------------------------- calls


def call(function, *args, **kwargs):
    return wire.call_here(function, args, kwargs)


def test_a_reply_has_the_arguments_as_they_are_after_the_call():
    def changes(x, y, options):
        x += 1
        y.append(3)
        options["new"] = True

    reply = call(changes, np.zeros(2), [1], options={})
    assert same(list(reply.args), [np.ones(2), [1, 3]]) and reply.kwargs == {
        "options": {"new": True}
    }


SENT = {
    "numbers and text": (1, 0.5, "a", None, True),
    "pairs of numbers": ((3, 5), ((1, 2), 3)),
    "nothing": (),
    "a list": ([1],),
    "a list in a tuple": ((1, [2]),),
    "an array": (np.ones(2),),
    "an array in Fortran order": (np.ones((2, 3), order="F"),),
    "a dict": ({"a": [1], 2: (np.ones(2), "b")},),
    "a generator": (np.random.default_rng(0),),
    "a function": (len,),
    "a net": (Net({"W1": np.ones(2)}, 2, len, len),),
}


@table(SENT)
def test_arguments_that_a_call_leaves_as_they_are_do_not_go_back(case):
    def sends(answer):
        side = Side()
        return len(side.decode(AnswerSide().perform(answer, side.encode([list(case), {}]))))

    def fails(*args):
        raise ValueError

    assert sends(lambda *args: 5) == sends(fails) == 1
    assert same(list(call(lambda *args: 5, *case).args), list(case))


CHANGES = {
    "a list": ([1], lambda x: x.append(2)),
    "a list in a tuple": ((1, [2]), lambda x: x[1].clear()),
    "an array": (np.ones(2), lambda x: x.fill(0)),
    "the sign of a zero": (np.zeros(2), lambda x: np.negative(x, out=x)),
    "the shape of an array": (np.ones((2, 3)), lambda x: x.resize(3, 2)),
    "the order in a dict": ({"a": 1, "b": 2}, lambda x: x.update(a=x.pop("a"))),
    "the type of an entry": ([1], lambda x: x.__setitem__(0, True)),
    "a generator": (np.random.default_rng(0), lambda x: x.random()),
}


@table(CHANGES)
def test_arguments_that_a_call_changes_go_back(case):
    value, change = case
    frame = AnswerSide().perform(change, Side().encode([[value], {}]))
    assert len(Side().decode(frame)) == 4


def test_shares_go_back_without_the_arguments():
    frame = AnswerSide().perform(lambda x: x, Side().encode([[np.ones(2)], {}]))
    assert Side().decode(frame)[1:] == [[[0, 0]]]


def test_arguments_are_copies():
    x = np.zeros(2)
    call(lambda x: x.fill(1), x)
    assert not x.any()


SHARES = {
    "new array": (lambda x, y: x + y, ()),
    "the argument itself": (lambda x, y: y, ((0, 1),)),
    "a slice": (lambda x, y: x[1:], ((0, 0),)),
    "transposed, in a tuple": (lambda x, y: (x + 1, x.T), ((1, 0),)),
    "in a dict": (lambda x, y: {"a": x + 1, "b": y[::2]}, (("b", 1),)),
    "nested": (lambda x, y: [[x + 1], {"b": (y,)}], ((1, 1),)),
    "of both": (lambda x, y: [x, y], ((0, 0), (1, 1))),
    "no array": (lambda x, y: 5, ()),
}


@table(SHARES)
def test_a_reply_says_which_results_are_views_of_which_arguments(case):
    function, shares = case
    assert call(function, np.ones((2, 2)), np.ones(3)).shares == shares


def test_shared_memory_is_found_in_nested_and_named_arguments():
    reply = call(lambda pair, x: (pair[0][:1], x[1:]), pair=[np.ones(2), 1], x=np.ones(3))
    assert reply.shares == ((0, "pair"), (1, "x"))


@pytest.mark.torch
def test_shared_memory_is_found_in_tensors():
    assert call(lambda t: t[1:], t=torch.ones(3)).shares == ((0, "t"),)


def test_a_result_in_itself_does_not_stop_the_search_for_views():
    reply = call(lambda x: endless(), np.ones(2))
    assert reply.value.type_name == "WireError"


def test_a_cache_can_be_passed_back_after_other_calls():
    def forward(x):
        cache = types.SimpleNamespace(x=x)
        return 2 * x, cache

    caches = [call(forward, np.full(2, n)).value[1] for n in range(3)]
    assert [call(lambda cache: cache.x[0], cache).value for cache in caches] == [0, 1, 2]


# -- callbacks


def test_a_function_of_the_tests_is_called_with_plain_copies():
    seen, x = [], np.zeros(2)

    def f(x, scale):
        seen.append((type(x), scale))
        x += 1
        return x.sum() * scale

    reply = call(lambda f, x: f(Opaque() and x.view(np.matrix), scale=Share(2.0)) + x[0], f, x)
    assert reply.value == 4.0 and seen == [(np.ndarray, 2.0)]


def test_a_function_comes_back_among_the_arguments():
    assert call(lambda f: None, abs).args == (abs,)


def test_a_function_that_raises_raises_in_the_answer():
    def f(x):
        raise ValueError("x is too large")

    def careful(f):
        try:
            f(1)
        except RuntimeError as error:
            return str(error)

    assert (
        call(careful, f).value
        == "the function that was passed in raised ValueError: x is too large"
    )


def test_calls_within_calls():
    def outer(f, n):
        return f(n) + 1

    def f(n):
        return n if n == 0 else call(outer, f, n - 1).value

    assert call(outer, f, 5).value == 6


# -- exceptions


class Mine(ValueError):
    pass


class Unprintable(Exception):
    def __str__(self):
        raise RuntimeError


def deep():
    return deep()


def fails_with(error):
    def fails():
        raise error

    return fails


RAISED = {
    "built-in": (fails_with(ValueError("no")), "ValueError: no", ValueError),
    "a subclass": (fails_with(Mine("no")), "Mine: no", ValueError),
    "without words": (fails_with(NotImplementedError), "NotImplementedError", RuntimeError),
    "exit": (fails_with(SystemExit(1)), "SystemExit: 1", SystemExit),
    "endless recursion": (deep, "RecursionError: maximum recursion depth exceeded", RecursionError),
    "unprintable": (
        fails_with(Unprintable()),
        "Unprintable: (an exception whose message cannot be shown)",
        Exception,
    ),
    "lone surrogate": (fails_with(ValueError("\ud800")), "ValueError: ?", ValueError),
    "no function": (5, "TypeError: 'int' object is not callable", TypeError),
}


@table(RAISED)
def test_exceptions_arrive_as_text(case):
    function, text, base = case
    raised = call(function).value
    assert str(raised) == text and raised.is_a(base) and not raised.is_a(KeyError)


def test_an_interrupt_passes_through():
    with pytest.raises(KeyboardInterrupt):
        call(fails_with(KeyboardInterrupt))


def test_an_exception_knows_the_students_line():
    script = """
        import linecache
        from course_utils import wire
        cell = "def f(x):\\n    y = x\\n    return 1 / y  # here\\n"
        linecache.cache["<cell>"] = len(cell), None, cell.splitlines(True), "<cell>"
        exec(compile(cell, "<cell>", "exec"), globals())
        raised = wire.call_here(f, (0,), {}).value
        print(raised.line, raised.source)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True
    )
    assert done.stdout == "3 return 1 / y  # here\n", done.stderr


def test_a_result_too_large_to_come_back_is_an_exception(monkeypatch):
    monkeypatch.setattr(nodes, "MAX_BYTES", 2**16)
    assert (
        str(call(lambda: np.zeros(2**14)).value) == "WireError: more than 0 MiB cannot be compared"
    )


REPLIES = {
    "no list": None,
    "too short": [1, [], {}],
    "too long": [1, [], {}, [], []],
    "a tuple": (1, [], {}, []),
    "arguments in a tuple": [1, (), {}, []],
    "names that are no text": [1, [], {1: 2}, []],
    "shares that are no pairs": [1, [], {}, [0]],
    "shares of floats": [1, [], {}, [[0, 1.0]]],
    "shares of three": [1, [], {}, [[0, 1, 2]]],
    "shares alone that are no list": [1, 5],
    "shares alone that are no pairs": [1, [0]],
}


@table(REPLIES)
def test_malformed_replies_are_refused(case):
    with pytest.raises(WireError, match="a malformed reply"):
        reply(case)


def test_a_short_reply_is_read():
    assert reply([1], ((2,), {"a": 3})) == Reply(1, (2,), {"a": 3})
    assert reply([1, [[0, 0]]], ((2,), {"a": 3})) == Reply(1, (2,), {"a": 3}, ((0, 0),))


def test_a_reply_is_read():
    assert reply([1, [2], {"a": 3}, [[0, "a"]]]) == Reply(1, (2,), {"a": 3}, ((0, "a"),))


# ---------------------------------------------------------------- nothing on stderr

NOISES = {
    "print": "print('noise', file=sys.stderr)",
    "a stream kept before": "kept.write('noise')",
    "several lines": "kept.writelines(['noise', 'noise'])",
    "the stream that Python started with": "print('noise', file=sys.__stderr__)",
    "warning": "warnings.warn('noise')",
    "logging": "logging.warning('noise')",
    "a handler made before": "logger.warning('noise')",
    "the descriptor": "os.write(2, b'noise')",
    "a child process": "subprocess.run([sys.executable, '-c', 'import os; os.write(2, b\"noise\")'])",
    "a call within": "wire.call_here(lambda: print('noise', file=sys.stderr), (), {})",
}
LOUD = """
    import logging, os, subprocess, sys, warnings
    from course_utils import wire
    kept, logger = sys.stderr, logging.getLogger("student")
    logger.addHandler(logging.StreamHandler())
    logger.propagate = False
    def noise():
        {noise}
    wire.call_here(noise, (), {{}})
    sys.stdout.flush()
    print("after", file=sys.stderr)
    kept.write("after")
    os.write(2, b"after")
"""


@table(NOISES)
def test_whatever_an_answer_writes_to_stderr_goes_to_stdout(case):
    script = textwrap.dedent(LOUD).format(noise=case)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert "noise" in done.stdout and "noise" not in done.stderr
    assert done.stderr.count("after") == 3  # and all is as it was


def test_a_stream_kept_before_that_is_no_file_goes_to_stdout_too(capsys):
    kept = sys.stderr
    call(lambda: kept.write("noise"))
    kept.write("after")
    assert capsys.readouterr() == ("noise", "after")
