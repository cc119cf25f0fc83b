"""What jobs keep of an account: its documents with their results; all exported, all deleted with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from ocrchat.accounts.leaving import as_json
from ocrchat.accounts.principal import Principal
from ocrchat.blobs.store import Blobs
from ocrchat.document.json import CLOSING, opening_from_head
from ocrchat.documents.repository import disown_documents
from ocrchat.documents.uploads import source_key
from ocrchat.jobs import repository
from ocrchat.jobs.showing import document_of, view_of

# Jobs in one look.
_BATCH = 100


class JobsPart:
    """Files go with the next sweep, a minute later: they cannot go within a transaction. Nobody sees them meanwhile."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    def settle(self, session: Session, principal: Principal, *, now: datetime) -> None:
        """What is kept of a job is always up to date."""

    def export(self, session: Session, principal: Principal, *, now: datetime) -> Iterable[tuple[str, Iterable[bytes]]]:
        for job, document in _all_jobs(session, principal):
            view = view_of(job, document)
            folder = f"jobs/{job.id}"
            yield f"{folder}/job.json", as_json(asdict(view))
            rows = repository.list_pages(session, principal, job.id)
            stored = document_of(view, document.title, document.notices, rows, self._blobs)
            yield f"{folder}/document.json", _pieces(opening_from_head(stored.head), stored.records())
            if self._blobs.size(source_key(document.id)) is not None:
                yield f"{folder}/source", self._blobs.stream(source_key(document.id))

    def remove(self, session: Session, principal: Principal, *, tombstone: str, now: datetime) -> Mapping[str, int]:
        jobs = repository.disown_jobs(session, principal)
        return {"jobs": jobs, "documents": disown_documents(session, principal, now=now)}


def _all_jobs(session: Session, principal: Principal) -> Iterator[repository.JobAndDocument]:
    offset = 0
    while found := repository.list_jobs(session, principal, limit=_BATCH, offset=offset):
        yield from found
        offset += len(found)


def _pieces(opening: bytes, records: Iterable[bytes]) -> Iterator[bytes]:
    yield opening
    for index, record in enumerate(records):
        yield record if index == 0 else b",\n" + record
    yield CLOSING
