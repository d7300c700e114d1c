"""Small charts for committed figures: axes at a fixed place, with numbers that no installed font moves."""

from matplotlib.patches import PathPatch
from matplotlib.path import Path

from course_utils.show import style

SMALL = 8.5
"""Size of the numbers along an axis."""


def chart(figure, place, xlim, ylim, x=(), y=(), title="", frame=("left", "bottom")):
    """Return axes at a place of a figure, with their title, lines and numbers.

    Parameters
    ----------
    figure : Picture
    place : (float, float, float, float)
        Left, top, width and height, in inches from the upper left corner of the figure.
    xlim, ylim : (float, float)
        Ends of the axes.
    x, y : sequence of float, or dict of float to str
        Where numbers stand along the axes, and what is written there if not the number.
    title : str
        Above, on the left, bold.
    frame : sequence of str
        Which sides have a line: of ``"left"``, ``"right"``, ``"top"`` and ``"bottom"``.
    """
    left, top, width, height = place
    wide, high = figure.get_size_inches()
    at = (left / wide, 1 - (top + height) / high, width / wide, height / high)
    axes = figure.add_axes(at, xlim=xlim, ylim=ylim, xticks=[], yticks=[], facecolor="none")
    axes.spines[:].set(visible=False, color=style.FAINT, linewidth=0.8)
    for side in frame:
        axes.spines[side].set_visible(True)
    look = {"size": SMALL, "color": style.FAINT}
    below, beside = axes.get_xaxis_transform(), axes.get_yaxis_transform()
    for value, words in _written(x):
        style.label(axes, value, -0.14 / height, words, transform=below, **look)
    for value, words in _written(y):
        style.label(axes, -0.06 / width, value, words, ha="right", transform=beside, **look)
    if title:
        above = 1 + 0.15 / height
        options = {"ha": "left", "weight": "bold", "transform": axes.transAxes}
        style.label(axes, 0, above, title, size=10, **options)
    return axes


def _written(numbers):
    if isinstance(numbers, dict):
        return numbers.items()
    return [(number, f"{number:g}".replace("-", "−")) for number in numbers]


def under(axes, words, line=0, size=9, **options):
    """Write a line of words below axes, under the numbers: ``line`` counts from 0."""
    height = axes.get_position().height * axes.figure.get_size_inches()[1]
    style.label(
        axes, 0.5, -(0.3 + 0.17 * line) / height, words, size, transform=axes.transAxes, **options
    )


def dots(axes, points, size, colour, **options):
    """Draw round points as one path, which takes a third of the bytes of as many marks.

    Parameters
    ----------
    points : ndarray of shape (N, 2)
    size : float
        Diameter, in points.
    """
    vertices = [point for point in points for _ in range(2)]
    path = Path(vertices, [Path.MOVETO, Path.LINETO] * len(points))
    path.should_simplify = False  # lines of length 0, which round ends make into dots
    look = {"facecolor": "none", "edgecolor": colour, "linewidth": size, "capstyle": "round"}
    axes.add_patch(PathPatch(path, **look | options))


def raised(exponent):
    """Write a whole number as an exponent.

    >>> f"10{raised(-12)}"
    '10⁻¹²'
    """
    return str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def short(number):
    """Write a number as a small table has room for: two decimals, or one digit and a power of ten.

    >>> [short(number) for number in (0.578, -12.3, 0.0004, 0, 3200)]
    ['0.58', '−12.30', '4·10⁻⁴', '0', '3·10³']
    """
    size = abs(number)
    words = f"{size:.2f}"
    if number == 0:
        return "0"
    if not 0.005 <= size < 1000:
        digit, exponent = f"{size:.0e}".split("e")
        words = f"{digit}·10{raised(exponent)}"
    return f"−{words}" if number < 0 else words
