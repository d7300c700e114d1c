"""Histories on disk: what comes back, that other programs can read it, and what an interrupt leaves."""

import json
import math
import os

import numpy as np
import pytest

from course_utils.training import Net, load_history, save_history, train

pytestmark = pytest.mark.unit


def same(a, b):
    """Compare with NaN equal to itself."""
    return repr(a) == repr(b)


def test_a_history_comes_back_as_it_was(tmp_path):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(20, 4)), rng.integers(0, 3, 20)
    history = train(Net((4, 5, 3), rng), x, y, x, y, 0.1, 0.1, 3, 6, rng)
    save_history(history, tmp_path / "run.json")
    assert same(load_history(tmp_path / "run.json"), history)


def test_numbers_that_are_not_finite_survive_in_json_that_any_program_reads(tmp_path):
    history = {"loss": [2.3, math.inf, -math.inf, math.nan], "stopped": "nan", "steps": 4}
    save_history(history, tmp_path / "run.json")
    assert same(load_history(tmp_path / "run.json"), history)

    def refuse(name):
        raise AssertionError(f"{name} is not JSON")

    json.loads((tmp_path / "run.json").read_text(), parse_constant=refuse)


@pytest.mark.parametrize(
    ("value", "back"),
    [
        (np.array([1.5, np.nan]), [1.5, math.nan]),
        (np.array([1, 2]), [1, 2]),
        ([np.float32(0.5), np.float64(0.1), np.int64(3)], [0.5, 0.1, 3]),
        (np.float64(0.25), 0.25),
        ((1, 2), [1, 2]),
        ([], []),
        ("NaN", "NaN"),
        (None, None),
    ],
    ids=["array", "ints", "NumPy's numbers", "one number", "tuple", "empty", "a text", "None"],
)
def test_what_a_history_may_hold(tmp_path, value, back):
    save_history({"name": value}, tmp_path / "run.json")
    assert same(load_history(tmp_path / "run.json"), {"name": back})


@pytest.mark.parametrize(
    "value", [["0.5"], [[1.0]], {"a": 1}, math.nan, object()], ids=["text", "nested", "dict", "nan", "object"]
)  # fmt: skip
def test_what_it_may_not_hold_is_named_and_nothing_is_written(tmp_path, value):
    save_history({"loss": [1.0]}, tmp_path / "run.json")
    with pytest.raises(ValueError, match=r"history\['odd'\] must be a list of numbers"):
        save_history({"loss": [2.0], "odd": value}, tmp_path / "run.json")
    assert load_history(tmp_path / "run.json") == {"loss": [1.0]}
    assert os.listdir(tmp_path) == ["run.json"]


@pytest.mark.parametrize("where", ["fsync", "replace"])
def test_a_save_that_is_interrupted_leaves_the_old_file(tmp_path, monkeypatch, where):
    save_history({"loss": [1.0]}, tmp_path / "run.json")

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, where, interrupted)
    with pytest.raises(KeyboardInterrupt):
        save_history({"loss": [1.0, 2.0]}, tmp_path / "run.json")
    assert load_history(tmp_path / "run.json") == {"loss": [1.0]}
    assert os.listdir(tmp_path) == ["run.json"]


def test_a_new_save_replaces_the_old(tmp_path):
    for losses in ([1.0], [1.0, 0.5]):
        save_history({"loss": losses}, str(tmp_path / "run.json"))
    assert load_history(str(tmp_path / "run.json")) == {"loss": [1.0, 0.5]}


@pytest.mark.parametrize("text", ["", "[1, 2]", '{"loss": [1.0', '{"loss": ["many"]}'])
def test_another_file_is_no_history(tmp_path, text):
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(ValueError, match=r"run.json is not a history that save_history wrote"):
        load_history(tmp_path / "run.json")
