"""What goes on beside the reading: the dead are noticed and their work is handed on, jobs that nobody works on are
found, what is out of date is removed. All of it may be repeated, and done by several processes at once.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ocrchat.accounts.principal import OPERATOR
from ocrchat.db.session import Database
from ocrchat.jobs import repository
from ocrchat.jobs.liveness import Liveness
from ocrchat.jobs.queueing import Queueing
from ocrchat.jobs.workflows import Workflows

_log = logging.getLogger("ocrchat.jobs")

_TICK_SECONDS = 0.5
"""What other processes did (cancelled, finished) is noticed within it."""

_MOST_REVIVALS = 20
"""A job that was found lying so often takes its readers with it, one after the other: its pages fail."""


@dataclass(slots=True)
class Duty:
    """Something to be done every so many seconds."""

    name: str
    every_seconds: float
    work: Callable[[], object]
    due: float = field(default=0.0)


class Keeper:
    """A thread of its own. A duty that fails is told in the log and comes again."""

    def __init__(self, duties: Sequence[Duty]) -> None:
        self._duties = list(duties)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ocrchat-keeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def do_due(self, moment: float) -> None:
        for duty in self._duties:
            if duty.due <= moment and not self._stopping.is_set():
                duty.due = moment + duty.every_seconds
                try:
                    duty.work()
                except Exception:  # noqa: BLE001  a database that is away for a while must not end the watch
                    _log.exception("duty_failed name=%s", duty.name)

    def _run(self) -> None:
        while not self._stopping.wait(_TICK_SECONDS):
            self.do_due(time.monotonic())


class Recovery:
    """Hands on what the dead held."""

    def __init__(
        self,
        *,
        database: Database,
        workflows: Workflows,
        liveness: Liveness,
        queueing: Queueing,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._workflows = workflows
        self._liveness = liveness
        self._queueing = queueing
        self._clock = clock

    def hand_on(self) -> int:
        """Segments and jobs of processes that died; how many."""
        self._liveness.is_alive(self._liveness.executor_id)
        dead = {one for one in self._workflows.executors_at_work() if not self._liveness.is_alive(one)}
        count = self._workflows.recover(sorted(dead))
        with self._database.reading() as session:
            held = [(job_id, holder) for job_id, holder in repository.unfinished_jobs(session, OPERATOR) if holder]
        for job_id, holder in held:
            if holder and not self._liveness.is_alive(holder):
                dead.add(holder)
                count += self._revive(job_id, holder)
        for executor in dead:
            _log.warning("process_died executor=%s", executor)
            self._liveness.forget(executor)
        return count

    def find_lost(self) -> int:
        """The last net: jobs that have not ended, and that neither a process nor a queue knows of."""
        with self._database.reading() as session:
            unfinished = [job_id for job_id, holder in repository.unfinished_jobs(session, OPERATOR) if not holder]
        # Asked for after the jobs: what was enqueued meanwhile is on it, and what ended meanwhile is not revived.
        known = self._workflows.jobs_on_queues()
        return sum(self._revive(job_id, None) for job_id in unfinished if job_id not in known)

    def _revive(self, job_id: str, holder: str | None) -> int:
        with self._database.unit() as session:
            if not repository.release_held_by(session, OPERATOR, job_id, holder):
                return 0
            found = repository.get_job(session, OPERATOR, job_id)
            assert found is not None
            job = found[0]
            if job.revivals <= _MOST_REVIVALS:
                self._queueing.enqueue(session, job, serial=job.revivals * _SERIALS)
        if job.revivals > _MOST_REVIVALS:
            self._queueing.give_up(job_id, now=self._clock())
        _log.warning("job_revived job=%s revivals=%d", job_id, job.revivals)
        return 1


_SERIALS = 1000
"""Between two revivals: a segment may be put back a few times meanwhile."""
