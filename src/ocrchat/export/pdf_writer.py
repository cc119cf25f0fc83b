"""A PDF written object by object straight to its sink: memory holds where objects are, never what they say."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from typing import BinaryIO, NewType

Reference = NewType("Reference", int)


class PDFWriter:
    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink
        self._position = 0
        self._offsets: list[int] = []
        self._digest = hashlib.sha256()
        # Four bytes above 127 in a comment tell programs that move files that this is not text.
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def reserve(self) -> Reference:
        """An object's number, to be referred to before the object is written."""
        self._offsets.append(0)
        return Reference(len(self._offsets))

    def write_object(self, reference: Reference, content: str | bytes) -> None:
        self._offsets[reference - 1] = self._position
        body = content.encode("latin-1") if isinstance(content, str) else content
        self._write(b"%d 0 obj\n%b\nendobj\n" % (reference, body))

    def add(self, content: str | bytes) -> Reference:
        reference = self.reserve()
        self.write_object(reference, content)
        return reference

    def add_stream(self, data: bytes, entries: str = "", *, compress: bool = True) -> Reference:
        """`entries` go into the stream's dictionary; data that is compressed already comes with its own filter."""
        if compress:
            data = zlib.compress(data, 6)
            entries += " /Filter /FlateDecode"
        return self.add(b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), entries.encode("latin-1"), data))

    def finish(self, *, root: Reference, info: Reference) -> None:
        start = self._position
        rows = b"".join(b"%010d 00000 n \n" % offset for offset in self._offsets)
        size = len(self._offsets) + 1
        identity = self._digest.hexdigest()[:32].upper().encode()
        self._write(
            b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%b> <%b>] >>\n"
            b"startxref\n%d\n%%%%EOF\n" % (size, rows, size, root, info, identity, identity, start)
        )

    def _write(self, data: bytes) -> None:
        self._sink.write(data)
        self._digest.update(data)
        self._position += len(data)


def text_string(text: str) -> str:
    """As a hexadecimal UTF-16 string, which needs no escapes."""
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"


def references(values: Sequence[Reference]) -> str:
    return "[" + " ".join(f"{value} 0 R" for value in values) + "]"


def dictionary(entries: Mapping[str, str]) -> str:
    return "<< " + " ".join(f"/{key} {value}" for key, value in entries.items()) + " >>"
