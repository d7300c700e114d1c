"""People's names, as they are sorted and compared: case, accents and apostrophes do not count."""

from __future__ import annotations

import re
import unicodedata

# Letters that Unicode does not take apart into a plain one and an accent.
_PLAIN = str.maketrans({
    "ø": "o", "œ": "oe", "æ": "ae", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h",
    "'": None, "’": None, "ʼ": None,
})  # fmt: skip


def plain(text: str) -> str:
    """Return a name without case, accents and apostrophes.

    Examples
    --------
    >>> plain("Søren O’Brien-Müller")
    'soren obrien-muller'
    """
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN)).strip()
    return "".join(c for c in apart if not unicodedata.combining(c)).translate(_PLAIN)


def words(text: str) -> tuple[str, ...]:
    """Return the words of a name in alphabetical order: first and last names stand in either order.

    Examples
    --------
    >>> words("Lovelace, Ada") == words("Ada  Lovelace")
    True
    """
    return tuple(sorted(re.findall(r"\w+", plain(text))))


def run_together(text: str) -> str:
    """Return a name as one word, in its own order.

    Examples
    --------
    >>> run_together("Müller-Lüdenscheidt Ada")
    'mullerludenscheidtada'
    """
    return "".join(re.findall(r"[^\W_]+", plain(text)))


def sort_key(text: str) -> list[tuple]:
    """Return a key that puts names where people look for them: é beside e, ß beside ss, s2 before s10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", plain(text))
    return [(0, int(p), "") if p[0] in "0123456789" else (1, 0, p) for p in parts]
