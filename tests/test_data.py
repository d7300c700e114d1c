"""`course_utils.data`: Fashion-MNIST's files, `course data`. No test leaves this machine."""

import gzip
import hashlib
import os
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from conftest import ROOT

from course_utils import data
from course_utils.cli import main
from course_utils.data import fashion, fetch

pytestmark = pytest.mark.unit

SHAPES = {
    "train-images-idx3-ubyte.gz": (6, 28, 28),
    "train-labels-idx1-ubyte.gz": (6,),
    "t10k-images-idx3-ubyte.gz": (3, 28, 28),
    "t10k-labels-idx1-ubyte.gz": (3,),
}


def idx(array, code=8):
    """The bytes of an idx file, before they are packed."""
    sizes = b"".join(n.to_bytes(4, "big") for n in array.shape)
    return bytes([0, 0, code, array.ndim]) + sizes + array.tobytes()


def array_of(shape):
    return (np.arange(np.prod(shape)) % 10).astype(np.uint8).reshape(shape)


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """A folder with four small files, which pass for Fashion-MNIST; the user's folders are empty."""
    folder, files = tmp_path / "brought", {}
    folder.mkdir()
    for name, shape in SHAPES.items():
        packed = gzip.compress(idx(array_of(shape)), mtime=0)
        (folder / name).write_bytes(packed)
        files[name] = hashlib.md5(packed, usedforsecurity=False).hexdigest(), shape
    for module in (fashion, fetch):
        monkeypatch.setattr(module, "FASHION_FILES", files)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


@pytest.fixture
def put(tiny, tmp_path):
    """The four files where they are looked for."""
    return fetch.copy_fashion_mnist(tiny, tmp_path / "data" / "fashion-mnist")


# Fashion-MNIST's files


def test_the_four_files_are_read(put):
    found = data.fashion_mnist()
    assert found.name == "Fashion-MNIST" and len(found.classes) == 10
    assert found.x_train.shape == (6, 1, 28, 28) and found.x_test.shape == (3, 1, 28, 28)
    assert (found.x_train[:, 0] == array_of((6, 28, 28))).all()
    assert found.y_train.dtype == np.int64 and found.y_test.tolist() == [0, 1, 2]
    assert (data.fashion_mnist(put).x_test == found.x_test).all()
    found.x_train[0] = 7  # the arrays belong to the caller


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no gzip", "cannot be unpacked"),
        (gzip.compress(idx(array_of((3,))))[:-9], "cannot be unpacked"),
        (gzip.compress(idx(array_of((3,)), code=13)), "begins with 00 00 0d 01"),
        (gzip.compress(b""), "begins with nothing"),
        (gzip.compress(b"\0\0\x08\x03\0\0\0\1"), "no idx file of bytes"),
        (gzip.compress(idx(array_of((3, 2)))), "an array of shape (3, 2), expected (3,)"),
        (
            gzip.compress(idx(array_of((3,)))[:-1]),
            "2 bytes after its header, but shape (3,) takes 3",
        ),
        (gzip.compress(idx(array_of((3,))) + b"x"), "4 bytes after its header"),
        (gzip.compress(b"\0\0\x08\1" + (3).to_bytes(4, "little") + b"abc"), "(50331648,)"),
    ],
    ids=["text", "cut", "type", "empty", "short", "shape", "few", "many", "little-endian"],
)
def test_a_wrong_idx_file_is_named_with_its_fault(content, said, tmp_path):
    path = tmp_path / "labels.gz"
    path.write_bytes(content)
    with pytest.raises(data.DataError, match=re.escape(said)) as caught:
        fashion.read_idx(path, (3,))
    assert str(path) in str(caught.value)


def test_a_damaged_file_is_named_with_both_checksums(put):
    path = put / "t10k-labels-idx1-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(data.DataError) as caught:
        data.images_for_training(2, 1)
    said = str(caught.value)
    assert str(path) in said and fashion.FASHION_FILES[path.name][0] in said
    assert "course data fashion-mnist" in said
    assert not isinstance(caught.value, data.DataMissing)


def test_what_is_missing_is_named_with_what_to_do(put, tmp_path):
    (put / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(data.DataMissing) as caught:
        data.fashion_mnist()
    said = str(caught.value)
    assert f"{put} lacks t10k-labels-idx1-ubyte.gz" in said
    assert "nothing in" in said and str(tmp_path / "cache") in said
    assert "`course data fashion-mnist --from FOLDER`" in said


def test_the_published_files():
    """The real files, when this machine has them."""
    own = os.environ.get("COURSE_DATA")
    folder = Path(own) if own else ROOT.parent / "shared" / "data"
    try:
        found = data.fashion_mnist(folder / "fashion-mnist")
    except data.DataMissing as error:
        pytest.skip(str(error))
    assert found.x_train.shape == (60_000, 1, 28, 28) and found.x_test.shape == (10_000, 1, 28, 28)
    assert set(np.bincount(found.y_train)) == {6000} and set(np.bincount(found.y_test)) == {1000}
    assert round(found.x_train.mean() / 255, 5) == 0.28604
    assert found.y_train[:5].tolist() == [9, 0, 0, 3, 0]


# Which set a lecture gets


def test_training_takes_the_photographs_where_they_are(put, capsys):
    found = data.images_for_training(4, 2)
    assert found.name == "Fashion-MNIST" and len(found.x_train) == 4 and len(found.y_test) == 2
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and "source='drawn'" in said
    assert data.images_for_training(4, 2, source="drawn").classes == data.DRAWN_CLASSES
    with pytest.raises(ValueError, match="train=7, but Fashion-MNIST has 6"):
        data.images_for_training(7, 2)


def test_training_takes_the_drawn_set_otherwise(tiny, capsys):
    found = data.images_for_training(30, 20)
    assert found.x_train.shape == (30, 3, 32, 32) and found.x_test.shape == (20, 3, 32, 32)
    assert not (found.x_train[:20] == found.x_test).all((1, 2, 3)).any()
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and "`course data fashion-mnist`" in said
    with pytest.raises(data.DataMissing):
        data.images_for_training(30, 20, source="fashion-mnist")
    with pytest.raises(ValueError, match="'drawn', got 'cifar'"):
        data.images_for_training(source="cifar")


# Fetching, from a server on this machine


class Server(BaseHTTPRequestHandler):
    """Serves `folder`, with ranges; `cut` bytes at most in one answer, `asked` what was asked."""

    folder, cut, ranges = None, None, True

    def do_GET(self):
        name = self.path.rsplit("/", 1)[1]
        asked = self.headers.get("Range")
        self.asked.append((self.path, asked))
        if self.path.startswith("/broken/"):
            return self.send_error(503)
        body = (self.folder / name).read_bytes()
        start = int(re.fullmatch(r"bytes=(\d+)-", asked)[1]) if asked and self.ranges else 0
        if start >= len(body):
            return self.send_error(416)
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        self.wfile.write(body[start:][: self.cut])

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def server(tiny, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    handler = type("Handler", (Server,), {"folder": tiny, "asked": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        handler.address = f"http://127.0.0.1:{running.server_port}"
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield handler
        running.shutdown()


def test_a_download_falls_back_checks_and_reports(server, tmp_path):
    steps = []
    sources = (f"{server.address}/broken/", f"{server.address}/good/")
    folder = fetch.fetch_fashion_mnist(
        tmp_path / "new", lambda done, of: steps.append(done), sources
    )
    assert {path.name for path in folder.iterdir()} == set(SHAPES)
    assert data.fashion_mnist(folder).x_train.shape == (6, 1, 28, 28)
    assert steps == sorted(steps) and steps[-1] == sum(p.stat().st_size for p in folder.iterdir())
    server.asked.clear()
    fetch.fetch_fashion_mnist(folder, sources=sources)
    assert server.asked == [], "what is there and right is not fetched again"


@pytest.mark.parametrize("ranges", [True, False], ids=["ranges", "from-the-start"])
def test_a_download_that_was_cut_short_continues(server, tmp_path, ranges, monkeypatch):
    monkeypatch.setattr(fetch, "BLOCK", 10)
    folder, server.cut, server.ranges = tmp_path / "new", 20, ranges
    name = next(iter(SHAPES))
    with pytest.raises(data.DataError, match=f"{name} could not be fetched") as caught:
        fetch.fetch_fashion_mnist(folder, sources=(f"{server.address}/good/",))
    assert "run `course data fashion-mnist` again" in str(caught.value)
    assert (folder / f"{name}.part").stat().st_size == 20
    server.cut = None
    fetch.fetch_fashion_mnist(folder, sources=(f"{server.address}/good/",))
    assert server.asked[1] == (f"/good/{name}", "bytes=20-")
    assert not list(folder.glob("*.part"))
    assert (folder / name).read_bytes() == (server.folder / name).read_bytes()


def test_a_server_that_sends_another_file_is_found_out(server, tmp_path):
    name = "t10k-labels-idx1-ubyte.gz"
    (server.folder / name).write_bytes(gzip.compress(b"other"))
    with pytest.raises(data.DataError, match="another MD5"):
        fetch.fetch_fashion_mnist(tmp_path / "new", sources=(f"{server.address}/good/",))
    assert not (tmp_path / "new" / name).exists() and not list((tmp_path / "new").glob("*.part"))


# The command


@pytest.fixture
def run():
    runner = CliRunner()
    return lambda *arguments: runner.invoke(main, ("data", *arguments))


def test_the_command_lists_what_is_here(tiny, put, run):
    assert run().exit_code == 0 and str(put) in run().output
    (put / "t10k-labels-idx1-ubyte.gz").write_bytes(b"")
    assert run().exit_code == 1 and "damaged" in run().output
    (put / "t10k-labels-idx1-ubyte.gz").unlink()
    assert run().exit_code == 0 and "not here; `course data fashion-mnist`" in run().output


def test_the_command_takes_files_that_the_user_has(tiny, run, tmp_path):
    result = run("fashion-mnist", "--from", str(tiny))
    assert result.exit_code == 0, result.output
    assert {path.name for path in (tmp_path / "data" / "fashion-mnist").iterdir()} == set(SHAPES)
    assert run("fashion-mnist", "--from", str(tmp_path / "data" / "fashion-mnist")).exit_code == 0
    (tiny / "t10k-labels-idx1-ubyte.gz").write_bytes(b"other")
    assert run("fashion-mnist", "--from", str(tiny)).exit_code == 1
    (tiny / "t10k-labels-idx1-ubyte.gz").unlink()
    assert "lacks t10k-labels" in run("fashion-mnist", "--from", str(tiny)).output


def test_the_command_fetches(server, run, monkeypatch):
    monkeypatch.setattr(fetch.fetch_fashion_mnist, "__defaults__", (None, (f"{server.address}/",)))
    result = run("fashion-mnist")
    assert result.exit_code == 0 and "all four files checked" in result.output


def test_the_command_says_when_it_is_offline(tiny, run, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    nobody = ("http://127.0.0.1:9/",)
    monkeypatch.setattr(fetch.fetch_fashion_mnist, "__defaults__", (None, nobody))
    result = run("fashion-mnist")
    assert result.exit_code == 1
    assert "no connection" in result.output and "--from FOLDER" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("mnist",), "there is fashion-mnist"),
        (("--from", "."), "--from needs a data set"),
        (("fashion-mnist", "--from", "nowhere"), "does not exist"),
    ],
    ids=["name", "no-name", "folder"],
)
def test_the_command_says_how_it_is_used(arguments, said, run):
    result = run(*arguments)
    assert result.exit_code == 2 and said in " ".join(result.output.split())
