from __future__ import annotations

import hashlib
import io
import json
import shutil
import sqlite3
import stat
import tarfile
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from ocrchat.accounts.keys import ServerKeys
from ocrchat.db import backup
from ocrchat.db.backup import Installation, back_up, restore, verify
from ocrchat.db.session import Database, make_engine
from ocrchat.errors import BackupError
from tests.ledgers import NOON, charge, faults, hold, left, new_account


def _check(database: Path, key_file: Path) -> str:
    assert ServerKeys(key_file).ids
    engine = make_engine(f"sqlite:///{database}")
    found = faults(Database(engine))
    engine.dispose()
    if found:
        raise BackupError(str(found))
    return "The ledger is right."


@pytest.fixture
def installation(sqlite_url: str, tmp_path: Path) -> Installation:
    """With an account that has used something, two documents, a key and plans of its own."""
    data = tmp_path / "data"
    (data / "blobs" / "a").mkdir(parents=True)
    (tmp_path / "ocrchat.db").rename(data / "ocrchat.db")
    ServerKeys(data / "server.key").make_if_missing()
    (data / "plans.toml").write_text("# mine")
    (data / "blobs" / "a" / "source").write_bytes(b"document" * 1000)
    (data / "blobs" / "b").write_bytes(b"")
    (data / "blobs" / "c#1").write_bytes(b"still being written")
    (data / "blobs" / "link").symlink_to("/etc/passwd")
    return Installation(data=data, database=data / "ocrchat.db", key_file=data / "server.key", blobs=data / "blobs")


@pytest.fixture
def database(installation: Installation) -> Database:
    database = Database(make_engine(f"sqlite:///{installation.database}"))
    owner = new_account(database)
    hold(database, owner, 1, 2)
    charge(database, owner, 1)
    database.close()
    return database


@pytest.fixture
def archive(installation: Installation, database: Database, tmp_path: Path) -> Path:
    path = tmp_path / "backup.tar"
    back_up(installation, path, _check, now=NOON)
    return path


def _elsewhere(tmp_path: Path) -> Installation:
    data = tmp_path / "elsewhere"
    return Installation(data=data, database=data / "ocrchat.db", key_file=data / "server.key", blobs=data / "blobs")


def _rewrite(archive: Path, change: dict[str, bytes | None]) -> None:
    """The archive with some files changed (or, None, left out)."""
    with tarfile.open(archive) as before:
        files = {entry.name: before.extractfile(entry).read() for entry in before}  # type: ignore[union-attr]
    for name, content in change.items():
        files.pop(name, None)
        if content is not None:
            files[name] = content
    with tarfile.open(archive, "w") as after:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            after.addfile(entry, io.BytesIO(content))


def test_backup_when_made_then_it_is_private_verified_and_whole(
    installation: Installation, archive: Path, tmp_path: Path
) -> None:
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert stat.S_IMODE(installation.database.stat().st_mode) == 0o600
    report = verify(archive, _check)
    assert report.files == 5 and report.checks[-1] == "The ledger is right."
    with tarfile.open(archive) as opened:
        assert set(opened.getnames()) == {
            "ocrchat.db",
            "server.key",
            "plans.toml",
            "blobs/a/source",
            "blobs/b",
            "manifest.json",
        }
    assert {path.name for path in tmp_path.iterdir()} == {"backup.tar", "data"}


def test_backup_when_restored_elsewhere_then_everything_is_as_it_was(
    installation: Installation, archive: Path, tmp_path: Path
) -> None:
    there = _elsewhere(tmp_path)
    report = restore(archive, there, _check, replace=False, now=NOON)
    assert report.files == 5
    assert (there.data / "blobs/a/source").read_bytes() == b"document" * 1000
    assert (there.data / "blobs/b").read_bytes() == b""
    assert (there.data / "plans.toml").read_text() == "# mine"
    assert there.key_file.read_bytes() == installation.key_file.read_bytes()
    assert stat.S_IMODE(there.key_file.stat().st_mode) == 0o600
    assert {path.name for path in there.data.iterdir()} == {"ocrchat.db", "server.key", "plans.toml", "blobs"}
    database = Database(make_engine(f"sqlite:///{there.database}"))
    with database.reading() as session:
        assert session.connection().exec_driver_sql("SELECT COUNT(*) FROM entries").scalar() == 6
    database.close()


def test_backup_when_server_works_on_meanwhile_then_it_is_of_one_moment_and_names_only_files_it_holds(
    installation: Installation, tmp_path: Path
) -> None:
    """As the service does: a file is written, then the row that names it is committed."""
    database = Database(make_engine(f"sqlite:///{installation.database}"))
    owner = new_account(database, "busy@example.org")
    assert installation.blobs is not None
    blobs, stop = installation.blobs, threading.Event()

    def work() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            (blobs / f"{number:032x}").write_bytes(b"x" * 2000)
            hold(database, owner, 1, job=f"{number:032x}", credits=0)
            charge(database, owner, 1, job=f"{number:032x}")

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for number in range(3):
            back_up(installation, tmp_path / f"{number}.tar", _check, now=NOON)
    finally:
        stop.set()
        worker.join()
    database.close()
    for number in range(3):
        there = _elsewhere(tmp_path / str(number))
        restore(tmp_path / f"{number}.tar", there, _check, replace=False, now=NOON)
        with sqlite3.connect(there.database) as connection:
            jobs = {row[0] for row in connection.execute("SELECT job_id FROM entries WHERE job_id IS NOT NULL")}
        connection.close()
        assert jobs <= {path.name for path in (there.data / "blobs").iterdir()}


def test_backup_when_a_file_is_deleted_while_it_is_taken_then_it_goes_on(
    installation: Installation, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = backup._add

    def add(archive: tarfile.TarFile, path: Path, name: str, hashes: dict[str, str]) -> bool:
        if name == "blobs/b":
            path.unlink()
        return original(archive, path, name, hashes)

    monkeypatch.setattr(backup, "_add", add)
    assert back_up(installation, tmp_path / "backup.tar", _check, now=NOON).files == 4


def test_backup_when_documents_are_in_a_bucket_or_there_are_none_then_the_rest_is_saved(
    installation: Installation, database: Database, tmp_path: Path
) -> None:
    for name, blobs in [("bucket", None), ("none", tmp_path / "nowhere")]:
        report = back_up(replace(installation, blobs=blobs), tmp_path / f"{name}.tar", _check, now=NOON)
        assert report.files == 3
    restore(tmp_path / "bucket.tar", replace(_elsewhere(tmp_path), blobs=None), _check, replace=False, now=NOON)


@pytest.mark.parametrize("missing", ["ocrchat.db", "server.key"])
def test_backup_when_something_it_needs_is_missing_then_no_file_is_left_behind(
    installation: Installation, database: Database, tmp_path: Path, missing: str
) -> None:
    (installation.data / missing).unlink()
    with pytest.raises(BackupError, match=missing):
        back_up(installation, tmp_path / "backup.tar", _check, now=NOON)
    assert {path.name for path in tmp_path.iterdir()} == {"data"}


def test_backup_when_ledger_is_wrong_then_it_says_so_instead_of_pretending(
    installation: Installation, database: Database, tmp_path: Path
) -> None:
    with sqlite3.connect(installation.database) as connection:
        connection.execute("UPDATE books SET balance = balance + 1")
    connection.close()
    with pytest.raises(BackupError, match="a balance is not the sum"):
        back_up(installation, tmp_path / "backup.tar", _check, now=NOON)
    assert not (tmp_path / "backup.tar").exists()


def test_backup_when_name_is_taken_then_nothing_is_overwritten(installation: Installation, archive: Path) -> None:
    before = archive.read_bytes()
    with pytest.raises(BackupError, match="exists already"):
        back_up(installation, archive, _check, now=NOON)
    assert archive.read_bytes() == before


def test_restore_when_something_is_there_then_it_is_refused_or_moved_aside(
    installation: Installation, archive: Path
) -> None:
    with pytest.raises(BackupError, match="--replace"):
        restore(archive, installation, _check, replace=False, now=NOON)
    database = Database(make_engine(f"sqlite:///{installation.database}"))
    owner = new_account(database, "later@example.org")
    assert left(database, owner) == 600
    with pytest.raises(BackupError, match="is in use"):  # as the pool of a server that runs keeps a connection
        restore(archive, installation, _check, replace=True, now=NOON)
    assert left(database, owner) == 600
    database.close()
    restore(archive, installation, _check, replace=True, now=NOON)
    aside = installation.data / "before-restore-20261121T120000"
    assert {path.name for path in aside.iterdir()} >= {"ocrchat.db", "server.key", "plans.toml", "blobs"}
    with sqlite3.connect(installation.database) as connection:
        assert connection.execute("SELECT COUNT(*) FROM accounts").fetchone() == (1,)
    connection.close()


def test_restore_when_database_that_is_there_is_damaged_then_it_is_replaced(
    installation: Installation, archive: Path
) -> None:
    installation.database.write_bytes(b"not a database at all" * 100)
    restore(archive, installation, _check, replace=True, now=NOON)
    with sqlite3.connect(installation.database) as connection:
        assert connection.execute("SELECT COUNT(*) FROM accounts").fetchone() == (1,)
    connection.close()


def test_restore_when_it_fails_midway_then_all_is_where_it_was(
    installation: Installation, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def files() -> dict[str, bytes]:
        found = (path for path in installation.data.rglob("*") if path.is_file() and not path.is_symlink())
        return {str(path): path.read_bytes() for path in found if not path.name.startswith("ocrchat.db")}

    before, database = files(), installation.database.stat().st_ino
    original, moves = shutil.move, []

    def move(source: Path, target: Path) -> None:
        moves.append(target)
        if len(moves) == 6:  # four are moved aside, one is put in place
            raise OSError("No space left on device")
        original(source, target)

    monkeypatch.setattr(shutil, "move", move)
    with pytest.raises(OSError, match="No space"):
        restore(archive, installation, _check, replace=True, now=NOON)
    assert files() == before and installation.database.stat().st_ino == database


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"blobs/b": b"changed"}, "damaged"),
        ({"blobs/b": None}, "damaged"),
        ({"extra": b"added"}, "damaged"),
        ({"manifest.json": None}, "not a backup"),
        ({"manifest.json": b"{}"}, "not a backup"),
        ({"manifest.json": b"["}, "cannot be read"),
        ({"../outside": b"x"}, "no place"),
        ({"/outside": b"x"}, "no place"),
        ({"a\\b": b"x"}, "no place"),
    ],
)
def test_restore_when_archive_is_not_what_was_saved_then_nothing_is_changed(
    archive: Path, tmp_path: Path, change: dict[str, bytes | None], complaint: str
) -> None:
    _rewrite(archive, change)
    with pytest.raises(BackupError, match=complaint):
        restore(archive, _elsewhere(tmp_path), _check, replace=False, now=NOON)
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert not (tmp_path / "outside").exists()


def test_restore_when_archive_holds_links_or_is_cut_off_or_is_none_then_it_is_refused(
    archive: Path, tmp_path: Path
) -> None:
    link = tarfile.TarInfo("blobs/x")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with tarfile.open(tmp_path / "link.tar", "w") as made:
        made.addfile(link)
    (tmp_path / "cut.tar").write_bytes(archive.read_bytes()[:3000])
    (tmp_path / "none.tar").write_bytes(b"PK")
    for name in ("link.tar", "cut.tar", "none.tar", "missing.tar"):
        with pytest.raises(BackupError):
            restore(tmp_path / name, _elsewhere(tmp_path), _check, replace=False, now=NOON)


@pytest.mark.parametrize("content", [None, b"not a database at all" * 100])
def test_restore_when_database_in_it_is_damaged_then_it_is_refused(
    archive: Path, tmp_path: Path, content: bytes | None
) -> None:
    with tarfile.open(archive) as opened:
        manifest = json.load(opened.extractfile("manifest.json"))  # type: ignore[arg-type]
    manifest["sha256"].pop("ocrchat.db")
    if content is not None:
        manifest["sha256"]["ocrchat.db"] = hashlib.sha256(content).hexdigest()
    _rewrite(archive, {"ocrchat.db": content, "manifest.json": json.dumps(manifest).encode()})
    with pytest.raises(BackupError, match=r"holds no database|is damaged"):
        restore(archive, _elsewhere(tmp_path), _check, replace=False, now=NOON)


def test_restore_when_archive_holds_no_server_key_then_it_is_refused(archive: Path, tmp_path: Path) -> None:
    with tarfile.open(archive) as opened:
        manifest = json.load(opened.extractfile("manifest.json"))  # type: ignore[arg-type]
    del manifest["sha256"]["server.key"]
    _rewrite(archive, {"server.key": None, "manifest.json": json.dumps(manifest).encode()})
    with pytest.raises(BackupError, match="holds no server key"):
        restore(archive, _elsewhere(tmp_path), _check, replace=False, now=NOON)
    assert list((tmp_path / "elsewhere").iterdir()) == []
