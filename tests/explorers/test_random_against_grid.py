"""Random search against a grid: its draws, scores and comparisons against NumPy, and its keys and mouse."""

import itertools
import re

import numpy as np
import pytest
import traitlets

from course_utils.explorers import RandomAgainstGrid
from course_utils.explorers.engine import Engine

pytestmark = pytest.mark.unit

DRAWS, WIDTH = RandomAgainstGrid.tables["draws"], RandomAgainstGrid.tables["width"]
STATES = [
    dict(zip(("per_axis", "weight", "peak_x", "peak_y"), values, strict=True))
    for values in itertools.product((2, 3, 6), (0, 10, 100), (0, 34, 50), (60, 100))
]


@pytest.fixture(scope="module")
def engine():
    return Engine(RandomAgainstGrid)


def mulberry32(seeds, count):
    """Numbers of the generator from each seed, of shape (len(seeds), count), in 32-bit arithmetic."""
    steps = np.arange(1, count + 1, dtype=np.uint64) * 0x6D2B79F5
    counter = (np.asarray(seeds, np.uint64)[:, None] + steps).astype(np.uint32)
    bits = (counter ^ (counter >> 15)) * (counter | 1)
    bits ^= bits + (bits ^ (bits >> 7)) * (bits | 61)
    return (bits ^ (bits >> 14)) / 2**32


PLACES = mulberry32(range(DRAWS), 74).reshape(DRAWS, 37, 2)


def bell(far):
    return np.exp(-0.5 * (far / WIDTH) ** 2)


def score(trials, peak, weight):
    across, up = np.moveaxis(bell(trials - peak), -1, 0)
    return (across + weight / 100 * up) / (1 + weight / 100)


def grid(k):
    middles = (np.arange(k) + 0.5) / k
    return np.array(list(itertools.product(middles, middles)))


def test_the_draws_are_uniform_and_a_larger_budget_goes_on_with_them(engine):
    for seed in (0, 1, 999):
        trials = engine.describe(6, seed=seed)["searches"][1]["trials"]
        assert trials == PLACES[seed, :36].tolist()
        assert engine.describe(2, seed=seed)["searches"][1]["trials"] == trials[:4]
    counts = np.histogram(PLACES[:, :36], bins=20, range=(0, 1))[0]
    chi_square = ((counts - counts.mean()) ** 2 / counts.mean()).sum()
    assert chi_square < 43.8  # 19 degrees of freedom: one in a thousand is above
    assert abs(np.corrcoef(PLACES[:, :36].reshape(DRAWS, 72).T) - np.eye(72)).max() < 0.15


@pytest.mark.parametrize("state", STATES, ids=str)
def test_scores_and_the_best_so_far_are_those_of_numpy(engine, state):
    k, peak = state["per_axis"], np.array([state["peak_x"], state["peak_y"]]) / 100
    for remaining in (0, 1, k * k - 1):
        made = k * k - remaining
        shown = engine.describe(**state, seed=7, remaining=remaining)
        assert (shown["made"], shown["budget"]) == (made, k * k)
        for search, trials in zip(shown["searches"], (grid(k), PLACES[7, : k * k]), strict=True):
            scores = score(trials[:made], peak, state["weight"])
            np.testing.assert_allclose(search["trials"], trials[:made], rtol=1e-15)
            np.testing.assert_allclose(search["scores"], scores, rtol=1e-12)
            np.testing.assert_allclose(search["best"], np.maximum.accumulate(scores), rtol=1e-12)
            assert search["distinct"] == len(np.unique(trials[:made, 0]))
    assert len(np.unique(grid(k)[:, 0])) == k


@pytest.mark.parametrize("state", STATES, ids=str)
def test_the_comparisons_over_all_draws_are_those_of_numpy(engine, state):
    k, weight = state["per_axis"], state["weight"]
    shown = engine.describe(**state)
    peak = np.array([[[state["peak_x"], state["peak_y"]]]]) / 100
    for name, peaks in (("here", peak), ("anywhere", PLACES[:, 36:])):
        at_random = score(PLACES[:, : k * k], peaks, weight).max(axis=1)
        of_grid = np.broadcast_to(score(grid(k)[None], peaks, weight).max(axis=1), DRAWS)
        assert shown[name]["wins"] == (at_random > of_grid).sum()
        np.testing.assert_allclose(shown[name]["bests"], at_random, rtol=1e-12)
        np.testing.assert_allclose(shown[name]["means"], [of_grid.mean(), at_random.mean()])
        if name == "here":
            assert shown["histogram"] == np.histogram(at_random, 20, (0, 1))[0].tolist()


def test_the_share_of_wins_is_what_the_area_of_better_scores_says(engine):
    """n trials all miss an area a with probability (1 − a)ⁿ."""
    middles = (np.arange(1000) + 0.5) / 1000
    plane = np.stack(np.meshgrid(middles, middles), axis=-1)
    for k, weight in itertools.product((2, 3, 5), (0, 30, 100)):
        area = (
            score(plane, (0.34, 0.6), weight) > score(grid(k), (0.34, 0.6), weight).max()
        ).mean()
        chance = 1 - (1 - area) ** (k * k)
        share = engine.describe(k, weight, 34, 60)["here"]["wins"] / DRAWS
        assert abs(share - chance) < 4 * np.sqrt(chance * (1 - chance) / DRAWS) + 0.002


def test_random_wins_where_one_axis_matters_and_not_where_both_do(engine):
    """As the lecture says it, with a peak that may be anywhere."""
    for k in (3, 4, 5, 6):
        one, both = (engine.describe(k, weight)["anywhere"] for weight in (0, 100))
        assert one["means"][1] > one["means"][0] and one["wins"] > DRAWS / 2
        assert both["means"][1] < both["means"][0] and both["wins"] < DRAWS / 2


def test_values_in_the_middle_of_cells_suit_a_grid_better_than_the_ends_of_the_axes():
    peaks = PLACES[:, 36:]
    for k in (3, 4, 5, 6):
        ends = np.array(list(itertools.product(np.linspace(0, 1, k), repeat=2)))
        means = [score(g[None], peaks, 0).max(axis=1).mean() for g in (ends, grid(k))]
        assert means[0] < means[1]


@pytest.mark.parametrize("weight", [0, 7, 50, 100])
@pytest.mark.parametrize("peak", [(0, 1), (0.34, 0.6), (0.97, 0.5)], ids=str)
def test_the_tints_end_where_the_score_is_their_level(engine, weight, peak):
    for level in engine.run("LEVELS"):
        asked = {"level": level, "w": weight / 100, "peak": peak, "width": WIDTH}
        outline = engine.run("outlineOf(level, w, peak, width)", **asked)
        points = np.array(outline)
        inner = points[((points > 1e-9) & (points < 1 - 1e-9)).all(axis=1)]
        np.testing.assert_allclose(score(inner, peak, weight), level, atol=1e-9)
        assert (score(points, peak, weight) > level - 1e-9).all()
        edges = [points[:, 0].min(), points[:, 0].max()]
        line = np.linspace(0, 1, 501)
        reached = line[score(np.stack([line, np.full(501, peak[1])], -1), peak, weight) >= level]
        np.testing.assert_allclose(edges, [reached.min(), reached.max()], atol=0.0021)


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        (
            {},
            [
                "Grid: 9 trials, 3 different learning rates; best 0.31, trial 5, at 3.2·10⁻⁴.",
                "Random, draw 51: 9 trials, 9 different learning rates; best 0.88, trial 6, at 3.8·10⁻⁵.",
            ],
        ),
        (
            {"per_axis": 2, "remaining": 3},
            [
                "Grid: 1 trial, 1 different learning rate; best 0.61, trial 1, at 1.8·10⁻⁵.",
                "Random, draw 51: 1 trial, 1 different learning rate; best 0.14, trial 1, at 5.4·10⁻⁶.",
            ],
        ),
    ],
    ids=["all", "first"],
)
def test_the_words_say_what_is_shown(engine, values, lines):
    state = engine.describe(**values)
    written = [
        "".join(str(part[0]) if isinstance(part, list) else part for part in line)
        for _, section in state["sections"]
        for line in section
    ]
    assert written[:2] == lines
    for line, key in zip(written[2:], ("here", "anywhere"), strict=True):
        share, *means = re.findall(r"(?<= )\d+(?= %)|\d\.\d\d", line)
        assert int(share) == (state[key]["wins"] + 5) // 10
        assert [float(mean) for mean in means] == pytest.approx(state[key]["means"], abs=0.0051)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"per_axis": 7}, "per_axis=7 is outside 2 to 6"),
        ({"weight": -1}, "weight=-1 is outside 0 to 100"),
        ({"seed": 1000}, "seed=1000 is outside 0 to 999"),
        ({"remaining": 9}, "remaining=9 is outside 0 to 8"),
        ({"peak_x": 0.5}, "peak_x must be an int, got 0.5"),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_with_its_range(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        RandomAgainstGrid(**change)


@pytest.mark.browser
def test_keys_make_trials_and_draw_anew_and_a_click_moves_the_peak(page, engine):
    from selenium.webdriver.common.keys import Keys

    page.open(RandomAgainstGrid())
    moves = [
        *((Keys.ARROW_LEFT, 3, 1), (Keys.HOME, 3, 8), (Keys.ARROW_LEFT, 3, 8)),
        *(
            (Keys.ARROW_RIGHT, 3, 7),
            (Keys.ARROW_DOWN, 2, 3),
            (Keys.END, 2, 0),
            (Keys.ARROW_UP, 3, 0),
        ),
    ]
    for key, per_axis, remaining in moves:
        page.press(key)
        assert (page.trait("per_axis"), page.trait("remaining")) == (per_axis, remaining)
        assert page.said() == engine.describe(per_axis, remaining=remaining)["words"]
    page.press("n")
    assert page.trait("seed") == 52
    page.set(seed=999)
    page.find("button[aria-label^='Draw']").click()
    assert page.trait("seed") == 0
    page.click(44 + 2, 98 + 2)  # near the upper left corner of the first square
    assert page.trait("peak_x") <= 2 and page.trait("peak_y") >= 98


@pytest.mark.browser
def test_play_makes_one_trial_after_the_other(page):
    page.open(RandomAgainstGrid(per_axis=2))
    page.press(" ")
    assert page.trait("remaining") == 3
    page.until(lambda: page.js("return model.get('remaining')") == 0)
    page.until(lambda: "Play" in page.text(".ex-play"))
