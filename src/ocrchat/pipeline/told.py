"""Errors on their way from a child to its parent: the class by its code, the sentence, the facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ocrchat.errors import OCRChatError, PageError


def header_from_error(error: OCRChatError) -> dict[str, Any]:
    return {"code": error.code, "message": error.message, "detail": dict(error.detail)}


def error_from_header(header: Mapping[str, Any]) -> OCRChatError:
    """An unknown code becomes a failed page: the child is ours, but what it opened is not."""
    found = {kind.code: kind for kind in _kinds(OCRChatError)}.get(str(header.get("code")), PageError)
    detail = header.get("detail")
    return found(str(header.get("message")), **(detail if isinstance(detail, dict) else {}))


def _kinds(top: type[OCRChatError]) -> Iterator[type[OCRChatError]]:
    yield top
    for kind in top.__subclasses__():
        yield from _kinds(kind)
