"""The full API from POST to DELETE, as its contract has it."""

from __future__ import annotations

import dataclasses
import io
import itertools
import logging
import threading
import time
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import event
from starlette.testclient import TestClient

from ocrchat.accounts.principal import Principal
from ocrchat.document.model import Page
from ocrchat.jobs.views import ExportedFile, StoredDocument
from ocrchat.web.frame import BrokenOff
from ocrchat.web.services import Services
from tests.api.conftest import Caller, NewUser, drawn_pdf, undecodable_png
from tests.pictures import encoded, text_image

_CONTRACT = {
    "uuid": str,
    "status": str,
    "tier": str,
    "language": str,
    "page_count": int,
    "mean_confidence": float | None,
    "text": str,
    "markdown": str,
    "pages": list,
}


def post(client: TestClient, file: bytes, query: str = "", **fields: str) -> Any:
    return client.post(f"/api/v1/ocr/{query}", files={"file": ("letter.pdf", file)}, data=fields)


def finished(client: TestClient, job: dict[str, Any], *, seconds: float = 30) -> dict[str, Any]:
    end = time.monotonic() + seconds
    while job["status"] in ("pending", "processing"):
        assert time.monotonic() < end, job["status"]
        time.sleep(0.1)
        job = client.get(f"/api/v1/ocr/{job['uuid']}/").json()
    return job


def test_post_when_the_document_is_short_then_the_answer_is_the_finished_job(user: Caller, letter: bytes) -> None:
    answer = post(user.client, letter)
    job = answer.json()
    assert answer.status_code == 200, job
    assert {name: isinstance(job[name], kind) for name, kind in _CONTRACT.items()} == dict.fromkeys(_CONTRACT, True)
    assert (job["status"], job["tier"], job["language"], job["page_count"]) == ("done", "cpu", "auto", 1)
    assert "total of 215.00 dollars" in job["text"]
    assert "total of 215.00 dollars" in job["markdown"]
    assert job["mean_confidence"] == 1.0
    assert (job["pages_done"], job["position"], job["eta_seconds"]) == (1, None, None)
    [page] = job["pages"]
    assert (page["index"], page["dpi"], page["rotation"]) == (0, 150, 0)
    for block in page["blocks"]:
        left, top, right, bottom = block["bbox"]
        assert 0 <= left < right <= page["width"]
        assert 0 <= top < bottom <= page["height"]
        assert (block["confidence"], block["kind"]) == (1.0, "text")
        assert "lines" not in block


def test_post_when_words_are_asked_for_then_lines_and_words_have_boxes(user: Caller, letter: bytes) -> None:
    job = post(user.client, letter, "?detail=words").json()
    lines = [line for block in job["pages"][0]["blocks"] for line in block["lines"]]
    words = [word["text"] for line in lines for word in line["words"]]
    assert words[:4] == ["Dear", "Anna,", "the", "total"]
    assert all(len(word["bbox"]) == 4 and word["confidence"] == 1.0 for line in lines for word in line["words"])
    again = user.client.get(f"/api/v1/ocr/{job['uuid']}/?detail=words").json()
    assert again["pages"] == job["pages"]


def test_post_when_the_document_is_a_scan_then_its_pixels_are_read(user: Caller) -> None:
    picture = encoded(text_image(["The quick brown fox", "jumps over the lazy dog"]), "PNG")
    job = post(user.client, picture).json()
    assert job["status"] == "done", job
    assert "quick brown fox" in job["text"]
    assert 0.5 < job["mean_confidence"] <= 1.0
    assert job["media_type"] == "image/png"


def test_post_when_the_document_is_long_then_it_is_asked_for_until_it_is_done(user: Caller, book: bytes) -> None:
    answer = post(user.client, book)
    job = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/api/v1/ocr/{job['uuid']}/"
    assert (job["text"], job["markdown"], job["pages"], job["mean_confidence"]) == ("", "", [], None)
    assert job["page_count"] == 8
    job = finished(user.client, job)
    assert [page["index"] for page in job["pages"]] == list(range(8))
    assert job["text"].index("what page 2 of") < job["text"].index("what page 7 of")


def test_post_when_the_slash_is_left_out_then_nothing_is_redirected(user: Caller, letter: bytes) -> None:
    answer = user.client.post("/api/v1/ocr", files={"file": letter})
    assert answer.status_code == 200
    uuid = answer.json()["uuid"]
    for path in (
        f"/api/v1/ocr/{uuid}",
        f"/api/v1/ocr/{uuid}/",
        "/api/v1/ocr",
        f"/api/v1/ocr/{uuid}/download?format=txt",
    ):
        assert user.client.get(path).status_code == 200


def test_post_when_the_tier_is_vlm_then_the_job_says_who_read_it(user: Caller, letter: bytes) -> None:
    job = post(user.client, letter, tier="vlm").json()
    assert (job["status"], job["tier"]) == ("done", "vlm")
    assert any("vlm" in notice for notice in job["notices"])
    receipt = user.client.get(f"/api/v1/ocr/{job['uuid']}/receipt/").json()
    assert (receipt["charged"], receipt["held"]) == (1, 0)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"tier": "gpu"}, "tier.unknown"),
        ({"language": "klingonese"}, "language.unknown"),
        ({"tool": "no-such"}, "tool.unknown"),
        ({"formats": "md,exe"}, "format.unknown"),
        ({"pages": "5-1"}, "pages.invalid"),
        ({"pages": "9"}, "pages.invalid"),
        ({"retention": "soon"}, "jobs.retention_invalid"),
        ({"retention": "5"}, "jobs.retention_invalid"),
        ({"force_ocr": "perhaps"}, "request.invalid"),
    ],
)
def test_post_when_a_field_cannot_be_then_400_names_it(
    user: Caller, letter: bytes, fields: dict[str, str], code: str
) -> None:
    answer = post(user.client, letter, **fields)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (400, code)
    assert problem["error"].endswith((".", "?"))
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert user.client.get("/api/v1/ocr/").json()["total"] == 0


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "input.empty"),
        (b"just a text that somebody wrote", "input.unsupported_type"),
        (b"PK\x03\x04" + b"x" * 100, "input.unsupported_type"),
        (b"%PDF-1.7 and then nothing that belongs to one", "input.damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "input.damaged"),
    ],
)
def test_post_when_the_file_cannot_be_read_then_400_and_nothing_is_kept(
    user: Caller, services: Services, file: bytes, code: str
) -> None:
    answer = post(user.client, file)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert user.client.get("/api/v1/ocr/").json()["total"] == 0
    assert user.client.get("/api/v1/account/").json()["used"] == 0


@pytest.mark.parametrize(
    "fields", [{"tool": "translate"}, {"translate_to": "fr"}, {"webhook_url": "https://example.org"}]
)
def test_post_when_something_is_not_offered_here_then_503_and_nothing_is_charged(
    user: Caller, letter: bytes, fields: dict[str, str]
) -> None:
    answer = post(user.client, letter, **fields)
    assert answer.status_code == 503
    assert user.client.get("/api/v1/account/").json()["used"] == 0


def test_post_when_there_is_no_page_left_then_402_says_how_many_and_nothing_is_kept(anonymous: Caller) -> None:
    answer = post(anonymous.client, drawn_pdf(*["one of eleven pages"] * 11))
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (402, "credits.insufficient")
    assert (problem["used"], problem["cap"]) == (0, 10)
    assert "resets_at" in problem


def test_post_when_repeated_with_its_key_then_it_is_the_same_job(user: Caller, letter: bytes, book: bytes) -> None:
    headers = {"Idempotency-Key": "order-17"}

    def ask(file: bytes) -> Any:
        return user.client.post("/api/v1/ocr/", files={"file": file}, headers=headers)

    first, second, other = ask(letter), ask(letter), ask(book)
    assert first.json()["uuid"] == second.json()["uuid"]
    assert (first.status_code, second.status_code, other.status_code) == (200, 200, 409)
    assert user.client.get("/api/v1/account/").json()["used"] == 1


def test_post_when_nothing_is_to_be_kept_then_it_is_gone_with_the_answer(user: Caller, letter: bytes) -> None:
    job = post(user.client, letter, retention="0").json()
    assert "215.00" in job["text"]
    assert user.client.get(f"/api/v1/ocr/{job['uuid']}/").status_code == 404


def test_post_when_the_pdf_is_encrypted_then_its_password_is_asked_for(user: Caller, letter: bytes) -> None:
    import pikepdf

    sink = io.BytesIO()
    with pikepdf.open(io.BytesIO(letter)) as pdf:
        pdf.save(sink, encryption=pikepdf.Encryption(user="open sesame", owner="owner"))
    assert post(user.client, sink.getvalue()).json()["code"] == "input.password_needed"
    assert post(user.client, sink.getvalue(), password="wrong").json()["code"] == "input.password_wrong"
    job = post(user.client, sink.getvalue(), password="open sesame").json()
    assert "215.00" in job["text"]


@pytest.mark.parametrize("format", ["txt", "md", "docx", "pdf", "csv", "json", "hocr", "alto", "xlsx", "csv.zip"])
def test_download_when_the_job_is_done_then_it_is_a_file_of_that_format(
    user: Caller, letter: bytes, format: str
) -> None:
    uuid = post(user.client, letter).json()["uuid"]
    answer = user.client.get(f"/api/v1/ocr/{uuid}/download/", params={"format": format})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith('attachment; filename="letter')
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.headers["x-content-type-options"] == "nosniff"
    begins = {"pdf": b"%PDF", "docx": b"PK", "xlsx": b"PK", "csv.zip": b"PK"}
    assert answer.content.startswith(begins.get(format, b""))
    if format == "docx":
        assert "215.00" in zipfile.ZipFile(io.BytesIO(answer.content)).read("word/document.xml").decode()
    elif format in ("txt", "md", "json"):
        assert b"215.00" in answer.content


def test_download_when_the_format_is_unknown_or_the_job_unfinished_then_400_or_409(user: Caller, book: bytes) -> None:
    job = post(user.client, book).json()
    early = user.client.get(f"/api/v1/ocr/{job['uuid']}/download/?format=md")
    assert early.status_code in (200, 409)
    if early.status_code == 409:
        assert early.json()["code"] == "jobs.not_finished"
    finished(user.client, job)
    wrong = user.client.get(f"/api/v1/ocr/{job['uuid']}/download/?format=markdown")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "format.unknown")
    assert "md" in wrong.json()["error"]


def test_job_when_no_page_could_be_read_then_it_has_failed_and_costs_nothing(user: Caller) -> None:
    answer = post(user.client, undecodable_png())
    job = answer.json()
    assert (answer.status_code, job["status"], job["pages_failed"]) == (200, "failed", 1)
    assert (job["text"], job["markdown"], job["mean_confidence"]) == ("", "", None)
    assert (job["code"], job["pages"][0]["code"]) == ("page.damaged", "page.damaged")
    assert "damaged" in job["error"]
    assert job["pages"][0]["text"] == ""
    download = user.client.get(f"/api/v1/ocr/{job['uuid']}/download/?format=md")
    assert (download.status_code, download.json()["code"]) == (409, "jobs.nothing_read")
    simple = user.client.get(f"/api/jobs/{job['uuid']}").json()
    assert (simple["status"], simple["error"]) == ("error", job["error"])
    assert user.client.get("/api/v1/account/").json()["used"] == 0
    again = user.client.post(f"/api/v1/ocr/{job['uuid']}/retry/")
    assert again.status_code == 202
    assert finished(user.client, again.json())["status"] == "failed"
    assert user.client.get("/api/v1/account/").json()["used"] == 0


def test_list_when_there_are_jobs_then_they_come_newest_first_in_as_many_queries(
    user: Caller, services: Services, letter: bytes
) -> None:
    uuids = [post(user.client, letter).json()["uuid"] for _ in range(3)]
    seen: list[str] = []

    def listen(*arguments: Any) -> None:
        # Duties ask the database too, in threads of their own, whenever they fall due.
        if threading.current_thread().name.startswith("AnyIO"):
            seen.append(arguments[2])

    counts = []
    for limit in (1, 3):
        seen.clear()
        event.listen(services.database.engine, "before_cursor_execute", listen)
        answer = user.client.get("/api/v1/ocr/", params={"limit": limit}).json()
        event.remove(services.database.engine, "before_cursor_execute", listen)
        counts.append(sum(statement.lstrip().upper().startswith("SELECT") for statement in seen))
    assert [job["uuid"] for job in answer["jobs"]] == uuids[::-1]
    assert (answer["total"], answer["limit"], answer["offset"]) == (3, 3, 0)
    assert "text" not in answer["jobs"][0]
    assert counts[0] == counts[1] <= 6
    assert [job["uuid"] for job in user.client.get("/api/v1/ocr/?offset=2").json()["jobs"]] == uuids[:1]


def test_delete_when_it_is_one_s_own_then_it_is_gone_for_good_and_the_receipt_says_so(
    user: Caller, letter: bytes
) -> None:
    uuid = post(user.client, letter).json()["uuid"]
    answer = user.client.delete(f"/api/v1/ocr/{uuid}/")
    assert answer.status_code == 200
    assert (answer.json()["uuid"], answer.json()["removed"]["pages"]) == (uuid, 1)
    for method, tail in (("GET", ""), ("GET", "download/"), ("DELETE", ""), ("POST", "cancel/"), ("POST", "retry/")):
        assert user.client.request(method, f"/api/v1/ocr/{uuid}/{tail}").status_code == 404


def test_cancel_when_pages_wait_then_it_ends_and_what_was_read_can_be_had(user: Caller) -> None:
    job = post(user.client, drawn_pdf(*(f"Page {number} of many" for number in range(60)))).json()
    answer = user.client.post(f"/api/v1/ocr/{job['uuid']}/cancel/")
    assert answer.status_code == 200
    job = finished(user.client, answer.json())
    receipt = user.client.get(f"/api/v1/ocr/{job['uuid']}/receipt/").json()
    read = [page for page in receipt["pages"] if page["status"] == "read"]
    assert (receipt["charged"], receipt["held"]) == (len(read), 0)
    assert job["status"] == ("done" if read else "failed")
    assert all(page.get("code", "job.cancelled") == "job.cancelled" for page in job["pages"])


def test_retry_when_no_page_failed_then_409(user: Caller, letter: bytes) -> None:
    uuid = post(user.client, letter).json()["uuid"]
    answer = user.client.post(f"/api/v1/ocr/{uuid}/retry/")
    assert (answer.status_code, answer.json()["code"]) == (409, "jobs.wrong_state")


def test_retry_when_pages_were_cancelled_then_they_are_read_and_paid_once(user: Caller) -> None:
    job = post(user.client, drawn_pdf(*(f"Page {number} of many" for number in range(40)))).json()
    job = finished(user.client, user.client.post(f"/api/v1/ocr/{job['uuid']}/cancel/").json())
    if job["pages_failed"] == 0:
        pytest.skip("everything was read before it could be cancelled")
    answer = user.client.post(f"/api/v1/ocr/{job['uuid']}/retry/")
    assert answer.status_code == 202, answer.text
    job = finished(user.client, answer.json())
    receipt = user.client.get(f"/api/v1/ocr/{job['uuid']}/receipt/").json()
    assert (job["status"], job["pages_failed"], receipt["charged"]) == ("done", 0, 40)


def test_account_when_asked_then_plan_and_what_is_left(new_user: NewUser, anonymous: Caller, letter: bytes) -> None:
    user = new_user()
    post(user.client, letter)
    state = user.client.get("/api/v1/account/").json()
    assert (state["plan"], state["used"], state["cap"], state["left"]) == ("free", 1, 600, 599)
    assert [(row["tier"], row["pages"], row["credits"]) for row in state["usage"]] == [("cpu", 1, 1)]
    nobody = anonymous.client.get("/api/v1/account/").json()
    assert (nobody["account"], nobody["plan"], nobody["left"]) == (None, "anonymous", 10)


def test_get_when_the_job_is_deleted_before_its_pages_are_opened_then_404(
    services: Services, user: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = drawn_pdf(*(f"Page {number}" for number in range(1, 23)))
    uuid = finished(user.client, post(user.client, file).json())["uuid"]
    document = services.jobs.document

    def then_deleted(who: Principal, job_id: str) -> StoredDocument:
        stored = document(who, job_id)
        services.jobs.delete(who, job_id)
        return stored

    monkeypatch.setattr(services.jobs, "document", then_deleted)
    answer = user.client.get(f"/api/v1/ocr/{uuid}/")
    assert (answer.status_code, answer.json()["code"]) == (404, "jobs.not_found")


@pytest.mark.parametrize("moment", ["before the file is opened", "while it is sent"])
def test_download_when_the_job_is_deleted_then_it_is_404_or_comes_whole(
    services: Services, user: Caller, letter: bytes, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    uuid = post(user.client, letter).json()["uuid"]
    address = f"/api/v1/ocr/{uuid}/download/?format=docx"
    whole = user.client.get(address).content
    export = services.jobs.export

    def deleted_meanwhile(who: Principal, job_id: str, *arguments: Any, **options: Any) -> ExportedFile:
        file = export(who, job_id, *arguments, **options)

        def pieces() -> Iterator[bytes]:
            made = file.pieces()
            first = b"" if moment == "before the file is opened" else next(made)
            services.jobs.delete(who, job_id)
            yield first + next(made, b"")
            yield from made

        return dataclasses.replace(file, pieces=pieces)

    monkeypatch.setattr(services.jobs, "export", deleted_meanwhile)
    monkeypatch.setattr("ocrchat.blobs.store._PIECE", 1024)
    answer = user.client.get(address)
    if moment == "while it is sent":
        assert (answer.status_code, answer.content) == (200, whole)
    else:
        assert (answer.status_code, answer.json()["code"]) == (404, "jobs.not_found")


def test_get_when_the_job_is_deleted_while_it_is_sent_then_it_breaks_off_with_one_line_and_no_error(
    services: Services, user: Caller, app: FastAPI, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    file = drawn_pdf(*(f"Page {number}" for number in range(1, 23)))
    uuid = finished(user.client, post(user.client, file).json())["uuid"]
    document = services.jobs.document

    def deleted_after_a_page(who: Principal, job_id: str) -> StoredDocument:
        stored = document(who, job_id)
        calls = itertools.count()

        def pages() -> Iterator[Page]:
            for page in stored.pages():
                yield page
                if next(calls) == 3:
                    services.jobs.delete(who, job_id)

        return dataclasses.replace(stored, pages=pages)

    monkeypatch.setattr(services.jobs, "document", deleted_after_a_page)
    caplog.set_level(logging.INFO, logger="ocrchat.web")
    client = TestClient(app, headers=user.headers)
    with pytest.raises(BrokenOff) as broken:
        client.get(f"/api/v1/ocr/{uuid}/")
    logging.getLogger("uvicorn.error").error("Exception in ASGI application", exc_info=broken.value)
    assert [one.msg for one in caplog.records if one.msg.startswith("answer_")] == ["answer_broken_off"]
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []
