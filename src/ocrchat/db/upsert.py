"""INSERT … ON CONFLICT, which both databases have in the same words but SQLAlchemy under two names."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ocrchat.db.schema import Base, Fact

if TYPE_CHECKING:
    Upsert = postgresql.Insert | sqlite.Insert


def insert_into(session: Session, table: type[Base]) -> Upsert:
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def write_fact(session: Session, name: str, value: str, *, now: datetime) -> None:
    statement = insert_into(session, Fact).values(name=name, value=value, changed_at=now)
    changes = {"value": statement.excluded.value, "changed_at": statement.excluded.changed_at}
    session.execute(statement.on_conflict_do_update(index_elements=[Fact.name], set_=changes))


def read_fact(session: Session, name: str) -> Fact | None:
    return session.get(Fact, name, populate_existing=True)
