"""What parent and child say to each other over a pipe: a JSON header and bytes.

JSON and not pickle: a child that a hostile file took over can answer nonsense, but cannot make the parent run code.
"""

from __future__ import annotations

import json
import os
import select
import struct
import time
from typing import Any, NamedTuple

_SIZES = struct.Struct("!II")
_LARGEST_HEADER = 16 * 1024 * 1024
_LARGEST_PAYLOAD = 1024 * 1024 * 1024
"""A page image of 100 megapixels in colour is 300 MB; a child that claims more is lying."""


class Frame(NamedTuple):
    header: dict[str, Any]
    payload: bytes


class PipeClosed(Exception):
    """The other side is gone."""


class DeadlinePassed(Exception):
    """The other side did not answer in time."""


def write_frame(descriptor: int, header: dict[str, Any], payload: bytes | memoryview = b"") -> None:
    head = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    _write_all(descriptor, _SIZES.pack(len(head), len(payload)) + head)
    if len(payload):
        _write_all(descriptor, payload)


def read_frame(descriptor: int, deadline: float | None = None) -> Frame:
    """`deadline` is on the clock of time.monotonic; None waits for ever."""
    head_size, payload_size = _SIZES.unpack(_read_exactly(descriptor, _SIZES.size, deadline))
    if head_size > _LARGEST_HEADER or payload_size > _LARGEST_PAYLOAD:
        raise PipeClosed
    head = json.loads(_read_exactly(descriptor, head_size, deadline).decode("utf-8", "surrogatepass"))
    if not isinstance(head, dict):
        raise PipeClosed
    return Frame(head, _read_exactly(descriptor, payload_size, deadline))


def _write_all(descriptor: int, data: bytes | memoryview) -> None:
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(descriptor, view) :]
        except (BrokenPipeError, OSError) as error:
            raise PipeClosed from error


def _read_exactly(descriptor: int, size: int, deadline: float | None) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        _wait_readable(descriptor, deadline)
        try:
            piece = os.read(descriptor, min(size - len(parts), 1 << 20))
        except OSError as error:
            raise PipeClosed from error
        if not piece:
            raise PipeClosed
        parts += piece
    return bytes(parts)


def _wait_readable(descriptor: int, deadline: float | None) -> None:
    if deadline is not None and not is_readable(descriptor, deadline - time.monotonic()):
        raise DeadlinePassed


def is_readable(descriptor: int, seconds: float) -> bool:
    """Whether something comes, or the other side goes, within this time."""
    poller = select.poll()  # not select(): it fails for descriptors above 1,023, which a busy server has
    poller.register(descriptor, select.POLLIN | select.POLLHUP)
    return seconds > 0 and bool(poller.poll(seconds * 1000))
