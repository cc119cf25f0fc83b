"""hOCR 1.2: XHTML with a box on every line and word, in pixels of the upright page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from ocrchat import __version__
from ocrchat.document.model import (
    Box,
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
from ocrchat.document.source import Source
from ocrchat.document.text import direction_of, printable, spans_of_line
from ocrchat.export.markers import printed_lines
from ocrchat.export.markup import language_tag, pixels_from_box, xml
from ocrchat.export.spec import ExportOptions
from ocrchat.export.tables import Placed, grid_from_table
from ocrchat.export.walker import Walk, failure_sentence, heading_level

_CLASSES = (
    "ocr_page ocr_carea ocr_par ocr_line ocrx_word ocr_header ocr_footer ocr_caption ocr_table ocr_display ocr_image"
)


class HOCRExporter:
    media_type = "text/html; charset=utf-8"
    suffix = ".hocr"

    def export(
        self,
        head: DocumentHead,
        pages: Iterable[Page],
        sink: BinaryIO,
        *,
        source: Source | None,
        options: ExportOptions,
    ) -> None:
        _HOCRWalk(sink, options).walk(head, pages)


class _HOCRWalk(Walk):
    furniture_by_default = True

    def __init__(self, sink: BinaryIO, options: ExportOptions) -> None:
        super().__init__(options)
        self._sink = sink
        self._page = Page(number=1, width=0, height=0, dpi=0)
        self._index = 0
        self._ids: dict[str, int] = {}
        self._out: list[str] = []

    def begin_document(self, head: DocumentHead) -> None:
        language = next((tag for tag in map(language_tag, head.languages) if tag), "")
        attributes = f' xml:lang="{language}" lang="{language}"' if language else ""
        self._out += [
            '<?xml version="1.0" encoding="UTF-8"?>',
            "<!DOCTYPE html>",
            f'<html xmlns="http://www.w3.org/1999/xhtml"{attributes}>',
            f"<head><title>{xml(printable(head.title))}</title>",
            '<meta http-equiv="Content-Type" content="text/html; charset=utf-8"/>',
            f'<meta name="ocr-system" content="ocrchat {__version__}"/>',
            f'<meta name="ocr-capabilities" content="{_CLASSES} ocrp_lang ocrp_dir ocrp_wconf"/>',
            "</head><body>",
        ]

    def end_document(self) -> None:
        self._out.append("</body></html>")
        self._flush()

    def begin_page(self, page: Page) -> None:
        self._page = page
        title = f"bbox 0 0 {page.width} {page.height}; ppageno {page.number - 1}"
        if page.dpi >= 1:
            title += f"; scan_res {round(page.dpi)} {round(page.dpi)}"
        self._out.append(f'<div class="ocr_page" id="page_{page.number}" title="{title}">')

    def end_page(self, page: Page) -> None:
        self._out.append("</div>")
        self._flush()

    def _flush(self) -> None:
        self._sink.write(("\n".join(self._out) + "\n").encode())
        self._out = []

    def failure(self, page: Page, failure: Failure) -> None:
        self._out.append(f"<p>{xml(failure_sentence(page, failure))}</p>")

    # --- blocks ---

    def text(self, block: TextBlock) -> None:
        self._area(block, "ocr_carea", "p")

    def heading(self, block: TextBlock, level: int) -> None:
        self._area(block, "ocr_carea", f"h{heading_level(block)}")

    def caption(self, block: TextBlock) -> None:
        self._area(block, "ocr_caption", "p")

    def furniture(self, block: TextBlock) -> None:
        middle = (block.box.top + block.box.bottom) / 2
        self._area(block, "ocr_header" if middle < self._page.height / 2 else "ocr_footer", "p")

    def _area(self, block: TextBlock, name: str, tag: str) -> None:
        self._out.append(f"<div {self._attributes(name, 'block', block.box)}>")
        direction = ' dir="rtl"' if direction_of(block.lines) == "rtl" else ""
        self._out.append(f"<{tag} {self._attributes('ocr_par', 'par', block.box)}{direction}>")
        self._out.extend(self._line(line) for line in printed_lines(block))
        self._out.append(f"</{tag}></div>")

    def table(self, block: TableBlock) -> None:
        grid = grid_from_table(block)
        direction = ' dir="rtl"' if grid.rtl else ""
        self._out.append(f"<table {self._attributes('ocr_table', 'table', block.box)}{direction}>")
        if block.caption.strip():
            self._out.append(f"<caption>{xml(block.caption.strip())}</caption>")
        for row in grid.by_row():
            self._out.append("<tr>")
            for placed in row:
                if placed is not None:
                    self._cell(placed)
            self._out.append("</tr>")
        self._out.append("</table>")

    def _cell(self, placed: Placed) -> None:
        tag = "th" if placed.cell.header else "td"
        spans = f' rowspan="{placed.row_span}"' if placed.row_span > 1 else ""
        spans += f' colspan="{placed.column_span}"' if placed.column_span > 1 else ""
        self._out.append(f"<{tag}{spans}>")
        self._out.extend(self._line(line) for line in placed.cell.lines)
        self._out.append(f"</{tag}>")

    def formula(self, block: FormulaBlock) -> None:
        self._out.append(f"<div {self._attributes('ocr_display', 'block', block.box)}>")
        if block.lines:
            self._out.extend(self._line(line) for line in block.lines)
        else:
            self._out.append(xml(block.latex))
        self._out.append("</div>")

    def figure(self, block: FigureBlock) -> None:
        alt = f' aria-label="{xml(block.alt)}"' if block.alt else ""
        self._out.append(f"<div {self._attributes('ocr_image', 'block', block.box)}{alt}></div>")

    # --- lines ---

    def _line(self, line: Line) -> str:
        spans = spans_of_line(line)
        if spans:
            words = [self._word(span.word) + (" " if span.gap else "") for span in spans]
            # A gap after the last word is white space at the line's end, which the line break below is.
            text = "".join(words).rstrip()
        else:
            text = xml(line.text)
        language = language_tag(line.language)
        attributes = f' lang="{language}"' if language else ""
        attributes += ' dir="rtl"' if line.direction == "rtl" else ""
        return f"<span {self._attributes('ocr_line', 'line', line.box, line.confidence)}{attributes}>{text}</span>"

    def _word(self, word: Word) -> str:
        text = xml(word.text)
        if word.style.italic:
            text = f"<em>{text}</em>"
        if word.style.bold:
            text = f"<strong>{text}</strong>"
        return f"<span {self._attributes('ocrx_word', 'word', word.box, word.confidence)}>{text}</span>"

    def _attributes(self, name: str, kind: str, box: Box, confidence: float | None = None) -> str:
        self._ids[kind] = number = self._ids.get(kind, 0) + 1
        bounds = pixels_from_box(box, self._page)
        title = f"bbox {bounds.left} {bounds.top} {bounds.right} {bounds.bottom}"
        if confidence is not None:
            title += f"; x_wconf {round(100 * min(1.0, max(0.0, confidence)))}"
        return f'class="{name}" id="{kind}_{number}" title="{title}"'
