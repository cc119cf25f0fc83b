"""A Word file that can be worked on: headings, lists, tables and equations of Word's own, figures as pictures, text
from the right where it runs so. Each page of the source begins a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import BinaryIO, Final

from ocrchat.document.model import (
    DocumentHead,
    Failure,
    FigureBlock,
    FormulaBlock,
    Line,
    Page,
    TableBlock,
    TextBlock,
)
from ocrchat.document.source import Source
from ocrchat.document.text import code_text, direction_of, is_rtl_text, joined_text
from ocrchat.export.docx_figures import FigureCutter, drawing_xml
from ocrchat.export.docx_math import equation_from_latex
from ocrchat.export.docx_package import BULLETS, DocxPackage
from ocrchat.export.docx_paragraphs import content_of_lines, paragraphs_of_lines
from ocrchat.export.docx_runs import run_xml
from ocrchat.export.spec import ExportOptions
from ocrchat.export.tables import Grid, Placed, column_shares
from ocrchat.export.walker import Walk, failure_sentence

_TWIPS: Final = 1440
"""To the inch."""

_MARGIN: Final = 0.9
"""Inches on each side: what a text needs to be edited, whatever the scan had."""

_PAPER: Final = (8.27, 11.69)
_MOST_COLUMNS: Final = 63
"""Word's tables have no more; a wider one is written as lines with tabs."""

_SPACE_AFTER_TABLE: Final = 160
"""Twentieths of a point."""

_NUMBER = re.compile(r"(\d{1,5})([.)])")
_BULLETS: Final = frozenset("-–—•●○◦▪▫■□‣⁃∙·*+►▶➢✓❖")


class DocxExporter:
    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    suffix = ".docx"

    def export(
        self,
        head: DocumentHead,
        pages: Iterable[Page],
        sink: BinaryIO,
        *,
        source: Source | None,
        options: ExportOptions,
    ) -> None:
        package = DocxPackage(sink)
        try:
            _DocxWalk(package, source, options).walk(head, pages)
        finally:
            package.close()


class _DocxWalk(Walk):
    def __init__(self, package: DocxPackage, source: Source | None, options: ExportOptions) -> None:
        super().__init__(options)
        self._package = package
        self._cutter = FigureCutter(source)
        self._head = DocumentHead()
        self._page = Page(number=0, width=0, height=0, dpi=0)
        self._paper: tuple[float, float] | None = None
        self._break = False
        self._after_table = False
        self._open_columns = 0
        """Of the table whose rows were written last; 0 where it has ended."""
        self._figures = 0

    @property
    def _text_width(self) -> float:
        return max(1.0, (self._paper or _PAPER)[0] - 2 * _MARGIN)

    # --- pages ---

    def begin_document(self, head: DocumentHead) -> None:
        self._head = head

    def begin_page(self, page: Page) -> None:
        self._break = self._page.number != 0
        self._page = page
        if self._paper is None and page.dpi > 0 and page.width > 0 and page.height > 0:
            # Word takes paper of at most 22 inches.
            self._paper = min(22.0, max(3.0, page.width / page.dpi)), min(22.0, max(3.0, page.height / page.dpi))

    def end_page(self, page: Page) -> None:
        if self._break:
            self._paragraph("")

    def end_document(self) -> None:
        self._close_table()
        if self._after_table:
            self._paragraph("")
        width, height = (round(side * _TWIPS) for side in self._paper or _PAPER)
        margin = round(_MARGIN * _TWIPS)
        sides = " ".join(f'w:{side}="{margin}"' for side in ("top", "right", "bottom", "left"))
        section = (
            f'<w:sectPr><w:pgSz w:w="{width}" w:h="{height}"/>'
            f'<w:pgMar {sides} w:header="500" w:footer="500" w:gutter="0"/></w:sectPr>'
        )
        self._package.finish(self._head, section)

    def _paragraph(
        self, content: str, *, style: str = "", rtl: bool = False, numbering: str = "", indent: str = ""
    ) -> None:
        self._close_table()
        # Properties come in the order that the standard wants.
        properties = f'<w:pStyle w:val="{style}"/>' if style else ""
        if self._break:
            properties += "<w:pageBreakBefore/>"
        properties += numbering + ("<w:bidi/>" if rtl else "")
        if self._after_table and content and not style.startswith("Heading"):
            properties += f'<w:spacing w:before="{_SPACE_AFTER_TABLE}"/>'
        properties += indent
        self._package.write(f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{content}</w:p>")
        self._break = self._after_table = False

    def failure(self, page: Page, failure: Failure) -> None:
        self._paragraph(run_xml(failure_sentence(page, failure)))

    # --- text ---

    def text(self, block: TextBlock) -> None:
        self._lines(block.lines)

    def heading(self, block: TextBlock, level: int) -> None:
        self._lines(block.lines, style=f"Heading{level}", lead=block.marker)

    def caption(self, block: TextBlock) -> None:
        self._lines(block.lines, style="Caption")

    def footnote(self, block: TextBlock) -> None:
        self._lines(block.lines, style="FootnoteText", lead=block.marker)

    def code(self, block: TextBlock) -> None:
        lines = code_text(block.lines).split("\n")
        content = "<w:r><w:br/></w:r>".join(run_xml(line) for line in lines if line.strip())
        if content:
            self._paragraph(content, style="Code")

    def _lines(self, lines: Sequence[Line], *, style: str = "", lead: str = "", numbering: str = "") -> None:
        for part in paragraphs_of_lines(lines):
            content = (run_xml(f"{lead} ") if lead else "") + content_of_lines(part)
            if content:
                self._paragraph(content, style=style, rtl=direction_of(part) == "rtl", numbering=numbering)
                lead = numbering = ""

    def item_list(self, items: Sequence[TextBlock]) -> None:
        open_lists: dict[int, tuple[int, int]] = {}
        for item in items:
            level = max(0, min(8, item.level))
            for deeper in [one for one in open_lists if one > level]:
                del open_lists[deeper]
            marker = item.marker.strip()
            number = _NUMBER.fullmatch(marker)
            if number:
                identity = self._numbered(open_lists, level, int(number[1]), number[2])
            elif marker in _BULLETS or not marker:
                open_lists.pop(level, None)
                identity = BULLETS
            else:
                identity = 0
            self._item(item, level, identity, "" if identity else marker)

    def _numbered(self, open_lists: dict[int, tuple[int, int]], level: int, number: int, sign: str) -> int:
        """The list it goes on from where the numbers do, or one that begins with it: what was printed must stay."""
        identity, last = open_lists.get(level, (0, 0))
        if not identity or number != last + 1:
            identity = self._package.add_list(level, number, sign)
        open_lists[level] = (identity, number)
        return identity

    def _item(self, item: TextBlock, level: int, identity: int, marker: str) -> None:
        if identity:
            numbering = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{identity}"/></w:numPr>'
            self._lines(item.lines or (), style="ListParagraph", numbering=numbering)
        else:
            content = run_xml(marker) + "<w:r><w:tab/></w:r>" + content_of_lines(item.lines)
            indent = f'<w:ind w:left="{360 * (level + 1) + 200}" w:hanging="560"/>'
            rtl = direction_of(item.lines) == "rtl"
            self._paragraph(content, style="ListParagraph", rtl=rtl, indent=indent)

    # --- tables, formulas, figures ---

    def table(self, block: TableBlock) -> None:
        part = self.part_of(block)
        grid = part.grid
        if block.caption.strip():
            self._paragraph(run_xml(block.caption.strip()), style="Caption", rtl=is_rtl_text(block.caption))
        if not grid.cells:
            return
        if grid.columns > _MOST_COLUMNS:
            for row in grid.by_row():
                texts = (joined_text(placed.cell.lines) if placed else "" for placed in row)
                self._paragraph("<w:r><w:tab/></w:r>".join(run_xml(text) for text in texts), rtl=grid.rtl)
            return
        if part.continues and self._open_columns == grid.columns:
            # Its rows go on from the last ones, on whatever page they come to stand.
            self._break = False
        else:
            if self._after_table or self._break:
                # Two tables that touch would become one, and only a paragraph can begin a page.
                self._paragraph("")
            self._package.write(table_opening_xml(grid, round(self._text_width * _TWIPS)))
            self._open_columns = grid.columns
        self._package.write("".join(rows_xml(grid, round(self._text_width * _TWIPS))[part.first_row :]))
        self._after_table = True

    def _close_table(self) -> None:
        if self._open_columns:
            self._package.write("</w:tbl>")
            self._open_columns = 0

    def formula(self, block: FormulaBlock) -> None:
        equation = equation_from_latex(block.latex)
        if equation:
            self._paragraph(f"<m:oMathPara>{equation}</m:oMathPara>")
        else:
            self._lines(block.lines or (Line(text=block.latex, box=block.box),))

    def figure(self, block: FigureBlock) -> None:
        figure = self._cutter.cut(self._page, block.box)
        if figure is not None:
            self._figures += 1
            relation = self._package.add_picture(figure.data, figure.suffix)
            self._paragraph(drawing_xml(relation, self._figures, figure, block.alt, self._text_width))
        elif block.alt.strip():
            self._paragraph(run_xml(f"[Figure: {block.alt.strip()}]"))


def table_opening_xml(grid: Grid, width: int) -> str:
    """Mirrored where it runs from the right: the first column then stands at the right."""
    mirrored = "<w:bidiVisual/>" if grid.rtl else ""
    columns = "".join(f'<w:gridCol w:w="{each}"/>' for each in _widths(grid, width))
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>{mirrored}<w:tblW w:w="0" w:type="auto"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>"
    )


def rows_xml(grid: Grid, width: int) -> list[str]:
    widths = _widths(grid, width)
    owners = {
        (placed.row + down, placed.column): (placed, down) for placed in grid.cells for down in range(placed.row_span)
    }
    headers = grid.header_rows
    rows = []
    for row in range(grid.rows):
        out = ["<w:tr>" + ("<w:trPr><w:tblHeader/></w:trPr>" if row < headers < grid.rows else "")]
        column = 0
        while column < grid.columns:
            placed, down = owners.get((row, column), (None, 0))
            span = placed.column_span if placed else 1
            out.append(_cell_xml(placed, down, sum(widths[column : column + span])))
            column += span
        rows.append("".join([*out, "</w:tr>"]))
    return rows


def _widths(grid: Grid, width: int) -> list[int]:
    return [max(200, round(width * share)) for share in column_shares(grid)]


def _cell_xml(placed: Placed | None, down: int, width: int) -> str:
    span = placed.column_span if placed else 1
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    if span > 1:
        properties += f'<w:gridSpan w:val="{span}"/>'
    if placed and placed.row_span > 1:
        properties += '<w:vMerge w:val="restart"/>' if down == 0 else "<w:vMerge/>"
    paragraphs = []
    for part in paragraphs_of_lines(placed.cell.lines if placed and down == 0 else ()):
        rtl = "<w:bidi/>" if direction_of(part) == "rtl" else ""
        content = content_of_lines(part, bold=placed is not None and placed.cell.header)
        paragraphs.append(f'<w:p><w:pPr>{rtl}<w:spacing w:after="0"/></w:pPr>{content}</w:p>')
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(paragraphs)}</w:tc>"
