"""A searchable PDF: the pages as they came, and over them the text, invisible, where it is printed.

A PDF's own pages are kept (pdf_graft.py). Pictures become pages that hold them as they came (pdf_pictures.py).
"""

from __future__ import annotations

import shutil
import struct
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, cast

from ocrchat.document.json import bytes_from_page, page_from_bytes
from ocrchat.document.model import DocumentHead, Page
from ocrchat.document.source import Source
from ocrchat.errors import DamagedInput, ExportError, OCRChatError, PageError, PasswordNeeded
from ocrchat.export.pdf_layers import write_layers
from ocrchat.export.pdf_pictures import write_pictures
from ocrchat.export.spec import ExportOptions
from ocrchat.export.walker import presentable_pages

_SIZE: Final = struct.Struct("!I")


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
            _write_kept(head, shown, sink, source)
        else:
            write_pictures(head, shown, sink, source)


def _write_kept(head: DocumentHead, pages: Iterable[Page], sink: BinaryIO, source: Source) -> None:
    """What cannot be kept comes as pictures: a PDF too damaged to be written again, or one that breaks, hangs or
    overfills the process that takes it apart."""
    with tempfile.TemporaryDirectory(prefix="ocrchat-") as folder, tempfile.TemporaryFile() as spool:
        layers, result = Path(folder) / "layers.pdf", Path(folder) / "result.pdf"
        with layers.open("wb") as file:
            write_layers(head, _noted(pages, cast(BinaryIO, spool)), file)
        try:
            source.lay_over(layers, result)
        except (DamagedInput, PageError, PasswordNeeded) as error:
            if isinstance(error, PasswordNeeded) and not _can_be_seen(source):
                raise ExportError(
                    "The PDF needs its password once more to be written with its text. Read it again with the password."
                ) from error
            spool.seek(0)
            write_pictures(head, _noted_before(cast(BinaryIO, spool)), sink, source)
            return
        with result.open("rb") as file:
            shutil.copyfileobj(file, sink, 1 << 20)


def _can_be_seen(source: Source) -> bool:
    try:
        source.page_image(1, dpi=1.0)
    except OCRChatError:
        return False
    return True


def _noted(pages: Iterable[Page], spool: BinaryIO) -> Iterator[Page]:
    """They come once, and may be needed again."""
    for page in pages:
        record = bytes_from_page(page)
        spool.write(_SIZE.pack(len(record)) + record)
        yield page


def _noted_before(spool: BinaryIO) -> Iterator[Page]:
    while size := spool.read(_SIZE.size):
        yield page_from_bytes(spool.read(_SIZE.unpack(size)[0]))
