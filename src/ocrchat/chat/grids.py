"""Tables of a page, whether the reader found them or they stand there without rules: rows of cells under heads.

A cell belongs to the head that it stands under; where none or two could be meant, to none. A grid ends where its rows
do: what follows after a gap, or without cells, is not of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ocrchat.chat.lines import PageLine, PageText
from ocrchat.chat.table_words import TOTALS
from ocrchat.chat.values import find_values
from ocrchat.document.model import Box

# In heights of a line: rows of one table stand no further apart, and a wrapped line no further than the second.
_ROW_GAP = 2.5
_WRAP_GAP = 0.9
# A cell stands under a head when they share this much of the narrower one's width.
_SHARED = 0.3
_NAME_LENGTH = 90
_FIGURE = re.compile(
    r"[-−+(]?\s*(?:[A-Z]{3}|[A-Z]{0,2}[$€£¥₹₽₺]|Rs\.?)?\s*[-−(]?\d[\d.,\s'’]*\s*(?:%|[$€£¥₹₽₺]|[A-Z]{3}|zł|Frw|Kč|[元円원])?\)?"
)
_YEAR = re.compile(r"(?:FY\s?)?(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class GridCell:
    lines: tuple[PageLine, ...]
    text: str
    box: Box

    @property
    def is_figure(self) -> bool:
        return _FIGURE.fullmatch(self.text.strip()) is not None

    @property
    def is_name(self) -> bool:
        """Words that can say what a row or a column is."""
        text = self.text.strip()
        has_words = not self.is_figure and len(text) <= _NAME_LENGTH and any(one.isalpha() for one in text)
        return has_words and not find_values(text, "date")

    @property
    def is_head(self) -> bool:
        """Words that can stand over a column: no measure ("9 kW") and no number of anything."""
        text = self.text.strip()
        return self.is_name and (not text[:1].isdigit()) and sum(one.isdigit() for one in text) < 4


Row = tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    heads: Row
    rows: tuple[Row, ...]
    """Below the heads; a row's first cell is its name where it is words."""
    columns: tuple[tuple[int | None, ...], ...]
    """Of each cell of each row: the place of its head."""

    @property
    def names(self) -> tuple[int | None, ...]:
        """Of each row: the place of the cell that says what the row is; a date in front of it does not."""
        return tuple(next((place for place, cell in enumerate(row) if cell.is_name), None) for row in self.rows)

    def items(self) -> list[Row]:
        """Rows that have a name under the first head, up to where totals begin."""
        found: list[Row] = []
        for row, columns in zip(self.rows, self.columns, strict=True):
            if TOTALS.match(row[0].text.strip()):
                break
            if columns[0] == 0 and row[0].text.strip():
                found.append(row)
        return found


def grids_of(page: PageText) -> tuple[Grid, ...]:
    return tuple(grid for band in _bands(page) for grid in _grids_in(band))


def grid_with(grids: Iterable[Grid], line: PageLine) -> Grid | None:
    return next(
        (grid for grid in grids if any(line in cell.lines for row in (grid.heads, *grid.rows) for cell in row)), None
    )


def is_crossed(grids: Iterable[Grid], line: PageLine) -> bool:
    """Whether a line is one of several rows and columns: what stands beside or under it is then not its value."""
    grid = grid_with(grids, line)
    return grid is not None and len(grid.heads) > 2 and len(grid.rows) > 1


# --- rows that stand together ----------------------------------------------------------------------------------------


def _bands(page: PageText) -> Iterator[list[Row]]:
    yield from _side_by_side(_found_tables(page))
    band: list[Row] = []
    for index, lines in enumerate(page.rows):
        row = tuple(_cell((line,)) for line in lines if line.row < 0)
        if len(row) < 2 or not page.is_tabular(index):
            if band and not _is_wrap(lines, band[-1]):
                yield band
                band = []
            continue
        if band and not _follows(band[-1], row):
            yield band
            band = []
        band.append(row)
    if band:
        yield band


def _found_tables(page: PageText) -> Iterator[list[Row]]:
    tables: dict[int, dict[int, dict[int, list[PageLine]]]] = {}
    for line in page.lines:
        if line.row >= 0:
            tables.setdefault(line.block, {}).setdefault(line.row, {}).setdefault(line.column, []).append(line)
    for rows in tables.values():
        band = []
        for _, cells in sorted(rows.items()):
            made = [_cell(tuple(lines)) for _, lines in sorted(cells.items())]
            rtl = sum(cell.lines[0].rtl for cell in made) * 2 > len(made)
            band.append(tuple(sorted(made, key=lambda cell: -cell.box.right if rtl else cell.box.left)))
        yield band


def _side_by_side(tables: Iterable[list[Row]]) -> list[list[Row]]:
    """Two tables whose rows stand beside each other, one by one, are one that a wide gap parted."""
    joined: list[list[Row]] = []
    for table in tables:
        for index, other in enumerate(joined):
            if len(other) == len(table) and all(_is_beside(*pair) for pair in zip(other, table, strict=True)):
                rows = [tuple(sorted(a + b, key=lambda cell: cell.box.left)) for a, b in zip(other, table, strict=True)]
                joined[index] = rows
                break
        else:
            joined.append(table)
    return joined


def _is_beside(one: Row, other: Row) -> bool:
    top, bottom = min(cell.box.top for cell in one), max(cell.box.bottom for cell in one)
    middle = (min(cell.box.top for cell in other) + max(cell.box.bottom for cell in other)) / 2
    apart = one[-1].box.right <= other[0].box.left or other[-1].box.right <= one[0].box.left
    return top < middle < bottom and apart


def _cell(lines: tuple[PageLine, ...]) -> GridCell:
    if len(lines) == 1:
        return GridCell(lines, lines[0].text, lines[0].box)
    boxes = [line.box for line in lines]
    box = Box(
        min(one.left for one in boxes),
        min(one.top for one in boxes),
        max(one.right for one in boxes),
        max(one.bottom for one in boxes),
    )
    return GridCell(lines, " ".join(line.text for line in lines), box)


def _height(row: Row) -> float:
    return max(1.0, max(cell.lines[0].box.height for cell in row))


def _gap(above: Row, below: Row) -> float:
    return min(cell.box.top for cell in below) - max(cell.box.bottom for cell in above)


def _follows(above: Row, below: Row) -> bool:
    return _gap(above, below) < _ROW_GAP * max(_height(above), _height(below))


def _is_wrap(lines: Sequence[PageLine], above: Row) -> bool:
    """The rest of a cell on a line of its own, close under it."""
    if len(lines) != 1:
        return False
    line = lines[0]
    close = line.box.top - max(cell.box.bottom for cell in above) < _WRAP_GAP * max(1.0, line.box.height)
    return close and any(_shared(line.box, cell.box) > _SHARED for cell in above)


# --- heads and what stands under them --------------------------------------------------------------------------------


def _grids_in(band: Sequence[Row]) -> Iterator[Grid]:
    heads: Row | None = None
    body: list[Row] = []
    for index, row in enumerate(band):
        following = band[index + 1 :]
        if _is_head(row, following, heads, body):
            if heads is not None and body:
                yield _grid(heads, body)
            heads, body = row, []
        elif heads is not None:
            body.append(row)
    if heads is not None and body:
        yield _grid(heads, body)


def _is_head(row: Row, following: Sequence[Row], heads: Row | None, body: Sequence[Row]) -> bool:
    if len(row) < 2 or not following or any(cell.text.rstrip().endswith((":", "：")) for cell in row):
        return False
    if all(cell.lines[0].role == "head" for cell in row) and all(
        cell.is_head or _YEAR.search(cell.text) for cell in row
    ):
        return True
    years = [cell for cell in row if _YEAR.fullmatch(cell.text.strip())]
    if len(years) >= len(row) - 1 and (len(years) > 1 or len(row) == 2) and heads is None:
        return years[-1] is row[-1]
    if not all(cell.is_head or _YEAR.search(cell.text) for cell in row):
        return False
    has_figures = any(cell.is_figure for cell in following[0])
    if heads is None:
        # Without figures below, the first row of words is a head when more than one row stands under it in columns.
        return has_figures or (not body and len(following) >= 2 and len(following[0]) >= 2)
    if len(row) > max(2, len(heads)) and len(following[0]) >= len(row) - 1 and has_figures:
        # A wider table right under a narrower one.
        return True
    # Labels over values, and again: the row before was all that stood under the last heads.
    return len(body) == 1 and not _has_names_only(body[0]) and len(row) >= len(following[0])


def _has_names_only(row: Row) -> bool:
    return all(cell.is_name and not any(one.isdigit() for one in cell.text) for cell in row)


def _grid(heads: Row, body: Sequence[Row]) -> Grid:
    return Grid(heads, tuple(body), tuple(_columns(row, heads) for row in body))


def _columns(row: Row, heads: Row) -> tuple[int | None, ...]:
    found: list[int | None] = []
    for place, cell in enumerate(row):
        shares = sorted(((_shared(cell.box, head.box), index) for index, head in enumerate(heads)), reverse=True)
        share, index = shares[0]
        if share <= _SHARED:
            # Set flush right or in the middle a figure may stand beside a short head: then the nearest, if it is near.
            index = min(range(len(heads)), key=lambda one: _apart(cell.box, heads[one].box))
            is_near = len(row) == len(heads) and place == index
            found.append(index if is_near else None)
        elif len(shares) > 1 and shares[1][0] > _SHARED and shares[1][0] > 0.7 * share:
            found.append(place if len(row) == len(heads) else None)
        else:
            found.append(index)
    # Two cells under one head: neither is sure to be its.
    return tuple(one if one is None or found.count(one) == 1 else None for one in found)


def _shared(one: Box, other: Box) -> float:
    return (min(one.right, other.right) - max(one.left, other.left)) / max(1.0, min(one.width, other.width))


def _apart(one: Box, other: Box) -> float:
    return abs((one.left + one.right) - (other.left + other.right))
