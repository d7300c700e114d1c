"""What matplotlib writes as SVG, made small, and made to follow the reader's light or dark theme."""

import math
import re
from itertools import count, groupby
from xml.etree import ElementTree

FONTS = '"DejaVu Sans",Verdana,"Bitstream Vera Sans",Geneva,sans-serif'
"""Matplotlib measures with DejaVu Sans; where that is missing, letters about as wide as its own."""

# What the root says once for all, so that no element repeats it.
INHERITED = {
    "fill": "#000000",
    "font-family": "'DejaVu Sans'",
    "stroke-linejoin": "round",
    "stroke-linecap": "butt",
    "stroke-width": "1",
    "text-anchor": "start",
}
REFERENCE = re.compile(r"(url\(#|^#)(\w+)")
LENGTHS = ("x", "y", "width", "height")


def compact(text, theme):
    """Return a drawing of matplotlib's in few bytes, on a plate, in the colours of two themes.

    Groups, ids and metadata that nothing needs are left out, lengths are rounded to 0.01 pt, paths
    are relative, and each style is written once, as a class. What is not known here stays as it is.

    Parameters
    ----------
    text : str
        What ``Figure.savefig`` wrote as SVG.
    theme : dict of str to (str, str)
        The colours that follow the theme: ``#rrggbb`` in the drawing, to a name and the dark
        colour. Of several colours of one name the first is the light one. There are an ``ink``,
        for what has no colour of its own, and a ``paper``, for the plate.

    Returns
    -------
    str
    """
    root = _without_namespaces(ElementTree.fromstring(text))
    wanted = dict(zip(_references(root), _names(), strict=False))
    drawn, defined = _sorted_out(root)
    classes = {}
    for element in (*defined, *drawn):
        for part in element.iter():
            _shorten(part, wanted, classes, theme)
    nothing = classes.pop("fill:none", "")  # neither filled nor stroked
    for group in [*defined, *drawn]:
        group[:] = [part for part in group if part.get("class") != nothing]
    drawn = _together([part for part in drawn if part.get("class") != nothing], classes)
    lines = [_xml(part) for part in drawn]
    if kept := [_xml(part) for part in defined if part.get("id")]:
        lines.insert(0, f"<defs>{''.join(kept)}</defs>")
    sheet = _sheet({f".{name}": rule for rule, name in classes.items()}, theme)
    size = " ".join(
        f'{name}="{_rounded(root.get(name))}"' for name in ("width", "height", "viewBox")
    )
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>',
        f"<style>{sheet}</style>",
        '<rect class="plate" width="100%" height="100%" rx="8"/>',
    ]
    return "\n".join([*head, *lines, "</svg>", ""])


def _without_namespaces(root):
    """Take the namespaces off all names: SVG's, and XLink's, which ``href`` does without."""
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        element.attrib = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    return root


def _references(root):
    """Return the ids that something refers to, each once, in order."""
    ids = {element.get("id") for element in root.iter()}
    values = (value for element in root.iter() for value in element.attrib.values())
    found = (name for value in values for _, name in REFERENCE.findall(value))
    return dict.fromkeys(name for name in found if name in ids)  # a colour is no reference


def _names():
    """Yield a, b, …, z, a1, b1, …"""
    for turn in count():
        yield from (f"{letter}{turn or ''}" for letter in "abcdefghijklmnopqrstuvwxyz")


def _sorted_out(element):
    """Return what is drawn in an element and what is defined, without groups that only hold an id."""
    drawn, defined = [], []
    for child in element:
        if child.tag == "defs":
            defined += [part for part in child if part.tag != "style"]
        elif child.tag == "g":
            inner, more = _sorted_out(child)
            defined += more
            if set(child.attrib) <= {"id"}:
                drawn += inner
            else:
                child[:] = inner
                drawn.append(child)
        elif child.tag != "metadata":
            drawn.append(child)
    return drawn, defined


def _shorten(element, wanted, classes, theme):
    """Round an element's numbers, rename what it refers to, and put its style into a class."""
    known = element.attrib
    if len(element) or element.tag not in ("text", "tspan"):
        element.text = None  # the indentation
    element.tail = None
    for name in LENGTHS:
        if name in known:
            known[name] = _rounded(known[name])
    turned = known.get("transform", "")
    if re.match(r"rotate\(-?0[ )]", turned):
        del known["transform"]
    elif turned and not re.search("scale|matrix", turned):  # small factors matter
        known["transform"] = _rounded(turned)
    if ellipse := _ellipse(known.get("d", "")):
        element.tag = "ellipse"
        del known["d"]
        known |= ellipse
    elif "d" in known:
        known["d"] = _relative(known["d"])
    if (name := known.pop("id", None)) in wanted:
        known["id"] = wanted[name]
    for name, value in known.items():
        known[name] = REFERENCE.sub(lambda match: match[1] + wanted.get(match[2], match[2]), value)
    style = dict(re.findall(r"([\w-]+): ?([^;]+)", known.pop("style", "")))
    style |= {name: known.pop(name) for name in ("fill", "stroke") if name in known}
    written = ";".join(
        _declared(name, value, theme)
        for name, value in style.items()
        if element.tag == "tspan" or not _inherited(name, value, theme)
    )
    if written:
        if written not in classes:
            classes[written] = next(name for name in _names() if name not in classes.values())
        known["class"] = classes[written]


def _together(drawn, classes):
    """Put neighbours of one class into a group that has it, in the order in which they were."""
    together = []
    shared = {name for rule, name in classes.items() if not re.search("(^|;)opacity", rule)}
    for name, parts in groupby(drawn, lambda part: part.get("class")):
        parts = list(parts)
        if len(parts) > 1 and name in shared:
            group = ElementTree.Element("g", {"class": name})
            group[:], group.text = parts, "\n"
            for part in parts:
                del part.attrib["class"]
                part.tail = "\n"
            parts = [group]
        together += parts
    return together


def _inherited(name, value, theme):
    """Tell whether the root says a declaration already; only a tspan's text may differ from it."""
    ink = name == "fill" and value in theme and theme[value][0] == "ink"
    return ink or INHERITED.get(name) == value


def _declared(name, value, theme):
    """Return a CSS declaration; a colour of the theme stands there twice.

    A viewer that knows no custom properties takes the first, the light one.
    """
    value = _rounded(value)
    said = f"{name}:{value}"
    return f"{said};{name}:var(--{theme[value][0]})" if value in theme else said


def _sheet(rules, theme):
    """Return the style sheet: the colours of both themes that the rules use, then the rules."""
    light = {}
    for colour, (name, _) in theme.items():
        light.setdefault(name, colour)
    dark = {name: colour for name, colour in theme.values()}
    every = "".join(f"{name}:{value};" for name, value in INHERITED.items() if "stroke-l" in name)
    rules = {
        "svg": f"fill:{light['ink']};fill:var(--ink);font-family:{FONTS};{every}".rstrip(";"),
        ".plate": f"fill:{light['paper']};fill:var(--paper)",
    } | rules
    written = "\n".join(f"{where}{{{rule}}}" for where, rule in rules.items())
    used = dict.fromkeys(re.findall(r"var\(--(\w+)\)", written))

    def colours(values):
        return f"svg{{{';'.join(f'--{name}:{values[name]}' for name in used)}}}"

    query = "@media (prefers-color-scheme:dark)"
    return f"{colours(light)}\n{query}{{{colours(dark)}}}\n{written}"


def _relative(path):
    """Return path data with relative, rounded coordinates; other data than matplotlib's as it is.

    >>> _relative("M 10 20 L 30.004 20 L 30.004 25.5 L 10 25.5 z")
    'm10 20h20v5.5h-20z'
    """
    if re.search(r"[^MLQCz\d\s.-]", path):
        return path
    at = start = (0, 0)
    tokens, last = [], ""
    for command, numbers in re.findall(r"([MLQCz])([^MLQCz]*)", path):
        values = [round(100 * float(number)) for number in numbers.split()]
        points = list(zip(values[::2], values[1::2], strict=True))
        steps = [step for x, y in points for step in (x - at[0], y - at[1])]
        at = points[-1] if points else start
        start = at if command == "M" else start
        command = command.lower()
        if command == "l" and 0 in steps:
            command, steps = ("h", steps[:1]) if steps[1] == 0 else ("v", steps[1:])
        if command != last or command in "mz":
            tokens.append(command)
        tokens += [_number(step / 100) for step in steps]
        last = command
    return re.sub(r" ?([a-z]) ?", r"\1", " ".join(tokens)).replace(" -", "-")


def _ellipse(path):
    """Return centre and radii of path data that are matplotlib's ellipse, eight curves; else {}."""
    number = r"\s+(-?[\d.]+)"
    curve = re.compile(rf"C{number * 6}\s*")
    if not re.fullmatch(rf"M{number * 2}\s+({curve.pattern}){{8}}z\s*", path):
        return {}
    x, y = zip(*((float(curve[5]), float(curve[6])) for curve in curve.finditer(path)), strict=True)
    left, right, top, bottom = min(x), max(x), min(y), max(y)
    middle, radius = (
        ((left + right) / 2, (top + bottom) / 2),
        ((right - left) / 2, (bottom - top) / 2),
    )
    for point in zip(x, y, strict=True):
        away = math.hypot(*((a - m) / r for a, m, r in zip(point, middle, radius, strict=True)))
        if abs(away - 1) > 1e-3:
            return {}
    values = zip(("cx", "cy", "rx", "ry"), (*middle, *radius), strict=True)
    return {name: _number(value) for name, value in values}


def _rounded(text):
    """Round all numbers in a text to two decimals."""
    return re.sub(r"-?(?<![\w#])\d+\.\d+", lambda match: _number(float(match[0])), text)


def _number(value):
    """Write a number with at most two decimals, as short as SVG takes it."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else re.sub(r"^(-?)0\.", r"\1.", text)


def _xml(element):
    return ElementTree.tostring(element, encoding="unicode").replace(" />", "/>")
