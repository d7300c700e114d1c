"""Arguments of the arithmetic: integers, or an int for both axes, checked."""

import operator

_MAY_BE_ZERO = {"padding", "output_padding", "count"}


def checked(**arguments):
    """Return the arguments as ints, or raise an error that shows all of them."""
    for name, value in arguments.items():
        if type(value) is int and value > 0:
            continue
        least = 0 if name in _MAY_BE_ZERO else 1
        if isinstance(value, bool) or not hasattr(value, "__index__"):
            raise TypeError(f"{name} must be an integer (given: {_shown(arguments)})")
        if operator.index(value) < least:
            raise ValueError(f"{name} must be at least {least} (given: {_shown(arguments)})")
    return [*map(operator.index, arguments.values())]


def _shown(arguments):
    return ", ".join(f"{name}={value!r}" for name, value in arguments.items())


def pair_of(name, value):
    """Return an int or a (height, width) pair as two ints."""
    pair = tuple(value) if isinstance(value, (tuple, list)) else (value, value)
    if len(pair) != 2:
        raise ValueError(f"{name} must be an int or a (height, width) pair, got {value!r}")
    return tuple(checked(**{name: part})[0] for part in pair)
