"""Jobs: what the two HTTP APIs, the site and the tools call. The seam; see views.py for what comes out.

Everything is synchronous, may be called from any thread, opens its own units of work and takes the Principal who asks.
Foreign and unknown ids raise the same NoSuchJob; a job without an account is found by whoever knows its id.

How a request goes (web/):

    options = JobOptions(tier=form["tier"], ...)
    jobs.check(principal, options)                        # before the body's file is read: 400, 401, 403, 503
    with jobs.uploads.begin(name=file.filename) as upload:
        upload.write(piece) ...                           # TooManyBytes as soon as there is too much
        upload.finish()
        job = jobs.submit(principal, upload, options, idempotency_key=header)
    job = jobs.wait(principal, job.id, seconds=30)        # only where job.page_count <= jobs.inline_pages

`wait` holds a thread; a server with many clients uses `watch` with an event of its own loop instead.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.principal import OPERATOR, Principal, Scope
from ocrchat.blobs.store import Blobs
from ocrchat.credits.meter import Meter
from ocrchat.db.session import Database
from ocrchat.documents.model import Document
from ocrchat.documents.repository import mark_deleted, set_expiry
from ocrchat.documents.uploads import Upload, Uploads
from ocrchat.errors import NoSuchJob, WrongState
from ocrchat.export.spec import ExportOptions
from ocrchat.jobs import repository
from ocrchat.jobs.commit import cancel_waiting, end_job, payer_of
from ocrchat.jobs.direct import INLINE_PAGES
from ocrchat.jobs.exports import Exports
from ocrchat.jobs.model import Job, PageRow, Status, require_transition
from ocrchat.jobs.passwords import seal_password
from ocrchat.jobs.progress import Progress
from ocrchat.jobs.queueing import Queueing
from ocrchat.jobs.retention import Retention
from ocrchat.jobs.showing import all_shown, document_of, receipt_of, shown, view_of
from ocrchat.jobs.submission import Submission
from ocrchat.jobs.tally import processed
from ocrchat.jobs.views import (
    DeletionReceipt,
    ExportedFile,
    Health,
    JobList,
    JobOptions,
    JobView,
    Receipt,
    StoredDocument,
)
from ocrchat.jobs.workflows import Workflows


class Jobs:
    inline_pages = INLINE_PAGES
    """Jobs of at most so many pages are worth waiting for within a request."""

    def __init__(
        self,
        *,
        database: Database,
        blobs: Blobs,
        meter: Meter,
        keys: ServerKeys,
        uploads: Uploads,
        submission: Submission,
        queueing: Queueing,
        exports: Exports,
        retention: Retention,
        progress: Progress,
        workflows: Workflows,
        withdraw: Callable[[str], None],
        slots: int,
        clock: Callable[[], datetime],
    ) -> None:
        """Made by wiring.py. `withdraw` stops what this process reads of a job."""
        self.uploads = uploads
        self._database = database
        self._blobs = blobs
        self._meter = meter
        self._keys = keys
        self._submission = submission
        self._queueing = queueing
        self._exports = exports
        self._retention = retention
        self._progress = progress
        self._workflows = workflows
        self._withdraw = withdraw
        self._slots = slots
        self._clock = clock

    def check(self, principal: Principal, options: JobOptions) -> None:
        """Raises what `submit` would raise without having seen the file: unknown tier, tool, language, format or page
        range, a tool that is not here (503), bad retention, missing scope, a full queue (503)."""
        self._submission.check(principal, options)

    def submit(
        self, principal: Principal, upload: Upload, options: JobOptions, *, idempotency_key: str | None = None
    ) -> JobView:
        """Probes the file in a child, then in one transaction makes job and pages, holds the credits and enqueues.

        On any error (InputError 400, InsufficientCredits 402, KeyReused 409, QueueFull 503) nothing is kept. With a
        known `idempotency_key` and the same request: the job of then, `is_replay`, and the upload is dropped.
        """
        made = self._submission.submit(principal, upload, options, idempotency_key)
        if made.status is not Status.PENDING:
            return made
        with self._database.reading() as session:
            job, document = _require(session, principal, made.id)
            return replace(self._shown(session, job, document), is_replay=made.is_replay)

    def wait(self, principal: Principal, job_id: str, *, seconds: float) -> JobView:
        """Sleeps until the job has ended, at most so long; the job as it then is. Polls nothing."""
        changed = threading.Event()
        end = time.monotonic() + seconds
        stop = self.watch(principal, job_id, changed.set)
        try:
            while True:
                job = self.get(principal, job_id)
                left = end - time.monotonic()
                if job.status.is_final or left <= 0:
                    return job
                changed.wait(left)
                changed.clear()
        finally:
            stop()

    def watch(self, principal: Principal, job_id: str, on_change: Callable[[], None]) -> Callable[[], None]:
        """Calls `on_change` (from some thread; it must return at once) after each page and at the end; what is returned
        ends that. Changes by other processes are noticed within half a second. Look at the job after subscribing."""
        principal.require(Scope.READ)
        with self._database.reading() as session:
            _require(session, principal, job_id)
        return self._progress.subscribe(job_id, on_change)

    def get(self, principal: Principal, job_id: str) -> JobView:
        principal.require(Scope.READ)
        with self._database.reading() as session:
            job, document = _require(session, principal, job_id)
            return self._shown(session, job, document)

    def list(self, principal: Principal, *, limit: int = 20, offset: int = 0) -> JobList:
        """Own jobs, newest first; of an anonymous caller none."""
        principal.require(Scope.READ)
        with self._database.reading() as session:
            found = repository.list_jobs(session, principal, limit=limit, offset=offset)
            total = repository.count_jobs(session, principal)
            jobs = all_shown(session, found, slots=self._slots, now=self._clock())
        return JobList(jobs=jobs, total=total)

    def document(self, principal: Principal, job_id: str) -> StoredDocument:
        """What is read so far. Allowed at any time."""
        principal.require(Scope.READ)
        return self._stored(principal, job_id)[0]

    def export(
        self,
        principal: Principal,
        job_id: str,
        format: str,
        *,
        options: ExportOptions | None = None,
        password: str = "",
    ) -> ExportedFile:
        """Made on demand and kept until a page changes. UnknownFormat 400; NotFinished and NothingRead 409.
        `password`: an encrypted PDF's own, which was forgotten after reading, for formats that show its pages."""
        principal.require(Scope.READ)
        stored, document_id = self._stored(principal, job_id)
        return self._exports.file(stored, document_id, format, options or ExportOptions(), password)

    def cancel(self, principal: Principal, job_id: str) -> JobView:
        """Waiting pages fail with job.cancelled and are released; a page in work is killed within a second. A job that
        has ended stays as it is."""
        principal.require(Scope.WRITE)
        with self._database.unit() as session:
            payer, job, document = self._locked(session, principal, job_id)
            if not Status(job.status).is_final:
                cancel_waiting(session, principal, self._meter, job, payer=payer, now=self._clock())
                end_job(session, principal, job, now=self._clock(), cancelled=True)
                session.refresh(document)
            view = view_of(job, document)
        self._withdraw(job_id)
        self._progress.tell(job_id)
        return view

    def retry(self, principal: Principal, job_id: str, *, password: str = "") -> JobView:
        """Failed pages once more, with a fresh hold. WrongState where none failed or it is at work; 402."""
        principal.require(Scope.WRITE)
        now = self._clock()
        with self._database.unit() as session:
            payer, job, document = self._locked(session, principal, job_id)
            if not job.pages_failed or not Status(job.status).is_final:
                raise WrongState("There is no failed page to try again.", status=job.status)
            require_transition(Status(job.status), Status.PROCESSING)
            if payer.is_anonymous and principal.is_anonymous:
                # The allowance of the day on which it is read, not of the day on which it failed.
                job.caller, payer = principal.caller, principal
            job.attempt += 1
            session.flush()
            plan = self._meter.plan_of(job.plan)
            job.price = self._meter.cost(plan, [1], job.served_tier, job.tool)[0].credits
            numbers = repository.wait_again(session, principal, job_id, attempt=job.attempt, held=job.price)
            costs = self._meter.cost(plan, numbers, job.served_tier, job.tool)
            self._meter.hold(session, payer, job_id=job_id, costs=costs, now=now, attempt=job.attempt)
            job.status, job.pages_failed = Status.PROCESSING.value, 0
            job.ended_at, job.error, job.error_code = None, "", ""
            job.password_sealed = seal_password(job_id, password, self._keys)
            job.version += 1
            session.flush()
            self._queueing.enqueue(session, job)
            set_expiry(session, principal, document.id, None)
            session.refresh(document)
            view = self._shown(session, job, document)
        self._progress.tell(job_id)
        return view

    def delete(self, principal: Principal, job_id: str) -> DeletionReceipt:
        """Source, results, rows and workflow records, for good, at any time; holds are released."""
        principal.require(Scope.WRITE)
        now = self._clock()
        with self._database.unit() as session:
            _, document = _require(session, principal, job_id)
            mark_deleted(session, principal, document.id, now=now)
        removed = self._retention.purge(document.id)
        self._progress.tell(job_id)
        return DeletionReceipt(job_id=job_id, deleted_at=now, removed=removed)

    def receipt(self, principal: Principal, job_id: str) -> Receipt:
        principal.require(Scope.READ)
        with self._database.reading() as session:
            job, _ = _require(session, principal, job_id)
            return receipt_of(job, repository.list_pages(session, principal, job_id))

    def health(self) -> Health:
        with self._database.reading() as session:
            jobs, pages, oldest = repository.count_unfinished(session, OPERATOR)
            done = processed(session)
        waited = (self._clock() - oldest).total_seconds() if oldest is not None else 0.0
        return Health(queue_depth=jobs, pages_waiting=pages, oldest_waiting_seconds=waited, jobs_processed=done)

    def is_ready(self) -> None:
        """For /readyz: raises where database, blob store or workflows do not answer."""
        with self._database.reading() as session:
            session.execute(text("SELECT 1"))
        self._blobs.check()
        self._workflows.check()

    def _shown(self, session: Session, job: Job, document: Document) -> JobView:
        return shown(session, job, document, slots=self._slots, now=self._clock())

    def _stored(self, principal: Principal, job_id: str) -> tuple[StoredDocument, str]:
        with self._database.reading() as session:
            job, document = _require(session, principal, job_id)
            rows: Sequence[PageRow] = repository.list_pages(session, principal, job_id)
            view = self._shown(session, job, document)
        return document_of(view, document.title, document.notices, rows, self._blobs), document.id

    def _locked(self, session: Session, principal: Principal, job_id: str) -> tuple[Principal, Job, Document]:
        """Book first, then the job: the order in which everybody takes them."""
        job, document = _require(session, principal, job_id)
        payer = payer_of(job)
        self._meter.lock(session, payer)
        locked = repository.lock_job(session, principal, job_id)
        if locked is None:
            raise _unknown()
        return payer, locked, document


def _require(session: Session, principal: Principal, job_id: str) -> tuple[Job, Document]:
    found = repository.get_job(session, principal, job_id)
    if found is None:
        raise _unknown()
    return found


def _unknown() -> NoSuchJob:
    return NoSuchJob("There is no such job.")
