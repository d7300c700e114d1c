"""Layers of convolutional networks in NumPy, forward and backward, made to be fast.

Every layer is a pair of functions: ``out, cache = …_forward(x, …)`` and ``dx, … =
…_backward(dout, cache)``. Images are (N, C, H, W), float32 or float64, and results have the type of
x. Inputs are never changed and results are never views of them. Arrays in a cache are not copies:
change none of them in place between forward and backward.
"""

from course_utils.layers.activation import relu_backward, relu_forward
from course_utils.layers.batchnorm import (
    batchnorm1d_backward,
    batchnorm1d_forward,
    batchnorm2d_backward,
    batchnorm2d_forward,
)
from course_utils.layers.conv import conv2d_backward, conv2d_forward
from course_utils.layers.dropout import dropout_backward, dropout_forward
from course_utils.layers.linear import linear_backward, linear_forward
from course_utils.layers.loss import softmax_loss
from course_utils.layers.pool import (
    avgpool2d_backward,
    avgpool2d_forward,
    maxpool2d_backward,
    maxpool2d_forward,
)
from course_utils.layers.transposed import conv_transpose2d_backward, conv_transpose2d_forward

__all__ = [
    "avgpool2d_backward",
    "avgpool2d_forward",
    "batchnorm1d_backward",
    "batchnorm1d_forward",
    "batchnorm2d_backward",
    "batchnorm2d_forward",
    "conv2d_backward",
    "conv2d_forward",
    "conv_transpose2d_backward",
    "conv_transpose2d_forward",
    "dropout_backward",
    "dropout_forward",
    "linear_backward",
    "linear_forward",
    "maxpool2d_backward",
    "maxpool2d_forward",
    "relu_backward",
    "relu_forward",
    "softmax_loss",
]
