"""Conversations about jobs, as rows. They go with the jobs, by the database itself: a conversation about several
documents quotes them all, so it goes with the first of them that goes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ocrchat.db.schema import ID_LENGTH, Base, UTCDateTime, new_id

MOST_DOCUMENTS = 5
"""Asked about at once: as many columns as there are below."""


class Conversation(Base):
    __tablename__ = "conversations"
    __table_args__ = (Index("ix_conversations_job_id_asked_at", "job_id", "asked_at"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    """The one under whose address it is found."""
    second_job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    third_job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    fourth_job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    fifth_job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime())
    """Last; the latest conversation is the one that goes on by itself."""

    @property
    def job_ids(self) -> tuple[str, ...]:
        others = (self.second_job_id, self.third_job_id, self.fourth_job_id, self.fifth_job_id)
        return (self.job_id, *(one for one in others if one is not None))


class ConversationMessage(Base):
    __tablename__ = "conversation_messages"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    """From 1; questions are odd, answers even."""
    role: Mapped[str] = mapped_column(String(16))
    content: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Of an answer: citations, sentences and what it was made by, as the API shows them."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
