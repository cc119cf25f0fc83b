"""The only module that knows DBOS: segments of jobs on its queues, who died at one, and their records' deletion.

A workflow here has one duty: to bring a segment to its end once it is on a queue, whatever dies. What was read of it is
told by the pages' rows, not by steps of DBOS (docs/decisions/0007), so a workflow may run any number of times.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer, error
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from ocrchat.db.session import is_sqlite
from ocrchat.jobs.reading import Segment

_APPLICATION = "ocrchat"

# Recovery and dequeuing look at workflows of the same version only: it changes with what a segment means, not with
# every release, or an upgrade would orphan what waits.
_VERSION = "segments-1"

_WORKFLOW = "read_segment"

SMALL, LARGE = "small", "pages"
"""Queues: jobs of a few pages, which are one segment, and pages of large ones."""

QUEUES = (SMALL, LARGE)

_POLL_SECONDS = {SMALL: 0.25, LARGE: 0.5}
"""A poll costs two milliseconds of a slow core, all day long. Small jobs do not wait for it where API and worker are
one process; large ones take seconds, and while one is read the next segment is claimed already."""

_CLAIMS = 64
"""Segments that a process holds at once of each queue; its pool reads their pages in turns, and each takes a thread."""

_CLAIMS_OF_ONE = {SMALL: 8, LARGE: 2}
"""And of one payer: nobody's book keeps another's from being begun, and another process finds segments left. Two of the
large ones, so that no slot idles between the end of one and the next poll."""

_SLOTS_A_CLAIM = 16
"""Half a segment: so many slots more need one more of the large ones, for the same reason."""

_NOBODY = "nobody"
"""Pays for what is left of an account that was deleted."""

_RUNS = 1000
"""Starts of one workflow before DBOS lets it lie: far beyond what crashes bring about. What lies is then found by
the keeper, which counts its own revivals."""


class Workflows:
    """One a process. Without `launch` it enqueues and deletes only, as a node does that answers HTTP alone."""

    def __init__(self, engine: Engine) -> None:
        """`engine`: of `make_workflow_engine`, and nobody else's: it is closed with this."""
        self._engine = engine
        self._client: DBOSClient | None = None
        self._is_launched = False
        self._schema = "" if is_sqlite(engine) else "dbos."

    def open(self) -> None:
        """Makes or updates DBOS's own tables."""
        _quieten()
        self._client = DBOSClient(
            system_database_engine=self._engine,
            serializer=DBOSPortableJSONSerializer(),
            application_name=_APPLICATION,
            lazy=True,
        )
        self._client._sys_db.run_migrations()

    def launch(
        self, run: Callable[[Segment], bool], *, executor_id: str, slots: int, queues: Sequence[str] = QUEUES
    ) -> None:
        """From now on segments are taken from these queues. `run` is called in threads; False means that the process
        stops, and the segment is for another one."""

        def read_segment(job_id: str, attempt: int, first: int, last: int) -> None:
            if not run(Segment(job_id, attempt, first, last)):
                raise _Stopping

        url = "sqlite:///unused" if is_sqlite(self._engine) else "postgresql://unused:unused@unused/unused"
        DBOS(
            config={
                "name": _APPLICATION,
                "system_database_url": url,
                "system_database_engine": self._engine,
                "application_version": _VERSION,
                "executor_id": executor_id,
                "serializer": DBOSPortableJSONSerializer(),
                "use_listen_notify": False,
                "enable_otlp": False,
                "log_level": "WARNING",
                "run_migrations": False,
            }
        )
        DBOS.workflow(name=_WORKFLOW, max_recovery_attempts=_RUNS)(read_segment)
        DBOS.listen_queues(list(queues))
        _quieten()
        DBOS.launch()
        self._is_launched = True
        for name in queues:
            of_one = _CLAIMS_OF_ONE[name] + (slots // _SLOTS_A_CLAIM if name == LARGE else 0)
            DBOS.register_queue(
                name,
                worker_concurrency=max(_CLAIMS, of_one),
                partition_worker_concurrency=of_one,
                polling_interval_sec=_POLL_SECONDS[name],
                on_conflict="always_update",
            )

    def enqueue(
        self,
        session: Session,
        segments: Iterable[Segment],
        *,
        queue: str,
        payer: str,
        priority: int,
        serial: int = 0,
    ) -> None:
        """In the caller's unit of work: with the job, or not at all. Payers are served in turns. `serial` tells a
        segment's second entry from its first; the same one twice is one."""
        for position, segment in enumerate(segments):
            self._opened.enqueue_in_transaction(
                session,
                {
                    "workflow_name": _WORKFLOW,
                    "queue_name": queue,
                    "workflow_id": _id_of(segment, serial),
                    "queue_partition_key": payer or _NOBODY,
                    "app_version": _VERSION,
                    # Among those of one payer: the end of a book comes after what else they have.
                    "priority": max(1, priority + position),
                },
                segment.job_id,
                segment.attempt,
                segment.first,
                segment.last,
            )

    def executors_at_work(self) -> set[str]:
        """Processes that hold segments, dead ones among them."""
        found = self._query("SELECT DISTINCT executor_id FROM {}workflow_status WHERE status = 'PENDING'")
        return {str(row[0]) for row in found if row[0]}

    def recover(self, executors: Sequence[str]) -> int:
        """Puts what these held back on its queue; they MUST be dead, though a wrong guess only costs repeated work."""
        if not self._is_launched or not executors:
            return 0
        return len(DBOS._recover_pending_workflows(list(executors)))

    def jobs_on_queues(self) -> set[str]:
        """Jobs of which a segment waits or is worked on."""
        found = self._query(
            "SELECT DISTINCT substr(workflow_uuid, 1, 32) FROM {}workflow_status"
            " WHERE status IN ('ENQUEUED', 'PENDING', 'DELAYED')"
        )
        return {str(row[0]) for row in found}

    def delete(self, job_id: str) -> int:
        """Every record of the job's segments; how many."""
        ids = self._ids_of(job_id)
        if ids:
            self._opened.delete_workflows(ids)
        return len(ids)

    def check(self) -> None:
        """Raises where the tables do not answer."""
        self._query("SELECT 1 FROM {}workflow_status LIMIT 1")

    def close(self) -> None:
        """Takes nothing more. What runs MUST have been stopped."""
        if self._is_launched:
            DBOS.destroy(destroy_registry=True)
            self._is_launched = False
        if self._client is not None:
            self._client.destroy()
            self._client = None
        self._engine.dispose()

    @property
    def _opened(self) -> DBOSClient:
        assert self._client is not None
        return self._client

    def _ids_of(self, job_id: str) -> list[str]:
        found = self._query(
            "SELECT workflow_uuid FROM {}workflow_status WHERE workflow_uuid LIKE :prefix", prefix=f"{job_id}:%"
        )
        return [str(row[0]) for row in found]

    def _query(self, statement: str, **values: Any) -> Sequence[Any]:
        with self._engine.connect() as connection:
            return connection.execute(text(statement.format(self._schema)), values).all()


class _Stopping(BaseException):
    """Leaves a workflow as it is, at work: no Exception, which DBOS would write down as its end. When this process is
    gone the workflow is taken for that of one that died, and read on by another."""


def _id_of(segment: Segment, serial: int) -> str:
    return f"{segment.job_id}:{segment.attempt}:{segment.first}-{segment.last}:{serial}"


def _is_news(record: logging.LogRecord) -> bool:
    """A job that is deleted while it is worked on takes its workflows' records along: what ran then finds none to write
    its end into, as it should be."""
    told = record.exc_info[1] if record.exc_info else None
    return not isinstance(told, error.DBOSNonExistentWorkflowError)


def _quieten() -> None:
    """Its messages go the way of all others, instead of past them onto the terminal."""
    logger = logging.getLogger("dbos")
    for handler in list(logger.handlers):
        with suppress(ValueError):
            logger.removeHandler(handler)
    logger.addHandler(logging.NullHandler())
    if _is_news not in logger.filters:
        logger.addFilter(_is_news)
    logger.propagate = True
    logger.setLevel(logging.WARNING)
