"""The document model itself, as document/json.py writes it: corrections beside what was read, nothing applied."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from ocrchat.document.json import CLOSING, bytes_from_page, opening_from_head
from ocrchat.document.model import DocumentHead, Page
from ocrchat.document.source import Source
from ocrchat.export.spec import ExportOptions


class JSONExporter:
    media_type = "application/json"
    suffix = ".json"

    def export(
        self,
        head: DocumentHead,
        pages: Iterable[Page],
        sink: BinaryIO,
        *,
        source: Source | None,
        options: ExportOptions,
    ) -> None:
        sink.write(opening_from_head(head))
        separator = b""
        for page in pages:
            sink.write(separator + bytes_from_page(page))
            separator = b",\n"
        sink.write(CLOSING)
