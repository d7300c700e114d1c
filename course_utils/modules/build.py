"""Make a network without the time and memory that its first weights would take."""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import sys

import torch
from torch import nn
from torch.nn.parameter import is_lazy
from torch.utils._python_dispatch import TorchDispatchMode

from course_utils.modules.roles import NotANetwork

LARGE = 100_000  # numbers; random ones for a larger tensor are not drawn


def built(maker, args, kwargs, x: torch.Tensor) -> nn.Module:
    """Make a network of which nothing large has its numbers yet: they are to be filled in.

    Parameters
    ----------
    maker : callable
        A class, or a function that returns a network.
    args, kwargs
        What it is called with.
    x : Tensor
        An input: of its dtype is what the network makes. A network of ``nn.LazyConv2d`` and the like learns its
        sizes from it.

    Raises
    ------
    NotANetwork
        If what it makes is no `torch.nn.Module`.
    """
    with own_randomness(), default_dtype(x.dtype), _untruncated(), _Undrawn():
        net = maker(*args, **kwargs)
        if not isinstance(net, nn.Module):
            raise NotANetwork(f"a torch.nn.Module was expected, {type(net).__name__} was made")
        if any(is_lazy(p) for p in (*net.parameters(), *net.buffers())):
            mode = net.training
            with torch.no_grad():
                net.eval()(x.clone())
            net.train(mode)
        return net


@contextlib.contextmanager
def own_randomness(seed: int = 0):
    """Have PyTorch's global generator begin at a seed, and put it back after."""
    generator = torch.default_generator
    state = generator.get_state()
    generator.manual_seed(seed)
    try:
        yield
    finally:
        generator.set_state(state)


@contextlib.contextmanager
def one_thread():
    """Have PyTorch compute in one thread: on a busy machine two would wait for each other most of the time."""
    before = torch.get_num_threads()
    if before > 1:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        if before > 1:
            torch.set_num_threads(before)


@contextlib.contextmanager
def default_dtype(dtype: torch.dtype):
    """Have what is made without a dtype be of this one."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


class _Undrawn(TorchDispatchMode):
    """Draw no numbers for large tensors: they stay as they were allocated, or become the middle of the draw."""

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # as in `Recorder`

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        name = func._schema.name.removeprefix("aten::")
        if name in ("uniform_", "normal_") and args[0].numel() > LARGE:
            low, high = (*args[1:], 0.0, 1.0)[:2]
            if (
                name == "uniform_" and low == -high
            ):  # PyTorch's own first weights: nothing looks at them
                return args[0]
            # A loop of one's own may draw again until nothing is beyond a bound.
            middle = low if name == "normal_" else (low + high) / 2
            return args[0].fill_(middle) if middle or not _emptied(args[0]) else args[0]
        if name in ("rand", "randn") and torch.Size(args[0]).numel() > LARGE:
            return torch.zeros(args[0], **{k: v for k, v in kwargs.items() if k != "generator"})
        return func(*args, **kwargs)


def _emptied(tensor):
    """Make a large tensor zero by giving its pages back; return whether that could be done.

    To write zeros into the weights of VGG takes ten times as long as all else that is asked of them.
    """
    storage = tensor.untyped_storage()
    whole = (
        tensor.is_contiguous() and tensor.nbytes == storage.nbytes() and tensor.device.type == "cpu"
    )
    if not whole or not sys.platform.startswith("linux") or storage.is_shared():
        return False
    begin, end = storage.data_ptr(), storage.data_ptr() + tensor.nbytes
    first, last = -(-begin // mmap.PAGESIZE) * mmap.PAGESIZE, end // mmap.PAGESIZE * mmap.PAGESIZE
    given_back = ctypes.CDLL(None).madvise(
        ctypes.c_void_p(first), ctypes.c_size_t(last - first), mmap.MADV_DONTNEED
    )
    if given_back:
        return False
    ctypes.memset(begin, 0, first - begin)
    ctypes.memset(last, 0, end - last)
    return True


@contextlib.contextmanager
def _untruncated():
    """Have `trunc_normal_` draw no large tensors either: it draws again until all numbers are within bounds."""
    before = nn.init._no_grad_trunc_normal_

    def draw(tensor, *args, **kwargs):
        if tensor.numel() <= LARGE:
            return before(tensor, *args, **kwargs)
        with torch.no_grad():
            return tensor if _emptied(tensor) else tensor.zero_()

    nn.init._no_grad_trunc_normal_ = draw
    try:
        yield
    finally:
        nn.init._no_grad_trunc_normal_ = before
