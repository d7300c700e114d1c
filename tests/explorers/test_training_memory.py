"""The memory of a training step: its numbers against the networks and autograd, its words, keys and mouse."""

import itertools
import re

import pytest
import traitlets
from oracle import nn, torch

from course_utils.explorers import TrainingMemory
from course_utils.explorers.engine import Engine
from course_utils.explorers.training_memory.counted import COUNTS

pytestmark = pytest.mark.unit

VALUES = {name: trait.default_value for name, trait in TrainingMemory._shown.items()}
NAMED = pytest.mark.parametrize("name", COUNTS)
NARROW_AND_WIDE = pytest.mark.parametrize("width", [870, 1060, 460])
STATES = {"sgd": 0, "momentum": 1, "adam": 2}


@pytest.fixture(scope="module")
def engine():
    return Engine(TrainingMemory)


def grid(**axes):
    """All combinations of some values, the others as at first."""
    return [
        VALUES | dict(zip(axes, values, strict=True))
        for values in itertools.product(*axes.values())
    ]


# What is counted
@pytest.mark.torch
@NAMED
def test_what_is_written_down_is_what_the_networks_give(name):
    from course_utils.explorers.training_memory.count import NETWORKS, counted

    assert counted(*NETWORKS[name]) == COUNTS[name]


@pytest.mark.torch
def test_the_file_is_what_the_command_writes():
    from course_utils.explorers.training_memory import count

    assert list(count.NETWORKS) == list(COUNTS)
    assert count.FILE.read_text(encoding="utf-8") == count.text()


@pytest.mark.torch
def test_an_output_in_the_memory_of_the_input_is_not_counted_twice():
    from course_utils.explorers.training_memory.count import counted

    def made(inplace, *more):
        return nn.Sequential(nn.Conv2d(3, 5, 3), nn.ReLU(inplace=inplace), *more)

    one = counted(lambda: made(True), (3, 6, 7))
    assert one["activations"] == {"input": 126, "convolution": 100}
    assert one["parameters"] == one["cast"] == 140
    two = counted(lambda: made(False), (3, 6, 7))
    assert two["activations"] == {"input": 126, "convolution": 100, "other": 100}
    more = counted(
        lambda: made(True, nn.BatchNorm2d(5), nn.Flatten(), nn.Dropout(), nn.Linear(100, 2)),
        (3, 6, 7),
    )
    kinds = {"input": 126, "convolution": 100, "batch norm": 100, "dropout": 100, "linear": 2}
    assert more["activations"] == kinds
    assert (more["parameters"], more["cast"]) == (140 + 10 + 202, 140 + 202)


@pytest.mark.torch
def test_a_module_that_is_called_twice_counts_twice():
    from course_utils.explorers.training_memory.count import counted

    shared = []

    def twice():
        layer = nn.Conv2d(4, 4, 1)
        shared.append(layer)
        return nn.Sequential(layer, layer)

    assert counted(twice, (4, 3, 3))["activations"] == {"input": 36, "convolution": 72}
    assert counted(twice, (4, 3, 3))["parameters"] == 20


def saved_bytes(make, shape, batch):
    """What autograd keeps for the backward pass, without the parameters."""
    with torch.device("meta"):
        model, x = make().train(), torch.empty(batch, *shape)
    own = {p.untyped_storage()._cdata for p in model.parameters()}
    kept = {}

    def pack(tensor):
        kept[tensor.untyped_storage()._cdata] = tensor
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        y = model(x)
    assert y.requires_grad
    return sum(t.untyped_storage().nbytes() for key, t in kept.items() if key not in own)


@pytest.mark.torch
@NAMED
def test_autograd_keeps_about_as_much(name):
    from course_utils.explorers.training_memory.count import NETWORKS

    make, shape = NETWORKS[name]
    each = (saved_bytes(make, shape, 4) - saved_bytes(make, shape, 2)) / 2
    ratio = each / (4 * sum(COUNTS[name]["activations"].values()))
    assert 0.95 <= ratio < 1.315, "as the docstring says"


@pytest.mark.torch
def test_mixed_precision_keeps_copies_of_weights():
    from course_utils import models

    model, kept = models.alexnet_cifar(), {}

    def pack(tensor):
        kept[tensor.untyped_storage()._cdata] = tensor
        return tensor

    saving = torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor)
    with saving, torch.autocast("cpu", torch.bfloat16):
        y = model(torch.zeros(2, 3, 32, 32))
    assert y.dtype == torch.bfloat16
    half = sum(t.untyped_storage().nbytes() for t in kept.values() if t.dtype == torch.bfloat16)
    counts = COUNTS["AlexNet, CIFAR"]
    expected = 2 * (counts["cast"] + 2 * sum(counts["activations"].values()))
    assert abs(half / expected - 1) < 0.01


# Numbers
def test_the_bill_is_that_of_plain_formulas(engine):
    cases = grid(
        batch=[1, 64, 4096], gpu=[3, 24, 80], precision=["fp32", "bf16"], update=list(STATES)
    )
    fitting = 0
    asked = "cases.map((values) => describe(values, TABLES))"
    for values, state in zip(cases, engine.run(asked, cases=cases), strict=True):
        assert [row["name"] for row in state["rows"]] == list(COUNTS)
        half, gpu = values["precision"] == "bf16", values["gpu"] * 10**9
        for row, counts in zip(state["rows"], COUNTS.values(), strict=True):
            weights = 4 * counts["parameters"]
            each = (2 if half else 4) * sum(counts["activations"].values())
            kept, copies = STATES[values["update"]] * weights, 2 * counts["cast"] if half else 0
            parts = [weights, weights, kept, copies, values["batch"] * each]
            assert row["parts"] == parts and row["total"] == sum(parts)
            assert (row["each"], row["fixed"]) == (each, sum(parts[:4]))
            assert row["fits"] == (sum(parts) <= gpu)
            largest = row["largest"]
            assert row["fixed"] + largest * each <= gpu or not largest
            assert row["fixed"] + (largest + 1) * each > gpu
            fitting += row["fits"]
    assert 20 < fitting < len(cases) * len(COUNTS) - 20


def test_bf16_halves_activations_and_saves_nothing_of_the_weights(engine):
    full, half = (engine.describe(precision=p)["chosen"]["parts"] for p in ("fp32", "bf16"))
    assert half[4] * 2 == full[4] and half[:3] == full[:3] and half[3] > 0 == full[3]


# Words
def lines(state):
    [(title, said)] = state["sections"]
    parts = [[line] if isinstance(line, str) else line for line in said]
    joined = ["".join(str(p[0] if isinstance(p, list) else p) for p in line) for line in parts]
    return [line.replace("\u00a0", " ") for line in (title, *joined)]


def test_the_arithmetic_is_written_out(engine):
    assert lines(engine.describe()) == [
        "ResNet-50, batch 64, fp32: 6.1 GB, fits 24 GB (RTX 3090, 2020)",
        "Weights: 25 557 032·4 B = 102.2 MB; gradients as much; momentum 102.2 MB.",
        "Activations: 64·22 582 248·4 B = 5.8 GB; of them convolution 49 %, batch norm 49 %, "
        "pooling 1 %, input 1 %.",
        "Largest batch: ⌊(24 GB − 306.7 MB) / 90.3 MB⌋ = 262.",
    ]
    title, weights, copies, *_ = lines(engine.describe(512, 8, "VGG-16", "bf16", "adam"))
    assert title == "VGG-16, batch 512, bf16: 18.1 GB, does not fit 8 GB"
    assert weights.endswith("gradients as much; Adam's two moments 1.1 GB.")
    assert copies == "Copies of convolutions and linear layers in bf16: 138 357 544·2 B = 276.7 MB."
    assert "SGD keeps nothing more." in lines(engine.describe(update="sgd"))[1]


def test_the_words_name_the_networks_that_do_not_fit(engine):
    assert engine.describe()["words"].endswith(" = 262. All seven fit.")
    assert engine.describe(gpu=3)["words"].endswith(" Do not fit: VGG-16; ResNet-50.")
    moved = engine.run(
        "describe({ ...values, network: 'VGG-16' }, TABLES, values).words", values=VALUES
    )
    assert moved.startswith("VGG-16, batch 64, fp32: ") and "fit." not in moved


# Values
@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"batch": 100}, "batch=100 is not one of 1, 2, 4, 8"),
        ({"gpu": 12}, "gpu=12 is not one of 3, 6, 8, 11, 16, 24, 40, 80"),
        ({"network": "ResNet-18"}, "network='ResNet-18' is not one of AlexNet, VGG-16"),
        ({"precision": "fp16"}, "precision='fp16' is not one of fp32, bf16"),
        ({"update": "lion"}, "update='lion' is not one of sgd, momentum, adam"),
        ({"bars": "log"}, "bars='log' is not one of bytes, shares"),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_with_what_is_allowed(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        TrainingMemory(**change)


# Pictures
WRITTEN = """
(() => {
  const pen = new SvgPen();
  const scene = { values, tables: TABLES, state: describe(values, TABLES), look: LIGHT };
  const plan = layout(width, scene);
  draw(pen, plan, scene);
  const words = pen.parts.filter(({ words }) => words).map(({ words, at: [x, y], style }) => {
    const size = Number(style.match(/font-size:(\\d+)/)[1]);
    const long = 0.56 * size * words.length;
    const shift = style.includes("anchor:middle") ? 0.5 : style.includes("anchor:end") ? 1 : 0;
    return [words, +x - shift * long, +y - size, long, size];
  });
  return [plan.height, words];
})()
"""


@NARROW_AND_WIDE
def test_no_words_overlap_or_leave_the_picture(engine, width):
    for values in grid(
        batch=[1, 64, 4096], gpu=[3, 24, 80], bars=["bytes", "shares"], precision=["fp32", "bf16"]
    ):
        height, written = engine.run(WRITTEN, values=values | {"update": "adam"}, width=width)
        assert height <= 390 or width < 850
        for k, (words, x, y, long, size) in enumerate(written):
            assert x >= -1 and x + long <= width + 1 and 0 <= y <= height, (words, values)
            for other, left, top, reach, tall in written[k + 1 :]:
                apart = x + long <= left or left + reach <= x or y + size <= top or top + tall <= y
                assert apart, (words, other, values)


def test_a_bar_beyond_the_picture_has_an_arrow_and_a_cross(engine):
    svg = engine.svg(TrainingMemory(4096, 3))
    assert svg.count(">▶<") == 6 and svg.count(" ✗<") == 7, "one is beyond the card alone"
    assert "▶" not in engine.svg(TrainingMemory(1, 80)) and len(svg.encode()) < 25_000


# In a browser
@pytest.fixture
def memory(page):
    page.open(TrainingMemory())
    page.js("el.style.width = '900px'")
    return page


@pytest.mark.browser
def test_keys_choose_network_batch_and_precision(memory, engine):
    from selenium.webdriver.common.keys import Keys

    moves = [
        *((Keys.ARROW_DOWN, "AlexNet, CIFAR"), (Keys.ARROW_UP, "ResNet-50")),
        *((Keys.END, "ResNet-20"), (Keys.ARROW_DOWN, "ResNet-20"), (Keys.HOME, "AlexNet")),
    ]
    for key, network in moves:
        memory.press(key)
        assert memory.trait("network") == network
    for key, batch in [(Keys.ARROW_RIGHT, 128), (Keys.ARROW_LEFT, 64), (Keys.ARROW_LEFT, 32)]:
        memory.press(key)
        assert memory.trait("batch") == batch
    memory.press(" ")
    assert memory.trait("precision") == "bf16"
    assert memory.said() == engine.describe(32, 24, "AlexNet", "bf16")["words"]
    memory.press(" ")
    assert memory.trait("precision") == "fp32"


@pytest.mark.browser
def test_a_click_chooses_a_network_and_the_controls_the_rest(memory):
    memory.click(300, 45 + 1.5 * 33)
    assert memory.trait("network") == "VGG-16"
    memory.find("[data-choice=update] input[value=adam]").click()
    memory.find("[data-choice=bars] input[value=shares]").click()
    memory.press("ResNet-9", at="[data-choice=network] select")
    traits = [memory.trait(name) for name in ("update", "bars", "network")]
    assert traits == ["adam", "shares", "ResNet-9"]
    assert memory.complaints() == []
