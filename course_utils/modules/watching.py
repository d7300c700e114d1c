"""What happens to a file while something runs: a disk that is full, and how a new file came to its name."""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
import sys

_FROM, _TO, _DELETED, _NONBLOCK = 0x40, 0x80, 0x200, 0x800
_EVENT = struct.Struct("iIII")  # watch, mask, cookie, length of the name


@contextlib.contextmanager
def full_disk(size: int):
    """Have every file end at so many bytes, as on a disk that is full; do nothing where the system cannot."""
    try:
        import resource
    except ImportError:  # Windows
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


class Changes:
    """What is renamed inside a folder, or removed from it, while it is watched.

    Attributes
    ----------
    found : list of (str, str or None) or None
        Old and new name, in order; no new one of what is removed. None where the system does not tell.
    """

    def __init__(self, folder):
        self.folder, self.found = os.fspath(folder), None

    def __enter__(self):
        self._handle = -1
        if sys.platform.startswith("linux"):
            libc = ctypes.CDLL(None, use_errno=True)
            self._handle = libc.inotify_init1(_NONBLOCK)
            if self._handle >= 0:
                libc.inotify_add_watch(
                    self._handle, os.fsencode(self.folder), _FROM | _TO | _DELETED
                )
        return self

    def __exit__(self, *_):
        if self._handle < 0:
            return
        try:
            data = os.read(self._handle, 1 << 16)
        except BlockingIOError:  # nothing of that kind happened
            data = b""
        os.close(self._handle)
        self.found, left, at = [], {}, 0
        while at < len(data):
            _, mask, cookie, length = _EVENT.unpack_from(data, at)
            at += _EVENT.size + length
            name = os.fsdecode(data[at - length : at].rstrip(b"\0"))
            if mask & _FROM:
                left[cookie] = name
            elif mask & _TO and cookie in left:
                self.found.append((left.pop(cookie), name))
            elif mask & _DELETED:
                self.found.append((name, None))
