"""The one walk through a document in reading order. A format overrides the hooks for what it treats apart.

Here, once for all formats: people's corrections are applied, text loses what no format can hold, failed pages are told,
running heads are left out where a format is for reading, and neighbouring list items come as one list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from ocrchat.document.corrections import correct_page
from ocrchat.document.furniture import with_furniture
from ocrchat.document.model import (
    Block,
    Cell,
    DocumentHead,
    Failure,
    FigureBlock,
    FormulaBlock,
    Line,
    Page,
    TableBlock,
    TextBlock,
    Word,
)
from ocrchat.document.text import printable
from ocrchat.export.spec import ExportOptions
from ocrchat.export.tables import Part, TableParts, grid_from_table


class Walk:
    """One document on its way into one format. Hooks that a format leaves alone fall back to `text`."""

    furniture_by_default = False
    """Formats for reading leave running heads and page numbers out unless asked; others keep them."""

    def __init__(self, options: ExportOptions) -> None:
        self.options = options
        self._walked = Page(number=0, width=0, height=0, dpi=0.0)
        self._parts = TableParts()

    def walk(self, head: DocumentHead, pages: Iterable[Page]) -> None:
        self.begin_document(head)
        for page in presentable_pages(head, pages):
            self._walked = page
            self.begin_page(page)
            if page.failure is not None:
                self.failure(page, page.failure)
            self.blocks(page.blocks)
            self.end_page(page)
        self.end_document()

    def blocks(self, blocks: Iterable[Block]) -> None:
        keep = self.options.furniture or self.furniture_by_default
        kept = (block for block in blocks if keep or not is_furniture(block))
        for listed, run in groupby(kept, key=is_list_item):
            if listed:
                self.item_list([block for block in run if isinstance(block, TextBlock)])
            else:
                for block in run:
                    self.block(block)

    def block(self, block: Block) -> None:
        match block:
            case TextBlock():
                self.text_block(block)
            case TableBlock():
                self.table(block)
            case FormulaBlock():
                self.formula(block)
            case FigureBlock():
                self.figure(block)

    def text_block(self, block: TextBlock) -> None:
        match block.role:
            case "title" | "heading":
                self.heading(block, heading_level(block))
            case "caption":
                self.caption(block)
            case "footnote":
                self.footnote(block)
            case "code":
                self.code(block)
            case "furniture":
                self.furniture(block)
            case "list_item":
                self.item_list([block])
            case "paragraph":
                self.paragraph(block)

    def part_of(self, block: TableBlock) -> Part:
        """Of a table of the page that is walked; to be asked once for each, in order."""
        index = next(at for at, other in enumerate(self._walked.blocks) if other is block)
        return self._parts.part(self._walked.number, index, block, grid_from_table(block))

    # --- hooks ---

    def begin_document(self, head: DocumentHead) -> None: ...

    def end_document(self) -> None: ...

    def begin_page(self, page: Page) -> None: ...

    def end_page(self, page: Page) -> None: ...

    def failure(self, page: Page, failure: Failure) -> None: ...

    def text(self, block: TextBlock) -> None: ...

    def heading(self, block: TextBlock, level: int) -> None:
        self.text(block)

    def paragraph(self, block: TextBlock) -> None:
        self.text(block)

    def item_list(self, items: Sequence[TextBlock]) -> None:
        for item in items:
            self.text(item)

    def caption(self, block: TextBlock) -> None:
        self.text(block)

    def footnote(self, block: TextBlock) -> None:
        self.text(block)

    def code(self, block: TextBlock) -> None:
        self.text(block)

    def furniture(self, block: TextBlock) -> None:
        self.text(block)

    def table(self, block: TableBlock) -> None: ...

    def formula(self, block: FormulaBlock) -> None: ...

    def figure(self, block: FigureBlock) -> None: ...


def is_furniture(block: Block) -> bool:
    return isinstance(block, TextBlock) and block.role == "furniture"


def is_list_item(block: Block) -> bool:
    return isinstance(block, TextBlock) and block.role == "list_item"


def heading_level(block: TextBlock) -> int:
    """1 to 6. A title and a heading of unknown level differ by one."""
    if block.role == "title":
        return 1
    return min(6, max(1, block.level or 2))


def failure_sentence(page: Page, failure: Failure) -> str:
    """What stands in for a page that could not be read, in every format that is for reading."""
    return f"[Page {page.number} could not be read: {printable(failure.message).strip()}]"


# --- pages as they are shown -----------------------------------------------------------------------------------------


def presentable_pages(head: DocumentHead, pages: Iterable[Page]) -> Iterator[Page]:
    """Corrected, with what runs through the document marked, and with text that every format can hold."""
    for page in pages:
        page = with_furniture(page, head.furniture)
        yield presentable_page(correct_page(page, head.corrections) if head.corrections else page)


def presentable_page(page: Page) -> Page:
    blocks = tuple(_presentable_block(block) for block in page.blocks)
    if all(ours is theirs for ours, theirs in zip(blocks, page.blocks, strict=True)):
        return page
    return replace(page, blocks=blocks)


def _presentable_block(block: Block) -> Block:
    match block:
        case TextBlock():
            lines = _presentable_lines(block.lines)
            marker = printable(block.marker)
            if lines is block.lines and marker == block.marker:
                return block
            return replace(block, lines=lines, marker=marker)
        case TableBlock():
            cells = tuple(_presentable_cell(cell) for cell in block.cells)
            caption = printable(block.caption)
            if caption == block.caption and all(a is b for a, b in zip(cells, block.cells, strict=True)):
                return block
            return replace(block, cells=cells, caption=caption)
        case FormulaBlock():
            lines = _presentable_lines(block.lines)
            latex = printable(block.latex)
            same = lines is block.lines and latex == block.latex
            return block if same else replace(block, lines=lines, latex=latex)
        case FigureBlock():
            alt = printable(block.alt)
            return block if alt == block.alt else replace(block, alt=alt)


def _presentable_cell(cell: Cell) -> Cell:
    lines = _presentable_lines(cell.lines)
    return cell if lines is cell.lines else replace(cell, lines=lines)


def _presentable_lines(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The same tuple where nothing had to change, which is the rule."""
    clean = tuple([_presentable_line(line) for line in lines])
    return lines if all(a is b for a, b in zip(clean, lines, strict=True)) else clean


def _presentable_line(line: Line) -> Line:
    text, latex = printable(line.text), printable(line.latex)
    words = line.words
    together = "".join([word.text for word in words])  # one look for all: hardly a line has anything to take out
    if printable(together) != together:
        words = tuple(_presentable_word(word) for word in words)
    if text == line.text and latex == line.latex and words is line.words:
        return line
    return replace(line, text=text, latex=latex, words=words)


def _presentable_word(word: Word) -> Word:
    text = printable(word.text)
    return word if text == word.text else replace(word, text=text)
