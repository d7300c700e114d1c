"""Make a submission gradable: put back what its test cells, order and metadata must be.

Nothing that a submission says about itself is used: tests, points, locks and kinds come from the source.
What had to be mended is said in words, for the student to read. Nothing that is put back takes away what the
notebook defined or said: a blank answer stands where it redefines nothing, and text that may be a written
answer is shown to a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.course.source import Source, names
from course_utils.judging.parse import alike
from course_utils.judging.written import place_written

# Characters of a notebook's code that are parsed; what is beyond is looked at by line.
MAX_PARSED = 2**20
WORD = re.compile(r"[^\W\d]\w*")


@dataclass
class Restored:
    """A submission ready to run.

    Attributes
    ----------
    notebook : NotebookNode
    notes : list of str
        What was mended.
    blank : set of str
        Answer cells that are as they were handed out.
    outcome : str
        One of `run.OUTCOMES` where reading alone decides it, '' where it does not.
    warnings : list of str
        What the instructor has to look at.
    folder : Path or None
        Where the files beside the notebook lie.
    """

    notebook: NotebookNode
    notes: list[str] = field(default_factory=list)
    blank: set[str] = field(default_factory=set)
    outcome: str = ""
    warnings: list[str] = field(default_factory=list)
    folder: Path | None = None


def restore(submitted: NotebookNode, source: Source, release: NotebookNode) -> Restored:
    """Return `submitted` with the assignment's test cells, kinds and metadata.

    Parameters
    ----------
    submitted : NotebookNode
        From `parse`.
    source, release : Source, NotebookNode
        The assignment, and what students were handed out.

    Returns
    -------
    Restored
    """
    originals = {cell.id: cell for cell in source.notebook.cells if "nbgrader" in cell.metadata}
    handed_out = {cell.id: cell.source for cell in release.cells}
    # The release's metadata hold the checksum by which nbgrader tells an answer from a blank.
    marks = {cell.id: cell.metadata for cell in release.cells}
    answers = set(source.answers) | set(source.manual) - source.tasks
    fixed = set(originals) - answers  # tests, tasks and read-only cells: as they were handed out
    result = Restored(new_notebook(metadata=_copied(release.metadata)))
    cells, seen, extra = [], set(), 0
    changed, repeated = [], []
    claims = _claims(submitted, source, handed_out)
    chosen = _chosen(submitted, claims, answers, handed_out)
    for cell in submitted.cells:
        claim, raw = claims[cell.id], cell.metadata.raw
        is_answer = cell.id in chosen
        cell.metadata = NotebookNode()
        if claim not in originals and claim not in seen and cell.source == handed_out.get(claim):
            cell.id = claim  # a prompt, as it was handed out
            seen.add(claim)
            cells.append(cell)
            continue
        if claim in fixed:
            if claim in seen:
                repeated.append(claim)
                continue
            kind = originals[claim].cell_type
            if not alike(cell.source, handed_out[claim]) or cell.cell_type != kind:
                changed.append(claim)
            cell = _copied(originals[claim])
        elif is_answer:
            if cell.cell_type != originals[claim].cell_type:
                result.notes.append(f"The answer cell {claim} had been changed to another type.")
                cell = _retyped(cell, originals[claim].cell_type)
            if _is_blank(cell, handed_out[claim]):
                result.blank.add(claim)
                cell.source = handed_out[claim]
            cell.metadata = _copied(marks[claim])
            cell.id = claim
        else:
            if claim in answers:
                repeated.append(claim)
            extra += 1
            cell.id = f"own-{extra}"
            if raw:
                cell = _retyped(cell, "markdown")
        if claim in originals:
            seen.add(claim)
        cells.append(cell)
    missing = [i for i in originals if i not in seen]
    for name in missing:
        new = _copied(originals[name])
        if name in answers:
            new.source, new.metadata = handed_out[name], _copied(marks[name])
            result.blank.add(name)
        cells.insert(_place(name, cells, list(originals)), new)
    cells = _in_working_order(cells, source, result.blank)
    cells = place_written(cells, source, handed_out, result)
    for what, which in (
        ("Deleted, and put back", [n for n in missing if n in result.blank or n not in answers]),
        ("Changed, and put back as they were handed out", changed),
        ("Cells that stood twice (a second copy of a test is left out, of an answer runs but is not graded)",
         repeated),
    ):  # fmt: skip
        if which:
            result.notes.append(f"{what}: {', '.join(dict.fromkeys(which))}.")
    result.notebook.cells = cells
    return result


def _copied(node):
    """Copy a cell, or a part of one: what `copy.deepcopy` does, without a look at each step."""
    if isinstance(node, dict):
        new = NotebookNode()
        dict.update(new, {key: _copied(value) for key, value in node.items()})
        return new
    return [_copied(item) for item in node] if isinstance(node, list) else node


def _is_blank(cell, handed_out) -> bool:
    """Whether an answer cell says nothing: it is as it was handed out, or holds nothing at all."""
    is_empty = not cell.source.strip() and cell.cell_type == "markdown"
    return (is_empty or alike(cell.source, handed_out)) and not cell.get("attachments")


def _claims(submitted, source, handed_out) -> dict[str, str]:
    """Return cell → the cell of the assignment that it says it is, or shows itself to be."""
    claims = {cell.id: cell.metadata.claim for cell in submitted.cells}
    return claims | _claims_by_content(submitted, source, handed_out)


def _claims_by_content(submitted, source, handed_out):
    """Recognise cells whose metadata was lost, by the text of a test or by the names that they define."""
    claimed = [cell.metadata.claim for cell in submitted.cells]
    lost = set(source.answers) - set(claimed)
    found, binds = {}, _bound(submitted.cells, set(source.tests)) if lost else {}
    for name in set(source.tests) - set(claimed):
        twins = [c for c in submitted.cells if alike(c.source, handed_out[name])]
        if twins:
            found[twins[0].id] = name
    for name in lost:
        wanted = source.names_of(name)
        owners = [
            c
            for c in submitted.cells
            if c.metadata.claim not in handed_out and wanted & binds.get(c.id, set())
        ]  # fmt: skip
        if owners:
            found[owners[-1].id] = name
    return found


def _chosen(submitted, claims, answers, handed_out) -> set[str]:
    """Return which cells are the answers: of copies, the first that is filled in."""
    copies: dict[str, list] = {}
    for cell in submitted.cells:
        if claims[cell.id] in answers:
            copies.setdefault(claims[cell.id], []).append(cell)
    return {
        next((c for c in found if not _is_blank(c, handed_out[name])), found[0]).id
        for name, found in copies.items()
    }


def _place(name, cells, order):
    """Return where a missing cell goes: after the nearest earlier cell of the source that is there."""
    where = {cell.id: index for index, cell in enumerate(cells)}
    for earlier in reversed(order[: order.index(name)]):
        if earlier in where:
            return where[earlier] + 1
    return 0


def _in_working_order(cells, source: Source, blank: set[str]) -> list:
    """Move what stands where it cannot work: a blank answer after what defines its names, a test before it.

    Somebody may have written an answer in the cell of another one, or in a cell of their own further down,
    and left the blank where it was or deleted it.
    """
    binds = _bound(cells, set(source.tests))
    elsewhere = {}  # blank answer → the cells that define its names instead
    for answer in set(source.answers) & blank:
        wanted = source.names_of(answer)
        found = [
            c.id
            for c in cells
            if c.id not in blank | set(source.tests) and wanted & binds.get(c.id, set())
        ]
        if found:
            elsewhere[answer] = found
    for answer, found in elsewhere.items():
        order = [c.id for c in cells]
        if order.index(found[0]) < order.index(answer):
            moved = cells.pop(order.index(answer))
            cells.insert(order.index(found[0]), moved)
    where = {cell.id: index for index, cell in enumerate(cells)}
    defined = {  # name → the cell after which it is there
        name: _defined_by(answer, elsewhere.get(answer, []), source, binds, where)
        for answer in source.answers
        for name in source.names_of(answer)
    }
    late_names = {n for n, cell in defined.items() if where[cell] > where[source.defined_in[n]]}
    leans = _leans_on(cells, binds, late_names)
    late: dict[str, list] = {}
    moved_tests = set()
    for answer in source.answers:
        own = {defined[name] for name in source.names_of(answer)} | {answer}
        for test in source.tests_of(answer):
            asked = {defined[name] for name in leans(source.tests[test].source)}
            anchor = max(own | asked, key=where.__getitem__)
            if where[test] < where[anchor]:
                late.setdefault(anchor, []).append(cells[where[test]])
                moved_tests.add(test)
    ordered = []
    for cell in cells:
        if cell.id not in moved_tests:
            ordered += [cell, *late.get(cell.id, [])]
    return ordered


def _leans_on(cells, binds, wanted):
    """Return a function from code to the `wanted` names that it uses, by way of other cells as well."""
    if not wanted:  # as nearly always
        return lambda code: set()
    words: dict[str, set[str]] = {}
    room = MAX_PARSED
    for cell in cells:
        if cell.id in binds:
            words[cell.id] = set(WORD.findall(cell.source[: max(room, 0)]))
            room -= len(cell.source)
    places: dict[str, set[str]] = {}
    for cell, bound in binds.items():
        for name in bound:
            places.setdefault(name, set()).add(cell)

    def leans(code):
        found, new = set(), set(WORD.findall(code)) & places.keys()
        while new:
            found |= new
            used = {word for name in new for cell in places[name] for word in words[cell]}
            new = (used & places.keys()) - found
        return found & wanted

    return leans


def _bound(cells, tests: set[str]) -> dict[str, set[str]]:
    """Return code cell → the names that it binds; tests bind none."""
    found, room = {}, MAX_PARSED
    for cell in cells:
        if cell.cell_type == "code" and tests.isdisjoint((cell.id, cell.metadata.get("claim"))):
            room -= len(cell.source)
            found[cell.id] = set(names(cell.source, imports=True, parse=room >= 0))
    return found


def _defined_by(answer, elsewhere, source, binds, where) -> str:
    """Return the cell after which an answer's tests can run."""
    if elsewhere:  # the last of the student's own cells: the final version
        own = [cell for cell in elsewhere if cell not in source.answers]
        return (own or elsewhere[:1])[-1]
    anchor = answer
    for name in source.names_of(answer) - binds.get(answer, set()):
        found = sorted((where[c], c) for c, bound in binds.items() if name in bound and c in where)
        if found and found[0][0] > where[anchor]:
            anchor = found[0][1]
    return anchor


def _retyped(cell, kind):
    new = (new_code_cell if kind == "code" else new_markdown_cell)(cell.source)
    new.id = cell.id
    if kind == "markdown" and cell.get("attachments"):
        new.attachments = cell.attachments
    return new
