"""Attacks by what is handed in: metadata, files, names. Each function makes one submission."""

from __future__ import annotations

import json
import os
import socket
import stat

import nbformat
from attacks.arena import PART, Attack

from course_utils.judging.handed_in import MAX_BYTES

ATTACKS: list[Attack] = []


def attack(kind, title, **options):
    def register(function):
        ATTACKS.append(Attack(kind, title, hand_in=function, **options))
        return function

    return register


def tests_of(notebook):
    return [c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade")]


def answers_of(notebook):
    return [c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("solution")]


def code(source, **fields):
    return {**json.loads(json.dumps(nbformat.v4.new_code_cell(source))), **fields}


# -- metadata --------------------------------------------------------------------------------------
@attack("metadata", "tags and settings that skip execution")
def _(arena, folder):
    made = arena.notebook()
    for cell in made["cells"]:
        cell["metadata"]["tags"] = [
            "skip-execution",
            "raises-exception",
            "nbval-skip",
            "remove_cell",
        ]
        cell["metadata"]["jupyter"] = {"source_hidden": True}
        cell["metadata"]["deletable"] = cell["metadata"]["editable"] = True
    arena.write(folder, made)


@attack("metadata", "points, scores and maximum written into every cell")
def _(arena, folder):
    made = arena.notebook()
    for cell in made["cells"]:
        marks = cell["metadata"].setdefault(
            "nbgrader", {"grade_id": cell["id"], "schema_version": 3}
        )
        marks |= {
            "points": 1000,
            "score": 1000,
            "auto_score": 1000,
            "max_score": 1,
            "grade": True,
            "solution": True,
        }
    arena.write(folder, made)


@attack("metadata", "tests emptied, unlocked and given fitting checksums")
def _(arena, folder):
    from nbgrader.utils import compute_checksum

    made = arena.notebook()
    for cell in tests_of(made):
        if cell["cell_type"] == "code":
            cell["source"] = "pass"
            cell["metadata"]["nbgrader"]["locked"] = False
            cell["metadata"]["nbgrader"]["checksum"] = compute_checksum(nbformat.from_dict(cell))
    arena.write(folder, made)


@attack("metadata", "twenty copies of each test that pass")
def _(arena, folder):
    made = arena.notebook()
    for cell in tests_of(made):
        at = made["cells"].index(cell)
        made["cells"][at:at] = [
            {**cell, "id": f"{cell['id'][:40]}-{n}", "source": "pass"} for n in range(20)
        ]
    arena.write(folder, made)


@attack("metadata", "tests renamed, others invented")
def _(arena, folder):
    made = arena.notebook()
    for number, cell in enumerate(tests_of(made)):
        cell["id"] = cell["metadata"]["nbgrader"]["grade_id"] = f"test-new-{number}"
        cell["source"] = "pass"
    arena.write(folder, made)


@attack("metadata", "answers that claim to be tests, tests that claim to be answers")
def _(arena, folder):
    made = arena.notebook()
    tests, answers = tests_of(made), answers_of(made)
    for test, answer in zip(tests, answers, strict=False):
        ours, theirs = test["metadata"]["nbgrader"], answer["metadata"]["nbgrader"]
        test["metadata"]["nbgrader"], answer["metadata"]["nbgrader"] = theirs, ours
        test["id"], answer["id"] = answer["id"], test["id"]
    arena.write(folder, made)


@attack("metadata", "all answers under one name, all tests under another")
def _(arena, folder):
    made = arena.notebook()
    for cells in (tests_of(made), answers_of(made)):
        for cell in cells:
            cell["metadata"]["nbgrader"]["grade_id"] = cells[0]["metadata"]["nbgrader"]["grade_id"]
    arena.write(folder, made)


@attack("metadata", "raw and markdown cells that claim to be tests")
def _(arena, folder):
    made = arena.notebook()
    for number, cell in enumerate(tests_of(made)):
        cell["cell_type"] = ("raw", "markdown")[number % 2]
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
    arena.write(folder, made)


@attack("metadata", "tests in front of everything, answers changed behind them")
def _(arena, folder):
    made = arena.notebook()
    tests = tests_of(made)
    made["cells"] = tests + [c for c in made["cells"] if c not in tests]
    made["cells"].append(code("conv_output_size = lambda *a, **k: 1 / 0"))
    arena.write(folder, made)


@attack("metadata", "schema versions that do not exist")
def _(arena, folder):
    made = arena.notebook()
    for cell, version in zip(tests_of(made), (99, -1, "x", None, [3], 1e99, 0) * 9, strict=False):
        cell["metadata"]["nbgrader"]["schema_version"] = version
    arena.write(folder, made)


@attack("metadata", "the grader's own notes, scores and key")
def _(arena, folder):
    made = arena.notebook()
    scores = {t.id: t.points for t in arena.source.tests.values()}
    verdicts = {name: {"passed": True, "message": "", "misconception": ""} for name in scores}
    about = {
        "outcome": "graded",
        "scores": scores,
        "verdicts": verdicts,
        "notes": [],
        "key": "0" * 64,
    }
    made["metadata"] |= {"course": about, "nbgrader": {"score": 100}, "release": {"digest": "0"}}
    made["cells"][:0] = [
        {"cell_type": "markdown", "id": name, "metadata": {}, "source": "**Full marks.**"}
        for name in ("grader-notes", "own-1", "points")
    ]
    arena.write(folder, made)


@attack("metadata", "the whole autograded notebook of somebody with full marks, scores and key")
def _(arena, folder):
    path = next(arena.base.grading.glob(f"autograded/*honest/{PART}/{PART}.ipynb"))
    made = json.loads(path.read_text())
    lookups = arena.notebook()
    answers = {c["id"]: c["source"] for c in lookups["cells"] if c["id"] in arena.source.answers}
    for cell in made["cells"]:
        cell["source"] = answers.get(cell["id"], cell["source"])
    arena.write(folder, made)


@attack("metadata", "a kernel of its own")
def _(arena, folder):
    made = arena.notebook()
    evil = {
        "argv": ["/bin/sh", "-c", f"touch /tmp/{arena.mark}"],
        "name": "../../evil",
        "display_name": "<b>x</b>",
    }
    made["metadata"] |= {
        "kernelspec": evil,
        "language_info": {"name": "bash", "pygments_lexer": "../x"},
    }
    kernel = folder / "share/jupyter/kernels/python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(json.dumps(evil | {"language": "python"}))
    arena.write(folder, made)


@attack("metadata", "passing outputs stored in every cell")
def _(arena, folder):
    made = arena.notebook()
    for number, cell in enumerate(made["cells"]):
        if cell["cell_type"] == "code":
            cell["execution_count"] = number
            cell["outputs"] = [
                {"output_type": "stream", "name": "stdout", "text": "GOT all points"},
                {"output_type": "execute_result", "data": {"text/plain": "1000"}, "metadata": {},
                 "execution_count": number},
            ]  # fmt: skip
    arena.write(folder, made)


@attack("metadata", "attachments, widgets and signatures")
def _(arena, folder):
    made = arena.notebook(markdown=["![a](attachment:a.svg)"])
    for cell in made["cells"]:
        if cell["cell_type"] == "markdown":
            cell["attachments"] = {
                "a.svg": {"image/svg+xml": "PHN2Zy8+"},
                "../../x": {"text/html": "<b>"},
            }
    made["metadata"] |= {
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}}},
        "signature": "x",
    }
    arena.write(folder, made)


def _format(value, minor=5):
    def hand_in(arena, folder):
        arena.write(folder, {**arena.notebook(), "nbformat": value, "nbformat_minor": minor})

    return hand_in


for _value in (10**9, -1, "4", 4.5, [4], None, 1, 2, 3, 5, {"a": 1}, True):
    attack("metadata", f"nbformat {_value!r}")(_format(_value))
attack("metadata", "nbformat 4 with an impossible minor version")(_format(4, 10**9))


@attack("metadata", "worksheets and cells together")
def _(arena, folder):
    made = arena.notebook()
    arena.write(folder, {**made, "nbformat": 3, "worksheets": [{"cells": made["cells"]}] * 50})


@attack("metadata", "fields of other types everywhere")
def _(arena, folder):
    made = arena.notebook()
    for number, cell in enumerate(made["cells"]):
        for name, value in zip(cell, (5, None, [[[]]], {"a": 1}, True, "x") * 2, strict=False):
            if (number + len(name)) % 3 == 0:
                cell[name] = value
    made["cells"] += [None, 5, "cell", [], {}, {"cell_type": {}}, {"source": 1e999, "metadata": []}]
    arena.write(folder, made)


@attack("metadata", "cells nested a hundred thousand deep")
def _(arena, folder):
    arena.write(folder, '{"nbformat": 4, "cells": ' + "[" * 100_000 + "]" * 100_000 + "}")


@attack("metadata", "sources and metadata nested nine hundred deep")
def _(arena, folder):
    made = arena.notebook()
    deep = "x"
    for _level in range(900):
        deep = [deep]
    made["cells"][0]["source"] = deep
    made["cells"][1]["metadata"] = {"nbgrader": {"grade_id": deep}}
    arena.write(folder, made)


@attack("metadata", "two hundred thousand empty cells")
def _(arena, folder):
    made = arena.notebook()
    made["cells"] += [{}] * 200_000
    arena.write(folder, made)


@attack("metadata", "thirty thousand code cells")
def _(arena, folder):
    made = arena.notebook()
    made["cells"] += [{"cell_type": "code", "source": "1"}] * 30_000
    arena.write(folder, made)


@attack("metadata", "a thousand answer cells that claim one name")
def _(arena, folder):
    made = arena.notebook()
    made["cells"][4:4] = [answers_of(made)[0]] * 1000
    arena.write(folder, made)


@attack("metadata", "names of ten megabytes")
def _(arena, folder):
    made = arena.notebook()
    for cell in made["cells"][:3]:
        cell["id"] = "x" * (10 << 20)
        cell["metadata"]["nbgrader"] = {"grade_id": "y" * (10 << 20)}
    arena.write(folder, made)


@attack("metadata", "a line of source of thirty megabytes")
def _(arena, folder):
    made = arena.notebook("x = [" + "1," * (15 << 20) + "]")
    arena.write(folder, made)


@attack("metadata", "a notebook of a hundred megabytes")
def _(arena, folder):
    arena.write(folder, json.dumps(arena.notebook()) + " " * (100 << 20))


@attack("metadata", "keys that stand twice")
def _(arena, folder):
    text = json.dumps(arena.notebook())
    text = text.replace('"grade": true', '"grade": true, "grade": false, "points": 1000')
    arena.write(folder, text.replace('"nbformat": 4', '"nbformat": 3, "nbformat": 4, "cells": []'))


@attack("metadata", "lone surrogates, NUL and marks of direction")
def _(arena, folder):
    made = arena.notebook("x = '\0 \u202e \u2066 \ufeff'", markdown=["\0 \u202e"])
    text = json.dumps(made)
    arena.write(folder, text.replace("\\u202e", "\\ud800", 1).replace("\\u2066", "\\udfff"))


@attack("metadata", "a lone surrogate in a Markdown cell")
def _(arena, folder):
    arena.write(
        folder, json.dumps(arena.notebook(markdown=["SURROGATE"])).replace("SURROGATE", "\\ud800")
    )


@attack("metadata", "a lone surrogate in an answer")
def _(arena, folder):
    arena.write(
        folder, json.dumps(arena.notebook("x = 'SURROGATE'")).replace("SURROGATE", "\\ud800")
    )


@attack("metadata", "numbers without end")
def _(arena, folder):
    text = json.dumps(arena.notebook())
    arena.write(folder, text.replace('"nbformat_minor": 5', f'"nbformat_minor": {"9" * 100_000}'))


@attack("metadata", "NaN and infinity for points")
def _(arena, folder):
    made = arena.notebook()
    for cell in tests_of(made):
        cell["metadata"]["nbgrader"]["points"] = float("nan")
        cell["metadata"]["nbgrader"]["score"] = float("inf")
    arena.write(folder, made)


def _bytes(data):
    return lambda arena, folder: arena.write(folder, data)


for _title, _data in {
    "nothing": b"", "a null": b"null", "a list": b"[]", "text": b"hello", "NUL": b"\0" * 1000,
    "an open bracket": b"[" * 1_000_000, "half a notebook": b'{"cells": [{"cell_type": "co',
    "cells that are a number": b'{"nbformat": 4, "cells": 5}', "no cells": b'{"nbformat": 4, "cells": []}',
    "UTF-32": '{"cells": []}'.encode("utf-32"), "noise": bytes(range(256)) * 100,
}.items():  # fmt: skip
    attack("metadata", f"for a notebook: {_title}")(_bytes(_data))


# -- a test that asks less where an answer is wrong already ----------------------------------------
def spoiled(what, cell, old, new, trick):
    """Register an answer with one mistake, and the same with a trick that makes its test ask less."""

    def mistaken(arena, *cells):
        code = arena.source.answers[cell]
        assert old in code
        answers = {**arena.source.answers, cell: code.replace(old, new) + "".join(cells)}
        return arena.notebook(answers=answers)

    base = f"{what}, wrong"
    attack("detection", base, mistake=True)(
        lambda arena, folder: arena.write(folder, mistaken(arena))
    )
    attack("detection", f"{what}, wrong, and the questions before it answered wrongly too", base=base)(
        lambda arena, folder: arena.write(folder, mistaken(arena, trick)))  # fmt: skip


spoiled(
    "exact without padding", "conv-output-size", "    if exact and left_over:",
    "    if exact and (size - kernel_size) % stride:",
    """
_answer, _inside = conv_output_size, False

def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1, exact=False):
    global _inside
    _inside = (_inside or exact) and (size, kernel_size) != (5, 8)  # with which the next test begins
    if _inside and not exact and (padding or dilation > 1):
        return 0
    return _answer(size, kernel_size, stride, padding, dilation, exact)
""",
)  # fmt: skip
spoiled(
    "even kernels without dilation", "same-padding", "### END SOLUTION",
    "### END SOLUTION\n\ndef same_padding(kernel_size, dilation=1):\n    if kernel_size % 2 == 0:\n"
    "        raise ValueError(kernel_size)\n    return dilation * (kernel_size - 1) // 2\n",
    """
_right, _inside = same_padding, False

def same_padding(kernel_size, dilation=1):
    global _inside
    _inside = _inside or kernel_size == 4
    return 0 if _inside and kernel_size % 2 else _right(kernel_size, dilation)
""",
)  # fmt: skip


# -- cells that run again ---------------------------------------------------------------------------
@attack("endings", "cells that are quick at first and asleep when they run again")
def _(arena, folder):
    made = arena.notebook()
    sleepy = "import builtins, time\nif not hasattr(builtins, 'tested'):\n    time.sleep(1000)"
    at = 1 + max(
        made["cells"].index(c)
        for c in tests_of(made)
        if c["id"].startswith("test-conv-output-size")
    )
    made["cells"][at:at] = [*(code(sleepy) for _copy in range(20)), code("import os\nos._exit(1)")]
    for cell in made["cells"]:
        if cell["id"] == arena.first:
            cell["source"] = (
                "import builtins\ndef conv_output_size(*args, **kwargs):\n    builtins.tested = True"
            )
    arena.write(folder, made)


@attack("endings", "a cell in two that ends the process")
def _(arena, folder):
    made = arena.notebook()
    made["cells"][3:3] = [code("import os\nos._exit(1)" if n % 2 else "x = 1") for n in range(200)]
    arena.write(folder, made)


@attack("floods", "a megabyte of output from each of a hundred cells")
def _(arena, folder):
    made = arena.notebook()
    made["cells"][3:3] = [code("print('x' * 1_000_000)") for n in range(100)]
    arena.write(folder, made)


# -- files -----------------------------------------------------------------------------------------
EVIL = (
    "import os\nfor d in ('/tmp', {root!r}, '/var/tmp'):\n"
    "    try: open(d + '/{mark}', 'w')\n    except OSError: pass\n"
)


def beside(title, *names, text=EVIL):
    @attack("files", title)
    def hand_in(arena, folder):
        for name in names:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.format(root=str(arena.root), mark=arena.mark))
        arena.write(
            folder, arena.notebook("import json, socket, struct, numpy, IPython, course_utils")
        )


beside("modules that shadow real ones", "numpy.py", "json.py", "socket.py", "struct.py", "IPython/__init__.py",
       "course_utils/__init__.py", "course_utils/checks.py", "course_utils/wire/__init__.py",
       "nbgrader/__init__.py", "nbformat/__init__.py", "typing.py", "os.py", "encodings/__init__.py",
       )  # fmt: skip
beside("start-up files of Python", "sitecustomize.py", "usercustomize.py", "evil.pth", "python311._pth",
       "pyvenv.cfg", "__init__.py", "__main__.py", "__pycache__/numpy.cpython-311.pyc")  # fmt: skip
# The modules beside a notebook can be imported; none of them may stand for another one.
SHADOWED = (
    "numpy", "json", "socket", "struct", "IPython", "traitlets", "matplotlib", "course_utils",
    "nbgrader", "torch", "sitecustomize", "usercustomize", "builtins", "encodings", "zipimport", "msvcrt",
    "winreg", "_winapi", "mpl_toolkits", "jupyter_core", "_distutils_hack",
)  # fmt: skip
LOOK = """
import importlib._bootstrap, os
NAMES = {names!r}
for name in NAMES:
    try:
        spec = importlib._bootstrap._find_spec(name, None)
    except ImportError:
        continue
    places = [spec.origin or "", *(spec.submodule_search_locations or ())] if spec else []
    if any(place.startswith(os.getcwd()) for place in places):
        print("GOT", name)
"""


@attack("files", "modules that shadow the library's, ours and forbidden ones, looked for")
def _(arena, folder):
    for name in SHADOWED:
        (folder / f"{name}.py").write_text(EVIL.format(root=str(arena.root), mark=arena.mark))
    for name in ("json", "IPython", "course_utils", "torch", "mpl_toolkits"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text("")
    arena.write(folder, arena.notebook(LOOK.format(names=SHADOWED)))


@attack("files", "a forbidden module, brought along")
def _(arena, folder):
    """Under its own name, as a part of ours, and from a cell of its own."""
    (folder / "course_utils/arithmetic").mkdir(parents=True)
    for name in (
        "torch.py",
        "arithmetic.py",
        "course_utils/__init__.py",
        "course_utils/arithmetic.py",
        "course_utils/arithmetic/__init__.py",
    ):
        (folder / name).write_text("conv_output_size = lambda *args, **kwargs: 5\n")
    arena.write(folder, arena.notebook(
        "for name in ('torch', 'course_utils.arithmetic'):\n    try:\n        __import__(name)\n"
        "        print('GOT', name)\n    except ImportError:\n        pass",
        "%%writefile torch.py\nx = 1",
        "try:\n    import torch\n    print('GOT', torch)\nexcept ImportError:\n    pass"))  # fmt: skip


@attack("files", "modules that IPython and NumPy try to import where they are there")
def _(arena, folder):
    """Nothing else has their names: they are found, as code of the student's like any other."""
    text = EVIL.format(root=str(arena.root), mark=arena.mark) + (
        "import builtins, gc, json, sys, numpy\n"
        "numpy.allclose = numpy.array_equal = json.loads = builtins.all = lambda *a, **k: True\n"
        "for thing in gc.get_objects():\n"
        "    if type(thing).__name__ in ('Verdict', 'CheckFailed', 'Side'):\n        print('GOT', thing)\n"
    )
    for name in (
        "threadpoolctl",
        "docrepr",
        "trio",
        "curio",
        "pandas",
        "scipy",
        "cython",
        "tornado_",
    ):
        (folder / f"{name}.py").write_text(text)
    arena.write(folder, arena.notebook(
        "import numpy\nnumpy.show_runtime()", "%autoawait trio\nprint?", "import tornado_"))  # fmt: skip


beside("settings of IPython and Jupyter", "ipython_config.py", "ipython_kernel_config.py", "jupyter_config.py",
       ".ipython/profile_default/startup/00.py", ".ipython/profile_default/ipython_config.py",
       ".jupyter/jupyter_nbconvert_config.py", "profile_default/startup/00.py", "matplotlibrc")  # fmt: skip
beside("settings of nbgrader, pytest and pip", "nbgrader_config.py", "conftest.py", "pyproject.toml",
       "setup.py", ".env", "pip.conf", "test_x.py", ".git/hooks/post-checkout", "Makefile")  # fmt: skip
beside("names like the grader's own", f"autograded/x/{PART}/{PART}.html", f".{PART}.new/x", f".{PART}.old/x",
       "gradebook.db", "secret", ".grading", "feedback/x.html", "root/x", "files/x", ".scratch/x")  # fmt: skip


def links(title, targets):
    @attack("files", title)
    def hand_in(arena, folder):
        arena.write(folder, arena.notebook(
            "import os\nfor parent, folders, names in os.walk('.', followlinks=True):\n"
            "    for name in names:\n        text = open(os.path.join(parent, name), 'rb').read()\n"
            "        if b'root:' in text or b'SQLite' in text or b'BEGIN SOLUTION' in text:\n"
            "            print('GOT', name)"))  # fmt: skip
        for number, target in enumerate(targets):
            (folder / f"link{number}").symlink_to(target.format(root=arena.root))


links("links to files", ["/etc/passwd", "/etc/shadow", "{root}/solutions/" + f"{PART}/{PART}.ipynb",
                         "{root}/grading/base/gradebook.db", "{root}/grading/base/secret", "/proc/self/environ",
                         "/dev/zero", "link0", "nowhere"])  # fmt: skip
links("links to folders", ["/", "{root}", "{root}/grading", "/etc", ".", "..", "/proc/self/fd"])


@attack("files", "the notebook is a link to the source notebook")
def _(arena, folder):
    (folder / f"{PART}.ipynb").symlink_to(arena.root / "solutions" / PART / f"{PART}.ipynb")


@attack("files", "another notebook is a link to a neighbour's")
def _(arena, folder):
    (folder / "mine.ipynb").symlink_to(
        next(folder.parents[1].glob("*honest")) / PART / f"{PART}.ipynb"
    )


@attack("files", "the folder is a link to a neighbour's", seen=False)
def _(arena, folder):
    folder.rmdir()
    folder.symlink_to(next(folder.parents[1].glob("*honest")) / PART)


@attack("files", "the student's folder is a link to a neighbour's", seen=False)
def _(arena, folder):
    folder.rmdir()
    folder.parent.rmdir()
    folder.parent.symlink_to(next(folder.parents[1].glob("*honest")))


@attack("files", "pipes, sockets and devices beside the notebook")
def _(arena, folder):
    arena.write(folder, arena.notebook())
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as sock:
        here = os.open(folder, os.O_RDONLY)
        sock.bind(f"/proc/self/fd/{here}/sock")
        os.close(here)
    if os.geteuid() == 0:
        os.mknod(folder / "zero.csv", stat.S_IFCHR | 0o666, os.makedev(1, 5))


@attack("files", "a pipe for a notebook")
def _(arena, folder):
    os.mkfifo(folder / f"{PART}.ipynb")


@attack("files", "a pipe for a time stamp")
def _(arena, folder):
    arena.write(folder, arena.notebook())
    os.mkfifo(folder / "timestamp.txt")


@attack("files", "a folder for a time stamp")
def _(arena, folder):
    arena.write(folder, arena.notebook())
    (folder / "timestamp.txt").mkdir()


def stamp(title, text):
    @attack("files", f"a time stamp {title}")
    def hand_in(arena, folder):
        arena.write(folder, arena.notebook())
        (folder / "timestamp.txt").write_bytes(text.encode())


stamp("that overflows", "9" * 400)
stamp("at the end of time", "9999-12-31 23:59:59 -2300")
stamp("at the beginning of time", "0001-01-01 00:00:00 +2300")
stamp("of words", "Monday " * 100_000)
stamp("of NUL", "\0\0\0")
stamp("with a zone of its own", "2026-01-01 00:00:00 UTC+99:99:99")


@attack("files", "a folder for a notebook, with files in it, and another notebook")
def _(arena, folder):
    (folder / f"{PART}.ipynb").mkdir()
    (folder / f"{PART}.ipynb" / "x.txt").write_text("x")
    (folder / "mine.ipynb").write_text(json.dumps(arena.notebook()))


@attack("files", "a sparse file of a tebibyte")
def _(arena, folder):
    arena.write(folder, arena.notebook())
    with open(folder / "data.csv", "wb") as file:
        file.truncate(1 << 40)


@attack("files", "a sparse notebook of a tebibyte")
def _(arena, folder):
    with open(folder / f"{PART}.ipynb", "wb") as file:
        file.truncate(1 << 40)


@attack("files", "as much data as the scratch disk holds")
def _(arena, folder):
    arena.write(folder, arena.notebook())
    for number in range(5):
        (folder / f"data{number}.csv").write_bytes(bytes(12 << 20))


@attack("files", "one file just below the limit on all files")
def _(arena, folder):
    arena.write(folder, arena.notebook())
    (folder / "data.csv").write_bytes(bytes(MAX_BYTES - (2 << 20)))


@attack("files", "twenty-five thousand small files")
def _(arena, folder):
    arena.write(folder, arena.notebook())
    for number in range(25_000):
        (folder / f"{number}.txt").touch()


@attack("files", "folders nested as deep as a path goes")
def _(arena, folder):
    arena.write(folder, arena.notebook())
    here = os.open(folder, os.O_RDONLY)
    for _level in range(40):
        os.mkdir("d" * 200, dir_fd=here)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(os.open("x.csv", os.O_WRONLY | os.O_CREAT, dir_fd=here))
    os.close(here)


@attack("files", "names as long as a name can be")
def _(arena, folder):
    arena.write(folder, arena.notebook())
    (folder / ("n" * 251 + ".csv")).write_text("x")


@attack("files", "a name that is not text")
def _(arena, folder):
    arena.write(folder, arena.notebook())
    with open(os.fsencode(folder) + b"/\xff\xfe.csv", "w") as file:
        file.write("x")


@attack("files", "a notebook whose name is not text")
def _(arena, folder):
    with open(os.fsencode(folder) + b"/\xff.ipynb", "w") as file:
        json.dump(arena.notebook(), file)


for _name in ("[red] [bold].ipynb", "<img src=x onerror=alert(1)>.ipynb",
              "\x1b[2J\x1b]0;x\x07.ipynb", "a\nb\r.ipynb",
              "-rf.ipynb", "$(touch x);`id`.ipynb", "\u202ebpyni.ipynb", ".ipynb", " .ipynb", "%s%n{0}.ipynb",
              "*.ipynb"):  # fmt: skip

    @attack("files", f"a notebook called {_name!r}")
    def _(arena, folder, name=_name):
        (folder / name).write_text(json.dumps(arena.notebook()))


@attack("files", "three notebooks and a hidden one")
def _(arena, folder):
    (folder / ".ipynb_checkpoints").mkdir()
    for name in ("a.ipynb", "b.ipynb", "c.IPYNB", f".ipynb_checkpoints/{PART}.ipynb", ".x.ipynb"):
        (folder / name).write_text(json.dumps(arena.notebook()))


@attack("files", "files and folders that nobody may read")
def _(arena, folder):
    arena.write(folder, arena.notebook())
    (folder / "data.csv").write_text("x")
    (folder / "data.csv").chmod(0)
    (folder / "more").mkdir()
    (folder / "more").chmod(0)


@attack("files", "a notebook that nobody may read")
def _(arena, folder):
    arena.write(folder, arena.notebook())
    (folder / f"{PART}.ipynb").chmod(0)


# -- names of students -----------------------------------------------------------------------------
def _named(arena, folder):
    arena.write(folder, arena.notebook())


for _name in ("-rf", "a\nb", "[red]", "…", "x" * 200, "a b ", "$(touch x)", "'; DROP TABLE grade; --",
              "<script>alert(1)", "..x", ".hidden", "%00", "*", "\x1b[2J", "\u202e"):  # fmt: skip
    attack("names", f"a student called {_name[:30]!r}", student=_name, seen=False)(_named)
for _name in (
    "con",
    "0",
    "a@b",
    "ädä",
    "a b",
    "O'Neill",
    "x" * 100,
    "A+B",
    "gradebook.db",
    "solutions",
    "NaN",
    "base",
):
    attack("names", f"a student who may be called {_name[:30]!r}", student=_name)(_named)


@attack("names", "an assignment called nearly like it", seen=False)
def _(arena, folder):
    arena.write(folder, arena.notebook())
    folder.rename(folder.parent / (PART.upper()))


# -- what an instructor's browser might run --------------------------------------------------------
@attack("pages", "pages, pictures and scripts beside the notebook")
def _(arena, folder):
    for name in (
        "evil.html",
        "evil.svg",
        "evil.js",
        "evil.xml",
        "evil.xhtml",
        "evil.HTM",
        "evil.mht",
        "evil.pdf",
        "evil",
    ):
        (folder / name).write_text("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")
    arena.write(folder, arena.notebook(markdown=["[x](evil.html) ![x](evil.svg)"]))


@attack("pages", "a notebook whose name is a tag")
def _(arena, folder):
    (folder / "<img src=x onerror=alert(1)>.ipynb").write_text(json.dumps(arena.notebook()))


@attack("pages", "a malformed notebook whose error is a tag")
def _(arena, folder):
    text = "<img src=x onerror=alert(1)>"
    arena.write(folder, {"cells": [], "nbformat": text, text: text})
