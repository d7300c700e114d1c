"""What a late submission loses."""

from __future__ import annotations

import math

from nbgrader.plugins import BasePlugin
from traitlets import Float


class DailyPenalty(BasePlugin):
    """Take a share of the score off for each day started after the due date."""

    percent_per_day = Float(
        5.0, min=0.0, max=100.0, help="Percent of the score lost for each day started."
    ).tag(config=True)

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        """Return the points to take off.

        Parameters
        ----------
        student_id : str
        score : float
            The score without penalty.
        total_seconds_late : float

        Returns
        -------
        float
        """
        days = math.ceil(total_seconds_late / 86400)
        return min(score, score * days * self.percent_per_day / 100)
