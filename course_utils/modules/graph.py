"""One traced forward pass of a network: what it computes from what, whoever wrote it and how.

The operations are recorded, not the modules: a `Conv2d`, `F.conv2d` on a parameter, a product of matrices and
a batch norm written out by hand read alike. A value is known by the memory it lives in, so views and
operations in place need no attention.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import torch
from torch.utils._python_dispatch import TorchDispatchMode

POOLS = {
    "max_pool2d_with_indices": "maxpool",
    "max_pool2d": "maxpool",
    "adaptive_max_pool2d": "maxpool",
    "avg_pool2d": "avgpool",
    "_adaptive_avg_pool2d": "avgpool",
}
MATRICES = ("mm", "addmm", "bmm", "baddbmm", "mv", "addmv")
CONSTANTS = ("empty_like", "zeros_like", "ones_like", "full_like", "rand_like", "randn_like")
CONSTANTS += ("new_empty", "new_zeros", "new_ones", "new_full", "new_empty_strided")
COPIES = ("clone", "_to_copy", "contiguous", "alias_copy", "view_copy")
NORMS = ("batch_norm", "group_norm", "layer_norm")  # parts of the names of operations
# What a parameter is to an operation that takes it under a name of its own.
NAMED = {"weight": "weight", "bias": "shift", "running_mean": "buffer", "running_var": "buffer"}


@dataclass(eq=False)
class Operand:
    """A parameter, a buffer, or a tensor that is neither, as one operation reads it.

    Attributes
    ----------
    name : str
        Its name in the network, '' if it is not registered there.
    kind : str
        ``weight`` of a convolution or linear layer, ``scale`` of a norm, ``shift`` (biases of all kinds),
        ``slope`` of a PReLU, ``buffer``, ``other``.
    view : tuple of (size, stride, offset), optional
        How the operation sees its memory; None if it sees something computed from it.
    transposed : bool
        Whether what it sees is (inputs, outputs).
    kernel : tuple of int, optional
        (inputs, height, width), if a convolution reads it as a matrix.
    parts : list of Operand
        What others read in the same role, where a grouped convolution is written as several.
    tensor : Tensor
    """

    name: str
    tensor: torch.Tensor
    kind: str = "other"
    view: tuple | None = None
    transposed: bool = False
    kernel: tuple[int, ...] | None = None
    parts: list[Operand] = field(default_factory=list)

    @property
    def pieces(self) -> list[Operand]:
        """All that is read in this role, in order."""
        return [self, *self.parts]

    @property
    def whole(self) -> tuple[int, ...]:
        """The shape of all pieces together."""
        return (self.shape[0] * len(self.pieces), *self.shape[1:])

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape as the operation sees it, outputs first."""
        size = tuple(self.view[0]) if self.view else tuple(self.tensor.shape)
        size = (*size[:-2], size[-1], size[-2]) if self.transposed else size
        return (size[-2], *self.kernel) if self.kernel else size


@dataclass(eq=False)
class Node:
    """One operation on what came from the network's input.

    Attributes
    ----------
    op : str
        ``conv``, ``linear``, ``norm``, ``scale``, ``shift``, ``slope``, ``maxpool``, ``avgpool``, ``add``,
        ``cat``, or PyTorch's name.
    inputs : list of int
        The nodes that feed it; node 0 is the network's input.
    shape : tuple of int
        Of its result.
    operands : list of Operand
        What else it reads.
    options : dict
        Of a convolution or pooling: kernel_size, stride, padding, and so on.
    module : str
        Path of the module that ran it.
    value, fed : Tensor, optional
        A copy of its result, and, of a linear layer, of what comes in.
    """

    op: str
    inputs: list[int]
    shape: tuple[int, ...]
    operands: list[Operand] = field(default_factory=list)
    options: dict = field(default_factory=dict)
    module: str = ""
    value: torch.Tensor | None = None
    fed: torch.Tensor | None = None


class Recorder(TorchDispatchMode):
    """Record the operations of one forward pass.

    Parameters
    ----------
    x : Tensor
        The network's input.
    parameters, buffers : dict of str to Tensor
        By name, as they are during the pass.
    keep : sequence of str
        The operations whose results are kept.

    Attributes
    ----------
    nodes : list of Node
        In order of execution; number 0 is the input.
    """

    def __init__(self, x: torch.Tensor, parameters: dict, buffers: dict, keep=()):
        super().__init__()
        self.nodes = [Node("input", [], tuple(x.shape))]
        self.keep = keep
        self.path: list[str] = []  # of the modules that are running
        self._alive: list = [x]  # no memory is used twice while this holds what lives there
        self._nodes: dict[int, int] = {_memory(x): 0}  # memory → the node whose result is there
        self._read: dict[int, list[Operand]] = {}  # memory → what it was computed from, otherwise
        self._whole: dict[int, tuple[int, ...]] = {}  # memory → the shape in which it was made
        self._slices: dict[int, dict[int, int]] = {}  # memory → where in it → what was put there
        for kind, named in (("other", parameters), ("buffer", buffers)):
            for name, tensor in named.items():
                self._alive.append(tensor)
                self._read.setdefault(_memory(tensor), []).append(Operand(name, tensor, kind))

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # True would import all of the compiler, over a second, to keep it from this method

    def node_of(self, value: torch.Tensor) -> int | None:
        """Return the number of the node whose result a tensor is; None if it did not come from the input."""
        return self._nodes.get(_memory(value))

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        given = list(_named_tensors(func, args, kwargs))
        for _, tensor in given:
            self._meet(tensor)
        before = {_memory(tensor) for _, tensor in given}
        if func is torch.ops.aten.native_batch_norm.default and args[0].is_meta:
            result = _like_normed(args[0])
        else:
            result = func(*args, **kwargs)
        made = [t for t in _tensors(result) if isinstance(t, torch.Tensor)]
        self._alive += made
        for tensor in made:
            self._whole.setdefault(_memory(tensor), tuple(tensor.shape))
        in_place = func._schema.is_mutable
        if made and (in_place or _memory(made[0]) not in before):  # anything but a view
            self._note(func, args, kwargs, given, made)
        return result

    def _meet(self, tensor):
        """Know a tensor that nothing here has made: it is not registered either."""
        memory = _memory(tensor)
        if memory not in self._nodes and memory not in self._read:
            self._alive.append(tensor)
            self._read[memory] = [Operand("", tensor)]

    def _note(self, func, args, kwargs, given, made):
        name = func._schema.name.removeprefix("aten::").rstrip("_")
        inputs = [
            self._nodes[_memory(tensor)] for _, tensor in given if _memory(tensor) in self._nodes
        ]
        outside = [(n, tensor) for n, tensor in given if _memory(tensor) not in self._nodes]
        if not inputs or name in CONSTANTS:
            read = [operand for _, t in outside for operand in self._read[_memory(t)]]
            for tensor in made:
                if _memory(tensor) not in self._read:
                    self._read[_memory(tensor)] = [
                        Operand(operand.name, operand.tensor, operand.kind) for operand in read
                    ]
            return
        operands = [o for n, tensor in outside for o in self._operands(name, n, tensor, args)]
        op = _op(name, func, args, inputs, operands, self.nodes, made[0])
        if op is None:
            self._nodes[_memory(made[0])] = inputs[0]
            return
        columns = self.nodes[inputs[0]] if name in MATRICES else None
        for operand in operands:
            if operand.kind == "weight" and op != "conv" and op != "linear":
                operand.kind = {"slope": "slope"}.get(op, "scale")
            elif operand.kind == "weight" and op == "linear" and _is_a_kernel(operand):
                operand.kernel = tuple(operand.tensor.shape[1:])
                op = "conv"
            elif operand.kind == "weight" and columns and columns.op == "im2col":
                channels = self.nodes[columns.inputs[0]].shape[1]
                operand.kernel = (channels, *columns.options["kernel_size"])
                op = "conv"
            elif (
                operand.kind == "weight"
                and name in MATRICES
                and self._is_everywhere(operand, made[0])
            ):
                operand.kernel = (operand.shape[-1], 1, 1)
                op = "conv"
        shape = tuple(made[0].shape)
        whole = self._whole.get(_memory(made[0]), shape)
        if name == "copy" and shape != whole:  # into a slice: what is joined so is a concatenation
            slices = self._slices.setdefault(_memory(made[0]), {})
            slices[made[0].storage_offset()] = inputs[-1]
            op, shape, inputs = "cat", whole, [slices[place] for place in sorted(slices)]
        node = Node(op, inputs, shape, operands, _options(op, func, args, kwargs))
        node.module = self.path[-1] if self.path else ""
        node.value = made[0].clone() if op in self.keep else None  # work in place may follow
        if op == "linear" and op in self.keep:
            node.fed = next(t for _, t in given if _memory(t) in self._nodes).clone()
        self.nodes.append(node)
        for tensor in made:
            self._nodes[_memory(tensor)] = len(self.nodes) - 1

    def _is_everywhere(self, operand, made):
        """Whether a product of matrices has a result for each pixel: it is a 1 x 1 convolution then."""
        return len(operand.shape) == 2 and made.numel() != self.nodes[0].shape[0] * operand.shape[0]

    def _operands(self, op, name, tensor, args) -> list[Operand]:
        """Return what an operation reads as its argument called `name`."""
        found = []
        for source in self._read[_memory(tensor)]:
            direct = _memory(source.tensor) == _memory(tensor)
            kind = "buffer" if source.kind == "buffer" else _kind(op, name)
            operand = Operand(source.name, source.tensor, kind)
            if direct and _is_plain(tensor):
                alone = op in MATRICES and tensor.dim() == 3 and len(tensor) == 1
                seen = tensor[0] if alone else tensor  # a batch of one matrix is a matrix
                operand.view = tuple(seen.shape), seen.stride(), seen.storage_offset()
                operand.transposed = op in MATRICES and operand.kind == "weight" and _is_last(name)
            found.append(operand)
        return found


def _kind(op, name):
    if op in MATRICES:
        return "shift" if name == "self" and op in ("addmm", "baddbmm", "addmv") else "weight"
    if name in NAMED:
        return NAMED[name]
    return {"mul": "scale", "div": "scale", "add": "shift", "sub": "shift"}.get(op, "other")


def _is_last(name):
    """Whether an argument of a product of matrices is the second factor: its rows are inputs."""
    return name in ("mat2", "batch2")


def _is_a_kernel(operand):
    """Whether a matrix is all of a parameter that has the axes of a convolution's weight."""
    own, seen = operand.tensor.shape, operand.shape
    return len(own) == 4 and own[0] == seen[-2] and own.numel() == math.prod(seen)


def _is_plain(tensor):
    """Whether each number that a view shows is another one in memory."""
    return all(step or size == 1 for size, step in zip(tensor.shape, tensor.stride(), strict=True))


def _op(name, func, args, inputs, operands, nodes, made):
    """Return the name of a node, None if the operation does nothing."""
    if name == "convolution":
        return "linear" if _sees_all(args, nodes[inputs[0]].shape) else "conv"
    if name in MATRICES:
        return "linear" if any(operand.kind == "weight" for operand in operands) else name
    if any(part in name for part in NORMS):
        return "norm"
    if "prelu" in name:
        return "slope"
    if name in POOLS:
        same = name == "_adaptive_avg_pool2d" and tuple(made.shape) == nodes[inputs[0]].shape
        return None if same else POOLS[name]
    if name in COPIES:
        return None
    if name == "mean" and _is_over_an_image(args):
        return "avgpool"
    if name == "cat":
        return "cat"
    kinds = {operand.kind for operand in operands if operand.name or operand.tensor.numel() > 1}
    if name in ("add", "sub"):
        return "add" if len(inputs) > 1 else "shift" if "shift" in kinds else "add scalar"
    if name in ("mul", "div") and len(inputs) == 1 and "scale" in kinds:
        return "scale"
    return name


def _sees_all(args, shape):
    """Whether the one window of a convolution is the whole image: it is a linear layer then."""
    weight, padding, dilation, transposed, groups = args[1], *args[4:7], args[8]
    once = not any(padding) and set(dilation) == {1} and not transposed and groups == 1
    return once and weight.dim() == 4 and tuple(weight.shape[2:]) == tuple(shape[2:])


def _is_over_an_image(args):
    x, *dims = args
    dims = dims[0] if dims else None
    return x.dim() == 4 and dims is not None and {d % 4 for d in dims} == {2, 3}


def _options(op, func, args, kwargs):
    """Return the numbers that a convolution or pooling was called with."""
    if op not in ("conv", "maxpool", "avgpool", "im2col"):
        return {}
    names = [argument.name for argument in func._schema.arguments]
    given = dict(zip(names, args, strict=False)) | kwargs
    return {
        name: value
        for name, value in given.items()
        if not isinstance(value, torch.Tensor) and value is not None and name != "dtype"
    }


def _named_tensors(func, args, kwargs):
    """Yield each tensor among the arguments of an operation, with the argument's name."""
    names = [argument.name for argument in func._schema.arguments]
    for name, value in [*zip(names, args, strict=False), *kwargs.items()]:
        for tensor in _tensors(value):
            yield name, tensor


def _tensors(value):
    if isinstance(value, torch.Tensor):
        return [value]
    return (
        [t for t in value if isinstance(t, torch.Tensor)]
        if isinstance(value, (list, tuple))
        else []
    )


def _like_normed(x):
    """What batch norm gives on the meta device, where PyTorch's own way to it is most of the time of a pass."""
    return torch.empty_like(x), x.new_empty(x.shape[1]), x.new_empty(x.shape[1])


def _memory(tensor) -> int:
    return tensor.untyped_storage()._cdata
