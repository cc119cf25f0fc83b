"""Pages that break their process: what they cost, and whom."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ocrchat.document.json import page_from_bytes
from ocrchat.document.model import Page, lines_of_page
from ocrchat.errors import OCRChatError, ReadingCancelled
from ocrchat.intake.limits import Limits
from ocrchat.pipeline.file_source import FileSource
from ocrchat.pipeline.options import ReadOptions
from ocrchat.pipeline.pipeline import new_pool, read, read_pages
from ocrchat.pipeline.pool import WorkerPool

_ROOT = Path(__file__).parents[2]
_FAULTS = ("fills", "killed", "killed_by_the_system", "hangs", "greedy", "raises", "defective", "noisy", "slow")
_ENGINES = {name: f"tests.faults.engines:{name}" for name in _FAULTS}
_LIMITS = replace(Limits(), open_seconds=5.0, read_seconds=4.0, memory_bytes=512 * 1024 * 1024)


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkerPool]:
    monkeypatch.setenv("PYTHONPATH", str(_ROOT))
    with new_pool(slots=1, limits=_LIMITS, engines=_ENGINES) as pool:
        yield pool


def _picture(folder: Path, name: str, *, bad: bool) -> Path:
    path = folder / name
    shade = b"10 " if bad else b"250 "
    path.write_bytes(b"P2\n40 40\n255\n" + shade * 1600)
    return path


def _read(path: Path, engine: str, pool: WorkerPool, limits: Limits = _LIMITS) -> Page:
    return read(path, ReadOptions(engine=engine), pool=pool, limits=limits).pages[0]


@pytest.mark.parametrize(
    ("engine", "code", "words"),
    [
        ("killed", "page.crashed", "crash"),
        ("killed_by_the_system", "page.out_of_memory", "memory"),
        ("hangs", "page.timeout", "longer than 4 seconds"),
        ("greedy", "page.out_of_memory", "512 MB"),
        ("raises", "engine.failed", "melted"),
        ("defective", "page.damaged", "not as it should be"),
    ],
)
def test_page_when_its_engine_misbehaves_fails_alone_with_a_sentence(
    engine: str, code: str, words: str, tmp_path: Path, pool: WorkerPool
) -> None:
    page = _read(_picture(tmp_path, "bad.pgm", bad=True), engine, pool)
    assert page.failure is not None
    assert page.failure.code == code
    assert words in page.failure.message
    assert _read(_picture(tmp_path, "good.pgm", bad=False), engine, pool).failure is None


def test_page_when_its_engine_fills_memory_is_ended_before_the_machine_is_full(
    tmp_path: Path, pool: WorkerPool
) -> None:
    limits = replace(_LIMITS, read_seconds=60.0)
    failure = _read(_picture(tmp_path, "bad.pgm", bad=True), "fills", pool, limits).failure
    assert failure is not None
    assert failure.code == "page.out_of_memory"


def test_page_when_its_engine_has_a_defect_leaves_its_place_in_the_log_and_nothing_of_the_document(
    tmp_path: Path, pool: WorkerPool, caplog: pytest.LogCaptureFixture
) -> None:
    _read(_picture(tmp_path, "bad.pgm", bad=True), "defective", pool)
    assert caplog.messages[0].startswith("page_defect KeyError at <lambda>:")
    assert "nothing" not in caplog.text


def test_page_when_its_engine_prints_is_read_all_the_same(tmp_path: Path, pool: WorkerPool) -> None:
    page = _read(_picture(tmp_path, "bad.pgm", bad=True), "noisy", pool)
    assert [line.text.split()[0] for line in lines_of_page(page)] == ["good"]


def test_crash_when_the_neighbour_reads_meanwhile_does_not_touch_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(_ROOT))
    good, bad = _picture(tmp_path, "good.pgm", bad=False), _picture(tmp_path, "bad.pgm", bad=True)
    with new_pool(slots=2, limits=_LIMITS, engines=_ENGINES) as pool:
        sources = [FileSource(path, pool=pool, limits=_LIMITS) for path in (bad, good, bad, good)]
        tickets = [source.submit_page(1, engine="killed", languages=(), force_ocr=False) for source in sources]
        outcomes: list[object] = []
        for ticket in tickets:
            try:
                outcomes.append(page_from_bytes(ticket.result(30).payload).failure is None)
            except OCRChatError as error:
                outcomes.append((error.code == "page.crashed" and "fine") or error.code)
    assert outcomes == ["fine", True, "fine", True]


def test_cancel_when_a_page_is_in_work_frees_the_slot_within_a_second(tmp_path: Path, pool: WorkerPool) -> None:
    limits = replace(_LIMITS, read_seconds=60.0)
    bad = FileSource(_picture(tmp_path, "bad.pgm", bad=True), pool=pool, limits=limits)
    bad.probe()
    ticket = bad.submit_page(1, engine="hangs", languages=(), force_ocr=False)
    waiting = bad.submit_page(1, engine="hangs", languages=(), force_ocr=False)
    time.sleep(0.7)
    started = time.monotonic()
    waiting.cancel()
    ticket.cancel()
    for cancelled in (ticket, waiting):
        with pytest.raises(ReadingCancelled):
            cancelled.result(1)
    assert time.monotonic() - started < 1
    assert _read(_picture(tmp_path, "good.pgm", bad=False), "hangs", pool).failure is None


def test_close_when_pages_are_in_work_leaves_no_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(_ROOT))
    others = set(_children_of(os.getpid(), "ocrchat.pipeline.child"))
    pool = new_pool(slots=2, limits=_LIMITS, engines=_ENGINES)
    source = FileSource(_picture(tmp_path, "bad.pgm", bad=True), pool=pool, limits=replace(_LIMITS, read_seconds=60.0))
    tickets = [source.submit_page(1, engine="hangs", languages=(), force_ocr=False) for _ in range(4)]
    time.sleep(0.7)
    pool.close()
    for ticket in tickets:
        with pytest.raises(ReadingCancelled):
            ticket.result(1)
    assert set(_children_of(os.getpid(), "ocrchat.pipeline.child")) <= others
    with pytest.raises(ReadingCancelled, match="stopping"):
        source.submit_page(1, engine="hangs", languages=(), force_ocr=False)


def test_read_pages_when_the_caller_stops_early_cancels_the_rest(tmp_path: Path, pool: WorkerPool) -> None:
    frames = tmp_path / "many.tif"
    from PIL import Image

    pages = [Image.new("L", (40, 40), 250 - number) for number in range(30)]
    pages[0].save(frames, save_all=True, append_images=pages[1:])
    pages_read = read_pages(frames, ReadOptions(engine="slow"), pool=pool, limits=_LIMITS)
    assert next(pages_read).number == 1
    started = time.monotonic()
    pages_read.close()  # type: ignore[attr-defined]
    assert _read(_picture(tmp_path, "good.pgm", bad=False), "noisy", pool).failure is None
    assert time.monotonic() - started < 10.0  # thirty pages of half a second each were not waited for


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_parent_when_it_ends_leaves_no_child(way: signal.Signals, tmp_path: Path) -> None:
    """Also without a `__main__` guard: the script below has none."""
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, ocrchat\n"
        "from ocrchat.pipeline.pipeline import new_pool\n"
        f"pool = new_pool(slots=2, engines={_ENGINES!r})\n"
        "sys.stdout.write('started\\n'); sys.stdout.flush()\n"
        "ocrchat.read(sys.argv[1], ocrchat.ReadOptions(engine='hangs'), pool=pool)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(_ROOT / "src"), str(_ROOT)))}
    picture = str(_picture(tmp_path, "bad.pgm", bad=True))
    with subprocess.Popen(
        [sys.executable, str(script), picture],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # Whoever runs the tests in the background has Ctrl-C ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"started\n"
        deadline = time.monotonic() + 10
        while not (children := _children_of(parent.pid, "ocrchat.pipeline.child")) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert children
        time.sleep(0.3)
        parent.send_signal(way)
        parent.wait(10)
    deadline = time.monotonic() + 5
    while any(_is_alive(child) for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [child for child in children if _is_alive(child)]


def _children_of(parent: int, part_of_command: str) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes().decode()
        except OSError:
            continue
        if int(status[1]) == parent and part_of_command in command and status[0] != "Z":
            found.append(int(folder.name))
    return found


def _is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
