"""A training with several processes, started with `torchrun` where the answer's file is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from course_utils.checks import excuses
from course_utils.checks.ask import Args, fail_raised, name_of, replies
from course_utils.checks.message import fail
from course_utils.wire import Raised, probes

FILE = "ddp.py"
NEAR = 1e-6  # of the weights, which are float64
SIZES = {"features": 6, "hidden": 5, "classes": 4}
PROCESSES = 2


def trains(answer: Callable, learning_rate: float, steps: int, batch_size: int, seed: int) -> None:
    """Check that the weights are those of one process which takes the same batches whole.

    Which rows a process has to take is charged by `shares`; here they are those that it took.

    Parameters
    ----------
    answer : callable
        ``train_distributed``, as the notebook imports it from the file; the file is what counts.
    learning_rate : float
    steps, batch_size, seed : int

    Raises
    ------
    CheckFailed
    """
    from course_utils.modules.distributed import single

    plan = _plan(learning_rate, steps, batch_size, seed)
    told, line = _told(answer, plan)
    if told["problem"]:
        fail(told["problem"], line)
    rows = told["rows"]
    if not all(rows):
        fail(
            "the network is never called in train mode",
            line,
            f"{steps} steps of each process",
            _counts(rows),
        )
    if rows != _right(plan):
        excuses.take()
        if {len(own) for own in rows} - {steps * batch_size // PROCESSES, steps * batch_size}:
            return  # other batches or another number of them: there is nothing to compare with
    expected = single(plan, rows)
    got = told["weights"]
    if got.keys() != expected.keys():
        wrapped = {name.removeprefix("module.") for name in got} == expected.keys()
        sentence = "the state of DistributedDataParallel: what it wraps is in .module"
        fail("the file has other names than the model's parameters", line, ", ".join(expected), ", ".join(got),
             looks_like=sentence if wrapped else "")  # fmt: skip
    if _differ(got, expected):
        largest = max(abs(got[n] - expected[n]).max() if got[n].shape == expected[n].shape else np.inf
                      for n in expected)  # fmt: skip
        fail("other weights than those of one process", line, "the same to 1e-6",
             f"differences up to {largest:.2g}", looks_like=_looks_like(got, plan, rows, single))  # fmt: skip


def shares(answer: Callable, learning_rate: float, steps: int, batch_size: int, seed: int) -> None:
    """Check which rows each process takes: every second row of each batch.

    Raises
    ------
    CheckFailed
    """
    plan = _plan(learning_rate, steps, batch_size, seed)
    told, line = _told(answer, plan)
    rows, right = told["rows"], _right(plan)
    if told["problem"] or not all(rows):
        excuses.take()  # `trains` charges for it
        return
    if rows == right:
        return
    for rank, (got, expected) in enumerate(zip(rows, right, strict=True)):
        if got != expected:
            fail("other rows than every second one of each batch", line, _shown(rank, expected, plan),
                 _shown(rank, got, plan), looks_like=_looks_like_rows(rows, plan))  # fmt: skip


def _plan(learning_rate, steps, batch_size, seed):
    training = {
        "learning_rate": learning_rate,
        "steps": steps,
        "batch_size": batch_size,
        "seed": seed,
    }
    return {**SIZES, **training, "rows": (steps + 1) * batch_size, "data": seed + 1}


def _right(plan, which=lambda batch, rank: batch[rank::PROCESSES]):
    size = plan["batch_size"]
    batches = [list(range(size * step, size * step + size)) for step in range(plan["steps"])]
    return [[row for batch in batches for row in which(batch, r)] for r in range(PROCESSES)]


def _told(answer, plan):
    probe = getattr(answer, "__course_probe__", None)
    where = probe("distributed", "train_distributed") if probe else probes.distributed
    [back] = replies(where, [Args(FILE, plan)])
    shown = ", ".join(
        f"{name}={plan[name]}" for name in ("learning_rate", "steps", "batch_size", "seed")
    )
    line = f"torchrun --standalone --nproc-per-node {PROCESSES}, {shown}"
    if isinstance(back.value, Raised):
        fail_raised(answer, Args(), back.value, "a training that ends")
    if not _is_told(back.value):
        fail("no answer to what was asked", line)
    if (
        back.value["problem"].rstrip().endswith("NotImplementedError:")
    ):  # and no more, as handed out
        fail(f"{name_of(answer)} is not written yet", line)
    return back.value, line


def _is_told(value):
    """Whether an answer's word has the form of `course_utils.modules.distributed.distributed`."""
    if not isinstance(value, dict) or value.keys() != {"problem", "weights", "rows"}:
        return False
    if not isinstance(value["problem"], str) or not isinstance(value["weights"], dict):
        return False
    weights = value["weights"].items()
    arrays = all(
        isinstance(n, str) and isinstance(a, np.ndarray) and a.dtype.kind == "f" for n, a in weights
    )
    rows = value["rows"]
    fits = isinstance(rows, list) and (bool(value["problem"]) or len(rows) == PROCESSES)
    return (
        arrays
        and fits
        and all(isinstance(own, list) and set(map(type, own)) <= {int} for own in rows)
    )


def _differ(got, expected):
    return any(
        got[n].shape != expected[n].shape or not np.allclose(got[n], expected[n], rtol=0, atol=NEAR)
        for n in expected
    )


def _looks_like(got, plan, rows, single):
    own = [single(plan, [one]) for one in rows]
    mean = {name: sum(one[name] for one in own) / len(own) for name in own[0]}
    start = single({**plan, "learning_rate": 0.0}, rows)
    mistakes = {
        "each process took its own steps: the gradients are averaged before every step": own[0],
        "the weights averaged at the end: it is the gradients, in every step": mean,
        "the sum of the gradients of the processes: it is their mean": single(
            plan, rows, PROCESSES
        ),
        "gradients divided once too often": single(plan, rows, 1 / PROCESSES),
        "momentum, which is not asked for": single(plan, rows, momentum=0.9),
        "no step was taken": start,
    }
    for sentence, wrong in mistakes.items():
        if not _differ(got, wrong):
            return sentence
    return ""


def _looks_like_rows(rows, plan):
    size = plan["batch_size"] // PROCESSES
    mistakes = {
        "each process takes the whole batch": lambda batch, rank: batch,
        "the same half in each process": lambda batch, rank: batch[::PROCESSES],
        "the halves of the batch one after the other: rank r takes rows r, r + 2, ...": (
            lambda batch, rank: batch[rank * size : (rank + 1) * size]
        ),
        "rank 0 and rank 1 have changed places": lambda batch, rank: batch[1 - rank :: PROCESSES],
    }
    for sentence, which in mistakes.items():
        if rows == _right(plan, which):
            return sentence
    if rows[0] == rows[1]:
        return "the same rows in each process"
    return ""


def _shown(rank, rows, plan):
    step = max(len(rows) // plan["steps"], 1)
    batches = [rows[i : i + step] for i in range(0, len(rows), step)][:2]
    return (
        f"process {rank}: rows "
        + ", then ".join(" ".join(map(str, batch)) for batch in batches)
        + ", ..."
    )


def _counts(rows):
    return ", ".join(f"process {rank}: {len(own)} rows" for rank, own in enumerate(rows))
