"""Files by key, in a local folder or a bucket, behind one small interface. A file is written once and never changed.

Keys are relative paths with forward slashes. Everything of one document lies under one prefix.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, from_url

from ocrchat.config import Settings
from ocrchat.errors import BadSetting, StorageError

_PIECE = 1 << 20

# Of one request that deletes; S3 takes a thousand.
_CHUNK = 500


class Removed(NamedTuple):
    files: int
    size_bytes: int


class Blobs:
    """Safe for any number of threads. Raises StorageError where the store does not answer."""

    def __init__(self, store: Any, folder: Path | None = None) -> None:
        self._store = store
        self.folder = folder
        """Where the files lie, if they lie on a disk of this machine."""

    def put(self, key: str, data: bytes) -> None:
        with telling_of_files("written"):
            obstore.put(self._store, key, data, use_multipart=len(data) > 8 * _PIECE)

    def put_file(self, key: str, path: Path) -> None:
        with telling_of_files("written"):
            obstore.put(self._store, key, path)

    def get(self, key: str) -> bytes:
        with telling_of_files("read"):
            return bytes(obstore.get(self._store, key).bytes())

    def stream(self, key: str) -> Iterator[bytes]:
        with telling_of_files("read"):
            for piece in obstore.get(self._store, key).stream(min_chunk_size=_PIECE):
                yield bytes(piece)

    def size(self, key: str) -> int | None:
        """None where there is no such file."""
        with telling_of_files("read"):
            try:
                return int(obstore.head(self._store, key)["size"])
            except FileNotFoundError:
                return None

    def delete(self, keys: Iterable[str]) -> None:
        """Those that are gone already are no error."""
        with telling_of_files("deleted"):
            for chunk in _chunks(keys):
                with contextlib.suppress(FileNotFoundError):
                    obstore.delete(self._store, chunk)

    def delete_prefix(self, prefix: str) -> Removed:
        files, size_bytes = 0, 0
        with telling_of_files("deleted"):
            for found in obstore.list(self._store, prefix=prefix, chunk_size=_CHUNK):
                files += len(found)
                size_bytes += sum(int(one["size"]) for one in found)
                self.delete([str(one["path"]) for one in found])
        if self.folder is not None:
            _remove_unfinished(self.folder / prefix)
        return Removed(files, size_bytes)

    def prefixes(self, prefix: str) -> list[str]:
        """The "folders" directly below."""
        if self.folder is not None:  # obstore does not show a folder that holds unfinished files only
            with contextlib.suppress(FileNotFoundError):
                return sorted(f"{prefix}/{one.name}" for one in (self.folder / prefix).iterdir() if one.is_dir())
            return []
        with telling_of_files("read"):
            return [str(one) for one in obstore.list_with_delimiter(self._store, prefix=prefix)["common_prefixes"]]

    def last_change(self, prefix: str) -> datetime | None:
        """Of the files below, those that are still being written too; None where there are none."""
        if self.folder is not None:
            times = [path.stat().st_mtime for path in (self.folder / prefix).rglob("*") if path.is_file()]
            return datetime.fromtimestamp(max(times), UTC) if times else None
        with telling_of_files("read"):
            moments = [one["last_modified"] for found in obstore.list(self._store, prefix=prefix) for one in found]
        return max(moments, default=None)

    @contextlib.contextmanager
    def local_path(self, key: str) -> Iterator[Path]:
        """The file on a disk of this machine, as children open it: itself, or a copy as long as the block lasts."""
        if self.folder is not None:
            yield self.folder / key
            return
        with temporary_folder() as folder:
            path = folder / "source"
            with telling_of_files("copied"), path.open("wb") as file:
                for piece in self.stream(key):
                    file.write(piece)
            yield path

    def check(self) -> None:
        """Writes, reads and removes a small file; raises StorageError."""
        key = f"check/{time.time_ns()}"
        self.put(key, b"ocrchat")
        if self.get(key) != b"ocrchat":
            raise StorageError("The blob store gives back something else than was put into it.")
        self.delete([key])


def open_blobs(address: str, folder: Path | None) -> Blobs:
    """`folder` where files are kept on a disk of this machine, else the address of a bucket."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Blobs(LocalStore(prefix=folder, automatic_cleanup=True), folder.absolute())
    try:
        return Blobs(from_url(address))
    except (BaseError, ValueError) as error:
        raise BadSetting(f'The setting BLOBS cannot be "{address}": {str(error).partition(chr(10))[0]}.') from None


def blobs_of(settings: Settings) -> Blobs:
    return open_blobs(settings.blobs, settings.blob_folder)


def memory_blobs() -> Blobs:
    """As a bucket behaves, without one."""
    return Blobs(MemoryStore())


@contextlib.contextmanager
def telling_of_files(what: str) -> Iterator[None]:
    """StorageError for what a disk or a bucket refuses: full, away, not ours. FileNotFoundError goes through."""
    try:
        yield
    except (BaseError, OSError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise _storage_error(what, error) from error


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """A full disk shows here too: then Python finds no usable folder, and says so as of a missing file."""
    try:
        folder = tempfile.TemporaryDirectory(prefix="ocrchat-", ignore_cleanup_errors=True)
    except OSError as error:
        raise _storage_error("written", error) from error
    with folder as name:
        yield Path(name)


def _storage_error(what: str, error: Exception) -> StorageError:
    return StorageError(
        f"A file could not be {what} ({type(error).__name__}). Try again; if it stays so, tell the operator."
    )


def _chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    keys = list(keys)
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]


def _remove_unfinished(folder: Path) -> None:
    """What a killed process was writing, which no listing shows; and folders that are empty then."""
    for path in sorted(folder.rglob("*"), reverse=True):
        with contextlib.suppress(OSError):
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink()
    with contextlib.suppress(OSError):
        folder.rmdir()
