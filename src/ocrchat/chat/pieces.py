"""Words of a page by their place, and what is found there: a value with its label."""

from __future__ import annotations

from dataclasses import dataclass

from ocrchat.chat.fields import Kind
from ocrchat.chat.lines import PageLine


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of a line."""

    line: PageLine
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.line.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Fact:
    kind: Kind
    text: str
    """As printed; of lines that follow each other, joined."""
    meaning: str
    value: tuple[Piece, ...]
    label: tuple[Piece, ...]
    score: float
    is_stated: bool = False
    """By a sentence, and not by a label with its value."""

    @property
    def page(self) -> int:
        return self.value[0].line.page

    @property
    def labels(self) -> tuple[str, ...]:
        """Of a cell its row's and its column's."""
        joined: dict[int, str] = {}
        for piece in self.label:
            order = piece.line.order
            joined[order] = f"{joined[order]} {piece.text}" if order in joined else piece.text
        return tuple(text.strip(" :.#-–=…") for text in joined.values())

    @property
    def label_text(self) -> str:
        return " ".join(piece.text for piece in self.label).strip(" :.#-–=…")
