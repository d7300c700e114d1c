"""Arguments that are not those of the prompt are told; whatever takes each call that is asked for is fine."""

import pytest

from course_utils.judging.signatures import other_signatures

pytestmark = pytest.mark.unit

ASKED = "def pool(x, size, stride=2, exact=False):\n    raise NotImplementedError()"
FINE = {
    "as it is": ASKED,
    "annotated": "def pool(x: list, size: int, stride: int = 2, exact: bool = False) -> list: ...",
    "one more, with a default": "def pool(x, size, stride=2, exact=False, debug=False): ...",
    "one more by name, with a default": "def pool(x, size, stride=2, exact=False, *, debug=False): ...",
    "whatever comes": "def pool(*args, **kwargs): ...",
    "not there": "def other(x): ...",
    "no Python": "def pool(y:",
    "the last one counts": "def pool(y): ...\ndef pool(x, size, stride=2, exact=False): ...",
    "below a magic": f"%precision 3\n{ASKED}",
}
OTHER = {
    "renamed": "def pool(x, k, stride=2, exact=False): ...",
    "another order": "def pool(x, stride=2, size=3, exact=False): ...",
    "another default": "def pool(x, size, stride=1, exact=False): ...",
    "no default": "def pool(x, size, stride, exact): ...",
    "one too few": "def pool(x, size, stride=2): ...",
    "one more, without a default": "def pool(x, size, stride=2, exact=False, *, debug): ...",
    "by name only": "def pool(x, *, size, stride=2, exact=False): ...",
    "by position only": "def pool(x, size, stride=2, exact=False, /): ...",
}


@pytest.mark.parametrize("code", FINE.values(), ids=FINE)
def test_what_takes_every_call_is_fine(code):
    assert other_signatures([ASKED], [code]) == []


@pytest.mark.parametrize("code", OTHER.values(), ids=OTHER)
def test_other_arguments_are_told_with_both_signatures(code):
    [told] = other_signatures([ASKED], [code])
    assert told.startswith("pool(x, size, stride=2, exact=False) is asked for, yours is pool(")


def test_methods_are_compared_too():
    asked = "class Net:\n    def loss(self, x, y=None): ..."
    written = "class Net:\n    def loss(self, x, labels=None): ..."
    [told] = other_signatures([asked], [written])
    assert told == "Net.loss(self, x, y=None) is asked for, yours is Net.loss(self, x, labels=None)"
