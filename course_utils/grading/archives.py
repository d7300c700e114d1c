"""Files of a zip archive or a folder that somebody else has packed."""

from __future__ import annotations

import contextlib
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from course_utils.course.folders import CourseError, UsageProblem
from course_utils.judging.handed_in import MAX_BYTES


@contextlib.contextmanager
def opened(path: Path) -> Iterator[dict[str, object]]:
    """Open a zip archive or a folder; yields entry → what `size_of` and `bytes_of` take.

    Raises
    ------
    UsageProblem
        If it is neither.
    """
    if path.is_dir():
        files = (p for p in sorted(path.rglob("*")) if not p.is_symlink() and p.is_file())
        yield {p.relative_to(path).as_posix(): p for p in files}
        return
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise UsageProblem(f"{path} is not there") from None
    except (zipfile.BadZipFile, OSError) as error:
        raise UsageProblem(f"{path} is neither a folder nor a zip archive: {error}") from None
    with archive:
        yield entries_of(archive)


def entries_of(archive, within=""):
    """Return the plain files of an archive; a path that leads out of it is no file of it."""
    found = {}
    for info in archive.infolist():
        name = _name_of(info).replace("\\", "/")
        parts = PurePosixPath(name).parts
        linked = stat.S_ISLNK(info.external_attr >> 16)
        if info.is_dir() or linked or ".." in parts or not parts or parts[0] == "/":
            continue
        found[within + "/".join(parts)] = (archive, info)
    return found


def _name_of(info):
    """Return a name as it was meant: without the flag for UTF-8 many programs write it all the same."""
    if info.flag_bits & 0x800:
        return info.filename
    with contextlib.suppress(UnicodeError):
        return info.filename.encode("cp437").decode("utf-8")
    return info.filename


def size_of(source) -> int:
    return source.stat().st_size if isinstance(source, Path) else source[1].file_size


def bytes_of(source) -> bytes:
    """Return what is in a file, never more than a submission may have."""
    if isinstance(source, Path):
        return source.read_bytes()
    archive, info = source
    try:
        with archive.open(info) as file:
            data = file.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
        raise CourseError(f"{info.filename} cannot be taken out of the archive: {error}") from None
    if len(data) > MAX_BYTES:
        raise CourseError(f"{info.filename} is larger than {MAX_BYTES >> 20} MB")
    return data
