"""The job object of API v1. Every documented key is always there; a finished job's pages are written one by one, so
that a thick book takes no more memory than its text."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from ocrchat.document.model import Page, lines_of_page
from ocrchat.export.markdown import MarkdownExporter
from ocrchat.export.spec import ExportOptions
from ocrchat.jobs.model import Status
from ocrchat.jobs.views import DeletionReceipt, JobView, Receipt, StoredDocument
from ocrchat.web.answers import encoded
from ocrchat.web.api_v1.pages import JSON, Weighed, json_from_page, weigh

# Of a job's pages that are held in memory at once, to be answered in one piece.
_AT_ONCE: Final = 20


def is_short(job: JobView) -> bool:
    return job.page_count <= _AT_ONCE


def status_of(job: JobView) -> str:
    """The contract knows four; a job that was stopped before anything was read has failed, and its code says why."""
    return Status.FAILED.value if job.status is Status.CANCELLED else job.status.value


def summary(job: JobView) -> JSON:
    out: JSON = {
        "uuid": job.id,
        "status": status_of(job),
        "tier": job.tier,
        "language": job.language,
        "tool": job.tool,
        "translate_to": job.translate_to,
        "page_count": job.page_count,
        "pages_done": job.pages_done,
        "pages_failed": job.pages_failed,
        "position": job.position,
        "eta_seconds": None if job.eta_seconds is None else round(job.eta_seconds, 1),
        "notices": list(job.notices),
        "media_type": job.media_type,
        "size_bytes": job.size_bytes,
        "created_at": _time(job.created_at),
        "started_at": _time(job.started_at),
        "ended_at": _time(job.ended_at),
        "expires_at": _time(job.expires_at),
    }
    if status_of(job) == Status.FAILED:
        out |= {"error": job.error, "code": job.error_code}
    return out


def unfinished(job: JobView) -> bytes:
    empty: JSON = {"languages": [], "mean_confidence": None, "text": "", "markdown": "", "pages": []}
    return encoded(summary(job) | empty)


def finished(document: StoredDocument, *, words: bool) -> Iterator[bytes]:
    """Its pieces. Raises NoSuchJob at once where the job was deleted meanwhile; later that can only break them off."""
    if is_short(document.job):
        return _pieces(document, list(document.pages()), words)
    next(iter(document.pages()), None)
    return _pieces(document, (), words)


def _pieces(document: StoredDocument, pages: Iterable[Page], words: bool) -> Iterator[bytes]:
    """What needs all pages follows them, so that they are held for no longer than a moment."""
    job, head = document.job, document.head
    facts = summary(job) | {"notices": list(head.notices), "languages": list(head.languages)}
    yield encoded(facts)[:-1] + b',"pages":['
    texts: list[str] = []
    seen = Weighed(0.0, 0)
    for number, page in enumerate(pages or document.pages()):
        shown = json_from_page(head, page, words=words)
        texts.append(shown["text"])
        more = weigh(lines_of_page(page))
        seen = Weighed(seen.sum + more.sum, seen.weight + more.weight)
        yield (b"," if number else b"") + encoded(shown)
    nothing = status_of(job) == Status.FAILED
    sink = io.BytesIO()
    if not nothing:
        MarkdownExporter().export(head, pages or document.pages(), sink, source=None, options=ExportOptions())
    rest = {
        "mean_confidence": seen.mean,
        "text": "" if nothing else "\n\n".join(text for text in texts if text),
        "markdown": sink.getvalue().decode().strip("\n"),
    }
    yield b"]," + encoded(rest)[1:]


def json_from_receipt(receipt: Receipt) -> JSON:
    return {
        "uuid": receipt.job_id,
        "status": Status.FAILED.value if receipt.status is Status.CANCELLED else receipt.status.value,
        "tool": receipt.tool,
        "created_at": _time(receipt.created_at),
        "ended_at": _time(receipt.ended_at),
        "held": receipt.held,
        "charged": receipt.charged,
        "pages": [
            {
                "index": page.number - 1,
                "status": page.status.value,
                "attempt": page.attempt,
                "tier": page.tier,
                "credits": page.credits,
            }
            for page in receipt.pages
        ],
    }


def json_from_deletion(receipt: DeletionReceipt) -> JSON:
    return {"uuid": receipt.job_id, "deleted_at": _time(receipt.deleted_at), "removed": dict(receipt.removed)}


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
