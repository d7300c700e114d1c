"""How well `course train` does in a given time: accuracy and images per second, over several seeds.

    python benchmarks/trainer_accuracy.py [--networks alexnet vgg-11 resnet-20] [--minutes 3] [--seeds 0 1 2]
                                          [--data drawn|cifar-10] [--device cpu] [--epochs N]

For each network the number of epochs that fit into the minutes is found first, by training a few steps; all
seeds then train as many, on a schedule of their length. A seed sets the weights, the order and the
augmentation. Printed are the accuracy on the test images, the minutes it took, and over all seeds mean and
standard deviation; a threshold that a right training misses once in a hundred times, if accuracies are normal,
lies 2.3 standard deviations below the mean. One standard error of an accuracy near 0.8 on 1000 images is 0.013.
"""

from __future__ import annotations

import argparse
import math
import statistics
import tempfile
import time
from pathlib import Path

from course_utils.data import load_images
from course_utils.trainer import best_device, metrics
from course_utils.trainer.loop import METRICS
from course_utils.trainer.recipes import RECIPES
from course_utils.trainer.run import DATA, run, settings_for


def epochs_for(network, arguments, images):
    """Return how many epochs fit into the minutes."""
    if arguments.epochs:
        return arguments.epochs
    size = settings_for(network, arguments.data, best_device()).batch_size
    with tempfile.TemporaryDirectory() as folder:
        seen = []
        watch = lambda history: seen.append((len(history["loss"]), time.perf_counter()))  # noqa: E731
        run(network, arguments.data, Path(folder), arguments.device, watch, epochs=2, until=80)
    (first, began), (last, ended) = seen[0], seen[-1]
    epoch = (ended - began) / (last - first) * math.ceil(images / size)
    return max(2, math.floor(60 * arguments.minutes / epoch))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--networks", nargs="+", default=["alexnet", "vgg-11", "resnet-20"], choices=RECIPES
    )
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--data", default="drawn", choices=DATA)
    parser.add_argument("--device")
    arguments = parser.parse_args()
    images = len(load_images(arguments.data).x_train)
    for network in arguments.networks:
        epochs, found = epochs_for(network, arguments, images), []
        for seed in arguments.seeds:
            with tempfile.TemporaryDirectory() as folder:
                began = time.perf_counter()
                result = run(
                    network,
                    arguments.data,
                    Path(folder),
                    arguments.device,
                    epochs=epochs,
                    seed=seed,
                )
                minutes = (time.perf_counter() - began) / 60
                speeds = [line["images_per_second"] for line in metrics.read(Path(folder, METRICS))]
            found.append(result.accuracy)
            print(
                f"{network:10} seed {seed}  {epochs} epochs on {result.world.device}  {minutes:5.2f} min  "
                f"{statistics.median(speeds):6.0f} images/s  test accuracy {result.accuracy:.4f}",
                flush=True,
            )
        if len(found) > 1:
            mean, spread = statistics.mean(found), statistics.stdev(found)
            print(
                f"{network:10} {mean:.4f} ± {spread:.4f}, threshold {mean - 2.33 * spread:.3f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
