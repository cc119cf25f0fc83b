"""From results to the figures people compare: by set, together, and as ratios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.engines import ENGINES, OURS
from bench.session import EngineRun, Result
from bench.sets import GROUPS


@dataclass(frozen=True, kw_only=True)
class Row:
    """Of one reader over some cases."""

    engine: str
    pages: int
    cpu_seconds: float
    scores: dict[str, float]
    failures: int

    @property
    def cpu_seconds_a_page(self) -> float:
        return self.cpu_seconds / max(1, self.pages)


def row(engine: str, results: Sequence[Result]) -> Row:
    """Scores are means over cases; times are sums."""
    names = sorted({name for result in results for name in result.scores})
    return Row(
        engine=engine,
        pages=sum(result.pages for result in results),
        cpu_seconds=sum(result.spent.cpu_seconds for result in results),
        scores={name: _mean([result.scores[name] for result in results if name in result.scores]) for name in names},
        failures=sum(bool(result.error) for result in results),
    )


def set_names(runs: Sequence[EngineRun]) -> list[str]:
    return list(dict.fromkeys(result.set_name for run in runs for result in run.results))


def rows_of_set(runs: Sequence[EngineRun], set_name: str) -> list[Row]:
    return [row(run.engine.name, [one for one in run.results if one.set_name == set_name]) for run in runs]


def rows_together(runs: Sequence[EngineRun]) -> list[Row]:
    """Every page for the times; for the scores every set weighs the same, however many pages it has."""
    rows = []
    for run in runs:
        whole = row(run.engine.name, run.results)
        by_set = [rows_of_set([run], name)[0] for name in set_names([run])]
        names = sorted({name for one in by_set for name in one.scores})
        scores = {name: _mean([one.scores[name] for one in by_set if name in one.scores]) for name in names}
        rows.append(
            Row(
                engine=whole.engine,
                pages=whole.pages,
                cpu_seconds=whole.cpu_seconds,
                scores=scores,
                failures=whole.failures,
            )
        )
    return rows


def rows_of_books(runs: Sequence[EngineRun]) -> list[Row]:
    return [row(run.engine.name, [one for one in run.results if one.set_name in GROUPS["book"]]) for run in runs]


def ratios(rows: Sequence[Row], ours: str = OURS) -> dict[str, float]:
    """How many times the core-seconds a page of `ours` each other reader takes; empty without it or without pages."""
    us = next((one for one in rows if one.engine == ours and one.cpu_seconds > 0), None)
    if us is None:
        return {}
    return {one.engine: one.cpu_seconds_a_page / us.cpu_seconds_a_page for one in rows if one is not us and one.pages}


def is_peer(row: Row) -> bool:
    return row.engine not in ENGINES or not ENGINES[row.engine].ours


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(1, len(values))
