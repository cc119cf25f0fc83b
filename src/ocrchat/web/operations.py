"""Addresses of the server itself: is it alive, is it ready, what is it, and how it is used."""

from __future__ import annotations

import html
from importlib.resources import files
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from ocrchat import __version__
from ocrchat.web import schemas
from ocrchat.web.deps import Service
from ocrchat.web.routes import route

router = APIRouter(tags=["Operations"])

_PAGES = files("ocrchat.web") / "static"
_OWN_FILES_ONLY: Final = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'"
_KINDS: Final = {"html": "text/html", "css": "text/css", "js": "text/javascript"}


@route(router, "GET", "/livez", head=True, summary="The process answers", responses={200: {"model": schemas.Alive}})
def is_alive() -> Response:
    return Response('{"status": "ok"}', media_type="application/json")


@route(
    router,
    "GET",
    "/readyz",
    head=True,
    summary="Database, store and workers answer",
    responses={200: {"model": schemas.Alive}, 503: {"model": schemas.Problem}},
)
def is_ready(services: Service) -> Response:
    services.jobs.is_ready()
    return Response('{"status": "ok"}', media_type="application/json")


@router.head("/", include_in_schema=False)
@router.get("/", include_in_schema=False)
def front_page(services: Service) -> Response:
    """Until the site is here."""
    text = (_PAGES / "front.html").read_text(encoding="utf-8")
    for word, value in (("VERSION", __version__), ("ADDRESS", services.settings.site_url)):
        text = text.replace(word, html.escape(value))
    return _page(text, "html")


@route(router, "GET", "/openapi", include_in_schema=False)
def openapi_page() -> Response:
    return _page((_PAGES / "openapi.html").read_text(encoding="utf-8"), "html")


@router.get("/openapi.css", include_in_schema=False)
def openapi_style() -> Response:
    return _page((_PAGES / "openapi.css").read_text(encoding="utf-8"), "css")


@router.get("/openapi.js", include_in_schema=False)
def openapi_program() -> Response:
    return _page((_PAGES / "openapi.js").read_text(encoding="utf-8"), "js")


def _page(text: str, kind: str) -> Response:
    headers = {"content-security-policy": _OWN_FILES_ONLY, "cache-control": "no-cache"}
    return Response(text, headers=headers, media_type=_KINDS[kind])
