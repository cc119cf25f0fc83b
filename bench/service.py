"""`python -m bench.service`: what HTTP and durable jobs cost on top of the library.

A one-page picture by turns through HTTP and through the library in this process, both warm; a scanned book by turns
through HTTP and through the command, on the clock and in core-seconds; and the memory of the server's own process at
the end. `--hostile` sends every file of the corpus's hostile set instead: each is read, refused with a
sentence, or fails with one.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bench.command import run_command
from bench.corpus import CorpusMissing, find_corpus
from bench.drawn_pdf import page_lines
from bench.engines import ROOT
from bench.measure import Meter, tree_cpu_seconds
from bench.served import Answer, Served, serving
from ocrchat.pipeline.pipeline import new_pool, read

ADDED_SECONDS = 0.060
ADDED_TO_A_BOOK = 0.05
PARENT_BYTES = 400_000_000

# Rounds that load models and warm caches, on both sides.
_WARMING = 2

# Long enough for a book on a machine that others use too.
_PATIENCE_SECONDS = 3600.0

# A page as a scanner at 100 dpi makes it, with a text small enough that most of the time goes into reading.
_SIZE = (827, 1169)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.service", description=__doc__)
    parser.add_argument("--rounds", type=int, default=21, help="of the one-page picture")
    parser.add_argument("--pages", type=int, default=300, help="of the book; 0: no book")
    parser.add_argument("--lines", type=int, default=12, help="of text on each page")
    parser.add_argument("--jobs", type=int, default=1, help="pages read at once, by the service and by the command")
    parser.add_argument("--hostile", action="store_true", help="send the corpus's hostile files, and nothing else")
    options = parser.parse_args(arguments)
    if options.hostile:
        return _send_hostile()
    with tempfile.TemporaryDirectory() as name, serving(jobs=options.jobs) as served:
        folder = Path(name)
        met = _measure_page(served, folder, options)
        if options.pages:
            met = _measure_book(served, folder, options) and met
        return 0 if _measure_memory(served) and met else 1


def _measure_page(served: Served, folder: Path, options: argparse.Namespace) -> bool:
    path = folder / "page.png"
    _draw_page(options.lines, seed=1).save(path)
    through_http, by_library = [], []
    with new_pool(slots=1) as pool:
        for number in range(_WARMING + options.rounds):
            if number == _WARMING:
                cpu = _cpu_seconds(served)
            begun = time.perf_counter()
            read(path, pool=pool)
            middle = time.perf_counter()
            answer = served.client.post(path)
            by_library.append(middle - begun)
            through_http.append(time.perf_counter() - middle)
            if answer.status != 200 or answer.body["status"] != "done":
                print(f"The service answered {answer.status}: {answer.body}")
                return False
        spent = [(after - before) / options.rounds for before, after in zip(cpu, _cpu_seconds(served), strict=True)]
    http, library = statistics.median(through_http[_WARMING:]), statistics.median(by_library[_WARMING:])
    met = http - library <= ADDED_SECONDS
    print(
        f"{_mark(met)} one page: {1000 * http:.0f} ms through HTTP, {1000 * library:.0f} ms by the library (medians of "
        f"{options.rounds}): HTTP adds {1000 * (http - library):.0f} ms of {1000 * ADDED_SECONDS:.0f} allowed; in core "
        f"time {1000 * spent[0]:.0f} and {1000 * spent[1]:.0f} ms"
    )
    return met


def _cpu_seconds(served: Served) -> tuple[float, float]:
    """Of the service, and of this process with its own child."""
    service = tree_cpu_seconds(served.process)
    return service, tree_cpu_seconds(os.getpid()) - service


def _measure_book(served: Served, folder: Path, options: argparse.Namespace) -> bool:
    path = folder / "book.pdf"
    first, *others = (_draw_page(options.lines, seed=seed) for seed in range(1, options.pages + 1))
    first.save(path, save_all=True, append_images=others, resolution=100)
    written = folder / "read"
    written.mkdir()
    command = ["read", str(path), "--to", "json", "-o", str(written), "--jobs", str(options.jobs)]
    served.client.rest()
    ran = run_command(command, limit_seconds=_PATIENCE_SECONDS)
    if ran.status != 0:
        print(f"The command failed with status {ran.status}: {ran.complaint.strip()}")
        return False
    meter = Meter(served.process)
    answer = served.client.post(path)
    job = served.client.finished(answer.body["uuid"]) if answer.status == 202 else answer.body
    spent = meter.read()
    if job.get("status") != "done" or job["pages_failed"]:
        print(f"The job ended as {job.get('status')}: {job.get('error', '')}")
        return False
    by_command = ran.spent
    more = spent.wall_seconds / by_command.wall_seconds - 1
    met = more <= ADDED_TO_A_BOOK
    print(
        f"{_mark(met)} {options.pages} scanned pages, {options.jobs} at once: {spent.wall_seconds:.1f} s as a job, "
        f"{by_command.wall_seconds:.1f} s by the command: {100 * more:+.1f} % of {100 * ADDED_TO_A_BOOK:.0f} allowed "
        f"({spent.cpu_seconds:.1f} and {by_command.cpu_seconds:.1f} core-seconds, "
        f"{100 * (spent.cpu_seconds / by_command.cpu_seconds - 1):+.1f} %)"
    )
    return met


def _measure_memory(served: Served) -> bool:
    status = Path(f"/proc/{served.process}/status").read_text()
    fields = {line.split(":")[0]: line.split()[1] for line in status.splitlines() if line.startswith("Vm")}
    now, most = int(fields["VmRSS"]) * 1024, int(fields["VmHWM"]) * 1024
    met = most <= PARENT_BYTES
    print(
        f"{_mark(met)} the server's own process: {now / 1e6:.0f} MB resident at the end, {most / 1e6:.0f} MB at most, "
        f"of {PARENT_BYTES / 1e6:.0f} MB allowed"
    )
    return met


def _draw_page(lines: int, *, seed: int) -> Image.Image:
    image = Image.new("L", _SIZE, 250)
    canvas = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=17)
    for number, line in enumerate(page_lines(random.Random(seed))[:lines]):
        canvas.text((80, 80 + 24 * number), line, fill=20, font=font)
    return image


def _mark(met: bool) -> str:
    return "ok " if met else "BAD"


def _send_hostile() -> int:
    try:
        folder = find_corpus(ROOT) / "hostile"
    except CorpusMissing as missing:
        print(missing)
        return 0
    files = [entry["file"] for entry in json.loads((folder / "_hostile.json").read_text(encoding="utf-8"))]
    came: Counter[str] = Counter()
    with serving(jobs=1) as served:
        for name in sorted(files):
            begun = time.perf_counter()
            answer = served.client.post(folder / name)
            if answer.status == 202:
                answer = Answer(200, served.client.finished(answer.body["uuid"]))
            outcome = _outcome_of(answer)
            came[outcome] += 1
            if outcome.startswith("BAD"):
                print(
                    f"{outcome} {name} {answer.status} {str(answer.body)[:200]} ({time.perf_counter() - begun:.1f} s)"
                )
        if '"level": "error"' in served.log.read_text():
            came["BAD errors in the log"] += 1
    print(f"{len(files)} files: " + ", ".join(f"{count} {outcome}" for outcome, count in sorted(came.items())))
    return 1 if any(outcome.startswith("BAD") for outcome in came) else 0


def _outcome_of(answer: Answer) -> str:
    if answer.status == 200 and answer.body["status"] == "done":
        return "done"
    sentence = (answer.body or {}).get("error", "")
    if " " not in sentence or not sentence.endswith((".", "?", "!")):
        return "BAD without a sentence"
    if answer.status == 200:
        return "failed"
    return "refused" if 400 <= answer.status < 500 else "BAD status"


if __name__ == "__main__":
    sys.exit(main())
