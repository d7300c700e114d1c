"""A class to attack: a course of its own, honest neighbours, and everything that has to stay as it is.

The attacks are text (``*.txt`` here) and not Python, so that no test runner or editor imports one. Each
section ``# %% title`` is a cell that stands in an attacker's notebook between the first answer and its
tests; what stands above the first section goes before each. ``@NAME@`` is filled in by `Arena.fill`.
A cell that prints a line beginning with ``GOT`` has got hold of something that it must not have.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import json
import os
import py_compile
import re
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from conftest import PART, ROOT

from course_utils import arithmetic
from course_utils.authoring.bank import read_bank
from course_utils.authoring.release import release
from course_utils.authoring.verify import with_answers
from course_utils.course.files import course_secret
from course_utils.course.folders import Course
from course_utils.course.release import load
from course_utils.course.source import Source
from course_utils.wire import Reply

FOLDER = Path(__file__).parent
TITLE = re.compile(r"^# %% (.+?) *$", re.MULTILINE)
LIMITS = {"cell": 2, "call": 1.5, "total": 9, "memory": 384 << 20}
SPACE = 4 << 30  # bytes of address space for each process of the grader
PATIENCE = 1800  # seconds for one run: it hangs, however busy the machine is
GONE = 600  # seconds after which what was killed is still there, however busy the machine is
EVERY = 8  # attackers between two honest neighbours
_libc = ctypes.CDLL(None)


@dataclass(frozen=True)
class Attack:
    """One attack.

    Attributes
    ----------
    kind, title : str
    cell : str
        The attacker's cell; empty where `hand_in` does it all.
    hand_in : callable, optional
        ``hand_in(arena, folder)`` makes the submission.
    student : str
        The attacker's name, if it is part of the attack.
    seen : bool
        Whether the submission is one that can be graded at all.
    base : str
        Title of the submission without the trick, if it is not the table of visible cases.
    mistake : bool
        Whether it is such a submission: honest, with one mistake.
    """

    kind: str
    title: str
    cell: str = ""
    hand_in: Callable | None = None
    student: str = ""
    seen: bool = True
    base: str = ""
    mistake: bool = False


def read_attacks(kind: str) -> list[Attack]:
    """Read one file of attacks; some kinds have none."""
    if not (FOLDER / f"{kind}.txt").is_file():
        return []
    prelude, *parts = TITLE.split((FOLDER / f"{kind}.txt").read_text(encoding="utf-8"))
    texts = [text.strip("\n") + "\n" for text in parts[1::2]]
    if kind == "markdown":
        return [
            Attack(kind, *pair, hand_in=_as_markdown(pair[1]))
            for pair in zip(parts[::2], texts, strict=True)
        ]
    return [
        Attack(kind, title, prelude + text) for title, text in zip(parts[::2], texts, strict=True)
    ]


def _as_markdown(text):
    """Hand in a text as a cell of one's own and as the answer that a person reads."""

    def hand_in(arena, folder):
        answers = {**arena.answers, **dict.fromkeys(arena.source.manual, text)}
        arena.write(folder, arena.notebook(answers=answers, markdown=[text]))

    return hand_in


@dataclass
class Found:
    """What became of one attacker.

    Attributes
    ----------
    line : dict
        What `course grade --json` said; empty if nothing.
    notebook : NotebookNode or None
        The autograded notebook.
    text : str
        The same, as it is stored.
    submitted : int
        Bytes of the submitted notebook.
    """

    line: dict = field(default_factory=dict)
    notebook: nbformat.NotebookNode | None = None
    text: str = ""
    submitted: int = 0

    @property
    def passed(self) -> set[str]:
        verdicts = self.notebook.metadata.course.verdicts if self.notebook else {}
        return {name for name, verdict in verdicts.items() if verdict["passed"]}

    @property
    def shown(self) -> str:
        """Everything that the notebook shows."""
        texts = []
        for cell in self.notebook.cells if self.notebook else []:
            for output in cell.get("outputs", []):
                texts += [output.get("text", ""), output.get("evalue", "")]
                texts += [str(v) for v in output.get("data", {}).values()]
        return "\n".join(texts)


@dataclass
class Run:
    """One run of the grader over attackers and neighbours."""

    grading: Path
    attackers: dict[Attack, Found] = field(default_factory=dict)
    harm: list[str] = field(default_factory=list)
    said: str = ""
    seconds: float = 0.0


class Recorder:
    """Stands for an answer in a visible test and writes down what is asked and what is right."""

    def __init__(self, name, function):
        self.__name__, self.function, self.table = name, function, {}

    def __course_call__(self, args, kwargs):
        key = repr((args, sorted(kwargs.items())))
        try:
            value = self.function(*args, **kwargs)
        except ValueError as error:
            self.table[key] = ("refused", str(error))
            from course_utils.wire import raised

            return Reply(raised(error), args, kwargs)
        self.table[key] = ("returned", value)
        return Reply(value, args, kwargs)

    def __course_calls__(self, calls):
        return [self.__course_call__(*call) for call in calls]

    def __course_value__(self):
        return self.function


def lookups(source: Source) -> tuple[dict[str, str], set[str]]:
    """Answer every exercise right where a visible test asks and wrong elsewhere; return what they ask, too."""
    names: dict = {}
    for code in source.answers.values():
        exec(code, names)
    recorders = {name: Recorder(name, names[name]) for name in source.names if name[0] != "_"}
    for test in source.tests.values():
        exec(test.visible, {"__name__": "test", **recorders})
    answers: dict[str, str] = {}
    for name, recorder in recorders.items():
        code = (
            f"def {name}(*args, **kwargs):\n"
            f"    table = {recorder.table!r}\n"
            "    how, value = table.get(repr((args, sorted(kwargs.items()))), ('returned', 0))\n"
            "    if how == 'refused':\n"
            "        raise ValueError(value)\n"
            "    return value\n"
        )
        if not callable(names[name]):  # a number: the visible test asks for its size only
            code = f"{name} = {names[name] + names[name] // 50!r}\n"
        cell = source.defined_in[name]
        answers[cell] = answers.get(cell, "") + code
    return answers, {key for recorder in recorders.values() for key in recorder.table}


class Arena:
    """A temporary course with listeners on this machine's sockets, and the base of all attacks."""

    def __init__(self, root: Path):
        self.root, self.mark = root, f"attacked-{uuid.uuid4().hex[:12]}"
        for name in ("nbgrader_config.py", "constraints.txt"):
            shutil.copy(ROOT / name, root / name)
        for name in ("solutions", "assignments", "tests/bank"):
            shutil.copytree(ROOT / name, root / name)
        path = root / "solutions" / PART / f"{PART}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata.course.limits = {**notebook.metadata.course.limits, **LIMITS}
        nbformat.write(notebook, path)
        course = self.course("first")
        release(course, PART)
        self.gradebook = (course.grading / "gradebook.db").read_bytes()
        self.secret_of = course_secret(course)
        self.secret = (course.grading / "secret").read_bytes()
        self.source, self.release = load(course, PART)
        self.answers, self.asked = lookups(self.source)
        self.first = next(iter(self.source.answers))
        bank = read_bank(course.bank / PART, self.source.answers)
        styles = {
            c: [a.source for a in bank.get(c, ()) if a.right] or [s]
            for c, s in self.source.answers.items()
        }
        self.honest = [{c: s[i % len(s)] for c, s in styles.items()} for i in range(3)]
        self.full = sum(t.points for t in self.source.tests.values())
        # Python leaves a compiled file beside each module that it imports, unless it is told not to.
        for path in Path(arithmetic.__file__).parent.glob("*.py"):
            py_compile.compile(path, doraise=True)
        self._listen()
        self.base = self.grade("base", [Attack("base", "without a trick")])
        [self.without] = self.base.attackers.values()

    def course(self, name: str) -> Course:
        """Return the course as it is with ``grading/<name>`` for its submissions and marks."""
        os.environ["COURSE_GRADING"] = f"grading/{name}"
        try:
            made = Course(self.root)
            assert made.config
        finally:
            del os.environ["COURSE_GRADING"]
        made.grading.mkdir(parents=True, exist_ok=True)
        return made

    def new(self, name: str) -> Course:
        """Return the course with ``grading/<name>``: a gradebook without submissions, and the secret."""
        made = self.course(name)
        (made.grading / "gradebook.db").write_bytes(self.gradebook)
        (made.grading / "secret").write_bytes(self.secret)
        return made

    # -- on the same machine -----------------------------------------------------------------------
    def _listen(self):
        self.tcp, self.udp = (
            socket.create_server(("127.0.0.1", 0)),
            socket.socket(type=socket.SOCK_DGRAM),
        )
        self.udp.bind(("127.0.0.1", 0))
        self.folder = tempfile.mkdtemp(prefix="arena-")
        self.unix, self.abstract = (socket.socket(socket.AF_UNIX) for _ in range(2))
        self.unix.bind(f"{self.folder}/s")
        os.chmod(f"{self.folder}/s", 0o777)
        self.abstract.bind(f"\0{self.mark}")
        for sock in (self.unix, self.abstract):
            sock.listen()
        for sock in (self.tcp, self.udp, self.unix, self.abstract):
            sock.setblocking(False)

    def heard(self) -> list[str]:
        """Say who came through to a listener."""
        found = []
        for name in ("tcp", "unix", "abstract"):
            with contextlib.suppress(BlockingIOError):
                getattr(self, name).accept()
                found.append(f"a connection came through: {name}")
        with contextlib.suppress(BlockingIOError):
            self.udp.recv(100)
            found.append("a datagram came through")
        return found

    def close(self):
        for sock in (self.tcp, self.udp, self.unix, self.abstract):
            sock.close()
        shutil.rmtree(self.folder)

    # -- submissions -------------------------------------------------------------------------------
    def fill(self, text: str, grading: Path) -> str:
        """Fill in what an attacker could know: names of folders, of sockets, of processes."""
        known = {
            "ROOT": self.root, "REPO": ROOT, "GRADING": grading, "MARK": self.mark, "PYTEST": os.getpid(),
            "TMP": tempfile.gettempdir(), "TCP": self.tcp.getsockname()[1],
            "UDP": self.udp.getsockname()[1], "UNIX": f"{self.folder}/s", "ABSTRACT": self.mark,
            "MEMORY": LIMITS["memory"], "CALL": LIMITS["call"],
        }  # fmt: skip
        return re.sub("@([A-Z]+)@", lambda m: str(known.get(m[1], m[0])), text)

    def notebook(self, *cells: str, answers=None, markdown=()) -> dict:
        """Return the base (or other answers) with cells behind the first answer, as JSON's dicts."""
        filled = with_answers(self.release, self.answers if answers is None else answers)
        made = json.loads(nbformat.writes(filled))
        at = 1 + next(i for i, c in enumerate(made["cells"]) if c["id"] == self.first)
        new = [nbformat.v4.new_code_cell(c) for c in cells]
        new += [nbformat.v4.new_markdown_cell(c) for c in markdown]
        made["cells"][at:at] = [json.loads(json.dumps(cell)) for cell in new]
        return made

    @staticmethod
    def write(folder: Path, notebook) -> None:
        """Write a submission's notebook: dicts, text or bytes."""
        data = notebook if isinstance(notebook, (str, bytes)) else json.dumps(notebook)
        (folder / f"{PART}.ipynb").write_bytes(data.encode() if isinstance(data, str) else data)

    def hand_in(self, course: Course, student: str, attack: Attack) -> None:
        """Make the submission of an attacker."""
        folder = course.submitted / student / PART
        folder.mkdir(parents=True)
        if attack.hand_in:
            attack.hand_in(self, folder)
            return
        cells = [self.fill(attack.cell, course.grading)] if attack.cell else []
        self.write(folder, self.notebook(*cells))

    # -- a run -------------------------------------------------------------------------------------
    def grade(self, name: str, attacks: list[Attack], meanwhile: Callable | None = None) -> Run:
        """Grade attackers with an honest student before, after and between them.

        ``meanwhile(process)`` runs beside the grader.
        """
        course = self.new(name)
        run, students, neighbours = Run(course.grading), {}, []
        for number, attack in enumerate([*attacks, None]):
            if attack is None or number % EVERY == 0:
                neighbours.append(f"{2 * number:03d}-honest")
                folder = course.submitted / neighbours[-1] / PART
                folder.mkdir(parents=True)
                answers = self.honest[len(neighbours) % len(self.honest)]
                self.write(folder, self.notebook(answers=answers))
            if attack is not None:
                students[attack] = attack.student or f"{2 * number + 1:03d}-attacker"
                self.hand_in(course, students[attack], attack)
        before = self.protected(course)
        code, lines = self._run_grader(run, name, meanwhile)
        run.harm += self._changes(before, self.protected(course))
        for attack, student in students.items():
            run.attackers[attack] = self.found(course, student, lines)
        for student in neighbours:
            run.harm += self._treated(course, student, lines)
        run.harm += [f"the run ended with {code}: {run.said[-1500:]}"] * (
            code not in (0, 1) or "Traceback" in run.said
        )
        run.harm += self.heard() + self._marked(course) + self._gradebook(course, lines)
        return run

    def command(self, name: str, *words: str, space: int = SPACE, **options) -> subprocess.Popen:
        """Start `course` in this course, with ``grading/<name>``."""
        return subprocess.Popen(
            ["/bin/sh", "-c", f'ulimit -v {space >> 10}; exec "$@"', "sh", sys.executable, "-m",
             "course_utils.cli", *words],
            cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
            env=self.environment(name) | options,
        )  # fmt: skip

    @staticmethod
    def environment(name: str) -> dict[str, str]:
        return {**os.environ, "COURSE_GRADING": f"grading/{name}"}

    def _run_grader(self, run, name, meanwhile):
        """Run `course grade`; see what it leaves behind; return its exit code and its lines."""
        _libc.prctl(36, 1, 0, 0, 0)  # orphans below us become our children, not those of process 1
        scratch = Path(self.folder, f"tmp-{uuid.uuid4().hex[:6]}")
        scratch.mkdir()
        known, start = set(_children()), time.monotonic()
        process = self.command(name, "grade", PART, "--json", "--workers", "2", TMPDIR=str(scratch))
        if meanwhile:
            threading.Thread(target=meanwhile, args=(process,)).start()
        try:
            out, err = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            run.harm.append(f"the run did not end within {PATIENCE} s")
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
        run.seconds, run.said = time.monotonic() - start, err.decode("utf-8", "replace")
        deadline = time.monotonic() + GONE
        while (left := set(_children()) - known) and time.monotonic() < deadline:
            _reap(left)
            time.sleep(0.05)
        for pid in left:
            with contextlib.suppress(OSError):
                run.harm.append(f"left running: {Path(f'/proc/{pid}/cmdline').read_bytes()!r}")
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        run.harm += [f"left in the temporary folder: {p.name}" for p in scratch.iterdir()]
        shutil.rmtree(scratch, ignore_errors=True)
        lines = [json.loads(line) for line in out.decode().splitlines() if line.startswith("{")]
        return process.returncode, {line["student"]: line for line in lines}

    @staticmethod
    def found(course, student, lines) -> Found:
        """Return what became of a student."""
        found = Found(lines.get(student, {}))
        path = course.autograded / student / PART / f"{PART}.ipynb"
        if path.is_file():
            found.text = path.read_text(encoding="utf-8")
            found.notebook = nbformat.reads(found.text, as_version=4)
        for handed_in in (course.submitted / student / PART).glob("*.ipynb"):
            found.submitted = max(found.submitted, handed_in.lstat().st_size)
        return found

    def _treated(self, course, student, lines) -> list[str]:
        """Say how a neighbour was treated otherwise than without attackers."""
        line = lines.get(student)
        if line is None:
            return [f"{student} was not graded"]
        if (line["outcome"], line["score"]) != ("graded", self.full):
            return [f"{student}: {line['outcome']}, {line['score']} points: {line['notes']}"]
        found = self.found(course, student, lines)
        return [] if found.notebook and "GOT" not in found.shown else [f"{student} has no notebook"]

    @staticmethod
    def _gradebook(course, lines) -> list[str]:
        """Say where gradebook and autograded notebooks disagree."""
        from course_utils.grading.gradebook import Gradebook

        with contextlib.closing(sqlite3.connect(course.grading / "gradebook.db")) as connection:
            if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                return ["the gradebook is damaged"]
        scores, harm = Gradebook(course).auto_scores(PART), []
        for student in {*scores, *lines}:
            path = course.autograded / student / PART / f"{PART}.ipynb"
            about = nbformat.read(path, as_version=4).metadata.course if path.is_file() else None
            if (about and dict(about.scores)) != scores.get(student):
                harm.append(f"{student}: the gradebook and the autograded notebook disagree")
        return harm

    # -- what has to stay as it is -----------------------------------------------------------------
    def protected(self, course: Course) -> dict[str, str]:
        """Return digests of sources, release, bank, settings, submissions and the secret."""
        places = [
            self.root / n for n in ("solutions", "assignments", "tests", "nbgrader_config.py")
        ]
        places += [course.submitted, course.grading / "secret"]
        return {k: v for place in places for k, v in _digests(place).items()}

    @staticmethod
    def _changes(before, after) -> list[str]:
        keys = before.keys() | after.keys()
        return [f"changed: {key!r}" for key in sorted(keys) if before.get(key) != after.get(key)]

    def _marked(self, course) -> list[str]:
        """Say where an attacker has written outside."""
        import numpy

        import course_utils

        packages = Path(numpy.__file__).parents[1]
        places = [
            self.root, course.grading, course.submitted, ROOT, ROOT / "tests", Path("/"), Path("/tmp"),
            Path("/var/tmp"), Path("/dev/shm"), Path("/usr/lib"), Path("/usr/bin"), Path("/usr/local/bin"),
            Path("/etc"), Path("/opt"), Path.home(), packages, Path(course_utils.__file__).parent,
            Path(os.__file__).parent, Path(tempfile.gettempdir()), self.root / "solutions",
            *(p / "__pycache__" for p in (Path(numpy.__file__).parent, Path(os.__file__).parent)),
        ]  # fmt: skip
        return [f"written: {p}" for place in places for p in place.glob(f"*{self.mark}*")]


def _digests(place: Path) -> dict[str, str]:
    """Return path → mode, size and digest; a path may be longer than a system call takes."""
    found = {}

    def look(parent, name, folder):
        kind = os.lstat(name, dir_fd=folder)
        path = os.path.join(parent, name)
        found[path] = f"{kind.st_mode} {kind.st_size}"
        if stat.S_ISREG(kind.st_mode) and kind.st_size < 1 << 27:
            with open(name, "rb", opener=lambda n, flags: os.open(n, flags, dir_fd=folder)) as file:
                found[path] += hashlib.sha256(file.read()).hexdigest()

    if not place.is_dir():
        look("", str(place), None)
        return found
    for parent, folders, names, descriptor in os.fwalk(place):
        for name in [*folders, *names]:
            look(parent, name, descriptor)
    return found


def below(pid: int) -> dict[int, tuple[int, str]]:
    """Return each process below `pid`, its parent and its command line."""
    found, todo = {}, [pid]
    while todo:
        parent = todo.pop()
        for child in _children(parent):
            with contextlib.suppress(OSError):
                command = Path(f"/proc/{child}/cmdline").read_bytes()
                found[child] = parent, command.decode("utf-8", "replace")
                todo.append(child)
    return found


def _children(pid: int | str = "self") -> list[int]:
    found = []
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            found += map(int, Path(f"/proc/{pid}/task/{task}/children").read_text().split())
    return found


def _reap(pids) -> None:
    for pid in pids:
        with contextlib.suppress(OSError):
            os.waitpid(pid, os.WNOHANG)
