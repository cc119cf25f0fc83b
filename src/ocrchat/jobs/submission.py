"""A file becomes a job: probed, priced, and then written down with its hold and its place in the queue in one go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.plans import Plan
from ocrchat.accounts.principal import OPERATOR, Principal, Scope
from ocrchat.blobs.store import Blobs
from ocrchat.config import Settings
from ocrchat.credits.meter import Meter
from ocrchat.credits.pricing import PageCost
from ocrchat.db.schema import new_id
from ocrchat.db.session import Database
from ocrchat.documents.model import Document
from ocrchat.documents.repository import add_document
from ocrchat.documents.uploads import Upload, source_key
from ocrchat.errors import BadRetention, EngineUnavailable, KeyReused, QueueFull, TooManyPages
from ocrchat.intake.limits import Limits, require_page_count
from ocrchat.jobs import repository
from ocrchat.jobs.direct import INLINE_PAGES, DirectRuns
from ocrchat.jobs.model import Job, Status
from ocrchat.jobs.options import Order, settle_options
from ocrchat.jobs.passwords import seal_password
from ocrchat.jobs.queueing import Queueing, segments_of
from ocrchat.jobs.showing import view_of
from ocrchat.jobs.views import JobOptions, JobView
from ocrchat.pipeline.file_source import FileSource, Probe
from ocrchat.pipeline.options import select_pages
from ocrchat.pipeline.pool import WorkerPool

_DAY_SECONDS = 24 * 60 * 60
_HOUR_SECONDS = 60 * 60

_MAX_KEY_LENGTH = 255


class Submission:
    def __init__(
        self,
        *,
        settings: Settings,
        database: Database,
        blobs: Blobs,
        meter: Meter,
        keys: ServerKeys,
        queueing: Queueing,
        direct: DirectRuns | None,
        executor_id: str,
        probes: WorkerPool,
        limits: Limits,
        clock: Callable[[], datetime],
    ) -> None:
        """`direct`: where this process reads pages itself."""
        self._settings = settings
        self._database = database
        self._blobs = blobs
        self._meter = meter
        self._keys = keys
        self._queueing = queueing
        self._direct = direct
        self._executor_id = executor_id
        self._probes = probes
        self._limits = limits
        self._clock = clock

    def check(self, principal: Principal, options: JobOptions) -> Order:
        principal.require(Scope.WRITE)
        order = settle_options(options, max_retention_seconds=self._settings.max_retention_days * _DAY_SECONDS)
        if order.served_tier != order.reading.tier and self._settings.vlm_without_model == "refuse":
            raise EngineUnavailable(
                f"No model for the {order.reading.tier} tier is set up on this server. Use the cpu tier.",
                tier=order.reading.tier,
            )
        with self._database.reading() as session:
            jobs, _, _ = repository.count_unfinished(session, OPERATOR)
        if jobs >= self._settings.max_waiting_jobs:
            raise QueueFull("This server has as much waiting as it takes on. Try again in a minute.", retry_after=60)
        return order

    def submit(self, principal: Principal, upload: Upload, options: JobOptions, key: str | None) -> JobView:
        upload.finish()
        order = self.check(principal, options)
        if key is not None and options.retention_seconds == 0:
            raise BadRetention(
                "With an Idempotency-Key a result has to be kept, to be given again: leave the key out, or say a "
                'retention of 60 seconds or more instead of "0".'
            )
        fingerprint = order.fingerprint(upload.sha256)
        if key is not None and (earlier := self._earlier(principal, key, fingerprint)) is not None:
            return earlier
        plan = self._meter.plan_of(principal.plan or "anonymous")
        file = FileSource(upload.path, pool=self._probes, limits=self._limits, password=options.password)
        probe = file.probe()
        require_page_count(probe.page_count, self._limits)
        numbers = select_pages(order.reading.pages, page_count=probe.page_count)
        _check_plan(plan, len(numbers))
        _check_unkept(options, len(numbers))
        costs = self._meter.cost(plan, numbers, order.served_tier, order.tool)
        self._store(upload)
        try:
            return self._write_down(principal, upload, order, probe, plan, costs, key, fingerprint)
        except IntegrityError:  # the same key, in two calls at once: one of them made the job
            self._discard(upload)
            if key is None or (earlier := self._earlier(principal, key, fingerprint)) is None:
                raise
            return earlier
        except BaseException:
            self._discard(upload)
            raise

    def _earlier(self, principal: Principal, key: str, fingerprint: str) -> JobView | None:
        if not 0 < len(key) <= _MAX_KEY_LENGTH:
            raise KeyReused(f"An Idempotency-Key has 1 to {_MAX_KEY_LENGTH} characters.")
        with self._database.reading() as session:
            found = repository.get_job_by_key(session, principal, key)
        if found is None:
            return None
        job, document = found
        if job.request_hash != fingerprint:
            raise KeyReused(
                "This Idempotency-Key was used before, with another file or other options. Use a new one.", job=job.id
            )
        return view_of(job, document, is_replay=True)

    def _store(self, upload: Upload) -> None:
        """In a bucket; a local store has the file already."""
        if self._blobs.folder is None:
            self._blobs.put_file(source_key(upload.document_id), upload.path)

    def _discard(self, upload: Upload) -> None:
        if self._blobs.folder is None:
            self._blobs.delete([source_key(upload.document_id)])

    def _write_down(
        self,
        principal: Principal,
        upload: Upload,
        order: Order,
        probe: Probe,
        plan: Plan,
        costs: Sequence[PageCost],
        key: str | None,
        fingerprint: str,
    ) -> JobView:
        is_direct = self._direct is not None and len(costs) <= INLINE_PAGES and self._direct.reserve()
        now = self._clock()
        try:
            with self._database.unit() as session:
                job = self._new_job(order, plan, costs, now)
                self._meter.hold(session, principal, job_id=job.id, costs=costs, now=now)
                document = add_document(session, principal, _new_document(upload, probe, now))
                job.document_id = document.id
                job.idempotency_key, job.request_hash = key, fingerprint
                job.priority = self._queueing.priority(session, plan, principal.caller)
                if is_direct:
                    job.held_by, job.status, job.started_at = self._executor_id, Status.PROCESSING.value, now
                rows = [{"number": cost.page, "held": cost.credits} for cost in costs]
                repository.add_job(session, principal, job, rows)
                if not is_direct:
                    self._queueing.enqueue(session, job)
            if self._blobs.folder is not None:
                upload.take()
        except BaseException:
            if is_direct and self._direct is not None:
                self._direct.release()
            raise
        if is_direct and self._direct is not None:
            self._direct.start(segments_of(job, [cost.page for cost in costs])[0])
        return view_of(job, document)

    def _new_job(self, order: Order, plan: Plan, costs: Sequence[PageCost], now: datetime) -> Job:
        asked = order.options
        job_id = new_id()
        return Job(
            id=job_id,
            plan=plan.name,
            status=Status.PENDING.value,
            version=0,
            tier=order.reading.tier,
            served_tier=order.served_tier,
            tool=order.tool,
            language=asked.language,
            translate_to=asked.translate_to,
            pages=asked.pages,
            force_ocr=asked.force_ocr,
            formats=list(asked.formats),
            notices=list(order.notices),
            price=max(cost.credits for cost in costs),
            page_count=len(costs),
            pages_read=0,
            pages_blank=0,
            pages_failed=0,
            attempt=1,
            revivals=0,
            password_sealed=seal_password(job_id, asked.password, self._keys),
            error_code="",
            error="",
            retention_seconds=self._retention_of(asked, plan),
            created_at=now,
        )

    def _retention_of(self, asked: JobOptions, plan: Plan) -> int:
        if asked.retention_seconds is not None:
            return asked.retention_seconds
        if plan.name == "anonymous":
            return self._settings.anonymous_retention_hours * _HOUR_SECONDS
        return self._settings.retention_days * _DAY_SECONDS


def _new_document(upload: Upload, probe: Probe, now: datetime) -> Document:
    return Document(
        id=upload.document_id,
        name=_printable(upload.name)[:255],
        media_type=probe.media_type,
        size_bytes=upload.size_bytes,
        sha256=upload.sha256,
        page_count=probe.page_count,
        title=_printable(probe.title)[:500],
        notices=list(probe.notices),
        created_at=now,
    )


def _printable(text: str) -> str:
    """What a database can keep: no NUL, no half of a character."""
    return "".join(letter for letter in text if letter.isprintable())


def _check_unkept(options: JobOptions, pages: int) -> None:
    if options.retention_seconds == 0 and pages > INLINE_PAGES:
        raise BadRetention(
            f"These are {pages:,} pages: their result is asked for later, so it has to be kept until then. Say a "
            f'retention of 60 seconds or more; "0" is for {INLINE_PAGES} pages or fewer, which are answered at once.',
            pages=pages,
            limit=INLINE_PAGES,
        )


def _check_plan(plan: Plan, pages: int) -> None:
    if plan.max_pages_per_file and pages > plan.max_pages_per_file:
        raise TooManyPages(
            f"These are {pages:,} pages; on the plan {plan.title} a file may have {plan.max_pages_per_file:,}. "
            "Name fewer pages, or split the file.",
            pages=pages,
            limit=plan.max_pages_per_file,
        )
