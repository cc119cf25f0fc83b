"""Documents, jobs and their pages; how many jobs were ever done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ocrchat.db.schema import UTCDateTime

revision = "r0004"
down_revision = "r0003"

_UNFINISHED = sa.text("status IN ('pending', 'processing')")
_WITH_KEY = sa.text("idempotency_key IS NOT NULL")


def upgrade() -> None:
    _create_documents()
    _create_jobs()
    _create_pages()
    op.create_table(
        "tallies",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("count", sa.BigInteger(), nullable=False),
    )


def _create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("account_id", sa.String(32), sa.ForeignKey("accounts.id")),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("media_type", sa.String(80), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("notices", sa.JSON(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime()),
        sa.Column("deleted_at", UTCDateTime()),
    )
    op.create_index("ix_documents_account_id", "documents", ["account_id"])
    op.create_index("ix_documents_expires_at", "documents", ["expires_at"])
    op.create_index("ix_documents_deleted_at", "documents", ["deleted_at"])


def _create_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("document_id", sa.String(32), sa.ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
        sa.Column("account_id", sa.String(32), sa.ForeignKey("accounts.id")),
        sa.Column("caller", sa.String(64), nullable=False),
        sa.Column("plan", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("tier", sa.String(32), nullable=False),
        sa.Column("served_tier", sa.String(32), nullable=False),
        sa.Column("tool", sa.String(64), nullable=False),
        sa.Column("language", sa.String(200), nullable=False),
        sa.Column("translate_to", sa.String(64), nullable=False),
        sa.Column("pages", sa.String(400), nullable=False),
        sa.Column("force_ocr", sa.Boolean(), nullable=False),
        sa.Column("formats", sa.JSON(), nullable=False),
        sa.Column("notices", sa.JSON(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("pages_read", sa.Integer(), nullable=False),
        sa.Column("pages_blank", sa.Integer(), nullable=False),
        sa.Column("pages_failed", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("held_by", sa.String(64)),
        sa.Column("revivals", sa.Integer(), nullable=False),
        sa.Column("password_sealed", sa.String(2000)),
        sa.Column("error_code", sa.String(64), nullable=False),
        sa.Column("error", sa.String(1000), nullable=False),
        sa.Column("idempotency_key", sa.String(255)),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("retention_seconds", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("started_at", UTCDateTime()),
        sa.Column("ended_at", UTCDateTime()),
        sa.CheckConstraint("pages_read + pages_blank + pages_failed <= page_count", name="counters"),
    )
    op.create_index("ix_jobs_document_id", "jobs", ["document_id"])
    op.create_index("ix_jobs_account_id_created_at", "jobs", ["account_id", "created_at"])
    op.create_index(
        "ix_jobs_unfinished",
        "jobs",
        ["priority", "created_at"],
        sqlite_where=_UNFINISHED,
        postgresql_where=_UNFINISHED,
    )
    op.create_index(
        "uq_jobs_caller_idempotency_key",
        "jobs",
        ["caller", "idempotency_key"],
        unique=True,
        sqlite_where=_WITH_KEY,
        postgresql_where=_WITH_KEY,
    )


def _create_pages() -> None:
    op.create_table(
        "pages",
        sa.Column("job_id", sa.String(32), sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("paid", sa.Integer(), nullable=False),
        sa.Column("paid_tier", sa.String(32), nullable=False),
        sa.Column("result_key", sa.String(200)),
        sa.Column("facts", sa.JSON()),
        sa.Column("error_code", sa.String(64), nullable=False),
        sa.Column("error", sa.String(1000), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("ended_at", UTCDateTime()),
    )
    op.create_index("ix_pages_ended_at", "pages", ["ended_at"])
