from pathlib import Path

import pytest

from bench.engines import AS_A_CHILD, ENGINES, Engine
from bench.reader import Reader, ReaderMissing
from ocrchat.pipeline.child_process import WORKING_ALONE

LINE = Engine(name="line", title="Line reader", module="tests.unit.bench.line_runner")


def page(folder: Path, text: str) -> Path:
    path = folder / f"{text}.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_reader_when_a_page_fails_then_the_next_is_read_by_the_same_process(tmp_path: Path) -> None:
    with Reader(LINE) as reader:
        refused = reader.read([page(tmp_path, "refuse")], ["en"])
        good = reader.read([page(tmp_path, "good")], ["en"])
    assert refused.error == "ValueError: not a page"
    assert good.error == ""
    assert good.exports == {"txt": "good"}
    assert good.words == [("good", 0.9)]
    assert reader.versions == {"line": "1"}


def test_reader_when_a_page_kills_it_then_its_last_words_are_kept_and_a_fresh_one_goes_on(tmp_path: Path) -> None:
    with Reader(LINE) as reader:
        died = reader.read([page(tmp_path, "die")], ["en"])
        good = reader.read([page(tmp_path, "good")], ["en"])
    assert "the page was too much" in died.error
    assert good.exports == {"txt": "good"}


def test_reader_when_a_child_does_the_work_then_its_time_counts_and_idle_time_does_not(tmp_path: Path) -> None:
    with Reader(LINE) as reader:
        burnt = reader.read([page(tmp_path, "burn")], ["en"])
        held = reader.read([page(tmp_path, "hold")], ["en"])
    assert 0.18 <= burnt.spent.cpu_seconds <= 2.0
    assert held.spent.wall_seconds >= 0.35
    # It sleeps 0.35 s; to take the memory costs the kernel up to 0.2 s on a busy machine.
    assert held.spent.cpu_seconds <= held.spent.wall_seconds - 0.3


def test_reader_when_a_page_takes_memory_then_the_peak_shows_it(tmp_path: Path) -> None:
    with Reader(LINE) as reader:
        plain = reader.read([page(tmp_path, "good")], ["en"])
        held = reader.read([page(tmp_path, "hold")], ["en"])
    assert held.tree_bytes - plain.tree_bytes > 50_000_000


def test_reader_when_it_does_not_start_then_it_is_missing_and_says_why() -> None:
    broken = Engine(name="broken", title="Broken reader", module=LINE.module, arguments=("broken",))
    with pytest.raises(ReaderMissing, match="there are no weights"):
        Reader(broken)


def test_reader_when_its_command_is_not_installed_then_it_is_missing() -> None:
    with pytest.raises(ReaderMissing, match="no-such-command"):
        Reader(Engine(name="x", title="X", module=LINE.module, needs="no-such-command"))


def test_engines_when_listed_then_the_defaults_are_among_them() -> None:
    from bench.engines import DEFAULT

    assert set(DEFAULT) <= set(ENGINES)


def test_engine_alone_when_it_runs_then_as_a_child_of_the_product_would() -> None:
    assert AS_A_CHILD == WORKING_ALONE
