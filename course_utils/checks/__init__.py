"""What a test says, and how it asks.

A test cell calls these functions; they call the answer through the wire (`course_utils.wire`), compare,
and raise `CheckFailed` with a message that teaches. The same cell runs in a student's notebook, under
Validate, under ``course check`` and in grading, where the answer is in another process.

>>> from course_utils.checks import args, case, equal
>>> def area(height, width):
...     return height + width
>>> equal(area, [case(args(2, 3), 6)], {"adding the sides instead of multiplying": lambda h, w: h + w})
Traceback (most recent call last):
...
course_utils.checks.message.CheckFailed: wrong value
  call:       area(2, 3)
  expected:   6
  got:        5
  looks like: adding the sides instead of multiplying
"""

from course_utils.checks.ask import Args, args, call, name_of, pair, pairs, replies, result, results
from course_utils.checks.contract import dtype, keeps, no_views, raises, refusals, unchanged
from course_utils.checks.derived import columns, entries, entry, once
from course_utils.checks.discipline import keeps_cache, keeps_dtype, keeps_inputs
from course_utils.checks.generators import draws_from_rng
from course_utils.checks.gradients import backward, own_gradient, upstream
from course_utils.checks.known import explain, know
from course_utils.checks.masks import drops, passes, same_mask, scales
from course_utils.checks.message import CheckFailed, fail
from course_utils.checks.norms import after_norm
from course_utils.checks.objects import Made, attribute, make
from course_utils.checks.passed import listen
from course_utils.checks.randomness import draws, rng, seed_with
from course_utils.checks.slopes import own_slopes
from course_utils.checks.speed import faster
from course_utils.checks.tables import (
    Case,
    against,
    beyond,
    case,
    cases,
    equal,
    is_right,
    right_about,
)
from course_utils.checks.updates import keeps_state, walk
from course_utils.checks.variables import one_of, value
from course_utils.checks.words import show
from course_utils.wire import Raised

__all__ = [
    "Args",
    "Case",
    "CheckFailed",
    "Made",
    "Raised",
    "after_norm",
    "against",
    "args",
    "attribute",
    "backward",
    "beyond",
    "call",
    "case",
    "cases",
    "columns",
    "draws",
    "drops",
    "draws_from_rng",
    "dtype",
    "entries",
    "entry",
    "equal",
    "explain",
    "fail",
    "faster",
    "is_right",
    "keeps",
    "keeps_cache",
    "keeps_dtype",
    "keeps_inputs",
    "keeps_state",
    "know",
    "make",
    "name_of",
    "no_views",
    "once",
    "one_of",
    "own_gradient",
    "own_slopes",
    "pair",
    "pairs",
    "passes",
    "raises",
    "refusals",
    "replies",
    "result",
    "results",
    "right_about",
    "rng",
    "same_mask",
    "scales",
    "seed_with",
    "show",
    "unchanged",
    "upstream",
    "value",
    "walk",
]

listen()
