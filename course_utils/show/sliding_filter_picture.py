"""One position of the sliding filter, drawn with matplotlib."""

import textwrap

from matplotlib.patches import Rectangle

from course_utils.show import style
from course_utils.show.window import describe, image, kernel, signed

INPUT, OUTPUT = 6.6, 4.4
"""Widths of the left and the right panel."""
MIDDLE, RIGHT = 7.35, 11.75
"""Where the middle and the right panel begin."""


def draw_sliding_filter(size=7, kernel_size=3, stride=1, padding=0, dilation=1, position=(0, 0)):
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
        It shows itself in a notebook.

    Raises
    ------
    ValueError
        If a knob or the position is out of range.

    Examples
    --------
    >>> figure = draw_sliding_filter(size=7, kernel_size=3, stride=3, position=(0, 1))
    """
    knobs = (size, kernel_size, stride, padding, dilation)
    state = describe(*knobs, position)
    figure, axes = style.picture(10.4, 5.7)
    figure.alt = " ".join([f"Output {state['output']} by {state['output']}.", state["fit"]])
    figure.alt += " " + state.get("words", "")
    style.frame(axes, -0.75, 16.65, -0.95, 8.59)
    side = _draw_input(axes, size, padding, state)
    _draw_kernel(axes, kernel_size)
    if state["output"]:
        window = _draw_window(axes, padding, state, side)
        end = _draw_products(axes, kernel_size, state, window)
        _draw_output(axes, knobs, position, end)
    else:
        _title(axes, RIGHT, "No output")
        _outline(axes, 0, 0, state["span"] * side, linestyle="--")
    _write(axes, state)
    return figure


def _title(axes, x, text, y=-0.62):
    style.label(axes, x, y, text, ha="left", size=10.5, weight="bold")


def _outline(axes, x, y, side, **options):
    box = Rectangle((x, y), side, side, fill=False, linewidth=3, zorder=4, **options)
    box.set_edgecolor(style.VERMILION)
    axes.add_patch(box)


def _numerals(axes, count, side, x=0.0, first=0):
    """Number the rows and the columns."""
    for k in range(count if side > 0.3 else 0):
        at = (k + first + 0.5) * side
        style.label(axes, x - 0.2, at, k, size=7, color=style.FAINT)
        style.label(axes, x + at, -0.17, k, size=7, color=style.FAINT)


def _draw_input(axes, size, padding, state):
    """Draw the left panel without the window; return the side of a cell."""
    padded, left_over = state["padded"], state["left_over"]
    side = min(0.85, INPUT / max(padded, state["span"]))
    words = f", padded to {padded} × {padded}" if padding else ""
    _title(axes, 0, f"Input {size} × {size}{words}")
    pixels = image(size)
    for r in range(padded):
        for c in range(padded):
            inside = padding <= r < padded - padding and padding <= c < padded - padding
            value = int(pixels[r - padding, c - padding]) if inside else 0
            fill, ink = style.grey(value) if inside else (style.PAPER, style.FAINT)
            line = {} if inside else {"linestyle": (0, (2, 2))}
            style.cell(axes, c * side, r * side, side, value, fill, ink, 15 * side, **line)
    _numerals(axes, size, side, first=padding)
    if left_over:
        used, rest, whole = (padded - left_over) * side, left_over * side, padded * side
        for corner, width, height in (((used, 0), rest, whole), ((0, used), used, rest)):
            veil = Rectangle(corner, width, height, facecolor=style.PAPER, alpha=0.62, zorder=3)
            bar = Rectangle(corner, width, height, facecolor="none", hatch="////", zorder=3)
            bar.set(edgecolor=style.INK, linewidth=0.8)
            axes.add_patch(veil)
            axes.add_patch(bar)
        style.label(axes, whole, whole + 0.22, "left over", ha="right", size=8.5, style="italic")
    return side


def _draw_window(axes, padding, state, side):
    """Draw the window and its taps; return its two corners on the right."""
    rows, columns = ([k + padding for k in state[axis]] for axis in ("rows", "columns"))
    for r in rows:
        for c in columns:
            tap = Rectangle((c * side, r * side), side, side, fill=False, linewidth=2, zorder=3)
            tap.set_edgecolor(style.ORANGE)
            axes.add_patch(tap)
    x, y, span = columns[0] * side, rows[0] * side, state["span"] * side
    _outline(axes, x, y, span)
    return (x + span, y), (x + span, y + span)


def _kernel_side(kernel_size):
    return min(0.48, 1.9 / kernel_size)


def _draw_kernel(axes, kernel_size):
    _title(axes, MIDDLE, f"Kernel {kernel_size} × {kernel_size}")
    side = _kernel_side(kernel_size)
    for i, line in enumerate(kernel(kernel_size).tolist()):
        for j, weight in enumerate(line):
            style.cell(axes, MIDDLE + j * side, i * side, side, signed(weight), size=20 * side)


def _draw_products(axes, kernel_size, state, window):
    """Draw the products and their sums; return where the last sum ends."""
    side = min(0.86, 2.75 / kernel_size)
    whole = kernel_size * side
    # Not higher than the output's last row: the arrow to the output comes from below.
    output_end = min(0.85 * state["output"], OUTPUT)
    top = max(kernel_size * _kernel_side(kernel_size) + 0.75, output_end - whole)
    _title(axes, MIDDLE, "Pixel × weight", y=top - 0.3)
    for (x, y), end in zip(window, (top, top + whole), strict=True):
        axes.plot([x, MIDDLE], [y, end], color=style.VERMILION, linewidth=1, alpha=0.55)
    weights = kernel(kernel_size).tolist()
    both = side > 0.6
    for i, line in enumerate(state["products"]):
        middle = top + (i + 0.5) * side
        for j, product in enumerate(line):
            x, y = MIDDLE + j * side, top + i * side
            style.cell(axes, x, y, side, fill=style.blend(style.ORANGE, 0.18))
            x, low = x + side / 2, y + side * (0.66 if both else 0.5)
            style.label(axes, x, low, signed(product), size=min(11, 19 * side))
            if both:
                weight = f"({signed(weights[i][j])})" if weights[i][j] < 0 else weights[i][j]
                words = f"{state['pixels'][i][j]}·{weight}"
                style.label(axes, x, y + side * 0.27, words, size=7.5, color="#444444")
        words = f"→ {signed(state['row_sums'][i])}"
        style.label(axes, MIDDLE + whole + 0.12, middle, words, ha="left", size=9.5)
    y, total = top + whole + 0.42, signed(state["total"])
    style.label(axes, MIDDLE, y, f"sum = {total}", ha="left", size=13, weight="bold")
    return MIDDLE + 1.4 + 0.23 * len(total), y


def _draw_output(axes, knobs, position, total_end):
    """Draw the right panel: the sums so far, in reading order, with this one framed."""
    output = describe(*knobs, position)["output"]
    _title(axes, RIGHT, f"Output {output} × {output}")
    side = min(0.85, OUTPUT / output)
    _numerals(axes, output, side, x=RIGHT)
    places = [(r, c) for r in range(output) for c in range(output)]
    totals = {place: describe(*knobs, place)["total"] for place in places}
    largest = max(map(abs, totals.values())) or 1
    for (r, c), total in totals.items():
        corner = (RIGHT + c * side, r * side)
        if (r, c) > tuple(position):
            style.cell(axes, *corner, side, linestyle=(0, (1, 2)))
            continue
        colour = style.VERMILION if total > 0 else style.BLUE
        fill = style.blend(colour, 0.6 * abs(total) / largest)
        style.cell(axes, *corner, side, signed(total), fill, size=min(11, 16 * side))
    x, y = RIGHT + position[1] * side, position[0] * side
    _outline(axes, x, y, side)
    bend = "angle,angleA=0,angleB=90,rad=30"
    style.arrow(axes, total_end, (x + side / 2, y + side + 0.06), connectionstyle=bend)


def _write(axes, state):
    """Write the arithmetic under the panels."""
    lines = ["output = " + " = ".join(state["formula"])]
    lines += textwrap.wrap(state["fit"], width=128) + [state.get("words", "")]
    for k, line in enumerate(lines):
        style.label(axes, 0, INPUT + 0.62 + 0.41 * k, line, ha="left", size=9.5)
