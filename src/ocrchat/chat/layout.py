"""Where lines stand to each other on one page: beside, under, at the head of a column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ocrchat.chat.lines import CELL_LENGTH, PageLine, PageText
from ocrchat.chat.passages import Passage
from ocrchat.chat.pieces import Piece
from ocrchat.document.text import joined_pair

# In heights of the label: what stands under it is its value up to here, and its column goes on up to there.
_NEXT = 2.2
_COLUMN_GAP = 4.0
# And no further apart than this are two words of one text.
_WORD_GAP = 0.55
# What is set in under a heading begins no further from its end.
_INDENT = 10.0


@dataclass(frozen=True, slots=True)
class Run:
    """Text that reads on: one cell, or the lines of a paragraph joined."""

    text: str
    lines: tuple[PageLine, ...]
    starts: tuple[int, ...]
    """Where each line begins in the text."""
    is_cell: bool

    @property
    def line(self) -> PageLine:
        return self.lines[0]

    def line_end(self, place: int) -> int:
        """Where the line that a character is in ends."""
        for start, line in zip(self.starts, self.lines, strict=True):
            if start <= place <= start + len(line.text):
                return min(start + len(line.text), len(self.text))
        return len(self.text)

    def pieces(self, start: int, end: int) -> tuple[Piece, ...]:
        """What of which lines the characters are."""
        found = []
        for first, line in zip(self.starts, self.lines, strict=True):
            begin, stop = max(0, start - first), min(len(line.text), end - first)
            if begin < stop:
                found.append(Piece(line, begin, stop))
        return tuple(found)


class Layout:
    def __init__(self, page: PageText) -> None:
        self._page = page

    def runs(self, passage: Passage) -> Iterator[Run]:
        """Cells and headings one by one; prose by blocks."""
        group: list[PageLine] = []
        joined: set[int] = set()
        for line in passage.lines:
            if line.order in joined:
                continue
            alone = self._page.is_tabular(self._page.row_of[line.order]) or len(passage.lines) == 1
            if group and (alone or line.block != group[-1].block):
                yield from _prose(group)
                group = []
            if alone:
                cell = self._read_on(line)
                joined.update(one.order for one in cell)
                yield from _cell(cell)
            else:
                group.append(line)
        if group:
            yield from _prose(group)

    def _read_on(self, line: PageLine) -> tuple[PageLine, ...]:
        """A line with what follows it no further than a word does: columns may part "Total" from "incl. VAT:"."""
        found = [line]
        for other in self.following(line):
            gap = max(other.box.left, found[-1].box.left) - min(other.box.right, found[-1].box.right)
            if gap > _WORD_GAP * line.box.height or found[-1].text[-1:].isdigit() or other.text[:1].isdigit():
                break
            found.append(other)
        return tuple(found)

    def row(self, line: PageLine) -> Sequence[PageLine]:
        return self._page.rows[self._page.row_of[line.order]]

    def following(self, line: PageLine) -> list[PageLine]:
        """What stands behind it in its row, in the direction of reading."""
        row = list(self.row(line))
        return row[row.index(line) + 1 :]

    def under(self, line: PageLine) -> list[PageLine]:
        """The lines of the column that a line is the head of, from the top."""
        found: list[PageLine] = []
        bottom, height = line.box.bottom, max(1.0, line.box.height)
        for row in self._page.rows[self._page.row_of[line.order] + 1 :]:
            in_column = [cell for cell in row if _share_column(line, cell)]
            if not in_column:
                continue
            cell = in_column[0]
            if cell.box.top - bottom > _COLUMN_GAP * height or cell.box.top < line.box.bottom - 0.5 * height:
                break
            found.append(cell)
            bottom = cell.box.bottom
        return found

    def items_of(self, line: PageLine) -> list[tuple[PageLine, ...]]:
        """What a heading or the head of a column has under it, one a row; else what is set under it further in."""
        column = self.under(line)
        if column and self.is_next(line, column[0]):
            block = [one for one in column if one.block == column[0].block] if line.role != "head" else column
            return [(one,) for one in block]
        return [(one,) for one in self._indented_under(line)]

    def _indented_under(self, line: PageLine) -> list[PageLine]:
        height = max(1.0, line.box.height)
        for row in self._page.rows[self._page.row_of[line.order] + 1 :]:
            if min(cell.box.top for cell in row) - line.box.bottom > _NEXT * height:
                break
            inner = [cell for cell in row if line.box.left < cell.box.left <= line.box.right + _INDENT * height]
            if inner:
                return [one for one in self._page.lines if one.block == inner[0].block]
        return []

    def is_over_value(self, line: PageLine) -> bool:
        """Whether the next line of its block stands right under it, and nothing beside it that may be its value: a
        label over its value, and not one of a column of labels."""
        if line.text.rstrip().endswith((":", "：")) or self.is_of_pairs(line):
            return False
        column = self.under(line)
        if not column or (column[0].block, column[0].row) != (line.block, line.row):
            return False
        return column[0].box.top - line.box.bottom < line.box.height

    def is_of_pairs(self, line: PageLine) -> bool:
        """Whether a line and the cell beside it are one of such rows, below or above: labels with their values."""
        index = self._page.row_of[line.order]
        row = self._page.rows[index]
        beside, under = self.following(line)[:1], self.under(line)[:1]
        if beside and under and _has_digit(beside[0].text) and not _has_digit(line.text + under[0].text):
            # The figure is beside it, and under it another label.
            return True
        if len(row) != 2 or row[0] is not line or (line.block, line.column) == (row[1].block, row[1].column):
            return False
        if under and _has_digit(under[0].text) and not _has_digit(row[1].text):
            # Two labels over two values.
            return False
        near = self._page.rows[max(0, index - 1) : index] + self._page.rows[index + 1 : index + 2]
        return any(
            len(other) == 2 and _share_column(other[0], line) and _share_column(other[1], row[1]) for other in near
        )

    def is_next(self, line: PageLine, below: PageLine) -> bool:
        return below.box.top - line.box.bottom <= _NEXT * max(1.0, line.box.height)

    def head_above(self, cell: PageLine) -> str:
        """The words at the head of a cell's column: the nearest line above it that begins with a letter."""
        above = self._page.rows[: self._page.row_of[cell.order]]
        for row in reversed(above[-40:]):
            for line in row:
                if _share_column(line, cell) and line.text[:1].isalpha():
                    return line.text
        return ""


def _has_digit(text: str) -> bool:
    return any(one.isdigit() for one in text)


def _share_column(one: PageLine, other: PageLine) -> bool:
    shared = min(one.box.right, other.box.right) - max(one.box.left, other.box.left)
    return shared > 0.3 * min(one.box.width, other.box.width)


def _cell(lines: Sequence[PageLine]) -> Iterator[Run]:
    text, starts = "", []
    for line in lines:
        text = f"{text} {line.text}" if text else line.text
        starts.append(len(text) - len(line.text))
    yield Run(text, tuple(lines), tuple(starts), len(text) <= CELL_LENGTH or len(lines) > 1)


def _prose(lines: Sequence[PageLine]) -> Iterator[Run]:
    if len(lines) == 1 or lines[0].role in ("title", "heading"):
        for line in lines:
            yield from _cell((line,))
        return
    text = ""
    starts = []
    for line in lines:
        # A hyphen at a line's end is undone; places before it do not move.
        text, following = joined_pair(text, line.text)
        starts.append(len(text))
        text += following
    yield Run(text, tuple(lines), tuple(starts), False)
    if len(lines) <= 12 and all(len(line.text) <= 60 for line in lines):
        # Short lines in one block may be labels over their values instead of a paragraph.
        for line in lines:
            yield Run(line.text, (line,), (0,), True)
