"""Backup and restore of an installation on SQLite: database, files, server key, in one archive that proves itself.

Taken while the server runs. Files are never changed once written, so the archive takes those that are there, then the
database in one moment, then the files that came meanwhile: whatever the database names is in it, unless its owner
deleted it while the backup ran.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import re
import secrets
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

from ocrchat.errors import BackupError

_FORMAT = "ocrchat.backup/1"
_MANIFEST = "manifest.json"
_DATABASE = "ocrchat.db"
_KEY = "server.key"
_BLOBS = "blobs"
_EARLIER = "before-restore"

# Small files of the data folder that an operator may have put there.
_EXTRAS = ("plans.toml", "ocrchat.toml", "admin-token")

# Files that are still being written: the blob store renames them when they are whole.
_UNFINISHED = re.compile(r"#\d+$")

_PIECE = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Installation:
    """Where the things are that are backed up and put back."""

    data: Path
    database: Path
    key_file: Path
    blobs: Path | None
    """None: in a bucket, which has its own backups."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupReport:
    path: Path
    files: int
    size_bytes: int
    checks: tuple[str, ...]
    """What was verified, a sentence each."""


Check = Callable[[Path, Path], str]
"""Looks at a copy of the database and at the key file beside it; a sentence, or an error."""


def back_up(what: Installation, target: Path, check: Check, *, now: datetime) -> BackupReport:
    if target.exists():
        raise BackupError(f"{target} exists already: choose another name, a backup is never overwritten.")
    if not what.database.exists():
        raise BackupError(f"There is no database at {what.database} to back up.")
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
    try:
        with tempfile.TemporaryDirectory(dir=_folder_of(target)) as folder:
            snapshot = Path(folder) / _DATABASE
            with _open_private(draft) as stream, tarfile.open(fileobj=stream, mode="w") as archive:
                _write_archive(archive, what, snapshot, now)
            report = verify(draft, check)
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    return BackupReport(path=target, files=report.files, size_bytes=report.size_bytes, checks=report.checks)


def verify(path: Path, check: Check) -> BackupReport:
    """Reads the whole archive: every file is what it was, the database is whole, and what `check` says of it."""
    with tempfile.TemporaryDirectory(dir=_folder_of(path)) as folder:
        files, checks = _extract_checked(path, Path(folder), check)
    return BackupReport(path=path, files=len(files), size_bytes=path.stat().st_size, checks=checks)


def restore(path: Path, what: Installation, check: Check, *, replace: bool, now: datetime) -> BackupReport:
    """The server MUST be stopped. What was there is moved into a folder beside it, never deleted."""
    places = {_DATABASE: what.database, _KEY: what.key_file, _BLOBS: what.blobs or what.data / _BLOBS}
    places |= {name: what.data / name for name in _EXTRAS}
    there = [place for place in places.values() if place.exists()]
    if there and not replace:
        raise BackupError(f"{there[0]} exists already. Restore into an empty data folder, or say --replace.")
    what.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(what.database), tempfile.TemporaryDirectory(dir=what.data) as folder:
        files, checks = _extract_checked(path, Path(folder), check)
        with _all_or_none() as move:
            _set_aside(there, what, what.data / f"{_EARLIER}-{now:%Y%m%dT%H%M%S}", move)
            for name, place in places.items():
                if (Path(folder) / name).exists():
                    move(Path(folder) / name, place)
    return BackupReport(path=path, files=len(files), size_bytes=path.stat().st_size, checks=checks)


def _extract_checked(path: Path, folder: Path, check: Check) -> tuple[Mapping[str, str], tuple[str, ...]]:
    files = _extract(path, folder)
    _check_integrity(folder / _DATABASE)
    if _KEY not in files:
        raise BackupError("The backup holds no server key.")
    checks = (f"All {len(files)} files are whole.", "The database is whole.", check(folder / _DATABASE, folder / _KEY))
    return files, checks


@contextlib.contextmanager
def _alone(database: Path) -> Iterator[None]:
    """Nobody else has the database open, nor can write to it meanwhile; a server would go on in the one moved aside."""
    if not database.exists():
        yield
        return
    with contextlib.closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")  # refused while any other connection is open
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            # One that is damaged is just what is to be replaced.
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise BackupError(
                    f"The database {database} is in use. Stop the server and every command of it, then restore again."
                ) from None
        yield


Move = Callable[[Path, Path], None]


@contextlib.contextmanager
def _all_or_none() -> Iterator[Move]:
    """Moves files and folders; where one of the moves fails, all are taken back."""
    moved: list[tuple[Path, Path]] = []

    def move(source: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(source, target)
        moved.append((source, target))

    try:
        yield move
    except BaseException:
        for source, target in reversed(moved):
            shutil.move(target, source)
        raise


def _write_archive(archive: tarfile.TarFile, what: Installation, snapshot: Path, now: datetime) -> None:
    hashes: dict[str, str] = {}
    _add_blobs(archive, what, hashes)
    _snapshot(what.database, snapshot)
    _add(archive, snapshot, _DATABASE, hashes)
    _add_blobs(archive, what, hashes)
    if not _add(archive, what.key_file, _KEY, hashes):
        raise BackupError(
            f"The server key {what.key_file} is missing: without it the tokens in a backup cannot be used."
        )
    for name in _EXTRAS:
        _add(archive, what.data / name, name, hashes)
    manifest = json.dumps({"format": _FORMAT, "made_at": now.isoformat(), "sha256": hashes}, indent=1).encode()
    entry = tarfile.TarInfo(_MANIFEST)
    entry.size, entry.mode = len(manifest), 0o600
    archive.addfile(entry, io.BytesIO(manifest))


def _snapshot(database: Path, target: Path) -> None:
    with (
        contextlib.closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as source,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it


def _add_blobs(archive: tarfile.TarFile, what: Installation, hashes: dict[str, str]) -> None:
    if what.blobs is None or not what.blobs.is_dir():
        return
    for path in sorted(what.blobs.rglob("*")):
        name = f"{_BLOBS}/{path.relative_to(what.blobs).as_posix()}"
        if name not in hashes and not path.is_symlink() and path.is_file() and not _UNFINISHED.search(path.name):
            _add(archive, path, name, hashes)


def _add(archive: tarfile.TarFile, path: Path, name: str, hashes: dict[str, str]) -> bool:
    """False where the file is not there (any more)."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime, entry.mode = status.st_size, int(status.st_mtime), 0o600
            hashing = _Hashing(file)
            archive.addfile(entry, hashing)
    except FileNotFoundError:
        return False
    hashes[name] = hashing.digest.hexdigest()
    return True


class _Hashing(io.RawIOBase):
    """Hashes what is read through it, so that a file is read once."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece


def _extract(path: Path, folder: Path) -> Mapping[str, str]:
    """Into an empty folder; what is not in the manifest, or not as it says, is an error. Names and hashes."""
    found: dict[str, str] = {}
    manifest: Mapping[str, object] = {}
    try:
        with tarfile.open(path) as archive:
            for entry in archive:
                source = archive.extractfile(entry) if entry.isfile() else None
                if source is None or not _is_plain(entry.name):
                    raise BackupError(f'"{entry.name}" has no place in a backup: {path} was not made by this program.')
                if entry.name == _MANIFEST:
                    manifest = json.load(source)
                    continue
                found[entry.name] = _extract_file(source, folder / entry.name)
    except (tarfile.TarError, OSError, ValueError, EOFError) as error:
        raise BackupError(f"The backup {path} cannot be read: {error}.") from None
    if manifest.get("format") != _FORMAT:
        raise BackupError(f"{path} is not a backup of this program, or it is cut off.")
    if manifest["sha256"] != found:
        raise BackupError(f"The backup {path} is damaged: its files are not those of its list.")
    return found


def _extract_file(source: IO[bytes], target: Path) -> str:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with _open_private(target) as file:
        while piece := source.read(_PIECE):
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


def _is_plain(name: str) -> bool:
    """Below the folder, and nowhere else."""
    parts = PurePosixPath(name).parts
    return bool(parts) and not name.startswith("/") and ".." not in parts and "\\" not in name


def _check_integrity(database: Path) -> None:
    if not database.exists():
        raise BackupError("The backup holds no database.")
    with contextlib.closing(sqlite3.connect(database)) as connection:
        try:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.DatabaseError as error:
            found = str(error)
    if found != "ok":
        raise BackupError(f"The database in the backup is damaged: {found}.")


def _set_aside(there: list[Path], what: Installation, folder: Path, move: Move) -> None:
    journals = [what.database.with_name(what.database.name + suffix) for suffix in ("-wal", "-shm")]
    for place in [*there, *(journal for journal in journals if journal.exists())]:
        folder.mkdir(exist_ok=True, mode=0o700)
        move(place, folder / place.name)


def _folder_of(path: Path) -> Path:
    return path.absolute().parent


@contextlib.contextmanager
def _open_private(path: Path) -> Iterator[IO[bytes]]:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
