"""How the characters of a line with right-to-left text lie on a PDF's page.

A PDF stores no reading order within a line. PDFium, which most browsers show PDFs with, sorts a line's words from left
to right, cuts them into stretches of one direction, decides by the number of stretches which way the line runs, and
turns round what it takes to run from the right. This lays a line so that exactly this gives the line's text again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Literal, NamedTuple

Class = Literal["R", "L", "W", "N"]
"""From the right, from the left, weak (digits, marks, their separators), neutral."""

_FROM_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]")
_CLASSES: dict[str, Class] = {
    "R": "R",
    "AL": "R",
    "L": "L",
    **dict.fromkeys(("AN", "EN", "NSM", "CS", "ES", "ET", "BN"), "W"),
}
_PAIRS = "()[]{}<>«»‹›≤≥"
_MIRROR = {**dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True)), **dict(zip(_PAIRS[1::2], _PAIRS[::2], strict=True))}


class Piece(NamedTuple):
    """A word along its line: from `start` to `end` in pixels from the line's left end."""

    text: str
    start: float
    end: float
    gap: bool
    """Whether a space comes after it in the text."""


def has_rtl(text: str) -> bool:
    return _FROM_RIGHT.search(text) is not None


def bidi_runs(pieces: Sequence[Piece]) -> Iterator[tuple[str, float, float]]:
    """Texts to show with where each begins and ends, in the order of the text."""
    from_right = is_read_from_right(" ".join(piece.text for piece in pieces))
    # A space is laid with its word: it shares a stretch with what the word ends in.
    texts = _laid_texts([piece.text + (" " if piece.gap else "") for piece in pieces], from_right=from_right)
    placed = _in_order(pieces, descending=from_right)
    for index, (text, piece) in enumerate(zip(texts, placed, strict=True)):
        following = placed[index + 1] if index + 1 < len(placed) else None
        if following is None:
            yield text, piece.start, piece.end
        elif from_right:
            yield text, min(following.end, piece.start), piece.end
        else:
            yield text, piece.start, max(following.start, piece.end)


def is_read_from_right(text: str) -> bool:
    """As PDFium decides: by which kind of stretches are more, with digits and marks counting for neither."""
    kinds = [kind for kind, _ in groupby(text, key=_class)]
    return kinds.count("R") > kinds.count("L")


def _laid_texts(texts: Sequence[str], *, from_right: bool) -> Iterator[str]:
    direction: Class = "R" if from_right else "L"
    for text in texts:
        laid = []
        for kind, characters in groupby(text, key=_class):
            stretch = "".join(characters)
            if kind in ("R", "L"):
                direction = kind
            turned = kind == "R" or (kind == "N" and direction == "R")
            laid.append("".join(_MIRROR.get(one, one) for one in reversed(stretch)) if turned else stretch)
        yield "".join(reversed(laid) if from_right else laid)


def _class(character: str) -> Class:
    return _CLASSES.get(unicodedata.bidirectional(character), "N")


def _in_order(pieces: Sequence[Piece], *, descending: bool) -> list[Piece]:
    """The pieces where they are, if PDFium then reads them in order. Otherwise those that run the other way (a phrase
    from the left in a line from the right) change places among themselves; at the worst the line is laid anew."""
    placed: list[Piece] = []
    group: list[Piece] = []
    for piece in pieces:
        if group and (piece.start < group[-1].start) == descending:
            placed += _mirrored(group)
            group = []
        group.append(piece)
    placed += _mirrored(group)
    if all((after.start < before.start) == descending for before, after in pairwise(placed)):
        return placed
    return _laid_anew(pieces, descending=descending)


def _mirrored(group: Sequence[Piece]) -> list[Piece]:
    ends = min(piece.start for piece in group) + max(piece.end for piece in group)
    if len(group) == 1:
        return list(group)
    return [piece._replace(start=ends - piece.end, end=ends - piece.start) for piece in group]


def _laid_anew(pieces: Sequence[Piece], *, descending: bool) -> list[Piece]:
    """One after another over the line's length, each as wide as it is."""
    left, right = min(piece.start for piece in pieces), max(piece.end for piece in pieces)
    widths = [max(0.0, piece.end - piece.start) for piece in pieces]
    gap = (right - left - sum(widths)) / max(1, len(pieces) - 1)
    placed = []
    at = 0.0
    for piece, width in zip(pieces, widths, strict=True):
        start, end = (right - at - width, right - at) if descending else (left + at, left + at + width)
        placed.append(piece._replace(start=start, end=end))
        at += width + max(gap, 0.0)
    return placed
