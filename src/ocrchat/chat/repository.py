"""Queries of conversations. Each takes the Principal who asks and goes through the job: whoever may see the job's
conversations is its owner, and nobody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, select
from sqlalchemy.orm import Session

from ocrchat.accounts.principal import Principal
from ocrchat.chat.model import Conversation, ConversationMessage
from ocrchat.documents.model import Document
from ocrchat.jobs.model import Job

_UNSYNCHRONISED = {"synchronize_session": False}


def _is_own(principal: Principal) -> ColumnElement[bool]:
    return and_(Conversation.job_id == Job.id, Job.account_id == principal.account_id)


def existing_jobs(session: Session, job_ids: Sequence[str]) -> set[str]:
    """Which of them have not been deleted, whosesoever they are; nothing else of them is told."""
    query = select(Job.id).join(Document, Job.document_id == Document.id)
    return set(session.scalars(query.where(Job.id.in_(job_ids), Document.deleted_at.is_(None))))


def get_conversation(
    session: Session, principal: Principal, job_id: str, conversation_id: str | None
) -> Conversation | None:
    """None for the id: the latest."""
    query = select(Conversation).where(Conversation.job_id == job_id, _is_own(principal))
    if conversation_id is not None:
        query = query.where(Conversation.id == conversation_id)
    return session.scalar(query.order_by(Conversation.asked_at.desc(), Conversation.id).limit(1))


def lock_job(session: Session, principal: Principal, job_id: str) -> None:
    """Until the unit of work ends; on SQLite every unit that writes is alone as it is."""
    own = select(Job.id).where(Job.id == job_id, Job.account_id == principal.account_id)
    session.scalar(own.with_for_update(of=Job))


def list_conversations(session: Session, principal: Principal, job_id: str) -> Sequence[tuple[Conversation, int]]:
    """The latest first, each with how many messages it has."""
    count = (
        select(func.count())
        .select_from(ConversationMessage)
        .where(ConversationMessage.conversation_id == Conversation.id)
        .scalar_subquery()
    )
    query = (
        select(Conversation, count)
        .where(Conversation.job_id == job_id, _is_own(principal))
        .order_by(Conversation.asked_at.desc(), Conversation.id)
    )
    return [(conversation, messages) for conversation, messages in session.execute(query)]


def list_messages(session: Session, conversation_id: str) -> Sequence[ConversationMessage]:
    """Of a conversation that the caller was shown to own."""
    query = select(ConversationMessage).where(ConversationMessage.conversation_id == conversation_id)
    return session.scalars(query.order_by(ConversationMessage.number)).all()


def add_exchange(
    session: Session,
    conversation: Conversation,
    question: str,
    answer: str,
    facts: dict[str, Any],
    *,
    asked_at: datetime,
    answered_at: datetime,
) -> None:
    """Question and answer together, so that a transcript is always whole. Locks the conversation first: two questions
    at once follow each other."""
    session.scalar(select(Conversation.id).where(Conversation.id == conversation.id).with_for_update())
    last = session.scalar(
        select(func.max(ConversationMessage.number)).where(ConversationMessage.conversation_id == conversation.id)
    )
    number = (last or 0) + 1
    session.add_all(
        (
            ConversationMessage(
                conversation_id=conversation.id, number=number, role="user", content=question, created_at=asked_at
            ),
            ConversationMessage(
                conversation_id=conversation.id,
                number=number + 1,
                role="assistant",
                content=answer,
                facts=facts,
                created_at=answered_at,
            ),
        )
    )
    conversation.asked_at = answered_at
    session.flush()


def delete_conversations(
    session: Session, principal: Principal, *, job_id: str | None = None, conversation_id: str | None = None
) -> int:
    """One, all of a job, or all of the account's."""
    owned = exists().where(Conversation.job_id == Job.id, Job.account_id == principal.account_id)
    statement = delete(Conversation).where(owned)
    if job_id is not None:
        statement = statement.where(Conversation.job_id == job_id)
    if conversation_id is not None:
        statement = statement.where(Conversation.id == conversation_id)
    return len(session.scalars(statement.returning(Conversation.id), execution_options=_UNSYNCHRONISED).all())
