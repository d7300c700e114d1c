"""The augmentation lab: its images against the trainer's functions, its draws, and its keys and mouse."""

import re

import numpy as np
import pytest
import traitlets
from oracle import torch

from course_utils.explorers import AugmentationLab
from course_utils.explorers.augmentation_lab import IMAGES, RECIPES
from course_utils.explorers.engine import Engine

pytestmark = pytest.mark.unit

TABLES = AugmentationLab.tables
SIDE = TABLES["side"]
MOVED = [
    {},
    {"flip": True},
    {"dy": 3, "dx": -4},
    {"flip": True, "padding": 8, "dy": -8, "dx": 5},
    {"share": 0.4, "ratio": 1.33, "down": 0.2, "across": 0.9},
    {"share": 1.0, "ratio": 0.75},
    {"share": 0.08, "ratio": 1.0, "down": 0.0, "across": 1.0},
    {"flip": True, "dy": -2, "dx": 4, "share": 0.3, "ratio": 0.8, "across": 0.3},
]
COLOURED = [
    {"brightness": 1.7},
    {"contrast": 0.3},
    {"contrast": 2.0},
    {"saturation": 0.0},
    {"saturation": 1.9},
    {"brightness": 0.6, "contrast": 1.4, "saturation": 1.6},
    {"alpha1": 3.0, "alpha2": -1.5, "alpha3": 0.5},
    {"brightness": 1.2, "contrast": 1.3, "saturation": 0.4, "alpha1": -3.0, "alpha3": 3.0},
]
ALL = [moved | coloured for moved, coloured in zip(MOVED, COLOURED[::-1], strict=True)]


@pytest.fixture(scope="module")
def engine():
    return Engine(AugmentationLab)


def original(name):
    """An image of the explorer, (1, 3, H, W), from 0 to 1."""
    pixels = np.frombuffer(bytes.fromhex(TABLES["images"][name]), np.uint8)
    return pixels.reshape(SIDE, SIDE, 3).transpose(2, 0, 1)[None] / 255


class Fixed:
    """In place of torch.rand and torch.randn: numbers that are given."""

    def __init__(self, monkeypatch, name, numbers):
        numbers = torch.tensor(numbers, dtype=torch.float64)
        monkeypatch.setattr(torch, name, lambda *shape, generator: numbers.reshape(shape))


def augmented(monkeypatch, name, given):
    """What the library's functions make of an image when these values are drawn."""
    from course_utils.trainer import augment

    settings = {n: t.default_value for n, t in AugmentationLab._shown.items()} | given
    get = settings.get
    x = torch.from_numpy(original(name))
    x = augment.flipped(x, torch.tensor([get("flip")]))
    offsets = torch.tensor([[get("padding") + get("dy"), get("padding") + get("dx")]])
    x = augment.cropped(x, get("padding"), offsets)
    share, ratio, down, across = (get(n) for n in ("share", "ratio", "down", "across"))
    with monkeypatch.context() as patch:
        # An interval of no length draws its end; of the ratio the logarithm of the number itself.
        Fixed(patch, "rand", [0.0, 0.0, down, across])
        x = augment.random_resized_crop(x, SIDE, None, (share, share), (ratio, ratio))
    with monkeypatch.context() as patch:
        Fixed(patch, "rand", [(get(n)) / 2 for n in ("brightness", "contrast", "saturation")])
        x = augment.colour_jitter(x, None, 1.0, 1.0, 1.0)  # 1 + (2u − 1): twice what is drawn
    with monkeypatch.context() as patch:
        Fixed(patch, "randn", [get(f"alpha{k}") for k in (1, 2, 3)])
        tables = (torch.tensor(TABLES[n], dtype=x.dtype) for n in ("eigenvalues", "eigenvectors"))
        x = augment.pca_colour(x, *tables, None, sigma=1.0)
    return x[0].numpy()


# Numbers
@pytest.mark.torch
@pytest.mark.parametrize("name", IMAGES)
@pytest.mark.parametrize("given", MOVED + COLOURED + ALL, ids=str)
def test_an_image_is_what_the_trainer_s_functions_make_of_it(engine, monkeypatch, name, given):
    stages = engine.describe(image=name, **given)["stages"]
    result = np.array(stages[-1]).reshape(3, SIDE, SIDE)
    assert np.abs(result - augmented(monkeypatch, name, given)).max() < 1e-6
    assert (np.array(stages[0]).reshape(3, SIDE, SIDE) == original(name)[0]).all()


@pytest.mark.torch
@pytest.mark.parametrize("recipe", RECIPES)
def test_a_random_version_is_what_its_drawn_values_make(engine, monkeypatch, recipe):
    for draw in engine.describe(recipe=recipe, seed=11, padding=3)["draws"]:
        given = draw["values"] | {"padding": 3}
        image = np.array(draw["image"]).reshape(3, SIDE, SIDE)
        assert np.abs(image - augmented(monkeypatch, "star", given)).max() < 1e-6


def test_colours_of_pca_are_those_of_the_drawn_set():
    from course_utils.data import drawn_images

    x, _ = drawn_images(101, SIDE, 3)
    covariance = np.cov(x.transpose(1, 0, 2, 3).reshape(3, -1) / 255)
    values, vectors = (np.array(TABLES[name]) for name in ("eigenvalues", "eigenvectors"))
    assert (np.diff(values) < 0).all() and np.allclose(vectors.T @ vectors, np.eye(3), atol=1e-5)
    assert np.allclose(covariance @ vectors, vectors * values, atol=1e-5)


DRAWN = """
range(1000).flatMap((seed) => {
  const next = generator(seed);
  return range(8).map(() => drawnFrom(recipe, 4, TABLES.ratio, next));
})
"""


@pytest.mark.parametrize("recipe", RECIPES)
def test_what_is_drawn_lies_in_the_ranges_of_the_recipe(engine, recipe):
    rules = RECIPES[recipe]
    drawn = engine.run(DRAWN, recipe=rules)
    column = {name: np.array([one[name] for one in drawn]) for name in drawn[0]}
    flips = column["flip"].mean()
    assert abs(flips - rules["flip"]) < 0.02
    for name in ("dy", "dx"):
        counts = np.bincount(column[name] + 4, minlength=9)
        assert len(counts) == 9
        assert (
            (abs(counts - len(drawn) / 9) < 120).all() if rules["crop"] else counts[4] == len(drawn)
        )
    low, high = rules["scale"] or (1, 1)
    _uniform(column["share"], low, high)
    widest = np.log(4 / 3) if rules["scale"] else 0
    _uniform(np.log(column["ratio"]), -widest, widest)
    for name in ("down", "across"):
        _uniform(column[name], 0, 1)
    for name in ("brightness", "contrast", "saturation"):
        _uniform(column[name], 1 - rules["jitter"], 1 + rules["jitter"])
    alphas = np.stack([column[f"alpha{k}"] for k in (1, 2, 3)])
    sigma = rules["sigma"]
    assert np.abs(alphas.mean(1)).max() <= 0.04 * sigma
    assert np.abs(alphas.std(1) - sigma).max() <= 0.03 * sigma
    assert not sigma or abs(np.corrcoef(alphas)[0, 1]) < 0.05
    assert abs(np.corrcoef(column["down"], column["across"])[0, 1]) < 0.05


def _uniform(values, low, high):
    assert values.min() >= low - 1e-12 and values.max() <= high + 1e-12
    counts, _ = np.histogram(values, 10, (low, high)) if high > low else ([len(values) / 10], 0)
    assert (abs(np.array(counts) - len(values) / 10) < 130).all()


def test_draws_hang_on_recipe_padding_and_seed_alone(engine):
    first = engine.describe()["draws"]
    assert engine.describe(flip=True, dy=2, brightness=0.3, share=0.2)["draws"] == first
    for other in ({"seed": 1}, {"padding": 8}, {"recipe": "jitter"}, {"image": "ring"}):
        assert engine.describe(**other)["draws"] != first
    assert len(first) == 8
    assert len({str(draw["image"]) for draw in first}) == 8
    assert engine.describe()["draws"] == first


def test_a_pixel_is_traced_to_where_it_comes_from(engine):
    for given in MOVED[:4]:  # whole pixels: what is shown is the value there, or black
        x = original("star")[0]
        for pixel in [(0, 0), (5, 20), (31, 31), (16, 0)]:
            state = engine.describe(**given, pixel=pixel)
            if state["source"] is None:
                assert state["after"] == [0, 0, 0]
                assert state["sections"][0][1][0].startswith("Shows the padding: (0.00,")
                continue
            row, column = state["source"]
            assert np.allclose(state["after"], x[:, round(row), round(column)])
            assert state["before"] == x[:, pixel[0], pixel[1]].tolist()
    state = engine.describe(share=0.3, pixel=(0, 31))
    row, column = state["source"]
    window = state["window"]
    assert np.isclose(row, window["top"] + window["height"] / 64 - 0.5)
    assert np.isclose(column, window["left"] + 63 / 64 * window["width"] - 0.5)


def test_a_line_for_each_step_that_does_something(engine):
    def lines(**given):
        [(title, lines), _] = engine.describe(pixel=(3, 4), **given)["sections"]
        return title, [
            "".join(
                str(p[0] if isinstance(p, list) else p) for p in ([e] if isinstance(e, str) else e)
            )
            for e in lines
        ]

    colour = "({:.2f}, {:.2f}, {:.2f})".format(*original("star")[0, :, 3, 4])
    assert lines() == (
        f"Pixel (3, 4): {colour} → {colour}",
        [f"Shows row 3, column 4 of the original: {colour}"],
    )
    _, said = lines(brightness=2.0, contrast=0.5, saturation=0.0, alpha2=1.0)
    _, bright, contrast, saturation, pca = said
    assert bright.startswith(f"2·{colour}, clamped: (")
    assert re.match(r"(0\.\d\d) \+ 0\.5·\(\(.{16}\) − \1\): \(", contrast)
    grey = pca.split("(")[1].split(",")[0]
    assert saturation.startswith(f"{grey} + 0·((") and saturation.endswith(
        f"({grey}, {grey}, {grey})"
    )
    shift = np.array(TABLES["eigenvectors"])[:, 1] * TABLES["eigenvalues"][1]
    assert "({:.2f}, {:.2f}, {:.2f})".format(*shift).replace("-", "−") in pca


def test_the_words_say_that_the_label_stays(engine):
    state = engine.describe(image="arrow", flip=True)
    assert state["words"].startswith(
        "Label before and after: arrow. The pixels change, the label does not. "
    )
    assert "of 1024 pixels have changed." in state["words"]
    assert engine.describe()["changed"] == 0
    values = {n: getattr(AugmentationLab(), n) for n in AugmentationLab._shown}
    moved = engine.run(
        "describe({ ...values, pixel: [0, 1] }, TABLES, values).words", values=values
    )
    assert moved.startswith("Pixel (0, 1): (") and "Label" not in moved


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_is_said_with_its_numbers(engine, recipe):
    said = engine.describe(recipe=recipe, padding=2)["sections"][1][1][-1]
    rules = RECIPES[recipe]
    assert ("a flip with p = 0.5" in said) == bool(rules["flip"])
    assert ("one of 25 offsets" in said) == rules["crop"]
    assert ("of the area, ratio 3/4 to 4/3" in said) == (rules["scale"] is not None)
    assert ("three factors from 0.6 to 1.4" in said) == bool(rules["jitter"])
    assert (f"three α with standard deviation {rules['sigma']:g}" in said) == bool(rules["sigma"])


# Values
@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"share": 0.07}, "share=0.07 is not one of 0.08, 0.1"),
        ({"alpha2": 0.1}, "alpha2=0.1 is not one of -3.0"),
        ({"image": "dog"}, "image='dog' is not one of star, arrow"),
        ({"recipe": "none"}, "recipe='none' is not one of crop, resized"),
        ({"padding": 9}, "padding=9 is outside 0 to 8"),
        ({"dy": 5}, "dy=5 is outside -4 to 4"),
        ({"padding": 2, "dx": -3}, "dx=-3 is outside -2 to 2"),
        ({"dy": 0.5}, "dy must be an int, got 0.5"),
        ({"seed": 1000}, "seed=1000 is outside 0 to 999"),
        ({"pixel": (32, 0)}, "pixel=(32, 0) is outside 32 × 32"),
        ({"flip": "yes"}, "flip"),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_with_what_is_allowed(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        AugmentationLab(**change)


def test_a_crop_stays_within_a_padding_that_shrinks(engine):
    lab = AugmentationLab(padding=8, dy=-8, dx=7)
    lab.padding = 3
    assert (lab.dy, lab.dx) == (-3, 3)
    values = {n: getattr(lab, n) for n in lab._shown} | {
        "padding": 1,
        "pixel": (40, -1),
        "seed": -5,
    }
    mended = engine.run("mend(values, TABLES)", values=values)
    assert (mended["dy"], mended["dx"], mended["pixel"], mended["seed"]) == (-1, 1, [31, 0], 0)


# Pictures
def test_it_can_be_drawn_without_a_browser(engine):
    svg = engine.svg(AugmentationLab(flip=True, share=0.3, padding=0, recipe="all"))
    assert "NaN" not in svg and "undefined" not in svg and svg.count(">label: star<") == 2
    assert svg.count(">star<") == 8


# In a browser
@pytest.fixture
def lab(page):
    page.open(AugmentationLab())
    page.js("el.style.width = '900px'")
    return page


@pytest.mark.browser
def test_keys_choose_a_pixel_flip_draw_anew_and_reset(lab, engine):
    from selenium.webdriver.common.keys import Keys

    moves = [(Keys.ARROW_DOWN, [17, 16]), (Keys.ARROW_LEFT, [17, 15]), (Keys.END, [31, 31])]
    for key, pixel in [*moves, (Keys.ARROW_RIGHT, [31, 31]), (Keys.HOME, [0, 0])]:
        lab.press(key)
        assert lab.trait("pixel") == pixel
    assert lab.said().startswith("Pixel (0, 0): ")
    lab.press(" ", "d", "d")
    assert lab.trait("flip") is True and lab.trait("seed") == 2
    assert lab.said() == engine.describe(flip=True, seed=2, pixel=(0, 0))["words"]
    lab.press("r")
    assert lab.trait("flip") is False and lab.trait("seed") == 2, "a draw is no change of the image"


@pytest.mark.browser
def test_buttons_draw_anew_and_take_all_changes_back(lab):
    again, reset = (lab.find(f"[aria-label^='{word}']") for word in ("Draw eight", "Take all"))
    assert not reset.is_enabled()
    again.click()
    assert lab.trait("seed") == 1
    lab.set(brightness=1.5, dy=2, share=0.5, alpha3=-1.0)
    lab.until(reset.is_enabled)
    reset.click()
    assert [lab.trait(n) for n in ("brightness", "dy", "share", "alpha3")] == [1, 0, 1, 0]
    lab.set(seed=999)
    lab.until(lambda: "seed 999" in lab.said())
    again.click()
    assert lab.trait("seed") == 0


@pytest.mark.browser
def test_sliders_of_the_crop_go_as_far_as_the_padding(lab):
    from selenium.webdriver.common.keys import Keys

    lab.press(Keys.END, at="[data-knob=dy] input")
    assert lab.trait("dy") == 4
    lab.press(*[Keys.ARROW_LEFT] * 3, at="[data-knob=padding] input")
    assert (lab.trait("padding"), lab.trait("dy")) == (1, 1)
    lab.press(Keys.HOME, at="[data-knob=padding] input")
    assert lab.trait("dy") == 0 and not lab.find("[data-knob=dx] input").is_enabled()
    lab.find("[data-choice=flip] input[value=on]").click()
    assert lab.trait("flip") is True


@pytest.mark.browser
def test_a_click_chooses_a_pixel_or_moves_the_crop(lab):
    cell = 228 / 32  # of the augmented image
    lab.click(248 + 10.5 * cell, 24 + 3.5 * cell)
    assert lab.trait("pixel") == [3, 10]
    cell = 228 / 48  # of the original in its padding
    lab.click(cell * (8 + 16 + 2.5), 24 + cell * (8 + 16 - 3 + 0.5))
    assert (lab.trait("dy"), lab.trait("dx")) == (-3, 2)
    lab.set(flip=True)
    lab.click(cell * (8 + 16 + 3.5), 24 + cell * (8 + 16 + 0.5))
    assert (lab.trait("dy"), lab.trait("dx")) == (0, -3)
    lab.click(2, 24 + 2)  # far out: as far as the padding
    assert (lab.trait("dy"), lab.trait("dx")) == (-4, 4)


@pytest.mark.browser
def test_the_longest_state_is_not_higher_than_a_window(lab):
    everything = {
        "share": 0.08,
        "brightness": 2.0,
        "contrast": 2.0,
        "saturation": 2.0,
        "alpha1": -3.0,
    }
    lab.set(**everything, recipe="all", flip=True, image="crescent", padding=8)
    lab.driver.execute_async_script("requestAnimationFrame(() => setTimeout(arguments[0]))")
    box = lab.js("const e = el.querySelector('.explorer'); return [e.offsetHeight, e.scrollWidth]")
    assert box[0] <= 650 and box[1] <= 900
    assert lab.complaints() == []
