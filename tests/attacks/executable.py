"""What in a piece of HTML would run, or reach out, in the browser of whoever opens it."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

TAGS = {
    "animate", "applet", "audio", "base", "button", "embed", "foreignobject", "form", "frame", "frameset",
    "iframe", "input", "link", "meta", "object", "portal", "script", "select", "set", "style", "textarea",
    "video",
}  # fmt: skip
ADDRESSES = {
    "action", "background", "cite", "data", "formaction", "from", "href", "ping", "poster", "src", "srcset",
    "to", "values", "xlink:href",
}  # fmt: skip
IMAGE = re.compile(r"data:image/(png|jpeg|gif);base64,[\w+/=]*$")
ELSEWHERE = re.compile(r"[a-z+.-]+:|[/\\]|.*\.\.")  # asks a server, ours or another, for it


class _Finder(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found = Counter()

    def handle_starttag(self, tag, attributes):
        if tag in TAGS:
            self.found[f"<{tag}>"] += 1
        for name, value in attributes:
            value = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name.startswith("on") or name == "srcdoc":
                self.found[f"<{tag} {name}={value[:40]}>"] += 1
            if name in ADDRESSES and re.match(r"(javascript|vbscript|data):", value):
                self.found[f"<{tag} {name}={value[:40]}>"] += not IMAGE.match(value)
            elif (
                tag == "img"
                and name in ADDRESSES
                and ELSEWHERE.match(value)
                and not IMAGE.match(value)
            ):
                self.found[f"<{tag} {name}={value[:40]}>"] += 1
            if name == "style" and re.search(
                r"url\(|expression|behavior|@import|position:(fixed|absolute)", value
            ):
                self.found[f"<{tag} {name}={value[:40]}>"] += 1

    handle_startendtag = handle_starttag


def executable(html: str) -> Counter:
    """Count what would run: tags, handlers, addresses that are code, images from elsewhere, styles."""
    finder = _Finder()
    finder.feed(html)
    finder.close()
    return +finder.found
