"""Queries of accounts and of what proves them. Each takes the Principal who asks and sees only that account's rows;
the operator sees all. The exceptions are the look-ups by which a Principal is found in the first place; they are
named `find_…_by_…` and a test holds the list of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select, true, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from ocrchat.accounts.model import Account, LoginRequest, Token, WebSession
from ocrchat.accounts.principal import Principal


def _is_own(column: InstrumentedAttribute[str], principal: Principal) -> ColumnElement[bool]:
    if principal.is_operator:
        return true()
    return column == principal.account_id  # for anonymous callers "= NULL", which is true of no row


# --- accounts --------------------------------------------------------------------------------------------------------


def get_account(session: Session, principal: Principal, account_id: str, *, locked: bool = False) -> Account | None:
    """`locked`: it cannot be deleted until the unit of work ends."""
    query = select(Account).where(Account.id == account_id, _is_own(Account.id, principal))
    if locked:
        query = query.with_for_update(read=True)
    return session.scalar(query)


def get_account_by_email(session: Session, principal: Principal, email: str) -> Account | None:
    return session.scalar(select(Account).where(Account.email == email, _is_own(Account.id, principal)))


def list_accounts(session: Session, principal: Principal, *, limit: int = 100, offset: int = 0) -> Sequence[Account]:
    query = select(Account).where(_is_own(Account.id, principal)).order_by(Account.created_at, Account.id)
    return session.scalars(query.limit(limit).offset(offset)).all()


def delete_account_row(session: Session, principal: Principal, account_id: str) -> bool:
    """Tokens and sessions go with it."""
    statement = delete(Account).where(Account.id == account_id, _is_own(Account.id, principal)).returning(Account.id)
    return session.scalar(statement) is not None


def find_account_by_email(session: Session, email: str) -> Account | None:
    return session.scalar(select(Account).where(Account.email == email))


# --- tokens ----------------------------------------------------------------------------------------------------------


def list_tokens(session: Session, principal: Principal, account_id: str) -> Sequence[Token]:
    query = select(Token).where(Token.account_id == account_id, _is_own(Token.account_id, principal))
    return session.scalars(query.order_by(Token.created_at, Token.id)).all()


def get_token(session: Session, principal: Principal, token_id: str, *, locked: bool = False) -> Token | None:
    """`locked`: as it is now, and nobody else's to change or revoke until the unit of work ends."""
    query = select(Token).where(Token.id == token_id, _is_own(Token.account_id, principal))
    if not locked:
        return session.scalar(query)
    return session.scalar(query.with_for_update(), execution_options={"populate_existing": True})


def delete_token(session: Session, principal: Principal, token_id: str) -> bool:
    statement = delete(Token).where(Token.id == token_id, _is_own(Token.account_id, principal)).returning(Token.id)
    return session.scalar(statement) is not None


def delete_tokens(session: Session, principal: Principal, account_id: str) -> int:
    owned = (Token.account_id == account_id, _is_own(Token.account_id, principal))
    return len(session.scalars(delete(Token).where(*owned).returning(Token.id)).all())


def note_token_use(session: Session, principal: Principal, *, now: datetime, unless_since: datetime) -> bool:
    """At most one write in each span: a token that polls must not cost a write a call."""
    statement = (
        update(Token)
        .where(
            Token.id == principal.token_id,
            _is_own(Token.account_id, principal),
            or_(Token.last_used_at.is_(None), Token.last_used_at < unless_since),
        )
        .values(last_used_at=now)
        .returning(Token.id)
    )
    return session.scalar(statement) is not None


def find_token_by_lookup(session: Session, lookups: Sequence[bytes]) -> tuple[Token, Account] | None:
    query = select(Token, Account).join(Account, Account.id == Token.account_id).where(Token.lookup.in_(lookups))
    row = session.execute(query).first()
    return None if row is None else (row[0], row[1])


# --- web sessions ----------------------------------------------------------------------------------------------------


def list_sessions(session: Session, principal: Principal, account_id: str, *, now: datetime) -> Sequence[WebSession]:
    query = select(WebSession).where(
        WebSession.account_id == account_id, _is_own(WebSession.account_id, principal), WebSession.expires_at > now
    )
    return session.scalars(query.order_by(WebSession.created_at, WebSession.id)).all()


def delete_session(session: Session, principal: Principal, session_id: str) -> bool:
    owned = (WebSession.id == session_id, _is_own(WebSession.account_id, principal))
    return session.scalar(delete(WebSession).where(*owned).returning(WebSession.id)) is not None


def delete_sessions(session: Session, principal: Principal, account_id: str, *, keep: str | None = None) -> int:
    statement = delete(WebSession).where(
        WebSession.account_id == account_id, _is_own(WebSession.account_id, principal), WebSession.id != (keep or "")
    )
    return len(session.scalars(statement.returning(WebSession.id)).all())


def note_session_use(
    session: Session, principal: Principal, *, now: datetime, expires_at: datetime, unless_since: datetime
) -> bool:
    statement = (
        update(WebSession)
        .where(
            WebSession.id == principal.session_id,
            _is_own(WebSession.account_id, principal),
            WebSession.last_seen_at < unless_since,
        )
        .values(last_seen_at=now, expires_at=expires_at)
        .returning(WebSession.id)
    )
    return session.scalar(statement) is not None


def find_session_by_lookup(session: Session, lookup: bytes) -> tuple[WebSession, Account] | None:
    query = select(WebSession, Account).join(Account, Account.id == WebSession.account_id)
    row = session.execute(query.where(WebSession.lookup == lookup)).first()
    return None if row is None else (row[0], row[1])


# --- mails that were asked for ---------------------------------------------------------------------------------------


def find_login_by_link(session: Session, link_lookup: bytes) -> LoginRequest | None:
    return session.scalar(select(LoginRequest).where(LoginRequest.link_lookup == link_lookup))


def find_login_by_id(session: Session, request_id: str) -> LoginRequest | None:
    return session.scalar(select(LoginRequest).where(LoginRequest.id == request_id))


def delete_login_requests(session: Session, principal: Principal, account_id: str) -> int:
    """Of an account's address, with the address in them."""
    address = select(Account.email).where(Account.id == account_id, _is_own(Account.id, principal)).scalar_subquery()
    statement = delete(LoginRequest).where(LoginRequest.email == address).returning(LoginRequest.id)
    return len(session.scalars(statement, execution_options={"synchronize_session": False}).all())


def delete_stale_logins(session: Session, principal: Principal, *, now: datetime) -> int:
    """Ended sessions and mails; housekeeping of the operator's."""
    principal.require_operator()
    gone = session.scalars(delete(LoginRequest).where(LoginRequest.expires_at < now).returning(LoginRequest.id)).all()
    ended = session.scalars(delete(WebSession).where(WebSession.expires_at < now).returning(WebSession.id)).all()
    return len(gone) + len(ended)


def count_accounts(session: Session, principal: Principal) -> int:
    return session.scalar(select(func.count()).select_from(Account).where(_is_own(Account.id, principal))) or 0
