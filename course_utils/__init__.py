"""Teaching code of the course: arithmetic, checks, figures and grading.

Importing the package loads none of its parts, so it stays under a tenth of a second.
"""

__version__ = "1.0.0"
