"""Reads a run of a job's pages and commits each: the worker's side of a job.

It may be stopped, killed or repeated at any moment: it begins with the pages that still wait, and what it commits a
second time changes nothing.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.principal import OPERATOR, Principal
from ocrchat.blobs.store import Blobs
from ocrchat.credits.meter import Meter
from ocrchat.db.session import Database
from ocrchat.documents.uploads import prefix_of, source_key
from ocrchat.errors import DatabaseUnavailable, OCRChatError, PageDamaged, ReadingCancelled, StorageError
from ocrchat.intake.limits import Limits
from ocrchat.jobs import repository
from ocrchat.jobs.commit import Commit, PageResult, commit_pages, payer_of
from ocrchat.jobs.model import Job, PageStatus, Status
from ocrchat.jobs.passwords import open_password
from ocrchat.jobs.places import Places
from ocrchat.jobs.progress import Progress
from ocrchat.jobs.segment_run import BATCH, QUICK_SECONDS, Answer, SegmentRun
from ocrchat.pipeline.file_source import FileSource
from ocrchat.pipeline.finish import facts_from_json
from ocrchat.pipeline.options import ReadOptions
from ocrchat.pipeline.points import pass_point
from ocrchat.pipeline.pool import Ticket, WorkerPool

_log = logging.getLogger("ocrchat.jobs")

_IN_HAND = 1
"""Pages beyond those that slots are at work on: being committed, or next for the slot that is free first."""

_PATIENCE_SECONDS = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""Between tries when database or files do not answer; afterwards pages fail, free and to be tried again."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Pages of one attempt of a job, first and last included."""

    job_id: str
    attempt: int
    first: int
    last: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Work:
    """What a segment needs to be read."""

    segment: Segment
    document_id: str
    owner: Principal
    pace: int
    options: ReadOptions
    engine: str
    asked_tier: str
    password: str = field(repr=False)
    numbers: Sequence[int]


class Reader:
    def __init__(
        self,
        *,
        database: Database,
        blobs: Blobs,
        pool: WorkerPool,
        limits: Limits,
        meter: Meter,
        keys: ServerKeys,
        progress: Progress,
        engines: Mapping[str, str],
        clock: Callable[[], datetime],
        patience: Sequence[float] = _PATIENCE_SECONDS,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._pool = pool
        self._limits = limits
        self._meter = meter
        self._keys = keys
        self._progress = progress
        self._engines = engines
        self._clock = clock
        self._patience = patience
        self._stopping = threading.Event()
        self._lock = threading.Condition()
        self._at_work: dict[SegmentRun, str] = {}
        """And the job of each."""
        self._places = Places(pool.slots + _IN_HAND)

    def run(self, segment: Segment) -> bool:
        """Until no page of the segment waits any more: True. False where the process stops before."""
        for pause in (*self._patience, None):
            try:
                return self._read(segment)
            except (StorageError, DatabaseUnavailable, SQLAlchemyError, FileNotFoundError) as error:
                _log.warning("segment_interrupted job=%s reason=%s", segment.job_id, type(error).__name__)
                if pause is None:
                    return self._give_up(segment, error)
                if self._stopping.wait(pause):
                    return False
        raise AssertionError  # pragma: no cover  the last pause is None

    def withdraw(self, job_id: str) -> None:
        """Frees the slots that work on this job, at once."""
        with self._lock:
            concerned = [run for run, its_job in self._at_work.items() if its_job == job_id]
        for run in concerned:
            run.withdraw()

    def withdraw_ended(self) -> None:
        """Of jobs that were cancelled or deleted elsewhere."""
        with self._lock:
            ids = set(self._at_work.values())
        if not ids:
            return
        with self._database.reading() as session:
            known = repository.versions_of(session, OPERATOR, ids)
        for job_id in ids:
            if job_id not in known or Status(known[job_id][1]).is_final:
                self.withdraw(job_id)

    def stop(self, *, grace_seconds: float) -> None:
        """Nothing more is begun; pages in work have so long to come to their end. The rest is for another process."""
        self._stopping.set()
        with self._lock:
            for run in self._at_work:
                run.stop()
            self._lock.wait_for(lambda: not self._at_work, grace_seconds)
            left = list(self._at_work)
        for run in left:
            run.withdraw()

    def _read(self, segment: Segment) -> bool:
        work = self._begin(segment)
        if work is None:
            return True
        with self._blobs.local_path(source_key(work.document_id)) as path:
            file = FileSource(
                path, pool=self._pool, limits=self._limits, password=work.password, group=work.owner.caller
            )
            run = SegmentRun(
                numbers=work.numbers,
                group=work.owner.caller,
                pace=work.pace,
                places=self._places,
                submit=partial(self._submit, work, file),
                settle=partial(self._settle, work),
            )
            with self._registered(segment, run):
                run.run()
        return not self._stopping.is_set()

    def _submit(self, work: _Work, file: FileSource, number: int) -> Ticket:
        return file.submit_page(
            number,
            engine=work.engine,
            languages=work.options.languages,
            force_ocr=work.options.force_ocr,
            asked_tier=work.asked_tier,
        )

    def _begin(self, segment: Segment) -> _Work | None:
        """None where nothing is left to do."""
        with self._database.unit() as session:
            repository.begin_job(session, OPERATOR, segment.job_id, now=self._clock())
            found = repository.get_job(session, OPERATOR, segment.job_id)
            if found is None:
                return None
            job, document = found
            if document.deleted_at is not None or Status(job.status).is_final or job.attempt != segment.attempt:
                return None
            owner = payer_of(job)
            numbers = repository.waiting_numbers(session, owner, job.id, segment.first, segment.last)
            work = self._work_of(segment, job, owner, numbers)
        return work if numbers else None

    def _work_of(self, segment: Segment, job: Job, owner: Principal, numbers: Sequence[int]) -> _Work:
        return _Work(
            segment=segment,
            document_id=job.document_id,
            owner=owner,
            pace=job.pace,
            options=ReadOptions(tier=job.tier, languages=(job.language,), force_ocr=job.force_ocr),
            engine=self._engines[job.tier],
            asked_tier=job.tier if job.tier != job.served_tier else "",
            password=open_password(job, self._keys),
            numbers=numbers,
        )

    @contextmanager
    def _registered(self, segment: Segment, run: SegmentRun) -> Iterator[None]:
        with self._lock:
            self._at_work[run] = segment.job_id
        try:
            if self._stopping.is_set():
                run.stop()
            yield
        finally:
            with self._lock:
                del self._at_work[run]
                self._lock.notify_all()

    def _settle(self, work: _Work, answers: Sequence[Answer]) -> bool:
        are_quick = all(ticket.seconds < QUICK_SECONDS for _, ticket in answers)
        self._places.resize(self._pool.slots + (BATCH if are_quick else _IN_HAND))
        results = [self._result_of(work, number, ticket) for number, ticket in answers]
        told = [result for result in results if result is not None]
        # While the process stops, pages that had not begun are given back, and the others come to their end.
        is_wanted = len(told) == len(results) or self._stopping.is_set()
        return not (told and self._commit(work, told).has_ended) and is_wanted

    def _result_of(self, work: _Work, number: int, ticket: Ticket) -> PageResult | None:
        """The page's record in the store, or why there is none; None where it was withdrawn."""
        try:
            answer = ticket.result()
            facts = facts_from_json(answer.header.get("facts") or {})
        except ReadingCancelled:
            return None
        except (KeyError, TypeError, ValueError):  # the child is ours, but what it opened is not
            told = PageDamaged(f"Page {number} could not be read: something in it is not as it should be.")
            return PageResult(number=number, status=PageStatus.FAILED, error_code=told.code, error=told.message)
        except OCRChatError as error:
            _log.info("page_failed job=%s page=%d code=%s", work.segment.job_id, number, error.code)
            return PageResult(
                number=number,
                status=PageStatus.FAILED,
                error_code=error.code,
                error=error.message,
                seconds=ticket.seconds,
            )
        key = f"{prefix_of(work.document_id)}/pages/{number:06}-{work.segment.attempt}-{secrets.token_hex(4)}.json"
        self._blobs.put(key, bytes(answer.payload))
        pass_point("page_stored", number)
        return PageResult(
            number=number,
            status=PageStatus.BLANK if facts.blank else PageStatus.READ,
            result_key=key,
            facts=asdict(facts),
            seconds=ticket.seconds,
        )

    def _commit(self, work: _Work, results: Sequence[PageResult]) -> Commit:
        with self._database.unit() as session:
            commit = commit_pages(
                session,
                work.owner,
                self._meter,
                job_id=work.segment.job_id,
                attempt=work.segment.attempt,
                results=results,
                now=self._clock(),
            )
        for result in results:
            pass_point("page_committed", result.number)
        lost = [result.result_key for result in results if result.number not in commit.kept and result.result_key]
        self._blobs.delete(lost)
        self._progress.tell(work.segment.job_id)
        return commit

    def _give_up(self, segment: Segment, error: Exception) -> bool:
        """Files did not answer for minutes: the pages fail rather than wait for ever."""
        if isinstance(error, DatabaseUnavailable | SQLAlchemyError):
            raise error
        work = self._begin(segment)
        if work is None:
            return True
        told = StorageError("The file could not be read from its store. Nothing was charged; try again later.")
        self._commit(
            work,
            [
                PageResult(number=number, status=PageStatus.FAILED, error_code=told.code, error=told.message)
                for number in work.numbers
            ],
        )
        return True
