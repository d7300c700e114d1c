"""Images per second of our trainer against a plain loop in PyTorch, with the same networks and batches.

    python benchmarks/trainer_speed.py [--networks resnet-20 alexnet vgg-11] [--batch-size 128] [--steps 20]
                                        [--device cpu] [--precision fp32]

The plain loop is what one writes down first: rows by index, float, normalised, forward, backward, SGD, the loss
as a number; with augmentation it cuts and mirrors image after image. Both sides take turns in one process, the
same steps each time; printed is the median of the ratios of neighbouring turns.
"""

from __future__ import annotations

import argparse
import statistics
import time

import torch
from torch import nn

from course_utils.data import drawn_images
from course_utils.trainer import Feed, Settings, Trainer, World, best_device
from course_utils.trainer.recipes import RECIPES


def plain(net, images, labels, order, batch_size, augmented, device, mean, spread):
    """Train on the rows of an order, and return the losses."""
    net.train()
    optimizer = torch.optim.SGD(net.parameters(), 0.01, 0.9, weight_decay=5e-4, nesterov=True)
    losses = []
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        x = (images[rows].float() - mean) / spread
        if augmented:
            padded = nn.functional.pad(x, (4, 4, 4, 4))
            pieces = []
            for image in padded:
                i, j = torch.randint(0, 9, (2,)).tolist()
                piece = image[:, i : i + 32, j : j + 32]
                pieces.append(piece.flip(-1) if torch.rand(()) < 0.5 else piece)
            x = torch.stack(pieces)
        x, y = x.to(device), labels[rows].to(device)
        loss = nn.functional.cross_entropy(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def measure(name, augmented, arguments, device):
    """Return images per second of both, and the median ratio."""
    count, size = arguments.steps * arguments.batch_size, arguments.batch_size
    images, labels = drawn_images(count, seed=1)
    world, options = World(device), {"padding": 4 if augmented else 0, "flip": augmented}
    settings = Settings(
        epochs=1000, batch_size=size, learning_rate=0.01, precision=arguments.precision, **options
    )
    feed = Feed(images, labels, size, world, **options)
    ours, theirs = RECIPES[name].make(), RECIPES[name].make().to(device)
    trainer = Trainer(ours, feed, feed, settings, world)
    x, y = torch.from_numpy(images), torch.from_numpy(labels)
    mean, spread = (m[:, None, None] for m in feed.moments)

    def turn_of_ours():
        for batch in feed.epoch(0):
            trainer.step(*batch)
        trainer.tally.fetch()
        trainer.batch = 0

    def turn_of_theirs():
        plain(theirs, x, y, torch.randperm(count), size, augmented, device, mean, spread)

    speeds = {turn_of_ours: [], turn_of_theirs: []}
    for number in range(arguments.turns + 1):
        for turn, found in speeds.items():
            began = time.perf_counter()
            turn()
            if device.type == "cuda":
                torch.cuda.synchronize()
            if number:  # the first one warms up
                found.append(count / (time.perf_counter() - began))
    mine, other = speeds.values()
    return (
        statistics.median(mine),
        statistics.median(other),
        statistics.median(a / b for a, b in zip(mine, other, strict=True)),
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--networks", nargs="+", default=["alexnet", "vgg-11", "resnet-20"], choices=RECIPES
    )
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--device", default=str(best_device()))
    parser.add_argument("--precision", default="fp32")
    arguments = parser.parse_args()
    device = torch.device(arguments.device)
    print(
        f"{device}, {torch.get_num_threads()} threads, batches of {arguments.batch_size}, {arguments.precision}"
    )
    print(f"{'network':10} {'augmented':10} {'ours':>10} {'plain':>10}   ratio")
    for name in arguments.networks:
        for augmented in (False, True):
            mine, other, ratio = measure(name, augmented, arguments, device)
            print(
                f"{name:10} {'yes' if augmented else 'no':10} {mine:7.0f}/s {other:9.0f}/s   {ratio:.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
