"""The explorer of docs/writing-an-explorer.md is a whole one."""

import importlib.util
import re

import pytest
from conftest import ROOT

from course_utils.explorers.engine import Engine

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def smallest(tmp_path_factory):
    """Its class, from the files that the document prints."""
    text = (ROOT / "docs" / "writing-an-explorer.md").read_text(encoding="utf-8")
    files = re.findall(r"`stride_steps/(\S+)`.*?```\w+\n(.*?)```", text, re.DOTALL)
    folder = tmp_path_factory.mktemp("explorers") / "stride_steps"
    folder.mkdir()
    for name, content in files:
        (folder / name).write_text(content, encoding="utf-8")
    assert len(files) == 4
    spec = importlib.util.spec_from_file_location("stride_steps", folder / "__init__.py")
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(importlib.import_module("sys").modules, "stride_steps", module)
        spec.loader.exec_module(module)
    return module.StrideSteps


def test_its_numbers_and_its_picture(smallest):
    engine = Engine(smallest)
    for stride in range(1, 6):
        visited = list(range(0, 12, stride))
        for step, pixel in enumerate(visited):
            state = engine.describe(stride, step)
            assert (state["visited"], state["at"]) == (visited, pixel)
    assert "Stride 3 visits 4 of 12 pixels" in engine.svg(smallest(stride=3, step=2))


@pytest.mark.browser
def test_its_keys_and_its_mouse(page, smallest):
    from selenium.webdriver.common.keys import Keys

    page.open(smallest())
    page.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert page.lines() == ["step 2 stands on pixel 2·2 = 4"]
    page.click(20 + 50 * 8.5, 42 + 25)
    assert page.trait("step") == 4
    assert page.complaints() == []
