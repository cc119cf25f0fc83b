"""What an exporter is: one format, written page by page from the document model and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from ocrchat.document.model import DocumentHead, Page
from ocrchat.document.source import Source


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportOptions:
    """Every format takes the same options and ignores what does not concern it."""

    furniture: bool = False
    """Keep running heads and page numbers in the formats that are for reading."""
    byte_order_mark: bool = False
    """For csv that a spreadsheet opens by double click."""
    table: int | None = None
    """csv: only this table of the document, counted from 1."""


class Exporter(Protocol):
    """MUST write page by page in memory that does not grow with the document, and MUST give a valid file for any
    document: no blocks, failed pages, hostile text."""

    @property
    def media_type(self) -> str: ...

    @property
    def suffix(self) -> str:
        """With the dot."""
        ...

    def export(
        self,
        head: DocumentHead,
        pages: Iterable[Page],
        sink: BinaryIO,
        *,
        source: Source | None,
        options: ExportOptions,
    ) -> None: ...
