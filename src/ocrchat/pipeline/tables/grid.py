"""What a table is while it is being found: slots in rows and columns, and the words that stand in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from ocrchat.document.geometry import union
from ocrchat.document.model import Box, Line
from ocrchat.document.text import gap_between, spans_of_line


class Slot(NamedTuple):
    """One cell's place; `box` is its area on the page."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: Box


class Piece(NamedTuple):
    """A word, or a whole line whose words have no places of their own."""

    text: str
    box: Box
    line: int
    word: int
    """Within its line; -1: the whole line."""

    @property
    def x(self) -> float:
        return (self.box.left + self.box.right) / 2

    @property
    def y(self) -> float:
        return (self.box.top + self.box.bottom) / 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    box: Box
    rows: int
    columns: int
    slots: tuple[Slot, ...]
    words: Mapping[int, Sequence[Piece]]
    """By the slot's index."""
    heads: frozenset[int] = frozenset()
    """Rows that are known to be headers."""

    @property
    def filled(self) -> int:
        return sum(1 for pieces in self.words.values() if pieces)


def pieces_of(lines: Sequence[Line]) -> list[Piece]:
    result: list[Piece] = []
    for at, line in enumerate(lines):
        if not line.text.strip():
            continue
        spans = spans_of_line(line)
        if spans:
            result.extend(Piece(span.text, span.word.box, at, place) for place, span in enumerate(spans))
        else:
            result.append(Piece(line.text, line.box, at, -1))
    return result


def em_of(lines: Iterable[Line]) -> float:
    """The height of most lines: the measure for what is near."""
    return median([min(line.box.width, line.box.height) for line in lines if line.text.strip()] or [12.0])


def lines_of_pieces(pieces: Sequence[Piece], lines: Sequence[Line]) -> tuple[Line, ...]:
    """The words of one cell as lines again, from top to bottom; a whole line stays the line it is."""
    by_line: dict[int, list[Piece]] = {}
    for piece in pieces:
        by_line.setdefault(piece.line, []).append(piece)
    found = [_part(lines[at], sorted(own, key=lambda piece: piece.word)) for at, own in by_line.items()]
    return tuple(in_rows(found))


def in_rows(lines: Sequence[Line]) -> list[Line]:
    """By rows; within one as its text runs. Lines share a row when they overlap by half the lower one's height."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.box.top + line.box.bottom):
        row = rows[-1] if rows else []
        if row and _same_row(row[-1].box, line.box):
            row.append(line)
        else:
            rows.append([line])
    result: list[Line] = []
    for row in rows:
        rtl = sum(line.direction == "rtl" for line in row) * 2 > len(row)
        result.extend(sorted(row, key=lambda line: -line.box.right if rtl else line.box.left))
    return result


def _same_row(a: Box, b: Box) -> bool:
    return min(a.bottom, b.bottom) - max(a.top, b.top) > 0.5 * min(a.height, b.height)


def _part(line: Line, pieces: Sequence[Piece]) -> Line:
    if pieces[0].word < 0 or len(pieces) == len(line.words):
        return line
    spans = spans_of_line(line)
    text = spans[pieces[0].word].text
    for before, piece in pairwise(pieces):
        gap = spans[before.word].gap if piece.word == before.word + 1 else gap_between(text, piece.text)
        text += gap + piece.text
    words = tuple(line.words[piece.word] for piece in pieces)
    known = [word.confidence for word in words if word.confidence is not None]
    return replace(
        line,
        text=text.strip(),
        box=union(word.box for word in words),
        words=words,
        confidence=round(sum(known) / len(known), 3) if known else line.confidence,
        outline=(),
    )
