"""Jobs and their pages, as rows; which state may follow which, in one table.

A page is the unit of work and of charge. Its row is also the checkpoint of the work: what a row says is read was read
and paid, and is never read again for the same attempt.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Double, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ocrchat.db.schema import ID_LENGTH, Base, UTCDateTime, new_id
from ocrchat.errors import WrongState

PLAN_STEP = 1000
"""Priorities of plans differ by so much: paid jobs go before free ones, whoever has how much in the queue."""


class Status(StrEnum):
    PENDING = "pending"
    """Nothing of it has been read yet."""
    PROCESSING = "processing"
    DONE = "done"
    """At least one page was read, or is blank."""
    FAILED = "failed"
    """No page was read."""
    CANCELLED = "cancelled"
    """Its owner stopped it before any page was read."""

    @property
    def is_final(self) -> bool:
        return self not in (Status.PENDING, Status.PROCESSING)


class PageStatus(StrEnum):
    WAITING = "waiting"
    READ = "read"
    BLANK = "blank"
    """Nothing on it looks like text: free."""
    FAILED = "failed"
    """Free, and can be tried again."""


TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    Status.PENDING: frozenset({Status.PROCESSING, Status.DONE, Status.FAILED, Status.CANCELLED}),
    Status.PROCESSING: frozenset({Status.DONE, Status.FAILED, Status.CANCELLED}),
    # Only by retry.
    Status.DONE: frozenset({Status.PROCESSING}),
    Status.FAILED: frozenset({Status.PROCESSING}),
    Status.CANCELLED: frozenset({Status.PROCESSING}),
}


def require_transition(before: Status, after: Status) -> None:
    if after not in TRANSITIONS[before]:
        raise WrongState(f"The job is {before}, so it cannot become {after}.", status=before.value)


class Job(Base):
    __tablename__ = "jobs"
    __table_args__ = (
        # A call that is repeated with its Idempotency-Key finds the job that the first one made.
        Index(
            "uq_jobs_caller_idempotency_key",
            "caller",
            "idempotency_key",
            unique=True,
            sqlite_where=text("idempotency_key IS NOT NULL"),
            postgresql_where=text("idempotency_key IS NOT NULL"),
        ),
        Index("ix_jobs_account_id_created_at", "account_id", "created_at"),
        # Of all jobs few are at work; they are looked for every second.
        Index(
            "ix_jobs_unfinished",
            "priority",
            "created_at",
            sqlite_where=text("status IN ('pending', 'processing')"),
            postgresql_where=text("status IN ('pending', 'processing')"),
        ),
        CheckConstraint("pages_read + pages_blank + pages_failed <= page_count", name="counters"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    """None: nobody's, and whoever knows the id may use it."""
    caller: Mapped[str] = mapped_column(String(64))
    """Who pays: the account, or the network that an allowance is counted for."""
    plan: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16), default=Status.PENDING.value)
    version: Mapped[int] = mapped_column(default=0)
    """Grows with every change that somebody who waits would want to see."""
    tier: Mapped[str] = mapped_column(String(32))
    served_tier: Mapped[str] = mapped_column(String(32))
    """What it is read by and paid as, where that is not what was asked for."""
    tool: Mapped[str] = mapped_column(String(64), default="")
    language: Mapped[str] = mapped_column(String(200), default="auto")
    """As it was asked for."""
    translate_to: Mapped[str] = mapped_column(String(64), default="")
    pages: Mapped[str] = mapped_column(String(400), default="")
    force_ocr: Mapped[bool] = mapped_column(default=False)
    formats: Mapped[list[str]] = mapped_column(JSON, default=list)
    notices: Mapped[list[str]] = mapped_column(JSON, default=list)
    price: Mapped[int] = mapped_column(default=0)
    """Credits that each page holds."""
    priority: Mapped[int] = mapped_column(default=0)
    page_count: Mapped[int]
    pages_read: Mapped[int] = mapped_column(default=0)
    pages_blank: Mapped[int] = mapped_column(default=0)
    pages_failed: Mapped[int] = mapped_column(default=0)
    attempt: Mapped[int] = mapped_column(default=1)
    """Grows with every retry; pages carry that of their own last try."""
    held_by: Mapped[str | None] = mapped_column(String(64))
    """The process that reads it without a workflow; the net is told of the job when that process dies."""
    revivals: Mapped[int] = mapped_column(default=0)
    """How often it was found lying with nobody at work on it."""
    password_sealed: Mapped[str | None] = mapped_column(String(2000))
    """Of the PDF, under the server key, until the pages are read."""
    error_code: Mapped[str] = mapped_column(String(64), default="")
    error: Mapped[str] = mapped_column(String(1000), default="")
    idempotency_key: Mapped[str | None] = mapped_column(String(255))
    request_hash: Mapped[str] = mapped_column(String(64), default="")
    retention_seconds: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    @property
    def pages_settled(self) -> int:
        return self.pages_read + self.pages_blank + self.pages_failed

    @property
    def pace(self) -> int:
        """The share of places that its pages get while others want them too: of half the pace, twice the places."""
        return max(1, self.priority // PLAN_STEP)


class PageRow(Base):
    __tablename__ = "pages"
    __table_args__ = (Index("ix_pages_ended_at", "ended_at"),)

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    """1-based, as in the source file."""
    status: Mapped[str] = mapped_column(String(16), default=PageStatus.WAITING.value)
    attempt: Mapped[int] = mapped_column(default=1)
    held: Mapped[int] = mapped_column(default=0)
    paid: Mapped[int] = mapped_column(default=0)
    paid_tier: Mapped[str] = mapped_column(String(32), default="")
    result_key: Mapped[str | None] = mapped_column(String(200))
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """pipeline.finish.PageFacts: what the document's head needs, without opening the result."""
    error_code: Mapped[str] = mapped_column(String(64), default="")
    error: Mapped[str] = mapped_column(String(1000), default="")
    seconds: Mapped[float] = mapped_column(Double(), default=0.0)
    """That its reading took."""
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class Tally(Base):
    """A count that outlives what it counted."""

    __tablename__ = "tallies"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
