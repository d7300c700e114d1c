"""Stopping between two steps: Ctrl-C, a notebook's stop button, and SIGTERM, which clusters send first."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def noted() -> Iterator[Callable[[], bool]]:
    """Have an interrupt noted in place of breaking off what runs; a second one breaks it off.

    Yields
    ------
    callable
        Whether there was one. Outside the main thread, where Python does not let signals be handled, never.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    seen: list[int] = []

    def note(number, frame):
        if seen:
            raise KeyboardInterrupt
        seen.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(seen)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
