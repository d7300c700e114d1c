"""Processes of one submission talk to each other where a part asks for it, and to nobody else."""

import pytest
from jail.test_limits import folder

from course_utils.course.source import LIMITS
from course_utils.jail import confine
from course_utils.jail.jail import Zygote

pytestmark = [
    pytest.mark.grading,
    pytest.mark.skipif(bool(confine.missing()), reason="nothing is confined here"),
]

TALK = """
import os, socket
with socket.create_server(("127.0.0.1", 0)) as server:
    port = server.getsockname()[1]
    if os.fork() == 0:
        with socket.create_connection(("localhost", port), timeout=5) as there:
            there.sendall(b"hello")
        os._exit(0)
    server.settimeout(5)
    with server.accept()[0] as here:
        print(here.recv(9).decode())
"""
INTERFACES = """
import socket
print(sorted(name for _, name in socket.if_nameindex()))
"""
NETLINK = """
import socket
for protocol in range(22):  # firewalls, audit, crypto, ... : all but routes
    try:
        socket.socket(16, socket.SOCK_RAW, protocol).close()
        print(protocol)
    except OSError:
        pass
"""
CHANGE = """
import fcntl, os, socket, struct
for flags in (0, 1):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            fcntl.ioctl(sock, 0x8914, struct.pack("16sH14x", b"lo", flags))
            print("changed")
        except OSError as error:
            print(os.strerror(error.errno))
"""


@pytest.fixture(scope="module")
def zygote():
    with Zygote() as made:
        yield made


def said(zygote, source, loopback):
    with folder() as place:
        jail = zygote.fork(place, {**LIMITS, "loopback": loopback})
        try:
            error = jail.run(source)
            text = "".join(o.get("text", "") for o in jail.outputs if o["output_type"] == "stream")
            return text.strip() if error is None else str(error)
        finally:
            jail.end()


def test_processes_talk_to_each_other_where_a_part_asks_for_it(zygote):
    assert said(zygote, TALK, loopback=True) == "hello"


def test_elsewhere_there_is_no_network_at_all(zygote):
    assert "OSError" in said(zygote, TALK, loopback=False)
    assert said(zygote, NETLINK, loopback=False) == ""


def test_the_loopback_is_all_there_is(zygote):
    assert said(zygote, INTERFACES, loopback=True) == "['lo']"


def test_of_netlink_only_routes_can_be_asked_for(zygote):
    assert said(zygote, NETLINK, loopback=True) == "0"


def test_no_interface_can_be_changed(zygote):
    assert said(zygote, CHANGE, loopback=True).splitlines() == ["Operation not permitted"] * 2
