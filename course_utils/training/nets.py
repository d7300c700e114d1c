"""A fully connected network that knows its loss, its gradients and its own parameters."""

import copy
import math

import numpy as np

from course_utils.layers import (
    batchnorm1d_backward,
    batchnorm1d_forward,
    dropout_backward,
    dropout_forward,
    linear_backward,
    linear_forward,
    relu_backward,
    relu_forward,
    softmax_loss,
)

SCHEMES = {
    "small": lambda fan_in: 0.01,
    "xavier": lambda fan_in: math.sqrt(1 / fan_in),
    "he": lambda fan_in: math.sqrt(2 / fan_in),
}
"""Standard deviation of the first weights, by the number of inputs of the layer."""


class Net:
    """Linear layers with ReLU between them, under a softmax loss.

    A hidden layer is: linear, batch normalisation if wanted, ReLU, dropout if wanted. Weights are drawn
    from a normal distribution, biases start at 0. ``"xavier"`` is the form with the fan-in, sqrt(1 /
    fan_in); Glorot and Bengio average fan-in and fan-out.

    Parameters
    ----------
    sizes : sequence of int
        Inputs, hidden units of each layer, classes: ``(3072, 50, 10)``.
    rng : numpy.random.Generator
        Draws the weights, and later what dropout drops.
    scheme : {"small", "xavier", "he"} or float
        How large the first weights are; a float is their standard deviation.
    batchnorm : bool
        Whether each hidden layer is normalised over the batch before its ReLU.
    dropout : float
        Probability of dropping a hidden unit, at least 0 and below 1.

    Attributes
    ----------
    params : dict of ndarray
        ``W1 b1 W2 b2 …``, with batch normalisation also ``gamma1 beta1 …``. They take the type of the
        images that come in: float32 images make them float32.
    classes : int
    running : dict of dict
        The running mean and variance of each normalised layer.

    Raises
    ------
    ValueError
        If there are fewer than two sizes, or if a size, the scheme or the dropout cannot be.

    Examples
    --------
    >>> net = Net((4, 3, 2), np.random.default_rng(0), scheme="small")
    >>> {name: w.shape for name, w in net.params.items()}
    {'W1': (4, 3), 'b1': (3,), 'W2': (3, 2), 'b2': (2,)}
    >>> loss, grads = net.loss(np.ones((5, 4)), np.array([0, 1, 0, 1, 1]))
    >>> round(loss, 2)  # log 2: all classes are about as likely
    0.69
    """

    def __init__(self, sizes, rng, scheme="he", batchnorm=False, dropout=0.0):
        if len(sizes) < 2 or min(sizes) < 1:
            raise ValueError(
                f"sizes must be inputs, hidden units and classes, all at least 1, got {sizes}"
            )
        if not 0 <= dropout < 1:
            raise ValueError(
                f"dropout is the probability of dropping a unit: 0 <= dropout < 1, got {dropout}"
            )
        self.sizes, self.batchnorm, self.dropout, self.rng = tuple(sizes), batchnorm, dropout, rng
        self.params, self.running = {}, {}
        for layer, (fan_in, fan_out) in enumerate(zip(sizes, sizes[1:], strict=False), start=1):
            std = _standard_deviation(scheme, fan_in)
            self.params[f"W{layer}"] = rng.normal(0, std, (fan_in, fan_out))
            self.params[f"b{layer}"] = np.zeros(fan_out)
            if batchnorm and layer < self.layers:
                self.params[f"gamma{layer}"] = np.ones(fan_out)
                self.params[f"beta{layer}"] = np.zeros(fan_out)
                self.running[layer] = {"mean": np.zeros(fan_out), "var": np.ones(fan_out)}

    @property
    def layers(self):
        """Number of linear layers."""
        return len(self.sizes) - 1

    @property
    def classes(self):
        """Number of classes."""
        return self.sizes[-1]

    def loss(self, x, y, reg=0.0):
        """Loss of a batch and its gradients, as in training.

        The mean cross-entropy of the softmax, plus ``reg / 2`` times the sum of the squared weights of
        every linear layer. Batch normalisation uses the statistics of this batch and moves the running
        ones; dropout draws anew.

        Parameters
        ----------
        x : ndarray of shape (N, inputs) or (N, …)
            float32 or float64; further axes are flattened in their order.
        y : ndarray of N ints
        reg : float
            Strength of the penalty.

        Returns
        -------
        loss : float
        grads : dict of ndarray
            One for each parameter, of its shape and type.

        Raises
        ------
        ValueError
            If a shape or a type does not fit.
        """
        scores, caches, running = self._forward(x, train=True, dropout=self.dropout)
        loss, dout = softmax_loss(scores, y)
        grads = {}
        for layer in range(self.layers, 0, -1):
            linear, norm, relu, drop = caches[layer - 1]
            if layer < self.layers:
                if self.dropout:
                    dout = dropout_backward(dout, drop)
                dout = relu_backward(dout, relu)
                if self.batchnorm:
                    dout, dgamma, dbeta = batchnorm1d_backward(dout, norm)
                    grads[f"gamma{layer}"], grads[f"beta{layer}"] = dgamma, dbeta
            # Nobody asks for the gradient of the pixels: a third of the work of a wide first layer.
            dout, dw, db = linear_backward(dout, linear, need_dx=layer > 1)
            w = self.params[f"W{layer}"]
            if reg:
                loss += 0.5 * float(reg) * float(np.vdot(w, w))
                dw += float(reg) * w
            grads[f"W{layer}"], grads[f"b{layer}"] = dw, db
        self.running = running
        return loss, {name: grads[name] for name in self.params}

    def scores(self, x):
        """Scores of the classes at test time, before the softmax: (N, classes).

        Nothing is dropped, and batch normalisation uses the running statistics.
        """
        return self._forward(x, train=False)[0]

    def predict(self, x):
        """The class with the largest score at test time, for each example: N ints."""
        return self.scores(x).argmax(axis=1)

    def activations(self, x):
        """What comes out of each hidden layer: a list of arrays (N, units).

        Batch normalisation uses the statistics of x, as in training: before the first step the running
        ones have seen nothing. Nothing is dropped, and the running statistics stay as they are.
        """
        outputs = []
        self._forward(x, train=True, outputs=outputs)
        return outputs

    def _forward(self, x, train, dropout=0.0, outputs=None):
        """Return the scores, the caches of each layer, and the new running statistics."""
        self._take_type(np.asarray(x).dtype)
        caches, running = [], copy.copy(self.running)
        for layer in range(1, self.layers + 1):
            norm = relu = drop = None
            x, linear = linear_forward(x, self.params[f"W{layer}"], self.params[f"b{layer}"])
            if layer < self.layers:
                if self.batchnorm:
                    scale = self.params[f"gamma{layer}"], self.params[f"beta{layer}"]
                    x, norm, running[layer] = batchnorm1d_forward(x, *scale, running[layer], train)
                x, relu = relu_forward(x)
                if dropout:
                    x, drop = dropout_forward(x, dropout, train, self.rng)
                if outputs is not None:
                    outputs.append(x)
            caches.append((linear, norm, relu, drop))
        return x, caches, running

    def _take_type(self, dtype):
        """Turn parameters and statistics into the type of the images, once."""
        if dtype not in (np.float32, np.float64):
            raise ValueError(f"x must be float32 or float64, got {dtype}: x.astype(np.float32)")
        for arrays in (self.params, *self.running.values()):
            for name, array in arrays.items():
                if array.dtype != dtype:
                    arrays[name] = array.astype(dtype)


def _standard_deviation(scheme, fan_in):
    if isinstance(scheme, str):
        if scheme not in SCHEMES:
            raise ValueError(
                f"scheme must be one of {', '.join(SCHEMES)}, or a standard deviation, got {scheme!r}"
            )
        return SCHEMES[scheme](fan_in)
    if not scheme >= 0:
        raise ValueError(f"a standard deviation is at least 0, got scheme={scheme}")
    return float(scheme)
