"""What Tesseract says, as lines: its table of words taken apart, its text in the form the document model wants."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ocrchat.document.model import Box

# Marks of direction are for display: text is kept in logical order without them. Joiners stay, they are spelling.
_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_PRESENTATION_FORM = re.compile("[\ufb00-\ufb4f\ufb50-\ufdff\ufe70-\ufefc]+")

_LINE, _WORD = "4", "5"


@dataclass(frozen=True, kw_only=True, slots=True)
class TableWord:
    text: str
    box: Box
    confidence: float


@dataclass(frozen=True, kw_only=True, slots=True)
class TableLine:
    """Words in reading order, whichever way they run on paper."""

    box: Box
    words: tuple[TableWord, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def confidence(self) -> float:
        """By characters: a lone comma says less than a long word."""
        return mean_confidence(self.words)


def mean_confidence(words: Sequence[TableWord]) -> float:
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def spelled(text: str) -> str:
    """Composed, in letters instead of their printed forms, without marks of direction."""
    text = _PRESENTATION_FORM.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    return unicodedata.normalize("NFC", _DIRECTION_MARKS.sub("", text)).strip()


def lines_of_table(table: str) -> Iterator[TableLine]:
    """Of the tab-separated table that Tesseract makes of a page; lines without a word are left out."""
    box: Box | None = None
    words: list[TableWord] = []
    for row in table.split("\n"):
        fields = row.split("\t")
        if len(fields) != 12:
            continue
        left, top, width, height = (float(field) for field in fields[6:10])
        place = Box(left, top, left + width, top + height)
        if fields[0] == _LINE:
            if box is not None and words:
                yield TableLine(box=box, words=tuple(words))
            box, words = place, []
        elif fields[0] == _WORD and (text := " ".join(spelled(fields[11]).split())):
            words.append(TableWord(text=text, box=place, confidence=max(0.0, min(1.0, float(fields[10]) / 100))))
    if box is not None and words:
        yield TableLine(box=box, words=tuple(words))
