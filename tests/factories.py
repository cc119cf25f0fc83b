"""Builders that several test modules share: documents drawn from words, with boxes where a page would have them."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image

from ocrchat.document.image import PageImage
from ocrchat.document.model import (
    PLAIN,
    Block,
    Box,
    Cell,
    Direction,
    Document,
    Failure,
    FigureBlock,
    FormulaBlock,
    Line,
    Page,
    Role,
    Style,
    TableBlock,
    TextBlock,
    Word,
)
from ocrchat.errors import PageDamaged

BOLD = Style(bold=True)
ITALIC = Style(italic=True)

HOSTILE_TEXTS = (
    "</script><script>alert(1)</script>",
    "a | b || c |",
    "NUL \x00 and \x07 bell, form \f feed, line\nfeed",
    "\u202eoverride \u2067isolate never closed",
    "\u202c\u2069 closers that nothing opened",
    "family 👨‍👩‍👧‍👦 flag 🇪🇪 beyond \U0002070e",
    "Z̸͓̊ä̴́l̵̂g̶o̷ e\u0301 and ก็ำ",
    "half a pair \ud83d and \udc00, not a character \ufffe\uffff",
    "]]> --> <!-- &amp; &#0; &lt;",
    "=cmd|' /C calc'!A0",
    "\\end{document} $x$ \\$ `code` **bold** [a](b) ![i](j)",
    "line\u2028separator paragraph\u2029separator next\x85line",
    "   ",
    "",
    "\ufeff\u200b\u200d\u00ad",
    "{{7*7}} ${7*7} %s %n {0}",
)
"""What documents may say and a format may choke on."""


def line_at(
    text: str,
    box: tuple[float, float, float, float],
    *,
    rtl: bool = False,
    style: Style = PLAIN,
    confidence: float | None = 0.98,
    words: Sequence[str] | None = None,
    language: str = "",
) -> Line:
    """A line whose words share the box's width by their length, from the right where it runs that way."""
    texts = text.split() if words is None else list(words)
    left, top, right, bottom = box
    units = sum(map(len, texts)) + max(0, len(texts) - 1)
    step = (right - left) / units if units else 0.0
    made = []
    start = 0
    for word in texts:
        first, last = left + start * step, left + (start + len(word)) * step
        if rtl:
            first, last = right - (last - left), right - (first - left)
        made.append(Word(text=word, box=Box(first, top, last, bottom), confidence=confidence, style=style))
        start += len(word) + 1
    direction: Direction = "rtl" if rtl else "ltr"
    return Line(
        text=text, box=Box(*box), words=tuple(made), confidence=confidence, direction=direction, language=language
    )


def block_of(
    *texts: str,
    role: Role = "paragraph",
    level: int = 0,
    marker: str = "",
    top: float = 100.0,
    left: float = 100.0,
    width: float = 600.0,
    rtl: bool = False,
    style: Style = PLAIN,
) -> TextBlock:
    """Lines of 30 pixels, 40 apart."""
    lines = tuple(
        line_at(text, (left, top + 40 * index, left + width, top + 40 * index + 30), rtl=rtl, style=style)
        for index, text in enumerate(texts)
    )
    box = Box(left, top, left + width, top + 40 * max(1, len(texts)) - 10)
    return TextBlock(box=box, lines=lines, role=role, level=level, marker=marker)


def table_of(
    rows: Sequence[Sequence[str]],
    *,
    header: bool = True,
    rtl: bool = False,
    top: float = 500.0,
    caption: str = "",
) -> TableBlock:
    """Cells of 200 × 40 pixels, columns numbered from the left of the page as an engine finds them: for a table that
    runs from the right, give the rows in reading order."""
    cells = []
    for row, texts in enumerate(rows):
        for index, text in enumerate(texts):
            column = len(texts) - 1 - index if rtl else index
            box = (100.0 + 200 * column, top + 40 * row, 290.0 + 200 * column, top + 40 * row + 30)
            lines = (line_at(text, box, rtl=rtl),) if text else ()
            cells.append(Cell(row=row, column=column, box=Box(*box), lines=lines, header=header and row == 0))
    columns = max((len(texts) for texts in rows), default=0)
    box = Box(100, top, 100 + 200 * columns, top + 40 * len(rows))
    return TableBlock(box=box, cells=tuple(cells), caption=caption)


def page(kind: str = "plain", *, number: int = 1) -> Page:
    """A page of a kind by name."""
    made = Page(number=number, width=1240, height=1754, dpi=150.0, blocks=_PAGES[kind], languages=("en",))
    return replace(made, languages=("ar",)) if kind == "arabic table" else made


def failed_page(number: int = 1) -> Page:
    failure = Failure(code="page.timeout", message="Reading took longer than 120 seconds.")
    return Page(number=number, width=0, height=0, dpi=0.0, failure=failure)


def document(*kinds: str, title: str = "") -> Document:
    pages = tuple(
        failed_page(number) if kind == "failed" else page(kind, number=number)
        for number, kind in enumerate(kinds or ("plain",), 1)
    )
    return Document(pages=pages, title=title)


def hostile_document() -> Document:
    """Every hostile text in every place a text can stand, a line of a megabyte, and pages with nothing or too much."""
    blocks: list[Block] = []
    for text in HOSTILE_TEXTS:
        line = line_at(text, (100, 100, 700, 130))
        blocks += [
            TextBlock(box=line.box, lines=(line,), role=role, marker=text[:9])
            for role in ("title", "heading", "paragraph", "list_item", "caption", "footnote", "code", "furniture")
        ]
    lines = [line_at(text, (100, 100, 700, 130)) for text in HOSTILE_TEXTS]
    cells = [
        Cell(row=row, column=column, box=Box(1, 2, 3, 4), lines=(line,), row_span=row_span, column_span=row_span)
        for row, line in enumerate(lines)
        for column, row_span in ((0, 1), (1, 3), (1, 1), (2, 0))
    ]
    odd: list[Block] = [
        *(
            FormulaBlock(box=Box(0, 0, 9, 9), latex=text, lines=(line,))
            for text, line in zip(HOSTILE_TEXTS, lines, strict=True)
        ),
        *(FigureBlock(box=Box(0, 0, 9, 9), alt=text) for text in HOSTILE_TEXTS),
        TableBlock(box=Box(0, 0, 9, 9), cells=tuple(cells), caption=HOSTILE_TEXTS[0], continues=99),
        TableBlock(box=Box(0, 0, 9, 9), cells=()),
        TableBlock(box=Box(0, 0, 9, 9), cells=(Cell(row=-1, column=10**9, box=Box(0, 0, 0, 0), lines=(lines[0],)),)),
        TextBlock(box=Box(0, 0, 0, 0), lines=()),
        TextBlock(box=Box(0, 0, 9, 9), lines=(Line(text="no words", box=Box(5, 5, 5, 5)),), level=-3),
        FigureBlock(box=Box(-50, -50, 10_000, 10_000)),
    ]
    million = Line(text="x" * 1_000_000, box=Box(0, 0, 1000, 20))
    pages = (
        Page(number=1, width=1000, height=1400, dpi=150.0, blocks=tuple(blocks)),
        failed_page(2),
        Page(number=3, width=1000, height=1400, dpi=150.0, blocks=tuple(odd)),
        Page(number=4, width=1000, height=1400, dpi=150.0, blank=True),
        Page(number=5, width=1000, height=1400, dpi=150.0, blocks=(TextBlock(box=million.box, lines=(million,)),)),
    )
    return Document(
        pages=pages, title=HOSTILE_TEXTS[0] + HOSTILE_TEXTS[2], notices=HOSTILE_TEXTS, languages=("x\x00<",)
    )


ENGLISH_ROWS = (("Item", "Count", "Price"), ("Apples", "12", "3.50"), ("Pears, ripe", "7", "1,204.25"))
ARABIC_ROWS = (("الصنف", "العدد", "السعر"), ("تفاح", "12", "3.50"), ("كمثرى ناضجة", "7", "1,204.25"))

_PAGES = {
    "plain": (
        block_of("The quick brown fox", role="heading", level=1),
        block_of("jumps over the lazy", "dog and runs home.", top=200),
    ),
    "two columns": (
        block_of("Left one,", "left two.", width=500),
        block_of("Right one,", "right two.", left=650, width=500),
    ),
    "styles": (
        block_of("On styles", role="title"),
        TextBlock(
            box=Box(100, 200, 700, 270),
            lines=(
                Line(
                    text="Some bold words and it-",
                    box=Box(100, 200, 700, 230),
                    words=tuple(
                        Word(text=text, box=Box(100 + 100 * i, 200, 190 + 100 * i, 230), style=style)
                        for i, (text, style) in enumerate(
                            [("Some", PLAIN), ("bold", BOLD), ("words", BOLD), ("and", PLAIN), ("it-", ITALIC)]
                        )
                    ),
                ),
                line_at("alics", (100, 240, 200, 270), style=ITALIC),
            ),
        ),
        block_of("First", role="list_item", marker="1.", top=300),
        block_of("Inner", role="list_item", marker="•", level=1, top=340),
        block_of("Second, on", "two lines", role="list_item", marker="2.", top=380),
        block_of("if x:", role="code", top=500),
        FormulaBlock(box=Box(100, 600, 400, 640), latex=r"\frac{a}{b} = c^2"),
        FigureBlock(box=Box(100, 700, 400, 900), alt="A mill by the river"),
        block_of("Figure 1: the mill", role="caption", top=910),
        block_of("See the appendix.", role="footnote", marker="1", top=1000),
        block_of("Page 7 of 9", role="furniture", top=1700),
    ),
    "english table": (
        block_of("Stock list", role="heading", level=1),
        table_of(ENGLISH_ROWS, caption="Table 1"),
        block_of("Counted on Monday.", top=700),
    ),
    "arabic table": (
        block_of("قائمة المخزون", role="heading", level=1, rtl=True),
        table_of(ARABIC_ROWS, rtl=True, caption="الجدول 1"),
        block_of("جرى العد يوم الاثنين في 2024.", top=700, rtl=True),
    ),
    "spans": (
        TableBlock(
            box=Box(100, 100, 700, 300),
            cells=(
                Cell(
                    row=0,
                    column=0,
                    column_span=2,
                    header=True,
                    box=Box(100, 100, 500, 140),
                    lines=(line_at("Both", (100, 100, 500, 140)),),
                ),
                Cell(
                    row=0,
                    column=2,
                    header=True,
                    box=Box(500, 100, 700, 140),
                    lines=(line_at("One", (500, 100, 700, 140)),),
                ),
                Cell(
                    row=1,
                    column=0,
                    row_span=2,
                    box=Box(100, 140, 300, 220),
                    lines=(line_at("Tall", (100, 140, 300, 220)),),
                ),
                Cell(row=1, column=1, box=Box(300, 140, 500, 180), lines=(line_at("b1", (300, 140, 500, 180)),)),
                Cell(row=1, column=2, box=Box(500, 140, 700, 180), lines=(line_at("c1 | d", (500, 140, 700, 180)),)),
                Cell(row=2, column=1, box=Box(300, 180, 500, 220), lines=(line_at("b2", (300, 180, 500, 220)),)),
            ),
        ),
    ),
    "empty": (),
}


class BytesSource:
    """A file in memory with its pages' pixels, as exporters are given it."""

    def __init__(self, data: bytes, media_type: str, images: Sequence[PageImage] = (), *, password: str = "") -> None:
        self._data = data
        self._images = images
        self.media_type = media_type
        self.password = password

    def open(self) -> BinaryIO:
        return io.BytesIO(self._data)

    def page_image(self, number: int, dpi: float | None = None) -> PageImage:
        if not 1 <= number <= len(self._images):
            raise PageDamaged(f"Page {number} cannot be shown.", page=number)
        return self._images[number - 1]

    def lay_over(self, layers: Path, result: Path) -> None:
        """In this process: what is drawn here does no harm."""
        from ocrchat.export.pdf_graft import graft

        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(self._data)
            file.flush()
            graft(Path(file.name), layers, result, password=self.password)


def white_png(width: int = 1240, height: int = 1754) -> bytes:
    out = io.BytesIO()
    Image.new("L", (width, height), 255).save(out, "PNG")
    return out.getvalue()


def white_image(page: Page) -> PageImage:
    return PageImage(pixels=np.full((max(1, page.height), max(1, page.width)), 255, np.uint8), dpi=page.dpi or 150.0)


def source_of(document: Document) -> BytesSource:
    """White paper of each page's size, known only by its pixels."""
    return BytesSource(b"", "application/octet-stream", [white_image(page) for page in document.pages])
