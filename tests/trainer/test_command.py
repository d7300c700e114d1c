"""`course train` as people use it: started, interrupted, gone on with, mistyped."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from conftest import ROOT
from oracle import torch
from published import batches, small_cifar

pytestmark = [pytest.mark.unit, pytest.mark.torch]
if torch is not None:
    from click.testing import CliRunner

    from course_utils import data
    from course_utils.cli import main
    from course_utils.trainer import checkpoint, metrics
    from course_utils.trainer.recipes import RECIPES
    from course_utils.trainer.run import run, settings_for

BRIEF = ["--images", "64", "--epochs", "1", "--batch-size", "32"]
LONG = 600  # seconds after which something hangs


@pytest.fixture
def few(monkeypatch):
    """Twenty images to look at after each epoch: a thousand take longer than the training."""
    monkeypatch.setattr(data, "DRAWN", {"train": 64, "validation": 20, "test": 20})


def course(*words, folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return CliRunner().invoke(main, ["train", *words])


@pytest.mark.parametrize("network", ["alexnet", "vgg-16", "resnet-20", "resnet-56"])
def test_one_command_trains(few, tmp_path, network):
    done = course(network, *BRIEF, folder=tmp_path)
    assert done.exit_code == 0, done.output
    assert f"{network} on drawn: " in done.output and "of the test images right" in done.output
    folder = tmp_path / "runs" / f"{network}-drawn"
    assert sorted(path.name for path in folder.iterdir()) == ["checkpoint.pt", "metrics.jsonl"]
    [line] = metrics.read(folder / "metrics.jsonl")
    assert line["epoch"] == 1 and 0 <= line["val_accuracy"] <= 1
    again = course(network, *BRIEF, folder=tmp_path)
    assert again.output.splitlines()[-1] == done.output.splitlines()[-1]


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        ("resnet-20", {"weight_decay": 1e-4, "schedule": "step", "cutout": 0}),
        ("resnet-56", {"weight_decay": 1e-4, "schedule": "step", "cutout": 0}),
        ("resnet-9", {"weight_decay": 5e-4, "schedule": "cosine", "cutout": 8}),
    ],
)
def test_the_commands_for_cifar_10_run_on_its_official_layout(
    network, expected, tmp_path, monkeypatch
):
    pixels, labels, members = batches()
    for name, content in members.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    monkeypatch.setitem(
        data.READERS, "cifar-10", lambda: data.cifar10(tmp_path, small_cifar(members))
    )
    brief = ["--data", "cifar-10", "--epochs", "2", "--batch-size", "18"]
    done = course(network, *brief, folder=tmp_path)
    assert done.exit_code == 0, done.output
    state = checkpoint.load(tmp_path / "runs" / f"{network}-cifar-10" / "checkpoint.pt")
    assert len(state["history"]["loss"]) == 2
    assert expected.items() <= state["settings"].items()


def test_an_interrupt_saves_and_the_same_command_goes_on(tmp_path):
    words = [
        "resnet-20",
        "--images",
        "640",
        "--epochs",
        "200",
        "--batch-size",
        "16",
        "--device",
        "cpu",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "course_utils.cli", "train", *words],
        cwd=tmp_path, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        end = time.monotonic() + LONG
        while not (tmp_path / "runs/resnet-20-drawn/metrics.jsonl").exists():
            assert process.poll() is None and time.monotonic() < end
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=LONG)
    assert process.returncode == 130, said
    done = len(checkpoint.load(tmp_path / "runs/resnet-20-drawn/checkpoint.pt")["history"]["loss"])
    assert f"interrupted after {done} of 8000 steps" in " ".join(said.split())
    assert "the same command goes on" in " ".join(said.split())
    result = run(
        "resnet-20", "drawn", tmp_path / "runs/resnet-20-drawn", "cpu",
        images=640, epochs=200, batch_size=16, until=done + 1,
    )  # fmt: skip
    assert len(result.history["loss"]) == done + 1 and result.accuracy is None


def test_a_mistake_is_named(few, tmp_path):
    done = course("resnet-21", folder=tmp_path)
    assert done.exit_code == 2 and "network must be one of alexnet, vgg-11" in done.output
    done = course("resnet-20", "--data", "mnist", folder=tmp_path)
    assert done.exit_code == 2 and "data must be one of drawn, cifar-10, got 'mnist'" in done.output
    assert course("alexnet", *BRIEF, folder=tmp_path).exit_code == 0
    done = course("alexnet", *BRIEF, "--seed", "3", folder=tmp_path)
    assert done.exit_code == 1 and "another training (seed 0 there, 3 now)" in " ".join(
        done.output.split()
    )
    with pytest.raises(ValueError, match="no setting momentun"):
        settings_for("alexnet", "drawn", torch.device("cpu"), momentun=0.5)


def test_every_recipe_makes_a_network_for_small_images():
    for name, recipe in RECIPES.items():
        scores = recipe.make().eval()(torch.zeros(1, 3, 32, 32))
        assert scores.shape == (1, 10), name
        for set_of_images in ("drawn", "cifar-10"):
            json.dumps(vars(settings_for(name, set_of_images, torch.device("cpu"))))
