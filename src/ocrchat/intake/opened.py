"""A file opened for reading, whatever its type: pages as upright pixels, and their own text where they carry any.

Runs in a worker process, in one thread, one page at a time.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, Self

from ocrchat.document.image import PageImage
from ocrchat.errors import MissingInput
from ocrchat.intake.limits import Limits, require_file_size
from ocrchat.intake.sniff import PDF, media_type_of
from ocrchat.intake.text_layer import TextLayer

_HEAD_BYTES = 4096


class OpenedSource(Protocol):
    """Pages are counted from 1. A number that does not exist is NoSuchPage, a page that cannot be had a PageError."""

    @property
    def media_type(self) -> str: ...

    @property
    def page_count(self) -> int: ...

    @property
    def title(self) -> str:
        """As the file states it; often empty."""
        ...

    @property
    def notices(self) -> tuple[str, ...]:
        """What a person should know about how the file was taken: sentences."""
        ...

    def page_image(self, number: int, dpi: float | None = None) -> PageImage:
        """Upright, grey or RGB. None: at the resolution it is read best at. Pictures are never enlarged, and large
        pages come at fewer dpi than asked for: the answer states what it has."""
        ...

    def text_layer(self, number: int) -> TextLayer | None:
        """None: the format has none."""
        ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


def open_source(path: Path, *, password: str = "", limits: Limits) -> OpenedSource:
    """InputError where the file as such cannot be read."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
        size = path.stat().st_size
    except OSError as error:
        raise MissingInput(f"Cannot open {path.name}: {error.strerror or 'it is not there'}.") from error
    media_type = media_type_of(head)
    require_file_size(size, limits)
    if media_type == PDF:
        from ocrchat.intake.pdf import PDFSource

        return PDFSource(path, password=password, limits=limits)
    from ocrchat.intake.image import ImageSource

    return ImageSource(path, media_type=media_type, limits=limits)
