"""Ask a network in eval mode, and leave each part of it in the mode that it was in."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from torch import nn


@contextlib.contextmanager
def in_eval_mode(model: nn.Module) -> Iterator[nn.Module]:
    """Have all parts of a model in eval mode for a while.

    Examples
    --------
    >>> model = nn.Sequential(nn.Linear(2, 3), nn.Dropout(0.5).eval())
    >>> with in_eval_mode(model):
    ...     print(model.training)
    False
    >>> model.training, model[1].training
    (True, False)
    """
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield model
    finally:
        for module, training in modes:
            module.training = training
