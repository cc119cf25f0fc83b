"""What chat keeps of an account: what it asked and was answered; all exported, all deleted with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocrchat.accounts.leaving import as_json
from ocrchat.accounts.principal import Principal
from ocrchat.chat import repository
from ocrchat.chat.events import json_from_transcript, transcript_of
from ocrchat.chat.model import Conversation
from ocrchat.jobs.model import Job


class ChatPart:
    """Goes before the jobs, which conversations are found through."""

    def settle(self, session: Session, principal: Principal, *, now: datetime) -> None:
        """What was said stands as it is."""

    def export(self, session: Session, principal: Principal, *, now: datetime) -> Iterable[tuple[str, Iterable[bytes]]]:
        query = (
            select(Conversation)
            .join(Job, Conversation.job_id == Job.id)
            .where(Job.account_id == principal.require_account())
            .order_by(Conversation.created_at, Conversation.id)
        )
        for conversation in session.scalars(query).all():
            transcript = transcript_of(conversation, repository.list_messages(session, conversation.id))
            yield f"conversations/{conversation.id}.json", as_json(json_from_transcript(transcript))

    def remove(self, session: Session, principal: Principal, *, tombstone: str, now: datetime) -> Mapping[str, int]:
        principal.require_account()
        return {"conversations": repository.delete_conversations(session, principal)}
