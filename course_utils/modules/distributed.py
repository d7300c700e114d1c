"""Have the file of an answer train with two processes under `torchrun`, and read what came of it.

``python -m course_utils.modules.distributed PLAN`` is one of the processes. What a process did stands in files
beside the plan: the rows that its network saw, and what stopped it.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

PROCESSES = 2
PATIENCE = 600  # seconds on the clock; in a jail its own limit comes first
# A thread of gloo's now and then ends its process so, on a busy machine, while or after the group is left.
ABORTED = b"terminate called without an active exception"
ATTEMPTS = 3
LARGEST = 2**20  # bytes of a file of weights


def data_of(plan: dict) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the inputs, of which each row's first number is the row's number, and the labels."""
    rng = np.random.default_rng(plan["data"])
    x = rng.normal(size=(plan["rows"], plan["features"]))
    x[:, 0] = np.arange(plan["rows"])
    return torch.from_numpy(x), torch.from_numpy(rng.integers(0, plan["classes"], plan["rows"]))


class Net(nn.Module):
    """A network in float64 that notes which rows it is given in train mode."""

    def __init__(self, plan: dict):
        super().__init__()
        self.hidden = nn.Linear(plan["features"], plan["hidden"], dtype=torch.float64)
        self.scores = nn.Linear(plan["hidden"], plan["classes"], dtype=torch.float64)
        self.seen: list[int] = []

    def forward(self, x):
        """Return the scores of some rows."""
        if self.training:
            self.seen += [round(row) for row in x[:, 0].tolist()]
        rest = torch.cat([torch.ones_like(x[:, :1]), x[:, 1:]], dim=1)
        return self.scores(torch.tanh(self.hidden(rest)))


def distributed(file: str, plan: dict) -> dict:
    """Train with a file of the present folder that defines ``train_distributed``.

    Parameters
    ----------
    file : str
        Its name.
    plan : dict
        ``rows``, ``features``, ``hidden``, ``classes``, ``data`` (a seed), and of the training
        ``learning_rate``, ``steps``, ``batch_size``, ``seed``.

    Returns
    -------
    dict
        ``problem``: what stopped it, or ""; ``weights``: name → array, as written by the answer; ``rows``: for
        each process the rows that its network was given, in their order.
    """
    try:
        content = Path(file).read_bytes()
    except OSError:
        return _stopped(f"there is no {file} here: the cell that writes it has not run")
    return _trained(file, content, json.dumps(plan))


@functools.lru_cache(maxsize=8)  # two tests ask for the same training
def _trained(file, content, plan):
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "plan.json").write_text(
            json.dumps({"file": file, "out": f"{folder}/out.safetensors", **json.loads(plan)})
        )
        command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
        command += ["--nproc-per-node", str(PROCESSES), "-m", __name__, str(place / "plan.json")]
        for _ in range(ATTEMPTS):
            for name in (*(f"{rank}.json" for rank in range(PROCESSES)), "out.safetensors"):
                (place / name).unlink(missing_ok=True)
            try:
                done = _run(command)
            except subprocess.TimeoutExpired:
                return _stopped("the processes wait for each other")
            told = [_json(place / f"{rank}.json") for rank in range(PROCESSES)]
            # Once the answer has returned everywhere, how a process ends is no fault of the answer's.
            returned = all("rows" in one for one in told)
            if returned or ABORTED not in done.stderr:
                break
        for rank, one in enumerate(told):
            if one.get("error"):
                return _stopped(f"process {rank}: {one['error']}")
        if done.returncode and not returned:
            last = (done.stderr.decode(errors="replace").strip().splitlines() or [""])[-1]
            return _stopped(f"torchrun ended with {done.returncode}: {last[:300]}")
        weights, problem = _read(place / "out.safetensors")
        return {
            "problem": problem,
            "weights": weights,
            "rows": [one.get("rows", []) for one in told],
        }


def _run(command):
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE)


def _stopped(problem):
    return {"problem": problem, "weights": {}, "rows": []}


def _json(path):
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}


def _read(path):
    from safetensors.numpy import load

    try:
        if path.stat().st_size > LARGEST:
            return {}, f"out is of {path.stat().st_size} bytes"
        return load(path.read_bytes()), ""
    except FileNotFoundError:
        return {}, "nothing was written to out"
    except Exception as error:
        return {}, f"out is no file of safetensors ({type(error).__name__}: {error})"[:300]


def single(
    plan: dict, rows: Sequence[Sequence[int]], scale: float = 1.0, momentum: float = 0.0
) -> dict[str, np.ndarray]:
    """Train with one process as the answer should with several, on the rows that were seen.

    Parameters
    ----------
    plan : dict
    rows : sequence of sequence of int
        For each process the rows of its parts of the batches, as many for each step.
    scale : float
        What each gradient is multiplied by.
    momentum : float

    Returns
    -------
    dict of str to ndarray
    """
    x, y = data_of(plan)
    with torch.random.fork_rng([]):
        torch.manual_seed(plan["seed"])
        net = Net(plan)
    optimizer = torch.optim.SGD(net.parameters(), plan["learning_rate"], momentum)
    steps = [np.array_split(np.asarray(own), plan["steps"]) for own in rows]
    for parts in zip(*steps, strict=True):
        optimizer.zero_grad()
        for part in parts:
            loss = nn.functional.cross_entropy(net(x[part]), y[part])
            (scale * loss / len(parts)).backward()
        optimizer.step()
    return {name: value.numpy() for name, value in net.state_dict().items()}


def main(path: str) -> None:
    """Be one of the processes."""
    rank = int(os.environ["RANK"])
    plan = json.loads(Path(path).read_text())
    nets: list[Net] = []
    told: dict = {"error": ""}

    def make_model():
        nets.append(Net(plan))
        return nets[-1]

    sys.path.insert(0, os.getcwd())
    try:
        answer = importlib.import_module(Path(plan["file"]).stem).train_distributed
        x, y = data_of(plan)
        given = [plan[name] for name in ("learning_rate", "steps", "batch_size", "seed", "out")]
        answer(make_model, x, y, *given)
        told["rows"] = nets[-1].seen if nets else []
    except BaseException as error:
        told["error"] = f"{type(error).__name__}: {error}"[:500]
        raise
    finally:
        Path(path).with_name(f"{rank}.json").write_text(json.dumps(told))
        if torch.distributed.is_initialized():
            torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main(sys.argv[1])
