"""`python -m bench.digital`: how fast the command reads born-digital PDFs, and whether a long one costs more than many
short ones: pages a second a core, memory of the process tree over time."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.command import Ran, run_command
from bench.drawn_pdf import draw_pdf

PAGES_A_SECOND_A_CORE = 50.0
LIMIT_BYTES = 1_500_000_000
# Memory counts as flat when the last third of the run takes at most this much more than the stretch after page 50.
GROWTH_TOLERANCE = 0.03
# Time counts as linear when a page of the long file costs at most this much more than one of a short file.
TIME_TOLERANCE = 0.15
# Reading a thousand pages takes half a minute; ten times that is a hang.
PATIENCE_SECONDS = 300.0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.digital", description=__doc__)
    parser.add_argument("--pages", type=int, default=1000, help="of the long file")
    parser.add_argument("--jobs", type=int, default=1, help="pages at a time")
    parser.add_argument("--to", default="txt", help="the format written")
    options = parser.parse_args(arguments)
    lengths = (1, max(2, options.pages // 4), options.pages)
    with tempfile.TemporaryDirectory() as folder:
        ran = [_read(Path(folder), pages, options) for pages in lengths]
    if failed := next((one for one in ran if one.status != 0), None):
        print(f"The command failed with status {failed.status}: {failed.complaint.strip()}")
        return 1
    report = judged(lengths, ran)
    print("\n".join(line for line, _ in report))
    return 0 if all(met for _, met in report) else 1


def _read(folder: Path, pages: int, options: argparse.Namespace) -> Ran:
    path = folder / f"drawn-{pages}.pdf"
    draw_pdf(path, pages)
    written = folder / "read"
    written.mkdir(exist_ok=True)
    arguments = ["read", str(path), "--to", options.to, "-o", str(written), "--jobs", str(options.jobs)]
    return run_command(arguments, limit_seconds=PATIENCE_SECONDS)


def judged(lengths: Sequence[int], ran: Sequence[Ran]) -> list[tuple[str, bool]]:
    """Sentences and whether each is as it should be. The runs are of one page, of some, and of the whole length."""
    single, short, long = ran
    start_up = single.spent.cpu_seconds
    short_page, long_page = (
        max(1e-6, (one.spent.cpu_seconds - start_up) / (pages - 1))
        for one, pages in ((short, lengths[1]), (long, lengths[2]))
    )
    overall = lengths[2] / long.spent.cpu_seconds
    early, late = plateaus(long.peaks.curve, lengths[2])
    growth = late / max(1, early) - 1
    return [
        (
            f"{1 / long_page:.1f} pages a second a core ({overall:.1f} with the start-up of {start_up:.2f} core-s),"
            f" wanted {PAGES_A_SECOND_A_CORE:.0f}; {lengths[2]} pages in {long.spent.wall_seconds:.1f} s",
            1 / long_page >= PAGES_A_SECOND_A_CORE,
        ),
        (
            f"a page costs {long_page * 1000:.2f} core-ms in {lengths[2]} pages, {short_page * 1000:.2f} in"
            f" {lengths[1]}: {'linear' if long_page <= short_page * (1 + TIME_TOLERANCE) else 'not linear'}",
            long_page <= short_page * (1 + TIME_TOLERANCE),
        ),
        (
            f"peak of the process tree {long.peaks.tree_bytes / 1e6:.0f} MB, at most {LIMIT_BYTES / 1e6:.0f}",
            long.peaks.tree_bytes <= LIMIT_BYTES,
        ),
        (
            f"memory after page 50 {early / 1e6:.0f} MB, towards the end {late / 1e6:.0f} MB:"
            f" {'flat' if growth <= GROWTH_TOLERANCE else f'grows by {growth:.1%}'}",
            growth <= GROWTH_TOLERANCE,
        ),
    ]


def plateaus(curve: Sequence[tuple[float, int]], pages: int) -> tuple[int, int]:
    """The highest memory in the stretch that follows page 50 and in the last third. Pages take equal time here, so
    that a share of the time is a share of the pages."""
    if not curve:
        return 0, 0
    end = curve[-1][0]
    first = min(0.5, 50 / max(1, pages))
    early = [memory for seconds, memory in curve if first * end <= seconds <= (first + 0.2) * end]
    late = [memory for seconds, memory in curve if seconds >= end * 2 / 3]
    return max(early, default=0), max(late, default=0)


if __name__ == "__main__":
    sys.exit(main())
