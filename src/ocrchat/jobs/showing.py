"""Rows to views: what a job looks like from outside, how far it is and how long it will take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ocrchat.accounts.principal import OPERATOR
from ocrchat.blobs.store import Blobs
from ocrchat.document.json import bytes_from_page, page_from_bytes
from ocrchat.document.model import Failure, Page
from ocrchat.documents.model import Document
from ocrchat.errors import NoSuchJob
from ocrchat.jobs import repository
from ocrchat.jobs.model import Job, PageRow, PageStatus, Status
from ocrchat.jobs.views import JobView, PageReceipt, Receipt, StoredDocument
from ocrchat.pipeline.finish import Overview, PageFacts, facts_from_json
from ocrchat.pipeline.tables.breaks import with_continued_tables

# Pages of so long ago tell how fast this server reads just now.
_RECENT = timedelta(minutes=10)
# Where none were read: a printed page on one slow core.
_GUESS_SECONDS = 2.0


def view_of(job: Job, document: Document, *, is_replay: bool = False) -> JobView:
    return JobView(
        id=job.id,
        account_id=job.account_id,
        status=Status(job.status),
        version=job.version,
        tier=job.tier,
        served_tier=job.served_tier,
        language=job.language,
        tool=job.tool,
        translate_to=job.translate_to,
        page_count=job.page_count,
        pages_read=job.pages_read,
        pages_blank=job.pages_blank,
        pages_failed=job.pages_failed,
        notices=tuple(job.notices),
        error_code=job.error_code,
        error=job.error,
        name=document.name,
        media_type=document.media_type,
        size_bytes=document.size_bytes,
        sha256=document.sha256,
        created_at=job.created_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
        expires_at=document.expires_at,
        retention_seconds=job.retention_seconds,
        is_replay=is_replay,
    )


def outlook(session: Session, job: Job, *, slots: int, now: datetime) -> tuple[int | None, float | None]:
    """Place in the queue and seconds to go, of an unfinished job."""
    if Status(job.status).is_final:
        return None, None
    left = job.page_count - job.pages_settled
    if job.started_at is not None and job.pages_settled:
        took = (now - job.started_at).total_seconds()
        return None, round(max(took, 0.0) / job.pages_settled * left, 1)
    a_page = _seconds_a_page(session, slots=slots, now=now)
    if job.status == Status.PROCESSING:
        return None, round(a_page * left, 1)
    jobs_before, pages_before = repository.work_before(session, OPERATOR, job)
    return jobs_before + 1, round(a_page * (pages_before + left), 1)


def shown(session: Session, job: Job, document: Document, *, slots: int, now: datetime) -> JobView:
    """With its place in the queue, where it has not ended."""
    position, eta = outlook(session, job, slots=slots, now=now)
    return replace(view_of(job, document), position=position, eta_seconds=eta)


def all_shown(
    session: Session, found: Sequence[tuple[Job, Document]], *, slots: int, now: datetime
) -> tuple[JobView, ...]:
    """As `shown` has each, in as many queries however many they are."""
    views = [view_of(job, document) for job, document in found]
    if all(view.status.is_final for view in views):
        return tuple(views)
    a_page = _seconds_a_page(session, slots=slots, now=now)
    ahead = _places(repository.work_in_turn(session, OPERATOR))
    out = []
    for view in views:
        if view.status.is_final:
            out.append(view)
            continue
        left = view.page_count - view.pages_done
        jobs, pages = ahead.get(view.id, (0, 0))
        if view.started_at is not None and view.pages_done:
            took = max((now - view.started_at).total_seconds(), 0.0)
            out.append(replace(view, eta_seconds=round(took / view.pages_done * left, 1)))
        elif view.status is Status.PROCESSING:
            out.append(replace(view, eta_seconds=round(a_page * left, 1)))
        else:
            out.append(replace(view, position=jobs + 1, eta_seconds=round(a_page * (pages + left), 1)))
    return tuple(out)


def _places(turns: Sequence[tuple[str, str, int]]) -> dict[str, tuple[int, int]]:
    """Of each job how many wait before it, and how many pages."""
    out, jobs, pages = {}, 0, 0
    for job_id, status, left in turns:
        out[job_id] = (jobs, pages)
        jobs += status == Status.PENDING
        pages += left
    return out


def _seconds_a_page(session: Session, *, slots: int, now: datetime) -> float:
    pages, seconds = repository.recent_pace(session, OPERATOR, since=now - _RECENT)
    return (seconds / pages if pages else _GUESS_SECONDS) / slots


def document_of(
    job: JobView, title: str, noticed: Sequence[str], rows: Sequence[PageRow], blobs: Blobs
) -> StoredDocument:
    overview = Overview()
    settled = [row for row in rows if row.status != PageStatus.WAITING]
    for row in settled:
        overview.add_facts(_facts_of(row))

    def records() -> Iterator[bytes]:
        for row in settled:
            yield _record_of(row, blobs)

    def pages() -> Iterator[Page]:
        return with_continued_tables(page_from_bytes(record) for record in records())

    return StoredDocument(
        job=job,
        head=overview.head(title=title, notices=(*job.notices, *noticed)),
        mean_confidence=overview.mean_confidence,
        pages=pages,
        records=records,
    )


def receipt_of(job: Job, rows: Sequence[PageRow]) -> Receipt:
    return Receipt(
        job_id=job.id,
        status=Status(job.status),
        tool=job.tool,
        created_at=job.created_at,
        ended_at=job.ended_at,
        held=sum(row.held for row in rows if row.status == PageStatus.WAITING),
        charged=sum(row.paid for row in rows),
        pages=tuple(
            PageReceipt(
                number=row.number,
                status=PageStatus(row.status),
                attempt=row.attempt,
                tier=row.paid_tier,
                credits=row.paid,
            )
            for row in rows
        ),
    )


def _facts_of(row: PageRow) -> PageFacts:
    if row.facts is None:
        return PageFacts(number=row.number, failed=row.status == PageStatus.FAILED)
    return facts_from_json(row.facts)


def _record_of(row: PageRow, blobs: Blobs) -> bytes:
    if row.result_key is None:
        failure = Failure(code=row.error_code, message=row.error)
        return bytes_from_page(Page(number=row.number, width=0, height=0, dpi=0.0, failure=failure))
    try:
        return blobs.get(row.result_key)
    except FileNotFoundError:
        raise NoSuchJob("This job has been deleted.") from None
