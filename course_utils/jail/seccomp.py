"""A filter that refuses the system calls that no answer needs."""

from __future__ import annotations

import ctypes
import os
import struct

from course_utils.jail.kernel import CLONE, PR, call

# What could reach the kernel's rarely used corners, or other processes; each fails with EPERM.
_FORBIDDEN = {
    "x86_64": (0xC000003E, {
        "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "mount": 165, "umount2": 166,
        "pivot_root": 155, "chroot": 161, "unshare": 272, "setns": 308, "bpf": 321, "keyctl": 250,
        "add_key": 248, "request_key": 249, "perf_event_open": 298, "userfaultfd": 323,
        "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "kexec_load": 246,
        "init_module": 175,
        "shmget": 29, "msgget": 68, "memfd_create": 319, "memfd_secret": 447,
        "finit_module": 313, "delete_module": 176, "open_by_handle_at": 304,
        "fsopen": 430, "fsmount": 432, "move_mount": 429, "open_tree": 428, "mount_setattr": 442,
        "swapon": 167, "reboot": 169, "acct": 163, "quotactl": 179, "personality": 135,
    }),
    "aarch64": (0xC00000B7, {
        "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "mount": 40, "umount2": 39,
        "pivot_root": 41, "chroot": 51, "unshare": 97, "setns": 268, "bpf": 280, "keyctl": 219,
        "add_key": 217, "request_key": 218, "perf_event_open": 241, "userfaultfd": 282,
        "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "kexec_load": 104,
        "init_module": 105,
        "shmget": 194, "msgget": 186, "memfd_create": 279, "memfd_secret": 447,
        "finit_module": 273, "delete_module": 106, "open_by_handle_at": 265,
        "fsopen": 430, "fsmount": 432, "move_mount": 429, "open_tree": 428, "mount_setattr": 442,
        "swapon": 224, "reboot": 142, "acct": 89, "quotactl": 60, "personality": 92,
    }),
}  # fmt: skip
# Calls whose argument decides: clone, clone3, socket, setsockopt, prctl.
_LOOKED_AT = {"x86_64": (56, 435, 41, 54, 157), "aarch64": (220, 435, 198, 208, 167)}
_FAMILIES = (1, 2, 10)  # of sockets: unix, and the two whose network is empty
_NETLINK = 16
_BUFFERS = (
    7,
    8,
    32,
    33,
)  # options that enlarge a socket's buffers, which no limit on memory counts
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _GIVE = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _REFUSE, _UNKNOWN, _KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000  # EPERM, ENOSYS


def forbid_system_calls(loopback: bool = False) -> None:
    """Install a seccomp filter: a short BPF program over the number of the system call.

    Parameters
    ----------
    loopback : bool
        Whether the kernel may be asked which network interfaces there are: who talks over one does that first.

    Notes
    -----
    A jump is a count of lines to leave out: where the test holds, and where it does not.
    """
    machine = os.uname().machine
    architecture, names = _FORBIDDEN[machine]
    clone, clone3, socket, setsockopt, prctl = _LOOKED_AT[machine]
    program = [
        (_LOAD, 0, 0, 4),  # the architecture, since numbers differ between them
        (_EQUAL, 1, 0, architecture),
        (_GIVE, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),  # the number
        (_EQUAL, 0, 1, clone3),  # its flags cannot be looked at: libc then uses clone
        (_GIVE, 0, 0, _UNKNOWN),
        (_AT_LEAST, 0, 1, 0x40000000),  # x32 calls on x86-64
        (_GIVE, 0, 0, _REFUSE),
    ]
    for number in names.values():
        program += [(_EQUAL, 0, 1, number), (_GIVE, 0, 0, _REFUSE)]
    program += _decide(clone, 0, _ANY_BIT, [sum(CLONE.values())], _REFUSE, _ALLOW)
    program += _asking_for_interfaces(socket) if loopback else []
    program += _decide(socket, 0, _EQUAL, _FAMILIES, _ALLOW, _REFUSE)
    program += _decide(setsockopt, 2, _EQUAL, _BUFFERS, _REFUSE, _ALLOW)
    program += _decide(prctl, 0, _EQUAL, [PR["pdeathsig"]], _REFUSE, _ALLOW)
    program.append((_GIVE, 0, 0, _ALLOW))
    code = b"".join(struct.pack("HBBI", *line) for line in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("HxxxxxxP", len(program), ctypes.addressof(buffer))
    call("prctl", PR["seccomp"], 2, header, 0, 0)


def _asking_for_interfaces(call):
    """Return the lines that allow sockets of netlink's protocol 0, routes and interfaces, and no other's."""
    lines = [
        (_LOAD, 0, 0, 16),  # the family
        (_EQUAL, 0, 4, _NETLINK),
        (_LOAD, 0, 0, 32),  # the protocol
        (_EQUAL, 0, 1, 0),
        (_GIVE, 0, 0, _ALLOW),
        (_GIVE, 0, 0, _REFUSE),
        (_LOAD, 0, 0, 0),  # the number, for what comes
    ]
    return [(_EQUAL, 0, len(lines), call), *lines]


def _decide(call, argument, test, values, found, otherwise):
    """Return the lines for one system call: `found` if the test holds for one of the values."""
    count = len(values)
    lines = [
        (_LOAD, 0, 0, 16 + 8 * argument),
        *((test, count - i, 0, value) for i, value in enumerate(values)),
        (_GIVE, 0, 0, otherwise),
        (_GIVE, 0, 0, found),
    ]
    return [(_EQUAL, 0, len(lines), call), *lines]
