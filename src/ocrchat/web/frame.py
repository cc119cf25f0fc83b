"""What surrounds every request: its id, its line in the log, a defect's answer, the rest of a body that was refused.

A client that is still sending when it is refused would find its connection broken and never see why. So the refusal
is sent at once, and what the client goes on sending is read and thrown away, within bounds.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time
from collections.abc import MutableMapping
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ocrchat import logs
from ocrchat.errors import NoSuchJob, ServerStopping
from ocrchat.web.errors import response_for
from ocrchat.web.signal import Signal

_log = logging.getLogger("ocrchat.web")

# A client on a slow line has this long to see the refusal; a hostile one gets no more of our time and bandwidth.
_DRAIN_BYTES: Final = 256 * 1024 * 1024
_DRAIN_SECONDS: Final = 20.0
_DRAIN_SECONDS_AT_THE_END: Final = 1.0

_JOB_ID: Final = re.compile(r"[0-9a-f]{32}")

_SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
]


class BrokenOff(Exception):
    """A job was deleted while it was being sent. Raised, so that the server closes the connection and the client sees
    that the answer is not whole; no error of anybody's."""


def _is_news(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], BrokenOff))


logging.getLogger("uvicorn.error").addFilter(_is_news)


class Frame:
    def __init__(self, app: ASGIApp, stopping: Signal | None = None) -> None:
        self._app = app
        self._stopping = stopping or Signal()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send, self._stopping)
        token = logs.request_id.set(exchange.id)
        try:
            await self._answer(scope, exchange)
        finally:
            exchange.note()
            logs.request_id.reset(token)

    async def _answer(self, scope: Scope, exchange: _Exchange) -> None:
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except ClientDisconnect:
            exchange.status = exchange.status or 499  # as proxies note a client that went away; nobody receives it
        except asyncio.CancelledError:  # the server ends and has waited long enough
            if exchange.status:
                raise
            told = ServerStopping("This server is being stopped. Try again in a moment.")
            await response_for(Request(scope), told)(scope, exchange.receive, exchange.send)
        except Exception as error:  # whatever it is, the client gets an answer and the log the place
            if exchange.status and isinstance(error.__cause__ or error, NoSuchJob):
                _log.info("answer_broken_off", extra={"code": NoSuchJob.code})
                raise BrokenOff from None
            if exchange.status:
                _log.error("answer_broken", exc_info=error)
                raise
            await response_for(Request(scope), error)(scope, exchange.receive, exchange.send)


class _Exchange:
    """One request and its answer, as they pass."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, stopping: Signal) -> None:
        self.id = secrets.token_hex(8)
        self.status = 0
        self._scope: MutableMapping[str, Any] = scope
        self._receive = receive
        self._send = send
        self._stopping = stopping
        self._start = time.perf_counter()
        self._has_asked = False
        self._has_all = not _has_body(scope)
        self._is_gone = False
        self._sent = 0

    async def receive(self) -> Message:
        self._has_asked = True
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self._is_gone = True
        self._has_all = self._has_all or not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message["headers"], (b"x-request-id", self.id.encode()), *_SECURITY]
        elif message["type"] == "http.response.body":
            self._sent += len(message.get("body", b""))
            if not message.get("more_body", False) and self._must_drain():
                await self._send({**message, "more_body": True})
                await self._drain()
                message = {"type": "http.response.body", "body": b""}
        await self._send(message)

    def note(self) -> None:
        route = self._scope.get("route")
        _log.info(
            "request_answered",
            extra={
                "method": self._scope["method"] if self._scope["method"].isalpha() else "?",
                "route": getattr(route, "path", "(none)"),
                "status": self.status,
                "milliseconds": round((time.perf_counter() - self._start) * 1000, 1),
                "bytes": self._sent,
                "job_id": self._job_id(),
            },
        )

    def _job_id(self) -> str | None:
        """Of the job that was made, or asked for; whatever else stands in its place in the address is not written."""
        parameters = self._scope.get("path_params") or {}
        found = self._scope.get("job_id") or parameters.get("uuid") or parameters.get("job_id") or ""
        return found if _JOB_ID.fullmatch(found) else None

    def _must_drain(self) -> bool:
        """Not where the client waits to be asked for its body: it was not, so it sends none."""
        waits = any(name == b"expect" for name, _ in self._scope["headers"]) and not self._has_asked
        return not (self._has_all or self._is_gone or waits)

    async def _drain(self) -> None:
        left = _DRAIN_BYTES
        try:
            async with self._stopping.hurrying(_DRAIN_SECONDS, when_set=_DRAIN_SECONDS_AT_THE_END):
                while left > 0 and self._must_drain():
                    left -= len((await self.receive()).get("body", b""))
        except TimeoutError:
            return


def _has_body(scope: Scope) -> bool:
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"0").strip()
    return b"transfer-encoding" in headers or not re.fullmatch(rb"0*", length)
