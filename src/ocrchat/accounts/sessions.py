"""Web sessions: an opaque random cookie, a row on the server that can be taken away at any time."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ocrchat.accounts import repository
from ocrchat.accounts.model import WebSession
from ocrchat.accounts.principal import Principal
from ocrchat.db.schema import new_id
from ocrchat.errors import SessionInvalid

# How often the row is written while the session is used.
SEEN_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Lifetime:
    idle: timedelta
    """After the last use."""
    whole: timedelta
    """After the log-in, however much it is used."""

    def ends(self, began: datetime, now: datetime) -> datetime:
        return min(now + self.idle, began + self.whole)


def open_session(
    session: Session, principal: Principal, lifetime: Lifetime, *, now: datetime
) -> tuple[WebSession, str]:
    """The row and the cookie's value. Always a new one: no log-in takes over what a browser had before."""
    secret = secrets.token_urlsafe(32)
    row = WebSession(
        id=new_id(),
        lookup=lookup_of(secret),
        account_id=principal.require_account(),
        created_at=now,
        last_seen_at=now,
        expires_at=lifetime.ends(now, now),
    )
    session.add(row)
    session.flush()
    return row, secret


def close_session(session: Session, principal: Principal, session_id: str) -> None:
    if not repository.delete_session(session, principal, session_id):
        raise SessionInvalid("This session has ended already.")


def lookup_of(secret: str) -> bytes:
    """256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()
