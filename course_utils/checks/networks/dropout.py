"""Check dropout by what it does: what it leaves out while a network trains, and that it rests afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from course_utils.checks.ask import Args, fail_raised, line_of, replies
from course_utils.checks.message import fail
from course_utils.checks.networks.questions import Question, structure
from course_utils.checks.networks.tables import Subject
from course_utils.wire import Raised

NEAR = 0.05  # of a share: five standard deviations of 2000 numbers
LOUD = 1e4  # times a bias: whether a ReLU lets it through depends on nothing else then


def drops(
    maker: Callable, reference: Callable | Subject, calls: Iterable[Args], anywhere: bool = False
) -> None:
    """Check how much dropout leaves out, before which linear layers, and that it makes up for it.

    What comes in at each linear layer in train mode is compared with the same in eval mode. One dropout more or
    less, or of another rate, is wrong; that two stand before fc6 and fc7, or behind them, is the same.

    Parameters
    ----------
    maker, reference, calls
        As for `course_utils.checks.networks.agree`; of `calls` the images together should have some thousand
        numbers before each linear layer.
    anywhere : bool
        Only check that two passes in train mode differ.

    Raises
    ------
    CheckFailed
    """
    subject = Subject.of(reference)
    for one in calls:
        if anywhere:
            _differ(maker, one)
        else:
            _same_rates(maker, subject.reference, one)


def _differ(maker, one):
    question, same = _twice(maker, one)
    if same:
        fail("no dropout", line_of(question, one), "two outputs that differ: what is dropped is random",
             "twice the same output in train mode")  # fmt: skip


def drops_nothing(maker: Callable, calls: Iterable[Args]) -> None:
    """Check that nothing is random in train mode.

    Parameters
    ----------
    maker, calls
        As for `course_utils.checks.networks.agree`.

    Raises
    ------
    CheckFailed
    """
    for one in calls:
        question, same = _twice(maker, one)
        if not same:
            fail("the output is random in train mode", line_of(question, one),
                 "twice the same output", "two that differ",
                 looks_like="dropout, which this network does not have")  # fmt: skip


def _twice(maker, one):
    """Run a network twice in train mode; return the question, and whether both outputs are the same."""
    question = Question(maker, "outputs", dtype="float32", passes=("train", "train"))
    return question, np.array_equal(*_answer(question, one))


@dataclass
class _Dropout:
    """What happens before a linear layer: the share that is left out, and the factor of the rest."""

    place: str
    rate: float
    factor: float


def _same_rates(maker, reference, one):
    count = sum(kind == "linear" for kind, *_ in structure(maker, one)["layers"])
    loud = [
        (n - count, "shift", LOUD ** (n + 1)) for n in range(count - 1)
    ]  # each louder than the one before
    passes = "eval", "eval", "train"
    question = Question(maker, "fed", dtype="float32", passes=passes, scale=loud)
    line = line_of(question.again(wants="output"), one)
    resting, again, training = _answer(question, one)
    if any(not np.array_equal(*pair) for pair in zip(resting, again, strict=False)):
        fail("dropout acts in eval mode, too", line, "twice the same before each linear layer in eval mode",
             "other numbers", looks_like="F.dropout(x) without training=self.training, or a mask of one's own "
             "that is always drawn")  # fmt: skip
    found = _found(resting, training, line)
    right = _found(*one.on(question.again(passes=passes[1:]).of(reference)), line)
    rates = " and ".join(f"{dropout.rate:.1f}" for dropout in right)
    many = f"{len(right)} dropout{'s' * (len(right) > 1)}, {rates} left out"
    if len(found) != len(right):
        fail("dropouts before linear layers: " + ("too many" if len(found) > len(right) else "too few"),
             line, many, _listed(found))  # fmt: skip
    for mine, theirs in zip(found, right, strict=True):
        if abs(mine.rate - theirs.rate) > NEAR:
            fail(f"another share is dropped before {mine.place}", line,
                 f"{theirs.rate:.1f} of what comes in", f"{mine.rate:.2f} of it",
                 looks_like="p is the probability that a unit is left out")  # fmt: skip
        if abs(mine.factor - theirs.factor) > NEAR * theirs.factor:
            fail(f"what is left before {mine.place} has the wrong size", line,
                 f"{theirs.factor:.2f} times what it is in eval mode", f"{mine.factor:.2f} times",
                 looks_like="dropout without dividing by 1 - p in train mode")  # fmt: skip


def _answer(question, one):
    [back] = replies(question, [one])
    if isinstance(back.value, Raised):
        fail_raised(question, one, back.value, "an output")
    return back.value


def _found(resting, training, line) -> list[_Dropout]:
    """Compare what comes in at each linear layer."""
    found = []
    if [a.shape for a in resting] != [a.shape for a in training]:
        fail("other layers in train mode than in eval mode", line)
    for number, (rest, train) in enumerate(zip(resting, training, strict=True), start=1):
        alive = rest != 0
        kept = alive & (train != 0)
        rate = 1 - kept.sum() / max(alive.sum(), 1)
        if rate > NEAR:
            factor = float(np.median(train[kept] / rest[kept])) if kept.any() else 0.0
            found.append(_Dropout(f"linear layer {number}", float(rate), factor))
    return found


def _listed(found):
    if not found:
        return "none"
    return ", ".join(f"{dropout.rate:.2f} before {dropout.place}" for dropout in found)
