"""Answers as JSON, the same for both APIs. None is to be kept by anybody in between."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

_encode: Final = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), check_circular=False
).encode


def encoded(value: Any) -> bytes:
    """Half of a surrogate pair has no UTF-8; a text layer may hold one."""
    return str(_encode(value)).encode("utf-8", "replace")


def as_json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(encoded(value), status, {"cache-control": "no-store", **(headers or {})}, "application/json")
