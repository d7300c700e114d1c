"""A shifted image before and after convolution and pooling, drawn with matplotlib."""

from matplotlib.patches import Rectangle

from course_utils.show import panels, style
from course_utils.show.panels import Panel
from course_utils.show.shift_test_numbers import CENTRE, SIDE, describe, percent
from course_utils.show.window import signed

CELL = 0.5
"""Side of a pixel of the image; an output with fewer cells has larger ones."""


def draw_shift_test(dy=0, dx=1, stride=1, view="convolution"):
    """Draw an image and its shifted copy, and what a convolution makes of both.

    Parameters
    ----------
    dy, dx, stride : int
        Pixels down and to the right, and the stride of the convolution, in the ranges of
        :data:`course_utils.show.shift_test_numbers.KNOBS`. The border wraps around.
    view : str
        ``"convolution"``: conv(shift(x)) beside shift(conv(x)), and their difference.
        ``"pooling"``: what max pooling makes of both convolutions.

    Returns
    -------
    matplotlib.figure.Figure
        It shows itself in a notebook.

    Raises
    ------
    ValueError
        If a value is not known or out of range.

    Examples
    --------
    >>> figure = draw_shift_test(dy=1, dx=2)
    """
    state = describe(dy, dx, stride, view)
    titles = {"x": "x", "shifted_x": "shift(x)", "conv_x": "conv(x)"}
    titles |= {"conv_shifted_x": "conv(shift(x))"}
    if view == "convolution":
        titles["shifted_conv_x"] = "shift(conv(x))"
        titles["difference"] = "conv(shift(x)) − shift(conv(x))"
    else:
        titles |= {"pool_x": "pool(conv(x))", "pool_shifted_x": "pool(conv(shift(x)))"}
    made = [(name, _panel(title, state[name])) for name, title in titles.items()]
    placed, width, height = panels.arrange([dict(made[k : k + 2]) for k in (0, 2, 4)], gap=0.8)
    line = state["lines"][0 if view == "convolution" else 2]
    figure, axes, points = panels.canvas(width, height, [line])
    figure.alt = state["words"]
    for name, panel in placed.items():
        panels.heading(axes, panel, 10.5)
        if name in ("x", "shifted_x"):
            _draw_image(axes, panel, state[name])
            continue
        before = state.get({"conv_shifted_x": "conv_x", "pool_shifted_x": "pool_x"}.get(name))
        _draw_values(axes, panel, state[name], points, name, before if view == "pooling" else None)
    _draw_shift(axes, placed["shifted_x"], dy, dx)
    words = f"shifted by ({signed(dy)}, {signed(dx)}) pixels"
    panels.under(axes, placed["shifted_x"], words)
    if view == "convolution":
        i, j = map(signed, state["steps"])
        panels.under(axes, placed["shifted_conv_x"], f"shifted by ({i}, {j}) outputs")
        panels.under(axes, placed["difference"], f"largest difference: {state['largest']}")
        return figure
    for name in ("conv", "pool"):
        same, size = state[f"{name}_same"]
        words = f"the same: {same} of {size} ({percent(same, size)})"
        panels.under(axes, placed[f"{name}_shifted_x"], words)
    return figure


def _panel(title, table):
    """Return a panel that takes as much room as the image, or as little as its cells need."""
    side = min(0.95, SIDE * CELL / len(table))
    below = SIDE * CELL - side * len(table) + 0.7
    return Panel(title, len(table), len(table), side, below)


def _draw_image(axes, panel, values):
    for r, line in enumerate(values):
        for c, value in enumerate(line):
            corner = panel.x + c * panel.side, panel.y + r * panel.side
            fill, _ = style.grey(value, 2)
            # A little wider and higher than it is, so that no seam shows.
            extent = panel.side + 0.02
            pixel = Rectangle(corner, extent, extent, facecolor=fill, edgecolor="none")
            pixel.set(linewidth=0, zorder=1)
            axes.add_patch(pixel)


def _draw_values(axes, panel, values, points, name, before):
    def look(value, r, c):
        text = {} if value or name.startswith("pool") else {"text": ""}
        return {"fill": panels.tint(value, 8)} | text

    panels.cells(axes, panel, values, points, look)
    if before is None:
        return
    inset = 0.06
    for r, line in enumerate(values):
        for c, value in enumerate(line):
            if value != before[r][c]:
                corner = panel.x + c * panel.side + inset, panel.y + r * panel.side + inset
                extent = panel.side - 2 * inset
                changed = Rectangle(corner, extent, extent, fill=False, linewidth=1.6, zorder=3)
                changed.set_edgecolor(style.VERMILION)
                axes.add_patch(changed)


def _draw_shift(axes, panel, dy, dx):
    """Draw an arrow from where the middle of the drawing was to where it is now."""
    row, column = CENTRE
    x, y = panel.x + (column + 0.5) * panel.side, panel.y + (row + 0.5) * panel.side
    if (dy, dx) != (0, 0) and row + dy < SIDE and column + dx < SIDE:
        end = x + dx * panel.side, y + dy * panel.side
        look = {"mutation_scale": 13, "color": style.BLUE}
        for width, colour in ((5, style.PAPER), (2.2, style.BLUE)):
            style.arrow(axes, (x, y), end, **look | {"linewidth": width, "color": colour})
    look = {"markersize": 7, "markeredgecolor": style.PAPER, "zorder": 6}
    axes.plot([x], [y], marker="o", color=style.BLUE, **look)
