"""Servers on this machine, for tests and trials: PostgreSQL, and a Dask cluster of real processes."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PATIENCE = 600  # seconds after which something hangs, however busy the machine is
# A worker on a machine where the kernel lets nobody make namespaces: under the filter that a jail has.
LOCKED_DOWN = """
import sys
from course_utils.jail import kernel, seccomp
kernel.call("prctl", kernel.PR["no_new_privs"], 1, 0, 0, 0)
seccomp.forbid_system_calls()
"""
DASK = "import sys; from dask.__main__ import main; sys.exit(main())"


# -- PostgreSQL ------------------------------------------------------------------------------------
def postgres_programs() -> Path | None:
    """Return the folder of PostgreSQL's own programs; Debian does not put them on the path."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


class Postgres:
    """A server with its data in a temporary folder, reached through a socket there."""

    def __init__(self, programs: Path, safe: bool = False):
        self.programs, self.folder = programs, Path(tempfile.mkdtemp(prefix="pg-"))
        self.data = self.folder / "data"
        if os.geteuid() == 0:  # it refuses to run as root
            shutil.chown(self.folder, "postgres", "postgres")
        self._call(
            "initdb", "-D", self.data, "-U", "course", "--auth=trust", "--no-sync", "-E", "UTF8"
        )
        self.options = f"-k {self.folder} -h ''" + ("" if safe else " -c fsync=off")
        self.start()

    def _call(self, program, *arguments):
        command = [self.programs / program, *arguments]
        log = subprocess.DEVNULL  # the server would keep a pipe open
        owner = {"user": "postgres", "group": "postgres", "extra_groups": []}
        subprocess.run(
            command, check=True, cwd="/", stdout=log, stderr=log, timeout=PATIENCE,
            **(owner if os.geteuid() == 0 else {}),
        )  # fmt: skip

    def start(self):
        self._control("start", "-l", self.folder / "log", "-o", self.options)

    def stop(self):
        self._control("stop", "-m", "fast")

    def _control(self, what, *options):
        self._call("pg_ctl", what, "-D", self.data, "-w", "-t", str(PATIENCE), *options)

    def database(self, name: str, template: str = "template1") -> str:
        """Make a database, empty or a copy of another one; return its address."""
        self._call("createdb", "-h", self.folder, "-U", "course", "-T", template, name)
        return f"postgresql://course@/{name}?host={self.folder}"

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder)


# -- Dask ------------------------------------------------------------------------------------------
class Cluster:
    """A scheduler and workers with nannies; use as a context manager.

    Parameters
    ----------
    folder : Path
        For what they write.
    environment : dict
        Variables of their environment.
    protocol : str
        ``tcp`` or ``tls``.
    """

    def __init__(self, folder: Path, environment=(), protocol: str = "tcp"):
        self.folder, self.environment = folder, {**os.environ, **dict(environment)}
        self.nannies: list[subprocess.Popen] = []
        self.alone: list[subprocess.Popen] = []  # workers without one
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "scheduler.json"
        self.scheduler = self._start(
            "scheduler", "--host", f"{protocol}://127.0.0.1", "--port", "0", "--no-dashboard",
            "--no-show", "--scheduler-file", str(file),
        )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while not file.exists() or not file.read_text().strip():
            assert self.scheduler.poll() is None and time.monotonic() < deadline, self.log()
            time.sleep(0.05)
        import json

        self.address = json.loads(file.read_text())["address"]

    def _start(self, *words, python=sys.executable, before="", wrap=()):
        with (self.folder / "log").open("a") as log:
            return subprocess.Popen(
                [*wrap, python, "-c", before + DASK, *words], env=self.environment, cwd=self.folder,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def worker(
        self, threads: int = 1, python=sys.executable, before: str = "", wrap=(), nanny: bool = True
    ):
        """Start a worker with a nanny or alone; return the process that is started."""
        place = self.folder / f"worker-{len(self.nannies + self.alone)}"
        place.mkdir()
        process = self._start(
            "worker", self.address, "--nthreads", str(threads), "--no-dashboard",
            "--nanny" if nanny else "--no-nanny", "--local-directory", str(place),
            python=python, before=before, wrap=wrap,
        )  # fmt: skip
        (self.nannies if nanny else self.alone).append(process)
        return process

    def processes(self) -> list[int]:
        """Return the workers' own processes: those that are alone and the children of the nannies."""
        children = [pid for nanny in self.nannies for pid in worker_of(nanny.pid)]
        return [process.pid for process in self.alone] + children

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in [*self.nannies, *self.alone, self.scheduler]:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def worker_of(nanny: int) -> list[int]:
    """Return the worker's process of a nanny: the child that is neither a resource tracker nor a server."""
    found = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{nanny}/task").iterdir():
            for pid in (task / "children").read_text().split():
                if "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text():
                    found.append(int(pid))
    return found
