"""What stands in `course_utils.seeing` and, in another form, in its `plain`: both give the same."""

import pytest
from oracle import torch

pytestmark = [pytest.mark.unit, pytest.mark.torch]
if torch is not None:
    from torch import nn

    from course_utils.seeing import plain, reference, transfer, units

# Layers of the reference network up to each ReLU: kernel size, stride and padding of those with a window.
LAYERS = {
    "relu1": [(7, 2, 3)],
    "relu2": [(7, 2, 3), (3, 1, 1)],
    "relu3": [(7, 2, 3), (3, 1, 1), (2, 2, 0), (3, 1, 1)],
    "relu4": [(7, 2, 3), (3, 1, 1), (2, 2, 0), (3, 1, 1), (2, 2, 0), (3, 1, 1)],
}


def images(count):
    return torch.rand(count, 3, 32, 32, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("place", [(0, 0), (2, 1)])
def test_size_jump_and_start_give_the_box_that_the_way_back_gives(name, place):
    size, jump, start, _ = units.field_of(reference.reference(), name)
    corner = [start + jump * step for step in place]
    expected = (*corner, *(first + size for first in corner))
    assert plain.receptive_box(LAYERS[name], place) == pytest.approx(expected)


@pytest.mark.parametrize("name", LAYERS)
def test_all_units_at_once_are_the_units_one_by_one(name):
    net = reference.reference()
    index = [known for known, _ in net.named_children()].index(name)
    found = units.top_patches(net, name, images(12), k=5)
    for unit in (0, 3, 15):
        alone = plain.top_patches(net, LAYERS[name], index, unit, images(12), k=5)
        assert [patch[:2] for patch in found[unit]] == [patch[:2] for patch in alone]
        assert [patch[2] for patch in found[unit]] == pytest.approx([patch[2] for patch in alone])


@pytest.mark.parametrize("name", ["relu2", "pool3"])
def test_the_means_of_maps_are_those_of_all_their_features(name):
    net = reference.reference().train()
    means = transfer.features(net, name, images(5))
    everything = plain.extract_features(net, name, images(5), batch_size=2)
    torch.testing.assert_close(means, everything.reshape(*means.shape, -1).mean(2))


def test_what_fine_tuning_freezes_is_what_it_is_prepared_for():
    net = reference.reference()
    tuned = transfer.fine_tune(
        net, images(20), torch.arange(20) % 4, "pool3", 1, classes=4, batch_size=10
    )
    prepared = plain.prepare_fine_tuning(reference.reference(), 4, depth=3).train()
    learns = {name for name, parameter in prepared.named_parameters() if parameter.requires_grad}
    weights = dict(net.named_parameters())
    moved = {
        name
        for name, parameter in tuned.named_parameters()
        if parameter.shape != weights[name].shape or not torch.equal(parameter, weights[name])
    }
    assert learns == moved == {"conv4.weight", "bn4.weight", "bn4.bias", "fc.weight", "fc.bias"}
    norms = [part for part in prepared if isinstance(part, nn.BatchNorm2d)]
    assert [norm.training for norm in norms] == [False, False, False, True]
