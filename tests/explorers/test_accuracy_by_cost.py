"""Accuracy by cost: its costs against the library's networks, its points, its labels, keys and mouse."""

import itertools
import math
import re

import numpy as np
import pytest
import traitlets
from oracle import torch

from course_utils import networks
from course_utils.arithmetic import totals, trace
from course_utils.explorers import AccuracyByCost
from course_utils.explorers.accuracy_by_cost import AXES
from course_utils.explorers.accuracy_by_cost.results import COSTS, KINDS, RESULTS, costs
from course_utils.explorers.engine import Engine

pytestmark = pytest.mark.unit

STATES = list(itertools.product(KINDS, AXES))
EACH = pytest.mark.parametrize(("kind", "axis"), STATES)
IMAGE = (3, 224, 224)
# The networks that part 01 has as tables.
TABLES = {
    "AlexNet": (networks.ALEXNET_GROUPED, (3, 227, 227)),
    "ZFNet": (networks.ZFNET, IMAGE),
    "ZFNet, 384-384-256": (networks.ZFNET, IMAGE),
    "VGG-C": (networks.VGG["C"], IMAGE),
    "VGG-16": (networks.VGG["D"], IMAGE),
    "VGG-19": (networks.VGG["E"], IMAGE),
}
NARROW = {"conv3": 384, "conv4": 384, "conv5": 256}
MODELS = {
    "AlexNet": ("AlexNet", {"groups": 2, "lrn": True}, (3, 227, 227)),
    "ZFNet": ("ZFNet", {}, IMAGE),
    "VGG-C": ("vgg", {"config": "C"}, IMAGE),
    "VGG-16": ("vgg", {"config": "D"}, IMAGE),
    "VGG-19": ("vgg", {"config": "E"}, IMAGE),
    "GoogLeNet": ("GoogLeNet", {}, IMAGE),
    **{f"ResNet-{depth}": ("resnet", {"depth": depth}, IMAGE) for depth in (34, 50, 101, 152)},
}


@pytest.fixture(scope="module")
def engine():
    return Engine(AccuracyByCost)


def points(engine, kind, axis, point=0):
    return engine.describe(kind, axis, point)


# Costs
@pytest.mark.parametrize("name", TABLES)
def test_a_cost_is_that_of_the_table(name):
    layers, image = TABLES[name]
    if name.endswith("256"):
        narrow = [{"out_channels": NARROW.get(layer["name"])} for layer in layers]
        changes = [{k: v for k, v in change.items() if v} for change in narrow]
        layers = [layer | change for layer, change in zip(layers, changes, strict=True)]
    total = totals(trace(layers, image))
    assert COSTS[name] == (total.parameters, total.multiply_adds)


@pytest.mark.torch
@pytest.mark.parametrize("name", MODELS)
def test_a_cost_is_that_of_the_model(name):
    from course_utils import models

    kind, options, image = MODELS[name]
    assert torch is not None
    net = getattr(models, kind)(**options)
    rows = models.summary(net, image)
    assert COSTS[name] == (
        sum(value.numel() for value in net.parameters()),
        sum(row.multiply_adds for row in rows),
    )


@pytest.mark.torch
def test_plain_34_is_resnet_34_without_what_its_shortcuts_cost():
    from course_utils import models

    net = models.resnet(34)
    learned = [value.numel() for name, value in net.named_parameters() if "shortcut" in name]
    rows = [row for row in models.summary(net, IMAGE) if "shortcut" in row.name]
    assert len(learned) == 9 and len(rows) == 6
    less = sum(learned), sum(row.multiply_adds for row in rows)
    assert COSTS["plain-34"] == tuple(np.subtract(COSTS["ResNet-34"], less))


def test_every_cost_is_checked():
    assert {*TABLES, *MODELS, "plain-34"} == set(COSTS)


def test_an_ensemble_costs_what_its_members_cost_together():
    assert costs({"VGG-16": 1, "VGG-19": 1}) == [282_024_784, 35_102_326_784]
    assert costs({"GoogLeNet": 7}) == [7 * 6_998_552, 7 * 1_582_671_872]
    assert costs({}) is None and costs({"GoogLeNet": 1, "PReLU-net": 1}) is None


# Results
def test_results_say_where_they_come_from_and_stand_in_order_of_time():
    for kind, results in RESULTS.items():
        months = [result["month"] for result in results]
        assert all(re.fullmatch(r"201[2-5]-(0[1-9]|1[0-2])", month) for month in months)
        assert months == sorted(months)
        for result in results:
            assert re.search(r"arXiv:\d{4}\.\d{4}|Krizhevsky.* 2012, table 2", result["source"])
            assert (result["models"] == 1) == (kind != "ensemble")
            count = sum(result["members"].values())
            known = set(result["members"]) <= set(COSTS)
            assert not known or not count or count == result["models"]
        labels = [result["label"] for result in results]
        assert len(set(labels)) == len(labels)


def test_the_errors_are_those_of_the_tables():
    def errors(kind):
        return {result["label"]: result["error"] for result in RESULTS[kind]}

    # He and others, table 3, but for AlexNet and ZFNet, which are from their own papers.
    assert errors("ten") == {
        "AlexNet": 18.2, "ZFNet": 16.0, "VGG-16": 9.33, "GoogLeNet": 9.15, "PReLU-net": 7.38,
        "plain-34": 10.02, "ResNet-34": 7.46, "ResNet-50": 6.71, "ResNet-101": 6.05,
        "ResNet-152": 5.71,
    }  # fmt: skip
    # He and others, table 4.
    table4 = {
        "GoogLeNet": 7.89, "VGG-19": 7.1, "PReLU-net": 5.71, "BN-Inception": 5.81,
        "ResNet-34": 5.71, "ResNet-50": 5.25, "ResNet-101": 4.60, "ResNet-152": 4.49,
    }  # fmt: skip
    assert table4.items() <= errors("best").items()
    # He and others, table 5; GoogLeNet is 6.66 there and VGG's entry 7.32.
    table5 = {"VGG × 2": 6.8, "PReLU-net": 4.94, "BN-Inception": 4.82, "ResNet × 6": 3.57}
    assert table5.items() <= errors("ensemble").items()


# The picture's numbers
@EACH
def test_points_have_the_place_and_area_of_their_costs(engine, kind, axis):
    state = points(engine, kind, axis)
    expected = [r for r in RESULTS[kind] if axis == "year" or costs(r["members"])]
    assert [p["label"] for p in state["points"]] == [r["label"] for r in expected]
    bills = [costs(r["members"]) for r in expected]
    other = 0 if axis == "multiply_adds" else 1
    most = max(bill[other] for bill in bills if bill)
    for point, result, bill in zip(state["points"], expected, bills, strict=True):
        year, month = map(int, result["month"].split("-"))
        across = year + (month - 0.5) / 12 if axis == "year" else bill[1 - other]
        assert point["place"] == pytest.approx([across, result["error"]])
        assert point["area"] == (pytest.approx(bill[other] / most) if bill else None)
    missing = " ".join(state["missing"])
    drawn = {result["label"] for result in expected}
    for result in RESULTS[kind]:
        assert result["label"] in drawn or result["label"] in missing


@EACH
def test_nothing_before_a_point_of_the_stairs_is_better(engine, kind, axis):
    state = points(engine, kind, axis)
    places = [tuple(point["place"]) for point in state["points"]]
    beaten = [
        any(
            other[0] <= place[0] and other[1] <= place[1] and (other != place or m < k)
            for m, other in enumerate(places)
            if m != k
        )
        for k, place in enumerate(places)
    ]
    assert sorted(state["frontier"]) == [k for k, lost in enumerate(beaten) if not lost]


@EACH
def test_every_point_says_its_numbers_and_its_source(engine, kind, axis):
    for k, shown in enumerate(points(engine, kind, axis)["points"]):
        state = points(engine, kind, axis, k)
        (title, lines), (_, missing) = state["sections"]
        assert title.startswith(shown["name"]) and title.endswith(shown["month"][:4])
        assert f"Top-5 error {shown['error']:g} %" in lines[0]
        assert ("test set" in lines[0]) == (kind == "ensemble")
        assert shown["source"] in lines[-1]
        said = state["words"].replace("\u00a0", " ")
        for cost in shown["costs"] or []:
            assert f"{cost:,}".replace(",", " ") in said
        assert missing and f"point {k + 1} of " in said


PLACED = """
states.map(([kind, axis]) => {
  const values = mend({ kind, axis, point: 0 }, TABLES);
  const scene = { values, tables: TABLES, state: describe(values, TABLES), look: LIGHT };
  const { frame, marks, labels, height } = layout(width, scene);
  return { frame, marks, labels, height };
})
"""


@pytest.mark.parametrize("width", [1060, 876, 736, 548])
def test_labels_do_not_overlap_and_nothing_leaves_the_frame(engine, width):
    for state, plan in zip(STATES, engine.run(PLACED, states=STATES, width=width), strict=True):
        frame, marks = plan["frame"], plan["marks"]
        right, bottom = frame["x"] + frame["width"], frame["y"] + frame["height"]
        assert right <= width and plan["height"] <= 390
        assert [label["k"] for label in plan["labels"]] == list(range(len(marks)))
        boxes = [label["box"] for label in plan["labels"]]
        for k, box in enumerate(boxes):
            x, y, end = box["x"], box["y"], box["x"] + box["width"]
            assert frame["x"] <= x and end <= right, (state, marks[k]["words"])
            assert frame["y"] <= y and y + box["height"] <= bottom, (state, marks[k]["words"])
            for other in boxes[k + 1 :]:
                apart = (
                    end <= other["x"]
                    or other["x"] + other["width"] <= x
                    or abs(y - other["y"]) >= box["height"]
                )
                assert apart, (state, marks[k]["words"])
        for mark in marks:
            assert frame["x"] <= mark["x"] - mark["radius"] and mark["x"] + mark["radius"] <= right
            assert frame["y"] <= mark["y"] - mark["radius"] and mark["y"] + mark["radius"] <= bottom


def test_the_area_of_a_mark_is_proportional_to_the_other_cost(engine):
    [plan, *_] = engine.run(PLACED, states=[("ten", "multiply_adds")], width=876)
    radii = {mark["words"]: mark["radius"] for mark in plan["marks"]}
    ratio = COSTS["VGG-16"][0] / COSTS["GoogLeNet"][0]
    assert radii["VGG-16"] / radii["GoogLeNet"] == pytest.approx(math.sqrt(ratio))


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"kind": "all"}, "kind='all' is not one of ten, best, ensemble"),
        ({"axis": "time"}, "axis='time' is not one of multiply_adds, parameters, year"),
        ({"point": 9}, "point=9 is outside 0 to 8"),
        ({"axis": "year", "point": 10}, "point=10 is outside 0 to 9"),
        ({"point": -1}, "point=-1 is outside 0 to 8"),
        ({"point": "ResNet"}, "point must be an int"),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_with_what_is_allowed(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        AccuracyByCost(**change)


@pytest.mark.browser
def test_keys_walk_the_points_in_order_of_time(page, engine):
    from selenium.webdriver.common.keys import Keys

    page.open(AccuracyByCost("ensemble", "year", 0))
    moves = [(Keys.ARROW_RIGHT, 1), (Keys.ARROW_DOWN, 2), (Keys.END, 13), (Keys.ARROW_RIGHT, 13)]
    for key, point in [*moves, (Keys.ARROW_UP, 12), (Keys.ARROW_LEFT, 11), (Keys.HOME, 0)]:
        page.press(key)
        assert page.trait("point") == point
        assert page.said() == engine.describe("ensemble", "year", point)["words"]


@pytest.mark.browser
def test_another_way_of_measuring_is_said_and_keeps_the_point_inside(page):
    page.open(AccuracyByCost("ensemble", "year", 13))
    page.find("[data-choice=axis] input[value=parameters]").click()
    assert page.trait("point") == 4
    assert page.said().startswith("ensemble, test: 5 points over parameters. GoogLeNet, 2014")
    page.find("[data-choice=kind] input[value=best]").click()
    assert page.said().startswith("single model, best reported, validation: 9 points")


@pytest.mark.browser
def test_a_click_on_a_mark_or_its_name_chooses_it(page, engine):
    page.open(AccuracyByCost(point=0))
    page.js("el.style.width = '900px'")
    width = page.js("return el.querySelector('canvas').clientWidth")
    [plan] = engine.run(PLACED, states=[("ten", "multiply_adds")], width=width)
    for k, (mark, label) in enumerate(zip(plan["marks"], plan["labels"], strict=True)):
        if k % 2:
            page.click(mark["x"], mark["y"])
        else:
            box = label["box"]
            page.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        assert page.trait("point") == k
