"""One position of the sliding filter, drawn with matplotlib."""

from matplotlib.patches import Rectangle

from course_utils.show import style
from course_utils.show.window import describe, image, kernel, output_size, signed

INPUT, PRODUCTS, OUTPUT = 6.6, 3.6, 4.4
"""Widths of the three panels."""


def draw_sliding_filter(
    size=7, kernel_size=3, stride=1, padding=0, dilation=1, position=(0, 0)
):
    """Draw a filter at one position of its input, with the arithmetic written out.

    Left the input with its padding, the window and what the stride leaves over; in the middle the
    kernel and the products of this position; right the output, filled as far as this position.

    Parameters
    ----------
    size, kernel_size, stride, padding, dilation : int
        Square images and kernels, in the ranges of :data:`course_utils.show.window.KNOBS`.
    position : (int, int)
        Row and column of the output, from 0.

    Returns
    -------
    matplotlib.figure.Figure
        It shows itself in a notebook, as SVG.

    Raises
    ------
    ValueError
        If a knob or the position is out of range.

    Examples
    --------
    >>> figure = draw_sliding_filter(size=7, kernel_size=3, stride=3, padding=0, position=(0, 1))
    """
    knobs = (size, kernel_size, stride, padding, dilation)
    state = describe(*knobs, position)
    figure, axes = style.picture(10.4, 5.6)
    style.frame(axes, -0.75, 16.65, -0.95, 8.42)
    window = _draw_input(axes, *knobs, state)
    if state["output"]:
        total_end = _draw_products(axes, kernel_size, state, window)
        _draw_output(axes, knobs, position, total_end)
    _write(axes, state)
    return figure


def _title(axes, x, text):
    style.label(axes, x, -0.62, text, ha="left", size=10.5, weight="bold")


def _draw_input(axes, size, kernel_size, stride, padding, dilation, state):
    """Draw the left panel; return the corners of the window on its right side."""
    padded, left_over = state["padded"], state["left_over"]
    side = min(0.85, INPUT / padded)
    _title(axes, 0, f"Input {size} × {size}" + (f", padded to {padded} × {padded}" if padding else ""))
    text = 11 * side / 0.72
    taps = [{k + padding for k in state.get(axis, ())} for axis in ("rows", "columns")]
    pixels = image(size)
    for r in range(padded):
        for c in range(padded):
            inside = padding <= r < padded - padding and padding <= c < padded - padding
            value = int(pixels[r - padding, c - padding]) if inside else 0
            fill, ink = style.grey(value) if inside else (style.PAPER, style.FAINT)
            line = {} if inside else {"linestyle": (0, (2, 2))}
            style.cell(axes, c * side, r * side, side, value, fill, ink, text, **line)
            if r in taps[0] and c in taps[1]:
                dot = Rectangle((c * side, r * side), side, side, fill=False, linewidth=2)
                dot.set(edgecolor=style.ORANGE, zorder=3)
                axes.add_patch(dot)
    for k in range(size):
        if side > 0.3:
            at = (k + padding + 0.5) * side
            style.label(axes, -0.2, at, k, size=7, color=style.FAINT)
            style.label(axes, at, -0.17, k, size=7, color=style.FAINT)
    if left_over:
        _hatch(axes, padded, left_over, side)
    if not state["output"]:
        return None
    x, y = (state[axis][0] + padding for axis in ("columns", "rows"))
    span = state["span"]
    outline = Rectangle((x * side, y * side), span * side, span * side, fill=False, zorder=4)
    outline.set(edgecolor=style.VERMILION, linewidth=3)
    axes.add_patch(outline)
    return [((x + span) * side, y * side), ((x + span) * side, (y + span) * side)]


def _hatch(axes, padded, left_over, side):
    """Cover the rows and columns that no window reaches."""
    used, rest, whole = (padded - left_over) * side, left_over * side, padded * side
    for corner, width, height in (((used, 0), rest, whole), ((0, used), used, rest)):
        axes.add_patch(Rectangle(corner, width, height, facecolor=style.PAPER, alpha=0.62, zorder=3))
        bar = Rectangle(corner, width, height, facecolor="none", hatch="////", zorder=3)
        bar.set(edgecolor=style.INK, linewidth=0.8)
        axes.add_patch(bar)
    style.label(axes, used + rest / 2, whole + 0.22, "left over", size=8.5, style="italic")


def _draw_products(axes, kernel_size, state, window):
    """Draw the middle panel: the kernel, the products and their sums; return where the last sum ends."""
    left = INPUT + 0.75
    _title(axes, left, f"Kernel {kernel_size} × {kernel_size}")
    small = min(0.48, 1.9 / kernel_size)
    weights = kernel(kernel_size)
    for i in range(kernel_size):
        for j in range(kernel_size):
            value = signed(int(weights[i, j]))
            style.cell(axes, left + j * small, i * small, small, value, size=9 * small / 0.45)
    top = kernel_size * small + 0.75
    side = min(0.86, 2.75 / kernel_size)
    style.label(axes, left, top - 0.3, "Pixel × weight", ha="left", size=10.5, weight="bold")
    whole = kernel_size * side
    for corner, y in zip(window, (top, top + whole), strict=True):
        axes.plot([corner[0], left], [corner[1], y], color=style.VERMILION, linewidth=1, alpha=0.55)
    for i, line in enumerate(state["products"]):
        for j, product in enumerate(line):
            at = (left + j * side, top + i * side)
            wide = side > 0.6
            style.cell(axes, *at, side, "", style.blend(style.ORANGE, 0.18))
            middle = (at[0] + side / 2, at[1] + side * (0.66 if wide else 0.5))
            style.label(axes, *middle, signed(product), size=min(11, 17 * side))
            if wide:
                weight = signed(int(weights[i, j]))
                weight = f"({weight})" if weights[i, j] < 0 else weight
                words = f"{state['pixels'][i][j]}·{weight}"
                style.label(axes, middle[0], at[1] + side * 0.27, words, size=7.5, color="#444444")
        words = f"→ {signed(state['row_sums'][i])}"
        middle = top + (i + 0.5) * side
        style.label(axes, left + whole + 0.12, middle, words, ha="left", size=9.5)
    end = top + whole + 0.42
    style.label(axes, left, end, f"sum = {signed(state['total'])}", ha="left", size=13, weight="bold")
    return left + 1.35 + 0.22 * len(signed(state["total"])), end


def _draw_output(axes, knobs, position, total_end):
    """Draw the right panel: the sums so far, in reading order, with this one framed."""
    left = INPUT + PRODUCTS + 1.55
    output = output_size(*knobs)
    _title(axes, left, f"Output {output} × {output}")
    side = min(0.85, OUTPUT / output)
    places = [(r, c) for r in range(output) for c in range(output)]
    totals = {place: describe(*knobs, place)["total"] for place in places}
    largest = max(map(abs, totals.values())) or 1
    for (r, c), total in totals.items():
        corner = (left + c * side, r * side)
        if (r, c) > tuple(position):
            style.cell(axes, *corner, side, linestyle=(0, (1, 2)))
            continue
        colour = style.VERMILION if total > 0 else style.BLUE
        fill = style.blend(colour, 0.6 * abs(total) / largest)
        style.cell(axes, *corner, side, signed(total), fill, size=min(11, 15 * side))
    x, y = left + position[1] * side, position[0] * side
    box = Rectangle((x, y), side, side, fill=False, edgecolor=style.VERMILION, linewidth=3, zorder=4)
    axes.add_patch(box)
    middle = y + side / 2
    bend = "arc3,rad=0.15"
    style.arrow(axes, total_end, (x - 0.06, middle), connectionstyle=bend)


def _write(axes, state):
    """Write the arithmetic under the panels."""
    y = INPUT + 0.62
    general, *numbers = state["formula"]
    style.label(axes, 0, y, f"output = {general} = " + " = ".join(numbers), ha="left", size=9.5)
    style.label(axes, 0, y + 0.42, state["fit"], ha="left", size=9.5)
    if state["output"]:
        style.label(axes, 0, y + 0.84, state["words"], ha="left", size=9.5)
