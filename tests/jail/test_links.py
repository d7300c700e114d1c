"""A course whose `.venv` is a link, to another disk say, is confined as any other."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.jail import confine

pytestmark = [
    pytest.mark.grading,
    pytest.mark.skipif(bool(confine.missing()), reason="nothing can be confined here"),
]

PROGRAM = """
import tempfile
from pathlib import Path
from course_utils.course.source import LIMITS
from course_utils.jail.jail import Zygote

with Zygote() as zygote, tempfile.TemporaryDirectory() as name:
    Path(name).chmod(0o755)
    Path(name, "root").mkdir()
    jail = zygote.fork(Path(name), LIMITS, ("rich", "course_utils.arithmetic"))
    for code in CODES:
        error = jail.run(code)
        print(error.type_name if error else "done")
    jail.end()
"""
CODES = {
    "import numpy": "done",
    "import course_utils.data": "done",
    "import rich": "ModuleNotFoundError",
    "import course_utils.arithmetic": "ModuleNotFoundError",
    "import course_utils.judging.referee": "ModuleNotFoundError",
}
# Through the other name of the folder, too.
LOOK = "import sys, pathlib\nassert not any(pathlib.Path({!r}).glob('lib/python*/site-packages/rich/*.py'))"


def test_a_linked_environment_is_there_and_hides_what_is_forbidden(tmp_path):
    linked = tmp_path / "linked"
    linked.symlink_to(sys.prefix)
    looks = [LOOK.format(name) for name in (str(linked), os.path.realpath(sys.prefix))]
    program = PROGRAM.replace("CODES", repr([*CODES, *looks]))
    done = subprocess.run(
        [linked / "bin" / Path(sys.executable).name, "-c", program], capture_output=True, text=True
    )
    assert done.stdout.split() == [*CODES.values(), "done", "done"], done.stderr
