"""commit_pages: a page's result, its ledger entries, the job's counters and the checkpoint of the work, in one
transaction.

The page's row is the checkpoint: it changes only where the page still waits for this attempt. Whoever comes second (a
process that was taken for dead, a page that was cancelled meanwhile) changes nothing and pays nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from ocrchat.accounts.principal import Principal, acting_for, anonymous
from ocrchat.credits.meter import Meter
from ocrchat.credits.pricing import PageCost
from ocrchat.documents.repository import set_expiry
from ocrchat.errors import ReadingCancelled
from ocrchat.jobs import repository
from ocrchat.jobs.model import Job, PageStatus, Status, require_transition
from ocrchat.jobs.tally import count_processed

CANCELLED_CODE = ReadingCancelled.code

# What was asked to be kept for no time is gone when its answer is sent; if nobody comes for it, after this.
_NO_TIME = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True, slots=True)
class PageResult:
    number: int
    status: PageStatus
    result_key: str | None = None
    facts: Mapping[str, Any] | None = None
    error_code: str = ""
    error: str = ""
    seconds: float = 0.0

    @property
    def was_read_by_engine(self) -> bool:
        return bool(self.facts and self.facts.get("read"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Commit:
    kept: frozenset[int]
    """Numbers of the pages whose results stand; the others' are to be thrown away."""
    has_ended: bool
    """Nothing is left to do for this attempt."""


def payer_of(job: Job) -> Principal:
    """Who acts and pays when the request is long over."""
    if job.account_id is not None:
        return acting_for(job.account_id)
    return anonymous(job.caller)


def commit_pages(
    session: Session,
    principal: Principal,
    meter: Meter,
    *,
    job_id: str,
    attempt: int,
    results: Sequence[PageResult],
    now: datetime,
) -> Commit:
    meter.lock(session, principal)
    job = repository.lock_job(session, principal, job_id)
    if job is None or Status(job.status).is_final or job.attempt != attempt:
        return Commit(kept=frozenset(), has_ended=True)
    kept = set()
    for result in results:
        values = _values_of(result, now)
        held = repository.settle_page(session, principal, job_id, result.number, attempt, values)
        if held is not None:
            kept.add(result.number)
            _pay(session, principal, meter, job, attempt, result, held, now)
            _count(job, result.status)
    if kept:
        _begin(job, now - timedelta(seconds=max(result.seconds for result in results)))
        job.version += 1
    has_ended = job.pages_settled == job.page_count
    if has_ended:
        end_job(session, principal, job, now=now)
    return Commit(kept=frozenset(kept), has_ended=has_ended)


def end_job(session: Session, principal: Principal, job: Job, *, now: datetime, cancelled: bool = False) -> None:
    """All its pages are settled. The job MUST be locked."""
    nothing = Status.CANCELLED if cancelled else Status.FAILED
    outcome = Status.DONE if job.pages_read + job.pages_blank else nothing
    require_transition(Status(job.status), outcome)
    job.status = outcome.value
    job.version += 1
    job.ended_at = now
    job.held_by = None
    job.password_sealed = None
    if outcome is not Status.DONE:
        job.error_code, job.error = _why(session, principal, job)
    kept_for = timedelta(seconds=job.retention_seconds) or _NO_TIME
    session.flush()
    set_expiry(session, principal, job.document_id, now + kept_for)
    if job.attempt == 1:
        count_processed(session)


def cancel_waiting(
    session: Session, principal: Principal, meter: Meter, job: Job, *, payer: Principal, now: datetime
) -> int:
    """Every page that waits fails and is released; how many. The job MUST be locked, after the payer's book."""
    message = "The job was cancelled before this page was read."
    given_up = repository.give_up_waiting(session, principal, job.id, code=CANCELLED_CODE, message=message, now=now)
    costs = [PageCost(page=number, credits=held, tier=job.served_tier, tool=job.tool) for number, held in given_up]
    meter.release_rest(session, payer, job_id=job.id, costs=costs, now=now)
    job.pages_failed += len(given_up)
    return len(given_up)


def _begin(job: Job, moment: datetime) -> None:
    if job.status == Status.PENDING:
        job.status = Status.PROCESSING.value
    if job.started_at is None:
        job.started_at = max(moment, job.created_at)


def _pay(
    session: Session,
    principal: Principal,
    meter: Meter,
    job: Job,
    attempt: int,
    result: PageResult,
    held: int,
    now: datetime,
) -> None:
    cost = PageCost(page=result.number, credits=held, tier=job.served_tier, tool=job.tool)
    if result.status is not PageStatus.READ:
        meter.release_pages(session, principal, job_id=job.id, costs=[cost], now=now, attempt=attempt)
        return
    paid = cost
    if not result.was_read_by_engine and job.served_tier != "cpu":
        # The file said itself what is on the page: no tier's engine had anything to do with it.
        cheap = meter.cost(meter.plan_of(job.plan), [result.number], "cpu", job.tool)[0]
        paid = PageCost(page=result.number, credits=min(held, cheap.credits), tier="cpu", tool=job.tool)
    meter.charge_page(session, principal, job_id=job.id, held=cost, paid=paid, now=now, attempt=attempt)
    repository.note_payment(session, principal, job.id, result.number, credits=paid.credits, tier=paid.tier)


def _count(job: Job, status: PageStatus) -> None:
    match status:
        case PageStatus.READ:
            job.pages_read += 1
        case PageStatus.BLANK:
            job.pages_blank += 1
        case _:
            job.pages_failed += 1


def _values_of(result: PageResult, now: datetime) -> dict[str, Any]:
    return {
        "status": result.status.value,
        "result_key": result.result_key,
        "facts": result.facts,
        "error_code": result.error_code,
        "error": result.error[:1000],
        "seconds": result.seconds,
        "ended_at": now,
    }


def _why(session: Session, principal: Principal, job: Job) -> tuple[str, str]:
    """Code and sentence of a job none of whose pages was read: those of its first page."""
    first = repository.first_failure(session, principal, job.id)
    assert first is not None
    if job.page_count == 1 or job.status == Status.CANCELLED:
        return first.error_code, first.error
    return first.error_code, f"None of the {job.page_count} pages could be read. {first.error}"[:1000]
