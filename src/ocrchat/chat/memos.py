"""From, to, where: the lines at the head of memos, letters, minutes and printed mail, whose labels are words of grammar
in every other place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ocrchat.chat.layout import Layout
from ocrchat.chat.library import Library
from ocrchat.chat.lines import PageLine
from ocrchat.chat.pieces import Fact, Piece
from ocrchat.chat.question import Part
from ocrchat.chat.terms import folded, terms_of
from ocrchat.chat.values import bare


@dataclass(frozen=True, slots=True)
class _Head:
    asked: re.Pattern[str]
    """Of a folded question."""
    label: re.Pattern[str]


_HEADS = (
    _Head(
        re.compile(
            r"\bwho(?:m)? .*\bfrom\b|\bwho (?:sent|wrote|has sent|has written)\b|\bsender\b|"
            r"\bvon wem\b|\bde qui\b|\bde quien\b"
        ),
        re.compile(r"(?:from|sender|von|absender|de|expediteur|remitente|od|nadawca|απο|من)\s*[:：]", re.IGNORECASE),
    ),
    _Head(
        re.compile(r"\bwho(?:m)? .*\bto\b|\bto whom\b|\brecipient\b|\baddressee\b|\ban wen\b|\ba qui\b|\ba quien\b"),
        re.compile(
            r"(?:to|recipient|addressee|an|empfanger|a|destinataire|para|destinatario|do|adresat|προς|إلى)\s*[:：]",
            re.IGNORECASE,
        ),
    ),
    _Head(
        re.compile(r"^(?:where|wo|ou|donde) .*|\b(?:venue|place|location)\b"),
        re.compile(r"(?:place|venue|location|where|ort|lieu|lugar|local|miejsce|τοπος|المكان)\s*[:：]", re.IGNORECASE),
    ),
)
_OF_THE_PAPER = frozenset(
    terms_of(
        "memo memorandum letter minutes message mail email note fax report circular meeting session conference "
        "send sent write wrote written sender recipient addressee address addressed receive held take took place "
        "assembly happen venue location brief schreiben protokoll sitzung lettre reunion reunión carta"
    )
)
"""What such a question may speak of beside."""
# Of a line with the label only the value stands beside it.
_LONGEST = 160


def find_head(library: Library, part: Part, pages: frozenset[int] | None) -> Fact | None:
    """The one line of the first page, or of the pages asked for, that begins with the label."""
    if any(term not in _OF_THE_PAPER for term in part.terms) or part.names:
        return None
    plain = folded(part.text).strip(" ?!.")
    head = next((head for head in _HEADS if head.asked.search(plain)), None)
    own = [page for page in library.pages if page.number in (pages or {1})]
    if head is None:
        return None
    found = [
        fact
        for page in own
        for line in page.lines
        for fact in [_value(line, head.label, Layout(page))]
        if fact is not None
    ]
    return found[0] if len(found) == 1 else None


def _value(line: PageLine, label: re.Pattern[str], layout: Layout) -> Fact | None:
    match = label.match(folded(line.text)) if len(folded(line.text)) == len(line.text) else label.match(line.text)
    if match is None or len(line.text) > _LONGEST:
        return None
    text = line.text[match.end() :].strip()
    if text:
        start = line.text.index(text, match.end())
        piece = Piece(line, start, start + len(text))
    else:
        beside = layout.following(line)[:1]
        if not beside or not bare(beside[0].text):
            return None
        piece = Piece(beside[0], 0, len(beside[0].text))
    return Fact("text", piece.text, bare(piece.text), (piece,), (Piece(line, 0, match.end()),), 1.0)
