"""Read a pickle of plain values and arrays of bytes without running anything that it names.

A pickle is a program for a small machine with a stack, and one of its instructions calls any function by
its name. The batches of CIFAR-10 are such programs. Here the instructions are listed, which runs nothing,
and those few are followed that build dicts, lists, tuples, numbers, strings and NumPy arrays of uint8.
"""

from __future__ import annotations

import math
import pickletools

import numpy as np

# What a pickled array names. None of these is called: a name stands for what is done here instead.
ARRAY, DTYPE, NDARRAY, ENCODE = "array", "dtype", "ndarray", "encode"
NAMES = {
    "numpy.core.multiarray _reconstruct": ARRAY,
    "numpy._core.multiarray _reconstruct": ARRAY,  # since NumPy 2
    "numpy ndarray": NDARRAY,
    "numpy dtype": DTYPE,
    "_codecs encode": ENCODE,  # bytes, as Python 3 writes them for Python 2
}


class _Unbuilt:
    """An array or a type that was named and has not got its content yet."""

    def __init__(self, kind):
        self.kind = kind


def read_plain_pickle(data):
    """Return what a pickle holds; strings of Python 2 become bytes.

    Parameters
    ----------
    data : bytes
        A pickle of protocol 2 or less that holds plain values and arrays of uint8.

    Returns
    -------
    object

    Raises
    ------
    ValueError
        If it is no pickle, is cut short, or holds anything else.

    Examples
    --------
    >>> import pickle
    >>> read_plain_pickle(pickle.dumps({"a": [1, (None, True)]}, protocol=2))
    {'a': [1, (None, True)]}
    >>> read_plain_pickle(pickle.dumps(print, protocol=2))
    Traceback (most recent call last):
    ValueError: it names '__builtin__ print', which no batch of images needs
    """
    try:
        return _follow(pickletools.genops(data))
    except (IndexError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"its instructions do not fit together: {error!r}") from error


def _follow(instructions):
    stack, marks, memo = [], [], {}

    def above_mark():
        start = marks.pop()
        items = stack[start:]
        del stack[start:]
        return items

    for instruction, value, _ in instructions:
        match instruction.name:
            case "BINPUT" | "LONG_BINPUT":
                memo[value] = stack[-1]
            case "BINGET" | "LONG_BINGET":
                stack.append(memo[value])
            case "BININT" | "BININT1" | "BININT2" | "BINUNICODE":
                stack.append(value)
            case "SHORT_BINSTRING" | "BINSTRING":
                stack.append(value.encode("latin-1"))
            case "NONE" | "NEWTRUE" | "NEWFALSE":
                stack.append({"NONE": None, "NEWTRUE": True, "NEWFALSE": False}[instruction.name])
            case "EMPTY_DICT" | "EMPTY_LIST" | "EMPTY_TUPLE":
                stack.append(
                    {"EMPTY_DICT": dict, "EMPTY_LIST": list}.get(instruction.name, tuple)()
                )
            case "MARK":
                marks.append(len(stack))
            case "TUPLE":
                stack.append(tuple(above_mark()))
            case "TUPLE1" | "TUPLE2" | "TUPLE3":
                count = int(instruction.name[-1])
                stack[-count:] = [tuple(stack[-count:])]
            case "APPEND":
                item = stack.pop()
                stack[-1].append(item)
            case "APPENDS":
                items = above_mark()
                stack[-1].extend(items)
            case "SETITEM":
                item, key = stack.pop(), stack.pop()
                stack[-1][key] = item
            case "SETITEMS":
                items = above_mark()
                stack[-1].update(zip(items[::2], items[1::2], strict=True))
            case "GLOBAL":
                if value not in NAMES:
                    raise ValueError(f"it names {value!r}, which no batch of images needs")
                stack.append(_Unbuilt(NAMES[value]))
            case "REDUCE":
                arguments, name = stack.pop(), stack.pop()
                stack.append(_called(name, arguments))
            case "BUILD":
                state = stack.pop()
                stack[-1] = _built(stack[-1], state)
            case "STOP":
                return stack[-1]
            case "PROTO":
                pass
            case other:
                raise ValueError(f"it has the instruction {other}, which no batch of images needs")
    raise ValueError("it ends too early")


def _called(name, arguments):
    """Return what a call of one of NAMES gives."""
    if name.kind == ENCODE:
        text, coding = arguments
        if coding == "latin1":
            return text.encode("latin-1")
    elif name.kind == DTYPE:
        if arguments[0] in (b"u1", "u1"):
            return name
        raise ValueError(f"it holds an array of {arguments[0]!r}, expected uint8 ('u1')")
    elif name.kind == ARRAY and isinstance(arguments[0], _Unbuilt):
        return name  # an empty array; its content follows
    raise ValueError(f"it calls {name.kind} with {arguments!r:.60}")


def _built(thing, state):
    """Give an array its content. A type of bytes has no more to say: they have no order."""
    if not isinstance(thing, _Unbuilt):
        raise ValueError(f"it gives a {type(thing).__name__} a state")
    if thing.kind == DTYPE:
        return thing
    _, shape, dtype, fortran, content = state
    if thing.kind != ARRAY or dtype.kind != DTYPE or fortran or len(content) != math.prod(shape):
        order = "Fortran" if fortran else "C"
        raise ValueError(
            f"it holds an array of shape {shape} with {len(content)} values in {order} order"
        )
    return np.frombuffer(content, np.uint8).reshape(shape)
