"""Jobs from the first byte to the last trace, as the HTTP APIs call them."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy.exc import IntegrityError

import ocrchat.jobs.repository
from ocrchat.accounts.principal import Scope, anonymous
from ocrchat.document.json import document_from_bytes, page_from_bytes
from ocrchat.document.model import lines_of_page
from ocrchat.errors import (
    BadPageRange,
    BadRetention,
    EmptyInput,
    EngineUnavailable,
    InsufficientCredits,
    KeyReused,
    NoSuchJob,
    NotFinished,
    NothingRead,
    OCRChatError,
    PasswordNeeded,
    QueueFull,
    ScopeMissing,
    ToolUnavailable,
    TooManyBytes,
    TooManyPages,
    UnknownFormat,
    UnsupportedType,
    WrongState,
)
from ocrchat.jobs.model import PageStatus, Status
from ocrchat.jobs.views import JobOptions
from ocrchat.pipeline.pool import WorkerPool
from tests.letters import letter
from tests.services import Service, service

NOBODY = anonymous("hash of a network")
NO_PICTURE = b"P2\n40 40\n255\n" + b"10 " * 1600
"""What the engines of tests/faults take for their bad page."""


def test_job_when_small_then_it_is_read_at_once_and_can_be_had_in_every_way(everywhere: Service) -> None:
    who = everywhere.account()
    job = everywhere.read(who, letter(2, title="A letter"), JobOptions(formats=("txt", "json")))
    assert (job.status, job.page_count, job.pages_read, job.pages_done) == (Status.DONE, 2, 2, 2)
    assert job.elapsed_seconds is not None and job.expires_at is not None and job.ended_at is not None
    assert (job.expires_at - job.ended_at).days == 30
    stored = everywhere.jobs.document(who, job.id)
    assert (stored.head.title, stored.head.languages, stored.mean_confidence) == ("A letter", ("en",), 1.0)
    assert [page.number for page in stored.pages()] == [1, 2]
    assert "page number 2" in " ".join(line.text for line in lines_of_page(list(stored.pages())[1]))
    text = everywhere.jobs.export(who, job.id, "txt")
    assert (text.name, text.media_type.partition(";")[0]) == ("letter.txt", "text/plain")
    body = b"".join(text.pieces())
    assert len(body) == text.size_bytes and b"page number 1" in body
    assert len(document_from_bytes(b"".join(everywhere.jobs.export(who, job.id, "json").pieces())).pages) == 2
    receipt = everywhere.jobs.receipt(who, job.id)
    assert (receipt.charged, receipt.held, [page.tier for page in receipt.pages]) == (2, 0, ["cpu", "cpu"])
    assert everywhere.faults() == ()


def test_job_when_large_then_it_is_read_by_way_of_the_queue(everywhere: Service) -> None:
    who = everywhere.account()
    job = everywhere.submit(who, letter(7))
    assert job.status is Status.PENDING
    shown = everywhere.jobs.get(who, job.id)
    assert shown.status.is_final or (shown.eta_seconds is not None and shown.eta_seconds >= 0)
    done = everywhere.jobs.wait(who, job.id, seconds=30)
    assert (done.status, done.pages_read, done.position, done.eta_seconds) == (Status.DONE, 7, None, None)
    assert everywhere.jobs.receipt(who, job.id).charged == 7
    receipt = everywhere.jobs.delete(who, job.id)
    assert (receipt.removed["pages"], receipt.removed["workflows"], receipt.removed["files"]) == (7, 1, 8)
    with pytest.raises(NoSuchJob):
        everywhere.jobs.get(who, job.id)
    assert everywhere.files() == []
    assert everywhere.ask("SELECT COUNT(*) FROM jobs") == everywhere.ask("SELECT COUNT(*) FROM documents")
    assert everywhere.ask("SELECT COUNT(*) FROM entries WHERE job_id = :id AND kind = 'charge'", id=job.id) == [(7,)]
    assert everywhere.jobs.health().jobs_processed == 1


def test_anonymous_job_when_read_then_the_allowance_counts_and_blank_pages_are_free(everywhere: Service) -> None:
    job = everywhere.read(NOBODY, letter(3, blank=(2,)))
    assert (job.status, job.pages_read, job.pages_blank, job.account_id) == (Status.DONE, 2, 1, None)
    assert everywhere.ask("SELECT used FROM anonymous_use") == [(2,)]
    assert "Nothing on page 2 looks like text." in everywhere.jobs.document(NOBODY, job.id).head.notices
    assert job.expires_at is not None and job.ended_at is not None
    assert (job.expires_at - job.ended_at).total_seconds() == 24 * 3600
    assert everywhere.jobs.list(NOBODY).jobs == ()
    # Whoever knows the id may use it, also from an account.
    assert everywhere.jobs.get(everywhere.account(), job.id).id == job.id
    everywhere.jobs.delete(anonymous("another network"), job.id)
    assert everywhere.files() == []


def test_out_of_pages_when_submitted_then_402_and_nothing_is_kept(everywhere: Service) -> None:
    with pytest.raises(InsufficientCredits) as refused:
        everywhere.submit(NOBODY, letter(11))
    assert refused.value.detail["cap"] == 10
    assert everywhere.ask("SELECT COUNT(*) FROM jobs") == [(0,)]
    assert everywhere.ask("SELECT COUNT(*) FROM documents") == [(0,)]
    assert everywhere.files() == []


def test_strangers_when_they_know_the_id_then_they_find_nothing(opened: Service) -> None:
    job = opened.read(opened.account(), letter())
    for stranger in (opened.account("bob@example.org"), NOBODY):
        for ask in (
            opened.jobs.get,
            opened.jobs.document,
            opened.jobs.receipt,
            opened.jobs.cancel,
            opened.jobs.retry,
            opened.jobs.delete,
            lambda who, job_id: opened.jobs.export(who, job_id, "txt"),
            lambda who, job_id: opened.jobs.wait(who, job_id, seconds=0),
        ):
            with pytest.raises(NoSuchJob):
                ask(stranger, job.id)
        assert opened.jobs.list(stranger).total == 0


def test_list_when_there_are_several_then_newest_first_and_counted(opened: Service) -> None:
    who = opened.account()
    ids = [opened.read(who, letter()).id for _ in range(3)]
    page = opened.jobs.list(who, limit=2)
    assert ([job.id for job in page.jobs], page.total) == ([ids[2], ids[1]], 3)
    assert [job.id for job in opened.jobs.list(who, limit=2, offset=2).jobs] == [ids[0]]


def test_scopes_when_missing_then_refused(opened: Service) -> None:
    reader = replace(opened.account(), scopes=frozenset({Scope.READ}))
    with pytest.raises(ScopeMissing):
        opened.submit(reader, letter())
    writer = replace(reader, scopes=frozenset({Scope.WRITE}))
    job = opened.submit(writer, letter())
    with pytest.raises(ScopeMissing):
        opened.jobs.get(writer, job.id)
    with pytest.raises(ScopeMissing):
        opened.jobs.delete(reader, job.id)


@pytest.mark.parametrize(
    ("data", "options", "error"),
    [
        (b"", JobOptions(), EmptyInput),
        (b"MZ\x90\x00 not a document", JobOptions(), UnsupportedType),
        (letter(2), JobOptions(pages="5-6"), BadPageRange),
        (letter(), JobOptions(formats=("exe",)), UnknownFormat),
        (letter(), JobOptions(tool="summarize"), ToolUnavailable),
        (letter(), JobOptions(translate_to="de"), ToolUnavailable),
    ],
)
def test_submit_when_it_cannot_be_then_it_says_why_and_nothing_is_kept(
    opened: Service, data: bytes, options: JobOptions, error: type[OCRChatError]
) -> None:
    with pytest.raises(error):
        opened.submit(opened.account(), data, options)
    assert opened.files() == []
    assert opened.ask("SELECT COUNT(*) FROM jobs") == [(0,)]


def test_upload_when_too_large_then_it_stops_while_it_comes(opened: Service) -> None:
    with pytest.raises(TooManyBytes), opened.jobs.uploads.begin(max_bytes=10) as upload:
        upload.write(b"12345678")
        upload.write(b"901")
    assert opened.files() == []


def test_plan_when_the_file_has_more_pages_then_refused(opened: Service) -> None:
    with pytest.raises(TooManyPages) as refused:
        opened.submit(NOBODY, letter(101))
    assert refused.value.detail["limit"] == 100


def test_queue_when_full_then_503_before_the_file_comes(opened: Service) -> None:
    full = replace(opened.settings, max_waiting_jobs=1)
    opened.jobs._submission._settings = full
    opened.jobs.check(NOBODY, JobOptions())
    who = opened.account()
    opened.read(who, letter())
    with opened.database.unit() as session:
        session.connection().exec_driver_sql("UPDATE jobs SET status = 'pending'")
    with pytest.raises(QueueFull) as refused:
        opened.jobs.check(who, JobOptions())
    assert refused.value.detail["retry_after"] == 60


def test_idempotency_key_when_repeated_then_the_same_job_and_one_charge(everywhere: Service) -> None:
    who = everywhere.account()
    first = everywhere.submit(who, letter(), key="k1")
    again = everywhere.submit(who, letter(), key="k1")
    assert (again.id, again.is_replay, first.is_replay) == (first.id, True, False)
    with pytest.raises(KeyReused):
        everywhere.submit(who, letter(2), key="k1")
    with pytest.raises(KeyReused):
        everywhere.submit(who, letter(), JobOptions(language="de"), key="k1")
    with pytest.raises(KeyReused):
        everywhere.submit(who, letter(), key="x" * 256)
    other = everywhere.submit(everywhere.account("bob@example.org"), letter(), key="k1")
    assert other.id != first.id
    everywhere.jobs.wait(who, first.id, seconds=30)
    assert everywhere.jobs.list(who).total == 1
    assert len([one for one in everywhere.files() if one.endswith("source")]) == 2


def test_idempotency_key_when_sent_by_many_at_once_then_one_job(everywhere: Service) -> None:
    who = everywhere.account()
    ids: list[str] = []
    file = letter()
    threads = [threading.Thread(target=lambda: ids.append(everywhere.submit(who, file, key="k").id)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 4 and len(set(ids)) == 1
    assert everywhere.jobs.wait(who, ids[0], seconds=30).status is Status.DONE
    assert everywhere.jobs.receipt(who, ids[0]).charged == 1
    assert len([one for one in everywhere.files() if one.endswith("source")]) == 1


def test_vlm_when_there_is_no_model_then_cpu_reads_it_at_its_price_and_all_say_so(opened: Service) -> None:
    who = opened.account()
    job = opened.read(who, letter(), JobOptions(tier="vlm"))
    assert (job.tier, job.served_tier) == ("vlm", "cpu")
    assert any("vlm" in notice for notice in job.notices)
    receipt = opened.jobs.receipt(who, job.id)
    assert (receipt.charged, receipt.pages[0].tier) == (1, "cpu")
    page = next(opened.jobs.document(who, job.id).pages())
    told = [(step.engine, dict(step.settings)["asked"]) for step in page.steps if step.name == "tier"]
    assert told == [("text-layer", "vlm")]
    opened.jobs._submission._settings = replace(opened.settings, vlm_without_model="refuse")
    with pytest.raises(EngineUnavailable):
        opened.jobs.check(who, JobOptions(tier="vlm"))
    opened.jobs.check(who, JobOptions(tier="cpu"))


def test_tool_when_it_presets_reading_then_its_notice_comes_with_the_job(opened: Service) -> None:
    job = opened.read(opened.account(), letter(), JobOptions(tool="handwriting-to-text"))
    assert (job.status, job.tool, job.tier) == (Status.DONE, "handwriting-to-text", "vlm")
    assert any("handwriting" in notice for notice in job.notices)


def test_pages_when_named_then_only_they_are_read_and_paid(opened: Service) -> None:
    who = opened.account()
    job = opened.read(who, letter(6), JobOptions(pages="2,5-6"))
    assert (job.page_count, job.pages_read) == (3, 3)
    assert [page.number for page in opened.jobs.document(who, job.id).pages()] == [2, 5, 6]
    assert opened.jobs.receipt(who, job.id).charged == 3


def test_retention_when_the_job_says_then_it_is_kept_so_long(opened: Service) -> None:
    who = opened.account()
    job = opened.read(who, letter(), JobOptions(retention_seconds=90))
    assert job.expires_at is not None and job.ended_at is not None
    assert (job.expires_at - job.ended_at).total_seconds() == 90
    none = opened.read(who, letter(), JobOptions(retention_seconds=0))
    assert none.expires_at is not None and none.ended_at is not None
    assert (none.expires_at - none.ended_at).total_seconds() == 60, "its caller deletes it; this is the net"


@pytest.mark.parametrize(("pages", "key", "words"), [(6, None, "These are 6 pages"), (1, "k", "Idempotency-Key")])
def test_retention_when_nothing_can_be_given_later_then_zero_is_refused_and_nothing_kept(
    opened: Service, pages: int, key: str | None, words: str
) -> None:
    who, unkept = opened.account(), JobOptions(retention_seconds=0)
    with pytest.raises(BadRetention, match=words):
        opened.submit(who, letter(pages), unkept, key=key)
    assert (opened.files(), opened.jobs.list(who).total) == ([], 0)
    assert opened.submit(who, letter(6), replace(unkept, pages="2-6")).page_count == 5, "what is read counts"


def test_wait_when_time_is_over_then_the_job_as_it_is(sqlite_url: str, tmp_path: Path, pool: WorkerPool) -> None:
    with service(sqlite_url, tmp_path / "data", works=False, pool=pool) as opened:
        who = opened.account()
        job = opened.submit(who, letter())
        began = time.monotonic()
        waiting = opened.jobs.wait(who, job.id, seconds=0.2)
        assert 0.15 < time.monotonic() - began < 5
        assert (waiting.status, waiting.position) == (Status.PENDING, 1)
        assert waiting.eta_seconds is not None and waiting.eta_seconds > 0
        behind = opened.submit(opened.account("bob@example.org"), letter())
        assert opened.jobs.get(who, job.id).position == 1
        assert opened.jobs.wait(opened.account("eve@example.org"), opened.submit(NOBODY, letter()).id, seconds=0)
        assert behind.status is Status.PENDING
        health = opened.jobs.health()
        assert (health.queue_depth, health.pages_waiting) == (3, 3)
        assert health.oldest_waiting_seconds > 0
        with pytest.raises(NotFinished):
            opened.jobs.export(who, job.id, "txt")
        assert list(opened.jobs.document(who, job.id).records()) == []
        opened.jobs.is_ready()


def test_outlook_when_jobs_wait_then_answer_and_list_say_what_the_job_itself_does(
    sqlite_url: str, tmp_path: Path, pool: WorkerPool
) -> None:
    with service(sqlite_url, tmp_path / "data", works=False, pool=pool) as opened:
        who = opened.account()
        made = [opened.submit(who, letter(pages)) for pages in (2, 7, 1)]
        assert [job.position for job in made] == [1, 2, 3]
        assert all(job.eta_seconds for job in made)
        alone = {job.id: opened.jobs.get(who, job.id) for job in made}
        for row in opened.jobs.list(who).jobs:
            assert (row.position, row.eta_seconds) == (alone[row.id].position, alone[row.id].eta_seconds)


def test_watch_when_pages_are_read_then_it_is_told_until_it_ends(opened: Service) -> None:
    who = opened.account()
    told: list[float] = []
    job = opened.submit(who, letter(6))
    stop = opened.jobs.watch(who, job.id, lambda: told.append(time.monotonic()))
    opened.jobs.wait(who, job.id, seconds=30)
    assert told
    stop()
    stop()
    count = len(told)
    opened.jobs.cancel(who, job.id)
    assert len(told) == count


def test_cancel_when_pages_are_in_work_then_the_slots_are_free_within_a_second(
    database_url: str, tmp_path: Path, pool: WorkerPool
) -> None:
    with service(database_url, tmp_path / "data", pool=pool, engines={"cpu": "slow"}) as opened:
        who = opened.account()
        job = opened.submit(who, letter(40), JobOptions(force_ocr=True))
        _until(lambda: opened.jobs.get(who, job.id).pages_read >= 1)
        before = time.monotonic()
        cancelled = opened.jobs.cancel(who, job.id)
        assert time.monotonic() - before < 1.5
        assert cancelled.status is Status.DONE, "what was read stays"
        assert cancelled.pages_read + cancelled.pages_failed == 40
        receipt = opened.jobs.receipt(who, job.id)
        assert (receipt.charged, receipt.held) == (cancelled.pages_read, 0)
        pages = list(opened.jobs.document(who, job.id).pages())
        assert {page.failure.code for page in pages if page.failure} == {"job.cancelled"}
        assert opened.jobs.cancel(who, job.id).status is Status.DONE, "a job that has ended stays as it is"
        _until(lambda: not opened.jobs._withdraw.__self__._at_work)  # type: ignore[attr-defined]
        assert time.monotonic() - before < 5
        assert opened.faults() == ()


def test_cancel_when_nothing_was_read_then_it_is_cancelled_and_can_be_tried_again(
    sqlite_url: str, tmp_path: Path, pool: WorkerPool
) -> None:
    with service(sqlite_url, tmp_path / "data", works=False, pool=pool) as waiting:
        who = waiting.account()
        job = waiting.submit(who, letter(2))
        cancelled = waiting.jobs.cancel(who, job.id)
        assert (cancelled.status, cancelled.error_code) == (Status.CANCELLED, "job.cancelled")
        assert cancelled.expires_at is not None
        with pytest.raises(NothingRead):
            waiting.jobs.export(who, job.id, "txt")
        anonymous_job = waiting.submit(NOBODY, letter(2))
        waiting.jobs.cancel(NOBODY, anonymous_job.id)
        assert waiting.ask("SELECT used FROM anonymous_use") == [(0,)]
        again = waiting.jobs.retry(who, job.id)
        assert (again.status, again.expires_at, again.error) == (Status.PROCESSING, None, "")
        waiting.jobs.retry(anonymous("tomorrow's network"), anonymous_job.id)
    with service(sqlite_url, tmp_path / "data", pool=pool) as opened:
        done = opened.jobs.wait(who, job.id, seconds=30)
        assert (done.status, done.pages_read, done.pages_failed) == (Status.DONE, 2, 0)
        assert opened.jobs.receipt(who, job.id).charged == 2
        assert [page.attempt for page in opened.jobs.receipt(who, job.id).pages] == [2, 2]
        assert opened.jobs.wait(NOBODY, anonymous_job.id, seconds=30).status is Status.DONE
        assert dict(opened.ask("SELECT caller, used FROM anonymous_use")) == {  # type: ignore[arg-type]
            "hash of a network": 0,
            "tomorrow's network": 2,
        }
        assert opened.faults() == ()


@pytest.mark.parametrize(("engine", "code"), [("killed", "page.crashed"), ("raises", "engine.failed")])
def test_page_when_it_cannot_be_read_then_it_fails_alone_and_free_and_can_be_tried_again(
    sqlite_url: str, tmp_path: Path, pool: WorkerPool, engine: str, code: str
) -> None:
    with service(sqlite_url, tmp_path / "data", pool=pool, engines={"cpu": engine}) as opened:
        who = opened.account()
        job = opened.read(who, NO_PICTURE)
        assert (job.status, job.error_code) == (Status.FAILED, code)
        assert job.error
        receipt = opened.jobs.receipt(who, job.id)
        assert (receipt.charged, receipt.pages[0].status) == (0, PageStatus.FAILED)
        again = opened.jobs.retry(who, job.id)
        assert (again.status, opened.jobs.receipt(who, job.id).held) == (Status.PROCESSING, 1)
        with pytest.raises(WrongState):
            opened.jobs.retry(who, job.id)
        assert opened.jobs.wait(who, job.id, seconds=60).status is Status.FAILED
        assert opened.faults() == ()


def test_retry_when_no_page_failed_then_refused(opened: Service) -> None:
    who = opened.account()
    job = opened.read(who, letter())
    with pytest.raises(WrongState):
        opened.jobs.retry(who, job.id)


def test_delete_when_a_job_is_at_work_then_everything_goes_and_holds_are_released(
    database_url: str, tmp_path: Path, pool: WorkerPool
) -> None:
    with service(database_url, tmp_path / "data", pool=pool, engines={"cpu": "slow"}) as opened:
        who = opened.account()
        job = opened.submit(who, letter(20), JobOptions(force_ocr=True))
        _until(lambda: opened.jobs.get(who, job.id).pages_read >= 1)
        receipt = opened.jobs.delete(who, job.id)
        assert receipt.removed["pages"] == 20
        assert opened.ask("SELECT COUNT(*) FROM documents") == [(0,)]
        held = opened.ask("SELECT SUM(amount) FROM entries WHERE kind IN ('hold', 'release')")
        assert held == [(0,)]
        assert opened.faults() == ()
        time.sleep(0.3)
        assert opened.files() == []


def test_export_when_made_twice_then_kept_and_made_anew_for_other_options(opened: Service) -> None:
    who = opened.account()
    job = opened.read(who, letter())
    for _ in range(2):
        opened.jobs.export(who, job.id, "csv")
    assert len([one for one in opened.files() if "/exports/" in one]) == 1
    pdf = opened.jobs.export(who, job.id, "pdf")
    assert b"".join(pdf.pieces()).startswith(b"%PDF")
    assert pdf.name == "letter.pdf"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("", "document.txt"), ("../../a\x00b/..pdf", "document.txt"), ('C:\\x\\re"port.pdf', "re_port.txt")],
)
def test_export_when_the_file_has_an_odd_name_then_it_is_harmless(opened: Service, name: str, shown: str) -> None:
    who = opened.account()
    job = opened.submit(who, letter(), name=name)
    opened.jobs.wait(who, job.id, seconds=30)
    assert opened.jobs.export(who, job.id, "txt").name == shown


def test_document_when_its_files_are_gone_then_no_such_job(opened: Service) -> None:
    who = opened.account()
    job = opened.read(who, letter())
    stored = opened.jobs.document(who, job.id)
    opened.jobs.delete(who, job.id)
    with pytest.raises(NoSuchJob):
        list(stored.pages())


def test_job_when_it_goes_between_two_looks_then_no_such_job_and_nothing_is_settled(
    sqlite_url: str, tmp_path: Path, pool: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service(sqlite_url, tmp_path / "data", works=False, pool=pool) as opened:
        who = opened.account()
        job = opened.submit(who, letter())
        assert opened.jobs.get(who, job.id).elapsed_seconds is None
        monkeypatch.setattr(ocrchat.jobs.repository, "lock_job", lambda *_: None)
        with pytest.raises(NoSuchJob):
            opened.jobs.cancel(who, job.id)
        opened.jobs._retention._settle(job.id)
        assert opened.jobs.receipt(who, job.id).held == 1


def test_submit_when_the_database_refuses_for_another_reason_then_it_is_told_and_nothing_is_kept(
    opened: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise IntegrityError("INSERT", {}, Exception("unique"))

    monkeypatch.setattr(opened.jobs._submission, "_write_down", refuse)
    with pytest.raises(IntegrityError):
        opened.submit(opened.account(), letter())
    assert opened.files() == []


def test_upload_when_finished_twice_then_it_is_finished(opened: Service) -> None:
    with opened.jobs.uploads.begin() as upload:
        upload.write(letter())
        upload.finish()
        upload.finish()
        assert upload.path.exists()
    assert opened.files() == []


def test_records_when_asked_for_then_they_are_the_stored_pages(opened: Service) -> None:
    who = opened.account()
    job = opened.read(who, letter())
    records = list(opened.jobs.document(who, job.id).records())
    assert json.loads(records[0])["number"] == page_from_bytes(records[0]).number == 1


def _until(is_so: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it never came to it"
        time.sleep(0.02)


def test_password_when_needed_then_asked_for_sealed_and_forgotten(opened: Service) -> None:
    who = opened.account()
    sink = io.BytesIO()
    with pikepdf.open(io.BytesIO(letter(6))) as pdf:
        pdf.save(sink, encryption=pikepdf.Encryption(owner="o", user="secret"))
    with pytest.raises(PasswordNeeded):
        opened.submit(who, sink.getvalue())
    job = opened.submit(who, sink.getvalue(), JobOptions(password="secret"))
    sealed = opened.ask("SELECT password_sealed FROM jobs")
    assert "secret" not in str(sealed)
    done = opened.jobs.wait(who, job.id, seconds=30)
    assert (done.status, done.pages_read) == (Status.DONE, 6)
    assert opened.ask("SELECT password_sealed FROM jobs") == [(None,)]
    with pytest.raises(PasswordNeeded):
        opened.jobs.export(who, job.id, "pdf")
    assert opened.jobs.export(who, job.id, "pdf", password="secret").size_bytes > 0
