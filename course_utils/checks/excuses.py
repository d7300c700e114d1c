"""What a test did not ask, because an answer was wrong about something simpler that another test charges for.

Grading counts such excuses: an answer that is excused in one test and fails no other has answered
differently in the two, and is not excused (`settle_excuses` in `course_utils.judging.verdicts`).
"""

from __future__ import annotations

_taken = 0


def take() -> None:
    """Note that something is not asked."""
    global _taken
    _taken += 1


def count() -> int:
    """Return how many excuses were taken since the last time, and start again."""
    global _taken
    taken, _taken = _taken, 0
    return taken
