"""Where a ruled table leaves rules out: cells whose words stand in columns, or in rows of figures, of their own.

What is missing comes as rules, so that the grid is made from all of them in one way.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ocrchat.document.model import Box
from ocrchat.document.rules import Rules
from ocrchat.pipeline.tables.cells import NOTHING, is_number
from ocrchat.pipeline.tables.grid import Grid, Piece, Slot
from ocrchat.pipeline.tables.rows import Row, rows_of

_WHITE = 0.45
"""In ems, to either side of a column's edge together."""

_LEVEL = 0.4
"""In ems: by so much may the figures of one row stand higher or lower."""


def missing_rules(grid: Grid, em: float) -> Rules:
    return Rules(tuple(_between_rows(grid, em)), tuple(_between_columns(grid, em)))


def _between_columns(grid: Grid, em: float) -> list[Box]:
    """Down through cells that span a column's edge, which other rows have, where two or more show white there."""
    edges = sorted({slot.box.left for slot in grid.slots} | {slot.box.right for slot in grid.slots})[1:-1]
    result = []
    for x in edges:
        over = [(slot, grid.words.get(at, ())) for at, slot in enumerate(grid.slots) if _reaches_over(slot, x)]
        apart = [slot for slot, words in over if _parts(words, x, em)]
        crossed = [
            slot for slot, words in over if any(word.box.left < x - 2 and word.box.right > x + 2 for word in words)
        ]
        if len(apart) >= 2 and len(apart) > 2 * len(crossed):
            free = [slot for slot, _ in over if slot not in crossed]
            result += [Box(x, slot.box.top, x, slot.box.bottom) for slot in free]
    return result


def _reaches_over(slot: Slot, x: float) -> bool:
    return slot.box.left + 2 < x < slot.box.right - 2


def _parts(words: Sequence[Piece], x: float, em: float) -> bool:
    left = [word.box.right for word in words if word.x < x]
    right = [word.box.left for word in words if word.x >= x]
    return bool(left and right) and min(right) - max(left) >= _WHITE * em


def _between_rows(grid: Grid, em: float) -> list[Box]:
    """Across bands in which columns hold several figures, one above the other and level with each other."""
    result = []
    bands: dict[tuple[int, int], list[int]] = {}
    for at, slot in enumerate(grid.slots):
        bands.setdefault((slot.row, slot.row_span), []).append(at)
    for own in bands.values():
        stacks = [rows_of(grid.words.get(at, ()), em) for at in own]
        figures = [rows for rows in stacks if len(rows) >= 2 and all(_is_figure(row) for row in rows)]
        if len(figures) < 2 and not (len(figures) == 1 and len(own) == 2 and len(figures[0]) >= 3):
            continue
        middles = [_y(row) for row in max(figures, key=len)]
        if not all(_is_level(rows, middles, em) for rows in figures):
            continue
        box = [grid.slots[at].box for at in own]
        for above, below in pairwise(middles):
            y = (above + below) / 2
            y = _in_the_white(y, [row.box for rows in stacks for row in rows], (below - above) / 2)
            result += [Box(one.left, y, one.right, y) for one in box]
    return result


def _is_figure(row: Row) -> bool:
    text = row.text
    return is_number(text) or text in NOTHING


def _y(row: Row) -> float:
    return (row.box.top + row.box.bottom) / 2


def _is_level(rows: Sequence[Row], middles: Sequence[float], em: float) -> bool:
    return all(min(abs(_y(row) - middle) for middle in middles) < _LEVEL * em for row in rows)


def _in_the_white(y: float, boxes: Sequence[Box], reach: float) -> float:
    """The middle of the white between lines nearest to y; y itself where there is none near."""
    near = [box for box in boxes if box.bottom > y - reach and box.top < y + reach]
    above = max((box.bottom for box in near if (box.top + box.bottom) / 2 < y), default=y)
    below = min((box.top for box in near if (box.top + box.bottom) / 2 >= y), default=y)
    return (above + below) / 2 if abs((above + below) / 2 - y) < reach else y
