"""The committed figures of the lectures: what draws each of them, and the file it goes to."""

from pathlib import Path

import matplotlib

from course_utils.show import backward, history, pieces, relatives, scenes, shapes, style
from course_utils.show.dense_or_conv_picture import draw_dense_or_conv
from course_utils.show.field_stack_picture import draw_field_stack
from course_utils.show.network_bill_picture import draw_network_bill
from course_utils.show.pool_routing_picture import draw_pool_routing
from course_utils.show.shift_test_picture import draw_shift_test
from course_utils.show.sliding_filter_picture import draw_sliding_filter
from course_utils.show.window_walk_picture import draw_window_walk

FIGURES = {
    "connections": shapes.draw_connections,
    "dense_or_conv": lambda: draw_dense_or_conv(32, 3, 10, 5),
    "depth": shapes.draw_depth,
    "dilation": relatives.draw_dilation,
    "field_stack": lambda: draw_field_stack([(3, 2, 1, 1), (3, 1), (3, 1)], unit=4),
    "groups": relatives.draw_groups,
    "history": history.draw_history,
    "network_bill": lambda: draw_network_bill("VGG-16"),
    "pooling": pieces.draw_pooling,
    "receptive_field": lambda: shapes.draw_receptive_field([(3, 1), (3, 1), (3, 1)]),
    "simple_and_complex": history.draw_simple_and_complex,
    "sliding_filter": lambda: draw_sliding_filter(7, 3, stride=2, padding=1, position=(1, 2)),
    "stride_does_not_fit": lambda: draw_sliding_filter(7, 3, stride=3, position=(0, 1)),
    "tasks": scenes.draw_tasks,
    "transposed": relatives.draw_transposed,
    # Lecture 02
    "feeds": backward.draw_feeds,
    "flip": backward.draw_flip,
    "full_correlation": backward.draw_full_correlation,
    "max_routing": backward.draw_max_routing,
    "pool_routing": lambda: draw_pool_routing(kernel_size=3, stride=2, position=(1, 0)),
    "shift_pooling": lambda: draw_shift_test(0, 1, view="pooling"),
    "shift_stride": lambda: draw_shift_test(1, 1, stride=2),
    "shift_test": lambda: draw_shift_test(1, 2),
    "weight_gradient": backward.draw_weight_gradient,
    "window_walk": lambda: draw_window_walk(mode="backward", step=6),
}
"""Name of each committed figure, without ``.svg``, and the function that draws it."""

FOLDER = Path(__file__).resolve().parents[2] / "lectures" / "figures"


def figure_svg(name):
    """Return the SVG text of a committed figure, drawn afresh under matplotlib's own defaults."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(style.SETTINGS)
        return style.svg_text(FIGURES[name]())


def write_figures(folder=FOLDER):
    """Write every committed figure into a folder and return the paths."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name in FIGURES:
        paths.append(folder / f"{name}.svg")
        paths[-1].write_text(figure_svg(name), encoding="utf-8", newline="\n")
    return paths


def stale_figures(folder=FOLDER):
    """Return the names of the figures whose file is missing or differs from a fresh drawing."""
    paths = {name: Path(folder) / f"{name}.svg" for name in FIGURES}
    return [
        name
        for name, path in paths.items()
        if not path.exists() or path.read_bytes() != figure_svg(name).encode()
    ]
