"""One process or several: who this is, and what all of them have together.

``torchrun --nproc-per-node 2 …`` starts several processes and tells each its number; each trains on its rows of
every batch. Started without it, there is one.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel


@dataclass(frozen=True)
class World:
    """The processes of a training.

    Attributes
    ----------
    device : torch.device
        Of this process.
    rank, size : int
        Its number, from 0, and how many there are.
    """

    device: torch.device
    rank: int = 0
    size: int = 1

    def wrapped(self, model: nn.Module) -> nn.Module:
        """Return a model whose gradients are averaged over all processes.

        On GPUs its batch norms see the whole batch; PyTorch has no such norm for the CPU, where each process
        takes the statistics of its own rows.
        """
        if self.size == 1:
            return model
        if self.device.type == "cuda":
            model = nn.SyncBatchNorm.convert_sync_batchnorm(model)
            return DistributedDataParallel(model, device_ids=[self.device.index])
        return DistributedDataParallel(model)

    def total(self, *numbers: float) -> list[float]:
        """Return the sums of numbers over all processes."""
        if self.size == 1:
            return list(map(float, numbers))
        sums = torch.tensor(numbers, dtype=torch.float64)
        sums = sums.to(self.device) if self.device.type == "cuda" else sums
        dist.all_reduce(sums)
        return sums.tolist()

    def any(self, flag: bool) -> bool:
        """Whether a flag is up in one of the processes at least."""
        return self.total(float(flag))[0] > 0


def best_device() -> torch.device:
    """Return the GPU where there is one, of Nvidia's or Apple's, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


@contextlib.contextmanager
def world(device: str | torch.device | None = None) -> Iterator[World]:
    """Join the processes that ``torchrun`` has started, if it has.

    Parameters
    ----------
    device : str or torch.device, optional
        By default the best there is.
    """
    device = best_device() if device is None else torch.device(device)
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        yield World(device)
        return
    if device.type == "cuda":
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield World(device, dist.get_rank(), size)
    finally:
        dist.destroy_process_group()
