"""Every migration, from every earlier revision, on filled databases of both kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

import ocrchat.accounts.model
import ocrchat.credits.model
import ocrchat.documents.model
import ocrchat.jobs.model  # noqa: F401  the tables of all are compared
from ocrchat.db.schema import Base
from ocrchat.db.session import make_engine
from ocrchat.db.upgrade import current_revision, head_revision, is_current, revisions, upgrade
from ocrchat.errors import DatabaseError

# What an installation of each revision has in its tables; a new revision adds the rows of the one before it.
FILL: dict[str, list[str]] = {
    "r0001": [
        "INSERT INTO accounts VALUES ('a1', 'ann@example.org', NULL, 'hash', 'free', FALSE, NULL,"
        " '2026-01-01 00:00:00')",
        "INSERT INTO tokens VALUES ('t1', 'a1', 'mine', X'01', 'sealed', 'read', '2026-01-01 00:00:00', NULL)",
        "INSERT INTO sessions VALUES ('s1', X'02', 'a1', '2026-01-01 00:00:00', '2026-01-01 00:00:00',"
        " '2026-02-01 00:00:00')",
        "INSERT INTO login_requests VALUES ('l1', 'ann@example.org', X'03', X'04', 5, NULL, '2026-01-01 00:00:00',"
        " '2026-01-01 00:10:00')",
        "INSERT INTO facts VALUES ('server_key', 'abc', '2026-01-01 00:00:00')",
        "INSERT INTO rate_limits VALUES ('submit:a1', 1)",
        "INSERT INTO anonymous_use VALUES ('caller', '2026-01-01', 3)",
        "INSERT INTO books VALUES ('a1', 499, '2026-01-01 00:00:00')",
        "INSERT INTO buckets VALUES (1, 'a1', 'credits', 'start', 500, 499, NULL, '2026-01-01 00:00:00')",
        "INSERT INTO entries VALUES (1, 'a1', 'grant', 500, 'grant:1', NULL, NULL, NULL, '', 0, '',"
        " '2026-01-01 00:00:00')",
        "INSERT INTO entries VALUES (2, 'a1', 'hold', -1, 'hold:j:1:1', 'j', 1, 1, 'cpu', 0, '',"
        " '2026-01-01 00:00:00')",
        "INSERT INTO parts VALUES (1, 1, 500)",
        "INSERT INTO parts VALUES (2, 1, -1)",
    ],
    "r0002": [
        "INSERT INTO vouchers VALUES ('v1', 'hash', 'ABCD', 100, 0, '', 1, 0, NULL, NULL, '', '2026-01-01 00:00:00')",
    ],
    "r0003": [],
    "r0004": [
        "INSERT INTO documents VALUES ('d1', 'a1', 'scan.pdf', 'application/pdf', 10, 'hash', 1, '', '[]',"
        " '2026-01-01 00:00:00', NULL, NULL)",
        "INSERT INTO jobs (id, document_id, account_id, caller, plan, status, version, tier, served_tier, tool,"
        " language, translate_to, pages, force_ocr, formats, notices, price, priority, page_count, pages_read,"
        " pages_blank, pages_failed, attempt, revivals, error_code, error, request_hash, retention_seconds, created_at)"
        " VALUES ('j1', 'd1', 'a1', 'a1', 'free', 'done', 3, 'cpu', 'cpu', '', 'auto', '', '', FALSE, '[]', '[]', 1, 0,"
        " 1, 1, 0, 0, 1, 0, '', '', '', 60, '2026-01-01 00:00:00')",
        "INSERT INTO pages VALUES ('j1', 1, 'read', 1, 0, 1, 'cpu', 'key', NULL, '', '', 0.5, NULL)",
        "INSERT INTO tallies VALUES ('jobs', 1)",
    ],
    "r0005": [
        "INSERT INTO conversations VALUES ('c1', 'j1', NULL, NULL, NULL, NULL, '2026-01-01 00:00:00',"
        " '2026-01-01 00:00:00')",
        "INSERT INTO conversation_messages VALUES ('c1', 1, 'user', 'The total?', NULL, '2026-01-01 00:00:00')",
    ],
}

# An account deleted before r0003, which had used a voucher of its own and one that many use; and one that is there.
WORDS = [
    "INSERT INTO books VALUES ('deleted-1', 0, '2026-01-01 00:00:00')",
    "INSERT INTO books VALUES ('b1', 0, '2026-01-01 00:00:00')",
    "INSERT INTO buckets VALUES (2, 'deleted-1', 'credits', 'voucher:v2', 0, 0, NULL, '2026-01-01 00:00:00')",
    "INSERT INTO buckets VALUES (3, 'deleted-1', 'credits', 'voucher:v3', 0, 0, NULL, '2026-01-01 00:00:00')",
    "INSERT INTO buckets VALUES (4, 'b1', 'credits', 'voucher:v4', 0, 0, NULL, '2026-01-01 00:00:00')",
    "INSERT INTO entries VALUES (3, 'deleted-1', 'grant', 0, 'grant:2', NULL, NULL, NULL, '', 0, 'for Ann Lee',"
    " '2026-01-01 00:00:00', '')",
    "INSERT INTO entries VALUES (4, 'b1', 'grant', 0, 'grant:3', NULL, NULL, NULL, '', 0, 'for Bob',"
    " '2026-01-01 00:00:00', '')",
    "INSERT INTO vouchers VALUES ('v2', 'h2', 'ABCD', 100, 0, '', 1, 1, NULL, NULL, 'Ann', '2026-01-01 00:00:00')",
    "INSERT INTO vouchers VALUES ('v3', 'h3', 'ABCD', 9, 0, '', 9, 1, NULL, NULL, 'a school', '2026-01-01 00:00:00')",
    "INSERT INTO vouchers VALUES ('v4', 'h4', 'ABCD', 9, 0, '', 1, 1, NULL, NULL, 'Bob', '2026-01-01 00:00:00')",
]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'ocrchat.db'}"
    else:
        new_database: Callable[[], str] = request.getfixturevalue("new_postgres_database")
        url = new_database()
    engine = make_engine(url)
    yield engine
    engine.dispose()


def _fill(engine: Engine, revision: str) -> None:
    """As an installation would be that has been upgraded step by step and used in between."""
    for step in revisions():
        upgrade(engine, step)
        with engine.begin() as connection:
            for statement in FILL[step]:
                if engine.dialect.name == "postgresql":
                    statement = statement.replace("X'", "'\\x")
                connection.exec_driver_sql(statement)
        if step == revision:
            return


def _rows(engine: Engine) -> dict[str, list[dict[str, object]]]:
    with engine.connect() as connection:
        names = MigrationContext.configure(connection)
        assert names.get_current_revision()
        present = [
            table.name for table in Base.metadata.sorted_tables if engine.dialect.has_table(connection, table.name)
        ]
        return {
            name: [dict(row) for row in connection.execute(text(f"SELECT * FROM {name} ORDER BY 1, 2")).mappings()]
            for name in present
        }


@pytest.mark.parametrize("revision", revisions())
def test_upgrade_when_filled_database_is_of_earlier_revision_then_all_rows_are_kept(
    empty: Engine, revision: str
) -> None:
    _fill(empty, revision)
    before = _rows(empty)
    assert current_revision(empty) == revision

    upgrade(empty)

    after = _rows(empty)
    assert is_current(empty)
    for table, rows in before.items():
        assert rows
        assert [{name: row[name] for name in old} for row, old in zip(after[table], rows, strict=True)] == rows


@pytest.mark.parametrize("revision", revisions())
def test_upgrade_when_done_from_any_revision_then_tables_are_those_of_the_models(empty: Engine, revision: str) -> None:
    _fill(empty, revision)
    upgrade(empty)
    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize("revision", revisions())
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entries SET amount = 1 WHERE id = 1",
        "UPDATE entries SET account_id = 'a2' WHERE id = 1",
        "UPDATE entries SET note = 'other' WHERE id = 1",
        "UPDATE entries SET note = '' WHERE id = 1",
        "DELETE FROM entries WHERE id = 1",
        "UPDATE parts SET amount = 1",
        "DELETE FROM parts",
    ],
)
def test_ledger_rows_when_changed_behind_the_programs_back_then_the_database_refuses(
    empty: Engine, revision: str, change: str
) -> None:
    _fill(empty, revision)
    with pytest.raises(DBAPIError, match="only ever added"), empty.begin() as connection:
        connection.exec_driver_sql(change)


def test_ledger_rows_when_tool_is_changed_after_upgrade_then_the_database_refuses(empty: Engine) -> None:
    _fill(empty, "r0001")
    upgrade(empty)
    with pytest.raises(DBAPIError, match="only ever added"), empty.begin() as connection:
        connection.exec_driver_sql("UPDATE entries SET tool = 'other'")


def test_book_when_renamed_to_tombstone_then_its_entries_follow(empty: Engine) -> None:
    _fill(empty, head_revision())
    with empty.begin() as connection:
        connection.exec_driver_sql("UPDATE books SET account_id = 'deleted-1' WHERE account_id = 'a1'")
    with empty.connect() as connection:
        assert set(connection.scalars(text("SELECT account_id FROM entries"))) == {"deleted-1"}
        assert set(connection.scalars(text("SELECT account_id FROM buckets"))) == {"deleted-1"}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entries SET account_id = 'a1'",
        "UPDATE entries SET account_id = 'deleted-2'",
        "UPDATE entries SET note = 'other'",
        "UPDATE entries SET note = '', amount = 0",
        "DELETE FROM entries",
    ],
)
def test_ledger_rows_when_nobodys_any_more_then_only_their_words_can_go(empty: Engine, change: str) -> None:
    _fill(empty, head_revision())
    with empty.begin() as connection:
        connection.exec_driver_sql("UPDATE books SET account_id = 'deleted-1' WHERE account_id = 'a1'")
    with pytest.raises(DBAPIError, match="only ever added"), empty.begin() as connection:
        connection.exec_driver_sql("INSERT INTO books VALUES ('deleted-2', 0, '2026-01-01 00:00:00')")
        connection.exec_driver_sql(change)
    with empty.begin() as connection:
        connection.exec_driver_sql("UPDATE entries SET note = ''")


def test_upgrade_when_accounts_were_deleted_before_then_what_was_written_about_them_goes(empty: Engine) -> None:
    _fill(empty, "r0002")
    with empty.begin() as connection:
        for statement in WORDS:
            connection.exec_driver_sql(statement)
    upgrade(empty)
    with empty.connect() as connection:
        assert connection.scalars(text("SELECT note FROM entries WHERE id > 2 ORDER BY id")).all() == ["", "for Bob"]
        assert connection.scalars(text("SELECT note FROM vouchers ORDER BY id")).all() == ["", "", "a school", "Bob"]
        assert connection.scalars(text("SELECT period FROM buckets ORDER BY id")).all() == [
            "start",
            None,
            None,
            "voucher:v4",
        ]


def test_upgrade_when_run_twice_then_second_changes_nothing(empty: Engine) -> None:
    upgrade(empty)
    upgrade(empty)
    assert current_revision(empty) == head_revision()


def test_upgrade_when_database_is_of_a_later_program_then_it_refuses(empty: Engine) -> None:
    upgrade(empty)
    with empty.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'r9999'")
    with pytest.raises(DatabaseError, match="later version"):
        upgrade(empty)


def test_upgrade_when_rows_refer_to_nothing_then_it_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'ocrchat.db'}")
    _fill(engine, "r0001")
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("DELETE FROM accounts")
    engine.dispose()
    with pytest.raises(DatabaseError, match="refer to nothing"):
        upgrade(engine)
    assert current_revision(engine) == "r0001"
    engine.dispose()


def test_every_relationship_of_the_models_when_listed_then_none_loads_behind_the_back() -> None:
    lazy = [
        str(relationship)
        for mapper in Base.registry.mappers
        for relationship in mapper.relationships
        if relationship.lazy not in ("raise", "raise_on_sql")
    ]
    assert lazy == []


def test_database_when_it_cannot_be_opened_then_a_sentence_says_so(tmp_path: Path) -> None:
    (tmp_path / "none.db").write_bytes(b"not a database at all" * 100)
    for url in (f"sqlite:///{tmp_path}/none.db", f"sqlite:///{tmp_path}/no/folder.db"):
        engine = make_engine(url)
        with pytest.raises(DatabaseError, match="cannot be opened"):
            upgrade(engine)
        engine.dispose()


def test_database_when_server_is_not_there_then_a_sentence_says_so_without_the_password() -> None:
    engine = make_engine("postgresql://user:hunter2@127.0.0.1:1/name")
    with pytest.raises(DatabaseError, match="cannot be opened") as caught:
        upgrade(engine)
    assert "hunter2" not in str(caught.value)
