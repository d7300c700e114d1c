"""An inception module: its bill against plain formulas and against torch, its keys, mouse and controls."""

import re

import numpy as np
import pytest
import traitlets
from oracle import torch

from course_utils.explorers import InceptionCost
from course_utils.explorers.engine import Engine
from course_utils.explorers.inception_cost import MODULES, WIDTHS

pytestmark = pytest.mark.unit

NAMED = pytest.mark.parametrize("name", MODULES)
# Widths that no two of them share, as in the exercise, and those of the largest module there can be.
OWN = [((9, 6, 5, 8, 3, 4, 7), 5), ((1,) * 7, 1), ((1024,) * 7, 64)]
RANDOM = [
    (tuple(int(n) for n in np.random.default_rng(seed).integers(1, 1025, 7)), 1 + seed % 64)
    for seed in range(200)
]
ASKED = """
cases.map(([module, size]) => describe({ module, reductions: true, size, branch: 2 }, TABLES).versions)
"""


@pytest.fixture(scope="module")
def engine():
    return Engine(InceptionCost)


def bills(module, size):
    """Outputs, parameters and multiply-adds of both versions, from the formulas."""
    C, n1, r3, n3, r5, n5, p = module
    pixels = size * size
    reduced = C * n1 + C * r3 + 9 * r3 * n3 + C * r5 + 25 * r5 * n5 + C * p
    naive = C * n1 + 9 * C * n3 + 25 * C * n5
    return [
        ([n1, n3, n5, p], reduced + n1 + r3 + n3 + r5 + n5 + p, reduced * pixels),
        ([n1, n3, n5, C], naive + n1 + n3 + n5, naive * pixels),
    ]


def test_both_bills_agree_with_the_formulas(engine):
    cases = [(module, size) for size, module in MODULES.values()] + OWN + RANDOM
    for case, versions in zip(cases, engine.run(ASKED, cases=cases), strict=True):
        got = [(v["outputs"], v["parameters"], v["work"]) for v in versions]
        assert got == bills(*case), case
        for version in versions:
            layers = [layer for branch in version["branches"] for layer in branch]
            assert sum(layer["work"] for layer in layers) == version["work"]
            assert version["out_channels"] == sum(version["outputs"])


@pytest.mark.torch
@NAMED
def test_a_named_module_costs_what_the_library_s_does(engine, name):
    from course_utils.models import Inception, summary

    size, module = MODULES[name]
    [reduced, _] = engine.run(ASKED, cases=[(module, size)])[0]
    net = Inception(*module)
    assert sum(value.numel() for value in net.parameters()) == reduced["parameters"]
    layers = [layer for branch in reduced["branches"] for layer in branch if "kernel" in layer]
    shapes = [(layer["to"], layer["from"], *[layer["kernel"]] * 2) for layer in layers]
    weights = [tuple(value.shape) for value in net.parameters() if value.ndim == 4]
    assert sorted(weights) == sorted(shapes)
    rows = summary(net, (module[0], size, size))
    assert sum(row.multiply_adds for row in rows) == reduced["work"]


@pytest.mark.torch
def test_the_nine_modules_are_those_of_the_library():
    from course_utils.models.googlenet import TABLE

    ours = {name: module[1:] for name, (_, module) in MODULES.items() if name != "CS231n"}
    assert ours == TABLE


@pytest.mark.torch
@NAMED
def test_the_naive_module_costs_what_torch_counts(engine, name):
    size, (channels, n1, _, n3, _, n5, _) = MODULES[name]
    [_, naive] = engine.run(ASKED, cases=[(MODULES[name][1], size)])[0]
    kernels = {1: n1, 3: n3, 5: n5}
    with torch.device("meta"):
        convolutions = [torch.nn.Conv2d(channels, n, k, padding="same") for k, n in kernels.items()]
        x = torch.empty(1, channels, size, size)
        pooled = torch.nn.functional.max_pool2d(x, 3, 1, 1)
        out = torch.cat([*(layer(x) for layer in convolutions), pooled], 1)
    assert out.shape == (1, naive["out_channels"], size, size)
    count = sum(value.numel() for layer in convolutions for value in layer.parameters())
    assert count == naive["parameters"]


def test_each_module_reads_what_the_one_before_gives(engine):
    names = [name for name in MODULES if name != "CS231n"]
    cases = [(MODULES[name][1], MODULES[name][0]) for name in names]
    given = [reduced["out_channels"] for reduced, _ in engine.run(ASKED, cases=cases)]
    assert given == [256, 480, 512, 512, 512, 528, 832, 832, 1024]
    assert [module[0] for module, _ in cases] == [192, *given[:-1]]


def test_the_example_of_the_lectures_is_computed_not_repeated(engine):
    size, module = MODULES["CS231n"]
    reduced, naive = engine.run(ASKED, cases=[(module, size)])[0]
    assert naive["work"] == 854_196_224 and naive["out_channels"] == 672
    assert reduced["work"] == 271_351_808


def test_a_branch_s_lines_say_how_its_costs_come_about(engine):
    def lines(**values):
        [(title, lines), _] = engine.describe(**values)["sections"]
        said = ["".join(str(p[0] if isinstance(p, list) else p) for p in line) for line in lines]
        return title, [line.replace("\u00a0", " ") for line in said]

    assert lines() == (
        "Branch 2 of 4: 3×3, with reductions",
        [
            "1×1: 192·96 + 96 = 18 528 parameters; 28²·192·96 = 14 450 688 multiply-adds",
            "3×3: 3²·96·128 + 128 = 110 720 parameters; 28²·3²·96·128 = 86 704 128 multiply-adds",
        ],
    )
    pooling = "3×3 max pooling, stride 1: 192 maps in, 192 out, nothing to multiply or to learn"
    title = "Branch 4 of 4: pool, without reductions"
    assert lines(reductions=False, branch=4) == (title, [pooling])


WRITTEN = """
(() => {
  const pen = new SvgPen();
  const scene = { values, tables: TABLES, state: describe(values, TABLES), look: LIGHT };
  const plan = layout(width, scene);
  draw(pen, plan, scene);
  const words = pen.parts.filter(({ words }) => words).map(({ words, at: [x, y], style }) => {
    const size = Number(style.match(/font-size:(\\d+)/)[1]);
    const long = 0.56 * size * words.length;
    const shift = style.includes("anchor:middle") ? 0.5 : style.includes("anchor:end") ? 1 : 0;
    return [words, +x - shift * long, +y - size, long, size];
  });
  return [plan.height, plan.rows, words];
})()
"""


@pytest.mark.parametrize("width", [1060, 876, 736, 548])
@pytest.mark.parametrize("reductions", [True, False])
def test_no_words_overlap_or_leave_the_picture(engine, width, reductions):
    cases = [(module, size) for size, module in MODULES.values()] + OWN
    for module, size in cases:
        values = {"module": module, "reductions": reductions, "size": size, "branch": 1}
        height, rows, written = engine.run(WRITTEN, values=values, width=width)
        assert height <= 390 or width < 850
        assert rows[-1]["y"] + rows[-1]["height"] <= height
        for k, (words, x, y, long, size) in enumerate(written):
            assert x >= 0 and x + long <= width and 0 <= y <= height, (words, module)
            for other, left, top, reach, tall in written[k + 1 :]:
                apart = x + long <= left or left + reach <= x or y + size <= top or top + tall <= y
                assert apart, (words, other, module)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"module": "6a"}, "module='6a' is not one of 3a, 3b, 4a"),
        ({"module": (192, 64)}, f"module must be a name or ({', '.join(WIDTHS)}), got (192, 64)"),
        ({"module": 3}, "module must be a name or (in_channels"),
        ({"module": (192, 64, 0, 128, 16, 32, 32)}, "n3x3_reduce=0 is outside 1 to 1024"),
        ({"module": (192, 64, 96, 128, 16, 32.0, 32)}, "n5x5 must be an int, got 32.0"),
        ({"reductions": "no"}, "reductions"),
        ({"size": 65}, "size=65 is outside 1 to 64"),
        ({"branch": 0}, "branch=0 is outside 1 to 4"),
        ({"branch": 5}, "branch=5 is outside 1 to 4"),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_with_what_is_allowed(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        InceptionCost(**change)


def test_it_takes_a_name_and_gives_the_arguments_of_a_module():
    explorer = InceptionCost("4e")
    assert explorer.size == 14 and explorer.module == (528, 256, 160, 320, 32, 128, 128)
    explorer.module = "5b"
    assert explorer.size == 7
    assert InceptionCost("4e", size=20).size == 20
    assert InceptionCost((9, 6, 5, 8, 3, 4, 7)).size == 28
    assert repr(explorer) == (
        "InceptionCost(module=(832, 384, 192, 384, 48, 128, 128), reductions=True, size=7, branch=2)"
    )


def test_values_out_of_range_are_mended(engine):
    values = {"module": (8,) * 7, "reductions": True}
    for given, wanted in [((0, 0), (1, 1)), ((99, 9), (64, 4)), ((28, 3), (28, 3))]:
        asked = values | dict(zip(("size", "branch"), given, strict=True))
        mended = engine.run("mend(values, TABLES)", values=asked)
        assert (mended["size"], mended["branch"]) == wanted


@pytest.mark.browser
def test_keys_choose_branches_modules_and_versions(page, engine):
    from selenium.webdriver.common.keys import Keys

    page.open(InceptionCost())
    for key, branch in [(Keys.ARROW_DOWN, 3), (Keys.END, 4), (Keys.ARROW_UP, 3), (Keys.HOME, 1)]:
        page.press(key)
        assert page.trait("branch") == branch
    page.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert page.trait("module") == list(MODULES["4a"][1]) and page.trait("size") == 14
    assert page.find("[data-choice=module] select").get_attribute("value") == "4a"
    page.press(Keys.ARROW_LEFT, " ")
    assert page.trait("reductions") is False
    assert page.said() == engine.describe("3b", False, branch=1)["words"]
    assert page.said().startswith("Module 3b, maps of 28 × 28, shown without reductions.")
    page.press(Keys.ARROW_DOWN)
    assert page.said().replace("\u00a0", " ") == (
        "Branch 3×3: 442 560 parameters, 346 816 512 multiply-adds, 192 maps out."
    )


@pytest.mark.browser
def test_widths_of_your_own_are_set_and_a_known_module_comes_back(page):
    from selenium.webdriver.common.keys import Keys

    page.open(InceptionCost())
    page.press(Keys.ARROW_RIGHT, at="[data-knob=n3x3_reduce] input")
    page.press(Keys.ARROW_LEFT, at="[data-knob=size] input")
    assert page.trait("module") == [192, 64, 104, 128, 16, 32, 32] and page.trait("size") == 27
    assert page.find("[data-choice=module] select").get_attribute("value") == "your own"
    page.press(Keys.ARROW_RIGHT)  # from widths of one's own there is no next module
    assert page.trait("size") == 27
    page.press("5b", at="[data-choice=module] select")
    assert page.trait("module") == list(MODULES["5b"][1]) and page.trait("size") == 7


@pytest.mark.browser
def test_clicks_choose_a_branch_and_a_version(page):
    page.open(InceptionCost())
    page.js("el.style.width = '900px'")
    page.click(300, 32 + 280)
    assert page.trait("branch") == 4
    page.click(720, 32 + 58)
    assert page.trait("reductions") is False
    page.click(720, 32 + 34)
    assert page.trait("reductions") is True
    page.find("[data-choice=reductions] input[value=without]").click()
    assert page.trait("reductions") is False


@pytest.mark.browser
def test_the_largest_module_fits_a_notebook(page):
    page.open(InceptionCost((1024,) * 7, size=64))
    page.js("el.style.width = '900px'")
    page.driver.execute_async_script("requestAnimationFrame(() => setTimeout(arguments[0]))")
    box = page.js("const e = el.querySelector('.explorer'); return [e.offsetHeight, e.scrollWidth]")
    assert box[0] <= 650 and box[1] <= 900
    assert page.complaints() == []
