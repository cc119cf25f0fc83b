"""Papers to ask about, drawn from words: an invoice in prose and one as a form, a report, tables."""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.chat.library import Library
from ocrchat.document.model import Block, Box, Line, Page, TextBlock
from tests.factories import block_of, line_at, table_of


def page_of(*blocks: Block, number: int = 1) -> Page:
    return Page(number=number, width=1240, height=1754, dpi=150.0, blocks=blocks, languages=("en",))


def cell_at(text: str, left: float, top: float, *, rtl: bool = False) -> TextBlock:
    """A block of its own, as readers find the cells of a form without lines."""
    width = 12.0 * len(text)
    line = line_at(text, (left, top, left + width, top + 30), rtl=rtl)
    return TextBlock(box=line.box, lines=(line,))


def rows_at(
    rows: Sequence[Sequence[str]], *, top: float = 300.0, lefts: Sequence[float] = (100, 700, 950)
) -> list[Block]:
    """Column by column, as a reader goes through a form: what belongs together stands far apart in the order."""
    cells = [(column, row, text) for row, texts in enumerate(rows) for column, text in enumerate(texts) if text]
    return [cell_at(text, lefts[column], top + 50 * row) for column, row, text in sorted(cells)]


PROSE_INVOICE = page_of(
    block_of("INVOICE", role="heading", level=1),
    block_of("Acme Corp", "12 Mill Lane, Springfield", top=200),
    block_of("The invoice total is $42, due on March 3. Please pay", "to the account named below.", top=320),
)

FORM_INVOICE = page_of(
    block_of("Northwind Traders", role="title"),
    *rows_at(
        [
            ("Invoice No. 2024-017", "Date:", "12 May 2024"),
            ("Customer: Ann Larsen", "Due date:", "11 June 2024"),
            ("Telephone +47 22 33 44 55", "E-mail:", "post@northwind.example"),
        ]
    ),
    *rows_at(
        [
            ("Description", "Net", "Amount"),
            ("Blue paint", "80.00", "100.00"),
            ("Brushes", "20.00", "25.00"),
            ("Subtotal", "", "100.00 EUR"),
            ("VAT 25%", "", "25.00 EUR"),
            ("Total", "", "125.00 EUR"),
        ],
        top=600,
    ),
    block_of("IBAN: NO93 8601 1117 947 - BIC: DNBANOKK", top=1000),
)

REPORT = (
    page_of(
        block_of("Annual report of the Harbour Board", role="title"),
        block_of(
            "The board met nine times in 2023. The harbour handled 1,240 ships,",
            "which is 3.5% more than in the year before.",
            top=200,
        ),
        number=1,
    ),
    page_of(
        block_of("Bankers", role="heading", level=2),
        block_of("Bank of the North", "First Harbour Bank", "Savings Bank of Vik", top=150),
        block_of("Staff", role="heading", level=2, top=400),
        block_of("The harbour master is Ingrid Solberg. She was appointed on 4 April 2019.", top=450),
        number=2,
    ),
    page_of(
        block_of("Ships by month", role="heading", level=2),
        table_of((("Month", "Ships", "Tonnes"), ("January", "88", "12,400"), ("February", "93", "13,050"))),
        number=3,
    ),
)


def library(*pages: Page, title: str = "") -> Library:
    return Library(pages, title)


def text_of(page: Page) -> str:
    """The page's lines in the order of reading."""
    lines: list[Line] = []
    for block in page.blocks:
        lines += list(getattr(block, "lines", ()))
        for cell in getattr(block, "cells", ()):
            lines += list(cell.lines)
    return " ".join(line.text for line in lines)


WHOLE = Box(0, 0, 1240, 1754)
