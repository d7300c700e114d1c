"""Formulas as browsers set them: what latex2mathml writes badly is mended."""

import pytest

from course_utils.grading.mathml import to_mathml

pytestmark = pytest.mark.unit

THIN = '<mspace width="0.167em"></mspace>'


@pytest.mark.parametrize(
    ("latex", "part"),
    [
        (r"\mathtt{dout}_{ij}", '<mtext style="font-family: monospace">dout</mtext>'),
        (r"\mathtt{a<b}", '<mtext style="font-family: monospace">a&lt;b</mtext>'),
        (r"\lfloor 4/3 \rfloor", '<mo stretchy="false" form="prefix">⌊</mo><mn>4</mn>'),
        (r"\left\lfloor \frac{W}{S} \right\rfloor", '<mo stretchy="true" fence="true" form="prefix">⌊'),
        (r"x_{i+k}", "<msub><mi>x</mi><mrow><mi>i</mi><mo>+</mo><mi>k</mi></mrow></msub>"),
        (r"C_\text{in}", "<msub><mi>C</mi><mtext>in</mtext></msub>"),
        (r"\partial L", "<mi>∂</mi><mi>L</mi>"),
        (r"\sum_{ij} x", "<munder><mo>∑</mo><mrow><mi>i</mi><mi>j</mi></mrow></munder>"),
        (r"\max_i x", 'movablelimits="true">max</mo><mi>i</mi></munder>' + THIN),
        (r"\log x", "<mi>log</mi>" + THIN),
        (r"\log(x)", '<mi>log</mi><mo stretchy="false">('),
        (r"(-2, -1)", '<mo>,</mo><mo form="prefix">−</mo><mn>1</mn>'),
        (r"(a) - 1", "<mo>−</mo><mn>1</mn>"),
        (r"\overline{ab}", 'padding-top: 0.1em"><mrow><mi>a</mi><mi>b</mi></mrow></mrow>'),
        (r"a/b", '<mo lspace="0" rspace="0">/</mo>'),
        (
            r"w = \begin{pmatrix} 1 \end{pmatrix}.",
            "<mrow><mo>(</mo><mtable><mtr><mtd><mn>1</mn></mtd></mtr></mtable><mo>)</mo></mrow>",
        ),
    ],
)  # fmt: skip
def test_a_formula_is_set_as_tex_sets_it(latex, part):
    assert part in to_mathml(latex, block=True)
