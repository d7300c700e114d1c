"""Histories on disk: plain JSON that any program reads, and that a crash leaves whole."""

import json
import math
import os
import tempfile
from pathlib import Path

import numpy as np


def save_history(history, path):
    """Write a history as JSON: all of it, or nothing.

    It is written under another name beside ``path`` and renamed, so that an interrupt leaves the old
    file. JSON has no word for NaN and infinity; they are written as ``"NaN"``, ``"Infinity"`` and
    ``"-Infinity"``.

    Parameters
    ----------
    history : dict
        Lists or arrays of numbers, and texts, finite numbers or None, by name.
    path : str or Path

    Raises
    ------
    ValueError
        If something in it is neither; nothing is written.

    Examples
    --------
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = Path(folder.name, "run.json")
    >>> save_history({"loss": [2.3, float("nan")], "stopped": "nan"}, path)
    >>> print(path.read_text(), end="")
    {
     "loss": [2.3, "NaN"],
     "stopped": "nan"
    }
    >>> load_history(path)
    {'loss': [2.3, nan], 'stopped': 'nan'}
    >>> folder.cleanup()
    """
    path = Path(path)
    entries = [f" {json.dumps(name)}: {_written(name, value)}" for name, value in history.items()]
    text = "{\n" + ",\n".join(entries) + "\n}\n"
    descriptor, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:  # an interrupt too
        os.unlink(beside)
        raise


def load_history(path):
    """Read what :func:`save_history` wrote.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    dict
        Lists of Python numbers, and texts, numbers or None, by name.

    Raises
    ------
    ValueError
        If the file is not a history.
    FileNotFoundError
        If there is none.
    """
    text = Path(path).read_text(encoding="utf-8")
    try:
        history = json.loads(text)
        return {
            name: [float(v) if isinstance(v, str) else v for v in value]
            if isinstance(value, list)
            else value
            for name, value in history.items()
        }
    except (ValueError, AttributeError) as error:
        raise ValueError(f"{path} is not a history that save_history wrote: {error}") from None


def _written(name, value):
    """Return a value as JSON."""
    value = value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value
    if value is None or isinstance(value, str) or _is_number(value) and math.isfinite(value):
        return json.dumps(value)
    if isinstance(value, (list, tuple)):
        numbers = [v.tolist() if isinstance(v, (np.ndarray, np.generic)) else v for v in value]
        if all(map(_is_number, numbers)):
            finite = [v if math.isfinite(v) else _NAMES[str(float(v))] for v in numbers]
            return json.dumps(finite)
    raise ValueError(
        f"history[{name!r}] must be a list of numbers, a text, a finite number or None, got {value!r}"
    )


_NAMES = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def _is_number(value):
    return isinstance(value, (int, float))
