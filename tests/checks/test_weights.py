"""Files of weights, good and hostile: each has a named outcome, and nothing in them is run."""

import json
import os
import pickle
import struct

import numpy as np
import pytest
from oracle import nn, torch

from course_utils.checks import CheckFailed, weights

pytestmark = [pytest.mark.unit, pytest.mark.torch]
if torch is not None:
    from safetensors.torch import save_file

    from course_utils.modules.weights import LARGEST, scores


def small():
    return nn.Sequential(
        nn.Conv2d(3, 4, 5, stride=4), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(4 * 49, 10)
    )


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def outcome(maker=small, file="net.safetensors"):
    return scores(maker, file, np.zeros((3, 3, 32, 32), np.uint8))


def changed(**changes):
    return {**small().state_dict(), **changes}


def header(text, data=b""):
    return struct.pack("<Q", len(text)) + text + data


class Boom:
    def __reduce__(self):
        return os.system, ("touch ran",)


def test_weights_are_loaded_and_the_network_is_asked_in_eval_mode():
    torch.manual_seed(3)
    net = small()
    net(torch.rand(9, 3, 32, 32))  # other statistics
    save_file(net.state_dict(), "net.safetensors")
    images = np.random.default_rng(0).integers(0, 256, (250, 3, 32, 32), dtype=np.uint8)
    told = scores(small, "net.safetensors", images)
    with torch.no_grad():
        right = net.eval()(torch.from_numpy(images).float() / 255).numpy()
    assert told["problem"] == "" and np.allclose(told["scores"], right, atol=1e-5)


HOSTILE = {
    "a folder": lambda path: path.mkdir(),
    "a link": lambda path: path.symlink_to("/etc/passwd"),
    "nothing in it": lambda path: path.write_bytes(b""),
    "a pickle": lambda path: path.write_bytes(pickle.dumps(Boom())),
    "a file of torch.save": lambda path: torch.save(small().state_dict(), path),
    "text": lambda path: path.write_text("weights"),
    "too large": lambda path: path.write_bytes(bytes(LARGEST + 1)),
    "a header longer than the file": lambda path: path.write_bytes(struct.pack("<Q", 2**62)),
    "a header that is no JSON": lambda path: path.write_bytes(header(b"{" * 1000)),
    "numbers beyond the file": lambda path: path.write_bytes(
        header(
            json.dumps(
                {"a": {"dtype": "F32", "shape": [10**9], "data_offsets": [0, 4 * 10**9]}}
            ).encode()
        )
    ),
    "a shape that overflows": lambda path: path.write_bytes(
        header(
            json.dumps(
                {"a": {"dtype": "F32", "shape": [2**40, 2**40], "data_offsets": [0, 0]}}
            ).encode()
        )
    ),
    "one layer less": lambda path: save_file(dict(list(small().state_dict().items())[:-1]), path),
    "one layer more": lambda path: save_file(changed(more=torch.zeros(3)), path),
    "another shape": lambda path: save_file(changed(**{"3.bias": torch.zeros(11)}), path),
    "NaN": lambda path: save_file(changed(**{"3.bias": torch.full((10,), float("nan"))}), path),
    "infinity": lambda path: save_file(
        changed(**{"1.running_var": torch.full((4,), float("inf"))}), path
    ),
}
PROBLEMS = {
    "a folder": "missing", "a link": "missing", "too large": "too large", "NaN": "not finite",
    "infinity": "not finite", "one layer less": "other shapes", "one layer more": "other shapes",
    "another shape": "other shapes",
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_has_a_named_outcome(case, tmp_path):
    HOSTILE[case](tmp_path / "net.safetensors")
    told = outcome()
    assert told["problem"] == PROBLEMS.get(case, "no safetensors") and told["why"]
    assert told["scores"].shape == (0, 10) and not (tmp_path / "ran").exists()
    with pytest.raises(CheckFailed, match=f"net.safetensors: {told['problem']}"):
        weights.loads(small, "net.safetensors")


def test_a_file_that_is_not_there_is_missing():
    assert outcome()["problem"] == "missing"


@pytest.mark.parametrize("last", ["same", "narrow", "silent"])
def test_a_network_without_scores_of_ten_classes_is_named(last):
    class Silent(nn.Module):
        def forward(self, x):
            return x * float("nan")

    def maker():
        layers = {"same": nn.Identity(), "narrow": nn.Linear(10, 3), "silent": Silent()}
        return nn.Sequential(*small(), layers[last])

    save_file(maker().state_dict(), "net.safetensors")
    assert outcome(maker)["problem"] == ("" if last == "same" else "no scores")


def test_too_few_right_images_are_named_by_track():
    save_file(small().state_dict(), "net.safetensors")
    with pytest.raises(CheckFailed, match="too few images are right"):
        weights.reaches(small, "net.safetensors", "cpu", {"cpu": 0.6, "gpu": 0.9}, seed=5, count=60)
    weights.reaches(small, "net.safetensors", "cpu", {"cpu": 0.0, "gpu": 0.9}, seed=5, count=60)
    with pytest.raises(CheckFailed, match="90%"):
        weights.reaches(
            small, "net.safetensors", "quantum", {"cpu": 0.0, "gpu": 0.9}, seed=5, count=60
        )


def test_a_network_that_is_not_written_yet_is_blamed_before_its_file():
    def blank():
        raise NotImplementedError

    with pytest.raises(CheckFailed, match="blank is not written yet"):
        weights.loads(blank, "net.safetensors")
