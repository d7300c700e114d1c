"""Verbs for everybody: check your own work, fetch data, look at this machine."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import click

from course_utils.cli.group import (
    EXIT_FINDING,
    IS_WHOLE,
    console,
    main,
    open_course,
    problems,
    progress,
)


@main.command(epilog="course check 01        the whole part\ncourse check 01 1.3    one exercise")
@click.argument("part")
@click.argument("exercise", required=False)
@click.option(
    "--notebook", type=click.Path(path_type=Path), help="Your notebook, if it is elsewhere."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(part, exercise, notebook, as_json):
    """Run the tests of your own notebook and say what is missing.

    Your notebook is run from top to bottom in a fresh process; the file is not changed. PART may also be the
    path of the notebook, and needs no course around it. With the instructor's repository the hidden tests run
    too.
    """
    from course_utils.judging.selfcheck import check_notebook, print_check

    with problems():
        result = check_notebook(part, exercise, notebook, _generated())
        if as_json:
            click.echo(json.dumps(result.as_dict(), indent=1))
        else:
            print_check(console(), result)
    sys.exit(0 if result.passed else EXIT_FINDING)


def _generated():
    """Return what generates a release version, None in a student's copy."""
    if not IS_WHOLE:
        return None
    from course_utils.authoring.release import generated

    return generated


@main.command(
    epilog="course data                                  what is here\n"
    "course data cifar-10                         fetch it\n"
    "course data cifar-10 --from Downloads/cifar-10-python.tar.gz"
)
@click.argument("name", required=False, metavar="[NAME]")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, exists=True),
    help="A file that you have, or the folder of it; nothing is downloaded.",
)
def data(name, source):
    """Say which data sets are here, or fetch one and check it.

    NAME is fashion-mnist (31 MB) or cifar-10 (170 MB). Files go to $COURSE_DATA, or to your cache folder where
    that is not set. Interrupted, a download continues where it stopped.
    """
    from course_utils.course.folders import UsageProblem
    from course_utils.data import DataError
    from course_utils.data.store import PUBLISHED, bring, inventory

    with problems():
        if name is None:
            if source:
                raise UsageProblem(
                    f"--from needs a data set: course data {' or '.join(PUBLISHED)} --from PATH"
                )
            lines, damaged = inventory()
            click.echo("\n".join(lines))
            sys.exit(EXIT_FINDING if damaged else 0)
        if name not in PUBLISHED:
            raise UsageProblem(f"no data set {name!r} to fetch: there is {', '.join(PUBLISHED)}")
        try:
            with progress(f"Fetching {name}", source is None, in_bytes=True) as tick:
                files = bring(name, source, tick)
        except DataError as error:
            click.echo(f"course: {error}", err=True)
            sys.exit(EXIT_FINDING)
        many = f"{len(files)} files" if len(files) > 1 else files[0].name
        click.echo(f"{name}: {many} checked, in {files[0].parent}")


@main.command(epilog="course lab")
@click.option("--allow-root", is_flag=True, help="Also as root, in a container of your own.")
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def lab(allow_root, options):
    """Open JupyterLab at the first lecture, with the whole course in its file browser.

    What follows -- goes to JupyterLab: course lab -- --port 8890 --no-browser
    """
    from course_utils.course.lab import command, environment

    with problems():
        course = open_course()
        asked = [*command(course, IS_WHOLE, allow_root), *options]
        given = environment(os.environ, IS_WHOLE)
        os.chdir(course.root)  # where nbgrader looks for its settings
        if os.name == "posix":  # JupyterLab then has the terminal and its Ctrl-C to itself
            os.execve(asked[0], asked, given)
        sys.exit(subprocess.run(asked, env=given).returncode)


@main.command(epilog="course doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
def doctor(as_json):
    """Say what works on this machine, and what to install for the rest."""
    from course_utils.course.folders import Course, CourseError
    from course_utils.doctor import examine

    root = None
    with contextlib.suppress(CourseError):
        root = Course.find().root
    found = examine(root, alone=root is None and not IS_WHOLE)
    for finding in found:
        mark = {"ok": "ok     ", "note": "note   ", "missing": "MISSING"}[finding.level]
        click.echo(
            json.dumps(vars(finding)) if as_json else f"{mark}  {finding.what}: {finding.said}"
        )
    sys.exit(EXIT_FINDING if any(f.level == "missing" for f in found) else 0)
