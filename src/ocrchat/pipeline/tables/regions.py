"""Where on a page words are set in columns, and whether that is a table or must stay text.

Most of what stands in columns is none: columns of prose, lists with their marks, tables of contents, forms, the labels
of a chart. What is not plainly a table is left as text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ocrchat.document.geometry import union
from ocrchat.document.model import Box, Line
from ocrchat.document.rules import Rules, joined_rules
from ocrchat.pipeline.tables.aligned import Columns, columns_of
from ocrchat.pipeline.tables.grid import Piece
from ocrchat.pipeline.tables.judge import is_table, texts_by_column
from ocrchat.pipeline.tables.rows import Row, row_of, rows_of

_PITCH = 2.4
"""In ems: white between two rows of one table; section titles stand after a blank line."""

_SINGLES = 3
"""Rows of one piece that may stand in a row within a table."""

_PROSE_WIDTH = 13.0
"""In heights of the line: twenty-five Latin letters, a dozen Chinese ones."""

_PROSE_LINES = 4
"""Long lines that begin and end alike, from which they make a column of the page."""

_WIDER = 0.5
"""Share of a table's width that its rules may reach beyond its words, on each side."""

_LONE_COLUMN = 8
"""Long lines from which a single column of prose beside other text is one of the page, not of a table."""

_MOST_ACROSS = 0.2
"""Share of a table's rows with text across columns."""

_ROW_RULES = 3
"""Rules between rows, each over two columns at least, that show a table where there are none above and below it."""

_LEVEL = 0.2
"""Of the lower one's height: a cell of one line stands between two of a cell of two."""

_BULLET = re.compile(r"[•●○◦▪▫■□‣*·]+")


@dataclass(frozen=True, slots=True)
class Region:
    rows: tuple[Row, ...]
    columns: Columns
    rules: Rules
    """Those that are the region's own."""
    ruled: bool
    """Between two rules across it at least."""

    @property
    def box(self) -> Box:
        return union(row.box for row in self.rows)


def may_have_regions(lines: Sequence[Line]) -> bool:
    """A look that costs next to nothing: do lines stand beside each other at all?"""
    beside = 0
    before: list[Box] = []
    for line in sorted(lines, key=lambda line: line.box.top + line.box.bottom):
        box = line.box
        beside += any(
            min(last.bottom, box.bottom) - max(last.top, box.top) > _LEVEL * min(last.height, box.height)
            and (last.right < box.left or box.right < last.left)
            for last in before
        )
        before = [*before[-1:], box]
    return beside >= 2


def regions_of(lines: Sequence[Line], pieces: Sequence[Piece], rules: Rules, em: float) -> list[Region]:
    """Each word is in one region at most."""
    joined = joined_rules(rules, aside=0.2 * em, gap=0.5 * em)
    taken: set[tuple[int, int]] = set()
    found: list[Region] = []
    frames = _text_columns(lines, em)
    for frame in [*frames, None]:
        free = [
            piece
            for piece in pieces
            if (piece.line, piece.word) not in taken and (frame is None or frame[0] <= piece.x <= frame[1])
        ]
        for stretch in _stretches(rows_of(free, em), em):
            # The one before may have taken its last lines from this one's first.
            free = [piece for piece in free if (piece.line, piece.word) not in taken]
            rows = [row for row in (_left_of(row, taken, em) for row in stretch) if row is not None]
            for region in _regions(rows, joined, free, em):
                if frame is None and frames and not region.ruled:
                    # What goes across columns of prose by no more than chance.
                    continue
                found.append(region)
                taken.update((p.line, p.word) for row in region.rows for run in row.runs for p in run.pieces)
    return found


def _left_of(row: Row, taken: set[tuple[int, int]], em: float) -> Row | None:
    pieces = [piece for run in row.runs for piece in run.pieces]
    left = [piece for piece in pieces if (piece.line, piece.word) not in taken]
    if len(left) == len(pieces):
        return row
    return row_of(left, em) if left else None


def _text_columns(lines: Sequence[Line], em: float) -> list[tuple[float, float]]:
    """Where prose stands beside other text: its columns, and what is left between and beside them. A table may stand in
    one of them."""
    long = [line.box for line in lines if line.box.width >= _PROSE_WIDTH * line.box.height]
    groups: list[list[Box]] = []
    for box in sorted(long, key=lambda box: (box.left, box.right)):
        for group in groups:
            if abs(group[0].left - box.left) < 1.5 * em and abs(group[0].right - box.right) < 1.5 * em:
                group.append(box)
                break
        else:
            groups.append([box])
    columns = sorted(
        (median(box.left for box in group), median(box.right for box in group), len(group))
        for group in groups
        if len(group) >= _PROSE_LINES
    )
    apart = [
        column
        for column in columns
        if not any(other is not column and other[0] < column[1] and column[0] < other[1] for other in columns)
    ]
    left, right = (
        min((line.box.left for line in lines), default=0.0),
        max((line.box.right for line in lines), default=0.0),
    )
    is_column = len(apart) == 1 and apart[0][2] >= _LONE_COLUMN and apart[0][1] - apart[0][0] < 0.6 * (right - left)
    if len(apart) < 2 and not is_column:
        return []
    edges = [left - em, *(edge for start, end, _ in apart for edge in (start - em, end + em)), right + em]
    return [(start, end) for start, end in pairwise(edges) if end - start > 8 * em]


def _stretches(rows: Sequence[Row], em: float) -> list[list[Row]]:
    """Runs of rows in which most have several pieces that share white with those of rows near."""
    result: list[list[Row]] = []
    current: list[Row] = []
    singles = 0
    for row in rows:
        near = not current or row.box.top - current[-1].box.bottom <= _PITCH * em
        several = len(row.runs) >= 2
        if current and (not near or (several and not _shares_white(current, row, em)) or singles >= _SINGLES):
            result.append(current)
            current, singles = [], 0
        if several:
            current.append(row)
            singles = 0
        elif current:
            current.append(row)
            singles += 1
    result.append(current)
    return [cut for cut in (_without_tail(rows) for rows in result) if len(cut) >= 2]


def _without_tail(rows: Sequence[Row]) -> list[Row]:
    result = list(rows)
    while result and len(result[-1].runs) < 2:
        result.pop()
    return result


def _shares_white(rows: Sequence[Row], row: Row, em: float) -> bool:
    several = [one for one in rows if len(one.runs) >= 2][-4:]
    return any(_white(one, row) >= 0.45 * em for one in several)


def _white(a: Row, b: Row) -> float:
    """The widest stretch of white between words that two rows share."""
    best = 0.0
    for left, right in pairwise(a.runs):
        for before, after in pairwise(b.runs):
            shared = min(right.box.left, after.box.left) - max(left.box.right, before.box.right)
            best = max(best, shared)
    return best


def _regions(rows: list[Row], rules: Rules, pieces: Sequence[Piece], em: float) -> list[Region]:
    columns = columns_of(rows, em)
    if columns is None:
        return []
    rows = _without_prose(_without_marks(rows, columns, em), columns, em)
    columns = columns_of(rows, em)
    if columns is None or sum(_is_across(row, columns, em) for row in rows) > _MOST_ACROSS * len(rows):
        return []
    parts = _side_by_side(rows, columns, rules, em)
    if len(parts) > 1:
        found: list[Region] = []
        for part in parts:
            done = {(p.line, p.word) for region in found for row in region.rows for run in row.runs for p in run.pieces}
            free = [piece for piece in pieces if (piece.line, piece.word) not in done]
            left = [row for row in (_left_of(row, done, em) for row in part) if row is not None]
            found.extend(_regions(left, rules, free, em))
        return found
    box = union(row.box for row in rows)
    own = _own_rules(rules, box, em)
    whole = [rule for rule in own.across if rule.width >= 0.8 * box.width]
    rows = _with_heads(rows, whole, pieces, box, em)
    columns = columns_of(rows, em)
    if columns is None:
        return []
    box = union(row.box for row in rows)
    above = any(rule.bottom <= rows[0].box.top + 0.6 * em for rule in whole)
    below = any(rule.top >= rows[-1].box.bottom - 0.6 * em for rule in whole)
    inside = [rule for rule in own.across if box.top < rule.top < box.bottom and _is_over_two(rule, columns, em)]
    row_ruled = len(inside) >= _ROW_RULES
    ruled = (above and below and len(whole) >= 2) or row_ruled
    if not is_table(rows, columns, ruled=ruled, row_ruled=row_ruled, em=em):
        return []
    return [Region(tuple(rows), columns, own, ruled)]


def _is_over_two(rule: Box, columns: Columns, em: float) -> bool:
    return columns.at(rule.right - em) > columns.at(rule.left + em)


def _without_prose(rows: Sequence[Row], columns: Columns, em: float) -> list[Row]:
    """Without rows at either end that go on across the columns."""
    start, end = 0, len(rows)
    while start < end and _is_across(rows[start], columns, em):
        start += 1
    while end > start and _is_across(rows[end - 1], columns, em):
        end -= 1
    return list(rows[start:end])


def _without_marks(rows: Sequence[Row], columns: Columns, em: float) -> list[Row]:
    """Without columns at either side that hold nothing but bullets: they belong to the text beside."""
    by_column = texts_by_column(rows, columns, em)
    marks = {column for column, runs in enumerate(by_column) if runs and all(_BULLET.fullmatch(r.text) for r in runs)}
    ends = marks & {0, columns.count - 1}
    if not ends:
        return list(rows)
    result = []
    for row in rows:
        left = [piece for run in row.runs for piece in run.pieces if columns.at(piece.x) not in ends]
        if left:
            result.append(row_of(left, em))
    return result


def _is_across(row: Row, columns: Columns, em: float) -> bool:
    """Whether something as long as a line of prose stands across an edge of its columns, beside other text."""
    return len(row.runs) > 1 and any(
        run.box.width >= _PROSE_WIDTH * em
        and any(run.box.left + em < bound < run.box.right - em for bound in columns.bounds[1:-1])
        for run in row.runs
    )


def _own_rules(rules: Rules, box: Box, em: float) -> Rules:
    """Rules within the region and at its upper and lower edge, no wider than it by much."""

    wider = max(6 * em, _WIDER * box.width)

    def is_own(rule: Box) -> bool:
        y = (rule.top + rule.bottom) / 2
        inside = box.top - 4 * em < y < box.bottom + 2 * em
        return inside and rule.left > box.left - wider and rule.right < box.right + wider and rule.width > em

    return Rules(tuple(rule for rule in rules.across if is_own(rule)), ())


def _with_heads(rows: list[Row], whole: Sequence[Box], pieces: Sequence[Piece], box: Box, em: float) -> list[Row]:
    """With the rows between the region and the nearest rule across it above, and between it and the one below."""
    above = [rule.top for rule in whole if rule.bottom < rows[0].box.top + 0.3 * em]
    below = [rule.bottom for rule in whole if rule.top > rows[-1].box.bottom - 0.3 * em]
    top = min(above) if above else rows[0].box.top
    bottom = max(below) if below else rows[-1].box.bottom
    known = {(p.line, p.word) for row in rows for run in row.runs for p in run.pieces}
    left, right = box.left - em, box.right + em
    more = [p for p in pieces if (p.line, p.word) not in known and top < p.y < bottom and left < p.x < right]
    more = [p for p in more if not rows[0].box.top < p.y < rows[-1].box.bottom]
    if not more:
        return rows
    extra = rows_of(more, em)
    if len(extra) > 6 or any(
        run.box.width > 0.7 * box.width and len(run.text) > 40 for row in extra for run in row.runs
    ):
        return rows
    return sorted([*rows, *extra], key=lambda row: row.box.top + row.box.bottom)


def _side_by_side(rows: Sequence[Row], columns: Columns, rules: Rules, em: float) -> list[list[Row]]:
    """Two tables beside each other: their rules end between them."""
    box = union(row.box for row in rows)
    for bound in columns.bounds[1:-1]:
        sides = [_side(rows, bound, em, left=True), _side(rows, bound, em, left=False)]
        if not all(len(side) >= 2 for side in sides):
            continue
        across = [rule for rule in rules.across if box.top - 2 * em < rule.top < box.bottom + 2 * em]
        ends = [rule for rule in across if rule.width > 4 * em and (rule.right < bound + em or rule.left > bound - em)]
        over = [rule for rule in across if rule.left < bound - em and rule.right > bound + em]
        left_ends = [rule for rule in ends if rule.right < bound + em and rule.left < box.left + 2 * em]
        right_ends = [rule for rule in ends if rule.left > bound - em and rule.right > box.right - 2 * em]
        if not over and len(left_ends) >= 2 and len(right_ends) >= 2:
            return sides
    return [list(rows)]


def _side(rows: Sequence[Row], bound: float, em: float, *, left: bool) -> list[Row]:
    result = []
    for row in rows:
        pieces = [p for run in row.runs for p in run.pieces if (p.x < bound) == left]
        if pieces:
            result.append(row_of(pieces, em))
    return result
