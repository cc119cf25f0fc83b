"""Whether a text layer says what is printed. Judged by what any script's text has in common; no dictionary."""

from __future__ import annotations

import math
import re
import string
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from ocrchat.intake.characters import garbage_count

_MOST_GARBAGE = 0.1
"""Share of characters without meaning: a formula's odd arrow is below, a font without Unicode far above."""

_MOST_UNMAPPED = 0.3

_ENOUGH_WORDS = 12
"""Fewer words prove nothing."""

_SAMPLED_WORDS = 100
"""Every nth word is looked at, so that at least so many are: enough to tell a third from a half."""

_LEAST_PLAUSIBLE = 0.45
"""Share of Latin words that could be words of some language: abbreviations and codes reach 0.6, prose 0.95, shifted
letters 0.2."""

_LEAST_LIKENESS, _DOUBTFUL_LIKENESS = 0.62, 0.72
_PLAUSIBLE_UNSHIFTED, _SURELY_PLAUSIBLE = 0.8, 0.95
"""Words decide with them: those of a real language are plausible however rare its letters are elsewhere, and so are
those of the sentences with which fonts are shown, where every letter comes once."""

_FREQUENCIES = (27, 6, 10, 14, 41, 5, 7, 11, 20, 1, 2, 12, 8, 23, 20, 5, 1, 20, 22, 20, 11, 3, 4, 0, 3, 2)
"""Of a to z in English, German and Spanish together. Pages in twenty languages come to .77 and more (Welsh to .70,
Hawaiian to .63), shifts of the alphabet to .45 to .69, most of them below .62."""

_ENOUGH_LETTERS = 120
_COUNTED_WORDS = 400

_LEAST_PLAUSIBLE_OVER_SCAN = 0.85
_LEAST_FIT = 0.7
"""Share of an invisible layer's words that have ink under them."""

_LEAST_COVERED = 0.6
"""Share of a scan's ink that an invisible layer's lines must stand on."""

_MOST_LEFT_OUT = 0.03
"""Of the page: two lines of print."""

_WORDS_WITH_CAPITALS = 80
_FEWEST_CAPITALS = 0.04
"""Every language of the Latin script begins sentences and names with a capital: prose has 5 % and more of them."""

_FEWEST_MARKS = 0.02
"""Words that end in a comma or a full stop: a tenth, in prose."""

_MOST_CRUMBS = 0.2
"""Share of an old OCR layer's words that are a lone mark: specks and rules read as text."""

_LATIN = re.compile(r"[A-Za-zÀ-ɏ]{3,}")
_VOWEL = re.compile(r"[aeiouyAEIOUYà-æè-ïò-öø-üýÿÀ-ÆÈ-ÏÒ-ÖØ-ÝĀ-ąĒ-ěĨ-İŌ-œŨ-ųŶ-Ÿ]")
_DIGIT_INSIDE = re.compile(r"[a-zß-öø-ÿ]\d+[a-zß-öø-ÿ]")
_INNER_CAPITAL = re.compile(r"[a-zß-öø-ÿ][A-ZÀ-ÖØ-Þ]")
_HEAP = re.compile(r"[bcdfghjklmnpqrstvwxzBCDFGHJKLMNPQRSTVWXZ]{6,}|(.)\1\1")

_LONGEST_INITIALS = 5
_PARTS = re.compile(r"[-‐–—/'’.,:;_@&+()\[\]{}\"“”„«»=*|<>·•…#%]+|\d+")
_MARKS = ".,;:!?()[]{}'\"“”„‘’«»*†‡§¶"


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    words: Sequence[str]
    raw: str
    unmapped: float
    over_scan: bool
    """The words are invisible, or lie under the picture of a page."""
    fit: float
    """Share of the words with ink under them."""
    covered: float
    """Share of the ink with words on it."""
    left_out: float
    """Share of the page where ink looks like words that are not in the layer."""


def distrust(evidence: Evidence) -> str:
    """Why the layer cannot be trusted; empty when it can."""
    letters = len(evidence.raw) - evidence.raw.count(" ")
    if letters and garbage_count(evidence.raw) > _MOST_GARBAGE * letters:
        return "characters without meaning"
    if evidence.unmapped > _MOST_UNMAPPED:
        return "a font that names no characters"
    plausible = plausible_share(evidence.words)
    if plausible is not None and (plausible < _LEAST_PLAUSIBLE or _is_shifted(evidence.words, plausible)):
        return "letters that make no words"
    if evidence.over_scan:
        return _distrust_over_scan(evidence, plausible)
    return ""


def _distrust_over_scan(evidence: Evidence, plausible: float | None) -> str:
    if evidence.fit < _LEAST_FIT:
        return "words that stand beside the print"
    if evidence.covered < _LEAST_COVERED or evidence.left_out > _MOST_LEFT_OUT:
        return "print that it leaves out"
    if plausible is not None and plausible < _LEAST_PLAUSIBLE_OVER_SCAN:
        return "misread words of an earlier reading"
    if _is_kept_for_search(evidence.words):
        return "an earlier reading without capitals and commas"
    crumbs = sum(len(word) == 1 and not word.isalnum() for word in evidence.words)
    if len(evidence.words) >= _ENOUGH_WORDS and crumbs > _MOST_CRUMBS * len(evidence.words):
        return "specks that were read as text"
    return ""


def _is_kept_for_search(words: Sequence[str]) -> bool:
    """Readers of the 1990s kept words for searching alone: in small letters and without a comma."""
    latin = [word for word in words if _LATIN.search(word)]
    if len(latin) < _WORDS_WITH_CAPITALS:
        return False
    capitals = sum(word.istitle() for word in latin)
    marks = sum(word[-1] in ".,;:" for word in latin)
    return capitals < _FEWEST_CAPITALS * len(latin) and marks < _FEWEST_MARKS * len(latin)


def _is_shifted(words: Sequence[str], plausible: float) -> bool:
    likeness = latin_likeness(words)
    if likeness is None:
        return False
    limit = _SURELY_PLAUSIBLE if likeness < _LEAST_LIKENESS else _PLAUSIBLE_UNSHIFTED
    return likeness < _DOUBTFUL_LIKENESS and plausible < limit


def latin_likeness(words: Sequence[str]) -> float | None:
    """How far the letters are as frequent as in Latin-script languages: the cosine to their average. None where there
    are too few to tell."""
    text = unicodedata.normalize("NFD", "".join(words[:_COUNTED_WORDS]).casefold())
    counts = [text.count(letter) for letter in string.ascii_lowercase]
    if sum(counts) < _ENOUGH_LETTERS:
        return None
    product = sum(count * frequency for count, frequency in zip(counts, _FREQUENCIES, strict=True))
    return product / math.sqrt(sum(count**2 for count in counts) * sum(frequency**2 for frequency in _FREQUENCIES))


def plausible_share(words: Sequence[str]) -> float | None:
    """Of the Latin words those that could be words; None where there are too few to tell."""
    told, good, initials = 0, 0, 0
    for word in words[:: max(1, len(words) // _SAMPLED_WORDS)]:
        if not _LATIN.search(word):
            continue
        parts = [part for part in _PARTS.split(word.strip(_MARKS)) if len(part) >= 3]
        if all(part.isupper() and len(part) <= _LONGEST_INITIALS and not _VOWEL.search(part) for part in parts):
            initials += 1
            continue
        told += 1
        if _DIGIT_INSIDE.search(word):
            continue
        good += all(_is_plausible(part) for part in parts)
    # Initials (BMW, HTML) say nothing either way, but a page that consists of them is letters shifted into capitals.
    if initials > told:
        told += initials
    return good / told if told >= _ENOUGH_WORDS else None


def _is_plausible(part: str) -> bool:
    if not part.isalpha() or not _VOWEL.search(part) or _HEAP.search(part):
        return False
    return part.isupper() or len(_INNER_CAPITAL.findall(part)) <= 1
