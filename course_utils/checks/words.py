"""Values and their kinds in words, for messages."""

from __future__ import annotations

import numpy as np

from course_utils.wire import Handle, Raised, is_tensor

NOUNS = {"ndarray": "array", "int": "integer", "str": "string", "method": "function"}
NOUNS |= {"builtin_function_or_method": "function", "type": "class", "NoneType": "None"}
NOUNS |= {f"dict_{part}": f"view of a dict's {part}" for part in ("keys", "values", "items")}


def kind(value) -> str:
    """Return the noun for a value's type."""
    for base, noun in ((np.bool, "bool"), (np.integer, "integer"), (np.floating, "float")):
        if isinstance(value, base):
            return noun
    name = value.type_name if isinstance(value, Handle) else type(value).__name__
    name, *rest = name.split(" ", 1)  # "ndarray of dtype object"
    return "tensor" if is_tensor(type(value)) else " ".join([NOUNS.get(name, name), *rest])


def with_article(noun: str) -> str:
    """Return a noun with its article."""
    if noun == "None":
        return noun
    return f"{'an' if noun[:1] in tuple('aeiou') else 'a'} {noun}"


def other_kind(expected, got):
    """Say that a value is of another kind than the expected one."""
    if got is None:
        return "nothing was returned"
    if kind(got) == kind(expected):
        return "wrong value"
    return f"{with_article(kind(got))}, not {with_article(kind(expected))}"


def show(value, limit: int = 200) -> str:
    """Describe a value in a message: small ones in full, arrays by shape and type.

    >>> show(np.zeros((2, 3))), show((1.5, [np.ones(2)]))
    ('array of shape (2, 3), float64', '(1.5, [array([1.0, 1.0])])')
    """
    text = _words(value, limit)
    return text if len(text) <= limit else f"{text[: limit - 3]}..."


def _words(value, limit):
    if is_tensor(type(value)):
        return f"tensor of shape {tuple(value.shape)}, {str(value.dtype).removeprefix('torch.')}"
    if isinstance(value, np.ndarray):
        if value.size <= 6 and value.ndim <= 1:
            return f"array({value.tolist()})"
        return f"array of shape {value.shape}, {value.dtype}"
    if isinstance(value, np.generic):
        return repr(value.item())
    if isinstance(value, Raised):
        return " ".join(str(value).split())
    if value is ...:
        return "..."
    if isinstance(value, (list, tuple)):
        # No more entries than could be shown: each takes a place at least.
        items = ", ".join(_words(item, limit) for item in value[:limit])
        comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
        return f"[{items}]" if isinstance(value, list) else f"({items}{comma})"
    if isinstance(value, dict):
        pairs = list(value.items())[:limit]
        return f"{{{', '.join(f'{k!r}: {_words(v, limit)}' for k, v in pairs)}}}"
    if callable(value) and not isinstance(value, type):
        return getattr(value, "__name__", "a function")
    return repr(value[: limit + 1] if isinstance(value, (str, bytes)) else value)
