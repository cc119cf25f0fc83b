"""The nets under the reading: what the dead held goes on, what was lost is found, what is due goes."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.leaving import delete_account, export_account
from ocrchat.accounts.principal import OPERATOR, anonymous
from ocrchat.accounts.rotation import rotate_keys
from ocrchat.blobs.store import Blobs
from ocrchat.cli.operator import Office
from ocrchat.credits.meter import Meter
from ocrchat.credits.service import Ledger
from ocrchat.document.json import document_from_bytes
from ocrchat.errors import NoSuchJob, ServerKeyError, StorageError
from ocrchat.jobs.keeper import Duty, Keeper, Recovery
from ocrchat.jobs.liveness import FileLiveness
from ocrchat.jobs.model import Status
from ocrchat.jobs.passwords import keys_of_passwords, prove_passwords, reseal_passwords
from ocrchat.jobs.queueing import Queueing
from ocrchat.jobs.views import JobOptions
from ocrchat.pipeline.pool import WorkerPool
from tests.letters import letter
from tests.services import Service, service

NOBODY = anonymous("hash of a network")


@pytest.fixture
def idle(sqlite_url: str, tmp_path: Path, pool: WorkerPool) -> Iterator[Service]:
    """Nobody reads here."""
    with service(sqlite_url, tmp_path / "data", works=False, pool=pool) as idle:
        yield idle


@pytest.fixture
def recovery(idle: Service, tmp_path: Path) -> Iterator[Recovery]:
    meter = Meter(Ledger(idle.plans))
    workflows = idle.jobs._workflows
    liveness = FileLiveness(tmp_path / "exec")
    yield Recovery(
        database=idle.database,
        workflows=workflows,
        liveness=liveness,
        queueing=Queueing(idle.database, workflows, meter),
        clock=lambda: datetime.now(UTC),
    )
    liveness.close()


def _set(opened: Service, what: str) -> None:
    with opened.database.unit() as session:
        session.execute(text(f"UPDATE jobs SET {what}"))


def test_job_when_the_process_that_held_it_died_then_it_is_put_on_a_queue(
    idle: Service, recovery: Recovery, sqlite_url: str, tmp_path: Path, pool: WorkerPool
) -> None:
    who = idle.account()
    job = idle.submit(who, letter(2))
    idle.jobs._workflows.delete(job.id)
    _set(idle, "held_by = '1-dead', status = 'processing'")
    assert recovery.find_lost() == 0, "somebody has it, as far as this net can see"
    assert recovery.hand_on() == 1
    assert recovery.hand_on() == 0
    assert idle.ask("SELECT held_by, revivals FROM jobs") == [(None, 1)]
    assert idle.jobs._workflows.jobs_on_queues() == {job.id}
    assert recovery.find_lost() == 0
    with service(sqlite_url, tmp_path / "data", pool=pool) as opened:
        assert opened.jobs.wait(who, job.id, seconds=30).status is Status.DONE


def test_job_when_neither_process_nor_queue_knows_it_then_it_is_found(idle: Service, recovery: Recovery) -> None:
    job = idle.submit(idle.account(), letter(8))
    assert recovery.find_lost() == 0
    idle.jobs._workflows.delete(job.id)
    assert recovery.find_lost() == 1
    assert idle.jobs._workflows.jobs_on_queues() == {job.id}


def test_job_when_it_takes_its_readers_with_it_again_and_again_then_its_pages_fail_free(
    idle: Service, recovery: Recovery
) -> None:
    who = idle.account()
    job = idle.submit(who, letter(2))
    idle.jobs._workflows.delete(job.id)
    _set(idle, "revivals = 20")
    assert recovery.find_lost() == 1
    failed = idle.jobs.get(who, job.id)
    assert (failed.status, failed.error_code) == (Status.FAILED, "page.crashed")
    assert "None of the 2 pages could be read." in failed.error
    assert idle.jobs.receipt(who, job.id).held == 0
    assert idle.faults() == ()
    recovery._queueing.give_up(job.id, now=datetime.now(UTC))
    recovery._queueing.give_up("unknown", now=datetime.now(UTC))
    assert recovery._revive(job.id, "1-dead") == 0


def test_keeper_when_a_duty_fails_then_it_comes_again_and_others_are_done() -> None:
    done: list[str] = []

    def fail() -> None:
        done.append("fail")
        raise OSError("away")

    keeper = Keeper([Duty("fail", 10.0, fail), Duty("work", 20.0, lambda: done.append("work"))])
    keeper.do_due(100.0)
    keeper.do_due(105.0)
    keeper.do_due(110.0)
    assert done == ["fail", "work", "fail"]
    keeper.stop()
    keeper.do_due(200.0)
    assert len(done) == 3


def test_keeper_when_started_then_it_works_until_stopped() -> None:
    done: list[int] = []
    keeper = Keeper([Duty("work", 0.0, lambda: done.append(1))])
    keeper.start()
    _until(lambda: bool(done))
    keeper.stop()


# --- retention -------------------------------------------------------------------------------------------------------


def test_sweep_when_time_is_over_then_everything_goes(idle: Service) -> None:
    who, retention = idle.account(), idle.jobs._retention
    job = idle.submit(who, letter(8))
    idle.jobs.cancel(who, job.id)
    assert retention.sweep() == 0
    with idle.database.unit() as session:
        session.execute(text("UPDATE documents SET expires_at = '2026-01-01 00:00:00'"))
    assert retention.sweep() == 1
    assert idle.files() == []
    assert [idle.ask(f"SELECT COUNT(*) FROM {table}")[0][0] for table in ("documents", "jobs", "pages")] == [0, 0, 0]
    assert idle.ask("SELECT COUNT(*) FROM workflow_status") == [(0,)]
    with pytest.raises(NoSuchJob):
        idle.jobs.get(who, job.id)


def test_sweep_when_one_cannot_be_removed_then_the_others_are_and_it_is_tried_again(
    idle: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, retention = idle.account(), idle.jobs._retention
    jobs = [idle.submit(who, letter()) for _ in range(2)]
    with idle.database.unit() as session:
        session.execute(text("UPDATE documents SET deleted_at = '2026-01-01 00:00:00'"))
    removed = Blobs.delete_prefix
    failures = iter([True])

    def fail_once(self: Blobs, prefix: str) -> object:
        if next(failures, False):
            raise StorageError("The bucket is away.")
        return removed(self, prefix)

    monkeypatch.setattr(Blobs, "delete_prefix", fail_once)
    assert retention.sweep() == 1
    assert retention.sweep() == 1
    assert idle.ask("SELECT COUNT(*) FROM jobs") == [(0,)]
    assert idle.faults() == (), "what they held is released"
    assert len(jobs) == 2


def test_orphans_when_old_then_they_go_and_young_ones_stay(
    idle: Service, sqlite_url: str, tmp_path: Path, pool: WorkerPool
) -> None:
    assert idle.blobs.folder is not None
    idle.submit(idle.account(), letter())
    upload = idle.jobs.uploads.begin()
    upload.write(b"as far as it came")
    assert idle.jobs._retention.sweep_orphans() == 0
    later = datetime.now(UTC) + timedelta(days=2)
    idle.jobs._retention._clock = lambda: later
    assert idle.jobs._retention.sweep_orphans() == 1
    assert len(idle.files()) == 1
    (idle.blobs.folder / "d" / "zz" / "nothing").mkdir(parents=True)
    assert idle.jobs._retention.sweep_orphans() == 1
    upload.__exit__(None, None, None)


# --- accounts and keys -----------------------------------------------------------------------------------------------


def test_account_when_deleted_then_its_documents_are_seen_by_nobody_and_go(idle: Service, tmp_path: Path) -> None:
    who = idle.account()
    job = idle.submit(who, letter(2), name="private.pdf")
    parts = Office(idle.settings, idle.database, ServerKeys(idle.settings.key_file), idle.plans).account_parts
    with (tmp_path / "export.zip").open("w+b") as sink:
        export_account(idle.database, who, parts, sink, now=datetime.now(UTC))
    assert (tmp_path / "export.zip").stat().st_size > 1000
    with idle.database.unit() as session:
        receipt = delete_account(session, who, parts, now=datetime.now(UTC))
    assert (receipt.removed["jobs"], receipt.removed["documents"]) == (1, 1)
    assert "private.pdf" not in str(idle.ask("SELECT * FROM documents"))
    for stranger in (who, NOBODY, idle.account("bob@example.org")):
        with pytest.raises(NoSuchJob):
            idle.jobs.get(stranger, job.id)
    later = datetime.now(UTC) + timedelta(minutes=2)
    idle.jobs._retention._clock = lambda: later
    assert idle.jobs._retention.sweep() == 1
    assert idle.files() == []
    assert idle.faults() == ()


def test_account_when_exported_then_sources_and_results_are_in_it(opened: Service, tmp_path: Path) -> None:
    who = opened.account()
    kept, lost = opened.read(who, letter(2)), opened.read(who, letter())
    (source,) = (one for one in opened.files() if one.endswith("source") and _is_of(opened, one, lost.id))
    opened.blobs.delete([source])
    parts = Office(opened.settings, opened.database, opened.keys, opened.plans).account_parts
    with (tmp_path / "export.zip").open("w+b") as sink:
        export_account(opened.database, who, parts, sink, now=datetime.now(UTC))
    with zipfile.ZipFile(tmp_path / "export.zip") as archive:
        names = {name for name in archive.namelist() if name.startswith("jobs/")}
        assert {f"jobs/{kept.id}/{name}" for name in ("job.json", "document.json", "source")} <= names
        assert f"jobs/{lost.id}/source" not in names
        read = document_from_bytes(archive.read(f"jobs/{kept.id}/document.json"))
        assert [page.number for page in read.pages] == [1, 2]
        assert archive.read(f"jobs/{kept.id}/source") == letter(2)


def _is_of(opened: Service, key: str, job_id: str) -> bool:
    return opened.ask("SELECT document_id FROM jobs WHERE id = :id", id=job_id) == [(key.split("/")[2],)]


def test_passwords_when_the_key_is_rotated_then_they_open_with_the_new_one(idle: Service) -> None:
    job = idle.submit(idle.account(), letter(), JobOptions(password="secret"))
    with idle.database.reading() as session:
        assert keys_of_passwords(session) == {idle.keys.ids[0]}
    for _ in range(2):
        done = rotate_keys(
            idle.database,
            OPERATOR,
            idle.keys,
            now=datetime.now(UTC),
            parts=[reseal_passwords],
            in_use=[keys_of_passwords],
        )
    assert done.dropped
    with idle.database.reading() as session:
        prove_passwords(session, idle.keys)
        assert keys_of_passwords(session) == {idle.keys.ids[0]}
    sealed = idle.ask("SELECT password_sealed FROM jobs WHERE id = :id", id=job.id)[0][0]
    assert idle.keys.open(f"job-password:{job.id}", str(sealed)) == "secret"
    _set(idle, "password_sealed = 'other.abc'")
    with idle.database.reading() as session, pytest.raises(ServerKeyError):
        prove_passwords(session, idle.keys)


def _until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)
