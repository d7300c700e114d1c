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
    grace_minutes = Float(
        0.0, min=0.0, help="Lateness up to this costs nothing; beyond it all of it counts."
    ).tag(config=True)
    most_percent = Float(
        100.0, min=0.0, max=100.0, help="Percent of the score that lateness costs at most."
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
        if total_seconds_late <= 60 * self.grace_minutes:
            return 0.0
        days = math.ceil(total_seconds_late / 86400)
        return score * min(days * self.percent_per_day, self.most_percent) / 100
