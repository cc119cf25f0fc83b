"""Queries of jobs and pages. Each takes the Principal who asks: an account sees its own jobs, a job that is nobody's is
found by whoever knows its id, and what was deleted is found by nobody.

Locks are always taken in one order: the account's book, the job, its pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, bindparam, case, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from ocrchat.accounts.principal import Principal
from ocrchat.documents.model import Document
from ocrchat.documents.visibility import is_visible
from ocrchat.jobs.model import Job, PageRow, PageStatus, Status

UNFINISHED = (Status.PENDING.value, Status.PROCESSING.value)

JobAndDocument = tuple[Job, Document]

_FRESH = {"populate_existing": True}
_UNSYNCHRONISED = {"synchronize_session": False}


# Run for every page that is read: to make such a statement anew costs several times what it takes to run.
_SETTLED = (
    "status", "paid", "paid_tier", "result_key", "facts", "error_code", "error", "seconds", "ended_at"
)  # fmt: skip
_PAGES = cast("Table", PageRow.__table__)
_OF_PAYER = exists().where(
    Job.id == _PAGES.c.job_id,
    Job.account_id.is_not_distinct_from(bindparam("its_account", type_=Job.account_id.type)),
)
_WAITING_OF = select(_PAGES.c.number).where(
    _PAGES.c.job_id == bindparam("its_job"),
    _PAGES.c.attempt == bindparam("its_attempt"),
    _PAGES.c.status == PageStatus.WAITING.value,
    _PAGES.c.number.in_(bindparam("its_numbers", expanding=True)),
    _OF_PAYER,
)
_SETTLE_PAGE = (
    update(_PAGES)
    .where(_PAGES.c.job_id == bindparam("its_job"), _PAGES.c.number == bindparam("its_number"), _OF_PAYER)
    .values({name: bindparam(f"new_{name}", type_=_PAGES.c[name].type) for name in _SETTLED})
)
_LOCK_PAID_JOB = (
    select(Job)
    .join(Document, Document.id == Job.document_id)
    .where(
        Job.id == bindparam("its_job"),
        Job.account_id.is_not_distinct_from(bindparam("its_account", type_=Job.account_id.type)),
        Document.deleted_at.is_(None),
    )
    .with_for_update(of=Job)
)


def _is_own(principal: Principal) -> ColumnElement[bool]:
    """Through the document: whose it is and whether it is still there is written down once."""
    return and_(Job.document_id == Document.id, is_visible(principal))


def _own_jobs(principal: Principal, job_id: str) -> Any:
    return select(Job.id).where(Job.id == job_id, _is_own(principal))


# --- jobs ------------------------------------------------------------------------------------------------------------


def add_job(session: Session, principal: Principal, job: Job, rows: Iterable[dict[str, Any]]) -> Job:
    job.account_id = principal.account_id
    job.caller = principal.caller
    session.add(job)
    session.flush()
    session.execute(insert(PageRow), [{**row, "job_id": job.id} for row in rows])
    return job


def get_job(session: Session, principal: Principal, job_id: str) -> JobAndDocument | None:
    query = select(Job, Document).where(Job.id == job_id, _is_own(principal))
    return _pair(session.execute(query, execution_options=_FRESH).first())


def lock_job(session: Session, principal: Principal, job_id: str) -> Job | None:
    """As it is now, and nobody else's to change until the unit of work ends. The book MUST be locked before."""
    query = select(Job).where(Job.id == job_id, _is_own(principal)).with_for_update(of=Job)
    return session.scalar(query, execution_options=_FRESH)


def begin_job(session: Session, principal: Principal, job_id: str, *, now: datetime) -> None:
    """A job that waited is at work. One that was cancelled or deleted meanwhile stays so, whatever was seen of it."""
    principal.require_operator()
    statement = (
        update(Job)
        .where(Job.id == job_id, Job.status == Status.PENDING.value)
        .values(status=Status.PROCESSING.value, started_at=now, version=Job.version + 1)
    )
    session.execute(statement, execution_options=_UNSYNCHRONISED)


def lock_paid_job(session: Session, principal: Principal, job_id: str) -> Job | None:
    """As `lock_job`, of the Principal who pays for it and no other: for each commit of pages."""
    wanted = {"its_job": job_id, "its_account": principal.account_id}
    return session.scalar(_LOCK_PAID_JOB, wanted, execution_options=_FRESH)


def list_jobs(session: Session, principal: Principal, *, limit: int, offset: int) -> Sequence[JobAndDocument]:
    """Of the Principal's account, newest first; what is nobody's is in no list."""
    query = select(Job, Document).where(_is_listed(principal), _is_own(principal))
    query = query.order_by(Job.created_at.desc(), Job.id).limit(limit).offset(offset)
    return [(row[0], row[1]) for row in session.execute(query)]


def count_jobs(session: Session, principal: Principal) -> int:
    query = select(func.count()).select_from(Job).join(Document, _is_own(principal)).where(_is_listed(principal))
    return session.scalar(query) or 0


def _is_listed(principal: Principal) -> ColumnElement[bool]:
    return and_(Job.account_id.is_not(None), Job.account_id == principal.account_id)


def get_job_by_key(session: Session, principal: Principal, key: str) -> JobAndDocument | None:
    """The job that the same caller made under this Idempotency-Key."""
    query = select(Job, Document).where(Job.caller == principal.caller, Job.idempotency_key == key, _is_own(principal))
    return _pair(session.execute(query, execution_options=_FRESH).first())


def _pair(row: Any) -> JobAndDocument | None:
    return None if row is None else (row[0], row[1])


def disown_jobs(session: Session, principal: Principal) -> int:
    """Of the Principal's account; their documents are deleted in the same unit of work."""
    statement = (
        update(Job)
        .where(Job.account_id == principal.account_id, Job.account_id.is_not(None))
        .values(account_id=None, caller="", idempotency_key=None, password_sealed=None)
    )
    return len(session.scalars(statement.returning(Job.id), execution_options=_UNSYNCHRONISED).all())


# --- pages -----------------------------------------------------------------------------------------------------------


def list_pages(session: Session, principal: Principal, job_id: str) -> Sequence[PageRow]:
    query = select(PageRow).where(PageRow.job_id.in_(_own_jobs(principal, job_id))).order_by(PageRow.number)
    return session.scalars(query, execution_options=_FRESH).all()


def waiting_numbers(
    session: Session, principal: Principal, job_id: str, first: int = 1, last: int | None = None
) -> Sequence[int]:
    """From first to last, both included."""
    query = select(PageRow.number).where(
        PageRow.job_id.in_(_own_jobs(principal, job_id)),
        PageRow.status == PageStatus.WAITING.value,
        PageRow.number >= first,
    )
    if last is not None:
        query = query.where(PageRow.number <= last)
    return session.scalars(query.order_by(PageRow.number)).all()


def waiting_of(
    session: Session, principal: Principal, job_id: str, attempt: int, numbers: Iterable[int]
) -> frozenset[int]:
    """Which of these wait for this attempt. The job MUST be locked, so that it stays so."""
    wanted = {"its_job": job_id, "its_account": principal.account_id, "its_attempt": attempt}
    return frozenset(session.scalars(_WAITING_OF, {**wanted, "its_numbers": list(numbers)}))


def settle_pages(session: Session, principal: Principal, job_id: str, rows: Sequence[dict[str, Any]]) -> int:
    """Rows with a number and what the page became; of `waiting_of`, in the same unit of work. How many were settled."""
    its = {"its_job": job_id, "its_account": principal.account_id}
    wanted = [{**its, "its_number": row["number"], **{f"new_{name}": row[name] for name in _SETTLED}} for row in rows]
    return session.connection().execute(_SETTLE_PAGE, wanted).rowcount if wanted else 0


def give_up_waiting(
    session: Session, principal: Principal, job_id: str, *, code: str, message: str, now: datetime
) -> Sequence[tuple[int, int]]:
    """All waiting pages fail; number and credits held of each."""
    statement = (
        update(PageRow)
        .where(PageRow.job_id.in_(_own_jobs(principal, job_id)), PageRow.status == PageStatus.WAITING.value)
        .values(status=PageStatus.FAILED.value, error_code=code, error=message, ended_at=now)
    )
    made = session.execute(statement.returning(PageRow.number, PageRow.held), execution_options=_UNSYNCHRONISED)
    return [(row.number, row.held) for row in made]


def wait_again(session: Session, principal: Principal, job_id: str, *, attempt: int, held: int) -> Sequence[int]:
    """Failed pages wait for another attempt; their numbers, in order."""
    statement = (
        update(PageRow)
        .where(PageRow.job_id.in_(_own_jobs(principal, job_id)), PageRow.status == PageStatus.FAILED.value)
        .values(status=PageStatus.WAITING.value, attempt=attempt, held=held, error_code="", error="", ended_at=None)
    )
    return sorted(session.scalars(statement.returning(PageRow.number), execution_options=_UNSYNCHRONISED))


def first_failure(session: Session, principal: Principal, job_id: str) -> PageRow | None:
    query = select(PageRow).where(
        PageRow.job_id.in_(_own_jobs(principal, job_id)), PageRow.status == PageStatus.FAILED.value
    )
    return session.scalar(query.order_by(PageRow.number).limit(1), execution_options=_FRESH)


# --- over all jobs: the operator's -----------------------------------------------------------------------------------


def unfinished_jobs(session: Session, principal: Principal) -> Sequence[tuple[str, str | None]]:
    """(id, the process that holds it) of jobs that have not ended, in the order of their turns."""
    principal.require_operator()
    query = select(Job.id, Job.held_by).where(Job.status.in_(UNFINISHED)).order_by(Job.priority, Job.created_at)
    return [(row.id, row.held_by) for row in session.execute(query)]


def versions_of(session: Session, principal: Principal, ids: Iterable[str]) -> dict[str, tuple[int, str]]:
    """(version, status) of those that are still there."""
    principal.require_operator()
    query = select(Job.id, Job.version, Job.status).where(Job.id.in_(list(ids)), _is_own(principal))
    query = query.where(Document.deleted_at.is_(None))
    return {row.id: (row.version, row.status) for row in session.execute(query)}


def count_unfinished(session: Session, principal: Principal) -> tuple[int, int, datetime | None]:
    """Jobs, their waiting pages, and since when the oldest waits."""
    principal.require_operator()
    left = Job.page_count - Job.pages_read - Job.pages_blank - Job.pages_failed
    query = select(func.count(), func.coalesce(func.sum(left), 0), func.min(Job.created_at))
    row = session.execute(query.where(Job.status.in_(UNFINISHED))).one()
    return int(row[0]), int(row[1]), row[2]


def work_before(session: Session, principal: Principal, job: Job) -> tuple[int, int]:
    """Jobs and pages that come before a pending one, whoever's they are: numbers only."""
    principal.require_operator()
    left = Job.page_count - Job.pages_read - Job.pages_blank - Job.pages_failed
    earlier = or_(
        Job.status == Status.PROCESSING.value,
        Job.priority < job.priority,
        and_(Job.priority == job.priority, Job.created_at < job.created_at),
    )
    query = select(func.count().filter(Job.status == Status.PENDING.value), func.coalesce(func.sum(left), 0)).where(
        Job.status.in_(UNFINISHED), Job.id != job.id, earlier
    )
    row = session.execute(query).one()
    return int(row[0]), int(row[1])


def work_in_turn(session: Session, principal: Principal) -> Sequence[tuple[str, str, int]]:
    """(id, status, pages left) of all that has not ended, what is being read first and then in the order of turns."""
    principal.require_operator()
    left = Job.page_count - Job.pages_read - Job.pages_blank - Job.pages_failed
    waits = case((Job.status == Status.PROCESSING.value, 0), else_=1)
    query = select(Job.id, Job.status, left).where(Job.status.in_(UNFINISHED))
    rows = session.execute(query.order_by(waits, Job.priority, Job.created_at, Job.id))
    return [(row[0], row[1], int(row[2])) for row in rows]


def pages_of_caller(session: Session, principal: Principal, caller: str) -> int:
    """How many pages of this payer wait: whoever has much in the queue lets others go first."""
    principal.require_operator()
    left = Job.page_count - Job.pages_read - Job.pages_blank - Job.pages_failed
    query = select(func.coalesce(func.sum(left), 0)).where(Job.status.in_(UNFINISHED), Job.caller == caller)
    return int(session.scalar(query) or 0)


def recent_pace(session: Session, principal: Principal, *, since: datetime) -> tuple[int, float]:
    """Pages that ended since then, and the seconds that their reading took."""
    principal.require_operator()
    query = select(func.count(), func.coalesce(func.sum(PageRow.seconds), 0.0)).where(PageRow.ended_at >= since)
    row = session.execute(query).one()
    return int(row[0]), float(row[1])


def jobs_of_document(session: Session, principal: Principal, document_id: str) -> Sequence[Job]:
    principal.require_operator()
    return session.scalars(select(Job).where(Job.document_id == document_id), execution_options=_FRESH).all()


def release_held_by(session: Session, principal: Principal, job_id: str, executor: str | None) -> bool:
    """True for the one that takes the job from the process that held it."""
    principal.require_operator()
    statement = (
        update(Job)
        .where(Job.id == job_id, Job.held_by == executor, Job.status.in_(UNFINISHED))
        .values(held_by=None, revivals=Job.revivals + 1)
    )
    return session.scalar(statement.returning(Job.id), execution_options=_UNSYNCHRONISED) is not None


def sealed_passwords(session: Session, principal: Principal, *, not_by: str, limit: int) -> Sequence[Job]:
    """Jobs whose password is sealed under another key than this one."""
    principal.require_operator()
    query = select(Job).where(
        Job.password_sealed.is_not(None), ~Job.password_sealed.startswith(f"{not_by}.", autoescape=True)
    )
    return session.scalars(query.order_by(Job.id).limit(limit).with_for_update(), execution_options=_FRESH).all()


def all_sealed(session: Session, principal: Principal) -> Sequence[tuple[str, str]]:
    principal.require_operator()
    query = select(Job.id, Job.password_sealed).where(Job.password_sealed.is_not(None))
    return [(str(row[0]), str(row[1])) for row in session.execute(query)]


def delete_jobs(session: Session, principal: Principal, document_id: str) -> tuple[int, int]:
    """Rows of the jobs of a document and of their pages; how many of each."""
    principal.require_operator()
    ids = select(Job.id).where(Job.document_id == document_id)
    pages = len(session.scalars(delete(PageRow).where(PageRow.job_id.in_(ids)).returning(PageRow.number)).all())
    jobs = len(session.scalars(delete(Job).where(Job.document_id == document_id).returning(Job.id)).all())
    return jobs, pages
