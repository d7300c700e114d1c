"""What a student handed in: which file is the notebook, and what belongs to it."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from course_utils.judging.parse import Unreadable, parse

MAX_NOTEBOOK = 64 * 2**20
MOST = 20  # notebooks that are looked into, to find out which one is meant
SAVED_AS = (
    ".ipynb.json",
    ".ipynb.txt",
    ".json",
    ".ipynb_",
    ".ipynb.html",
)  # by browsers and mail programs


@dataclass
class HandedIn:
    """The notebook of a submission.

    Attributes
    ----------
    notebook : NotebookNode
        From `parse`.
    path : Path
    notes : list of str
        What was odd about its name or place.
    """

    notebook: NotebookNode
    path: Path
    notes: list[str] = field(default_factory=list)


def is_submission(folder: Path) -> bool:
    """Return whether a folder may be a submission: an empty one is nobody's, and a link may lead anywhere."""
    return folder.is_dir() and not folder.is_symlink() and any(folder.iterdir())


def read(path: Path) -> NotebookNode:
    """Read one notebook.

    Raises
    ------
    Unreadable
    """
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise Unreadable("it is a link or no file")
        if path.stat().st_size > MAX_NOTEBOOK:
            raise Unreadable(f"the notebook is larger than {MAX_NOTEBOOK // 2**20} MB")
        return parse(path.read_bytes())
    except OSError as error:
        raise Unreadable(f"the file cannot be read ({error.strerror})") from None


def find(folder: Path, name: str, cells: frozenset[str] = frozenset()) -> HandedIn:
    """Return the notebook of a submission, and what was odd about its name.

    Parameters
    ----------
    folder : Path
    name : str
        Of the assignment.
    cells : frozenset of str
        The cells that tell a notebook of this assignment from others.

    Raises
    ------
    Unreadable
        If there is none, or if it is not clear which one is meant.
    """
    expected = folder / f"{name}.ipynb"
    if expected.is_file() and not expected.is_symlink():
        return HandedIn(read(expected), expected)
    files = files_of(folder)
    found = [p for p in files if p.suffix.lower() == ".ipynb"]
    here = [p for p in found if p.parent == folder]
    exact = [p for p in found if p.name == expected.name]
    saved_as = [p for p in files if p.name.lower().endswith(SAVED_AS)]
    groups = [here, exact, found, saved_as]
    candidates = next((group for group in groups if group), [])
    if not candidates:
        raise Unreadable(f"there is no notebook {expected.name}{_instead(folder, files)}")
    path, notebook = _meant(candidates, expected.name, cells)
    return HandedIn(notebook, path, [_called(path.relative_to(folder), expected.name)])


def _meant(candidates, expected, cells):
    """Return the one notebook that can be meant."""
    if len(candidates) == 1:
        return candidates[0], read(candidates[0])
    ours: dict[str, tuple] = {}
    for path in candidates[:MOST]:
        with contextlib.suppress(Unreadable):
            notebook = read(path)
            if cells & {cell.metadata.claim for cell in notebook.cells}:
                same = "\0".join(cell.source for cell in notebook.cells)
                ours.setdefault(same, (path, notebook))
    if len(ours) == 1:
        return next(iter(ours.values()))
    names = ", ".join(ascii(p.name)[1:-1] for p in candidates[:5])
    raise Unreadable(
        f"there is no {expected}, and it is not clear which of {len(candidates)} others is meant: {names}"
    )


def _called(path: Path, expected: str) -> str:
    shown = ascii(path.as_posix())[1:-1]  # it may hold anything at all
    if path.name == expected:
        return f"The notebook stood in a folder of its own: {shown}."
    return f"The notebook was called {shown}, not {expected}."


def _instead(folder: Path, files: list[Path]) -> str:
    """Say what stands in a submission that has no notebook."""
    if not files:
        return "; the folder is empty"
    archives = [p for p in files if p.suffix.lower() in (".zip", ".7z", ".rar", ".gz", ".tar")]
    names = ", ".join(
        ascii(p.relative_to(folder).as_posix())[1:-1][:60] for p in (archives or files)[:5]
    )
    if archives:
        return f"; there is an archive, which has to be unpacked first: {names}"
    return f"; there is: {names}" + (" …" if len(files) > 5 else "")


def beside(folder: Path, path: Path) -> list[Path]:
    """Return the other notebooks of a submission."""
    return [p for p in files_of(folder) if p.suffix.lower() == ".ipynb" and p != path][:MOST]


MAX_FILES = 500  # of a submission; what is beyond is not looked at
MAX_BYTES = 192 * 2**20  # three files of weights and what stands beside them
# What programs leave behind; "._x" is what macOS writes beside a file x on a foreign disk.
NOBODYS = {".ipynb_checkpoints", "__MACOSX", "__pycache__", ".DS_Store", "Thumbs.db"}


def files_of(folder: Path) -> list[Path]:
    """Return the plain files of a submission (no links, pipes or devices), its notebooks first.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    list of Path
        At most `MAX_FILES` that have at most `MAX_BYTES` in all; a file that is too large for that is passed
        over, and costs none of the others.
    """
    found, size = [], 0
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if f not in NOBODYS)
        for name in sorted(names, key=lambda n: (not n.endswith(".ipynb"), n)):
            path = Path(parent, name)
            if name.startswith("._") or name in NOBODYS:
                continue
            try:
                about = path.lstat()
            except OSError:  # longer than a path can be
                continue
            if len(found) == MAX_FILES:
                return found
            if stat.S_ISREG(about.st_mode) and size + about.st_size <= MAX_BYTES:
                size += about.st_size
                found.append(path)
    return found


@contextlib.contextmanager
def scratch_for(folder: Path | None = None):
    """Make the folder that a jail is built in, with a submission's files."""
    with tempfile.TemporaryDirectory(prefix="submission-", ignore_cleanup_errors=True) as name:
        scratch = Path(name)
        scratch.chmod(0o755)  # the jail's process is another user where we are root
        for part in ("files", "root"):
            Path(scratch, part).mkdir()
        if folder:
            copy_files(folder, scratch / "files")
        yield scratch


SHOWN = {
    ".csv",
    ".gif",
    ".jpeg",
    ".jpg",
    ".json",
    ".md",
    ".npy",
    ".npz",
    ".png",
    ".py",
    ".safetensors",
    ".txt",
}


def copy_files(folder: Path, target: Path, shown: bool = False) -> None:
    """Copy what belongs to a submission beside its notebook.

    Parameters
    ----------
    folder, target : Path
    shown : bool
        Whether to leave out all but the kinds of `SHOWN`: the Formgrader serves what stands beside an
        autograded notebook, and a browser would run a page of a student's with the rights of the instructor.
    """
    for path in files_of(folder):
        if path.suffix != ".ipynb" and (not shown or path.suffix.lower() in SHOWN):
            place = target / path.relative_to(folder)
            with contextlib.suppress(OSError):  # a name that is too long there, say
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place)
