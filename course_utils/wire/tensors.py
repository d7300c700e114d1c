"""PyTorch's tensors as arrays, where something has imported PyTorch; nothing here imports it."""

from __future__ import annotations

import sys

import numpy as np


def is_tensor(kind: type) -> bool:
    """Whether a type is PyTorch's tensor; False where nothing has imported PyTorch."""
    tensor = getattr(sys.modules.get("torch"), "Tensor", None)
    return isinstance(tensor, type) and issubclass(kind, tensor)


def array_of_tensor(tensor) -> tuple[np.ndarray, str]:
    """Return a tensor's memory as an array, and the name of its type if NumPy has no such type."""
    tensor = tensor.detach().cpu().resolve_conj().resolve_neg()
    if str(tensor.dtype) == "torch.bfloat16":
        return tensor.view(sys.modules["torch"].int16).numpy(), "bfloat16"
    return tensor.numpy(), ""


def widened(array: np.ndarray, name: str) -> np.ndarray:
    """Return the numbers that `array_of_tensor` gave: of bfloat16 the same numbers in float32."""
    if name != "bfloat16":
        return array
    wide = np.asarray(array.view("<u2").astype("<u4") << 16)  # it is the upper half of a float32
    return wide.view("<f4")
