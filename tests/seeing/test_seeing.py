"""What lecture 08 looks at networks with: boxes, patches, maps, waves, linear classifiers, fine-tuning."""

import json
import shutil

import numpy as np
import pytest
from conftest import ROOT
from oracle import torch

from course_utils.data import drawn_images

pytestmark = [pytest.mark.unit, pytest.mark.torch]
if torch is not None:
    from safetensors.torch import save_file
    from torch import nn

    from course_utils.seeing import filters, maps, own, reference, tables, transfer, units


def chain():
    """A chain with strides and paddings that differ, and weights from a seed."""
    torch.manual_seed(0)
    layers = nn.Sequential()
    layers.add_module("conv1", nn.Conv2d(3, 4, 5, 2, 1))
    layers.add_module("relu1", nn.ReLU())
    layers.add_module("pool1", nn.MaxPool2d(3, 2))
    layers.add_module("conv2", nn.Conv2d(4, 5, 3, 1, 1))
    layers.add_module("relu2", nn.ReLU())
    return layers


# Boxes and patches
@pytest.mark.parametrize("name", ["conv1", "pool1", "relu2"])
def test_a_box_holds_exactly_the_pixels_that_change_the_answer(name):
    layers, size = chain(), 25
    field = units.field_of(layers, name)
    answers = units.activations(layers, name, torch.zeros(1, 3, size, size))
    rows, columns = answers.shape[2:]
    i, j = rows // 2, columns // 2
    top, left = field.start + i * field.jump, field.start + j * field.jump
    x = torch.rand(1, 3, size, size, requires_grad=True)
    upto = layers[: [n for n, _ in layers.named_children()].index(name) + 1]
    seen = torch.zeros(size, size, dtype=bool)
    for _ in range(8):  # a maximum has a slope at one place only, and a ReLU none below 0
        x = torch.randn(1, 3, size, size, requires_grad=True)
        upto(x)[0, :, i, j].sum().backward()
        seen |= x.grad[0].abs().amax(0) > 0
    inside = torch.zeros(size, size, dtype=bool)
    inside[max(top, 0) : top + field.size, max(left, 0) : left + field.size] = True
    assert not (seen & ~inside).any()
    assert seen.any(1).sum() == inside.any(1).sum() and seen.any(0).sum() == inside.any(0).sum()


def test_top_patches_are_the_strongest_answers_one_an_image():
    layers, images = chain().train(), torch.rand(12, 3, 25, 25)
    found = units.top_patches(layers, "relu1", images, k=4)
    assert layers.training and len(found) == 4
    answers = units.activations(layers, "relu1", images)
    for unit, patches in enumerate(found):
        best = answers[:, unit].flatten(1).max(1).values
        assert [p.activation for p in patches] == pytest.approx(sorted(best.tolist())[::-1][:4])
        for patch in patches:
            top, left, bottom, right = patch.box
            alone = torch.zeros(1, 3, 25, 25)  # the padding is 0, too
            alone[..., top:bottom, left:right] = images[patch.image, :, top:bottom, left:right]
            again = units.activations(layers, "relu1", alone)[0, unit]
            assert again.max().item() >= patch.activation - 1e-6


def test_an_unknown_layer_is_refused():
    with pytest.raises(ValueError, match="no layer 'conv9' in conv1, relu1"):
        units.field_of(chain(), "conv9")


# Maps
def test_an_occlusion_map_is_one_pass_for_each_place():
    model = nn.Sequential(nn.Flatten(), nn.Linear(3 * 9 * 11, 4)).eval()
    image = torch.rand(3, 9, 11)
    found = maps.occluded(model, image, side=3, stride=2, value=0.25)
    assert found.shape == (4, 5, 4)
    for i, j in ((0, 0), (3, 4), (1, 2)):
        covered = image.clone()
        covered[:, 2 * i : 2 * i + 3, 2 * j : 2 * j + 3] = 0.25
        torch.testing.assert_close(found[i, j], model(covered[None]).softmax(1)[0])


def test_saliency_is_the_largest_slope_over_the_channels():
    model = nn.Sequential(nn.Flatten(), nn.Linear(3 * 4 * 5, 2)).eval()
    images, labels = torch.rand(2, 3, 4, 5), torch.tensor([1, 0])
    found = maps.saliency(model, images, labels)
    weights = model[1].weight.detach().reshape(2, 3, 4, 5)
    torch.testing.assert_close(found, weights.abs().amax(1)[labels])
    assert model[1].weight.grad is None and not images.requires_grad
    whole = maps.inside(found[0], (0, 0, 4, 5))
    parts = maps.inside(found[0], (0, 0, 4, 2)) + maps.inside(found[0], (0, 2, 4, 5))
    assert whole == pytest.approx(1) and parts == pytest.approx(1)


# Filters
@pytest.mark.parametrize("degrees", [0, 30, 45, 90, 120, 170])
@pytest.mark.parametrize("frequency", [0.15, 0.25])
def test_the_wave_of_a_gabor_filter_is_found(degrees, frequency):
    rows, columns = np.indices((11, 11)) - 5
    angle = np.radians(degrees)
    along = columns * np.cos(angle) + rows * np.sin(angle)
    gabor = np.cos(2 * np.pi * frequency * along) * np.exp(-(rows**2 + columns**2) / 32)
    [wave] = filters.wave(np.stack([gabor] * 3)[None])
    assert abs((wave.orientation - degrees + 90) % 180 - 90) < 5
    assert wave.frequency == pytest.approx(frequency, rel=0.1)
    assert wave.colour == pytest.approx(0, abs=1e-9)


def test_stretched_filters_have_grey_for_0():
    found = filters.stretched(np.array([[[[0.0, 2.0]], [[-1.0, 0.5]], [[0.0, 0.0]]]]))
    assert found.ravel().tolist() == [127.5, 255, 63.75, 159.375, 127.5, 127.5]


# Transfer
def test_a_linear_classifier_is_the_least_squares_one():
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(40, 3, generator=generator, dtype=torch.float64)
    y = torch.arange(40) % 2
    fitted = transfer.Linear(x, y, classes=2, ridge=0)
    design = np.c_[x.numpy(), np.ones(40)]
    expected = design @ np.linalg.lstsq(design, np.eye(2)[y.numpy()], rcond=None)[0]
    np.testing.assert_allclose(fitted(x).numpy(), expected, atol=1e-5)


def test_a_plane_has_the_line_at_0():
    generator = torch.Generator().manual_seed(0)
    y = torch.arange(200) % 2
    x = torch.randn(200, 6, generator=generator) + 3.0 * y[:, None] * torch.eye(6)[2]
    points = transfer.plane(x, y, x)
    said = transfer.Linear(x, y, classes=2)(x).argmax(1)
    assert ((points[:, 0] > 0) == (said == 1)).all()
    assert points[:, 1].std() > 0.5


@pytest.mark.parametrize("frozen", [None, "pool3"])
def test_fine_tuning_trains_what_is_not_frozen_and_leaves_the_network_as_it_was(frozen):
    network = reference.reference("drawn")
    before = {k: v.clone() for k, v in network.state_dict().items()}
    x, y = torch.rand(20, 3, 32, 32), torch.arange(20) % 4
    tuned = transfer.fine_tune(network, x, y, frozen, epochs=2, classes=4, batch_size=10)
    assert all(torch.equal(v, before[k]) for k, v in network.state_dict().items())
    moved = {
        k.split(".")[0]
        for k, v in tuned.state_dict().items()
        if v.shape != before[k].shape or not torch.equal(v, before[k])
    }
    expected = (
        {"conv4", "bn4", "fc"}
        if frozen
        else {f"{k}{n}" for k in ("conv", "bn") for n in range(1, 5)} | {"fc"}
    )
    assert moved == expected
    assert not tuned.training and tuned(x).shape == (20, 4)


# Tables and a student's own network
def test_pixels_keep_four_bits_of_each_colour():
    image = np.array([[[0, 255]], [[17, 128]], [[255, 0]]])
    assert tables.pixels(image) == tables.written(np.array([0x01F, 0xF80]))
    assert tables.written(np.array([0, 63, 64, 4095])) == "AAA/BA//"


SOURCE = """
class Centre(nn.Module):
    def forward(self, x):
        return x - 0.5

def small_vgg():
    block = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4))
    return nn.Sequential(Centre(), block, nn.ReLU(), nn.Flatten(), nn.Linear(4 * 1024, 10))
"""


def hand_in(folder, source=SOURCE):
    folder = folder / "07_training_on_a_gpu"
    folder.mkdir()
    cells = [{"id": own.CELL, "cell_type": "code", "source": source.splitlines(keepends=True)}]
    (folder / "07_training_on_a_gpu.ipynb").write_text(json.dumps({"cells": cells}))
    names = {"nn": nn}
    exec(SOURCE, names)
    model = names["small_vgg"]()
    save_file(model.state_dict(), folder / "vgg.safetensors")
    return folder, model.eval()


def test_a_students_network_is_loaded_as_one_chain(tmp_path, capsys):
    folder, model = hand_in(tmp_path)
    chain = own.own_network("vgg", folder)
    assert [name for name, _ in chain.named_children()] == [
        "centre1",
        "conv1",
        "bn1",
        "relu1",
        "flatten1",
        "fc1",
    ]
    x = torch.rand(2, 3, 32, 32)
    torch.testing.assert_close(chain(x), model(x))
    assert "Your vgg of part 07" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (None, "No vgg.safetensors"), ("raise OSError('no')", "OSError"),
        (SOURCE.replace("3, 4, 3", "3, 4, 5"), "RuntimeError"),
    ],
    ids=["nothing there", "a cell that fails", "weights of another network"],
)  # fmt: skip
def test_where_there_is_none_the_reason_is_said(tmp_path, capsys, source, said):
    folder = hand_in(tmp_path, source)[0] if source else tmp_path
    assert own.own_network("vgg", folder) is None
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "fields"), [("vgg", [3, 8, 18, 26]), ("alexnet", [5, 17, 41, 57, 73])]
)
def test_networks_of_assignment_07_can_be_looked_into(tmp_path, name, fields):
    """With the solution's cell and the weights of the sample answers."""
    part = "07_training_on_a_gpu"
    folder = tmp_path / part
    shutil.copytree(ROOT / "tests" / "bank" / part / "beside", folder)
    shutil.copy(ROOT / "solutions" / part / f"{part}.ipynb", folder)
    chain = own.own_network(name, folder)
    x, y = transfer.tensors(*drawn_images(200, seed=1))
    assert transfer.right(chain, x, y) > 0.7
    convolutions = [k for k, layer in chain.named_children() if isinstance(layer, nn.Conv2d)]
    assert [units.field_of(chain, k).size for k in convolutions] == fields
    shown = {k: (f"relu{k[4:]}", range(3)) for k in convolutions[:2]}
    found = tables.unit_tables(chain, x, y, shown)["layers"]
    assert [layer["name"] for layer in found] == ["conv1", "conv2"]
    assert all(len(unit["patches"]) == 9 for layer in found for unit in layer["units"])
