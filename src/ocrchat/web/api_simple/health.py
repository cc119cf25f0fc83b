"""How the server is doing, for people and monitors."""

from __future__ import annotations

import json

from fastapi import APIRouter
from starlette.responses import Response

from ocrchat import __version__
from ocrchat.web import schemas
from ocrchat.web.deps import Service
from ocrchat.web.routes import route

router = APIRouter(tags=["Simple API"])


@route(
    router,
    "GET",
    "/health",
    head=True,
    summary="Status, queue depth, jobs processed, uptime",
    openapi_extra={"security": []},
    responses={200: {"model": schemas.Health}, 503: {"model": schemas.SimpleProblem}},
)
def get_health(services: Service) -> Response:
    health = services.jobs.health()
    answer = {
        "status": "ok",
        "queue_depth": health.queue_depth,
        "jobs_processed": health.jobs_processed,
        "uptime_seconds": round(services.uptime_seconds, 1),
        "version": __version__,
        "tiers": list(services.plans.tiers),
    }
    return Response(json.dumps(answer), headers={"cache-control": "no-store"}, media_type="application/json")
