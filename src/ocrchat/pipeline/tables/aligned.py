"""The build of a table from how its words stand: columns between streaks of white, rows by their lines.

Used where there are no rules to tell, and no network has looked or none could tell.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocrchat.document.geometry import union
from ocrchat.document.model import Box
from ocrchat.document.rules import Rules, Span, joined_spans
from ocrchat.pipeline.tables.cells import NOTHING, is_number
from ocrchat.pipeline.tables.grid import Grid, Piece, Slot
from ocrchat.pipeline.tables.rows import Row, Run

_GUTTER = 0.45
"""In ems: white that parts two columns all the way down."""

_CROSSED = 0.1
"""Share of the rows that may stand across such white: titles within a table, long names; one of ten."""

CURRENCIES = frozenset(("$", "€", "£", "¥", "₹", "US$"))

_ROW_RULES = 0.5
"""Rules across the table for each printed row from which rules part its rows."""

_WRAPPED = 0.5
"""In ems: white above a line that may go on from the line before."""

_FULL_WIDTH = 0.85
"""Share of a table's width that a rule across all of it has."""


@dataclass(frozen=True, slots=True)
class Columns:
    bounds: tuple[float, ...]
    """One more than there are columns."""

    @property
    def count(self) -> int:
        return len(self.bounds) - 1

    def at(self, x: float) -> int:
        return max(0, min(self.count, bisect_right(self.bounds, x)) - 1)

    def parts(self, run: Run, em: float) -> list[tuple[int, list[Piece]]]:
        """The run's words by column. Words that stand close go together where most of them are, so that a long name
        may reach over its column's edge."""
        result: list[tuple[int, list[Piece]]] = []
        for piece in run.pieces:
            column = self.at(piece.x)
            if result and (result[-1][0] == column or piece.box.left - result[-1][1][-1].box.right < 0.3 * em):
                result[-1][1].append(piece)
            else:
                result.append((column, [piece]))
        merged: list[tuple[int, list[Piece]]] = []
        for _, pieces in result:
            around = union(piece.box for piece in pieces)
            column = max(range(self.count), key=lambda at: self._shared(around, at))
            if merged and merged[-1][0] == column:
                merged[-1][1].extend(pieces)
            else:
                merged.append((column, pieces))
        return merged

    def _shared(self, box: Box, column: int) -> float:
        return min(box.right, self.bounds[column + 1]) - max(box.left, self.bounds[column])


def columns_of(rows: Sequence[Row], em: float) -> Columns | None:
    """None where no white runs down."""
    most = max((len(row.runs) for row in rows), default=0)
    if most < 2:
        return None
    body = [row for row in rows if len(row.runs) >= max(2, most / 2)]
    allowed = int(_CROSSED * len(body))
    steps: dict[float, int] = {}
    for row in body:
        for run in row.runs:
            if box := _without_currency(run):
                steps[box.left] = steps.get(box.left, 0) + 1
                steps[box.right] = steps.get(box.right, 0) - 1
    white: list[Span] = []
    standing = 0
    for left, right in pairwise(sorted(steps)):
        standing += steps[left]
        if standing <= allowed:
            white.append(Span(left, right))
    gutters = [span for span in joined_spans(white, 0.0) if span.end - span.start >= _GUTTER * em]
    if not gutters:
        return None
    left, right = min(row.box.left for row in body), max(row.box.right for row in body)
    inner = [(span.start + span.end) / 2 for span in gutters if left < span.start and span.end < right]
    if not inner:
        return None
    # Titles within the table may begin further left and end further right.
    left, right = min(row.box.left for row in rows), max(row.box.right for row in rows)
    return Columns((min(left, inner[0]), *inner, max(right, inner[-1])))


def _without_currency(run: Run) -> Box | None:
    """Accounts set the sign of a currency apart from its amount, where the column begins or before that."""
    words = [piece.box for piece in run.pieces if piece.text not in CURRENCIES]
    return union(words) if words else None


# --- the grid --------------------------------------------------------------------------------------------------------


def aligned_grid(rows: Sequence[Row], columns: Columns, rules: Rules, em: float) -> Grid:
    box = union(row.box for row in rows)
    across = [rule for rule in rules.across if box.top - em < rule.top < box.bottom + em and _shares(rule, box)]
    whole = sorted((rule.top + rule.bottom) / 2 for rule in across if rule.width >= _FULL_WIDTH * box.width)
    head = head_count(rows, columns, whole, em)
    partial = [rule for rule in across if rule.width < _FULL_WIDTH * box.width]
    cells = _head_cells(rows[:head], columns, partial, em)
    start = max((cell.row + cell.row_span for cell in cells), default=0)
    body = _body_rows(rows[head:], columns, whole, em)
    for at, cells_of_row in enumerate(body):
        for column, pieces in sorted(cells_of_row.items()):
            cells.append(_Cell(start + at, column, 1, 1, pieces))
    return _grid(cells, start + len(body), columns, box, heads=start)


@dataclass(slots=True)
class _Cell:
    row: int
    column: int
    row_span: int
    column_span: int
    pieces: list[Piece]


def _shares(rule: Box, box: Box) -> bool:
    return min(rule.right, box.right) - max(rule.left, box.left) > 0.8 * rule.width


def numeric(columns: Columns, rows: Sequence[Row], em: float) -> list[int]:
    """Columns most of whose cells are figures."""
    counts = [[0, 0] for _ in range(columns.count)]
    for row in rows:
        for run in row.runs:
            for column, pieces in columns.parts(run, em):
                text = " ".join(piece.text for piece in pieces)
                counts[column][0] += is_number(text) or text in NOTHING
                counts[column][1] += 1
    return [column for column, (figures, all_) in enumerate(counts) if all_ >= 2 and 1.6 * figures > all_]


def head_count(rows: Sequence[Row], columns: Columns, whole: Sequence[float], em: float) -> int:
    """Rows above the first that has figures in columns of figures, or above the first rule below some of them."""
    figures = set(numeric(columns, rows, em))
    first = 0
    if figures:
        for row in rows:
            parts = [part for run in row.runs for part in columns.parts(run, em)]
            texts = [(column, " ".join(piece.text for piece in pieces)) for column, pieces in parts]
            if any(column in figures and (is_number(text) or text in NOTHING) for column, text in texts):
                break
            first += 1
    inside = [y for y in whole if rows[0].box.bottom - 0.3 * em <= y <= rows[-1].box.top]
    if inside:
        ruled = sum((row.box.top + row.box.bottom) / 2 < inside[0] for row in rows)
        if not figures or ruled <= first or ruled <= 4:
            first = ruled
    elif not figures:
        first = 1
    return min(first, len(rows) - 1)


def _head_cells(rows: Sequence[Row], columns: Columns, partial: Sequence[Box], em: float) -> list[_Cell]:
    """Heads stand in one row, of as many lines as need be; what stands over a rule shorter than the table, or over the
    middle of several columns, spans those and makes a row above."""
    spans: list[_Cell] = []
    single: dict[int, list[Piece]] = {}
    for row in rows:
        for run in row.runs:
            left = list(run.pieces)
            for rule in partial:
                if not -0.5 * em < (rule.top + rule.bottom) / 2 - row.box.bottom < 2.5 * em:
                    continue
                over = [p for p in left if rule.left - em < p.x < rule.right + em]
                first, last = columns.at(rule.left + em / 2), columns.at(rule.right - em / 2)
                if over and last > first and not _has_row_between(rows, row, rule):
                    _span(spans, first, last, over)
                    left = [p for p in left if p not in over]
            if left:
                _take(left, row, rows, columns, spans, single, em)
    cells = [_Cell(1 if spans else 0, column, 1, 1, pieces) for column, pieces in sorted(single.items())]
    if not spans:
        return cells
    covered = {column for span in spans for column in range(span.column, span.column + span.column_span)}
    for cell in cells:
        if cell.column not in covered:
            cell.row, cell.row_span = 0, 2
    return [*spans, *cells]


def _has_row_between(rows: Sequence[Row], row: Row, rule: Box) -> bool:
    y = (rule.top + rule.bottom) / 2
    return (
        any(
            row.box.bottom < (other.box.top + other.box.bottom) / 2 < y
            and any(rule.left < piece.x < rule.right for run in other.runs for piece in run.pieces)
            for other in rows
            if other is not row
        )
        and y - row.box.bottom > 1.2 * row.box.height
    )


def _take(
    pieces: list[Piece], row: Row, rows: Sequence[Row], columns: Columns, spans: list[_Cell],
    single: dict[int, list[Piece]], em: float,
) -> None:  # fmt: skip
    """Words of a head without a rule below: of one column each, unless they stand over the middle of several."""
    box = union(piece.box for piece in pieces)
    first, last = columns.at(box.left + 0.3 * em), columns.at(box.right - 0.3 * em)
    inner = columns.bounds[first + 1 : last + 1]
    over = any(p.box.left < x - 0.4 * em and p.box.right > x + 0.4 * em for p in pieces for x in inner)
    own = {columns.at(p.x) for p in pieces if not any(p.box.left < x < p.box.right for x in inner)}
    if last > first > 0 and over and len(own) <= last - first and row is not rows[-1]:
        below = {columns.at(p.x) for other in rows if other.box.top > row.box.top for r in other.runs for p in r.pieces}
        if set(range(first, last + 1)) <= below:
            _span(spans, first, last, pieces)
            return
    for column, part in columns.parts(Run(tuple(pieces), box), em):
        single.setdefault(column, []).extend(part)


def _span(spans: list[_Cell], first: int, last: int, pieces: list[Piece]) -> None:
    for span in spans:
        if span.column == first and span.column_span == last - first + 1:
            span.pieces.extend(pieces)
            return
        if span.column <= last and first < span.column + span.column_span:
            span.pieces.extend(pieces)
            return
    spans.append(_Cell(0, first, 1, last - first + 1, pieces))


def _body_rows(
    rows: Sequence[Row], columns: Columns, whole: Sequence[float], em: float
) -> list[dict[int, list[Piece]]]:
    result: list[dict[int, list[Piece]]] = []
    inside = [y for y in whole if rows[0].box.top < y < rows[-1].box.bottom]
    by_rules = len(inside) >= _ROW_RULES * (len(rows) - 1) and len(inside) >= 2
    last: Row | None = None
    for row in rows:
        cells = _cells_of(row, columns, em)
        if last is not None and result:
            parted = any(last.box.top < y < row.box.bottom and y > (last.box.top + last.box.bottom) / 2
                         and y < (row.box.top + row.box.bottom) / 2 for y in inside)  # fmt: skip
            goes_on = not parted if by_rules else not parted and _goes_on(result[-1], cells, last, row, em)
            if goes_on:
                for column, pieces in cells.items():
                    result[-1].setdefault(column, []).extend(pieces)
                last = row
                continue
        result.append(cells)
        last = row
    return result


def _cells_of(row: Row, columns: Columns, em: float) -> dict[int, list[Piece]]:
    if len(row.runs) == 1 and columns.at(row.box.left + 0.2 * em) == 0:
        # A title within the table: it may reach as far as it likes.
        return {0: list(row.runs[0].pieces)}
    cells: dict[int, list[Piece]] = {}
    for run in row.runs:
        for column, pieces in columns.parts(run, em):
            cells.setdefault(column, []).extend(pieces)
    return cells


def _goes_on(before: dict[int, list[Piece]], cells: dict[int, list[Piece]], last: Row, row: Row, em: float) -> bool:
    """Whether a printed line belongs to the row before: it stands close, and says nothing of its own."""
    if row.box.top - last.box.bottom > _WRAPPED * em:
        return False
    text = " ".join(piece.text for piece in next(iter(cells.values())))
    small = text[:1].islower() or text[:1] in "(/&"
    if set(cells) == {0} and set(before) == {0}:
        return small
    if set(cells) < set(before) and len(cells) <= max(1, len(before) // 3):
        return small
    return set(before) == {0} and 0 in cells and small


def _grid(cells: Sequence[_Cell], rows: int, columns: Columns, box: Box, *, heads: int) -> Grid:
    tops = [box.bottom] * rows
    bottoms = [box.top] * rows
    for cell in cells:
        around = union(piece.box for piece in cell.pieces)
        tops[cell.row] = min(tops[cell.row], around.top)
        last = cell.row + cell.row_span - 1
        bottoms[last] = max(bottoms[last], around.bottom)
    ys = [box.top, *((bottoms[at - 1] + tops[at]) / 2 for at in range(1, rows)), box.bottom]
    for at in range(1, len(ys)):
        ys[at] = max(ys[at], ys[at - 1])
    slots: list[Slot] = []
    words: dict[int, list[Piece]] = {}
    taken: set[tuple[int, int]] = set()
    for cell in cells:
        area = Box(
            columns.bounds[cell.column], ys[cell.row],
            columns.bounds[cell.column + cell.column_span], ys[cell.row + cell.row_span],
        )  # fmt: skip
        words[len(slots)] = cell.pieces
        slots.append(Slot(cell.row, cell.column, cell.row_span, cell.column_span, area))
        taken.update(
            (cell.row + down, cell.column + over) for down in range(cell.row_span) for over in range(cell.column_span)
        )
    for row in range(rows):
        for column in range(columns.count):
            if (row, column) not in taken:
                area = Box(columns.bounds[column], ys[row], columns.bounds[column + 1], ys[row + 1])
                slots.append(Slot(row, column, 1, 1, area))
    return Grid(
        box=box, rows=rows, columns=columns.count, slots=tuple(slots), words=words, heads=frozenset(range(heads))
    )
