"""The drawing of lecture 04: where the roof bends, and words for what is shown."""

import pytest

from course_utils.show.fast import draw_roofline

pytestmark = pytest.mark.unit


def test_a_roofline_bends_where_memory_keeps_up_and_says_what_layers_reach():
    figure = draw_roofline(80, 20, {"ReLU": (0.1, 1.5), "standard": (130, 70)})
    [axes] = figure.axes
    roof, bend = axes.lines[0], axes.lines[1]
    assert [*roof.get_ydata()[1:], roof.get_xdata()[1]] == [80, 80, 4]
    assert roof.get_ydata()[0] == pytest.approx(20 * roof.get_xdata()[0])
    assert [*bend.get_xdata()] == [4, 4]
    left, right = axes.get_xlim()
    assert left < 0.1 and right > 130
    for part in (
        "4.0 operations a byte",
        "flat at 80",
        "ReLU 1.5 at 0.1",
        "standard 70.0 at 130.0",
    ):
        assert part in figure.alt
    assert "<img" in figure._repr_html_()
