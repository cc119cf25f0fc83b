"""The one way a document is written as JSON and read back; both directions are exact.

Keys are the model's names, values that equal the model's defaults are left out, a box is [left, top, right, bottom].
A block says what it is by `kind`. This also carries pages between processes, so it stays close to the C encoder.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from ocrchat.document.json_page import JSON, json_from_page, unchecked_page
from ocrchat.document.model import SCHEMA, Correction, Document, DocumentHead, Page
from ocrchat.errors import DamagedInput, UnsupportedType

Migration = Callable[[JSON], JSON]

MIGRATIONS: Final[dict[str, Migration]] = {}
"""Schema name of a stored document → what turns it into the next schema's. Applied until SCHEMA is reached."""

_encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), check_circular=False)
_ascii_encoder = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":"), check_circular=False)


# --- bytes -----------------------------------------------------------------------------------------------------------


def bytes_from_document(document: Document) -> bytes:
    pages = b",\n".join(bytes_from_page(page) for page in document.pages)
    return opening_from_head(document.head) + pages + CLOSING


def document_from_bytes(data: bytes | str) -> Document:
    return document_from_json(_parsed(data))


def bytes_from_page(page: Page) -> bytes:
    return _encoded(json_from_page(page))


def page_from_bytes(data: bytes | str) -> Page:
    return page_from_json(_parsed(data))


def opening_from_head(head: DocumentHead) -> bytes:
    """All of a document up to its first page. Pages follow, joined by commas, then CLOSING: so it can be streamed."""
    return _encoded(json_from_head(head))[:-1] + b',"pages":[\n'


CLOSING: Final = b"\n]}\n"


def _encoded(value: JSON) -> bytes:
    try:
        return _encoder.encode(value).encode()
    except UnicodeEncodeError:
        # Half of a surrogate pair has no UTF-8; escaped it survives.
        return _ascii_encoder.encode(value).encode("ascii")


def _parsed(data: bytes | str) -> JSON:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise DamagedInput("This is not a stored document: it is not JSON, or it was cut off.") from error
    if not isinstance(value, dict):
        raise DamagedInput("This is not a stored document: an object was expected.")
    return value


# --- out -------------------------------------------------------------------------------------------------------------


def json_from_document(document: Document) -> JSON:
    return {**json_from_head(document.head), "pages": [json_from_page(page) for page in document.pages]}


def json_from_head(head: DocumentHead) -> JSON:
    out: JSON = {"schema": head.schema}
    if head.title:
        out["title"] = head.title
    if head.languages:
        out["languages"] = head.languages
    if head.notices:
        out["notices"] = head.notices
    if head.corrections:
        out["corrections"] = [_json_from_correction(correction) for correction in head.corrections]
    if head.furniture:
        out["furniture"] = head.furniture
    return out


def _json_from_correction(correction: Correction) -> JSON:
    out: JSON = {"page": correction.page, "block": correction.block}
    if correction.line is not None:
        out["line"] = correction.line
    if correction.cell is not None:
        out["cell"] = correction.cell
    out["before"] = correction.before
    out["after"] = correction.after
    if correction.account:
        out["account"] = correction.account
    if correction.time:
        out["time"] = correction.time
    return out


# --- in --------------------------------------------------------------------------------------------------------------


def document_from_json(value: JSON) -> Document:
    value = _migrated(value)
    try:
        head = _head_from_json(value)
        pages = tuple(unchecked_page(page) for page in value["pages"])
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise _misshapen(error) from error
    return Document(
        pages=pages,
        title=head.title,
        languages=head.languages,
        notices=head.notices,
        corrections=head.corrections,
        furniture=head.furniture,
        schema=head.schema,
    )


def head_from_json(value: JSON) -> DocumentHead:
    """Of a document's JSON with or without its pages."""
    value = _migrated(value)
    try:
        return _head_from_json(value)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise _misshapen(error) from error


def page_from_json(value: JSON) -> Page:
    try:
        return unchecked_page(value)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise _misshapen(error) from error


def _migrated(value: JSON) -> JSON:
    schema = value.get("schema")
    while schema != SCHEMA:
        if not isinstance(schema, str):
            raise DamagedInput("This is not a stored document: it does not name its schema.")
        if schema not in MIGRATIONS:
            raise UnsupportedType(
                f'This document is stored as "{schema[:80]}", and this version knows "{SCHEMA}". '
                "Open it with the version that wrote it, or a later one."
            )
        value = MIGRATIONS[schema](value)
        schema = value.get("schema")
    return value


def _misshapen(error: Exception) -> DamagedInput:
    return DamagedInput(f"This is not a stored document: a part of it is missing or has another shape ({error!s:.80}).")


def _head_from_json(value: JSON) -> DocumentHead:
    return DocumentHead(
        title=value.get("title", ""),
        languages=tuple(value.get("languages", ())),
        notices=tuple(value.get("notices", ())),
        corrections=tuple(Correction(**correction) for correction in value.get("corrections", ())),
        furniture=tuple(value.get("furniture", ())),
        schema=value["schema"],
    )
