"""Peak memory of `course grade` for a small and a large class: it must not grow with the class.

    python benchmarks/grading_memory.py [--small 20] [--large 200]

Prints the largest resident size of any process of each run, and their ratio.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from grading_speed import PART, make_course


def peak(folder: Path, count: int) -> int:
    """Grade `count` submissions; return the largest resident size in bytes of the program and its workers."""
    folder.mkdir()
    make_course(folder, count, stock=False)
    command = [sys.executable, "-m", "course_utils.cli", "grade", PART, "--json", "--workers", "2"]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"course grade failed with status {status}")
    return usage.ru_maxrss * 1024


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--small", type=int, default=20)
    options.add_argument("--large", type=int, default=200)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        small = peak(Path(name, "small"), given.small)
        large = peak(Path(name, "large"), given.large)
    for count, size in ((given.small, small), (given.large, large)):
        print(f"{count:4} submissions: {size / 2**20:6.0f} MiB at most in one process")
    print(f"ratio {large / small:.2f}")


if __name__ == "__main__":
    main()
