"""Right-to-left words as PDFium gives them → as they are written.

PDFium turns each line around letter by letter. Where one glyph stands for several letters (Arabic ligatures), those
come out swapped; so do brackets that the file had mirrored already, and marks at a number's end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_MARKED_NUMBER = re.compile(r"^([،؛,.:!؟]+)([\d٠-٩۰-۹].*)$")
_OPENING, _CLOSING = "([{«", ")]}»"
_MIRRORED = str.maketrans(_OPENING + _CLOSING, _CLOSING + _OPENING)
_BRACKETS = re.compile(r"[(\[{«)\]}»]")
_LAM, _ALEFS = "ل", "اأإآ"

GlyphPlace = tuple[float, float, float, float]
"""Where a letter's glyph starts, its bottom and its top: alike for letters of one glyph, unlike for a mark on it."""


def letters_of_glyphs(text: str, places: Sequence[GlyphPlace]) -> list[str]:
    """A word cut where a new glyph begins."""
    groups: list[str] = []
    last: GlyphPlace | None = None
    for character, place in zip(text, places, strict=True):
        if place == last:
            groups[-1] += character
        else:
            groups.append(character)
        last = place
    return groups


def are_swapped(words: Sequence[Sequence[str]]) -> bool:
    """Whether the letters of ligatures came out backwards: lam-alef, which every Arabic text has, tells. Presentation
    forms come out right, but are rare in files that name their characters at all."""
    right = sum(_is_lam_alef(group) for word in words for group in word)
    wrong = sum(_is_lam_alef(group[::-1]) for word in words for group in word)
    return wrong >= right


def turned_back(groups: Sequence[str]) -> str:
    return "".join(group if _is_lam_alef(group) else group[::-1] for group in groups)


def _is_lam_alef(group: str) -> bool:
    return len(group) == 2 and group[0] == _LAM and group[1] in _ALEFS


def mended_line(words: Sequence[str]) -> list[str]:
    """The words of a line that runs from right to left."""
    result = [_MARKED_NUMBER.sub(r"\2\1", word) for word in words]
    brackets = _BRACKETS.findall("".join(result))
    if len(brackets) > 1 and brackets[0] in _CLOSING and brackets[-1] in _OPENING:
        result = [word.translate(_MIRRORED) for word in result]
    return result
