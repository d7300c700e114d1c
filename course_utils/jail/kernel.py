"""What Python has no function for: calls of the C library and of the kernel itself."""

from __future__ import annotations

import ctypes
import os

CLONE = {
    "mount": 0x00020000,
    "uts": 0x04000000,
    "ipc": 0x08000000,
    "user": 0x10000000,
    "pid": 0x20000000,
    "net": 0x40000000,
}
PR = {"dumpable": 4, "no_new_privs": 38, "seccomp": 22, "capbset_drop": 24, "pdeathsig": 1}
libc = ctypes.CDLL(None, use_errno=True)


class Unavailable(OSError):
    """This machine does not let us confine a process."""


def call(name, *args):
    """Call a function of the C library; one that does not return 0 raises `Unavailable`."""
    if getattr(libc, name)(*args) != 0:
        number = ctypes.get_errno()
        raise Unavailable(number, f"{name}: {os.strerror(number)}")


def mount(source, target, kind=None, flags=0, data=None):
    """Mount a file system, as mount(2) does."""
    encoded = [x.encode() if isinstance(x, str) else x for x in (str(source), str(target), kind)]
    call("mount", *encoded, ctypes.c_ulong(flags), data.encode() if data else None)


def syscall(number, *args):
    """Call the kernel by number, where the C library has no function; see `call`."""
    if libc.syscall(ctypes.c_long(number), *args) != 0:
        code = ctypes.get_errno()
        raise Unavailable(code, os.strerror(code))
