"""What is deleted when, and the proof of it: source, results, rows and workflow records of a document, together.

In an order that survives a kill at any moment: the document is marked, and nobody sees it any more; then its files go,
then the workflows' records, then the rows. Whatever was not reached is reached by the next sweep.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from ocrchat.accounts.principal import OPERATOR
from ocrchat.blobs.store import Blobs
from ocrchat.credits.meter import Meter
from ocrchat.db.session import Database
from ocrchat.documents import repository as documents
from ocrchat.documents.uploads import prefix_of
from ocrchat.jobs import repository
from ocrchat.jobs.commit import cancel_waiting, end_job, payer_of
from ocrchat.jobs.model import Status
from ocrchat.jobs.workflows import Workflows

_log = logging.getLogger("ocrchat.jobs")

# Documents in one look.
_BATCH = 100

_ORPHAN_AGE = timedelta(hours=24)
"""Files without a row of so long ago are an upload's that was never finished: nobody uploads for a day."""


class Retention:
    def __init__(
        self,
        *,
        database: Database,
        blobs: Blobs,
        meter: Meter,
        workflows: Workflows,
        withdraw: Callable[[str], None],
        clock: Callable[[], datetime],
    ) -> None:
        """`withdraw`: stops what this process reads of a job."""
        self._database = database
        self._blobs = blobs
        self._meter = meter
        self._workflows = workflows
        self._withdraw = withdraw
        self._clock = clock

    def purge(self, document_id: str) -> dict[str, int]:
        """A document that is marked as deleted, or out of date; counts what went. May be repeated."""
        with self._database.reading() as session:
            jobs = [job.id for job in repository.jobs_of_document(session, OPERATOR, document_id)]
        for job_id in jobs:
            self._settle(job_id)
            self._withdraw(job_id)
        removed = self._blobs.delete_prefix(prefix_of(document_id))
        workflows = sum(self._workflows.delete(job_id) for job_id in jobs)
        with self._database.unit() as session:
            _, pages = repository.delete_jobs(session, OPERATOR, document_id)
            documents.delete_document_row(session, OPERATOR, document_id)
        # A page that came to its end meanwhile has put its result there after all.
        late = self._blobs.delete_prefix(prefix_of(document_id))
        return {
            "files": removed.files + late.files,
            "bytes": removed.size_bytes + late.size_bytes,
            "pages": pages,
            "workflows": workflows,
        }

    def sweep(self) -> int:
        """Everything that is due; how many documents went. One that cannot be removed does not hold up the rest."""
        count = 0
        with self._database.reading() as session:
            due = documents.due_documents(session, OPERATOR, now=self._clock(), limit=_BATCH)
        for document_id in due:
            try:
                with self._database.unit() as session:
                    documents.mark_deleted(session, OPERATOR, document_id, now=self._clock())
                self.purge(document_id)
                count += 1
            except Exception:  # noqa: BLE001  told in the log, and tried again by the next sweep
                _log.exception("document_not_removed document=%s", document_id)
        return count

    def sweep_orphans(self) -> int:
        """Files whose document has no row: of uploads and readings that a kill cut off."""
        count = 0
        for shard in self._blobs.prefixes("d"):
            prefixes = {prefix.rpartition("/")[2]: prefix for prefix in self._blobs.prefixes(shard)}
            with self._database.reading() as session:
                known = documents.known_documents(session, OPERATOR, prefixes)
            for document_id in prefixes.keys() - known:
                changed = self._blobs.last_change(prefixes[document_id])
                if changed is None or changed < self._clock() - _ORPHAN_AGE:
                    self._blobs.delete_prefix(prefixes[document_id])
                    count += 1
        return count

    def _settle(self, job_id: str) -> None:
        """What still waits is released: a job that is deleted holds nobody's credits."""
        with self._database.unit() as session:
            found = repository.get_job(session, OPERATOR, job_id)
            if found is None or Status(found[0].status).is_final or found[0].caller == "":
                return
            owner = payer_of(found[0])
            self._meter.lock(session, owner)
            job = repository.lock_job(session, OPERATOR, job_id)
            if job is None or Status(job.status).is_final:
                return
            cancel_waiting(session, OPERATOR, self._meter, job, payer=owner, now=self._clock())
            end_job(session, OPERATOR, job, now=self._clock(), cancelled=True)
