"""The scripts that can be read: their letters, their direction, and the data that reads them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ocrchat.document.model import Direction


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    name: str
    model: str
    """Tesseract's name of the data that reads its languages best when which it is is not known."""
    direction: Direction = "ltr"
    spaced: bool = True


# Of Armenian, Cherokee and Thaana the one language's own data reads as well as the script's, in two thirds of the time.
SCRIPTS = {
    "Arab": Script(name="Arabic", model="Arabic", direction="rtl"),
    "Armn": Script(name="Armenian", model="hye"),
    "Beng": Script(name="Bengali", model="Bengali"),
    "Cans": Script(name="Canadian Aboriginal", model="Canadian_Aboriginal"),
    "Cher": Script(name="Cherokee", model="chr"),
    "Cyrl": Script(name="Cyrillic", model="Cyrillic"),
    "Deva": Script(name="Devanagari", model="Devanagari"),
    "Ethi": Script(name="Ethiopic", model="Ethiopic"),
    "Geor": Script(name="Georgian", model="Georgian"),
    "Grek": Script(name="Greek", model="Greek"),
    "Gujr": Script(name="Gujarati", model="Gujarati"),
    "Guru": Script(name="Gurmukhi", model="Gurmukhi"),
    "Hans": Script(name="Chinese (simplified)", model="HanS", spaced=False),
    "Hant": Script(name="Chinese (traditional)", model="HanT", spaced=False),
    "Hebr": Script(name="Hebrew", model="Hebrew", direction="rtl"),
    "Jpan": Script(name="Japanese", model="Japanese", spaced=False),
    "Khmr": Script(name="Khmer", model="khm", spaced=False),
    "Knda": Script(name="Kannada", model="Kannada"),
    "Kore": Script(name="Korean", model="Hangul"),
    "Laoo": Script(name="Lao", model="Lao", spaced=False),
    "Latf": Script(name="Fraktur", model="Fraktur"),
    "Latn": Script(name="Latin", model="Latin"),
    "Mlym": Script(name="Malayalam", model="Malayalam"),
    "Mymr": Script(name="Burmese", model="Myanmar", spaced=False),
    "Orya": Script(name="Odia", model="Oriya"),
    "Sinh": Script(name="Sinhala", model="Sinhala"),
    "Syrc": Script(name="Syriac", model="Syriac", direction="rtl"),
    "Taml": Script(name="Tamil", model="Tamil"),
    "Telu": Script(name="Telugu", model="Telugu"),
    "Thaa": Script(name="Thaana", model="div", direction="rtl"),
    "Thai": Script(name="Thai", model="Thai", spaced=False),
    "Tibt": Script(name="Tibetan", model="bod", spaced=False),
}

# First and last code point of each script's letters. Han letters are shared by three: "Hani" until something tells.
_RANGES = sorted(
    [
        (0x41, 0x5A, "Latn"),
        (0x61, 0x7A, "Latn"),
        (0xAA, 0xAA, "Latn"),
        (0xBA, 0xBA, "Latn"),
        (0xC0, 0xD6, "Latn"),
        (0xD8, 0xF6, "Latn"),
        (0xF8, 0x24F, "Latn"),
        (0x250, 0x2AF, "Latn"),
        (0x370, 0x3FF, "Grek"),
        (0x400, 0x52F, "Cyrl"),
        (0x531, 0x58F, "Armn"),
        (0x591, 0x5F4, "Hebr"),
        (0x620, 0x65F, "Arab"),
        (0x66E, 0x6D3, "Arab"),
        (0x6D5, 0x6EF, "Arab"),
        (0x6FA, 0x6FF, "Arab"),
        (0x700, 0x74F, "Syrc"),
        (0x750, 0x77F, "Arab"),
        (0x780, 0x7BF, "Thaa"),
        (0x8A0, 0x8FF, "Arab"),
        (0x900, 0x963, "Deva"),
        (0x966, 0x97F, "Deva"),
        (0x980, 0x9FF, "Beng"),
        (0xA00, 0xA7F, "Guru"),
        (0xA80, 0xAFF, "Gujr"),
        (0xB00, 0xB7F, "Orya"),
        (0xB80, 0xBFF, "Taml"),
        (0xC00, 0xC7F, "Telu"),
        (0xC80, 0xCFF, "Knda"),
        (0xD00, 0xD7F, "Mlym"),
        (0xD80, 0xDFF, "Sinh"),
        (0xE01, 0xE7F, "Thai"),
        (0xE80, 0xEFF, "Laoo"),
        (0xF00, 0xFFF, "Tibt"),
        (0x1000, 0x109F, "Mymr"),
        (0x10A0, 0x10FF, "Geor"),
        (0x1100, 0x11FF, "Kore"),
        (0x1200, 0x139F, "Ethi"),
        (0x13A0, 0x13FF, "Cher"),
        (0x1400, 0x167F, "Cans"),
        (0x1780, 0x17FF, "Khmr"),
        (0x1C80, 0x1C8F, "Cyrl"),
        (0x1E00, 0x1EFF, "Latn"),
        (0x1F00, 0x1FFF, "Grek"),
        (0x2D00, 0x2D2F, "Geor"),
        (0x2D80, 0x2DDF, "Ethi"),
        (0x2E80, 0x2FDF, "Hani"),
        (0x3005, 0x3007, "Hani"),
        (0x3041, 0x30FF, "Jpan"),
        (0x3131, 0x318E, "Kore"),
        (0x31F0, 0x31FF, "Jpan"),
        (0x3400, 0x9FFF, "Hani"),
        (0xA640, 0xA69F, "Cyrl"),
        (0xA720, 0xA7FF, "Latn"),
        (0xAB70, 0xABBF, "Cher"),
        (0xAC00, 0xD7A3, "Kore"),
        (0xF900, 0xFAFF, "Hani"),
        (0xFB00, 0xFB06, "Latn"),
        (0xFB13, 0xFB17, "Armn"),
        (0xFB1D, 0xFB4F, "Hebr"),
        (0xFB50, 0xFDFF, "Arab"),
        (0xFE70, 0xFEFC, "Arab"),
        (0xFF66, 0xFF9D, "Jpan"),
        (0x20000, 0x323AF, "Hani"),
    ]
)
_STARTS = [start for start, _, _ in _RANGES]


def script_of(character: str) -> str:
    """Of a letter; empty for digits, marks and signs that scripts share."""
    place = bisect_right(_STARTS, ord(character)) - 1
    if place < 0 or ord(character) > _RANGES[place][1]:
        return ""
    return _RANGES[place][2]


def letters_by_script(texts: Iterable[str]) -> Counter[str]:
    """How many letters of each script. Han counts as Japanese where kana stand among it."""
    # Each kind of character is looked up once: a page has thousands of characters and some dozens of kinds.
    characters = Counter("".join(texts))
    counts: Counter[str] = Counter()
    for character, times in characters.items():
        if script := script_of(character):
            counts[script] += times
    if counts["Hani"] and counts["Jpan"] * 20 > counts["Hani"]:
        counts["Jpan"] += counts.pop("Hani")
    return +counts
