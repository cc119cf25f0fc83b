"""A multipart form as it streams in: the file goes to its sink piece by piece, and the first piece too many ends it.
Nothing of the body is read before a handler asks for it, so that who asks is known first.
"""

from __future__ import annotations

import codecs
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from anyio import to_thread
from multipart import MultipartError, MultipartSegment, ParserLimitReached, PushMultipartParser, parse_options_header
from starlette.requests import Request

from ocrchat.errors import BadRequest, NoFile, RequestTooLarge, ServerStopping, TooManyBytes
from ocrchat.web.signal import Signal

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

FILE: Final = "file"

_MEGA: Final = 1024 * 1024
# Everything but the file: boundaries, headers and text fields of the widest form there is, many times over.
_OVERHEAD_BYTES: Final = _MEGA
_FIELD_BYTES: Final = 16 * 1024
_SEGMENTS: Final = 64
_HEADER_BYTES: Final = 8 * 1024  # a file's name may be long, and is percent-encoded in some clients
# Below this a piece is written where it arrives; handing it to a thread would cost more than the write.
_BATCH_BYTES: Final = _MEGA
# A client that sends nothing for so long is gone; a phone in a tunnel is back by then.
_SILENCE_SECONDS: Final = 60.0
# Who sends a byte a minute is never silent, and would hold its place for ever: after a while it must have come at a
# pace that every line has.
_GRACE_SECONDS: Final = 60.0
_LEAST_BYTES_A_SECOND: Final = 2048
# When the server is to end, what is coming fast may still come whole, and the rest is told to come again.
_STALL_SECONDS_AT_THE_END: Final = 0.5
_SECONDS_AT_THE_END: Final = 5.0


# A file's name may come in whatever a client's machine writes names in: what is no UTF-8 of it is replaced, since a
# name is no reason to refuse a file. The parser knows codecs by name only.
_LENIENT: Final = "ocrchat_lenient_utf8"


def _lenient(name: str) -> codecs.CodecInfo | None:
    if name != _LENIENT:
        return None

    def decode(data: Buffer, errors: str = "strict", /) -> tuple[str, int]:
        return codecs.utf_8_decode(data, "replace", True)

    return codecs.CodecInfo(codecs.utf_8_encode, decode, name=_LENIENT)


codecs.register(_lenient)


class FileSink(Protocol):
    def write(self, piece: bytes) -> object:
        """Raises TooManyBytes as soon as there is too much."""
        ...


@dataclass(slots=True)
class Form:
    fields: dict[str, str] = field(default_factory=dict)
    file_name: str = ""
    size_bytes: int = 0


async def receive_form(request: Request, sink: FileSink, *, max_bytes: int, stopping: Signal | None = None) -> Form:
    """Raises BadRequest, NoFile, TooManyBytes and ServerStopping; the sink then holds a part of the file, for the
    caller to drop."""
    _refuse_by_length(request, max_bytes)
    receiver = _Receiver(sink, _parser_for(request))
    try:
        async for chunk in _chunks(request, stopping):
            receiver.take(chunk)
            if receiver.must_flush:
                await to_thread.run_sync(receiver.flush)
        receiver.end()
    except ParserLimitReached:
        raise BadRequest("The form has too many fields, or one of them is too long.") from None
    except MultipartError:
        raise BadRequest(
            "The form is broken: it is not whole multipart/form-data. Let your HTTP library make it, boundary included."
        ) from None
    receiver.flush()
    return receiver.form


class _Receiver:
    def __init__(self, sink: FileSink, parser: PushMultipartParser) -> None:
        self.form = Form()
        self._sink = sink
        self._parser = parser
        self._pending = bytearray()
        self._segment: MultipartSegment | None = None
        self._value = bytearray()
        self._other_bytes = 0
        self._files: list[str] = []

    @property
    def must_flush(self) -> bool:
        return len(self._pending) >= _BATCH_BYTES

    def take(self, chunk: bytes) -> None:
        before = self.form.size_bytes
        for event in self._parser.parse(chunk):
            if isinstance(event, MultipartSegment):
                self._begin(event)
            elif event is None:
                self._finish()
            else:
                self._go_on(bytes(event))
        self._other_bytes += len(chunk) - (self.form.size_bytes - before)
        if self._other_bytes > _OVERHEAD_BYTES:
            raise RequestTooLarge("The form holds too much beside the file.")

    def flush(self) -> None:
        if self._pending:
            self._sink.write(bytes(self._pending))
            self._pending.clear()

    def end(self) -> None:
        self._parser.close()
        if FILE not in self._files or (not self.form.size_bytes and not self.form.file_name):
            others = [name for name in self._files if name != FILE and name.isidentifier()]
            hint = f' There is one in "{others[0][:40]}".' if others else ""
            raise NoFile(f'No file came: send it in the field "{FILE}" of the form.{hint}')

    def _begin(self, segment: MultipartSegment) -> None:
        self._segment = segment
        self._value.clear()
        if segment.filename is not None or segment.name == FILE:
            if segment.name == FILE and FILE in self._files:
                raise NoFile("More than one file came: send each in a request of its own.")
            self._files.append(segment.name)
        if segment.name == FILE:
            self.form.file_name = _last_part(segment.filename or "")
        elif segment.name in self.form.fields:
            raise BadRequest(f"The field {_named(segment.name)} came twice.")

    def _go_on(self, piece: bytes) -> None:
        assert self._segment is not None
        if self._segment.name == FILE:
            self.form.size_bytes += len(piece)
            self._pending += piece
        elif self._segment.filename is None:
            self._value += piece
            if len(self._value) > _FIELD_BYTES:
                raise BadRequest(f"The field {_named(self._segment.name)} is too long.")

    def _finish(self) -> None:
        assert self._segment is not None
        if self._segment.name == FILE or self._segment.filename is not None:
            return
        name = self._segment.name
        try:
            self.form.fields[name] = self._value.decode("utf-8")
        except UnicodeDecodeError:
            raise BadRequest(f"The field {_named(name)} is not text in UTF-8.") from None


def _parser_for(request: Request) -> PushMultipartParser:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind.lower() != "multipart/form-data":
        raise NoFile(f'No file came: send a form (multipart/form-data) with the file in the field "{FILE}".')
    boundary = options.get("boundary", "")
    try:
        return PushMultipartParser(
            boundary.encode("latin-1", "replace"),
            max_header_size=_HEADER_BYTES,
            max_segment_count=_SEGMENTS,
            header_charset=_LENIENT,
        )
    except (MultipartError, ValueError):
        raise BadRequest("The form is broken: its Content-Type names no usable boundary.") from None


def _refuse_by_length(request: Request, max_bytes: int) -> None:
    """Before anything is read, where the request says how long it is."""
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length) > max_bytes + _OVERHEAD_BYTES:
        raise _too_large(max_bytes)


def _too_large(max_bytes: int) -> TooManyBytes:
    return TooManyBytes(
        f"The file is larger than the {max_bytes / _MEGA:.0f} MB that are taken. Split it, or save it smaller.",
        limit=max_bytes,
    )


async def _chunks(request: Request, stopping: Signal | None) -> AsyncIterator[bytes]:
    stopping = stopping or Signal()
    stream = request.stream()
    start, size, end = time.monotonic(), 0, float("inf")
    while True:
        if stopping.is_set:
            end = min(end, time.monotonic() + _SECONDS_AT_THE_END)
        pace = start + _GRACE_SECONDS + size / _LEAST_BYTES_A_SECOND
        try:
            left = min(pace, end) - time.monotonic()
            async with stopping.hurrying(min(_SILENCE_SECONDS, left), when_set=_STALL_SECONDS_AT_THE_END):
                chunk = await anext(stream, None)
                # One that is there at once lets no clock in between.
                if left <= 0:
                    raise TimeoutError
        except TimeoutError:
            if stopping.is_set:
                raise ServerStopping(
                    "This server is being stopped, so nothing of the upload was kept. Send it again in a moment."
                ) from None
            if time.monotonic() >= pace:
                raise BadRequest("The upload came too slowly, so nothing of it was kept. Send it again.") from None
            raise BadRequest("The upload stopped half-way, so nothing of it was kept. Send it again.") from None
        if chunk is None:
            return
        if chunk:
            size += len(chunk)
            yield chunk


async def read_small_body(request: Request, *, max_bytes: int = 64 * 1024, stopping: Signal | None = None) -> bytes:
    """Of requests that hold a few words of JSON."""
    body = bytearray()
    async for chunk in _chunks(request, stopping):
        body += chunk
        if len(body) > max_bytes:
            raise RequestTooLarge("The body of the request is too large for this address.")
    return bytes(body)


def _last_part(name: str) -> str:
    """Some clients send a whole path."""
    name = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in name if letter.isprintable())[:200]


def _named(name: str) -> str:
    return f'"{name[:40]}"' if name.isidentifier() else "with a name that is none"
