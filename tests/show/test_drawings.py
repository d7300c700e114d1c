"""`course_utils.show`: the lectures' figures, and what the package promises as a whole."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest
from conftest import ROOT

from course_utils import explorers
from course_utils.arithmetic import receptive_field
from course_utils.authoring.figures import FOLDER, figures, main, united
from course_utils.show import history, images, pieces, relatives, scenes, shapes, style

pytestmark = pytest.mark.unit

LECTURES = sorted((ROOT / "lectures").glob("*.ipynb"))


def words_of(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_the_transposed_picture_adds_the_copies():
    words = words_of(relatives.draw_transposed(values=(2, 1, 3), weights=(1, 2, 1), stride=2))
    assert words[-7:] == ["2", "4", "3", "2", "4", "6", "3"]


def test_the_receptive_field_is_drawn_pixel_by_pixel():
    layers = [(3, 2), (3, 1, 2), (2, 2)]
    figure = shapes.draw_receptive_field(layers)
    lowest = [patch for patch in figure.axes[0].patches if patch.get_y() > -1]
    assert len(lowest) == receptive_field(layers) == 13


@pytest.mark.parametrize(
    ("layers", "part"), [([], "layers is empty"), ([(11, 4), (11, 4)], "of 51 pixels is wider")]
)
def test_a_receptive_field_that_cannot_be_drawn_says_why(layers, part):
    with pytest.raises(ValueError, match=part):
        shapes.draw_receptive_field(layers)


def test_channels_are_drawn_beside_the_image():
    drawn = images.drawn_image(16)
    assert drawn.shape == (3, 16, 16) and drawn.dtype == np.uint8
    titles = [axes.get_title() for axes in images.draw_channels(drawn).axes]
    assert titles[0] == "array (3, 16, 16)" and titles[3] == "[2] blue (16, 16)"


def test_a_contact_sheet_has_each_image_in_its_place():
    grey = np.arange(3 * 16).reshape(3, 1, 4, 4)
    figure = images.draw_images(grey, [[2, 0], [1]], ["first", "second"])
    sheet = figure.axes[0].images[0].get_array()
    assert (sheet[:4, :4, 0] == grey[2, 0]).all() and (sheet[:4, 5:9, 2] == grey[0, 0]).all()
    assert (sheet[5:9, :4, 1] == grey[1, 0]).all()
    assert (sheet[5:9, 5:9] == 0).all() and (sheet[4] == 0).all()  # nothing, and the page behind it
    assert words_of(figure) == ["first", "second"]
    assert figure.alt == "3 images in 2 rows: first, second."


def test_a_contact_sheet_without_images_is_refused():
    with pytest.raises(ValueError, match=r"nothing to draw in rows=\[\[\]\]"):
        images.draw_images(np.zeros((1, 3, 8, 8)), [[]])


# The committed figures

FIGURES = figures()
DRAWN = [name for name in FIGURES if name not in explorers.snapshots()]  # with matplotlib


@pytest.fixture(scope="module")
def drawn():
    return {name: text() for name, text in FIGURES.items()}


@pytest.mark.parametrize("name", FIGURES)
def test_a_committed_figure_equals_a_fresh_one(name, drawn):
    stored = (FOLDER / f"{name}.svg").read_bytes()
    assert stored == drawn[name].encode(), "run: python -m course_utils.authoring.figures"


def test_a_figure_depends_neither_on_settings_nor_on_fonts(monkeypatch, drawn):
    import matplotlib
    from matplotlib import font_manager

    other = f"{matplotlib.get_data_path()}/fonts/ttf/STIXGeneral.ttf"

    def find(font, *_, **__):
        return font.get_file() or other

    monkeypatch.setattr(font_manager.fontManager, "findfont", find)
    strange = {
        "font.size": 30,
        "lines.linewidth": 9,
        "svg.fonttype": "path",
        "font.family": "serif",
    }
    with matplotlib.rc_context(strange):
        assert {name: text() for name, text in FIGURES.items()} == drawn


@pytest.mark.parametrize(
    ("name", "words"), [("depth", "input 32 × 32 × 3"), ("feeds", "x12"), ("connections", "y₄")]
)
def test_text_is_text(name, words, drawn):
    assert f">{words}</text>" in drawn[name]


@pytest.mark.parametrize("name", DRAWN)
def test_ink_and_plate_follow_the_theme(name, drawn):
    light, dark = re.findall(r"svg{(--.*?)}", drawn[name])
    for colour in (style.INK, style.PAPER):
        theme, other = style.THEME[colour]
        assert f"--{theme}:{colour}" in light and f"--{theme}:{other}" in dark


def test_text_is_written_in_ink_or_faint(drawn):
    for text in map(drawn.get, DRAWN):
        styles = re.findall(r"^\.\w+{(.*?)}", text, re.M)
        fills = {
            re.sub("#.*?;fill:", "", found) for found in re.findall("fill:(.*)", _fonts(styles))
        }
        assert _fonts(styles) and fills <= {"var(--faint)"}


def _fonts(styles):
    return "\n".join(rule for rule in styles if "font-size" in rule)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_ink_can_be_read_on_every_ground(theme):
    def shown(colour):
        return (colour, style.THEME[colour][1] if colour in style.THEME else colour)[theme]

    paper, ink, faint = (shown(colour) for colour in (style.PAPER, style.INK, style.FAINT))
    assert contrast(paper, faint) >= 4.5
    okabe_ito = (style.BLUE, style.ORANGE, style.GREEN, style.VERMILION, style.SKY, style.PURPLE)
    for colour in map(shown, okabe_ito):
        assert contrast(mixed(colour, 0.5, paper), ink) >= 4.5
    for ground, fixed in (style.grey(value) for value in range(10)):
        assert contrast(ground, fixed) >= 4.5 and not {ground, fixed} & set(style.THEME)


def mixed(colour, share, ground):
    pairs = zip(bytes.fromhex(colour[1:]), bytes.fromhex(ground[1:]), strict=True)
    return "#" + bytes(round(share * a + (1 - share) * b) for a, b in pairs).hex()


def contrast(one, other):
    """Ratio of luminances as WCAG 2 defines it."""
    lights = []
    for colour in (one, other):
        parts = np.array(list(bytes.fromhex(colour[1:]))) / 255
        parts = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        lights.append(parts @ (0.2126, 0.7152, 0.0722) + 0.05)
    return max(lights) / min(lights)


def test_the_figures_are_small(drawn):
    assert sum(len(text.encode()) for text in drawn.values()) < 600_000


def test_axes_and_images_follow_the_theme_too():
    figure = style.Picture()
    axes = figure.subplots()
    axes.imshow([[0, 1]])
    axes.plot([0, 1], [0, 1], "o-")
    axes.bar([0], [1], color="#ff0000", hatch="/")
    axes.set_title("$x_0$")
    text = style.svg_text(figure)
    assert "#000000;stroke:var(--ink)" in text and "#ffffff;fill:var(--paper)" in text
    assert "{fill:#ff0000" in text, "the ground of a hatch"
    assert '<image href="data:image/png;base64,' in text
    used, defined = (re.findall(p, text) for p in (r'(?:url\(|href=")#(\w+)', r' id="(\w+)"'))
    assert used and sorted(set(used)) == sorted(defined)


def test_the_command_writes_and_compares(tmp_path, capsys):
    assert main([str(tmp_path)]) == 0
    assert {path.stem for path in tmp_path.iterdir()} == set(FIGURES)
    assert main([str(tmp_path), "--check"]) == 0
    (tmp_path / "groups.svg").write_text("old")
    (tmp_path / "depth.svg").unlink()
    (tmp_path / "gone.svg").write_text("no longer drawn")
    capsys.readouterr()
    assert main([str(tmp_path), "--check"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "depth.svg is out of date; run: python -m course_utils.authoring.figures",
        "groups.svg is out of date; run: python -m course_utils.authoring.figures",
        "gone.svg: nothing draws it any more; delete it",
    ]
    (tmp_path / "gone.svg").unlink()
    assert main([str(tmp_path)]) == 0 and main([str(tmp_path), "--check"]) == 0


def test_two_figures_of_one_name_are_refused():
    with pytest.raises(ValueError, match="figure 'depth' is drawn twice: by one and two"):
        united({"one": {"depth": str}, "two": {"groups": str, "depth": str}})


def test_the_lectures_show_every_committed_figure_with_alt_text():
    pictures = []
    for lecture in LECTURES:
        for cell in json.loads(lecture.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                pattern = r"!\[([^\]]*)\]\(figures/(\w+)\.svg\)"
                pictures += re.findall(pattern, "".join(cell["source"]))
    assert {name for _, name in pictures} == {path.stem for path in FOLDER.glob("*.svg")}
    assert all(len(alt) > 60 for alt, _ in pictures)


def test_nothing_heavy_is_loaded_before_it_is_asked_for():
    code = (
        "import sys, course_utils.show, course_utils.explorers; dir(course_utils.explorers);"
        "heavy = {'matplotlib', 'numpy', 'ipywidgets', 'anywidget'} & set(sys.modules);"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")


# The pictures of the lecture say what their captions say


def test_simple_and_complex_cells_answer_as_the_caption_says():
    words = words_of(history.draw_simple_and_complex())
    answers = [word for word in words if "spike" in word or word == "silent"]
    simple, complex_ = answers[0::2], answers[1::2]
    assert simple == ["12 spikes", "silent", "2 spikes", "silent"]
    assert complex_ == ["12 spikes", "12 spikes", "2 spikes", "1 spike"]


def test_the_pooling_picture_pools():
    words = words_of(pieces.draw_pooling())
    assert [word for word in words if word.replace(".", "").isdigit()][16:] == [
        *("6", "8", "3", "5"),
        *("2.75", "4.75", "1.75", "2"),
    ]


def test_the_history_draws_every_layer_but_the_normalisations():
    words = words_of(history.draw_history())
    assert {"S1", "C3", "c5", "conv5", "fc8", "24×10×10", "96×55×55", "120×1×1"} <= set(words)
    assert "norm1" not in words


def test_the_pattern_has_the_shapes_that_arithmetic_gives():
    from course_utils.arithmetic import trace
    from course_utils.explorers.network_bill import NETWORKS

    shape, network = NETWORKS["[conv conv pool] × 3"]
    maps = pieces.pattern_activations(images.drawn_image(32))
    rows = trace(network, shape)[:-1]
    assert [(name, values.shape) for name, values in maps] == [row[:2] for row in rows]
    x, w = np.arange(12.0).reshape(1, 3, 4), np.ones((2, 1, 3, 3))
    assert pieces.convolve(x, w)[0].tolist() == [
        [10, 18, 24, 18],
        [27, 45, 54, 39],
        [26, 42, 48, 34],
    ]
    assert len(pieces.draw_pattern(images.drawn_image(32)).axes) == len(maps)


def test_six_tasks_are_drawn_and_named():
    words = words_of(scenes.draw_tasks())
    tasks = {"Verification", "Detection", "Identification", "Segmentation", "Scene", "Activity"}
    assert tasks <= set(words)


def test_other_drawings_say_what_they_show():
    labels, points = np.array([1, -1, 1]), np.array([[1.0, 0], [0, 1], [2, 0]])
    separated = pieces.draw_separation(np.zeros((3, 8, 8)), points, labels, (1, -1, 0))
    for figure in (
        pieces.draw_saturation(),
        separated,
        scenes.draw_tasks(),
        history.draw_history(),
    ):
        assert len(figure.alt) > 30
