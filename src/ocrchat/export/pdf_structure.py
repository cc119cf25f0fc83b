"""What a PDF that we make says of its structure: headings, paragraphs, lists and tables, in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from ocrchat.document.model import Block, Line, TableBlock, TextBlock
from ocrchat.export.pdf_writer import PDFWriter, Reference, references
from ocrchat.export.tables import Placed, grid_from_table
from ocrchat.export.walker import heading_level, is_list_item

_DEEPEST = 8
"""Level of a list within lists."""


class Laid(NamedTuple):
    """A block with its lines as printed, and the text object of each; empty for an empty line."""

    block: Block
    lines: Sequence[Line]
    texts: Sequence[str]


class Structure:
    def __init__(self, out: PDFWriter) -> None:
        self._out = out
        self.root, self._document = out.reserve(), out.reserve()
        self._elements: list[Reference] = []
        self._parents: list[str] = []

    def operators_of_page(self, page: Reference, blocks: Iterable[Laid]) -> list[str]:
        """Each block's text objects, marked as elements of the structure."""
        marks = _PageMarks(self._out, page)
        for listed, run in groupby(blocks, key=lambda laid: is_list_item(laid.block)):
            if listed:
                self._elements += marks.item_list(list(run), self._document)
            else:
                for laid in run:
                    self._elements += marks.block(laid, self._document)
        self._parents.append(f"{len(self._parents)} {references(marks.owners)}")
        return marks.operators

    @property
    def next_page_key(self) -> int:
        """A page's /StructParents, before its operators are asked for."""
        return len(self._parents)

    def finish(self) -> None:
        self._out.write_object(
            self._document,
            f"<< /Type /StructElem /S /Document /P {self.root} 0 R /K {references(self._elements)} >>",
        )
        self._out.write_object(
            self.root,
            f"<< /Type /StructTreeRoot /K [{self._document} 0 R] "
            f"/ParentTree << /Nums [{' '.join(self._parents)}] >> /ParentTreeNextKey {len(self._parents)} >>",
        )


class _PageMarks:
    """The elements of one page. What would be empty is left out."""

    def __init__(self, out: PDFWriter, page: Reference) -> None:
        self._out = out
        self._page = page
        self.operators: list[str] = []
        self.owners: list[Reference] = []
        """By marked-content number: the element it belongs to."""

    def block(self, laid: Laid, parent: Reference) -> Iterator[Reference]:
        if isinstance(laid.block, TableBlock):
            yield from self._table(laid.block, laid, parent)
        else:
            yield from self._leaf(_role(laid.block), laid.texts, parent)

    def item_list(self, items: Sequence[Laid], parent: Reference) -> Iterator[Reference]:
        """Items of a deeper level are a list within the item before them."""
        reference = self._out.reserve()
        kids: list[Reference] = []
        index = 0
        while index < len(items):
            item = items[index]
            index += 1
            first = index
            while index < len(items) and _level(items[index].block) > _level(item.block):
                index += 1
            kids += self._item(item, items[first:index], reference)
        yield from self._group("L", reference, parent, kids)

    def _item(self, item: Laid, within: Sequence[Laid], parent: Reference) -> Iterator[Reference]:
        reference, body = self._out.reserve(), self._out.reserve()
        kids = [str(mark) for mark in self._marked("LBody", item.texts, body)]
        if within:
            kids += [f"{one} 0 R" for one in self.item_list(within, body)]
        bodies = [body] if kids else []
        self._element(body, "LBody", reference, " ".join(kids))
        yield from self._group("LI", reference, parent, bodies)

    def _table(self, table: TableBlock, laid: Laid, parent: Reference) -> Iterator[Reference]:
        grid = grid_from_table(table)
        texts = {id(line): text for line, text in zip(laid.lines, laid.texts, strict=True)}
        reference = self._out.reserve()
        rows: list[Reference] = []
        for row in grid.by_row():
            cells = [placed for placed in row if placed is not None]
            if cells:
                line = self._out.reserve()
                kids = [self._cell(placed, texts, line) for placed in cells]
                rows += self._group("TR", line, reference, kids)
        yield from self._group("Table", reference, parent, rows)
        shown = {id(line) for placed in grid.cells for line in placed.cell.lines}
        # Cells at impossible places are in no grid; their text is on the page all the same.
        yield from self._leaf("P", [text for line, text in texts.items() if line not in shown], parent)

    def _cell(self, placed: Placed, texts: Mapping[int, str], parent: Reference) -> Reference:
        role = "TH" if placed.cell.header else "TD"
        spans = f"/RowSpan {placed.row_span} " if placed.row_span > 1 else ""
        spans += f"/ColSpan {placed.column_span} " if placed.column_span > 1 else ""
        spans += "/Scope /Column " if placed.cell.header else ""
        reference = self._out.reserve()
        marks = self._marked(role, [texts[id(line)] for line in placed.cell.lines], reference)
        attributes = f" /A << /O /Table {spans}>>" if spans else ""
        self._element(reference, role, parent, " ".join(map(str, marks)), attributes)
        return reference

    def _leaf(self, role: str, texts: Iterable[str], parent: Reference) -> Iterator[Reference]:
        reference = self._out.reserve()
        marks = self._marked(role, texts, reference)
        self._element(reference, role, parent, " ".join(map(str, marks)))
        if marks:
            yield reference

    def _marked(self, role: str, texts: Iterable[str], owner: Reference) -> list[int]:
        """Shows the texts: the number of their marked content, or none where there is nothing to show."""
        objects = [text for text in texts if text]
        if not objects:
            return []
        number = len(self.owners)
        self.operators += [f"/{role} << /MCID {number} >> BDC", *objects, "EMC"]
        self.owners.append(owner)
        return [number]

    def _group(
        self, role: str, reference: Reference, parent: Reference, kids: Sequence[Reference]
    ) -> Iterator[Reference]:
        self._element(reference, role, parent, " ".join(f"{kid} 0 R" for kid in kids))
        if kids:
            yield reference

    def _element(self, reference: Reference, role: str, parent: Reference, kids: str, attributes: str = "") -> None:
        entries = f"<< /Type /StructElem /S /{role} /P {parent} 0 R /Pg {self._page} 0 R"
        self._out.write_object(reference, f"{entries} /K [{kids}]{attributes} >>")


def _level(block: Block) -> int:
    return max(0, min(_DEEPEST, block.level)) if isinstance(block, TextBlock) else 0


def _role(block: Block) -> str:
    if isinstance(block, TextBlock):
        if block.role in ("title", "heading"):
            return f"H{heading_level(block)}"
        return {"caption": "Caption", "footnote": "Note", "code": "Code"}.get(block.role, "P")
    return "P"
