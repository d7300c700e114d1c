"""Have functions that look into a network do so once; tell what they return, and what they leave behind.

What stands here runs where the answers are.
"""

from __future__ import annotations

import contextlib

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.modules.build import one_thread, own_randomness

PLAIN = ("Conv2d", "Linear", "ReLU", "MaxPool2d", "AvgPool2d", "Flatten", "Tanh")
SPREAD = 0.5  # of drawn weights


class Notes(list):
    """A list that copies of a network share: whoever asks a copy has asked."""

    def __deepcopy__(self, memo):
        return self


class Norm(nn.BatchNorm2d):
    """A batch norm that notes how it is called."""

    def forward(self, x):
        self.calls.append((self.training, torch.is_grad_enabled(), len(x)))
        return super().forward(x)


class Drop(nn.Dropout):
    """Dropout that notes how it is called."""

    def forward(self, x):
        self.calls.append((self.training, torch.is_grad_enabled(), len(x)))
        return super().forward(x)


class Around(nn.Module):
    """Layers, and a way around them."""

    def __init__(self, layers):
        super().__init__()
        self.body = nn.Sequential(*layers)

    def forward(self, x):
        return x + self.body(x)


class Named(nn.Module):
    """A network with parts of their own names, which are not all that it computes.

    A ``stem``, a ``block`` with a way around it, a mean over the pixels that no part computes, a ``head``.
    """

    def __init__(self, layers):
        super().__init__()
        self.stem, self.block = nn.Sequential(*layers[0]), Around(layers[1])
        self.head = nn.Sequential(*layers[2])

    def forward(self, x):
        return self.head(self.block(self.stem(x)).mean((2, 3)))


WATCHED = {"BatchNorm2d": Norm, "Dropout": Drop}


def made(plan: dict) -> tuple[nn.Module, torch.Tensor]:
    """Make a small network and its images.

    Parameters
    ----------
    plan : dict
        ``net``: a list of layers, ``("Conv2d", 1, 4, 3)`` and the like, a class of `torch.nn` and its
        arguments, a dict of named ones at the end; a list in it is a module of its own. Three lists in a dict
        ``{"named": [stem, block, head]}`` are a `Named`. ``x``: the shape of the images. ``seed``: weights and
        images are drawn from it. ``weights``, ``images``: in place of drawn ones; ``whole``: they are small
        whole numbers, divided by this one. ``mode``: of the network; ``"mixed"``: its norms are in eval mode,
        its other parts in train mode. ``plain``: nothing is noted.

    Returns
    -------
    net : Module
        In float32.
    images : Tensor
    """
    calls, given = Notes(), plan["net"]
    rng = np.random.default_rng([plan.get("seed", 0), 4])
    with own_randomness():
        named = isinstance(given, dict)
        layers = _layers(given["named"] if named else given, calls, plan.get("plain", False), named)
        net = Named(layers) if named else nn.Sequential(*layers)
    fixed = plan.get("weights")
    with torch.no_grad():
        for number, parameter in enumerate(net.parameters()):
            value = fixed[number] if fixed else _drawn(rng, tuple(parameter.shape), plan)
            parameter.copy_(
                torch.as_tensor(np.asarray(value, dtype=np.float32)).reshape(parameter.shape)
            )
        for norm in net.modules():
            if isinstance(norm, nn.BatchNorm2d):
                shape = tuple(norm.running_mean.shape)
                norm.running_mean.copy_(torch.from_numpy(rng.standard_normal(shape)))
                norm.running_var.copy_(torch.from_numpy(0.5 + rng.random(shape)))
    images = plan.get("images")
    x = _drawn(rng, tuple(plan["x"]), plan, 1.0) if images is None else images
    net.calls = calls
    _into(net, plan.get("mode", "train"))
    return net, torch.as_tensor(np.asarray(x, dtype=np.float32))


def _drawn(rng, shape, plan, spread=SPREAD):
    if plan.get("whole"):
        return rng.integers(-2, 3, shape) / plan["whole"]
    return spread * rng.standard_normal(shape)


def _into(net, mode):
    net.train(mode != "eval")
    if mode == "mixed":
        for part in net.modules():
            if isinstance(part, nn.BatchNorm2d):
                part.eval()


def _layers(layers, calls, plain, named=False):
    found = []
    for layer in layers:
        if named:
            found.append(_layers(layer, calls, plain))
        elif isinstance(layer, list):
            found.append(nn.Sequential(*_layers(layer, calls, plain)))
        else:
            kind, *sizes = layer
            options = sizes.pop() if sizes and isinstance(sizes[-1], dict) else {}
            if kind not in (*PLAIN, *WATCHED):
                raise ValueError(f"a layer is one of {', '.join((*PLAIN, *WATCHED))}, got {kind!r}")
            maker = WATCHED[kind] if kind in WATCHED and not plain else getattr(nn, kind)
            part = maker(*sizes, **options)
            if kind in WATCHED and not plain:
                part.calls = calls
            found.append(part)
    return found


class Before:
    """What a network, its images and PyTorch were like before an answer was asked."""

    def __init__(self, net, x):
        self.net, self.x = net, x
        self.parts, self.parameters = [*net.modules()], [*net.parameters()]
        with torch.no_grad():
            for parameter in self.parameters[
                1::2
            ]:  # left by a training, and not this answer's to clear
                parameter.grad = torch.full_like(parameter, 0.25)
        self.parameters[0].requires_grad_(False)
        self.copies, self.was = self._tensors(), self._now()

    def _tensors(self):
        return {
            "images": [self.x.clone()],
            "parameters": [p.detach().clone() for p in self.parameters],
            "statistics": [b.clone() for b in self.net.buffers()],
            "gradients": [None if p.grad is None else p.grad.clone() for p in self.parameters],
        }

    def _now(self):
        hooks = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
        return {
            "modes": [part.training for part in self.parts],
            "parts": [*map(id, self.net.modules())],
            "requires_grad": [parameter.requires_grad for parameter in self.parameters],
            "hooks": [sum(len(getattr(part, name)) for name in hooks) for part in self.parts],
            "the image's gradient": [self.x.requires_grad, self.x.grad is None],
            "grad mode": torch.is_grad_enabled(),
        }

    def after(self) -> list[str]:
        """Return what is not as it was."""
        tensors, now = self._tensors(), self._now()
        left = [
            name
            for name, before in self.copies.items()
            if not all(map(_same, before, tensors[name]))
        ]
        return left + [name for name in now if now[name] != self.was[name]]


def _same(one, other):
    if one is None or other is None:
        return one is other
    return torch.equal(one.detach(), other.detach())


def asked(answer, plan: dict, args, kwargs) -> dict:
    """Have an answer look into a network.

    Parameters
    ----------
    answer : callable
    plan : dict
        See `made`.
    args : sequence
        The answer's arguments; ``"model"``, ``"images"`` and ``"image"`` stand for what `made` makes.
    kwargs : dict

    Returns
    -------
    dict
        ``value``; ``tracked``, whether it hangs on the gradient's tape; ``calls`` of batch norm and dropout,
        as (whether in train mode, whether gradients are on, images); ``left``, what is not as it was, of
        "modes", "parts", "images", "parameters", "statistics", "gradients", "requires_grad", "hooks",
        "the image's gradient" and "grad mode".
    """
    with _looking():
        net, x = made(plan)
        before = Before(net, x)
        things = {"model": net, "images": x}
        if "image" in args:
            things["image"] = before.x = x[0].clone()
            before.copies["images"] = [before.x.clone()]
        given = [things.get(one, one) if isinstance(one, str) else one for one in args]
        value = answer(*given, **kwargs)
        return {
            "value": value,
            "tracked": any(part.requires_grad for part in _tensors_in(value)),
            "calls": [list(call) for call in net.calls],
            "left": before.after(),
        }


def _tensors_in(value):
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, (list, tuple)):
        return [tensor for part in value for tensor in _tensors_in(part)]
    return []


@contextlib.contextmanager
def _looking():
    with one_thread(), own_randomness(), torch.enable_grad():  # whatever another answer has left
        yield


def tuned(answer, plan: dict, num_classes, depth) -> dict:
    """Have ``prepare_fine_tuning(model, num_classes, depth)`` prepare a network, and run it in train mode.

    Returns
    -------
    dict
        ``refused``: whether it raised a ValueError; ``same``: whether the network comes back, and not another
        object; ``shape``, ``bias`` and ``type`` of the last layer; ``new``, whether it is another than before,
        with other weights; ``trainable``: of each layer with parameters "learns", "frozen", or "in part";
        ``kept``: whether those of all other layers are what they were, and the statistics of all norms;
        ``norms``: of each batch norm whether it is awake in train mode: whether a forward pass changes its
        statistics, or gives another result than they do;
        ``again``: the same after eval mode and train mode; ``modes``: of all layers that are no batch norm
        whether they follow ``train()`` and ``eval()``; ``classes`` of the scores.
    """
    with _looking():
        net, x = made({**plan, "plain": True})
        net.train()
        flags = plan.get("frozen")
        if flags:
            net.requires_grad_(False)
        head, parts = net[-1], [*net]
        before, statistics = [p.detach().clone() for p in net.parameters()], _statistics(net)
        was = [p.requires_grad for p in net.parameters()]
        try:
            back = answer(net, num_classes, depth)
        except ValueError:
            same = [*map(id, net)] == [*map(id, parts)]
            same = same and all(map(torch.equal, net.parameters(), before))
            same = same and [p.requires_grad for p in net.parameters()] == was
            return {"refused": True, "unchanged": same and all(m.training for m in net.modules())}
        told = back if isinstance(back, nn.Module) else net
        last = [part for part in told.modules() if isinstance(part, nn.Linear)][-1]
        own = [part for part in told.modules() if [*part.parameters(recurse=False)]]
        kept = zip([p for part in own[:-1] for p in part.parameters()], before, strict=False)
        result = {
            "refused": False,
            "same": back is net,
            "shape": [last.in_features, last.out_features],
            "bias": last.bias is not None,
            "type": str(last.weight.dtype),
            "new": last is not head,
            "trainable": [_all_or_none(part) for part in own],
            "kept": all(torch.equal(p, q) for p, q in kept)
            and all(map(torch.equal, statistics, _statistics(told))),
        }
        told.train()
        result["norms"], result["modes"] = _awake(told, x), _follow(told, True)
        told.eval()
        result["modes"] = result["modes"] and _follow(told, False)
        told.train()
        result["again"] = _awake(told, x)
        with torch.no_grad():
            result["classes"] = told.eval()(x).shape[1]
        return result


def _all_or_none(part):
    wanted = {parameter.requires_grad for parameter in part.parameters(recurse=False)}
    return "learns" if wanted == {True} else "frozen" if wanted == {False} else "in part"


def _norms(net):
    return [part for part in net.modules() if isinstance(part, nn.BatchNorm2d)]


def _statistics(net):
    """Return the statistics of all norms that have some."""
    found = (t for norm in _norms(net) for t in (norm.running_mean, norm.running_var))
    return [t.clone() for t in found if t is not None]


def _awake(net, x):
    norms = _norms(net)
    noted, found = {}, {norm: norm.running_mean is None for norm in norms}

    def before(norm, given):
        noted[norm] = given[0].clone(), norm.running_mean.clone(), norm.running_var.clone()

    def after(norm, given, out):
        x, mean, var = noted[norm]
        asleep = F.batch_norm(x, mean, var, norm.weight, norm.bias, eps=norm.eps)
        same = torch.equal(norm.running_mean, mean) and torch.equal(norm.running_var, var)
        found[norm] = not same or not torch.allclose(out, asleep, 1e-3, 1e-4)

    kept = [norm for norm in norms if not found[norm]]
    hooks = [norm.register_forward_pre_hook(before) for norm in kept]
    hooks += [norm.register_forward_hook(after) for norm in kept]
    try:
        with torch.no_grad():
            net(x)
    finally:
        for hook in hooks:
            hook.remove()
    return [found[norm] for norm in norms]


def _follow(net, mode):
    parts = [part for part in net.modules() if not [*part.children()]]
    return all(part.training is mode for part in parts if not isinstance(part, nn.BatchNorm2d))
