"""A document as chat sees it: each page's lines in reading order, lean enough to keep a thousand pages in memory, and
the rows they stand in.

Numbers of pages count from 1. `order` is a line's place in its page: neighbours in reading order differ by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ocrchat.document.model import Block, Box, FigureBlock, FormulaBlock, Line, Page, TableBlock, TextBlock
from ocrchat.document.text import printable

# Two lines stand in one row when they share more than this part of the smaller one's height.
_ROW_OVERLAP = 0.5

# Wider text is prose that happens to stand beside other prose, not a cell.
CELL_LENGTH = 60
_ROW_LENGTH = 220
# A block of so many lines is running text when most of them have so many spaces.
_PROSE_LINES, _PROSE_SPACES, _PROSE_SHARE = 3, 3, 0.6


class PageLine(NamedTuple):
    page: int
    order: int
    block: int
    role: str
    """Of its block; "cell" in tables, "head" in their header rows."""
    text: str
    box: Box
    confidence: float | None
    rtl: bool
    row: int = -1
    """Of the cell, in tables that the reader found."""
    column: int = -1


@dataclass(frozen=True, slots=True)
class PageText:
    number: int
    lines: tuple[PageLine, ...]
    rows: tuple[tuple[PageLine, ...], ...]
    """What stands side by side, in the direction of reading; every line is in one row."""
    row_of: tuple[int, ...]
    """By a line's order."""
    failed: bool = False

    prose: frozenset[int] = frozenset()
    """Blocks of running text, whatever stands beside them."""

    def is_tabular(self, row: int) -> bool:
        lines = self.rows[row]
        return _are_cells(lines) and not (self.prose and sum(line.block in self.prose for line in lines) > 1)


def page_text(page: Page) -> PageText:
    lines = tuple(_numbered(page.number, _raw_lines(page.blocks)))
    rows = _rows(lines)
    row_of = [0] * len(lines)
    for index, row in enumerate(rows):
        for line in row:
            row_of[line.order] = index
    return PageText(page.number, lines, rows, tuple(row_of), page.failure is not None, _prose_blocks(lines))


def _are_cells(row: Sequence[PageLine]) -> bool:
    if len(row) < 2:
        return False
    lengths = sorted(len(line.text) for line in row)
    return lengths[-2] <= CELL_LENGTH and sum(lengths) <= _ROW_LENGTH


def _prose_blocks(lines: Iterable[PageLine]) -> frozenset[int]:
    """Blocks of several lines, most of them of several words: columns of text beside each other are no table."""
    blocks: dict[int, list[str]] = {}
    for line in lines:
        if line.row < 0:
            blocks.setdefault(line.block, []).append(line.text)
    return frozenset(
        block
        for block, texts in blocks.items()
        if len(texts) >= _PROSE_LINES
        and sum(text.count(" ") >= _PROSE_SPACES for text in texts) >= _PROSE_SHARE * len(texts)
    )


def _raw_lines(blocks: Iterable[Block]) -> Iterator[tuple[int, str, Line, str, int, int]]:
    for index, block in enumerate(blocks):
        match block:
            case TextBlock():
                for number, line in enumerate(block.lines):
                    # A marker ("2.", "(b)") is printed in front of the item's first line, which does not repeat it.
                    yield index, block.role, line, block.marker if number == 0 else "", -1, -1
            case TableBlock():
                for cell in sorted(block.cells, key=lambda cell: (cell.row, cell.column)):
                    for line in cell.lines:
                        yield index, "head" if cell.header else "cell", line, "", cell.row, cell.column
            case FormulaBlock():
                for line in block.lines:
                    yield index, "formula", line, "", -1, -1
            case FigureBlock():
                continue


def _numbered(page: int, raw: Iterable[tuple[int, str, Line, str, int, int]]) -> Iterator[PageLine]:
    order = 0
    for block, role, line, marker, row, column in raw:
        text = printable(line.text).strip()
        if text:
            box = Box(*line.box)
            text = f"{marker} {text}" if marker else text
            rtl = line.direction == "rtl"
            yield PageLine(page, order, block, role, text, box, line.confidence, rtl, row, column)
            order += 1


def _rows(lines: Sequence[PageLine]) -> tuple[tuple[PageLine, ...], ...]:
    """Top to bottom. Cells of found tables keep their own row numbers only for their heads; what stands beside what is
    seen from the boxes, for those too, so that labels beside a table are not lost."""
    rows: list[list[PageLine]] = []
    for line in sorted(lines, key=lambda line: (line.box.top + line.box.bottom, line.box.left)):
        home = next((row for row in reversed(rows[-4:]) if _stands_in(line, row)), None)
        if home is None:
            rows.append([line])
        else:
            home.append(line)
    return tuple(_in_reading_direction(row) for row in rows)


def _stands_in(line: PageLine, row: Sequence[PageLine]) -> bool:
    left, top, right, bottom = line.box
    height = bottom - top
    for other in row:
        box = other.box
        small, large = sorted((height, box[3] - box[1]))
        if min(bottom, box[3]) - max(top, box[1]) <= _ROW_OVERLAP * small or large > 3 * max(1.0, small):
            return False
        if left < box[2] - small and right > box[0] + small:
            return False
    return True


def _in_reading_direction(row: list[PageLine]) -> tuple[PageLine, ...]:
    rtl = sum(line.rtl for line in row) * 2 > len(row)
    return tuple(sorted(row, key=lambda line: -line.box.right if rtl else line.box.left))
