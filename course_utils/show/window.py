"""One position of a filter over an input: the numbers and the words that every picture of it shows.

The explorer draws the same in the browser: ``describe`` in ``sliding_filter_numbers.js`` is the
twin of :func:`describe`.
"""

import numpy as np

from course_utils.arithmetic import conv_output_size
from course_utils.show.values import check_int

KNOBS = {
    "size": ("Input size", "W", 1, 14),
    "kernel_size": ("Kernel size", "F", 1, 7),
    "stride": ("Stride", "S", 1, 5),
    "padding": ("Padding", "P", 0, 3),
    "dilation": ("Dilation", "D", 1, 3),
}
"""Label, symbol, least and greatest value of each knob."""


def image(size):
    """Return the input: bright discs (7 to 9) on a dark ground (0 to 2), seven pixels apart.

    Returns
    -------
    ndarray of shape (size, size), int
        A larger image continues a smaller one, so that no number changes when the size does.
    """
    r, c = np.indices((size, size))
    disc = (r % 7 - 3) ** 2 + (c % 7 - 3) ** 2 <= 5
    return np.where(disc, 7 + (r + 2 * c) % 3, (2 * r + c) % 3)


def kernel(kernel_size):
    """Return the weights: right minus left, the middle row counted twice; ``[[1]]`` for size 1.

    Returns
    -------
    ndarray of shape (kernel_size, kernel_size), int
        Its sum of products is large where the image gets brighter from left to right.
    """
    if kernel_size == 1:
        return np.ones((1, 1), dtype=int)
    offset = 2 * np.arange(kernel_size) - (kernel_size - 1)
    return np.where(offset == 0, 2, 1)[:, None] * np.sign(offset)


def check_knob(name, value):
    """Return ``value`` as an int, or raise ValueError that says what the knob takes."""
    return check_int(name, value, *KNOBS[name][2:])


def check_position(position, output):
    """Return ``position`` as (row, column), or raise ValueError when it is outside the output."""
    try:
        row, column = position
        row, column = row.__index__(), column.__index__()
    except (AttributeError, TypeError, ValueError):
        raise ValueError(f"position must be (row, column), two ints, got {position!r}") from None
    last = max(output - 1, 0)
    if not (0 <= row <= last and 0 <= column <= last):
        extent = f"{output} × {output}: its rows and columns run from 0 to {last}"
        if output == 0:
            extent = "empty, as the kernel does not fit: only (0, 0) is allowed"
        raise ValueError(f"position=({row}, {column}) is outside the output, which is {extent}")
    return row, column


def output_size(size, kernel_size, stride, padding, dilation):
    """Return the output size, or 0 when the kernel does not fit into the padded input."""
    if dilation * (kernel_size - 1) + 1 > size + 2 * padding:
        return 0
    return conv_output_size(size, kernel_size, stride, padding, dilation)


def describe(size, kernel_size, stride, padding, dilation, position):
    """Work out one state of the picture.

    Parameters
    ----------
    size, kernel_size, stride, padding, dilation : int
        The knobs, within :data:`KNOBS`; square images and kernels.
    position : (int, int)
        Row and column of the output, from 0.

    Returns
    -------
    dict
        ``span``, ``padded``, ``output``, ``left_over`` (pixels along an axis); ``formula`` (lines)
        and ``fit`` (a sentence); and when the kernel fits ``rows`` and ``columns`` (of the input,
        negative in the padding), ``pixels`` and ``products`` (lists of lists), ``row_sums``,
        ``total``, ``place`` (lines), ``sum`` (a line) and ``words`` (a sentence).

    Raises
    ------
    ValueError
        If a knob or the position is out of range.
    """
    knobs = dict(zip(KNOBS, (size, kernel_size, stride, padding, dilation), strict=True))
    W, F, S, P, D = (check_knob(name, value) for name, value in knobs.items())
    output = output_size(W, F, S, P, D)
    row, column = check_position(position, output)
    span, padded = D * (F - 1) + 1, W + 2 * P
    room = padded - span
    state = {"span": span, "padded": padded, "output": output, "left_over": 0}
    state["formula"] = [
        "⌊(W + 2P − D(F − 1) − 1) / S⌋ + 1",
        f"⌊({W} + 2·{P} − {D}·({F} − 1) − 1) / {S}⌋ + 1",
    ]
    if not output:
        state["fit"] = (
            f"The kernel does not fit: it spans D(F − 1) + 1 = {span} pixels and the padded input "
            f"has {padded}. There is no output."
        )
        return state
    state["left_over"] = left_over = room % S
    state["formula"].append(f"⌊{room} / {S}⌋ + 1 = {room // S} + 1 = {output}")
    state["fit"] = _fit(W, S, P, D, F, room, output)

    rows = [row * S - P + D * k for k in range(F)]
    columns = [column * S - P + D * k for k in range(F)]
    pixels = np.pad(image(W), P)[np.ix_([r + P for r in rows], [c + P for c in columns])]
    products = (pixels * kernel(F)).tolist()
    row_sums = [sum(line) for line in products]
    total = sum(row_sums)
    terms = _sum_of(row_sums) if F > 1 else f"{pixels[0, 0]}·1"
    outside = any(not 0 <= k < W for k in rows + columns)
    padding_words = f" Outside 0 to {W - 1} lies the padding, which is 0." if outside else ""
    s = "s" if F > 1 else ""
    reads = f"input row{s} {_listed(rows)} and column{s} {_listed(columns)}"
    adds = f"its {F * F} products add up to" if F > 1 else "its only product is"
    return state | {
        "left_over": left_over,
        "rows": rows,
        "columns": columns,
        "pixels": pixels.tolist(),
        "products": products,
        "row_sums": row_sums,
        "total": total,
        "place": [
            f"first row: {row}·S − P = {row}·{S} − {P} = {signed(rows[0])}",
            f"first column: {column}·S − P = {column}·{S} − {P} = {signed(columns[0])}",
            f"reads {reads}.{padding_words}",
        ],
        "sum": f"y[{row}, {column}] = {terms} = {signed(total)}",
        "words": f"Output row {row}, column {column}, reads {reads}; {adds} {signed(total)}.",
    }


def _fit(W, S, P, D, F, room, output):
    """Say whether the steps of the stride use up the input, and what they leave."""
    left_over = room % S
    if left_over:
        last = f"last {left_over} rows" if left_over > 1 else "last row"
        and_last = f"last {left_over} columns" if left_over > 1 else "last column"
        lost = "; only padding is lost" if left_over <= P else ", padding included" if P else ""
        words = (
            f"Stride {S} does not fit: {room} / {S} + 1 = {room / S + 1:.2f} is not a whole "
            f"number. The {last} and the {and_last} (hatched) are left over{lost}."
        )
    else:
        words = f"Stride {S} fits: {room} / {S} + 1 = {output}, "
        words += "and the last window ends at the edge."
    read = {i * S + D * k for i in range(output) for k in range(F)}
    skipped = W + 2 * P - left_over - len(read)
    if skipped:
        words += f" Gaps: {skipped} of {W + 2 * P} padded rows and columns are in no window's sum."
    return words


def signed(number):
    """Write a whole number with a true minus sign."""
    return f"−{-number}" if number < 0 else str(number)


def _sum_of(terms):
    words = signed(terms[0])
    for term in terms[1:]:
        words += f" − {-term}" if term < 0 else f" + {term}"
    return words


def _listed(numbers):
    return ", ".join(signed(number) for number in numbers)
