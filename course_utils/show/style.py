"""What all drawings share: colours, cells of numbers, and SVG files that are always the same."""

import base64
import html
import io

import matplotlib
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

INK = "#1a1a1a"
FAINT = "#767676"
PAPER = "#ffffff"
BLUE, ORANGE, GREEN, VERMILION, SKY, PURPLE = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#d55e00",
    "#56b4e9",
    "#cc79a7",
)
"""Okabe and Ito's colours, which people with any colour vision can tell apart."""

SETTINGS = {
    "svg.hashsalt": "course",
    "svg.fonttype": "path",
    "font.family": ["DejaVu Sans"],
    "font.size": 10,
    "text.color": INK,
    "hatch.linewidth": 0.8,
    "path.simplify": True,
}


class Picture(Figure):
    """A matplotlib figure that shows itself in a notebook, without pyplot.

    It is an SVG image that shrinks with the page; ``alt`` says in words what it shows.
    """

    alt = ""

    def _repr_html_(self):
        data = base64.b64encode(svg_text(self).encode()).decode()
        alt = html.escape(self.alt, quote=True)
        source = f"data:image/svg+xml;base64,{data}"
        return f'<img src="{source}" alt="{alt}" style="max-width: 100%; height: auto">'


def picture(width, height):
    """Return an empty picture (inches) and its axes, with equal units and y pointing down."""
    figure = Picture(figsize=(width, height), facecolor=PAPER)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_aspect("equal")
    return figure, axes


def frame(axes, left, right, top, bottom):
    """Fix what part of the plane the axes show."""
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)


def cell(axes, x, y, side=1.0, text="", fill=PAPER, ink=INK, size=10, **options):
    """Draw one square, its upper left corner at (x, y), with a text in its middle."""
    options = {"edgecolor": FAINT, "linewidth": 0.6} | options
    axes.add_patch(Rectangle((x, y), side, side, facecolor=fill, **options))
    if text != "":
        label(axes, x + side / 2, y + side / 2, text, color=ink, size=size)


def label(axes, x, y, text, **options):
    """Write a text centred on (x, y) unless told otherwise."""
    options = {"ha": "center", "va": "center", "color": INK} | options
    axes.text(x, y, text, **options)


def arrow(axes, start, end, **options):
    """Draw an arrow between two points."""
    style = {"arrowstyle": "-|>", "color": FAINT, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", xy=end, xytext=start, arrowprops=style | options)


def blend(colour, share, ground=PAPER):
    """Return ``share`` of a colour on a ground, both as ``#rrggbb``."""
    mixed = (
        round(int(ground[k : k + 2], 16) * (1 - share) + int(colour[k : k + 2], 16) * share)
        for k in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in mixed)


def grey(value, greatest=9):
    """Return the grey of a pixel value from 0 (dark) to ``greatest`` (light), and an ink for it."""
    level = round(60 + 195 * value / greatest)
    return f"#{level:02x}{level:02x}{level:02x}", INK if level > 140 else PAPER


def svg_text(figure):
    """Return the figure as SVG text, the same characters for the same drawing."""
    buffer = io.StringIO()
    with matplotlib.rc_context(SETTINGS):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()
