"""Which data sets are on this machine, and how a user's own files become one of them."""

from __future__ import annotations

import shutil
from pathlib import Path

from course_utils.data.cifar import CIFAR, PART, find_part, read_part
from course_utils.data.fashion import FASHION
from course_utils.data.fetch import fetch
from course_utils.data.sets import DataError, DataMissing, roots, unwritable

PUBLISHED = {published.name: published for published in (FASHION, CIFAR)}
"""What can be fetched; the drawn set is made, not fetched."""


def inventory():
    """Say which data sets are on this machine.

    Returns
    -------
    lines : list of str
    damaged : bool
        Whether a file is there but wrong.
    """
    lines = ["drawn          always here, made from a seed: 10 classes, 3 × 32 × 32, any number"]
    damaged = False
    for published in PUBLISHED.values():
        try:
            said = _here(published)
        except DataMissing:
            said = f"not here; `{published.fetch}` fetches it ({published.bytes / 1e6:.0f} MB)"
        except DataError as error:
            said, damaged = f"damaged: {error}", True
        lines.append(f"{published.name:13}  {said}")
    return lines, damaged


def _here(published):
    """Say what is here of a set and where, or raise DataError."""
    try:
        folder, files = published.find()
    except DataMissing:
        part = find_part() if published.name == CIFAR.name else None
        if part is None:
            raise
        name = read_part(part).name.removeprefix(f"{CIFAR.title}, ")
        return f"{name}, in {part}; `{CIFAR.fetch}` fetches all ({CIFAR.bytes / 1e6:.0f} MB)"
    for file in files:
        published.check(folder / file.name, file)
    return f"{published.about}, in {folder}"


def bring(name, source=None, progress=None):
    """Take a data set from a file or folder of the user's, or fetch it where none is given.

    Parameters
    ----------
    name : str
        A key of PUBLISHED.
    source : path, optional
    progress : callable, optional
        Called with the bytes that are there and those of all files, while it fetches.

    Returns
    -------
    list of Path
        The files that are there now, all of them checked.

    Raises
    ------
    DataError
        If files are missing, wrong, or cannot be had or written.
    """
    published = PUBLISHED[name]
    if source is None:
        return fetch(published, published.folders()[0], progress)
    try:
        found, folder = _users(published, Path(source)), published.folders()[0]
        checked = [(published.check(path, file), folder / file.name) for path, file in found]
    except DataMissing:
        part = _part(Path(source)) if name == CIFAR.name else None
        if part is None:
            raise
        read_part(part)
        checked = [(part, roots()[0] / PART)]
    for path, target in checked:
        _copy(path, target)
    return [target for _, target in checked]


def _users(published, source):
    """Return pairs of a path and the file that it should be, unread, or raise DataMissing."""
    if source.is_file() and source.suffix != ".npz":
        for files in published.forms:
            if len(files) == 1:  # whatever the user calls it: its checksum decides
                return [(source, files[0])]
    for files in published.forms:
        inside = [(source / Path(file.name).name, file) for file in files]
        if all(path.is_file() for path, _ in inside):
            return inside
    folder, files = published.find(source)
    return [(folder / file.name, file) for file in files]


def _part(source):
    """Return the user's part of CIFAR-10, None where there is none."""
    if source.is_file():
        return source if source.suffix == ".npz" else None
    return find_part(source)


def _copy(path, target):
    """Copy a file, under another name first: a copy that is cut short must not look like the file."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        begun = target.with_name(f"{target.name}.copy")
        shutil.copyfile(path, begun)
        begun.replace(target)
    except OSError as error:
        raise unwritable(target.parent, error) from error
