"""What lecture 04 draws while it runs: layers under the roofs of a machine."""

from course_utils.show import style


def draw_roofline(peak, bandwidth, points):
    """Draw what a machine can do over the operations for each byte moved, and what layers reach.

    Parameters
    ----------
    peak : float
        Operations a second, in thousand millions.
    bandwidth : float
        Bytes a second, in thousand millions.
    points : dict of str to (float, float)
        Of each layer the operations a byte, and the rate that was measured.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = style.Picture(figsize=(8.4, 3.6), facecolor="white", layout="constrained")
    axes = figure.add_subplot()
    bend = peak / bandwidth
    known = [place for place, _ in points.values()]
    left, right = min(bend / 30, *known) / 2, max(bend * 10, *known) * 3
    axes.loglog([left, bend, right], [left * bandwidth, peak, peak], color=style.INK, linewidth=1.8)
    axes.axvline(bend, color=style.FAINT, linewidth=0.8, linestyle=(0, (4, 3)))
    for name, (intensity, rate) in points.items():
        axes.plot([intensity], [rate], "o", color=style.BLUE, markersize=7)
        axes.annotate(name, (intensity, rate), (6, -16), textcoords="offset points", fontsize=10)
    axes.set_xlim(left, right)
    axes.set_ylim(top=2.5 * max(peak, *(rate for _, rate in points.values())))
    axes.set_xlabel("operations for each byte moved")
    axes.set_ylabel("10⁹ operations a second")
    said = ", ".join(f"{name} {rate:.1f} at {place:.1f}" for name, (place, rate) in points.items())
    figure.alt = (
        f"A roofline: slanted up to {bend:.1f} operations a byte, then flat at {peak:.0f} thousand million "
        f"operations a second. Layers, measured: {said}."
    )
    return figure
