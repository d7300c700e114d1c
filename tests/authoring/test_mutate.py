"""Mutants of a small solution, and the declarations of equivalent ones."""

import pytest

from course_utils.authoring.bank import BankError
from course_utils.authoring.mutate import Survivor, mutants, read_equivalent

pytestmark = pytest.mark.unit

CELL = '''
def steps(room, stride=2, *, exact=False):
    """The docstring stands outside the solution: 1 + 1."""
    ### BEGIN SOLUTION
    if exact and room % stride:
        raise ValueError(f"room={room + 1}")
    return max(room // stride, 0) + 1
    ### END SOLUTION


outside = 7 + 1
'''


@pytest.mark.parametrize(
    "now",
    [
        "def steps(room, stride=3, *, exact=False):",
        "def steps(room, stride=2, *, exact=True):",
        "if exact or room % stride:",
        "if exact and room // stride:",
        "if not (exact and room % stride):",
        "return max(room * stride, 0) + 1",
        "return max(room / stride, 0) + 1",
        "return max(room // stride, 1) + 1",
        "return max(0, room // stride) + 1",
        "return max(room // stride, 0) - 1",
        "return max(room // stride, 0) + 2",
        "pass [if exact and room % stride:]",
        "pass [raise ValueError(f'room={room + 1}')]",
        "pass [return max(room // stride, 0) + 1]",
    ],
)
def test_a_mistake_is_made(now):
    assert now in {after for _, after, _ in mutants(CELL)}


def test_each_mutant_is_another_program_with_one_change():
    texts = [text for *_, text in mutants(CELL)]
    assert len(set(texts)) == len(texts)
    for text in texts:
        compile(text, "mutant", "exec")


def test_the_magic_of_a_cell_stays():
    texts = [text for *_, text in mutants(f"%%writefile steps.py\n{CELL}")]
    assert len(texts) == len(list(mutants(CELL)))
    assert {text.partition("\n")[0] for text in texts} == {"%%writefile steps.py"}


def test_what_students_are_given_and_words_of_messages_stay():
    for was, _, text in mutants(CELL):
        assert "docstring" not in was and "outside = 7 + 1" in text
        assert "room={room + 1}" in text or "pass" in text


def test_declarations_are_read(tmp_path):
    path = tmp_path / "equivalent.txt"
    assert read_equivalent(path) == {}
    path.write_text("# a comment\n\nsteps | if a | b: | both are bits\n")
    assert read_equivalent(path) == {("steps", "if a | b:"): "both are bits"}


def test_a_declaration_without_a_reason_is_refused(tmp_path):
    path = tmp_path / "equivalent.txt"
    path.write_text("steps | return 1\n")
    with pytest.raises(BankError, match="not 'cell"):
        read_equivalent(path)


def test_a_survivor_says_what_to_look_at():
    assert "no test notices 'b' in place of 'a'" in str(Survivor("steps", "a", "b"))
    assert "steps | b: no such" in str(Survivor("steps", "", "b", "no such"))
