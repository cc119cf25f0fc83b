"""Who died is told by locks, which go with their process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from ocrchat.db.session import make_engine
from ocrchat.jobs.liveness import FileLiveness, Liveness, PostgresLiveness

_ROOT = Path(__file__).parents[3]

_HOLD = """
import sys, time
from pathlib import Path
from ocrchat.db.session import make_engine
from ocrchat.jobs.liveness import FileLiveness, PostgresLiveness
where = sys.argv[1]
held = PostgresLiveness(make_engine(where)) if "://" in where else FileLiveness(Path(where))
print(held.executor_id, flush=True)
time.sleep(600)
"""


@pytest.fixture(params=["folder", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "exec") if request.param == "folder" else str(request.getfixturevalue("postgres_url"))


def _liveness(where: str) -> Liveness:
    return PostgresLiveness(make_engine(where)) if "://" in where else FileLiveness(Path(where))


def test_process_when_stopped_then_alive_and_when_killed_then_dead(where: str) -> None:
    own = _liveness(where)
    environment = {**os.environ, "PYTHONPATH": str(_ROOT / "src")}
    with subprocess.Popen([sys.executable, "-c", _HOLD, where], env=environment, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        executor = other.stdout.readline().decode().strip()
        os.kill(other.pid, signal.SIGSTOP)
        assert own.is_alive(executor), "slow is not dead"
        other.kill()
        other.wait()
    end = time.monotonic() + 10
    while own.is_alive(executor):
        assert time.monotonic() < end
        time.sleep(0.02)
    own.forget(executor)
    assert not own.is_alive(executor)
    assert own.is_alive(own.executor_id)
    assert not own.is_alive("1-never")
    own.close()


def test_folder_when_a_process_was_killed_long_ago_then_its_file_goes(tmp_path: Path) -> None:
    alive = FileLiveness(tmp_path)
    for name in ("1-old", "2-young"):
        (tmp_path / name).touch()
    for name in ("1-old", alive.executor_id):
        os.utime(tmp_path / name, (0, 0))
    FileLiveness(tmp_path).close()
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(["2-young", alive.executor_id])
    alive.close()


def test_ids_when_made_twice_then_they_differ(where: str) -> None:
    one, two = _liveness(where), _liveness(where)
    assert one.executor_id != two.executor_id
    assert two.is_alive(one.executor_id)
    one.close()
    assert not two.is_alive(one.executor_id)
    two.close()


def test_postgres_when_its_connection_is_lost_then_it_takes_the_lock_again(postgres_url: str) -> None:
    own, other = _liveness(postgres_url), _liveness(postgres_url)
    engine = make_engine(postgres_url)
    assert isinstance(own, PostgresLiveness) and own._connection is not None
    pid = own._connection.scalar(text("SELECT pg_backend_pid()"))
    own._connection.commit()
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    engine.dispose()
    end = time.monotonic() + 10
    while other.is_alive(own.executor_id):
        assert time.monotonic() < end
        time.sleep(0.02)
    assert own.is_alive(own.executor_id)
    assert other.is_alive(own.executor_id)
    own.close()
    other.close()


def test_postgres_when_the_lost_connection_still_holds_then_it_is_tried_again_later(postgres_url: str) -> None:
    own = _liveness(postgres_url)
    assert isinstance(own, PostgresLiveness)
    lost, own._connection = own._connection, None
    assert lost is not None
    own._hold()
    assert _has_no_lock(own)
    lost.invalidate()
    lost.close()
    end = time.monotonic() + 10
    while _has_no_lock(own):
        assert time.monotonic() < end
        own._hold()
    own.close()
    own.close()


def _has_no_lock(liveness: PostgresLiveness) -> bool:
    return liveness._connection is None
