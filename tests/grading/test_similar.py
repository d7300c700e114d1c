"""Similar submissions: disguised copies stand out from honest pairs; the page says no more than it knows."""

import ast
import json
import re
import shutil
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

import nbformat
import numpy as np
import pytest
from click.testing import CliRunner
from conftest import PART, ROOT
from markupsafe import escape
from nbformat.v4 import new_code_cell

from course_utils.authoring.bank import read_bank
from course_utils.authoring.verify import with_answers
from course_utils.cli import main
from course_utils.course.folders import Course, UsageProblem
from course_utils.course.release import load
from course_utils.grading import fingerprints, similar_reading
from course_utils.grading.fingerprints import CODE, TEXT, fingerprint, found_in, marked, normal
from course_utils.grading.show_similar import telling, write_page
from course_utils.grading.similar import AT_ONCE, STANDS_OUT, compare

pytestmark = pytest.mark.grading
SECOND = "02_conv_pool_backprop"
MANUAL = "pooling-and-costs"
ROOMS = "solutions", "assignments", "tests/bank"
LONG = "conv-output-size", "trace", "numbers"  # answers of 1.1, 1.7 and 1.8


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Two parts of the course, without a gradebook: none is needed."""
    monkeypatch.delenv("COURSE_GRADING", raising=False)
    for name in ("nbgrader_config.py", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in (f"{room}/{part}" for room in ROOMS for part in (PART, SECOND)):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return Course(tmp_path)


@pytest.fixture
def style(course):
    """Return right answers to all exercises, each in style number `index`: honest, and unlike each other."""
    source, _ = load(course, PART)
    bank = read_bank(course.bank / PART, source.answers)
    right = {cell: [a.source for a in answers if a.right] for cell, answers in bank.items()}
    return lambda index: {cell: found[index % len(found)] for cell, found in right.items()}


@pytest.fixture
def class_of(submit, style):
    """Hand in honest answers for some people, each in a style of their own."""

    def handed_in(*names):
        for index, name in enumerate(names, 1):
            submit(name, answers=style(index))

    return handed_in


class _Renamed(ast.NodeTransformer):
    def __init__(self, names):
        self.names = names

    def visit_Name(self, node):
        node.id = self.names.get(node.id, node.id)
        return node


def renamed(code):
    """Return code with other names for what it defines inside, other spaces, and no comments."""
    tree = ast.parse(code)
    inside = [n for f in tree.body if isinstance(f, ast.FunctionDef) for n in ast.walk(f)]
    stored = {n.id for n in inside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return ast.unparse(_Renamed({name: f"my_{name}" for name in stored}).visit(tree))


def commented(code):
    lines = (f"{line}  # as we said" if line.strip() else "# then" for line in code.splitlines())
    return "# My own idea.\n\n" + "\n".join(lines)


def reordered(code):
    """Return code with its functions in the reverse order."""
    tree = ast.parse(code)
    return "\n\n\n".join(ast.unparse(node) for node in reversed(tree.body))


def of(found, *students):
    """Return the pair of two people, None if they share nothing."""
    pairs = [p for p in found.pairs if {p.one.label, p.other.label} == set(students)]
    return pairs[0] if pairs else None


def first(found):
    return {found.pairs[0].one.label, found.pairs[0].other.label}


# -- copies and honest pairs -----------------------------------------------------------------------
@pytest.mark.parametrize(("part", "times"), [(PART, 5), (SECOND, 15)])
def test_a_copy_with_other_names_stands_far_above_honest_pairs(course, part, times):
    source, release = load(course, part)
    bank = read_bank(course.bank / part, source.answers)
    right = {cell: [a.source for a in answers if a.right] for cell, answers in bank.items()}

    def hand_in(name, answers):
        path = course.submitted / name / part / f"{part}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(with_answers(release, answers), path)

    for index in range(6):
        hand_in(f"s{index}", {cell: styles[index] for cell, styles in right.items()})
    hand_in("copy", {cell: renamed(styles[3]) for cell, styles in right.items()})
    found = compare(course, part, most=100)
    assert first(found) == {"s3", "copy"}
    copied, honest = found.pairs[0].score, found.pairs[1].score
    assert copied > times * honest


DISGUISES = {"renamed": renamed, "commented": commented, "reordered": reordered}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_disguise_does_not_hide_a_copy(course, submit, style, class_of, disguise):
    class_of("ada", "ben", "cleo", "dan")
    helpers = "\n\n\n".join(style(6)[cell] for cell in LONG)
    submit("ada", answers=style(1) | {"trace": helpers})
    submit("eve", answers=style(5) | {"trace": DISGUISES[disguise](helpers)})
    found = compare(course, PART)
    assert first(found) == {"ada", "eve"}
    [overlap] = [o for o in found.pairs[0].overlaps if o.cell == "trace"]
    assert min(overlap.shares) > 0.75  # ast.unparse sets other parentheses as well


def test_a_copy_of_one_exercise_is_found_and_named(course, submit, style, class_of):
    class_of("ada", "ben", "cleo", "dan")
    submit("eve", answers=style(5) | {"numbers": renamed(style(2)["numbers"])})
    found = compare(course, PART)
    assert first(found) == {"ben", "eve"}
    assert [words.split()[0] for words in telling(found.pairs[0])] == ["1.8"]
    assert found.pairs[0].score > 5 * found.pairs[1].score


def test_what_was_moved_to_another_cell_is_found(course, submit, style, class_of):
    class_of("ada", "ben", "cleo", "dan")
    eve = style(5)
    eve["same-padding"] += "\n\n\n" + renamed(style(2)["numbers"])
    submit("eve", answers=eve)
    found = compare(course, PART)
    assert first(found) == {"ben", "eve"}
    shares = {o.label: o.shares for o in found.pairs[0].overlaps}
    assert max(shares["1.8"]) > 0.8


def test_a_helper_in_a_cell_of_their_own_is_found(course, submit, style, class_of):
    class_of("ada", "ben", "cleo", "dan")
    helper = (
        "def walk(size, layers):\n    for name, kernel, step in layers:\n"
        "        size = (size - kernel) // step + 1\n"
        "        yield name, size, kernel * kernel * size * size\n        if size < 1:\n            return\n"
        "        if name == 'pool':\n            size = -(-size // 2)\n"
    )
    for name, code, index in (("dan", helper, 4), ("eve", commented(helper), 5)):
        notebook = with_answers(submit.release, style(index))
        notebook.cells.insert(2, new_code_cell(code))
        submit(name, data=nbformat.writes(notebook).encode())
    found = compare(course, PART)
    assert first(found) == {"dan", "eve"}
    assert "cells of their own 100 %" in telling(found.pairs[0])


def test_written_answers_are_compared_as_text(course, submit, style):
    said = "A shared kernel sees the same edge wherever it is, so that far fewer weights have to be learned."
    submit("ada", answers=style(1) | {MANUAL: f"I think that\n\n{said}"})
    submit("ben", answers=style(3) | {MANUAL: said.upper().replace(" ", "  ") + " Pooling helps."})
    found = compare(course, PART)
    [words] = [w for w in telling(found.pairs[0]) if w.startswith(MANUAL)]
    assert words == f"{MANUAL} {100 * len(said) / (len(said) + len('I think that ')):.0f} %"


# -- what counts for nobody ------------------------------------------------------------------------
def test_what_many_have_counts_for_nobody(course, submit, style):
    names = [f"s{index:02}" for index in range(12)]
    for index, name in enumerate(names):
        submit(name, answers={"numbers": style(0)["numbers"], "trace": style(index)["trace"]})
    found = compare(course, PART, most=100)
    assert all("1.8" not in [o.label for o in pair.overlaps] for pair in found.pairs)
    assert "1.8" in found.short


def own_code(seed):
    """Return code that nobody else writes: which operators and calls follow each other is drawn."""
    rng = np.random.default_rng(seed)
    words = [
        "+",
        "-",
        "*",
        "//",
        "% 7 +",
        "** 2 -",
        "+ len(rows) *",
        "- abs(size) +",
        "* (1 -",
        "+ max(2,",
    ]
    lines = ["def trace(rows, size):"]
    for number in range(12):
        chosen = [words[i] for i in rng.integers(len(words), size=3)]
        terms = " x ".join(["", *chosen, ""]).strip()
        lines.append(f"    x{number} = {terms}{')' * terms.count('(1')}{')' * terms.count('(2')}")
    return "\n".join([*lines, "    return size"])


def test_a_few_who_have_the_same_stand_out_from_the_class(course, submit):
    for index in range(12):
        submit(f"s{index:02}", answers={"trace": own_code(index)})
    for name in ("ring1", "ring2", "ring3"):
        submit(name, answers={"trace": commented(own_code(99))})
    found = compare(course, PART, most=100)
    assert found.usual and [p.times >= STANDS_OUT for p in found.pairs].count(True) == 3
    assert all(p.one.student[:4] == p.other.student[:4] == "ring" for p in found.pairs[:3])


def test_a_whole_copy_of_what_many_have_stands_out(course, submit, style):
    """Each answer is one of five that the class has by chance; one pair has all of them alike."""
    rng = np.random.default_rng(3)
    for index in range(24):
        chosen = {cell: style(int(rng.integers(5)))[cell] for cell in style(0)}
        submit(f"s{index:02}", answers=chosen)
    submit("copy", answers={cell: commented(text) for cell, text in chosen.items()})
    found = compare(course, PART, most=100)
    assert first(found) == {"copy", "s23"} and found.pairs[0].at_once >= AT_ONCE
    assert found.pairs[0].at_once > 1.25 * max(pair.at_once for pair in found.pairs[1:])


def test_the_release_counts_for_nobody(course, submit):
    given = max((c.source for c in submit.release.cells if c.cell_type == "code"), key=len)
    for name in ("ada", "ben"):
        submit(name, answers={"numbers": given})
    submit("cleo", answers={})
    found = compare(course, PART)
    assert (found.pairs, found.blank) == ([], ["cleo"])


def test_who_has_the_sample_solution_is_named(course, submit, class_of):
    class_of("ada", "ben", "cleo", "dan")
    submit("eve", answers={c: renamed(t) for c, t in submit.source.answers.items()})
    found = compare(course, PART)
    assert found.solution[0].one.student == "eve"
    assert found.solution[0].score > 5 * max(p.score for p in found.solution[1:])


# -- who is compared with whom ---------------------------------------------------------------------
def test_earlier_terms_are_compared_with_but_nobody_with_herself(
    course, submit, class_of, tmp_path
):
    class_of("ada", "ben", "cleo")
    earlier = tmp_path / "2025" / "grading" / "submitted"
    for now, then in (("ada", "ada"), ("ben", "Zoë"), ("ben", "otto")):
        shutil.copytree(course.submitted / now / PART, earlier / then / PART)
    found = compare(course, PART, earlier=[earlier], most=100)
    names = [{p.one.label, p.other.label} for p in found.pairs]
    assert names[0] == {"ben", "Zoë (2025)"} or names[0] == {"ben", "otto (2025)"}
    assert {"ada", "ada (2025)"} not in names and {"otto (2025)", "Zoë (2025)"} not in names
    assert found.compared == 3 + 3 * 3 - 1
    with pytest.raises(UsageProblem, match="expected .*STUDENT"):
        compare(course, PART, earlier=[tmp_path / "nowhere"])


def test_one_student_alone_and_a_name_that_is_not_there(course, class_of):
    class_of("ada", "ben", "cleo", "dan")
    found = compare(course, PART, only=["ada"])
    assert found.pairs and all("ada" in (p.one.label, p.other.label) for p in found.pairs)
    with pytest.raises(UsageProblem, match="near: ada"):
        compare(course, PART, only=["adda"])


# -- odd files -------------------------------------------------------------------------------------
def test_what_cannot_be_read_is_named_and_left_out(course, submit, class_of):
    class_of("ada", "ben")
    submit("cleo", data=b"%PDF-1.7")
    result = CliRunner().invoke(main, ["similar", "01"])
    assert result.exit_code == 0, result.output
    assert "Left out: cleo: The submission could not be read" in " ".join(result.output.split())
    page = (course.grading / "similar" / f"{PART}.html").read_text()
    assert "<b>cleo</b>: The submission could not be read" in page


def test_a_submission_that_ends_its_worker_is_read_once_more_alone(course, class_of, monkeypatch):
    class_of("ada", "ben")

    class Broken:
        def submit(self, work, folder):
            job = Future()
            job.set_exception(BrokenProcessPool("ended"))
            return job

    @contextmanager
    def pool(*arguments):
        yield Broken()

    monkeypatch.setattr(similar_reading, "pool", pool)
    found = compare(course, PART)
    assert [work.student for work in found.works] == ["ada", "ben"] and not found.left_out
    monkeypatch.setattr(similar_reading, "SECONDS", 0.0)
    assert "took longer than 0 s" in compare(course, PART).left_out["ada"]


def test_a_page_holds_what_people_wrote_and_runs_none_of_it(course, submit, style):
    evil = '</pre><script>alert("x")</script><img src=x onerror=alert(1)>'
    names = "O'Neill, Shaquille (2)", "Zoë de la Cruz"
    for name in names:
        code = style(1)["numbers"] + f"\n\nEVIL = '''{evil}'''\n"
        submit(name, answers={"numbers": code, MANUAL: f"A long answer that both have. {evil}"})
    page = write_page(course, compare(course, PART)).read_text()
    assert [str(escape(name)) in page for name in names] == [True, True]
    assert not re.search(r"<(script|img|link|iframe)|\son\w+=[\"']", page)
    assert page.count("&lt;script&gt;") >= 4
    assert re.findall(r"(?:src|href)=\"(?!#|https://github\.com/blingenf)", page) == []
    assert [p for p in (course.grading / "similar").iterdir()] == [
        course.grading / "similar" / f"{PART}.html"
    ]


def test_a_page_says_what_it_cannot_know(course, class_of):
    class_of("ada", "ben", "cleo")
    page = " ".join(write_page(course, compare(course, PART)).read_text().split())
    for words in (
        "Who wrote first",
        "same source that was allowed",
        "Generated code",
        "It proves nothing",
    ):
        assert words in page
    assert "With fewer than 12 submissions nothing says what is usual" in page


# -- the command -----------------------------------------------------------------------------------
def test_the_command_prints_a_table_or_json(course, submit, style, class_of):
    class_of("ada", "ben")
    submit("eve", answers={c: renamed(t) for c, t in style(0).items()})
    result = CliRunner().invoke(main, ["similar", "1"])
    assert result.exit_code == 0, result.output
    assert re.search(r"ada +eve +\d+ +1\.", result.output)
    assert f"grading/similar/{PART}.html" in result.output
    line = json.loads(CliRunner().invoke(main, ["similar", "01", "--json"]).output)
    assert line["pairs"][0]["students"] == ["ada", "eve"] and line["compared"] == 3
    assert line["page"] == f"grading/similar/{PART}.html"


def test_a_missing_copydetect_is_named_with_the_command(course, class_of, monkeypatch):
    class_of("ada", "ben")
    monkeypatch.setattr(fingerprints, "copydetect", None)
    result = CliRunner().invoke(main, ["similar", "01"])
    assert result.exit_code == 1
    assert "pip install -c constraints.txt -e '.[similar]'" in result.output


# -- fingerprints ----------------------------------------------------------------------------------
def test_marks_stand_where_the_copy_is_also_behind_a_class_and_blank_lines():
    loop = "for index in range(len(values)):\n            total += values[index] * 3 - index // 2"
    code = "\n\nclass LeNet(nn.Module):\n    '''Words.'''\n    def area(self, values):  # why\n"
    code += f"        {loop}\n"
    mine, theirs = (
        fingerprint(*normal(t, CODE), CODE) for t in (code, f"x = 1\n{loop.replace('index', 'i')}")
    )
    _, places = found_in(mine, theirs.hashes)
    assert [text for text, same in marked(code, places) if same] == [loop]


@pytest.mark.parametrize("text", ["", "x", "\n\n", "%%writefile a.py\nx = (", "ﬁ İ ß" * 20])
@pytest.mark.parametrize("kind", [CODE, TEXT])
def test_any_text_has_fingerprints_and_is_found_in_itself(text, kind):
    made = fingerprint(*normal(text, kind), kind)
    share, places = found_in(made, made.hashes)
    assert share == (1.0 if made.hashes else 0.0)
    assert "".join(piece for piece, _ in marked(text, places)) == text
