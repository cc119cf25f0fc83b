"""A job of sixty pages, and kill -9 at random moments: it finishes, and every page is paid once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from ocrchat.db.session import Database, make_engine
from tests.ledgers import faults
from tests.letters import letter

ROOT = Path(__file__).parents[2]
PAGES = 60

# A page takes so long in its child: the kills meet the job in its middle.
DELAY_SECONDS = 0.1


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ocrchat.db'}"
    new_database: Callable[[], str] = request.getfixturevalue("new_postgres_database")
    return new_database()


class _Server:
    """The process under test; what kills it, and what is left of it."""

    def __init__(self, url: str, folder: Path, file: Path, engine: str) -> None:
        self._command = [sys.executable, "-m", "tests.chaos", url, str(folder), str(file), engine]
        self.log = folder / "points.log"
        self.errors = folder / "errors.log"
        folder.mkdir(exist_ok=True)
        self.process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        points = f"page_begun={DELAY_SECONDS},page_read=0,page_committed=0"
        environment = {
            **os.environ,
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "OCRCHAT_POINTS": points,
            "OCRCHAT_POINTS_LOG": str(self.log),
        }
        with self.errors.open("a") as errors:
            return subprocess.Popen(
                self._command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
            )

    def restart(self) -> None:
        self._reap()
        self.process = self._start()

    def kill_main(self) -> None:
        self.process.kill()

    def kill_page_child(self, chance: random.Random) -> None:
        children = _children(self.process.pid)
        if children:
            _kill(chance.choice(children))

    def kill_tree(self) -> None:
        for pid in [self.process.pid, *_children(self.process.pid)]:
            _kill(pid)

    def wait_for(self, point: str, count: int) -> None:
        """Until so many pages in all have passed the point."""
        deadline = time.monotonic() + 120
        while self.passed()[point] < count:
            assert time.monotonic() < deadline, f"{point} was passed {self.passed()[point]} times only"
            assert self.process.poll() is None, self.errors.read_text()
            time.sleep(0.02)

    def passed(self) -> Counter[str]:
        lines = self.log.read_text("ascii").splitlines() if self.log.exists() else []
        return Counter(line.split()[0] for line in lines)

    def numbers(self, point: str) -> Counter[int]:
        lines = (line.split() for line in self.log.read_text("ascii").splitlines())
        return Counter(int(number) for name, number in lines if name == point)

    def finish(self) -> None:
        assert self.process.stdout is not None
        words = self.process.stdout.read().split()
        assert words[-1:] == ["finished"], self.errors.read_text()
        assert self.process.wait(timeout=30) == 0
        self.process.stdout.close()

    def close(self) -> None:
        self.kill_tree()
        self._reap()

    def _reap(self) -> None:
        self.process.wait(timeout=10)
        if self.process.stdout is not None:
            self.process.stdout.close()


@contextmanager
def _server(url: str, tmp_path: Path, engine: str) -> Iterator[_Server]:
    file = tmp_path / "sixty.pdf"
    file.write_bytes(letter(PAGES))
    server = _Server(url, tmp_path / "data", file, engine)
    try:
        yield server
    finally:
        server.close()


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(child) for child in task.read_text("ascii").split()]
    return found


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize(
    ("seed", "engine"), [(1, ""), *(pytest.param(seed, "fast", marks=pytest.mark.long) for seed in range(2, 22))]
)
def test_job_when_processes_are_killed_at_random_moments_then_it_ends_and_each_page_is_paid_once(
    url: str, tmp_path: Path, seed: int, engine: str
) -> None:
    chance = random.Random(seed)
    with _server(url, tmp_path, engine) as server:
        moments = sorted(chance.sample(range(4, PAGES - 6), 3))
        server.wait_for("page_read", moments[0])
        server.kill_main()
        server.restart()
        server.wait_for("page_read", moments[1])
        server.kill_page_child(chance)
        server.wait_for("page_read", moments[2])
        server.kill_tree()
        server.restart()
        server.finish()
        read = server.numbers("page_read")
    assert sorted(read) == list(range(1, PAGES + 1))
    assert sum(read.values()) - PAGES <= 3
    _assert_settled(url)


def _assert_settled(url: str) -> None:
    engine = make_engine(url)
    database = Database(engine)
    try:
        with database.reading() as session:
            jobs = session.execute(
                text("SELECT status, pages_read, pages_blank, pages_failed, held_by FROM jobs")
            ).all()
            pages = session.execute(text("SELECT status, paid, COUNT(*) FROM pages GROUP BY status, paid")).all()
            kinds = session.execute(text("SELECT kind, COUNT(*) FROM entries GROUP BY kind")).all()
            entries = {row[0]: row[1] for row in kinds}
        assert [tuple(job) for job in jobs] == [("done", PAGES, 0, 0, None)]
        assert [tuple(page) for page in pages] == [("read", 1, PAGES)]
        assert (entries["hold"], entries["charge"], entries["release"]) == (PAGES, PAGES, PAGES)
        assert faults(database) == ()
    finally:
        database.close()
