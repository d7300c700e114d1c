"""Confinement of one process: namespaces, a small read-only world, no privileges, hard limits.

Linux only, in this order: `leave_the_host`, a fork, `build_world`, `drop_privileges`, `limit`; each in a
process with a single thread. Nothing here needs root: where the grader is root, it builds the world as root
and then becomes a user that nobody else is; where it is an ordinary user, a user namespace lends it the rights
to build.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import os
import resource
import signal
import socket
import stat
import struct
import sys
import sysconfig
from pathlib import Path

from course_utils.jail.kernel import CLONE, PR, Unavailable, call, libc, mount, syscall
from course_utils.jail.seccomp import forbid_system_calls

NAMESPACES = "namespaces"
NONE = "none"
WORK = "sandbox"  # where an answer runs
NO_USE = ("authoring", "cli", "course", "grading", "jail", "judging")  # of ours, to an answer
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 1, 2, 4, 8
_MS_BIND, _MS_REC, _MS_PRIVATE = 4096, 16384, 1 << 18
_MNT_DETACH = 2
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_ATTR_RDONLY, _ATTR_NOSUID, _ATTR_NODEV = 1, 2, 4
_SYSCALLS = {  # pivot_root, mount_setattr, seccomp is through prctl
    "x86_64": (155, 442),
    "aarch64": (41, 442),
}
_FIRST_UID = 1 << 30  # far from any account; each process gets its own, so that limits are its own


# -- entering --------------------------------------------------------------------------------------
def leave_the_host(loopback: bool = False) -> None:
    """Enter new namespaces, all but that of mounts; the next fork is their first process.

    This process keeps its own view of the files, and so of ``/proc``, in which it watches the other one.

    Parameters
    ----------
    loopback : bool
        Whether processes of the new network can talk to each other over 127.0.0.1.

    Raises
    ------
    Unavailable
    """
    uid, gid = os.geteuid(), os.getegid()
    if uid == 0:
        call("unshare", sum(CLONE.values()) - CLONE["user"] - CLONE["mount"])
    else:
        call("unshare", sum(CLONE.values()) - CLONE["mount"])
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{uid} {uid} 1"),
            ("gid_map", f"{gid} {gid} 1"),
        ):
            Path("/proc/self", name).write_text(text)
    if loopback:
        _raise_loopback()


def _raise_loopback():
    # In a new namespace the device is there and down: whoever waits for an answer waits for ever.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        request = struct.pack("16sH14x", b"lo", _IFF_UP)
        try:
            fcntl.ioctl(handle, _SIOCSIFFLAGS, request)
        except OSError as error:
            raise Unavailable(error.errno, f"loopback: {error.strerror}") from error


def build_world(folder: Path, hidden: tuple[str, ...], scratch_bytes: int, user: int) -> None:
    """Replace the file system by what an answer needs, and go to its folder.

    Parameters
    ----------
    folder : Path
        An empty host folder to build in. ``folder/files``, if there, is copied to where the answer runs.
    hidden : tuple of str
        Module names that must not be found.
    scratch_bytes : int
        What may be written in all, beside those files.
    user : int
        The uid that it will have (see `user_of`).

    Raises
    ------
    Unavailable
    """
    call("unshare", CLONE["mount"])
    mount("none", "/", None, _MS_REC | _MS_PRIVATE)
    root = Path(folder, "root")
    brought = (path.lstat().st_size for path in Path(folder, "files").rglob("*"))
    size = scratch_bytes + sum(bytes_ + resource.getpagesize() for bytes_ in brought)
    options = f"size={size},nr_inodes=20000,mode=755"
    mount("tmpfs", root, "tmpfs", _MS_NOSUID | _MS_NODEV, options)
    for path in _visible():
        _bind(path, root)
    nothing = root / "nothing"
    nothing.mkdir()
    mount("tmpfs", nothing, "tmpfs", _MS_RDONLY | _MS_NOSUID | _MS_NODEV, "size=4096")
    for path in _to_hide(hidden):
        _hide(root / str(path).lstrip("/"), nothing)
    for name in ("null", "zero", "full", "random", "urandom"):
        target = root / "dev" / name
        target.parent.mkdir(exist_ok=True)
        target.touch()
        mount(f"/dev/{name}", target, None, _MS_BIND)
    for name in ("tmp", "dev/shm", WORK, "proc", "old"):
        (root / name).mkdir(parents=True, exist_ok=True)
        (root / name).chmod(0o1777)
    _write_etc(root / "etc", user)
    with contextlib.suppress(Unavailable):  # some containers forbid it; little needs it
        mount("proc", root / "proc", "proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
    _copy(Path(folder, "files"), root / WORK)
    with contextlib.suppress(Unavailable):  # for `!command` in a cell
        (root / "dev/pts").mkdir()
        mount(
            "devpts",
            root / "dev/pts",
            "devpts",
            _MS_NOSUID | _MS_NOEXEC,
            "newinstance,ptmxmode=0666",
        )
        (root / "dev/ptmx").symlink_to("pts/ptmx")
    os.chdir(root)
    pivot_root, _ = _SYSCALLS[os.uname().machine]
    syscall(pivot_root, b".", b"old")
    os.chdir("/")
    call("umount2", b"/old", _MNT_DETACH)
    os.rmdir("/old")
    os.chdir("/" + WORK)


@functools.cache  # the process that is forked for each submission knows it already: see `prepare`
def _visible() -> list[Path]:
    """Return what an answer may read: the system's programs and libraries, Python, its packages, us."""
    import course_utils

    system = [Path(p) for p in ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32")]
    python = {Path(sys.prefix), Path(sys.base_prefix), *map(Path, sysconfig.get_paths().values())}
    ours = Path(course_utils.__file__).parent
    # A folder that is reached through a link, such as .venv on another disk, has two names: both are used.
    python = sorted({name for path in {*python, ours} for name in (path, path.resolve())})
    found: list[Path] = []
    for path in [*system, *python]:
        inside = any(path.is_relative_to(p) for p in found if not _is_kept_as_link(p))
        if (path.exists() or path.is_symlink()) and not inside:
            found.append(path)
    return found


def _is_kept_as_link(path):
    return path.is_symlink() and path.parent == Path("/")  # /lib, which is usr/lib


def _under_each_name(files: list[Path], visible: list[Path]) -> set[Path]:
    """Return every path by which files are reached in the world: what is hidden is hidden under each."""
    places = _places(tuple(visible))
    real = {path.resolve() for path in files}
    return {
        place / path.relative_to(leads_to)
        for path in real
        for place, leads_to in places
        if path.is_relative_to(leads_to)
    }


@functools.cache
def _places(visible: tuple[Path, ...]) -> list[tuple[Path, Path]]:
    """Return what is bound, and where each of it leads."""
    return [(place, place.resolve()) for place in visible if not _is_kept_as_link(place)]


@functools.cache
def _to_hide(hidden: tuple[str, ...]) -> list[Path]:
    """Return every path of the modules that must not be found, and of our rooms without use to an answer."""
    names, visible = (*hidden, *(f"course_utils.{room}" for room in NO_USE)), _visible()
    return [path for n in names for path in _under_each_name(_files_of_module(n), visible)]


def prepare(hidden: tuple[str, ...] = ()) -> None:
    """Find out once, before the fork, what an answer may read, and which modules it must not."""
    _to_hide(hidden)


def _bind(path, root):
    target = root / str(path).lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    if _is_kept_as_link(path):
        target.symlink_to(os.readlink(path))
        return
    target.mkdir(parents=True, exist_ok=True)
    mount(path, target, None, _MS_BIND | _MS_REC)
    _read_only(target)


def _read_only(target):
    _, mount_setattr = _SYSCALLS[os.uname().machine]
    attributes = struct.pack("QQQQ", _ATTR_RDONLY | _ATTR_NOSUID, 0, 0, 0)
    syscall(
        mount_setattr, _AT_FDCWD, str(target).encode(), _AT_RECURSIVE, attributes, len(attributes)
    )


def _hide(target, nothing):
    """Mount nothing over a module's file or folder."""
    if target.is_dir():
        mount(nothing, target, None, _MS_BIND)
    elif target.exists():
        mount("/dev/null", target, None, _MS_BIND)


def _files_of_module(name: str) -> list[Path]:
    """Return the files of a module without importing it, wherever a path of Python's holds it."""
    relative = Path(*name.split("."))
    if name.split(".")[0] == "course_utils":
        import course_utils

        bases = [Path(course_utils.__file__).parent.parent]
    else:
        bases = [Path(p) for p in sys.path if p and Path(p).is_dir()]
    candidates = [base / relative.with_suffix(s) for base in bases for s in ("", ".py")]
    compiled = [
        p
        for base in bases
        for p in (base / relative.parent / "__pycache__").glob(f"{relative.name}.*")
    ]
    return [p for p in [*candidates, *compiled] if p.exists()]


def _write_etc(etc, user):
    etc.mkdir(exist_ok=True)
    (etc / "passwd").write_text(f"student:x:{user}:{user}::/tmp:/bin/sh\n")
    (etc / "group").write_text(f"student:x:{user}:\n")
    (etc / "hosts").write_text(f"127.0.0.1 localhost {os.uname().nodename}\n")
    with contextlib.suppress(OSError):
        (etc / "ld.so.cache").write_bytes(Path("/etc/ld.so.cache").read_bytes())
    if Path("/etc/alternatives").is_dir():
        (etc / "alternatives").mkdir()
        mount("/etc/alternatives", etc / "alternatives", None, _MS_BIND)
        _read_only(etc / "alternatives")


def _copy(source, target):
    """Copy plain files; the links and pipes of a submission stay outside."""
    for parent, _, names in os.walk(source):
        there = target / Path(parent).relative_to(source)
        there.mkdir(exist_ok=True)
        there.chmod(0o777)
        for name in names:
            path = Path(parent, name)
            if stat.S_ISREG(path.lstat().st_mode):
                (there / name).write_bytes(path.read_bytes())
                (there / name).chmod(0o666)


# -- giving up privileges --------------------------------------------------------------------------
def user_of(process: int) -> int:
    """Return the uid that the submission whose supervisor is `process` runs as."""
    return _FIRST_UID + process if os.geteuid() == 0 else os.geteuid()


def drop_privileges(user: int, loopback: bool = False) -> None:
    """Give up every right, for good, and the system calls that no answer needs."""
    for capability in range(64):
        libc.prctl(PR["capbset_drop"], capability, 0, 0, 0)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    header = struct.pack("Ii", 0x20080522, 0)
    call("capset", header, bytes(24))
    call("prctl", PR["no_new_privs"], 1, 0, 0, 0)
    call("prctl", PR["dumpable"], 1, 0, 0, 0)
    call(
        "prctl", PR["pdeathsig"], signal.SIGKILL, 0, 0, 0
    )  # nobody watches it once its parent is gone
    forbid_system_calls(loopback)


def limit(limits: dict) -> None:
    """Set this process's resource limits, for good.

    Parameters
    ----------
    limits : dict
        Bytes of ``memory`` and ``file``; seconds in ``total``.
    """
    values = {
        resource.RLIMIT_AS: limits["memory"],
        resource.RLIMIT_FSIZE: limits["file"],
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 96,
        resource.RLIMIT_CPU: int(limits["total"]) + 5,
    }
    for name, value in values.items():
        hard = resource.getrlimit(name)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(name, (value, value))
        except (OSError, ValueError):
            if sys.platform == "linux":  # macOS refuses some; there nothing is confined anyway
                raise
    if hasattr(resource, "RLIMIT_NPROC") and limits.get("processes"):
        resource.setrlimit(resource.RLIMIT_NPROC, (limits["processes"],) * 2)
    with contextlib.suppress(OSError):
        os.nice(5)


# -- whether it can be had -------------------------------------------------------------------------
_SYSTEMS = {"darwin": "macOS", "win32": "Windows"}


def missing() -> str:
    """Return why this machine cannot confine a process, '' if it can; tried in a child process."""
    import subprocess
    import tempfile

    if sys.platform != "linux":
        return f"confinement needs Linux, this is {_SYSTEMS.get(sys.platform, sys.platform)}"
    if os.uname().machine not in _SYSCALLS:
        return f"confinement is not known for this processor ({os.uname().machine})"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        Path(folder, "root").mkdir()
        code = (
            "import json, os, sys; from pathlib import Path; from course_utils.jail import confine as c\n"
            "try:\n"
            "    c.leave_the_host()\n"
            "    pid = os.fork()\n"
            "    if pid == 0:\n"
            "        try:\n"
            "            user = c.user_of(os.getppid())\n"
            "            c.build_world(Path(sys.argv[1]), (), 1 << 20, user); c.drop_privileges(user)\n"
            "            open(json.__file__).close(); os._exit(0)\n"
            "        except OSError as e:\n"
            "            os.write(1, str(e).encode()); os._exit(1)\n"
            "    os.waitpid(pid, 0)\n"
            "except OSError as e:\n"
            "    print(e)\n"
        )
        done = subprocess.run(
            [sys.executable, "-I", "-c", code, folder], capture_output=True, text=True, timeout=60
        )
    said = done.stdout.strip() or ("" if done.returncode == 0 else done.stderr.strip()[-200:])
    return f"this machine does not allow it: {said}" if said else ""
