"""Who the caller is to this server, and what is left to spend."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from ocrchat.credits.statements import usage
from ocrchat.web import schemas
from ocrchat.web.answers import as_json
from ocrchat.web.deps import Reader, Service, now
from ocrchat.web.routes import route

router = APIRouter(tags=["Account"])

_SHOWN = timedelta(days=30)


@route(
    router,
    "GET",
    "/api/v1/account/",
    summary="My plan, what is left, and what was used",
    responses={200: {"model": schemas.AccountState}} | schemas.v1_problems(),
)
def get_account(services: Service, principal: Reader) -> Response:
    """Without a token: the day's allowance of the network you call from."""
    moment = now()
    with services.database.unit() as session:
        left = services.meter.left(session, principal, now=moment)
        used = []
        if not principal.is_anonymous:
            used = usage(session, principal, since=moment - _SHOWN, until=moment + timedelta(days=1))
    return as_json(
        {
            "account": principal.account_id,
            "plan": services.plans.plan_of(principal.plan).name,
            "used": left.used,
            "cap": left.cap,
            "left": left.left,
            "resets_at": left.resets_at.isoformat() if left.resets_at else None,
            "usage": [
                {"day": row.day, "tier": row.tier, "tool": row.tool, "pages": row.pages, "credits": row.credits}
                for row in used
            ],
        }
    )
