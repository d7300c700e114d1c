"""What a question about a network costs in the jail: milliseconds of its processor time, and its peak memory.

``python benchmarks/network_questions.py`` asks networks as a submission would define them, at full width, one
fork each, on one thread; the last column has the time as a multiple of one forward pass of the same network,
with PyTorch's own first weights, in the same kind of process.
"""

import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from course_utils.course.source import LIMITS, PRELOAD
from course_utils.jail import confine
from course_utils.jail.jail import Zygote
from course_utils.jail.zygote import WITH

CODE = """
import time
import torch
from course_utils import models

def forward_time(name, args, shape):
    net = getattr(models, name)(*args).eval()
    x = torch.zeros(shape)
    with torch.no_grad():
        net(x)
        start, count = time.process_time(), 0
        while time.process_time() - start < 0.5:
            net(x)
            count += 1
    return (time.process_time() - start) / count

from course_utils.models import *
"""
BLOCK = ("BasicBlock", (16, 32, 2), (2, 16, 9, 11), "float64")
NETWORKS = {
    "a residual block": BLOCK,
    "LeNet-5": ("LeNet5", (), (2, 1, 32, 32), "float64"),
    "AlexNet": ("AlexNet", (2, True), (1, 3, 227, 227), "float32"),
    "VGG-D": ("vgg", ("D",), (1, 3, 224, 224), "float32"),
    "GoogLeNet": ("GoogLeNet", (), (1, 3, 224, 224), "float32"),
    "ResNet-152": ("resnet", (152,), (1, 3, 224, 224), "float32"),
}
QUESTIONS = {
    "structure": {"wants": ("structure",)},
    "output": {"wants": ("output",)},
    "stages": {"wants": ("stages",)},
    "gradients": {"wants": ("gradients", "input_gradient")},
}


def ask(zygote, folder, name, args, shape, plan):
    """Return the seconds of the first and of the second time, those of a forward pass, and peak bytes."""
    jail = zygote.fork(folder, LIMITS)
    jail.run(CODE)
    question = ((args, {}), {"x": shape, **plan}), {}
    times = []
    for count in (1, 5):  # the clock of a process ticks a hundred times a second
        jail.meter.look()
        before = jail.meter.cpu
        for reply in jail.calls(f"{WITH}network:{name}", [question] * count):
            assert isinstance(reply.value, dict), reply.value
        jail.meter.look()
        times.append((jail.meter.cpu - before) / count)
    peak = jail.end()["peak"]
    other = zygote.fork(folder, LIMITS)
    other.run(CODE)
    [reply] = other.calls("forward_time", [((name, args, shape), {})])
    other.end()
    return *times, reply.value, peak


def main():
    table = Table("network", "question", "first, ms", "again, ms", "peak, MB", "of a forward pass")
    modules = [module for names in PRELOAD.values() for module in names]
    with (
        tempfile.TemporaryDirectory() as scratch,
        Zygote(confined=not confine.missing(), preload=modules) as zygote,
    ):
        for name in ("files", "root"):
            Path(scratch, name).mkdir()
        jail = zygote.fork(Path(scratch), LIMITS)
        start = time.perf_counter()
        jail.run("import torch")
        print(f"peak of a jail that imports torch: {jail.end()['peak'] / 2**20:.0f} MB")
        print(f"its first cell: {1000 * (time.perf_counter() - start):.0f} ms")
        for label, (maker, args, shape, dtype) in NETWORKS.items():
            for question, plan in QUESTIONS.items():
                found = ask(zygote, Path(scratch), maker, args, shape, plan | {"dtype": dtype})
                first, again, forward, peak = found
                row = (f"{1000 * first:.0f}", f"{1000 * again:.0f}", f"{peak / 2**20:.0f}")
                table.add_row(label, question, *row, f"{again / forward:.1f}")
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
