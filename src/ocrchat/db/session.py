"""The engine, and the unit of work: one transaction for each request or task; nobody else commits.

Both databases keep the same promises. On SQLite a unit that may write takes the write lock when it begins (BEGIN
IMMEDIATE): a transaction that reads first and writes later would otherwise fail at once, without waiting its turn.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from sqlite3 import Error as SQLiteError
from typing import Any, NoReturn

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from ocrchat.errors import DatabaseError, DatabaseUnavailable, UnkeepableText

# How long a writer waits for its turn on SQLite. Units are milliseconds long, so half a minute of waiting means that
# something holds a transaction open over slow work, which is a defect worth hearing of.
BUSY_TIMEOUT_SECONDS = 30

# A lost host is noticed after about 25 s (10 + 3 x 5): what hangs on a dead connection is freed in that time.
_POSTGRES_KEEPALIVES = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}

_READING = "ocrchat_reading"

_UNKEEPABLE = "Something in this request holds characters that no text can have."

# What may be otherwise a moment later, by the class of its code: connections, transactions that stood in each other's
# way, resources, an operator's doing (a restart).
_POSTGRES_LOSSES = ("08", "40", "53", "57")
_SQLITE_LOSSES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)


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
    event.listen(engine, "handle_error", _forget_values)
    if not durable:
        event.listen(engine, "connect", _commit_without_waiting)
    return engine


@contextmanager
def telling_of_loss() -> Iterator[None]:
    """A connection lost between two statements, a server that starts or stops, a lock waited for in vain: 503, and a
    sentence. So for text that no database can keep. Whatever else the database refuses is a defect, and stays one."""
    try:
        yield
    except UnicodeEncodeError:
        raise UnkeepableText(_UNKEEPABLE) from None
    except (SQLAlchemyError, SQLiteError) as error:
        if isinstance(error, DataError) and getattr(error.orig, "sqlstate", None) is None:  # PostgreSQL has no NUL
            raise UnkeepableText(_UNKEEPABLE) from None
        if not _is_loss(error):
            raise
        raise DatabaseUnavailable("The database does not answer at the moment. Try again in a minute.") from error


def _is_loss(error: Exception) -> bool:
    if isinstance(error, PoolTimeout):
        return True  # all connections are taken
    if not isinstance(error, DBAPIError):
        return isinstance(error, SQLiteError) and _is_sqlite_loss(error)
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, SQLiteError):
        return _is_sqlite_loss(error.orig)
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # said by the driver itself: the server is not there, or not any more
        return isinstance(error, OperationalError | InterfaceError)
    return str(state).startswith(_POSTGRES_LOSSES)


def _is_sqlite_loss(error: SQLiteError) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _SQLITE_LOSSES


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


def _forget_values(context: ExceptionContext) -> None:
    """An error ends in a log, and below its first line PostgreSQL quotes the row, with whom it names."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args and isinstance(error.args[0], str):
            error.args = (error.args[0].partition("\n")[0], *error.args[1:])


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
        """Everything done in it is kept, or on an exception nothing is. Raises DatabaseUnavailable; where that comes
        of the commit itself, nobody knows which of the two it was, so whoever repeats a unit MUST be able to."""
        with telling_of_loss(), UnitSession(self.engine, expire_on_commit=False) as session:
            yield session
            Session.commit(session)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent view that writes nothing and, on SQLite, waits for no writer. Raises DatabaseUnavailable."""
        postgres = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        options: dict[str, Any] = {_READING: True} if is_sqlite(self.engine) else postgres
        engine = self.engine.execution_options(**options)
        with telling_of_loss(), UnitSession(engine, expire_on_commit=False) as session:
            yield session

    def close(self) -> None:
        self.engine.dispose()
