"""What a call can have changed, and which arguments its result shares memory with."""

from __future__ import annotations

import contextlib

import numpy as np

from course_utils.wire.tensors import array_of_tensor, is_tensor

_FIXED = frozenset((int, float, bool, str, type(None)))


def cannot_change(values) -> bool:
    """Whether values are numbers and text only, which no call can change."""
    kinds = {type(value) for value in values}
    return kinds <= _FIXED or (
        kinds <= _FIXED | {tuple} and all(cannot_change(v) for v in values if type(v) is tuple)
    )


def is_plain(values) -> bool:
    """Whether values are numbers and text, in lists, tuples and dicts of such or alone."""
    for value in values:
        kind = type(value)
        if kind is dict:
            if not is_plain(value.keys()) or not is_plain(value.values()):
                return False
        elif kind is list or kind is tuple:
            if not is_plain(value):
                return False
        elif kind not in _FIXED:
            return False
    return True


def shared_arguments(value, args, kwargs) -> list:
    """Return the pairs of an entry of `value` and an argument that share memory (see `Reply`)."""
    named = [(name, _arrays(a)) for name, a in [*enumerate(args), *kwargs.items()]]
    named = [(name, arrays) for name, arrays in named if arrays]
    base = next((b for b in (list, tuple, dict) if issubclass(type(value), b)), None)
    if not named or base is None:
        entries = [(0, value)] if named else []
    elif base is dict:
        entries = [(key, part) for key, part in dict.items(value) if type(key) in (int, str)]
    else:
        entries = list(enumerate(base.__iter__(value)))
    return [
        [entry, name]
        for entry, part in entries
        for name, arrays in named
        if any(np.may_share_memory(a, b) for a in _arrays(part) for b in arrays)
    ]


def _arrays(value) -> list:
    """Return the arrays in nested lists, tuples and dicts."""
    if type(value) is np.ndarray:
        return [value]
    if type(value) in _FIXED:
        return []
    found, todo, seen = [], [value], set()
    while todo:
        part = todo.pop()
        kind = type(part)
        if issubclass(kind, np.ndarray):
            found.append(np.asarray(part))
        elif is_tensor(kind):
            with contextlib.suppress(Exception):
                found.append(array_of_tensor(part)[0])
        elif issubclass(kind, (list, tuple, dict)) and id(part) not in seen:
            seen.add(id(part))
            base = next(b for b in (list, tuple, dict) if issubclass(kind, b))
            todo += dict.values(part) if base is dict else base.__iter__(part)
    return found
