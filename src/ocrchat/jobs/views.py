"""What the rest of the program sees of jobs: frozen values without a database behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ocrchat.document.model import DocumentHead, Page
from ocrchat.jobs.model import PageStatus, Status


@dataclass(frozen=True, kw_only=True, slots=True)
class JobOptions:
    """How a file is to be read, as a caller says it. `options.check` refuses what cannot be, before the file comes."""

    tier: str = ""
    """Empty: the tool's own, else cpu. One that is named beats a tool's preset."""
    language: str = "auto"
    """Any spelling; several joined by "+"."""
    tool: str = ""
    translate_to: str = ""
    formats: tuple[str, ...] = ()
    """What the caller means to download; a wrong name is refused at once instead of after the reading."""
    force_ocr: bool = False
    pages: str = ""
    """"1,4-6,10-"; empty: all."""
    password: str = field(default="", repr=False)
    retention_seconds: int | None = None
    """None: as long as the plan keeps results. 60 or more; 0: the caller takes the answer and deletes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JobView:
    id: str
    account_id: str | None
    status: Status
    version: int
    tier: str
    served_tier: str
    language: str
    tool: str
    translate_to: str
    page_count: int
    """Of the pages asked for."""
    pages_read: int
    pages_blank: int
    pages_failed: int
    notices: tuple[str, ...]
    """Of the job; those of the document are in its head."""
    error_code: str
    error: str
    """A sentence, where no page was read."""
    name: str
    """Of the file as it was sent; never log it."""
    media_type: str
    size_bytes: int
    sha256: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    expires_at: datetime | None
    """When everything of it goes; None while it is at work."""
    retention_seconds: int
    position: int | None = None
    """Of a pending job: 1 is next. None otherwise."""
    eta_seconds: float | None = None
    """Of an unfinished job, from what its own pages took, or others' before."""
    is_replay: bool = False
    """An earlier call with the same Idempotency-Key made it."""

    @property
    def pages_done(self) -> int:
        return self.pages_read + self.pages_blank + self.pages_failed

    @property
    def elapsed_seconds(self) -> float | None:
        """From start to end of reading."""
        if self.started_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds()


@dataclass(frozen=True, kw_only=True, slots=True)
class JobList:
    jobs: tuple[JobView, ...]
    total: int


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredDocument:
    """The document as far as it is read. Pages come from the store one by one, in order, failed ones among them."""

    job: JobView
    head: DocumentHead
    """Title, languages found, and all notices (the job's too)."""
    mean_confidence: float | None
    """Of words, weighted by their characters; None where there are none."""
    pages: Callable[[], Iterator[Page]]
    records: Callable[[], Iterator[bytes]]
    """The same as stored JSON (document/json.py), for whoever need not take it apart."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportedFile:
    media_type: str
    name: str
    """To save it under: that of the source with the format's suffix. Never log it."""
    size_bytes: int
    pieces: Callable[[], Iterator[bytes]]
    """Its bytes, read as they are sent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageReceipt:
    number: int
    status: PageStatus
    attempt: int
    tier: str
    credits: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """What a job has cost, page by page; equal to the ledger's entries."""

    job_id: str
    status: Status
    tool: str
    created_at: datetime
    ended_at: datetime | None
    held: int
    """Credits still held for pages that wait."""
    charged: int
    pages: tuple[PageReceipt, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DeletionReceipt:
    job_id: str
    deleted_at: datetime
    removed: Mapping[str, int]
    """files, bytes, pages, workflows: how many of each are gone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    queue_depth: int
    """Jobs that are not finished."""
    pages_waiting: int
    oldest_waiting_seconds: float
    jobs_processed: int
    """Since the installation began; deleted ones count."""


Tiers = Sequence[str]
