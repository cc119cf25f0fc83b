"""Characters as PDFs hold them → characters as printed; and what is no text at all."""

from __future__ import annotations

import re
import unicodedata

_FORMS = re.compile("[\ufb00-\ufb4f\ufb50-\ufdff\ufe70-\ufefc]")
"""Presentation forms: the shape of letters, not letters. Other compatibility characters (², ½, №) say something."""

_STRANGE = re.compile("[\x00-\x1f\x7f-\x9f\xad\u200b\ufeff\ufffd\ufffe\ue000-\uf8ff]")

_GARBAGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd]")

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")

_SYMBOL_FONTS = {
    # Word writes its bullets in Symbol and Wingdings, whose codes land in the private use area.
    0xF0B7: "•",
    0xF0A7: "▪",
    0xF06F: "○",
    0xF071: "❑",
    0xF0A8: "□",
    0xF06E: "■",
    0xF076: "❖",
    0xF0D8: "➢",
    0xF0E0: "→",
    0xF0E8: "➔",
    0xF0FC: "✓",
    0xF0FB: "✗",
    0xF0FE: "☑",
    0xF06C: "●",
    0xF02D: "−",
    0xF0B0: "°",
    0xF0B1: "±",
    0xF0B3: "≥",
    0xF0A3: "≤",
    0xF0B4: "×",
    0xF061: "α",
    0xF062: "β",
    0xF067: "γ",
    0xF064: "δ",
    0xF06D: "µ",
    0xF070: "π",
    0xF073: "σ",
    0xF044: "Δ",
    0xF057: "Ω",
}


def printed_text(text: str) -> str:
    """A word as it stands on paper. Empty where nothing of it is a character."""
    if text.isascii() and text.isprintable():
        return text
    if "\ud800" <= max(text) <= "\udfff" or any("\ud800" <= c <= "\udfff" for c in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if _STRANGE.search(text):
        text = _without_strange(text)
    if _FORMS.search(text):
        text = _FORMS.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    return text


def _without_strange(text: str) -> str:
    # A soft hyphen is printed at a line's end alone, where PDFium marks it itself.
    end = "-" if text[-1] in "\xad\ufffe" else ""
    return _STRANGE.sub(lambda match: _SYMBOL_FONTS.get(ord(match.group()), ""), text) + end


def garbage_count(text: str) -> int:
    """Characters that stand for nothing anybody could read; bullets of the symbol fonts are not among them."""
    return sum(ord(character) not in _SYMBOL_FONTS for character in _GARBAGE.findall(text))


def has_right_to_left(text: str) -> bool:
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def is_lone_mark(text: str) -> bool:
    """Combining marks without their letter: files draw them on their own, above a word that is complete."""
    return all(unicodedata.category(character) == "Mn" for character in text)


def is_right_to_left(text: str) -> bool:
    """Whether most letters of it run so."""
    found = len(_RIGHT_TO_LEFT.findall(text))
    return found > 0 and 2 * found > sum(character.isalpha() for character in text)
