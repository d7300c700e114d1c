"""Make a submission gradable: put back what its test cells, order and metadata must be.

Nothing that a submission says about itself is used: tests, points, locks and kinds come from the source.
What had to be mended is said in words, for the student to read.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.grading.source import Source

MAX_CELLS = 2000  # of a notebook


class Unreadable(Exception):
    """A submission that is not a notebook; the message says why."""


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
    """

    notebook: NotebookNode
    notes: list[str] = field(default_factory=list)
    blank: set[str] = field(default_factory=set)


def parse(data: bytes) -> NotebookNode:
    """Read a submitted notebook, whatever its encoding, line ends and format.

    Raises
    ------
    Unreadable
        If it is no notebook.
    """
    if not data.strip():
        raise Unreadable("the file is empty")
    for encoding in ("utf-8-sig", "utf-16", "latin-1"):
        try:
            content = json.loads(data.decode(encoding))
            break
        except UnicodeError:
            continue
        except (ValueError, RecursionError) as error:
            raise Unreadable(f"the file is not JSON: {str(error)[:200]}") from None
    else:
        raise Unreadable("the file is not text")
    if not isinstance(content, dict) or not ("cells" in content or "worksheets" in content):
        raise Unreadable("the file is JSON but not a notebook: it has no list of cells")
    try:
        if content.get("nbformat") != 4:
            content = nbformat.convert(nbformat.from_dict(content), 4)
        if len(content["cells"]) > MAX_CELLS:
            raise ValueError(f"it has {len(content['cells'])} cells, more than {MAX_CELLS}")
        cells = [_cell(cell) for cell in content["cells"] if isinstance(cell, dict)]
    except Exception as error:  # nbformat raises many kinds on malformed input
        raise Unreadable(
            f"the notebook is malformed: {type(error).__name__}: {error}"[:300]
        ) from None
    return new_notebook(cells=cells)


def _cell(cell):
    """Keep a cell's kind, source and claimed grade_id; drop everything else."""
    source = cell.get("source", "")
    source = "".join(map(str, source)) if isinstance(source, list) else str(source)
    source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    source = source.encode("utf-8", "replace").decode()  # half a character, which no file can hold
    kind = cell.get("cell_type")
    new = new_code_cell(source) if kind == "code" else new_markdown_cell(source)
    marks = cell.get("metadata") if isinstance(cell.get("metadata"), dict) else {}
    marks = marks.get("nbgrader") if isinstance(marks.get("nbgrader"), dict) else {}
    claim = marks.get("grade_id") or cell.get("id")
    new.metadata = NotebookNode(claim=claim if isinstance(claim, str) else "", raw=kind == "raw")
    return new


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
    tests, gradable = set(source.tests), set(source.answers) | set(source.manual)
    result = Restored(new_notebook(metadata=copy.deepcopy(release.metadata)))
    cells, seen, extra = [], set(), 0
    changed_tests, repeated = [], []
    by_name = _claims_by_content(submitted, source, handed_out)
    for cell in submitted.cells:
        claim, raw = cell.metadata.claim, cell.metadata.raw
        cell.metadata = NotebookNode()
        if claim not in originals and claim not in seen and cell.source == handed_out.get(claim):
            cell.id = claim  # a prompt, as it was handed out
            seen.add(claim)
            cells.append(cell)
            continue
        claim = by_name.get(cell.id, claim if claim in originals else None)
        if claim in tests:
            if claim in seen:
                repeated.append(claim)
                continue
            if cell.source.strip() != handed_out[claim].strip() or cell.cell_type != "code":
                changed_tests.append(claim)
            cell = copy.deepcopy(originals[claim])
        elif claim in gradable and claim not in seen:
            if cell.cell_type != originals[claim].cell_type:
                result.notes.append(f"The answer cell {claim} had been changed to another type.")
                cell = _retyped(cell, originals[claim].cell_type)
            if cell.source.strip() == handed_out[claim].strip():
                result.blank.add(claim)
            cell.metadata = copy.deepcopy(marks[claim])
            cell.id = claim
        else:
            if claim in gradable:
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
        new = copy.deepcopy(originals[name])
        if name in gradable:
            new.source, new.metadata = handed_out[name], copy.deepcopy(marks[name])
            result.blank.add(name)
        cells.insert(_place(name, cells, list(originals)), new)
    cells = _tests_after_answers(cells, source)
    for what, names in (
        ("Deleted, and put back", missing),
        ("Changed test cells, put back as they were", changed_tests),
        ("Cells that stood twice (a second copy of a test is left out, of an answer runs but is not graded)",
         repeated),
    ):  # fmt: skip
        if names:
            result.notes.append(f"{what}: {', '.join(dict.fromkeys(names))}.")
    result.notebook.cells = cells
    return result


def _claims_by_content(submitted, source, handed_out):
    """Recognise cells whose metadata was lost, by the text of a test or by the names that they define."""
    claimed = [cell.metadata.claim for cell in submitted.cells]
    found = {}
    for name in set(source.tests) - set(claimed):
        twins = [c for c in submitted.cells if c.source.strip() == handed_out[name].strip()]
        if twins:
            found[twins[0].id] = name
    for name in set(source.answers) - set(claimed):
        wanted = [n for n, where in source.defined_in.items() if where == name]
        owners = [
            c
            for c in submitted.cells
            if c.cell_type == "code" and c.metadata.claim not in handed_out
            and any(f"def {n}(" in c.source or f"\n{n} =" in f"\n{c.source}" for n in wanted)
        ]  # fmt: skip
        if owners:
            found[owners[-1].id] = name
    return found


def _place(name, cells, order):
    """Return where a missing cell goes: after the nearest earlier cell of the source that is there."""
    where = {cell.id: index for index, cell in enumerate(cells)}
    for earlier in reversed(order[: order.index(name)]):
        if earlier in where:
            return where[earlier] + 1
    return 0


def _tests_after_answers(cells, source):
    """Move each test that stands before its own answer to just behind it."""
    where = {cell.id: index for index, cell in enumerate(cells)}
    late: dict[str, list] = {}
    moved = set()
    for answer in source.answers:
        for test in source.tests_of(answer):
            if where[test] < where[answer]:
                late.setdefault(answer, []).append(cells[where[test]])
                moved.add(test)
    ordered = []
    for cell in cells:
        if cell.id not in moved:
            ordered += [cell, *late.get(cell.id, [])]
    return ordered


def _retyped(cell, kind):
    new = (new_code_cell if kind == "code" else new_markdown_cell)(cell.source)
    new.id = cell.id
    return new
