"""The only place that turns an exception into a response.

The API under /api/v1 answers `{"error", "code", "request_id"}` with the error's own facts flat beside them, and never
422; the simple one answers `{"detail"}`, and 422 for whatever is wrong with what was sent. Exceptions that are none of
ours are defects: 500, logged with their place and without their words.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from ocrchat.db.session import telling_of_loss
from ocrchat.errors import (
    AuthError,
    BadRequest,
    InputError,
    MethodNotAllowed,
    NoSuchRoute,
    OCRChatError,
    PageError,
    RateLimited,
    RequestTooLarge,
)
from ocrchat.logs import request_id

_log = logging.getLogger("ocrchat.web")

V1_PREFIX: Final = "/api/v1"
INTERNAL = (
    "Something went wrong on this server. It was written to its log; try again, and tell its operator the request id."
)


def response_for(request: Request, error: Exception) -> Response:
    told = _told(error)
    is_v1 = not is_simple(request.url.path)
    status = _status(told, is_v1=is_v1)
    if told is None or told.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        # The cause, where the error stands for another one.
        cause = error.__cause__ or error
        _log.error("request_failed", extra={"code": told.code if told else "internal"}, exc_info=cause)
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.warning("request_refused", extra={"code": told.code})
    body = _v1_body(told) if is_v1 else {"detail": told.message if told else INTERNAL}
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(content, status, _headers(request, told), "application/json")


def is_simple(path: str) -> bool:
    """Whether an address belongs to the simple API, there or not."""
    if path == V1_PREFIX or path.startswith(f"{V1_PREFIX}/"):
        return False
    return path.startswith("/api/") or path.rstrip("/") in ("/api", "/ocr", "/health")


def install(app: FastAPI) -> None:
    async def handle(request: Request, error: Exception) -> Response:
        return response_for(request, error)

    for kind in (OCRChatError, HTTPException, RequestValidationError, SQLAlchemyError):
        app.add_exception_handler(kind, handle)


def _told(error: Exception) -> OCRChatError | None:
    """What the caller can be told; None for a defect."""
    match error:
        case OCRChatError():
            return error
        case RequestValidationError():
            return BadRequest(_sentence(error.errors()))
        case HTTPException(status_code=HTTPStatus.NOT_FOUND):
            return NoSuchRoute("There is nothing at this address. What there is: /openapi.")
        case HTTPException(status_code=HTTPStatus.METHOD_NOT_ALLOWED):
            return MethodNotAllowed("This address does not take this method.")
        case HTTPException(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE):
            return RequestTooLarge("The request is too large for this address.")
        case HTTPException(status_code=status) if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return BadRequest("The request cannot be understood.")
        case SQLAlchemyError():
            return _loss_in(error)
    return None


def _loss_in(error: SQLAlchemyError) -> OCRChatError | None:
    """Of queries that are no unit of work of ours, such as the workflow engine's: told as those are."""
    try:
        with telling_of_loss():
            raise error
    except OCRChatError as told:
        return told
    except SQLAlchemyError:
        return None


def _status(told: OCRChatError | None, *, is_v1: bool) -> int:
    if told is None:
        return int(HTTPStatus.INTERNAL_SERVER_ERROR)
    if is_v1:
        return 400 if isinstance(told, PageError) else told.status
    if isinstance(told, (InputError, BadRequest, PageError)):
        return int(HTTPStatus.UNPROCESSABLE_ENTITY)
    return told.status


def _v1_body(told: OCRChatError | None) -> dict[str, Any]:
    if told is None:
        return {"error": INTERNAL, "code": OCRChatError.code, "request_id": request_id.get()}
    return {"error": told.message, "code": told.code, "request_id": request_id.get(), **told.detail}


def _headers(request: Request, told: OCRChatError | None) -> Mapping[str, str]:
    headers = {"cache-control": "no-store"}
    if isinstance(told, RateLimited):
        headers["retry-after"] = str(told.detail.get("retry_after", 1))
    elif told is not None and told.status == HTTPStatus.SERVICE_UNAVAILABLE and told.retryable:
        headers["retry-after"] = "5"
    if isinstance(told, AuthError) and told.status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = "Bearer"
    if isinstance(told, MethodNotAllowed):
        headers["allow"] = ", ".join(_methods_at(request))
    return headers


def _methods_at(request: Request) -> list[str]:
    """Of all routes at the address: the framework names those of the first one only."""
    routes = [one for one in request.app.router.routes if isinstance(one, Route)]
    found = {method for one in routes if one.matches(request.scope)[0] is Match.PARTIAL for method in one.methods or ()}
    return sorted(found)


def _sentence(problems: Sequence[Any]) -> str:
    """Of the first thing that the framework found wrong with the parameters. What was sent is not repeated."""
    for problem in problems:
        place = problem.get("loc", ())
        name = str(place[-1])[:40] if len(place) > 1 else ""
        if name.isidentifier():
            what = str(problem.get("msg", "is not valid")).removeprefix("Input ").rstrip(".")
            return f'The parameter "{name}" is not right: it {what}.'
    return "A parameter of the request is not right."
