"""How the explorers and their pictures check a value, and how they write a number."""

import numpy as np


def check_int(name, value, least, greatest):
    """Return ``value`` as an int, or raise ValueError that says what it may be."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise ValueError(f"{name} must be an int, got {value!r}")
    if not least <= value <= greatest:
        raise ValueError(
            f"{name}={value} is outside {least} to {greatest}, what the picture has room for"
        )
    return int(value)


def check_choice(name, value, choices):
    """Return ``value``, or raise ValueError that lists the choices."""
    if value not in list(choices):
        raise ValueError(f"{name}={value!r} is not one of {', '.join(map(str, choices))}")
    return value


def thousands(number):
    """Write a whole number in groups of three digits, with spaces that do not break."""
    return f"{number:,}".replace(",", "\u00a0")


def rounded_bytes(count):
    """Write a number of bytes with one decimal, in units of 1000.

    Examples
    --------
    >>> rounded_bytes(999), rounded_bytes(60_950_432).replace("\u00a0", " ")
    ('999\\xa0B', '61.0 MB')
    """
    if count < 1000:
        return f"{count}\u00a0B"
    units = ("kB", "MB", "GB", "TB", "PB")
    power = 1
    while (tenths := (10 * count + 1000**power // 2) // 1000**power) >= 10000 and power < len(
        units
    ):
        power += 1
    unit = units[power - 1]
    return f"{tenths // 10}.{tenths % 10}\u00a0{unit}"
