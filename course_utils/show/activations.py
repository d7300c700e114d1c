"""Drawings of the activations of a deep net before it is trained, layer by layer."""

import numpy as np

from course_utils.show import charts, style

BINS = 18
TALLEST = 0.25
"""A bin with this share of the values or more is as tall as the chart."""


def draw_histograms(layers):
    """Draw one small histogram for each layer, with the mean and the standard deviation below it.

    The histograms of a row have one axis, from its smallest to its largest value, with 0 on it; a bin
    that holds a quarter of the values or more fills the height.

    Parameters
    ----------
    layers : list of ndarray, or dict of str to list of ndarray
        Activations of each layer, or of several nets by name: a row for each.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If there is no layer, or one without values.
    """
    rows = layers if isinstance(layers, dict) else {"": layers}
    if not rows or any(np.size(values) == 0 for row in rows.values() for values in row or [()]):
        raise ValueError("a row of histograms needs layers, and a layer needs values")
    columns = max(map(len, rows.values()))
    wide, high, step, margin = 9.6 / columns, 0.5, 1.19, 0.16
    figure = style.Picture(figsize=(9.6 + 2 * margin, len(rows) * step + 0.06))
    said = []
    for r, (name, row) in enumerate(rows.items()):
        row = [np.ravel(values).astype(float) for values in row]
        ends = min(0, *(v.min() for v in row)), max(0, *(v.max() for v in row))
        for k, values in enumerate(row):
            place = (margin + k * wide + 0.05, r * step + 0.34, wide - 0.1, high)
            title = name if k == 0 else ""
            axes = charts.chart(figure, place, ends, (0, TALLEST), title=title, frame=["bottom"])
            _draw_histogram(axes, values, ends)
            mean, std = values.mean(), values.std()
            words = charts.short(mean) if abs(mean) > 0.02 * std else "0.00"  # up to chance
            charts.under(axes, f"mean {words}", -0.95, size=7.5)
            charts.under(axes, f"std {charts.short(std)}", -0.1, size=7.5)
        spreads = [charts.short(values.std()) for values in (row[0], row[-1])]
        said.append(f"{name or 'activations'}: std {' → '.join(spreads)}")
    figure.alt = f"Histograms of the activations of {columns} layers. {'; '.join(said)}."
    return figure


def _draw_histogram(axes, values, ends):
    counts, edges = np.histogram(values, BINS, ends)
    shares = np.minimum(counts / len(values), TALLEST)
    axes.stairs(shares, edges, fill=True, color=style.BLUE, linewidth=0)
    axes.plot([0, 0], [0, -0.03], color=style.INK, linewidth=1, clip_on=False)
