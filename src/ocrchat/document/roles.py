"""What a paragraph is: a heading and of which level, a caption, a footnote, code, a formula. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ocrchat.document.marks import Mark
from ocrchat.document.model import Box, Line, Role
from ocrchat.document.tabular import is_figure

_HEADING_ROWS = 3
_LARGEST, _LARGE = 1.8, 1.3
"""Size over the body's, and the levels 1 and 2."""

_LARGER, _LARGER_EXACT = 1.22, 1.1
"""From here on a lone row before prose is a heading of level 3; where a file states its sizes less will do."""

_LONGEST_HEADING = 120
_CAPITALS = 6
"""Letters, all of them capitals, that make a lone row a heading."""

_NUMBERED = re.compile(
    r"(?:§\s*)?(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=[^\W\d_])|第[一二三四五六七八九十百\d]+[章节節条編部]"
)
_CAPTION = re.compile(
    r"(?:fig(?:ure|\.)?|tab(?:le|elle|leau|la|\.)?|abb(?:ildung|\.)?|chart|exhibit|plate|scheme|figura|tafel|grafik|"
    r"рис(?:унок|\.)?|табл(?:ица|\.)?|图表?|圖表?|表|図)\s*(?:s\.?\s*)?(?:\d+|[ivx]+\b|[a-z]\b)",
    re.IGNORECASE,
)
_AFTER_NUMBER = re.compile(r"^\S+\s*[\w.–-]*\s*(?:[.:—|–-]\s|$|\s+[^\W\d_a-zà-ÿ])")
_FOOTNOTE = re.compile(r"(?P<mark>\d{1,2}|[*†‡§¶]{1,3}|[¹²³⁴⁵⁶⁷⁸⁹])(?=\s|[^\W\d_])")
_FOOTNOTE_SIZE = 0.93
_SENTENCE_END = (".", ",", ";", "。", "，", "；")

_RELATION = re.compile(r"[=≈≤≥≡∝→⇒⇔∈⊂⊆<>≠≅±∑∫∏√∂]")
_WORD = re.compile(r"[^\W\d_]{4,}")
_FUNCTIONS = re.compile(r"\b(?:sinh?|cosh?|tanh?|log|exp|lim|max|min|arg|Pr|where|with|for)\b")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a paragraph when its role is asked for."""

    text: str
    rows: int
    size: float
    box: Box
    """In the reading frame."""
    column: Box
    """What of the page is one column with it."""
    bold: bool = False
    exact: bool = False
    monospace: bool = False
    mark: Mark | None = None
    in_table: bool = False
    pieces: int = 1
    """Of its widest row."""
    before_prose: bool = False
    """The next paragraph of its column is running text."""
    beside_picture: bool = False
    """The block before or after it is a figure or a table."""


def body_size(lines: Sequence[Line], sizes: Sequence[float]) -> float:
    """The height of most text: by characters, so that many short headings do not outvote the prose."""
    return median([size for line, size in zip(lines, sizes, strict=True) for _ in range(max(1, len(line.text) // 10))])


def role_of(facts: Facts, body: float) -> tuple[Role, int]:
    """Of a paragraph that is no list item."""
    if facts.monospace and facts.rows > 1:
        return "code", 0
    if facts.in_table:
        return "paragraph", 0
    if is_caption(facts, body):
        return "caption", 0
    level = heading_level(facts, body)
    return ("heading", level) if level else ("paragraph", 0)


def begins_caption(text: str) -> bool:
    """With the word and the number of one."""
    return bool(_CAPTION.match(text.lstrip()))


def is_caption(facts: Facts, body: float) -> bool:
    if not _CAPTION.match(facts.text) or facts.size > _LARGE * body:
        return False
    return facts.beside_picture or (bool(_AFTER_NUMBER.match(facts.text)) and facts.rows <= 6)


def is_set_apart(facts: Facts, body: float) -> bool:
    """Set like a heading, which a list item is not, whatever number it begins with."""
    return facts.rows <= _HEADING_ROWS and (
        facts.size >= _LARGE * body or (facts.bold and heading_level(facts, body) > 0)
    )


def heading_level(facts: Facts, body: float) -> int:
    """0: no heading."""
    if (
        facts.rows > _HEADING_ROWS
        or facts.pieces > 2
        or len(facts.text) > _LONGEST_HEADING
        or not _has_words(facts.text)
    ):
        return 0
    ratio = facts.size / body
    numbered = _NUMBERED.match(facts.text)
    depth = numbered[1].count(".") if numbered and numbered[1] else 0
    if ratio >= _LARGE:
        return max(1 if ratio >= _LARGEST else 2, min(6, 1 + depth))
    if facts.text.rstrip().endswith(_SENTENCE_END) or not facts.before_prose or is_figure(facts.text):
        return 0
    if facts.rows <= 2 and (
        ratio >= (_LARGER_EXACT if facts.exact else _LARGER) or facts.bold or _in_capitals(facts.text)
    ):
        return min(6, 3 + depth) if depth else 3
    if facts.rows == 1 and numbered and numbered[1] and facts.box.width < 0.75 * facts.column.width:
        return min(6, 3 + depth)
    return 0


def _has_words(text: str) -> bool:
    """Logos and ornaments read as one large letter, and page numbers, are no headings."""
    return sum(map(str.isalpha, text)) > 1


def _in_capitals(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return _CAPITALS <= len(letters) > sum(map(str.isdigit, text)) and all(letter.isupper() for letter in letters)


def footnote_mark(facts: Facts, body: float, page: Box) -> str:
    """The mark of a footnote, of what stands last in its column: small print in the lower half of the page that begins
    with one."""
    match = _FOOTNOTE.match(facts.text)
    if match is None or facts.in_table or facts.size > _FOOTNOTE_SIZE * body:
        return ""
    if facts.box.top < (page.top + page.bottom) / 2 or not _has_words(facts.text):
        return ""
    return match["mark"]


def is_formula(facts: Facts) -> bool:
    """A row of its own that relates two sides and says next to no word, set in from the column."""
    text = facts.text
    if facts.rows > 3 or facts.in_table or len(text) < 3 or not _RELATION.search(text):
        return False
    if not any(map(str.isalpha, text)) or _WORD.search(_FUNCTIONS.sub("", text)):
        return False
    signs = sum(not character.isalnum() and not character.isspace() for character in text)
    set_in = facts.box.left > facts.column.left + 1.5 * facts.size
    return set_in and signs >= 0.12 * len(text) and "://" not in text and "@" not in text
