"""Fixtures that tests of several parts share."""

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
