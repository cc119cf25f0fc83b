"""Figures of a page: the pictures and charts on it, and what of the lines read there is no text.

Words of a figure stay lines of the page: blocks.py keeps them together behind it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.document.geometry import area, clip, intersection_area, scale, union
from ocrchat.document.image import PageImage
from ocrchat.document.model import Box, FigureBlock, Line, TableBlock
from ocrchat.document.roles import begins_caption
from ocrchat.engines.grey import grey_of, shrunk
from ocrchat.intake.drawings import drawn_areas
from ocrchat.intake.ink import ink_of

_LONG_SIDE = 584
"""Pixels: A4 at the resolution in which ink is looked at."""

_GUESSED = 0.5
_WORD = 3
"""Letters and digits: fewer, read so unsurely, are strokes of a drawing. Words of a hand are as unsure, but longer."""

_LABEL_RATIO = 12.0
_LABEL_GAP = 0.8
"""In its heights: how long a label may be, and how far from what it belongs to."""

_MOST_GROWN = 1.8
"""Labels that would make a picture so many times as large are text beside it."""

_IN_TABLE = 0.5


def areas_on(image: PageImage, lines: Sequence[Line]) -> tuple[Box, ...]:
    """Of a page that was read by its pixels."""
    if not lines:
        return ()
    factor = min(1.0, _LONG_SIDE / max(image.width, image.height))
    size = max(1, round(image.width * factor)), max(1, round(image.height * factor))
    ink = ink_of(shrunk(grey_of(image), *size), factor)
    return drawn_areas(ink, [line.box for line in lines if not _is_stroke(line)])


def scaled_areas(areas: Sequence[Box], factor: float) -> tuple[Box, ...]:
    return tuple(scale(box, factor) for box in areas)


def without_strokes(lines: Sequence[Line], areas: Sequence[Box]) -> tuple[Line, ...]:
    """Without what a reader made of the hatching of a bar."""
    return tuple(line for line in lines if not (_is_stroke(line) and any(_is_in(line.box, box) for box in areas)))


def figures_from(
    areas: Sequence[Box], lines: Sequence[Line], tables: Sequence[TableBlock], *, width: float, height: float
) -> tuple[FigureBlock, ...]:
    """`lines` are those that no table holds. What the tables hold is theirs, shaded rows and all."""
    free = [
        box
        for box in areas
        if all(intersection_area(box, table.box) <= _IN_TABLE * min(area(box), area(table.box)) for table in tables)
    ]
    boxes = [_with_labels(box, lines) for box in free]
    return tuple(FigureBlock(box=clip(box, width=width, height=height)) for box in boxes)


def _with_labels(picture: Box, lines: Sequence[Line]) -> Box:
    """The scale of a chart, its title, its key. What is as long as a line of prose, or a caption, is none of it."""
    labels = [
        line.box
        for line in lines
        if max(line.box.width, line.box.height) <= _LABEL_RATIO * min(line.box.width, line.box.height)
        and not begins_caption(line.text)
    ]
    grown = picture
    # A scale's numbers stand at the axis, its name beside those.
    for _ in range(2):
        grown = union((grown, *(label for label in labels if _is_near(label, grown))))
    return grown if area(grown) <= _MOST_GROWN * area(picture) else picture


def _is_near(label: Box, picture: Box) -> bool:
    reach = _LABEL_GAP * min(label.width, label.height)
    return (
        label.left < picture.right + reach
        and label.right > picture.left - reach
        and label.top < picture.bottom + reach
        and label.bottom > picture.top - reach
    )


def _is_stroke(line: Line) -> bool:
    if line.confidence is None or line.confidence >= _GUESSED:
        return False
    signs = sum(map(str.isalnum, line.text))
    return signs < _WORD or 2 * signs < len(line.text)


def _is_in(box: Box, around: Box) -> bool:
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return around.left <= x <= around.right and around.top <= y <= around.bottom
