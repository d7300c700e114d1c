"""A net that a test hands over is built on the answer's side, and comes back as the call left it."""

import copy

import msgpack
import numpy as np
import pytest

from course_utils import wire
from course_utils.wire import AnswerSide, Net, Raised, Side, WireError
from course_utils.wire.frames import HEADER
from course_utils.wire.nodes import Tag

pytestmark = pytest.mark.unit


def loss(params, x, y, reg):
    return float(params["W1"] @ x) + reg, {"W1": x}


def predict(params, x):
    return (x > params["W1"][0]).astype(int)


def net():
    return Net({"W1": np.array([1.0, 2.0])}, 2, loss, predict)


def call(function, *args, **kwargs):
    return wire.call_here(function, args, kwargs)


def test_its_methods_are_the_tests_functions_with_the_params_of_the_moment():
    def answer(net, x):
        before = net.loss(x, None)
        net.params["W1"] = net.params["W1"] * 10
        return before, net.loss(x, None, reg=0.5), net.loss(x, None, 3), net.predict(x), net.classes

    x = np.array([3.0, 20.0])
    before, penalised, by_place, classes, count = call(answer, net(), x).value
    assert before[0] == 43.0 and np.array_equal(before[1]["W1"], x)
    assert penalised[0] == 430.5 and by_place[0] == 433.0
    assert classes.tolist() == [0, 1] and count == 2


def in_place(net):
    net.params["W1"] -= 1


def entry(net):
    net.params["W1"] = net.params["W1"] - 1


def replaced(net):
    net.params = {name: value - 1 for name, value in net.params.items()}


def through_an_alias(net):
    params = net.params
    params["W1"][:] = [0, 1]


@pytest.mark.parametrize("answer", [in_place, entry, replaced, through_an_alias])
def test_it_comes_back_with_its_params_as_the_call_left_them(answer):
    sent = net()
    [back] = call(answer, sent).args
    assert type(back) is Net and back.params["W1"].tolist() == [0.0, 1.0]
    assert sent.params["W1"].tolist() == [1.0, 2.0]
    assert back.loss(np.ones(2), None) == (1.0, {"W1": pytest.approx(np.ones(2))})


def test_it_comes_back_by_name_and_after_an_error_too():
    def fails(net):
        net.params = None
        raise ValueError("no")

    reply = call(fails, net=net())
    assert isinstance(reply.value, Raised) and reply.kwargs["net"].params is None


def test_it_can_be_returned_and_stand_in_a_list():
    assert call(lambda nets: nets[0], [net()]).value.classes == 2


def test_a_loss_that_raises_raises_in_the_answer():
    reply = call(lambda net: net.loss("x", None), net())
    assert reply.value.is_a(RuntimeError) and "the function that was passed in raised" in str(
        reply.value
    )


def test_what_an_answer_puts_into_it_is_an_object_of_the_answers():
    def answer(net):
        net.params["W1"] = iter([])

    assert call(answer, net()).args[0].params["W1"].type_name == "list_iterator"


def test_a_net_without_its_attributes_is_an_exception():
    assert call(lambda net: vars(net).clear(), net()).value.is_a(AttributeError)


def test_a_copy_has_its_own_params():
    first = net()
    second = copy.deepcopy(first)
    second.params["W1"] += 1
    assert first.params["W1"].tolist() == [1.0, 2.0]


def forged(tree):
    packed = msgpack.packb(tree)
    return HEADER.pack(len(packed), 0) + packed


def forged_net(*fields):
    return [Tag.FIXTURE, "net", *fields]


PARAMS, FUNCTION = [Tag.DICT, [], []], [Tag.FUNCTION, 0, "f"]
FORGED = {
    "another name": [Tag.FIXTURE, "Net", PARAMS, 2, FUNCTION, FUNCTION],
    "a class of Python's": [Tag.FIXTURE, "object"],
    "no name": [Tag.FIXTURE],
    "a name that is a number": [Tag.FIXTURE, 1, 2, 3, FUNCTION, FUNCTION],
    "a name that cannot be looked up": [Tag.FIXTURE, [Tag.LIST], 2, 3, FUNCTION, FUNCTION],
    "too few fields": forged_net(PARAMS, 2, FUNCTION),
    "too many fields": forged_net(PARAMS, 2, FUNCTION, FUNCTION, "", 1),
    "functions that are numbers": forged_net(PARAMS, 2, 3, 4),
    "functions that are handles": forged_net(PARAMS, 2, [Tag.HANDLE, 0, "f"], FUNCTION),
    "words that are a number": forged_net(1, 2, FUNCTION, FUNCTION, 3),
    "functions that were not sent": forged_net(1, 2, [Tag.FUNCTION, 9, "f"], FUNCTION),
    "fields under names": [Tag.FIXTURE, PARAMS],
}


@pytest.mark.parametrize("tree", FORGED.values(), ids=list(FORGED))
def test_a_forged_net_is_refused(tree):
    side = Side()
    side.encode(len)  # there is one function
    with pytest.raises(WireError):
        side.decode(forged(tree))


def test_a_net_of_the_jails_own_making_holds_nothing_but_what_was_sent():
    side = Side()
    side.encode(net())
    made = side.decode(forged(forged_net(7, "x", [Tag.FUNCTION, 1, "f"], FUNCTION, "")))
    assert (made.params, made.classes) == (7, "x")


def test_nets_in_nets_end():
    tree = FUNCTION
    for _ in range(50):
        tree = forged_net(tree, 2, FUNCTION, FUNCTION)
    side = Side()
    side.encode(len)
    with pytest.raises(WireError, match="deep"):
        side.decode(forged(tree))


def test_a_test_cannot_pass_an_object_that_is_no_fixture():
    class Mine(Net):
        pass

    with pytest.raises(WireError, match="a test cannot pass"):
        Side().encode([Mine({}, 2, loss, predict)])


def test_an_answers_relative_of_a_net_stays_where_it_is():
    class Mine(Net):
        pass

    kept = Side().decode(AnswerSide().encode(Mine({}, 2, loss, predict)))
    assert kept.type_name == "Mine"
