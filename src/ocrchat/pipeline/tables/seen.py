"""From what a network saw of a table's build to a grid: its cells lie about where they are, the words lie exactly.

The network says which cells there are; where rows and columns end is looked for in the white between the words.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ocrchat.document.geometry import union
from ocrchat.document.model import Box
from ocrchat.engines.spec import SeenCell, SeenTable
from ocrchat.pipeline.tables.grid import Grid, Piece, Slot

_NEAR = 1.0
"""In ems: so far from where its cell was seen may a word stand."""


def grid_from_seen(seen: SeenTable, pieces: Sequence[Piece], em: float) -> tuple[Grid, float] | None:
    """The grid, and the share of words that stand where the network saw their cells. None where it is no table."""
    rows = 1 + max(cell.row + cell.row_span - 1 for cell in seen.cells)
    columns = max(cell.column + cell.column_span for cell in seen.cells)
    if rows < 2 or columns < 2 or not pieces:
        return None
    around = union(piece.box for piece in pieces)
    ys = _bounds(
        [[cell.box.top for cell in seen.cells if cell.row == row and cell.row_span == 1] for row in range(rows)],
        [[cell.box.bottom for cell in seen.cells if cell.row == row and cell.row_span == 1] for row in range(rows)],
        around.top, around.bottom,
    )  # fmt: skip
    xs = _bounds(
        [[cell.box.left for cell in seen.cells if _is_only_in(cell, column)] for column in range(columns)],
        [[cell.box.right for cell in seen.cells if _is_only_in(cell, column)] for column in range(columns)],
        around.left, around.right,
    )  # fmt: skip
    if ys is None or xs is None:
        return None
    owner = {
        (row, column): at
        for at, cell in enumerate(seen.cells)
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    }
    nearest = [_nearest(piece, seen.cells) for piece in pieces]
    alone = [
        (piece, cell) for piece, cell in zip(pieces, nearest, strict=True) if cell.row_span == 1 == cell.column_span
    ]
    ys = _by_vote(ys, [(piece.y, cell.row) for piece, cell in alone])
    xs = _by_vote(xs, [(piece.x, cell.column) for piece, cell in alone])
    words: dict[int, list[Piece]] = {}
    fits = 0
    for piece in pieces:
        row, column = min(rows, bisect_right(ys, piece.y)) - 1, min(columns, bisect_right(xs, piece.x)) - 1
        at = owner.get((max(0, row), max(0, column)))
        if at is None:
            return None
        words.setdefault(at, []).append(piece)
        fits += _is_near(piece, seen.cells[at].box, _NEAR * em)
    slots = tuple(
        Slot(
            cell.row, cell.column, cell.row_span, cell.column_span,
            Box(xs[cell.column], ys[cell.row], xs[cell.column + cell.column_span], ys[cell.row + cell.row_span]),
        )
        for cell in seen.cells
    )  # fmt: skip
    heads = frozenset(cell.row for cell in seen.cells if cell.header)
    return Grid(box=around, rows=rows, columns=columns, slots=slots, words=words, heads=heads), fits / len(pieces)


def _is_only_in(cell: SeenCell, column: int) -> bool:
    return cell.column == column and cell.column_span == 1


def _nearest(piece: Piece, cells: Sequence[SeenCell]) -> SeenCell:
    def distance(cell: SeenCell) -> tuple[float, float]:
        left, top, right, bottom = cell.box
        beside = max(0.0, left - piece.x, piece.x - right)
        above = max(0.0, top - piece.y, piece.y - bottom)
        return beside + above, abs((top + bottom) / 2 - piece.y) + abs((left + right) / 2 - piece.x)

    return min(cells, key=distance)


def _is_near(piece: Piece, box: Box, near: float) -> bool:
    return box.left - near <= piece.x <= box.right + near and box.top - near <= piece.y <= box.bottom + near


def _bounds(
    starts: Sequence[Sequence[float]], ends: Sequence[Sequence[float]], first: float, last: float
) -> list[float] | None:
    """Where one band ends and the next begins: between the middles of neighbours. None where bands do not follow each
    other."""
    if not all(starts):
        return None
    middles = [(median(start) + median(end)) / 2 for start, end in zip(starts, ends, strict=True)]
    if sorted(middles) != middles:
        return None
    result = [min(first, middles[0])]
    for at in range(1, len(starts)):
        low, high = max(ends[at - 1]), min(starts[at])
        bound = (low + high) / 2
        if not middles[at - 1] < bound < middles[at]:
            bound = (median(ends[at - 1]) + median(starts[at])) / 2
        if not middles[at - 1] < bound < middles[at]:
            bound = (middles[at - 1] + middles[at]) / 2
        result.append(bound)
    return [*result, max(last, middles[-1])]


def _by_vote(bounds: Sequence[float], votes: Sequence[tuple[float, int]]) -> list[float]:
    """Each bound moved to where the fewest words stand on the wrong side of it, and as little as need be. A vote is
    where a word stands and in which band its nearest cell was seen."""
    result = list(bounds)
    for at in range(1, len(bounds) - 1):
        low, high = result[at - 1], bounds[at + 1]
        near = sorted((place, band >= at) for place, band in votes if low < place < high)
        places = [bounds[at], *((a + b) / 2 for (a, _), (b, _) in pairwise(near) if a < b)]

        def wrong(place: float, near: Sequence[tuple[float, bool]] = near) -> int:
            return sum((where > place) != is_after for where, is_after in near)

        result[at] = min(places, key=lambda place, at=at: (wrong(place), abs(place - bounds[at])))  # type: ignore[misc]
    return result
