"""commit_pages: a page's result, its ledger entries, the job's counters and the checkpoint of the work, in one
transaction.

The page's row is the checkpoint: it changes only where the page still waits for this attempt. Whoever comes second (a
process that was taken for dead, a page that was cancelled meanwhile) changes nothing and pays nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
    job = repository.lock_paid_job(session, principal, job_id)
    if job is None or Status(job.status).is_final or job.attempt != attempt:
        return Commit(kept=frozenset(), has_ended=True)
    waiting = repository.waiting_of(session, principal, job_id, attempt, [result.number for result in results])
    kept = [result for result in results if result.number in waiting]
    rows = [_row_of(result, _paid_for(meter, job, result), now) for result in kept]
    repository.settle_pages(session, principal, job_id, rows)
    if kept:
        _pay(session, principal, meter, job, attempt, kept, now)
        _count(job, kept)
        _begin(job, now - timedelta(seconds=max(result.seconds for result in kept)))
        job.version += 1
    has_ended = job.pages_settled == job.page_count
    if has_ended:
        end_job(session, principal, job, now=now)
    return Commit(kept=frozenset(result.number for result in kept), has_ended=has_ended)


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


def _held_for(job: Job, result: PageResult) -> PageCost:
    return PageCost(page=result.number, credits=job.price, tier=job.served_tier, tool=job.tool)


def _paid_for(meter: Meter, job: Job, result: PageResult) -> PageCost | None:
    """None: nothing was read, so nothing is paid."""
    if result.status is not PageStatus.READ:
        return None
    held = _held_for(job, result)
    if result.was_read_by_engine or job.served_tier == "cpu":
        return held
    # The file said itself what is on the page: no tier's engine had anything to do with it.
    cheap = meter.cost(meter.plan_of(job.plan), [result.number], "cpu", job.tool)[0]
    return replace(cheap, credits=min(held.credits, cheap.credits))


def _pay(
    session: Session,
    principal: Principal,
    meter: Meter,
    job: Job,
    attempt: int,
    results: Sequence[PageResult],
    now: datetime,
) -> None:
    priced = [(_held_for(job, result), _paid_for(meter, job, result)) for result in results]
    charged = [(held, paid) for held, paid in priced if paid is not None]
    free = [held for held, paid in priced if paid is None]
    if charged:
        meter.charge_pages(session, principal, job_id=job.id, pages=charged, now=now, attempt=attempt)
    if free:
        meter.release_pages(session, principal, job_id=job.id, costs=free, now=now, attempt=attempt)


def _count(job: Job, results: Sequence[PageResult]) -> None:
    counts = Counter(result.status for result in results)
    job.pages_read += counts[PageStatus.READ]
    job.pages_blank += counts[PageStatus.BLANK]
    job.pages_failed += counts[PageStatus.FAILED]


def _row_of(result: PageResult, paid: PageCost | None, now: datetime) -> dict[str, Any]:
    return {
        "number": result.number,
        "status": result.status.value,
        "paid": paid.credits if paid else 0,
        "paid_tier": paid.tier if paid else "",
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
