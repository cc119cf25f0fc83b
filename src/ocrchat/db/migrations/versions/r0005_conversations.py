"""Conversations about jobs, and what was said in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ocrchat.db.schema import UTCDateTime

revision = "r0005"
down_revision = "r0004"

_OTHERS = ("second_job_id", "third_job_id", "fourth_job_id", "fifth_job_id")


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("job_id", sa.String(32), sa.ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
        *(sa.Column(name, sa.String(32), sa.ForeignKey("jobs.id", ondelete="CASCADE")) for name in _OTHERS),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
    )
    op.create_index("ix_conversations_job_id_asked_at", "conversations", ["job_id", "asked_at"])
    for name in _OTHERS:
        op.create_index(f"ix_conversations_{name}", "conversations", [name])
    op.create_table(
        "conversation_messages",
        sa.Column(
            "conversation_id", sa.String(32), sa.ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON()),
        sa.Column("created_at", UTCDateTime(), nullable=False),
    )
