"""A file that was sent: whose it is, what it is, and until when it is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ocrchat.db.schema import ID_LENGTH, Base, UTCDateTime, new_id


class Document(Base):
    __tablename__ = "documents"
    __table_args__ = (
        Index("ix_documents_expires_at", "expires_at"),
        Index("ix_documents_deleted_at", "deleted_at"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    """None: nobody's."""
    name: Mapped[str] = mapped_column(String(255), default="")
    """Of the file as its owner calls it; for downloads, never for logs."""
    media_type: Mapped[str] = mapped_column(String(80))
    """By content."""
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    page_count: Mapped[int]
    title: Mapped[str] = mapped_column(String(500), default="")
    notices: Mapped[list[str]] = mapped_column(JSON, default=list)
    """What was noticed when it was opened."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    """None while it is being read."""
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    """From then on nobody sees it; files and rows follow."""
