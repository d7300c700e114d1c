"""Have functions that train, save and measure networks do so once, and tell in numbers what came of it.

What stands here runs where the answers are.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import nn

from course_utils.modules.build import default_dtype, one_thread, own_randomness
from course_utils.modules.initialised import model as model_of
from course_utils.modules.watching import Changes, full_disk

CLASSES = 5
ROOM = 1000  # bytes; a checkpoint of the small network has four thousand
NUMBERS = {"float32": torch.float32, "float64": torch.float64, "bfloat16": torch.bfloat16}


class _Calls(list):
    """A list that copies of a network share: whoever asks a copy has asked."""

    def __deepcopy__(self, memo):
        return self


class Watched(nn.Module):
    """A small network for images of any size, which notes how it is called."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, stride=2)
        self.norm = nn.BatchNorm2d(4)
        self.head = nn.Sequential(nn.ReLU(), nn.Linear(4, CLASSES))
        self.calls = _Calls()

    def forward(self, x):
        scores = self.head(self.norm(self.conv(x)).mean((2, 3)))
        modes = {"train" if module.training else "eval" for module in self.modules()}
        self.calls.append(
            (
                modes.pop() if len(modes) == 1 else "mixed",
                scores.requires_grad,
                tuple(x.shape),
                _type(scores),
            )
        )
        return scores


def watched(seed: int) -> Watched:
    """Make one, with weights of a seed."""
    net = Watched()
    rng = np.random.default_rng([seed, 1])
    with torch.no_grad():
        for parameter in net.parameters():
            drawn = torch.from_numpy(rng.standard_normal(tuple(parameter.shape)) * 0.5)
            parameter.copy_(drawn + (parameter.dim() == 1))
    return net


def batches(seed: int, sizes) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Draw batches of images and labels."""
    rng = np.random.default_rng([seed, 2])
    dtype = torch.get_default_dtype()
    return [
        (
            torch.from_numpy(rng.standard_normal((n, 3, 7, 9))).to(dtype),
            torch.from_numpy(rng.integers(0, CLASSES, n)),
        )
        for n in sizes
    ]


def epoch(answer, plan: dict) -> dict:
    """Have ``train_one_epoch(model, batches, optimizer, device, amp_dtype)`` train a network.

    Parameters
    ----------
    answer : callable
    plan : dict
        ``seed``; ``sizes`` of the batches; ``dtype`` of the network; ``rate`` and ``momentum`` of the
        optimizer; ``amp``, the name of a type or None; ``stale``, whether gradients of something else are left
        when it begins.

    Returns
    -------
    dict
        ``value``, what it returns; ``parameters``, ``buffers`` (lists of arrays); ``types`` of the parameters;
        ``calls`` of the network, as (mode, whether the scores hang on the gradient's tape, shape and dtype of
        the scores), the mode "mixed" where its parts are in two; ``read``, the batches read.
    """
    with _scene(plan):
        net, given, read = watched(plan["seed"]).eval(), batches(plan["seed"], plan["sizes"]), []
        optimizer = torch.optim.SGD(
            net.parameters(), plan.get("rate", 0.1), momentum=plan.get("momentum", 0.0)
        )
        if plan.get("stale"):
            for parameter in net.parameters():
                parameter.grad = torch.full_like(parameter, 3.0)
        amp = plan.get("amp")
        more = {"amp_dtype": NUMBERS[amp]} if amp else {}
        device = torch.device("cpu") if plan["seed"] % 2 else "cpu"
        value = answer(net, _noted(given, read), optimizer, device, **more)
        return {"value": value, "read": len(read), "calls": net.calls, **_state(net)}


def _asked(seed):
    """Make a network as one has it who trains on top of another: a part in eval mode, one without gradients."""
    net = watched(seed).train()
    net.norm.eval()
    net.norm.weight.requires_grad_(False)
    return net


class _Before:
    """What a network, its images and PyTorch were like before an answer was asked."""

    def __init__(self, net, images):
        self.net, self.images = net, images
        self.copies, self.was = [x.clone() for x in images], self._now()

    def _now(self):
        parts, parameters = [*self.net.modules()], [*self.net.parameters()]
        return {
            "modes": [part.training for part in parts],
            "requires_grad": [parameter.requires_grad for parameter in parameters],
            "grad": [parameter.grad is None for parameter in parameters],
            "hooks": [len(part._forward_hooks) + len(part._forward_pre_hooks) for part in parts],
            "grad mode": torch.is_grad_enabled(),
        }

    def after(self) -> dict:
        """Return ``modes`` and ``left``; see `evaluation`."""
        now, same = self._now(), map(torch.equal, self.images, self.copies)
        modes = [a == b for a, b in zip(self.was.pop("modes"), now.pop("modes"), strict=True)]
        left = [] if all(same) else ["images"]
        return {
            "modes": modes,
            "left": left + [name for name in now if now[name] != self.was[name]],
        }


def evaluation(answer, plan: dict) -> dict:
    """Have ``evaluate(model, batches, device)`` ask a network; see `epoch`.

    Returns
    -------
    dict
        As of `epoch`; ``modes``: of each part of the network whether its mode is what it was; ``left``: what
        else is not as it was, of "images", "requires_grad", "grad", "hooks" and "grad mode".
    """
    with _scene(plan):
        net, given, read = _asked(plan["seed"]), batches(plan["seed"], plan["sizes"]), []
        before = _Before(net, [x for x, _ in given])
        value = answer(net, _noted(given, read), torch.device("cpu") if plan["seed"] % 2 else "cpu")
        return {
            "value": value,
            "read": len(read),
            "calls": net.calls,
            **before.after(),
            **_state(net),
        }


def scales(answer, plan: dict) -> dict:
    """Have ``multi_scale_predict(model, x, sizes)`` ask a network.

    Parameters
    ----------
    answer : callable
    plan : dict
        ``seed``, ``n`` images of ``side``, and ``sizes``.

    Returns
    -------
    dict
        As of `evaluation`, and ``tracked``: whether the result hangs on the gradient's tape.
    """
    with _scene(plan):
        net, rng = _asked(plan["seed"]), np.random.default_rng([plan["seed"], 3])
        x = torch.from_numpy(rng.random((plan["n"], 3, plan["side"], plan["side"])))
        x = x.to(torch.get_default_dtype())
        before = _Before(net, [x])
        value = answer(net, x, plan["sizes"])
        tracked = isinstance(value, torch.Tensor) and value.requires_grad
        return {
            "value": value,
            "tracked": tracked,
            "calls": net.calls,
            **before.after(),
            **_state(net),
        }


def activations(answer, layers, shape, dtype: str) -> dict:
    """Have ``activation_memory(model, input_shape, dtype)`` measure a network of some layers.

    Returns
    -------
    dict
        ``value``, and ``left``: what is not as it was, of "mode", "hooks", "gradients" and "buffers".
    """
    with one_thread(), own_randomness():
        net = model_of(layers).train()
        before = {name: buffer.clone() for name, buffer in net.named_buffers()}
        value = answer(net, tuple(shape), NUMBERS[dtype])
        parts = [*net.modules()]
        left = {
            "mode": not all(module.training for module in parts),
            "hooks": any(module._forward_hooks or module._forward_pre_hooks for module in parts),
            "gradients": any(parameter.grad is not None for parameter in net.parameters()),
            "buffers": any(not torch.equal(b, before[name]) for name, b in net.named_buffers()),
        }
        return {"value": value, "left": [name for name, is_left in left.items() if is_left]}


def rates(answer, new, metrics) -> dict:
    """Have a class of schedules follow a metric; return the ``value`` of each step."""
    args, kwargs = new
    schedule = answer(*args, **kwargs)
    return {"value": [schedule.step(metric) for metric in metrics]}


def resumed(save, resume, plan: dict) -> dict:
    """Have ``save_checkpoint(path, model, optimizer, epoch)`` and ``resume(path, model, optimizer)`` at work.

    A network trains for ``steps`` steps, is saved, and trains for as many again; another one with other weights
    and another optimizer is resumed and trains for the same steps.

    Parameters
    ----------
    save, resume : callable
    plan : dict
        ``seed``, ``steps``, ``epoch``, ``name`` of the file, ``path``: whether it is a `Path`.

    Returns
    -------
    dict
        ``epoch``, what `resume` returns; ``saved`` and ``loaded``, lists of arrays, the parameters and buffers
        when it is saved and when it is resumed; ``straight`` and ``resumed``, those at the end of each;
        ``buffers``, how many of them are buffers; ``random``, for each the numbers that PyTorch draws next;
        ``drew``, whether saving has changed the random state; ``files`` after saving; ``plain``, whether
        PyTorch loads the file with ``weights_only=True``; ``kept``, whether the file is the old one after a
        second saving for which the disk is too full; ``again``, what `resume` returns after a third saving, in
        the place of the first; ``renamed``, whether that one had another name in the same folder before, None
        where the system does not tell; ``removed``, whether the one before was removed for it; ``ran``, whether
        `resume` runs what is in a file.
    """
    with _scene(plan), tempfile.TemporaryDirectory() as folder:
        path = Path(folder, plan["name"])
        given = path if plan.get("path") else str(path)
        seed, steps = plan["seed"], plan["steps"]
        net, optimizer = _begun(seed)
        _steps(net, optimizer, seed, steps)
        torch.rand(3)
        state = torch.get_rng_state()
        saved = _all(net)
        save(given, net, optimizer, plan["epoch"])
        told = {
            "drew": not torch.equal(torch.get_rng_state(), state),
            "files": sorted(os.listdir(folder)),
        }
        told |= {"plain": _is_plain(path), "saved": saved, "buffers": len([*net.buffers()])}
        written = path.read_bytes() if path.is_file() else b""
        torch.set_rng_state(state)
        _steps(net, optimizer, seed + 1, steps)
        told["straight"], random = _all(net), [torch.rand(4).numpy()]

        other, optimizer = _begun(seed + 2)
        torch.manual_seed(seed + 3)
        told["epoch"] = resume(given, other, optimizer)
        told["loaded"] = _all(other)
        _steps(other, optimizer, seed + 1, steps)
        told["resumed"], told["random"] = _all(other), [*random, torch.rand(4).numpy()]

        with contextlib.suppress(Exception), full_disk(ROOM):
            save(given, other, optimizer, plan["epoch"] + 1)
        told["kept"] = path.is_file() and path.read_bytes() == written
        with Changes(folder) as changes:
            save(given, other, optimizer, plan["epoch"] + 2)
        into = [old for old, new in changes.found or () if new == path.name]
        told["renamed"] = None if changes.found is None else bool(into)
        told["removed"] = (path.name, None) in (changes.found or ())
        told["again"] = resume(given, *_begun(seed))
        told["ran"] = _runs(resume, given)
        return told


_rung: list[bool] = []


def _ring():
    _rung.append(True)


class _Alarm:
    """Rings when a file is loaded in a way that runs what is in it."""

    def __reduce__(self):
        return _ring, ()


def _runs(resume, path):
    torch.save({"epoch": _Alarm()}, path)
    _rung.clear()
    with contextlib.suppress(
        Exception
    ):  # a file without weights is refused, whatever it is read with
        resume(path, *_begun(0))
    return bool(_rung)


def _begun(seed):
    net = watched(seed)
    return net, torch.optim.SGD(net.parameters(), 0.05, momentum=0.9)


def _steps(net, optimizer, seed, steps):
    net.train()
    for x, y in batches(seed, [4] * steps):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        optimizer.step()


def _is_plain(path):
    try:
        torch.load(path, weights_only=True)
    except Exception:
        return False
    return True


def _all(net):
    return [_array(tensor) for tensor in (*net.parameters(), *net.buffers())]


@contextlib.contextmanager
def _scene(plan):
    with (
        one_thread(),
        own_randomness(plan["seed"]),
        default_dtype(NUMBERS[plan.get("dtype", "float64")]),
        torch.enable_grad(),  # whatever another answer has left
    ):
        yield


def _noted(given, read):
    """Yield batches, once, and note how many were read."""
    for batch in given:
        read.append(1)
        yield batch


def _state(net):
    return {
        "parameters": [_array(p) for p in net.parameters()],
        "buffers": [_array(b) for b in net.buffers()],
        "types": sorted({_type(p) for p in net.parameters()}),
    }


def _type(tensor):
    return str(tensor.dtype).removeprefix("torch.")


def _array(tensor):
    tensor = tensor.detach().cpu()
    return (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy().copy()
