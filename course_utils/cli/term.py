"""Verbs for the days of a term: who is in the course, what was handed in, more time, written answers."""

from __future__ import annotations

import datetime
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


@main.command(
    epilog="course roster students.csv\ncourse roster participants.csv --id-column 'ID number'"
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--id-column", default="", help="The column that is the id (default: found by its name)."
)
def roster(file, id_column):
    """Bring a list of students into the gradebook.

    The CSV is one that Moodle, Canvas, Blackboard, Brightspace or nbgrader writes. Nobody is removed, and no
    mark is touched; what the list leaves empty stays as it was.
    """
    from course_utils.grading.roster import merge, read_roster

    with problems():
        people = read_roster(file, id_column)
        merged = merge(open_course(), people)
        example = people[0]
        click.echo(
            f"{len(people)} people, ids like {example.id!r} ({example.name or 'no name'}): "
            f"{len(merged.new)} new, {len(merged.changed)} changed"
        )
        if merged.missing:
            click.echo(
                f"In the gradebook, not in {file.name}, and left there: {', '.join(merged.missing)}. "
                "Who has left the course: `course drop ID`; work and marks are kept."
            )


@main.command(
    epilog="course collect 01 submissions.zip\ncourse collect 01 submissions.zip --who 'Ada L_4711=ada'"
)
@click.argument("part")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--who",
    "said",
    multiple=True,
    metavar="NAME=ID",
    help="Say whose NAME's files are; may be repeated.",
)
@click.option(
    "--timezone",
    metavar="ZONE",
    help="Of the times in the archive, such as Europe/Berlin (default: here).",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
def collect(part, path, said, timezone, dry_run):
    """Bring what a learning platform hands over to the submissions of its people.

    PATH is a zip archive as Moodle, Canvas, Blackboard or Brightspace writes it, one of a folder for each
    student, or such a folder. Earlier submissions are kept in grading/earlier/; what was done is in
    grading/collected/.
    """
    from course_utils.grading.collect import collect as bring
    from course_utils.grading.show_collected import print_collected, read_said, read_zone

    with problems():
        course, name = open_course(part)
        done = bring(course, name, path, read_said(said), read_zone(timezone), dry_run)
        print_collected(console(), course, name, done, timezone, dry_run)
        sys.exit(EXIT_FINDING if done.left else 0)


@main.command(epilog="course drop ben")
@click.argument("student")
def drop(student):
    """Take a student who has left out of the gradebook; work and marks are kept in grading/dropped/."""
    from course_utils.grading.roster import drop as leave

    with problems():
        course = open_course()
        click.echo(f"{student}: work and marks are kept in {short(leave(course, student), course)}")


@main.command(epilog="course extend ada 01 --days 3\ncourse extend ada 01 --none")
@click.argument("student")
@click.argument("part")
@click.option("--days", type=click.FloatRange(0), default=0.0, help="After the due date.")
@click.option("--hours", type=click.FloatRange(0), default=0.0, help="As well.")
@click.option("--none", "take_back", is_flag=True, help="Take back what was given.")
def extend(student, part, days, hours, take_back):
    """Give one student more time; nothing has to be graded again for it."""
    from course_utils.course.folders import UsageProblem
    from course_utils.grading.allowances import extend as allow

    with problems():
        course, name = open_course(part)
        more = datetime.timedelta(days=days, hours=hours)
        if bool(more) == take_back:
            raise UsageProblem("say how much time: --days, --hours, or --none to take it back")
        due = allow(course, name, student, more or None)
        when = (
            f"due {both_times(due)}" if due else "no due date yet; it counts from the one you set"
        )
        click.echo(f"{student}, {name}: {when}")


@main.command(epilog="course excuse ada 01 --reason ill\ncourse excuse ada 01 --undo")
@click.argument("student")
@click.argument("part")
@click.option("--reason", default="", help="Kept beside it, for you.")
@click.option("--undo", is_flag=True, help="Take it back.")
def excuse(student, part, reason, undo):
    """Note that a student need not hand in a part: no mark, and none is missing."""
    from course_utils.grading.allowances import excuse as allow

    with problems():
        course, name = open_course(part)
        allow(course, name, student, reason, undo)
        click.echo(f"{student}, {name}: {'counts again' if undo else 'excused'}")


@main.command(epilog="course read 01\ncourse read 06 --anonymous")
@click.argument("part")
@click.option("--anonymous", is_flag=True, help="Without names, in an order that tells none.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="(default: a free one)")
@click.option("--no-browser", is_flag=True, help="Print the address and open nothing.")
def read(part, anonymous, port, no_browser):
    """Read the written answers of a class: all of an exercise in a row, points and comments by keyboard.

    They go to the gradebook as from the Formgrader. Ends with Ctrl-C.
    """
    from course_utils.grading.reading import Reading
    from course_utils.grading.reading_server import serve

    def told(address):
        click.echo(f"{address}\nCtrl-C ends it; what the page calls saved is in the gradebook.")
        if not no_browser:
            click.launch(address)

    with problems():
        course, name = open_course(part)
        try:
            serve(Reading(course, name, anonymous), port, told)
        except KeyboardInterrupt:
            click.echo()


@main.command(
    epilog="course similar 01\ncourse similar 02 --student ada --with ../last-year/grading/submitted"
)
@click.argument("parts", nargs=-1, required=True)
@click.option(
    "--student", "students", multiple=True, help="Only pairs with this one; may be repeated."
)
@click.option(
    "--with",
    "earlier",
    multiple=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Also with submissions of an earlier term; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per part.")
def similar(parts, students, earlier, as_json):
    """Name submissions that are alike beyond what is usual: a reason to talk, no proof, and no mark changes.

    Compares the answers of all pairs, and with the sample solution; what was handed out, and what many have,
    counts for nobody. grading/similar/ gets a page with pairs side by side, which says what it cannot know.
    """
    from course_utils.grading.show_similar import as_dict, print_similar, write_page
    from course_utils.grading.similar import compare

    with problems():
        course = open_course()
        for name in parts_of(course, parts):
            with progress(f"Reading {name}", not as_json) as tick:
                found = compare(course, name, students, earlier, tick=tick)
            page = short(write_page(course, found), course)
            if as_json:
                click.echo(json.dumps(as_dict(found) | {"page": str(page)}))
            else:
                print_similar(console(), found)
                click.echo(page)
