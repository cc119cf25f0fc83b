"""Text scores, one definition for us and for every peer.

F1 does not see order: words, or pairs of neighbouring characters where the language is written without spaces. CER is
the edit distance over the length of the truth, and does see it. Both sides are first folded alike: line-end hyphens
joined, Unicode forms, quotes, dashes, white space.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_QUOTES_AND_DASHES = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u2010": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
    }
)
# A letter, a hyphen at the line's end, a letter. Blank lines between count too: a word may break over a column.
_LINE_END_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010\u2011\u00ac][^\S\n]*\n\s*(?=[^\W\d_])")


def fold(text: str, *, spaced: bool = True) -> str:
    text = unicodedata.normalize("NFKC", text)
    text = _INVISIBLE.sub("", text).translate(_QUOTES_AND_DASHES)
    return re.sub(r"\s+", " " if spaced else "", text).strip()


def join_hyphens(text: str) -> str:
    """Without the hyphens at line ends, so that a reader who joins words and one who does not score alike."""
    return _LINE_END_HYPHEN.sub(_joint, text.replace("\r\n", "\n"))


def _joint(match: re.Match[str]) -> str:
    # "Anglo-\nSaxon" is written with its hyphen: a capital after it says that it is no break of a word.
    return "-" if match.string[match.end()].isupper() and match.string[match.start() - 1].islower() else ""


def text_f1(truth: str, got: str, *, spaced: bool = True) -> float:
    expected = _units(fold(truth, spaced=spaced).lower(), spaced=spaced)
    found = _units(fold(got, spaced=spaced).lower(), spaced=spaced)
    total = expected.total() + found.total()
    return 2 * (expected & found).total() / max(1, total)


def cer(truth: str, got: str, *, spaced: bool = True) -> float:
    """0 is perfect; may exceed 1 where more was read than there is."""
    expected, found = fold(truth, spaced=spaced), fold(got, spaced=spaced)
    return Levenshtein.distance(expected, found) / max(1, len(expected))


def _units(text: str, *, spaced: bool) -> Counter[str]:
    if spaced:
        return Counter(text.split())
    return Counter(text[start : start + 2] for start in range(len(text) - 1))


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What a measure may compare with; `annotations` is the `.gt.json` of the case, whatever its shape."""

    text: str
    spaced: bool
    markdown: str = ""
    annotations: object = None


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One number a page. `exports` are the formats it looks at: a reader that does not write one of them is not
    measured. None: the page's truth says nothing on this."""

    name: str
    exports: tuple[str, ...]
    higher_is_better: bool
    of: Callable[[Truth, Mapping[str, str]], float | None]


def _f1_of(truth: Truth, exports: Mapping[str, str]) -> float:
    return text_f1(join_hyphens(truth.text), join_hyphens(exports["txt"]), spaced=truth.spaced)


def _cer_of(truth: Truth, exports: Mapping[str, str]) -> float:
    return cer(join_hyphens(truth.text), join_hyphens(exports["txt"]), spaced=truth.spaced)


F1 = Measure(name="F1", exports=("txt",), higher_is_better=True, of=_f1_of)
CER = Measure(name="CER", exports=("txt",), higher_is_better=False, of=_cer_of)
# A measure of another kind (tables, order) is one more line here; reports have a column for each.
MEASURES = (F1, CER)
