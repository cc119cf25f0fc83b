"""Queries of documents. Each takes the Principal who asks; an account sees its own, and what is nobody's is found by
whoever knows its id. What was deleted is found by nobody but the operator's own housekeeping.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from ocrchat.accounts.principal import Principal
from ocrchat.documents.model import Document
from ocrchat.documents.visibility import is_visible


def add_document(session: Session, principal: Principal, document: Document) -> Document:
    document.account_id = principal.account_id
    session.add(document)
    session.flush()
    return document


def set_expiry(session: Session, principal: Principal, document_id: str, expires_at: datetime | None) -> bool:
    statement = update(Document).where(Document.id == document_id, is_visible(principal)).values(expires_at=expires_at)
    return session.scalar(statement.returning(Document.id), execution_options=_UNSYNCHRONISED) is not None


def mark_deleted(session: Session, principal: Principal, document_id: str, *, now: datetime) -> bool:
    """False where it is deleted already."""
    statement = (
        update(Document)
        .where(Document.id == document_id, is_visible(principal), Document.deleted_at.is_(None))
        .values(deleted_at=now, expires_at=now)
    )
    return session.scalar(statement.returning(Document.id), execution_options=_UNSYNCHRONISED) is not None


def disown_documents(session: Session, principal: Principal, *, now: datetime) -> int:
    """Everything of the Principal's account is nobody's and deleted; its files go with the next sweep."""
    statement = (
        update(Document)
        .where(Document.account_id == principal.account_id, Document.account_id.is_not(None))
        .values(account_id=None, name="", title="", deleted_at=now, expires_at=now)
    )
    return len(session.scalars(statement.returning(Document.id), execution_options=_UNSYNCHRONISED).all())


# Whoever deletes a document removes it at once; the sweep takes on what was left lying.
_LEFT_LYING = timedelta(minutes=1)


def due_documents(session: Session, principal: Principal, *, now: datetime, limit: int) -> Sequence[str]:
    """Out of date, or deleted a minute ago and still there. The operator's housekeeping."""
    principal.require_operator()
    expired = and_(Document.deleted_at.is_(None), Document.expires_at <= now)
    due = or_(expired, Document.deleted_at <= now - _LEFT_LYING)
    return session.scalars(select(Document.id).where(due).order_by(Document.expires_at).limit(limit)).all()


def known_documents(session: Session, principal: Principal, ids: Iterable[str]) -> set[str]:
    """Which of these have a row. The operator's housekeeping."""
    principal.require_operator()
    return set(session.scalars(select(Document.id).where(Document.id.in_(list(ids)))))


def delete_document_row(session: Session, principal: Principal, document_id: str) -> bool:
    """Its jobs and their pages go with it. The operator's housekeeping, when files are gone."""
    principal.require_operator()
    return session.scalar(delete(Document).where(Document.id == document_id).returning(Document.id)) is not None


_UNSYNCHRONISED = {"synchronize_session": False}
