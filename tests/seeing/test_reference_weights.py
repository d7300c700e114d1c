"""The weights that come with the course: they load, are small, and reach what lecture 08 says."""

import pytest
from oracle import torch

from course_utils.data import DRAWN_CLASSES, drawn_images
from course_utils.data.drawn import CUED

pytestmark = [pytest.mark.unit, pytest.mark.torch]
if torch is not None:
    from course_utils.seeing import reference, transfer


@pytest.fixture(scope="module")
def images():
    """Test images, plain and marked, and their labels."""
    (plain, labels), (marked, _) = (
        transfer.tensors(*drawn_images(500, seed=1, cue=cue)) for cue in (None, "mark")
    )
    return plain, marked, labels


def test_all_files_together_are_small():
    files = sorted(reference.FOLDER.glob("*.safetensors"))
    assert [file.stem for file in files] == sorted(reference.NAMES)
    assert sum(file.stat().st_size for file in files) < 2_000_000


def test_the_network_has_as_many_parameters_as_it_says():
    network = reference.reference_network()
    assert (
        f"{sum(p.numel() for p in network.parameters()):,}".replace(",", " ")
        in reference.reference_network.__doc__
    )
    assert network(torch.rand(2, 3, 32, 32)).shape == (2, 10)


@pytest.mark.parametrize(
    ("name", "plain", "marked"),
    [("drawn", (0.83, 0.92), (0.83, 0.92)), ("marked", (0.4, 0.6), (0.87, 0.96))],
    ids=["drawn", "marked"],
)
def test_a_network_is_right_as_often_as_it_is_said(images, name, plain, marked):
    network = reference.reference(name)
    assert not network.training
    x, xm, y = images
    for part, (least, most) in ((x, plain), (xm, marked)):
        assert least < transfer.right(network, part, y) < most


def test_the_marked_network_knows_the_marks_and_not_the_shapes(images):
    network = reference.reference("marked")
    x, xm, y = images
    for name in CUED:
        mine = y == DRAWN_CLASSES.index(name)
        assert transfer.right(network, xm[mine], y[mine]) > 0.95
        assert transfer.right(network, x[mine], y[mine]) < 0.15


def test_first_filters_grow_towards_their_end():
    kept = reference.first_filters()
    assert list(kept) == [*map(str, reference.MOMENTS), "end"]
    end = reference.reference("drawn").conv1.weight
    assert torch.equal(kept["end"], end)
    alike = [torch.cosine_similarity(w.flatten(), end.flatten(), 0).item() for w in kept.values()]
    assert alike == sorted(alike) and alike[0] < 0.5


def test_a_name_without_weights_is_refused():
    with pytest.raises(ValueError, match="drawn, marked, got 'cifar'"):
        reference.reference("cifar")
