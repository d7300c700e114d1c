"""How many held-out images the networks of exercise 7.6 get right: what its thresholds are made of.

    python benchmarks/part_07_thresholds.py [--track cpu] [--seeds 3] [--epochs N] [--keep FOLDER]

Runs the cells of the solution of part 07 as a student would: its own augmentation, loop, schedule and
checkpoints. On two idle cores the track "cpu" takes some three minutes for each seed. `--track gpu` trains on
50 000 images, with as many epochs as the notebook has or as many as are asked for; without a GPU, ask for few.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

import torch

from course_utils.course.folders import Course
from course_utils.course.source import read_source
from course_utils.data import drawn_images
from course_utils.modules.weights import scores

PART = "07_training_on_a_gpu"
HELD_OUT, SEED = 2000, 987_654
TRAINING = ("train-images", "train-loop")


def cells_of(notebook, answers) -> dict:
    """Run the answers, and what trains, and return the names that they define."""
    names: dict = {"__name__": "solution"}
    for cell in notebook.cells:
        wanted = cell.id in ("imports", *TRAINING) or cell.id in answers
        if wanted and not cell.source.startswith("%%"):
            exec(compile(cell.source, cell.id, "exec"), names)
    return names


def main() -> None:
    """Train, and print a line for each network and seed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--track", choices=("cpu", "gpu"), default="cpu")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=0, help="0: as the notebook says")
    parser.add_argument("--keep", type=Path, help="where the first seed's files of weights go")
    options = parser.parse_args()
    course = Course.find(Path(__file__).parent)
    source = read_source(course.source_notebook(PART))
    names = cells_of(source.notebook, source.answers)
    [run] = [cell.source for cell in source.notebook.cells if cell.id == "train-run"]
    exec(next(line for line in run.splitlines() if line.startswith("PLANS")), names)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    images = names["images_for"](options.track)
    held_out, labels = drawn_images(HELD_OUT, seed=SEED)
    found: dict[str, list[float]] = {}
    home = Path.cwd()
    print(
        f"{options.track}, on {device} with {torch.get_num_threads()} threads, {HELD_OUT} held-out images"
    )
    for seed in range(options.seeds):
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            for name, (make, epochs, rate) in names["PLANS"].items():
                begin, worked = time.perf_counter(), time.process_time()
                names["train"](name, make, options.epochs or epochs, rate, images, device, seed)
                took, worked = time.perf_counter() - begin, time.process_time() - worked
                told = scores(make, f"{name}.safetensors", held_out)
                right = float((told["scores"].argmax(axis=1) == labels).mean())
                found.setdefault(name, []).append(right)
                line = f"== seed {seed}, {name}: {right:.1%} right"
                print(f"{line}; {took:.0f} s, {worked:.0f} s of processor time", flush=True)
                if options.keep and seed == 0:
                    (home / options.keep).mkdir(parents=True, exist_ok=True)
                    os.replace(f"{name}.safetensors", home / options.keep / f"{name}.safetensors")
            os.chdir(home)
    for name, shares in found.items():
        spread = statistics.stdev(shares) if len(shares) > 1 else 0.0
        middle = f"{statistics.mean(shares):.1%} ± {spread:.1%}"
        print(f"{name:8} {middle}, from {min(shares):.1%} to {max(shares):.1%}")


if __name__ == "__main__":
    main()
