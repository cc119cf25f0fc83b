"""Pages as API v1 shows them: blocks with text, box and confidence; lines and words where they are asked for.

Boxes are pixels of the upright page, [left, top, right, bottom]; the page says its size and dpi. Confidences go from 0
to 1, the mean of the words weighted by their length; a PDF's own text counts as certain.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from ocrchat.document.model import (
    Block,
    Box,
    DocumentHead,
    FigureBlock,
    FormulaBlock,
    Line,
    Page,
    TableBlock,
    TextBlock,
    lines_of_block,
    lines_of_page,
)
from ocrchat.document.text import joined_text
from ocrchat.export.plain import PlainExporter
from ocrchat.export.spec import ExportOptions
from ocrchat.export.tables import grid_from_table
from ocrchat.export.walker import presentable_pages

JSON = dict[str, Any]

_TEXT_LAYER: Final = "text-layer"
_OPTIONS: Final = ExportOptions()


class Weighed(NamedTuple):
    """Confidence times characters, and characters: what means are made of."""

    sum: float
    weight: int

    @property
    def mean(self) -> float | None:
        return round(self.sum / self.weight, 4) if self.weight else None


def json_from_page(head: DocumentHead, page: Page, *, words: bool) -> JSON:
    out: JSON = {
        "index": page.number - 1,
        "text": page_text(head, page),
        "blocks": [
            json_from_block(block, words=words) for shown in presentable_pages(head, [page]) for block in shown.blocks
        ],
        "width": page.width,
        "height": page.height,
        "dpi": page.dpi,
        "rotation": page.rotation,
        "languages": list(page.languages),
        "mean_confidence": weigh(lines_of_page(page)).mean,
        "blank": page.blank,
        "steps": [{"name": step.name, "engine": step.engine, "model": step.model} for step in page.steps],
    }
    if page.failure is not None:
        out |= {"error": page.failure.message, "code": page.failure.code}
    return out


def page_text(head: DocumentHead, page: Page) -> str:
    """As the txt download has it; nothing for a page that could not be read, whose `error` says so."""
    if page.failure is not None:
        return ""
    sink = io.BytesIO()
    PlainExporter().export(head, [page], sink, source=None, options=_OPTIONS)
    return sink.getvalue().decode().strip("\n")


def json_from_block(block: Block, *, words: bool) -> JSON:
    out: JSON = {
        "text": block_text(block),
        "bbox": _box(block.box),
        "confidence": weigh(lines_of_block(block)).mean,
        "kind": block.kind,
    }
    match block:
        case TextBlock():
            out["role"] = block.role
        case TableBlock():
            out["cells"] = [
                {
                    "row": cell.row,
                    "column": cell.column,
                    "row_span": cell.row_span,
                    "column_span": cell.column_span,
                    "header": cell.header,
                    "text": joined_text(cell.lines),
                    "bbox": _box(cell.box),
                }
                for cell in block.cells
            ]
        case FormulaBlock():
            out["latex"] = block.latex
    if words:
        out["lines"] = [_json_from_line(line) for line in lines_of_block(block)]
    return out


def block_text(block: Block) -> str:
    match block:
        case TextBlock():
            text = "\n".join(_texts(block.lines))
            return f"{block.marker} {text}".strip() if block.marker else text
        case TableBlock():
            rows = (
                "\t".join(joined_text(placed.cell.lines) if placed else "" for placed in row)
                for row in grid_from_table(block).by_row()
            )
            return "\n".join(row for row in (block.caption.strip(), *rows) if row.strip())
        case FormulaBlock():
            return "\n".join(_texts(block.lines)) or block.latex
        case FigureBlock():
            return block.alt


def weigh(lines: Iterable[Line]) -> Weighed:
    total, weight = 0.0, 0
    for confidence, characters in _confidences(lines):
        total += confidence * characters
        weight += characters
    return Weighed(total, weight)


def _confidences(lines: Iterable[Line]) -> Iterator[tuple[float, int]]:
    for line in lines:
        if line.reader == _TEXT_LAYER:
            yield 1.0, len(line.text)
        elif any(word.confidence is not None for word in line.words):
            for word in line.words:
                if word.confidence is not None:
                    yield word.confidence, len(word.text)
        elif line.confidence is not None:
            yield line.confidence, len(line.text)


def _json_from_line(line: Line) -> JSON:
    certain = 1.0 if line.reader == _TEXT_LAYER else None
    return {
        "text": line.text,
        "bbox": _box(line.box),
        "confidence": weigh([line]).mean,
        "direction": line.direction,
        "words": [
            {"text": word.text, "bbox": _box(word.box), "confidence": _rounded(word.confidence, certain)}
            for word in line.words
        ],
    }


def _rounded(confidence: float | None, certain: float | None) -> float | None:
    return certain if confidence is None else round(confidence, 4)


def _box(box: Box) -> list[float]:
    return [round(value, 1) for value in box]


def _texts(lines: Iterable[Line]) -> Iterator[str]:
    return (text for line in lines if (text := line.text.strip() or line.latex.strip()))
