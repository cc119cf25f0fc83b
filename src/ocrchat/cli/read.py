"""`ocrchat read`: files in, documents out."""

from __future__ import annotations

import argparse
import errno
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from ocrchat.cli.inputs import Job, UsageError, copied, find_jobs, whole_file
from ocrchat.cli.progress import Progress
from ocrchat.cli.secret_input import secret_from_file, warn_of_argument
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
    add(
        "-o",
        "--output",
        metavar="PATH",
        help="folder to write to; for one file in one format also a file name, or - for standard output",
    )
    add("--tier", default="cpu", help="cpu (default) or vlm")
    add("--engine", default="", help="an engine by name instead of the tier's own")
    add("--language", default="auto", help="codes or names joined by +, such as pl+de (default: auto)")
    add("--pages", default="", metavar="RANGES", help="such as 1,4-6,10-")
    add("--force-ocr", action="store_true", help="read the pixels even where a PDF has text")
    add("--password", default="", help="of an encrypted PDF; others on this machine can see it here")
    add("--password-file", metavar="FILE", help="the password in a file's first line; - asks for it")
    add("--jobs", type=int, default=0, metavar="N", help="pages read at once (default: one a core)")
    add("--quiet", action="store_true", help="no progress on a terminal")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from ocrchat.engines.registry import require_name
    from ocrchat.export.registry import exporter_for
    from ocrchat.intake.limits import Limits
    from ocrchat.pipeline.options import ReadOptions
    from ocrchat.pipeline.pipeline import DEFAULT_ENGINE, new_pool

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
    if not 0 <= arguments.jobs <= _MOST_JOBS:
        raise UsageError(f"--jobs takes a number of pages from 1 to {_MOST_JOBS}.")
    require_name(options.engine or DEFAULT_ENGINE[options.tier])
    password = _password(arguments)
    jobs = find_jobs(arguments.inputs)
    if not jobs:
        raise UsageError(f"There is no file that can be read in {', '.join(arguments.inputs)}.")
    with ExitStack() as stack:
        targets = _Targets(jobs, exporters, arguments.output)
        limits = Limits()
        pool = stack.enter_context(new_pool(slots=arguments.jobs or None, limits=limits))
        reading = _Reading(pool, limits, options, password, targets, Progress(quiet=arguments.quiet))
        return max(reading.read(job) for job in jobs)


def _password(arguments: argparse.Namespace) -> str:
    if arguments.password_file is None:
        if arguments.password:
            warn_of_argument("password", "say --password-file FILE, or --password-file - to be asked for it")
        return str(arguments.password)
    if arguments.password:
        raise UsageError("--password and --password-file cannot both be given.")
    if arguments.password_file == "-" and "-" in arguments.inputs:
        raise UsageError("Standard input cannot be both the document and the password.")
    return secret_from_file(arguments.password_file, "Password")


_MOST_JOBS = 256
"""A process each: more than any one machine has cores for."""


class _Targets:
    """Where each format of each job goes; refuses before anything is read."""

    def __init__(self, jobs: Sequence[Job], exporters: Sequence[Exporter], output: str | None) -> None:
        self.exporters = exporters
        self._folder: Path | None = None
        self._file: Path | None = None
        one = len(jobs) == 1 and len(exporters) == 1
        if output is None or output == "-":  # as everywhere: standard output, not a folder of that name
            if not one:
                raise UsageError("Several files or formats need a folder to write to: add -o FOLDER.")
            if exporters[0].media_type not in _PRINTABLE and sys.stdout.isatty():
                raise UsageError("This format is not for a terminal: add -o FILE.")
            return
        path = Path(output)
        try:
            is_file = one and not path.is_dir() and (path.exists() or (path.suffix != "" and not output.endswith("/")))
            if is_file:
                self._file = path
            elif path.exists() and not path.is_dir():
                raise UsageError(f"{path} is a file, where a folder is needed.")
            else:
                self._folder = path
            self._spare_the_inputs(jobs)
        except OSError as error:
            raise UsageError(f"Cannot write to {path}: {error.strerror}.") from error

    def _spare_the_inputs(self, jobs: Sequence[Job]) -> None:
        inputs = {job.path.resolve() for job in jobs}
        for job in jobs:
            for exporter in self.exporters:
                target = self._file or (self._folder or Path()) / f"{job.stem}{exporter.suffix}"
                if target.resolve() in inputs:
                    raise UsageError(f"The result would replace {target}, which is to be read: write elsewhere.")

    def write(self, job: Job, head: DocumentHead, spool: PageSpool, source: object) -> None:
        from ocrchat.export.spec import ExportOptions
        from ocrchat.pipeline.tables.breaks import with_continued_tables

        for exporter in self.exporters:
            with ExitStack() as stack:
                if self._folder is not None:
                    sink = stack.enter_context(whole_file(self._folder / f"{job.stem}{exporter.suffix}"))
                elif self._file is not None:
                    sink = stack.enter_context(whole_file(self._file))
                else:
                    sink = sys.stdout.buffer
                pages = with_continued_tables(spool.pages())
                exporter.export(head, pages, sink, source=source, options=ExportOptions())  # type: ignore[arg-type]
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
            with ExitStack() as stack:
                path = stack.enter_context(copied(job.path, self._limits)) if job.from_pipe else job.path
                return 1 if self._read(job, path) else 0
        except BrokenPipeError:
            raise
        except (OCRChatError, OSError) as error:
            sentence = error.message if isinstance(error, OCRChatError) else f"{error.strerror or error}."
            self._progress.clear()
            self._progress.say(f"ocrchat: {job.shown}: {sentence}")
            if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                raise ExportError("There is no space left to write to: the rest is not read.") from error
            return 1

    def _read(self, job: Job, path: Path) -> int:
        from ocrchat.pipeline.finish import Overview
        from ocrchat.pipeline.options import select_pages
        from ocrchat.pipeline.pipeline import notices_for, open_file, read_file
        from ocrchat.pipeline.spool import PageSpool

        overview = Overview()
        with (
            open_file(path, pool=self._pool, limits=self._limits, password=self._password) as file,
            PageSpool() as spool,
        ):
            count = file.probe().page_count
            self._progress.begin(job.shown, len(select_pages(self._options.pages, page_count=count)))
            for record in read_file(file, self._options):
                spool.append(record.data)
                overview.add_facts(record.facts)
                if record.failure is not None:
                    self._progress.say(f"ocrchat: {job.shown}: {record.failure.message}")
                self._progress.page_done()
            self._progress.clear()
            head = overview.head(title=file.probe().title, notices=(*notices_for(self._options), *file.probe().notices))
            for notice in head.notices:
                self._progress.say(f"{job.shown}: {notice}")
            self._targets.write(job, head, spool, file)
        return overview.failed
