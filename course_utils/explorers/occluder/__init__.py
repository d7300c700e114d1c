"""The explorer of lecture 08: a square over an image, and what it does to the probabilities."""

import json
from pathlib import Path

from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Place, Scale, Step

SIZES = [4, 8, 12]
"""Sides of the square, in pixels."""


def _places(explorer):
    """Rows and columns of the places of the square."""
    tables = explorer.tables
    count = (tables["side"] - explorer.size) // tables["stride"] + 1
    return count, count


class Occluder(Explorer):
    """Explorer: a grey square is dragged over an image, and the probabilities of all classes move.

    They stand in a table that was computed with the network: for each image, size and place of the square.
    The map beside the image shows for each place of the square how far the probability of the right class
    falls (orange) or rises (blue).

    It works by mouse (drag in the image or in the map) and by keyboard (Tab to a control or to the picture,
    arrow keys, 1 to 9, Home, End, Space). What it shows can be read and set here, too. It shows two
    images and the networks that come with the course; ``Occluder.of`` shows other images, with tables of
    `course_utils.seeing.tables.occlusion_tables`.

    Parameters
    ----------
    size : int
        Side of the square: 4, 8 or 12 pixels.
    image : int
        From 0, of those in the tables.
    place : tuple of int
        Of the square, (row, column), both from 0, in steps of two pixels.

    Examples
    --------
    >>> occluder = Occluder(size=4, place=(14, 14))
    >>> occluder.size = 12
    >>> occluder.place
    (10, 10)
    """

    size = Scale(8, "Side of the square", "s", SIZES)
    image = Step(0, lambda explorer: len(explorer.tables["images"]))
    place = Place((6, 6), _places)

    tables = json.loads(Path(__file__).with_name("tables.json").read_text(encoding="utf-8"))
