"""A training that stops and goes on is the one that did not stop."""

import copy
import json
import math
import warnings

import numpy as np
import pytest
from oracle import torch

pytestmark = [pytest.mark.unit, pytest.mark.torch]
if torch is not None:
    from torch import nn

    from course_utils.data import drawn_images
    from course_utils.show.curves import Live
    from course_utils.trainer import (
        CheckpointError,
        Feed,
        Settings,
        Trainer,
        World,
        checkpoint,
        metrics,
    )

BRIEF = {"epochs": 3, "batch_size": 16, "learning_rate": 0.05}
TIMES = ("seconds", "images_per_second")


def small_net():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, 2, 1), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 8, 3, 2, 1), nn.ReLU(),
        nn.Dropout(0.3), nn.Flatten(), nn.Linear(512, 10),
    )  # fmt: skip


@pytest.fixture(scope="module")
def images():
    return drawn_images(100, seed=5)


@pytest.fixture
def trainer(images):
    """What makes a trainer: 70 images, five batches an epoch, the last of 6."""
    x, y = images

    def make(folder=None, net=small_net, **changes):
        settings, world = Settings(**BRIEF | changes), World(torch.device("cpu"))
        train = Feed(
            x[:70],
            y[:70],
            settings.batch_size,
            world,
            settings.seed,
            padding=settings.padding,
            flip=settings.flip,
        )
        validation = Feed(x[70:], y[70:], 16, world, moments=train.moments)
        return Trainer(net(), train, validation, settings, world, folder)

    return make


def state_of(trainer):
    return {name: tensor.clone() for name, tensor in trainer.bare.state_dict().items()}


def same(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def without_times(lines):
    return [{key: value for key, value in line.items() if key not in TIMES} for line in lines]


OTHERS = [
    {},
    {"schedule": "plateau", "patience": 0},
    {"schedule": "step", "ema": 0.9, "clip": 0.1},
    {"precision": "bf16", "channels_last": False, "label_smoothing": 0.1},
    {"padding": 0, "flip": False, "momentum": 0.0, "schedule": "constant"},
]


@pytest.mark.parametrize("changes", OTHERS, ids=str)
@pytest.mark.parametrize("until", [1, 5, 8])
def test_a_training_that_went_on_equals_one_that_did_not_stop(trainer, tmp_path, changes, until):
    whole = trainer(tmp_path / "whole", **changes)
    (tmp_path / "whole").mkdir()
    expected = whole.fit()
    (tmp_path / "halves").mkdir()
    first = trainer(tmp_path / "halves", **changes)
    assert first.fit(until=until)["stopped"] == "interrupted"
    torch.manual_seed(99)  # another process is at another place in its random numbers
    second = trainer(tmp_path / "halves", **changes)
    history = second.fit()
    assert same(state_of(second), state_of(whole))
    assert history == expected and len(history["loss"]) == 15
    if whole.ema:
        assert same(second.ema.model.state_dict(), whole.ema.model.state_dict())
    lines = [
        without_times(metrics.read(tmp_path / name / "metrics.jsonl"))
        for name in ("whole", "halves")
    ]
    assert lines[0] == lines[1] and [line["epoch"] for line in lines[0]] == [1, 2, 3]


def test_what_was_trained_is_not_trained_again(trainer, tmp_path):
    done = trainer(tmp_path)
    done.fit()
    again = trainer(tmp_path)
    assert again.fit()["loss"] == done.history["loss"]
    assert same(state_of(again), state_of(done))


def test_it_learns(trainer):
    history = trainer(epochs=30, padding=0, flip=False).fit()
    assert history["train_accuracy"][-1] > 0.6 > history["train_accuracy"][0]
    assert np.mean(history["loss"][-5:]) < 0.6 * np.mean(history["loss"][:5])


def test_the_loss_is_that_of_a_plain_loop(trainer):
    """Without augmentation, dropout aside: gradient descent written down."""

    def net():
        return nn.Sequential(*(la for la in small_net() if not isinstance(la, nn.Dropout)))

    ours = trainer(net=net, padding=0, flip=False, weight_decay=1e-3, warmup=0.4)
    model, found = copy.deepcopy(ours.bare), []
    optimizer = torch.optim.SGD(model.parameters(), 0.05, 0.9, weight_decay=1e-3, nesterov=True)
    for step in range(15):
        t = (step - 2) / 12
        for group in optimizer.param_groups:
            group["lr"] = 0.05 * (step + 1) / 2 if step < 2 else 0.025 * (1 + math.cos(math.pi * t))
        x, y, _ = list(ours.train.epoch(step // 5))[step % 5]
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    assert ours.fit()["loss"] == pytest.approx(found, rel=1e-4)
    for mine, theirs in zip(ours.bare.parameters(), model.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-3, atol=1e-5)


def test_gradients_are_clipped_together(trainer):
    ours, before = trainer(clip=1e-3, momentum=0.0, weight_decay=0.0, schedule="constant"), None
    before = [p.detach().clone() for p in ours.bare.parameters()]
    ours.step(*next(iter(ours.train.epoch(0))))
    moved = torch.cat(
        [(p.detach() - b).flatten() for p, b in zip(ours.bare.parameters(), before, strict=True)]
    )
    assert float(moved.norm()) == pytest.approx(0.05 * 1e-3, rel=1e-3)


def test_evaluation_is_exact_and_leaves_the_network_alone(trainer):
    ours = trainer()
    ours.fit(until=3)
    before = state_of(ours)
    loss, accuracy = ours.evaluate(ours.validation, at_once=7)
    x, y = next(iter(ours.validation.ordered(100)))
    with torch.no_grad():
        scores = ours.bare.eval()(x)
    assert loss == pytest.approx(float(nn.functional.cross_entropy(scores, y)), rel=1e-5)
    assert accuracy == float((scores.argmax(1) == y).double().mean())
    assert same(before, state_of(ours))


def test_a_training_that_diverges_stops_and_keeps_the_checkpoint_before(trainer, tmp_path):
    trainer(tmp_path).fit(until=5)
    before = (tmp_path / "checkpoint.pt").read_bytes()
    broken = trainer(tmp_path)
    with torch.no_grad():
        broken.bare[0].weight[0] = math.nan
    assert broken.fit()["stopped"] == "nan"
    assert (tmp_path / "checkpoint.pt").read_bytes() == before


@pytest.mark.parametrize("changes", [{"learning_rate": 0.1}, {"epochs": 4}, {"seed": 1}])
def test_a_checkpoint_of_other_settings_is_refused_by_name(trainer, tmp_path, changes):
    trainer(tmp_path).fit(until=2)
    [(name, value)] = changes.items()
    with pytest.raises(
        CheckpointError, match=rf"another training \({name} .* there, {value!r} now\)"
    ):
        trainer(tmp_path, **changes)


def test_a_checkpoint_of_another_network_is_refused(trainer, tmp_path):
    trainer(tmp_path).fit(until=2)
    with pytest.raises(CheckpointError, match="no checkpoint of this trainer"):
        trainer(tmp_path, net=lambda: nn.Sequential(nn.Flatten(), nn.Linear(3072, 10)))


def test_a_disk_that_is_full_does_not_end_a_training(trainer, tmp_path, monkeypatch):
    ours = trainer(tmp_path)

    def full(descriptor):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(checkpoint.os, "fsync", full)
        with (
            warnings.catch_warnings(record=True) as told,
            pytest.raises(CheckpointError, match="No space left"),
        ):
            warnings.simplefilter("always")
            ours.fit()
    assert len(told) == 2 and "there is none yet" in str(told[0].message)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["metrics.jsonl"]
    assert len(ours.history["loss"]) == 15


def test_metrics_are_plain_lines_that_any_program_reads(trainer, tmp_path):
    trainer(tmp_path).fit()
    lines = [json.loads(text) for text in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert {"epoch", "loss", "val_accuracy", "learning_rate"} < lines[0].keys()
    with (tmp_path / "metrics.jsonl").open("a") as file:
        file.write('{"epoch": 4, "lo')  # as while a line is written
    assert metrics.read(tmp_path / "metrics.jsonl") == lines


def test_its_curves_are_shown_while_it_runs(trainer, tmp_path, capsys):
    shown = Live(every=0)
    trainer(tmp_path).fit(shown, until=7)
    assert "step 7 of 15" in capsys.readouterr().out
    going_on = trainer(tmp_path)
    said = []

    class Kept(Live):
        def _show(self, name, history):
            super()._show(name, history)
            said.append((len(history["loss"]), self.first))

    going_on.fit(Kept(every=0))
    assert "step 15 of 15" in capsys.readouterr().out
    assert said[0] == (10, 10) and said[-1] == (
        15,
        10,
    )  # the time left is not told from steps of before
