"""Boxes of lines that stand close to each other, drawn apart.

The finder grows what it finds to whole letters, so that in closely set print each line's box reaches into the next.
Readers want it so; who marks a line on the page, or orders lines by their boxes, does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocrchat.document.model import Box, Line

# Of the narrower one: lines that lie beside each other rather than below each other are left alone.
_SAME_COLUMN = 0.5

# Of the lower one: what overlaps more is not two lines below each other.
_MOST = 0.5


def drawn_apart(lines: Sequence[Line]) -> list[Line]:
    """In the same order. Where two overlap in height, the border goes through the middle of the overlap."""
    tops = [line.box.top for line in lines]
    bottoms = [line.box.bottom for line in lines]
    upright = [at for at, line in enumerate(lines) if not line.outline and line.direction != "ttb"]
    upright.sort(key=lambda at: lines[at].box.top)
    for place, upper in enumerate(upright):
        for lower in upright[place + 1 :]:
            if lines[lower].box.top >= lines[upper].box.bottom:
                break
            if _is_below(lines[lower].box, lines[upper].box):
                border = (lines[upper].box.bottom + lines[lower].box.top) / 2
                bottoms[upper] = min(bottoms[upper], border)
                tops[lower] = max(tops[lower], border)
    return [_within(line, top, bottom) for line, top, bottom in zip(lines, tops, bottoms, strict=True)]


def _is_below(lower: Box, upper: Box) -> bool:
    along = min(lower.right, upper.right) - max(lower.left, upper.left)
    down = upper.bottom - lower.top
    return along > _SAME_COLUMN * min(lower.width, upper.width) and down < _MOST * min(lower.height, upper.height)


def _within(line: Line, top: float, bottom: float) -> Line:
    if (top, bottom) == (line.box.top, line.box.bottom):
        return line
    return replace(
        line,
        box=line.box._replace(top=top, bottom=bottom),
        words=tuple(
            replace(word, box=word.box._replace(top=max(top, word.box.top), bottom=min(bottom, word.box.bottom)))
            for word in line.words
        ),
    )
