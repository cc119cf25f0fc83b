"""Questions about a finished job, answered from its pages, as JSON or as a stream of events; and what was said."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from ocrchat.chat.checks import MOST_CHARACTERS
from ocrchat.chat.events import Done, Event, Exchange, Token, json_from_exchange, json_from_transcript
from ocrchat.errors import BadRequest, OCRChatError
from ocrchat.logs import request_id
from ocrchat.web import schemas
from ocrchat.web.answers import as_json
from ocrchat.web.deps import Asker, ChatReader, JobId, Service
from ocrchat.web.errors import INTERNAL
from ocrchat.web.form import read_small_body
from ocrchat.web.routes import route

router = APIRouter(tags=["Chat"])

_log = logging.getLogger("ocrchat.web")

_STREAM = "text/event-stream"
_ID = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["message"],
                "properties": {
                    "message": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": MOST_CHARACTERS,
                        "description": "The question, in any language.",
                    },
                    "conversation": {
                        "type": "string",
                        "description": "Which one to go on with; `new` for another; left out: the latest.",
                    },
                    "uuids": {
                        "type": "array",
                        "items": _ID,
                        "maxItems": 4,
                        "description": "Other jobs of yours to be asked together with this one.",
                    },
                },
            }
        }
    },
}
_EVENTS = {
    "schema": {"type": "string"},
    "example": 'event: token\ndata: {"text": "The total is $42 (p. 1)."}\n\nevent: done\ndata: {"conversation": …}\n\n',
}
_ANSWER = {
    "model": schemas.ChatAnswer,
    "description": "The answer; with `Accept: text/event-stream` in pieces, and whole in the last event.",
    "content": {_STREAM: _EVENTS},
}

Conversation = Annotated[str | None, Query(description="One conversation by its id; the latest, if it is left out.")]


@route(
    router,
    "POST",
    "/api/v1/chat/{uuid}/",
    summary="Ask about a document",
    openapi_extra={"requestBody": _BODY},
    responses={200: _ANSWER} | schemas.v1_problems(400, 404, 409),
)
async def ask(request: Request, services: Service, principal: Asker, uuid: JobId) -> Response:
    """Of a finished job of your own. Rests on what the pages say and cites them; free of charge, limited by plan."""
    # Whose job it is comes before what is asked of it.
    await to_thread.run_sync(services.chat.require_job, principal, uuid)
    asked = _asked_in(await read_small_body(request, stopping=services.stopping))
    events = await to_thread.run_sync(lambda: services.chat.ask(principal, uuid, **asked))
    if _STREAM in request.headers.get("accept", ""):
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(_as_events(events), headers=headers, media_type=_STREAM)
    return as_json(json_from_exchange(await to_thread.run_sync(_last, events)))


@route(
    router,
    "GET",
    "/api/v1/chat/{uuid}/history/",
    summary="What was asked and answered",
    responses={200: {"model": schemas.ChatHistory}} | schemas.v1_problems(404),
)
def get_history(services: Service, principal: ChatReader, uuid: JobId, conversation: Conversation = None) -> Response:
    return as_json(json_from_transcript(services.chat.history(principal, uuid, conversation)))


@route(
    router,
    "GET",
    "/api/v1/chat/{uuid}/conversations/",
    summary="The job's conversations, the latest first",
    responses={200: {"model": schemas.ChatList}} | schemas.v1_problems(404),
)
def list_conversations(services: Service, principal: ChatReader, uuid: JobId) -> Response:
    return as_json({"conversations": services.chat.conversations(principal, uuid)})


@route(
    router,
    "DELETE",
    "/api/v1/chat/{uuid}/",
    summary="Delete conversations",
    responses={200: {"model": schemas.ChatRemoved}} | schemas.v1_problems(404),
)
def delete_conversations(
    services: Service, principal: ChatReader, uuid: JobId, conversation: Conversation = None
) -> Response:
    """One, or all of the job's. They go with the job in any case."""
    return as_json({"uuid": uuid, "removed": services.chat.delete(principal, uuid, conversation)})


def _asked_in(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest('The body is not JSON: send {"message": "your question"}.') from None
    if not isinstance(value, dict):
        raise BadRequest('The body is not an object: send {"message": "your question"}.')
    conversation, uuids = value.get("conversation"), value.get("uuids")
    uuids = [] if uuids is None else uuids
    if conversation is not None and not isinstance(conversation, str):
        raise BadRequest('"conversation" is the id of a conversation, as a text.')
    if not isinstance(uuids, list) or not all(isinstance(one, str) for one in uuids):
        raise BadRequest('"uuids" is a list of ids of jobs.')
    return {"question": value.get("message"), "conversation": conversation, "uuids": uuids}


def _last(events: Iterator[Event]) -> Exchange:
    for event in events:
        if isinstance(event, Done):
            return event.exchange
    raise RuntimeError("the answer has no end")


def _as_events(events: Iterator[Event]) -> Iterator[bytes]:
    """A failure after the answer began is an event too: the status is long sent."""
    try:
        for event in events:
            match event:
                case Token(text=text) if text:
                    yield _event("token", {"text": text})
                case Token():
                    yield b": still at work\n\n"
                case Done(exchange=exchange):
                    answer = json_from_exchange(exchange)
                    for citation in answer["message"]["citations"]:
                        yield _event("citation", citation)
                    yield _event("done", answer)
    except OCRChatError as error:
        yield _event("error", {"error": error.message, "code": error.code, "request_id": request_id.get()})
    except Exception:  # noqa: BLE001  whatever it is, who waits is told, and the log the place
        _log.exception("answer_broken")
        yield _event("error", {"error": INTERNAL, "code": OCRChatError.code, "request_id": request_id.get()})


def _event(name: str, data: Any) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode("utf-8", "replace")
