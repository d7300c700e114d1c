"""Functions that train, evaluate, save and measure networks, asked like answers that return numbers.

The network is made where the answer is: see `course_utils.modules.scenes`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from course_utils.checks.ask import Args, name_of, replies
from course_utils.checks.derived import Derived
from course_utils.wire import Raised, probes

MALFORMED = Raised("WireError", (), "no answer to what was asked")


class Scene(Derived):
    """What comes of a scene with an answer in it, a dict; `course_utils.checks.entry` takes a part of it.

    Parameters
    ----------
    function : callable
        An answer.
    what : str
        The scene.
    keys : tuple of str
        Of what comes back, which is an answer's word.
    said : callable
        Returns from the answer's name and the arguments of the scene how it reads in a message.
    """

    def __init__(
        self, function: Callable, what: str, keys: tuple[str, ...], said: Callable[..., str]
    ):
        super().__init__(function)
        self.what, self.keys, self._said, self.part = what, keys, said, what

    def of(self, function: Callable) -> Callable:
        """Return the same scene with a function of the test's own, as a function of the same arguments."""

        def played(*given):
            return probes.scene(function, self.what, *given)

        played.__name__, played.__doc__ = getattr(function, "__name__", "answer"), function.__doc__
        return played

    def __call__(self, *given):
        return probes.scene(self._function, self.what, *given)

    def __course_calls__(self, calls):
        remote = getattr(self._function, "__course_with__", None)
        where = remote("scene") if remote else partial(probes.scene, self._function)
        back = replies(where, [Args(self.what, *given) for given, _ in calls])
        return [replace(one, value=self._checked(one.value), args=(), kwargs={}) for one in back]

    def _checked(self, value):
        fine = isinstance(value, dict) and {*self.keys} <= value.keys()
        return value if fine or isinstance(value, Raised) else MALFORMED

    def __course_line__(self, one):
        return self._said(self.__name__, *one.args)


STATE = ("parameters", "buffers", "types")


def epoch(function: Callable) -> Scene:
    """Return the scene of ``train_one_epoch(model, batches, optimizer, device, amp_dtype)``: ``args(plan)``."""

    def said(name, plan):
        amp = f", torch.{plan['amp']}" if plan.get("amp") else ""
        return f"{name}(model, batches of {_listed(plan['sizes'])} images, optimizer, 'cpu'{amp})"

    return Scene(function, "epoch", ("value", "read", "calls", *STATE), said)


def evaluation(function: Callable) -> Scene:
    """Return the scene of ``evaluate(model, batches, device)``: ``args(plan)``."""

    def said(name, plan):
        return f"{name}(model, batches of {_listed(plan['sizes'])} images, 'cpu')"

    return Scene(function, "evaluation", ("value", "read", "calls", "modes", "left", *STATE), said)


def scales(function: Callable) -> Scene:
    """Return the scene of ``multi_scale_predict(model, x, sizes)``: ``args(plan)``."""

    def said(name, plan):
        side = plan["side"]
        return f"{name}(model, x of shape ({plan['n']}, 3, {side}, {side}), {plan['sizes']})"

    return Scene(function, "scales", ("value", "tracked", "calls", "modes", "left", *STATE), said)


def activations(function: Callable) -> Scene:
    """Return the scene of ``activation_memory(model, input_shape, dtype)``: ``args(layers, shape, dtype)``."""

    def said(name, layers, shape, dtype):
        kinds = ["a block" if isinstance(layer, list) else layer[0] for layer in layers]
        for number, kind in enumerate(kinds):
            kinds[number] = f"that {kinds[layers[number][1]]}" if kind == "again" else kind
        return f"{name}(model of {', '.join(kinds)}, {shape}, torch.{dtype})"

    return Scene(function, "activations", ("value", "left"), said)


def rates(maker: Callable) -> Scene:
    """Return the scene of a class of schedules with a method ``step(metric)``: ``args(new, metrics)``.

    ``new`` are the arguments that it is made with, a tuple and a dict.
    """

    def said(name, new, metrics):
        return f"plateau = {name}({Args(*new[0], **new[1])!r})\n[plateau.step(m) for m in {[*metrics]}]"

    return Scene(maker, "rates", ("value",), said)


def _listed(sizes):
    *first, last = map(str, sizes)
    return f"{', '.join(first)} and {last}" if first else last


TOLD = (
    "epoch",
    "again",
    "saved",
    "loaded",
    "straight",
    "resumed",
    "buffers",
    "random",
    "drew",
    "files",
)
TOLD += ("plain", "kept", "removed", "renamed", "ran")


def resumption(save: Callable, resume: Callable, plan: dict) -> dict | Raised:
    """Play the scene of saving and resuming; see `course_utils.modules.scenes.resumed`."""
    remote = getattr(save, "__course_with__", None)
    where = remote("resumed", resume) if remote else partial(probes.resumed, save, resume)
    [back] = replies(where, [Args(plan)])
    fine = isinstance(back.value, dict) and {*TOLD} <= back.value.keys()
    return back.value if fine or isinstance(back.value, Raised) else MALFORMED


def call_of(save: Callable, resume: Callable, plan: dict) -> str:
    """Return how the calls of `resumption` read in a message."""
    path = f"Path(folder, {plan['name']!r})" if plan.get("path") else f"folder + '/{plan['name']}'"
    return (
        f"path = {path}\n{name_of(save)}(path, model, optimizer, {plan['epoch']})\n"
        f"{name_of(resume)}(path, another model, another optimizer)"
    )
