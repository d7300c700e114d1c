"""Signs packed into bytes: bits that no sign fills may be anything, the others not."""

import numpy as np
import pytest

from course_utils.checks import CheckFailed, bits, excuses

pytestmark = pytest.mark.unit
CASES = bits.rows(np.random.default_rng(7), [(2, 3, 5), (4, 17), (1, 1), (23,), (2, 16)])


def said(answer):
    with pytest.raises(CheckFailed) as failure:
        bits.packs(answer, CASES)
    return " ".join(str(failure.value).split())


def ones_after(signs):
    rest = np.ones((*signs.shape[:-1], -signs.shape[-1] % 8))
    return np.packbits(np.concatenate([signs, rest], axis=-1) > 0, axis=-1)


def test_what_follows_the_last_sign_is_free():
    bits.packs(ones_after, CASES)
    bits.packs(lambda signs: np.packbits(signs > 0, axis=-1), CASES)


CHARGED = [
    sentence for sentence in bits.OTHERWISE if sentence.startswith(("the first sign", "-1 for"))
]


@pytest.mark.parametrize("sentence", CHARGED)
def test_what_whole_bytes_show_is_charged_there(sentence):
    excuses.count()
    bits.packs(bits.OTHERWISE[sentence], CASES)
    assert excuses.count()


@pytest.mark.parametrize(
    "sentence", [sentence for sentence in bits.OTHERWISE if sentence not in CHARGED]
)
def test_other_ways_to_pack_are_named(sentence):
    assert sentence in said(bits.OTHERWISE[sentence])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda s: np.packbits(s > 0, axis=-1).astype(int), "wrong dtype"),
        (lambda s: np.packbits(s > 0, axis=-1).tolist(), "wrong dtype"),
        (lambda s: np.packbits(s > 0, axis=-1) / 255, "wrong bytes"),
        (lambda s: np.packbits(s > 0, axis=-1).astype(int) + 256, "wrong bytes"),
        (lambda s: None, "wrong bytes"),
        (lambda s: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_what_is_no_bytes_is_found(answer, words):
    assert words in said(answer)
