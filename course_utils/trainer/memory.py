"""What a training step has to keep in memory."""

from __future__ import annotations

import torch
from torch import nn

from course_utils.modules.roles import called_with
from course_utils.trainer.averaging import in_eval_mode


def activation_memory(
    model: nn.Module, input_shape: tuple[int, ...], dtype: torch.dtype = torch.float32
) -> int:
    """Return the bytes of the activations of one forward pass: the input, and what each leaf module gives.

    What works in place gives nothing new. Operations that are no modules, such as an addition in ``forward``,
    are not seen, and neither is what a backward pass can do without: it is an estimate, and from above for most
    networks.

    Parameters
    ----------
    model : Module
        It is left as it was.
    input_shape : tuple of int
        With the batch.
    dtype : torch.dtype
        Of the input and of all activations.
    """
    total = torch.Size(input_shape).numel()

    def note(module, _, out):
        nonlocal total
        if not getattr(module, "inplace", False):
            total += out.numel()

    leaves = [module for module in model.modules() if not [*module.children()]]
    hooks = [leaf.register_forward_hook(note) for leaf in leaves]
    # Shapes are all that is asked: nothing is computed, whatever the batch.
    named = {**dict(model.named_parameters()), **dict(model.named_buffers())}
    nowhere = {name: tensor.detach().to("meta") for name, tensor in named.items()}
    kind = next((p.dtype for p in model.parameters()), torch.get_default_dtype())
    try:
        with in_eval_mode(model), torch.no_grad():
            called_with(model, nowhere, torch.zeros(input_shape, dtype=kind, device="meta"))
    finally:
        for hook in hooks:
            hook.remove()
    return total * dtype.itemsize
