"""The bill of a network, drawn with matplotlib."""

import textwrap

from matplotlib.patches import Rectangle

from course_utils.show import bill, style

NAME, SHAPE, BARS, RIGHT = 0.0, 3.1, 7.4, 25.0
"""Where the columns begin and end; a row is 1 high."""


def draw_network_bill(
    network="VGG-16", input_shape=None, quantity="memory", number_format="float32", scale="linear"
):
    """Draw what each layer of a network costs.

    Parameters
    ----------
    network : str or list of dict
        A name of :data:`course_utils.show.bill.NETWORKS`, or layers as
        :func:`course_utils.arithmetic.trace` takes them, with square kernels.
    input_shape : tuple of int, optional
        (C, H, W); that of the named network, or 3 × 32 × 32.
    quantity, number_format, scale : str
        As in :func:`course_utils.show.bill.describe`.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If a value is not known or out of range. Layers that do not fit each other are drawn as far
        as they do, with the reason.

    Examples
    --------
    >>> figure = draw_network_bill("LeNet-5", quantity="parameters")
    """
    shape, layers = bill.named(network)
    shape = input_shape or shape or (3, 32, 32)
    state = bill.describe(layers, shape, quantity, number_format, scale)
    names = ["input", *(layer["name"] for layer in layers)]
    lines = textwrap.wrap(state["words"], width=118)
    height = len(names) + 1.6 + 1.1 * len(lines)
    figure, axes = style.picture(10.2, 10.2 * height / 26)
    figure.alt = state["words"]
    style.frame(axes, -0.5, 25.5, -1.4, height - 1.4)
    both = len(state["heads"]) == 2
    starts = [BARS, (BARS + RIGHT) / 2 + 0.3] if both else [BARS]
    room = (starts[1] if both else RIGHT) - BARS - (2.6 if both else 4.2)
    bold = {"ha": "left", "size": 9, "weight": "bold"}
    style.label(axes, NAME, -0.6, "layer", **bold)
    style.label(axes, SHAPE, -0.6, "output", **bold)
    for x, head in zip(starts, state["heads"], strict=True):
        style.label(axes, x, -0.6, f"{head} ({scale})", **bold)
    looks = [(style.BLUE, ""), (style.VERMILION, "/////")]
    if quantity == "parameters":
        looks.reverse()
    for n, name in enumerate(names):
        y = n + 0.5
        style.label(axes, NAME, y, name, ha="left", size=8.5)
        if n >= len(state["rows"]):
            words = "does not fit" if n == len(state["rows"]) else "–"
            style.label(axes, SHAPE, y, words, ha="left", size=8.5, style="italic")
            continue
        style.label(axes, SHAPE, y, state["rows"][n][1], ha="left", size=8.5, color="#444444")
        cells = zip(starts, looks, state["bars"][n], state["texts"][n], strict=False)
        for x, (colour, hatch), length, text in cells:
            box = Rectangle((x, y - 0.34), room * length, 0.68, linewidth=0, hatch=hatch)
            box.set_facecolor(style.blend(colour, 0.25) if hatch else colour)
            box.set_edgecolor(colour)
            axes.add_patch(box)
            words = text.replace("\u00a0", " ")
            style.label(axes, x + room * length + 0.2, y, words, ha="left", size=8)
    for k, line in enumerate(lines):
        style.label(axes, NAME, len(names) + 0.8 + 1.1 * k, line, ha="left", size=9)
    return figure
