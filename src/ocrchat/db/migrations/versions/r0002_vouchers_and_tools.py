"""Vouchers; the tool of an entry; tokens that end by themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ocrchat.db.schema import UTCDateTime

revision = "r0002"
down_revision = "r0001"

_ENTRY_COLUMNS = "id, kind, amount, key, job_id, page, attempt, tier, tool, pages, note, created_at"


def upgrade() -> None:
    op.create_table(
        "vouchers",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("lookup", sa.String(64), nullable=False),
        sa.Column("hint", sa.String(8), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=False),
        sa.Column("credits_valid_days", sa.Integer(), nullable=False),
        sa.Column("plan", sa.String(64), nullable=False),
        sa.Column("max_uses", sa.Integer(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("expires_at", UTCDateTime()),
        sa.Column("revoked_at", UTCDateTime()),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("lookup"),
        sa.CheckConstraint("uses <= max_uses", name="uses"),
    )
    with op.batch_alter_table("tokens") as tokens:
        tokens.add_column(sa.Column("expires_at", UTCDateTime()))
    op.add_column("entries", sa.Column("tool", sa.String(64), nullable=False, server_default=""))
    _protect_tool()


def _protect_tool() -> None:
    """The trigger names the columns it guards, so the new one has to be added to it."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER entries_no_update")
        refuse = "BEGIN SELECT RAISE(ABORT, 'ledger rows are only ever added'); END"
    else:
        op.execute("DROP TRIGGER entries_no_update ON entries")
        refuse = "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    op.execute(f"CREATE TRIGGER entries_no_update BEFORE UPDATE OF {_ENTRY_COLUMNS} ON entries {refuse}")
