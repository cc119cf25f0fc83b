"""A searchable PDF: the pages as they came, and over them the text, invisible, where it is printed.

A PDF's own pages are kept (pdf_overlay.py). Pictures become pages that hold them as they came (pdf_pictures.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from ocrchat.document.model import DocumentHead, Page
from ocrchat.document.source import Source
from ocrchat.errors import ExportError
from ocrchat.export.pdf_overlay import UnusablePDF, write_overlaid
from ocrchat.export.pdf_pictures import write_pictures
from ocrchat.export.spec import ExportOptions
from ocrchat.export.walker import presentable_pages


class PDFExporter:
    media_type = "application/pdf"
    suffix = ".pdf"

    def export(
        self,
        head: DocumentHead,
        pages: Iterable[Page],
        sink: BinaryIO,
        *,
        source: Source | None,
        options: ExportOptions,
    ) -> None:
        if source is None:
            raise ExportError(
                "A searchable PDF shows the pages that were read, and their file is not here any more. "
                "Read the file again, or take another format."
            )
        shown = presentable_pages(head, pages)
        if source.media_type == "application/pdf":
            try:
                write_overlaid(head, shown, sink, source)
                return
            except UnusablePDF:
                # Nothing was taken from `shown` nor written yet: the pages come as pictures instead.
                pass
        write_pictures(head, shown, sink, source)
