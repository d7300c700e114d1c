"""What is stored of a student's outputs and Markdown: readable, and without anything that runs."""

import base64
import re

import pytest
from markdown_it import MarkdownIt
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from course_utils.judging import sanitise

pytestmark = pytest.mark.unit

RUNS = re.compile(
    r"(?i)<script|<iframe|<object|<embed|<form|\son\w+\s*=|javascript:|<svg|<style|<meta|<link"
)
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>here</a>",
    "<a href=' java\nscript:alert(1)'>here</a>",
    "<svg onload=alert(1)><circle r=1></svg>",
    "<iframe src='https://example.org'></iframe>",
    "<form action='/formgrader'><button>press</button></form>",
    "<div><style>body { display: none }</style></div>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_html_does_not_run(text):
    assert not RUNS.search(sanitise.html(text))


@pytest.mark.parametrize("text", [*HOSTILE, "[x](javascript:alert(1))", "[x]: javascript:alert(1)"])
def test_markdown_does_not_run(text):
    made = sanitise.markdown(f"before\n\n{text}\n\nafter")
    page = MarkdownIt("commonmark").render(made)  # as a reader's program would
    assert not [tag for tag in re.findall(r"<[^>]*>", page) if RUNS.search(tag)]


@pytest.mark.parametrize(
    "text",
    [
        "`<script>`",
        "$a<b$ and $c>d$",
        "```\n<script>\n```",
        "x<sub>2</sub>",
        "a & b",
        "# A heading\n\n- a list\n- with [a link](https://example.org/a) and **weight**",
        "![a plot](plot.png)\n\n1. one\n2. two\n\n> quoted",
        "```python\nx[0] < y[1]  # a comment\n```",
        "| a | b |\n| --- | ---: |\n| 1 | `<b>` |",
        "$$\n\\frac{a<b}{c} [x]\n$$ and $x_{[i]}$",
        "<details><summary>more</summary>\n\nhidden\n\n</details>",
        "[1]: see [this](#there) and <https://example.org>",
    ],
)
def test_honest_markdown_stays_as_it_is(text):
    assert sanitise.markdown(text) == text


@pytest.mark.parametrize("address", ["https://x.invalid/seen.png", "/logout", "//x.invalid/a.png"])
def test_a_picture_that_a_server_would_be_asked_for_is_a_link(address):
    assert sanitise.markdown(f"![seen]({address})") == f"[seen]({address})"
    assert address not in sanitise.html(f"<img src='{address}'>")


def test_what_cannot_be_cleaned_is_shown_as_written():
    text = "[x](&#106;avascript:alert(1)) ~~~"
    assert sanitise.markdown(text) == f"~~~~\n{text}\n~~~~"


def test_an_embedded_picture_stays_and_an_embedded_page_does_not():
    picture = '<img src="data:image/png;base64,iVBORw0KGgo=">'
    assert sanitise.html(picture) == picture
    assert "data:" not in sanitise.html(
        '<img src="data:text/html;base64,AAAA"><a href="data:,x">x</a>'
    )


def test_a_comparison_that_looks_like_a_tag_is_shown_as_written():
    page = MarkdownIt("commonmark").render(sanitise.markdown("if i<n and m>k"))
    assert "i&lt;n and m&gt;k" in page


def test_a_table_of_pandas_keeps_its_cells():
    text = '<table border="1" class="dataframe"><tr><td style="color: red">1</td></tr></table>'
    assert ">1</td>" in sanitise.html(text) and "<table" in sanitise.html(text)


@pytest.mark.parametrize(
    "kind",
    [
        "application/javascript",
        "image/svg+xml",
        "application/vnd.jupyter.widget-view+json",
        "text/latex",
    ],
)
def test_other_kinds_are_dropped_and_the_text_stays(kind):
    made = sanitise.output(
        {"output_type": "display_data", "data": {kind: "alert(1)", "text/plain": "a figure"}}
    )
    assert made.data == {"text/plain": "a figure"}


def test_a_picture_stays_and_what_only_says_so_does_not():
    png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABXvMqOgAAAABJRU5ErkJggg=="
    item = {"output_type": "display_data", "data": {"image/png": png, "image/jpeg": "PHNjcmlwdD4="}}
    assert set(sanitise.output(item).data) == {"image/png"}


@pytest.mark.parametrize(
    "item", [None, 5, "text", [], {}, {"output_type": "update"}, {"output_type": ["stream"]}]
)
def test_what_is_no_output_is_none(item):
    assert sanitise.output(item) is None


def test_terminal_codes_and_control_characters_go():
    item = {"output_type": "stream", "name": "stdout", "text": "\x1b[31mred\x1b[0m\x00\x07 end\n"}
    assert sanitise.output(item).text == "red end\n"


# -- pasted pictures -------------------------------------------------------------------------------
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(8)).decode()


def test_a_pasted_picture_stays_where_it_was_pasted():
    text = "Before.\n\n![a sketch](attachment:sketch.png)\n\n**After**, *formatted*."
    assert sanitise.markdown(text, {"sketch.png": {"image/png": PNG}}) == text


def test_a_picture_whose_name_has_spaces_stays():
    text = "![](attachment:Screenshot%20from%202026.png)"
    pasted = sanitise.attachments({"Screenshot from 2026.png": {"image/png": PNG}})
    assert sanitise.markdown(text, pasted) == "![](attachment:Screenshot_from_2026.png)"
    assert list(pasted) == ["Screenshot_from_2026.png"]


def test_a_picture_that_is_not_in_the_file_is_named():
    said = sanitise.markdown("See ![x](attachment:gone.png) here.", {})
    assert said == "See [picture gone.png: not in the file] here."


@pytest.mark.parametrize(
    "item",
    [
        None, [], "x", {"a.png": None}, {"a.png": {"image/png": 3}},
        {"a.svg": {"image/svg+xml": "<svg onload='x'/>"}}, {"a.html": {"text/html": "<b>"}},
        {"a.png": {"image/png": base64.b64encode(b"<script>").decode()}},
        {"a.png": {"image/png": "!!!"}},
    ],
)  # fmt: skip
def test_what_is_no_picture_is_dropped(item):
    assert sanitise.attachments(item) == {}


@pytest.mark.parametrize(
    "text",
    [
        "![x](attachment:a.png) <script>alert(1)</script>",
        "![x](attachment:a.png)\n\n![y](http://example.org/y.png)",
        '![x](attachment:a.png)<img src="attachment:a.png" onerror="x()">',
        "![x](attachment:a.png)(javascript:x)",
        "![pasted-picture-0.png](pasted-picture-0.png) ![x](attachment:a.png)",
    ],
)
def test_a_pasted_picture_lets_nothing_else_through(text):
    pasted = {"a.png": {"image/png": PNG}}
    cleaned = sanitise.markdown(text, pasted)
    renderer = IPythonRenderer(escape=False, attachments=pasted)
    page = MarkdownWithMath(renderer=renderer).render(cleaned) + MarkdownIt().render(cleaned)
    for bad in ("<script", "onerror=", 'src="http', 'href="javascript'):
        assert bad not in page or bad in page.split("<code")[-1]


@pytest.mark.parametrize(
    "text",
    ["![x](<attachment:a.png>)", '![x](attachment:a.png "t")', "![x][r]\n\n[r]: attachment:a.png",
     '<img src="attachment:a.png">'],
)  # fmt: skip
def test_a_picture_that_is_nowhere_stops_no_page(text):
    MarkdownWithMath(renderer=IPythonRenderer(escape=False)).render(sanitise.markdown(text))


def test_a_hostile_name_is_made_plain():
    assert list(sanitise.attachments({'a" onerror="x': {"image/png": PNG}})) == ["a__onerror__x"]


def test_pictures_of_a_cell_are_limited(monkeypatch):
    monkeypatch.setattr(sanitise, "MAX_PICTURES", len(PNG))
    kept = sanitise.attachments({"a.png": {"image/png": PNG}, "b.png": {"image/png": PNG}})
    assert list(kept) == ["a.png"]
