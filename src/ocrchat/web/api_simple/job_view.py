"""A job as the simple API shows it: `queued`, `processing`, `done` or `error`, with the result in two forms."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, Final

from ocrchat.document.json import CLOSING, opening_from_head
from ocrchat.export.markdown import MarkdownExporter
from ocrchat.export.spec import ExportOptions
from ocrchat.jobs.model import Status
from ocrchat.jobs.views import JobView, StoredDocument
from ocrchat.web.answers import encoded

_WORDS: Final = {
    Status.PENDING: "queued",
    Status.PROCESSING: "processing",
    Status.DONE: "done",
    Status.FAILED: "error",
    Status.CANCELLED: "error",
}


def summary(job: JobView) -> dict[str, Any]:
    elapsed = job.elapsed_seconds
    out: dict[str, Any] = {
        "job_id": job.id,
        "status": _WORDS[job.status],
        "created_at": job.created_at.isoformat(timespec="seconds"),
        "elapsed": None if elapsed is None else round(elapsed, 3),
        "page_count": job.page_count,
        "pages_done": job.pages_done,
    }
    if out["status"] == "error":
        out["error"] = job.error
    return out


def accepted_word(job: JobView) -> str:
    """A new job is `queued`, even where it is read at once; one that was there before is what it has come to."""
    return _WORDS[job.status if job.is_replay else Status.PENDING]


def with_result(document: StoredDocument) -> Iterator[bytes]:
    """The answer's pieces; the stored pages go through as they are."""
    yield encoded(summary(document.job))[:-1] + b',"result_md":' + encoded(markdown(document)) + b',"result_json":'
    yield from document_json(document)
    yield b"}"


def document_json(document: StoredDocument) -> Iterator[bytes]:
    """As the json export has it."""
    yield opening_from_head(document.head)
    for number, record in enumerate(document.records()):
        yield b",\n" + record if number else record
    yield CLOSING.rstrip()


def markdown(document: StoredDocument) -> str:
    sink = io.BytesIO()
    MarkdownExporter().export(document.head, document.pages(), sink, source=None, options=ExportOptions())
    return sink.getvalue().decode()
