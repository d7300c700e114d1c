"""Modules beside a notebook, or written by its cells, can be imported where nothing else has their name."""

import tempfile
from pathlib import Path

import pytest

from course_utils.course.source import LIMITS
from course_utils.jail import confine
from course_utils.jail.imports import Beside
from course_utils.jail.jail import Zygote

pytestmark = pytest.mark.grading

FORBIDDEN = ("torch", "course_utils.arithmetic")
FILES = {
    "helper.py": "def half(x):\n    return x // 2",
    "tools/__init__.py": "",
    "tools/sizes.py": "from helper import half\nquarter = lambda x: half(half(x))",
    "plain/inner.py": "value = 7",
    **dict.fromkeys(
        ("json.py", "numpy.py", "msvcrt.py", "torch.py", "mpl_toolkits.py"), "OURS = 1"
    ),
    "course_utils/arithmetic.py": "OURS = 1",
}
IMPORTED = {
    "a module": "from helper import half\nassert half(5) == 2",
    "a package": "from tools.sizes import quarter\nassert quarter(8) == 2",
    "a folder": "import plain.inner\nassert plain.inner.value == 7",
    "after another folder was entered": "import os\nos.chdir('/tmp')\nimport helper",
}
WRITTEN = ["import late", "%%writefile late.py\nvalue = 5", "import late\nassert late.value == 5"]
NOT_REPLACED = {
    "the standard library": "import json\nassert not hasattr(json, 'OURS')",
    "what is installed": "import numpy\nassert not hasattr(numpy, 'OURS')",
    "an installed folder without __init__": "import mpl_toolkits\nassert not hasattr(mpl_toolkits, 'OURS')",
}
NOT_FOUND = {
    "the standard library of another system": "import msvcrt",
    "a forbidden module": "import torch",
    "a forbidden module of ours": "import course_utils.arithmetic",
}


@pytest.fixture(scope="module")
def zygote():
    with Zygote(confined=not confine.missing()) as made:
        yield made


@pytest.fixture
def jail(zygote):
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        Path(name, "root").mkdir()
        for path, text in FILES.items():
            place = Path(name, "files", path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
        made = zygote.fork(Path(name), LIMITS, FORBIDDEN)
        yield made
        made.end()


@pytest.mark.parametrize("code", IMPORTED.values(), ids=IMPORTED)
def test_what_lies_beside_the_notebook_is_imported(jail, code):
    assert jail.run(code) is None


def test_a_module_that_a_cell_writes_is_imported_even_if_it_was_looked_for_before(jail):
    missing, *rest = map(jail.run, WRITTEN)
    assert missing.type_name == "ModuleNotFoundError" and rest == [None, None]


@pytest.mark.parametrize("code", NOT_REPLACED.values(), ids=NOT_REPLACED)
def test_it_replaces_nothing(jail, code):
    assert jail.run(code) is None


@pytest.mark.parametrize("code", NOT_FOUND.values(), ids=NOT_FOUND)
def test_it_adds_nothing_that_must_not_be_there(jail, code):
    assert jail.run(code).type_name == "ModuleNotFoundError"


def test_names_that_python_starts_with_are_not_looked_for(tmp_path):
    for name in ("sitecustomize", "helper", "torch"):
        (tmp_path / f"{name}.py").touch()
    finder = Beside(str(tmp_path), ["torch"])
    found = [n for n in ("sitecustomize", "helper", "torch") if finder.find_spec(n)]
    assert found == ["helper"]
