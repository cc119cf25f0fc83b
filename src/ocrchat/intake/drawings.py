"""Pictures and charts on a page: where there is ink that is neither text nor rule, in a piece as large as a picture.

Looked for in the same low resolution as ink without text (ink.py): a page of text costs a count of what is left when
its lines are taken away.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from ocrchat.document.geometry import area, intersection_area, scale, union
from ocrchat.document.model import Box
from ocrchat.intake.ink import Ink, Mask, without_rules

_LEAST_INK = 0.002
"""Of the page: a picture of the least size has as much."""

_LEAST_AREA = 0.008
"""Of the page: smaller ones are icons, ornaments and stains."""

_LEAST_SIDE = 0.03
"""Of the page's shorter side: what is thinner is a rule, an edge of the scan, or a row of letters nobody read."""

_AT_EDGE, _MOST_EDGES = 0.025, 3
"""Of the page's shorter side; what lies at three of its edges is the scanner's lid, or what the page lies on."""

_LONGEST = 5.0
"""Of its shorter side: what is longer is a band, a shaded row or column."""

_JOINED = 0.02
"""Of the page's shorter side: white within one picture."""

_THIN = 5
"""Pixels: a rule that touches a picture, and no axis with its marks."""

_PICTURE_SHARE = 0.05
"""Of what rules hold together: less is a form or a table with a seal on it."""

_DENSITY = 0.03
"""Share of its box that the rim of a curve fills."""

_PROSE_RATIO, _PROSE_LINES = 12.0, 3
"""Heights that a line of running text is long; three of them make a box of text."""

_MOST_TEXT = 0.3
"""Share of a picture's box that lines of text may cover."""


def drawn_areas(
    ink: Ink, lines: Sequence[Box], pictures: Sequence[Box] = (), *, unwritten: Mask | None = None
) -> tuple[Box, ...]:
    """In the lines' pixels. `pictures` are known to be such; those too small, or of text, are left out as well.
    `unwritten`: the ink's mask without the lines, where the caller has it."""
    mask = ink.mask_without(lines) if unwritten is None else unwritten
    height, width = mask.shape
    if np.count_nonzero(mask) < _LEAST_INK * mask.size and not pictures:
        return ()
    bare = without_rules(mask)
    pieces = _pieces(bare) if np.count_nonzero(bare) >= _LEAST_INK * mask.size else []
    found = [*pieces, *(scale(box, ink.scale) for box in pictures)]
    texts = [scale(box, ink.scale) for box in lines]
    kept = [box for box in found if _may_be(box, width, height) and not _is_text(box, texts)]
    if kept:
        kept = [*kept, *(box for box in _drawn_together(mask, kept) if not _is_text(box, texts))]
    joined = [box for box in _joined(kept) if _may_be(box, width, height)]
    return tuple(scale(box, 1.0 / ink.scale) for box in joined)


def _pieces(mask: Mask) -> list[Box]:
    height, width = mask.shape
    reach = max(3, round(_JOINED * min(width, height)))
    # So much is joined that every other pixel shows the same pieces, at a quarter of the cost.
    near = np.ascontiguousarray(cv2.dilate(mask, np.ones((reach, reach), np.uint8))[::2, ::2])
    _, _, statistics, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    grown = reach // 2
    boxes = [
        Box(2 * x + grown, 2 * y + grown, 2 * (x + w) - grown, 2 * (y + h) - grown)
        for x, y, w, h, _ in statistics[1:].tolist()
    ]
    return [box for box in boxes if _may_be(box, width, height) and _inked(mask, box) >= _DENSITY * area(box)]


def _inked(mask: Mask, box: Box) -> int:
    return int(np.count_nonzero(mask[int(box.top) : int(box.bottom) + 1, int(box.left) : int(box.right) + 1]))


def _drawn_together(mask: Mask, found: Sequence[Box]) -> list[Box]:
    """What hangs together with a picture by its rules: axes, frames, the arrows from one box to the next."""
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(cv2.dilate(mask, np.ones((3, 3), np.uint8)))
    touched = [labels[int(box.top) : int(box.bottom) + 1, int(box.left) : int(box.right) + 1] for box in found]
    inside = {label for part in touched for label in np.unique(part).tolist()} - {0}
    boxes = [Box(x, y, x + w, y + h) for x, y, w, h, _ in (statistics[label].tolist() for label in inside)]
    return [
        box
        for box in boxes
        if min(box.width, box.height) > _THIN
        and sum(intersection_area(box, piece) for piece in found) >= _PICTURE_SHARE * area(box)
    ]


def _may_be(box: Box, width: int, height: int) -> bool:
    edge = _AT_EDGE * min(width, height)
    at_edges = sum((box.left <= edge, box.top <= edge, box.right >= width - edge, box.bottom >= height - edge))
    short, long = sorted((box.width, box.height))
    large = short >= _LEAST_SIDE * min(width, height) and area(box) >= _LEAST_AREA * width * height
    return large and long <= _LONGEST * short and at_edges < _MOST_EDGES


def _is_text(box: Box, lines: Sequence[Box]) -> bool:
    """A box of text on a pattern, the page itself, the table on which a photographed page lies."""
    inside = [line for line in lines if intersection_area(line, box) > 0.5 * area(line)]
    prose = sum(line.width >= _PROSE_RATIO * line.height for line in inside)
    return prose >= _PROSE_LINES or sum(map(area, inside)) > _MOST_TEXT * area(box)


def _joined(boxes: Sequence[Box]) -> list[Box]:
    """Those that overlap are one."""
    result: list[Box] = []
    for box in boxes:
        while touching := [other for other in result if intersection_area(other, box) > 0]:
            result = [other for other in result if other not in touching]
            box = union((box, *touching))
        result.append(box)
    return result
