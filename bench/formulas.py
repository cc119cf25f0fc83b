"""OmniDocBench without its formulas, alike for every reader.

A formula of its own (`equation_isolated`) has a box: it is painted white in the image everyone is given and left out of
the truth. A formula within a line has none, so its ink stays: where it is letters and digits only ("km^{2}") its
characters are the truth, else it is left out, and every reader pays the same for having read it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_DISPLAYED = re.compile(r"\$\$.*?\$\$", re.DOTALL)
# Annotators write "$ x $" with spaces inside; "$10 or $20" are prices.
_INLINE = re.compile(r"\$ ([^$\n]+) \$")
_CIRCLED = re.compile(r"\\textcircled *\{ *([1-9]) *\}")
_ALPHABET_COMMAND = re.compile(r"\\(?:mathrm|mathbf|mathit|text|bf|rm|it)\b")

Rectangle = tuple[int, int, int, int]


def text_without_formulas(truth: str) -> str:
    return _INLINE.sub(_as_printed, _DISPLAYED.sub("", truth))


def _as_printed(match: re.Match[str]) -> str:
    latex = _CIRCLED.sub(lambda circled: chr(0x2460 + int(circled[1]) - 1), match[1])
    latex = _ALPHABET_COMMAND.sub("", latex).replace(r"\%", "%")
    return re.sub(r"[{}^_\s]", "", latex) if "\\" not in latex else ""


def formula_boxes(annotations: Mapping[str, Any]) -> list[Rectangle]:
    """Left, top, right, bottom in pixels of the page image, widened to whole pixels."""
    boxes = []
    for block in annotations.get("blocks", ()):
        if block.get("category_type") == "equation_isolated":
            across, down = block["poly"][0::2], block["poly"][1::2]
            boxes.append((int(min(across)), int(min(down)), int(max(across)) + 1, int(max(down)) + 1))
    return boxes
