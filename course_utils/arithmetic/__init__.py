"""The arithmetic of convolutional networks: sizes, parameters, memory, work, receptive fields.

Exact integer arithmetic in plain Python; names follow ``torch.nn``. Sizes are in pixels, and counts
are per image, never per batch. "Int or pair" is one number for both axes or ``(height, width)``.
:mod:`course_utils.networks` has published networks for :func:`trace`.
"""

from course_utils.arithmetic.costs import (
    BITS,
    conv_multiply_adds,
    conv_parameters,
    linear_parameters,
    memory_bytes,
)
from course_utils.arithmetic.fields import (
    ReceptiveField,
    receptive_field,
    receptive_fields,
)
from course_utils.arithmetic.sizes import (
    conv_output_shape,
    conv_output_size,
    same_padding,
    transposed_output_size,
)
from course_utils.arithmetic.tracing import Totals, totals, trace

__all__ = [
    "BITS",
    "ReceptiveField",
    "Totals",
    "conv_multiply_adds",
    "conv_output_shape",
    "conv_output_size",
    "conv_parameters",
    "linear_parameters",
    "memory_bytes",
    "receptive_field",
    "receptive_fields",
    "same_padding",
    "totals",
    "trace",
    "transposed_output_size",
]
