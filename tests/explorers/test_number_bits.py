"""The bits of a number: against NumPy's own formats, and the explorer's keys and mouse."""

import re

import numpy as np
import pytest
import traitlets

from course_utils.explorers import NumberBits
from course_utils.explorers.engine import Engine
from course_utils.explorers.number_bits import FORMATS, NUMBERS

pytestmark = pytest.mark.unit

SIGNED = [
    *NUMBERS,
    *(-x for x in NUMBERS),
    0.0,
    65504.0,
    65519.99,
    65520.0,
    2.0**-25,
    2051.0,
    1 / 3,
]
WIDTHS = {"fp32": 32, "fp16": 16, "bf16": 16, "fixed": 16}


@pytest.fixture(scope="module")
def engine():
    return Engine(NumberBits)


def form(name, fraction_bits=8):
    return FORMATS[name] | {"f": fraction_bits}


def encoded(engine, x, name, fraction_bits=8):
    bits = engine.run("encoded(x, form)", x=x, form=form(name, fraction_bits))
    assert len(bits) == WIDTHS[name] and set(bits) <= {0, 1}
    return int("".join(map(str, bits)), 2)


def decoded(engine, pattern, name):
    bits = [int(b) for b in f"{pattern:0{WIDTHS[name]}b}"]
    # JSON has no infinities: as text.
    return float(
        engine.run("`${decoded(bits, form).value}`", bits=bits, form=form(name)).replace(
            "Infinity", "inf"
        )
    )


@pytest.mark.parametrize(("name", "kind"), [("fp32", np.float32), ("fp16", np.float16)])
def test_a_number_has_the_bits_that_numpy_gives_it(engine, name, kind):
    drawn = np.random.default_rng(0).normal(size=100) * 10.0 ** np.arange(-50, 50)
    with np.errstate(over="ignore"):
        for x in [*SIGNED, *drawn.tolist()]:
            unsigned = np.dtype(kind).str.replace("f", "u")
            assert encoded(engine, x, name) == int(kind(x).view(unsigned)), x


def test_bf16_is_the_upper_half_of_fp32_rounded_to_even(engine):
    for x in np.random.default_rng(1).normal(size=200).astype(np.float32):
        bits = int(x.view(np.uint32))
        upper, lower = bits >> 16, bits & 0xFFFF
        upper += lower > 0x8000 or (lower == 0x8000 and upper % 2 == 1)
        assert encoded(engine, float(x), "bf16") == upper


@pytest.mark.parametrize("fraction_bits", [0, 8, 15])
def test_fixed_point_counts_steps_and_stays_inside(engine, fraction_bits):
    for x in [*SIGNED, 0.5, 1.5, -2.5]:
        steps = np.clip(np.rint(x * 2.0**fraction_bits), -(2**15), 2**15 - 1)
        assert encoded(engine, x, "fixed", fraction_bits) == int(steps) % 2**16, x


@pytest.mark.parametrize(
    ("name", "kind", "bits"), [("fp32", np.float32, 32), ("fp16", np.float16, 16)]
)
def test_every_kind_of_pattern_is_read_as_numpy_reads_it(engine, name, kind, bits):
    drawn = np.random.default_rng(2).integers(0, 2**bits, 200).tolist()
    one = 2**bits - 1
    infinite = int(np.array(np.inf, kind).view(f"u{bits // 8}"))
    for pattern in [0, 1, one, one >> 1, infinite, infinite + 1, infinite - 1, *drawn]:
        value = float(np.array(pattern, f"u{bits // 8}").view(kind))
        np.testing.assert_equal(decoded(engine, pattern, name), value)


def test_ranges_are_those_of_numpy(engine):
    for name, kind in (("fp32", np.float32), ("fp16", np.float16)):
        about = np.finfo(kind)
        known = [about.smallest_subnormal, about.smallest_normal, about.max]
        assert engine.run("rangeOf(form)", form=form(name)) == [float(k) for k in known]


def test_flips_make_an_error_and_the_next_number_is_a_step_away(engine):
    state = engine.describe("fp16", 0.1, bit=15, flipped=[15])
    nearest = float(np.float16(0.1))
    assert (
        state["value"]
        == nearest + state["step"]
        == float(np.nextafter(np.float16(0.1), np.float16(1)))
    )
    assert state["error"] == pytest.approx(state["value"] - 0.1)
    assert state["turned"] == nearest
    assert engine.describe("fp16", 0.1, bit=1)["turned"] == nearest * 2**16


def test_the_lines_say_what_the_bits_make(engine):
    [[_, lines]] = engine.describe("fp16", 2049.0)["sections"]
    text = "\n".join(
        "".join(str(p[0]) if isinstance(p, list) else p for p in line) for line in lines
    )
    for part in (
        "2¹¹ · (1 + 0 / 2¹⁰) = 2048",
        "nearest to 2049: error −1,",
        "to 65504.",
        "(sign) is 0",
    ):
        assert part in text, text


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"format": "fp8"}, "format='fp8' is not one of fp32, fp16, bf16, fixed"),
        ({"number": 0.3}, "number=0.3 is not one of"),
        ({"fraction_bits": 16}, "fraction_bits=16 is outside 0 to 15"),
        ({"bit": 32}, "bit=32 is outside 0 to 31"),
        ({"format": "fp16", "flipped": [16]}, "a place of flipped=16 is outside 0 to 15"),
        ({"flipped": 3}, "flipped must be places of bits, got 3"),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_with_its_range(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        NumberBits(**change)


@pytest.mark.browser
def test_keys_and_clicks_flip_bits(page, engine):
    from selenium.webdriver.common.keys import Keys

    page.open(NumberBits("fp16"))
    page.press(Keys.ARROW_RIGHT, Keys.ENTER)
    assert (page.trait("bit"), page.trait("flipped")) == (1, [1])
    assert page.said().endswith(engine.describe("fp16", bit=1, flipped=[1])["words"])
    page.press(Keys.ENTER, Keys.ARROW_UP)
    assert page.trait("flipped") == [15]  # 0.1 ends with a 0 in fp16
    page.press(Keys.ARROW_DOWN)
    assert page.trait("flipped") == []
    page.click(4 + 3.5 * 34, 56 + 17)
    assert (page.trait("bit"), page.trait("flipped")) == (3, [3])
    page.find("[aria-label='Go back to the nearest number']").click()
    assert page.trait("flipped") == []
