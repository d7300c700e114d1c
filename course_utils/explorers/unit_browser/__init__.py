"""The explorer of lecture 08: units of a trained network, and what they answer to."""

import json
from pathlib import Path

from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Step


def _layer(explorer):
    return explorer.tables["layers"][explorer.layer]


class UnitBrowser(Explorer):
    """Explorer: layers and units of a trained network, their filters, and the nine patches they answer to most.

    A patch is what the unit sees of an image, its receptive field, at the place where it answers most;
    where the field reaches beyond the image it is cut. A filter of the first layer is drawn in its colours,
    of a later one the slices with the largest weights.

    It works by mouse and by keyboard (Tab to the picture, arrow keys, 1 to 9, Home, End). What it shows can
    be read and set here, too. It shows a few units of the network that comes with the course;
    ``UnitBrowser.of`` shows another network, with tables of `course_utils.seeing.tables.unit_tables`.

    Parameters
    ----------
    layer : int
        From 0, of those in the tables.
    unit : int
        From 0, of those that the tables have of the layer.
    patch : int
        From 0 to 8, the strongest answer first.

    Examples
    --------
    >>> browser = UnitBrowser(layer=1, unit=2)
    >>> browser.layer = 0
    >>> browser.unit
    2
    """

    layer = Step(0, lambda explorer: len(explorer.tables["layers"]))
    unit = Step(0, lambda explorer: len(_layer(explorer)["units"]))
    patch = Step(0, lambda explorer: len(_layer(explorer)["units"][explorer.unit]["patches"]))

    tables = json.loads(Path(__file__).with_name("tables.json").read_text(encoding="utf-8"))
