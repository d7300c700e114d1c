"""A kernel to edit: what it makes of the picture, against NumPy, and its keys, mouse and list."""

import re

import numpy as np
import pytest
import traitlets

from course_utils.explorers import KernelLab
from course_utils.explorers.engine import Engine
from course_utils.explorers.kernel_lab import KERNELS, SIZE

pytestmark = pytest.mark.unit

PICTURE = np.array(KernelLab.tables["picture"])


@pytest.fixture(scope="module")
def engine():
    return Engine(KernelLab)


@pytest.mark.parametrize("name", KERNELS)
def test_every_kernel_is_a_correlation_with_the_picture(engine, name):
    kernel, divisor = KERNELS[name]
    state = engine.describe(kernel, divisor)
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(PICTURE, 1, mode="edge"), (3, 3))
    y = np.einsum("ijab,ab->ij", windows, kernel) / divisor
    assert np.allclose(state["y"], y)
    signed = np.sum(kernel) <= 0
    assert state["signed"] == signed
    shown = np.clip(np.floor((128 + y / 2 if signed else y) + 0.5), 0, 255)
    assert (state["shown"] == shown).all()
    assert ("grey is 0" in engine.svg(KernelLab(kernel, divisor))) == signed


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("leave as it is", "the weights add up to 1. Flat areas keep their grey."),
        ("blur: mean of nine", "add up to 9, divided by 9. Flat areas keep their grey."),
        ("sharpen", "the weights add up to 1. Flat areas keep their grey."),
        ("edges: right minus left", "Flat areas become 0, which is shown as grey"),
    ],
)
def test_what_becomes_of_flat_areas_is_said(engine, name, words):
    assert words in engine.describe(*KERNELS[name])["words"]
    assert engine.describe(*KERNELS[name])["words"].startswith("Weight in row 1, column 1 is ")


def test_other_sums_are_said_as_shares(engine):
    assert "become 2 of what" in engine.describe([[0, 0, 0], [0, 2, 0], [0, 0, 0]], 1)["words"]
    assert "become 1/4 of what" in engine.describe([[0, 0, 0], [0, 1, 0], [0, 0, 0]], 4)["words"]
    assert "below zero" in engine.describe([[0, 0, 0], [0, -3, 0], [0, 0, 0]], 2)["words"]


def test_the_picture_has_all_greys_and_soft_ones():
    assert PICTURE.shape == (SIZE, SIZE) and PICTURE.min() < 20 and PICTURE.max() > 230
    steps = abs(np.diff(PICTURE, axis=1))
    assert (steps < 12).mean() > 0.8, "most of it changes slowly, as in a photograph"
    assert (steps > 60).sum() > 30, "and some of it at edges"


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"kernel": [[1, 2], [3, 4]]}, "kernel must be 3 rows of 3 weights, got (2, 2)"),
        ({"kernel": [[1], [1, 2], [3]]}, "got rows of different lengths"),
        ({"kernel": [[0, 0, 0], [0, 10, 0], [0, 0, 0]]}, "kernel[1][1]=10 is outside -9 to 9"),
        ({"divisor": 0}, "divisor=0 is outside 1 to 16"),
        ({"weight": (3, 0)}, "weight=(3, 0) is outside 3 × 3"),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_with_its_range(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        KernelLab(**change)


@pytest.mark.browser
def test_keys_change_weights_and_the_list_names_the_kernel(page, engine):
    from selenium.webdriver.common.keys import Keys

    page.open(KernelLab())
    chosen = "return el.querySelector('[data-choice=start] select').value"
    assert page.js(chosen) == "leave as it is"
    page.press(Keys.ARROW_UP, Keys.ARROW_LEFT, "-")
    assert page.trait("weight") == [0, 0] and page.trait("kernel")[0] == [-1, 0, 0]
    assert page.js(chosen) == "your own"
    assert page.said() == engine.describe(page.trait("kernel"), 1, (0, 0))["words"]
    page.press("+", Keys.END, "7")
    assert page.trait("kernel") == [[0, 0, 0], [0, 1, 0], [0, 0, 7]]
    page.find("[aria-label='Change the sign of all weights']").click()
    assert page.trait("kernel") == [[0, 0, 0], [0, -1, 0], [0, 0, -7]]
    page.js("""const list = el.querySelector('[data-choice=start] select');
        list.value = 'sharpen'; list.dispatchEvent(new Event('change'))""")
    assert page.trait("kernel") == KERNELS["sharpen"][0] and page.trait("divisor") == 1
    for label, value in (("Raise", 1), ("Lower", 0), ("Lower", -1)):
        page.find(f"[aria-label='{label} the chosen weight by 1']").click()
        assert page.trait("kernel")[2][2] == value
