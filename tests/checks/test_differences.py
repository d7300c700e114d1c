"""`course_utils.checks.differences`: what it says is so, and what is so it says."""

import re
import subprocess
import sys
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_utils.checks.differences import as_numbers, equal, relations, where

pytestmark = pytest.mark.unit

few = settings(max_examples=10, deadline=None, derandomize=True)
many = settings(max_examples=200, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
# Lengths of (N, C, H, W) whose products do not coincide, so that H x W can be named.
batches = st.tuples(st.just(2), st.just(3), st.integers(4, 5), st.integers(7, 9))


def noise_at(*index):
    def corrupt(expected, rng):
        got = expected.copy()
        got[index] += rng.uniform(1, 2, got[index].shape)
        return got

    return corrupt


def noise_but(*index):
    def corrupt(expected, rng):
        got = expected + rng.uniform(1, 2, expected.shape)
        got[index] = expected[index]
        return got

    return corrupt


def change_at(index, function):
    def corrupt(expected, rng):
        got = expected.copy()
        got[index] = function(got[index])
        return got

    return corrupt


def shift(expected, rng):
    got = np.zeros_like(expected)
    got[..., 1:, 1:] = expected[..., :-1, :-1]
    return got


def shuffle_columns(expected, rng):
    return expected[..., [3, 0, 2, 1, *range(4, expected.shape[-1])]]


PLACES = {
    "channel": (noise_at(..., 1, slice(None), slice(None)), "all at C = 1"),
    "first image": (noise_at(0), "all at N = 0 (the first)"),
    "not the first channel": (noise_but(slice(None), 0), "all at C other than 0 (the first)"),
    "last row": (noise_at(..., -1, slice(None)), "all at H = {last_row} (the last)"),
    "first columns": (noise_at(..., slice(2)), "all at W = 0 to 1 (the first 2)"),
    "inner columns": (noise_at(..., slice(2, 5)), "all at W = 2 to 4"),
    "two columns": (noise_at(..., [1, 4]), "all at W = 1 and 4"),
    "every 2nd": (noise_at(..., slice(1, None, 2)), "all at W = 1, 3, ... (every 2nd)"),
    "every 3rd": (noise_at(..., slice(0, None, 3)), "all at W = 0, 3, ... (every 3rd)"),
    "two axes": (noise_at(slice(None), 1, slice(None), 0), "all at C = 1, W = 0 (the first)"),
    "border": (noise_but(..., *[slice(1, -1)] * 2), "all in the outermost row or column"),
    "last ones": (noise_but(..., *[slice(-1)] * 2), "all in the last row or column"),
    "first ones": (noise_but(..., *[slice(2, None)] * 2), "all in the first 2 rows or columns"),
    "negative": (
        lambda e, rng: np.where(e < 0, e - rng.uniform(1, 2, e.shape), e),
        "exactly the {negative} where expected is negative",
    ),
}
VALUES = {
    "sign": (lambda e, rng: -e, "got = -expected"),
    "half": (lambda e, rng: e / 2, "got = 1/2 x expected"),
    "two thirds": (lambda e, rng: e / 1.5, "got = 2/3 x expected"),
    "mean": (lambda e, rng: e / e[0, 0].size, "got = 1/{plane} x expected ({plane} = H x W)"),
    "sum": (lambda e, rng: e * e[0, 0].size, "got = {plane} x expected ({plane} = H x W)"),
    "negative factor": (lambda e, rng: -3 * e, "got = -3 x expected"),
    "root": (lambda e, rng: e * np.sqrt(7 / 8), "got = sqrt(7/8) x expected"),
    "odd factor": (lambda e, rng: 0.7313 * e, "got = 0.7313 x expected"),
    "offset": (lambda e, rng: e - 2, "got = expected - 2.0"),
    "absolute": (lambda e, rng: abs(e), "got = |expected|"),
    "relu": (lambda e, rng: np.maximum(e, 0), "got = max(expected, 0)"),
    "truncated": (lambda e, rng: e.astype(int), "got = expected rounded towards 0"),
    "floor": (lambda e, rng: np.floor(e), "got = expected rounded down"),
    "rounded": (lambda e, rng: np.round(e), "got = expected rounded"),
    "squared": (lambda e, rng: e**2, "got = expected squared"),
    "inverse": (lambda e, rng: 1 / e, "got = 1 / expected"),
    "zeros": (lambda e, rng: 0 * e, "got is 0.0 everywhere"),
    "nan": (lambda e, rng: e * np.nan, "got is nan everywhere"),
    "inf there": (change_at(0, lambda x: x + np.inf), "where they differ, got is inf"),
    "factor there": (change_at(0, lambda x: 2 * x), "where they differ, got = 2 x expected"),
    "zero there": (change_at(np.s_[..., -1], lambda x: 0), "where they differ, got is 0.0"),
    "half precision": (
        lambda e, rng: e.astype(np.float16),
        "relative differences are below 1e-03",
    ),
}
ORDERS = {
    "no bias": (
        lambda e, rng: e + rng.uniform(1, 2, (e.shape[1], 1, 1)),
        "got - expected does not change along N, H and W",
    ),
    "no scale": (
        lambda e, rng: e * rng.uniform(2, 3, (e.shape[1], 1, 1)),
        "got / expected does not change along N, H and W",
    ),
    "flip": (lambda e, rng: e[..., ::-1, ::-1], "got is expected flipped along H and W"),
    "reversed": (lambda e, rng: e[:, ::-1], "got is expected flipped along C"),
    "rolled": (lambda e, rng: np.roll(e, 2, 3), "got is expected rolled by +2 along W"),
    "rolled back": (lambda e, rng: np.roll(e, -1, 2), "got is expected rolled by -1 along H"),
    "shifted": (shift, "got is expected shifted by +1 along H and +1 along W"),
    "reshaped": (
        lambda e, rng: e.transpose(0, 2, 3, 1).reshape(e.shape),
        "got is expected with its axes in the order (0, 2, 3, 1), then reshaped",
    ),
    "columns": (shuffle_columns, "got is expected with its slices along W in another order"),
    "permuted": (
        lambda e, rng: rng.permutation(e.ravel()).reshape(e.shape),
        "got has the values of expected in another order",
    ),
    "repeated": (lambda e, rng: e[[0] * len(e)], "got does not change along N"),
}
SHAPES = {
    "padded": (
        lambda e: np.pad(e, [(0, 0), (0, 0), (1, 1), (1, 1)]),
        "expected is got[:, :, 1:{rows_1}, 1:{columns_1}]",
    ),
    "padded, lengths": (
        lambda e: np.pad(e, [(0, 0), (0, 0), (1, 1), (1, 1)]),
        "got is larger by 2 along H and W",
    ),
    "cropped": (lambda e: e[..., 1:, :4], "got is expected[:, :, 1:{rows}, 0:4]"),
    "stride": (lambda e: e[..., ::2, ::2], "got is expected[:, :, ::2, ::2]"),
    "swapped": (lambda e: e.swapaxes(0, 1), "got is expected with N and C swapped"),
    "channels last": (
        lambda e: e.transpose(0, 2, 3, 1),
        "got is expected with its axes in the order (0, 2, 3, 1)",
    ),
    "flattened": (
        lambda e: e.reshape(len(e), -1),
        "got is expected in another shape, its values in the same order",
    ),
    "flattened, channels last": (
        lambda e: e.transpose(0, 2, 3, 1).reshape(len(e), -1),
        "got is expected with its axes in the order (0, 2, 3, 1), then reshaped",
    ),
    "summed": (lambda e: e.sum((0, 2, 3)), "got is expected summed over axes (0, 2, 3)"),
    "averaged": (lambda e: e.mean(0), "got is expected averaged over axis 0"),
    "empty": (lambda e: e[..., 1:0, 1:0], "got is empty"),
}


def filled(sentence, expected):
    *_, rows, columns = expected.shape
    return sentence.format(
        last_row=rows - 1,
        rows=rows,
        rows_1=rows + 1,
        columns_1=columns + 1,
        plane=rows * columns,
        negative=(expected < 0).sum(),
    )


@pytest.mark.parametrize(
    ("corrupt", "sentence"),
    (cases := PLACES | VALUES | ORDERS).values(),
    ids=cases.keys(),
)
@few
@given(seeds, batches)
def test_a_known_corruption_is_named(corrupt, sentence, seed, shape):
    rng = np.random.default_rng(seed)
    expected = rng.standard_normal(shape)
    lines = where(expected, corrupt(expected, rng))
    assert filled(sentence, expected) in lines
    assert re.match(r"(all )?\d+ .*differ", lines[0])


@pytest.mark.parametrize(("change", "sentence"), SHAPES.values(), ids=SHAPES.keys())
@few
@given(seeds, batches)
def test_a_changed_shape_is_explained(change, sentence, seed, shape):
    expected = np.random.default_rng(seed).standard_normal(shape)
    got = change(expected)
    lines = where(expected, got)
    assert lines[0] == f"shape differs: expected {expected.shape}, got {got.shape}"
    assert filled(sentence, expected) in lines


@few
@given(seeds, st.lists(st.integers(1, 7), min_size=1, max_size=4), st.booleans())
def test_noise_has_nothing_in_common(seed, shape, integers):
    rng = np.random.default_rng(seed)
    expected = rng.standard_normal(shape)
    got = expected + rng.choice([-1, 1], shape) * rng.uniform(1, 2, shape)
    if integers:
        expected, got = (100 * expected).astype(int), (100 * got).astype(int)
    assert len(where(expected, got)) == 1
    assert len(where(expected, rng.standard_normal([n + 1 for n in shape]))) == 2  # the lengths


def test_sparse_noise_seldom_has_a_place_in_common():
    rng = np.random.default_rng(0)
    named = 0
    for shape in [(2, 3, 4, 5), (5, 6), (40,), (3, 5, 7)]:
        for hits in [2, 3, 5, 8, 15]:
            for _ in range(20):
                expected = rng.standard_normal(shape)
                got = expected.copy()
                got.flat[rng.choice(expected.size, hits, replace=False)] += rng.uniform(1, 2, hits)
                named += len(where(expected, got)) > 1
    assert named <= 0.03 * 400


# ---- no false claims ----------------------------------------------------------------------------


def picked(text, size):
    """Return the indices that the words of a place name."""
    text = re.sub(r" \(the .*\)", "", text)
    if found := re.fullmatch(r"(\d+) to (\d+)", text):
        return range(int(found[1]), int(found[2]) + 1)
    if found := re.fullmatch(r"(\d+), (\d+), \.\.\. \(every \d+..\)", text):
        return range(int(found[1]), size, int(found[2]) - int(found[1]))
    return [int(number) for number in re.findall(r"\d+", text)]


def is_true(line, expected, got):
    """Check a sentence by itself, in other words than the detectors use."""
    e, g, wrong = expected, got, expected != got
    conditions = {"0": e == 0, "negative": e < 0, "positive": e > 0}
    if line.startswith("where they differ, "):
        line, e, g = line.removeprefix("where they differ, "), e[wrong], g[wrong]
    if found := re.fullmatch(r"(only|exactly the (\d+)) where expected is (\w+)", line):
        there = conditions[found[3]]
        return there[wrong].all() and found[2] in (None, str(there.sum()))
    if found := re.fullmatch(r"all in the (\w+) (?:(\d+) )?rows? or columns?", line):
        k, (h, w) = int(found[2] or 1), e.shape[-2:]
        low, high = {"outermost": (k, k), "first": (k, 0), "last": (0, k)}[found[1]]
        return not wrong[..., low : h - high, low : w - high].any()
    if line.startswith("all at "):
        names = {2: ["row", "column"], 4: list("NCHW")}.get(e.ndim, ["element"])
        for axis, name in enumerate(names):
            seen = set(np.nonzero(wrong)[axis].tolist())
            size = e.shape[axis]
            if found := re.search(rf"{name}s? other than (\d+)", line):
                inside = set(range(size)) - {int(found[1])}
            elif found := re.search(rf"\b{name}(?: =|s)? (\d.*?)(?=, [A-Zrc]|$)", line):
                inside = set(picked(found[1], size))
            else:
                continue
            if not seen <= inside:
                return False
        return True
    if found := re.fullmatch(r"got is (\S+)( everywhere)?", line):
        return (g == float(found[1])).all()
    if found := re.fullmatch(r"got = (-?)(sqrt)?\(?(.+?)(?:/(\d+))?\)? x expected.*", line):
        factor = float(found[3]) / float(found[4] or 1)
        factor = (factor**0.5 if found[2] else factor) * (-1 if found[1] else 1)
        return np.allclose(g, factor * e)
    if found := re.fullmatch(r"got = expected ([+-]) (\S+)", line):
        return np.allclose(g, e + float(found[1] + found[2]))
    if found := re.fullmatch(r"got is expected flipped along (.*)", line):
        axes = ["NCHW".index(x) if x in "NCHW" else int(x[-1]) for x in found[1].split(" and ")]
        return np.array_equal(np.flip(e, axes), g)
    if found := re.fullmatch(r"got is expected (rolled|shifted) by (.*)", line):
        axes = [m[-1] for m in found[2].split(" and ")]
        axes = ["NCHW".index(x) if x in "NCHW" else int(x) for x in axes]
        steps = [int(m.split()[0]) for m in found[2].split(" and ")]
        kept = np.ones(e.shape, bool)
        for axis, step in zip(axes, steps, strict=True):
            lost = range(step) if step > 0 else range(e.shape[axis] + step, e.shape[axis])
            kept[(slice(None),) * axis + (list(lost),)] = found[1] == "rolled"
        return np.array_equal(np.roll(e, steps, axes)[kept], g[kept])
    if line == "got is expected transposed":
        return np.array_equal(e.T, g)
    if "another order" in line:
        return np.array_equal(np.sort(e, None), np.sort(g, None))
    if found := re.fullmatch(r"got is expected with its axes in the order (.*), then .*", line):
        order = [int(x) for x in re.findall(r"\d", found[1])]
        return np.array_equal(e.transpose(order).ravel(), g.ravel())
    if found := re.fullmatch(r"got does not change along (.*)", line):
        axis = "NCHW".index(found[1]) if found[1] in "NCHW" else int(found[1][-1])
        return (np.diff(g, axis=axis) == 0).all()
    if found := re.fullmatch(r"got ([-/]) expected does not change along (.*)", line):
        axes = re.findall(r"axis (\d)|([NCHW])", found[2])
        change = g - e if found[1] == "-" else np.ma.divide(g, e)  # 0 / 0 says nothing
        axes = [int(number) if number else "NCHW".index(letter) for number, letter in axes]
        return all(np.ma.allclose(np.ma.ptp(change, axis=axis), 0) for axis in axes)
    formulas = {
        "got = -expected": -e,
        "got = |expected|": abs(e),
        "got = max(expected, 0)": e * (e > 0),
        "got = expected squared": e * e,
    }
    if "off by one" in line or "1 too" in line:
        return (abs(g - e) == 1).all()
    return np.array_equal(formulas[line], g)


@many
@given(seeds, st.sampled_from([(6,), (3, 4), (4, 4), (5, 3), (2, 3, 2, 3), (2, 2, 4, 5)]))
def test_what_is_said_of_small_numbers_is_true(seed, shape):
    """Arrays of a few small integers are full of coincidences: each sentence must still hold."""
    rng = np.random.default_rng(seed)
    expected = rng.integers(-2, 4, shape)
    corruptions = [
        lambda: rng.integers(-2, 4, shape),
        lambda: np.where(rng.random(shape) < 0.2, rng.integers(-2, 4, shape), expected),
        lambda: np.flip(expected, rng.integers(len(shape))),
        lambda: rng.permutation(expected.ravel()).reshape(shape),
        lambda: np.roll(expected, 1, rng.integers(len(shape))),
        lambda: expected * rng.choice([1, 2, -1], shape),
        lambda: expected * rng.integers(0, 2, shape[-1]),
        lambda: expected + rng.integers(0, 2, shape[-1]),
    ]
    got = corruptions[rng.integers(len(corruptions))]()
    for line in where(expected, got)[1:]:
        assert is_true(line, expected, got), (line, expected, got)


@pytest.mark.parametrize(
    "got",
    [[2.0, 4.0, 2.0, 4.0], [2.0, 2.0, 2.0, 2.0 + 1e-9]],
    ids=["two values", "one value"],
)
def test_two_values_are_no_evidence_for_a_factor(got):
    assert not any("x expected" in line for line in where(np.divide(got, 2), got))


def test_of_two_axes_of_one_length_none_is_named():
    expected = np.random.default_rng(0).standard_normal((2, 5, 5, 3))
    assert where(expected, expected / 5)[1:] == ["got = 1/5 x expected"]
    assert where(expected[0, 0], expected[0, 0] / 5)[1:] == ["got = 1/5 x expected"]


def test_an_axis_that_is_long_enough_to_be_no_chance_is_named():
    expected = np.random.default_rng(0).standard_normal((12, 3))
    assert where(expected, expected / 12)[1:] == ["got = 1/12 x expected (12 = rows)"]


# ---- the first line, names, tolerances ----------------------------------------------------------


def test_the_first_line_counts_and_shows_the_largest():
    expected = np.zeros((2, 3))
    got = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, -7.5]])
    assert where(expected, got) == [
        "2 of 6 elements differ, most at (1, 2): expected 0.0, got -7.5",
    ]


@pytest.mark.parametrize(
    ("expected", "got", "lines"),
    [
        (35, 36, ["expected 35, got 36", "got is 1 too large"]),
        (35, 34, ["expected 35, got 34", "got is 1 too small"]),
        (35, 35, []),
        (2.5, 3.5, ["expected 2.5, got 3.5"]),
        (1.0, 1.0002, ["expected 1.0, got 1.0002", "relative differences are below 1e-03"]),
        (True, False, ["expected True, got False"]),
        (np.ones((2, 3)), None, ["expected an array of shape (2, 3), got None"]),
        (3, "3", ["expected 3, got '3'"]),
        (3, [3], ["shape differs: expected a number, got (1,)"]),
        ([1, 2, 3], [1, 2, 4], ["1 of 3 elements differs, at (2,): expected 3, got 4"]),
        (10**30, 10**30, []),
        ("relu", "tanh", ["expected 'relu', got 'tanh'"]),
        ({"a": [1.0]}, {"a": [1.0]}, []),
        ({"a": [1.0]}, {"b": [1.0], "c": 2}, ["expected a dict of 1, got a dict of 2"]),
    ],
    ids=lambda value: str(value)[:20] if not isinstance(value, list) else "",
)
def test_numbers_and_other_things(expected, got, lines):
    assert where(expected, got) == lines
    assert equal(expected, got) == (not lines)


def test_counts_are_exact_whatever_the_tolerances():
    assert not equal(138357544, 138357545, rtol=1e-2)
    assert not equal([2**60, 1], [2**60 + 1, 1])
    assert not equal(np.uint64([2**64 - 1]), np.int64([-1]))
    assert not equal([2**63, 2**64 - 1, 5], [2**63, 2**64 - 2, 5])
    assert not equal(138357544, 138357545.0)
    assert equal(3, 3.0000001)


def test_what_vanishes_in_the_tolerance_follows_no_law():
    expected = np.array([1e16, 2e16, 3e16])
    assert len(where(expected, 1e-308 * expected)) == 1


def test_unsigned_differences_do_not_overflow():
    lines = where(np.uint8([1, 200, 3]), np.uint8([1, 100, 3]))
    assert lines == ["1 of 3 elements differs, at (1,): expected 200, got 100"]
    expected = np.arange(200, 300)
    assert where(expected, expected.astype(np.uint8))[1] == "got = expected modulo 256"
    assert where(expected, expected.astype(np.int8))[1] == (
        "got = expected modulo 256, between -128 and 127"
    )


def test_nan_and_inf_are_values():
    values = np.array([np.nan, np.inf, -np.inf, 1.0])
    assert equal(values, values.copy()) and where(values, values.copy()) == []
    assert not equal(np.inf, -np.inf) and not equal(np.inf, 1.0) and not equal(1.0, np.inf)
    got = np.arange(40.0)
    got[[3, 7]] = np.nan
    got[20:] += np.linspace(1, 2, 20) ** 3
    assert where(np.arange(40.0), got)[-1] == "2 of them are nan"


def test_integers_off_by_one():
    expected = np.array([3, 3, 5, 5, 9, 9])
    assert where(expected, expected + 1)[1:] == ["got = expected + 1"]
    got = np.add(expected, [1, -1, 1, 1, -1, 1])
    assert where(expected, got)[1:] == ["where they differ, got is off by one"]


def test_complex_numbers():
    expected = np.random.default_rng(0).standard_normal((4, 5)) * (1 + 2j)
    assert where(expected, -expected)[-1] == "got = -expected"
    assert where(expected, 1j * expected)[-1] == "got = 0+1j x expected"


def test_axes_have_the_names_that_are_given():
    expected = np.random.default_rng(0).standard_normal((4, 3, 2, 5))
    got = expected.copy()
    got[3] *= np.linspace(2, 3, 30).reshape(3, 2, 5)
    names = ("filter", "channel", "row", "column")
    assert where(expected, got, axes=names)[1] == "all at filter 3 (the last)"
    assert where(expected[..., 0], got[..., 0])[1] == "all at axis 0 = 3 (the last)"
    assert where(expected[:, 0, 0], got[:, 0, 0])[1] == "all at row 3 (the last)"
    flat = expected.reshape(24, 5)
    assert (
        where(flat, flat[:, [2, 0, 3, 1, 4]])[1]
        == "got is expected with its columns in another order"
    )


def test_another_dtype_is_a_difference_only_when_asked():
    expected = np.ones(3)
    got = expected.astype(np.float32)
    assert where(expected, got) == []
    assert where(expected, got, dtype=True) == ["dtype differs: expected float64, got float32"]


def test_only_where_expected_is_zero():
    rng = np.random.default_rng(0)
    expected = np.where(rng.random((5, 6)) < 0.5, 0, rng.standard_normal((5, 6)))
    zeros = (expected == 0).sum()
    got = expected + (expected == 0) * rng.uniform(1, 2, (5, 6))
    assert where(expected, got)[1] == f"exactly the {zeros} where expected is 0"
    got[np.unravel_index((expected == 0).argmax(), expected.shape)] = 0
    assert where(expected, got)[1] == "only where expected is 0"


def test_beyond_a_million_elements_the_costly_detectors_rest(monkeypatch):
    expected = np.random.default_rng(0).standard_normal((6, 7))
    assert len(where(expected, expected[::-1])) == 2
    monkeypatch.setattr(relations, "COSTLY", 41)
    assert len(where(expected, expected[::-1])) == 1
    assert where(expected, -expected)[1] == "got = -expected"


# ---- tables -------------------------------------------------------------------------------------

TRACE = [
    ("input", (3, 227, 227), 154587, 0, 0, 0),
    ("conv1", (96, 55, 55), 290400, 34848, 96, 105415200),
    ("pool1", (96, 27, 27), 69984, 0, 0, 0),
    ("conv2", (256, 27, 27), 186624, 307200, 256, 223948800),
    ("fc", (10,), 10, 2560, 10, 2560),
]


def edited(row, column, value):
    rows = [list(cells) for cells in TRACE]
    rows[row][column] = value
    return [tuple(cells) for cells in rows]


@pytest.mark.parametrize(
    ("got", "lines"),
    [
        (TRACE, []),
        ([list(row) for row in TRACE], []),
        (
            edited(2, 1, (96, 28, 28)),
            [
                "1 of 30 entries differs, in row 2 ('pool1'), column 1:",
                "expected (96, 27, 27), got (96, 28, 28)",
            ],
        ),
        (
            [(*row[:5], 2 * row[5]) for row in TRACE],
            [
                "3 of 30 entries differ, first in row 1 ('conv1'), column 5:",
                "expected 105415200, got 210830400",
                "all at column 5 (the last); got = 2 x expected",
            ],
        ),
        (TRACE[:4], ["expected 5 rows, got 4", "the first 4 agree"]),
        (
            TRACE[1:],
            [
                "expected 5 rows, got 4",
                "first difference in row 0 ('input'), column 0:",
                "expected 'input', got 'conv1'",
            ],
        ),
        ([row[:5] for row in TRACE], ["row 0 ('input'): expected 6 entries, got 5"]),
        ([], ["expected 5 rows, got 0"]),
        (None, ["expected a list of 5, got None"]),
    ],
    ids=["same", "lists", "cell", "column", "short", "no input", "narrow", "nothing", "None"],
)
def test_a_table_names_the_row_and_the_column(got, lines):
    assert where(TRACE, got) == lines
    assert equal(TRACE, got) == (not lines)


def test_a_table_of_numbers_is_an_array():
    assert where([(1, 2), (3, 4)], [(1, 2), (3, 5)]) == [
        "1 of 4 elements differs, at (1, 1): expected 4, got 5"
    ]


# ---- nothing breaks it --------------------------------------------------------------------------

anything = hnp.arrays(
    dtype=st.sampled_from(["?", "i1", "u1", "i8", "u8", "f2", "f4", "f8", "c8", "c16"]),
    shape=hnp.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=4),
)


def check_robust(expected, got):
    before = expected.copy(), got.copy()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lines = where(expected, got)
    assert len(lines) <= 3 and all(0 < len(line) <= 76 for line in lines)
    assert (lines == []) == equal(expected, got)
    for array, copy in zip((expected, got), before, strict=True):
        assert np.array_equal(array, copy, equal_nan=array.dtype.kind in "fc")


@many
@given(anything, anything)
def test_any_two_arrays(expected, got):
    check_robust(expected, got)


@many
@given(st.data(), anything)
def test_any_array_with_some_elements_changed(data, expected):
    got = expected.copy()
    if got.size:
        new = hnp.arrays(got.dtype, 1)
        for _ in range(3):
            index = data.draw(st.integers(0, got.size - 1))
            got.flat[index] = data.draw(new)[0]
    check_robust(expected, got)


@pytest.mark.parametrize(
    "value",
    [None, "text", [[1, 2], [3]], {"a": 1}, object(), [1, "a"], [None], np.array(["a"])],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_numbers(value):
    assert as_numbers(value) is None
    assert len(where([1.0, 2.0], value)) <= 3 and where([1.0, 2.0], value)
    assert where(value, value) == []


def test_importing_it_loads_no_matplotlib():
    code = "import sys, course_utils.checks.differences; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
