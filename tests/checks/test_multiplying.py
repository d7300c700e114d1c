"""How often an answer multiplies, and answers that call others, which right functions stand in for."""

import operator

import numpy as np
import pytest

from course_utils import checks
from course_utils.checks import CheckFailed, args, case, equal, excuses, fast, unchanged
from course_utils.checks.stand_ins import on_its_own
from course_utils.layers import fast as right

pytestmark = pytest.mark.unit
CALL = args((1000, 3000, 7000, 15000), (1, 10, 100))


def said(check, *given, **named):
    with pytest.raises(CheckFailed) as failure:
        check(*given, **named)
    return str(failure.value)


# -- counts -----------------------------------------------------------------------------------------
def windows(d, g, multiply=operator.mul):
    return [sum(multiply(d[i + k], g[k]) for k in range(3)) for i in range(2)]


def beside(d, g, multiply=operator.mul):
    right.winograd_1d(d, g, multiply)
    return right.winograd_1d(d, g)


def whole(d, g, multiply=operator.mul):
    multiply(np.array(d[:3]), np.array(g))
    return right.winograd_1d(d, g)


def reversed_order(d, g, multiply=operator.mul):
    return right.winograd_1d(d, g, lambda data, taps: multiply(taps, data))


def raising(d, g, multiply=operator.mul):
    return multiply(d[0], 0) / 0


@pytest.mark.parametrize(
    "wrong", [lambda d, g, multiply: [0 * m for m in right.winograd_1d(d, g, multiply)]]
)
def test_four_products_are_four_whatever_they_are_for(wrong):
    fast.multiplies(right.winograd_1d, [CALL], [4], fast.WINOGRAD, apart=1000)
    fast.multiplies(wrong, [CALL], [4], fast.WINOGRAD, apart=1000)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (windows, "6 calls\n  looks like: the two windows one by one"),
        (lambda d, g, multiply: right.winograd_1d(d, g), "looks like: products made without"),
        (beside, "looks like: some products are made without"),
        (whole, "multiply gets an array"),
        (reversed_order, "looks like: the order of the two"),
        (raising, "ZeroDivisionError"),
    ],
)
def test_other_products_are_found(wrong, words):
    assert words in said(fast.multiplies, wrong, [CALL], [4], fast.WINOGRAD, apart=1000)


SQUARE = args(np.arange(16.0).reshape(4, 4), np.eye(4) + 1, 1)


def eight(a, b, leaf=64, multiply=np.matmul):
    if len(a) <= leaf:
        return multiply(a, b)
    (p, q), (r, s) = (np.split(half, 2, 1) for half in np.split(a, 2))
    (t, u), (v, w) = (np.split(half, 2, 1) for half in np.split(b, 2))
    rows = [[(p, t, q, v), (p, u, q, w)], [(r, t, s, v), (r, u, s, w)]]
    return np.block(
        [
            [eight(e, f, leaf, multiply) + eight(g, h, leaf, multiply) for e, f, g, h in row]
            for row in rows
        ]
    )


def check_products(answer, counts=(49,), largest=(1,), call=SQUARE):
    fast.multiplies(answer, [call], counts, fast.STRASSEN, np.matmul, largest)


def test_products_of_blocks():
    check_products(right.strassen)
    assert "64 calls" in said(check_products, eight) and "seven are enough" in said(
        check_products, eight
    )
    at_once = lambda a, b, leaf, multiply: multiply(a, b)  # noqa: E731
    assert "all three are at most leaf" in said(check_products, at_once)
    without = lambda a, b, leaf, multiply: a @ b  # noqa: E731
    assert "0 calls" in said(check_products, without)
    check_products(without, counts=[None])  # only what multiply gets is looked at


def test_what_multiplies_for_ever_is_stopped():
    call = args(np.ones((64, 1)), np.ones((1, 1)), 64)
    to_the_last = lambda a, b, leaf, multiply: right.strassen(a, b, 1, multiply)  # noqa: E731
    text = said(check_products, to_the_last, [1], [64], call)
    assert f"more than {fast.MOST} calls" in text and "are not cut" in text
    check_products(to_the_last, [None], [64], call)


# -- results ----------------------------------------------------------------------------------------
X, W = np.arange(1.0, 13).reshape(1, 1, 3, 4), np.ones((1, 1, 1, 2))


def test_complex_numbers_are_not_real():
    call = args(X, W, np.zeros(1))
    fast.real(right.conv2d_fft, [call])
    fast.real(lambda x, w, b: None, [call])  # charged elsewhere
    text = said(fast.real, lambda x, w, b: right.conv2d_fft(x, w, b) + 0j, [call])
    assert "looks like: an imaginary part left over" in text


def test_beyond_asks_what_is_right_in_a_simpler_call():
    def wrong(n):
        return n + 1 if n > 5 else n

    def nothing(n):
        return None

    simpler = lambda n: args(n - 4)  # noqa: E731
    mistakes = {"one too many": lambda n: n + 1}
    assert "one too many" in said(
        checks.beyond, wrong, lambda n: n, [args(7), args(8)], mistakes, simpler
    )
    checks.beyond(wrong, lambda n: n, [args(17)], mistakes, simpler)
    checks.beyond(nothing, lambda n: n, [args(7)], mistakes, simpler)


# -- stand-ins --------------------------------------------------------------------------------------
def transform_input(tiles):
    return 0 * tiles  # wrong


transform_filter, transform_output = right.transform_filter, right.transform_output


def conv2d_winograd(x, w, b, padding=0):
    m = np.einsum("ncuv,fcuv->nfuv", transform_input(x), transform_filter(w))
    return transform_output(m) + b[:, None, None]


def biased(x, w, b, padding=0):
    return conv2d_winograd(x, w, b, padding) + 1


TILE = args(
    np.arange(16.0).reshape(1, 1, 4, 4) ** 2, np.arange(9.0).reshape(1, 1, 3, 3), np.ones(1)
)
EXPECTED = case(TILE, TILE.on(right.conv2d_winograd))


def test_a_right_function_stands_in_for_a_wrong_one():
    excuses.count()
    equal(fast.winograd(conv2d_winograd), [EXPECTED], rtol=1e-6)
    assert excuses.count()
    unchanged(fast.winograd(conv2d_winograd), [TILE])
    assert transform_input(np.ones(1))[0] == 0  # put back
    assert "wrong values" in said(equal, conv2d_winograd, [EXPECTED])


def test_what_is_wrong_itself_stays_wrong():
    excuses.count()
    assert "wrong values" in said(equal, fast.winograd(biased), [EXPECTED], rtol=1e-6)
    assert not excuses.count()


def test_a_refusal_is_right_where_the_reference_refuses():
    def refuses(n):
        raise ValueError("no")

    excuses.count()
    asked = on_its_own(refuses, refuses, {})
    with pytest.raises(CheckFailed, match="raised ValueError"):
        equal(asked, [case(args(1), 1)])
    assert not excuses.count()
