"""The cell that a question names by its row and its column: "net sales in 2017", "how many tonnes in February"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ocrchat.chat.layout import Layout
from ocrchat.chat.library import Library
from ocrchat.chat.lines import PageLine
from ocrchat.chat.pieces import Fact, Piece
from ocrchat.chat.question import Part
from ocrchat.chat.support import Judge
from ocrchat.chat.terms import terms_of
from ocrchat.chat.values import number_meaning

_SCANNED = 15
# How much of a row's name must be asked for, and how much of the question row, column and document must speak of.
_OF_ROW = 0.6
_OF_QUESTION = 0.65
# A synonym or the document's own subject stands for a word nearly as well as the word itself.
_NEARLY = 0.85
_FIGURE = re.compile(r"^[-−(]?\s*[$€£¥₹]?\s*[-−(]?\d[\d.,\s]*%?\)?$|^[$€£¥₹]?\s*\d.*\d$")
_NAME_LENGTH = 90


def find_cell(library: Library, part: Part, pages: frozenset[int] | None) -> Fact | None:
    judge = Judge(library, part)
    best: Fact | None = None
    for found in library.find(dict(part.weights), part.terms, asked=terms_of(part.text), pages=pages, most=_SCANNED):
        passage = library.passages[found.passage]
        page = library.page(passage.page)
        if page is None or not passage.tabular or judge.support(found.passage).missing:
            continue
        layout = Layout(page)
        for row in {page.row_of[line.order] for line in passage.lines}:
            for fact in _cells_of_row(page.rows[row], layout, part, judge):
                if best is None or fact.score > best.score:
                    best = fact
    return best


def _cells_of_row(row: Sequence[PageLine], layout: Layout, part: Part, judge: Judge) -> Iterator[Fact]:
    named = [cell for cell in row if not _FIGURE.match(cell.text.strip()) and len(cell.text) <= _NAME_LENGTH]
    if not named or not any(one.isalpha() for one in named[0].text):
        return
    name = named[0]
    row_terms = set(terms_of(name.text)) - {"of", "and", "the", "in"}
    asked = set(part.terms) | set(part.synonyms)
    if not row_terms or len(row_terms & asked) < _OF_ROW * len(row_terms):
        return
    for cell in row:
        if cell is name or not _FIGURE.match(cell.text.strip()):
            continue
        head = layout.head_of(cell)
        if head is None or head is name:
            continue
        head_terms = set(terms_of(head.text))
        if not head_terms & (asked - row_terms):
            continue
        score = _reached(part, judge, row_terms | head_terms)
        if score >= _OF_QUESTION:
            label = (Piece(name, 0, len(name.text)), Piece(head, 0, len(head.text)))
            value = (Piece(cell, 0, len(cell.text)),)
            yield Fact("number", cell.text.strip(), number_meaning(cell.text), value, label, score)


def _reached(part: Part, judge: Judge, terms: set[str]) -> float:
    total = reached = 0.0
    for term in part.terms:
        weight = judge.weight(term)
        total += weight
        if term in terms:
            reached += weight
        elif judge.is_subject(term) or any(term in part.synonyms.get(one, ()) for one in terms):
            reached += _NEARLY * weight
    return reached / total if total else 0.0
