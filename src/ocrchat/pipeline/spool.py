"""Pages on disk between reading and export: several formats from one reading, in memory that does not grow."""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Iterator
from typing import BinaryIO

from ocrchat.document.json import page_from_bytes
from ocrchat.document.model import Page

_SIZE = struct.Struct("!I")


class PageSpool:
    def __init__(self) -> None:
        self._file: BinaryIO = tempfile.TemporaryFile(prefix="ocrchat-")  # noqa: SIM115  closed by close()

    def append(self, record: bytes) -> None:
        self._file.seek(0, 2)
        self._file.write(_SIZE.pack(len(record)))
        self._file.write(record)

    def pages(self) -> Iterator[Page]:
        place = 0
        while True:
            self._file.seek(place)
            head = self._file.read(_SIZE.size)
            if not head:
                return
            (size,) = _SIZE.unpack(head)
            place += _SIZE.size + size
            yield page_from_bytes(self._file.read(size))

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> PageSpool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
