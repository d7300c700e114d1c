"""Questions about a network, asked like an answer; the network is made where its class is.

The arguments of a call are those that the network is made with, and ``x``, the shape of an input (or an array);
``seed`` has other weights and another input. A network of the test's own is asked the same: see `Question.of`.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from course_utils.checks.ask import Args, fail_raised, line_of, replies
from course_utils.checks.derived import Derived
from course_utils.checks.message import fail
from course_utils.wire import Raised, probes

OURS = ("x", "seed", "scale", "same")  # arguments of a call that do not go to the class
# What comes back is an answer's word, and need not look like this. A class stands for a value of it, a set for
# one of several, ... for anything; a list, (thing, ...) and {str: thing} hold any number of things.
SHAPE = (int, ...)
LIKE = {
    "structure": {
        "output": SHAPE,
        "stages": [(str, SHAPE, str)],
        "results": [(str, SHAPE)],
        "layers": [(str, str, {str: SHAPE}, SHAPE, {str: ...})],
        "parameters": [(str, SHAPE)],
        "buffers": [(str, SHAPE)],
        "count": int,
        "again": [(str, int, int)],
        "unused": [str],
        "loose": [(int, str)],
        "frozen": [str],
    },
    "stages": [(str, np.ndarray)],
    "leaves": [(str, np.ndarray)],
    "fed": [[np.ndarray]],
    "outputs": [np.ndarray],
    "output": np.ndarray,
    "input": np.ndarray,
    "gradients": [(int, str, ...)],
    "input_gradient": {np.ndarray, type(None)},
    "slopes": [(int, str, {float, type(None)}, float)],
    "changes": [(int, str, float)],
    "buffers": [np.ndarray],
    "device": bool,
}

MALFORMED = Raised("WireError", (), "no answer to what was asked")


class Question(Derived):
    """One thing that a network is asked.

    Parameters
    ----------
    maker : callable
        An answer: a class, or a function that returns a network.
    wants : str
        What is told: a key of `course_utils.modules.asked.ask`.
    plan
        See there: ``passes``, ``scale``, ``dtype``, ``spread``.
    """

    def __init__(self, maker: Callable, wants: str, **plan):
        super().__init__(maker)
        self.wants, self.plan = wants, plan
        # Calls and replies: a check that fails asks the same for its message.
        self._latest: tuple[list, list] = [], []
        self.part = " ".join([wants, *(f"{key}={value}" for key, value in sorted(plan.items()))])

    def of(self, maker: Callable) -> Callable:
        """Return the same question of a network of the test's own, as a function of the same arguments."""

        def asked(*args, **kwargs):
            return remembered(maker, self.wants, *self._asked(args, kwargs))

        asked.__name__, asked.__doc__ = getattr(maker, "__name__", "network"), maker.__doc__
        return asked

    def again(self, **changes) -> Question:
        """Return a question of the same network under another plan."""
        wants = changes.pop("wants", self.wants)
        return type(self)(self._function, wants, **self.plan | changes)

    def _asked(self, args, kwargs):
        ours = {key: value for key, value in kwargs.items() if key in OURS}
        named = {key: value for key, value in kwargs.items() if key not in OURS}
        plan = {"wants": (self.wants,), **self.plan, **ours}
        plan["scale"] = (*self.plan.get("scale", ()), *ours.get("scale", ()))
        return (args, named), plan

    def __call__(self, *args, **kwargs):
        return probes.network(self._function, *self._asked(args, kwargs))[self.wants]

    def __course_calls__(self, calls):
        if calls == self._latest[0]:
            return self._latest[1]
        remote = getattr(self._function, "__course_with__", None)
        where = remote("network") if remote else partial(probes.network, self._function)
        back = replies(where, [Args(*self._asked(*call)) for call in calls])
        back = [replace(reply, value=self.told(reply.value), args=(), kwargs={}) for reply in back]
        if all(isinstance(one["x"], tuple) for _, one in calls):  # arrays are not simply equal
            self._latest = calls, back
        return back

    def told(self, value):
        """Return what is wanted of what came back."""
        if isinstance(value, Raised):
            return value
        found = value.get(self.wants) if isinstance(value, dict) else None
        return found if _fits(found, LIKE[self.wants]) else MALFORMED

    def __course_line__(self, one):
        named = dict(one.kwargs)
        if self.wants in ("structure", "device"):
            made = Args(*one.args, **{k: v for k, v in named.items() if k not in OURS})
            return f"{self.__name__}({made!r}), x of shape {shape_of(one)}"
        if self.plan.get("scale") or "scale" in named:
            named["scale"] = [*self.plan.get("scale", ()), *named.get("scale", ())]
        for key in ("dtype", "spread", "cast"):
            named |= {key: self.plan[key]} if key in self.plan else {}
        line = f"net, x = networks.filled({self.__name__}, {Args(*one.args, **named)!r})"
        return "\n".join(
            [line, *(f"net.{mode}()(x)" for mode in self.plan.get("passes", ("eval",)))]
        )

    def diagnose(self, one):
        """Fail where no network is made, or its forward pass gives no tensor, in words about networks."""
        [back] = self.__course_calls__([(one.args, one.kwargs)])
        if isinstance(back.value, Raised) and back.value.type_name == "NotANetwork":
            fail(f"{self.__name__}: {back.value.message}", line_of(self, one))


LARGEST, ROOM = 1 << 20, 64 << 20  # bytes of one, and of all
# What the test's own networks told, pickled: (maker, what was asked) → what they told, the latest at the end.
# In grading the visible tests ask the same for each submission.
_told: OrderedDict[tuple, bytes] = OrderedDict()


def remembered(maker: Callable, wants: str, new: tuple, plan: dict):
    """Ask a network of the test's own, or remember what it told."""
    text = repr((wants, new, sorted(plan.items())))
    key = maker, text
    if key not in _told:
        told = probes.network(maker, new, plan)[wants]
        packed = pickle.dumps(told)
        if len(packed) > LARGEST or "array(" in text:  # a long one is abridged in the text
            return told
        _told[key] = packed
        while sum(map(len, _told.values())) > ROOM:
            _told.popitem(last=False)
    _told.move_to_end(key)
    return pickle.loads(_told[key])


def _fits(value, like) -> bool:
    """Whether a value looks as `LIKE` says."""
    if like is ...:
        return True
    if isinstance(like, type):
        return type(value) is like
    if isinstance(like, set):
        return type(value) in like
    if type(value) is not type(like):
        return False
    if isinstance(like, dict):
        if like.keys() != {str}:
            return value.keys() == like.keys() and all(_fits(value[k], like[k]) for k in like)
        return all(type(k) is str and _fits(v, like[str]) for k, v in value.items())
    if isinstance(like, list) or like[1:] == (...,):
        return all(_fits(part, like[0]) for part in value)
    return len(value) == len(like) and all(map(_fits, value, like))


def structure(maker: Callable, one: Args) -> dict:
    """Return what there is in a network; see `course_utils.modules.asked.structure`.

    Raises
    ------
    CheckFailed
        If it cannot be made, or its forward pass raises something.
    """
    question = Question(maker, "structure")
    [back] = question.__course_calls__([(one.args, one.kwargs)])
    if isinstance(back.value, Raised):
        fail_raised(question, one, back.value, "a network")
    return back.value


def shape_of(one: Args) -> tuple[int, ...]:
    """Return the shape of a call's input."""
    x = one.kwargs["x"]
    return x.shape if isinstance(x, np.ndarray) else tuple(x)


def filled(maker: Callable, *args, x, **kwargs) -> tuple:
    """Return a network with the weights that a test gives it, and the test's input, to look into a failure.

    Parameters
    ----------
    maker : callable
        The class of the network.
    args, kwargs
        What it is made with, and ``seed``, ``scale``, ``same``, ``dtype``, ``spread``, ``cast`` as the message
        has them.
    x : tuple of int or ndarray
        The shape of the input, or the input.

    Returns
    -------
    net : Module
    x : Tensor
    """
    from course_utils.modules.asked import made

    named = {k: v for k, v in kwargs.items() if k not in (*OURS, "dtype", "spread", "cast")}
    plan = {k: v for k, v in kwargs.items() if k not in named}
    net, _, x = made(maker, (args, named), {"x": x, "wants": ("output",), **plan})
    return net, x
