"""The tables of a document as a spreadsheet takes them, one after another, and its lines where it has none.

A table that goes on from the page before continues that one, without its repeated heading. Until a table comes, lines
are kept in a temporary file: only at the end is it known whether they are wanted.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ocrchat.document.model import DocumentHead, Page, TableBlock
from ocrchat.export.markers import printed_lines_of_page
from ocrchat.export.tables import Grid, TableParts, grid_from_table
from ocrchat.export.walker import is_furniture, presentable_pages

LINE_COLUMNS = ("page", "left", "top", "right", "bottom", "text")
_IN_MEMORY = 1 << 20
"""Bytes of lines held before they go to disk; some hundred pages."""


class Part(NamedTuple):
    """A table, or what of it stands on one page."""

    number: int
    """Of the table in the document, from 1."""
    page: int
    grid: Grid
    languages: tuple[str, ...]
    first_row: int
    """Rows of the grid before it repeat the heading of the part before."""
    continues: bool


class Sheets:
    """Walks a document's tables once; afterwards `lines` gives all lines where there was no table."""

    def __init__(self, head: DocumentHead, pages: Iterable[Page]) -> None:
        self._pages = presentable_pages(head, pages)
        self._spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, mode="w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - lives as long as this
        self.tables = 0

    def close(self) -> None:
        self._spool.close()

    def parts(self) -> Iterator[Part]:
        parts = TableParts()
        for page in self._pages:
            for index, block in enumerate(page.blocks):
                if not isinstance(block, TableBlock):
                    continue
                grid = grid_from_table(block)
                if not grid.cells:
                    continue
                part = parts.part(page.number, index, block, grid)
                self.tables += 0 if part.continues else 1
                yield Part(self.tables, page.number, grid, page.languages, part.first_row, part.continues)
            if not self.tables:
                self._keep(page)

    def _keep(self, page: Page) -> None:
        kept = Page(
            number=page.number,
            width=page.width,
            height=page.height,
            dpi=page.dpi,
            blocks=tuple(block for block in page.blocks if not is_furniture(block)),
        )
        for line in printed_lines_of_page(kept):
            box = [round(value) for value in line.box]
            self._spool.write(json.dumps([page.number, *box, line.text], ensure_ascii=False) + "\n")

    def lines(self) -> Iterator[Sequence[int | str]]:
        """In LINE_COLUMNS' order; after `parts` has ended."""
        self._spool.seek(0)
        for line in self._spool:
            yield json.loads(line)
