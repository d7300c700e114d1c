"""What the tests found: a verdict for each, and whether they agree with each other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

INCONSISTENT = "a wrong result for a simple call, where every other test got the right one"


@dataclass
class Verdict:
    """What one test cell found.

    Attributes
    ----------
    passed : bool
    message : str
        Why not.
    headline : str
        The message in a few words, such as "wrong value".
    misconception : str
        The thinking behind it, where a test recognised one.
    hidden : bool
        Whether the visible tests had passed, and a hidden one did not.
    broken : bool
        Whether the test itself broke down: a person has to look.
    excused : bool
        Whether something was not asked, because the answer was wrong about something simpler.
    asked : tuple of str
        The names of the student's that were asked.
    """

    passed: bool
    message: str = ""
    headline: str = ""
    misconception: str = ""
    hidden: bool = False
    broken: bool = False
    excused: bool = False
    asked: tuple[str, ...] = ()


def settle_excuses(
    verdicts: Mapping[str, Verdict],
    defined_in: Mapping[str, str],
    needs: Callable[[str], Collection[str]],
) -> list[str]:
    """Fail tests that left something out for a fault that no other test has charged; return which.

    An answer that is wrong only where that spares it a harder question knows which test is asking.

    Parameters
    ----------
    verdicts : mapping of str to Verdict
        Test cell -> verdict; changed in place.
    defined_in : mapping of str to str
        Name of a student's -> its answer cell.
    needs : callable
        Answer cell -> those that it is made of: a fault of an inception module is charged there.
    """
    charged = {defined_in.get(n) for v in verdicts.values() if not v.passed for n in v.asked}
    overturned = []
    for cell, verdict in verdicts.items():
        cells = {defined_in.get(name) for name in verdict.asked} - {None}
        own = {other for one in cells for other in needs(one)}
        if verdict.passed and verdict.excused and not charged & own:
            verdict.passed, verdict.headline = False, "another result here than in the other tests"
            verdict.message = f"{verdict.headline}\n  got:        {INCONSISTENT}"
            overturned.append(cell)
    return overturned
