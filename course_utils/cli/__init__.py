"""The command `course`: a student's check and an instructor's day. A verb is one function that does no work."""

import importlib.util

from course_utils.cli import student  # noqa: F401  (it gives `main` its verbs)
from course_utils.cli.group import main

if importlib.util.find_spec("course_utils.cli.instructor"):  # a student's copy has none
    from course_utils.cli import instructor  # noqa: F401

__all__ = ["main"]
