"""A file on its way in: written as it comes, hashed and counted while it does, gone again unless a job takes it."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from types import TracebackType

from ocrchat.blobs.store import telling_of_files
from ocrchat.db.schema import new_id
from ocrchat.errors import TooManyBytes

_MEGA = 1024 * 1024

UNFINISHED = "#0"
"""Suffix of files that are still being written; backups and listings leave them out."""


class Upload:
    """Use as a context manager; `write` what comes, then `finish`, then hand it to `Jobs.submit`. Leaving the block
    removes the file, unless a job was made of it. Not for several threads at once; `write` blocks for a disk write."""

    def __init__(self, path: Path, *, document_id: str, max_bytes: int, name: str = "") -> None:
        self.document_id = document_id
        self.name = name
        """Of the file as the client calls it: kept for downloads, believed for nothing, logged nowhere."""
        self.path = path
        self.size_bytes = 0
        self.is_finished = False
        self.is_taken = False
        self._max_bytes = max_bytes
        self._digest = hashlib.sha256()
        self._draft = path.with_name(path.name + UNFINISHED)
        with telling_of_files("written"):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = os.fdopen(os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def write(self, piece: bytes | bytearray | memoryview) -> None:
        """Raises TooManyBytes as soon as there is too much, StorageError where the disk takes no more."""
        self.size_bytes += len(piece)
        if self.size_bytes > self._max_bytes:
            raise TooManyBytes(
                f"The file is larger than the {self._max_bytes / _MEGA:.0f} MB that are read. "
                "Split it, or send a smaller one.",
                limit=self._max_bytes,
            )
        self._digest.update(piece)
        with telling_of_files("written"):
            self._file.write(piece)

    def finish(self) -> None:
        if not self.is_finished:
            with telling_of_files("written"):
                self._file.close()
                self._draft.rename(self.path)
            self.is_finished = True

    def take(self) -> None:
        """The file is somebody's now."""
        self.is_taken = True

    def __enter__(self) -> Upload:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):  # what a full disk did not take is tried once more, for nothing
            self._file.close()
        with contextlib.suppress(OSError):  # what stays is an orphan, which the sweep finds
            self._draft.unlink(missing_ok=True)
            if not self.is_taken:
                self.path.unlink(missing_ok=True)
                self.path.parent.rmdir()


class Uploads:
    """`folder`: on the disk of this process; for a local blob store, where its files end up anyway."""

    def __init__(self, folder: Path, *, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes

    def begin(self, *, name: str = "", max_bytes: int | None = None) -> Upload:
        """`max_bytes`: for a caller with a lower limit than the server's."""
        document_id = new_id()
        limit = self._max_bytes if max_bytes is None else min(max_bytes, self._max_bytes)
        return Upload(self._folder / source_key(document_id), document_id=document_id, max_bytes=limit, name=name)


def prefix_of(document_id: str) -> str:
    """Everything of a document lies under it, so that one prefix deleted is a document deleted."""
    return f"d/{document_id[:2]}/{document_id}"


def source_key(document_id: str) -> str:
    return f"{prefix_of(document_id)}/source"
