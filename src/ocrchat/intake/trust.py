"""Whether a text layer says what is printed. Judged by what any script's text has in common; no dictionary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ocrchat.intake.characters import garbage_count

_MOST_GARBAGE = 0.1
"""Share of characters without meaning: a formula's odd arrow is below, a font without Unicode far above."""

_MOST_UNMAPPED = 0.3

_ENOUGH_WORDS = 12
"""Fewer words prove nothing."""

_LEAST_PLAUSIBLE = 0.45
"""Share of Latin words that could be words of some language: abbreviations and codes reach 0.6, prose 0.95, shifted
letters 0.2."""

_LEAST_PLAUSIBLE_OVER_SCAN = 0.85
_LEAST_FIT = 0.7
"""Share of an invisible layer's words that have ink under them."""

_LEAST_COVERED = 0.6
"""Share of a scan's ink that an invisible layer's lines must stand on."""

_MOST_CRUMBS = 0.2
"""Share of an old OCR layer's words that are a lone mark: specks and rules read as text."""

_LATIN = re.compile(r"[A-Za-zÀ-ɏ]{3,}")
_VOWEL = re.compile(r"[aeiouyAEIOUYà-æè-ïò-öø-üýÿÀ-ÆÈ-ÏÒ-ÖØ-ÝĀ-ąĒ-ěĨ-İŌ-œŨ-ųŶ-Ÿ]")
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


def distrust(evidence: Evidence) -> str:
    """Why the layer cannot be trusted; empty when it can."""
    letters = sum(not character.isspace() for character in evidence.raw)
    if letters and garbage_count(evidence.raw) > _MOST_GARBAGE * letters:
        return "characters without meaning"
    if evidence.unmapped > _MOST_UNMAPPED:
        return "a font that names no characters"
    plausible = plausible_share(evidence.words)
    if plausible is not None and plausible < _LEAST_PLAUSIBLE:
        return "letters that make no words"
    if evidence.over_scan:
        return _distrust_over_scan(evidence, plausible)
    return ""


def _distrust_over_scan(evidence: Evidence, plausible: float | None) -> str:
    if evidence.fit < _LEAST_FIT:
        return "words that stand beside the print"
    if evidence.covered < _LEAST_COVERED:
        return "print that it leaves out"
    if plausible is not None and plausible < _LEAST_PLAUSIBLE_OVER_SCAN:
        return "misread words of an earlier reading"
    crumbs = sum(len(word) == 1 and not word.isalnum() for word in evidence.words)
    if len(evidence.words) >= _ENOUGH_WORDS and crumbs > _MOST_CRUMBS * len(evidence.words):
        return "specks that were read as text"
    return ""


def plausible_share(words: Sequence[str]) -> float | None:
    """Of the Latin words those that could be words; None where there are too few to tell."""
    told, good, initials = 0, 0, 0
    for word in words:
        if not _LATIN.search(word):
            continue
        parts = [part for part in _PARTS.split(word.strip(_MARKS)) if len(part) >= 3]
        if all(part.isupper() and len(part) <= _LONGEST_INITIALS and not _VOWEL.search(part) for part in parts):
            initials += 1
            continue
        told += 1
        good += all(_is_plausible(part) for part in parts)
    # Initials (BMW, HTML) say nothing either way, but a page that consists of them is letters shifted into capitals.
    if initials > told:
        told += initials
    return good / told if told >= _ENOUGH_WORDS else None


def _is_plausible(part: str) -> bool:
    if not part.isalpha() or not _VOWEL.search(part) or _HEAP.search(part):
        return False
    return part.isupper() or len(_INNER_CAPITAL.findall(part)) <= 1
