"""What a failed test says."""

from __future__ import annotations

import textwrap

WIDTH = 80
LABELS = ("call", "expected", "got", "where", "looks like", "its cell")


class CheckFailed(AssertionError):
    """A test that an answer did not pass; `str()` is the whole message, at most 80 columns wide.

    Parameters
    ----------
    headline : str
        What is wrong, in a few words.
    call, expected, got, where, looks_like, its_cell : str
        The lines under it; empty ones are left out.
    """

    def __init__(
        self, headline, call="", expected="", got="", where="", looks_like="", its_cell=""
    ):
        self.headline = _printable(headline)
        if expected and str(expected) == str(got):  # large arrays: what differs stands in `where`
            expected, got = f"{expected}, other numbers", ""
        parts = (call, expected, got, where, looks_like, its_cell)
        self.parts = dict(zip(LABELS, map(_printable, parts), strict=True))
        super().__init__(self.text())

    @property
    def misconception(self) -> str:
        """A short name for statistics: what ``looks like`` says, or the headline."""
        return self.parts["looks like"] or self.headline

    def text(self) -> str:
        """Return the message: the headline, then one labelled and indented line for each part."""
        # Python writes the class's name before the headline.
        lines = textwrap.wrap(self.headline, WIDTH - len("CheckFailed: ")) or ["failed"]
        for name, part in self.parts.items():
            lead = f"  {name + ':':<11} "
            for row in part.splitlines():
                indents = {"initial_indent": lead, "subsequent_indent": " " * len(lead)}
                lines += textwrap.wrap(row, WIDTH, break_on_hyphens=False, **indents)
                lead = " " * len(lead)
        return "\n".join(lines)

    def _render_traceback_(self):
        # IPython asks for this: the message alone, none of our own frames above it.
        return [f"CheckFailed: {self.text()}"]


def _printable(text):
    """Return text without control characters, which a terminal or a database may choke on."""
    blank = {c: " " for c in "\t\r\v\f"}
    return "".join(
        c if c.isprintable() or c == "\n" else blank.get(c, ascii(c)[1:-1]) for c in str(text)
    )


def fail(headline, call="", expected="", got="", where="", looks_like=""):
    """Raise `CheckFailed`.

    Raises
    ------
    CheckFailed
    """
    raise CheckFailed(headline, call, expected, got, where, looks_like) from None
