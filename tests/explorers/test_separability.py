"""Separability: the columns and rows of many kernels against NumPy, and the explorer's keys and mouse."""

import re

import numpy as np
import pytest
import traitlets

from course_utils.explorers import Separability
from course_utils.explorers.engine import Engine
from course_utils.explorers.separability import KERNELS, MOST

pytestmark = pytest.mark.unit

RNG = np.random.default_rng(0)
ZEROS = np.zeros((5, 5), int).tolist()
DRAWN = {
    "zeros": ZEROS,
    "one weight": np.pad([[-9]], ((4, 0), (1, 3))).tolist(),
    "equal": np.full((5, 5), 7).tolist(),
    "rank 2": (np.outer([1, 0, -1, 2, 1], [2, 1, 0, -1, 3]) + np.outer([0, 1, 1, -1, 0], [1] * 5)).tolist(),
    "turning by 90 degrees": np.eye(5, dtype=int)[::-1].tolist(),
    "nearly equal values": (np.eye(5, dtype=int) * [9, 9, 9, 8, 8]).tolist(),
}  # fmt: skip
RANDOM = {f"random {k}": RNG.integers(-MOST, MOST + 1, (5, 5)).tolist() for k in range(60)}
SPARSE = {
    f"sparse {k}": (RNG.integers(-2, 3, (5, 5)) * (RNG.random((5, 5)) < 0.4)).tolist()
    for k in range(30)
}
EVERY = KERNELS | DRAWN | RANDOM | SPARSE
each_kernel = pytest.mark.parametrize("kernel", EVERY.values(), ids=EVERY)


@pytest.fixture(scope="module")
def engine():
    return Engine(Separability)


@each_kernel
def test_the_terms_are_the_singular_value_decomposition(engine, kernel):
    k = np.array(kernel, float)
    u, s, vt = np.linalg.svd(k)
    for terms in range(1, 6):
        state = engine.describe(terms=terms, kernel=kernel)
        np.testing.assert_allclose(state["values"], s, atol=1e-10)
        assert state["rank"] == np.linalg.matrix_rank(k)
        pairs = zip(state["columns"][:terms], state["rows"][:terms], strict=True)
        near = sum(np.outer(column, row) for column, row in pairs)
        np.testing.assert_allclose(state["near"], near, atol=1e-10)
        np.testing.assert_allclose(state["left"], k - near, atol=1e-10)
        whole = np.linalg.norm(k)
        error = np.sqrt((s[terms:] ** 2).sum()) / whole if whole else 0
        assert state["error"] == pytest.approx(error, abs=1e-10)
        # As near as the best there is, also where equal singular values leave a choice.
        best = np.linalg.norm(k - (u[:, :terms] * s[:terms]) @ vt[:terms])
        assert np.linalg.norm(state["left"]) == pytest.approx(best, abs=1e-9)


@each_kernel
def test_the_largest_weight_of_a_row_is_one(engine, kernel):
    state = engine.describe(kernel=kernel)
    for value, row in zip(state["values"], state["rows"], strict=True):
        assert max(row) == pytest.approx(1 if value else 0)
        assert min(row) >= -1.000001


@pytest.mark.parametrize(
    ("values", "parts"),
    [
        (
            {},
            [
                "One column times one row gives this kernel exactly; its rank is 1.",
                "Row 2, column 2: weight 9, of which 9 is given.",
            ],
        ),
        (
            {"kernel": KERNELS["diagonal"], "terms": 3},
            [
                "3 columns times rows give all of this kernel but 63.2\u00a0% of its norm; its rank is 5.",
                "3 · (5 + 5) = 30 as columns and rows, which is no fewer.",
            ],
        ),
        ({"kernel": ZEROS}, ["A kernel of zeros: its rank is 0."]),
    ],
    ids=["Gaussian", "diagonal", "zeros"],
)
def test_the_lines_say_the_error_and_the_cost(engine, values, parts):
    [[_, lines]] = engine.describe(**values)["sections"]
    plain = ["".join(str(p[0]) if isinstance(p, list) else p for p in [*line]) for line in lines]
    text = "\n".join(plain)
    assert all(part in text for part in parts), text


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"terms": 6}, "terms=6 is outside 1 to 5"),
        ({"brush": 10}, "brush=10 is outside -9 to 9"),
        ({"kernel": [[1] * 5] * 4}, "kernel must have 5 rows of 5, got rows of 5, 5, 5, 5"),
        ({"kernel": 3}, "kernel must be rows of ints, got 3"),
        ({"kernel": [[1, 2, 3, 4, 10]] * 5}, "a weight=10 is outside -9 to 9"),
        ({"cell": (5, 0)}, "cell=(5, 0) is outside 5 × 5"),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_with_its_range(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        Separability(**change)


@pytest.mark.browser
def test_keys_and_clicks_draw_a_kernel(page, engine):
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.select import Select

    page.open(Separability(kernel=ZEROS, brush=-4))
    page.press(Keys.ENTER, Keys.ARROW_RIGHT, "+", "+", Keys.HOME, "-", Keys.END, "+", "0")
    drawn = np.zeros((5, 5), int)
    drawn[2, 2], drawn[2, 3], drawn[0, 0] = -4, 2, -1
    assert (page.trait("kernel"), page.trait("cell")) == (drawn.tolist(), [4, 4])
    assert page.said().endswith(engine.describe(kernel=drawn.tolist(), cell=(4, 4))["words"])
    page.find("[aria-label='Turn the kernel by 90 degrees']").click()
    assert page.trait("kernel") == np.rot90(drawn, -1).tolist()
    Select(page.find("[data-choice=preset] select")).select_by_visible_text("cross")
    assert page.trait("kernel") == KERNELS["cross"]
    page.find("[aria-label='Set all weights to 0']").click()
    assert page.trait("kernel") == ZEROS
    page.click(20 + 20, 300)  # the brush, somewhere in the first column of the kernel
    assert sorted(sum(page.trait("kernel"), [])) == [-4] + 24 * [0]
    assert page.trait("cell")[1] == 0
