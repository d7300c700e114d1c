"""The command `course`: a student's check and an instructor's day. A verb is one function that does no work."""

from course_utils.cli import student, train  # noqa: F401  (they give `main` its verbs)
from course_utils.cli.group import IS_WHOLE, main

if IS_WHOLE:
    from course_utils.cli import instructor, term  # noqa: F401

__all__ = ["main"]
