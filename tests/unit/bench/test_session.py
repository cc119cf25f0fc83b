from pathlib import Path

from bench.corpus import Case
from bench.engines import Engine
from bench.reader import ReaderMissing
from bench.session import EngineRun, Plan, run_engine, run_engines

LINE = Engine(name="line", title="Line reader", module="tests.unit.bench.line_runner")


def case(folder: Path, name: str, read: str, truth: str) -> Case:
    file = folder / f"{name}.txt"
    file.write_text(read, encoding="utf-8")
    (folder / f"{name}.gt.txt").write_text(truth, encoding="utf-8")
    return Case(set_name="set", id=name, file=file, languages=("en",))


def test_run_when_repeated_then_peers_are_answered_for_and_changed_pages_are_not(tmp_path: Path) -> None:
    cases = [case(tmp_path, "a", "one two", "one two"), case(tmp_path, "b", "three", "tree")]
    plan = Plan(cases=cases, folder=tmp_path / "cache")
    first = run_engine(LINE, plan)
    assert [result.scores for result in first.results] == [{"F1": 1.0, "CER": 0.0}, {"F1": 0.0, "CER": 0.25}]
    assert [result.from_cache for result in first.results] == [False, False]
    assert first.start_up is not None

    case(tmp_path, "b", "tree", "tree")
    second = run_engine(LINE, plan)
    assert [result.from_cache for result in second.results] == [True, False]
    assert second.results[0].spent == first.results[0].spent
    assert second.results[1].scores["F1"] == 1.0


def test_run_when_fresh_then_nothing_kept_is_used(tmp_path: Path) -> None:
    cases = [case(tmp_path, "a", "one", "one")]
    run_engine(LINE, Plan(cases=cases, folder=tmp_path / "cache"))
    again = run_engine(LINE, Plan(cases=cases, folder=tmp_path / "cache", fresh=True))
    assert not again.results[0].from_cache


def test_run_when_the_reader_is_ours_then_it_is_always_measured(tmp_path: Path) -> None:
    ours = Engine(name="line", title="Line reader", module=LINE.module, ours=True)
    plan = Plan(cases=[case(tmp_path, "a", "one", "one")], folder=tmp_path / "cache")
    run_engine(ours, plan)
    assert not run_engine(ours, plan).results[0].from_cache


def test_run_when_a_page_fails_then_it_scores_nothing_and_is_told(tmp_path: Path) -> None:
    cases = [case(tmp_path, "a", "refuse", "refuse"), case(tmp_path, "b", "good", "good")]
    failed, good = run_engine(LINE, Plan(cases=cases, folder=tmp_path / "cache")).results
    assert failed.error == "ValueError: not a page"
    assert failed.scores == {"F1": 0.0, "CER": 1.0}
    assert good.scores["F1"] == 1.0


def test_run_when_several_jobs_read_then_results_keep_their_order(tmp_path: Path) -> None:
    cases = [case(tmp_path, name, name, name) for name in ("a", "b", "c")]
    plan = Plan(cases=cases, folder=tmp_path / "cache", jobs=2, repeats=2)
    assert [result.text for result in run_engine(LINE, plan).results] == ["a", "b", "c"]


def test_judged_words_when_a_reader_gives_confidences_then_each_has_a_verdict(tmp_path: Path) -> None:
    (result,) = run_engine(LINE, Plan(cases=[case(tmp_path, "a", "one tow", "one two")], folder=tmp_path)).results
    assert list(result.judged) == [(0.9, True), (0.9, False)]


def test_runs_when_engines_take_turns_then_each_has_all_its_pages_and_a_missing_one_holds_nobody_up(
    tmp_path: Path,
) -> None:
    cases = [case(tmp_path, name, name, name) for name in ("a", "b", "c")]
    other = Engine(name="other", title="Another", module=LINE.module)
    absent = Engine(name="absent", title="Absent", module=LINE.module, needs="no-such-program")
    first, missing, second = run_engines([LINE, absent, other], Plan(cases=cases, folder=tmp_path / "cache"))
    assert isinstance(missing, ReaderMissing)
    for run in (first, second):
        assert isinstance(run, EngineRun)
        assert [result.text for result in run.results] == ["a", "b", "c"]
