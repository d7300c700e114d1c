"""Formulas as MathML, which a browser shows without a script and without the network."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element

LONGEST = 2000  # characters of a formula that is converted
# Elements that may stand in a page → how many children each must have, None for any number.
ELEMENTS = {
    "math": None, "mrow": None, "mi": 0, "mn": 0, "mo": 0, "ms": 0, "mtext": 0, "mspace": 0,
    "mfrac": 2, "msqrt": None, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2,
    "mover": 2, "munderover": 3, "mtable": None, "mtr": None, "mtd": None, "mstyle": None,
    "mpadded": None, "mphantom": None, "menclose": None,
}  # fmt: skip
ATTRIBUTES = {
    "accent", "accentunder", "columnalign", "columnlines", "columnspacing", "depth", "display",
    "displaystyle", "fence", "form", "height", "largeop", "linethickness", "lspace", "mathcolor",
    "mathsize", "mathvariant", "maxsize", "minsize", "movablelimits", "notation", "rowlines",
    "rowspacing", "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width",
}  # fmt: skip
_VALUE = re.compile(r"[\w#%+. -]*")
# As Jupyter reads them; a dollar before a digit ends no formula: "between $5 and $10".
FORMULA = re.compile(
    r"\$\$(?P<block>.{1,2000}?)\$\$"
    r"|(?<!\\)\$(?P<inline>[^$]{1,2000}?)(?<!\\)\$(?!\d)"
    r"|(?P<environment>\\begin\{(?P<name>[a-z]{1,20}\*?)\}.{0,2000}?\\end\{(?P=name)\})",
    re.DOTALL,
)
_ALIGNED = re.compile(
    r"(\\(?:begin|end))\{(?:aligned|split|eqnarray\*?)\}"
)  # not known to latex2mathml
_AS_WRITTEN = {"code", "pre", "kbd", "samp", "script", "style", "textarea", "math"}


def to_mathml(latex: str, block: bool = False) -> str:
    """Return a formula as MathML.

    It is put together from `ELEMENTS` and `ATTRIBUTES` with all text escaped: what latex2mathml itself writes
    holds whatever HTML stands in a ``\\text{…}`` and whatever address in an ``\\href``.

    Parameters
    ----------
    latex : str
        Without dollars. Whoever wrote it need not be trusted.
    block : bool
        Whether it stands on a line of its own.

    Raises
    ------
    ValueError
        If it cannot be read.
    """
    if len(latex) > LONGEST:
        raise ValueError(f"a formula of {len(latex)} characters, more than {LONGEST}")
    latex = _ALIGNED.sub(r"\1{align*}", latex)
    try:
        return _written(convert_to_element(latex, display="block" if block else "inline"))
    except ValueError:
        raise
    except Exception as error:  # latex2mathml raises many kinds, and some of Python's
        raise ValueError(f"{latex!r} cannot be read ({type(error).__name__})") from error


def _written(element: Element) -> str:
    """Return an element of latex2mathml's as HTML."""
    name, text = element.tag, html.unescape(element.text or "")
    wanted = ELEMENTS.get(name, -1)
    if wanted is not None and wanted != len(element):
        raise ValueError(f"{name} with {len(element)} parts")
    if name == "mi" and text[:1] in ("\\", "&"):
        raise ValueError(f"{text} is not known")
    attributes = "".join(
        f' {key}="{value}"'
        for key, value in element.attrib.items()
        if key in ATTRIBUTES and _VALUE.fullmatch(value)
    )
    inside = html.escape(text) + "".join(map(_written, element))
    return f"<{name}{attributes}>{inside}</{name}>"


def typeset(page: str) -> str:
    """Return HTML with the formulas in its text as MathML; code, tags and attributes stay as they are.

    A formula that cannot be read is shown as it was written.
    """
    reader = _Typesetter()
    reader.feed(page)
    reader.close()
    return "".join(reader.parts)


class _Typesetter(HTMLParser):
    """Copies a page; only what stands between tags is looked at."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.inside: list[str] = []  # open elements whose text is left alone

    def handle_starttag(self, tag, attributes):
        self.parts.append(self.get_starttag_text())
        if tag in _AS_WRITTEN:
            self.inside.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.parts.append(self.get_starttag_text())

    def handle_endtag(self, tag):
        self.parts.append(f"</{tag}>")
        if tag in self.inside:
            self.inside.remove(tag)

    def handle_data(self, text):
        at = 0
        for found in () if self.inside else FORMULA.finditer(text):
            self.parts += [html.escape(text[at : found.start()], quote=False), _shown(found)]
            at = found.end()
        self.parts.append(html.escape(text[at:], quote=False))


def _shown(found: re.Match) -> str:
    latex = found["block"] or found["inline"] or found["environment"]
    try:
        return to_mathml(latex, block=not found["inline"])
    except ValueError:
        return html.escape(found[0], quote=False)
