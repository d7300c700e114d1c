"""Two networks as blocks: their bills against arithmetic and against torch, their scale, keys and mouse."""

import itertools
import math
import re

import pytest
import traitlets

from course_utils import networks
from course_utils.arithmetic import trace
from course_utils.explorers import NetworkBlocks
from course_utils.explorers.engine import Engine
from course_utils.explorers.network_blocks import ARCHITECTURES, NONE

pytestmark = pytest.mark.unit

NAMED = pytest.mark.parametrize("name", ARCHITECTURES)
# Layers of networks that have a list of them.
LISTED = {
    "LeNet-5": networks.LENET5,
    "AlexNet": networks.ALEXNET,
    "AlexNet, two groups": networks.ALEXNET_GROUPED,
    "ZFNet": networks.ZFNET,
    "VGG-11": networks.VGG["A"],
    "VGG-16": networks.VGG["D"],
    "VGG-19": networks.VGG["E"],
}
# Parameters as the exercises of the part state them; of the residual networks as torchvision states them.
PARAMETERS = {
    "LeNet-5": 61_706,
    "AlexNet": 62_378_344,
    "AlexNet, two groups": 60_965_224,
    "ZFNet": 107_627_624,
    "VGG-11": 132_863_336,
    "VGG-16": 138_357_544,
    "VGG-19": 143_667_240,
    "GoogLeNet": 6_998_552,
    "ResNet-18": 11_689_512,
    "ResNet-34": 21_797_672,
    "ResNet-50": 25_557_032,
}


@pytest.fixture(scope="module")
def engine():
    return Engine(NetworkBlocks)


@pytest.fixture(scope="module")
def drawn(engine):
    """Each network as the scripts count it."""
    return {name: engine.describe(name, NONE)["networks"][0] for name in ARCHITECTURES}


def costs(of):
    return tuple(of[quantity] for quantity in ("parameters", "multiply_adds", "activations"))


def counted(rows):
    """Parameters, multiply-adds and activations of some rows of `trace` or `summary`."""
    return tuple(
        sum(column) for column in zip(*((w + b, m, a) for *_, a, w, b, m in rows), strict=True)
    )


@pytest.mark.parametrize("name", LISTED)
def test_blocks_agree_with_the_arithmetic(drawn, name):
    shape, blocks = ARCHITECTURES[name]
    rows = trace(LISTED[name], shape)
    found = drawn[name]["blocks"]
    assert [found[0]["name"], *(block["name"] for block in blocks)] == [b["name"] for b in found]
    norms = {row[0] for row in rows if row[0].startswith("norm")}
    start = 0
    for block in found:
        end = start + 1 + (start + 1 < len(rows) and rows[start + 1][0] in norms)
        assert block["name"] == rows[start][0]
        assert tuple(block["shape"]) == rows[end - 1][1]
        assert costs(block) == counted(rows[start:end])
        start = end
    assert start == len(rows)
    assert costs(drawn[name]["totals"]) == counted(rows)


@pytest.mark.parametrize("name", PARAMETERS)
def test_totals_are_the_known_ones(drawn, name):
    assert drawn[name]["totals"]["parameters"] == PARAMETERS[name]


def model_of(name):
    from course_utils.models import AlexNet, GoogLeNet, LeNet5, ZFNet, resnet, vgg

    family, _, depth = name.partition("-")
    if family in ("ResNet", "plain"):
        return resnet(int(depth))
    if family == "VGG":
        return vgg({"11": "A", "16": "D", "19": "E"}[depth])
    made = {"LeNet-5": LeNet5, "ZFNet": ZFNet, "GoogLeNet": GoogLeNet}
    return made[name]() if name in made else AlexNet(2 if "two" in name else 1, lrn=True)


def block_of(row_name):
    """The block of a module: conv3.1.main.bn2 → conv3_1, inception3a.branch1.1x1 → 3a."""
    stage, _, rest = row_name.partition(".")
    if stage.startswith("inception"):
        return stage.removeprefix("inception")
    return f"{stage}_{rest.split('.')[0]}" if rest else stage


def grouped(rows):
    """Rows of `summary` by block; norms and reductions on the trunk belong to what they stand beside."""
    groups = []
    for row in rows:
        name = block_of(row[0])
        if name.startswith(("norm", "bn")):
            name = groups[-1][0]
        name = name.removesuffix("_reduce")
        if not groups or groups[-1][0] != name:
            groups.append((name, []))
        groups[-1][1].append(row)
    return groups


@pytest.mark.torch
@NAMED
def test_every_layer_costs_what_the_library_s_does(drawn, name):
    from course_utils.models import summary

    shape, _ = ARCHITECTURES[name]
    rows = summary(model_of(name), shape)
    if name.startswith("plain"):
        rows = [row for row in rows if ".shortcut." not in row.name]
    groups = grouped(rows)
    blocks = drawn[name]["blocks"]
    assert [block["name"] for block in blocks] == [group for group, _ in groups]
    for block, (group, members) in zip(blocks, groups, strict=True):
        assert costs(block) == counted(members), group
        layers = [(tuple(layer["shape"]), *costs(layer)) for layer in block["layers"]]
        if group != "input":
            assert layers == [(row.shape, *counted([row])) for row in members], group
    assert costs(drawn[name]["totals"]) == counted(rows)


def test_plain_34_is_resnet_34_without_its_shortcuts(drawn):
    plain, residual = drawn["plain-34"]["blocks"], drawn["ResNet-34"]["blocks"]
    projected = {"conv3_1": (64, 128), "conv4_1": (128, 256), "conv5_1": (256, 512)}
    for one, other in zip(plain, residual, strict=True):
        assert (one["name"], one["shape"]) == (other["name"], other["shape"])
        extra = 0
        if one["name"] in projected:
            narrow, wide = projected[one["name"]]
            extra = narrow * wide + 2 * wide
        assert other["parameters"] - one["parameters"] == extra
        wanted = {0: "identity"}.get(extra, "projection") if other["kind"] == "residual" else None
        assert (one["shortcut"], other["shortcut"]) == (None, wanted)
    assert sum(block["kind"] == "residual" for block in residual) == 16


def said(engine, **values):
    sections = engine.describe(**values)["sections"]
    return [
        (title, [line.replace("\u00a0", " ") for line in lines]) for title, lines, *_ in sections
    ]


def test_the_bills_of_two_chosen_blocks(engine):
    one, other, (title, [in_all]) = said(engine, first_block=9, second_block=19)
    assert one[0] == "AlexNet, fc6: block 9 of 11"
    assert one[1][1] == "37 752 832 parameters, 60.5 % of all"
    assert other == (
        "VGG-16, fc6: block 19 of 21",
        [
            "fully connected, 25 088 → 4 096 → 4 096",
            "102 764 544 parameters, 74.3 % of all",
            "102 760 448 multiply-adds, 0.7 % of all",
            "4 096 activations, under 0.1 % of all",
        ],
    )
    assert title == "" and in_all == (
        "AlexNet and VGG-16 in all: 62 378 344 and 138 357 544 parameters (× 2.22); 1 135 256 096 and "
        "15 470 264 320 multiply-adds (× 13.6); 1 413 347 and 15 237 608 activations (× 10.8)."
    )


@pytest.mark.parametrize(
    ("name", "block", "line"),
    [
        ("AlexNet", 0, "the image → 3 × 227 × 227"),
        ("AlexNet", 1, "11×11, 96 filters, stride 4; LRN → 96 × 55 × 55"),
        ("AlexNet", 2, "3×3 max pooling, stride 2 → 96 × 27 × 27"),
        ("AlexNet, two groups", 3, "5×5, 256 filters, padding 2, 2 groups; LRN → 256 × 27 × 27"),
        ("LeNet-5", 2, "2×2 average pooling, stride 2 → 6 × 14 × 14"),
        ("GoogLeNet", 3, "1×1, 64 filters; 3×3, 192 filters, padding 1; LRN → 192 × 56 × 56"),
        ("plain-34", 1, "7×7, 64 filters, stride 2, padding 3; batch norm → 64 × 112 × 112"),
        ("plain-34", 3, "3×3, 64; 3×3, 64; batch norm after each → 64 × 56 × 56"),
        ("ResNet-34", 3, "3×3, 64; 3×3, 64; shortcut the identity; batch norm after each → 64 × 56 × 56"),
        (
            "ResNet-50",
            6,
            "1×1, 128; 3×3, 128, stride 2; 1×1, 512; shortcut 1×1, 512, stride 2; batch norm after each "
            "→ 512 × 28 × 28",
        ),
        (
            "GoogLeNet",
            5,
            "1×1, 64 | 1×1, 96 then 3×3, 128 | 1×1, 16 then 5×5, 32 | pool then 1×1, 32 → 256 × 28 × 28",
        ),
    ],
)  # fmt: skip
def test_a_block_is_told_in_one_line(engine, name, block, line):
    [(_, lines), *_] = said(engine, first=name, first_block=block)
    assert lines[0] == line


def test_the_words_say_all_at_first_and_then_only_what_was_chosen(engine):
    chosen = "AlexNet", "VGG-16", "multiply_adds", 1, 2, 2
    words = engine.run(
        """[undefined, { second_block: 1 }, { active: 1 }, { second: "none" }].map((other) =>
          describe(values, TABLES, other && { ...values, ...other }).words)""",
        values=dict(zip(NetworkBlocks._shown, chosen, strict=True)),
    )
    first, moved, switched, changed = (text.replace("\u00a0", " ") for text in words)
    assert moved == switched
    assert moved.startswith(
        "VGG-16, conv1_2: block 2 of 21. 3×3, 64 filters, padding 1 → 64 × 224 × 224; "
    )
    assert first == changed and first.endswith(moved) and "(× 13.6)" in first
    assert "AlexNet has most multiply-adds in conv2, 39.5 %." in first
    assert "VGG-16 has most multiply-adds in conv1_2 and 5 others, 12.0 % each." in first


# The picture
PLAN = """
pairs.map(([first, second, quantity]) => {
  const values = { first, second, quantity, first_block: 1, second_block: 0, active: 1 };
  const scene = { values, tables: TABLES, state: describe(values, TABLES), look: LIGHT };
  const plan = layout(width, scene);
  const pen = new SvgPen();
  draw(pen, plan, scene);
  const words = pen.parts.filter(({ words }) => words).map(({ words, at: [x, y], style }) => {
    const size = Number(style.match(/font-size:(\\d+)/)[1]);
    const long = 0.56 * size * words.length;
    const shift = style.includes("anchor:middle") ? 0.5 : style.includes("anchor:end") ? 1 : 0;
    return [words, +x - shift * long, +y - 0.85 * size, long, size];
  });
  return [plan.height, plan.rows, words];
})
"""
PAIRS = [*itertools.product(ARCHITECTURES, [*ARCHITECTURES, NONE], ["multiply_adds"])]


@pytest.mark.parametrize("width", [1060, 876, 548])
def test_blocks_have_one_scale_and_words_do_not_overlap(engine, drawn, width):
    for (first, second, _), (height, rows, words) in zip(
        PAIRS, engine.run(PLAN, pairs=PAIRS, width=width), strict=True
    ):
        assert height <= 390 or width < 850
        scales = []
        for name, row in zip((first, second), rows, strict=False):
            right = 0
            for block, (x, y, wide, high) in zip(drawn[name]["blocks"], row["places"], strict=True):
                channels, side, *_ = *block["shape"], 1
                scales.append((high / math.sqrt(side), wide / math.sqrt(channels)))
                assert right <= x and x + wide <= width
                assert row["top"] + 18 < y and y + high == pytest.approx(row["floor"])
                right = x + wide
        tall, unit = (sorted(scale)[len(scale) // 2] for scale in zip(*scales, strict=True))
        assert all(high == pytest.approx(tall) for high, _ in scales)
        # The thinnest are drawn thick enough to be seen.
        assert all(wide == pytest.approx(unit) or wide > unit for _, wide in scales)
        assert sum(wide == pytest.approx(unit) for _, wide in scales) >= len(scales) - 6
        for k, (text, x, y, long, size) in enumerate(words):
            assert x >= -1 and x + long <= width + 1 and 0 <= y <= height, (first, second, text)
            for other, left, top, reach, high in words[k + 1 :]:
                apart = x + long <= left or left + reach <= x or y + size <= top or top + high <= y
                assert apart, (first, second, text, other)


def test_the_key_tells_a_projection_from_an_identity_by_more_than_colour(engine):
    arcs = engine.run(
        """["identity", "projection"].map((shortcut) => {
          const pen = new SvgPen();
          drawArc(pen, [10, 20, 16, 30], shortcut, LIGHT);
          return pen.parts.map(({ d, style }) => [d.includes("C"), style.includes("dasharray")]);
        })"""
    )
    assert arcs == [[[True, False]], [[True, True], [False, False]]]
    svg = engine.svg(NetworkBlocks("plain-34", "ResNet-34"))
    assert ">shortcut: identity<" in svg and ">projection<" in svg
    assert ">projection<" not in engine.svg(NetworkBlocks())


# Values
@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"first": "VGG"}, "first='VGG' is not one of LeNet-5, AlexNet, AlexNet, two groups, ZFNet"),
        ({"first": NONE}, "first='none' is not one of LeNet-5"),
        ({"second": 34}, "second=34 is not one of"),
        ({"quantity": "memory"}, "quantity='memory' is not one of parameters, multiply_adds, activations"),
        ({"first_block": 12}, "first_block=12 is outside 0 to 11"),
        ({"first": "LeNet-5", "first_block": 8}, "first_block=8 is outside 0 to 7"),
        ({"second_block": -1}, "second_block=-1 is outside 0 to 21"),
        ({"second": NONE, "second_block": 1}, "second_block=1 is outside 0 to 0"),
        ({"active": 3}, "active=3 is outside 1 to 2"),
        ({"second": NONE, "active": 2}, "active=2 is outside 1 to 1"),
    ],
    ids=str,
)  # fmt: skip
def test_a_bad_value_is_refused_with_what_is_allowed(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        NetworkBlocks(**change)


def test_another_network_keeps_what_is_chosen_inside():
    explorer = NetworkBlocks("VGG-19", "ResNet-50", first_block=24, second_block=20, active=2)
    explorer.first = "LeNet-5"
    assert (explorer.first_block, explorer.second_block, explorer.active) == (7, 20, 2)
    explorer.second = NONE
    assert (explorer.first_block, explorer.second_block, explorer.active) == (7, 0, 1)
    assert repr(NetworkBlocks("ZFNet", NONE)) == (
        "NetworkBlocks(first='ZFNet', second='none', quantity='parameters', first_block=1, second_block=0, "
        "active=1)"
    )


# In a browser
@pytest.mark.browser
def test_keys_move_in_one_network_and_go_to_the_other(page, engine):
    from selenium.webdriver.common.keys import Keys

    page.open(NetworkBlocks("plain-34", "ResNet-34"))
    page.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert (page.trait("active"), page.trait("first_block"), page.trait("second_block")) == (
        1,
        3,
        1,
    )
    page.press(Keys.ARROW_DOWN, Keys.END)
    assert (page.trait("active"), page.trait("first_block"), page.trait("second_block")) == (
        2,
        3,
        20,
    )
    page.press(Keys.ARROW_RIGHT)
    assert page.trait("second_block") == 20
    page.press(Keys.HOME, Keys.ARROW_LEFT)
    assert page.trait("second_block") == 0
    assert page.said().startswith("ResNet-34, input: block 0 of 20. the image →")
    page.press(Keys.ARROW_UP, Keys.ARROW_LEFT)
    assert (page.trait("active"), page.trait("first_block")) == (1, 2)
    page.press(" ")
    assert page.trait("quantity") == "multiply_adds"
    wanted = engine.describe("plain-34", "ResNet-34", "multiply_adds", 2, 0)["words"]
    assert page.said() == wanted
    page.press(" ", " ")
    assert page.trait("quantity") == "parameters"


@pytest.mark.browser
def test_networks_are_chosen_from_lists_and_blocks_stay_inside(page):
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.select import Select

    page.open(NetworkBlocks("VGG-19", "VGG-16", second_block=21, active=2))
    chosen = Select(page.find("[data-choice=second] select"))
    chosen.select_by_value("LeNet-5")
    assert (page.trait("second"), page.trait("second_block")) == ("LeNet-5", 7)
    chosen.select_by_value("none")
    assert (page.trait("second_block"), page.trait("active")) == (0, 1)
    page.press(Keys.ARROW_DOWN)
    assert page.trait("active") == 1
    assert len(page.lines()) == 5


@pytest.mark.browser
def test_a_click_chooses_a_block_and_its_network(page):
    page.open(NetworkBlocks(second_block=3))
    page.js("el.style.width = '900px'")
    page.click(345, 150)  # below AlexNet's fc6, among its bars
    assert (page.trait("active"), page.trait("first_block")) == (1, 9)
    page.click(660, 280)  # VGG's fc6, above its low block or on it
    assert (page.trait("active"), page.trait("second_block")) == (2, 19)
    page.click(700, 150)  # AlexNet has ended there
    assert (page.trait("active"), page.trait("first_block")) == (2, 9)
    assert page.complaints() == []


@pytest.mark.browser
def test_the_longest_bills_fit_a_notebook(page):
    page.open(NetworkBlocks("ResNet-50", "GoogLeNet"))
    page.js("el.style.width = '900px'")
    for first_block, second_block in [(6, 5), (10, 9), (16, 15)]:
        page.set(first_block=first_block, second_block=second_block)
        page.driver.execute_async_script("requestAnimationFrame(() => setTimeout(arguments[0]))")
        box = page.js(
            "const e = el.querySelector('.explorer'); return [e.offsetHeight, e.scrollWidth]"
        )
        assert box[0] <= 650 and box[1] <= 900
