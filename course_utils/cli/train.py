"""The verb that trains."""

from __future__ import annotations

import sys
import time
import warnings
from pathlib import Path

import click

from course_utils.cli.group import EXIT_FINDING, main, problems

EXIT_INTERRUPTED = 130


@main.command(
    epilog="course train resnet-20                            on the drawn images\n"
    "course train resnet-20 --data cifar-10            as in the paper\n"
    "course train resnet-9 --data cifar-10             fast, on a GPU\n"
    "course train vgg-16 --epochs 3 --batch-size 64    with other settings\n"
    "torchrun --nproc-per-node 2 -m course_utils.cli train resnet-20"
)
@click.argument("network")
@click.option("--data", default="drawn", help="drawn (the default) or cifar-10.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder; runs/NETWORK-DATA by default."
)
@click.option("--epochs", type=int)
@click.option("--batch-size", type=int, help="Of all processes together.")
@click.option("--learning-rate", type=float)
@click.option("--weight-decay", type=float)
@click.option("--schedule", help="cosine, step, plateau or constant.")
@click.option("--precision", help="fp32, bf16 or fp16; on a GPU of Nvidia's bf16 by default.")
@click.option("--ema", type=float, help="Decay of an average of the weights, such as 0.999.")
@click.option("--clip", type=float, help="The largest norm of all gradients together.")
@click.option("--seed", type=int)
@click.option(
    "--images", type=click.IntRange(min=1), help="Only the first so many images for training."
)
@click.option("--device", help="cuda, mps or cpu; the best there is by default.")
def train(network, data, out, images, device, **changes):
    """Train a network on what this machine has, and go on where it was interrupted.

    NETWORK is alexnet, vgg-11, vgg-16, or resnet-9, -20, -32, -44, -56 or -110, all for images of 32 x 32.
    After each epoch the folder gets a checkpoint and a line of metrics.jsonl. Ctrl-C saves; the same command
    goes on.

    On CIFAR-10 the ResNets repeat He et al. 2016 (error of -20: 8.75 %, of -56: 6.97 %) and resnet-9 Page 2018
    (94 % in under a minute on a GPU). These figures are the authors', not measured with this program.
    """
    from course_utils.course.folders import UsageProblem
    from course_utils.data import DataError
    from course_utils.trainer import CheckpointError
    from course_utils.trainer.run import run

    folder = out or Path("runs") / f"{network}-{data}"
    changes = {name: value for name, value in changes.items() if value is not None}
    with problems(), warnings.catch_warnings():
        warnings.showwarning = lambda message, *_: click.echo(f"course: {message}", err=True)
        try:
            with _shown(f"{network} on {data}") as watch:
                result = run(network, data, folder, device, watch, images=images, **changes)
        except ValueError as error:
            raise UsageProblem(str(error)) from error
        except (DataError, CheckpointError) as error:
            click.echo(f"course: {error}", err=True)
            sys.exit(EXIT_FINDING)
    if result.world.rank > 0:
        return
    history = result.history
    if history["stopped"] == "nan":
        click.echo(
            f"course: the loss is not finite after {len(history['loss'])} steps; try a lower rate",
            err=True,
        )
        sys.exit(EXIT_FINDING)
    if history["stopped"]:
        done = f"{len(history['loss'])} of {history['steps']} steps"
        click.echo(
            f"course: interrupted after {done}, saved in {folder}; the same command goes on",
            err=True,
        )
        sys.exit(EXIT_INTERRUPTED)
    click.echo(
        f"{network} on {data}: {result.accuracy:.2%} of the test images right, loss {result.loss:.4f}, after "
        f"{len(history['val_accuracy'])} epochs on {result.world.device}; checkpoint and metrics in {folder}"
    )


class _shown:
    """A progress bar of the steps, with the time that is left and the latest numbers."""

    def __init__(self, title):
        from rich import progress
        from rich.console import Console

        columns = progress.TextColumn(title), progress.BarColumn(), progress.MofNCompleteColumn()
        columns += progress.TextColumn("{task.fields[said]}"), progress.TimeRemainingColumn()
        self.bar, self.task = progress.Progress(*columns, console=Console(stderr=True)), None
        self.first = self.began = None

    def __enter__(self):
        self.bar.start()
        return self

    def __exit__(self, *_):
        self.bar.stop()

    def __call__(self, history):
        done = len(history["loss"])
        said = f"loss {history['loss'][-1]:.3f}"
        if history["val_accuracy"]:
            said += f", validation {history['val_accuracy'][-1]:.1%}"
        if self.task is None:
            # What an earlier call has done says nothing about how fast this one is.
            self.task = self.bar.add_task("", total=history["steps"], completed=done, said=said)
            self.first, self.began = done, time.monotonic()
        self.bar.update(self.task, completed=done, said=said)
