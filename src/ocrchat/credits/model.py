"""The ledger. Amounts are whole credits, signed: what adds to a balance is positive.

Entries are only ever added (a trigger in the database sees to it); a book's balance is the sum of its entries, a
bucket's remainder the sum of its parts. Nothing here refers to `accounts`: a book outlives its account, under a
tombstone id that names nobody.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ocrchat.db.schema import ID_LENGTH, Base, RowNumber, UTCDateTime, new_id

VOUCHER_PERIOD = "voucher:"
"""What the occasion of a bucket begins with that a voucher filled; its id follows."""


class EntryKind(StrEnum):
    GRANT = "grant"
    HOLD = "hold"
    RELEASE = "release"
    CHARGE = "charge"
    REFUND = "refund"
    EXPIRE = "expire"


class BucketKind(StrEnum):
    MONTHLY = "monthly"
    CREDITS = "credits"


class Book(Base):
    """One account's balance. Its row is the lock under which everything of the account changes."""

    __tablename__ = "books"
    __table_args__ = (CheckConstraint("balance >= 0", name="balance"),)

    account_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    balance: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime())


class Bucket(Base):
    """Credits that came together and go out of date together."""

    __tablename__ = "buckets"
    __table_args__ = (
        UniqueConstraint("account_id", "period"),
        CheckConstraint("remaining >= 0", name="remaining"),
        Index("ix_buckets_expires_at", "expires_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("books.account_id", onupdate="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    period: Mapped[str | None] = mapped_column(String(80))
    """What is given once carries its occasion here (a month, "start", a voucher), so that it cannot come twice."""
    granted: Mapped[int] = mapped_column(default=0)
    remaining: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())


class Entry(Base):
    __tablename__ = "entries"
    __table_args__ = (
        Index("ix_entries_job_id_page", "job_id", "page"),
        Index("ix_entries_account_id_created_at", "account_id", "created_at"),
        # A page of a job is paid once, whatever the attempt, whoever asks.
        Index(
            "uq_entries_charge_job_id_page",
            "job_id",
            "page",
            unique=True,
            sqlite_where=text("kind = 'charge'"),
            postgresql_where=text("kind = 'charge'"),
        ),
        CheckConstraint(
            "(kind IN ('hold', 'charge', 'expire') AND amount <= 0)"
            " OR (kind IN ('grant', 'release', 'refund') AND amount >= 0)",
            name="sign",
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("books.account_id", onupdate="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    amount: Mapped[int]
    key: Mapped[str] = mapped_column(String(120), unique=True)
    job_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    page: Mapped[int | None]
    attempt: Mapped[int | None]
    tier: Mapped[str] = mapped_column(String(32), default="")
    tool: Mapped[str] = mapped_column(String(64), default="", server_default="")
    pages: Mapped[int] = mapped_column(default=0)
    """1 on a charge (and −1 on its refund), so that usage is a sum, also where a page cost nothing."""
    note: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())


class Part(Base):
    """Which bucket an entry drew on or went to; the parts of an entry add up to it."""

    __tablename__ = "parts"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    bucket_id: Mapped[int] = mapped_column(ForeignKey("buckets.id"), primary_key=True, index=True)
    amount: Mapped[int]


class Voucher(Base):
    __tablename__ = "vouchers"
    __table_args__ = (CheckConstraint("uses <= max_uses", name="uses"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    lookup: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the code, which is shown once, when it is made."""
    hint: Mapped[str] = mapped_column(String(8))
    """The code's first characters, to tell vouchers apart in lists."""
    credits: Mapped[int]
    credits_valid_days: Mapped[int] = mapped_column(default=0)
    """Days the credits last once redeemed; 0: for ever."""
    plan: Mapped[str] = mapped_column(String(64), default="")
    """The plan the account moves to; empty: it stays where it is."""
    max_uses: Mapped[int] = mapped_column(default=1)
    uses: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    note: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())


class AnonymousUse(Base):
    """Pages a network has read today. The hash is keyed and of one day: yesterday's callers are nobody."""

    __tablename__ = "anonymous_use"

    caller: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(Date, index=True)
    used: Mapped[int]
