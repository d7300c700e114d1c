"""What scenes are checked for, beyond the equality of a part of them with a function of the test's own."""

from __future__ import annotations

from course_utils.checks import excuses
from course_utils.checks.ask import Args, fail_raised, line_of, replies
from course_utils.checks.compare import compare
from course_utils.checks.derived import entry
from course_utils.checks.message import fail
from course_utils.checks.scenes.scene import Scene, call_of, resumption
from course_utils.checks.tables import case, equal
from course_utils.checks.words import show
from course_utils.wire import Raised

NEAR = (1e-6, 1e-9)
HALF = (2e-2, 2e-2)  # bfloat16 has eight bits
LEFT = {
    "images": ("the images are others afterwards", "working in place"),
    "requires_grad": (
        "other parameters have requires_grad afterwards",
        "parameters that stay frozen",
    ),
    "grad": ("parameters have a grad afterwards", "a backward pass, which nothing asks for"),
    "hooks": ("the model has other hooks afterwards", "a hook that stays: its handle has remove()"),
    "grad mode": (
        "gradients are off afterwards, for whatever comes next",
        "torch.set_grad_enabled(False) as a statement: torch.no_grad() ends with its block",
    ),
}


def _played(scene: Scene, plans) -> list[tuple[dict, dict, str]]:
    """Return each plan, what came of it, and how the call reads; fail where nothing did."""
    calls = [Args(plan) for plan in plans]
    found = []
    for one, back in zip(calls, replies(scene, calls), strict=False):
        if isinstance(back.value, Raised):
            fail_raised(scene, one, back.value)
        found.append((one.args[0], back.value, line_of(scene, one)))
    return found


def told(scene: Scene, plans, reference, looks_like=()) -> None:
    """Check the numbers that an answer returns: floats of Python's, or, of `scales`, a tensor.

    They are those of the mode in which the answer asks the network: another test charges for that.

    Parameters
    ----------
    scene : Scene
        `epoch`, `evaluation` or `scales`.
    plans : list of dict
    reference : callable
        ``reference(mode)`` returns the right function for a network in a mode: "train", "eval", or "mixed",
        as it is.
    looks_like : mapping of str to callable
        Misconceptions: functions of the answer's arguments.

    Raises
    ------
    CheckFailed
    """
    cases = []
    for plan, back, line in _played(scene, plans):
        mode = _mode_of(back["calls"])
        if mode != ("train" if scene.what == "epoch" else "eval"):
            excuses.take()
        expected = scene.of(reference(mode))(plan)["value"]
        if scene.what != "scales":
            _floats(back["value"], expected, line)
        cases.append(case(Args(plan), expected))
    wrong = {sentence: scene.of(function) for sentence, function in dict(looks_like).items()}
    equal(entry(scene, "value"), cases, wrong, *NEAR)


def _mode_of(calls):
    """Return the mode in which a network was asked."""
    modes = {call[0] for call in calls if isinstance(call, tuple) and call}
    return modes.pop() if len(modes) == 1 else "mixed"


def _floats(value, expected, line):
    """Fail where a result is not as many floats of Python's as are expected."""
    if isinstance(expected, float):
        if not isinstance(value, float):
            fail("the result is no Python float", line, "a float", show(value),
                 looks_like="a tensor, which may keep a graph alive: .item()"
                 if not isinstance(value, (int, tuple, list)) else "")  # fmt: skip
        return
    if not isinstance(value, (tuple, list)) or len(value) != len(expected):
        fail("the result is not a pair", line, "(mean loss, accuracy)", show(value))
    for part, wanted in zip(value, expected, strict=True):
        if not (isinstance(part, float) and isinstance(wanted, float)):
            fail("a result that is no Python float", line, "two floats", show(value))


def asks(scene: Scene, plans) -> None:
    """Check how a network is asked for its answers: in eval mode, without gradients, and left as it was.

    Parameters
    ----------
    scene : Scene
        `evaluation` or `scales`.
    plans : list of dict

    Raises
    ------
    CheckFailed
    """
    for plan, back, line in _played(scene, plans):
        calls = back["calls"]
        if not calls:
            fail("the model is never called", line)
        modes = [call[0] for call in calls]
        if any(mode != "eval" for mode in modes):
            got = "some parts in train mode" if "mixed" in modes else "train mode"
            sentence = "model.eval() left out, which reaches every part"
            fail("the model is not asked in eval mode", line, "each part of it in eval mode", got,
                 looks_like=sentence)  # fmt: skip
        if any(call[1] is not False for call in calls) or back.get("tracked"):
            fail("a graph is built", line, "no gradients: torch.no_grad()", "gradients are on")
        if back.get("read", len(calls)) != len(calls):
            fail(
                "not one call of the model for each batch", line, str(back["read"]), str(len(calls))
            )
        if not all(back["modes"]):
            fail("a part of the model is in another mode than before", line, "each in its own mode",
                 "train mode where eval mode was, or the reverse",
                 looks_like="model.train() at the end: parts may have been in eval mode")  # fmt: skip
        for name, (headline, sentence) in LEFT.items():
            if name in back["left"]:
                fail(headline, line, "all as it was", "", looks_like=sentence)
        untouched = scene.of(lambda *_: None)(plan)
        for name in ("parameters", "buffers"):
            if compare(untouched[name], back[name], 0.0, 0.0):
                fail(f"the model's {name} are others afterwards", line, "as they were")


def in_half(scene: Scene, plans, reference) -> None:
    """Check that a forward pass runs under autocast, and that the parameters stay in float32.

    Where steps are wrong in full precision, only the types are looked at.

    Parameters
    ----------
    scene : Scene
        `epoch`, with ``amp`` in the plans.
    plans : list of dict
    reference : callable
        The right function.

    Raises
    ------
    CheckFailed
    """
    for plan, back, line in _played(scene, plans):
        kinds = [call[3] for call in back["calls"]]
        if plan["amp"] not in kinds:
            got = f"scores of {', '.join(sorted(set(map(str, kinds)))) or 'no type'}"
            plain = "no torch.autocast around model(x)" if {*kinds} == {"float32"} else ""
            fail(f"the forward pass does not compute in {plan['amp']}", line, f"scores of {plan['amp']}", got,
                 looks_like=plain)  # fmt: skip
        if back["types"] != ["float32"]:
            fail("the parameters have another type afterwards", line, "float32", show(back["types"]),
                 looks_like="model.to(amp_dtype): autocast leaves the parameters as they are")  # fmt: skip
        whole = {**plan, "amp": None}
        [(_, plain, _)] = _played(scene, [whole])
        if compare(scene.of(reference)(whole)["parameters"], plain["parameters"], 1e-4, 1e-5):
            excuses.take()
            continue
        right = scene.of(reference)(plan)
        if compare(right["parameters"], back["parameters"], *HALF):
            fail(
                "wrong parameters afterwards",
                line,
                "those of the same steps under autocast",
                "others",
            )


def alike(scene: Scene, pairs) -> None:
    """Check that an answer gives the same for two calls: one with values left out, one with them.

    Parameters
    ----------
    scene : Scene
    pairs : list of (Args, Args)

    Raises
    ------
    CheckFailed
    """
    for one, other in pairs:
        short, whole = (back.value for back in replies(entry(scene, "value"), [one, other]))
        if isinstance(short, Raised):
            fail_raised(scene, one, short)
        if isinstance(whole, Raised):
            excuses.take()
        elif compare(whole, short, *NEAR):
            fail("other values where arguments are left out", line_of(scene, one), show(whole), show(short),
                 f"as for {line_of(scene, other)}".replace("\n", "; "), "another default")  # fmt: skip


def resumes(save, resume, plans, part: str) -> None:
    """Check a checkpoint.

    Parameters
    ----------
    save, resume : callable
        The answers.
    plans : list of dict
        See `course_utils.modules.scenes.resumed`.
    part : str
        ``weights``: the training goes on with the same parameters and buffers; ``optimizer``: and with the same
        momentum, so that its next steps are the same; ``random``: it draws the same numbers, and saving draws
        none; ``epoch``; ``plain``: PyTorch reads the file with ``weights_only=True``, and so does `resume`;
        ``whole``: it is written under another name in the same folder and renamed, the old one being there.

    Raises
    ------
    CheckFailed
    """
    for plan in plans:
        told, line = resumption(save, resume, plan), call_of(save, resume, plan)
        if isinstance(told, Raised):
            fail_raised(save, Args(...), told)
        _CHECKPOINT[part](told, plan, line)


def _weights(told, plan, line):
    if compare(told["saved"], told["loaded"], 0.0, 0.0):
        fail("the resumed model has other weights", line, "those that were saved", "others",
             looks_like=_which(told, "saved", "loaded"))  # fmt: skip


def _which(told, one, other):
    """Say whether only the buffers differ."""
    same = [compare(a, b, 0.0, 0.0) is None for a, b in zip(told[one], told[other], strict=False)]
    buffers = told["buffers"]
    if len(same) == len(told[one]) and all(same[:-buffers]):
        return "model.parameters() alone: state_dict() has the running statistics of batch norm as well"
    return ""


def _optimizer(told, plan, line):
    if compare(told["saved"], told["loaded"], 0.0, 0.0):
        excuses.take()
        return
    if compare(told["straight"], told["resumed"], *NEAR):
        fail("the resumed training goes another way", line, "the steps of one that was not interrupted",
             "others", looks_like="the optimizer's state left out: its momentum begins at 0 again")  # fmt: skip


def _random(told, plan, line):
    if told["drew"]:
        fail("saving changes the random state", line, "the state as it was", "another one",
             looks_like="drawing, or seeding, in save_checkpoint")  # fmt: skip
    if compare(told["random"][0], told["random"][1], 0.0, 0.0):
        fail("the resumed training draws other numbers", line, "those of one that was not interrupted",
             "others", looks_like="torch.get_rng_state() left out, or set before something draws")  # fmt: skip


def _epoch(told, plan, line):
    for key, wanted in (("epoch", plan["epoch"]), ("again", plan["epoch"] + 2)):
        if told[key] != wanted or isinstance(told[key], bool):
            where = "" if key == "epoch" else "after saving to the same path once more"
            fail("wrong number of completed epochs", line, str(wanted), show(told[key]), where)


def _plain(told, plan, line):
    if plan["name"] not in told["files"]:
        fail("there is no such file", line, plan["name"], ", ".join(told["files"]) or "no file")
    if not told["plain"]:
        fail("the file cannot be read with weights_only=True", line, "tensors, numbers, texts, lists and dicts",
             "something else", looks_like="the model or optimizer itself: save their state_dict()")  # fmt: skip
    if told["ran"]:
        fail("resuming runs what is in a file", line, "a file that holds a program is refused", "it ran",
             looks_like="torch.load with weights_only=False")  # fmt: skip


def _whole(told, plan, line):
    if told["files"] != [plan["name"]]:
        fail("other files are left in the folder", line, plan["name"], ", ".join(told["files"]))
    if not told["kept"]:
        sentence = "writing to the path itself: write to another name, then os.replace"
        fail("on a full disk the checkpoint before is lost", line, "the old one", "a damaged one, or none",
             looks_like=sentence)  # fmt: skip
    if told["renamed"] is False:
        sentence = "a copy, or a file from a folder that may be on another disk"
        fail("the new checkpoint is not renamed within its folder", line, "another name, then os.replace",
             "no renaming", looks_like=sentence)  # fmt: skip
    if told["removed"]:
        sentence = "removing it before the new one has its name: os.replace puts one in the place of the other"
        fail("for a moment there is no checkpoint", line, "the old one, or the new one", "neither",
             looks_like=sentence)  # fmt: skip


_CHECKPOINT = {
    "weights": _weights,
    "optimizer": _optimizer,
    "random": _random,
    "epoch": _epoch,
    "plain": _plain,
    "whole": _whole,
}
