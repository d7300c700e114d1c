"""The explorer of lecture 06: errors on ImageNet against what the networks cost."""

from course_utils.explorers.accuracy_by_cost.results import ABSENT, KINDS, RESULTS, costs
from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Choice, Step

AXES = {"multiply_adds": "multiply-adds", "parameters": "parameters", "year": "year"}


def _tables():
    kinds = {
        kind: [
            {k: v for k, v in result.items() if k != "members"}
            | {"costs": costs(result["members"])}
            for result in results
        ]
        for kind, results in RESULTS.items()
    }
    return {"results": kinds, "absent": ABSENT, "kinds": KINDS}


def _drawn(explorer):
    """Number of points in the picture: without known costs they stand on the axis of the years only."""
    known = (costs(result["members"]) for result in RESULTS[explorer.kind])
    return sum(explorer.axis == "year" or cost is not None for cost in known)


class AccuracyByCost(Explorer):
    """Explorer: top-5 errors on ImageNet from AlexNet to ResNet against multiply-adds, parameters and years.

    Errors that were measured in different ways do not compare, so that one way is shown at a time. The costs
    are those of one pass for one crop, added over the members of an ensemble; many crops cost as many passes.

    It works by mouse and by keyboard (Tab to a control or to the picture, arrow keys, Home, End). What it
    shows can be read and set here, too.

    Parameters
    ----------
    kind : str
        How it was measured: ``"ten"`` (one model, 10 crops, validation set), ``"best"`` (one model, the best
        that was reported, validation set) or ``"ensemble"`` (several models, test set).
    axis : str
        ``"multiply_adds"``, ``"parameters"`` or ``"year"``.
    point : int
        The chosen point, from 0, in order of time, of those that the axis has.

    References
    ----------
    The source of each point, in `course_utils.explorers.accuracy_by_cost.results` and below the picture.

    Examples
    --------
    >>> explorer = AccuracyByCost("ensemble", axis="year", point=13)
    >>> explorer.axis = "parameters"
    >>> explorer.point
    4
    """

    kind = Choice(
        "ten",
        "Measured",
        {
            "ten": "One model, 10 crops",
            "best": "One model, best reported",
            "ensemble": "Ensemble, test",
        },
    )
    axis = Choice(
        "multiply_adds", "Across", {name: words.capitalize() for name, words in AXES.items()}
    )
    point = Step(3, _drawn)

    tables = _tables()
    figures = {
        "accuracy_by_cost": {"point": 6},
        "accuracy_by_year": {"kind": "ensemble", "axis": "year", "point": 13},
    }
