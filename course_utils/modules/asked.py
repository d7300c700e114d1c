"""What a test may ask of a network: numbers only, each question of a network that is made for it.

`ask` runs where the network's class is: in a student's notebook, in the jail of a submission, or, for a
reference, beside the test.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import nn

from course_utils.modules import slopes
from course_utils.modules.build import built, default_dtype, one_thread, own_randomness
from course_utils.modules.fill import fill
from course_utils.modules.roles import NotANetwork, Traced, called_with, traced
from course_utils.modules.slopes import slots

MANY = 4096  # numbers of a gradient, or of a stage, that are told; of a larger one every n-th
BARE = {"structure", "device"}  # what can be told without a single weight
DTYPES = {"float32": torch.float32, "float64": torch.float64}


def ask(maker, new, plan: dict) -> dict:
    """Make a network, fill it by role, run it, and tell what is wanted.

    Parameters
    ----------
    maker : callable
        Makes the network.
    new : tuple of (tuple, dict)
        What `maker` is called with.
    plan : dict
        ``x``, the input, an array, or its shape: `drawn` then draws it; ``dtype`` of what is drawn, float64 by
        default; ``seed`` of that and of the weights;
        ``passes``, a tuple of "train" and "eval", by default one in eval mode; ``scale``, a list of (layer,
        kind, factor), by which parameters are multiplied first, layers counted from -1 at the end as well;
        ``cast``, whether the network is made in float32 and converted, as ``net.double()`` does;
        ``same``, a list of (layer, layer): the first is filled like the second;
        ``wants``, a tuple of the keys below.

    Returns
    -------
    dict
        ``structure``
            See `structure`.
        ``output``, ``outputs``
            Of the last pass, of every pass.
        ``stages``
            A list of (kind, output) for each pooling, addition, concatenation and linear layer, in eval mode,
            at most `MANY` numbers each.
        ``fed``
            For each pass a list of what comes in at each linear layer, in order.
        ``leaves``
            A list of (class, output) for each call of a module without children, in the last pass.
        ``input_gradient``, ``gradients``
            Of the sum of the last pass's outputs, each times a number of the seed's: an array, and a list of
            (layer, kind, row of numbers or None), at most `MANY` each: a role's numbers have the same order in
            whatever shape a network keeps them.
        ``slopes``
            Of the same sum, where a parameter is multiplied by a factor near 1: (layer, kind, slope by
            autograd or None, slope by a difference of two passes); for the input, layer -1, kind "input".
        ``input``
            The input after all passes.
        ``changes``
            By how much the passes changed each parameter, at most, as (layer, kind, change).
        ``buffers``
            A list of the buffers that are read in eval mode, in order, as they are after all passes.
        ``device``
            Whether it runs on a device other than the one that is the default.

    Raises
    ------
    NotANetwork
    """
    wants = plan["wants"]
    with one_thread():
        net, found, x = made(maker, new, plan)
        told = {"structure": structure(net, found)} if "structure" in wants else {}
        if "device" in wants:
            told["device"] = _runs_elsewhere(net, x)
        if not set(wants) <= BARE:
            with (
                own_randomness(plan.get("seed", 0)),
                default_dtype(torch.float32 if plan.get("cast") else x.dtype),
            ):
                told |= _run(net, found, x, plan)
    return {key: told[key] for key in wants}


def made(maker, new, plan: dict) -> tuple[nn.Module, Traced, torch.Tensor]:
    """Make a network and an input; fill both unless no number is wanted. See `ask`."""
    x = input_of(plan)
    net = built(maker, *new, x.float() if plan.get("cast") else x)
    net = net.to(x.dtype) if plan.get("cast") else net
    with default_dtype(x.dtype):
        found = traced(net, x.clone())  # the answer may work in place
    if not set(plan["wants"]) <= BARE:
        parameters = dict(net.named_parameters())
        fill(
            found,
            parameters,
            *(plan.get(k, v) for k, v in (("seed", 0), ("scale", ()), ("same", ()))),
        )
    return net, found, x


def input_of(plan: dict) -> torch.Tensor:
    """Return the input that a plan asks for, a new tensor."""
    x = plan["x"]
    if isinstance(x, np.ndarray):
        return torch.from_numpy(np.array(x))
    if set(plan["wants"]) <= BARE:
        return torch.zeros(tuple(x))
    rng = np.random.default_rng([plan.get("seed", 0), 2])
    x = rng.standard_normal(tuple(x), np.float32) * plan.get("spread", 1.0)
    return torch.from_numpy(x).to(DTYPES[plan.get("dtype", "float64")])


def structure(net, found: Traced) -> dict:
    """Tell what there is in a network, without a single weight.

    Returns
    -------
    dict
        ``output`` (shape), ``stages`` (list of kind, shape, module), ``results`` (every operation on the way,
        kind, shape), ``layers`` (list of kind, module, shapes of its parameters by kind, shape of its output,
        options), ``parameters`` and ``buffers`` (list of name, shape), ``count`` of parameters, ``again``
        (see `Traced`), ``unused``, ``loose`` (layers whose parameters are not registered), ``frozen``
        (parameters that require no gradient).
    """
    layers = [
        (
            layer.kind,
            layer.node.module,
            {
                kind: flat(operand.whole, layer.kind, kind)
                for kind, operand in layer.operands.items()
            },
            without_ones(layer.node.shape),
            {name: _plain(value) for name, value in layer.node.options.items()},
        )
        for layer in found.layers
    ]
    named = list(net.named_parameters())
    names = {name for name, _ in named}
    loose = [
        (number, kind)
        for number, layer in enumerate(found.layers)
        for kind, operand in layer.operands.items()
        if not {piece.name for piece in operand.pieces} <= names
    ]
    return {
        "output": found.output,
        "stages": [(node.op, without_ones(node.shape), node.module) for node in found.stages()],
        "results": [(found.nodes[n].op, without_ones(found.nodes[n].shape)) for n in found.order],
        "layers": layers,
        "parameters": [(name, tuple(tensor.shape)) for name, tensor in named],
        "buffers": [(name, tuple(tensor.shape)) for name, tensor in net.named_buffers()],
        "count": sum(tensor.numel() for _, tensor in named),
        "again": found.again,
        "unused": found.unused,
        "loose": loose,
        "frozen": [name for name, tensor in named if not tensor.requires_grad],
    }


def flat(shape: tuple, layer: str, kind: str) -> tuple:
    """Return the shape of a parameter as it is compared.

    Of a linear layer's weight it is (out, in), whatever image it sees; of all but weights the number of them.
    """
    if kind != "weight":
        return (math.prod(shape),)
    return (shape[0], math.prod(shape[1:])) if layer == "linear" else tuple(shape)


def without_ones(shape: tuple) -> tuple:
    """Return a shape without axes of size 1 at the end: features, whether they are flattened or not."""
    while len(shape) > 2 and shape[-1] == 1:
        shape = shape[:-1]
    return tuple(shape)


def _plain(value):
    if isinstance(value, (list, tuple)):
        return tuple(map(_plain, value))
    return value if isinstance(value, (bool, int, float, str)) else str(value)


def _runs_elsewhere(net, x):
    """Whether a forward pass makes nothing on the default device that must meet the input."""
    group = {**dict(net.named_parameters()), **dict(net.named_buffers())}
    meta = {name: tensor.detach().to("meta") for name, tensor in group.items()}
    mode = net.training
    try:
        with torch.no_grad():
            called_with(net.eval(), meta, x.to("meta"))
    except RuntimeError as error:  # others are about numbers, of which there are none there
        return "device" not in str(error)
    finally:
        net.train(mode)
    return True


def _run(net, found, x, plan):
    wants, passes, told, leaves = plan["wants"], plan.get("passes", ("eval",)), {}, []
    parameters = dict(net.named_parameters())
    before = (
        {name: tensor.detach().clone() for name, tensor in parameters.items()}
        if "changes" in wants
        else {}
    )
    gradients = {"gradients", "input_gradient", "slopes"} & set(wants)
    if "stages" in wants:
        kept = traced(net, x.clone(), keep=True)
        told["stages"] = [(node.op, _some(node.value)) for node in kept.stages()]
    if "fed" in wants:
        runs = [traced(net, x.clone(), keep=True, mode=mode) for mode in passes]
        told["fed"] = [
            [_array(la.node.fed) for la in run.layers if la.node.fed is not None] for run in runs
        ]
    if wants == ("fed",):
        return told  # a pass more would say nothing new
    outputs = []
    for number, mode in enumerate(passes):
        net.train(mode == "train")
        last = number == len(passes) - 1
        hooks = _watch(net, leaves) if last and "leaves" in wants else []
        given = x.clone()  # the answer may work in place
        with torch.set_grad_enabled(bool(gradients) and last):
            out = net(given.requires_grad_() * 1 if gradients and last else given)
        for hook in hooks:
            hook.remove()
        if not isinstance(out, torch.Tensor):
            raise NotANetwork(f"its forward pass gives {type(out).__name__}, not one tensor")
        outputs.append(_array(out))
    told |= {"output": outputs[-1], "outputs": outputs, "leaves": leaves, "input": _array(given)}
    roles = slots(found, parameters)
    if gradients:
        times = np.random.default_rng([plan.get("seed", 0), 1]).uniform(0.5, 1.5, tuple(out.shape))
        times = torch.from_numpy(times).to(out.dtype)
        of = slopes.gradients((out * times).sum(), given, roles)
        own = of[slopes.INPUT]
        told["input_gradient"] = None if own is None else _array(own)
        told["gradients"] = [(s.layer, s.kind, _in_a_row(of[s.layer, s.kind])) for s in roles]
        if "slopes" in wants:
            told["slopes"] = slopes.slopes(lambda x: (net(x) * times).sum(), x, roles, of)
    if before:
        told["changes"] = [
            (
                s.layer,
                s.kind,
                max(float((t.detach() - before[o.name]).abs().max()) for o, t in s.pieces),
            )
            for s in roles
            if all(piece.name in before for piece, _ in s.pieces)
        ]
    buffers = dict(net.named_buffers())
    told["buffers"] = [_array(buffers[name]) for name in found.buffers() if name in buffers]
    return told


def _some(tensor):
    return _in_a_row(tensor) if tensor.numel() > MANY else _array(tensor)


def _in_a_row(tensor):
    if tensor is None:
        return None
    flat = tensor.reshape(-1)
    return _array(flat[:: max(-(-flat.numel() // MANY), 1)])


def _watch(net, leaves):
    def note(module, args, out):
        if isinstance(out, torch.Tensor):
            leaves.append((type(module).__name__, _array(out.clone())))

    return [m.register_forward_hook(note) for m in net.modules() if not [*m.children()]]


def _array(tensor):
    return np.ascontiguousarray(tensor.detach().cpu().numpy())
