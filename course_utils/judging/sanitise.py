"""What a student's notebook shows, without anything that could run in the reader's browser.

HTML goes through nh3 (ammonia); a MIME type that is not on the list is dropped, its plain text kept. Markdown
is left as it was written as long as what renderers make of it is harmless. Neither may fetch a picture: the
browser of whoever grades would ask a foreign server for it, or the Jupyter server for a page.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Container
from html.parser import HTMLParser
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from nbformat import NotebookNode

TEXT = ("text/plain",)
IMAGES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8", "image/gif": b"GIF8"}
MAX_TEXT = 2**20  # characters of one text
MAX_STORED = 2 * 2**20  # characters of all outputs of a cell
MAX_OF_NOTEBOOK = 16 * 2**20  # the same of all its cells
ATTRIBUTES = {**nh3.ALLOWED_ATTRIBUTES, "*": {"class", "style"}}
STYLES = {
    "background-color", "border", "color", "font-weight", "height", "padding", "text-align",
    "vertical-align", "width",
}  # fmt: skip
SCHEMES = ("http", "https", "mailto")
RENDERED = {"h1", "h2", "h3", "h4", "h5", "h6", "section", "figure", "figcaption"}  # by renderers
PLAIN = {
    "align",
    "alt",
    "class",
    "colspan",
    "height",
    "id",
    "open",
    "rel",
    "rowspan",
    "start",
    "title",
    "width",
}
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]")
_HARMLESS = re.compile(
    r"(</?(b|i|u|s|em|strong|sub|sup|code|kbd|br|p|div|span|details|summary)\s*/?>|[^<>])*"
)
_TAG = re.compile(r"<[/!?]?([A-Za-z][\w:-]*|)")
_EMBEDDED = re.compile(r"data:image/(png|jpeg|gif);base64,[\w+/=\s]*$")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
_BESIDE = re.compile(r"(?![/\\])(?!.*\.\.)(?![a-z][a-z0-9+.-]*:)")  # a file in the same folder
_PICTURE = re.compile(r"!(\[[^\]]*\]\(\s*<?\s*(?:[A-Za-z][A-Za-z0-9+.-]*:|[/\\]))")
_PASTED = re.compile(r"!\[(?P<alt>[^\]]*)\]\(attachment:(?P<name>[^\s()<>\"']+)\)")
_STANDS_FOR = "pasted-picture-{}.png"  # while other pictures are looked at
MAX_PICTURE = 8 * 2**20  # characters of one pasted picture
MAX_PICTURES = 16 * 2**20  # of all pasted into a cell
_markdown = MarkdownIt("commonmark").enable("table")


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Keep an attribute of HTML unless it fetches something."""
    address = re.sub(r"[\x00-\x20]", "", value).lower()
    if name == "src":
        return value if _EMBEDDED.match(address) or _BESIDE.match(address) else None
    return None if address.startswith("data:") else value


def html(text: str) -> str:
    """Return HTML without scripts, handlers, frames, forms and foreign addresses."""
    return nh3.clean(
        text,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        filter_style_properties=STYLES,
        url_schemes={*SCHEMES, "data"},
    )


def attachments(item) -> dict[str, dict[str, str]]:
    """Return the pictures that were pasted into a cell: name → MIME type → base64.

    Parameters
    ----------
    item : object
        What a notebook has as a cell's attachments: anything at all.

    Returns
    -------
    dict
        With names that `markdown` refers to.
    """
    found, room = {}, MAX_PICTURES
    for name, kinds in item.items() if isinstance(item, dict) else ():
        for kind, value in kinds.items() if isinstance(kinds, dict) else ():
            value = "".join(map(str, value)) if isinstance(value, list) else value
            if not isinstance(value, str) or kind not in IMAGES:
                continue
            data = "".join(value.split())
            fine = len(data) <= min(room, MAX_PICTURE) and _is_image(data, IMAGES[kind])
            if fine:
                found[_name(str(name))] = NotebookNode({kind: data})
                room -= len(data)
    return found


def _name(name: str) -> str:
    """Return the name of a pasted picture as every renderer finds it: no two agree on spaces and accents."""
    return re.sub(r"[^\w.-]", "_", unquote(name), flags=re.ASCII)[:100]


def markdown(text: str, pasted: Container[str] = ()) -> str:
    """Return Markdown that is harmless in every renderer, with the pictures that were pasted into it.

    Parameters
    ----------
    text : str
    pasted : container of str
        The names of the cell's own pictures (see `attachments`). One that is not there is named instead.
    """
    shown: list[str] = []

    def set_aside(match):
        name = _name(match["name"])
        if name not in pasted:
            return f"[picture {name}: not in the file]"
        shown.append(name)
        return f"![{match['alt']}]({_STANDS_FOR.format(len(shown) - 1)})"

    cleaned = _markdown_of(_PASTED.sub(set_aside, text))
    for number, name in enumerate(shown):
        cleaned = cleaned.replace(f"({_STANDS_FOR.format(number)})", f"(attachment:{name})")
    return cleaned


def _markdown_of(text: str) -> str:
    """Return Markdown that is harmless in every renderer.

    Code, formulas and comparisons such as ``i<n`` are not touched: only what a Markdown parser takes for HTML
    is replaced. Where something is left that would run or fetch, be it for one renderer only, the whole text is
    shown as it was written.
    """
    text = _plain(text)
    if not re.search(r"[<\[]|```|~~~", text):
        return text
    raw = []
    for token in _markdown.parse(text):
        if token.type == "html_block":
            raw.append(token.content)
        raw += [child.content for child in token.children or () if child.type == "html_inline"]
    cleaned = text
    for part in sorted(set(raw), key=len, reverse=True):
        if not _HARMLESS.fullmatch(part):
            known = {tag.lower() for tag in _TAG.findall(part)} <= nh3.ALLOWED_TAGS
            # What is no known tag may be a comparison, such as i<n and m>k: it is shown as written.
            cleaned = cleaned.replace(part, html(part) if known else part.replace("<", "&lt;"))
    cleaned = _PICTURE.sub(r"\1", cleaned)  # a link instead
    from nbconvert.utils.exceptions import ConversionException  # slow to load, seldom needed

    try:
        return cleaned if all(map(_harmless, _pages(cleaned))) else _as_written(text)
    except ConversionException:  # a picture that is nowhere would stop a whole feedback page
        return _as_written(text)


def _pages(text):
    """Yield what renderers make of Markdown: CommonMark's, and the one of the Formgrader and of feedback."""
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    yield _markdown.render(text)
    yield markdown2html_mistune(text)


def _as_written(text):
    fence = "~" * max(3, 1 + max((len(run) for run in re.findall("~+", text)), default=0))
    return f"{fence}\n{text}\n{fence}"


def _harmless(page: str) -> bool:
    """Whether nothing in a rendered page would run, or fetch anything."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.harmless


class _Reader(HTMLParser):
    """Looks at each tag of a page."""

    harmless = True

    def handle_starttag(self, tag, attributes):
        fine = tag in nh3.ALLOWED_TAGS | RENDERED and all(
            self._is_fine(tag, name, re.sub(r"[\x00-\x20]", "", value or "").lower())
            for name, value in attributes
        )
        self.harmless = self.harmless and fine

    @staticmethod
    def _is_fine(tag, name, value):
        if name == "src":
            return bool(_EMBEDDED.match(value) or _BESIDE.match(value))
        if name in ("href", "cite"):
            scheme = _SCHEME.match(value)
            return not scheme or scheme[1] in SCHEMES
        if name == "style":
            return not re.search(r"url\(|expression|behavior|@import|position", value)
        return not name.startswith("on") and name in PLAIN


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
        elif kind in IMAGES and _is_image("".join(value.split()), IMAGES[kind]):
            kept[kind] = "".join(value.split())
    return kept


def _is_image(value, start):
    try:
        return base64.b64decode(value, validate=True).startswith(start)
    except (binascii.Error, ValueError):
        return False


def _plain(text) -> str:
    text = "".join(map(str, text)) if isinstance(text, list) else str(text)
    text = _CONTROL.sub("", _ANSI.sub("", text))[:MAX_TEXT]
    return text.encode("utf-8", "replace").decode()
