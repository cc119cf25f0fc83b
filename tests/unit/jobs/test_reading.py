"""The worker's side: stores that go away, processes that stop, pages that come twice, and who goes first."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

import ocrchat.jobs.reading
import ocrchat.jobs.wiring
from ocrchat.accounts.principal import Principal, acting_for, anonymous
from ocrchat.blobs.store import Blobs, memory_blobs
from ocrchat.credits.meter import Meter
from ocrchat.credits.service import Ledger
from ocrchat.errors import DatabaseUnavailable, InsufficientCredits, StorageError
from ocrchat.intake.limits import Limits
from ocrchat.jobs.commit import PageResult, commit_pages, payer_of
from ocrchat.jobs.model import Job, PageStatus, Status
from ocrchat.jobs.progress import Progress
from ocrchat.jobs.reading import Reader, Segment
from ocrchat.jobs.views import JobOptions
from ocrchat.pipeline.pool import WorkerPool
from tests.letters import letter
from tests.services import Service, service

NOBODY = anonymous("hash of a network")


def _reader(opened: Service) -> Reader:
    reader = opened.jobs._withdraw.__self__  # type: ignore[attr-defined]
    assert isinstance(reader, Reader)
    return reader


# --- what goes away --------------------------------------------------------------------------------------------------


def test_page_when_the_store_is_away_for_a_moment_then_it_is_read_all_the_same(
    opened: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, failures = Blobs.put, iter([True])

    def fail_once(self: Blobs, key: str, data: bytes) -> None:
        if next(failures, False):
            raise StorageError("The bucket is away.")
        put(self, key, data)

    monkeypatch.setattr(Blobs, "put", fail_once)
    _reader(opened)._patience = (0.01,)
    who = opened.account()
    job = opened.read(who, letter(2))
    assert (job.status, job.pages_read, opened.jobs.receipt(who, job.id).charged) == (Status.DONE, 2, 2)


def test_pages_when_the_store_stays_away_then_they_fail_free(opened: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Blobs, key: str, data: bytes) -> None:
        raise StorageError("The bucket is away.")

    monkeypatch.setattr(Blobs, "put", fail)
    reader = _reader(opened)
    reader._patience = (0.01,)
    who = opened.account()
    job = opened.read(who, letter(2))
    assert (job.status, job.error_code) == (Status.FAILED, "storage.failed")
    assert opened.jobs.receipt(who, job.id).charged == 0
    assert reader._give_up(Segment(job.id, 1, 1, 2), StorageError("again")), "there is nothing left to give up"
    assert opened.faults() == ()


def test_segment_when_the_database_stays_away_then_it_is_left_to_the_nets(
    opened: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("away"))

    reader = _reader(opened)
    reader._patience = (0.01,)
    monkeypatch.setattr(ocrchat.jobs.reading, "commit_pages", fail)
    who = opened.account()
    job = opened.submit(who, letter())
    _until(lambda: opened.jobs._submission._direct._room._value == 16)  # type: ignore[union-attr]
    assert opened.jobs.get(who, job.id).status is Status.PROCESSING
    assert opened.ask("SELECT held_by FROM jobs") != [(None,)]
    with pytest.raises(DatabaseUnavailable):
        reader.run(Segment(job.id, 1, 1, 1))


def test_segment_when_it_is_to_wait_and_the_process_stops_then_it_does_not(
    opened: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StorageError("The bucket is away.")

    reader = _reader(opened)
    reader._stopping.set()
    monkeypatch.setattr(reader, "_read", fail)
    assert not reader.run(Segment("unknown", 1, 1, 1))


def test_page_when_the_child_says_nonsense_of_it_then_it_is_damaged(
    opened: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lie(value: object) -> None:
        raise KeyError("number")

    monkeypatch.setattr(ocrchat.jobs.reading, "facts_from_json", lie)
    job = opened.read(opened.account(), letter())
    assert (job.status, job.error_code) == (Status.FAILED, "page.damaged")


def test_segment_when_its_job_is_gone_or_has_ended_then_nothing_is_done(opened: Service) -> None:
    reader = _reader(opened)
    assert reader.run(Segment("0" * 32, 1, 1, 1))
    who = opened.account()
    job = opened.read(who, letter())
    assert reader.run(Segment(job.id, 1, 1, 1))
    reader.withdraw_ended()


def test_segment_when_its_job_is_being_cancelled_then_it_stays_cancelled(idle: Service, pool: WorkerPool) -> None:
    job = idle.submit(idle.account(), letter(8))
    reader = Reader(
        database=idle.database,
        blobs=idle.blobs,
        pool=pool,
        limits=Limits(),
        meter=Meter(Ledger(idle.plans)),
        keys=idle.keys,
        progress=Progress(idle.database),
        engines={"cpu": "null", "vlm": "null"},
        clock=lambda: datetime.now(UTC),
    )
    begun: list[object] = []
    starting = threading.Thread(target=lambda: begun.append(reader._begin(Segment(job.id, 1, 1, 8))))
    with idle.database.unit() as session:
        session.execute(text("UPDATE jobs SET status = 'cancelled' WHERE id = :id"), {"id": job.id})
        starting.start()
        time.sleep(0.3)  # it looks at the job meanwhile, or waits for its turn to
    starting.join(10)
    assert begun == [None]
    assert idle.ask("SELECT status FROM jobs") == [("cancelled",)]


def test_job_when_cancelled_by_another_process_then_its_slots_are_freed(
    sqlite_url: str, tmp_path: Path, pool: WorkerPool
) -> None:
    with service(sqlite_url, tmp_path / "data", pool=pool, engines={"cpu": "slow"}) as opened:
        who = opened.account()
        job = opened.submit(who, letter(20), JobOptions(force_ocr=True))
        reader = _reader(opened)
        _until(lambda: bool(reader._at_work))
        with opened.database.unit() as session:
            session.execute(text("UPDATE jobs SET status = 'cancelled' WHERE id = :id"), {"id": job.id})
        before = time.monotonic()
        _until(lambda: not reader._at_work)
        assert time.monotonic() - before < 5


def test_process_when_it_stops_then_pages_in_work_are_kept_and_the_rest_is_read_by_the_next(
    sqlite_url: str, tmp_path: Path, pool: WorkerPool
) -> None:
    with service(sqlite_url, tmp_path / "data", pool=pool, engines={"cpu": "slow"}) as first:
        who = first.account()
        job = first.submit(who, letter(6), JobOptions(force_ocr=True))
        _until(lambda: first.jobs.get(who, job.id).pages_read >= 1)
    with service(sqlite_url, tmp_path / "data", works=False, pool=pool) as between:
        left = between.jobs.get(who, job.id)
        assert left.status is Status.PROCESSING and 1 <= left.pages_read < 6
    with service(sqlite_url, tmp_path / "data", pool=pool, engines={"cpu": "slow"}) as second:
        done = second.jobs.wait(who, job.id, seconds=60)
        assert (done.status, done.pages_read) == (Status.DONE, 6)
        assert second.jobs.receipt(who, job.id).charged == 6
        assert second.faults() == ()


def test_process_when_its_grace_is_over_then_pages_in_work_are_given_up(
    sqlite_url: str, tmp_path: Path, pool: WorkerPool
) -> None:
    with service(sqlite_url, tmp_path / "data", pool=pool, engines={"cpu": "slow"}) as opened:
        opened.submit(opened.account(), letter(2), JobOptions(force_ocr=True))
        reader = _reader(opened)
        _until(lambda: bool(reader._at_work))
        before = time.monotonic()
        reader.stop(grace_seconds=0)
        _until(lambda: not reader._at_work)
        assert time.monotonic() - before < 2


def test_service_when_it_brings_its_own_pools_then_they_go_with_it(sqlite_url: str, tmp_path: Path) -> None:
    with service(sqlite_url, tmp_path / "data") as opened:
        assert opened.jobs.health().queue_depth == 0
        opened.jobs._workflows.close()
    opened.jobs._workflows.close()


# --- in a bucket -----------------------------------------------------------------------------------------------------


def test_job_when_files_are_in_a_bucket_then_all_is_the_same(
    sqlite_url: str, tmp_path: Path, pool: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = memory_blobs()
    monkeypatch.setattr(ocrchat.jobs.wiring, "blobs_of", lambda settings: bucket)
    with service(sqlite_url, tmp_path / "data", pool=pool) as opened:
        who = opened.account()
        job = opened.read(who, letter(2))
        assert job.pages_read == 2
        assert b"page number 2" in b"".join(opened.jobs.export(who, job.id, "txt").pieces())
        with pytest.raises(InsufficientCredits):
            opened.submit(NOBODY, letter(11))
        assert len(bucket.prefixes("d")) == 1
        opened.jobs.delete(who, job.id)
        assert bucket.prefixes("d") == []
        assert not any((tmp_path / "data" / "uploads").rglob("source"))


# --- who pays what ---------------------------------------------------------------------------------------------------


def _job_at_work(opened: Service, who: Principal, *, tier: str = "cpu", price: int = 1) -> str:
    job = opened.submit(who, letter(2))
    with opened.database.unit() as session:
        session.execute(text("UPDATE jobs SET served_tier = :tier, price = :price"), {"tier": tier, "price": price})
        session.execute(text("UPDATE pages SET held = :price"), {"price": price})
    return job.id


def _commit(opened: Service, who: Principal, job_id: str, *results: PageResult, attempt: int = 1) -> frozenset[int]:
    with opened.database.unit() as session:
        commit = commit_pages(
            session,
            who,
            Meter(Ledger(opened.plans)),
            job_id=job_id,
            attempt=attempt,
            results=results,
            now=datetime.now(UTC),
        )
    return commit.kept


def _page(number: int, status: PageStatus = PageStatus.READ, **facts: Any) -> PageResult:
    return PageResult(number=number, status=status, result_key="key", facts=facts, seconds=1.0)


@pytest.fixture
def idle(database_url: str, tmp_path: Path, pool: WorkerPool) -> Any:
    with service(database_url, tmp_path / "data", works=False, pool=pool) as idle:
        yield idle


def test_page_when_it_comes_twice_then_the_second_changes_nothing_and_costs_nothing(idle: Service) -> None:
    who = acting_for(idle.account().account_id or "")
    job_id = _job_at_work(idle, who)
    assert _commit(idle, who, job_id, _page(1)) == {1}
    assert _commit(idle, who, job_id, _page(1)) == frozenset()
    assert _commit(idle, who, job_id, _page(1), _page(2, PageStatus.BLANK)) == {2}
    assert _commit(idle, who, job_id, _page(2)) == frozenset(), "the job has ended"
    assert _commit(idle, who, "0" * 32, _page(1)) == frozenset()
    assert idle.ask("SELECT status, pages_read, pages_blank FROM jobs") == [("done", 1, 1)]
    assert idle.ask("SELECT COUNT(*) FROM entries WHERE kind = 'charge'") == [(1,)]
    assert idle.faults() == ()


def test_page_when_it_is_of_an_earlier_attempt_then_it_is_not_taken(idle: Service) -> None:
    who = acting_for(idle.account().account_id or "")
    job_id = _job_at_work(idle, who)
    assert _commit(idle, who, job_id, _page(1), attempt=2) == frozenset()
    stranger = acting_for(idle.account("bob@example.org").account_id or "")
    assert _commit(idle, stranger, job_id, _page(1)) == frozenset()
    assert _commit(idle, NOBODY, job_id, _page(1)) == frozenset()


def test_page_when_the_file_said_itself_what_is_on_it_then_it_costs_what_cpu_costs(
    sqlite_url: str, tmp_path: Path, pool: WorkerPool
) -> None:
    with service(sqlite_url, tmp_path / "data", works=False, pool=pool) as idle:
        used = idle.ask("SELECT used FROM anonymous_use")
        job_id = _job_at_work(idle, NOBODY, tier="vlm", price=5)
        assert used == []
        assert _commit(idle, NOBODY, job_id, _page(1, read=False), _page(2, read=True)) == {1, 2}
        pages = idle.jobs.receipt(NOBODY, job_id).pages
        assert [(page.tier, page.credits) for page in pages] == [("cpu", 1), ("vlm", 5)]


def test_payer_when_the_job_is_nobodys_then_it_is_the_network() -> None:
    assert payer_of(Job(account_id=None, caller="network")).is_anonymous
    assert payer_of(Job(account_id="a", caller="a")).account_id == "a"


# --- who goes first --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pages", [1, 6])
def test_job_when_another_account_has_a_large_one_then_it_waits_for_two_of_its_pages_and_gets_its_turns(
    sqlite_url: str, tmp_path: Path, pool: WorkerPool, pages: int
) -> None:
    with service(sqlite_url, tmp_path / "data", pool=pool, engines={"cpu": "slow"}) as opened:
        many, one = opened.account(), opened.account("bob@example.org")
        large = opened.submit(many, letter(160), JobOptions(force_ocr=True))
        _until(lambda: opened.jobs.get(many, large.id).pages_read >= 2)
        before = opened.jobs.get(many, large.id).pages_read
        small = opened.submit(one, letter(pages), JobOptions(force_ocr=True))
        assert opened.jobs.wait(one, small.id, seconds=60).status is Status.DONE
        # Each slot reads two pages first and one while each of the small job's is read; one was being committed. What
        # goes through the queue waits for a look at it too.
        looks = 4 if pages > opened.jobs.inline_pages else 0
        assert opened.jobs.get(many, large.id).pages_read - before <= 3 * pool.slots + pages + looks
        opened.jobs.delete(many, large.id)


def _until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end, "it never came to it"
        time.sleep(0.02)
