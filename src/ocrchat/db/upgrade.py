"""Migrations: forward only, run at start, by one process at a time, and never on a database of a later program."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from ocrchat.db.session import is_sqlite, telling_of_loss
from ocrchat.errors import DatabaseError

# The key of PostgreSQL's advisory lock; any constant that no other program in the same database uses.
_LOCK = 0x6F6372636861740A


def upgrade(engine: Engine, to: str = "head") -> None:
    """Brings the tables to the shape this program knows; does nothing where they have it."""
    if to == "head" and current_revision(engine) == head_revision():
        return
    with telling_of_loss(), engine.begin() as connection:
        if is_sqlite(engine):
            # Altering a table means copying it, and a copy must not set off the deletions of what refers to the
            # original. The switch works outside of a transaction only.
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        _refuse_later_database(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        if is_sqlite(engine):
            _check_references(connection)
    if is_sqlite(engine):
        engine.dispose()  # the connection without foreign keys must not serve anybody else


def current_revision(engine: Engine) -> str | None:
    """Raises DatabaseError where the database does not answer, or is none; everybody who opens one asks this first."""
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as error:
        reason = str(error.orig).strip().partition("\n")[0]
        raise DatabaseError(
            f"The database cannot be opened: {reason}. See that it is there and that DATABASE_URL is right."
        ) from None


def head_revision() -> str:
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def revisions() -> list[str]:
    """From the first to the head."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()][::-1]


def is_current(engine: Engine) -> bool:
    return current_revision(engine) == head_revision()


def _config() -> Config:
    config = Config()
    # A path with a percent sign would be taken for interpolation.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _refuse_later_database(connection: Connection) -> None:
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in revisions():
        raise DatabaseError(
            f'The database was made by a later version of this program (revision "{found}"). '
            "Install that version, or restore the backup made before it."
        )


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise DatabaseError(
            f"The database has {len(broken)} rows that refer to nothing, so it was left as it was. Restore a backup."
        )
