"""Run a submission: the student's cells in a jail, the test cells here.

`judge` takes a restored notebook and fills in outputs and verdicts. A test cell's names are its own, then
the builtins, then the names that the source notebook's answers define; the last are `Remote`, and calling
one crosses the wire.
"""

from __future__ import annotations

import builtins
import functools
import hashlib
import hmac
import json
import linecache
import time
import traceback
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import nbformat
from nbformat import NotebookNode

from course_utils import checks
from course_utils.checks import excuses
from course_utils.jail.jail import Jail, JailBroken, JailDied, Zygote
from course_utils.jail.meter import BACKSTOP_OF_ALL, can_see
from course_utils.jail.zygote import NO_MEMORY, PROBE, WITH
from course_utils.judging import sanitise
from course_utils.judging.undefined import stopped, why_undefined
from course_utils.judging.verdicts import Verdict, settle_excuses
from course_utils.wire import Raised, Reply

MAX_PRINTED = 20_000  # characters that are kept of what answers print while a test calls them
ENDINGS = {
    "OutOfTime": "ran longer than its time limit",
    "OutOfMemory": "ran out of memory",
    "Crashed": "ended the program it runs in",
}


@dataclass
class Judged:
    """A submission that has been run.

    Attributes
    ----------
    notebook : NotebookNode
        The notebook, with the student's outputs and each test's message.
    verdicts : dict of str to Verdict
        Test cell → verdict.
    endings : list of str
        ``OutOfTime``, ``OutOfMemory``, ``Crashed``, in the order in which they happened.
    notes : list of str
        What happened, in words for the student.
    """

    notebook: NotebookNode
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    endings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Remote:
    """A name of the student's, as a test sees it."""

    def __init__(self, run, name, asked=""):
        self._run, self.__name__, self._asked = run, name, asked or name

    def __course_call__(self, args, kwargs) -> Reply:
        [reply] = self.__course_calls__([(args, kwargs)])
        return reply

    def __course_calls__(self, calls) -> list[Reply]:
        """Answer calls together; fewer replies than calls where one ended the answer's process."""
        return list(self._run.calls(self.__name__, calls, self._asked))

    def __course_probe__(self, probe, name):
        """Return a function of `course_utils.wire.probes` where the student's objects are, known by a name."""
        return Remote(self._run, name, PROBE + probe)

    def __course_with__(self, probe, *others):
        """Return a function of `course_utils.wire.probes` of this answer and others, known by its name."""
        answers = ":".join([self.__name__, *(other.__name__ for other in others)])
        return Remote(self._run, self.__name__, f"{WITH}{probe}:{answers}")

    @property
    def __course_submission__(self):
        """What stands for the submission: one object, the same for all of its answers."""
        return self._run

    def __course_clock__(self) -> float | None:
        """Return the seconds of processor time that the answers have used so far; None if unknown."""
        return self._run.clock()

    def __course_value__(self):
        return self._run.value(self.__name__)

    def __call__(self, *args, **kwargs):
        value = self.__course_call__(args, kwargs).value
        if isinstance(value, Raised):
            checks.fail(f"{self.__name__} raised {value}")
        return value


class _Run:
    """One submission's jail, started again without the guilty part whenever it dies."""

    def __init__(self, zygote, folder, source):
        self.zygote, self.folder, self.limits = zygote, folder, source.limits
        self.seconds = self.limits["call"]  # that one call of the present test may take
        self.hidden = source.forbidden
        self.jail: Jail | None = None
        self.done: list[tuple[str, str]] = []  # (cell id, source) of the cells that ran
        self.failed_cells: dict[str, str] = {}  # cell id → what stopped it
        self.dead: dict[str, str] = {}  # function → how it ended its process
        self.outputs: list = []  # of the calls of one test
        self.room = 0  # characters of outputs that it may still keep
        self.room_in_all = sanitise.MAX_OF_NOTEBOOK
        self.endings: list[str] = []
        self.asked: set[str] = set()  # names that the present test asks for
        self.used = 0.0  # of the limit on the notebook, by jails that have ended
        self.end = time.monotonic() + BACKSTOP_OF_ALL * self.limits["total"]

    def is_used_up(self) -> bool:
        """Whether the limit on the notebook is reached, cells that had to run again included."""
        used = self.used + (self.jail.meter.used if self.jail else 0.0)
        return used > self.limits["total"] or time.monotonic() > self.end

    def start(self):
        """Start a jail and run in it the cells that ran before; none of them is waited for beyond the end."""
        while self.jail is None and not self.is_used_up():
            self.jail = self.zygote.fork(self.folder, self.limits, self.hidden)
            self.jail.left = self.limits["total"] - self.used
            self.jail.end_of_all = self.end
            for cell_id, source in list(self.done):
                try:
                    self.jail.run(source)
                except JailDied as death:
                    # It ran before: it waits, or the machine is short of something.
                    self.bury(death)
                    self.done.remove((cell_id, source))
                    break

    def bury(self, death) -> str:
        """Clear away a dead jail; return how it ended."""
        end, jail = str(death), self.jail
        self.jail = None
        status = jail.end()
        self.used += status["used"]
        if not status["confined"]:
            raise JailBroken("a process for a student's code could not be confined")
        if status["hog"] or (end == "Crashed" and status["status"] == NO_MEMORY):
            end = "OutOfMemory"
        self.endings.append(end)
        return end

    def ready(self) -> bool:
        """Whether there is time left; starts the jail if there is none."""
        if self.is_used_up():
            return False
        self.start()
        return self.jail is not None

    def cell(self, cell_id, source) -> list:
        """Run a student's cell and return its outputs."""
        if not self.ready():
            self.failed_cells[cell_id] = "the notebook's time was used up"
            return [
                _error("OutOfTime", "The time for the whole notebook was used up before this cell.")
            ]
        try:
            error = self.jail.run(source)
        except JailDied as death:
            end = self.bury(death)
            self.failed_cells[cell_id] = ENDINGS[end]
            return [_error(end, f"This cell {ENDINGS[end]} and was left out.")]
        self.done.append(
            (cell_id, source)
        )  # even after an error: what ran before it has had its effect
        if error is not None:
            self.failed_cells[cell_id] = stopped(error)
            self._note_memory(error)
        return self._kept(sanitise.MAX_STORED)

    def _kept(self, room) -> list:
        """Return the outputs that the jail made and there is room for, in the cell and in all."""
        if not self.jail.outputs or room <= 0:
            return []
        shown = sanitise.outputs(self.jail.outputs, min(room, self.room_in_all))
        self.room_in_all = max(self.room_in_all - len(json.dumps(shown)), 0)
        return shown

    def _note_memory(self, value):
        # A limit on the address space shows as Python's own MemoryError, which ends nothing.
        if isinstance(value, Raised) and value.type_name == "MemoryError":
            self.endings.append("OutOfMemory")

    def calls(self, name, calls, asked) -> Iterator[Reply]:
        """Put calls to what an answer calls `asked`; stop after one that ended its process."""
        answers = asked.split(":")[2:] if asked.startswith(WITH) else [asked]
        self.asked |= {name.partition(".")[0], *answers}
        return self._ask(name, lambda: self.jail.calls(asked, calls, self.seconds))

    def clock(self) -> float | None:
        """Return the seconds of processor time that the answers have used, as seen from outside, or None."""
        if not can_see() or not self.ready():
            return None
        self.jail.meter.look()
        return self.jail.meter.cpu

    def value(self, name):

        def question():
            yield Reply(self.jail.value(name))

        [reply] = self._ask(name, question)
        return reply.value

    def _too_long(self):
        if self.is_used_up():
            return "the time for the whole notebook was used up"
        return f"more than {self.seconds:g} s"

    def _ask(self, name, question) -> Iterator[Reply]:
        if name in self.dead and not self.is_used_up():
            yield Reply(Raised(self.dead[name], (), f"it {ENDINGS[self.dead[name]]} before"))
            return
        if not self.ready():
            yield Reply(Raised("OutOfTime", (), "the time for the whole notebook was used up"))
            return
        replies = question()
        while True:
            try:
                reply = next(replies)
            except StopIteration:
                return
            except JailDied as death:
                end = self.dead[name] = self.bury(death)
                yield Reply(Raised(end, (), self._too_long() if end == "OutOfTime" else ""))
                return
            self._note_memory(reply.value)
            shown = self._kept(self.room)
            if shown:
                self.room -= len(json.dumps(shown))
                self.outputs += shown
            yield reply


def judge(
    notebook,
    source,
    zygote: Zygote,
    folder,
    secret: bytes = b"",
    who: str = "",
    tests: Collection[str] | None = None,
) -> Judged:
    """Run a restored submission.

    Parameters
    ----------
    notebook : NotebookNode
        The submission with its test cells restored; outputs are written into it.
    source : Source
        The assignment: which cells are tests, and which names the answers define.
    zygote : Zygote
    folder : Path
        See `Zygote.fork`.
    secret : bytes
        Of the course; with `who` it makes the hidden inputs of this student.
    who : str
        The student.
    tests : collection of str, optional
        The test cells that are asked for: others are passed over, and nothing runs after the last of them.

    Returns
    -------
    Judged
    """
    run, judged = _Run(zygote, folder, source), Judged(notebook)
    asked = set(source.tests if tests is None else tests)
    try:
        left = len(notebook.cells)
        if tests is not None:
            places = (n for n, cell in enumerate(notebook.cells) if cell.id in asked)
            left = 1 + max(places, default=-1)
        for cell in notebook.cells[:left]:
            if cell.cell_type != "code" or cell.id in source.tests.keys() - asked:
                continue
            cell.execution_count = None
            if cell.id in source.tests:
                verdict = _test(cell, source, run, secret, who)
                judged.verdicts[cell.id] = verdict
                cell.outputs = _printed(run.outputs)
                if not verdict.passed:
                    cell.outputs.append(_error("CheckFailed", verdict.message))
            else:
                cell.outputs = run.cell(cell.id, cell.source)
        overturned = settle_excuses(judged.verdicts, source.defined_in, source.needs)
        for cell in judged.notebook.cells:
            if cell.id in overturned:
                cell.outputs.append(_error("CheckFailed", judged.verdicts[cell.id].message))
    finally:
        if run.jail is not None:
            run.jail.end()
    judged.endings = run.endings
    return judged


def _test(cell, source, run, secret, who) -> Verdict:
    run.outputs, run.room, run.asked = [], sanitise.MAX_STORED // 4, set()
    run.seconds = run.limits["calls"].get(source.tests[cell.id].exercise, run.limits["call"])
    excuses.count()
    verdict = _judged(cell, source, run, secret, who)
    verdict.excused, verdict.asked = excuses.count() > 0, tuple(sorted(run.asked))
    return verdict


def _judged(cell, source, run, secret, who) -> Verdict:
    test = source.tests[cell.id]
    key = (
        hmac.digest(secret, f"{source.name}\0{who}\0{cell.id}".encode(), "sha256")
        if secret
        else b""
    )
    checks.seed_with(key)
    checks.know(source.looks_like)
    namespace = {"__name__": "test", "__builtins__": builtins}
    namespace |= {n: Remote(run, n) for n in source.names if not hasattr(builtins, n)}
    filename = f"<test {cell.id} {hashlib.sha256(test.source.encode()).hexdigest()[:8]}>"
    try:
        exec(_compiled(test.source, filename), namespace)
    except Exception as error:
        lines = (n for frame, n in traceback.walk_tb(error.__traceback__)
                 if frame.f_code.co_filename == filename)  # fmt: skip
        hidden = test.is_hidden(next(lines, 1))
        if isinstance(error, checks.CheckFailed):
            name, undefined, _ = error.headline.partition(" is not defined")
            if undefined:
                ran = dict(run.done)
                why = why_undefined(name, source.defined_in, ran, run.failed_cells)
                error.parts["its cell"] = why
            return Verdict(False, error.text(), error.headline, error.parts["looks like"], hidden)
        if isinstance(error, AssertionError):
            said = str(error) or "wrong"
            return Verdict(False, said, said.splitlines()[0], hidden=hidden)
        said = f"the test broke down on this answer ({type(error).__name__}: {error})"[:500]
        return Verdict(False, said, said, hidden=hidden, broken=True)
    finally:
        checks.seed_with(b"")
        checks.know(None)
        linecache.cache.pop(filename, None)
    return Verdict(True)


@functools.cache
def _compiled(source, filename):
    return compile(source, filename, "exec")


def _printed(outputs):
    """What answers showed while a test called them, without anything that looks like a result."""
    kept = []
    for output in outputs:
        if output.output_type == "stream":
            output.name = "stdout"  # nbgrader takes stderr in a test for a failure
            if kept and kept[-1].output_type == "stream":
                kept[-1].text = (kept[-1].text + output.text)[:MAX_PRINTED]
                continue
        elif output.output_type == "execute_result":
            output = NotebookNode(
                output_type="display_data", data=output.data, metadata=NotebookNode()
            )
        elif output.output_type == "error":
            continue
        kept.append(output)
    return kept[:100]


def _error(name, text):
    return nbformat.from_dict(
        {"output_type": "error", "ename": name, "evalue": text, "traceback": text.splitlines()}
    )
