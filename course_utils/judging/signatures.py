"""Compare the arguments of a student's functions with those that a prompt asks for: tests may name them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from course_utils.course.source import CELL_MAGIC, NO_PYTHON


def other_signatures(asked: Iterable[str], written: Iterable[str]) -> list[str]:
    """Say for each function, or method of a class, whose arguments are not those that are asked for.

    Parameters
    ----------
    asked : iterable of str
        Answer cells as they were handed out.
    written : iterable of str
        Cells of a student, in order: the last definition of a name counts.

    Returns
    -------
    list of str
        Such as ``"area(height, width) is asked for, yours is area(h, w)"``. More arguments with a default, and
        ``*args`` or ``**kwargs``, are fine.
    """
    mine = dict(pair for code in written for pair in _functions(code))
    return [
        f"{name}({ast.unparse(wanted)}) is asked for, yours is {name}({ast.unparse(mine[name])})"
        for code in asked
        for name, wanted in _functions(code)
        if name in mine and not _takes(mine[name], wanted)
    ]


def _functions(code: str) -> Iterator[tuple[str, ast.arguments]]:
    """Yield the functions of a cell and the methods of its classes, without annotations."""
    try:
        body = ast.parse(CELL_MAGIC.sub("", code)).body
    except NO_PYTHON:
        return
    classes = [node for node in body if isinstance(node, ast.ClassDef)]
    for prefix, nodes in [("", body), *((f"{one.name}.", one.body) for one in classes)]:
        for node in nodes:
            if isinstance(node, ast.FunctionDef):
                for argument in ast.walk(node.args):
                    if isinstance(argument, ast.arg):
                        argument.annotation = None
                yield prefix + node.name, node.args


def _takes(mine: ast.arguments, wanted: ast.arguments) -> bool:
    """Whether each call that `wanted` allows, by position or by name, finds its arguments."""
    if mine.vararg and mine.kwarg:
        return True
    by_position = [argument.arg for argument in wanted.args]
    if [argument.arg for argument in mine.args][: len(by_position)] != by_position:
        return False
    names, asked = _defaults(mine), _defaults(wanted)
    unasked = {name: default for name, default in names.items() if name not in asked}
    same = all(names.get(name, "") == default for name, default in asked.items())
    return same and None not in unasked.values()


def _defaults(arguments: ast.arguments) -> dict[str, str | None]:
    """Return the arguments in order, each with its default as code, None where it has none."""
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(plain) - len(arguments.defaults)) + list(arguments.defaults)
    found = {a.arg: d and ast.unparse(d) for a, d in zip(plain, defaults, strict=True)}
    later = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return found | {a.arg: d and ast.unparse(d) for a, d in later}
