"""Text → the terms that are searched for, the same for documents and questions.

Case, accents and forms of digits do not count. Scripts without spaces give pairs of neighbouring characters, and so
does Hangul, whose words carry their endings with them; a two-character word is then one term.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

# Of Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowel signs and the tatweel. Vowel signs of Indic and
# South-East Asian scripts are letters of the word and stay.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640\u200b-\u200f\u2060\u00ad]")

_PAIRED = (
    "\u0e00-\u0eff\u0f00-\u1049\u1050-\u109f\u1100-\u11ff\u1780-\u17ff"
    "\u3005-\u3007\u3041-\u30ff\u3131-\u318e\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
)
"""Thai, Lao, Tibetan, Burmese, Khmer, Han, Kana, Hangul."""

_TERM = re.compile(
    rf"(?P<number>\d(?:[\d.,'\u00a0\u202f]*\d)?)|(?P<paired>[{_PAIRED}\U00020000-\U000323af]+)|(?P<word>(?:[^\W\d_{_PAIRED}]|[\u0900-\u0d7f\u0d80-\u0dff])+)"
)

_ASCII_TERM = re.compile(r"[a-z]+|\d(?:[\d.,']*\d)?")

_DIGITS = {
    zero + value: str(value)
    for zero in (
        0x660,
        0x6F0,
        0x966,
        0x9E6,
        0xA66,
        0xAE6,
        0xB66,
        0xBE6,
        0xC66,
        0xCE6,
        0xD66,
        0xE50,
        0xED0,
        0xF20,
        0x1040,
    )
    for value in range(10)
}
_FOLDED_LETTERS = {ord("ß"): "ss", ord("ς"): "σ", ord("ł"): "l", ord("ø"): "o", ord("đ"): "d", ord("ı"): "i"} | {
    # Arabic letters that are written for each other.
    ord("أ"): "ا",
    ord("إ"): "ا",
    ord("آ"): "ا",
    ord("ى"): "ي",
    ord("ة"): "ه",
}

# Longer than these a Latin word may be inflected beyond its ending: its beginning is a term of its own.
_STEM_FROM = 4


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Without case, accents and the difference between digits of scripts."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", _MARKS.sub("", decomposed)).translate(_DIGITS | _FOLDED_LETTERS)


def terms_of(text: str) -> list[str]:
    """In order, with repetitions."""
    if text.isascii():
        # Nine pages of ten, in a third of the time.
        words = _ASCII_TERM.findall(text.lower())
        return [stem(word) if word > ":" else number_term(word) for word in words]
    out: list[str] = []
    for match in _TERM.finditer(_fold(text)):
        if match.lastgroup == "word":
            out.append(stem(match.group()))
        elif match.lastgroup == "number":
            out.append(number_term(match.group()))
        else:
            out += _pairs(match.group())
    return out


def words_of(text: str) -> list[str]:
    """Words and numbers folded and whole: for names, which have no forms."""
    return [match.group() for match in _TERM.finditer(_fold(text))]


def _fold(text: str) -> str:
    # Long texts would only push the words of questions and labels out of the cache.
    return folded(text) if len(text) < 200 else folded.__wrapped__(text)


def number_term(text: str) -> str:
    """Digits alone: 1,204.25 and 1.204,25 are one number."""
    return text if text.isdigit() else "".join(character for character in text if character.isdigit())


class Spot(NamedTuple):
    """A term and the characters of the text it stands for."""

    term: str
    start: int
    end: int


@lru_cache(maxsize=16384)
def spots_of(text: str) -> tuple[Spot, ...]:
    """As terms_of, with places in the text as it was given."""
    pieces: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        plain = folded(character)
        pieces.append(plain)
        places.extend([place] * len(plain))
    places.append(len(text))
    found: list[Spot] = []
    for match in _TERM.finditer("".join(pieces)):
        start, end = match.span()
        if match.lastgroup == "paired" and end - start > 1:
            run = match.group()
            found += [
                Spot(run[index : index + 2], places[start + index], places[start + index + 1] + 1)
                for index in range(len(run) - 1)
            ]
        else:
            word = match.group()
            term = (
                word if match.lastgroup == "paired" else stem(word) if match.lastgroup == "word" else number_term(word)
            )
            found.append(Spot(term, places[start], places[end - 1] + 1))
    return tuple(found)


def _pairs(run: str) -> list[str]:
    return [run] if len(run) == 1 else [run[index : index + 2] for index in range(len(run) - 1)]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Without the endings that differ between a question and a page: plurals, cases, English verb forms, the Arabic
    article. Rough on purpose: it need only do the same to both."""
    if len(word) < _STEM_FROM:
        return word
    if word.isascii() or "a" <= word[0] <= "z":
        return _latin_stem(word)
    if "\u0370" <= word[0] <= "\u052f":
        return _without_ending(word, _GREEK_AND_CYRILLIC_ENDINGS)
    if "\u0620" <= word[0] <= "\u06ff":
        return next(
            (word[len(one) :] for one in _ARABIC_PREFIXES if word.startswith(one) and len(word) - len(one) > 2), word
        )
    return word


_GREEK_AND_CYRILLIC_ENDINGS = (
    *("ουσ", "εισ", "εων", "ου", "ων", "οσ", "ησ", "ασ", "εσ", "οι", "ισ", "ον", "α", "η", "ο", "ε", "ι", "υ", "σ"),
    *("ого", "его", "ому", "ыми", "ами", "ями", "ая", "ое", "ые", "ый", "ий", "ой", "ую", "ом", "ов", "ам", "ях", "ах"),
    *("а", "я", "о", "е", "и", "ы", "у", "ю", "ь", "й"),
)
_ARABIC_PREFIXES = ("وبال", "وال", "فال", "بال", "كال", "ولل", "ال", "لل", "و")
"""The article, with what is written together with it, and "and"."""


_IRREGULAR = {
    "appendices": "appendix",
    "indices": "index",
    "matrices": "matrix",
    "children": "child",
    "people": "person",
}


def _latin_stem(word: str) -> str:
    word = _IRREGULAR.get(word) or _without_plural(word)
    for ending in ("ing", "ed"):
        rest = word[: -len(ending)]
        if word.endswith(ending) and len(rest) >= 3 and any(vowel in rest for vowel in "aeiouy"):
            word = rest[:-1] if len(rest) > 3 and rest[-1] == rest[-2] and rest[-1] not in "lsz" else rest
            break
    if len(word) > 7 and word.endswith("en"):
        return word[:-2]
    return word[:-1] if len(word) > 4 and word[-1] in "aeiouy" else word


def _without_ending(word: str, endings: tuple[str, ...]) -> str:
    return next((word[: -len(one)] for one in endings if word.endswith(one) and len(word) - len(one) > 2), word)


def _without_plural(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
