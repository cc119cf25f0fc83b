"""LaTeX as an equation of Word's own."""

from __future__ import annotations

from xml.etree import ElementTree

MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"

_LONGEST = 4000
"""Characters; what is longer is no formula, and the converters are slow on it."""


def equation_from_latex(latex: str) -> str:
    """The `m:oMath` element; empty where it cannot be converted, and the LaTeX stays as text."""
    if not latex.strip() or len(latex) > _LONGEST:
        return ""
    import latex2mathml.converter
    import mathml2omml

    try:
        # The first converter writes comparisons out without escaping them.
        equation: str = mathml2omml.convert(latex2mathml.converter.convert(latex.replace("<", r"\lt ")))
        # A root without a degree still names one to Word.
        equation = equation.replace("<m:rad><m:e>", '<m:rad><m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/><m:e>')
        ElementTree.fromstring(f'<x xmlns:m="{MATH}">{equation}</x>')
    except Exception:  # noqa: BLE001 - whatever fails in two converters of others means only that it stays text
        return ""
    return equation
