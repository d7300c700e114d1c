"""Several processes train like one with the same batches; what stops a process leaves a whole checkpoint."""

import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT
from oracle import torch

pytestmark = [pytest.mark.unit, pytest.mark.torch]
if torch is not None:
    from course_utils.trainer import CheckpointError, checkpoint

SCRIPT = Path(__file__).with_name("ddp_script.py")
LONG = 600  # seconds after which something hangs


def python(*arguments, **options):
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, *map(str, arguments)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=LONG,
            **options,
        )
        # PyTorch's gloo now and then ends a process so, where two leave their group on a busy machine.
        if "terminate called without an active exception" not in done.stderr:
            break
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.mark.parametrize("padding", [0, 4])
def test_two_processes_train_like_one(tmp_path, padding):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    python(SCRIPT, tmp_path / "one", padding)
    python(
        "-m",
        "torch.distributed.run",
        "--standalone",
        "--nproc-per-node",
        2,
        SCRIPT,
        tmp_path / "two",
        padding,
    )
    one, two = (
        torch.load(tmp_path / name / "end.pt", weights_only=True) for name in ("one", "two")
    )
    for name, tensor in one["model"].items():
        torch.testing.assert_close(two["model"][name], tensor, rtol=1e-4, atol=1e-6)
    for key in ("loss", "train_accuracy", "val_accuracy"):
        assert two["history"][key] == pytest.approx(one["history"][key], rel=1e-5)
    lines = [(tmp_path / name / "metrics.jsonl").read_text().count("\n") for name in ("one", "two")]
    assert lines == [2, 2]  # one process writes


SAVES = """
import sys, torch
from course_utils.trainer import checkpoint
number = 0
while True:
    checkpoint.save({"number": number, "weights": torch.full((200_000,), float(number))}, sys.argv[1])
    print(number, flush=True)
    number += 1
"""


def test_a_killed_process_leaves_a_whole_checkpoint(tmp_path):
    path = tmp_path / "checkpoint.pt"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", SAVES, str(path)], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        saved = 0
        for _ in range(20):
            saved = int(process.stdout.readline())
        time.sleep(0.003)
        process.send_signal(signal.SIGKILL)
    found = checkpoint.load(path)
    assert found["number"] >= saved and (found["weights"] == found["number"]).all()
    checkpoint.save({"number": -1}, path)
    assert checkpoint.load(path) == {"number": -1}
    assert [p.name for p in tmp_path.iterdir()] == [
        "checkpoint.pt"
    ]  # what was left of another one is gone


def test_each_moment_of_a_save_leaves_a_whole_checkpoint(tmp_path):
    """A process that ends at any of the steps of a save: between them nothing else happens."""
    path = tmp_path / "checkpoint.pt"
    for step in ("open", "torch.save", "os.fsync", "os.replace"):
        checkpoint.save({"number": 1}, path)
        code = (
            "import builtins, os, sys, torch\nfrom course_utils.trainer import checkpoint\n"
            f"checkpoint.{step} = lambda *_: os._exit(0)\ncheckpoint.save({{'number': 2}}, sys.argv[1])"
        )
        python("-c", code, path)
        assert checkpoint.load(path) == {"number": 1}, step


FULL = """
import resource, signal, sys, torch
from course_utils.trainer import CheckpointError, checkpoint
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    checkpoint.save({"weights": torch.zeros(1_000_000)}, sys.argv[1])
except CheckpointError as error:
    print(error)
"""


def test_a_file_system_without_room_leaves_the_checkpoint_before(tmp_path):
    path = tmp_path / "checkpoint.pt"
    checkpoint.save({"number": 1}, path)
    said = python("-c", FULL, path)
    assert "the one before is still there" in said and "Make room" in said and str(path) in said
    assert checkpoint.load(path) == {"number": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["checkpoint.pt"]


class Harm:
    def __reduce__(self):
        return os.system, ("touch /tmp/harmed",)


def test_a_checkpoint_that_would_run_something_is_refused(tmp_path):
    path = tmp_path / "checkpoint.pt"
    torch.save({"model": Harm()}, path)
    with pytest.raises(
        CheckpointError, match="more than tensors and numbers; nothing of it was run"
    ):
        checkpoint.load(path)
    path.write_bytes(pickle.dumps(Harm(), protocol=2))
    with pytest.raises(CheckpointError, match="checkpoint"):
        checkpoint.load(path)
    assert not Path("/tmp/harmed").exists()


def test_what_is_no_checkpoint_is_named(tmp_path):
    with pytest.raises(CheckpointError, match="there is no checkpoint"):
        checkpoint.load(tmp_path / "nothing.pt")
    checkpoint.save({"weights": torch.zeros(1000)}, tmp_path / "half.pt")
    data = (tmp_path / "half.pt").read_bytes()
    (tmp_path / "half.pt").write_bytes(data[: len(data) // 2])
    with pytest.raises(CheckpointError, match="cannot be read .* move it away"):
        checkpoint.load(tmp_path / "half.pt")
