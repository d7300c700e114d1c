"""The command `course` itself, and what its verbs share."""

from __future__ import annotations

import contextlib
import datetime
import difflib
import importlib.metadata
import sys
from pathlib import Path

import click

import course_utils

EXIT_FINDING, EXIT_USAGE = 1, 2
# A student's copy has no rooms and no verbs of an instructor's.
IS_WHOLE = Path(__file__).with_name("instructor.py").is_file()


class Command(click.Command):
    """A command whose help ends with an example, on lines of its own."""

    def format_epilog(self, context, formatter):
        if self.epilog:
            with formatter.section("Example"):
                for line in self.epilog.splitlines():
                    formatter.write_text(line)


class Group(click.Group):
    """Commands that know what a mistyped verb may have been, and whose copy this is."""

    command_class = Command

    def format_commands(self, context, formatter):
        """Write the verbs for everybody first, then those that need the instructor's repository."""
        rows = {
            "For everybody": [],
            "For instructors, who have the solutions and the hidden tests": [],
        }
        own, others = rows.values()
        for name in self.list_commands(context):
            command = self.get_command(context, name)
            for_instructors = command.callback.__module__.endswith((".instructor", ".term"))
            (others if for_instructors else own).append((name, command.get_short_help_str(60)))
        for title, verbs in rows.items():
            if verbs:
                with formatter.section(title):
                    formatter.write_dl(verbs)

    def invoke(self, context):
        refuse_two_copies()
        return super().invoke(context)

    def resolve_command(self, context, args):
        try:
            return super().resolve_command(context, args)
        except click.UsageError as error:
            near = difflib.get_close_matches(args[0], self.list_commands(context), 1)
            if near:
                error.message += f" Did you mean {near[0]!r}?"
            elif not IS_WHOLE:
                raise click.ClickException(
                    f"{error.message} This is a student's copy of the course: to release and to grade needs "
                    "the instructor's repository."
                ) from None
            raise


def refuse_two_copies() -> None:
    """Stop where the students' package hides the course's own library, or the other way round."""
    found = []
    for name in ("convnet-course", "convnet-course-student"):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found.append(importlib.metadata.distribution(name).metadata["Name"])
    if len(found) > 1:
        raise click.UsageError(
            f"{' and '.join(found)} are both installed in {sys.prefix}, and Python sees the library of one, "
            f"{Path(course_utils.__file__).parent}. Take the students' package out and set the course up: "
            "python -m pip uninstall -y convnet-course-student, then, in the folder of the course, "
            "python -m pip install --no-deps -e ."
        )


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(course_utils.__version__, prog_name="course")
def main():
    """Check your work; instructors release, grade and give feedback.

    PART is a number (01 or 1) or an assignment's whole name. Exit codes: 0 fine, 1 something was found, 2 the
    command was not understood, 130 interrupted.
    """


@contextlib.contextmanager
def problems():
    """Turn what a person has to put right into one line and an exit code."""
    from course_utils.course.folders import CourseError, UsageProblem

    try:
        yield
    except UsageProblem as error:
        click.echo(f"course: {error}", err=True)
        sys.exit(EXIT_USAGE)
    except CourseError as error:
        click.echo(f"course: {error}", err=True)
        sys.exit(EXIT_FINDING)
    except KeyboardInterrupt:
        click.echo("course: interrupted; run the same command again to continue", err=True)
        sys.exit(130)


def open_course(part=None):
    """Return the course that we are in, and the whole name of a part if one is asked for."""
    from course_utils.course.folders import Course

    course = Course.find()
    return (course, course.assignment(part)) if part else course


def parts_of(course, parts):
    """Return the whole names of some parts, of all if none is named."""
    return [course.assignment(part) for part in parts] or course.assignments


def console():
    """Return where tables are printed."""
    from rich.console import Console

    return Console(highlight=False)


def short(path, course):
    """Return a path as it is seen from the course's folder, whole if it is elsewhere."""
    return path.relative_to(course.root) if path.is_relative_to(course.root) else path


@contextlib.contextmanager
def progress(title, wanted=True, in_bytes=False):
    """Show a progress bar on the terminal; yields ``tick(done, of)``.

    Of bytes it shows how many come a second, and how long the rest takes.
    """
    if not wanted:
        yield lambda done, of: None
        return
    from rich import progress as rich
    from rich.console import Console

    if in_bytes:
        kinds = rich.DownloadColumn, rich.TransferSpeedColumn, rich.TimeRemainingColumn
    else:
        kinds = rich.MofNCompleteColumn, rich.TimeElapsedColumn
    columns = (rich.TextColumn(title), rich.BarColumn(), *(kind() for kind in kinds))
    with rich.Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def both_times(due):
    """Return a time in UTC, as it is kept, and as it is here."""
    here = due.replace(tzinfo=datetime.UTC).astimezone()
    return (
        f"{due:%Y-%m-%d %H:%M} UTC, {here:%Y-%m-%d %H:%M} in local time ({here:%Z}, UTC{here:%z})"
    )
