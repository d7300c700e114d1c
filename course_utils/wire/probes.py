"""What a test may ask of answers and the objects that they made: run where those are."""

from __future__ import annotations

import inspect
from functools import partial
from types import FunctionType, MethodType

import numpy as np

from course_utils.wire.sharing import shared_arguments

MOST = 1000  # objects that are looked into


def made(maker, name, /, *args, **kwargs):
    """Make an object and return an attribute of it."""
    return getattr(maker(*args, **kwargs), name)


def method(made, name, /, *args, **kwargs):
    """Call a method."""
    return getattr(made, name)(*args, **kwargs)


def read(made, name):
    """Return an attribute."""
    return getattr(made, name)


def update(made, name, entries):
    """Replace entries of an attribute that is a dict."""
    entries_there = getattr(made, name)
    for key, value in entries.items():
        entries_there[key] = value


def method_with(made, name, attribute, entries, /, *args, **kwargs):
    """Replace entries of an attribute that is a dict, then call a method."""
    update(made, attribute, entries)
    return method(made, name, *args, **kwargs)


def arrays(made) -> dict:
    """Return the arrays inside an object: in attributes, in what a function closes over, in lists and dicts."""
    found, todo, seen = {}, [("", made)], set()
    while todo and len(seen) < MOST:
        place, part = todo.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, np.ndarray):
            found[f"{place or 'the cache'}"] = part.copy()
            continue
        todo += [(f"{place}.{name}".strip("."), inner) for name, inner in _inside(part)]
    return found


def _inside(part):
    if isinstance(part, dict):
        return [(str(key), value) for key, value in dict.items(part)]
    if isinstance(part, (list, tuple)):
        return [(str(number), value) for number, value in enumerate(part)]
    if isinstance(part, partial):
        return [("function", part.func), ("args", part.args), ("keywords", part.keywords)]
    if isinstance(part, FunctionType):
        names = zip(part.__code__.co_freevars, part.__closure__ or (), strict=False)
        cells = [(name, cell.cell_contents) for name, cell in names if _is_filled(cell)]
        return [*cells, ("defaults", part.__defaults__ or ())]
    if isinstance(part, MethodType):
        return [("self", part.__self__)]
    slots = [
        (n, getattr(part, n)) for n in getattr(type(part), "__slots__", ()) if hasattr(part, n)
    ]
    return [*slots, *getattr(part, "__dict__", {}).items()] if not isinstance(part, type) else slots


def _is_filled(cell):
    try:
        return cell.cell_contents is not cell
    except ValueError:
        return False


def standing_in(answer, /, *given, **kwargs):
    """Call an answer while functions of the test's stand in for others of the student's that it calls by name.

    Parameters
    ----------
    answer : callable
    given
        Other answers, which are not looked at; then ``{name: function}``, and the list of arguments. A function
        returns whether it has a result, and that, or what the ValueError says that it raises instead.
    """
    *_, functions, arguments = given
    names = getattr(inspect.unwrap(answer), "__globals__", {})
    instead = {name: _standing(function) for name, function in functions.items()}
    # Another name for one of them, in place of which an argument hides its own, stands for it too.
    others = [(key, value) for key, value in names.items() if key not in instead]
    instead |= {
        key: instead[name]
        for name in functions
        for key, value in others
        if name in names and value is names[name]
    }
    before = {name: names[name] for name in instead if name in names}
    names.update(instead)
    try:
        return answer(*arguments, **kwargs)
    finally:
        for name in instead:
            names.pop(name, None)
        names.update(before)


def _standing(function):
    def stand_in(*args, **kwargs):
        fine, value = function(*args, **kwargs)
        if not fine:
            raise ValueError(value)
        return value

    return stand_in


def network(maker, /, new, plan):
    """Make a network and ask it; see `course_utils.modules.asked.ask`."""
    from course_utils.modules.asked import ask  # with it PyTorch, which most parts do without

    return ask(maker, new, plan)


def initialised(answer, /, layers, scheme, seed):
    """Have a network initialised; see `course_utils.modules.initialised.initialised`."""
    from course_utils.modules.initialised import initialised

    return initialised(answer, layers, scheme, seed)


def scene(answer, what, /, *given):
    """Have an answer train, evaluate or measure a network; see `course_utils.modules.scenes`."""
    from course_utils.modules import scenes

    return getattr(scenes, what)(answer, *given)


def looked(answer, what, /, *given, instead=None):
    """Have an answer look into a network; see `course_utils.modules.looking`.

    Functions ``instead`` stand in for others of the student's, as in `standing_in`.
    """
    from course_utils.modules import looking

    def on_its_own(*args, **kwargs):
        return standing_in(answer, instead, args, **kwargs)

    return getattr(looking, what)(on_its_own if instead else answer, *given)


def resumed(save, resume, plan):
    """Have a training saved and resumed; see `course_utils.modules.scenes.resumed`."""
    from course_utils.modules.scenes import resumed

    return resumed(save, resume, plan)


def weighed(maker, /, file, images):
    """Load weights from a file and return scores; see `course_utils.modules.weights.scores`."""
    from course_utils.modules.weights import scores

    return scores(maker, file, images)


def distributed(file, plan):
    """Train with two processes; see `course_utils.modules.distributed.distributed`."""
    from course_utils.modules.distributed import distributed

    return distributed(file, plan)


def after(backward, forward, dout, /, *args, **kwargs):
    """Make a forward pass and the backward pass after it."""
    _, cache = forward(*args, **kwargs)
    return backward(dout, cache)


def along(backward, forward, dout, moved, /, *args, **kwargs) -> list:
    """Make both passes, and the forward pass of other arguments; return the gradients, and each output."""
    found = _copied(after(backward, forward, dout, *args, **kwargs))
    return [found, [_copied(forward(*inputs, **kwargs)[0]) for inputs in moved]]


def cached(backward, forward, dout, other, /, *args, **kwargs) -> list:
    """Make both passes, the backward pass again, and once more after another forward pass.

    Returns
    -------
    list
        The three results, that of a backward pass after the other forward pass, whether the first shares memory
        with `dout` or the cache, and the arrays in the cache before and after.
    """
    _, cache = forward(*args, **kwargs)
    before = arrays(cache)
    first = backward(dout, cache)
    found = [_copied(first)]
    shares = bool(shared_arguments(first, (dout, cache), {}))
    found.append(_copied(backward(dout, cache)))
    _, newer = forward(*other, **kwargs)
    found.append(_copied(backward(dout, cache)))
    after = arrays(cache)
    found.append(_copied(backward(dout, newer)))
    return [*found, shares, before, after]


def _copied(value):
    """Return a result as it is now: a later call may change it."""
    if isinstance(value, (list, tuple)):
        return (list if isinstance(value, list) else tuple)(map(_copied, value))
    return value.copy() if isinstance(value, np.ndarray) else value
