"""The currency of a document: the sign or code that its amounts are printed with."""

from __future__ import annotations

from collections import Counter

from ocrchat.chat.library import Library
from ocrchat.chat.pieces import Fact, Piece
from ocrchat.chat.values import find_values

# One sign among others is the document's when it stands with nearly all amounts.
_MOST = 0.8
# Looking further than the first pages finds the same.
_PAGES = 20


def find_currency(library: Library, pages: frozenset[int] | None) -> Fact | None:
    """None where there is none, or more than one. A code ("EUR") is told rather than its sign."""
    counts: Counter[str] = Counter()
    first: dict[str, Piece] = {}
    for page in library.pages:
        if pages is not None and page.number not in pages:
            continue
        if page.number > _PAGES and pages is None:
            break
        for line in page.lines:
            for value in find_values(line.text, "currency"):
                counts[value.text] += 1
                first.setdefault(value.text, Piece(line, value.start, value.end))
    if not counts:
        return None
    codes = Counter({text: count for text, count in counts.items() if text.isascii() and len(text) == 3})
    text, count = (codes or counts).most_common(1)[0]
    if count < _MOST * (codes or counts).total():
        return None
    piece = first[text]
    return Fact("currency", text, text, (piece,), (piece,), 1.0)
