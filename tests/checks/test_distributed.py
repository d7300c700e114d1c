"""Trainings with two processes: which rows they take, and whether the weights are those of one process."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from oracle import torch

from course_utils.checks import CheckFailed, distributed, excuses
from course_utils.wire import probes

pytestmark = [pytest.mark.unit, pytest.mark.torch]
if torch is not None:
    from course_utils.modules import distributed as processes

TRAINING = {"learning_rate": 0.3, "steps": 4, "batch_size": 6, "seed": 5}
EVERY_SECOND = [[r + 6 * t + i for t in range(4) for i in (0, 2, 4)] for r in (0, 1)]
HALVES = [[3 * r + 6 * t + i for t in range(4) for i in (0, 1, 2)] for r in (0, 1)]
WHOLE = [list(range(24))] * 2
ALL_OF_THE_DATA = [list(range(r, 30, 2)) for r in (0, 1)]
ANSWER = """
import torch.distributed as dist
from safetensors.torch import save_file
from torch.nn.functional import cross_entropy
import torch

def train_distributed(make_model, x, y, learning_rate, steps, batch_size, seed, out):
    dist.init_process_group("gloo")
    torch.manual_seed(seed)
    model = make_model()
    for step in range(steps):
        rows = range(step * batch_size + dist.get_rank(), (step + 1) * batch_size, 2)
        model.zero_grad()
        cross_entropy(model(x[list(rows)]), y[list(rows)]).backward()
        for p in model.parameters():
            dist.all_reduce(p.grad)
            p.data -= learning_rate * p.grad / 2
    if dist.get_rank() == 0:
        save_file(model.state_dict(), out)
"""


def train_distributed():
    """Stands for the answer, whose file is what counts."""


@pytest.fixture
def told(monkeypatch):
    """Return a function that says what came of a training: rows, and what is done to the right weights."""

    def say(rows=EVERY_SECOND, problem="", weights=lambda right: right, **training):
        def answer(file, plan):
            assert file == "ddp.py"
            own = training.pop("rows", rows)
            made = processes.single({**plan, **training.pop("plan", {})}, own, **training)
            return {"problem": problem, "weights": weights(made), "rows": rows}

        monkeypatch.setattr(probes, "distributed", answer)
        excuses.count()

    return say


def weights():
    distributed.trains(train_distributed, **TRAINING)


def rows():
    distributed.shares(train_distributed, **TRAINING)


def test_the_weights_of_one_process_are_right(told):
    told()
    weights()
    rows()
    assert excuses.count() == 0


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"rows": EVERY_SECOND, "scale": 2.0}, "the sum of the gradients"),
        ({"rows": EVERY_SECOND, "scale": 0.5}, "gradients divided once too often"),
        ({"rows": EVERY_SECOND, "momentum": 0.9}, "momentum"),
        ({"rows": EVERY_SECOND, "plan": {"learning_rate": 0.0}}, "no step was taken"),
        ({"rows": EVERY_SECOND, "plan": {"seed": 6}}, "differences up to"),
        ({"problem": "process 1: ValueError: x"}, "process 1: ValueError: x"),
        ({"problem": "process 0: NotImplementedError: not on gloo"}, "not on gloo"),
        (
            {"weights": lambda w: {f"module.{n}": a for n, a in w.items()}},
            "DistributedDataParallel",
        ),
        ({"weights": lambda w: {n: a[:1] for n, a in w.items()}}, "differences up to inf"),
        (
            {"weights": lambda w: {n: a.astype(np.float16) for n, a in w.items()}},
            "differences up to",
        ),
        ({"weights": lambda w: {}}, "other names"),
    ],
    ids=[
        "sum",
        "twice",
        "momentum",
        "none",
        "seed",
        "stopped",
        "not-on-gloo",
        "wrapped",
        "shapes",
        "half",
        "empty",
    ],
)
def test_other_weights_are_charged_and_named(told, given, sentence):
    told(**given)
    with pytest.raises(CheckFailed) as failed:
        weights()
    assert sentence in " ".join(str(failed.value).split())


def test_processes_that_train_for_themselves_are_named(monkeypatch, told):
    def answer(file, plan):
        return {"problem": "", "rows": EVERY_SECOND,
                "weights": processes.single(plan, [EVERY_SECOND[0]])}  # fmt: skip

    monkeypatch.setattr(probes, "distributed", answer)
    with pytest.raises(CheckFailed, match="each process took its own steps"):
        weights()


@pytest.mark.parametrize(
    ("taken", "sentence"),
    [
        (WHOLE, "each process takes the whole batch"),
        (HALVES, "the halves of the batch one after the other"),
        ([EVERY_SECOND[0]] * 2, "the same half in each process"),
        (EVERY_SECOND[::-1], "changed places"),
        ([list(range(12))] * 2, "the same rows in each process"),
        (ALL_OF_THE_DATA, ""),
    ],
    ids=["whole", "halves", "same-half", "exchanged", "same", "too-many"],
)
def test_other_rows_are_charged_once_and_named(told, taken, sentence):
    told(rows=taken)
    with pytest.raises(CheckFailed) as failed:
        rows()
    assert sentence in " ".join(str(failed.value).split())
    assert "process" in str(failed.value)
    excuses.count()
    weights()  # of what the processes saw
    assert excuses.count() == 1


def test_rows_of_a_training_that_stopped_are_charged_with_the_weights(told):
    told(problem="process 0: ValueError: x")
    rows()
    assert excuses.count() == 1


def test_a_blank_file_fails_both_tests(told):
    for check in (weights, rows):
        told(problem="process 1: NotImplementedError: ")
        with pytest.raises(CheckFailed, match="train_distributed is not written yet"):
            check()


def test_a_network_that_is_never_called_is_charged_with_the_weights(told):
    told(rows=[[], []], weights=lambda w: w, plan={"steps": 1})
    with pytest.raises(CheckFailed, match="never called in train mode"):
        weights()
    rows()


@pytest.mark.parametrize("word", [None, {}, {"problem": 3, "weights": {}, "rows": []},
                                  {"problem": "", "weights": {}, "rows": [[]]},
                                  {"problem": "", "weights": {"w": "x"}, "rows": [[], []]},
                                  {"problem": "", "weights": {}, "rows": [["0"], [1]]}])  # fmt: skip
def test_a_word_of_another_form_is_no_answer(monkeypatch, word):
    monkeypatch.setattr(probes, "distributed", lambda file, plan: word)
    for check in (weights, rows):
        with pytest.raises(CheckFailed, match="no answer to what was asked"):
            check()


def test_two_real_processes_are_started(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plan = {"features": 3, "hidden": 4, "classes": 3, "data": 1, "rows": 12, **TRAINING, "steps": 2}
    assert "there is no ddp.py here" in processes.distributed("ddp.py", plan)["problem"]
    (tmp_path / "ddp.py").write_text(ANSWER)
    found = processes.distributed("ddp.py", plan)
    assert found["problem"] == "" and found["rows"] == [[0, 2, 4, 6, 8, 10], [1, 3, 5, 7, 9, 11]]
    right = processes.single(plan, found["rows"])
    assert all(np.allclose(found["weights"][name], right[name], atol=1e-12) for name in right)
    (tmp_path / "ddp.py").write_text(ANSWER + "\n    raise KeyError('late')")
    assert "KeyError: 'late'" in processes.distributed("ddp.py", plan)["problem"]


@pytest.mark.parametrize(("aborts", "right"), [(1, True), (2, True), (3, False)])
def test_a_process_that_gloo_ends_is_tried_again(monkeypatch, tmp_path, aborts, right):
    """A right answer loses nothing by it; one that always ends so has not trained."""
    from safetensors.numpy import save_file

    runs = []

    def run(command):
        runs.append(command)
        plan = json.loads(Path(command[-1]).read_text())
        if len(runs) <= aborts:  # one process is gone, the other one misses it
            Path(command[-1]).with_name("0.json").write_text(
                '{"error": "RuntimeError: closed by peer"}'
            )
            return subprocess.CompletedProcess(command, 1, b"", processes.ABORTED)
        for rank in (0, 1):
            Path(command[-1]).with_name(f"{rank}.json").write_text('{"error": "", "rows": [1]}')
        save_file({"w": np.zeros(2)}, plan["out"])
        return subprocess.CompletedProcess(
            command, 1, b"", processes.ABORTED
        )  # after it has returned

    monkeypatch.setattr(processes, "_run", run)
    monkeypatch.chdir(tmp_path)
    Path("ddp.py").write_text(f"# {aborts}")
    found = processes.distributed("ddp.py", {})
    assert (found["problem"] == "") is right and len(runs) == min(aborts + 1, processes.ATTEMPTS)
    assert list(found["weights"]) == (["w"] if right else [])
