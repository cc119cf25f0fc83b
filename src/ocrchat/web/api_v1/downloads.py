"""A job's result as a file, in every format there is."""

from __future__ import annotations

from itertools import chain
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from starlette.responses import Response, StreamingResponse

from ocrchat.export.registry import FORMATS
from ocrchat.export.spec import ExportOptions
from ocrchat.jobs.views import ExportedFile
from ocrchat.web import schemas
from ocrchat.web.api_v1.jobs import Password
from ocrchat.web.deps import JobId, Reader, Service
from ocrchat.web.routes import route

router = APIRouter(tags=["Jobs"])

_FILE = {
    "description": "The file.",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


@route(
    router,
    "GET",
    "/api/v1/ocr/{uuid}/download/",
    head=True,
    summary="The result as a file",
    responses={200: _FILE} | schemas.v1_problems(400, 404, 409),
)
def download(
    services: Service,
    principal: Reader,
    uuid: JobId,
    format: Annotated[str, Query(description=f"One of {', '.join(FORMATS)}.")] = "md",
    furniture: Annotated[bool, Query(description="Keep running heads and page numbers.")] = False,
    byte_order_mark: Annotated[bool, Query(description="csv: for a spreadsheet that needs one.")] = False,
    table: Annotated[int | None, Query(ge=1, le=100_000, description="csv: only this table, from 1.")] = None,
    password: Password = "",
) -> Response:
    """Made when it is first asked for. 409 while the job has not finished, or where nothing was read."""
    options = ExportOptions(furniture=furniture, byte_order_mark=byte_order_mark, table=table)
    file = services.jobs.export(principal, uuid, format, options=options, password=password)
    return file_response(file)


def file_response(file: ExportedFile) -> Response:
    headers = {
        "content-length": str(file.size_bytes),
        "content-disposition": disposition(file.name),
        "cache-control": "private, no-store",
        "content-security-policy": "sandbox",
    }
    pieces = file.pieces()
    # Its file is open from here on: a DELETE that comes now is too late for this answer, and one that came is a 404.
    first = next(pieces, b"")
    return StreamingResponse(chain([first], pieces), headers=headers, media_type=file.media_type)


def disposition(name: str) -> str:
    """Always saved, never shown: what a document says must not run as a page of this server."""
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in " ._-()") else "_" for letter in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name.encode('utf-8', 'replace'), safe='')}"
