"""A table as a grid that every format can write: no overlaps, no holes in the numbering, columns in reading order.

Engines number columns from the left of the page; where a table is read from the right, its first column is the
rightmost one, and that is the order here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, median
from typing import NamedTuple

from ocrchat.document.model import Cell, TableBlock
from ocrchat.document.text import direction_of, joined_text

MOST_COLUMNS = 1000
MOST_ROWS = 20_000
"""No printed page has more; beyond it the numbers are wrong, and a grid would be as large as they say."""


_LEAST_SHARE = 0.3
"""Of what each column had if all were equal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A cell and where it stands in the grid."""

    cell: Cell
    row: int
    column: int
    row_span: int
    column_span: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    rows: int
    columns: int
    cells: tuple[Placed, ...]
    """By row, then column."""
    rtl: bool = False

    @property
    def has_spans(self) -> bool:
        return any(placed.row_span > 1 or placed.column_span > 1 for placed in self.cells)

    def by_row(self) -> Iterator[list[Placed | None]]:
        """Each row's columns; None where nothing stands or a span covers it."""
        table: list[list[Placed | None]] = [[None] * self.columns for _ in range(self.rows)]
        for placed in self.cells:
            table[placed.row][placed.column] = placed
        yield from table

    @property
    def header_rows(self) -> int:
        """How many rows from the top are all headers."""
        count = 0
        for row in self.by_row():
            cells = [placed for placed in row if placed is not None]
            if not cells or not all(placed.cell.header for placed in cells):
                break
            count += 1
        return count


class Part(NamedTuple):
    """What of a table stands on one page."""

    grid: Grid
    first_row: int
    """Rows of the grid before it repeat the heads of the part before."""
    continues: bool


class TableParts:
    """Shown every table of a document in order, tells which goes on from the page before."""

    def __init__(self) -> None:
        self._page = 0
        self._last: tuple[int, int, list[list[str]]] | None = None
        self._before: tuple[int, int, list[list[str]]] | None = None

    def part(self, page: int, index: int, block: TableBlock, grid: Grid) -> Part:
        """`index` is the block's on its page."""
        if page != self._page:
            self._page, self._before, self._last = page, self._last, None
        before = self._before
        continues = before is not None and block.continues == before[1] and page == before[0] + 1
        rows = texts_of_grid(grid)
        heading = before[2] if continues and before else rows[: max(1, grid.header_rows)]
        first = len(heading) if continues and rows[: len(heading)] == heading else 0
        self._last = (page, index, heading)
        return Part(grid, first, continues)


def texts_of_grid(grid: Grid) -> list[list[str]]:
    return [[joined_text(placed.cell.lines) if placed else "" for placed in row] for row in grid.by_row()]


def grid_from_table(table: TableBlock) -> Grid:
    cells = [cell for cell in table.cells if 0 <= cell.row < MOST_ROWS and 0 <= cell.column < MOST_COLUMNS]
    rtl = is_rtl_table(table)
    rows = 1 + max((cell.row for cell in cells), default=-1)
    columns = max((min(MOST_COLUMNS, cell.column + max(1, cell.column_span)) for cell in cells), default=0)
    mirror = rtl and not _is_numbered_from_right(cells)
    taken: set[tuple[int, int]] = set()
    placed: list[Placed] = []
    for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
        if (cell.row, cell.column) in taken:
            cell_columns, cell_rows = 0, 0
        else:
            cell_columns, cell_rows = _free_span(cell, rows, columns, taken)
        if not cell_columns:
            # Two cells claim one place: what the second says must not be lost, so it joins the first.
            _join_to_owner(placed, cell)
            continue
        for row in range(cell.row, cell.row + cell_rows):
            taken.update((row, column) for column in range(cell.column, cell.column + cell_columns))
        placed.append(Placed(cell=cell, row=cell.row, column=cell.column, row_span=cell_rows, column_span=cell_columns))
    if mirror:
        placed = [_mirrored(one, columns) for one in placed]
    placed.sort(key=lambda one: (one.row, one.column))
    return Grid(rows=rows, columns=columns, cells=tuple(placed), rtl=rtl)


def _free_span(cell: Cell, rows: int, columns: int, taken: set[tuple[int, int]]) -> tuple[int, int]:
    """How far the cell may stretch: (columns, rows)."""
    width = 1
    while width < cell.column_span and cell.column + width < columns and (cell.row, cell.column + width) not in taken:
        width += 1
    height = 1
    while height < cell.row_span and cell.row + height < rows:
        if any((cell.row + height, cell.column + offset) in taken for offset in range(width)):
            break
        height += 1
    return width, height


def _join_to_owner(placed: list[Placed], cell: Cell) -> None:
    for index, owner in enumerate(placed):
        in_rows = owner.row <= cell.row < owner.row + owner.row_span
        if in_rows and owner.column <= cell.column < owner.column + owner.column_span:
            joined = Cell(
                row=owner.cell.row,
                column=owner.cell.column,
                box=owner.cell.box,
                lines=owner.cell.lines + cell.lines,
                row_span=owner.cell.row_span,
                column_span=owner.cell.column_span,
                header=owner.cell.header,
                translation=owner.cell.translation,
            )
            placed[index] = Placed(
                cell=joined,
                row=owner.row,
                column=owner.column,
                row_span=owner.row_span,
                column_span=owner.column_span,
            )
            return


def _mirrored(placed: Placed, columns: int) -> Placed:
    return Placed(
        cell=placed.cell,
        row=placed.row,
        column=columns - placed.column - placed.column_span,
        row_span=placed.row_span,
        column_span=placed.column_span,
    )


def is_rtl_table(table: TableBlock) -> bool:
    return direction_of(line for cell in table.cells for line in cell.lines) == "rtl"


def column_shares(grid: Grid) -> list[float]:
    """Each column's share of the table's width, by where its cells stand on the page; equal where these say nothing."""
    widths = [right - left for left, right in pairwise(_column_edges(grid))]
    if not widths or min(widths) <= 0:
        return [1 / grid.columns] * grid.columns
    # A column keeps room for a few letters: they are set in another size than they were printed in.
    shares = [max(_LEAST_SHARE / grid.columns, width / sum(widths)) for width in widths]
    return [share / sum(shares) for share in shares]


def _column_edges(grid: Grid) -> list[float]:
    """Along the direction of the rows: in the middle between where cells end and where the next ones begin. Those
    that no cell tells lie evenly between; without both ends there are none."""
    told: dict[int, tuple[list[float], list[float]]] = {}
    for placed in grid.cells:
        box = placed.cell.box
        left, right = (-box.right, -box.left) if grid.rtl else (box.left, box.right)
        told.setdefault(placed.column, ([], []))[0].append(left)
        told.setdefault(placed.column + placed.column_span, ([], []))[1].append(right)
    known = {index: mean(median(side) for side in sides if side) for index, sides in sorted(told.items())}
    if not {0, grid.columns} <= known.keys():
        return []
    edges = [known[0]]
    for (before, left), (after, right) in pairwise(known.items()):
        edges += [left + (right - left) * (index - before) / (after - before) for index in range(before + 1, after + 1)]
    return edges


def _is_numbered_from_right(cells: list[Cell]) -> bool:
    """Whether higher columns stand further left on the page."""
    leftmost: dict[int, float] = {}
    for cell in cells:
        leftmost[cell.column] = min(cell.box.left, leftmost.get(cell.column, cell.box.left))
    order = [leftmost[column] for column in sorted(leftmost)]
    falling = sum(a > b for a, b in pairwise(order))
    return falling > (len(order) - 1) / 2
