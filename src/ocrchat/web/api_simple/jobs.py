"""Submit a document, poll for its result, list, delete; and the blocking call that gives the result itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from ocrchat.accounts.principal import Principal
from ocrchat.errors import PageError
from ocrchat.jobs.model import Status
from ocrchat.jobs.views import JobOptions, JobView, StoredDocument
from ocrchat.web import schemas
from ocrchat.web.answers import as_json
from ocrchat.web.api_simple import job_view
from ocrchat.web.deps import IdempotencyKey, JobId, Limit, Offset, Reader, Service, Submitter, Writer
from ocrchat.web.routes import route
from ocrchat.web.services import Services
from ocrchat.web.submission import MEGABYTE, take_job, wait_for_end

router = APIRouter(tags=["Simple API"])


_FORM: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "format": "binary", "description": "An image or PDF, at most 20 MB."}
                },
            }
        }
    },
}
_RESULT = {
    "description": "The result itself.",
    "content": {"text/markdown": {"schema": {"type": "string"}}, "application/json": {"schema": {"type": "object"}}},
}
_JOB_HEADER = {"X-Job-Id": {"schema": {"type": "string"}, "description": "The job, to be asked for."}}

Format = Annotated[Literal["markdown", "json"], Query(description="Which form of the result is meant.")]
Language = Annotated[str, Query(description="A hint such as `polish` or `english`.", max_length=200)]


@route(
    router,
    "POST",
    "/api/ocr",
    summary="Submit a document",
    status_code=201,
    openapi_extra={"requestBody": _FORM},
    responses={201: {"model": schemas.SimpleAccepted}} | schemas.simple_problems(402, 409, 422),
)
async def submit(
    request: Request,
    services: Service,
    principal: Submitter,
    format: Format = "markdown",
    language: Language = "auto",
    key: IdempotencyKey = "",
) -> Response:
    """Works without a key too, within the day's allowance. Poll `/api/jobs/{job_id}` for the result."""
    job = await _take(request, services, principal, language)
    return as_json({"job_id": job.id, "status": job_view.accepted_word(job)}, 201)


@route(
    router,
    "GET",
    "/api/jobs/{job_id}",
    summary="A job, with its result when it is done",
    responses={200: {"model": schemas.SimpleJob}} | schemas.simple_problems(404),
)
def get_job(services: Service, principal: Reader, job_id: JobId) -> Response:
    """`result_md` and `result_json` are there when `status` is `done`, `error` when it is `error`."""
    job = services.jobs.get(principal, job_id)
    if job.status is not Status.DONE:
        return as_json(job_view.summary(job))
    return _streamed(services.jobs.document(principal, job_id), job_view.with_result, "application/json")


@route(
    router,
    "GET",
    "/api/jobs",
    summary="My jobs, newest first",
    responses={200: {"model": schemas.SimpleList}} | schemas.simple_problems(422),
)
def list_jobs(services: Service, principal: Reader, limit: Limit = 20, offset: Offset = 0) -> Response:
    """Without results. Jobs made without a key are found by their id only."""
    found = services.jobs.list(principal, limit=limit, offset=offset)
    jobs = [job_view.summary(job) for job in found.jobs]
    return as_json({"jobs": jobs, "total": found.total, "limit": limit, "offset": offset})


@route(
    router,
    "DELETE",
    "/api/jobs/{job_id}",
    summary="Delete a job and its file for good",
    status_code=204,
    responses={204: {"description": "Gone."}} | schemas.simple_problems(404),
)
def delete_job(services: Service, principal: Writer, job_id: JobId) -> Response:
    services.jobs.delete(principal, job_id)
    return Response(status_code=204)


@route(
    router,
    "POST",
    "/ocr",
    summary="Submit and wait for the result",
    openapi_extra={"requestBody": _FORM},
    responses={200: _RESULT, 504: schemas.unfinished_problem(_JOB_HEADER)} | schemas.simple_problems(402, 409, 422),
)
async def read_now(
    request: Request,
    services: Service,
    principal: Submitter,
    format: Format = "markdown",
    language: Language = "auto",
    key: IdempotencyKey = "",
) -> Response:
    """Answers when the reading has ended, after five minutes at most."""
    job = await _take(request, services, principal, language)
    job = await wait_for_end(services, principal, job, seconds=services.settings.blocking_seconds)
    headers = {"x-job-id": job.id}
    if not job.status.is_final:
        return as_json({"detail": f"This takes longer: the job {job.id} goes on, ask for it."}, 504, headers)
    if job.status is not Status.DONE:
        raise PageError(job.error or "Nothing could be read.")

    def answer() -> Response:
        document = services.jobs.document(principal, job.id)
        if format == "json":
            return _streamed(document, job_view.document_json, "application/json", headers)
        return Response(job_view.markdown(document), headers=headers, media_type="text/markdown")

    return await to_thread.run_sync(answer)


async def _take(request: Request, services: Services, principal: Principal, language: str) -> JobView:
    def options(_: Mapping[str, str]) -> JobOptions:
        return JobOptions(language=language.strip() or "auto")

    return await take_job(
        request, services, principal, options, max_bytes=services.settings.simple_max_upload_mb * MEGABYTE
    )


def _streamed(
    document: StoredDocument,
    write: Callable[[StoredDocument], Iterator[bytes]],
    media_type: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    headers = {"cache-control": "no-store", **(headers or {})}
    return StreamingResponse(write(document), headers=headers, media_type=media_type)
