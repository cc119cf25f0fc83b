"""From a job to segments on a queue: how many pages each, on which queue, and who goes first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from ocrchat.accounts.plans import Plan
from ocrchat.accounts.principal import OPERATOR
from ocrchat.credits.meter import Meter
from ocrchat.db.session import Database
from ocrchat.errors import PageCrashed
from ocrchat.jobs import repository
from ocrchat.jobs.commit import PageResult, commit_pages, payer_of
from ocrchat.jobs.direct import INLINE_PAGES
from ocrchat.jobs.model import PLAN_STEP, Job, PageStatus, Status
from ocrchat.jobs.reading import Segment
from ocrchat.jobs.workflows import LARGE, SMALL, Workflows

SEGMENT_PAGES = 32
"""So much of a large job is claimed by a process at once: the rest is for other processes, and others' jobs."""

_PAGES_A_STEP = 8
"""Whoever has so many pages in the queue comes one place later."""


class Queueing:
    def __init__(self, database: Database, workflows: Workflows, meter: Meter) -> None:
        self._database = database
        self._workflows = workflows
        self._meter = meter

    def priority(self, session: Session, plan: Plan, caller: str) -> int:
        """Lower goes first."""
        waiting = repository.pages_of_caller(session, OPERATOR, caller)
        return plan.priority * PLAN_STEP + min(waiting // _PAGES_A_STEP, PLAN_STEP - 1)

    def enqueue(self, session: Session, job: Job, *, serial: int = 0) -> None:
        """What waits of the job, in the caller's unit of work."""
        numbers = repository.waiting_numbers(session, OPERATOR, job.id)
        queue = SMALL if len(numbers) <= INLINE_PAGES else LARGE
        segments = segments_of(job, numbers)
        self._workflows.enqueue(session, segments, queue=queue, payer=job.caller, priority=job.priority, serial=serial)

    def give_up(self, job_id: str, *, now: datetime) -> None:
        """Waiting pages fail, free of charge."""
        with self._database.unit() as session:
            found = repository.get_job(session, OPERATOR, job_id)
            if found is None or Status(found[0].status).is_final:
                return
            job = found[0]
            numbers = repository.waiting_numbers(session, OPERATOR, job_id)
            told = PageCrashed("The programs that read this page ended again and again. Try saving the file anew.")
            results = [
                PageResult(number=number, status=PageStatus.FAILED, error_code=told.code, error=told.message)
                for number in numbers
            ]
            commit_pages(
                session, payer_of(job), self._meter, job_id=job_id, attempt=job.attempt, results=results, now=now
            )


def segments_of(job: Job, numbers: Sequence[int]) -> list[Segment]:
    chunks = [numbers[start : start + SEGMENT_PAGES] for start in range(0, len(numbers), SEGMENT_PAGES)]
    return [Segment(job.id, job.attempt, chunk[0], chunk[-1]) for chunk in chunks]
