from __future__ import annotations

import sqlite3
import sys
import threading
import traceback
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, NoResultFound, StatementError

from ocrchat.db.schema import Fact, new_id
from ocrchat.db.session import Database, make_engine, parse_url, sqlite_path, telling_of_loss
from ocrchat.db.upsert import read_fact, write_fact
from ocrchat.errors import DatabaseError, DatabaseUnavailable, UnkeepableText

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def _facts(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(text("SELECT name FROM facts ORDER BY name")))


def test_unit_when_it_ends_well_then_all_is_kept(database: Database) -> None:
    with database.unit() as session:
        write_fact(session, "a", "1", now=NOON)
        write_fact(session, "b", "2", now=NOON)
        write_fact(session, "a", "3", now=NOON)
    assert _facts(database) == ["a", "b"]
    with database.reading() as session:
        fact = read_fact(session, "a")
        assert fact is not None and fact.value == "3"


def test_unit_when_anything_is_raised_then_nothing_is_kept(database: Database) -> None:
    with pytest.raises(KeyError), database.unit() as session:
        write_fact(session, "a", "1", now=NOON)
        raise KeyError
    assert _facts(database) == []


def test_unit_when_code_within_commits_then_it_is_told_off(database: Database) -> None:
    with pytest.raises(RuntimeError, match="only the unit of work commits"), database.unit() as session:
        write_fact(session, "a", "1", now=NOON)
        session.commit()
    assert _facts(database) == []


def test_reading_when_code_within_writes_then_the_database_refuses(database: Database) -> None:
    with pytest.raises(DBAPIError), database.reading() as session:
        write_fact(session, "a", "1", now=NOON)
    with database.unit() as session:  # the same connection, writing again
        write_fact(session, "a", "1", now=NOON)


def test_reading_when_a_unit_is_open_then_it_sees_what_was_before_and_does_not_wait(database: Database) -> None:
    with database.unit() as session:
        write_fact(session, "a", "1", now=NOON)
        assert _facts(database) == []
    assert _facts(database) == ["a"]


def test_reading_when_something_is_committed_meanwhile_then_the_view_stays_the_same(database: Database) -> None:
    with database.reading() as session:
        assert session.scalars(text("SELECT name FROM facts")).all() == []
        with database.unit() as other:
            write_fact(other, "a", "1", now=NOON)
        assert session.scalars(text("SELECT name FROM facts")).all() == []


def test_row_when_it_refers_to_nothing_then_it_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.unit() as session:
        session.execute(
            text("INSERT INTO buckets VALUES (1, 'nobody', 'credits', NULL, 0, 0, NULL, '2026-11-21 12:00:00')")
        )


def test_time_when_kept_then_it_comes_back_in_utc(database: Database) -> None:
    tokyo = NOON.astimezone(timezone(timedelta(hours=9)))
    with database.unit() as session:
        session.add(Fact(name="a", value="", changed_at=tokyo))
    with database.reading() as session:
        fact = session.get_one(Fact, "a")
        assert fact.changed_at == NOON and fact.changed_at.utcoffset() == timedelta(0)


def test_time_when_it_has_no_zone_then_it_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a time zone"), database.unit() as session:
        session.add(Fact(name="a", value="", changed_at=datetime(2026, 11, 21)))


@pytest.mark.parametrize(("durable", "expected"), [(True, 2), (False, 1)])
def test_sqlite_when_opened_then_it_waits_checks_and_syncs(sqlite_url: str, durable: bool, expected: int) -> None:
    engine = make_engine(sqlite_url, durable=durable)
    with engine.connect() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert values == {"journal_mode": "wal", "synchronous": expected, "foreign_keys": 1, "busy_timeout": 30_000}


@pytest.mark.parametrize(("durable", "expected"), [(True, "on"), (False, "off")])
def test_postgres_when_opened_then_only_counters_do_not_wait_for_the_disk(
    postgres_url: str, durable: bool, expected: str
) -> None:
    engine = make_engine(postgres_url, durable=durable)
    with engine.connect() as connection:
        found = connection.execute(text("SHOW synchronous_commit")).scalar()
        # The test server itself runs with it off.
        assert found == (expected if not durable else "off")
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("postgres://user:word@host/name", "postgresql+psycopg"),
        ("postgresql://user:word@host/name", "postgresql+psycopg"),
        ("postgresql+psycopg2://user:word@host/name", "postgresql+psycopg"),
        ("sqlite:////tmp/a.db", "sqlite"),
        ("sqlite+pysqlite:////tmp/a.db", "sqlite"),
    ],
)
def test_address_when_spelled_in_any_way_then_our_driver_is_used(url: str, driver: str) -> None:
    parsed = parse_url(url)
    assert parsed.drivername == driver
    assert parsed.password in (None, "word")


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://host/name", "oracle://host/name"])
def test_address_when_not_supported_then_it_says_what_is(url: str) -> None:
    with pytest.raises(DatabaseError, match=r"SQLite|sqlite"):
        parse_url(url)


def test_driver_when_not_installed_then_the_cure_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DatabaseError, match=r"ocrchat\[postgres\]"):
        make_engine("postgresql://host/name")


def test_sqlite_path_when_address_is_a_file_then_it_is_given() -> None:
    assert str(sqlite_path("sqlite:////tmp/a.db")) == "/tmp/a.db"
    assert sqlite_path("sqlite://") is None
    assert sqlite_path("sqlite:///:memory:") is None
    assert sqlite_path("postgresql://host/name") is None


def test_ids_when_made_then_they_are_random_and_of_one_length() -> None:
    ids = {new_id() for _ in range(100)}
    assert len(ids) == 100 and {len(one) for one in ids} == {32}


def test_error_when_it_reaches_a_log_then_values_are_not_in_it(database: Database) -> None:
    with pytest.raises(IntegrityError) as caught, database.unit() as session:
        for _ in range(2):
            session.execute(
                text(
                    "INSERT INTO accounts (id, email, plan, is_admin, created_at) VALUES (:id, :mail, 'x', false, :at)"
                ),
                {"id": "a", "mail": "ann@example.org", "at": NOON.isoformat()},
            )
    assert "parameters hidden" in str(caught.value)


@pytest.mark.parametrize("statement", ["SELECT * FROM nothing", "INSERT INTO facts (name) VALUES ('a')"])
def test_unit_when_the_program_asks_something_wrong_then_it_stays_a_defect(database: Database, statement: str) -> None:
    with pytest.raises(DBAPIError), database.unit() as session:
        session.execute(text(statement))
    assert _facts(database) == []


def test_unit_when_server_is_not_there_then_it_is_told_without_the_password() -> None:
    database = Database(make_engine("postgresql://user:hunter2@127.0.0.1:1/name"))
    with pytest.raises(DatabaseUnavailable) as caught, database.unit() as session:
        session.execute(text("SELECT 1"))
    assert caught.value.status == 503 and caught.value.retryable
    assert "hunter2" not in caught.value.message + str(caught.value.__cause__)


def test_error_when_it_reaches_a_log_then_the_row_that_was_there_is_not_in_it(database: Database) -> None:
    """PostgreSQL tells of the row itself: "Key (email)=(ann@example.org) already exists"."""
    with pytest.raises(IntegrityError) as caught, database.unit() as session:
        for number in range(2):
            session.execute(
                text(
                    "INSERT INTO accounts (id, email, plan, is_admin, created_at) VALUES (:id, :mail, 'x', false, :at)"
                ),
                {"id": str(number), "mail": "ann@example.org", "at": NOON.isoformat()},
            )
    assert "ann@example.org" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("value", ["half \ud800", "a\x00b"])
def test_text_when_no_database_can_keep_it_then_it_is_the_callers_fault(database: Database, value: str) -> None:
    try:
        with database.reading() as session:
            assert session.scalars(text("SELECT name FROM facts WHERE name = :name"), {"name": value}).all() == []
    except UnkeepableText as error:
        assert error.status == 400 and "\ud800" not in error.message


def test_unit_when_two_wait_for_each_other_then_one_is_told_to_try_again(postgres_url: str) -> None:
    database = Database(make_engine(postgres_url))
    with database.unit() as session:
        write_fact(session, "a", "", now=NOON)
        write_fact(session, "b", "", now=NOON)
    both, outcomes = threading.Barrier(2), []

    def work(first: str, second: str) -> None:
        try:
            with database.unit() as session:
                write_fact(session, first, "changed", now=NOON)
                both.wait()
                write_fact(session, second, "changed", now=NOON)
            outcomes.append("done")
        except DatabaseUnavailable:
            outcomes.append("told")

    threads = [threading.Thread(target=work, args=names) for names in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "told"]
    database.close()


def test_sqlite_when_error_of_the_driver_itself_is_a_loss_then_it_is_told() -> None:
    with pytest.raises(DatabaseUnavailable), telling_of_loss():
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise error
    with pytest.raises(sqlite3.OperationalError), telling_of_loss():
        raise sqlite3.OperationalError("no such table")
    with pytest.raises(NoResultFound), telling_of_loss():
        raise NoResultFound
