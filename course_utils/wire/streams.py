"""Keep stderr clean: nbgrader takes what is written there for a failure."""

from __future__ import annotations

import contextlib
import os
import sys


@contextlib.contextmanager
def quiet():
    """Send to stdout what is meanwhile written to stderr, also by whoever kept a reference to it.

    nbgrader takes a line on stderr in a test cell for a failure, be it a warning or a progress bar.
    """
    if sys.stderr is sys.stdout:  # in a call within a call
        yield
        return
    kept = {s: vars(s).get("write") for s in (sys.stderr, sys.__stderr__) if hasattr(s, "__dict__")}
    try:
        before = os.dup(2)
        os.dup2(1, 2)  # libraries and child processes write past Python's streams
    except OSError:
        before = None
    try:
        with contextlib.redirect_stderr(sys.stdout):
            for stream in kept:
                stream.write = sys.stdout.write
            yield
    finally:
        for stream, write in kept.items():
            vars(stream).pop("write", None)
            if write is not None:
                stream.write = write
        if before is not None:
            os.dup2(before, 2)
            os.close(before)
