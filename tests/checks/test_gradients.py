"""Questions about a backward pass, and what a contract says beside its values."""

import types

import numpy as np
import pytest

from course_utils import checks, layers
from course_utils.checks import CheckFailed, args, case

pytestmark = pytest.mark.unit

TRUE = checks.backward(layers.conv2d_backward, layers.conv2d_forward)
draw = checks.draws("tests of gradients")


def forward(x, w, b, stride=1, padding=0):
    out, _ = layers.conv2d_forward(x, w, b, stride, padding)
    return out, (x, w, b, stride, padding)


def backward(dout, cache):
    return layers.conv2d_backward(dout, layers.conv2d_forward(*cache)[1])


def calls(*settings):
    return [
        checks.upstream(
            draw, layers.conv2d_forward, draw(2, 2, 5, 4), draw(3, 2, 2, 3), draw(3), *how
        )
        for how in settings or [(1, 0)]
    ]


def says(check, *arguments, **options):
    with pytest.raises(CheckFailed) as failure:
        check(*arguments, **options)
    return failure.value


def changed(change):
    """A backward pass whose results a function changes."""

    def backward_(dout, cache):
        return change(*backward(dout, cache))

    return checks.backward(backward_, forward)


RIGHT = checks.backward(backward, forward)
NO_DX = changed(lambda dx, dw, db: (0 * dx, dw, db))
NO_DB = changed(lambda dx, dw, db: (dx, dw, 2 * db))
NOTHING = changed(lambda dx, dw, db: (0 * dx, 0 * dw, 0 * db))

# ---------------------------------------------------------------- forward and backward together


def test_a_backward_pass_is_asked_with_the_arguments_of_its_forward_pass():
    checks.against(RIGHT, TRUE, calls((1, 0), (2, 1)), rtol=1e-9, atol=1e-9)


def test_a_misconception_takes_the_same_arguments():
    mistakes = {"no dx": lambda dout, x, *others: (0 * x, *TRUE(dout, x, *others)[1:])}
    failed = says(checks.against, NO_DX, TRUE, calls(), mistakes)
    assert failed.parts["looks like"] == "no dx"


def test_the_call_in_a_message_can_be_made_again():
    one = args(np.ones((1, 1, 1, 1)), np.eye(2)[None, None], np.ones((1, 1, 2, 2)), np.zeros(1))
    line = says(checks.against, NO_DX, TRUE, [one]).parts["call"]
    assert line.startswith("_, cache = forward(np.array(") and "\nbackward_(np.array(" in line
    names = {"forward": forward, "backward_": backward, "np": np}
    exec(f"{line.replace(chr(10), chr(10) + 'found = ')}", names)
    assert np.array_equal(names["found"][0], np.ones((1, 1, 2, 2)))


BROKEN = {
    "raises": (lambda *a: 1 / 0, "forward_ raised ZeroDivisionError"),
    "no pair": (lambda *a: 3, "the result is not a pair"),
}


@pytest.mark.parametrize(("wrong", "headline"), BROKEN.values(), ids=BROKEN)
def test_a_broken_forward_pass_is_said_to_be_that(wrong, headline):
    def forward_(*arguments):
        return wrong(*arguments)

    assert (
        says(checks.against, checks.backward(backward, forward_), TRUE, calls()).headline
        == headline
    )


def test_a_forward_pass_that_fails_for_some_calls_has_cost_its_points():
    def square_only(x, w, b, *how):
        assert w.shape[2] == w.shape[3]
        return forward(x, w, b, *how)

    def flat(x, w, b, *how):
        out, cache = forward(x, w, b, *how)
        return (out if w.shape[2] == w.shape[3] else out.ravel()), (x[:, :0], *cache[1:])

    flat_kernel = calls()
    square = [
        checks.upstream(draw, layers.conv2d_forward, draw(2, 2, 5, 4), draw(3, 2, 2, 2), draw(3))
    ]
    layer = checks.backward(backward, square_only)
    checks.against(layer, TRUE, square + flat_kernel)
    checks.against(checks.entry(layer, 0), TRUE, flat_kernel + square)
    checks.own_gradient(layer, checks.cases(TRUE, flat_kernel + square))
    assert "square_only raised" in says(checks.against, layer, TRUE, flat_kernel).headline
    assert "square_only raised" in says(own, layer).headline
    says(checks.against, checks.backward(backward, flat), TRUE, square + flat_kernel)


# ---------------------------------------------------------------- the gradient of one's own forward pass


def own(layer):
    checks.own_gradient(layer, checks.cases(TRUE, calls((1, 0), (2, 1))))


def test_the_gradient_of_the_own_forward_pass_passes():
    own(RIGHT)


def test_a_wrong_forward_pass_with_its_true_gradient_passes():
    def doubled(x, w, b, *how):
        out, cache = forward(x, w, b, *how)
        return 2 * out, cache

    own(checks.backward(lambda dout, cache: tuple(2 * g for g in backward(dout, cache)), doubled))


def doubled(x, w, b, *how):
    out, cache = forward(x, w, b, *how)
    return 2 * out, cache


def test_a_wrong_forward_pass_has_cost_its_points():
    own(checks.backward(backward, doubled))


def test_what_is_neither_the_own_gradient_nor_the_true_one_fails():
    def half(dout, cache):
        dx, dw, db = backward(dout, cache)
        return dx, dw / 2, db

    failed = says(own, checks.backward(half, doubled))
    assert "not the gradient of your own" in failed.headline
    assert failed.parts["where"].startswith("entry 1")


@pytest.mark.parametrize("wrong", [lambda *_: None, lambda *_: 1 / 0, lambda *_: (0, 1)])
def test_what_is_no_gradient_fails(wrong):
    says(own, checks.backward(wrong, forward))


@pytest.mark.parametrize("layer", [NO_DX, NO_DB], ids=["dx", "db"])
def test_a_gradient_that_is_charged_elsewhere_is_not_charged_here(layer):
    own(layer)


def test_where_no_gradient_is_right_it_is_charged():
    says(own, NOTHING)


FORWARDS = {
    "constant": (lambda x, w, b, *how: (0 * forward(x, w, b, *how)[0], None), "stays the same"),
    "of another shape": (lambda x, w, b, *how: (forward(x, w, b, *how)[0][:1], None), "shape"),
}


@pytest.mark.parametrize(("wrong", "headline"), FORWARDS.values(), ids=FORWARDS)
def test_a_forward_pass_without_a_gradient_fails(wrong, headline):
    assert headline in says(own, checks.backward(backward, wrong)).headline


def slopes(loss):
    params = {"w": np.array([1.0, -2.0]), "b": np.array([0.5])}
    checks.own_slopes(loss, [args(params, np.array([[1.0, 2.0], [0.5, -1.0]]))])


def squares(params, x):
    out = x @ params["w"] + params["b"]
    return float(np.sum(out**2)), {"w": 2 * out @ x, "b": np.array([2 * out.sum()])}


def test_slopes_of_a_loss():
    slopes(squares)
    says(slopes, lambda params, x: (squares(params, x)[0], {"w": np.zeros(2), "b": np.zeros(1)}))
    assert "not a number" in says(slopes, lambda params, x: ("?", squares(params, x)[1])).headline


# ---------------------------------------------------------------- a fault is charged once


def test_what_is_wrong_in_a_simpler_case_is_not_asked():
    at_stride_1 = lambda dout, x, w, b, stride: calls()[0]  # noqa: E731
    checks.against(NO_DX, TRUE, calls((2,)), given=at_stride_1, rtol=1e-9, atol=1e-9)
    says(checks.against, NOTHING, TRUE, calls((2,)), given=at_stride_1)


def test_a_fault_of_the_harder_case_alone_is_charged():
    def close(dout, cache):
        dx, dw, db = backward(dout, cache)
        return (dx if cache[3] == 1 else 0 * dx), dw, db

    at_stride_1 = lambda dout, x, w, b, stride: calls()[0]  # noqa: E731
    layer = checks.backward(close, forward)
    assert (
        says(checks.against, layer, TRUE, calls((2,)), given=at_stride_1)
        .parts["where"]
        .startswith("entry 0")
    )


def test_an_answer_that_never_returns_from_the_simpler_case_is_charged():
    def raises(n):
        raise RuntimeError

    says(checks.equal, raises, [case(args(2), 4, given=case(args(1), 1))])


# ---------------------------------------------------------------- dtypes and inputs

CASES = checks.cases(TRUE, calls((1, 0), (2, 1)))
WIDE = changed(lambda dx, dw, db: (dx, dw, db.astype(float)))
NARROW = changed(lambda dx, dw, db: (dx.astype(np.float32), dw, db))


def test_dtypes_are_kept_in_both_precisions():
    checks.keeps_dtype(RIGHT, CASES)
    assert "without a dtype" in says(checks.keeps_dtype, WIDE, CASES).parts["looks like"]
    assert says(checks.keeps_dtype, NARROW, CASES).headline == "wrong dtype"


def test_a_wrong_value_is_not_charged_by_its_dtype_unless_all_are_wrong():
    checks.keeps_dtype(NO_DX, CASES)
    assert "wrong values" in says(checks.keeps_dtype, NOTHING, CASES).headline


def test_an_answer_that_loses_precision_is_found():
    def rough(dout, cache):
        return tuple(g.astype(np.float16).astype(dout.dtype) for g in backward(dout, cache))

    says(checks.keeps_dtype, checks.backward(rough, forward), CASES)


X = np.array([[[[1.0, -2.0], [3.0, 4.0]]]])


def relu(x):
    return np.maximum(x, 0), x


ONE = [case(args(X), (np.maximum(X, 0), ...)), case(args(abs(X)), (abs(X), ...))]


def test_inputs_are_left_alone():
    def in_place(x):
        x[x < 0] = 0
        return x.copy(), x

    def view(x):
        return (np.maximum(x, 0) if (x < 0).any() else x), x

    checks.keeps_inputs(relu, ONE)
    assert says(checks.keeps_inputs, in_place, ONE).headline == "the call changes its argument 1"
    assert "is a view of its argument 1" in says(checks.keeps_inputs, view, ONE).headline
    assert "wrong values" in says(checks.keeps_inputs, lambda x: (x + 1, x), ONE).headline


# ---------------------------------------------------------------- the cache

SAVED = {}


def remembers(x, w, b, stride=1, padding=0):
    SAVED["cache"] = (x, w, b, stride, padding)
    return forward(x, w, b, stride, padding)[0], None


def in_place(at, inside=lambda cache: cache):
    def backward_(dout, cache):
        inside(cache)[at][...] = 0
        return found

    def backward_first(dout, cache):
        nonlocal found
        found = backward(dout, inside(cache))
        return backward_(dout, cache)

    found = None
    return backward_first


class Box:
    def __init__(self, *cache):
        self.cache = cache


class Slots:
    __slots__ = ("cache",)

    def __init__(self, *cache):
        self.cache = list(cache)


def boxed(kind):
    def forward_(x, w, b, stride=1, padding=0):
        return forward(x, w, b, stride, padding)[0], kind(x, w, b, stride, padding)

    return forward_


def closure(*cache):
    return lambda: cache


CACHES = {
    "a tuple": (lambda *cache: cache, lambda cache: cache),
    "a list": (lambda *cache: list(cache), lambda cache: cache),
    "nested": (lambda *cache: {"all": [cache]}, lambda cache: cache["all"][0]),
    "an object": (Box, lambda cache: cache.cache),
    "an object with slots": (Slots, lambda cache: cache.cache),
    "a closure": (closure, lambda cache: cache()),
    "a namespace": (lambda *c: types.SimpleNamespace(c=c), lambda cache: cache.c),
}


@pytest.mark.parametrize(("kind", "inside"), CACHES.values(), ids=CACHES)
def test_the_arrays_in_a_cache_are_compared_before_and_after(kind, inside):
    def leaves(dout, cache):
        return backward(dout, inside(cache))

    checks.keeps_cache(checks.backward(leaves, boxed(kind)), CASES)
    for at, name in enumerate(["x", "w", "the stored bias, which plays no part"]):
        wrong = checks.backward(in_place(at, inside), boxed(kind))
        assert (
            says(checks.keeps_cache, wrong, CASES).headline
            == "the call changes an array in its cache"
        ), name


def test_a_cache_may_grow():
    def memo(dout, cache):
        cache[0]["done"] = np.ones(3)
        return backward(dout, cache[1])

    def forward_(*inputs):
        out, cache = forward(*inputs)
        return out, ({}, cache)

    checks.keeps_cache(checks.backward(memo, forward_), CASES)


def test_a_cache_in_a_global_is_named():
    def latest(dout, cache):
        return backward(dout, SAVED["cache"])

    failed = says(checks.keeps_cache, checks.backward(latest, remembers), CASES)
    assert "after another forward pass" in failed.headline
    assert "keeping the arrays in a global" in failed.parts["looks like"]


def test_dout_and_views_of_it():
    def uses_up(dout, cache):
        found = backward(dout, cache)
        dout[...] = 0
        return found

    def relu_backward(dout, cache):
        return dout if (cache > 0).all() else dout * (cache > 0)

    assert (
        "changes its dout"
        in says(checks.keeps_cache, checks.backward(uses_up, forward), CASES).headline
    )
    layer, dout = checks.backward(relu_backward, relu), np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    failed = says(checks.keeps_cache, layer, [case(args(dout, abs(X)), dout)])
    assert failed.headline == "the result is a view of its dout"


def test_a_call_that_adds_up_is_found():
    totals = []

    def adds(dout, cache):
        totals.append(backward(dout, cache)[0])
        return sum(totals), *backward(dout, cache)[1:]

    for cases in (CASES[:1], CASES):
        totals.clear()
        failed = says(checks.keeps_cache, checks.backward(adds, forward), cases)
        assert "the second time" in failed.headline


def test_right_answers_are_asked_few_questions():
    asked = []

    def counted(function):
        def counting(*arguments):
            asked.append(function)
            return function(*arguments)

        return counting

    layer = checks.backward(counted(backward), counted(forward))
    own(layer)
    # Two cases: two directions to both sides, and a forward and a backward pass.
    assert asked.count(forward) == 2 * (4 + 1) and asked.count(backward) == 2
    asked.clear()
    checks.keeps_inputs(layer, CASES)
    assert asked.count(backward) == len(CASES)
    asked.clear()
    checks.keeps_cache(layer, CASES)
    assert asked.count(forward) == 2 * len(CASES) and asked.count(backward) == 4 * len(CASES)


def test_one_wrong_entry_of_one_gradient_is_found():
    def one_off(dout, cache):
        dx, dw, db = backward(dout, cache)
        dw[1, 0, 1, 1] += 1e-3
        return dx, dw, db

    failed = says(own, checks.backward(one_off, doubled))
    assert "not the gradient of your own" in failed.headline


def test_wrong_values_are_not_charged_by_the_cache_unless_all_are_wrong():
    checks.keeps_cache(NO_DX, CASES)
    assert "wrong values" in says(checks.keeps_cache, NOTHING, CASES).headline


def test_calls_that_raise_have_cost_their_points_where_others_are_right():
    def stride_1(dout, cache):
        assert cache[3] == 1
        return backward(dout, cache)

    layer = checks.backward(stride_1, forward)
    for keeps in (checks.keeps_dtype, checks.keeps_inputs, checks.keeps_cache):
        keeps(layer, CASES)
        assert "raised AssertionError" in says(keeps, layer, CASES[1:]).headline


def test_a_cache_that_is_used_up_is_found():
    def once(dout, cache):
        found = backward(dout, cache[0])
        cache.clear()
        return found

    def listed(*inputs):
        out, cache = forward(*inputs)
        return out, [cache]

    assert (
        "raised IndexError"
        in says(checks.keeps_cache, checks.backward(once, listed), CASES).headline
    )
