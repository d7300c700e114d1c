"""`make html`: lectures, executed, and blank assignments as static pages that need no server and no network.

Formulas become MathML; an explorer, which needs a kernel, is replaced by a line that says how to move it (its
static figure stands in the text).
"""

from __future__ import annotations

import html
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat import NotebookNode

from course_utils.course.files import write_safely
from course_utils.course.folders import Course
from course_utils.grading.mathml import to_mathml

WIDGET = "application/vnd.jupyter.widget-view+json"
MOVE = "An explorer: run this notebook in JupyterLab (<code>make lab</code>) to move it."
MATH = re.compile(
    r"(?P<code>```.*?```|`[^`\n]*`)|\$\$(?P<block>.+?)\$\$|\$(?P<inline>[^$\n]+?)\$", re.DOTALL
)
SCRIPT = re.compile(r"<script[^>]*>.*?</script>", re.DOTALL)


def with_mathml(text: str) -> str:
    """Return Markdown with its formulas as MathML; code is left alone.

    Raises
    ------
    ValueError
        If a formula cannot be read.
    """

    def convert(match):
        if match["code"]:
            return match["code"]
        return to_mathml(match["block"] or match["inline"], block=bool(match["block"]))

    return MATH.sub(convert, text)


def page(notebook: NotebookNode, title: str) -> str:
    """Return a notebook as one page without scripts."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = re.sub(r"\.ipynb(?=[)#\"])", ".html", with_mathml(cell.source))
        for output in cell.get("outputs", []):
            if WIDGET in output.get("data", {}):
                output.data = NotebookNode({"text/html": f"<p><em>{MOVE}</em></p>"})
    notebook.metadata.pop("widgets", None)
    notebook.metadata.title = title
    text, _ = HTMLExporter(template_name="lab").from_notebook_node(notebook)
    return SCRIPT.sub("", text)


def build(course: Course, folder: Path) -> list[Path]:
    """Write the site below `folder` and return its pages.

    Raises
    ------
    CourseError
        If a page cannot be written.
    """
    pages = []
    lectures = sorted((course.root / "lectures").glob("*.ipynb"))
    blanks = sorted(course.releases.glob("*/*.ipynb"))
    for path in [*lectures, *blanks]:
        notebook = nbformat.read(path, as_version=4)
        if path in lectures:
            print(f"running {path.name} …", file=sys.stderr)
            resources = {"metadata": {"path": str(path.parent)}}
            NotebookClient(notebook, timeout=600, resources=resources).execute()
        target = folder / path.relative_to(course.root).with_suffix(".html")
        write_safely(target, page(notebook, path.stem))
        pages.append(target)
    figures = course.root / "lectures" / "figures"
    if figures.is_dir():
        shutil.copytree(figures, folder / "lectures" / "figures", dirs_exist_ok=True)
    links = "\n".join(
        f'<li><a href="{html.escape(os.path.relpath(p, folder))}">{html.escape(_title(p))}</a></li>'
        for p in pages
    )
    index = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>Convolutional networks</title>'
        '<style>body { font: 18px/1.6 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; }</style>'
        f"</head><body><h1>Convolutional networks, hands on</h1><ul>\n{links}\n</ul></body></html>\n"
    )  # fmt: skip
    write_safely(folder / "index.html", index)
    return [*pages, folder / "index.html"]


def _title(path):
    kind = "lecture" if "lectures" in path.parts else "assignment"
    number, _, name = path.stem.partition("_")
    return f"{number} {name.replace('_', ' ')} ({kind})"


def main() -> None:
    """Write the site to ``build/html``."""
    course = Course.find()
    folder = course.root / "build" / "html"
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.setdefault("MPLCONFIGDIR", scratch)
        pages = build(course, folder)
    print(f"{len(pages)} pages; open {(folder / 'index.html').relative_to(course.root)}")


if __name__ == "__main__":
    main()
