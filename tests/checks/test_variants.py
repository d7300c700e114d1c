"""Answers of part 03 on their own: a right function stands in for another answer that is wrong."""

import numpy as np
import pytest

from course_utils import checks
from course_utils.checks import CheckFailed, args, case, cases, excuses, factors, variants
from course_utils.layers import deformable
from course_utils.layers import variants as right
from course_utils.wire import probes

pytestmark = pytest.mark.unit
X, W, B = np.arange(12.0).reshape(1, 2, 6), np.array([[[1.0, 2], [3, -1]]]), np.array([5.0])
CALLS = [args(X, W, B), args(X, W, B, 2, 1), args(X, W, B, padding=1, dilation=2)]
TABLE = cases(right.conv1d, CALLS)


def answers(code: str) -> dict:
    """Run a student's cells; return the names that they define."""
    names = {"np": np}
    exec(code, names)
    return names


BY_IMAGE = """
def conv1d(x, w, b, stride=1, padding=0, dilation=1):
    image, filters = x[:, :, None], w[:, :, None]
    return conv2d(image, filters, b, (1, stride), (0, padding), (1, dilation))[:, :, 0]
"""
WRONG = {
    "raises": "def conv2d(*args, **named): raise NotImplementedError",
    "is wrong": "def conv2d(x, *args, **named): return np.zeros((1, 1, 1, 3))",
    "is not there": "",
}


@pytest.fixture(autouse=True)
def no_excuses():
    excuses.count()


@pytest.mark.parametrize("other", WRONG.values(), ids=WRONG)
def test_a_right_one_stands_in_for_another_answer(other):
    there = answers(other + "\n" + BY_IMAGE)
    checks.equal(variants.on_its_own(there["conv1d"]), TABLE)
    assert excuses.count()
    # Afterwards all is as it was.
    assert ("conv2d" in there) == bool(other)
    with pytest.raises(CheckFailed):
        checks.equal(there["conv1d"], TABLE)


def test_a_right_answer_is_asked_once():
    asked = []

    def conv1d(*given, **named):
        asked.append(given)
        return right.conv1d(*given, **named)

    checks.equal(variants.on_its_own(conv1d), TABLE)
    assert len(asked) == len(TABLE)
    assert not excuses.count()


def test_a_fault_of_its_own_is_not_excused():
    there = answers(WRONG["raises"] + BY_IMAGE.replace("(0, padding)", "0"))
    with pytest.raises(CheckFailed):
        checks.equal(variants.on_its_own(there["conv1d"]), TABLE)


def test_another_answer_that_computes_in_float32_needs_no_excuse():
    """Where it is tested 1e-6 is allowed for, so that it is charged nowhere."""
    code = """
def bilinear_sample(x, points):
    return given(x, points).astype(np.float32)

def deform_conv2d(x, offset, w, b):
    rows, columns = np.indices(offset.shape[2:])
    points = np.stack([rows + offset[0, 0], columns + offset[0, 1]], axis=-1).reshape(-1, 2)
    return float(w[0, 0, 0, 0]) * bilinear_sample(x[0], points).reshape(1, 1, *rows.shape)
"""
    there = answers(code)
    there["given"] = deformable.bilinear_sample
    rng = np.random.default_rng(1)
    call = args(
        rng.random((1, 1, 4, 5)), rng.random((1, 2, 4, 5)), np.ones((1, 1, 1, 1)) / 3, 0 * B
    )
    asked = variants.on_its_own(there["deform_conv2d"])
    checks.equal(asked, cases(deformable.deform_conv2d, [call]), rtol=1e-12)
    assert not excuses.count()


def test_what_another_answer_changes_is_not_charged_here():
    there = answers("def conv2d(x, *more): x *= 2; return given(x / 2, *more)\n" + BY_IMAGE)
    there["given"] = right.conv2d
    with pytest.raises(CheckFailed):
        checks.unchanged(there["conv1d"], CALLS)
    checks.unchanged(variants.on_its_own(there["conv1d"]), CALLS)
    there = answers(BY_IMAGE.replace("    image", "    b += 0.5\n    image"))
    there["conv2d"] = right.conv2d
    with pytest.raises(CheckFailed):
        checks.unchanged(variants.on_its_own(there["conv1d"]), CALLS)


def test_what_stands_below_in_the_notebook_does_not_stand_in():
    code = "def pointwise(x, w, b): return depthwise_separable2d(x, np.ones((1, 1, 1)), w, b)"
    call = args(np.ones((1, 1, 2, 2)), np.ones((1, 1)), np.zeros(1))
    with pytest.raises(CheckFailed):
        checks.equal(
            variants.on_its_own(answers(code)["pointwise"]), [case(call, np.ones((1, 1, 2, 2)))]
        )


def test_a_refusal_of_the_other_answer_is_one_of_this():
    nothing_refused = "def conv2d(*args, **named): return np.zeros((1, 1, 1, 1))"
    there = answers(nothing_refused + BY_IMAGE)
    too_large = args(np.ones((1, 1, 2)), np.ones((1, 1, 3)), np.zeros(1))
    with pytest.raises(CheckFailed):
        checks.raises(there["conv1d"], [too_large])
    checks.raises(variants.on_its_own(there["conv1d"]), [too_large])


def test_a_wrong_dtype_of_the_other_answer_is_excused():
    code = """
def conv2d(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    return np.float64(x * w[:, 0]) + b[:, None, None]
def depthwise_separable2d(x, depthwise, pointwise, b, stride=1, padding=0):
    middle = conv2d(x, depthwise[:, None], 0 * b, stride, padding, groups=len(depthwise))
    return pointwise[0, 0] * middle + b[:, None, None]
"""
    answer = answers(code)["depthwise_separable2d"]
    call = args(np.ones((1, 1, 2, 2)), np.full((1, 1, 1), 2.0), np.full((1, 1), 3.0), np.ones(1))
    table = cases(right.depthwise_separable2d, [call])
    with pytest.raises(CheckFailed):
        checks.keeps_dtype(answer, table)
    checks.keeps_dtype(variants.on_its_own(answer), table)


def test_arguments_are_told_as_the_call_left_them():
    code = """
def deform_conv2d(x, offset, w, b):
    offset += 1
    return bilinear_sample(x[0], np.array([[0.0, 0.0]])).reshape(1, 1, 1, 1)
"""
    answer = variants.on_its_own(answers(code)["deform_conv2d"])
    x, offset = np.full((1, 1, 1, 1), 3.0), np.zeros((1, 2, 1, 1))
    with pytest.raises(CheckFailed, match="changes its"):
        checks.unchanged(answer, [args(x, offset, np.ones((1, 1, 1, 1)), np.zeros(1))])


def test_names_are_put_back_after_an_exception():
    there = answers("def other(): return 1\ndef answer(): return other() + missing()")
    functions = {"other": lambda: (True, 5), "missing": lambda: (False, "no")}
    with pytest.raises(ValueError, match="no"):
        probes.standing_in(there["answer"], functions, [])
    assert there["other"]() == 1
    assert "missing" not in there


def test_another_name_of_the_other_answer_stands_for_it_too():
    code = """
def pointwise(x, w, b): raise NotImplementedError
map_channels = pointwise
def depthwise_separable2d(x, depthwise, pointwise, b, stride=1, padding=0):
    return map_channels(x * depthwise, pointwise, b)
"""
    there = answers(code)
    call = args(np.ones((1, 1, 2, 2)), np.full((1, 1, 1), 2.0), np.full((1, 1), 3.0), np.ones(1))
    table = cases(right.depthwise_separable2d, [call])
    checks.equal(variants.on_its_own(there["depthwise_separable2d"]), table)
    assert there["map_channels"] is there["pointwise"]


# -- beyond simpler calls --------------------------------------------------------------------------
def plain(x, w, b, stride=1, padding=0, dilation=1):
    return args(x, w, b)


def no_stride(x, w, b, stride=1, padding=0, dilation=1):
    return right.conv1d(x, w, b, 1, padding, dilation)


def flipped(x, w, b, stride=1, padding=0, dilation=1):
    return right.conv1d(x, w[:, :, ::-1], b, stride, padding, dilation)


def test_what_is_wrong_in_the_simpler_call_is_not_asked():
    checks.beyond(flipped, right.conv1d, CALLS, {}, plain)
    mistakes = {"the stride is ignored": no_stride}
    with pytest.raises(CheckFailed, match="the stride is ignored"):
        checks.beyond(no_stride, right.conv1d, CALLS[1:2], mistakes, plain)
    checks.beyond(right.conv1d, right.conv1d, CALLS, mistakes, plain)


# -- a column times a row --------------------------------------------------------------------------
KERNEL = np.array([[2.0, 4], [3, 6], [0, 0]])


@pytest.mark.parametrize(
    "parts",
    [
        (KERNEL[:, 0], np.array([1.0, 2])),
        (-KERNEL[:, :1] / 7, -7 * np.array([[1.0, 2]])),
        ([2.0, 3, 0], [1, 2]),
    ],
    ids=["vectors", "other signs, a scale, two axes", "lists"],
)
def test_only_the_product_counts(parts):
    def separate(kernel):
        return *parts, 0.0

    checks.equal(factors.product(separate), [case(args(KERNEL), KERNEL)], atol=1e-9)
    checks.equal(factors.distance(separate), [case(args(KERNEL), 0.0)], atol=1e-9)


@pytest.mark.parametrize("result", [None, (1, 2), ("a", "b", 0.0), (KERNEL[0], KERNEL[0], 0.0)])
def test_what_is_no_product_fails(result):
    def separate(kernel):
        return result

    for question, expected in [(factors.product, KERNEL), (factors.distance, 0.0)]:
        with pytest.raises(CheckFailed):
            checks.equal(question(separate), [case(args(KERNEL), expected)])
