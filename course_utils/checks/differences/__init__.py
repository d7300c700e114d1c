"""Say in words where and how an array differs from the expected one.

`where` counts the differences, then looks for what they have in common. A detector is a small
function that returns a sentence or None. It states a fact about the numbers, never a guess about
the code, checks it on the arrays before it speaks, and asks for enough evidence that chance is an
unlikely explanation. Indices count from 0, as in NumPy.
"""

from course_utils.checks.differences.lines import equal, where
from course_utils.checks.differences.pair import Pair, as_numbers

__all__ = ["Pair", "as_numbers", "equal", "where"]
