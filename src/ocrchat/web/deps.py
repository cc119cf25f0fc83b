"""What handlers ask for: the services, and who is calling.

The token is looked at before anything of the body is read. It comes as `Authorization: Bearer` or as `?api_token=`;
cookies never count here, so no other site can make a browser act for its user. No token is an anonymous caller, known
by network; one that is present but wrong never is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, cast

from fastapi import Depends, Header, Query, Request
from pydantic import AfterValidator

from ocrchat.accounts.addresses import client_address
from ocrchat.accounts.principal import Principal, Scope
from ocrchat.errors import NoSuchJob, TokenInvalid
from ocrchat.web.services import Services

TOKEN_PARAMETER = "api_token"

_ID = re.compile(r"[0-9a-f]{32}")


def services_of(request: Request) -> Services:
    return cast(Services, request.app.state.services)


def address_of(request: Request) -> str:
    """The caller's own address, behind however many proxies of ours."""
    peer = request.client.host if request.client else ""
    forwarded = ",".join(request.headers.getlist("x-forwarded-for"))
    return client_address(peer, forwarded, services_of(request).settings.trusted_proxies)


def token_of(request: Request) -> str | None:
    """None: nothing that could be meant as a token came."""
    scheme, _, secret = request.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer":
        return secret.strip()
    if TOKEN_PARAMETER in request.query_params:
        return request.query_params[TOKEN_PARAMETER].strip()
    return "" if scheme else None


def authenticate(request: Request, scope: Scope, kind: str) -> Principal:
    """Blocks: not for the event loop. `kind` is the call as the plan's rate limits name it."""
    services = services_of(request)
    address, token, moment = address_of(request), token_of(request), now()
    if token is None:
        principal = services.authenticator.by_address(address, now=moment)
    elif token:
        principal = services.authenticator.by_token(token, address=address, now=moment)
    else:
        raise TokenInvalid("This is not a token. Send it as `Authorization: Bearer TOKEN`.")
    services.limiter.spend(principal, kind, now=moment)
    principal.require(scope)
    return principal


def _caller(scope: Scope, kind: str) -> Callable[[Request], Principal]:
    def find(request: Request) -> Principal:
        return authenticate(request, scope, kind)

    return find


def _known_shape(identifier: str) -> str:
    """What cannot be an id never reaches the database: not every text can be asked for there."""
    if _ID.fullmatch(identifier) is None:
        raise NoSuchJob("There is no such job.")
    return identifier


def now() -> datetime:
    return datetime.now(UTC)


Reader = Annotated[Principal, Depends(_caller(Scope.READ, "read"))]
Writer = Annotated[Principal, Depends(_caller(Scope.WRITE, "read"))]
"""Changes what is there: cancel, delete."""
Submitter = Annotated[Principal, Depends(_caller(Scope.WRITE, "submit"))]
"""Sets reading off."""
IdempotencyKey = Annotated[
    str, Header(alias="Idempotency-Key", description="The same key and request again: the job of then.")
]
"""Documented here, and read by submission.py, which tells a missing one from an empty one."""
JobId = Annotated[str, AfterValidator(_known_shape)]
Limit = Annotated[int, Query(ge=1, le=100, description="So many at the most.")]
Offset = Annotated[int, Query(ge=0, le=2**31, description="So many of the newest are left out.")]
Asker = Annotated[Principal, Depends(_caller(Scope.CHAT, "chat"))]
"""Asks a question."""
ChatReader = Annotated[Principal, Depends(_caller(Scope.CHAT, "read"))]
Service = Annotated[Services, Depends(services_of)]
