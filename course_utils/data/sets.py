"""Published data sets: their files and checksums, where they are looked for, how they are split."""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np


class DataError(Exception):
    """A data set cannot be read or fetched; the message names the file, the cause and what to do."""


class DataMissing(DataError):
    """A data set is not on this machine."""


class DataSet(NamedTuple):
    """Images (N, C, H, W) as uint8 and their classes as int64, in three parts."""

    name: str
    classes: tuple[str, ...]
    x_train: np.ndarray
    y_train: np.ndarray
    x_validation: np.ndarray
    y_validation: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


class File(NamedTuple):
    """A file as its publisher gives it: its name (with a folder, if it stands in one) and how to know it."""

    name: str
    size: int
    md5: str
    sha256: str = ""


@dataclass(frozen=True)
class Published:
    """A data set that others publish.

    Parameters
    ----------
    name : str
        As it is called on the command line; also the name of its folder.
    title : str
        As it is called in a sentence.
    about : str
        How many images, of how many classes, of which shape.
    forms : tuple of tuples of File
        Sets of files that hold all of it; the first is what is fetched.
    addresses : tuple of str
        Addresses of the first form's files, which end in a slash; tried in this order.
    """

    name: str
    title: str
    about: str
    forms: tuple[tuple[File, ...], ...]
    addresses: tuple[str, ...]

    @property
    def fetch(self):
        """The command that fetches it."""
        return f"course data {self.name}"

    @property
    def bring(self):
        """The command that takes it from the user."""
        return f"{self.fetch} --from PATH"

    @property
    def bytes(self):
        """Bytes to fetch."""
        return sum(file.size for file in self.forms[0])

    def folders(self):
        """Return the folders where it is looked for; it is fetched into the first."""
        return [root / self.name for root in roots()]

    def find(self, folder=None):
        """Return the first folder that has all files of a form, and these files, unread.

        Parameters
        ----------
        folder : path, optional
            The only folder to look into; by default all of :meth:`folders`.

        Returns
        -------
        folder : Path
        files : tuple of File

        Raises
        ------
        DataMissing
            If no folder has.
        """
        said = []
        for place in [Path(folder)] if folder else self.folders():
            lacks = f"nothing in {place}"
            for files in self.forms:
                missing = [file.name for file in files if not (place / file.name).is_file()]
                if not missing:
                    return place, files
                if len(missing) < len(files):
                    lacks = f"{place} lacks {', '.join(missing)}"
            said.append(lacks)
        raise DataMissing(
            f"{self.title} is not here: {'; '.join(said)}. Run `{self.fetch}`, or `{self.bring}` if "
            "you have its files."
        )

    def check(self, path, file):
        """Return `path` when it is this file, by its checksums.

        Raises
        ------
        DataError
            If it is not, or cannot be read.
        """
        path = Path(path)
        try:
            with path.open("rb") as opened:
                self._compare(path, opened, file)
        except OSError as error:
            raise DataError(f"{path} cannot be read: {error.strerror}.") from error
        return path

    def check_bytes(self, where, data, file):
        """Raise DataError unless `data`, which is said to be `where`, is the content of this file."""
        self._compare(where, io.BytesIO(data), file)

    def _compare(self, where, opened, file):
        for name, expected in (("MD5", file.md5), ("SHA-256", file.sha256)):
            size = opened.seek(0, io.SEEK_END)
            opened.seek(0)
            found = expected and hashlib.file_digest(opened, name.replace("-", "")).hexdigest()
            if found != expected:
                raise DataError(
                    f"{where} ({size:,} bytes) has {name} {found}, expected {expected} "
                    f"({file.size:,} bytes): it is damaged or another file. Run `{self.fetch}`, or "
                    f"`{self.bring}` with the right one."
                )


def roots():
    """Return the folders that hold data: ``$COURSE_DATA`` where it is set, then the user's cache."""
    import pooch

    cache = Path(pooch.os_cache("convnet-course"))
    own = os.environ.get("COURSE_DATA")
    return [Path(own).expanduser(), cache] if own else [cache]


def unwritable(folder, error):
    """Return what is to be said when files cannot be written into a folder."""
    return DataError(
        f"{folder} cannot be written: {error.strerror or error}. Make room or allow it, or set COURSE_DATA "
        "to another folder, and run the same command again."
    )


def split(name, classes, x, y, x_test, y_test, validation):
    """Return a set whose validation images are the last of the published training images.

    Parameters
    ----------
    name : str
    classes : tuple of str
    x, x_test : ndarray of shape (N, C, H, W), uint8
        What the publisher calls training and test images.
    y, y_test : ndarray of shape (N,), int64
    validation : int
        How many.

    Returns
    -------
    DataSet
    """
    end = len(x) - validation
    return DataSet(name, classes, x[:end], y[:end], x[end:], y[end:], x_test, y_test)
