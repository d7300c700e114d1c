"""Train the weights that come with the course, for lecture 08, and write them into the package.

    python -m course_utils.authoring.reference_weights [--only drawn|marked]

takes about four minutes on two idle cores. Another machine, or another number of threads, rounds otherwise,
so that the weights differ in their last digits and later in more; what they reach does not.
"""

from __future__ import annotations

import argparse
import math
import os

# Read when torch is loaded: threads that wait leave the cores to other work.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np  # noqa: E402
import torch  # noqa: E402
from safetensors.torch import save_file  # noqa: E402
from torch.nn import functional as F  # noqa: E402

from course_utils.data import drawn_images  # noqa: E402
from course_utils.seeing.reference import FOLDER, MOMENTS, NAMES, reference_network  # noqa: E402

IMAGES, EPOCHS = 12_000, {"drawn": 8, "marked": 5}
BATCH, RATE, DECAY, SHIFT, THREADS = 64, 0.1, 1e-3, 2, 2


def images(count, seed, cue):
    """Return images (N, 3, 32, 32) in [0, 1] and labels as tensors."""
    x, y = drawn_images(count, seed=seed, cue=cue)
    return torch.from_numpy(x).float() / 255, torch.from_numpy(y)


def moved(x, rng):
    """Return images each moved by up to :data:`SHIFT` pixels and mirrored or not."""
    padded = F.pad(x, [SHIFT] * 4, mode="replicate")
    down, right = rng.integers(0, 2 * SHIFT + 1, (2, len(x)))
    cut = [p[:, i : i + 32, j : j + 32] for p, i, j in zip(padded, down, right, strict=True)]
    mirror = torch.from_numpy(rng.random(len(x)) < 0.5)
    cut = torch.stack(cut)
    return torch.where(mirror[:, None, None, None], cut.flip(-1), cut)


def trained(name, seed=0):
    """Return the network after its training, and its first filters at some moments."""
    cue = "mark" if name == "marked" else None
    x, y = images(IMAGES, 0, cue)
    torch.manual_seed(seed)
    rng, net, kept = np.random.default_rng(seed), reference_network(), {}
    optimizer = torch.optim.SGD(net.parameters(), RATE, 0.9, weight_decay=DECAY, nesterov=True)
    epochs = EPOCHS[name]
    steps, step = epochs * (IMAGES // BATCH), 0
    for epoch in range(epochs):
        net.train()
        for rows in np.split(rng.permutation(IMAGES)[: IMAGES // BATCH * BATCH], IMAGES // BATCH):
            if step in MOMENTS:
                kept[f"first.{step}"] = net.conv1.weight.detach().clone()
            rate = RATE * 0.5 * (1 + math.cos(math.pi * step / steps)) * min(1, (step + 1) / 100)
            optimizer.param_groups[0]["lr"] = rate
            part = (
                x[rows] if cue else moved(x[rows], rng)
            )  # a mark that is moved is not the same one
            optimizer.zero_grad()
            F.cross_entropy(net(part), y[rows]).backward()
            optimizer.step()
            step += 1
        print(
            f"{name}: epoch {epoch + 1} of {epochs}, {accuracy(net, None, 1000):.1%} of plain images"
        )
    return net.eval(), kept


@torch.inference_mode()
def accuracy(net, cue, count=2000):
    """Return the share of images that nobody has trained on that is right."""
    net.eval()
    x, y = images(count, 1, cue)
    said = torch.cat([net(part).argmax(1) for part in x.split(500)])
    return (said == y).double().mean().item()


def main():
    """Train and write."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--only", choices=NAMES)
    only = options.parse_args().only
    torch.set_num_threads(THREADS)
    for name in [only] if only else NAMES:
        net, kept = trained(name)
        keeps = kept if name == "drawn" else {}
        FOLDER.mkdir(exist_ok=True)
        save_file({**net.state_dict(), **keeps}, FOLDER / f"{name}.safetensors")
        print(
            f"{name}: {accuracy(net, None):.1%} of plain, {accuracy(net, 'mark'):.1%} of marked test images"
        )


if __name__ == "__main__":
    main()
