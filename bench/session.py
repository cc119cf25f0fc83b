"""One run: every chosen reader over every chosen case, measured and scored."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from bench.cache import AnswerCache, key_of
from bench.calibration import judge
from bench.corpus import Case
from bench.engines import Engine
from bench.measure import Spent
from bench.pages import Given, give, truth_of
from bench.reader import Output, Reader, ReaderMissing
from bench.score import MEASURES
from bench.turns import Turn, Turns


@dataclass(frozen=True, kw_only=True)
class Result:
    """Of one reader on one case."""

    set_name: str
    case_id: str
    pages: int
    spent: Spent
    """Median of the repeats."""
    tree_bytes: int
    child_bytes: int
    scores: Mapping[str, float]
    judged: Sequence[tuple[float, bool]]
    text: str
    from_cache: bool
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class EngineRun:
    engine: Engine
    versions: Mapping[str, str]
    loading: Spent
    """From the start of the process until it says that it is ready."""
    first: Spent | None
    """The first document after that, measured apart: models compile and memory is taken when first used."""
    first_again: Spent | None
    """The same document later: what is more in `first` belongs to starting up."""
    results: Sequence[Result]

    @property
    def start_up(self) -> Spent | None:
        if self.first is None or self.first_again is None:
            return None
        return Spent(
            cpu_seconds=self.loading.cpu_seconds + max(0.0, self.first.cpu_seconds - self.first_again.cpu_seconds),
            wall_seconds=self.loading.wall_seconds + max(0.0, self.first.wall_seconds - self.first_again.wall_seconds),
        )


@dataclass(frozen=True, kw_only=True)
class Plan:
    cases: Sequence[Case]
    folder: Path
    """For pages made and answers kept."""
    repeats: int = 1
    jobs: int = 1
    fresh: bool = False


def run_engines(engines: Sequence[Engine], plan: Plan) -> Iterator[EngineRun | ReaderMissing]:
    """Each page by all of them, one after the other; with several jobs one engine after the other."""
    if plan.jobs > 1:
        yield from (_run_or_missing(engine, plan, nullcontext) for engine in engines)
        return
    turns = Turns([engine.name for engine in engines])

    def run(engine: Engine) -> EngineRun | ReaderMissing:
        try:
            return _run_or_missing(engine, plan, lambda: turns.turn(engine.name))
        finally:
            turns.leave(engine.name)

    with ThreadPoolExecutor(max_workers=len(engines)) as threads:
        yield from threads.map(run, engines)


def _run_or_missing(engine: Engine, plan: Plan, turn: Turn) -> EngineRun | ReaderMissing:
    try:
        return run_engine(engine, plan, turn)
    except ReaderMissing as missing:
        return missing


def run_engine(engine: Engine, plan: Plan, turn: Turn = nullcontext) -> EngineRun:
    """Raises ReaderMissing where the reader cannot run here."""
    pages = plan.folder / "pages"
    pages.mkdir(parents=True, exist_ok=True)
    answers = AnswerCache(plan.folder / "answers")
    with turn():  # two would make the same pages at once
        given = {case: give(case, pages, reads_pdf=engine.ours) for case in plan.cases}
    with Reader(engine, turn) as reader:
        known = {} if engine.ours or plan.fresh else _known(plan, answers, engine, reader.versions, given)
        pending = [case for case in plan.cases if case not in known]
        first = reader.read(given[pending[0]].files, pending[0].languages).spent if pending else None

        def keep(case: Case, repeat: int, output: Output) -> None:
            if not engine.ours:
                answers.put(key_of(engine, reader.versions, given[case], case.languages, repeat), output)

        measured = _read_all(reader, pending, given, plan, keep)
    results = [_result(case, given[case], (known | measured)[case], from_cache=case in known) for case in plan.cases]
    again = next((result.spent for case, result in zip(plan.cases, results, strict=True) if case in pending), None)
    return EngineRun(
        engine=engine,
        versions=reader.versions,
        loading=reader.loading,
        first=first,
        first_again=again,
        results=results,
    )


def _known(
    plan: Plan, answers: AnswerCache, engine: Engine, versions: Mapping[str, str], given: Mapping[Case, Given]
) -> dict[Case, list[Output]]:
    known = {}
    for case in plan.cases:
        keys = [key_of(engine, versions, given[case], case.languages, repeat) for repeat in range(plan.repeats)]
        kept = [answers.get(key) for key in keys]
        outputs = [output for output in kept if output is not None]
        if len(outputs) == plan.repeats:
            known[case] = outputs
    return known


def _read_all(
    first: Reader,
    cases: Sequence[Case],
    given: Mapping[Case, Given],
    plan: Plan,
    keep: Callable[[Case, int, Output], None],
) -> dict[Case, list[Output]]:
    """With several jobs each reads its share in a process of its own; the first is the one that is warm."""

    def read_share(reader: Reader, share: Iterable[Case]) -> dict[Case, list[Output]]:
        outputs: dict[Case, list[Output]] = {}
        for case in share:
            outputs[case] = [reader.read(given[case].files, case.languages) for _ in range(plan.repeats)]
            for repeat, output in enumerate(outputs[case]):
                keep(case, repeat, output)
        return outputs

    def read_apart(share: Sequence[Case]) -> dict[Case, list[Output]]:
        with Reader(first.engine) as reader:
            reader.read(given[share[0]].files, share[0].languages)
            return read_share(reader, share)

    shares = [cases[start :: plan.jobs] for start in range(plan.jobs)]
    with ThreadPoolExecutor(max_workers=plan.jobs) as threads:
        others = [threads.submit(read_apart, share) for share in shares[1:] if share]
        outputs = read_share(first, shares[0])
        for other in others:
            outputs |= other.result()
    return outputs


def _result(case: Case, given: Given, outputs: Sequence[Output], *, from_cache: bool) -> Result:
    last = outputs[-1]
    truth = truth_of(case)
    # What failed has read nothing, and is scored so.
    exports = {"txt": ""} | dict(last.exports)
    scores = {
        measure.name: score
        for measure in MEASURES
        if all(name in exports for name in measure.exports) and (score := measure.of(truth, exports)) is not None
    }
    return Result(
        set_name=case.set_name,
        case_id=case.id,
        pages=given.pages,
        spent=Spent(
            cpu_seconds=statistics.median(output.spent.cpu_seconds for output in outputs),
            wall_seconds=statistics.median(output.spent.wall_seconds for output in outputs),
        ),
        tree_bytes=max(output.tree_bytes for output in outputs),
        child_bytes=max(output.child_bytes for output in outputs),
        scores=scores,
        judged=judge(truth.text, last.words, spaced=truth.spaced),
        text=exports["txt"],
        from_cache=from_cache,
        error=last.error,
    )
