"""The shell that runs a student's cells in a jail: IPython without history, terminal and colours.

What a cell shows is collected in nbformat's form, up to a limit; errors are short plain text.
"""

from __future__ import annotations

import ast
import json
import os
import re
import sys
import traceback
from dataclasses import replace

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from course_utils.wire import Raised, raised, utf8

# What a word processor or a web page leaves in code, and what helps.
HINTS = {
    **dict.fromkeys(
        "\u00ab\u00b4\u00bb\u2018\u2019\u201a\u201c\u201d\u201e\u2032\u2033", "type straight quotes"
    ),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "type a minus sign, -"),
    **dict.fromkeys(
        "\u00a0\u2002\u2003\u2009\u200b\u202f\ufeff", "delete the space there and type it again"
    ),
}


class Outputs:
    """The outputs of one cell, in nbformat's form, up to a limit in bytes.

    The cost of a write grows with its own length alone: a training log is tens of thousands of small ones.

    Attributes
    ----------
    size : int
        Bytes that are kept, about; more than the limit once something had to be left out.
    """

    def __init__(self, limit):
        self.limit, self.size = limit, 0
        self._items: list[dict] = []
        self._parts: list[
            str
        ] = []  # of the text of the last item, while it is a stream that goes on

    @property
    def items(self) -> list[dict]:
        """What is kept so far."""
        if self._parts:
            self._items[-1]["text"] = "".join(self._parts)
            self._parts = [self._items[-1]["text"]]
        return self._items

    def add(self, item):
        """Add an output that is whole."""
        if self.size > self.limit:
            return
        size = len(json.dumps(item, default=str))
        if self.size + size > self.limit:
            self._close()
            return
        self._end_stream()
        self.size += size
        self._items.append(item)

    def write(self, name, text):
        """Add text to the stream called `name`."""
        if self.size > self.limit or not text:
            return
        last = self._items[-1] if self._parts else {}
        if last.get("name") != name:
            self.add({"output_type": "stream", "name": name, "text": ""})
            if self.size > self.limit:
                return
        room = self.limit - self.size
        self._parts.append(text[:room])
        self.size += len(text)
        if len(text) > room:
            self._close()

    def clear(self):
        """Forget what there is, as ``clear_output`` does."""
        self._items, self._parts, self.size = [], [], 0

    def _end_stream(self):
        if self._parts:
            self._items[-1]["text"], self._parts = "".join(self._parts), []

    def _close(self):
        """Keep nothing from here on, and say so."""
        note = f"… output beyond {self.limit} bytes is not kept …\n"
        self.size = self.limit + 1
        if self._parts:
            self._parts.append(f"\n{note}")
            self._end_stream()
        else:
            self._items.append({"output_type": "stream", "name": "stdout", "text": note})


class Stream:
    """A text stream that writes into the current `Outputs`."""

    encoding, errors, closed = "utf-8", "replace", False

    def __init__(self, shell, name):
        self.shell, self.name = shell, name

    def write(self, text):
        self.shell.outputs.write(self.name, str(text))
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    def isatty(self):
        return False

    def readable(self):
        return False

    def writable(self):
        return True

    def fileno(self):
        return 1 if self.name == "stdout" else 2


class Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, **kwargs):
        item = {"output_type": "display_data", "data": data, "metadata": metadata or {}}
        self.shell.outputs.add(item)

    def clear_output(self, wait=False):
        self.shell.outputs.clear()


class Hook(DisplayHook):
    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        self.shell.outputs.add(
            {"output_type": "execute_result", "data": format_dict, "metadata": md_dict or {},
             "execution_count": None}
        )  # fmt: skip

    def finish_displayhook(self):
        pass


class Shell(InteractiveShell):
    """IPython without history, terminal and colours; errors as short plain text."""

    def __init__(self, **kwargs):
        self.outputs = Outputs(1 << 20)
        self.cell = ""  # the source of the one that runs
        super().__init__(**kwargs)
        self.display_pub = Publisher(parent=self, shell=self)
        self.display_trap.hook = self.displayhook = Hook(parent=self, shell=self)

    def enable_gui(self, gui=None):
        pass

    def transform_cell(self, raw_cell):
        """Leave alone what is Python already: IPython would look at it token by token.

        A single line may still be a command to it (``pwd``), and its own prompts (``In [1]:``) read as Python.
        """
        cell = re.sub(r"\A\s*\n", "", raw_cell)
        if "\n" not in cell.strip() or cell.startswith("In ["):
            return super().transform_cell(raw_cell)
        try:
            ast.parse(cell)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return super().transform_cell(raw_cell)
        return cell if cell.endswith("\n") else f"{cell}\n"

    def should_run_async(self, raw_cell, **kwargs):
        """Whether a cell waits at top level, for which IPython would compile each one more."""
        words = ("await", "async")
        return any(w in raw_cell for w in words) and super().should_run_async(raw_cell, **kwargs)

    def showtraceback(self, exc_tuple=None, *args, **kwargs):
        kind, error, trace = exc_tuple or sys.exc_info()
        frames = [f for f in traceback.extract_tb(trace) if self._is_shown(f.filename)]
        lines = [f"line {f.lineno}, in {f.name}\n    {f.line}" for f in frames[-8:]]
        told = self.told(error)
        if told.line and isinstance(error, SyntaxError):
            lines = [f"line {told.line}\n    {told.source}"]
        lines.append(f"{told.type_name}: {told.message}")
        self.outputs.add(
            {"output_type": "error", "ename": told.type_name, "evalue": told.message, "traceback": lines}
        )  # fmt: skip

    def showsyntaxerror(self, *args, **kwargs):
        self.showtraceback()

    def _is_shown(self, filename):
        return self._is_cell(filename) or filename.startswith("<")

    def _is_cell(self, filename):
        return filename in self.compile._filename_map or "ipython-input" in filename

    def told(self, error: BaseException) -> Raised:
        """Describe what stopped a cell; of what Python could not read with its line, and what helps."""
        told = raised(error)
        if not isinstance(error, SyntaxError):
            return told
        # Python 3.13 has a private class for what ends too early.
        if told.type_name == "_IncompleteInputError":
            told = replace(told, type_name="SyntaxError")
        if self._is_cell(str(error.filename)):
            error = self._precisely(error)
        message = utf8(error.msg)[:1000]
        found = re.search(r"U\+([0-9A-F]{4})\b", message)
        hint = HINTS.get(chr(int(found[1], 16)), "") if found else ""
        message += f": {hint}" if hint else ""
        if not self._is_cell(str(error.filename)):
            where = f" ({os.path.basename(str(error.filename))}, line {error.lineno})"
            return replace(told, message=message + where * bool(error.lineno))
        above = self.cell[
            : len(self.cell) - len(self.cell.lstrip())
        ]  # IPython leaves empty lines out
        line = (error.lineno or 0) + above.count("\n")
        return replace(
            told, message=message, line=line, source=utf8(error.text or "").strip()[:200]
        )

    def _precisely(self, error):
        """Return what Python itself says where IPython, which could ask for more, says "incomplete input"."""
        try:
            if error.msg == "incomplete input":
                compile(self.transform_cell(self.cell), error.filename, "exec")
        except SyntaxError as better:
            return better
        return error


def make_shell() -> Shell:
    """Make the one shell of this process."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.autocall = 0
    config.InteractiveShell.cache_size = 0
    shell = Shell.instance(config=config)
    shell.run_cell("import numpy")  # the first cell of a shell costs 10 ms, later ones 0.3
    shell.user_ns.pop("numpy", None)
    shell.execution_count = 1
    return shell
