"""Verbs for instructors: release, verify, grade, give back."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from course_utils.cli.group import (
    EXIT_FINDING,
    both_times,
    console,
    main,
    open_course,
    parts_of,
    problems,
    progress,
    short,
)


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
    from course_utils.authoring import release as releases
    from course_utils.grading import gradebook

    with problems():
        course, name = open_course(part)
        changed = releases.release(course, name, force)
        if due:
            gradebook.Gradebook(course, click.echo).set_due(name, due)
            click.echo(f"due {both_times(due)}; --due is read as UTC")
        folder = (course.releases / name).relative_to(course.root)
        click.echo(
            f"{folder}: {'written' if changed else 'was up to date'}, no solutions, no hidden tests"
        )


@main.command(epilog="course verify         every part\ncourse verify 02 --exercise 2.3 --mutants")
@click.argument("parts", nargs=-1)
@click.option("--exercise", help="Look at one exercise of the part, such as 2.3.")
@click.option(
    "--mutants",
    is_flag=True,
    help="Also change each solution a little: which changes go unnoticed?",
)
@click.option(
    "--secrets",
    type=click.IntRange(1),
    metavar="N",
    help="Also grade with the hidden inputs of N other courses: does a mark hang on them?",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify(parts, exercise, mutants, secrets, as_json):
    """Prove that assignments are fit to be graded.

    The release equals what the source generates and gives nothing away; the solution gets full marks and a
    blank none; every sample answer of the bank is graded as it declares.
    """
    from course_utils.authoring.mutate import survivors
    from course_utils.authoring.verify import print_verified, unsteady
    from course_utils.authoring.verify import verify as prove

    with problems():
        course = open_course()
        reports = {}
        for name in parts_of(course, parts):
            with progress(f"Verifying {name}", not as_json) as tick:
                reports[name] = prove(course, name, tick, exercise)
            if secrets:
                with progress(f"Other secrets for {name}", not as_json) as tick:
                    found = unsteady(course, name, secrets, tick, exercise)
                    reports[name].findings += found
            if mutants:
                with progress(f"Mutants of {name}", not as_json) as tick:
                    reports[name].findings += map(str, survivors(course, name, tick, exercise))
    if as_json:
        tables = {
            name: {"findings": r.findings, "exercises": [vars(row) for row in r.rows.values()]}
            for name, r in reports.items()
        }
        click.echo(json.dumps(tables, indent=1))
    else:
        for name, report in reports.items():
            print_verified(console(), name, report)
    sys.exit(EXIT_FINDING if any(r.findings for r in reports.values()) else 0)


@main.command(
    epilog="course grade 01            what is new or has changed\n"
    "course grade 01 --student ada --again\ncourse grade 01 02 --dry-run\n"
    "course grade 01 --cluster tls://head:8786"
)
@click.argument("parts", nargs=-1, required=True)
@click.option("--student", "students", multiple=True, help="Only this one; may be repeated.")
@click.option(
    "--again", is_flag=True, help="Grade again what has not changed; manual grades are kept."
)
@click.option("--dry-run", is_flag=True, help="Store nothing; say who would gain or lose what.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes (default: one per core).")
@click.option("--cluster", metavar="ADDRESS", help="Grade on a Dask cluster: tls://HOST:8786.")
@click.option("--unconfined", is_flag=True, help="Grade where students' code cannot be confined.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per submission.")
def grade(parts, students, again, dry_run, workers, cluster, unconfined, as_json):
    """Autograde the submissions of parts against the hidden tests.

    Reads grading/submitted/STUDENT/NN_name/, writes the gradebook and grading/autograded/. Interrupted, it
    continues where it stopped. After a test was mended it grades again and says who gained or lost what; manual
    grades and comments stay. Two people may grade two parts at once.
    """
    if workers and cluster:
        raise click.UsageError("--workers counts processes of this machine: not with --cluster")
    if not cluster:
        from course_utils.grading.workers import load

        load("course_utils.grading.grade")  # beside us
    from course_utils.grading.grade import NOT_GRADED, submissions
    from course_utils.grading.show_results import print_changes, print_class

    with problems():
        course, left, executor = open_course(), [], None
        if cluster:
            from course_utils.grading.cluster import Cluster

            executor = Cluster(cluster)
        for name in parts_of(course, parts):
            results = grade_class(
                course,
                name,
                as_json,
                again,
                dry_run,
                workers or 0,
                not unconfined,
                students,
                executor,
            )
            if not as_json:
                print_class(console(), course, name, results, dry_run)
                print_changes(console(), course, name, results, dry_run)
            left += [
                f"{r.student}: {' '.join(r.notes)}"
                for r in results.values()
                if r.outcome == NOT_GRADED
            ]
            left += [f"Not a submission: {line}." for line in submissions(course, name)[1]]
        if left:
            click.echo("\n".join(dict.fromkeys(left)), err=True)
            sys.exit(EXIT_FINDING)


def grade_class(
    course, name, as_json=False, again=False, dry=False, workers=0, confined=True, students=(),
    executor=None,
):  # fmt: skip
    """Grade with a progress bar (or a JSON line each) and return the results by student."""
    from course_utils.grading.grade import Grader, submissions

    results = {}
    say = (lambda text: click.echo(text, err=True)) if as_json else click.echo
    grader = Grader(course, name, workers, say, confined, executor)
    total = len(submissions(course, name, students)[0])
    with progress(f"Grading {name}", not as_json) as tick:
        for result in grader.run(again, dry, students):
            results[result.student] = result
            tick(len(results), total)
            if as_json:
                marked = {} if dry else _marked(grader.gradebook, name, result.student)
                click.echo(json.dumps({"assignment": name} | result.as_dict() | marked))
    return dict(sorted(results.items()))


def _marked(gradebook, name, student):
    """Return what the gradebook has for a student, for a line of JSON."""
    marks = gradebook.marks(name, student)
    if student not in marks:  # not graded
        return {}
    mark = marks[student]
    return {"points": mark.score, "penalty": mark.penalty, "waiting": sorted(mark.waiting)}


@main.command(
    epilog="course feedback 01\ncourse feedback 01 02 --student ada\ncourse feedback 01 --zip"
)
@click.argument("parts", nargs=-1, required=True)
@click.option("--student", help="One student only.")
@click.option("--zip", "zipped", is_flag=True, help="Also one archive for the learning platform.")
def feedback(parts, student, zipped):
    """Write feedback pages for students, without the source of any test."""
    from course_utils.grading.feedback import write_feedback, zip_feedback

    with problems():
        course = open_course()
        for name in parts_of(course, parts):
            pages = write_feedback(course, name, student)
            where = short(course.feedback, course)
            click.echo(f"{name}: {len(pages)} page{'s' * (len(pages) != 1)} in {where}")
            if zipped:
                path, platform = zip_feedback(course, name, pages)
                click.echo(f"{short(path, course)}: as {platform} calls it")


@main.command(epilog="course report 01\ncourse report 01 02 03")
@click.argument("parts", nargs=-1, required=True)
def report(parts):
    """Write one page about each graded part: distribution, exercises, misconceptions, outcomes."""
    from course_utils.grading.report import write_report

    with problems():
        course = open_course()
        for name in parts_of(course, parts):
            click.echo(short(write_report(course, name), course))


@main.command(
    epilog="course export 01\ncourse export 01 02 03 --to marks.csv\n"
    "course export 01 --for canvas --column 'Part 01 (4711)'"
)
@click.argument("parts", nargs=-1, required=True)
@click.option(
    "--for", "form", type=click.Choice(["nbgrader", "canvas", "moodle"]), default="nbgrader",
    help="Who reads the file.",
)  # fmt: skip
@click.option(
    "--column", "columns", multiple=True, help="What the platform calls the part; one for each."
)
@click.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file (default: in grading/exports/).",
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def export(parts, form, columns, to, force):
    """Write marks as CSV, of one part or of several in one table.

    The columns are nbgrader's, then a status (graded, waits for a person, nothing handed in, excused) and the
    points that still wait; or those that Canvas or Moodle imports, without the marks that wait for a person.
    """
    from course_utils.course.folders import UsageProblem
    from course_utils.grading.export import NOTHING, default_path
    from course_utils.grading.export import export as write

    with problems():
        course = open_course()
        names = parts_of(course, parts)
        path = to.absolute() if to else default_path(course, names, form)
        if path.exists() and not force:
            raise UsageProblem(
                f"{to or path} is there already; choose another name with --to, or add --force"
            )
        for name, states in write(course, names, path, form, columns).items():
            told = ", ".join(f"{status}: {len(who)}" for status, who in states.items() if who)
            told += f" ({', '.join(states[NOTHING])})" if states[NOTHING] else ""
            whose = f" {name}:" if len(names) > 1 else ""
            click.echo(f"{to or short(path, course)}:{whose} {told}")


@main.command(epilog="course demo")
def demo():
    """Grade a sample class from release to feedback, in grading/demo, and show what comes out."""
    from course_utils.authoring.demo import run_demo

    with problems():
        sys.exit(0 if run_demo(console(), grade_class) else EXIT_FINDING)
