"""Chat: what the HTTP API calls. Questions about an account's own finished jobs, answered from their text alone.

Synchronous, may be called from any thread, opens its own units of work. Whatever can be refused is refused by `ask`
itself; what it returns then tells the answer piece by piece and keeps it, whole, when it is told.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ocrchat.accounts.principal import Principal, Scope
from ocrchat.chat import repository
from ocrchat.chat.answers import Answer, Sentence, Source, extractive_answer
from ocrchat.chat.checks import checked_question, is_id, require_readable, require_shape, unknown_conversation
from ocrchat.chat.events import Done, Event, Exchange, Token, Transcript, facts_of_answer, transcript_of
from ocrchat.chat.followup import understood
from ocrchat.chat.language_model import LanguageModel
from ocrchat.chat.library import Library
from ocrchat.chat.model import MOST_DOCUMENTS, Conversation, ConversationMessage
from ocrchat.chat.model_answers import model_answer
from ocrchat.chat.prompt import Turn
from ocrchat.chat.question import language_of
from ocrchat.chat.sentences import sentences_in
from ocrchat.chat.shelf import Shelf
from ocrchat.db.session import Database
from ocrchat.errors import ChatError, ModelUnavailable, NoSuchJob
from ocrchat.export.walker import presentable_pages
from ocrchat.jobs.service import Jobs
from ocrchat.jobs.views import JobView, StoredDocument

NEW = "new"
"""In place of a conversation's id: begin another one."""

_log = logging.getLogger("ocrchat.chat")


@dataclass(frozen=True, slots=True)
class _Asked:
    principal: Principal
    question: str
    job_ids: tuple[str, ...]
    conversation_id: str | None
    """None: a new one."""
    latest_id: str | None
    """The job's latest when it was asked; one begun since by another question is gone on with, unless NEW was said."""
    is_new: bool
    turns: tuple[Turn, ...]
    sources: tuple[Source, ...]
    asked_at: datetime


class Chat:
    def __init__(
        self,
        *,
        database: Database,
        jobs: Jobs,
        model: LanguageModel | None,
        clock: Callable[[], datetime],
        shelf: Shelf | None = None,
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._model = model
        self._clock = clock
        self._shelf = shelf or Shelf()

    def forget_deleted(self) -> None:
        """Text of jobs that are gone does not stay in memory either."""
        held = self._shelf.held()
        with self._database.reading() as session:
            there = repository.existing_jobs(session, held)
        for job_id in set(held) - there:
            self._shelf.forget(job_id)

    def require_job(self, principal: Principal, job_id: str) -> JobView:
        """The caller's own job; anybody else's, and one that is nobody's, is not there for chat."""
        principal.require(Scope.CHAT)
        account_id = principal.require_account()
        job = self._jobs.get(principal, job_id)
        if job.account_id != account_id:
            raise NoSuchJob("There is no such job.")
        return job

    def ask(
        self,
        principal: Principal,
        job_id: str,
        question: str,
        *,
        conversation: str | None = None,
        uuids: Sequence[str] = (),
    ) -> Iterator[Event]:
        """`conversation`: an id, NEW, or None for the latest; `uuids`: other jobs to be asked with this one."""
        asked = self._asked(principal, job_id, checked_question(question), conversation, uuids)
        return self._told(asked)

    def history(self, principal: Principal, job_id: str, conversation: str | None = None) -> Transcript:
        self.require_job(principal, job_id)
        require_shape(conversation)
        with self._database.reading() as session:
            found = repository.get_conversation(session, principal, job_id, conversation)
            if found is None:
                if conversation is not None:
                    raise unknown_conversation()
                return Transcript(conversation=None, job_ids=(job_id,), messages=())
            return transcript_of(found, repository.list_messages(session, found.id))

    def conversations(self, principal: Principal, job_id: str) -> list[dict[str, Any]]:
        self.require_job(principal, job_id)
        with self._database.reading() as session:
            return [
                {
                    "conversation": found.id,
                    "uuids": list(found.job_ids),
                    "messages": messages,
                    "created_at": found.created_at.isoformat(),
                    "asked_at": found.asked_at.isoformat(),
                }
                for found, messages in repository.list_conversations(session, principal, job_id)
            ]

    def delete(self, principal: Principal, job_id: str, conversation: str | None = None) -> int:
        """One conversation, or all of the job's; how many went."""
        self.require_job(principal, job_id)
        require_shape(conversation)
        with self._database.unit() as session:
            count = repository.delete_conversations(session, principal, job_id=job_id, conversation_id=conversation)
        if conversation is not None and not count:
            raise unknown_conversation()
        return count

    # --- a question, checked ---

    def _asked(
        self, principal: Principal, job_id: str, question: str, conversation: str | None, uuids: Sequence[str]
    ) -> _Asked:
        job_ids = tuple(dict.fromkeys((job_id, *uuids)))
        if not all(is_id(one) for one in job_ids):
            raise NoSuchJob("There is no such job.")
        if len(job_ids) > MOST_DOCUMENTS:
            raise ChatError(f"At most {MOST_DOCUMENTS} documents can be asked about at once.")
        jobs = [self.require_job(principal, one) for one in job_ids]
        with self._database.reading() as session:
            found, latest = None, None
            if conversation != NEW:
                require_shape(conversation)
                found = repository.get_conversation(session, principal, job_id, conversation)
                if found is None and conversation is not None:
                    raise unknown_conversation()
                latest = found
            if found is not None and uuids and set(found.job_ids) != set(job_ids):
                if conversation is not None:
                    raise ChatError("This conversation is about other documents: begin a new one.")
                found = None
            messages = repository.list_messages(session, found.id) if found is not None else []
        if found is not None and len(found.job_ids) > len(job_ids):
            jobs = [self.require_job(principal, one) for one in found.job_ids]
        for job in jobs:
            require_readable(job)
        self.forget_deleted()
        return _Asked(
            principal=principal,
            question=question,
            job_ids=tuple(job.id for job in jobs),
            conversation_id=found.id if found is not None else None,
            latest_id=latest.id if latest is not None else None,
            is_new=conversation == NEW,
            turns=_turns_of(messages),
            sources=tuple(Source(self._library(principal, job), job.name) for job in jobs),
            asked_at=self._clock(),
        )

    def _library(self, principal: Principal, job: JobView) -> Library:
        def make() -> Library:
            stored: StoredDocument = self._jobs.document(principal, job.id)
            # People's corrections, and no text that no format can hold: what is cited is what downloads say.
            return Library(presentable_pages(stored.head, stored.pages()), stored.head.title)

        return self._shelf.library(job.id, job.version, make)

    # --- an answer, told ---

    def _told(self, asked: _Asked) -> Iterator[Event]:
        pages = max(source.library.page_count for source in asked.sources)
        searched = understood(asked.question, [turn.question for turn in asked.turns], page_count=pages)
        model, notice = "", ""
        answer: Answer | None = None
        if self._model is not None:
            try:
                telling = model_answer(self._model, asked.sources, asked.question, searched, asked.turns)
                while answer is None:
                    try:
                        yield Token(next(telling))
                    except StopIteration as end:
                        answer, model = end.value, self._model.name
            except ModelUnavailable as error:
                _log.warning("model_unavailable", exc_info=error.__cause__)
                notice = sentences_in(language_of(asked.question)).model_down
        if answer is None:
            answer = extractive_answer(asked.sources, searched)
            if notice:
                answer = Answer((Sentence(notice), *answer.sentences), answer.outcome)
            yield Token(answer.content)
        yield Done(self._kept(asked, answer, model))

    def _kept(self, asked: _Asked, answer: Answer, model: str) -> Exchange:
        facts = facts_of_answer(answer, asked.job_ids, model)
        now = self._clock()
        try:
            with self._database.unit() as session:
                found = None
                if asked.conversation_id is not None:
                    found = repository.get_conversation(
                        session, asked.principal, asked.job_ids[0], asked.conversation_id
                    )
                elif not asked.is_new:
                    found = _begun_since(session, asked)
                if found is None:
                    found = _new_conversation(asked)
                    session.add(found)
                    session.flush()
                repository.add_exchange(
                    session, found, asked.question, answer.content, facts, asked_at=asked.asked_at, answered_at=now
                )
        except IntegrityError:
            # Deleted while the answer was made: nothing of it is kept, and nothing told.
            raise NoSuchJob("There is no such job.") from None
        return Exchange(conversation=found.id, content=answer.content, facts=facts, created_at=now)


def _new_conversation(asked: _Asked) -> Conversation:
    others = dict(
        zip(("second_job_id", "third_job_id", "fourth_job_id", "fifth_job_id"), asked.job_ids[1:], strict=False)
    )
    return Conversation(job_id=asked.job_ids[0], created_at=asked.asked_at, asked_at=asked.asked_at, **others)


def _turns_of(messages: Sequence[ConversationMessage]) -> tuple[Turn, ...]:
    return tuple(
        Turn(asked.content, answered.content) for asked, answered in zip(messages[::2], messages[1::2], strict=False)
    )


def _begun_since(session: Session, asked: _Asked) -> Conversation | None:
    """The conversation that another question began about the same documents while this one was answered: two first
    questions at once are of one conversation. The job is locked, so that only one of them finds none."""
    job_id = asked.job_ids[0]
    repository.lock_job(session, asked.principal, job_id)
    latest = repository.get_conversation(session, asked.principal, job_id, None)
    if latest is None or latest.id == asked.latest_id or set(latest.job_ids) != set(asked.job_ids):
        return None
    return latest
