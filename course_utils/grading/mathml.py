"""Formulas as MathML, which a browser shows without a script and without the network."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from itertools import groupby
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element

LONGEST = 2000  # characters of a formula that is converted
# For the style of a page: fonts that have the shapes and the measures of mathematics, before those that do not.
STYLE = """math {
  font-family: "Latin Modern Math", "STIX Two Math", "Cambria Math", "Libertinus Math", "TeX Gyre Termes Math",
    "DejaVu Math TeX Gyre", "Noto Sans Math", math;
}"""
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
_FENCES = {
    "⌊": "prefix",
    "⌈": "prefix",
    "⌋": "postfix",
    "⌉": "postfix",
}  # latex2mathml takes them for letters
_TIGHT = {"/", ".", "…", "|"}  # operators of MathML that are letters in TeX
_SIGNS = {"−", "+", "±"}
_CLOSING = {")", "]", "}", "|", "!", "⌋", "⌉", "′"}
_THIN = '<mspace width="0.167em"></mspace>'  # TeX's space between the name of a function and what it is of
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
    name, text = element.tag, _text(element)
    wanted = ELEMENTS.get(name, -1)
    if wanted is not None and wanted != len(element):
        raise ValueError(f"{name} with {len(element)} parts")
    if name == "mi" and text[:1] in ("\\", "&"):
        raise ValueError(f"{text} is not known")
    if name == "mover" and _text(element[1]) == "―":
        # The bar of an \\overline: as a mark it stretches only where a font of mathematics is there.
        return f'<mrow style="border-top: 0.06em solid; padding-top: 0.1em">{_alone(element[0])}</mrow>'
    name, given = _mended(element, name, text)
    attributes = "".join(
        f' {key}="{value}"'
        for key, value in given.items()
        if key in ATTRIBUTES and _VALUE.fullmatch(value)
    )
    inside = html.escape(text) + (
        _row(element) if wanted is None else "".join(map(_alone, element))
    )
    return f"<{name}{attributes}>{inside}</{name}>"


def _mended(element, name, text):
    """Return the element's name and attributes as TeX's spacing asks for them."""
    given = element.attrib
    if name == "mi" and text in _FENCES:
        return "mo", {"stretchy": "false", "form": _FENCES[text]} | given
    if name == "mo" and text == "∂":
        return "mi", given  # a letter, not an operator with space around it
    if name == "mo" and (text in _TIGHT or _is_function(element)):
        limits = {"movablelimits": "true"} if _is_function(element) else {}
        return name, {"lspace": "0", "rspace": "0"} | limits | given
    if name == "msub" and element[0].tag == "mo" and _is_function(element[0]):
        return "munder", given  # of max and lim, below it where the formula has a line of its own
    return name, given


def _row(elements):
    """Return elements that stand side by side; the letters of a ``\\mathtt`` are put together to a word."""
    written, before = [], None
    for typed, group in groupby(_with_matrices(elements), _is_typed):
        for element in [list(group)] if typed else group:
            if not typed and element.tag == "mo" and _text(element) in _SIGNS and _is_open(before):
                element.set("form", "prefix")  # the sign of a number, not a difference
            operator = not typed and element.tag == "mo" and not _is_function(element)
            if before is not None and _is_function(before) and not operator:
                written.append(_THIN)
            written.append(_typewriter(element) if typed else _written(element))
            before = element[-1] if typed else element
    return "".join(written)


def _with_matrices(elements):
    """Yield the elements, a matrix and its brackets as one: they grow with it, not with its neighbours."""
    left = list(elements)
    while left:
        if len(elements) > 3 and [e.tag for e in left[:3]] == ["mo", "mtable", "mo"]:
            matrix = Element("mrow")
            matrix.extend(left[:3])
            left[:3] = [matrix]
        yield left.pop(0)


def _alone(element):
    return _typewriter([element]) if _is_typed(element) else _written(element)


def _is_typed(element):
    return element.get("mathvariant") == "monospace" and not len(element)


def _typewriter(elements):
    """Return letters in typewriter type; Chromium and Firefox leave out what ``mathvariant`` asks for."""
    text = "".join(map(_text, elements))
    return f'<mtext style="font-family: monospace">{html.escape(text)}</mtext>'


def _text(element):
    return html.unescape(element.text or "")


def _is_open(before):
    """Return whether a number may begin after an element: an operator, no bracket that closes."""
    if before is None or _text(before) in _CLOSING:
        return False
    return before.tag == "mo" and not _is_function(before)


def _is_function(element):
    """Return whether it is a name such as log or max, perhaps with something below it."""
    if element.tag in ("munder", "msub") and len(element):
        return _is_function(element[0])
    text = _text(element)
    return element.tag in ("mi", "mo") and len(text) > 1 and text.isalpha()


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
