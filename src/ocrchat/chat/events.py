"""What comes of a question, piece by piece and whole; and how answers are kept and shown. Frozen values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ocrchat.chat.answers import Answer
from ocrchat.chat.citations import Citation
from ocrchat.chat.model import Conversation, ConversationMessage

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Token:
    """More of the answer. What Done says at the end is what counts: a model that falls silent is replaced by it."""

    text: str


@dataclass(frozen=True, slots=True)
class Exchange:
    conversation: str
    content: str
    facts: JSON
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Done:
    exchange: Exchange


Event = Token | Done


@dataclass(frozen=True, slots=True)
class Transcript:
    conversation: str | None
    """None where nothing was asked yet."""
    job_ids: tuple[str, ...]
    messages: tuple[JSON, ...]


def facts_of_answer(answer: Answer, job_ids: Sequence[str], model: str) -> JSON:
    """All but the text, as the API shows it; `uuid` in citations where there are several documents."""
    citations = answer.citations
    places = {citation: index for index, citation in enumerate(citations)}
    return {
        "citations": [_json_from_citation(citation, job_ids) for citation in citations],
        "sentences": [
            {
                "text": sentence.text,
                "citations": [places[citation] for citation in dict.fromkeys(sentence.citations)],
                "verified": sentence.verified,
            }
            for sentence in answer.sentences
        ],
        "unverified": [sentence.text for sentence in answer.sentences if not sentence.verified],
        "outcome": answer.outcome,
        "model": model,
    }


def _json_from_citation(citation: Citation, job_ids: Sequence[str]) -> JSON:
    out: JSON = {
        "page": citation.page,
        "snippet": citation.snippet,
        "boxes": [[round(value, 1) for value in box] for box in citation.boxes],
        "confidence": None if citation.confidence is None else round(citation.confidence, 4),
        "verified": citation.verified,
    }
    if len(job_ids) > 1:
        out["uuid"] = job_ids[citation.document]
    return out


def json_from_exchange(exchange: Exchange) -> JSON:
    return {
        "conversation": exchange.conversation,
        "message": {
            "role": "assistant",
            "content": exchange.content,
            **exchange.facts,
            "created_at": exchange.created_at.isoformat(),
        },
    }


def transcript_of(conversation: Conversation, messages: Iterable[ConversationMessage]) -> Transcript:
    shown = tuple(
        {
            "role": message.role,
            "content": message.content,
            **(message.facts or {}),
            "created_at": message.created_at.isoformat(),
        }
        for message in messages
    )
    return Transcript(conversation.id, conversation.job_ids, shown)


def json_from_transcript(transcript: Transcript) -> JSON:
    return {
        "conversation": transcript.conversation,
        "uuids": list(transcript.job_ids),
        "messages": list(transcript.messages),
    }
