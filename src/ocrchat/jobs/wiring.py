"""Puts the parts of jobs together: for a process that answers HTTP, for one that reads pages, or for both in one."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.limits import RateLimiter
from ocrchat.accounts.plans import Plans
from ocrchat.blobs.store import Blobs, blobs_of
from ocrchat.config import Settings
from ocrchat.credits.housekeeping import prove_nightly, sweep
from ocrchat.credits.meter import Meter
from ocrchat.credits.service import Ledger
from ocrchat.db.session import Database, is_sqlite, make_engine, make_workflow_engine
from ocrchat.documents.uploads import Uploads
from ocrchat.intake.limits import Limits
from ocrchat.jobs.direct import DirectRuns
from ocrchat.jobs.exports import Exports
from ocrchat.jobs.keeper import Duty, Keeper, Recovery
from ocrchat.jobs.liveness import FileLiveness, Liveness, PostgresLiveness
from ocrchat.jobs.progress import Progress
from ocrchat.jobs.queueing import Queueing
from ocrchat.jobs.reading import Reader
from ocrchat.jobs.retention import Retention
from ocrchat.jobs.service import Jobs
from ocrchat.jobs.submission import Submission
from ocrchat.jobs.workflows import QUEUES, Workflows
from ocrchat.pipeline.pipeline import DEFAULT_ENGINE, new_pool
from ocrchat.pipeline.pool import WorkerPool, default_slots

_MEGA = 1024 * 1024

_PROBES = 2
"""Processes that look at files on arrival and show their pages: apart from those that read, so that nobody who sends a
file waits for somebody else's page, and two, so that one file that hangs does not hold up all others."""


def limits_of(settings: Settings) -> Limits:
    return replace(
        Limits(),
        max_bytes=settings.max_upload_mb * _MEGA,
        max_pages=settings.max_pages,
        read_seconds=float(settings.page_seconds),
        memory_bytes=settings.page_memory_mb * _MEGA,
    )


@contextlib.contextmanager
def open_jobs(
    settings: Settings,
    database: Database,
    keys: ServerKeys,
    plans: Plans,
    *,
    works: bool = True,
    queues: Sequence[str] = QUEUES,
    engines: Mapping[str, str] | None = None,
    more_engines: Mapping[str, str] | None = None,
    pool: WorkerPool | None = None,
    probes: WorkerPool | None = None,
    clock: Callable[[], datetime] | None = None,
) -> Iterator[Jobs]:
    """`works`: this process reads pages too. The database MUST be up to date and its key proved.

    `engines`: of each tier, by name; `more_engines`: those that are not built in, as "module:factory"; `pool` and
    `probes`: what reads pages and what looks at files, where the caller has them already, and closes them.
    """
    shared = _Shared.of(settings, database, keys, plans, clock or _now)
    slots = settings.page_workers or default_slots()
    with contextlib.ExitStack() as stack:
        workflows = shared.workflows
        workflows.open()
        stack.callback(workflows.close)
        liveness = _liveness(settings, database)
        stack.callback(liveness.close)
        probes = probes or stack.enter_context(new_pool(slots=_PROBES, limits=shared.limits))
        reader: Reader | None = None
        direct: DirectRuns | None = None
        if works:
            more = dict(more_engines or {})
            pool = pool or stack.enter_context(new_pool(slots=slots, limits=shared.limits, engines=more))
            reader = shared.reader(pool, engines or DEFAULT_ENGINE)
            direct = DirectRuns(reader.run)
        withdraw = reader.withdraw if reader is not None else _nothing
        retention = shared.retention(withdraw)
        jobs = shared.jobs(shared.submission(direct, liveness, probes), retention, probes, withdraw, slots)
        duties = [Duty("progress", 0.5, shared.progress.poll)]
        if reader is not None and direct is not None:
            duties += shared.duties_of(reader, liveness, retention, plans)
            workflows.launch(reader.run, executor_id=liveness.executor_id, slots=slots, queues=queues)
            stack.callback(direct.close)
            stack.callback(reader.stop, grace_seconds=float(settings.grace_seconds))
        keeper = Keeper(duties)
        keeper.start()
        stack.callback(keeper.stop)
        yield jobs


@dataclass(frozen=True, kw_only=True)
class _Shared:
    """What the parts have in common, and how each is made of it."""

    settings: Settings
    database: Database
    keys: ServerKeys
    blobs: Blobs
    limits: Limits
    meter: Meter
    progress: Progress
    workflows: Workflows
    queueing: Queueing
    clock: Callable[[], datetime]

    @classmethod
    def of(
        cls, settings: Settings, database: Database, keys: ServerKeys, plans: Plans, clock: Callable[[], datetime]
    ) -> _Shared:
        meter = Meter(Ledger(plans))
        workflows = Workflows(make_workflow_engine(settings.database, durable=settings.sqlite_durable))
        return cls(
            settings=settings,
            database=database,
            keys=keys,
            blobs=blobs_of(settings),
            limits=limits_of(settings),
            meter=meter,
            progress=Progress(database),
            workflows=workflows,
            queueing=Queueing(database, workflows, meter),
            clock=clock,
        )

    def reader(self, pool: WorkerPool, engines: Mapping[str, str]) -> Reader:
        return Reader(
            database=self.database,
            blobs=self.blobs,
            pool=pool,
            limits=self.limits,
            meter=self.meter,
            keys=self.keys,
            progress=self.progress,
            engines=engines,
            clock=self.clock,
        )

    def retention(self, withdraw: Callable[[str], None]) -> Retention:
        return Retention(
            database=self.database,
            blobs=self.blobs,
            meter=self.meter,
            workflows=self.workflows,
            withdraw=withdraw,
            clock=self.clock,
        )

    def submission(self, direct: DirectRuns | None, liveness: Liveness, probes: WorkerPool) -> Submission:
        return Submission(
            settings=self.settings,
            database=self.database,
            blobs=self.blobs,
            meter=self.meter,
            keys=self.keys,
            queueing=self.queueing,
            direct=direct,
            executor_id=liveness.executor_id,
            probes=probes,
            limits=self.limits,
            clock=self.clock,
        )

    def jobs(
        self,
        submission: Submission,
        retention: Retention,
        probes: WorkerPool,
        withdraw: Callable[[str], None],
        slots: int,
    ) -> Jobs:
        uploads = self.blobs.folder or self.settings.data / "uploads"
        return Jobs(
            database=self.database,
            blobs=self.blobs,
            meter=self.meter,
            keys=self.keys,
            uploads=Uploads(uploads, max_bytes=self.limits.max_bytes),
            submission=submission,
            queueing=self.queueing,
            exports=Exports(self.database, self.blobs, probes, self.limits),
            retention=retention,
            progress=self.progress,
            workflows=self.workflows,
            withdraw=withdraw,
            slots=slots,
            clock=self.clock,
        )

    def duties_of(self, reader: Reader, liveness: Liveness, retention: Retention, plans: Plans) -> list[Duty]:
        """What falls due in every process that reads; done by several at once, each does no harm."""
        database, clock = self.database, self.clock
        recovery = Recovery(
            database=database, workflows=self.workflows, liveness=liveness, queueing=self.queueing, clock=clock
        )
        limiter = RateLimiter(database, plans)
        return [
            Duty("withdraw", 0.5, reader.withdraw_ended),
            Duty("hand_on", 1.0, recovery.hand_on),
            Duty("find_lost", 15.0, recovery.find_lost),
            Duty("retention", 30.0, retention.sweep),
            Duty("credits", 3600.0, lambda: sweep(database, limiter, now=clock())),
            Duty("proof", 24 * 3600.0, lambda: prove_nightly(database, now=clock())),
            Duty("orphans", 24 * 3600.0, retention.sweep_orphans),
        ]


def _liveness(settings: Settings, database: Database) -> Liveness:
    if is_sqlite(database.engine):
        return FileLiveness(settings.data / "exec")
    return PostgresLiveness(make_engine(settings.database, pool_size=2))


def _now() -> datetime:
    return datetime.now(UTC)


def _nothing(job_id: str) -> None:
    """A process that reads nothing has nothing to stop."""
