"""PyTorch's tensors and generators as arrays, where something has imported PyTorch; nothing here imports it."""

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


def is_generator(kind: type) -> bool:
    """Whether a type is PyTorch's random generator; False where nothing has imported PyTorch."""
    return kind is getattr(sys.modules.get("torch"), "Generator", object())


def state_of(generator) -> bytes:
    """Return the state of a generator of the CPU's."""
    if generator.device.type != "cpu":
        raise ValueError("a generator of another device")
    return generator.get_state().numpy().tobytes()


def generator_of(state: bytes):
    """Make a generator with a state.

    Raises
    ------
    RuntimeError
        If it is none; PyTorch looks whether it could have been.
    AttributeError
        Where nothing has imported PyTorch.
    """
    torch = sys.modules.get("torch")
    generator = torch.Generator()
    generator.set_state(torch.frombuffer(bytearray(state), dtype=torch.uint8))
    return generator
