"""From a grid to a table of the document: rows and columns that hold nothing dropped, heads told from figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ocrchat.document.model import Cell, Line, TableBlock
from ocrchat.pipeline.tables.grid import Grid, lines_of_pieces

_NUMBER = re.compile(r"[\s(\[<>≤≥=~≈±+\-−–$€£¥%‰*†‡§]*\d[\d\s.,:/%‰()\[\]+\-−–~±×x*†‡§$€£¥eE]*[a-zA-Z]{0,3}[*†‡§]*")
"""A figure, with what is printed around it: signs, units, ranges, marks of notes."""


def is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text.strip()) is not None


def table_from_grid(grid: Grid, lines: Sequence[Line], caption: str = "") -> TableBlock:
    cells = [
        Cell(
            row=slot.row,
            column=slot.column,
            row_span=slot.row_span,
            column_span=slot.column_span,
            box=slot.box,
            lines=lines_of_pieces(grid.words[at], lines) if grid.words.get(at) else (),
            header=slot.row in grid.heads,
        )
        for at, slot in enumerate(grid.slots)
    ]
    cells = _without_empty(_without_empty(cells, rows=True), rows=False)
    if not grid.heads:
        heads = head_rows(cells)
        cells = [replace(cell, header=cell.row < heads) for cell in cells]
    return TableBlock(
        box=grid.box, cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))), caption=caption
    )


def _without_empty(cells: Sequence[Cell], *, rows: bool) -> list[Cell]:
    """Rows (or columns) that no cell with text begins in, and that none but spanning cells stand in, are no rows."""
    used = set()
    for cell in cells:
        if any(line.text.strip() for line in cell.lines):
            used.add(cell.row if rows else cell.column)
    count = max((cell.row + cell.row_span if rows else cell.column + cell.column_span for cell in cells), default=0)
    number = {}
    kept = 0
    for at in range(count + 1):
        number[at] = kept
        kept += at in used
    result = []
    for cell in cells:
        start, span = (cell.row, cell.row_span) if rows else (cell.column, cell.column_span)
        left = number[start + span] - number[start]
        if not left:
            continue
        if rows:
            result.append(replace(cell, row=number[start], row_span=left))
        else:
            result.append(replace(cell, column=number[start], column_span=left))
    return result


def head_rows(cells: Sequence[Cell]) -> int:
    """How many rows from the top are heads: those before the first with a figure in a column of figures. Where no
    column is one, the first row is, with those that its cells reach into."""
    rows = max((cell.row + cell.row_span for cell in cells), default=0)
    if rows < 2:
        return 0
    text = {(cell.row, cell.column): " ".join(line.text for line in cell.lines).strip() for cell in cells}
    numeric = numeric_columns(cells)
    first = next((row for row in range(rows) if any(is_number(text.get((row, c), "")) for c in numeric)), rows)
    reach = max((cell.row + cell.row_span for cell in cells if cell.row == 0), default=1)
    if not numeric or first >= rows:
        return min(reach, rows - 1)
    return min(first, max(reach, 3), rows - 1)


def numeric_columns(cells: Sequence[Cell]) -> frozenset[int]:
    """Columns most of whose cells, but for the first row's, hold figures."""
    counts: dict[int, list[int]] = {}
    for cell in cells:
        text = " ".join(line.text for line in cell.lines).strip()
        if not text or cell.column_span > 1 or cell.row == 0:
            continue
        count = counts.setdefault(cell.column, [0, 0])
        count[0] += is_number(text) or text in NOTHING
        count[1] += 1
    return frozenset(column for column, (figures, all_) in counts.items() if 2 * figures > all_)


NOTHING = frozenset({"-", "–", "—", "n/a", "N/A", "n.a.", "..", "…", "*", "†", "‡"})
"""What stands in a column of figures for none."""
