"""Functions of which hidden tests make misconceptions: without options they are right."""

import itertools

import pytest
from oracle import torch

pytestmark = [pytest.mark.unit, pytest.mark.torch]
if torch is not None:
    from torch import nn

    from course_utils.seeing import plain, wrong


def draws(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def network():
    torch.manual_seed(0)
    layers = [nn.Conv2d(2, 3, 3, padding=1), nn.Tanh(), nn.MaxPool2d(2), nn.Flatten()]
    return nn.Sequential(*layers, nn.Linear(3 * 3 * 4, 3)).eval()


LAYERS = [(3, 1, 1), (2, 2, 0)]
CALLS = {
    "filter_grid": lambda: [(draws(5, c, 2, 3), 3, gap) for c in (1, 3) for gap in (0, 2)],
    "gabor_fit": lambda: [(plain.gabor(11, d, 0.25, phase=1.0),) for d in (10, 70, 130)],
    "receptive_box": lambda: [([*LAYERS, (5, 3, 2)], place) for place in ((0, 0), (3, 1))],
    "top_patches": lambda: [
        (network(), LAYERS, 2, unit, draws(6, 2, 6, 9), k) for unit, k in ((0, 3), (2, 9))
    ],
    "occlusion_map": lambda: [
        (network(), draws(2, 6, 8), 1, *squares) for squares in ((2, 1), (3, 2, 0.5))
    ],
    "extract_features": lambda: [
        (network(), layer, draws(5, 2, 6, 8), 2) for layer in ("0", "2", "4")
    ],
    "linear_probe": lambda: [(draws(9, 4), torch.arange(9) % 3, 5, r) for r in (0.5, 20.0)],
    "advise": lambda: itertools.product((1, 999, 1000, 5000), (True, False)),
}


@pytest.mark.parametrize("name", CALLS)
def test_without_options_it_is_right(name):
    for call in CALLS[name]():
        expected = getattr(plain, name)(*call)
        found = getattr(wrong, name)(*call)
        if name == "top_patches":
            assert [row[:2] for row in found] == [row[:2] for row in expected]
            found, expected = ([row[2] for row in rows] for rows in (found, expected))
        if isinstance(expected, str):
            assert found == expected
        else:
            torch.testing.assert_close(found, expected, check_dtype=False)


@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize("depth", range(8))
def test_without_options_fine_tuning_is_prepared_rightly(depth, frozen):
    from course_utils.modules.looking import tuned

    net = [("Conv2d", 1, 2, 2), ("BatchNorm2d", 2), ("ReLU",), ("Conv2d", 2, 3, 1)]
    net += [("BatchNorm2d", 3), ("ReLU",), ("Flatten",), ("Linear", 12, 3)]
    plan = {"net": net, "x": (4, 1, 3, 3), "seed": 1, "frozen": frozen}
    prepared, other = (
        tuned(module.prepare_fine_tuning, plan, 5, depth) for module in (plain, wrong)
    )
    assert other == prepared and other["refused"] == (depth not in range(1, 6))
