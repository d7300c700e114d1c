"""What one unit deep in a stack of layers sees, drawn with matplotlib."""

from matplotlib.patches import Polygon, Rectangle

from course_utils.show import style
from course_utils.show.images import drawn_image
from course_utils.show.stack import INPUT, STACKS, check_layers, describe

GAP = 3.5
"""Distance of two levels, in input pixels."""


def draw_field_stack(layers=tuple(STACKS["three layers of 3"]), layer=None, unit=0):
    """Draw a stack of layers along one axis, with all that one unit depends on.

    Parameters
    ----------
    layers : list of tuple
        ``(kernel_size, stride)``, ``(kernel_size, stride, dilation)`` or
        ``(kernel_size, stride, dilation, padding)``, first layer first, in the ranges of
        :data:`course_utils.show.stack.KNOBS`.
    layer : int, optional
        From 1; the last one if not given.
    unit : int
        From 0.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If a value is out of range.

    Examples
    --------
    >>> figure = draw_field_stack([(3, 2), (3, 1), (3, 1)], unit=4)
    """
    layers = check_layers(layers)
    layer = len(layers) if layer is None else layer
    state = describe(layers, layer, unit)
    bottom = GAP * len(layers)
    height = max(bottom + 5.6, 15.0)
    figure, axes = style.picture(10.4, 10.4 * height / (INPUT + 15.2))
    figure.alt = " ".join(filter(None, [state["words"], state["problem"]]))
    style.frame(axes, -1.5, INPUT + 13.7, -1.9, height - 1.9)

    def place(level, k):
        _, jump, centre = state["fields"][level - 1] if level else (1, 1, 0)
        return centre + k * jump + 0.5, bottom - GAP * level

    _taps(axes, layers, state, layer, place)
    for level in range(len(layers) + 1):
        _level(axes, layers, state, (layer, unit, level), place)
    if "needed" in state:
        _span(axes, state, bottom + 0.75)
    _two_dimensions(axes, state)
    for k, line in enumerate(filter(None, [state["words"], state["problem"]])):
        style.label(axes, 0, bottom + 2.75 + 0.8 * k, line, ha="left", size=9.5)
    return figure


def _side(state, level):
    return 0.42 * min(state["fields"][level - 1][1] if level else 1, 2)


def _taps(axes, layers, state, layer, place):
    """Draw the lines from each unit that is needed to those that it reads."""
    for level in range(layer if "needed" in state else 0, 0, -1):
        F, S, D, P = layers[level - 1]
        for k in state["needed"][level]:
            for tap in range(F):
                (x, y), (a, b) = place(level, k), place(level - 1, k * S - P + D * tap)
                axes.plot([x, a], [y, b], color=style.FAINT, linewidth=0.8, zorder=0)


def _level(axes, layers, state, chosen, place):
    layer, unit, level = chosen
    words = "input: 32 pixels"
    if level:
        F, S, D, P = layers[level - 1]
        words = f"layer {level}: kernel {F}, stride {S}"
        words += f", dilation {D}" * (D > 1) + f", padding {P}" * (P > 0)
    weight = "bold" if level == layer else "normal"
    box = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.6}
    options = {"ha": "left", "size": 8.5, "weight": weight, "bbox": box}
    if level >= len(state["sizes"]):
        y = GAP * (len(layers) - level)
        axes.add_patch(Rectangle((0, y - 0.4), INPUT, 0.8, fill=False, linestyle=(0, (3, 3))))
        style.label(axes, -1.2, y - 0.95, f"{words}: no units", **options)
        return
    if level:
        words += f" → {state['sizes'][level]} units, each sees {state['fields'][level - 1][0]}"
    _, y = place(level, 0)
    half = _side(state, level)
    style.label(axes, -1.2, y - half - 0.55, words, **options)
    needed = state["needed"][level] if "needed" in state and level <= layer else []
    for k in range(state["sizes"][level]):
        x, _ = place(level, k)
        fill = style.blend(style.ORANGE, 0.55) if level else style.BLUE
        if (level, k) == (layer, unit):
            fill = style.VERMILION
        line = {"edgecolor": style.INK, "linewidth": 1.1} if k in needed else {}
        options = line | ({} if k in needed else {"fill": style.PAPER})
        fill = options.pop("fill", fill)
        style.cell(axes, x - half, y - half, 2 * half, "", fill, **options)
    if needed and level < layer:
        for k in state["outside"][level]:
            x, _ = place(level, k)
            if -1.4 < x < INPUT + 1:
                dashed = {"fill": False, "linestyle": (0, (2, 2)), "linewidth": 0.7}
                axes.add_patch(Rectangle((x - half, y - half), 2 * half, 2 * half, **dashed))


def _span(axes, state, y):
    left, right = max(state["first"], -1), min(state["last"] + 1, INPUT + 1)
    path = [left, left, right, right], [y - 0.2, y, y, y - 0.2]
    axes.plot(*path, color=style.VERMILION, linewidth=2.2)
    size = state["last"] - state["first"] + 1
    middle = min(max((left + right) / 2, 3), INPUT - 3)
    style.label(axes, middle, y + 0.75, f"sees {size} pixels", size=10, weight="bold")


def _two_dimensions(axes, state):
    """Draw the same span as a square on an image."""
    left, side = INPUT + 2.4, 10.6
    style.label(axes, left, -1.2, "The same in two dimensions", ha="left", size=9.5, weight="bold")
    scale = side / INPUT
    pixels = drawn_image(INPUT)
    for r in range(INPUT):
        start = 0
        for c in range(1, INPUT + 1):
            if c < INPUT and (pixels[:, r, c] == pixels[:, r, start]).all():
                continue
            colour = "#" + "".join(f"{part:02x}" for part in pixels[:, r, start])
            corner = left + start * scale, r * scale
            # A little wider and higher than it is, so that no seam shows.
            run = Rectangle(corner, (c - start) * scale + 0.02, scale + 0.02, facecolor=colour)
            run.set(edgecolor="none", linewidth=0, zorder=1)
            axes.add_patch(run)
            start = c
    if "needed" not in state:
        return
    ends = [min(max(k, 0), INPUT) * scale for k in (state["first"], state["last"] + 1)]
    a, b = ends
    square = [(left + a, a), (left + b, a), (left + b, b), (left + a, b)]
    for colour, width in ((style.PAPER, 4), (style.VERMILION, 2)):
        outline = Polygon(square, fill=False, edgecolor=colour, linewidth=width, zorder=3)
        axes.add_patch(outline)
    size = state["last"] - state["first"] + 1
    words = f"{size} × {size} of {INPUT} × {INPUT} pixels"
    style.label(axes, left, side + 0.8, words, ha="left", size=9)
