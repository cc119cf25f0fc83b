"""Sign up by e-mail address: a key that works at once."""

from __future__ import annotations

import json

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from ocrchat.accounts.addresses import normalize_email
from ocrchat.errors import BadRequest
from ocrchat.web import schemas
from ocrchat.web.deps import Service, address_of, now
from ocrchat.web.form import read_small_body
from ocrchat.web.routes import route

router = APIRouter(tags=["Simple API"])

_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["email"],
                "properties": {"email": {"type": "string", "format": "email"}},
            }
        }
    },
}


@route(
    router,
    "POST",
    "/api/signup",
    summary="Open an account",
    openapi_extra={"requestBody": _BODY, "security": []},
    responses={200: {"model": schemas.SignedUp}} | schemas.simple_problems(400, 409, 422),
)
async def sign_up(request: Request, services: Service) -> Response:
    """The key works at once. The first log-in by mail proves the address and ends keys made before it."""
    email = _email_in(await read_small_body(request, stopping=services.stopping))
    address = address_of(request)
    secret = await to_thread.run_sync(lambda: services.login.sign_up(email, address=address, now=now()))
    answer = {"api_key": secret, "email": normalize_email(email), "free_pages": services.plans.new_account_credits}
    return Response(
        json.dumps(answer, ensure_ascii=False), headers={"cache-control": "no-store"}, media_type="application/json"
    )


def _email_in(body: bytes) -> str:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest('The body is not JSON: send {"email": "you@example.org"}.') from None
    email = value.get("email") if isinstance(value, dict) else None
    if not isinstance(email, str):
        raise BadRequest('The body names no address: send {"email": "you@example.org"}.')
    return email
