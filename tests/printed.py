"""Pages for table finding, without pixels: lines at places, as a reader gives them, and rules between them."""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.document.model import Box, Line, TableBlock
from ocrchat.document.rules import Rules
from tests.factories import line_at

HEIGHT = 20.0
LETTER = 10.0
PITCH = 30.0


def row(texts: Sequence[str], lefts: Sequence[float], top: float, *, rtl: bool = False) -> list[Line]:
    """A line for each text; empty ones leave their place free. `lefts` are right edges where `rtl`."""
    return [
        line_at(text, (x - len(text) * LETTER, top, x, top + HEIGHT), rtl=True)
        if rtl
        else line_at(text, (x, top, x + len(text) * LETTER, top + HEIGHT))
        for text, x in zip(texts, lefts, strict=True)
        if text
    ]


def rows(
    texts: Sequence[Sequence[str]],
    lefts: Sequence[float],
    *,
    top: float = 100.0,
    pitch: float = PITCH,
    rtl: bool = False,
) -> list[Line]:
    return [line for at, one in enumerate(texts) for line in row(one, lefts, top + at * pitch, rtl=rtl)]


def prose(texts: Sequence[str], left: float, *, top: float = 100.0) -> list[Line]:
    return rows([[text] for text in texts], [left], top=top)


def across(y: float, left: float, right: float) -> Box:
    return Box(left, y - 1, right, y + 1)


def down(x: float, top: float, bottom: float) -> Box:
    return Box(x - 1, top, x + 1, bottom)


def frame(xs: Sequence[float], ys: Sequence[float]) -> Rules:
    """All rules of a full grid."""
    return Rules(tuple(across(y, xs[0], xs[-1]) for y in ys), tuple(down(x, ys[0], ys[-1]) for x in xs))


def texts_of(table: TableBlock) -> dict[tuple[int, int], str]:
    return {(cell.row, cell.column): " / ".join(line.text for line in cell.lines) for cell in table.cells}


def spans_of(table: TableBlock) -> dict[tuple[int, int], tuple[int, int]]:
    """Of the cells that span, by row and column: rows and columns."""
    return {
        (cell.row, cell.column): (cell.row_span, cell.column_span)
        for cell in table.cells
        if (cell.row_span, cell.column_span) != (1, 1)
    }
