"""What a student's notebook shows, without anything that could run in the reader's browser.

HTML and SVG go through nh3 (ammonia); a MIME type that is not on the list is dropped, its plain text kept.
"""

from __future__ import annotations

import base64
import binascii
import json
import re

import nh3
from markdown_it import MarkdownIt
from nbformat import NotebookNode

TEXT = ("text/plain",)
IMAGES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8", "image/gif": b"GIF8"}
MAX_TEXT = 2**20  # characters of one text
MAX_STORED = 2 * 2**20  # characters of all outputs of a cell
ATTRIBUTES = {**nh3.ALLOWED_ATTRIBUTES, "*": {"class", "style"}}
STYLES = {
    "background-color", "border", "color", "font-weight", "height", "padding", "text-align",
    "vertical-align", "width",
}  # fmt: skip
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]")
_HARMLESS = re.compile(
    r"</?(b|i|u|s|em|strong|sub|sup|code|kbd|br|p|div|span|details|summary)\s*/?>"
)
_TAG = re.compile(r"<[/!?]?([A-Za-z][\w:-]*|)")
_markdown = MarkdownIt("commonmark").enable("table")


def html(text: str) -> str:
    """Return HTML without scripts, handlers, frames, forms and foreign addresses."""
    return nh3.clean(
        text,
        attributes=ATTRIBUTES,
        filter_style_properties=STYLES,
        url_schemes={"http", "https", "mailto"},
    )


def markdown(text: str) -> str:
    """Return Markdown whose raw HTML is clean; everything else stays as it was written.

    Code, formulas and comparisons such as ``i<n`` are not touched: only what a Markdown parser takes for HTML
    is replaced.
    """
    text = _plain(text)
    raw = []
    for token in _markdown.parse(text):
        if token.type == "html_block":
            raw.append(token.content)
        raw += [child.content for child in token.children or () if child.type == "html_inline"]
    for part in sorted(set(raw), key=len, reverse=True):
        if not _HARMLESS.fullmatch(part):
            known = {tag.lower() for tag in _TAG.findall(part)} <= nh3.ALLOWED_TAGS
            # What is no known tag may be a comparison, such as i<n and m>k: it is shown as written.
            text = text.replace(part, html(part) if known else part.replace("<", "&lt;"))
    return (
        re.sub(r"(?i)\b(javascript|vbscript|data)\s*:(?=\s*\S)", r"\1 :", text)
        if _links(text)
        else text
    )


def _links(text):
    """Whether a link or image of a Markdown text leads to code."""
    return re.search(r"(?i)(\]\(|\]:|<)\s*(javascript|vbscript|data)\s*:", text)


def output(item) -> NotebookNode | None:
    """Return one output in nbformat's form, or None if it is no output.

    Parameters
    ----------
    item : object
        What came from a jail: anything at all.
    """
    if not isinstance(item, dict):
        return None
    kind = item.get("output_type")
    if kind == "stream":
        name = "stderr" if item.get("name") == "stderr" else "stdout"
        return NotebookNode(output_type="stream", name=name, text=_plain(item.get("text", "")))
    if kind == "error":
        trace = item.get("traceback")
        lines = [_plain(line) for line in trace[:100]] if isinstance(trace, list) else []
        return NotebookNode(
            output_type="error",
            ename=_plain(item.get("ename", ""))[:200],
            evalue=_plain(item.get("evalue", "")),
            traceback=lines,
        )
    if kind in ("display_data", "execute_result"):
        data = _data(item.get("data"))
        new = NotebookNode(output_type=kind, data=data, metadata=NotebookNode())
        if kind == "execute_result":
            new.execution_count = None
        return new
    return None


def outputs(items, room: int = MAX_STORED) -> list[NotebookNode]:
    """Return the outputs of a cell that are fit to be stored, as long as there is room for them.

    Parameters
    ----------
    items : object
        What came from a jail.
    room : int
        Characters that may be stored in all.
    """
    found = []
    for item in items if isinstance(items, list) else []:
        made = output(item)
        if made is None:
            continue
        room -= len(json.dumps(made))
        if room < 0:
            note = "… more output than is kept …\n"
            found.append(NotebookNode(output_type="stream", name="stdout", text=note))
            break
        found.append(made)
    return found


def _data(data):
    kept = NotebookNode()
    if not isinstance(data, dict):
        return kept
    for kind, value in data.items():
        value = "".join(map(str, value)) if isinstance(value, list) else value
        if not isinstance(value, str) or len(value) > 8 * MAX_TEXT:
            continue
        if kind in TEXT:
            kept[kind] = _plain(value)
        elif kind == "text/html":
            kept[kind] = html(_plain(value))
        elif kind == "text/markdown":
            kept[kind] = markdown(value)
        elif kind in IMAGES and _is_image(value, IMAGES[kind]):
            kept[kind] = value
    return kept


def _is_image(value, start):
    try:
        return base64.b64decode(value, validate=False).startswith(start)
    except (binascii.Error, ValueError):
        return False


def _plain(text) -> str:
    text = "".join(map(str, text)) if isinstance(text, list) else str(text)
    text = _CONTROL.sub("", _ANSI.sub("", text))[:MAX_TEXT]
    return text.encode("utf-8", "replace").decode()
