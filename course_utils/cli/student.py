"""Verbs for everybody: check your own work, fetch data, look at this machine."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path

import click

from course_utils.cli.group import EXIT_FINDING, IS_WHOLE, console, main, problems, progress


@main.command(epilog="course check 01        the whole part\ncourse check 01 1.3    one exercise")
@click.argument("part")
@click.argument("exercise", required=False)
@click.option(
    "--notebook", type=click.Path(path_type=Path), help="Your notebook, if it is elsewhere."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(part, exercise, notebook, as_json):
    """Run the tests of your own notebook and say what is missing.

    Your notebook is run from top to bottom in a fresh process; the file is not changed. With the instructor's
    repository the hidden tests run too.
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
    "course data fashion-mnist                    fetch it (31 MB)\n"
    "course data fashion-mnist --from Downloads   take the four .gz files from there"
)
@click.argument("name", required=False, metavar="[NAME]")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="A folder that has the files; nothing is downloaded.",
)
def data(name, source):
    """Say which data sets are here, or fetch one and check it.

    Files go to $COURSE_DATA, or to your cache folder where that is not set. Interrupted, a download continues
    where it stopped.
    """
    from course_utils.course.folders import UsageProblem
    from course_utils.data import DataError
    from course_utils.data.fetch import NAMES, bring, inventory

    with problems():
        if name is None:
            if source:
                raise UsageProblem(
                    "--from needs a data set: course data fashion-mnist --from FOLDER"
                )
            lines, damaged = inventory()
            click.echo("\n".join(lines))
            sys.exit(EXIT_FINDING if damaged else 0)
        if name not in NAMES:
            raise UsageProblem(f"no data set {name!r} to fetch: there is {', '.join(NAMES)}")
        try:
            with progress(f"Fetching {name}, kB", source is None) as tick:
                folder = bring(source, lambda done, of: tick(done // 1000, of // 1000))
        except DataError as error:
            click.echo(f"course: {error}", err=True)
            sys.exit(EXIT_FINDING)
        click.echo(f"{name}: all four files checked, in {folder}")


@main.command(epilog="course doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
def doctor(as_json):
    """Say what works on this machine, and what to install for the rest."""
    from course_utils.course.folders import Course, CourseError
    from course_utils.doctor import examine

    root = None
    with contextlib.suppress(CourseError):
        root = Course.find().root
    found = examine(root)
    for finding in found:
        mark = {"ok": "ok     ", "note": "note   ", "missing": "MISSING"}[finding.level]
        click.echo(
            json.dumps(vars(finding)) if as_json else f"{mark}  {finding.what}: {finding.said}"
        )
    sys.exit(EXIT_FINDING if any(f.level == "missing" for f in found) else 0)
