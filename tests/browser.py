"""JupyterLab on a course of its own, and a headless Chromium to look at it with."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from conftest import PART, ROOT
from selenium import webdriver
from selenium.common.exceptions import (
    InvalidSessionIdException,
    NoSuchWindowException,
    TimeoutException,
    WebDriverException,
)
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

SCREENSHOTS = ROOT / "build" / "screenshots"
PATIENCE = 600  # seconds after which something hangs, however busy the machine is
SIZE = (1280, 1000)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    # Nothing but the server: a page that needs the network fails here as it would on a train.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


# -- the course and the server ---------------------------------------------------------------------
def make_course(folder: Path):
    """Copy what an instructor has into `folder`, lectures too, and release part 01 there."""
    from course_utils.authoring.release import release
    from course_utils.course.folders import Course

    for name in ("nbgrader_config.py", "constraints.txt"):
        shutil.copy(ROOT / name, folder / name)
    left_out = shutil.ignore_patterns(".ipynb_checkpoints")
    for name in ("solutions", "assignments", "lectures", "tests/bank"):
        shutil.copytree(ROOT / name, folder / name, ignore=left_out)
    course = Course(folder)
    release(course, PART)
    return course


class Server:
    """A Jupyter server in `root`, with empty folders for what it would keep in the user's home."""

    def __init__(self, root: Path, home: Path):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = home / "server.log"
        kept = ("COURSE_", "JUPYTER", "IPYTHON")
        environment = {k: v for k, v in os.environ.items() if not k.startswith(kept)}
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
            environment[name] = str(home / name.lower())
            (home / name.lower()).mkdir(parents=True)
        settings = home / "jupyter_config_dir" / "lab" / "user-settings" / "@jupyterlab"
        (settings / "apputils-extension").mkdir(parents=True)
        quiet = settings / "apputils-extension" / "notification.jupyterlab-settings"
        quiet.write_text('{"fetchNews": "false", "checkForUpdates": false}')
        command = [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={self.port}"),
            *("--ServerApp.port_retries=0", f"--ServerApp.root_dir={root}"),
            "--IdentityProvider.token=",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            "--LabApp.expose_app_in_browser=True",
        ]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=root, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        try:
            self._await()
        except BaseException:
            self.stop()
            raise

    def _await(self):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            with (
                contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError),
                urllib.request.urlopen(f"{self.url}/api", timeout=10),
            ):
                return
            time.sleep(0.1)
        raise RuntimeError(f"the Jupyter server did not start:\n{self.log.read_text()[-4000:]}")

    def stop(self):
        """End the server and its kernels."""
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


# -- the browser -----------------------------------------------------------------------------------
class Browser:
    """Chromium with patience: every action waits for what it needs, and tries again.

    Parameters
    ----------
    server : Server
    profile : Path
        A fresh folder.
    """

    def __init__(self, server: Server, profile: Path):
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        options.unhandled_prompt_behavior = "accept"  # "leave without saving?"
        for flag in (*FLAGS, f"--user-data-dir={profile}", f"--window-size={SIZE[0]},{SIZE[1]}"):
            options.add_argument(flag)
        service = webdriver.ChromeService(executable_path=shutil.which("chromedriver"))
        self.server = server
        self.driver = webdriver.Chrome(options=options, service=service)
        # Some versions give a window without a screen no focus, and JupyterLab's current widget is what has it.
        self.driver.execute_cdp_cmd("Emulation.setFocusEmulationEnabled", {"enabled": True})
        self.driver.set_page_load_timeout(PATIENCE)
        self.driver.set_script_timeout(PATIENCE)

    def close(self):
        self.driver.quit()

    def open(self, path: str, width: int = SIZE[0], height: int = SIZE[1]):
        """Go to an address of the server, or to any other URL."""
        self.driver.switch_to.default_content()
        self.driver.set_window_size(width, height)
        self.driver.get(path if "://" in path else f"{self.server.url}/{path}")

    def shot(self, name: str) -> Path:
        """Keep a picture of the window."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        self.driver.save_screenshot(str(path))
        return path

    def js(self, code: str, *values):
        """Run JavaScript in the page and return what it returns."""
        return self.driver.execute_script(code, *values)

    def wait(self, condition, what: str, patience: float = PATIENCE):
        """Return what `condition()` returns as soon as it is true.

        Raises
        ------
        AssertionError
            If it does not become true in time.
        """
        last = []

        def holds(driver):
            try:
                return condition()
            except (InvalidSessionIdException, NoSuchWindowException):
                raise  # the browser is gone
            except WebDriverException as error:
                last[:] = ["; at last ", str(error.msg).splitlines()[0]]
                return False

        try:
            return WebDriverWait(self.driver, patience, poll_frequency=0.1).until(holds)
        except TimeoutException:
            said = (
                f"waited {patience} s in vain for {what}{''.join(last)}; see {self.shot('in-vain')}"
            )
            raise AssertionError(said) from None

    def all(self, css: str):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def see(self, css: str, text: str = ""):
        """Wait for an element that is visible and contains `text`, and return it."""

        def visible():
            return next((e for e in self.all(css) if e.is_displayed() and text in e.text), None)

        return self.wait(visible, f"{css} {text!r}")

    def gone(self, css: str):
        """Wait until no such element is visible."""
        self.wait(lambda: not [e for e in self.all(css) if e.is_displayed()], f"no {css}")

    def click(self, css: str, text: str = ""):
        """Click an element as soon as it can be clicked."""

        def clicked():
            found = [e for e in self.all(css) if e.is_displayed() and text in e.text]
            if found:
                found[0].click()
            return bool(found)

        self.wait(clicked, f"{css} {text!r} to click")

    def press(self, *keys: str):
        """Press keys, one after the other, wherever the focus is."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def chord(self, modifier: str, key: str):
        """Press a key while another is held."""
        ActionChains(self.driver).key_down(modifier).send_keys(key).key_up(modifier).perform()

    @contextlib.contextmanager
    def inside(self, css: str):
        """Look into a frame."""
        self.driver.switch_to.frame(self.see(css))
        try:
            yield
        finally:
            self.driver.switch_to.default_content()


# -- notebooks in JupyterLab -----------------------------------------------------------------------
CELLS = """
const panel = window.jupyterapp.shell.currentWidget;
return [...panel.model.cells].map((cell) => ({
  id: cell.id,
  code: cell.type === "code" && cell.sharedModel.source.trim() !== "",
  state: cell.executionState ?? "",
  count: cell.executionCount ?? 0,
  outputs: cell.type === "code" ? cell.outputs.toJSON() : [],
}));
"""
READY = """
const panel = window.jupyterapp?.shell?.currentWidget;
return Boolean(panel?.context?.isReady && panel.content?.widgets?.length && panel.isVisible
  && panel.context.path === arguments[0]
  && panel.sessionContext.session?.kernel?.status === "idle");
"""
IDLE = """
return window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === "idle";
"""
GO_TO = """
const [name, done] = arguments;
const notebook = window.jupyterapp.shell.currentWidget.content;
const index = notebook.widgets.findIndex((widget) => widget.model.id === name);
const node = notebook.widgets[index].node;
notebook.activeCellIndex = index;
notebook.scrollToItem(index, "start").then(() => done(node), () => done(null));
"""
SHUT_DOWN = """
const done = arguments[arguments.length - 1];
const app = window.jupyterapp;
if (!app) done(); else app.serviceManager.sessions.shutdownAll().then(() => done(), () => done());
"""


class Notebook:
    """A notebook that is open in JupyterLab."""

    def __init__(self, browser: Browser, path: str, width: int = SIZE[0], height: int = SIZE[1]):
        self.browser = browser
        workspace = f"w{time.monotonic_ns()}"  # a fresh one: nothing else is open in it
        browser.open(f"lab/workspaces/{workspace}/tree/{path}", width, height)
        browser.wait(lambda: browser.js(READY, path), f"{path} with its kernel")

    def cells(self) -> dict[str, dict]:
        """Return what each cell has come to, by its id."""
        return {cell["id"]: cell for cell in self.browser.js(CELLS)}

    def run_all(self):
        """Choose Run, Run All Cells, and wait for the end, or for the first error."""
        self.browser.click(".lm-MenuBar-itemLabel", "Run")
        self.browser.click(".lm-Menu-itemLabel", "Run All Cells")
        self._finished(lambda cells: all(c["count"] for c in cells.values() if c["code"]))

    def run(self, name: str):
        """Go to one cell and press Shift+Enter."""
        self.go_to(name)
        before = self.cells()[name]["count"]
        self.browser.js("window.jupyterapp.shell.currentWidget.content.node.focus()")
        self.browser.chord(Keys.SHIFT, Keys.ENTER)
        self._finished(lambda cells: cells[name]["count"] not in (0, before))

    def _finished(self, enough):
        def over():
            cells = self.cells()
            busy = [c for c in cells.values() if c["state"] not in ("", "idle")]
            return (enough(cells) or failed(cells)) and not busy and self.browser.js(IDLE)

        self.browser.wait(over, "the cells to finish", 2 * PATIENCE)

    def go_to(self, name: str):
        """Scroll to a cell, make it the active one and return its element."""

        def there():
            node = self.browser.driver.execute_async_script(GO_TO, name)
            return node if node and node.is_displayed() else None

        return self.browser.wait(there, f"cell {name}")

    def shown(self, name: str) -> str:
        """Return the text that a cell's outputs show on the page."""
        cell = self.go_to(name)
        return self.browser.js(
            "return arguments[0].querySelector('.jp-Cell-outputArea').innerText.trim()", cell
        )

    def widgets(self) -> list[str]:
        """Return the cells that show a widget."""
        view = "application/vnd.jupyter.widget-view+json"
        cells = self.cells().items()
        return [n for n, c in cells if any(view in o.get("data", {}) for o in c["outputs"])]

    def close(self):
        """Shut its kernel down."""
        with contextlib.suppress(WebDriverException):
            self.browser.driver.execute_async_script(SHUT_DOWN)


def failed(cells: dict[str, dict]) -> dict[str, str]:
    """Return the cells that ended in an error, and which."""
    return {
        name: f"{output['ename']}: {output['evalue']}"
        for name, cell in cells.items()
        for output in cell["outputs"]
        if output["output_type"] == "error"
    }
