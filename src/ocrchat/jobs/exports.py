"""Downloads: made from the stored pages when one is first asked for, kept beside them until a page changes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import PurePosixPath

from ocrchat.accounts.principal import OPERATOR
from ocrchat.blobs.store import Blobs, telling_of_files, temporary_folder
from ocrchat.db.session import Database
from ocrchat.documents.repository import known_documents
from ocrchat.documents.uploads import prefix_of, source_key
from ocrchat.errors import MissingInput, NoSuchJob, NotFinished, NothingRead
from ocrchat.export.registry import exporter_for
from ocrchat.export.spec import Exporter, ExportOptions
from ocrchat.intake.limits import Limits
from ocrchat.jobs.views import ExportedFile, JobView, StoredDocument
from ocrchat.pipeline.file_source import FileSource
from ocrchat.pipeline.pool import WorkerPool

_DELETED = "This job has been deleted."

_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


class Exports:
    def __init__(self, database: Database, blobs: Blobs, pool: WorkerPool, limits: Limits) -> None:
        self._database = database
        self._blobs = blobs
        self._pool = pool
        self._limits = limits

    def file(
        self, stored: StoredDocument, document_id: str, format: str, options: ExportOptions, password: str
    ) -> ExportedFile:
        exporter = exporter_for(format)
        require_result(stored.job)
        asked = hashlib.sha256(repr(sorted(asdict(options).items())).encode()).hexdigest()[:8]
        key = f"{prefix_of(document_id)}/exports/{stored.job.id}-{stored.job.version}-{asked}{exporter.suffix}"
        size = self._blobs.size(key)
        if size is None:
            with _telling_of_deletion(), telling_of_files("written"):
                size = self._make(key, exporter, stored, document_id, options, password)
            self._require_document(document_id, key)
        return ExportedFile(
            media_type=exporter.media_type,
            name=_name_of(stored.job.name, exporter.suffix),
            size_bytes=size,
            pieces=lambda: self._pieces(key),
        )

    def _pieces(self, key: str) -> Iterator[bytes]:
        with _telling_of_deletion():
            yield from self._blobs.stream(key)

    def _require_document(self, document_id: str, key: str) -> None:
        """Its deletion ends with a last look for files, after its row: what is put there later, nobody would find."""
        with self._database.reading() as session:
            is_there = known_documents(session, OPERATOR, [document_id])
        if not is_there:
            self._blobs.delete([key])
            raise NoSuchJob(_DELETED)

    def _make(
        self,
        key: str,
        exporter: Exporter,
        stored: StoredDocument,
        document_id: str,
        options: ExportOptions,
        password: str,
    ) -> int:
        with temporary_folder() as folder, self._blobs.local_path(source_key(document_id)) as path:
            source = FileSource(path, pool=self._pool, limits=self._limits, password=password, group="export")
            with (folder / "export").open("wb") as sink:
                exporter.export(stored.head, stored.pages(), sink, source=source, options=options)
            self._blobs.put_file(key, folder / "export")
            return (folder / "export").stat().st_size


def require_result(job: JobView) -> None:
    if not job.status.is_final:
        raise NotFinished("This job has not finished yet: ask again when its status is done.", status=job.status.value)
    if not job.pages_read + job.pages_blank:
        raise NothingRead(f"There is nothing to download: {job.error}", status=job.status.value)


@contextmanager
def _telling_of_deletion() -> Iterator[None]:
    """Files of a job go while it is deleted, at any moment of an export."""
    try:
        yield
    except (FileNotFoundError, MissingInput):
        raise NoSuchJob(_DELETED) from None


def _name_of(name: str, suffix: str) -> str:
    stem = _UNSAFE.sub("_", PurePosixPath(name.replace("\\", "/")).stem).strip(". ")
    return f"{stem or 'document'}{suffix}"
