"""Bring Fashion-MNIST to this machine: from the internet, or from a folder that the user has."""

from __future__ import annotations

import shutil
from pathlib import Path

from course_utils.data.fashion import (
    BRING,
    FASHION_FILES,
    FETCH,
    DataError,
    DataMissing,
    check_file,
    fashion_folders,
    find_fashion_mnist,
)

NAMES = ("fashion-mnist",)
"""What can be fetched; the drawn set is made, not fetched."""
SOURCES = (
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
)
"""Addresses of the files, tried in this order."""
BLOCK = 1 << 16
"""Bytes read at a time."""
BYTES = 30_878_645
"""Of all four files."""


def inventory():
    """Say which data sets are on this machine.

    Returns
    -------
    lines : list of str
    damaged : bool
        Whether a file is there but wrong.
    """
    lines = ["drawn          always here, made from a seed: 10 classes, 3 × 32 × 32, any number"]
    try:
        folder = find_fashion_mnist()
        for name, (md5, _) in FASHION_FILES.items():
            check_file(folder / name, md5)
    except DataMissing:
        return [
            *lines,
            f"fashion-mnist  not here; `{FETCH}` fetches it ({BYTES / 1e6:.0f} MB)",
        ], False
    except DataError as error:
        return [*lines, f"fashion-mnist  damaged: {error}"], True
    return [*lines, f"fashion-mnist  70 000 images, 10 classes, 1 × 28 × 28, in {folder}"], False


def bring(source=None, progress=None, folder=None):
    """Copy Fashion-MNIST from the folder `source`, or fetch it where there is none.

    Parameters
    ----------
    source : path, optional
    progress : callable, optional
        Called with the bytes that are there and those of all four files.
    folder : path, optional
        Where to; by default the first of :func:`course_utils.data.fashion.fashion_folders`.

    Returns
    -------
    Path
        The folder that has the files now.

    Raises
    ------
    DataError
        As :func:`copy_fashion_mnist` and :func:`fetch_fashion_mnist` do.
    """
    folder = Path(folder or fashion_folders()[0])
    if source is not None:
        return copy_fashion_mnist(source, folder)
    return fetch_fashion_mnist(folder, progress)


def copy_fashion_mnist(source, folder):
    """Copy the four files from a folder of the user's, after checking all of them.

    Raises
    ------
    DataMissing, DataError
        If files are missing or wrong; then nothing is copied.
    """
    source, folder = Path(source), Path(folder)
    missing = [name for name in FASHION_FILES if not (source / name).is_file()]
    if missing:
        raise DataMissing(f"{source} lacks {', '.join(missing)}; all four .gz files are needed.")
    for name, (md5, _) in FASHION_FILES.items():
        check_file(source / name, md5)
    folder.mkdir(parents=True, exist_ok=True)
    for name in FASHION_FILES:
        if (source / name).resolve() != (folder / name).resolve():
            # Under another name first: a copy that is cut short must not look like the file.
            shutil.copyfile(source / name, folder / f"{name}.copy")
            (folder / f"{name}.copy").replace(folder / name)
    return folder


def fetch_fashion_mnist(folder, progress=None, sources=SOURCES):
    """Download what is missing of the four files and check it; interrupted, it continues.

    Parameters
    ----------
    folder : path
        Where to. A file that is not whole yet has the ending ``.part``.
    progress : callable, optional
        Called with the bytes that are there and those of all four files.
    sources : sequence of str
        Addresses that end in a slash. The next is tried where one fails.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    DataError
        If no source gives a file whose MD5 is right.
    """
    import pooch
    import requests

    folder, progress, whole = Path(folder), progress or (lambda done, of: None), 0
    pooch.get_logger().setLevel("WARNING")
    folder.mkdir(parents=True, exist_ok=True)

    def download(url, output_file, _):
        part = folder / f"{url.rsplit('/', 1)[1]}.part"
        _continue(url, part, lambda done: progress(min(whole + done, BYTES), BYTES))
        # It moves before its MD5 is checked: what is wrong must not be continued next time.
        shutil.move(part, output_file)

    for name, (md5, _) in FASHION_FILES.items():
        said = []
        for source in sources:
            try:
                pooch.retrieve(source + name, f"md5:{md5}", name, folder, downloader=download)
                break
            except (requests.RequestException, OSError) as error:
                said.append(f"{source}: {_cause(error)}")
            except ValueError:
                said.append(f"{source}: it sent a file with another MD5 than {md5}")
        else:
            raise DataError(
                f"{name} could not be fetched. {'; '.join(said)}. What was fetched is kept: run "
                f"`{FETCH}` again when online, or fetch the four files elsewhere and run `{BRING}`."
            )
        whole += (folder / name).stat().st_size
        progress(min(whole, BYTES), BYTES)
    return folder


def _continue(url, part, progress):
    """Download `url` to the file `part`, after the bytes that it has already."""
    import requests

    have = part.stat().st_size if part.exists() else 0
    # A .gz file is to arrive as it is, not unpacked on the way.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with requests.get(url, headers=headers, stream=True, timeout=30) as answer:
        if answer.status_code == 416:  # nothing after these bytes: it is whole, or another file
            return
        answer.raise_for_status()
        if answer.status_code != 206:  # the server starts from the beginning
            have = 0
        with part.open("ab" if have else "wb") as file:
            for block in answer.iter_content(BLOCK):
                file.write(block)
                have += len(block)
                progress(have)


def _cause(error):
    """Say in a few words why a download failed."""
    import requests

    if isinstance(error, requests.HTTPError):
        return f"the server answered {error.response.status_code}"
    if isinstance(error, requests.Timeout):
        return "no answer for 30 seconds"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return str(error) or type(error).__name__
