"""`ocrchat read`: files in, documents out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from ocrchat.cli.inputs import (
    STANDARD_INPUT,
    Job,
    UsageError,
    find_files,
    spooled_standard_input,
    stems_for,
    whole_file,
)
from ocrchat.cli.progress import Progress
from ocrchat.errors import ExportError, OCRChatError

if TYPE_CHECKING:
    from ocrchat.document.model import DocumentHead
    from ocrchat.export.spec import Exporter
    from ocrchat.intake.limits import Limits
    from ocrchat.pipeline.options import ReadOptions
    from ocrchat.pipeline.pool import WorkerPool
    from ocrchat.pipeline.spool import PageSpool

_EPILOG = """\
exit status: 0 every page was read, 1 a file or a page was not, 2 the command cannot be carried out, 130 interrupted
"""


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "read",
        help="read files and print or write what they say",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("inputs", nargs="+", metavar="FILE", help="files, folders, patterns, or - for standard input")
    add("--to", default="md", metavar="FORMATS", help="one or more formats, joined by commas (default: md)")
    add("-o", "--output", metavar="PATH", help="folder to write to; for one file in one format also a file name")
    add("--tier", default="cpu", help="cpu (default) or vlm")
    add("--engine", default="", help="an engine by name instead of the tier's own")
    add("--language", default="auto", help="codes or names joined by +, such as pl+de (default: auto)")
    add("--pages", default="", metavar="RANGES", help="such as 1,4-6,10-")
    add("--force-ocr", action="store_true", help="read the pixels even where a PDF has text")
    add("--password", default="", help="of an encrypted PDF")
    add("--jobs", type=int, default=0, metavar="N", help="pages read at once (default: one a core)")
    add("--quiet", action="store_true", help="no progress on a terminal")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from ocrchat.export.registry import exporter_for
    from ocrchat.intake.limits import Limits
    from ocrchat.pipeline.options import ReadOptions
    from ocrchat.pipeline.pipeline import new_pool

    options = ReadOptions(
        tier=arguments.tier,
        engine=arguments.engine,
        languages=(arguments.language,),
        pages=arguments.pages,
        force_ocr=arguments.force_ocr,
    )
    formats = tuple(dict.fromkeys(name.strip().lower() for name in arguments.to.split(",") if name.strip()))
    exporters = [exporter_for(name) for name in formats]
    if not exporters:
        raise UsageError("--to names no format.")
    if arguments.jobs < 0:
        raise UsageError("--jobs takes a number of pages from 1 upwards.")
    with ExitStack() as stack:
        jobs = _jobs(find_files(arguments.inputs), stack)
        if not jobs:
            raise UsageError(f"There is no file that can be read in {', '.join(arguments.inputs)}.")
        targets = _Targets(jobs, exporters, arguments.output)
        limits = Limits()
        pool = stack.enter_context(new_pool(slots=arguments.jobs or None, limits=limits))
        reading = _Reading(pool, limits, options, arguments.password, targets, Progress(quiet=arguments.quiet))
        return max(reading.read(job) for job in jobs)


def _jobs(paths: Sequence[Path], stack: ExitStack) -> list[Job]:
    jobs = []
    for path, stem in zip(paths, stems_for(paths), strict=True):
        from_pipe = str(path) == STANDARD_INPUT
        real = stack.enter_context(spooled_standard_input()) if from_pipe else path
        jobs.append(Job(shown="standard input" if from_pipe else str(path), path=real, stem=stem))
    return jobs


class _Targets:
    """Where each format of each job goes; refuses before anything is read."""

    def __init__(self, jobs: Sequence[Job], exporters: Sequence[Exporter], output: str | None) -> None:
        self.exporters = exporters
        self._folder: Path | None = None
        self._file: Path | None = None
        one = len(jobs) == 1 and len(exporters) == 1
        if output is None:
            if not one:
                raise UsageError("Several files or formats need a folder to write to: add -o FOLDER.")
            if exporters[0].media_type not in _PRINTABLE and sys.stdout.isatty():
                raise UsageError("This format is not for a terminal: add -o FILE.")
            return
        path = Path(output)
        if one and path.suffix and not path.is_dir() and not output.endswith("/"):
            self._file = path
        else:
            if path.exists() and not path.is_dir():
                raise UsageError(f"{path} is a file, where a folder is needed.")
            self._folder = path

    def write(self, job: Job, head: DocumentHead, spool: PageSpool, source: object) -> None:
        from ocrchat.export.spec import ExportOptions

        for exporter in self.exporters:
            with ExitStack() as stack:
                if self._folder is not None:
                    sink = stack.enter_context(whole_file(self._folder / f"{job.stem}{exporter.suffix}"))
                elif self._file is not None:
                    sink = stack.enter_context(whole_file(self._file))
                else:
                    sink = sys.stdout.buffer
                exporter.export(head, spool.pages(), sink, source=source, options=ExportOptions())  # type: ignore[arg-type]
                sink.flush()


_PRINTABLE = ("text/", "application/json")


class _Reading:
    def __init__(
        self,
        pool: WorkerPool,
        limits: Limits,
        options: ReadOptions,
        password: str,
        targets: _Targets,
        progress: Progress,
    ) -> None:
        self._pool = pool
        self._limits = limits
        self._options = options
        self._password = password
        self._targets = targets
        self._progress = progress

    def read(self, job: Job) -> int:
        """0 when every page was read. One bad file does not stop the rest."""
        try:
            failures = self._read(job)
        except OCRChatError as error:
            self._progress.clear()
            self._progress.say(f"ocrchat: {job.shown}: {error.message}")
            return 1
        except BrokenPipeError:
            raise
        except OSError as error:
            raise ExportError(f"Cannot write the result of {job.shown}: {error.strerror}.") from error
        return 1 if failures else 0

    def _read(self, job: Job) -> int:
        from ocrchat.document.json import page_from_bytes
        from ocrchat.pipeline.finish import Overview
        from ocrchat.pipeline.options import select_pages
        from ocrchat.pipeline.pipeline import open_file, read_file
        from ocrchat.pipeline.spool import PageSpool

        overview = Overview()
        with (
            open_file(job.path, pool=self._pool, limits=self._limits, password=self._password) as file,
            PageSpool() as spool,
        ):
            count = file.probe().page_count
            self._progress.begin(job.shown, len(select_pages(self._options.pages, page_count=count)))
            for record in read_file(file, self._options):
                spool.append(record)
                page = page_from_bytes(record)
                overview.add(page)
                if page.failure is not None:
                    self._progress.say(f"ocrchat: {job.shown}: {page.failure.message}")
                self._progress.page_done()
            self._progress.clear()
            head = overview.head(title=file.probe().title, notices=file.probe().notices)
            for notice in head.notices:
                self._progress.say(f"{job.shown}: {notice}")
            self._targets.write(job, head, spool, file)
        return overview.failed
