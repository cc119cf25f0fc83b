"""Puts the parts of jobs together: for a process that answers HTTP, for one that reads pages, or for both in one."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.limits import RateLimiter
from ocrchat.accounts.plans import Plans
from ocrchat.blobs.store import blobs_of
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
    clock = clock or _now
    limits, blobs = limits_of(settings), blobs_of(settings)
    meter, progress = Meter(Ledger(plans)), Progress(database)
    workflows = Workflows(make_workflow_engine(settings.database, durable=settings.sqlite_durable))
    slots = settings.page_workers or default_slots()
    with contextlib.ExitStack() as stack:
        workflows.open()
        stack.callback(workflows.close)
        liveness = _liveness(settings, database)
        stack.callback(liveness.close)
        probes = probes or stack.enter_context(new_pool(slots=_PROBES, limits=limits))
        queueing = Queueing(database, workflows, meter)
        reader: Reader | None = None
        direct: DirectRuns | None = None
        if works:
            if pool is None:
                pool = stack.enter_context(new_pool(slots=slots, limits=limits, engines=dict(more_engines or {})))
            reader = Reader(
                database=database,
                blobs=blobs,
                pool=pool,
                limits=limits,
                meter=meter,
                keys=keys,
                progress=progress,
                engines=engines or DEFAULT_ENGINE,
                clock=clock,
            )
            direct = DirectRuns(reader.run)
        withdraw = reader.withdraw if reader is not None else _nothing
        retention = Retention(
            database=database, blobs=blobs, meter=meter, workflows=workflows, withdraw=withdraw, clock=clock
        )
        jobs = Jobs(
            database=database,
            blobs=blobs,
            meter=meter,
            keys=keys,
            uploads=Uploads(blobs.folder or settings.data / "uploads", max_bytes=limits.max_bytes),
            submission=Submission(
                settings=settings,
                database=database,
                blobs=blobs,
                meter=meter,
                keys=keys,
                queueing=queueing,
                direct=direct,
                executor_id=liveness.executor_id,
                probes=probes,
                limits=limits,
                clock=clock,
            ),
            queueing=queueing,
            exports=Exports(database, blobs, probes, limits),
            retention=retention,
            progress=progress,
            workflows=workflows,
            withdraw=withdraw,
            slots=slots,
            clock=clock,
        )
        duties = [Duty("progress", 0.5, progress.poll)]
        if reader is not None and direct is not None:
            recovery = Recovery(
                database=database, workflows=workflows, liveness=liveness, queueing=queueing, clock=clock
            )
            duties += _duties_of_a_reader(database, plans, reader, recovery, retention, clock)
            workflows.launch(reader.run, executor_id=liveness.executor_id, queues=queues)
            stack.callback(direct.close)
            stack.callback(reader.stop, grace_seconds=float(settings.grace_seconds))
        keeper = Keeper(duties)
        keeper.start()
        stack.callback(keeper.stop)
        yield jobs


def _duties_of_a_reader(
    database: Database,
    plans: Plans,
    reader: Reader,
    recovery: Recovery,
    retention: Retention,
    clock: Callable[[], datetime],
) -> list[Duty]:
    """What falls due in every process that reads; done by several at once, each does no harm."""
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
