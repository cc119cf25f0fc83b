"""What a release must show, judged from one run. A target without its figures in the run is left out, not failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.engines import ENGINE_ALONE, OURS
from bench.session import EngineRun
from bench.sets import GROUPS
from bench.summary import Row, is_peer, ratios, rows_of_books, rows_of_set, rows_together, set_names

# Of RapidOCR with its defaults, in core-seconds a page: on all printed sets, and on book pages.
TIMES_FASTER_TOGETHER = 6.0
TIMES_FASTER_ON_BOOKS = 8.0
# What finding scripts and telling pages apart into columns, tables and figures may add to reading their lines.
ADDED_BY_THE_REST = 0.35
# A page more or less in a small set: a difference below this says nothing.
F1_TOLERANCE = 0.005
START_UP_SECONDS = 1.2
CHILD_MEGABYTES = 700


@dataclass(frozen=True, kw_only=True)
class Verdict:
    target: str
    measured: str
    met: bool


def verdicts(runs: Sequence[EngineRun], start_up_seconds: float | None) -> list[Verdict]:
    ours = next((run for run in runs if run.engine.name == OURS), None)
    if ours is None:
        return []
    judged: list[Verdict] = []
    if set(set_names(runs)) >= set(GROUPS["printed"]):
        judged += _speed(runs) + _truth(runs)
    if start_up_seconds is not None:
        judged.append(
            Verdict(
                target=f"Starting up adds at most {START_UP_SECONDS} s",
                measured=f"{start_up_seconds:.2f} s",
                met=start_up_seconds <= START_UP_SECONDS,
            )
        )
    child = max((result.child_bytes for result in ours.results), default=0) / 1e6
    if child:
        judged.append(
            Verdict(
                target=f"A child of the pool takes at most {CHILD_MEGABYTES} MB",
                measured=f"{child:.0f} MB",
                met=child <= CHILD_MEGABYTES,
            )
        )
    return judged


def _speed(runs: Sequence[EngineRun]) -> list[Verdict]:
    rows, books = rows_together(runs), rows_of_books(runs)
    found = [
        ("rapidocr", "all printed sets", ratios(rows), TIMES_FASTER_TOGETHER),
        ("rapidocr", "book pages", ratios(books), TIMES_FASTER_ON_BOOKS),
        ("rapidocr", "all printed sets, the engine alone", ratios(rows, ENGINE_ALONE), TIMES_FASTER_TOGETHER),
        ("rapidocr", "book pages, the engine alone", ratios(books, ENGINE_ALONE), TIMES_FASTER_ON_BOOKS),
        ("tesseract", "all printed sets", ratios(rows), 1.0),
    ]
    judged = [
        Verdict(
            target=f"{f'At most 1/{times:g} of' if times > 1 else 'No more than'} the core-seconds of {peer}, {where}",
            measured=f"1/{times_faster[peer]:.2f}",
            met=times_faster[peer] >= times,
        )
        for peer, where, times_faster, times in found
        if peer in times_faster
    ]
    whole = ratios(rows, ENGINE_ALONE).get(OURS)
    if whole is not None:
        judged.append(
            Verdict(
                target=f"Scripts and layout add at most {100 * ADDED_BY_THE_REST:.0f} % to the engine alone",
                measured=f"{100 * (whole - 1):+.0f} %",
                met=whole <= 1 + ADDED_BY_THE_REST,
            )
        )
    return judged


def _truth(runs: Sequence[EngineRun]) -> list[Verdict]:
    judged = []
    for name in set_names(runs):
        ours, best = _f1_of_us_and_best(rows_of_set(runs, name))
        if best is not None:
            judged.append(
                Verdict(
                    target=f"F1 on {name} at least the better peer's less {F1_TOLERANCE}",
                    measured=f"{ours:.4f} against {best:.4f}",
                    met=ours >= best - F1_TOLERANCE,
                )
            )
    ours, best = _f1_of_us_and_best(rows_together(runs))
    if best is not None:
        judged.append(
            Verdict(
                target="Mean F1 of the sets above every peer's",
                measured=f"{ours:.4f} against {best:.4f}",
                met=ours > best,
            )
        )
    return judged


def _f1_of_us_and_best(rows: Sequence[Row]) -> tuple[float, float | None]:
    ours = next((row.scores.get("F1", 0.0) for row in rows if row.engine == OURS), 0.0)
    peers = [row.scores["F1"] for row in rows if is_peer(row) and "F1" in row.scores]
    return ours, max(peers, default=None)
