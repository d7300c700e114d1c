"""PyTorch, the second opinion of many tests; None where it is not installed.

A test that asks it is marked `torch`, and skipped there.
"""

try:
    import torch
    from torch import nn
    from torch.nn import functional
except ModuleNotFoundError:
    torch = nn = functional = None

__all__ = ["functional", "nn", "torch"]
