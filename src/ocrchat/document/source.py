"""The file a document was read from, for exporters that show its pages or pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

if TYPE_CHECKING:
    # Its pixels are NumPy's, which a parent that only passes documents on need not load.
    from ocrchat.document.image import PageImage


class Source(Protocol):
    @property
    def media_type(self) -> str: ...

    @property
    def password(self) -> str:
        """What opens an encrypted PDF; empty where nothing is needed or known."""
        ...

    def open(self) -> BinaryIO:
        """The bytes as they came. The caller closes it."""
        ...

    def page_image(self, number: int, dpi: float | None = None) -> PageImage:
        """A page's pixels, upright, rendered or scaled to the dpi; None: as the reader saw it."""
        ...

    def lay_over(self, layers: Path, result: Path) -> None:
        """Of a PDF: writes to `result` its own pages with text over them (export/pdf_graft.py). A file made to do harm
        is opened in a process of its own. DamagedInput or a PageError where its pages cannot be kept,
        PasswordNeeded where it is locked."""
        ...
