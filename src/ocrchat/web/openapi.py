"""What the framework cannot know of our answers, put right in its description of them."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from ocrchat import __version__
from ocrchat.web.deps import TOKEN_PARAMETER
from ocrchat.web.errors import is_simple

_ABOUT: Final = (
    "Send a scan, photo or PDF and get text, Markdown, tables, boxes and confidences. Two APIs over the same jobs: the "
    "full one under /api/v1/, and a small one under /api/. A token goes into `Authorization: Bearer`; without one, a "
    "few pages a day are free."
)
_SCHEMES: Final = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "parameter": {"type": "apiKey", "in": "query", "name": TOKEN_PARAMETER},
}
_ANYBODY: Final[list[dict[str, list[str]]]] = [{}, {"bearer": []}, {"parameter": []}]


def install(app: FastAPI) -> None:
    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]


def _described(app: FastAPI) -> dict[str, Any]:
    api = get_openapi(title="ocrchat", version=__version__, description=_ABOUT, routes=app.routes)
    api["components"]["securitySchemes"] = _SCHEMES
    for path, item in api["paths"].items():
        for operation in item.values():
            _mend(path, operation)
    for name in ("HTTPValidationError", "ValidationError"):
        api["components"]["schemas"].pop(name, None)
    return api


def _mend(path: str, operation: dict[str, Any]) -> None:
    # The framework's own answer to a wrong parameter is never given: web/errors.py gives another.
    if "HTTPValidationError" in str(operation["responses"].get("422", "")):
        del operation["responses"]["422"]
    if path.startswith("/api/") or is_simple(path):
        operation.setdefault("security", _ANYBODY)
