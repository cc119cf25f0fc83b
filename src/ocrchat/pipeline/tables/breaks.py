"""Tables that go on over a page break: the part on the next page says which table it goes on from. Pure.

A break is certain where the last thing on a page and the first on the next are tables of the same columns, and the
second begins with the first one's heads or with figures where the first one has them. Repeated heads stay in the page:
exports leave them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ocrchat.document.model import Block, Page, TableBlock, TextBlock
from ocrchat.pipeline.tables.cells import is_number, numeric_columns

_EDGE = 0.12
"""Share of a page's height at its top and bottom in which short texts are running heads and page numbers."""

_LOW, _HIGH = 0.55, 0.45
"""Shares of its page's height: a table that ends above the first, or begins below the second, was not broken."""

_SAME = 0.03
"""Of the page's width: how far apart the edges of the same column may stand on two pages."""


def with_continued_tables(pages: Iterable[Page]) -> Iterator[Page]:
    """The pages in their order, each as soon as it comes."""
    before: tuple[Page, int] | None = None
    for page in pages:
        first = _first_table(page)
        if before is not None and first is not None and page.number == before[0].number + 1:
            page = _continued(page, first, *before)
        yield page
        last = _last_table(page)
        before = (page, last) if last is not None else None


def _continued(page: Page, at: int, previous: Page, origin: int) -> Page:
    table, start = page.blocks[at], previous.blocks[origin]
    assert isinstance(table, TableBlock)
    assert isinstance(start, TableBlock)
    if not _same_columns(table, page, start, previous):
        return page
    repeated = _heads(table) == _heads(start) != []
    if not repeated and not _begins_with_figures(table, start):
        return page
    cells = table.cells if repeated else tuple(replace(cell, header=False) for cell in table.cells)
    changed = replace(table, cells=cells, continues=origin)
    return replace(page, blocks=(*page.blocks[:at], changed, *page.blocks[at + 1 :]))


def _last_table(page: Page) -> int | None:
    for at in range(len(page.blocks) - 1, -1, -1):
        block = page.blocks[at]
        if isinstance(block, TableBlock):
            return at if block.box.bottom > _LOW * page.height else None
        if not _is_beside_the_text(block, page):
            return None
    return None


def _first_table(page: Page) -> int | None:
    for at, block in enumerate(page.blocks):
        if isinstance(block, TableBlock):
            return at if block.box.top < _HIGH * page.height else None
        if not _is_beside_the_text(block, page):
            return None
    return None


def _is_beside_the_text(block: Block, page: Page) -> bool:
    """Running heads, page numbers, footnotes."""
    if not isinstance(block, TextBlock):
        return False
    if block.role in ("furniture", "footnote"):
        return True
    at_edge = block.box.bottom < _EDGE * page.height or block.box.top > (1 - _EDGE) * page.height
    return at_edge and len(block.lines) == 1 and block.role != "caption"


def _same_columns(table: TableBlock, page: Page, start: TableBlock, previous: Page) -> bool:
    ours, theirs = _edges(table, page), _edges(start, previous)
    return len(ours) == len(theirs) and all(abs(a - b) <= _SAME for a, b in zip(ours, theirs, strict=True))


def _edges(table: TableBlock, page: Page) -> list[float]:
    """Where each column begins and the last ends, as shares of the page's width."""
    starts: dict[int, float] = {}
    for cell in table.cells:
        starts[cell.column] = min(cell.box.left, starts.get(cell.column, cell.box.left))
    right = max(cell.box.right for cell in table.cells)
    return [value / max(1, page.width) for value in (*(starts[column] for column in sorted(starts)), right)]


def _heads(table: TableBlock) -> list[str]:
    return [" ".join(line.text for line in cell.lines) for cell in table.cells if cell.header]


def _begins_with_figures(table: TableBlock, start: TableBlock) -> bool:
    figures = numeric_columns(start.cells)
    first: Sequence[str] = [
        " ".join(line.text for line in cell.lines).strip()
        for cell in table.cells
        if cell.row == 0 and cell.column in figures
    ]
    return any(is_number(text) for text in first)
