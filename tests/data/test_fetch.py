"""Downloads, from a server on this machine that breaks off, corrupts, redirects, stalls and lies."""

import dataclasses
import errno
import os
import re
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

from course_utils import data
from course_utils.data import fetch, store

pytestmark = pytest.mark.unit

ARCHIVE = "cifar-10-python.tar.gz"
PATIENCE = fetch.Patience(slow=0)
"""Nothing that a busy machine does is slow; the test that waits for nothing has its own."""


@pytest.fixture
def get(server, tmp_path):
    """Fetch the small CIFAR-10 from addresses of the server; gives the archive's path."""

    def get(*hows, patience=PATIENCE, progress=None):
        addresses = tuple(h if "://" in h else f"{server.address}/{h}/" for h in hows)
        published = dataclasses.replace(store.PUBLISHED["cifar-10"], addresses=addresses)
        return fetch.fetch(published, tmp_path / "new", progress, patience)[0]

    get.folder = tmp_path / "new"
    get.part = get.folder / f"{ARCHIVE}.part"
    return get


@pytest.fixture
def content(brought):
    return (brought / ARCHIVE).read_bytes()


def begun(get, content):
    """Leave `content` as the beginning of an earlier download."""
    get.folder.mkdir()
    get.part.write_bytes(content)


def test_a_set_of_several_files_is_fetched_and_progress_told(server, tmp_path):
    steps = []
    published = dataclasses.replace(
        store.PUBLISHED["fashion-mnist"], addresses=(f"{server.address}/good/",)
    )
    paths = fetch.fetch(published, tmp_path / "new", lambda done, of: steps.append((done, of)))
    assert [p.read_bytes() for p in paths] == [(server.folder / p.name).read_bytes() for p in paths]
    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == sorted(p.name for p in paths)
    assert steps == sorted(steps)
    assert steps[-1] == (published.bytes, sum(p.stat().st_size for p in paths))
    server.asked.clear()
    fetch.fetch(published, tmp_path / "new")
    assert server.asked == [], "what is there and right is not fetched again"


@pytest.mark.parametrize(
    "how", ["good", "whole", "unsaid", "more", "packed", "moved", "elsewhere"], ids=str
)
@pytest.mark.parametrize("have", [0, 30], ids=["anew", "continued"])
def test_a_download_arrives(how, have, get, content, server):
    begun(get, content[:have])
    assert get(how).read_bytes() == content
    assert [p.name for p in get.folder.iterdir()] == [ARCHIVE]
    asked = f"bytes={have}-" if have else None
    assert server.asked == [(how, asked)] + [("good", asked)] * (how in ("moved", "elsewhere"))


@pytest.mark.parametrize("have", [0, 20], ids=["anew", "continued"])
@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("404", "the server answered 404"),
        ("500", "the server answered 500"),
        ("cut", "it broke off at byte CUT of SIZE"),
        ("corrupt", "another MD5 than"),
        ("long", "its file has LONG bytes, expected SIZE"),
        ("short", "its file has SHORT bytes, expected SIZE"),
        ("round", "redirects"),
    ],
)
def test_a_bad_address_is_left_for_the_next(how, said, have, get, content, server, monkeypatch):
    monkeypatch.setattr(fetch, "TRIES", 2)
    size = len(content)
    numbers = {"SIZE": size, "LONG": size + 5, "SHORT": size - 5, "CUT": have + 40}
    for word, number in numbers.items():
        said = said.replace(word, f"{number:,}")
    begun(get, content[:have])
    with pytest.raises(data.DataError) as caught:
        get(how)
    message = str(caught.value)
    assert f"{server.address}/{how}/: " in message and said in message
    assert "run `course data cifar-10` again" in message
    assert "`course data cifar-10 --from PATH`" in message
    kept = get.part.stat().st_size if get.part.exists() else 0
    assert f"({kept:,} of {size:,} bytes)" in message
    assert kept == 0 if how == "corrupt" else kept >= have, "what is right is kept, and no more"
    assert content.startswith(get.part.read_bytes() if kept else b"")
    assert get(how, "good").read_bytes() == content


def test_a_connection_that_stalls_continues_at_the_next_address(get, content, server, monkeypatch):
    monkeypatch.setattr(fetch, "TRIES", 1)
    short = PATIENCE._replace(seconds=0.5)
    with pytest.raises(data.DataError, match="/stall/: no byte for 0.5 seconds"):
        get("stall", patience=short)
    half = len(content) // 2
    assert get.part.read_bytes() == content[:half]
    assert get("stall", "good", patience=short).read_bytes() == content
    begins = [int(asked[6:-1]) for _, asked in server.asked[1:]]
    assert begins == [half, half + (len(content) - half) // 2]


def test_a_range_that_begins_elsewhere_is_not_taken(get, content):
    begun(get, content[:20])
    with pytest.raises(data.DataError, match="it continues at byte 21, asked was byte 20"):
        get("shifted")
    assert get.part.read_bytes() == content[:20]


def test_what_broke_off_continues_at_the_next_address(get, content, server):
    half = len(content) // 2
    server.cut = half
    assert get("cut", "good").read_bytes() == content
    assert server.asked == [("cut", None), ("good", f"bytes={half}-")]


def test_an_address_that_breaks_off_is_taken_again_while_it_gives_something(get, content, server):
    server.cut = len(content) // 3 + 1
    assert get("cut").read_bytes() == content
    assert len(server.asked) == 3


def test_an_address_that_gives_nothing_more_is_not_taken_again(get, content, server):
    server.cut = 0
    with pytest.raises(data.DataError, match="it broke off at byte 0 of"):
        get("cut")
    assert len(server.asked) == 1


def test_a_slow_address_is_left_with_its_bytes_and_kept_where_the_others_fail(
    get, content, server, monkeypatch
):
    monkeypatch.setattr(fetch, "BLOCK", 1000)
    monkeypatch.setattr(fetch, "CRAWL", 0)
    seconds = iter(range(0, 10**8, 100))
    slow = fetch.Patience(seconds=90, slow=10.01, clock=lambda: next(seconds))
    assert get("good", "404", patience=slow).read_bytes() == content
    assert [how for how, _ in server.asked] == ["good", "404", "good"]
    (start,) = re.fullmatch(r"bytes=(\d+)-", server.asked[2][1]).groups()
    assert 0 < int(start) <= 1000


def test_a_connection_that_crawls_is_given_up_at_last(get, server, monkeypatch):
    monkeypatch.setattr(fetch, "BLOCK", 10)
    seconds = iter(range(0, 10**8, 100))
    slow = fetch.Patience(seconds=90, slow=10.01, clock=lambda: next(seconds))
    with pytest.raises(data.DataError, match="it gives 0 kB a second"):
        get("good", patience=slow)
    assert len(server.asked) == fetch.TRIES


@pytest.mark.parametrize("have", [20, None], ids=["begun", "whole"])
def test_wrong_bytes_of_an_earlier_time_do_not_spoil_a_good_address(have, get, content, server):
    begun(get, bytes(len(content))[:have])
    assert get("good").read_bytes() == content
    assert server.asked[-1] == ("good", None)


def test_a_wrong_checksum_is_found_though_the_first_is_right(get, monkeypatch):
    published = store.PUBLISHED["cifar-10"]
    wrong = published.forms[0][0]._replace(sha256="0" * 64)
    forms = ((wrong,), published.forms[1])
    monkeypatch.setitem(store.PUBLISHED, "cifar-10", dataclasses.replace(published, forms=forms))
    with pytest.raises(data.DataError, match="SHA-256"):
        get("good")


def test_an_interrupt_keeps_what_is_there(get, content, server, monkeypatch):
    monkeypatch.setattr(fetch, "BLOCK", 100)

    def interrupt(done, of):
        assert get.part.stat().st_size == done, "what is told is on the disk"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        get("good", progress=interrupt)
    kept = get.part.read_bytes()
    assert 0 < len(kept) <= 100 and content.startswith(kept)
    assert list(get.folder.iterdir()) == [get.part]
    assert get("good").read_bytes() == content
    assert server.asked[1] == ("good", f"bytes={len(kept)}-")


# What is wrong on this side


@pytest.fixture
def nobody():
    """An address where nobody answers."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{closed.getsockname()[1]}"


def test_offline_is_said_with_the_way_out(get, nobody):
    with pytest.raises(data.DataError) as caught:
        get(f"http://{nobody}/a/", f"http://{nobody}/b/")
    said = str(caught.value)
    assert f"{ARCHIVE} could not be fetched. http://{nobody}/a/: no connection; " in said
    assert "again when online" in said and "--from PATH" in said


def test_a_proxy_that_does_not_answer_is_named_without_its_password(get, nobody, monkeypatch):
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv("http_proxy", f"http://ada:secret@{nobody}")
    with pytest.raises(data.DataError) as caught:
        get("http://images.invalid/")
    assert f"the proxy {nobody} (HTTP_PROXY) gives no connection" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_proxy_that_wants_a_password_says_so(get, server, monkeypatch):
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv("http_proxy", server.address)
    monkeypatch.setattr(server, "do_GET", lambda self: self.send_error(407))
    with pytest.raises(data.DataError, match="images.invalid/: the server answered 407"):
        get("http://images.invalid/")


def test_a_disk_without_room_is_found_before_the_download(get, server, content, monkeypatch):
    monkeypatch.setattr(fetch.shutil, "disk_usage", lambda _: SimpleNamespace(free=7))
    with pytest.raises(data.DataError) as caught:
        get("good")
    said = str(caught.value)
    assert str(get.folder) in said and f"{len(content):,} bytes are needed and 7 are free" in said
    assert "COURSE_DATA" in said and server.asked == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, of Linux")
def test_a_disk_that_fills_up_is_named(get):
    get.folder.mkdir()
    get.part.symlink_to("/dev/full")
    with pytest.raises(data.DataError, match=os.strerror(errno.ENOSPC)) as caught:
        get("good")
    assert str(get.folder) in str(caught.value)


@pytest.mark.parametrize("error", [PermissionError(errno.EACCES, "Permission denied")], ids=repr)
def test_a_folder_that_cannot_be_written_is_named(error, get, server, monkeypatch):
    def refuse(*_, **__):
        raise error

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(data.DataError, match=f"{get.folder} cannot be written: Permission denied"):
        get("good")
    assert server.asked == []


def test_certificates_that_cannot_be_read_are_not_blamed_on_the_folder(get, tmp_path, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    with pytest.raises(data.DataError, match="none.pem") as caught:
        get("https://127.0.0.1:1/")
    assert "cannot be written" not in str(caught.value)
