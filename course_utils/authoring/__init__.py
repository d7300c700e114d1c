"""What an author does: prove an assignment, generate its release, hand the course out."""

import course_utils.course  # noqa: F401  (before nbformat; it says why)
