"""What a network has to be beside right: its parameters are there and learn, its input stays as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import numpy as np

from course_utils.checks import excuses
from course_utils.checks.ask import Args, fail_raised, line_of, name_of, replies
from course_utils.checks.compare import compare
from course_utils.checks.message import fail
from course_utils.checks.misconceptions import misconception
from course_utils.checks.networks.questions import Question
from course_utils.checks.networks.tables import FULL, KINDS, PARAMETERS, Subject, mistakes, numbered
from course_utils.checks.tables import Case
from course_utils.wire import Raised

LEFT_BEHIND = re.compile(r"expected scalar type|same dtype|same device|different device|meta")
NEITHER = "a tensor that is neither a parameter nor a buffer, which .to(...) leaves behind"
NEAR = 1e-4  # of a slope
DEEP = 20  # layers, from which on small steps take too long, and some of many units across a kink
CUT = "cutting the gradient's way: .detach(), .data or no_grad"
LONG = 80  # characters of a name


def learns(maker: Callable, reference: Callable | Subject, calls: Iterable[Args]) -> None:
    """Check that every parameter is registered, used in one place, and reached by the gradient.

    What autograd says of a parameter is compared with what multiplying it by a factor near 1 does to the
    output. Calls that raise something are charged where outputs are compared, unless all do.

    Parameters
    ----------
    maker, reference, calls
        As for `course_utils.checks.networks.agree`.

    Raises
    ------
    CheckFailed
    """
    question, bare = Question(maker, "slopes"), Question(maker, "structure")
    right = question.of(Subject.of(reference).reference)
    for one, told in _that_run(bare, calls):
        name = _Names(told)
        _registered(told, name, line_of(bare, one), name_of(maker))
        if _same_gradients(maker, reference, one):
            _used(told, line_of(bare, one))
            continue
        if len(told["layers"]) > DEEP:
            _deep(maker, reference, one, name)
            continue
        [back] = replies(question, [one])
        if isinstance(back.value, Raised):
            fail_raised(question, one, back.value, sentence=_left_behind(back.value))
        theirs = {(n, kind): own for n, kind, own, _ in one.on(right)}
        same = True
        for number, kind, own, by_difference in back.value:
            what = "the input" if number < 0 else name.parameter(number, kind)
            near = NEAR * max(abs(by_difference), 1.0)
            if own is None or abs(own - by_difference) > near:
                expected = f"{by_difference:.6g} per unit of a factor, from a small step"
                got = "no gradient" if own is None else f"{own:.6g}, from autograd"
                fail(f"the gradient does not reach {what} as it should", line_of(question, one), expected, got,
                     looks_like=CUT)  # fmt: skip
            same = same and abs(own - theirs.get((number, kind), own)) <= near
        if not same:
            excuses.take()  # another network, charged where outputs are compared
        else:
            _used(told, line_of(bare, one))


def _same_gradients(maker, reference, one):
    """Whether all gradients are those of the right network; where they are, no small steps are needed."""
    for wants in ("gradients", "input_gradient"):
        question = Question(maker, wants)
        [back] = replies(question, [one])
        if isinstance(back.value, Raised):
            return False
        right = one.on(question.of(Subject.of(reference).reference))
        if compare(right, back.value, *FULL):
            return False
    return True


def _deep(maker, reference, one, name):
    """Look at the gradients of a deep network, which are not those of the right one."""
    gradients, output = Question(maker, "gradients"), Question(maker, "output")
    right = Subject.of(reference).reference
    mine, out = (replies(question, [one])[0].value for question in (gradients, output))
    if isinstance(mine, Raised):
        fail_raised(gradients, one, mine, sentence=_left_behind(mine))
    theirs = {(n, kind): own for n, kind, own in one.on(gradients.of(right))}
    equal = compare(one.on(output.of(right)), out, *FULL) is None
    for number, kind, own in mine:
        other = theirs.get((number, kind))
        cut = own is None
        if cut or (equal and compare(other, own, *FULL)):
            fail(f"the gradient does not reach {name.parameter(number, kind)} as it should",
                 line_of(gradients, one), "that of a network with these outputs" if equal else "a gradient",
                 "none" if cut else "another one", looks_like=CUT)  # fmt: skip
    excuses.take()  # another network, charged where outputs are compared


def owns(maker: Callable, calls: Iterable[Args]) -> None:
    """Check that every parameter is registered, used, used in one place, and not frozen.

    It asks for the structure alone, which is quick at any width; `learns` asks for gradients as well.

    Parameters
    ----------
    maker, calls
        As for `course_utils.checks.networks.agree`.

    Raises
    ------
    CheckFailed
    """
    question = Question(maker, "structure")
    for one, told in _that_run(question, calls):
        _registered(told, _Names(told), line_of(question, one), name_of(maker))
        _used(told, line_of(question, one))


def _used(told, line):
    if told["unused"]:
        fail(f"the parameter {told['unused'][0][:LONG]} is never used", line)


class _Names:
    """What the layers of a network are called in messages; of what it says of itself nothing need be so."""

    def __init__(self, told):
        names = numbered([KINDS.get(kind, kind) for kind, *_ in told["layers"]])
        self._names = dict(enumerate(names))

    def layer(self, number):
        return self._names.get(number, f"layer {number}")

    def parameter(self, number, kind):
        return f"the {PARAMETERS.get(kind, kind)} of {self.layer(number)}"


def _that_run(question, calls):
    """Yield the calls that give a result, and the result; fail where none does."""
    calls = list(calls)
    back = [reply.value for reply in replies(question, calls)]
    if all(isinstance(value, Raised) for value in back):
        fail_raised(question, calls[0], back[0], sentence=_left_behind(back[0]))
    for one, value in zip(calls, back, strict=False):
        if isinstance(value, Raised):
            excuses.take()
        else:
            yield one, value


def _left_behind(error: Raised) -> str:
    return NEITHER if LEFT_BEHIND.search(error.message) else ""


def _registered(told, name, line, maker):
    if told["loose"]:
        number, kind = told["loose"][0]
        fail(f"{name.parameter(number, kind)} is not registered", line,
             f"a parameter that {maker}(...).parameters() has", "one that training would not change",
             looks_like="layers in a plain list, or weights that are no nn.Parameter")  # fmt: skip
    if told["again"]:
        _, first, second = told["again"][0]
        fail(f"{name.layer(second)} has the parameters of {name.layer(first)}", line, "parameters of its own",
             "the same parameters in two places", looks_like="one layer that is called twice")  # fmt: skip
    if told["frozen"]:
        fail(
            f"the parameter {told['frozen'][0][:LONG]} is frozen",
            line,
            "one that requires a gradient",
        )


def keeps(maker: Callable, reference: Callable | Subject, calls: Iterable[Args]) -> None:
    """Check that a forward pass leaves its input as it is and runs in any dtype and on any device.

    Parameters
    ----------
    maker, reference, calls
        As for `course_utils.checks.networks.agree`.

    Raises
    ------
    CheckFailed
    """
    device, changed = Question(maker, "device"), Question(maker, "input")
    right = changed.of(Subject.of(reference).reference)
    for one, elsewhere in _that_run(device, calls):
        if elsewhere is False:
            fail("it does not run on another device", line_of(device, one), "an output where the input is",
                 "tensors on two devices", looks_like="a tensor made in forward without device=x.device, "
                 "or " + NEITHER)  # fmt: skip
        [back] = replies(changed, [one])
        if isinstance(back.value, Raised):
            fail_raised(changed, one, back.value, sentence=_left_behind(back.value))
        if compare(one.on(right), back.value, *FULL):
            fail("the call changes its input", line_of(changed, one), "x as it was", "other numbers in x",
                 looks_like="working in place on what was passed in")  # fmt: skip
        for dtype in ("float32", "float64"):
            output = Question(maker, "output", dtype=dtype, cast=True)
            [back] = replies(output, [one])
            if isinstance(back.value, Raised):
                fail_raised(output, one, back.value, sentence=_left_behind(back.value))
            if str(getattr(back.value, "dtype", "")) != dtype:
                got = getattr(back.value, "dtype", type(back.value).__name__)
                fail("wrong dtype", line_of(output, one), f"{dtype}, that of its input", str(got))


def probabilities(maker: Callable, reference: Callable | Subject, calls: Iterable[Args]) -> None:
    """Check that what comes out for each image is between 0 and 1 and adds up to 1.

    Parameters
    ----------
    maker, reference, calls
        As for `course_utils.checks.networks.agree`.

    Raises
    ------
    CheckFailed
    """
    question, subject, calls = Question(maker, "output"), Subject.of(reference), list(calls)
    for one, out in _that_run(question, calls):
        right = one.on(question.of(subject.reference))
        sums = out.reshape(len(out), -1).sum(axis=1) if out.ndim and out.size else np.zeros(1)
        fine = out.min(initial=0) >= 0 and np.allclose(sums, 1, rtol=0, atol=1e-5)
        if fine and out.shape == right.shape:
            continue
        wrong = mistakes(subject.looks_like, question.of)
        sentence = misconception(question, [(Case(one, right), out, right)], wrong, FULL)
        line = line_of(question, one)
        if out.shape != right.shape:
            fail(
                "wrong shape of the output",
                line,
                str(right.shape),
                str(out.shape),
                looks_like=sentence,
            )
        fail("no probabilities", line, "numbers from 0 to 1 that add up to 1 for each image",
             f"{out.min():.4g} to {out.max():.4g}, in all {sums[0]:.6g} for the first image",
             looks_like=sentence)  # fmt: skip
