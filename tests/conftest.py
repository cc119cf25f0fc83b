"""Fixtures that tests of several parts share."""

from hypothesis import settings

from tests.databases import (
    database,
    database_url,
    migrated_postgres,
    migrated_sqlite,
    new_postgres_database,
    postgres_server,
    postgres_url,
    sqlite_database,
    sqlite_url,
)

__all__ = [
    "database",
    "database_url",
    "migrated_postgres",
    "migrated_sqlite",
    "new_postgres_database",
    "postgres_server",
    "postgres_url",
    "sqlite_database",
    "sqlite_url",
]

# How long an example takes says more about what else the machine is doing than about the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
