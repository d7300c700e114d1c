"""Update rules, ``w, state = rule(w, dw, state)``: where several steps lead, and what a step leaves alone.

`walk` makes of a rule one question. What the rule stores in its state is its own affair: only weights are
compared.

>>> import numpy as np
>>> from course_utils.checks import args, case, equal, walk
>>> def sgd(w, dw, state):
...     return w + state["learning_rate"] * dw, state
>>> gradients = [np.array([2.0]), np.array([4.0])]
>>> call = args(np.array([3.0]), gradients, {"learning_rate": 0.5})
>>> equal(walk(sgd), [case(call, [np.array([2.0]), np.array([0.0])])])
Traceback (most recent call last):
...
course_utils.checks.message.CheckFailed: wrong values
  call:       w, state = np.array([3.0]), {'learning_rate': 0.5}
              w, state = sgd(w, np.array([2.0]), state)
              w, state = sgd(w, np.array([4.0]), state)
  expected:   [array([2.0]), array([0.0])]
  got:        [array([4.0]), array([6.0])]
  where:      entry 0: 1 of 1 elements differs, at (0,): expected 2.0, got 4.0
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from course_utils.checks.ask import Args, fail_raised, line_in_cell, line_of, replies
from course_utils.checks.compare import compare
from course_utils.checks.derived import Derived
from course_utils.checks.message import fail
from course_utils.checks.words import show
from course_utils.wire import Handle, Raised, Reply

TOLERANCES = (1e-6, 1e-8)
NAMES = ("w", "dw", "state")
OPTIONAL = ("momentum", "decay_rate", "beta1", "beta2", "epsilon")
LOST = "a state that was returned without it: the next step needs all of it"
NO_DEFAULT = "a key that may be missing, read without its default"
NO_START = "reading what the first state has not got yet: the rule itself has to start it"
IN_PLACE = {
    "w": "working in place: w -= step changes the array that was given, w - step is a new one",
    "dw": "working in place: the gradient belongs to whoever computed it",
    "state": "storing into the state that was given: store into a copy of it, with copies of its arrays",
}


class Walk(Derived):
    """A rule, asked for the weights after each of several steps; see `walk`."""

    def __init__(self, rule, still):
        super().__init__(rule)
        self.still = still
        self.part = f"{self._of} walk after {still}".strip()

    def __call__(self, w, gradients, state):
        for _ in range(self.still):
            _, state = self._function(w, np.zeros_like(w), state)
        path = []
        for dw in gradients:
            w, state = self._function(w, dw, state)
            path.append(w)
        return path

    def __course_calls__(self, calls):
        asked = [Args(*positional, **named) for positional, named in calls]
        return [
            Reply(path.value, one.args) for one, path in zip(asked, self.paths(asked), strict=True)
        ]

    def paths(self, calls: Iterable[Args]) -> list[Path]:
        """Take all steps of all calls, the first step of each in one crossing, then the second."""
        paths = [Path(self, one) for one in calls]
        while going := [path for path in paths if path.left]:
            found = replies(self._function, [path.next() for path in going])
            # After one that ended the answer's process comes nothing more.
            found += found[-1:] * (len(going) - len(found))
            for path, back in zip(going, found, strict=True):
                path.take(back)
        return paths

    def diagnose(self, one):
        """Fail, where a step does not find something in its state, with why it is not there."""
        given = one.args[2]
        for number, (step, back) in enumerate(self.paths([one])[0].taken):
            now = step.args[2]
            if not isinstance(back.value, Raised) or not isinstance(now, dict):
                continue
            key = back.value.message.strip("'\"") if back.value.is_a(KeyError) else ""
            lost = [name for name in given if name not in now]
            if number and lost:
                fail("a step misses what the step before it was given", line_of(self, one),
                     f"a state that still has {lost[0]!r}", show(list(now)), looks_like=LOST)  # fmt: skip
            if key and key not in now:
                where = line_in_cell(back.value, self.__name__)
                fail(f"{self.__name__} raised KeyError", line_of(self, one), got=back.value, where=where,
                     looks_like=NO_DEFAULT if key in OPTIONAL else NO_START)  # fmt: skip

    def __course_line__(self, one):
        w, gradients, state = one.args
        lines = [f"w, state = {Args(w, state)!r}"]
        if self.still:
            lines.append(f"for _ in range({self.still}):")
            lines.append(f"    _, state = {self.__name__}(w, 0 * w, state)")
        lines += [f"w, state = {self.__name__}(w, {Args(dw)!r}, state)" for dw in gradients]
        return "\n".join(lines)


class Path:
    """The steps of one call.

    Attributes
    ----------
    value : list of ndarray, or Raised
        The weights after each step so far.
    taken : list of (Args, Reply)
    left : list of ndarray
        Gradients of the steps to come.
    """

    def __init__(self, walk, call):
        self.w, gradients, self.state = call.args
        self.walk, self.value, self.taken, self.still = walk, [], [], walk.still
        self.left = [np.zeros_like(self.w)] * self.still + list(gradients)

    def next(self) -> Args:
        """Return the arguments of the next step."""
        return Args(self.w, self.left[0], self.state)

    def take(self, back: Reply) -> None:
        """Go on from the result of a step.

        Raises
        ------
        CheckFailed
            If it is not a pair of weights and a state.
        """
        step = self.next()
        self.taken.append((step, back))
        del self.left[0]
        if isinstance(back.value, Raised):
            self.value, self.left = back.value, []
            return
        pair = isinstance(back.value, (tuple, list)) and len(back.value) == 2
        if not pair or isinstance(back.value[0], dict):
            fail("the result is not the pair (w, state)", line_of(self.walk._function, step),
                 "the new w, and the state for the next step", show(back.value),
                 looks_like=_no_pair(back.value, pair))  # fmt: skip
        w, self.state = back.value
        if len(self.taken) > self.still:
            self.w = w
            self.value.append(w)


def _no_pair(value, pair):
    if value is None:
        return "changing w in place: return the new w and the state"
    return "the state first: w comes first" if pair else "one thing alone: return w and the state"


def walk(rule: Callable, still: int = 0) -> Walk:
    """Return a question about an update rule, asked with ``args(w, gradients, state)``.

    Its result is a list of the weights after each step. The gradients are given, so that a wrong step
    changes no later gradient. Of a rule of the test's own it makes such a reference.

    Parameters
    ----------
    rule : callable
        ``w, state = rule(w, dw, state)``.
    still : int
        So many steps with a gradient of 0 come first. Of those only the state is kept: running means
        have forgotten by then that they started at 0.

    Raises
    ------
    CheckFailed
        When it is asked, if a result is not a pair.
    """
    return Walk(rule, still)


def keeps_state(function: Walk, calls: Iterable[Args]) -> None:
    """Check that a rule changes none of its arguments, and remembers nothing but in its state.

    Where its steps lead is charged elsewhere, and so are calls that raise something; here it has to take
    a step.

    Parameters
    ----------
    function : Walk
        See `walk`.
    calls : iterable of Args
        ``args(w, gradients, state)``, with a first gradient that is 0 nowhere.

    Raises
    ------
    CheckFailed
    """
    calls, rule = list(calls), function._function
    paths = function.paths(calls)
    taken = [path.taken[0] for path in paths]
    firsts = [(call, back) for call, back in taken if not isinstance(back.value, Raised)]
    if not firsts:
        fail_raised(function, calls[0], taken[0][1].value)
    for call, back in firsts:
        _is_taken(rule, call, back)
    _same_again(rule, firsts)
    for path in paths:
        for step, back in path.taken:
            if not isinstance(back.value, Raised):
                _keeps(rule, step, back)


def _is_taken(rule, call, back):
    """Check that a first step leads to other weights."""
    new, w = back.value[0], call.args[0]
    if np.shape(new) != w.shape:
        fail("wrong shape", line_of(rule, call), f"w of shape {w.shape}", show(new))
    if compare(w, new, *TOLERANCES) is None:
        fail("no step is taken", line_of(rule, call), "other weights", show(new))


def _same_again(rule, taken):
    """Take the first steps again, from the same arguments."""
    again = replies(rule, [call for call, _ in taken])
    for (call, first), second in zip(taken, again, strict=False):
        if isinstance(second.value, Raised):
            fail_raised(rule, call, second.value, "the same result as the first time")
        if compare(first.value[0], second.value[0], 0.0, 0.0):
            fail("another result for the same arguments", line_of(rule, call), show(first.value[0]),
                 show(second.value[0]),
                 looks_like="remembering outside of the state, which two parameters then share")  # fmt: skip


def _keeps(rule, call, back):
    """Compare the arguments of one step before and after."""
    for name, was, now in zip(NAMES, call.args, back.args, strict=True):
        if compare(_plain(was), now, 0.0, 0.0):
            fail(f"the call changes its {name}", line_of(rule, call), show(was), show(now),
                 looks_like=IN_PLACE[name])  # fmt: skip
    for entry, argument in back.shares:
        if entry == 0:
            name = NAMES[argument] if isinstance(argument, int) else argument
            fail(f"the new w is a view of the given {name}", line_of(rule, call), "a new array",
                 f"an array that changes with {name}",
                 looks_like="returning the argument, or a view of it: return a new array")  # fmt: skip


def _plain(value):
    """Return an argument with ``...`` for what stayed with the answer."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if type(value) in (list, tuple):
        return [_plain(part) for part in value]
    return ... if isinstance(value, Handle) else value
