"""Reading a document: the story in one function.

A file is probed, its pages are read by worker processes (several at once, delivered in order), and what needs all of
them is done at the end. Pages that fail are pages with a failure; only a file that cannot be opened raises.
"""

from __future__ import annotations

import io
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from ocrchat.document.json import bytes_from_page, page_from_bytes
from ocrchat.document.model import Document, Failure, Page
from ocrchat.engines.models import cache_folder, models_folder
from ocrchat.engines.registry import require_name
from ocrchat.errors import OCRChatError, ReadingCancelled
from ocrchat.intake.limits import Limits, copy_within, require_page_count
from ocrchat.pipeline.child_process import ChildSetup
from ocrchat.pipeline.file_source import FileSource
from ocrchat.pipeline.finish import PageFacts, facts_from_json, facts_of, finish
from ocrchat.pipeline.options import ReadOptions, select_pages
from ocrchat.pipeline.pool import Ticket, WorkerPool, default_slots

Input = Path | str | bytes | BinaryIO

DEFAULT_ENGINE = {"cpu": "fast", "vlm": "accurate"}
"""Engine of a tier where the caller names none: of `vlm`, the one that stands in until a model is set up."""


def notices_for(options: ReadOptions) -> tuple[str, ...]:
    """What the reader of a result must know about how it was asked for."""
    if options.tier == "vlm" and not options.engine:
        return ("The vlm tier has no model here: what had to be read from pixels was read by the accurate engine.",)
    return ()


_AHEAD = 2
"""Pages in work or waiting for each slot: enough that none idles, few enough that memory stays flat."""


def read(
    source: Input,
    options: ReadOptions | None = None,
    *,
    password: str = "",
    limits: Limits | None = None,
    pool: WorkerPool | None = None,
    report: Callable[[Page], None] | None = None,
) -> Document:
    """Reads a whole document. `report` is called with each page as it is finished."""
    options = options or ReadOptions()
    with open_file(source, pool=pool, limits=limits, password=password) as file:
        pages = []
        for record in read_file(file, options):
            page = page_from_bytes(record.data)
            if report is not None:
                report(page)
            pages.append(page)
        return finish(pages, title=file.probe().title, notices=(*notices_for(options), *file.probe().notices))


def read_pages(
    source: Input,
    options: ReadOptions | None = None,
    *,
    password: str = "",
    limits: Limits | None = None,
    pool: WorkerPool | None = None,
) -> Iterator[Page]:
    """Pages in order, each as soon as it and those before it are read."""
    with open_file(source, pool=pool, limits=limits, password=password) as file:
        for record in read_file(file, options or ReadOptions()):
            yield page_from_bytes(record.data)


class PageRecord(NamedTuple):
    """A page as document/json.py writes it: what stores pages need not take them apart."""

    data: bytes
    facts: PageFacts
    failure: Failure | None = None


def read_file(file: FileSource, options: ReadOptions) -> Iterator[PageRecord]:
    """Pages in order."""
    engine = options.engine or DEFAULT_ENGINE[options.tier]
    require_name(engine, file.pool.engines)
    page_count = file.probe().page_count
    numbers = iter(select_pages(options.pages, page_count=page_count))
    waiting: deque[tuple[int, Ticket]] = deque()
    try:
        while True:
            while len(waiting) < _AHEAD * file.pool.slots and (number := next(numbers, None)) is not None:
                ticket = file.submit_page(
                    number,
                    engine=engine,
                    languages=options.languages,
                    force_ocr=options.force_ocr,
                    asked_tier=options.tier if notices_for(options) else "",
                )
                waiting.append((number, ticket))
            if not waiting:
                return
            number, ticket = waiting[0]
            record = record_of(number, ticket)
            waiting.popleft()
            yield record
    finally:
        for _, ticket in waiting:
            ticket.cancel()


def record_of(number: int, ticket: Ticket) -> PageRecord:
    """The page, or one that says why it could not be read."""
    try:
        answer = ticket.result()
        return PageRecord(data=answer.payload, facts=facts_from_json(answer.header["facts"]))
    except ReadingCancelled:
        raise
    except OCRChatError as error:
        failure = Failure(code=error.code, message=error.message)
        page = Page(number=number, width=0, height=0, dpi=0.0, failure=failure)
        return PageRecord(data=bytes_from_page(page), facts=facts_of(page), failure=failure)


def new_pool(
    *, slots: int | None = None, limits: Limits | None = None, engines: dict[str, str] | None = None
) -> WorkerPool:
    """`engines`: more of them, by name, as "module:factory"."""
    setup = ChildSetup(
        memory_bytes=(limits or Limits()).memory_bytes,
        models=models_folder(),
        cache=cache_folder(),
        engines=engines or {},
    )
    return WorkerPool(slots=slots or default_slots(), setup=setup)


@contextmanager
def open_file(source: Input, *, pool: WorkerPool | None, limits: Limits | None, password: str) -> Iterator[FileSource]:
    """Owns what it makes: a pool that was not given, a temporary file for bytes that have none."""
    limits = limits or Limits()
    own_pool = None if pool is not None else new_pool(limits=limits)
    try:
        with _path_of(source, limits) as path:
            file = FileSource(path, pool=pool or own_pool or new_pool(), limits=limits, password=password)
            require_page_count(file.probe().page_count, limits)
            yield file
    finally:
        if own_pool is not None:
            own_pool.close()


@contextmanager
def _path_of(source: Input, limits: Limits) -> Iterator[Path]:
    if isinstance(source, (str, Path)):
        yield Path(source)
        return
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    with tempfile.NamedTemporaryFile(prefix="ocrchat-") as copy:
        copy_within(stream, cast(BinaryIO, copy), limits)
        yield Path(copy.name)
