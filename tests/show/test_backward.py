"""The drawings of the backward pass say what torch computes."""

import re

import numpy as np
import pytest
from oracle import functional, torch

from course_utils.show import backward

pytestmark = pytest.mark.unit


def words_of(figure):
    """All that is written in a picture, lines and spaces aside."""
    return re.sub(r"\s+", " ", " ".join(text.get_text() for text in figure.axes[0].texts))


@pytest.mark.torch
def test_the_drawings_of_the_backward_pass_agree_with_torch():
    x = torch.tensor(backward.X, dtype=torch.float64)[None, None].requires_grad_()
    w = torch.tensor(backward.W, dtype=torch.float64)[None, None].requires_grad_()
    dout = torch.tensor(backward.DOUT, dtype=torch.float64)[None, None]
    functional.conv2d(x, w).backward(dout)
    for row, column in np.ndindex(4, 4):
        words = words_of(backward.draw_full_correlation((row, column))).replace("−", "-")
        found = re.findall(rf"dx\[{row}, {column}\] = [^=]+ = (-?\d+)", words)
        assert found == [f"{x.grad[0, 0, row, column]:.0f}"] * 2
        fed = backward.draw_feeds((row, column)).alt
        assert int(re.search(r"feeds (\d)", fed)[1]) == (1 + (0 < row < 3)) * (1 + (0 < column < 3))
    for a, b in np.ndindex(2, 2):
        alt = backward.draw_weight_gradient((a, b)).alt
        assert alt.endswith(f"dw[{a}, {b}] = {w.grad[0, 0, a, b]:.0f}.")


def test_the_drawing_of_the_flip_turns_the_kernel():
    cells = [text.get_text() for text in backward.draw_flip().axes[0].texts][-27:]
    assert "".join(cells) == "123456789" + "987654321" + "123456789"


@pytest.mark.torch
def test_the_drawing_of_max_routing_agrees_with_torch():
    x = torch.tensor(backward.POOLED, dtype=torch.float64)[None, None].requires_grad_()
    dout = torch.tensor(backward.POOL_DOUT, dtype=torch.float64)[None, None]
    functional.max_pool2d(x, 3, 2).backward(dout)
    alt = backward.draw_max_routing().alt
    assert x.grad[0, 0, 2, 2] == 6 and "(2, 2) is the first maximum of windows A, B and C" in alt
    assert x.grad[0, 0, 3, 4] == -1 and "(3, 4) is the first maximum of window D: dx = −1" in alt
    assert x.grad.count_nonzero() == 2
    assert alt.endswith("later in row order: (3, 0) in C and (4, 3) in D. They get nothing.")
