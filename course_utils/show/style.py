"""What all drawings share: colours, cells of numbers, and SVG files that are always the same."""

import base64
import copy
import html
import io
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Rectangle

from course_utils.show.compact import compact

INK = "#1a1a1a"
FAINT = "#646366"
PAPER = "#efeee9"
"""Text and lines, what matters less, and the ground: a plate that does not glare in a dark page."""
BLUE, ORANGE, GREEN, VERMILION, SKY, PURPLE = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#d55e00",
    "#56b4e9",
    "#cc79a7",
)
"""Okabe and Ito's colours, which people with any colour vision can tell apart."""

THEME = {
    INK: ("ink", "#e8e7e3"),
    FAINT: ("faint", "#9b9a9d"),
    PAPER: ("paper", "#1b1b1b"),
    BLUE: ("blue", "#3f9fdc"),
    VERMILION: ("vermilion", "#ef7d2b"),
    "#000000": ("ink", "#e8e7e3"),
    "#ffffff": ("paper", "#1b1b1b"),
}
"""What changes in a dark theme: the colour here, its name and the dark colour.

The other colours can be seen on both plates. Black and white are matplotlib's own ink and paper.
"""
BLACK, WHITE = "#010101", "#fefefe"
"""Ink on a ground that stays in both themes: colours that :data:`THEME` does not know."""

MARGIN = 8 / 72
"""Inches that stay free at the edges of the plate, where matplotlib lays the axes out."""

SETTINGS = {
    "svg.fonttype": "none",
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
    figure = Picture(figsize=(width, height))
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


def paint(axes, shape, colour, share, hatch="", **look):
    """Draw a shape in ``share`` of a colour that hides what lies behind it.

    The hatch comes last and alone: matplotlib fills the ground of one without regard to its share.
    """
    layers = [{"facecolor": PAPER, "linewidth": 0}, {"facecolor": blend(colour, share)} | look]
    if hatch:
        layers[1]["linewidth"] = 0
        layers.append({"facecolor": "none", "hatch": hatch} | look)
    for layer in layers:
        part = copy.copy(shape)
        part.set(**layer)
        axes.add_patch(part)


def label(axes, x, y, text, size=10, weight="normal", **options):
    """Write a text centred on (x, y) unless told otherwise.

    It is measured with the font that comes with matplotlib, whatever fonts are installed.
    """
    file = "DejaVuSans-Bold.ttf" if weight == "bold" else "DejaVuSans.ttf"
    file = Path(matplotlib.get_data_path(), "fonts", "ttf", file)
    font = FontProperties(family="DejaVu Sans", weight=weight, size=size, fname=file)
    options = {"ha": "center", "va": "center", "color": INK} | options
    axes.text(x, y, text, fontproperties=font, **options)


def arrow(axes, start, end, **options):
    """Draw an arrow between two points."""
    style = {"arrowstyle": "-|>", "color": FAINT, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", xy=end, xytext=start, arrowprops=style | options)


def blend(colour, share):
    """Return a colour (``#rrggbbaa``) that covers ``share`` of its ground, be that light or dark.

    Ink can be read on it up to a share of 0.5.
    """
    return f"{colour}{round(255 * share):02x}"


def grey(value, greatest=9):
    """Return the grey of a pixel value from 0 (dark) to ``greatest`` (light), and an ink for it."""
    level = round(60 + 194 * value / greatest)
    return f"#{level:02x}{level:02x}{level:02x}", BLACK if level > 118 else WHITE


def svg_text(figure):
    """Return the figure as SVG text, the same characters for the same drawing."""
    for axes in figure.axes:
        if not axes.axison:  # no edge is seen at which a shape could be cut off
            for artist in axes.get_children():
                artist.set_clip_on(False)
    if isinstance(layout := figure.get_layout_engine(), ConstrainedLayoutEngine):
        layout.set(w_pad=MARGIN, h_pad=MARGIN)
    buffer = io.StringIO()
    with matplotlib.rc_context(SETTINGS):
        figure.savefig(buffer, format="svg", facecolor="none", metadata={"Date": None})
    return compact(buffer.getvalue(), THEME)
