"""What ``nbgrader_config.py`` puts into nbgrader, so that its routes do what `course` does.

Most of it nbgrader lets us configure: `Submitted` (an exporter that does not read the student's file: `Restore`
and `Judge` find and read it as `course grade` does), `Late`, `Collect`, `Platforms` and `ReleaseFeedback`.
What it does not is replaced by `install`, in the nbgrader that it was written for and no other:

- ``CourseDirectory.get_existing_timestamp``: a ``timestamp.txt`` that cannot be read stopped grading it
- ``NbGraderAPI.get_submitted_timestamp``: … and the Formgrader's *Manage Submissions*, for the whole class
- ``Autograde.init_notebooks``: a folder without a notebook of the right name was left out
- ``BaseConverter.init_assignment``, for `Autograde`: a pipe beside the notebook stopped it, links were followed
- ``nbgrader.validator.read_nb``: Validate stopped on a file with a byte order mark
"""

from __future__ import annotations

import glob
import os
import shutil
import stat
import tempfile
import warnings
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.v4 import new_notebook
from nbgrader import __version__
from nbgrader.api import Gradebook
from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseFeedback
from nbgrader.plugins.zipcollect import FileNameCollectorPlugin
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import notebook_hash

from course_utils.course.files import why_no_name
from course_utils.course.folders import Course
from course_utils.grading.timestamps import read_timestamp

TESTED = "0.9.6"  # the nbgrader whose methods are replaced
MAX_SECRET = 1000  # bytes; nbgrader writes 128


# -- what is configured ----------------------------------------------------------------------------
class Submitted(NotebookExporter):
    """Begins with an empty notebook: the file may have another name, a byte order mark, or be no notebook."""

    def from_filename(self, filename, resources=None, **options):
        resources = resources or ResourcesDict()
        path = Path(filename)
        resources["metadata"] = ResourcesDict(name=path.stem, path=str(path.parent))
        return self.from_notebook_node(new_notebook(), resources=resources, **options)


class Late(AssignLatePenalties):
    """Take the time of a submission from its file, a time that is no longer there too, then the penalty."""

    def preprocess(self, nb, resources):
        names = resources["nbgrader"]
        folder = Course.find().submitted / names["student"] / names["assignment"]
        if folder.is_dir():  # otherwise the gradebook knows best
            with Gradebook(names["db_url"]) as book:
                submission = book.find_submission(names["assignment"], names["student"])
                submission.timestamp = read_timestamp(folder)[0]
                book.db.commit()
        return super().preprocess(nb, resources)


class Collect(ExchangeCollect):
    """Collect submissions from the exchange; one that cannot be copied stops nobody else.

    Students write there themselves: what a link points to would be read with the instructor's rights.
    """

    def do_copy(self, src, dest, log=None):
        if os.path.islink(src) or self.get_size(src) > 1000 * self.coursedir.max_dir_size:
            self.log.error("Not collected, a link or too large: %s", src)
            return
        with tempfile.TemporaryDirectory(prefix="collect-") as scratch:
            plain = Path(scratch, "submission")
            try:
                shutil.copytree(src, plain, ignore=_no_files)
            except OSError as error:  # when all that can be copied is there
                self.log.error("Not all of %s could be copied: %s", src, error)
            if plain.is_dir():
                super().do_copy(plain, dest, log)


def _no_files(folder, names):
    """Return the links, pipes and devices in a folder."""
    modes = {name: os.lstat(os.path.join(folder, name)).st_mode for name in names}
    return [name for name, mode in modes.items() if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))]


class ReleaseFeedback(ExchangeReleaseFeedback):
    """Hand out feedback pages through the exchange; who did not hand in through it stops nobody else.

    A page is found by the secret that ``nbgrader submit`` left with the submission. Without it the student's
    nbgrader could not fetch the page.
    """

    def copy_files(self):
        excluded = set(self.coursedir.student_id_exclude.split(","))
        for page in sorted(Path(p) for p in glob.glob(f"{self.src_path}/*.html")):
            student = page.parent.parent.name
            if student in excluded:
                continue
            secret = _secret(page.parent / "submission_secret.txt")
            if secret is None:
                self.log.warning(
                    "Feedback for student '%s' was not released: the submission did not come through the "
                    "exchange (no submission_secret.txt). Give them %s another way.", student, page
                )  # fmt: skip
                continue
            place = Path(
                self.dest_path, f"{notebook_hash(secret=secret, notebook_id=page.stem)}.html"
            )
            fresh = place.with_name(f"{place.stem}-tmp.html")
            shutil.copy(page, fresh)
            fresh.replace(place)
            self.log.info("Feedback released for student '%s' to: %s", student, place)


class Platforms(FileNameCollectorPlugin):
    """Says whose a file is, for ``nbgrader zip_collect``, as `course collect` does."""

    _known: dict | None = None

    def collect(self, submitted_file):
        if self._known is None:
            root = Path(self.parent._format_collect_path(self.parent.extracted_directory))
            self._known = {root / entry: told for entry, told in self._read(root).items()}
        return self._known.get(Path(submitted_file))

    def _read(self, root):
        from course_utils.grading.collect import assign, find_times
        from course_utils.grading.platforms import read_entries
        from course_utils.grading.roster import load_roster

        assignment, roster, known = (
            self.parent.coursedir.assignment_id,
            load_roster(Course.find()),
            {},
        )
        groups: dict[str, list[str]] = {}  # one for each archive
        for path in sorted(p for p in root.rglob("*") if p.is_file()):
            entry = path.relative_to(root).as_posix()
            groups.setdefault(entry.partition("/")[0] if "/" in entry else "", []).append(entry)
        for entries in groups.values():
            platform, pieces, _ = read_entries(entries, assignment)
            attempts, left = assign(platform, pieces, roster)
            for key, why in left.items():
                self.log.error("Not collected: %s: %s", key, why)
            for one in attempts:
                find_times(one)
                told = {"student_id": one.student}
                if one.time:
                    told["timestamp"] = f"{one.time:%Y-%m-%d %H:%M:%S} UTC"
                known |= {p.entry: told | {"file_id": p.file} for p in one.pieces}
        return known


def _secret(path: Path) -> str | None:
    try:
        about = path.lstat()
        if stat.S_ISREG(about.st_mode) and 0 < about.st_size <= MAX_SECRET:
            return path.read_text()
    except (OSError, ValueError):
        pass
    return None


# -- what is replaced ------------------------------------------------------------------------------
def install() -> None:
    """Replace what nbgrader does not let us configure; a second call changes nothing."""
    if __version__ != TESTED:
        warnings.warn(
            f"nbgrader is {__version__}, and its methods are replaced only in {TESTED}: a renamed notebook "
            "or a timestamp.txt that cannot be read may stop nbgrader's own commands. Use `course grade`.",
            stacklevel=2,
        )
        return
    from nbgrader import validator
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.converters import Autograde
    from nbgrader.converters.base import BaseConverter
    from nbgrader.coursedir import CourseDirectory

    if Autograde.init_notebooks is _every_submission:
        return
    _stock.update(
        init_notebooks=Autograde.init_notebooks, init_assignment=BaseConverter.init_assignment
    )
    CourseDirectory.get_existing_timestamp = _existing_timestamp
    NbGraderAPI.get_submitted_timestamp = _submitted_timestamp
    Autograde.init_notebooks = _every_submission
    BaseConverter.init_assignment = _files_beside
    validator.read_nb = _read_notebook


_stock: dict = {}  # nbgrader's own methods


def _existing_timestamp(self, dest_path):
    """Return when a submission was handed in, UTC; None where that is not known."""
    when, warning = read_timestamp(Path(dest_path))
    if warning:
        self.log.warning("%s: %s", dest_path, warning)
    return when


def _submitted_timestamp(self, assignment_id, student_id):
    """Return when a submission was handed in, UTC; None where that is not known."""
    step = self.coursedir.submitted_directory
    return read_timestamp(Path(self.coursedir.format_path(step, student_id, assignment_id)))[0]


def _every_submission(self):
    """Find every submission's folder, whatever the notebook in it is called."""
    from course_utils.judging.handed_in import is_submission

    if self.coursedir.notebook_id not in ("*", self.coursedir.assignment_id):
        return _stock["init_notebooks"](self)
    self.assignments, self.notebooks = {}, []
    pattern = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
    for folder in sorted(Path(p) for p in glob.glob(pattern)):
        why = why_no_name(folder.parent.name)
        if why:
            self.log.warning("%a cannot be a student's name: %s", folder.parent.name, why)
        elif is_submission(folder) and not folder.parent.is_symlink():
            self.assignments[str(folder)] = [str(folder / f"{folder.name}.ipynb")]
    if not self.assignments:
        _stock["init_notebooks"](self)  # says what it has looked for


def _files_beside(self, assignment_id, student_id):
    """Copy the files beside a notebook, as `course grade` does where they are a student's."""
    from nbgrader.converters import Autograde

    from course_utils.judging.handed_in import copy_files

    if not isinstance(self, Autograde):
        return _stock["init_assignment"](self, assignment_id, student_id)
    source = Path(self._format_source(assignment_id, student_id))
    target = Path(self._format_dest(assignment_id, student_id))
    target.mkdir(parents=True, exist_ok=True)
    copy_files(source, target, shown=True)


def _read_notebook(path, as_version, **options):
    """Read a notebook, with or without a byte order mark."""
    return nbformat.reads(Path(path).read_bytes().decode("utf-8-sig"), as_version, **options)
