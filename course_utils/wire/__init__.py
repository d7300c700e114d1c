"""The wire between a test and an answer, over which they exchange plain data.

A test never holds an object of the answer's: every argument and every result crosses as *plain data*
and is rebuilt on the other side. The crossing is the same whether the answer runs in the same notebook
(a student's own check) or in another, confined process (grading), so a test cell that passes in one
passes in the other.

Plain data are None, bool, int, float, complex, str, bytes, tuple, list, dict, range, NumPy arrays and
scalars of the types in `DTYPES`, PyTorch tensors, and random generators of both. A test's function is
represented by a callback; a fixture, such as a `Net`, is built on both sides from its fields. Everything
else stays where it was made: an answer's object (a cache, say) is represented by a `Handle` that can be
passed back.

``docs/test-cells.md`` has the rules that a test cell keeps.
"""

from course_utils.wire.ends import AnswerSide, Reply, Side, call_here, reply
from course_utils.wire.fixtures import Net
from course_utils.wire.frames import MAX_FRAME, frames_in
from course_utils.wire.nodes import DTYPES
from course_utils.wire.sharing import cannot_change, is_plain, shared_arguments
from course_utils.wire.streams import quiet
from course_utils.wire.tensors import array_of_tensor, is_generator, is_tensor, widened
from course_utils.wire.values import Handle, Raised, Record, WireError, raised, utf8

__all__ = [
    "DTYPES",
    "MAX_FRAME",
    "AnswerSide",
    "Handle",
    "Net",
    "Raised",
    "Record",
    "Reply",
    "Side",
    "WireError",
    "array_of_tensor",
    "call_here",
    "cannot_change",
    "frames_in",
    "is_generator",
    "is_plain",
    "is_tensor",
    "quiet",
    "raised",
    "reply",
    "shared_arguments",
    "utf8",
    "widened",
]
