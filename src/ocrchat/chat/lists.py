"""Lists: what stands under or beside a heading that the question names, and the rows of a table."""

from __future__ import annotations

from dataclasses import dataclass

from ocrchat.chat.fields import FIELDS
from ocrchat.chat.labels import generic_hits, label_hits
from ocrchat.chat.layout import Layout
from ocrchat.chat.library import Library
from ocrchat.chat.lines import PageLine
from ocrchat.chat.question import Part

# A label agrees this well with what is asked for, or its list is not given.
_LEAST = 0.75
_SCANNED = 30
# A list of one is a value, and one of hundreds is not read in an answer.
_FEWEST, _MOST = 2, 60
_ITEM_LENGTH = 90
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
            items = layout.items_of(line)
            if part.counted and not (quality > 0.95 and all(item[0].role in _COUNTABLE for item in items)):
                continue
            if _FEWEST <= len(items) <= _MOST and all(len(item[0].text) <= _ITEM_LENGTH for item in items):
                best = (quality, ItemList((line,), tuple(items)))
    return None if best is None else best[1]


def _quality(line: PageLine, part: Part, library: Library) -> float:
    if len(line.text) > _ITEM_LENGTH:
        return 0.0
    if part.field is not None:
        return max(
            (1.0 for hit in label_hits(line.text, FIELDS.values()) if hit.field is part.field and hit.start == 0),
            default=0.0,
        )
    return max((quality for _, quality in generic_hits(line.text, part, library.rarity)), default=0.0)
