"""`python -m bench.run`: ours and its peers over the corpus, a table on the screen, a dated report.

Sets, readers and cases by option; what is not there is skipped and named.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import sets
from bench.command import command_start_up
from bench.corpus import Case, CorpusMissing, find_corpus, folders_of, load_set, only
from bench.engines import DEFAULT, ENGINES, OURS, ROOT
from bench.reader import ReaderMissing
from bench.report import Report, cost_lines, error_lines, ratio_lines, table, verdict_lines, write
from bench.session import EngineRun, Plan, run_engines

CACHE = ROOT / "bench" / ".cache"
RESULTS = ROOT / "bench" / "results"


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    try:
        corpus = find_corpus(ROOT)
    except CorpusMissing as missing:
        print(missing)
        return 0
    cases, skipped = _cases(corpus, options.set, options.case)
    if not cases:
        print("\n".join([*skipped, "There is nothing to measure."]))
        return 2
    plan = Plan(cases=cases, folder=CACHE, repeats=options.repeat, jobs=options.jobs, fresh=options.fresh)
    engines = [ENGINES[name] for name in dict.fromkeys(options.engine or DEFAULT)]
    print(f"{len(cases)} cases: {'; '.join(engine.title for engine in engines)} …", file=sys.stderr, flush=True)
    outcomes = list(run_engines(engines, plan))
    runs = [outcome for outcome in outcomes if isinstance(outcome, EngineRun)]
    skipped += [str(outcome) for outcome in outcomes if isinstance(outcome, ReaderMissing)]
    _keep_texts(runs)
    report = Report(runs=runs, skipped=skipped, start_up_seconds=_start_up(runs, cases))
    _show(report)
    if not options.no_report and runs:
        print(f"\nWritten: {write(report, RESULTS, options.label or '-'.join(options.set) or sets.DEFAULT)}")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__)
    known = ", ".join([*sets.GROUPS, *sets.SETS])
    parser.add_argument("--set", action="append", default=[], help=f"{known}, or a folder of the corpus; repeatable")
    parser.add_argument("--engine", action="append", default=[], choices=list(ENGINES), help="repeatable")
    parser.add_argument("--case", action="append", default=[], help="part of a case's id; repeatable")
    parser.add_argument("--repeat", type=_positive, default=1, help="readings of each page; their median counts")
    parser.add_argument("--jobs", type=_positive, default=1, help="cases at a time, each in a process of its own")
    parser.add_argument("--fresh", action="store_true", help="measure the peers again, whatever is kept of them")
    parser.add_argument("--no-report", action="store_true", help="only the table on the screen")
    parser.add_argument("--label", default="", help="name of the report")
    return parser.parse_args(arguments)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _cases(corpus: Path, set_names: Sequence[str], patterns: Sequence[str]) -> tuple[list[Case], list[str]]:
    chosen, unknown = sets.choose(set_names, folders_of(corpus))
    skipped = [f"{name}: neither a set of the bench nor a folder of the corpus." for name in unknown]
    cases: list[Case] = []
    for one in chosen:
        found, missing = load_set(corpus, one)
        cases += only(found, patterns)
        skipped += missing
    return cases, skipped


def _start_up(runs: Sequence[EngineRun], cases: Sequence[Case]) -> float | None:
    """Of our command on the first page that is one image, over the time our reader took for it once running."""
    ours = next((run for run in runs if run.engine.name == OURS), None)
    for case, result in zip(cases, ours.results if ours else (), strict=False):
        if result.pages == 1 and not result.error:
            return command_start_up(case.file, result.spent.wall_seconds)
    return None


def _keep_texts(runs: Sequence[EngineRun]) -> None:
    """What each reader read, for whoever wants to see why a figure is what it is; not part of the report."""
    for run in runs:
        for result in run.results:
            path = CACHE / "texts" / run.engine.name / result.set_name / f"{result.case_id}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(result.text, encoding="utf-8")


def _show(report: Report) -> None:
    print(table(report))
    for lines in (ratio_lines(report), verdict_lines(report), cost_lines(report), error_lines(report), report.skipped):
        if lines:
            print("\n" + "\n".join(lines))


if __name__ == "__main__":
    sys.exit(main())
