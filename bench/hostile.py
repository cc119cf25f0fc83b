"""`python -m bench.hostile`: our command over files that are broken, encrypted, huge, rotated or odd.

Every file gives a result or a sentence: no crash, no hang, no more memory than a limit; and what it gives is what the
corpus expects of it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.command import Ran, run_command
from bench.corpus import CorpusMissing, find_corpus
from bench.engines import ROOT

LIMIT_SECONDS = 30.0
LIMIT_BYTES = 2_000_000_000
# Given to a run beyond the limit, so that the table says how much too slow it is.
PATIENCE_SECONDS = 60.0

# What may come of a file by what is expected of it. "partial": some pages were read, others failed with a sentence.
ACCEPTED = {
    "result": {"result", "partial"},
    "empty": {"empty"},
    "error": {"error"},
    "either": {"result", "partial", "empty", "error"},
}
# Looked at: patterns and pictures without a letter. The corpus asks for a result of them, and an empty page is one.
WITHOUT_TEXT = {
    "pillow__16bit.cropped.tif",
    "pillow__16bit.r.tif",
    "pillow__dispose_bgnd.gif",
    "pillow__exif_imagemagick_orientation.png",
    "pillow__hopper.webp",
    "pillow__hopper_16bit.pgm",
    "pillow__iss634.gif",
    "pillow__multipage_out_of_order.tiff",
    "pillow__zero_dpi.jp2",
    "rapidocr__empty_black.jpg",
}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    file: str
    expected: str
    outcome: str
    wall_seconds: float
    peak_bytes: int
    said: str

    @property
    def met(self) -> bool:
        accepted = {"empty"} if self.file in WITHOUT_TEXT else ACCEPTED[self.expected]
        return not self.too_much and self.outcome in accepted

    @property
    def too_much(self) -> bool:
        return self.wall_seconds > LIMIT_SECONDS or self.peak_bytes > LIMIT_BYTES


def judge(file: str, expected: str, ran: Ran) -> Verdict:
    return Verdict(
        file=file,
        expected=expected,
        outcome=outcome_of(ran),
        wall_seconds=ran.spent.wall_seconds,
        peak_bytes=ran.peaks.tree_bytes,
        said=_sentence(ran.complaint),
    )


def outcome_of(ran: Ran) -> str:
    """result, partial, empty, error; or hang; or usage: the command took a bad file for a bad command; or crash: a
    signal, a traceback, a failure without a sentence, no valid JSON where there should be some."""
    if ran.timed_out:
        return "hang"
    if ran.status == 2:
        return "usage"
    if ran.status not in (0, 1) or "Traceback (most recent call last)" in ran.complaint:
        return "crash"
    try:
        document = json.loads(ran.output) if ran.output.strip() else None
    except ValueError:
        return "crash"
    if ran.status == 0:
        return "crash" if document is None else "result" if _has_text(document) else "empty"
    if document is not None and _has_text(document):
        return "partial"
    return "error" if ran.complaint.strip() else "crash"


def _has_text(node: Any) -> bool:
    """Whether any line of the document says something, wherever the line is."""
    if isinstance(node, dict):
        lines = node.get("lines")
        if isinstance(lines, list) and any(str(line.get("text", "")).strip() for line in lines):
            return True
        return any(_has_text(value) for value in node.values())
    return isinstance(node, list) and any(_has_text(value) for value in node)


def _sentence(complaint: str) -> str:
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    return lines[-1] if lines else ""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.hostile", description=__doc__)
    parser.add_argument("--case", action="append", default=[], help="part of a file's name; repeatable")
    parser.add_argument("--all", action="store_true", help="a line for every file, not only for those that fail")
    options = parser.parse_args(arguments)
    try:
        folder = find_corpus(ROOT) / "hostile"
    except CorpusMissing as missing:
        print(missing)
        return 0
    if not (folder / "_hostile.json").is_file():
        print("The corpus has no hostile set: nothing was measured.")
        return 0
    entries = json.loads((folder / "_hostile.json").read_text(encoding="utf-8"))
    wanted = [entry for entry in entries if not options.case or any(part in entry["file"] for part in options.case)]
    verdicts = [_read(folder, entry) for entry in sorted(wanted, key=lambda entry: str(entry["file"]))]
    print(_table([one for one in verdicts if options.all or options.case or not one.met]))
    print(summary(verdicts))
    return 0 if all(one.met for one in verdicts) else 1


def _read(folder: Path, entry: dict[str, Any]) -> Verdict:
    ran = run_command(["read", str(folder / entry["file"]), "--to", "json"], limit_seconds=PATIENCE_SECONDS)
    return judge(entry["file"], entry["expect"], ran)


def _table(verdicts: Sequence[Verdict]) -> str:
    lines = []
    for one in verdicts:
        mark = "ok " if one.met else "BAD"
        measured = f"{one.wall_seconds:6.1f} s {one.peak_bytes / 1e6:6.0f} MB"
        lines.append(f"{mark} {one.file:60.60} expected {one.expected:7} got {one.outcome:8} {measured}  {one.said}")
    return "\n".join(lines)


def summary(verdicts: Sequence[Verdict]) -> str:
    came = Counter(one.outcome for one in verdicts)
    slowest = max(verdicts, key=lambda one: one.wall_seconds, default=None)
    largest = max(verdicts, key=lambda one: one.peak_bytes, default=None)
    lines = [
        f"{sum(one.met for one in verdicts)} of {len(verdicts)} files as expected; "
        + ", ".join(f"{count} {outcome}" for outcome, count in sorted(came.items()))
    ]
    if slowest and largest:
        lines.append(
            f"slowest {slowest.wall_seconds:.1f} s ({slowest.file}); largest {largest.peak_bytes / 1e6:.0f} MB"
            f" ({largest.file}); {sum(one.too_much for one in verdicts)} over {LIMIT_SECONDS:.0f} s or"
            f" {LIMIT_BYTES / 1e9:.0f} GB"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
