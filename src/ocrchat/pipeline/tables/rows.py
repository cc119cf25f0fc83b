"""Words in rows as printed, and rows in runs: where on a page something may be set in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocrchat.document.geometry import union
from ocrchat.document.model import Box
from ocrchat.pipeline.tables.grid import Piece

COLUMN_GAP = 0.9
"""In ems: white between two words of a row that may part columns. Justified prose has less, mostly."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a row with no wide white between them."""

    pieces: tuple[Piece, ...]
    box: Box

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Row:
    runs: tuple[Run, ...]
    """From left to right."""
    box: Box

    @property
    def text(self) -> str:
        return " ".join(run.text for run in self.runs)


def rows_of(pieces: Sequence[Piece], em: float, *, gap: float = COLUMN_GAP) -> list[Row]:
    """From top to bottom. Words share a row when the middle of one lies within the height of the other."""
    rows: list[list[Piece]] = []
    bands: list[tuple[float, float]] = []
    for piece in sorted(pieces, key=lambda piece: piece.y):
        for at in range(len(rows) - 1, max(-1, len(rows) - 4), -1):
            top, bottom = bands[at]
            shared = min(bottom, piece.box.bottom) - max(top, piece.box.top)
            if shared > 0.5 * min(bottom - top, piece.box.height):
                rows[at].append(piece)
                break
        else:
            rows.append([piece])
            bands.append((piece.box.top, piece.box.bottom))
    result = [row_of(row, em, gap=gap) for row in rows]
    return sorted(result, key=lambda row: row.box.top + row.box.bottom)


def row_of(pieces: Sequence[Piece], em: float, *, gap: float = COLUMN_GAP) -> Row:
    runs: list[list[Piece]] = []
    end = 0.0
    for piece in sorted(pieces, key=lambda piece: piece.box.left):
        if runs and piece.box.left - end <= gap * em:
            runs[-1].append(piece)
            end = max(end, piece.box.right)
        else:
            runs.append([piece])
            end = piece.box.right
    made = tuple(Run(tuple(run), union(piece.box for piece in run)) for run in runs)
    return Row(made, union(run.box for run in made))
