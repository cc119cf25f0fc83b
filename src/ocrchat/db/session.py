"""The engine, and the unit of work: one transaction for each request or task; nobody else commits.

Both databases keep the same promises. On SQLite a unit that may write takes the write lock when it begins (BEGIN
IMMEDIATE): a transaction that reads first and writes later would otherwise fail at once, without waiting its turn.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from typing import Any, NoReturn

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from ocrchat.errors import DatabaseError

# How long a writer waits for its turn on SQLite. Units are milliseconds long, so half a minute of waiting means that
# something holds a transaction open over slow work, which is a defect worth hearing of.
BUSY_TIMEOUT_SECONDS = 30

# A lost host is noticed after about 25 s (10 + 3 x 5): what hangs on a dead connection is freed in that time.
_POSTGRES_KEEPALIVES = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}

_READING = "ocrchat_reading"


def parse_url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise DatabaseError(
            "The database address is not understood. It looks like sqlite:////var/lib/ocrchat/ocrchat.db "
            "or postgresql://user:password@host/name."
        ) from None
    backend = parsed.get_backend_name()
    if backend == "postgres":  # the spelling most hosters hand out
        parsed, backend = parsed.set(drivername="postgresql"), "postgresql"
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        return parsed.set(drivername="sqlite")
    raise DatabaseError(f'The database "{backend}" is not supported: use an address of SQLite or PostgreSQL.')


def make_engine(url: str, *, durable: bool = True, pool_size: int = 10) -> Engine:
    """`durable=False` trades the last commits before a power cut for speed: for counters, never for money."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _make_sqlite_engine(parsed, durable=durable)
    try:
        engine = create_engine(
            parsed,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args=_POSTGRES_KEEPALIVES,
        )
    except ModuleNotFoundError:
        raise DatabaseError(
            'The database address names PostgreSQL, but its driver is not installed: pip install "ocrchat[postgres]".'
        ) from None
    if not durable:
        event.listen(engine, "connect", _commit_without_waiting)
    return engine


def make_workflow_engine(url: str, *, durable: bool = True, pool_size: int = 5) -> Engine:
    """For DBOS, on the same database: on SQLite it begins and ends its transactions itself."""
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite":
        return make_engine(url, pool_size=pool_size)
    engine = create_engine(
        parsed, hide_parameters=True, connect_args={"isolation_level": "IMMEDIATE", "check_same_thread": False}
    )
    event.listen(engine, "connect", lambda connection, _: _set_pragmas(connection, durable=durable))
    return engine


def sqlite_path(url: str) -> Path | None:
    """The file of an SQLite address; None for PostgreSQL and for a database in memory."""
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database))


def is_sqlite(engine_or_connection: Engine | Connection) -> bool:
    return engine_or_connection.dialect.name == "sqlite"


def _make_sqlite_engine(url: URL, *, durable: bool) -> Engine:
    engine = create_engine(url, hide_parameters=True)  # an error ends in a log, and parameters name people

    def configure(connection: SQLiteConnection, _: object) -> None:
        # None: the driver must not begin transactions by itself; `begin` below does, for reads and table changes too.
        connection.isolation_level = None
        _set_pragmas(connection, durable=durable)

    def begin(connection: Connection) -> None:
        reading = bool(connection.get_execution_options().get(_READING))
        connection.exec_driver_sql(f"PRAGMA query_only={int(reading)}")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    def make_private(_dialect: object, _record: object, arguments: Sequence[object], _options: object) -> None:
        """SQLite makes its file readable for all, and its journals like the file."""
        path = Path(str(arguments[0]))
        if url.database not in (None, "", ":memory:") and path.parent.is_dir():
            with contextlib.suppress(PermissionError):
                if not path.exists():
                    path.touch(mode=0o600)
                path.chmod(0o600)

    event.listen(engine, "do_connect", make_private)
    event.listen(engine, "connect", configure)
    event.listen(engine, "begin", begin)
    return engine


def _set_pragmas(connection: SQLiteConnection, *, durable: bool) -> None:
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_SECONDS * 1000}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA secure_delete=ON")  # what is deleted is not left readable in the file's free pages


def _commit_without_waiting(connection: Any, _: object) -> None:
    connection.execute("SET synchronous_commit TO off")
    connection.commit()


class UnitSession(Session):
    """A session that cannot be committed by the code that works in it."""

    def commit(self) -> NoReturn:
        raise RuntimeError("only the unit of work commits")


class Database:
    """Units of work on one engine. A unit MUST NOT be held open over reading, mail or a call to another server."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def unit(self) -> Iterator[Session]:
        """Everything done in it is kept, or on an exception nothing is."""
        with UnitSession(self.engine, expire_on_commit=False) as session:
            yield session
            Session.commit(session)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent view that writes nothing and, on SQLite, waits for no writer."""
        postgres = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        options: dict[str, Any] = {_READING: True} if is_sqlite(self.engine) else postgres
        with UnitSession(self.engine.execution_options(**options), expire_on_commit=False) as session:
            yield session

    def close(self) -> None:
        self.engine.dispose()
