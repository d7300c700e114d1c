"""One step of the walk over the windows of a convolution, drawn with matplotlib."""

from course_utils.show import panels, style
from course_utils.show.panels import Panel
from course_utils.show.window import signed
from course_utils.show.window_walk_numbers import HEIGHT, WIDTH, describe, sum_of

TAP = style.blend(style.ORANGE, 0.18)
FED = style.blend(style.ORANGE, 0.45)
EMPTY = {"text": "", "linestyle": (0, (1, 2))}
DASHED = {"ink": style.FAINT, "linestyle": (0, (2, 2))}


def draw_window_walk(kernel_size=3, stride=1, padding=0, mode="forward", step=0, pixel=(1, 2)):
    """Draw one step of a convolution, forward or backward, with the arithmetic written out.

    Parameters
    ----------
    kernel_size, stride, padding : int
        In the ranges of :data:`course_utils.show.window_walk_numbers.KNOBS`.
    mode : str
        ``"forward"``: the products of one window. ``"backward"``: what one output adds to dx, dw
        and db. ``"pixel"``: what one input pixel collects from the outputs that it feeds.
    step : int
        Number of the output in reading order, from 0.
    pixel : (int, int)
        Row and column of the input, from 0.

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
    >>> figure = draw_window_walk(kernel_size=3, stride=2, mode="backward", step=3)
    """
    knobs = kernel_size, stride, padding
    state = describe(*knobs, mode, step, pixel)
    draw = {"forward": _forward, "backward": _backward, "pixel": _pixel}[mode]
    groups = {"forward": _forward_panels, "backward": _backward_panels, "pixel": _pixel_panels}
    placed, width, height = panels.arrange(groups[mode](state, *knobs))
    figure, axes, points = panels.canvas(width, height, state["lines"])
    figure.alt = state["words"]
    for panel in placed.values():
        panels.heading(axes, panel)
    draw(axes, placed, state, points, knobs, pixel)
    return figure


def _forward_panels(state, F, S, P):
    padded = ", padded" if P else ""
    x = Panel(f"Input x{padded}", HEIGHT + 2 * P, WIDTH + 2 * P, numbered=P)
    w = Panel("Kernel w", F, F, 0.75)
    products = Panel("Pixel × weight", F, F, 1.1, below=0.7, numbered=None)
    return [{"x": x}, {"w": w, "products": products}, {"y": Panel("Output y", *state["output"])}]


def _backward_panels(state, F, S, P):
    padded = ", padded" if P else ""
    size = HEIGHT + 2 * P, WIDTH + 2 * P
    x = Panel(f"Input x{padded}", *size, 0.72, numbered=P)
    dx = Panel(f"dx so far{padded}", *size, 1.1, numbered=P)
    w, dw = Panel("Kernel w", F, F, 0.8), Panel("dw so far", F, F, 1.25)
    dout, db = Panel("dout", *state["output"], 0.85), Panel("db so far", 1, 1, 1.25, 0, None)
    return [{"x": x, "dx": dx}, {"w": w, "dw": dw}, {"dout": dout, "db": db}]


def _pixel_panels(state, F, S, P):
    x = Panel("Input x", HEIGHT, WIDTH, 0.8)
    between = "between and " if S > 1 else ""
    grid = Panel(f"dout, zeros {between}around", HEIGHT + F - 1, WIDTH + F - 1, 0.9)
    w, flipped = Panel("Kernel w", F, F, 0.75), Panel("w turned by 180°", F, F, 0.75)
    products = Panel("dout × weight", F, F, 1.1, below=0.7, numbered=None)
    dout, dx = Panel("dout", *state["output"], 0.8), Panel("dx so far", HEIGHT, WIDTH, 0.9)
    middle = {"w": w, "flipped": flipped, "products": products}
    return [{"x": x, "grid": grid}, middle, {"dout": dout, "dx": dx}]


def _draw_input(axes, panel, state, P, points):
    def look(value, r, c):
        if not (P <= r < P + HEIGHT and P <= c < P + WIDTH):
            return DASHED
        fill, ink = style.grey(value, 3)
        return {"fill": fill, "ink": ink}

    rows = [[0] * P + line + [0] * P for line in state["x"]]
    edge = [[0] * (WIDTH + 2 * P)] * P
    panels.cells(axes, panel, edge + rows + edge, points, look)


def _later(place, r, c):
    return (r, c) > tuple(place)


def _so_far(axes, panel, values, place, points):
    most = max(1, *(abs(value) for line in values for value in line))

    def look(value, r, c):
        return EMPTY if _later(place, r, c) else {"fill": panels.tint(value, most)}

    panels.cells(axes, panel, values, points, look)


def _products(axes, panel, lefts, rights, products, points, total):
    def look(value, r, c):
        left, right = lefts[r][c], rights[r][c]
        words = "·".join(f"({signed(n)})" if n < 0 else str(n) for n in (left, right))
        return {"fill": TAP, "small": words}

    panels.cells(axes, panel, products, points, look)
    panels.under(axes, panel, total, 11.5)


def _window(axes, panel, state, F, P):
    row, column = (k + P for k in state["corner"])
    panels.frame(axes, panel, row, column, F, F)
    return row, column


def _forward(axes, placed, state, points, knobs, pixel):
    F, _, P = knobs
    _draw_input(axes, placed["x"], state, P, points)
    panels.cells(axes, placed["w"], state["w"], points)
    row, column = _window(axes, placed["x"], state, F, P)
    panels.rays(axes, placed["x"], row, column, F, placed["products"])
    total = sum(map(sum, state["products"]))
    words = f"{signed(total)} + b = {signed(total)} + {state['b']} = {signed(total + state['b'])}"
    parts = state["pixels"], state["w"], state["products"]
    _products(axes, placed["products"], *parts, points, words)
    _so_far(axes, placed["y"], state["y"], state["place"], points)
    panels.frame(axes, placed["y"], *state["place"], 1, 1)


def _backward(axes, placed, state, points, knobs, pixel):
    F, _, P = knobs
    _draw_input(axes, placed["x"], state, P, points)
    panels.cells(axes, placed["w"], state["w"], points)
    row, column = _window(axes, placed["x"], state, F, P)
    _window(axes, placed["dx"], state, F, P)

    def upstream(value, r, c):
        if _later(state["place"], r, c):
            return {"ink": style.FAINT, "linestyle": (0, (1, 2))}
        return {"fill": panels.tint(value, 3)}

    panels.cells(axes, placed["dout"], state["dout"], points, upstream)
    panels.frame(axes, placed["dout"], *state["place"], 1, 1)
    most = max(4, *(abs(value) for line in state["dx_now"] for value in line))

    def gradient(value, r, c):
        times = state["times"][r][c]
        if not times:
            return EMPTY
        inside = 0 <= r - row < F and 0 <= c - column < F
        small = f"{times}×" if times > 1 else ""
        if inside and times > 1:
            before = state["dx_before"][r][c]
            small = sum_of([before, value - before])
        padding = not (P <= r < P + HEIGHT and P <= c < P + WIDTH)
        rest = DASHED if padding else {}
        return {"fill": panels.tint(value, most), "small": small} | rest

    panels.cells(axes, placed["dx"], state["dx_now"], points, gradient)
    largest = max(4, *(abs(value) for line in state["dw_now"] for value in line))

    def weights(value, r, c):
        before = state["dw_before"][r][c]
        small = sum_of([before, value - before])
        return {"fill": panels.tint(value, largest), "small": small}

    panels.cells(axes, placed["dw"], state["dw_now"], points, weights)
    small = sum_of([state["db_before"], state["d"]])
    panels.cells(axes, placed["db"], [[state["db_now"]]], points, lambda *_: {"small": small})


def _pixel(axes, placed, state, points, knobs, pixel):
    F, S, P = knobs
    _draw_input(axes, placed["x"], state, 0, points)
    panels.frame(axes, placed["x"], *pixel, 1, 1, style.BLUE)
    panels.cells(axes, placed["w"], state["w"], points)
    panels.cells(axes, placed["flipped"], state["flipped"], points)
    bold = {"fill": FED, "weight": "bold", "edgecolor": style.INK, "linewidth": 1.1, "zorder": 2}

    def fed(value, r, c):
        faint = {"ink": style.FAINT, "linestyle": (0, (1, 2))}
        return bold if [r, c] in state["feeds"] else faint

    panels.cells(axes, placed["dout"], state["dout"], points, fed)
    offset, (rows, columns) = F - 1 - P, state["output"]
    of_output = {
        (offset + i * S, offset + j * S): [i, j] for i in range(rows) for j in range(columns)
    }

    def spread(value, r, c):
        if (r, c) not in of_output:
            return DASHED
        solid = {"edgecolor": style.INK, "zorder": 2, "fill": panels.tint(1, 6)}
        return bold if of_output[r, c] in state["feeds"] else solid

    panels.cells(axes, placed["grid"], state["grid"], points, spread)
    panels.frame(axes, placed["grid"], *pixel, F, F)
    panels.rays(axes, placed["grid"], *pixel, F, placed["products"])
    parts = state["grid_window"], state["flipped"], state["grid_products"]
    words = f"sum = {signed(state['collected'])}"
    _products(axes, placed["products"], *parts, points, words)
    _so_far(axes, placed["dx"], state["dx"], pixel, points)
    panels.frame(axes, placed["dx"], *pixel, 1, 1, style.BLUE)
