"""Explorers on a page without Jupyter, opened from a file: their code, their traits, and a small model for them.

A page has the code and the style of each class once (`code`, `style`), and at each place a class's name and the traits
of one explorer (`place`). Whatever an explorer would tell the kernel goes no further than the page.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

_MODEL = (Path(__file__).parent / "page.js").read_text(encoding="utf-8")
_EXPORT = re.compile(r"^export default ", re.MULTILINE)
# Traits that belong to Jupyter, not to what is shown.
_OF_JUPYTER = re.compile(
    r"_(?:esm|css|dom_classes|anywidget_id|(?:model|view)_\w+)|layout|tabbable|tooltip"
)
NO_SCRIPT = "This explorer moves where JavaScript is on; the text and its pictures do without."


def is_explorer(state: Mapping) -> bool:
    """Return whether the state of a widget is that of an anywidget with one default export."""
    return len(_EXPORT.findall(str(state.get("_esm", "")))) == 1


def place(state: Mapping) -> str:
    """Return the HTML that shows one explorer.

    Parameters
    ----------
    state : mapping
        All its traits, as ``get_state()`` gives them or an executed notebook keeps them.

    Raises
    ------
    TypeError
        If a trait is not JSON.
    """
    traits = {name: value for name, value in state.items() if not _OF_JUPYTER.fullmatch(name)}
    return (
        f'<div class="shown-explorer" data-explorer="{_name(state)}">'
        f'<script type="application/json">{_inline_json(traits)}</script>'
        f"<noscript><p><em>{NO_SCRIPT}</em></p></noscript></div>"
    )


def style(states: Iterable[Mapping]) -> str:
    """Return the style elements that some explorers need, each class's once."""
    texts = dict.fromkeys(str(state.get("_css", "")) for state in states)
    return "\n".join(f"<style>\n{_inline(text)}</style>" for text in texts)


def code(states: Iterable[Mapping]) -> str:
    """Return the script elements that start some explorers, each class's once; they stand after all places.

    Raises
    ------
    ValueError
        If a state is not an explorer's.
    """
    modules = {}
    for state in states:
        if not is_explorer(state):
            raise ValueError(f"not an explorer with one `export default`: {sorted(state)}")
        modules[_name(state)] = _EXPORT.sub("return ", state["_esm"])
    scripts = [_MODEL]
    scripts += [f'explorers.define("{n}", () => {{\n{text}\n}});' for n, text in modules.items()]
    return "\n".join(
        f"<script>\n{_inline(text)}\n</script>" for text in [*scripts, "explorers.start();"]
    )


def page(*states: Mapping, head: str = "") -> str:
    """Return a page that holds some explorers and nothing else, light, at most 900 pixels wide.

    Parameters
    ----------
    *states : mapping
        The traits of each, in order.
    head : str, optional
        HTML for the page's head.
    """
    places = "\n".join(map(place, states))
    return (
        '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Explorers</title>\n'
        f"{style(states)}{head}\n"
        f'<body style="color: #1a1a1a"><div style="max-width: 900px">\n{places}\n</div>\n{code(states)}\n</body></html>\n'
    )


def _name(state):
    """Return a name for an explorer's code: two classes with the same code are one."""
    return f"e{hashlib.sha256(state['_esm'].encode()).hexdigest()[:10]}"


def _inline(script):
    """Return JavaScript that ends no script element: what could, stands only in strings and comments."""
    return script.replace("</script", r"<\/script").replace("<!--", r"<\!--")


def _inline_json(value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
