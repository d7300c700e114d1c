"""One submission: from a student's files to a score."""

import course_utils.course  # noqa: F401  (before nbformat; it says why)
