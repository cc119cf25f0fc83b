"""Format name → exporter. An exporter's module is imported when its format is first asked for."""

from __future__ import annotations

import difflib
import io
from importlib import import_module
from typing import BinaryIO, Final

from ocrchat.document.model import Document
from ocrchat.document.source import Source
from ocrchat.errors import UnknownFormat
from ocrchat.export.spec import Exporter, ExportOptions

_EXPORTERS: Final[dict[str, tuple[str, str]]] = {
    "txt": ("ocrchat.export.plain", "PlainExporter"),
    "md": ("ocrchat.export.markdown", "MarkdownExporter"),
    "docx": ("ocrchat.export.docx", "DocxExporter"),
    "pdf": ("ocrchat.export.pdf", "PDFExporter"),
    "csv": ("ocrchat.export.csv", "CSVExporter"),
    "json": ("ocrchat.export.json", "JSONExporter"),
    "hocr": ("ocrchat.export.hocr", "HOCRExporter"),
    "alto": ("ocrchat.export.alto", "ALTOExporter"),
    "xlsx": ("ocrchat.export.xlsx", "XLSXExporter"),
    "csv.zip": ("ocrchat.export.csv", "CSVZipExporter"),
}

FORMATS: Final[tuple[str, ...]] = tuple(_EXPORTERS)

_OTHER_NAMES: Final[dict[str, str]] = {
    "text": "txt",
    "plain": "txt",
    "markdown": "md",
    "word": "docx",
    "doc": "docx",
    "excel": "xlsx",
    "xls": "xlsx",
    "html": "hocr",
    "xml": "alto",
}
"""What people write for a format; only ever suggested, never taken."""


def exporter_for(name: str) -> Exporter:
    if name not in _EXPORTERS:
        raise UnknownFormat(_unknown(name), format=name[:40])
    module, attribute = _EXPORTERS[name]
    exporter: Exporter = getattr(import_module(module), attribute)()
    return exporter


def _unknown(name: str) -> str:
    asked = name.strip().lstrip(".").casefold()
    meant = _OTHER_NAMES.get(asked, asked)
    near = [meant] if meant in _EXPORTERS else difflib.get_close_matches(meant, FORMATS, n=2, cutoff=0.5)
    names = ", ".join(FORMATS)
    if near:
        return f'There is no format "{name[:40]}". Did you mean {" or ".join(near)}? The formats are {names}.'
    return f'There is no format "{name[:40]}". The formats are {names}.'


def export(
    document: Document,
    format: str,
    sink: BinaryIO | None = None,
    *,
    source: Source | None = None,
    options: ExportOptions | None = None,
) -> bytes | None:
    """Writes the document to the sink; without one, returns the bytes. `source` is the file it was read from: pdf and
    docx take pages and pictures from it."""
    exporter = exporter_for(format)
    out = io.BytesIO() if sink is None else sink
    exporter.export(document.head, document.pages, out, source=source, options=options or ExportOptions())
    return out.getvalue() if sink is None and isinstance(out, io.BytesIO) else None
