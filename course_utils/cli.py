"""The command `course`: a student's check and an instructor's day."""

from __future__ import annotations

import contextlib
import datetime
import json
import sys
from pathlib import Path

import click

EXIT_FINDING, EXIT_USAGE = 1, 2


@contextlib.contextmanager
def _problems():
    """Turn what a person has to put right into one line and an exit code."""
    from course_utils.grading.course import CourseError, UsageProblem

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


def _course(part=None):
    from course_utils.grading.course import Course

    course = Course.find()
    return (course, course.assignment(part)) if part else course


def _parts(course, parts):
    return [course.assignment(part) for part in parts] or course.assignments


def _console():
    from rich.console import Console

    return Console(highlight=False)


class _Command(click.Command):
    """A command whose help ends with an example, on lines of its own."""

    def format_epilog(self, context, formatter):
        if self.epilog:
            with formatter.section("Example"):
                for line in self.epilog.splitlines():
                    formatter.write_text(line)


class _Group(click.Group):
    command_class = _Command

    def resolve_command(self, context, args):
        try:
            return super().resolve_command(context, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(args[0], self.list_commands(context), 1)
            if near:
                error.message += f" Did you mean {near[0]!r}?"
            raise


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="convnet-course", prog_name="course")
def main():
    """Check your work, or release, grade and give feedback.

    PART is a number (01 or 1) or an assignment's whole name. Exit codes: 0 fine, 1 something was found, 2 the
    command was not understood, 130 interrupted.
    """


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
    from course_utils.grading.selfcheck import check_notebook, print_check

    with _problems():
        result = check_notebook(part, exercise, notebook)
        if as_json:
            click.echo(json.dumps(result.as_dict(), indent=1))
        else:
            print_check(_console(), result)
    sys.exit(0 if result.passed else EXIT_FINDING)


@main.command(epilog='course release 01 --due "2026-12-01 23:59"')
@click.argument("part")
@click.option("--due", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%d %H:%M"]), help="Due date, UTC.")
@click.option(
    "--force", is_flag=True, help="Replace a release that was edited by hand (a copy is kept)."
)
def release(part, due, force):
    """Generate the students' version of an assignment from its source.

    nbgrader generates it; then it is proved to hold no solution and no hidden test. The gradebook learns the
    cells and the due date.
    """
    from course_utils.grading import gradebook
    from course_utils.grading import release as releases

    with _problems():
        course, name = _course(part)
        changed = releases.release(course, name, force)
        if due:
            gradebook.Gradebook(course, click.echo).set_due(name, due)
            click.echo(_due(due))
        folder = (course.releases / name).relative_to(course.root)
        click.echo(
            f"{folder}: {'written' if changed else 'was up to date'}, no solutions, no hidden tests"
        )


def _due(due):
    """Return a due date, which is read as UTC, as it is here too."""
    here = due.replace(tzinfo=datetime.UTC).astimezone()
    return (
        f"due {due:%Y-%m-%d %H:%M} UTC (--due is read as UTC): "
        f"{here:%Y-%m-%d %H:%M} in local time ({here:%Z}, UTC{here:%z})"
    )


@main.command(epilog="course verify         every part\ncourse verify 01 --json")
@click.argument("parts", nargs=-1)
@click.option(
    "--mutants",
    is_flag=True,
    help="Also change each solution a little: which changes go unnoticed?",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify(parts, mutants, as_json):
    """Prove that assignments are fit to be graded.

    The release equals what the source generates and gives nothing away; the solution gets full marks and a
    blank none; every sample answer of the bank is graded as it declares.
    """
    from course_utils.grading.mutate import survivors
    from course_utils.grading.show_results import print_verified
    from course_utils.grading.verify import verify as prove

    with _problems():
        course = _course()
        reports = {}
        for name in _parts(course, parts):
            with _progress(f"Verifying {name}", not as_json) as tick:
                reports[name] = prove(course, name, tick)
            if mutants:
                with _progress(f"Mutants of {name}", not as_json) as tick:
                    reports[name].findings += map(str, survivors(course, name, tick))
    if as_json:
        tables = {
            name: {"findings": r.findings, "exercises": [vars(row) for row in r.rows.values()]}
            for name, r in reports.items()
        }
        click.echo(json.dumps(tables, indent=1))
    else:
        for name, report in reports.items():
            print_verified(_console(), name, report)
    sys.exit(EXIT_FINDING if any(r.findings for r in reports.values()) else 0)


@main.command(
    epilog="course grade 01            what is new or has changed\ncourse grade 01 --dry-run"
)
@click.argument("part")
@click.option("--again", is_flag=True, help="Grade everything again; manual grades are kept.")
@click.option("--dry-run", is_flag=True, help="Store nothing; say who would gain or lose what.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes (default: one per core).")
@click.option("--unconfined", is_flag=True, help="Grade where students' code cannot be confined.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per submission.")
def grade(part, again, dry_run, workers, unconfined, as_json):
    """Autograde the submissions of a part against the hidden tests.

    Reads grading/submitted/STUDENT/NN_name/, writes the gradebook and grading/autograded/. Interrupted, it
    continues where it stopped. After a test was mended it grades again and says who gained or lost what; manual
    grades and comments stay.
    """
    from course_utils.grading.workers import load

    load()  # beside us
    from course_utils.grading.grade import NOT_GRADED, submissions
    from course_utils.grading.show_results import print_changes, print_class

    with _problems():
        course, name = _course(part)
        results = grade_class(course, name, as_json, again, dry_run, workers or 0, not unconfined)
        if not as_json:
            print_class(_console(), course, name, results, dry_run)
            print_changes(_console(), course, name, results, dry_run)
        left = [
            f"{r.student}: {' '.join(r.notes)}" for r in results.values() if r.outcome == NOT_GRADED
        ]
        left += [f"Not a submission: {line}." for line in submissions(course, name)[1]]
        if left:
            click.echo("\n".join(left), err=True)
            sys.exit(EXIT_FINDING)


def grade_class(course, name, as_json=False, again=False, dry=False, workers=0, confined=True):
    """Grade with a progress bar (or a JSON line each) and return the results by student."""
    from course_utils.grading.grade import Grader, submissions

    results = {}
    say = (lambda text: click.echo(text, err=True)) if as_json else click.echo
    grader = Grader(course, name, workers, say, confined)
    total = len(submissions(course, name)[0])
    with _progress(f"Grading {name}", not as_json) as tick:
        for result in grader.run(again, dry):
            results[result.student] = result
            tick(len(results), total)
            if as_json:
                marked = {} if dry else _marked(grader.gradebook, name, result.student)
                click.echo(json.dumps(result.as_dict() | marked))
    return dict(sorted(results.items()))


def _marked(gradebook, name, student):
    """Return what the gradebook has for a student, for a line of JSON."""
    marks = gradebook.marks(name, student)
    if student not in marks:  # not graded
        return {}
    mark = marks[student]
    return {"points": mark.score, "penalty": mark.penalty, "waiting": sorted(mark.waiting)}


@main.command(epilog="course feedback 01\ncourse feedback 01 --student ada")
@click.argument("part")
@click.option("--student", help="One student only.")
def feedback(part, student):
    """Write feedback pages for students, without the source of any test."""
    from course_utils.grading.feedback import write_feedback

    with _problems():
        course, name = _course(part)
        pages = write_feedback(course, name, student)
        click.echo(
            f"{len(pages)} page{'s' * (len(pages) != 1)} in {_short(course.feedback, course)}"
        )


@main.command(epilog="course report 01")
@click.argument("part")
def report(part):
    """Write one page about a graded part: distribution, exercises, misconceptions, outcomes."""
    from course_utils.grading.report import write_report

    with _problems():
        course, name = _course(part)
        click.echo(_short(write_report(course, name), course))


@main.command(epilog="course export 01\ncourse export 01 --to marks.csv")
@click.argument("part")
@click.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file (default: grading/exports/NN_name.csv).",
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def export(part, to, force):
    """Write the marks of a part as CSV.

    The columns are nbgrader's, then a status (graded, waits for a person, nothing handed in) and the points
    that still wait.
    """
    from course_utils.grading.course import UsageProblem
    from course_utils.grading.export import default_path
    from course_utils.grading.export import export as write

    with _problems():
        course, name = _course(part)
        path = to.absolute() if to else default_path(course, name)
        if path.exists() and not force:
            raise UsageProblem(
                f"{to or path} is there already; choose another name with --to, or add --force"
            )
        counts = write(course, name, path)
        told = ", ".join(f"{status}: {n}" for status, n in counts.items() if n)
        click.echo(f"{to or _short(path, course)}: {told}")


def _short(path, course):
    """Return a path as it is seen from the course's folder, whole if it is elsewhere."""
    return path.relative_to(course.root) if path.is_relative_to(course.root) else path


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
    from course_utils.data import DataError
    from course_utils.data.fetch import NAMES, bring, inventory
    from course_utils.grading.course import UsageProblem

    with _problems():
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
            with _progress(f"Fetching {name}, kB", source is None) as tick:
                folder = bring(source, lambda done, of: tick(done // 1000, of // 1000))
        except DataError as error:
            click.echo(f"course: {error}", err=True)
            sys.exit(EXIT_FINDING)
        click.echo(f"{name}: all four files checked, in {folder}")


@main.command(epilog="course doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
def doctor(as_json):
    """Say what works on this machine, and what to install for the rest."""
    from course_utils.grading.course import Course, CourseError
    from course_utils.grading.doctor import examine

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


@main.command(epilog="course demo")
def demo():
    """Grade a sample class from release to feedback, in grading/demo, and show what comes out."""
    from course_utils.grading.demo import run_demo

    with _problems():
        sys.exit(0 if run_demo(_console()) else EXIT_FINDING)


@contextlib.contextmanager
def _progress(title, wanted=True):
    """Show a progress bar on the terminal; yields ``tick(done, of)``."""
    if not wanted:
        yield lambda done, of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


if __name__ == "__main__":
    main()
