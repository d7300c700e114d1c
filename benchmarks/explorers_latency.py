"""From a key to the picture: what each explorer takes, and what a page takes that does nothing but count keys.

Chromium without a screen gets 60 keys, one after the other. *drawn* is when the new picture is on the canvas,
within the key's own event; *shown* is when the browser has painted it. Medians, in milliseconds after the key
was pressed. A page waits for its next frame before it shows anything: hence the page that does nothing.
Run on an idle machine: ``python benchmarks/explorers_latency.py``.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from pages import browser  # noqa: E402

from course_utils import explorers  # noqa: E402

KEYS = ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "End", "Home") * 10
WATCH = """
window.taken = [];
const [target] = arguments;
const channel = new MessageChannel();
let begin = 0;
channel.port1.onmessage = () => (taken.at(-1).shown = performance.now() - begin);
addEventListener("keydown", (event) => {
  begin = event.timeStamp;
  taken.push({});
  requestAnimationFrame(() => channel.port2.postMessage(0));
}, true);
// The explorer has drawn when its own listeners are through: this one comes after them, on the same node.
target.addEventListener("keydown", () => (taken.at(-1).drawn = performance.now() - begin));
target.focus();
"""


def measured(page, target):
    """Press the keys and return medians in milliseconds: drawn, shown."""
    page.driver.execute_script(WATCH, page.find(target))
    for key in KEYS:
        for kind in ("rawKeyDown", "keyUp"):
            page.driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": kind, "key": key})
        page.driver.execute_async_script("setTimeout(arguments[0], 20)")
    taken = page.driver.execute_script("return taken")
    assert len(taken) == len(KEYS)
    return [statistics.median(one[name] for one in taken) for name in ("drawn", "shown")]


def main():
    """Measure and print."""
    table = Table("explorer", "drawn", "shown", "shown against nothing", title="Key to picture, ms")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.html"
        with browser(folder, path) as page:
            path.write_text("<!doctype html><div class='ex-figure' tabindex=0>nothing</div>")
            page.driver.get(path.as_uri())
            drawn, nothing = measured(page, ".ex-figure")
            table.add_row("(nothing)", f"{drawn:.1f}", f"{nothing:.1f}", "1.00")
            for name in explorers.__all__:
                page.open(getattr(explorers, name)())
                drawn, shown = measured(page, ".ex-figure")
                table.add_row(name, f"{drawn:.1f}", f"{shown:.1f}", f"{shown / nothing:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
