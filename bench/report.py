"""The table on the screen and the dated report in `bench/results/`."""

from __future__ import annotations

import datetime
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.cache import machine
from bench.calibration import bins_of, calibration_error
from bench.engines import ROOT
from bench.plots import PlotsMissing, draw_calibration, draw_truth_over_cost
from bench.score import MEASURES
from bench.session import EngineRun
from bench.summary import Row, ratios, rows_of_books, rows_of_set, rows_together, set_names
from bench.targets import verdicts


@dataclass(frozen=True, kw_only=True)
class Report:
    runs: Sequence[EngineRun]
    skipped: Sequence[str]
    start_up_seconds: float | None
    """Of our command, over the steady time of the same page; None when it was not measured."""


def table(report: Report) -> str:
    """Markdown that reads as well in a terminal."""
    measures = [measure.name for measure in MEASURES]
    lines = [_cells(["set", "reader", "pages", *measures, "core-s/page", "failed"])]
    lines.append(_cells(["---", "---", *["--:"] * (len(measures) + 3)]))
    for name in set_names(report.runs):
        lines += [_line(name, one, measures) for one in rows_of_set(report.runs, name)]
    lines += [_line("**mean of sets**", one, measures) for one in rows_together(report.runs)]
    books = rows_of_books(report.runs)
    if any(one.pages for one in books):
        lines += [_line("book pages", one, measures) for one in books]
    return "\n".join(lines)


def _line(set_name: str, row: Row, measures: Sequence[str]) -> str:
    scores = [f"{row.scores[name]:.4f}" if name in row.scores else "" for name in measures]
    return _cells([set_name, row.engine, str(row.pages), *scores, f"{row.cpu_seconds_a_page:.2f}", str(row.failures)])


def _cells(values: Sequence[str]) -> str:
    widths = [18, 18, *[11] * (len(values) - 2)]
    return "| " + " | ".join(value.ljust(width) for value, width in zip(values, widths, strict=True)) + " |"


def ratio_lines(report: Report) -> list[str]:
    lines = []
    for where, rows in (("all pages", rows_together(report.runs)), ("book pages", rows_of_books(report.runs))):
        lines += [f"ours / {peer} = 1/{times:.2f} ({where})" for peer, times in ratios(rows).items()]
    return lines


def cost_lines(report: Report) -> list[str]:
    lines = []
    for run in report.runs:
        peak = max((result.tree_bytes for result in run.results), default=0) / 1e6
        child = max((result.child_bytes for result in run.results), default=0) / 1e6
        line = f"{run.engine.name}: peak of the process tree {peak:.0f} MB"
        if child:
            line += f", of its largest child {child:.0f} MB"
        if run.start_up:
            line += f"; start-up {run.start_up.wall_seconds:.2f} s, {run.start_up.cpu_seconds:.2f} core-s"
        kept = sum(result.from_cache for result in run.results)
        if kept:
            line += f" ({kept} of {len(run.results)} answers from an earlier run)"
        lines.append(line)
    if report.start_up_seconds is not None:
        lines.append(f"ours as a command: {report.start_up_seconds:.2f} s more than the steady time of the page")
    return lines


def error_lines(report: Report) -> list[str]:
    return [
        f"{run.engine.name}, {result.set_name}/{result.case_id}: {result.error}"
        for run in report.runs
        for result in run.results
        if result.error
    ]


def verdict_lines(report: Report) -> list[str]:
    return [
        f"{'met' if one.met else '**not met**'}: {one.target}: {one.measured}"
        for one in verdicts(report.runs, report.start_up_seconds)
    ]


def write(report: Report, folder: Path, label: str) -> Path:
    """Writes the report and its plots and gives the path of the report."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}-{label}"
    sections = [f"# Bench: {label}, {datetime.datetime.now(datetime.UTC):%Y-%m-%d}", _circumstances(report)]
    sections += [table(report)]
    sections += _list("Core-seconds a page", ratio_lines(report))
    sections += _list("Targets", verdict_lines(report))
    sections += _list("Memory and start-up", cost_lines(report))
    sections += _list("Confidences", _calibration_lines(report))
    sections += _plots(report, folder, stem)
    sections += _list("Failures", error_lines(report))
    sections += _list("Not measured", list(report.skipped))
    sections += _list("By page", [], _page_table(report))
    path = folder / f"{stem}.md"
    path.write_text("\n\n".join(sections) + "\n", encoding="utf-8")
    return path


def _list(title: str, lines: Sequence[str], body: str = "") -> list[str]:
    if not lines and not body:
        return []
    return [f"## {title}", body or "\n".join(f"- {line}" for line in lines)]


def _circumstances(report: Report) -> str:
    versions = "; ".join(
        f"{run.engine.title}: " + ", ".join(f"{name} {version}" for name, version in run.versions.items())
        for run in report.runs
    )
    memory = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    gigabytes = int(memory.split()[1]) / 1e6
    return "\n".join(
        [
            f"- Machine: {machine()}, {gigabytes:.0f} GB, {platform.system()} {platform.release()}",
            f"- Product: commit {_commit()}; Python {platform.python_version()}",
            f"- Versions: {versions}",
            "- Core-seconds: user and system time of the whole process tree, after one page that is not counted;"
            " scores: means over pages, then over sets. Formulas are left out of OmniDocBench for every reader.",
        ]
    )


def _commit() -> str:
    """With "+" where the working tree differs."""

    def git(*arguments: str) -> str:
        asked = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        return asked.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", "src", "bench/runners")
    return (git("rev-parse", "--short=10", "HEAD") or "unknown") + ("+" if changed else "")


def _calibration_lines(report: Report) -> list[str]:
    lines = []
    for run in report.runs:
        judged = [one for result in run.results for one in result.judged]
        if judged:
            bins = bins_of(judged)
            right = sum(verdict for _, verdict in judged) / len(judged)
            lines.append(
                f"{run.engine.name}: {len(judged)} words, {right:.1%} right,"
                f" expected calibration error {calibration_error(bins):.3f}"
            )
    return lines


def _plots(report: Report, folder: Path, stem: str) -> list[str]:
    try:
        draw_truth_over_cost(report.runs, folder / f"{stem}-f1.svg")
        draw_calibration(report.runs, folder / f"{stem}-calibration.svg")
    except PlotsMissing as missing:
        return [str(missing)]
    return [
        f"![F1 over core-seconds a page]({stem}-f1.svg)",
        f"![Confidence and share of right words]({stem}-calibration.svg)",
    ]


def _page_table(report: Report) -> str:
    names = [run.engine.name for run in report.runs]
    lines = ["| page | " + " | ".join(f"{name}: F1, CER, core-s" for name in names) + " |"]
    lines.append("|---" * (len(names) + 1) + "|")
    by_page: dict[str, list[str]] = {}
    for run in report.runs:
        for result in run.results:
            scores = ", ".join(f"{result.scores[name]:.3f}" for name in ("F1", "CER") if name in result.scores)
            cell = f"{scores}, {result.spent.cpu_seconds:.2f}"
            by_page.setdefault(f"{result.set_name}/{result.case_id}", []).append(cell)
    lines += [f"| {page} | " + " | ".join(cells) + " |" for page, cells in by_page.items()]
    return "\n".join(lines)
