"""`course_utils.show`: the lectures' figures, and what the package promises as a whole."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest
from conftest import ROOT
from course_utils.show.__main__ import main
from course_utils.show.figures import FIGURES, figure_svg, stale_figures, write_figures

from course_utils import show
from course_utils.arithmetic import receptive_field
from course_utils.show.style import svg_text
from course_utils.show.values import rounded_bytes, thousands

pytestmark = pytest.mark.unit

LECTURES = sorted((ROOT / "lectures").glob("*.ipynb"))


def words_of(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_the_transposed_picture_adds_the_copies():
    words = words_of(show.draw_transposed(values=(2, 1, 3), weights=(1, 2, 1), stride=2))
    assert words[-7:] == ["2", "4", "3", "2", "4", "6", "3"]


def test_the_receptive_field_is_drawn_pixel_by_pixel():
    layers = [(3, 2), (3, 1, 2), (2, 2)]
    figure = show.draw_receptive_field(layers)
    lowest = [patch for patch in figure.axes[0].patches if patch.get_y() > -1]
    assert len(lowest) == receptive_field(layers) == 13


@pytest.mark.parametrize(
    ("layers", "part"), [([], "layers is empty"), ([(11, 4), (11, 4)], "of 51 pixels is wider")]
)
def test_a_receptive_field_that_cannot_be_drawn_says_why(layers, part):
    with pytest.raises(ValueError, match=part):
        show.draw_receptive_field(layers)


def test_channels_are_drawn_beside_the_image():
    drawn = show.drawn_image(16)
    assert drawn.shape == (3, 16, 16) and drawn.dtype == np.uint8
    titles = [axes.get_title() for axes in show.draw_channels(drawn).axes]
    assert titles[0] == "array (3, 16, 16)" and titles[3] == "[2] blue (16, 16)"


# The committed figures


@pytest.mark.parametrize("name", FIGURES)
def test_a_committed_figure_equals_a_fresh_one(name):
    stored = (ROOT / "lectures" / "figures" / f"{name}.svg").read_bytes()
    assert stored == figure_svg(name).encode(), "run: python -m course_utils.show"


def test_a_figure_does_not_depend_on_the_settings_of_the_session():
    import matplotlib

    with matplotlib.rc_context({"font.size": 30, "lines.linewidth": 9, "svg.fonttype": "none"}):
        strange = figure_svg("transposed")
    assert strange == figure_svg("transposed")
    assert svg_text(show.draw_groups()) == svg_text(show.draw_groups())


def test_the_command_writes_and_compares(tmp_path, capsys):
    assert main([str(tmp_path)]) == 0
    assert {path.stem for path in tmp_path.iterdir()} == set(FIGURES)
    assert main([str(tmp_path), "--check"]) == 0
    (tmp_path / "groups.svg").write_text("old")
    (tmp_path / "depth.svg").unlink()
    assert stale_figures(tmp_path) == ["depth", "groups"]
    capsys.readouterr()
    assert main([str(tmp_path), "--check"]) == 1
    assert "groups.svg is out of date; run: python -m course_utils.show" in capsys.readouterr().out
    assert write_figures(tmp_path) and stale_figures(tmp_path) == []


def test_the_lectures_show_every_committed_figure_with_alt_text():
    pictures = []
    for lecture in LECTURES:
        for cell in json.loads(lecture.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                pattern = r"!\[([^\]]*)\]\(figures/(\w+)\.svg\)"
                pictures += re.findall(pattern, "".join(cell["source"]))
    assert {name for _, name in pictures} == set(FIGURES)
    assert all(len(alt) > 60 for alt, _ in pictures)


def test_nothing_heavy_is_loaded_before_it_is_asked_for():
    code = (
        "import sys, course_utils, course_utils.show; dir(course_utils.show);"
        "heavy = {'matplotlib', 'numpy', 'ipywidgets', 'anywidget'} & set(sys.modules);"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_name_of_the_package_is_found():
    assert all(getattr(show, name) is not None for name in show.__all__)
    with pytest.raises(AttributeError, match="draw_nothing"):
        show.draw_nothing  # noqa: B018


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (1049, "1.0 kB"),
        (1050, "1.1 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (60_950_432, "61.0 MB"),
        (3 * 10**15, "3.0 PB"),
    ],
)
def test_bytes_are_written_with_one_decimal(count, words):
    assert rounded_bytes(count) == words.replace(" ", "\u00a0")
    assert thousands(1234567) == "1\u00a0234\u00a0567"


# The pictures of the lecture say what their captions say


def test_simple_and_complex_cells_answer_as_the_caption_says():
    words = words_of(show.draw_simple_and_complex())
    answers = [word for word in words if "spike" in word or word == "silent"]
    simple, complex_ = answers[0::2], answers[1::2]
    assert simple == ["12 spikes", "silent", "2 spikes", "silent"]
    assert complex_ == ["12 spikes", "12 spikes", "2 spikes", "1 spike"]


def test_the_pooling_picture_pools():
    words = words_of(show.draw_pooling())
    assert [word for word in words if word.replace(".", "").isdigit()][16:] == [
        *("6", "8", "3", "5"),
        *("2.75", "4.75", "1.75", "2"),
    ]


def test_the_history_draws_every_layer_but_the_normalisations():
    words = words_of(show.draw_history())
    assert {"S1", "C3", "c5", "conv5", "fc8", "24×10×10", "96×55×55", "120×1×1"} <= set(words)
    assert "norm1" not in words


def test_the_pattern_has_the_shapes_that_arithmetic_gives():
    from course_utils.arithmetic import trace
    from course_utils.show.bill import NETWORKS
    from course_utils.show.pieces import convolve, pattern_activations

    shape, network = NETWORKS["[conv conv pool] × 3"]
    maps = pattern_activations(show.drawn_image(32))
    rows = trace(network, shape)[:-1]
    assert [(name, values.shape) for name, values in maps] == [row[:2] for row in rows]
    x, w = np.arange(12.0).reshape(1, 3, 4), np.ones((2, 1, 3, 3))
    assert convolve(x, w)[0].tolist() == [[10, 18, 24, 18], [27, 45, 54, 39], [26, 42, 48, 34]]
    assert len(show.draw_pattern(show.drawn_image(32)).axes) == len(maps)


def test_six_tasks_are_drawn_and_named():
    words = words_of(show.draw_tasks())
    tasks = {"Verification", "Detection", "Identification", "Segmentation", "Scene", "Activity"}
    assert tasks <= set(words)


def test_other_drawings_say_what_they_show():
    labels, points = np.array([1, -1, 1]), np.array([[1.0, 0], [0, 1], [2, 0]])
    separated = show.draw_separation(np.zeros((3, 8, 8)), points, labels, (1, -1, 0))
    for figure in (show.draw_saturation(), separated, show.draw_tasks(), show.draw_history()):
        assert len(figure.alt) > 30
