"""Objects with methods that a test hands to an answer: each is built anew on the answer's side.

A fixture crosses the wire as its name and its fields, which are decoded like everything else; both sides
know its class from here. What it computes is the test's: a function among its fields becomes a callback,
so that nothing where the answer runs could be called to answer another exercise.
"""

from __future__ import annotations

from collections.abc import Callable


class Net:
    """A network whose parameters are here and whose loss and predictions a test computes.

    Parameters
    ----------
    params : dict of str to ndarray
        A call may change its arrays, its entries, or put another dict in its place.
    classes : int
    loss : callable
        ``loss(params, x, y, reg)`` returns the loss and a dict of gradients.
    predict : callable
        ``predict(params, x)`` returns a class for each row of `x`.
    about : str
        What it is, for messages.

    Examples
    --------
    >>> net = Net({"b1": 3}, 2, lambda params, x, y, reg: (params["b1"] * x, {}), lambda params, x: x > 0)
    >>> net.loss(5, None)
    (15, {})
    """

    def __init__(self, params: dict, classes: int, loss: Callable, predict: Callable, about=""):
        self.params, self.classes, self.about = params, classes, about
        self._functions = loss, predict

    def loss(self, x, y, reg=0.0):
        """Return the loss of a batch and its gradients, a dict with the keys of `params`."""
        return self._functions[0](self.params, x, y, reg)

    def predict(self, x):
        """Return the class of each row of `x`."""
        return self._functions[1](self.params, x)

    @property
    def fields(self) -> list:
        """What makes a net again: the arguments of its class."""
        return [self.params, self.classes, *self._functions, self.about]

    def __repr__(self):
        return "net"

    def __str__(self):
        return self.about or repr(self)


FIXTURES = {"net": Net}
NAMES = {kind: name for name, kind in FIXTURES.items()}


def build(name, *fields):
    """Return the fixture of a name.

    Raises
    ------
    ValueError
        If there is none of that name, or its functions are none.
    TypeError
        If these are not its fields.
    """
    if name not in FIXTURES:
        raise ValueError(f"no fixture is called {name!r}")
    made = FIXTURES[name](*fields)
    if not all(map(callable, made._functions)) or type(made.about) is not str:
        raise ValueError(f"a {name} without its functions")
    return made
