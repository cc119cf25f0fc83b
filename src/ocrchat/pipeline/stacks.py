"""Figures one above the other that a finder took for one line: narrow columns of a table set close.

Such a line is high, read unsurely, and each row of its ink stands level with a line beside it. Its rows are read again,
one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

import cv2
import numpy as np

from ocrchat.document.image import PageImage
from ocrchat.document.model import Box, Line
from ocrchat.engines.grey import grey_of

_UNSURE = 0.6

_TALL, _NARROW = 1.7, 1.2
"""In heights of the page's lines: how high such a line is at least, and of its own height how wide at most."""

_LEVEL = 0.3
"""In heights: by so much may the middle of a row and that of the line beside it differ."""

_ALONE = 0.25
"""Share of the rows that may have no line beside them: of that row nothing else was found."""

_INSET = 0.1
"""Of the box's sides, in which rules and the ink of neighbours stand."""

_MOST = 200
"""Lines looked at on a page; one with more is no table."""


def with_stacks_parted(
    lines: Sequence[Line], image: PageImage, read: Callable[[Sequence[Box]], Sequence[Line]]
) -> tuple[Line, ...]:
    """Where the rows of such a line are read more surely than it was, they take its place."""
    if not lines:
        return ()
    size = median(line.box.height for line in lines)
    tall = [at for at, line in enumerate(lines) if _may_be_stack(line, size)]
    if not tall or len(tall) > _MOST:
        return tuple(lines)
    beside = [line.box for line in lines if line.box.height < _TALL * size]
    rows = {at: found for at in tall if len(found := _rows_in(image, lines[at].box, beside, size)) > 1}
    again = iter(read([box for boxes in rows.values() for box in boxes]) if rows else ())
    parted = {at: [next(again) for _ in boxes] for at, boxes in rows.items()}
    result: list[Line] = []
    for at, line in enumerate(lines):
        own = [row for row in parted.get(at, ()) if row.text.strip()]
        sure = sum(row.confidence or 0.0 for row in own) / max(1, len(own))
        result.extend(own if own and sure > (line.confidence or 0.0) else [line])
    return tuple(result)


def _may_be_stack(line: Line, size: float) -> bool:
    if line.confidence is None or line.confidence >= _UNSURE:
        return False
    return line.box.height >= _TALL * size and line.box.width <= _NARROW * line.box.height


def _rows_in(image: PageImage, box: Box, beside: Sequence[Box], size: float) -> list[Box]:
    """None where they are not level with what stands beside them, as the letters of a word on its side are not."""
    left, top = max(0, int(box.left)), max(0, int(box.top))
    part = image.pixels[top : int(box.bottom) + 1, left : int(box.right) + 1]
    inset = int(_INSET * part.shape[1])
    part = part[:, inset : part.shape[1] - inset]
    if part.shape[0] < 4 or part.shape[1] < 2:
        return []
    grey = grey_of(PageImage(pixels=np.ascontiguousarray(part), dpi=image.dpi))
    _, ink = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    runs = _runs(np.flatnonzero(np.asarray(ink).any(axis=1)).tolist())
    runs = [(first, last) for first, last in runs if last - first >= size / 4]
    middles = [top + (first + last) / 2 for first, last in runs]
    alone = sum(
        all(abs((other.top + other.bottom) / 2 - middle) > _LEVEL * size for other in beside) for middle in middles
    )
    if len(runs) < 2 or alone > _ALONE * len(runs):
        return []
    margin = size / 4
    return [
        Box(box.left, max(box.top, top + first - margin), box.right, min(box.bottom, top + last + 1 + margin))
        for first, last in runs
    ]


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs
