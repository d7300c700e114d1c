"""Numbers and values in a few characters."""

import numpy as np

from course_utils.checks.differences.pair import as_numbers


def number_text(number, digits=4):
    """Return a number in so many digits."""
    number = np.asarray(number).item()
    if isinstance(number, bool | int):
        return str(number)
    if isinstance(number, float) and 1e3 <= abs(number) < 1e7:
        digits = max(digits, 2 + int(np.log10(abs(number))))  # 2100.2, not 2.1e+03
    return f"{number + 0:.{digits}}"  # adding 0 makes 0.0 of -0.0


def shown(value, digits=4):
    """Return a short text: numbers and small tuples as they are, larger things by their size."""
    array = as_numbers(value)
    if array is None:
        sized = isinstance(value, list | tuple | dict)
        text = f"a {type(value).__name__} of {len(value)}" if sized else repr(value)
        return text if len(text) <= 30 else f"{text[:27]}..."
    if array.ndim == 0:
        return number_text(array, digits)
    if array.ndim == 1 and array.size <= 6:
        return f"({', '.join(number_text(number, digits) for number in array)})"
    return f"an array of shape {array.shape}"


def both(expected, got):
    """Return "expected 1.0, got 2.0" with as many digits as it takes to tell them apart."""
    for digits in (4, 8, 17):
        texts = shown(expected, digits), shown(got, digits)
        if texts[0] != texts[1]:
            break
    return "expected {}, got {}".format(*texts)
