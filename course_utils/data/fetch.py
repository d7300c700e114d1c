"""Download a published data set: from one address after another, from the byte where it broke off."""

from __future__ import annotations

import errno
import re
import shutil
import time
from collections import deque
from pathlib import Path
from typing import NamedTuple

from course_utils.data.sets import DataError, unwritable

BLOCK = 1 << 16
"""Bytes read at a time, at most."""
CRAWL = 1_000
"""Bytes a second: below, a connection is as good as none."""
TRIES = 5
"""How often an address is tried that breaks off after giving something."""


class Patience(NamedTuple):
    """When an address is left for the next one.

    Parameters
    ----------
    seconds : float
        Without an answer, or without a byte; the rate is judged over as long.
    slow : float
        Bytes a second. A slower address is taken again, and kept, when the others are no better.
    clock : callable
        Gives seconds.
    """

    seconds: float = 20.0
    slow: float = 300_000
    clock: object = time.monotonic


class _Left(Exception):
    """A connection that was given up; the message says why."""


class _TooSlow(_Left):
    """A connection that might be taken again."""


class _BrokeOff(_Left):
    """A connection that ended too early."""


def fetch(published, folder, progress=None, patience=None):
    """Download what is missing of a data set's files and check it; interrupted, it continues.

    Parameters
    ----------
    published : Published
    folder : path
        Where to. A file that is not whole yet has the ending ``.part``.
    progress : callable, optional
        Called with the bytes that are there and those of all files.
    patience : Patience, optional

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    DataError
        If no address gives a file whose checksums are right, or files cannot be written.
    """
    folder, patience = Path(folder), patience or Patience()
    progress = progress or (lambda done, of: None)
    paths, whole = [], 0
    for file in published.forms[0]:

        def tick(done, before=whole):
            progress(before + done, published.bytes)

        paths.append(_fetch_file(published, file, folder, tick, patience))
        whole += file.size
        progress(whole, published.bytes)
    return paths


def _fetch_file(published, file, folder, tick, patience):
    """Download one file, from its addresses in turn, and return its path."""
    import pooch
    import requests
    import urllib3

    pooch.get_logger().setLevel("WARNING")
    path, part = folder / file.name, folder / f"{file.name}.part"
    said = {}
    turns = deque((address, patience.slow, TRIES) for address in published.addresses)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    while turns:
        address, slow, tries = turns.popleft()
        before = part.stat().st_size if part.exists() else 0

        def download(url, output_file, _, slow=slow):
            _check_room(folder, file, part)
            _continue(url, part, file.size, tick, patience._replace(slow=slow))
            # It moves before its MD5 is checked: what is wrong must not be continued next time.
            part.replace(output_file)

        try:
            pooch.retrieve(
                address + file.name, f"md5:{file.md5}", file.name, folder, downloader=download
            )
            return published.check(path, file)
        except _TooSlow as error:
            said[address] = str(error)
            if tries > 1:
                turns.append((address, CRAWL, tries - 1))
        except _BrokeOff as error:
            said[address] = str(error)
            if part.stat().st_size > before and tries > 1:
                turns.append((address, slow, tries - 1))
        except _Left as error:
            said[address] = str(error)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            said[address] = _cause(error, patience.seconds)
        except OSError as error:
            if error.errno is None and not isinstance(error, PermissionError):
                said[address] = str(error)  # not a file of ours: of certificates, say
            else:
                raise unwritable(folder, error) from error
        except ValueError:
            said[address] = f"it sent a file with another MD5 than {file.md5}"
            if before:  # the wrong bytes may be older, or another address's
                turns.appendleft((address, slow, tries))
    kept = part.stat().st_size if part.exists() else 0
    raise DataError(
        f"{file.name} could not be fetched. {'; '.join(f'{a}: {why}' for a, why in said.items())}. "
        f"What was fetched is kept ({kept:,} of {file.size:,} bytes): run `{published.fetch}` again when "
        f"online, or fetch the file elsewhere and run `{published.bring}`."
    )


def _check_room(folder, file, part):
    """Raise DataError where the disk has no room for the rest: better now than in an hour."""
    need = file.size - (part.stat().st_size if part.exists() else 0)
    free = shutil.disk_usage(folder).free
    if free < need:
        said = f"{need:,} bytes are needed and {free:,} are free"
        raise unwritable(folder, OSError(errno.ENOSPC, said))


def _continue(url, part, size, tick, patience):
    """Download `url` to the file `part`, after the bytes that it has already."""
    import requests

    have = part.stat().st_size if part.exists() else 0
    if have >= size:  # its checksum decides
        return
    # A .gz file is to arrive as it is, not unpacked on the way.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with requests.get(url, headers=headers, stream=True, timeout=patience.seconds) as answer:
        answer.raise_for_status()
        at, of = _extent(answer)
        if of not in (None, size):
            raise _Left(f"its file has {of:,} bytes, expected {size:,}")
        if at > have:
            raise _Left(f"it continues at byte {at:,}, asked was byte {have:,}")
        with part.open("ab") as file:
            for block in _blocks(answer, patience):
                # A server that starts from the beginning brings bytes that are here already.
                file.write(block[max(0, have - at) :][: size - have])
                file.flush()
                at += len(block)
                have = max(have, min(at, size))
                tick(have)
                if at >= size:
                    return
    raise _BrokeOff(f"it broke off at byte {at:,} of {size:,}")


def _extent(answer):
    """Return at which byte an answer begins, and how many bytes the file has (None if it is not said)."""
    if answer.status_code == 206:
        found = re.match(r"bytes (\d+)-\d+/(\d+|\*)", answer.headers.get("Content-Range", ""))
        if found is None:
            raise _Left("it sent a range and does not say which")
        return int(found[1]), int(found[2]) if found[2] != "*" else None
    length = answer.headers.get("Content-Length", "")
    return 0, int(length) if length.isdecimal() else None


def _blocks(answer, patience):
    """Give the bytes of an answer as they come; leave it where it is too slow."""
    import urllib3

    since, count = patience.clock(), 0
    while True:
        try:
            block = answer.raw.read1(BLOCK, decode_content=False)
        except urllib3.exceptions.ReadTimeoutError as error:
            raise _BrokeOff(f"no byte for {patience.seconds:g} seconds") from error
        except urllib3.exceptions.ProtocolError:
            return  # who reads them sees that bytes are missing
        if not block:
            return
        yield block
        count += len(block)
        seconds = patience.clock() - since
        if seconds >= patience.seconds:
            if count < patience.slow * seconds:
                raise _TooSlow(f"it gives {count / seconds / 1000:.0f} kB a second")
            since, count = patience.clock(), 0


def _cause(error, seconds):
    """Say in a few words why a download failed."""
    import requests

    if isinstance(error, requests.HTTPError):
        return f"the server answered {error.response.status_code}"
    if isinstance(error, requests.exceptions.ProxyError):
        return f"the proxy {_proxy(error.request.url)} gives no connection; is it the right one?"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate was refused"
    if isinstance(error, requests.Timeout):
        return f"no answer for {seconds:g} seconds"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return str(error) or type(error).__name__


def _proxy(url):
    """Return the proxy that is set for an address, without a password, and the variable that sets it."""
    from urllib.parse import urlsplit

    import requests

    scheme = urlsplit(url).scheme
    proxies = requests.utils.get_environ_proxies(url)
    host = urlsplit(proxies.get(scheme) or proxies.get("all", "")).netloc.rpartition("@")[2]
    return f"{host} ({scheme.upper()}_PROXY)"
