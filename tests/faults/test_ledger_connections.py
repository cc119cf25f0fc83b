"""Databases that go away in the midst of a unit of work: a sentence (503), and a ledger that is right afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, text

from ocrchat.accounts.principal import Principal
from ocrchat.cli import main
from ocrchat.db import session as sessions
from ocrchat.db.session import Database, make_engine
from ocrchat.db.upgrade import upgrade
from ocrchat.errors import DatabaseUnavailable
from tests.databases import running_postgres
from tests.ledgers import charge, faults, hold, left, new_account


@contextmanager
def _before_statement(engine: Engine, number: int, disaster: Callable[[], None]) -> Iterator[list[str]]:
    """Lets something happen before the statement of that number; the list says which statement it was."""
    hit: list[str] = []
    seen = 0

    def count(*arguments: Any) -> None:
        nonlocal seen
        if seen == number:
            hit.append(arguments[2])
            disaster()
        seen += 1

    event.listen(engine, "before_cursor_execute", count)
    try:
        yield hit
    finally:
        event.remove(engine, "before_cursor_execute", count)


@pytest.fixture
def terminate(postgres_url: str) -> Iterator[Callable[[], None]]:
    """Ends every connection to the database, as an operator or a restart does."""
    admin = create_engine(postgres_url.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    ends = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()"""

    def terminate() -> None:
        with admin.connect() as connection:
            connection.execute(text(ends))

    yield terminate
    admin.dispose()


@pytest.mark.parametrize("work", [hold, charge])
def test_unit_when_its_connection_is_ended_before_any_statement_then_it_is_told_and_can_be_repeated(
    postgres_url: str, terminate: Callable[[], None], work: Callable[[Database, Principal, int], object]
) -> None:
    database = Database(make_engine(postgres_url))
    owner = new_account(database)
    assert left(database, owner) == 600
    statements = 0
    for page in range(1, 30):
        if work is charge:
            hold(database, owner, page)
        before = left(database, owner)
        with _before_statement(database.engine, page - 1, terminate) as hit:
            try:
                work(database, owner, page)
            except DatabaseUnavailable as error:
                assert (error.status, error.retryable) == (503, True) and "Try again" in error.message
        if not hit:
            break
        statements += 1
        assert left(database, owner) == before
        work(database, owner, page)
        assert faults(database) == ()
    assert statements >= 6
    database.close()


def test_reading_when_its_connection_is_ended_then_it_is_told_and_the_next_one_works(
    postgres_url: str, terminate: Callable[[], None]
) -> None:
    database = Database(make_engine(postgres_url))
    with pytest.raises(DatabaseUnavailable), database.reading() as session:
        session.execute(text("SELECT 1"))
        terminate()
        session.execute(text("SELECT 1"))
    with database.reading() as session:
        assert session.scalar(text("SELECT 1")) == 1
    database.close()


def test_unit_when_the_commit_is_cut_off_then_it_is_told_and_repeating_it_pays_once(
    postgres_url: str, terminate: Callable[[], None]
) -> None:
    database = Database(make_engine(postgres_url))
    owner = new_account(database)
    hold(database, owner, 1)
    event.listen(database.engine, "commit", lambda _: terminate(), once=True)
    with pytest.raises(DatabaseUnavailable):
        charge(database, owner, 1)
    charge(database, owner, 1)
    assert left(database, owner) == 599
    assert faults(database) == ()
    database.close()


def test_server_when_killed_in_the_midst_of_a_job_then_callers_are_told_and_all_is_right_after_its_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # What is committed must be on the disk here: this server loses its memory.
    with running_postgres(synchronous_commit="on") as server:
        database = Database(make_engine(f"{server.url}/postgres"))
        upgrade(database.engine)
        owner = new_account(database)
        hold(database, owner, *range(1, 6))
        charge(database, owner, 1)
        with _before_statement(database.engine, 4, server.kill) as hit, pytest.raises(DatabaseUnavailable):
            charge(database, owner, 2)
        assert hit
        with pytest.raises(DatabaseUnavailable):
            charge(database, owner, 2)
        with pytest.raises(DatabaseUnavailable), database.reading():
            left(database, owner)
        monkeypatch.setenv("DATABASE_URL", f"{server.url}/postgres")
        monkeypatch.setenv("OCRCHAT_DATA", str(tmp_path))
        assert main(["accounts", "list"]) == 1
        said = capsys.readouterr().err
        assert said.startswith("ocrchat: The database cannot be opened") and "Traceback" not in said

        server.start()

        assert [charge(database, owner, page) for page in (1, 2, 3)] == [False, True, True]
        assert left(database, owner) == 595
        assert faults(database) == ()
        database.close()


def test_unit_when_another_writer_holds_the_database_for_too_long_then_it_is_told(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "BUSY_TIMEOUT_SECONDS", 0)
    database = Database(make_engine(sqlite_url))
    owner = new_account(database)
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseUnavailable):
            hold(database, owner, 1)
        other.execute("ROLLBACK")
    hold(database, owner, 1)
    assert left(database, owner) == 599
    database.close()


def test_unit_when_the_disk_is_full_then_it_is_told_and_nothing_is_half_written(sqlite_url: str) -> None:
    database = Database(make_engine(sqlite_url))
    owner = new_account(database)
    assert left(database, owner) == 600
    with database.reading() as session:
        pages = session.scalar(text("PRAGMA page_count"))
    small = Database(make_engine(sqlite_url))
    event.listen(small.engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count={pages}"))
    with pytest.raises(DatabaseUnavailable):
        hold(small, owner, *range(1, 500))
    small.close()
    assert left(database, owner) == 600
    assert faults(database) == ()
    database.close()


def test_unit_when_every_connection_is_taken_then_it_is_told(postgres_url: str) -> None:
    engine = make_engine(postgres_url, pool_size=1)
    engine.pool._timeout = 0.1  # type: ignore[attr-defined]
    database = Database(engine)
    with database.unit() as one, database.unit() as two:
        one.connection()
        two.connection()
        with pytest.raises(DatabaseUnavailable), database.unit() as three:
            three.connection()
    database.close()
