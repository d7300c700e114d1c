"""An instructor's day on nbgrader's own folders and gradebook: grade, feedback, report, export."""

import course_utils.course  # noqa: F401  (before nbformat; it says why)
