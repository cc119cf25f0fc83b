"""The cell that a question names by its row and its column: "net sales in 2017", "the unit price of the bracket".

Every word of the question must be the row's, the column's, or what the table or the document is about: a row that is
only like the one asked for is another row. Where several rows or columns fit equally well, each is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from ocrchat.chat.grids import Grid, GridCell, Row
from ocrchat.chat.library import Library
from ocrchat.chat.months import SAYS_WHEN
from ocrchat.chat.pieces import Fact, Piece
from ocrchat.chat.question import Part
from ocrchat.chat.question_words import STOP_TERMS
from ocrchat.chat.support import Judge
from ocrchat.chat.table_words import DATED, DATES, IDLE, PRICED, PRICES, QUANTIFIED, QUANTITIES
from ocrchat.chat.terms import terms_of
from ocrchat.chat.values import bare, find_values, number_meaning

_SCANNED = 15
# How much of a row's own name must be asked for: "oak shelf" may be "Oak shelf, large", no more.
_OF_ROW = 0.5
_MOST = 4
_DECIMALS = re.compile(r"[.,]\d{2}(?!\d)")


@dataclass(frozen=True, slots=True)
class _Hit:
    name: GridCell
    cell: GridCell
    head: GridCell
    rank: tuple[float, ...]
    """Whether the column is named, how much of its head and of the row's name is."""


def find_cells(library: Library, part: Part, pages: frozenset[int] | None) -> list[Fact]:
    """Those that fit equally well; none where more do than can be meant."""
    judge = Judge(library, part)
    hits: list[_Hit] = []
    done: set[int] = set()
    for found in library.find(dict(part.weights), part.terms, asked=terms_of(part.text), pages=pages, most=_SCANNED):
        number = library.passages[found.passage].page
        if number in done or not library.passages[found.passage].tabular:
            continue
        done.add(number)
        for grid in library.grids(number):
            index = library.passage_of(grid.rows[0][0].lines[0])
            if not judge.support(index).missing:
                hits += _hits_in(grid, _Asked(part, judge, set(terms_of(library.passages[index].heading))))
    best = max((hit.rank for hit in hits), default=())
    facts = {(fact.page, fact.meaning, fact.labels): fact for hit in hits if hit.rank == best for fact in [_fact(hit)]}
    return list(facts.values()) if len(facts) <= _MOST else []


def names_of_rows(library: Library, part: Part, pages: frozenset[int] | None) -> list[Fact]:
    """Who or what a row is about that has exactly the words asked for in one of its other cells: "the archivist"."""
    asked = set(part.terms)
    found = []
    passages = library.find(dict(part.weights), part.terms, pages=pages, most=_SCANNED)
    for number in {library.passages[one.passage].page: None for one in passages if asked}:
        for grid in library.grids(number):
            for row in grid.rows:
                if grid.heads[0].box.left > row[0].box.right or not row[0].is_name:
                    continue
                for cell in row[1:]:
                    if cell.is_name and set(_content(cell.text)) == asked:
                        label = _pieces(cell)
                        found.append(Fact("name", row[0].text, bare(row[0].text), _pieces(row[0]), label, 1.0))
    return found if len(found) <= _MOST else []


class _Asked:
    """What a question's words are to one table."""

    def __init__(self, part: Part, judge: Judge, heading: set[str]) -> None:
        self.part = part
        self.terms = set(part.terms)
        self.all_terms = set(terms_of(part.text))
        self._judge = judge
        self._heading = heading

    def said_by(self, terms: Iterable[str]) -> set[str]:
        """The words of the question that these say, in other words too."""
        have = set(terms)
        meant = {origin for term in have for origin in self.part.synonyms.get(term, ())}
        return self.terms & (have | meant)

    def is_about(self, term: str) -> bool:
        return term in IDLE or term in self._heading or self._judge.is_subject(term)


def _hits_in(grid: Grid, asked: _Asked) -> Iterator[_Hit]:
    for row, columns, named in zip(grid.rows, grid.columns, grid.names, strict=True):
        if named is None or named > 1:
            continue
        name = row[named]
        name_terms = _content(name.text)
        of_name = asked.said_by(name_terms)
        codes = {term for cell in row if cell is not name for term in _content(cell.text) if not cell.is_figure}
        if not of_name and not _is_code(asked.terms & codes):
            continue
        if of_name and len(asked.said_by(name_terms) & set(name_terms)) < _OF_ROW * len(set(name_terms)):
            continue
        for column, cell in zip(columns, row, strict=True):
            if column is None or cell is name or (column == columns[named] and column is not None):
                continue
            of_row = of_name | _codes_of(asked, row, name, cell)
            hit = _hit(asked, grid.heads[columns[named] or 0], name, cell, grid.heads[column], of_row)
            if hit is not None:
                yield hit


def _is_code(terms: set[str]) -> bool:
    return any(any(one.isdigit() for one in term) for term in terms)


def _codes_of(asked: _Asked, row: Row, name: GridCell, target: GridCell) -> set[str]:
    """Words of the row's other cells: an article's number says which row is meant as well as its name."""
    others = [cell for cell in row if cell is not target and cell is not name and not cell.is_figure]
    return asked.said_by(term for cell in others for term in _content(cell.text))


def _hit(
    asked: _Asked, names: GridCell, name: GridCell, cell: GridCell, head: GridCell, of_row: set[str]
) -> _Hit | None:
    """`names`: the head over the rows' names."""
    part = asked.part
    if not _is_of_kind(cell, part):
        return None
    head_terms = _content(head.text) or terms_of(head.text)
    # A head of one small word ("Both") is named by that word.
    of_head = asked.said_by(head_terms) | (set(head_terms) & asked.all_terms)
    is_named = bool(of_head - of_row)
    is_price = _is_price(head, cell)
    is_quantity = bool(set(terms_of(head.text)) & QUANTITIES)
    is_date = part.kind == "date" and bool(set(terms_of(head.text)) & DATES)
    is_meant = is_date or (part.kind == "amount" and is_price) or (part.kind == "number" and is_quantity)
    if not is_named and not is_meant:
        return None
    rest = asked.terms - of_row - of_head - asked.said_by(_content(names.text))
    if is_price or _DECIMALS.search(cell.text):
        rest -= PRICED
    if is_quantity:
        rest -= QUANTIFIED
    if part.kind == "date":
        rest -= DATED
    if any(not asked.is_about(term) for term in rest):
        return None
    named = len(of_head & set(head_terms)) / max(1, len(set(head_terms)))
    of_name = set(_content(name.text))
    return _Hit(name, cell, head, (float(is_named), round(named, 2), round(len(of_row & of_name) / len(of_name), 2)))


def _is_price(head: GridCell, cell: GridCell) -> bool:
    has_money = bool(_DECIMALS.search(cell.text)) or bool(find_values(cell.text, "currency"))
    return has_money and (bool(set(terms_of(head.text)) & PRICES) or bool(find_values(head.text, "currency")))


def _is_of_kind(cell: GridCell, part: Part) -> bool:
    """A question for an amount is never answered by words, nor one for a date by a room."""
    text = cell.text.strip()
    match part.kind:
        case "amount" | "number" | "percent":
            return any(one.isdigit() for one in text) and not find_values(text, "date")
        case "date":
            return bool(find_values(text, "date")) or SAYS_WHEN.match(text) is not None
        case "email" | "url" | "iban" | "bic":
            return bool(find_values(text, part.kind))
        case "phone":
            return sum(one.isdigit() for one in text) >= 4
        case _:
            return bool(bare(text)) and (not part.figured or any(one.isdigit() for one in text))


def _fact(hit: _Hit) -> Fact:
    label = (*_pieces(hit.name), *_pieces(hit.head))
    text = hit.cell.text.strip()
    meaning = number_meaning(text) if hit.cell.is_figure else bare(text)
    return Fact("number" if hit.cell.is_figure else "text", text, meaning, _pieces(hit.cell), label, 1.0)


def _pieces(cell: GridCell) -> tuple[Piece, ...]:
    return tuple(Piece(line, 0, len(line.text)) for line in cell.lines)


@lru_cache(maxsize=8192)
def _content(text: str) -> list[str]:
    return [term for term in terms_of(text) if term not in STOP_TERMS]
