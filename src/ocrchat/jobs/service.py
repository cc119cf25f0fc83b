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

from collections.abc import Callable
from typing import Protocol

from ocrchat.accounts.principal import Principal
from ocrchat.documents.uploads import Upload, Uploads
from ocrchat.export.spec import ExportOptions
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


class Jobs(Protocol):
    uploads: Uploads
    inline_pages: int
    """Jobs of at most so many pages are worth waiting for within a request."""

    def check(self, principal: Principal, options: JobOptions) -> None:
        """Raises what `submit` would raise without having seen the file: unknown tier, tool, language, format or page
        range, a tool that is not here (503), bad retention, missing scope, a full queue (503)."""

    def submit(
        self, principal: Principal, upload: Upload, options: JobOptions, *, idempotency_key: str | None = None
    ) -> JobView:
        """Probes the file in a child, then in one transaction makes job and pages, holds the credits and enqueues.

        On any error (InputError 400, InsufficientCredits 402, KeyReused 409, QueueFull 503) nothing is kept. With a
        known `idempotency_key` and the same request: the job of then, `is_replay`, and the upload is dropped.
        """

    def wait(self, principal: Principal, job_id: str, *, seconds: float) -> JobView:
        """Sleeps until the job has ended, at most so long; the job as it then is. Polls nothing."""

    def watch(self, principal: Principal, job_id: str, on_change: Callable[[], None]) -> Callable[[], None]:
        """Calls `on_change` (from some thread; it must return at once) after each page and at the end; what is returned
        ends that. Changes by other processes are noticed within half a second. Look at the job after subscribing."""

    def get(self, principal: Principal, job_id: str) -> JobView: ...

    def list(self, principal: Principal, *, limit: int = 20, offset: int = 0) -> JobList:
        """Own jobs, newest first; of an anonymous caller none."""

    def document(self, principal: Principal, job_id: str) -> StoredDocument:
        """What is read so far. Allowed at any time."""

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

    def cancel(self, principal: Principal, job_id: str) -> JobView:
        """Waiting pages fail with job.cancelled and are released; a page in work is killed within a second. A job that
        has ended stays as it is."""

    def retry(self, principal: Principal, job_id: str, *, password: str = "") -> JobView:
        """Failed pages once more, with a fresh hold. WrongState where none failed or it is at work; 402."""

    def delete(self, principal: Principal, job_id: str) -> DeletionReceipt:
        """Source, results, rows and workflow records, for good, at any time; holds are released."""

    def receipt(self, principal: Principal, job_id: str) -> Receipt: ...

    def health(self) -> Health: ...

    def is_ready(self) -> None:
        """For /readyz: raises where database, blob store or workflows do not answer."""
