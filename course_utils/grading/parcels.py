"""What travels between `course grade` and the workers of a cluster, packed and looked at."""

from __future__ import annotations

import contextlib
import hashlib
import json
import stat
from pathlib import Path

from course_utils.grading import beside, fits
from course_utils.grading.executors import Work
from course_utils.grading.work import Graded, key_of
from course_utils.jail import confine
from course_utils.judging.handed_in import MAX_NOTEBOOK, files_of
from course_utils.judging.run import OUTCOMES, other_assignments


def kit_of(work: Work) -> tuple[str, bytes]:
    """Return what a worker needs for a part, beside `course_utils` and packages, and a name for it."""
    course, name = work.course, work.assignment
    paths = [course.source_notebook(name), *(course.releases / name).iterdir()]
    kit = {
        "assignment": name,
        "files": {p.relative_to(course.root).as_posix(): p.read_bytes() for p in paths if p.is_file()},
        "others": {n: sorted(cells) for n, cells in other_assignments(course, name).items()},
        "secret": work.secret,
        "confined": work.confined,
        "like": fits.fresh_description(),
    }  # fmt: skip
    data = beside.pack(kit)
    return hashlib.sha256(data).hexdigest()[:32], data


def job_of(work: Work, student: str, folder: Path) -> tuple[str, bytes]:
    """Return the key of a submission (see `key_of`), and the submission as it is sent."""
    # In this order: what changes in between is graded again by the next run.
    key, files = key_of(work.common, folder), {}
    expected = folder / f"{work.assignment}.ipynb"
    for path in dict.fromkeys([*files_of(folder), expected]):
        with contextlib.suppress(OSError):
            about = path.lstat()
            if stat.S_ISREG(about.st_mode):
                # Nobody reads such a notebook: its size is all that is said of it.
                unread = path.suffix.lower() == ".ipynb" and about.st_size > MAX_NOTEBOOK
                content = about.st_size if unread else path.read_bytes()
                files[str(path.relative_to(folder))] = content
    return key, beside.pack({"student": student, "key": key, "files": files})


def opened(answer: dict, work: Work, key: str) -> Graded:
    """Return what a worker made of a submission.

    Raises
    ------
    ValueError
        If it is not what a grader says of this submission.
    """
    text, blank = answer.get("text"), answer.get("blank")
    if not isinstance(text, str) or not _are(str, blank):
        raise ValueError("no notebook")
    try:
        notebook = json.loads(text)
        about = notebook["metadata"]["course"]
        source = work.source
        most = {name: test.points for name, test in source.tests.items()} | dict(source.manual)
        level = confine.NAMESPACES if work.confined else confine.NONE
        odd = [
            what
            for what, fine in {
                "cells": _are(dict, notebook["cells"]),
                "key": about["key"] == key,
                "confinement": about["confinement"] == level,
                "outcome": about["outcome"] in OUTCOMES,
                "scores": about["scores"].keys() == most.keys()
                and all(_is_score(s, most[c]) for c, s in about["scores"].items()),
                "verdicts": about["verdicts"].keys() == source.tests.keys()
                and _are(dict, list(about["verdicts"].values())),
                "notes": _are(str, about["notes"]) and _are(str, about["warnings"]),
                "endings": _are(str, about["endings"]),
                "written": about["written"].keys() <= most.keys(),
                "blank": set(blank) <= set(source.answers) | set(source.manual),
            }.items()
            if not fine
        ]
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None
    if odd:
        raise ValueError(f"its {', '.join(odd)}")
    return Graded(text, about, set(blank))


def _are(kind, values):
    return isinstance(values, list) and all(isinstance(v, kind) for v in values)


def _is_score(score, most):
    return score is None or (isinstance(score, int | float) and 0 <= score <= most)
