"""Functions that train, evaluate, save and measure, judged by what comes of a scene with them."""

import os

import pytest
from oracle import functional as F
from oracle import torch

from course_utils.checks import CheckFailed, args, entry, equal, scenes
from course_utils.checks import case as case_of

pytestmark = [pytest.mark.unit, pytest.mark.torch]
if torch is not None:
    from course_utils.modules.scenes import Watched
    from course_utils.modules.watching import Changes, full_disk
    from course_utils.trainer import averaging, checkpoint, epochs, memory


def said(check, *given):
    """What a check says, '' where it passes."""
    try:
        check(*given)
    except CheckFailed as failure:
        return " ".join(failure.text().split())
    return ""


def save(path, model, optimizer, epoch):
    parts = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch}
    checkpoint.save(parts | {"random": checkpoint.random_states()}, path)


def resume(path, model, optimizer):
    state = checkpoint.load(path)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    checkpoint.set_random_states(state["random"])
    return state["epoch"]


PLAN = {"seed": 4, "steps": 2, "epoch": 3, "name": "last.pt"}
PARTS = ("weights", "optimizer", "random", "epoch", "plain", "whole")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("path", [False, True])
def test_the_trainers_own_checkpoint_is_right(part, path):
    assert said(scenes.resumes, save, resume, [PLAN | {"path": path}], part) == ""


def test_a_saving_that_fails_fails_every_part():
    def nothing(path, model, optimizer, epoch):
        raise NotImplementedError()

    assert {said(scenes.resumes, nothing, resume, [PLAN], part) for part in PARTS} == {
        said(scenes.resumes, nothing, resume, [PLAN], "epoch")
    }
    assert "not written yet" in said(scenes.resumes, nothing, resume, [PLAN], "epoch")


def test_our_own_epoch_evaluation_and_averages_are_right():
    def reference(mode):
        return epochs.train_one_epoch

    epoch = scenes.epoch(epochs.train_one_epoch)
    assert said(scenes.told, epoch, [{"seed": 1, "sizes": (4, 3)}], reference) == ""
    half = {"seed": 1, "sizes": (4, 3), "dtype": "float32", "amp": "bfloat16"}
    assert said(scenes.in_half, epoch, [half], epochs.train_one_epoch) == ""
    assert (
        said(scenes.asks, scenes.evaluation(epochs.evaluate), [{"seed": 1, "sizes": (4, 3)}]) == ""
    )
    plan = {"seed": 1, "n": 2, "side": 9, "sizes": [8, 11]}
    assert said(scenes.asks, scenes.scales(averaging.multi_scale_predict), [plan]) == ""


def test_activation_memory_counts_what_is_said_in_the_contract():
    layers = [
        ("Conv2d", 3, 4, 3),
        ("BatchNorm2d", 4),
        ("ReLU", {"inplace": True}),
        [("Dropout", 0.5)],
    ]
    scene = scenes.activations(memory.activation_memory)
    numbers = 2 * 3 * 64 + 3 * 2 * 4 * 36
    equal(entry(scene, "value"), [case_of(args(layers, (2, 3, 8, 8), "float64"), 8 * numbers)])
    equal(entry(scene, "left"), [case_of(args(layers, (2, 3, 8, 8), "float64"), [])])


def test_ten_windows_stand_where_they_should():
    x = torch.arange(30.0).reshape(1, 1, 5, 6)
    ten = averaging.ten_crop(x, 3)
    assert ten.shape == (1, 10, 1, 3, 3)
    assert ten[0, :5, 0, 0, 0].tolist() == [0.0, 3.0, 12.0, 15.0, 7.0]
    assert torch.equal(ten[:, 5:], ten[:, :5].flip(-1))
    with pytest.raises(ValueError, match="size must be from 1 to 5, got 6"):
        averaging.ten_crop(x, 6)


def test_in_which_mode_a_network_is_asked_is_told():
    net = Watched()
    x = torch.zeros(2, 3, 7, 7)
    for change in (net.train, net.eval, net.norm.train):
        change()
        net(x)
    assert [mode for mode, *_ in net.calls] == ["train", "eval", "mixed"]


@pytest.mark.parametrize("what", ["grad mode", "frozen", "hook", "images", "backward"])
def test_what_is_left_behind_is_named(what):
    def leaves(model, x, sizes):
        if what == "grad mode":
            torch.set_grad_enabled(False)
        if what == "frozen":
            model.requires_grad_(False)
        if what == "hook":
            model.register_forward_hook(lambda *_: None)
        if what == "images":
            x.mul_(1.5)
        if what == "backward":
            model(x).sum().backward()
            model.calls.clear()
        return averaging.multi_scale_predict(model, x, sizes)

    words = {
        "grad mode": "set_grad_enabled(False) as a statement",
        "frozen": "other parameters have requires_grad",
        "hook": "other hooks",
        "images": "working in place",
        "backward": "have a grad afterwards",
    }
    plan = {"seed": 1, "n": 2, "side": 9, "sizes": [8, 11]}
    assert words[what] in said(scenes.asks, scenes.scales(leaves), [plan])
    assert torch.is_grad_enabled()


def test_no_graph_is_built_where_the_parameters_are_frozen_meanwhile():
    def frozen(model, x, sizes):
        was = [(parameter, parameter.requires_grad) for parameter in model.parameters()]
        modes = [(part, part.training) for part in model.modules()]
        model.eval().requires_grad_(False)
        out = sum(model(F.interpolate(x, s, mode="bilinear")).softmax(1) for s in sizes)
        for parameter, requires_grad in was:
            parameter.requires_grad = requires_grad
        for part, mode in modes:
            part.training = mode
        return out / len(sizes)

    plan = {"seed": 1, "n": 2, "side": 9, "sizes": [8, 11]}
    assert said(scenes.asks, scenes.scales(frozen), [plan]) == ""


def test_an_answer_of_another_form_is_named():
    def alone(model, batches, device):
        return [model(x) for x, _ in batches] and 0.5

    def tensors(model, batches, device):
        model.eval()
        [(x, y)] = batches
        scores = model(x)
        return F.cross_entropy(scores, y), (scores.argmax(1) == y).float().mean()

    def reference(mode):
        return epochs.evaluate

    plans = [{"seed": 1, "sizes": (4,)}]
    assert "not a pair" in said(scenes.told, scenes.evaluation(alone), plans, reference)
    assert "no Python float" in said(scenes.told, scenes.evaluation(tensors), plans, reference)


def test_another_default_is_named():
    class Slow:
        def __init__(self, base_lr, factor=0.5):
            self.lr, self.factor = base_lr, factor

        def step(self, metric):
            self.lr *= self.factor
            return self.lr

    short, whole = args(((1.0,), {}), [1.0, 1.0]), args(((1.0, 0.1), {}), [1.0, 1.0])
    assert "another default" in said(scenes.alike, scenes.rates(Slow), [(short, whole)])
    assert (
        said(scenes.alike, scenes.rates(Slow), [(short, args(((1.0, 0.5), {}), [1.0, 1.0]))]) == ""
    )


@pytest.mark.skipif(os.name != "posix", reason="needs a limit on the size of files")
def test_a_full_disk_ends_a_file_and_is_gone_afterwards(tmp_path):
    with pytest.raises(OSError), full_disk(100):
        (tmp_path / "long").write_bytes(bytes(1000))
    (tmp_path / "long").write_bytes(bytes(1000))
    assert (tmp_path / "long").stat().st_size == 1000


@pytest.mark.skipif(not os.path.exists("/proc/self"), reason="needs Linux")
def test_what_is_renamed_inside_a_folder_or_removed_is_told(tmp_path):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir(), outside.mkdir()
    with Changes(inside) as changes:
        (inside / "new").write_text("a")
        os.replace(inside / "new", inside / "last")
        (outside / "new").write_text("b")
        os.replace(outside / "new", inside / "last")
        (inside / "last").write_text("c")
        (inside / "last").unlink()
    assert changes.found == [("new", "last"), ("last", None)]
    with Changes(inside) as changes:
        pass
    assert changes.found == []
