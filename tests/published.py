"""Small data sets in their publishers' formats, and a server on this machine that treats them badly."""

import dataclasses
import gzip
import hashlib
import io
import os
import re
import struct
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from course_utils.data import cifar, fashion, sets, store

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
"""Where real files are, if anywhere."""
COUNTS = {"data_batch_1": 3, "data_batch_2": 4, "data_batch_3": 3, "data_batch_4": 3}
COUNTS |= {"data_batch_5": 7, "test_batch": 5}
"""How many images the batches of the small CIFAR-10 have: 20 and 5."""


def shared(name):
    """Return a real file that developers have and students need not, or skip the test."""
    path = Path(os.environ.get("COURSE_SHARED_DATA", SHARED)) / name
    if not path.exists():
        pytest.skip(f"{path} is not there; COURSE_SHARED_DATA says where such files are")
    return path


def known(name, content):
    """Return how a file with this content is known."""
    digests = (hashlib.new(kind, content).hexdigest() for kind in ("md5", "sha256"))
    return sets.File(name, len(content), *digests)


def idx(array, code=8):
    """The bytes of an idx file, before they are packed."""
    sizes = b"".join(n.to_bytes(4, "big") for n in array.shape)
    return bytes([0, 0, code, array.ndim]) + sizes + array.tobytes()


def digits(*shape):
    """0 to 9 again and again, as an array."""
    return (np.arange(np.prod(shape)) % 10).astype(np.uint8).reshape(shape)


FASHION = {
    "train-images-idx3-ubyte.gz": digits(24, 28, 28),
    "train-labels-idx1-ubyte.gz": digits(24),
    "t10k-images-idx3-ubyte.gz": digits(3, 28, 28),
    "t10k-labels-idx1-ubyte.gz": digits(3),
}


def batch(pixels, labels, title=b"training batch 1 of 5"):
    """A batch as Python 2 pickled it, instruction for instruction (but for the memo of short strings)."""

    def string(content):
        if len(content) < 256:
            return b"U" + bytes([len(content)]) + content
        return b"T" + struct.pack("<i", len(content)) + content

    shape = b"".join(b"M" + struct.pack("<H", n) for n in pixels.shape) + b"\x86"
    dtype = b"cnumpy\ndtype\nq\x08U\x02u1q\x09K\x00K\x01\x87q\x0aRq\x0b(K\x03U\x01|NNN"
    dtype += 2 * b"J\xff\xff\xff\xff" + b"K\x00tq\x0cb"
    names = b"".join(string(b"x_%06d.png" % k) for k in range(len(labels)))
    return b"".join(
        [
            b"\x80\x02}q\x01(",
            *(string(b"batch_label"), string(title)),
            *(string(b"labels"), b"]q\x02(", *(b"K" + bytes([k]) for k in labels), b"e"),
            *(string(b"data"), b"cnumpy.core.multiarray\n_reconstruct\nq\x03cnumpy\nndarray\nq\x04"),
            *(b"K\x00\x85U\x01b\x87Rq\x05(K\x01", shape, dtype, b"\x89", string(pixels.tobytes()), b"tb"),
            *(string(b"filenames"), b"]q\x06(", names, b"eu."),
        ]
    )  # fmt: skip


def batches():
    """The small CIFAR-10's pixels, labels, and the bytes of its batches by their name."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (25, 3072), np.uint8)
    labels = rng.permutation(25) % 10
    packed, start = {}, 0
    for name, count in COUNTS.items():
        rows = slice(start, start + count)
        packed[f"{cifar.INSIDE}/{name}"] = batch(pixels[rows], labels[rows])
        start += count
    return pixels.reshape(-1, 3, 32, 32), labels, packed


def archive(members):
    """The bytes of a .tar.gz with these members."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return gzip.compress(out.getvalue(), mtime=0)


def small_cifar(members, packed=None):
    """CIFAR-10 as if its batches were these, and its archive this one."""
    packed = packed or archive(members)
    forms = (known("cifar-10-python.tar.gz", packed),), tuple(known(*m) for m in members.items())
    return dataclasses.replace(cifar.CIFAR, forms=forms)


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A folder of the user's for data, and a cache, both empty."""
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "data"


@pytest.fixture
def brought(places, tmp_path, monkeypatch):
    """A folder with small sets that pass for the published ones; none is where it is looked for."""
    folder = tmp_path / "brought"
    folder.mkdir()
    for name, array in FASHION.items():
        (folder / name).write_bytes(gzip.compress(idx(array), mtime=0))
    files = tuple(known(name, (folder / name).read_bytes()) for name in FASHION)
    _, _, members = batches()
    packed = archive(members)
    (folder / "cifar-10-python.tar.gz").write_bytes(packed)
    instead = {
        fashion.fashion_mnist: dataclasses.replace(fashion.FASHION, forms=(files,)),
        cifar.cifar10: small_cifar(members, packed),
    }
    for reader, published in instead.items():
        monkeypatch.setattr(reader, "__defaults__", (None, published))
    monkeypatch.setattr(store, "PUBLISHED", {p.name: p for p in instead.values()})
    return folder


class Server(BaseHTTPRequestHandler):
    """Serves the files of `folder`; the first folder of an address says how.

    ``good``; ``whole`` knows no ranges; ``cut`` ends after `cut` bytes; ``corrupt`` sends one wrong byte;
    ``stall`` sends half and then nothing; ``long`` and ``short`` lie about the length; ``unsaid`` does not
    say it, ``more`` neither, and sends more; ``shifted`` begins elsewhere than asked; ``packed`` says that a
    .gz is only packed on the way; ``moved`` and ``elsewhere`` redirect to ``good``, here and on another
    port, ``round`` to itself; a number is a status.
    """

    folder, cut, there = None, 20, None

    def do_GET(self):
        how, name = self.path.split("/")[1:3]
        asked = self.headers.get("Range")
        self.asked.append((how, asked))
        if how.isdecimal():
            return self.send_error(int(how))
        if how in ("moved", "elsewhere", "round"):
            self.send_response(301 if how == "moved" else 302)
            host = self.there if how == "elsewhere" else ""
            self.send_header("Location", f"{host}/{'round' if how == 'round' else 'good'}/{name}")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        body = (self.folder / name).read_bytes()
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body)
        start = int(re.fullmatch(r"bytes=(\d+)-", asked)[1]) if asked and how != "whole" else 0
        if start >= len(body):
            return self.send_error(416)
        self.send_response(206 if start else 200)
        length = len(body) + {"long": 5, "short": -5}.get(how, 0)
        if start:
            first = start + (how == "shifted")
            self.send_header("Content-Range", f"bytes {first}-{len(body) - 1}/{length}")
        if how == "packed":
            self.send_header("Content-Encoding", "gzip")
        if how not in ("unsaid", "more"):
            self.send_header("Content-Length", str(length - start))
        self.end_headers()
        rest = bytearray(body[start:])
        if how == "corrupt":
            rest[len(rest) // 2] ^= 1
        if how == "more":
            rest += b"more"
        if how == "cut":
            rest = rest[: self.cut]
        if how == "stall":
            self.wfile.write(rest[: len(rest) // 2])
            return self.over.wait(10)
        self.wfile.write(rest)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def server(brought, monkeypatch):
    """A running Server of the small sets: `address`, `asked` (how, and which range), `cut`."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    over = threading.Event()
    handler = type("Handler", (Server,), {"folder": brought, "asked": [], "over": over})
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), handler) as here,
        ThreadingHTTPServer(("127.0.0.1", 0), handler) as there,
    ):
        handler.address = f"http://127.0.0.1:{here.server_port}"
        handler.there = f"http://127.0.0.1:{there.server_port}"
        for running in (here, there):
            threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        yield handler
        over.set()
        here.shutdown()
        there.shutdown()
