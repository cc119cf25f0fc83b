"""The file a document was read from, for exporters that show its pages or pictures."""

from __future__ import annotations

from typing import BinaryIO, Protocol

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
