"""Lists: what stands under or beside a heading that the question names, and the rows of a table."""

from __future__ import annotations

from dataclasses import dataclass

from ocrchat.chat.fields import FIELDS
from ocrchat.chat.grids import grid_with
from ocrchat.chat.labels import generic_hits, label_hits
from ocrchat.chat.layout import Layout
from ocrchat.chat.library import Library
from ocrchat.chat.lines import PageLine
from ocrchat.chat.question import Part
from ocrchat.chat.table_words import IDLE, ITEMS, PRICES
from ocrchat.chat.terms import terms_of

# A label agrees this well with what is asked for, or its list is not given.
_LEAST = 0.75
_SCANNED = 30
# A list of one is a value, and one of hundreds is not read in an answer.
_FEWEST, _MOST = 2, 60
_ITEM_LENGTH = 90
# Longer documents are no bills.
_BILL_PAGES = 30
# What is known to be one item a line; lines of a paragraph are not counted.
_COUNTABLE = ("cell", "list_item")


@dataclass(frozen=True, slots=True)
class ItemList:
    label: tuple[PageLine, ...]
    items: tuple[tuple[PageLine, ...], ...]

    @property
    def page(self) -> int:
        return self.items[0][0].page

    @property
    def label_text(self) -> str:
        return " ".join(line.text for line in self.label).strip(" :")

    @property
    def texts(self) -> list[str]:
        return [" ".join(line.text for line in item) for item in self.items]


def find_list(library: Library, part: Part, pages: frozenset[int] | None) -> ItemList | None:
    rows = _rows_counted(library, part, pages) if part.counted else None
    if rows is not None:
        return rows
    best: tuple[float, ItemList] | None = None
    for found in library.find(dict(part.weights), part.terms, pages=pages, most=_SCANNED):
        passage = library.passages[found.passage]
        page = library.page(passage.page)
        if page is None:
            continue
        layout = Layout(page)
        for line in passage.lines:
            quality = _quality(line, part, library)
            if quality < _LEAST or (best is not None and quality <= best[0]):
                continue
            items = _items_under(line, library, layout)
            if part.counted and not (quality > 0.95 and all(item[0].role in _COUNTABLE for item in items)):
                continue
            if _FEWEST <= len(items) <= _MOST and all(len(item[0].text) <= _ITEM_LENGTH for item in items):
                best = (quality, ItemList((line,), tuple(items)))
    return None if best is None else best[1]


def _items_under(line: PageLine, library: Library, layout: Layout) -> list[tuple[PageLine, ...]]:
    """Of a head of a column what is in the column, to the end of its table and no further; a row's name has none."""
    grid = grid_with(library.grids(line.page), line)
    if grid is None:
        return layout.items_of(line)
    column = next((place for place, head in enumerate(grid.heads) if line in head.lines), None)
    if column is None:
        return []
    if column == 0:
        return [row[0].lines for row in grid.items()]
    return [
        cell.lines
        for row, columns in zip(grid.rows, grid.columns, strict=True)
        for cell, place in zip(row, columns, strict=True)
        if place == column
    ]


def _rows_counted(library: Library, part: Part, pages: frozenset[int] | None) -> ItemList | None:
    """The goods on a bill ("how many items are there?"), where one table of them stands there and nothing else is
    asked for; counted up to the first total."""
    if not set(part.terms) & ITEMS or not set(part.terms) <= ITEMS | IDLE:
        return None
    found = []
    if pages is None and library.page_count > _BILL_PAGES:
        return None
    for page in library.pages:
        if pages is not None and page.number not in pages:
            continue
        for grid in library.grids(page.number):
            has_prices = any(set(terms_of(head.text)) & PRICES for head in grid.heads[1:])
            items = grid.items()
            if has_prices and len(items) >= _FEWEST:
                found.append(ItemList(grid.heads[0].lines, tuple(row[0].lines for row in items)))
    return found[0] if len(found) == 1 else None


def _quality(line: PageLine, part: Part, library: Library) -> float:
    if len(line.text) > _ITEM_LENGTH:
        return 0.0
    if part.field is not None:
        return max(
            (1.0 for hit in label_hits(line.text, FIELDS.values()) if hit.field is part.field and hit.start == 0),
            default=0.0,
        )
    return max((quality for _, quality in generic_hits(line.text, part, library.rarity)), default=0.0)
