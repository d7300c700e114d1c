"""Max and average pooling, forward and backward, drawn with matplotlib."""

from course_utils.show import panels, style
from course_utils.show.panels import Panel
from course_utils.show.pool_routing_numbers import HEIGHT, WIDTH, X, check_values, describe, share
from course_utils.show.window import signed
from course_utils.show.window_walk_numbers import sum_of

NOTHING = {"ink": style.FAINT}


def draw_pool_routing(x=X, kernel_size=2, stride=2, position=(0, 0), pixel=None):
    """Draw max pooling beside average pooling, forward and backward, on one input.

    Parameters
    ----------
    x : 5 rows of 6 ints
        From 0 to 9.
    kernel_size, stride : int
        In the ranges of :data:`course_utils.show.pool_routing_numbers.KNOBS`.
    position : (int, int)
        Row and column of the output whose window is framed, from 0.
    pixel : (int, int), optional
        Row and column of an input pixel to explain in words.

    Returns
    -------
    matplotlib.figure.Figure
        It shows itself in a notebook.

    Raises
    ------
    ValueError
        If a value is out of range.

    Examples
    --------
    >>> figure = draw_pool_routing(kernel_size=3, stride=2, position=(1, 0))
    """
    x = check_values(x)
    state = describe(x, kernel_size, stride, position, (0, 0) if pixel is None else pixel)
    rows, columns = state["output"]
    below = HEIGHT - 0.9 * rows
    size = HEIGHT, WIDTH
    groups = [
        {"x": Panel("Input x", *size), "dout": Panel("dout", rows, columns, 0.9)},
        {
            "max": Panel("Max pooling: y", rows, columns, 0.9, below),
            "dx_max": Panel("Max pooling: dx", *size),
        },
        {
            "average": Panel("Average pooling: y", rows, columns, 0.9, below),
            "dx_average": Panel("Average pooling: dx", *size),
        },
    ]
    placed, width, height = panels.arrange(groups)
    lines = [f"Window of y[{position[0]}, {position[1]}]. {state['window_lines'][0]}"]
    lines += state["window_lines"][1:]
    if pixel is not None:
        lines.append(state["pixel_words"])
    figure, axes, points = panels.canvas(width, height, lines)
    figure.alt = state["window_words"] + (f" {state['pixel_words']}" if pixel is not None else "")
    for panel in placed.values():
        panels.heading(axes, panel)
    _draw_input(axes, placed["x"], x, state, points)
    _draw_outputs(axes, placed, state, points)
    _draw_gradients(axes, placed, state, position, points)
    corner = state["corner"]
    for name in ("x", "dx_max", "dx_average"):
        panels.frame(axes, placed[name], *corner, kernel_size, kernel_size)
    for name in ("dout", "max", "average"):
        panels.frame(axes, placed[name], *position, 1, 1)
    if pixel is not None:
        panels.frame(axes, placed["x"], *pixel, 1, 1, style.BLUE)
    return figure


def _draw_input(axes, panel, x, state, points):
    def look(value, r, c):
        fill, ink = style.grey(value, 9)
        return {"fill": fill, "ink": ink}

    panels.cells(axes, panel, x, points, look)
    for r, line in enumerate(state["won"]):
        for c, won in enumerate(line):
            if won:
                panels.ring(axes, panel, r, c)
    for r, c in state["tied"]:
        if not state["won"][r][c]:
            panels.ring(axes, panel, r, c, style.BLUE, (0, (2, 1.5)))


def _draw_outputs(axes, placed, state, points):
    top, count = _top(state), state["count"]
    largest = max(1, *(value for line in state["max"] for value in line))

    def upstream(value, r, c):
        return {"fill": panels.tint(value, top)}

    def greatest(value, r, c):
        row, column = state["argmax"][r][c]
        return {"fill": panels.tint(value, 2 * largest), "small": f"({row},{column})"}

    def average(value, r, c):
        fill = panels.tint(value / count, 2 * largest)
        return {"fill": fill, "text": share(value, count), "small": f"{value}/{count}"}

    panels.cells(axes, placed["dout"], state["dout"], points, upstream)
    panels.cells(axes, placed["max"], state["max"], points, greatest)
    panels.cells(axes, placed["average"], state["sums"], points, average)


def _draw_gradients(axes, placed, state, position, points):
    top, count = _top(state), state["count"]
    here = state["argmax"][position[0]][position[1]]

    def greatest(value, r, c):
        won = [state["dout"][i][j] for i, j in state["won"][r][c]]
        if not won:
            return NOTHING
        small = "" if len(won) == 1 else sum_of(won) if len(won) == 2 else f"{len(won)}×"
        weight = "bold" if [r, c] == here else "normal"
        return {"fill": panels.tint(value or 0.4, top), "small": small, "weight": weight}

    def average(value, r, c):
        if not state["covered"][r][c]:
            return NOTHING | {"linestyle": (0, (2, 2))}
        fill, small = panels.tint(value / count, top / 2), f"{signed(value)}/{count}"
        return {"fill": fill, "text": share(value, count), "small": small}

    panels.cells(axes, placed["dx_max"], state["dx_max"], points, greatest)
    panels.cells(axes, placed["dx_average"], state["dx_sums"], points, average)


def _top(state):
    return max(4, *(abs(value) for line in state["dout"] for value in line))
