"""POST a document, get a job; look at it, list, cancel, retry, delete, and see what it cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Header, Query, Request
from starlette.background import BackgroundTask
from starlette.responses import Response, StreamingResponse

from ocrchat.accounts.principal import Principal
from ocrchat.errors import BadRequest, BadRetention, FeatureUnavailable
from ocrchat.jobs.views import JobOptions, JobView
from ocrchat.web import schemas
from ocrchat.web.answers import as_json
from ocrchat.web.api_v1 import job_view
from ocrchat.web.deps import IdempotencyKey, JobId, Limit, Offset, Reader, Service, Submitter, Writer
from ocrchat.web.routes import route
from ocrchat.web.services import Services
from ocrchat.web.submission import MEGABYTE, take_job, wait_for_end

router = APIRouter(tags=["Jobs"])

_FIELDS: Mapping[str, str] = {
    "tier": "`cpu` (the default) or `vlm`.",
    "language": "`auto` (the default), or what the document is written in; several joined by `+`.",
    "tool": "A tool by its slug: its preset is used. A `tier` that is named beats it.",
    "translate_to": "The language to translate to; alone it means `tool=translate`.",
    "pages": "Which pages: `1,4-6,10-`. All, if it is missing.",
    "formats": "Formats you mean to download, joined by commas: a wrong name is refused at once.",
    "force_ocr": "`true`: read the pixels even where a PDF has text.",
    "password": "Of an encrypted PDF; forgotten when its pages are read.",
    "retention": "Seconds to keep source and results, 60 or more; 0, for five pages or fewer and without an "
    "`Idempotency-Key`: nothing is kept once the answer is sent.",
}
_FORM: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "format": "binary", "description": "The image or PDF."},
                    **{name: {"type": "string", "description": text} for name, text in _FIELDS.items()},
                },
            }
        }
    },
}
_JOB = {"model": schemas.Job, "description": "The job, finished."}
_UNFINISHED = {"model": schemas.Job, "description": "The job, not finished: ask for it until it is."}

Detail = Annotated[str, Query(description="`words`: blocks also have their lines and words, with boxes.")]
Password = Annotated[str, Header(alias="X-Document-Password", description="Of an encrypted PDF.")]


@route(
    router,
    "POST",
    "/api/v1/ocr/",
    summary="Read a document",
    openapi_extra={"requestBody": _FORM},
    responses={200: _JOB, 202: _UNFINISHED} | schemas.v1_problems(400, 402, 409),
)
async def submit(
    request: Request, services: Service, principal: Submitter, detail: Detail = "", key: IdempotencyKey = ""
) -> Response:
    """A document of a few pages is answered finished; a longer one is asked for until it is."""
    words = wants_words(detail)
    limit = services.settings.max_upload_mb * MEGABYTE
    job = await take_job(request, services, principal, options_from, max_bytes=limit)
    if job.page_count <= services.jobs.inline_pages:
        job = await wait_for_end(services, principal, job, seconds=services.settings.inline_seconds)
    answer = await to_thread.run_sync(job_response, services, principal, job, words)
    if not job.status.is_final:
        answer.status_code = 202
        answer.headers["location"] = f"/api/v1/ocr/{job.id}/"
    elif job.retention_seconds == 0:
        answer.background = BackgroundTask(services.jobs.delete, principal, job.id)
    return answer


@route(
    router,
    "GET",
    "/api/v1/ocr/",
    summary="My jobs, newest first",
    responses={200: {"model": schemas.JobList}} | schemas.v1_problems(400),
)
def list_jobs(services: Service, principal: Reader, limit: Limit = 20, offset: Offset = 0) -> Response:
    """Without text and pages. Jobs made without a token are found by their id only."""
    found = services.jobs.list(principal, limit=limit, offset=offset)
    jobs = [job_view.summary(job) for job in found.jobs]
    return as_json({"jobs": jobs, "total": found.total, "limit": limit, "offset": offset})


@route(
    router,
    "GET",
    "/api/v1/ocr/{uuid}/",
    summary="A job",
    responses={200: {"model": schemas.Job, "description": "The job."}} | schemas.v1_problems(400, 404),
)
def get_job(services: Service, principal: Reader, uuid: JobId, detail: Detail = "") -> Response:
    """Text, Markdown and pages are there once `status` is `done` or `failed`."""
    words = wants_words(detail)
    return job_response(services, principal, services.jobs.get(principal, uuid), words)


@route(
    router,
    "DELETE",
    "/api/v1/ocr/{uuid}/",
    summary="Delete a job and all that came of it",
    responses={200: {"model": schemas.Removed}} | schemas.v1_problems(404),
)
def delete_job(services: Service, principal: Writer, uuid: JobId) -> Response:
    """At any time: source, results and rows go for good. The answer is the receipt."""
    return as_json(job_view.json_from_deletion(services.jobs.delete(principal, uuid)))


@route(
    router,
    "POST",
    "/api/v1/ocr/{uuid}/cancel/",
    summary="Stop reading",
    responses={200: {"model": schemas.Job, "description": "The job as it now is."}} | schemas.v1_problems(404),
)
def cancel_job(services: Service, principal: Writer, uuid: JobId) -> Response:
    """Pages that were read stay and are paid; the others are not."""
    return job_response(services, principal, services.jobs.cancel(principal, uuid), words=False)


@route(
    router,
    "POST",
    "/api/v1/ocr/{uuid}/retry/",
    summary="Read the failed pages once more",
    status_code=202,
    responses={202: _UNFINISHED} | schemas.v1_problems(400, 402, 404, 409),
)
def retry_job(services: Service, principal: Submitter, uuid: JobId, password: Password = "") -> Response:
    """The job goes back to `processing`, with credits held for those pages again."""
    answer = job_response(services, principal, services.jobs.retry(principal, uuid, password=password), words=False)
    answer.status_code = 202
    return answer


@route(
    router,
    "GET",
    "/api/v1/ocr/{uuid}/receipt/",
    summary="What a job has cost, page by page",
    responses={200: {"model": schemas.Receipt}} | schemas.v1_problems(404),
)
def get_receipt(services: Service, principal: Reader, uuid: JobId) -> Response:
    return as_json(job_view.json_from_receipt(services.jobs.receipt(principal, uuid)))


def options_from(fields: Mapping[str, str]) -> JobOptions:
    """Fields that are not known are not looked at, as clients of other versions may send them."""
    if fields.get("webhook_url", "").strip():
        raise FeatureUnavailable("This server does not call webhooks: ask for the job until it is finished.")
    return JobOptions(
        tier=fields.get("tier", "").strip(),
        language=fields.get("language", "").strip() or "auto",
        tool=fields.get("tool", "").strip(),
        translate_to=fields.get("translate_to", "").strip(),
        formats=tuple(name.strip() for name in fields.get("formats", "").split(",") if name.strip()),
        force_ocr=_switch("force_ocr", fields.get("force_ocr", "")),
        pages=fields.get("pages", "").strip(),
        password=fields.get("password", ""),
        retention_seconds=_seconds(fields.get("retention", "")),
    )


def job_response(services: Services, principal: Principal, job: JobView, words: bool) -> Response:
    headers = {"cache-control": "no-store"}
    if not job.status.is_final:
        return Response(job_view.unfinished(job), headers=headers, media_type="application/json")
    pieces = job_view.finished(services.jobs.document(principal, job.id), words=words)
    if job_view.is_short(job):
        return Response(b"".join(pieces), headers=headers, media_type="application/json")
    return StreamingResponse(pieces, headers=headers, media_type="application/json")


def wants_words(detail: str) -> bool:
    if detail not in ("", "words"):
        raise BadRequest('The parameter "detail" can be "words", or be left out.')
    return detail == "words"


def _switch(name: str, text: str) -> bool:
    word = text.strip().lower()
    if word in ("", "false", "0", "no", "off"):
        return False
    if word in ("true", "1", "yes", "on"):
        return True
    raise BadRequest(f'The field "{name}" can be "true" or "false".')


def _seconds(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 10:
        raise BadRetention('The field "retention" is a whole number of seconds: 60 or more, or 0.')
    return int(text)
