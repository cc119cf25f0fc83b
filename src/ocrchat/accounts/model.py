"""Accounts and the ways to prove that one is theirs. Secrets are kept as hashes or under the server key."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from ocrchat.db.schema import ID_LENGTH, Base, UTCDateTime, new_id


class Account(Base):
    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    """Lower case. None for the installation's own admin."""
    email_verified_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    password_hash: Mapped[str | None] = mapped_column(String(255))
    plan: Mapped[str] = mapped_column(String(64))
    is_admin: Mapped[bool] = mapped_column(default=False)
    blocked_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())


class Token(Base):
    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    lookup: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    """HMAC-SHA256 of the token: found by it, never the other way round."""
    sealed: Mapped[str] = mapped_column(String(512))
    """The token itself under the server key, because the account page shows it."""
    scopes: Mapped[str] = mapped_column(String(255))
    """Words, sorted, with spaces between."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class WebSession(Base):
    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    """Names the session in lists; the cookie holds another secret."""
    lookup: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime())
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime(), index=True)


class LoginRequest(Base):
    """A mail that was asked for: its link and its code, good once, for minutes."""

    __tablename__ = "login_requests"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    """Kept by the browser that asked; a code counts only together with it."""
    email: Mapped[str] = mapped_column(String(254), index=True)
    link_lookup: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    tries_left: Mapped[int]
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime(), index=True)


class RateLimit(Base):
    """One row a caller and kind of call: when its allowance will be whole again (generic cell rate algorithm)."""

    __tablename__ = "rate_limits"
    __table_args__ = (Index("ix_rate_limits_full_at", "full_at"),)

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    full_at: Mapped[int] = mapped_column(BigInteger)
    """Microseconds since 1970."""
