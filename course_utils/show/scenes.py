"""A drawn street, and what recognition may ask about it."""

import numpy as np
from matplotlib.patches import Circle, Ellipse, Polygon, Rectangle

from course_utils.show import style

WIDTH, HEIGHT = 10.0, 6.4
REGIONS = {
    "sky": (style.SKY, ""),
    "building": (style.ORANGE, "//"),
    "tree": (style.GREEN, "||"),
    "road": ("#999999", "--"),
    "car": (style.BLUE, "xx"),
    "person": (style.VERMILION, "\\\\\\"),
}
"""Colour and hatch of each class when the street is segmented."""


def draw_tasks():
    """Draw one street six times, with what six recognition tasks say about it.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = style.picture(10.4, 6.9)
    style.frame(axes, -0.3, 3 * WIDTH + 1.9, -1.5, 2 * (HEIGHT + 3.1) - 1.3)
    figure.alt = "A drawn street, six times, with the answers of six recognition tasks."
    panels = (
        ("Verification", "Is this a car?  Yes", _verify),
        ("Detection", "Where are people?  Two boxes", _detect),
        ("Identification", "Which building is this?  The town hall", _identify),
        ("Segmentation", "What is each pixel?  One class each", _segment),
        ("Scene", "What kind of place?  A street, by day", _scene),
        ("Activity", "What is going on?  Two people cross the road", _activity),
    )
    for k, (title, words, draw) in enumerate(panels):
        corner = np.array([k % 3 * (WIDTH + 0.8), k // 3 * (HEIGHT + 3.1)])
        style.label(axes, *corner + (0, -0.65), title, ha="left", size=11, weight="bold")
        style.label(axes, *corner + (0, HEIGHT + 0.6), words, ha="left", size=9.5)
        street(axes, corner, classes=draw is _segment)
        draw(axes, corner)
        frame = Rectangle(corner, WIDTH, HEIGHT, fill=False, edgecolor=style.INK, zorder=9)
        axes.add_patch(frame)
    return figure


def street(axes, corner, classes=False):
    """Draw the street, in its own colours or each thing in the colour and hatch of its class."""

    def put(kind, shape, colour):
        if classes:
            colour, hatch = REGIONS[kind]
            style.paint(axes, shape, colour, 0.35, hatch, edgecolor=colour, linewidth=0)
        else:
            shape.set(facecolor=colour, linewidth=0)
            axes.add_patch(shape)

    def at(x, y):
        return corner[0] + x, corner[1] + y

    def box(x, y, width, height):
        return Rectangle(at(x, y), width, height)

    put("sky", box(0, 0, WIDTH, 4.6), "#bfe0f5")
    if not classes:
        put("sky", Circle(at(8.7, 1.0), 0.5), "#f5c542")
    put("road", box(0, 4.4, WIDTH, 2.0), "#8a8a8a")
    put("building", box(0.5, 1.9, 3.8, 2.7), "#d9b48a")
    put("building", box(1.8, 0.6, 1.2, 1.4), "#d9b48a")
    roof = [at(1.6, 0.65), at(2.4, 0.05), at(3.2, 0.65)]
    put("building", Polygon(roof), "#a8503a")
    if not classes:
        put("building", Circle(at(2.4, 1.15), 0.36), style.WHITE)
        hands = at(2.4, 0.9), at(2.4, 1.15), at(2.6, 1.25)
        axes.plot(*zip(*hands, strict=True), color=style.BLACK)
        for x in (0.8, 1.6, 2.9, 3.6):
            put("building", box(x, 2.3, 0.45, 0.7), "#5b7a99")
        put("building", box(2.05, 3.4, 0.7, 1.2), "#6b4a32")
    put("tree", box(5.35, 3.0, 0.3, 1.6), "#6b4a32")
    put("tree", Ellipse(at(5.5, 2.3), 1.9, 2.0), "#4f9a57")
    put("car", box(6.3, 3.9, 2.9, 0.75), "#2f6fb0")
    cabin = [at(6.8, 3.95), at(7.2, 3.3), at(8.4, 3.3), at(8.8, 3.95)]
    put("car", Polygon(cabin), "#2f6fb0")
    if not classes:
        glass = [at(7.05, 3.9), at(7.35, 3.45), at(8.25, 3.45), at(8.5, 3.9)]
        put("car", Polygon(glass), "#d5e8f5")
    for x in (6.95, 8.5):
        put("car", Circle(at(x, 4.7), 0.3), "#2a2a2a")
    for k in range(5):
        if not classes:
            put("road", box(0.5 + 0.75 * k, 4.75, 0.4, 1.4), "#f2f2f2")
    for x, coat in ((1.3, "#b03a2e"), (3.0, "#7a4fa0")):
        put("person", Circle(at(x, 4.1), 0.2), "#e8b98f")
        put("person", box(x - 0.22, 4.3, 0.44, 0.85), coat)
        for foot in (-0.28, 0.28):
            leg = [at(x - 0.12, 5.1), at(x + 0.12, 5.1), at(x + foot + 0.1, 5.85)]
            put("person", Polygon([*leg, at(x + foot - 0.1, 5.85)]), "#3a3a3a")


def _outline(axes, corner, x, y, width, height, text=""):
    for colour, line in ((style.PAPER, 4.5), (style.VERMILION, 2.2)):
        box = Rectangle((corner[0] + x, corner[1] + y), width, height, fill=False, zorder=7)
        box.set(edgecolor=colour, linewidth=line)
        axes.add_patch(box)
    if text:
        _tag(axes, corner, x + width / 2, y - 0.3, text)


def _tag(axes, corner, x, y, text, size=8.5):
    box = {"facecolor": style.PAPER, "edgecolor": style.INK, "linewidth": 0.6, "pad": 1.8}
    style.label(axes, corner[0] + x, corner[1] + y, text, size=size, bbox=box, zorder=8)


def _verify(axes, corner):
    veil = np.array([(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)])
    hole = np.array([(6.1, 3.1), (6.1, 5.2), (9.4, 5.2), (9.4, 3.1)])
    path = np.concatenate([veil, veil[:1], hole, hole[:1]]) + corner
    axes.add_patch(Polygon(path, facecolor=style.PAPER, alpha=0.72, linewidth=0, zorder=6))
    _outline(axes, corner, 6.1, 3.1, 3.3, 2.1, "car: yes")


def _detect(axes, corner):
    _outline(axes, corner, 0.85, 3.8, 0.9, 2.15, "person")
    _outline(axes, corner, 2.55, 3.8, 0.9, 2.15, "person")


def _identify(axes, corner):
    _outline(axes, corner, 0.35, 0.2, 4.1, 4.35)
    _tag(axes, corner, 6.6, 0.8, "the town hall")
    start, end = corner + (5.1, 0.8), corner + (4.5, 0.8)
    style.arrow(axes, start, end, color=style.BLACK, zorder=8)


def _segment(axes, corner):
    places = {"sky": (7.2, 1.6), "building": (2.4, 2.8), "tree": (5.5, 2.3), "road": (5.1, 5.6)}
    places |= {"car": (7.75, 4.2), "person": (2.2, 5.1)}
    for name, place in places.items():
        _tag(axes, corner, *place, name, size=8)


def _scene(axes, corner):
    _tag(axes, corner, 5.0, 5.9, "street, outdoors, daytime, town")


def _activity(axes, corner):
    for x in (1.3, 3.0):
        start, end = corner + (x - 0.3, 3.6), corner + (x + 0.9, 3.6)
        style.arrow(axes, start, end, color=style.VERMILION, linewidth=2.4, zorder=8)
    _tag(axes, corner, 5.3, 5.9, "crossing the road; the car waits")


FIGURES = {"tasks": draw_tasks}
"""The committed figures: name, without ``.svg``, and the function that draws it."""
