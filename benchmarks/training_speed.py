"""A step of `train` beside its two large matrix products, and a search with one and with two workers.

    python benchmarks/training_speed.py [--rounds 5]

The net is 3072-50-10, on 5 000 images in batches of 100. Processor time on one thread, in milliseconds, the
least of the rounds: other work on the machine only adds to it. *products* are ``x @ W1`` and ``x.T @ dout`` of
the first layer. *whole step* is what an epoch takes, with the accuracies of both sets at its end, divided by
its 50 steps. The search is ten short trainings, by the clock; a second worker helps where a core is idle.
"""

import argparse
import os
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from course_utils.search import random_search  # noqa: E402
from course_utils.training import Net, train  # noqa: E402

STEPS = 50


def least(call, rounds, clock=time.process_time):
    """Return the least milliseconds of a call; the first is not counted."""
    call()
    taken = []
    for _ in range(rounds):
        start = clock()
        call()
        taken.append(clock() - start)
    return 1000 * min(taken)


def data(dtype):
    rng = np.random.default_rng(0)
    x = rng.normal(0, 50, (6000, 3072)).astype(dtype)
    y = rng.integers(0, 10, 6000)
    return x[:5000], y[:5000], x[5000:], y[5000:]


def steps(rounds):
    """Time the products, the loss with its gradients, and whole steps."""
    table = Table("type", "products", "loss and gradients", "whole step, sgd", "momentum", "adam")
    for dtype in (np.float32, np.float64):
        x, y, *held_out = data(dtype)
        rng = np.random.default_rng(0)
        batch, dout, net = x[:100], np.ones((100, 50), dtype), Net((3072, 50, 10), rng, 1e-4)
        w = net.params["W1"].astype(dtype)

        def products(batch=batch, w=w, dout=dout):
            for _ in range(STEPS):
                batch @ w, batch.T @ dout

        def losses(net=net, batch=batch, y=y):
            for _ in range(STEPS):
                net.loss(batch, y[:100], 1e-3)

        calls = [products, losses]
        for update in ("sgd", "momentum", "adam"):
            options = {"reg": 1e-3, "epochs": 1, "batch_size": 100, "rng": rng, "update": update}

            def epoch(options=options, data=(x, y, *held_out)):
                train(Net((3072, 50, 10), options["rng"], 1e-4), *data, 1e-6, **options)

            calls.append(epoch)
        table.add_row(dtype.__name__, *(f"{least(call, rounds) / STEPS:.2f}" for call in calls))
    return table


def searches(rounds):
    """Time a search by the clock."""
    sets = data(np.float32)

    def evaluate(rate):
        rng = np.random.default_rng(0)
        history = train(Net((3072, 50, 10), rng, 1e-4), *sets, rate, 1e-3, 4, 100, rng)
        return max(history["val_accuracy"])

    table = Table("workers", "seconds", "scores as with one worker")
    found = {}
    for workers in (1, 2):

        def search(workers=workers):
            trials = random_search(
                evaluate, {"rate": (1e-7, 1e-5)}, 10, np.random.default_rng(0), workers
            )
            found[workers] = trials

        seconds = least(search, rounds, time.perf_counter) / 1000
        table.add_row(str(workers), f"{seconds:.1f}", str(found[workers] == found[1]))
    return table


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    for table in (steps(given.rounds), searches(min(2, given.rounds))):
        Console().print(table)
