"""Rows that are read across though they stand in columns: figures beside their labels, where no table was made of
them. Pure.

Words in columns are read column by column, and figures row by row: a group of aligned cells is taken to be the latter
only where many of them are numbers, or labels that end with a colon.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import numpy as np

from ocrchat.document.geometry import union
from ocrchat.document.rows import Flags, Numbers, Row

_CELL_WIDTH = 18.0
"""In heights: wider text is prose."""

_PROSE_WIDTH = 13.0
_PROSE_FILL = 0.75
"""A stack of rows whose middle one is this wide, in heights and as a share of the widest, is prose."""

_PITCH = 3.2
"""In heights: rows of figures are no further apart."""

_FIGURES = 0.4
"""Share of a group's cells that must be numbers or labels."""

_LONGEST_FIGURE = 32
"""Signs; more are a sentence about numbers."""

_SAME_ROW = 0.5


def is_figure(text: str) -> bool:
    """A number, an amount, a date: signs of which half are digits, and few letters. A dash stands for no amount."""
    text = text.strip()
    if len(text) > _LONGEST_FIGURE:
        return False
    digits = sum(character.isdigit() for character in text)
    letters = sum(character.isalpha() for character in text)
    if not digits:
        return text in {"-", "–", "—", "--", "n/a", "N/A", "*"}
    return digits >= letters and letters <= 6


def tabular_groups(stacks: Sequence[Sequence[Row]], texts: Sequence[str]) -> list[list[list[Row]]]:
    """Groups of rows to be read across: in each, from top to bottom, the cells of each row from left to right."""
    rows = [row for stack in stacks if not _is_prose(stack) for row in stack]
    rows = [row for row in rows if row.box.width <= _CELL_WIDTH * row.size]
    edges = _edges(rows)
    if len(edges) < 2:
        return []
    groups = []
    for members in _components(rows, edges):
        group = [rows[index] for index in members]
        words = [" ".join(texts[piece] for piece in row.pieces) for row in group]
        telling = sum(is_figure(text) or text.rstrip().endswith((":", "：")) for text in words)
        by_row = rows_across(group)
        if len(by_row) > 1 and telling >= _FIGURES * len(group):
            groups.append(by_row)
    return groups


def _is_prose(stack: Sequence[Row]) -> bool:
    if len(stack) < 2:
        return False
    widths = [row.box.width / row.size for row in stack]
    return median(widths) >= _PROSE_WIDTH and median(widths) >= _PROSE_FILL * max(widths)


def _edges(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Neighbours in one row with a gap between them."""
    if len(rows) < 2:
        return []
    left, top, right, bottom = np.array([row.box for row in rows], dtype=np.float64).T
    lower = np.minimum((bottom - top)[:, None], bottom - top)
    shared = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)
    gap = left - right[:, None]
    beside = (shared > _SAME_ROW * lower) & (gap > 0)
    gaps = np.where(beside, gap, np.inf)
    nearest = gaps.argmin(axis=1).tolist()
    return [(index, other) for index, other in enumerate(nearest) if beside[index, other]]


def _components(rows: Sequence[Row], edges: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Cells that hang together: by an edge, where another edge above or below has its gap in the same place."""
    supports = _supports(rows, edges)
    root = list(range(len(rows)))

    def find(index: int) -> int:
        while root[index] != index:
            root[index] = root[root[index]]
            index = root[index]
        return index

    supported = np.flatnonzero(supports.any(axis=1)).tolist()
    for at in supported:
        one = edges[at]
        root[find(one[0])] = find(one[1])
        for other in np.flatnonzero(supports[at]).tolist():
            root[find(one[0])] = find(edges[other][0])
    members: dict[int, list[int]] = {}
    for index in sorted({index for at in supported for index in edges[at]}):
        members.setdefault(find(index), []).append(index)
    return list(members.values())


def _supports(rows: Sequence[Row], edges: Sequence[tuple[int, int]]) -> Flags:
    """supports[a, b]: two edges are neighbours, one above the other, with their gaps and their cells in line."""
    place = np.array([row.box for row in rows], dtype=np.float64)
    size = np.array([row.size for row in rows])
    first, second = place[[a for a, _ in edges]], place[[b for _, b in edges]]
    sizes = size[[a for a, _ in edges]]
    middle = (first[:, 1] + first[:, 3]) / 2
    distance = np.abs(middle[:, None] - middle)
    larger = np.maximum(sizes[:, None], sizes)
    near = (distance > 0.5 * larger) & (distance <= _PITCH * larger)
    gap = np.minimum(second[:, None, 0], second[:, 0]) - np.maximum(first[:, None, 2], first[:, 2]) > 0
    in_line: Flags = near & gap & _overlaps(first) & _overlaps(second)
    return in_line


def _overlaps(place: Numbers) -> Flags:
    overlaps: Flags = np.minimum(place[:, None, 2], place[:, 2]) > np.maximum(place[:, None, 0], place[:, 0])
    return overlaps


def rows_across(group: Sequence[Row]) -> list[list[Row]]:
    """The cells of a group by row, from left to right."""
    by_row: list[list[Row]] = []
    for row in sorted(group, key=lambda row: (row.box.top + row.box.bottom, row.box.left)):
        around = union(cell.box for cell in by_row[-1]) if by_row else None
        if around is not None:
            shared = min(around.bottom, row.box.bottom) - max(around.top, row.box.top)
            if shared > _SAME_ROW * min(around.height, row.box.height):
                by_row[-1].append(row)
                continue
        by_row.append([row])
    return [sorted(cells, key=lambda cell: cell.box.left) for cells in by_row]
