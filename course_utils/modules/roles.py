"""What each parameter of a network is there for, found from one traced forward pass.

A role is a place in the order in which the data meet the layers, and a kind: the weight of the third layer,
its shift (its bias). Parallel branches are counted in the order in which a concatenation joins them; of two
summands the one with more layers comes first. Neither names nor the order of definition play a part.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field

import torch
from torch import nn

from course_utils.modules.graph import Node, Operand, Recorder

LARGE = 20_000  # numbers of an input
MAIN = {"conv": "weight", "linear": "weight", "norm": "scale", "scale": "scale", "slope": "slope"}
STAGES = ("maxpool", "avgpool", "add", "cat", "linear")
COMMUTE = ("add", "mul", "maximum", "minimum")


@dataclass
class Layer:
    """An operation with parameters, in its place.

    Attributes
    ----------
    kind : str
        ``conv``, ``linear``, ``norm``, ``slope``, or ``shift`` where nothing with a weight comes before it.
    operands : dict of str to Operand
        What it reads by kind: ``weight`` (``scale``, ``slope``) and ``shift``.
    node : Node
    """

    kind: str
    node: Node
    operands: dict[str, Operand] = field(default_factory=dict)


@dataclass
class Traced:
    """A network as one forward pass shows it.

    Attributes
    ----------
    nodes : list of Node
    order : list of int
        The numbers of the nodes that the output comes from, in canonical order.
    layers : list of Layer
        In the same order.
    output : tuple of int
        Shape of the output.
    again : list of tuple of (str, int, int)
        Parameters that a second layer reads: name, the layer that has it, and that layer.
    unused : list of str
        Names of parameters that the output does not come from.
    """

    nodes: list[Node]
    order: list[int]
    layers: list[Layer]
    output: tuple[int, ...]
    again: list[tuple[str, int, int]]
    unused: list[str]

    def buffers(self) -> list[str]:
        """Return the names of the buffers that are read, in order."""
        read = [o for n in self.order for o in self.nodes[n].operands if o.kind == "buffer"]
        return list(dict.fromkeys(operand.name for operand in read))

    def stages(self) -> list[Node]:
        """Return the nodes of poolings, additions, concatenations and linear layers, in order."""
        return [self.nodes[n] for n in self.order if self.nodes[n].op in STAGES]


class NotANetwork(ValueError):
    """What was made is no module, or its forward pass gives no tensor."""


def traced(net: nn.Module, x: torch.Tensor, keep: bool = False, mode: str = "eval") -> Traced:
    """Run a network once, without gradients, and find out what its parameters do.

    A large network runs on the meta device, where nothing is computed; one that cannot, and any other, on `x`.

    Parameters
    ----------
    net : Module
        Its mode is put back; parameters and buffers stay as they are.
    x : Tensor
    keep : bool
        Whether to run on `x` in any case and keep the result of each stage, and what linear layers get.
    mode : str
        "eval" or "train".

    Raises
    ------
    NotANetwork
        If the result is not one tensor that comes from `x`.
    """
    modes = [(module, module.training) for module in net.modules()]
    try:
        net.train(mode == "train")
        with torch.no_grad():
            if not keep and _is_large(net, x):
                try:
                    return _run(net, x.to("meta"), "meta")
                except NotANetwork:
                    raise
                except Exception:  # numbers are looked at, or something is not registered
                    pass
            return _run(net, x, None, keep)
    finally:
        for module, mode in modes:
            module.training = mode


def _is_large(net, x):
    """Whether a pass takes longer than what PyTorch first imports for its meta device, over a second once."""
    parameters = list(net.parameters())
    size = sum(parameter.numel() for parameter in parameters)
    return x.numel() > LARGE or size > 100 * LARGE or any(p.is_meta for p in parameters)


def _run(net, x, device, keep=False):
    parameters, buffers = dict(net.named_parameters()), dict(net.named_buffers())
    if device:
        parameters, buffers = (
            {name: tensor.detach().to(device) for name, tensor in group.items()}
            for group in (parameters, buffers)
        )
    recorder = Recorder(x, parameters, buffers, STAGES if keep else ())
    with _paths(net, recorder), recorder:
        if device:
            with torch.device(device):
                out = called_with(net, {**parameters, **buffers}, x)
        else:
            out = net(x)
    if not isinstance(out, torch.Tensor):
        raise NotANetwork(f"its forward pass gives {type(out).__name__}, not one tensor")
    last = recorder.node_of(out)
    if last is None:
        raise NotANetwork("its output does not come from its input")
    order = _in_order(recorder.nodes, last)
    layers, again = _layers(recorder.nodes, order)
    used = {o.name for la in layers for operand in la.operands.values() for o in operand.pieces}
    used |= {o.name for n in order for o in recorder.nodes[n].operands}
    unused = [name for name in parameters if name not in used]
    return Traced(recorder.nodes, order, layers, tuple(out.shape), again, unused)


def called_with(net: nn.Module, tensors: dict[str, torch.Tensor], x: torch.Tensor):
    """Run a network with other parameters and buffers, by name, in the place of its own.

    PyTorch's function for it leaves them in a module that a network has in two places.
    """
    own = [(m, dict(m._parameters), dict(m._buffers)) for m in net.modules()]
    try:
        return torch.func.functional_call(net, tensors, (x,))
    finally:
        for module, parameters, buffers in own:
            module._parameters.update(parameters)
            module._buffers.update(buffers)


class _paths:
    """Tell a recorder which module is running, by hooks that go again."""

    def __init__(self, net, recorder):
        self.net, self.recorder, self.hooks = net, recorder, []

    def __enter__(self):
        path = self.recorder.path

        def leave(*_):
            path.pop()

        for name, module in self.net.named_modules():
            enter = module.register_forward_pre_hook(lambda *_, name=name: path.append(name))
            self.hooks += [enter, module.register_forward_hook(leave, always_call=True)]

    def __exit__(self, *_):
        for hook in self.hooks:
            hook.remove()


def _in_order(nodes, last) -> list[int]:
    """Return the numbers of the nodes that node `last` comes from, in canonical order, `last` at the end."""
    needed, todo = set(), [last]
    while todo:
        number = todo.pop()
        if number not in needed:
            needed.add(number)
            todo += nodes[number].inputs
    depth: dict[int, int] = {}  # layers on the longest way from the input
    print_of: dict[int, bytes] = {}
    for number in sorted(needed):  # what feeds a node was executed before it
        node = nodes[number]
        before = [print_of[n] for n in node.inputs]
        before = sorted(before) if node.op in COMMUTE else before
        shapes = [(o.kind, o.shape) for o in node.operands]
        said = repr((node.op, node.shape, shapes, before)).encode()
        print_of[number] = hashlib.blake2b(said, digest_size=8).digest()
        own = node.op in MAIN
        depth[number] = max((depth[n] for n in node.inputs), default=0) + own
    order, done, todo = [], set(), [(last, False)]
    while todo:
        number, fed = todo.pop()
        if number in done:
            continue
        if fed:
            done.add(number)
            order.append(number)
            continue
        inputs = nodes[number].inputs
        if nodes[number].op in COMMUTE:
            inputs = sorted(inputs, key=lambda n: (-depth[n], print_of[n]))
        todo += [(number, True), *((n, False) for n in reversed(inputs))]
    return order


def _layers(nodes, order):
    layers: list[Layer] = []
    of_node: dict[int, int] = {0: -1}  # node → the latest layer on the way to it
    first_of = _lanes(nodes, order)
    seen: dict[int, tuple[str, int]] = {}  # tensor → its name and its layer
    again = []
    for number in order:
        node = nodes[number]
        if node.op == "input":
            continue
        latest = of_node[node.inputs[0]]
        if number in first_of:  # a lane beside another: its parameters are parts of that one's
            latest = of_node[number] = of_node[first_of[number]]
            _join(layers[latest] if latest >= 0 else None, node)
            continue
        if _is_a_layer(node) or (node.op == "shift" and latest < 0):
            layers.append(Layer({"scale": "norm"}.get(node.op, node.op), node))
            latest = len(layers) - 1
        of_node[number] = latest
        if latest < 0 or node.op not in (*MAIN, "shift"):
            continue
        for operand in node.operands:
            if operand.kind not in ("weight", "scale", "slope", "shift") or not _is_learned(
                operand
            ):
                continue
            place = id(operand.tensor), operand.view and operand.view[2]  # views of one are several
            name, first = seen.setdefault(place, (operand.name, latest))
            mine = layers[latest].operands
            if first != latest and not operand.view:
                continue  # part of something computed, such as a folded norm
            if first != latest and (name, first, latest) not in again:
                again.append((name, first, latest))
            if operand.kind not in mine:
                mine[operand.kind] = operand
    for layer in layers:
        layer.operands = dict(sorted(layer.operands.items(), key=lambda item: item[0] == "shift"))
    return layers, again


def _is_a_layer(node):
    """Whether a node has weights; a convolution with numbers that nobody learns, an average say, has none."""
    learned = node.op not in ("conv", "linear") or any(
        operand.kind == "weight" and _is_learned(operand) for operand in node.operands
    )
    return node.op in MAIN and learned


def _join(layer, node):
    """Add what a node reads to the roles of a layer."""
    for operand in node.operands:
        if layer and operand.kind in layer.operands and _is_learned(operand):
            layer.operands[operand.kind].parts.append(operand)


def _lanes(nodes, order) -> dict[int, int]:
    """Find grouped convolutions that are written as one convolution for each group, joined by a concatenation.

    Returns
    -------
    dict of int to int
        Each node of the second and further lanes → the node in the same place of the first.
    """
    first_of = {}
    for number in order:
        if nodes[number].op != "cat":
            continue
        ways = [_way(nodes, n) for n in nodes[number].inputs]
        common = next((n for n in ways[0] if all(n in way for way in ways)), None)
        lanes = [way[: way.index(common)] for way in ways] if common is not None else []
        signs = {tuple(_sign(nodes[n]) for n in lane) for lane in lanes}
        if len(lanes) > 1 and len(signs) == 1 and _split(nodes, lanes, common):
            for lane in lanes[1:]:
                first_of |= dict(zip(lane, lanes[0], strict=True))
    return first_of


def _way(nodes, number):
    """Return the nodes on the one way back from a node, itself first, until two ways meet."""
    way = [number]
    while len(set(nodes[way[-1]].inputs)) == 1:
        way.append(nodes[way[-1]].inputs[0])
    return way


def _sign(node):
    return node.op, node.shape, tuple((o.kind, o.shape) for o in node.operands)


def _split(nodes, lanes, common):
    """Whether the lanes' first convolutions share the channels of a node between them."""
    convs = [
        next((nodes[n] for n in reversed(lane) if nodes[n].op in MAIN), None) for lane in lanes
    ]
    if any(conv is None or conv.op != "conv" for conv in convs):
        return False
    weights = [next(o for o in conv.operands if o.kind == "weight") for conv in convs]
    return sum(weight.shape[1] for weight in weights) == nodes[common].shape[1]


def _is_learned(operand):
    """Whether a tensor is one that training is meant to change; weights count, unless they are all alike."""
    if operand.name or operand.tensor.requires_grad:
        return True
    weight = operand.tensor
    return operand.kind == "weight" and not bool((weight == weight.flatten()[0]).all())


def fan_in(shape: tuple[int, ...]) -> int:
    """Return how many numbers one output of a weight of this shape adds up."""
    return max(math.prod(shape[1:]), 1)
