"""Plain text: one printed line a line, a blank line between blocks, a form feed between pages; UTF-8."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO

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
from ocrchat.document.text import closed_bidi, code_text, joined_text
from ocrchat.export.spec import ExportOptions
from ocrchat.export.walker import Walk, failure_sentence


class PlainExporter:
    media_type = "text/plain; charset=utf-8"
    suffix = ".txt"

    def export(
        self,
        head: DocumentHead,
        pages: Iterable[Page],
        sink: BinaryIO,
        *,
        source: Source | None,
        options: ExportOptions,
    ) -> None:
        _PlainWalk(sink, options).walk(head, pages)


class _PlainWalk(Walk):
    def __init__(self, sink: BinaryIO, options: ExportOptions) -> None:
        super().__init__(options)
        self._sink = sink
        self._paragraphs: list[str] = []
        self._separator = ""

    def begin_page(self, page: Page) -> None:
        self._paragraphs = []

    def end_page(self, page: Page) -> None:
        text = "\n\n".join(self._paragraphs)
        self._sink.write(f"{self._separator}{text}\n".encode())
        self._separator = "\f"

    def _add(self, lines: Iterable[str]) -> None:
        text = "\n".join(closed_bidi(line) for line in lines if line)
        if text:
            self._paragraphs.append(text)

    def failure(self, page: Page, failure: Failure) -> None:
        self._add([failure_sentence(page, failure)])

    def text(self, block: TextBlock) -> None:
        lines = [_line_text(line) for line in block.lines]
        if block.marker:
            lines = [f"{block.marker} {lines[0]}".rstrip() if lines else block.marker, *lines[1:]]
        self._add(lines)

    def item_list(self, items: Sequence[TextBlock]) -> None:
        out = []
        for item in items:
            indent = "  " * max(0, min(item.level, 20))
            for index, line in enumerate(item.lines or (None,)):
                text = _line_text(line) if line else ""
                lead = item.marker if index == 0 else " " * len(item.marker)
                out.append(f"{indent}{lead} {text}".rstrip() if item.marker else f"{indent}{text}".rstrip())
        self._add(out)

    def code(self, block: TextBlock) -> None:
        self._add(code_text(block.lines).split("\n"))

    def table(self, block: TableBlock) -> None:
        rows = []
        part = self.part_of(block)
        for row in list(part.grid.by_row())[part.first_row :]:
            texts = [joined_text(placed.cell.lines) if placed else "" for placed in row]
            rows.append("\t".join(texts))
        self._add([block.caption.strip()])
        self._add(row for row in rows if row.strip())

    def formula(self, block: FormulaBlock) -> None:
        lines = [_line_text(line) for line in block.lines]
        self._add(lines if any(lines) else [block.latex.strip()])

    def figure(self, block: FigureBlock) -> None:
        if block.alt.strip():
            self._add([f"[Figure: {block.alt.strip()}]"])


def _line_text(line: Line) -> str:
    return line.text.strip() or line.latex.strip()
