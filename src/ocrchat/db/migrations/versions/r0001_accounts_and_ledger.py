"""Accounts, tokens, sessions, limits; the ledger, to which rows can only be added."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ocrchat.db.schema import RowNumber, UTCDateTime

revision = "r0001"
down_revision = None

_POSTGRES_FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% rows are only ever added', TG_TABLE_NAME; END $$
"""

_ENTRY_COLUMNS = "id, kind, amount, key, job_id, page, attempt, tier, pages, note, created_at"


def upgrade() -> None:
    _create_accounts()
    _create_log_in()
    _create_counters()
    _create_books()
    _create_entries()
    _protect_ledger()


def _create_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("email", sa.String(254)),
        sa.Column("email_verified_at", UTCDateTime()),
        sa.Column("password_hash", sa.String(255)),
        sa.Column("plan", sa.String(64), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("blocked_at", UTCDateTime()),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("email"),
    )
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("account_id", sa.String(32), sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("lookup", sa.LargeBinary(32), nullable=False),
        sa.Column("sealed", sa.String(512), nullable=False),
        sa.Column("scopes", sa.String(255), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("last_used_at", UTCDateTime()),
        sa.UniqueConstraint("lookup"),
    )
    op.create_index("ix_tokens_account_id", "tokens", ["account_id"])


def _create_log_in() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("lookup", sa.LargeBinary(32), nullable=False),
        sa.Column("account_id", sa.String(32), sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("last_seen_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("lookup"),
    )
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"])
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_table(
        "login_requests",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("link_lookup", sa.LargeBinary(32), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("used_at", UTCDateTime()),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("link_lookup"),
    )
    op.create_index("ix_login_requests_email", "login_requests", ["email"])
    op.create_index("ix_login_requests_expires_at", "login_requests", ["expires_at"])


def _create_counters() -> None:
    op.create_table(
        "facts",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.String(4000), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
    )
    op.create_table(
        "rate_limits",
        sa.Column("key", sa.String(160), primary_key=True),
        sa.Column("full_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_rate_limits_full_at", "rate_limits", ["full_at"])
    op.create_table(
        "anonymous_use",
        sa.Column("caller", sa.String(64), primary_key=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
    )
    op.create_index("ix_anonymous_use_day", "anonymous_use", ["day"])


def _create_books() -> None:
    op.create_table(
        "books",
        sa.Column("account_id", sa.String(32), primary_key=True),
        sa.Column("balance", sa.Integer(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("balance >= 0", name="balance"),
    )
    op.create_table(
        "buckets",
        sa.Column("id", RowNumber, primary_key=True),
        sa.Column("account_id", sa.String(32), sa.ForeignKey("books.account_id", onupdate="CASCADE"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("period", sa.String(80)),
        sa.Column("granted", sa.Integer(), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("expires_at", UTCDateTime()),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("account_id", "period"),
        sa.CheckConstraint("remaining >= 0", name="remaining"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_buckets_expires_at", "buckets", ["expires_at"])


def _create_entries() -> None:
    op.create_table(
        "entries",
        sa.Column("id", RowNumber, primary_key=True),
        sa.Column("account_id", sa.String(32), sa.ForeignKey("books.account_id", onupdate="CASCADE"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("job_id", sa.String(32)),
        sa.Column("page", sa.Integer()),
        sa.Column("attempt", sa.Integer()),
        sa.Column("tier", sa.String(32), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("key"),
        sa.CheckConstraint(
            "(kind IN ('hold', 'charge', 'expire') AND amount <= 0)"
            " OR (kind IN ('grant', 'release', 'refund') AND amount >= 0)",
            name="sign",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_entries_job_id_page", "entries", ["job_id", "page"])
    op.create_index("ix_entries_account_id_created_at", "entries", ["account_id", "created_at"])
    charges = sa.text("kind = 'charge'")
    op.create_index(
        "uq_entries_charge_job_id_page",
        "entries",
        ["job_id", "page"],
        unique=True,
        sqlite_where=charges,
        postgresql_where=charges,
    )
    op.create_table(
        "parts",
        sa.Column("entry_id", RowNumber, sa.ForeignKey("entries.id"), primary_key=True),
        sa.Column("bucket_id", RowNumber, sa.ForeignKey("buckets.id"), primary_key=True),
        sa.Column("amount", sa.Integer(), nullable=False),
    )
    op.create_index("ix_parts_bucket_id", "parts", ["bucket_id"])


def _protect_ledger() -> None:
    """The account of an entry may change, but only to a tombstone; it comes from its book, by cascade."""
    if op.get_bind().dialect.name == "sqlite":
        refuse = "BEGIN SELECT RAISE(ABORT, 'ledger rows are only ever added'); END"
        op.execute(f"CREATE TRIGGER entries_no_update BEFORE UPDATE OF {_ENTRY_COLUMNS} ON entries {refuse}")
        op.execute(
            "CREATE TRIGGER entries_no_move BEFORE UPDATE OF account_id ON entries"
            f" WHEN NEW.account_id NOT LIKE 'deleted-%' {refuse}"
        )
        op.execute(f"CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries {refuse}")
        op.execute(f"CREATE TRIGGER parts_no_update BEFORE UPDATE ON parts {refuse}")
        op.execute(f"CREATE TRIGGER parts_no_delete BEFORE DELETE ON parts {refuse}")
        return
    refuse = "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    op.execute(_POSTGRES_FUNCTION)
    op.execute(f"CREATE TRIGGER entries_no_update BEFORE UPDATE OF {_ENTRY_COLUMNS} ON entries {refuse}")
    op.execute(
        "CREATE TRIGGER entries_no_move BEFORE UPDATE OF account_id ON entries"
        " FOR EACH ROW WHEN (NEW.account_id NOT LIKE 'deleted-%') EXECUTE FUNCTION refuse_change()"
    )
    op.execute(f"CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries {refuse}")
    op.execute(f"CREATE TRIGGER parts_no_update BEFORE UPDATE ON parts {refuse}")
    op.execute(f"CREATE TRIGGER parts_no_delete BEFORE DELETE ON parts {refuse}")
