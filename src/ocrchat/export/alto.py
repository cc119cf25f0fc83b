"""ALTO 4: the library world's page format; boxes in pixels of the upright page, confidence of every word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO, Final

from ocrchat import __version__
from ocrchat.document.model import (
    Box,
    DocumentHead,
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
from ocrchat.document.source import Source
from ocrchat.document.text import spans_of_line
from ocrchat.export.markers import printed_lines
from ocrchat.export.markup import Pixels, language_tag, pixels_from_box, xml
from ocrchat.export.spec import ExportOptions
from ocrchat.export.walker import Walk

_ROLES: Final[tuple[Role, ...]] = (
    "title",
    "heading",
    "paragraph",
    "list_item",
    "caption",
    "footnote",
    "code",
    "furniture",
)


class ALTOExporter:
    media_type = "application/xml"
    suffix = ".alto.xml"

    def export(
        self,
        head: DocumentHead,
        pages: Iterable[Page],
        sink: BinaryIO,
        *,
        source: Source | None,
        options: ExportOptions,
    ) -> None:
        _ALTOWalk(sink, options).walk(head, pages)


class _ALTOWalk(Walk):
    furniture_by_default = True

    def __init__(self, sink: BinaryIO, options: ExportOptions) -> None:
        super().__init__(options)
        self._sink = sink
        self._page = Page(number=1, width=0, height=0, dpi=0)
        self._ids: dict[str, int] = {}
        self._out: list[str] = []

    def begin_document(self, head: DocumentHead) -> None:
        tags = "".join(f'<LayoutTag ID="role_{role}" LABEL="{role}"/>' for role in (*_ROLES, "formula"))
        self._out += [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation='
            '"http://www.loc.gov/standards/alto/ns-v4# http://www.loc.gov/standards/alto/v4/alto-4-4.xsd" '
            'SCHEMAVERSION="4.4">',
            "<Description><MeasurementUnit>pixel</MeasurementUnit>",
            '<Processing ID="processing"><processingSoftware><softwareName>ocrchat</softwareName>'
            f"<softwareVersion>{__version__}</softwareVersion></processingSoftware></Processing></Description>",
            f"<Tags>{tags}</Tags>",
            "<Layout>",
        ]
        self._pages = 0

    def end_document(self) -> None:
        if not self._pages:
            # A layout without pages is not allowed; one of no size says as much.
            self._out.append('<Page ID="page_0" PHYSICAL_IMG_NR="0" WIDTH="0" HEIGHT="0"/>')
        self._out.append("</Layout></alto>")
        self._flush()

    def begin_page(self, page: Page) -> None:
        self._page = page
        self._pages += 1
        size = f'WIDTH="{page.width}" HEIGHT="{page.height}"'
        self._out.append(f'<Page ID="page_{page.number}" PHYSICAL_IMG_NR="{page.number}" {size}{_languages(page)}>')
        self._out.append(f'<PrintSpace HPOS="0" VPOS="0" {size}>')

    def end_page(self, page: Page) -> None:
        self._out.append("</PrintSpace></Page>")
        self._flush()

    def _flush(self) -> None:
        self._sink.write(("\n".join(self._out) + "\n").encode())
        self._out = []

    # --- blocks ---

    def text(self, block: TextBlock) -> None:
        self._text_block(block.box, list(printed_lines(block)), block.role)

    def formula(self, block: FormulaBlock) -> None:
        self._text_block(block.box, block.lines or (Line(text=block.latex, box=block.box),), "formula")

    def table(self, block: TableBlock) -> None:
        if not any(cell.lines for cell in block.cells):
            return
        self._out.append(f'<ComposedBlock {self._id("block")} TYPE="table" {self._place(block.box)}>')
        for cell in block.cells:
            self._text_block(cell.box, cell.lines, None)
        self._out.append("</ComposedBlock>")

    def figure(self, block: FigureBlock) -> None:
        self._out.append(f"<Illustration {self._id('block')} {self._place(block.box)}/>")

    def _text_block(self, box: Box, lines: Sequence[Line], role: str | None) -> None:
        if not lines:
            return
        tag = f' TAGREFS="role_{role}"' if role else ""
        self._out.append(f"<TextBlock {self._id('block')} {self._place(box)}{tag}>")
        self._out.extend(self._line(line) for line in lines)
        self._out.append("</TextBlock>")

    # --- lines ---

    def _line(self, line: Line) -> str:
        language = language_tag(line.language)
        attributes = f' LANG="{language}"' if language else ""
        if line.direction != "ltr":
            attributes += f' BASEDIRECTION="{line.direction}"'
        shape = ""
        if len(line.outline) > 2:
            points = " ".join(f"{round(x)},{round(y)}" for x, y in line.outline)
            shape = f'<Shape><Polygon POINTS="{points}"/></Shape>'
        spans = spans_of_line(line)
        if spans:
            content = "".join(
                self._string(span.word, span.text) + ("<SP/>" if span.gap and index + 1 < len(spans) else "")
                for index, span in enumerate(spans)
            )
        else:
            content = self._string(Word(text=line.text, box=line.box, confidence=line.confidence), line.text)
        return f"<TextLine {self._id('line')} {self._place(line.box)}{attributes}>{shape}{content}</TextLine>"

    def _string(self, word: Word, text: str) -> str:
        attributes = _style(word.style)
        if word.confidence is not None:
            attributes += f' WC="{min(1.0, max(0.0, word.confidence)):.4g}"'
        return f'<String {self._place(word.box)} CONTENT="{xml(text)}"{attributes}/>'

    def _place(self, box: Box) -> str:
        bounds: Pixels = pixels_from_box(box, self._page)
        return f'HPOS="{bounds.left}" VPOS="{bounds.top}" WIDTH="{bounds.width}" HEIGHT="{bounds.height}"'

    def _id(self, kind: str) -> str:
        self._ids[kind] = number = self._ids.get(kind, 0) + 1
        return f'ID="{kind}_{number}"'


def _languages(page: Page) -> str:
    language = next((tag for tag in map(language_tag, page.languages) if tag), "")
    return f' LANG="{language}"' if language else ""


def _style(style: Style) -> str:
    names = [name for on, name in ((style.bold, "bold"), (style.italic, "italics")) if on]
    if style.script:
        names.append("subscript" if style.script == "sub" else "superscript")
    return f' STYLE="{" ".join(names)}"' if names else ""
