"""Which languages a page is written in, from what was read: by script where that says it all, else by the words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

from ocrchat.document.model import Line
from ocrchat.engines.languages import BY_TAG, of_script
from ocrchat.engines.scripts import letters_by_script

# Fewer letters than this say little about a language.
_LEAST_LETTERS = 24

# Of the classifier, from here on it is right in nearly all of its answers.
_SURE = 0.7

# A script with a smaller share of the letters is a word in passing, not a language of the page.
_LEAST_SHARE = 0.05

# Its older names.
_RENAMED = {"iw": "he", "tl": "fil"}


def languages_of(lines: Sequence[Line], told: Sequence[str]) -> tuple[str, ...]:
    """BCP 47, most used first. What was told counts where the page does not speak against it."""
    texts = [line.text for line in lines]
    counts = letters_by_script(texts)
    total = counts.total()
    found: Counter[str] = Counter()
    for script, letters in counts.items():
        if letters < _LEAST_SHARE * total:
            continue
        fitting = [tag for tag in told if _writes(tag, script)]
        alone = texts if letters == total else _words_in(script, texts)
        tag = fitting[0] if len(fitting) == 1 else _language_in(script, alone, letters, fitting)
        if tag:
            found[tag] += letters
    return tuple(tag for tag, _ in found.most_common())


def _writes(tag: str, script: str) -> bool:
    own = BY_TAG[tag].script
    alike = {"Hans": "Hani", "Hant": "Hani", "Jpan": "Hani", "Latf": "Latn"}
    return bool(BY_TAG[tag].code) and script in {own, alike.get(own)}


def _language_in(script: str, texts: Sequence[str], letters: int, fitting: Sequence[str]) -> str:
    if script == "Hani":
        return fitting[0] if fitting else "zh"
    candidates = list(fitting) or [language.tag for language in of_script(script)]
    if len(candidates) == 1:
        return candidates[0]
    if letters < _LEAST_LETTERS:
        return fitting[0] if fitting else ""
    guess = _classifier().FindLanguage(" ".join(texts))
    tag = _RENAMED.get(guess.language, guess.language)
    if tag in candidates and guess.probability >= _SURE:
        return str(tag)
    return fitting[0] if fitting else ""


def _words_in(script: str, texts: Sequence[str]) -> list[str]:
    return [word for text in texts for word in text.split() if script in letters_by_script([word])]


@cache
def _classifier() -> Any:
    import gcld3

    return gcld3.NNetLanguageIdentifier(min_num_bytes=0, max_num_bytes=4000)
