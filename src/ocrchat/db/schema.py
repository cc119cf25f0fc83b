"""What every table shares: names of constraints, times in UTC, random ids.

Constraint names are fixed by a convention from the first migration on: without names, tables of SQLite
cannot be altered.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite numbers rows by itself only in a column whose type is exactly INTEGER.
RowNumber = BigInteger().with_variant(Integer(), "sqlite")

ID_LENGTH = 32


class UTCDateTime(TypeDecorator[datetime]):
    """A moment. SQLite keeps no zone, so only aware values are taken, and all are kept and given back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be kept")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class Fact(Base):
    """What the installation knows about itself: whose server key the database needs, when the ledger was proved."""

    __tablename__ = "facts"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(String(4000))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime())


def new_id() -> str:
    """128 random bits: nobody finds a neighbour's thing by counting, and no id is ever given out twice."""
    return secrets.token_hex(ID_LENGTH // 2)
