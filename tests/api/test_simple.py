"""The small API: sign up, submit, poll, delete; and the blocking call."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from ocrchat.app import create_app
from ocrchat.web.services import Services
from tests.api.conftest import Caller, drawn_pdf, undecodable_png


def ended(client: TestClient, job_id: str, *, seconds: float = 30) -> dict[str, Any]:
    end = time.monotonic() + seconds
    while True:
        job: dict[str, Any] = client.get(f"/api/jobs/{job_id}").json()
        if job["status"] in ("done", "error"):
            return job
        assert job["status"] in ("queued", "processing")
        assert time.monotonic() < end
        time.sleep(0.05)


def test_signup_when_the_address_is_new_then_the_key_works_at_once(
    client_at: Callable[[], TestClient], letter: bytes
) -> None:
    client = client_at()
    answer = client.post("/api/signup", json={"email": "New.Person@Example.org"})
    assert answer.status_code == 200
    assert (answer.json()["email"], answer.json()["free_pages"]) == ("new.person@example.org", 500)
    client.headers["authorization"] = f"Bearer {answer.json()['api_key']}"
    submitted = client.post("/api/ocr", files={"file": ("letter.pdf", letter)})
    assert (submitted.status_code, submitted.json()["status"]) == (201, "queued")
    job = ended(client, submitted.json()["job_id"])
    assert job["status"] == "done"
    assert "215.00" in job["result_md"]
    assert job["result_json"]["pages"][0]["number"] == 1
    assert job["elapsed"] >= 0
    again = client.post("/api/signup", json={"email": "new.person@example.org"})
    assert again.status_code == 409


def test_submit_when_repeated_with_its_key_then_the_word_is_the_job_s_own(user: Caller, letter: bytes) -> None:
    def submit() -> dict[str, Any]:
        answer = user.client.post("/api/ocr", files={"file": letter}, headers={"Idempotency-Key": "again"})
        assert answer.status_code == 201
        return dict(answer.json())

    first = submit()
    assert ended(user.client, first["job_id"])["status"] == "done"
    assert (first["status"], submit()) == ("queued", {"job_id": first["job_id"], "status": "done"})


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"email": "nobody"}', 400),
        (b'{"email": 7}', 422),
        (b"{}", 422),
        (b"[]", 422),
        (b"not json", 422),
        (b"", 422),
        (b"[" * 40_000, 422),
        (b'"\xff"', 422),
        (b"x" * 100_000, 422),
    ],
)
def test_signup_when_it_cannot_be_then_a_sentence(
    client_at: Callable[[], TestClient], body: bytes, status: int
) -> None:
    answer = client_at().post("/api/signup", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert set(answer.json()) == {"detail"}


def test_submit_without_a_key_then_the_job_s_id_is_enough_to_read_and_delete(
    anonymous: Caller, client_at: Callable[[], TestClient], letter: bytes
) -> None:
    job_id = anonymous.client.post("/api/ocr", files={"file": letter}).json()["job_id"]
    assert ended(client_at(), job_id)["status"] == "done"
    assert anonymous.client.get("/api/jobs").json() == {"jobs": [], "total": 0, "limit": 20, "offset": 0}
    gone = client_at().delete(f"/api/jobs/{job_id}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert anonymous.client.get(f"/api/jobs/{job_id}").status_code == 404
    assert anonymous.client.delete(f"/api/jobs/{job_id}").status_code == 404


def test_jobs_when_made_through_the_other_api_then_each_reads_the_other_s(user: Caller, letter: bytes) -> None:
    uuid = user.client.post("/api/v1/ocr/", files={"file": letter}).json()["uuid"]
    assert user.client.get(f"/api/jobs/{uuid}").json()["status"] == "done"
    job_id = user.client.post("/api/ocr", files={"file": letter}).json()["job_id"]
    ended(user.client, job_id)
    assert user.client.get(f"/api/v1/ocr/{job_id}/").json()["status"] == "done"
    listed = user.client.get("/api/jobs?limit=1").json()
    assert ([job["job_id"] for job in listed["jobs"]], listed["total"]) == ([job_id], 2)


@pytest.mark.parametrize(
    ("path", "files"),
    [
        ("/api/ocr", None),
        ("/api/ocr", {"file": b"no document"}),
        ("/api/ocr", {"file": b""}),
        ("/api/ocr?format=xml", {"file": b"x"}),
        ("/api/ocr?language=klingonese", {"file": b"x"}),
        ("/ocr", {"file": b"no document"}),
    ],
)
def test_submit_when_it_cannot_be_read_then_422(user: Caller, path: str, files: Any) -> None:
    answer = user.client.post(path, files=files)
    assert answer.status_code == 422
    assert set(answer.json()) == {"detail"}


def test_submit_when_the_hint_is_a_language_s_name_then_it_is_understood(user: Caller, letter: bytes) -> None:
    assert user.client.post("/api/ocr?language=polish", files={"file": letter}).status_code == 201


def test_submit_when_pages_run_out_then_402(anonymous: Caller) -> None:
    answer = anonymous.client.post("/api/ocr", files={"file": drawn_pdf(*["page"] * 11)})
    assert (answer.status_code, set(answer.json())) == (402, {"detail"})


def test_blocking_call_when_done_then_the_body_is_the_result_itself(user: Caller, letter: bytes) -> None:
    as_markdown = user.client.post("/ocr", files={"file": letter})
    assert (as_markdown.status_code, as_markdown.headers["content-type"]) == (200, "text/markdown; charset=utf-8")
    assert "215.00" in as_markdown.text
    as_json = user.client.post("/ocr?format=json", files={"file": letter})
    assert as_json.json()["pages"][0]["blocks"]
    job = user.client.get(f"/api/jobs/{as_json.headers['x-job-id']}").json()
    assert job["result_json"] == as_json.json()


def test_blocking_call_when_it_takes_too_long_then_504_names_the_job_and_it_goes_on(
    services: Services, user: Caller
) -> None:
    settings = dataclasses.replace(services.settings, blocking_seconds=0)
    client = TestClient(create_app(dataclasses.replace(services, settings=settings)), headers=user.headers)
    answer = client.post("/ocr", files={"file": drawn_pdf(*["one of thirty pages"] * 30)})
    assert (answer.status_code, set(answer.json())) == (504, {"detail"})
    assert ended(client, answer.headers["x-job-id"])["status"] == "done"


def test_blocking_call_when_nothing_could_be_read_then_422_says_why(user: Caller) -> None:
    answer = user.client.post("/ocr", files={"file": undecodable_png()})
    assert (answer.status_code, set(answer.json())) == (422, {"detail"})
    assert "damaged" in answer.json()["detail"]


def test_health_when_asked_then_it_tells_how_the_server_is_doing(anonymous: Caller) -> None:
    health = anonymous.client.get("/health").json()
    assert set(health) == {"status", "queue_depth", "jobs_processed", "uptime_seconds", "version", "tiers"}
    assert health["status"] == "ok"
    assert anonymous.client.get("/readyz").json() == {"status": "ok"}
    assert anonymous.client.get("/livez").json() == {"status": "ok"}
