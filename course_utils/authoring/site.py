"""`make html`: executed lectures and blank assignments as pages that need no server, no kernel and no network.

Formulas become MathML, explorers move by a small script of the page, and the answer to a prediction is folded.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import jinja2
import nbformat
from nbconvert import HTMLExporter
from nbconvert.filters import markdown2html
from nbformat import NotebookNode
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES

from course_utils.authoring import outline
from course_utils.authoring.answers import mark_answers
from course_utils.authoring.executed import executed
from course_utils.course.files import write_safely
from course_utils.course.folders import Course
from course_utils.explorers import page as explorer_page
from course_utils.grading import mathml

HERE = Path(__file__).parent
TITLE = "Convolutional networks, hands on"
VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
MOVE = "A widget: run this notebook in JupyterLab (<code>make lab</code>) to move it."
CODE_STYLES = (
    "xcode",
    "lightbulb",
)  # Pygments styles for light and dark with a contrast of 4.5 and more
_LINK = re.compile(r'<a href="([^"#:]*)(#[^"]*)?">(.*?)</a>', re.DOTALL)
_HEADING = re.compile(r'<h([23]) id="([^"]+)">(.*?)<a class="anchor-link"', re.DOTALL)


@dataclass
class Page:
    """A notebook on its way into the site.

    Attributes
    ----------
    path : Path
        The notebook's.
    notebook : NotebookNode
    link : str
        The page's address from the root of the site.
    """

    path: Path
    notebook: NotebookNode
    link: str

    @property
    def title(self) -> str:
        return outline.title(self.notebook) or self.path.stem

    @property
    def root(self) -> str:
        """The way from the page to the root of the site."""
        return "../" * self.link.count("/")


class Site:
    """All pages of a course.

    Parameters
    ----------
    course : Course

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell of a lecture fails.
    """

    def __init__(self, course: Course):
        self.course = course
        lectures = sorted((course.root / "lectures").glob("*.ipynb"))
        assignments = sorted(course.releases.glob("*/*.ipynb"))
        self.lectures = [self._page(path, executed(course, path)) for path in lectures]
        self.assignments = [self._page(p, nbformat.read(p, as_version=4)) for p in assignments]
        self.pages = sorted(
            self.lectures + self.assignments, key=lambda p: (p.path.stem[:2], p in self.assignments)
        )
        loader = jinja2.FileSystemLoader(HERE / "templates")
        self.templates = jinja2.Environment(loader=loader, trim_blocks=True, autoescape=False)

    def _page(self, path, notebook):
        return Page(
            path, notebook, path.relative_to(self.course.root).with_suffix(".html").as_posix()
        )

    def text(self, page: Page) -> str:
        """Return a notebook as a page."""
        content, explorers = self._cells(page)
        sections = [(n, anchor, words.strip()) for n, anchor, words in _HEADING.findall(content)]
        at = self.pages.index(page)
        first = {"link": f"{page.root}index.html", "title": TITLE}
        return self._framed(
            page.title, content, page.root, explorers,
            sections=sections,
            before=self._neighbour(page, self.pages[at - 1]) if at else first,
            after=self._neighbour(page, *self.pages[at + 1 : at + 2]),
        )  # fmt: skip

    def index(self) -> str:
        """Return the first page: the parts in order, with what their notebooks say about them."""
        numbers = dict.fromkeys(page.path.stem[:2] for page in self.pages)
        content = self.templates.get_template("index.html").render(
            course=TITLE, parts=[self._part(number) for number in numbers]
        )
        return self._framed(TITLE, content)

    def _part(self, number):
        """Return what the first page says about one part."""
        lecture, assignment = (
            next((page for page in pages if page.path.stem.startswith(number)), None)
            for pages in (self.lectures, self.assignments)
        )
        told = lecture or assignment
        part = {"number": number, "about": html.escape(re.sub(r"^.*?\d+\W+", "", told.title))}
        for name, heading in (
            ("words", told.title),
            ("needs", "Before you start"),
            ("does", "What you will do"),
        ):
            text = markdown2html(outline.section(told.notebook, heading))
            part[name] = self._linked(mathml.typeset(text), told.path.parent, Path())
        if assignment and (sums := outline.exercises(assignment.notebook)):
            part |= {"exercises": sums.count, "points": sums.points, "hours": sums.hours}
        part |= {"lecture": lecture and lecture.link, "assignment": assignment and assignment.link}
        return part

    def _cells(self, page):
        """Return the cells of a page as HTML, and the traits of its explorers."""
        widgets = page.notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})

        def state(output):
            """Return the traits of the explorer that an output shows, {} if it shows none."""
            shown = output.get("data", {}).get(VIEW, {}).get("model_id")
            found = widgets.get(shown, {})
            usable = not found.get("buffers") and explorer_page.is_explorer(found.get("state", {}))
            return found["state"] if found and usable else {}

        def shows_explorer(cell):
            return any(state(output) for output in cell.get("outputs", []))

        explorers = []
        cells = mark_answers(page.notebook.cells, shows_explorer)
        for output in [output for cell in cells for output in cell.get("outputs", [])]:
            if VIEW not in output.get("data", {}):
                continue
            traits = state(output)
            if traits:
                explorers.append(traits)
            placed = explorer_page.place(traits) if traits else f"<p><em>{MOVE}</em></p>"
            output.data = NotebookNode({"text/html": placed})
        metadata = {k: v for k, v in page.notebook.metadata.items() if k != "widgets"}
        exporter = HTMLExporter(
            template_name="cells",
            extra_template_basedirs=[str(HERE / "templates")],
            exclude_input_prompt=True,
            exclude_output_prompt=True,
            filters={
                "typeset": mathml.typeset,
                "linked": partial(self._linked, folder=page.path.parent, at=Path(page.link).parent),
            },
        )
        body, _ = exporter.from_notebook_node(
            nbformat.v4.new_notebook(cells=cells, metadata=metadata)
        )
        return body, explorers

    def _linked(self, text, folder, at):
        """Let links to notebooks lead to their pages; a link to what the site lacks becomes its words.

        Parameters
        ----------
        text : str
            HTML.
        folder : Path
            Where the links start in the course.
        at : Path
            Where the page stands in the site.
        """
        pages = {page.path: page.link for page in self.pages}

        def mend(match):
            target, anchor, words = match.groups()
            if not target:
                return match[0]
            path = (folder / target).resolve()
            link = pages.get(path)
            if not link:
                return words
            return (
                f'<a href="{Path(os.path.relpath(link, at)).as_posix()}{anchor or ""}">{words}</a>'
            )

        return _LINK.sub(mend, text)

    def _neighbour(self, page, other=None):
        if other is None:
            return None
        return {"link": page.root + other.link, "title": html.escape(other.title)}

    def _framed(self, title, content, root="", explorers=(), **more):
        """Return a page with its frame."""
        return self.templates.get_template("site.html").render(
            title=html.escape(title),
            course=TITLE,
            content=content,
            root=root,
            style=explorer_page.style(explorers),
            code=explorer_page.code(explorers) if explorers else "",
            **more,
        )


def build(course: Course, folder: Path) -> list[Path]:
    """Write the site below `folder` and return its pages.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell of a lecture fails.
    CourseError
        If a file cannot be written.
    """
    site = Site(course)
    pages = {page.link: site.text(page) for page in site.pages} | {"index.html": site.index()}
    for link, text in pages.items():
        write_safely(folder / link, text)
    css = (HERE / "site.css").read_text(encoding="utf-8")
    write_safely(folder / "site.css", f"{css}\n{mathml.STYLE}\n{code_style()}")
    write_safely(folder / "site.js", (HERE / "site.js").read_text(encoding="utf-8"))
    figures = course.root / "lectures" / "figures"
    if figures.is_dir():
        shutil.copytree(figures, folder / "lectures" / "figures", dirs_exist_ok=True)
    return [folder / link for link in pages]


def code_style() -> str:
    """Return the colours of code as CSS, light and dark in one."""
    light, dark = ({t: rule["color"] for t, rule in get_style_by_name(n)} for n in CODE_STYLES)
    lines = []
    for token, name in STANDARD_TYPES.items():
        colours = light.get(token) or "1b1b1b", dark.get(token) or "e4e4e0"
        if name and colours != ("1b1b1b", "e4e4e0"):
            lines.append(
                f".highlight .{name} {{ color: light-dark(#{colours[0]}, #{colours[1]}); }}"
            )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the site to ``build/html``."""
    begin = time.monotonic()
    course = Course.find()
    folder = course.root / "build" / "html"
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.setdefault("MPLCONFIGDIR", scratch)
        pages = build(course, folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    print(
        f"{len(pages)} pages, {size:.1f} MB, in {time.monotonic() - begin:.0f} s", file=sys.stderr
    )
    print(f"open {(folder / 'index.html').relative_to(course.root)}")


if __name__ == "__main__":
    main()
