"""Values, their kinds and their names in words, for messages."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

import numpy as np

from course_utils.checks.randomness import recipe
from course_utils.wire import Handle, Raised, array_of_tensor, is_generator, is_tensor

AS_CODE = 60  # numbers of arrays in a call that stand in a message
AS_NUMBERS = 16  # of an array among expected and got, besides the picture

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


def near_name(name: str, others: Iterable[str]) -> str:
    """Return the one of some names that was probably meant by a missing one, '' if none is close."""
    found = difflib.get_close_matches(name, [n for n in others if n != name], 1, 0.75)
    return found[0] if found else ""


def show(value, limit: int = 200) -> str:
    """Describe a value in a message: small ones in full, arrays by shape and type.

    >>> show(np.zeros((9, 9))), show((1.5, [np.ones(2)]))
    ('array of shape (9, 9), float64', '(1.5, [array([1.0, 1.0])])')
    """
    text = _words(value, limit)
    return text if len(text) <= limit else f"{text[: limit - 3]}..."


def show_all(arguments) -> list[str]:
    """Describe the arguments of a call so that it can be made again.

    Small arrays, up to about 60 numbers in all, stand there as code; drawn ones as the code that draws them.

    >>> show_all([3, np.eye(2), np.zeros((9, 9))])
    ['3', 'np.array([[1.0, 0.0], [0.0, 1.0]])', 'array of shape (9, 9), float64']
    """
    texts, room = [], AS_CODE
    for value in arguments:
        text = ""
        if isinstance(value, np.ndarray):
            text = recipe(value)
            if not text and value.size <= room:
                text, room = _code(value), room - value.size
            text = text or _by_shape(value)
        elif is_tensor(type(value)) and 0 < value.numel() <= room:
            text, room = _tensor_code(value), room - value.numel()
        texts.append(text or show(value))
    return texts


def _by_shape(array):
    return f"array of shape {array.shape}, {array.dtype}"


def _code(array):
    plain = array.dtype in (np.dtype(float), np.dtype(int), np.dtype(bool)) and array.size
    return f"np.array({array.tolist()}{'' if plain else f', np.{array.dtype}'})"


def _tensor_code(tensor):
    dtype, numbers = str(tensor.dtype), array_of_tensor(tensor)[0]
    if numbers.dtype == np.float32:  # 0.1 as it was written, not with the digits of float64
        numbers = np.array([float(str(n)) for n in numbers.ravel()]).reshape(numbers.shape)
    plain = dtype in ("torch.float32", "torch.int64", "torch.bool")
    return f"torch.tensor({numbers.tolist()}{'' if plain else f', dtype={dtype}'})"


def _words(value, limit):
    if is_tensor(type(value)):
        return f"tensor of shape {tuple(value.shape)}, {str(value.dtype).removeprefix('torch.')}"
    if isinstance(value, np.ndarray):
        if value.size <= AS_NUMBERS:
            text = f"array({value.tolist()})"
            if len(text) <= 100 and value.size:
                return text
        return _by_shape(value)
    if isinstance(value, np.generic):
        return repr(value.item())
    if isinstance(value, np.random.Generator):
        return "rng"
    if is_generator(type(value)):
        return f"torch.Generator().manual_seed({value.initial_seed()})"
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
