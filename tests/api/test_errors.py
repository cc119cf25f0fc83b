"""What went wrong, in each API's own words; and nothing of a defect's words."""

from __future__ import annotations

import dataclasses
import io
import logging
import sqlite3
from typing import Any, cast

import psycopg
import pytest
from sqlalchemy.exc import OperationalError, ProgrammingError
from starlette.testclient import TestClient

from ocrchat.app import create_app
from ocrchat.jobs.service import Jobs
from ocrchat.logs import JSONFormatter
from ocrchat.web.services import Services
from tests.api.conftest import Caller


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1", "/nothing", "/docs"])
def test_address_when_nothing_is_there_then_404_with_a_code(anonymous: Caller, path: str) -> None:
    answer = anonymous.client.get(path)
    assert answer.status_code == 404
    assert set(answer.json()) == {"error", "code", "request_id"}


@pytest.mark.parametrize("path", ["/api/nothing", "/api/", "/ocr/x", "/api/jobs/a/b"])
def test_address_when_nothing_is_there_then_404_in_the_simple_shape(anonymous: Caller, path: str) -> None:
    answer = anonymous.client.get(path)
    assert answer.status_code == 404
    assert set(answer.json()) == ({"error", "code", "request_id"} if path == "/ocr/x" else {"detail"})


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/v1/ocr/", "GET, POST"),
        ("PATCH", "/api/v1/ocr/abc", "DELETE, GET"),
        ("GET", "/ocr", "POST"),
        ("POST", "/health", "GET, HEAD"),
    ],
)
def test_address_when_the_method_is_another_then_405_names_them_all(
    anonymous: Caller, method: str, path: str, allowed: str
) -> None:
    answer = anonymous.client.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/ocr/?limit=0", 400),
        ("/api/v1/ocr/?limit=x", 400),
        ("/api/v1/ocr/?offset=-1", 400),
        ("/api/v1/ocr/?offset=99999999999999999999", 400),
        (f"/api/v1/ocr/{'0' * 32}/?detail=all", 400),
        ("/api/jobs?limit=101", 422),
        ("/api/jobs?offset=x", 422),
    ],
)
def test_parameter_when_it_cannot_be_then_it_is_named_and_never_422_in_v1(user: Caller, path: str, status: int) -> None:
    answer = user.client.get(path)
    assert answer.status_code == status
    assert path.partition("?")[2].partition("=")[0] in answer.text


class _Broken:
    """Jobs with a defect."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        raise self._error


def _client_with(services: Services, error: Exception) -> TestClient:
    broken = dataclasses.replace(services, jobs=cast(Jobs, _Broken(error)))
    return TestClient(create_app(broken), raise_server_exceptions=False)


def test_defect_when_it_happens_then_500_and_its_words_are_nowhere(services: Services, user: Caller) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JSONFormatter())
    logging.getLogger("ocrchat").addHandler(handler)
    try:
        client = _client_with(services, ValueError("the text of a document"))
        answer = client.get(f"/api/v1/ocr/{'0' * 32}/", headers=user.headers)
        simple = client.get(f"/api/jobs/{'0' * 32}", headers=user.headers)
    finally:
        logging.getLogger("ocrchat").removeHandler(handler)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert (simple.status_code, set(simple.json())) == (500, {"detail"})
    assert "ValueError" in stream.getvalue()
    assert answer.json()["request_id"] in stream.getvalue()
    assert "document" not in stream.getvalue() + answer.text


@pytest.mark.parametrize("identifier", ["%00", "A" * 32, "0" * 31, "%F0%9F%98%80"])
def test_id_when_it_cannot_be_one_then_404_and_nobody_is_asked(
    services: Services, user: Caller, identifier: str
) -> None:
    client = _client_with(services, ValueError("it was asked for"))
    for path in (f"/api/v1/ocr/{identifier}/", f"/api/jobs/{identifier}"):
        assert client.get(path, headers=user.headers).status_code == 404


@pytest.mark.parametrize(
    "lost", [sqlite3.OperationalError("database is locked"), psycopg.OperationalError("server closed the connection")]
)
def test_database_when_it_does_not_answer_then_503_says_to_try_again(
    services: Services, user: Caller, lost: sqlite3.Error | psycopg.Error
) -> None:
    if isinstance(lost, sqlite3.Error):
        lost.sqlite_errorcode = sqlite3.SQLITE_BUSY
    client = _client_with(services, OperationalError("SELECT 1", {}, lost))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "database.unavailable")
    assert int(answer.headers["retry-after"]) > 0


def test_database_when_it_refuses_what_we_ask_then_that_is_a_defect(services: Services) -> None:
    client = _client_with(services, ProgrammingError("SELECT 1", {}, sqlite3.ProgrammingError("no such column")))
    assert client.get("/readyz").json()["code"] == "internal"


def test_head_when_asked_where_get_is_answered_then_the_same_without_a_body(user: Caller, letter: bytes) -> None:
    uuid = user.client.post("/api/v1/ocr/", files={"file": letter}).json()["uuid"]
    for path in ("/", "/livez", "/readyz", "/health", f"/api/v1/ocr/{uuid}/download/?format=txt"):
        asked, got = user.client.head(path), user.client.get(path)
        assert (asked.status_code, asked.content) == (200, b""), path
        assert asked.headers["content-type"] == got.headers["content-type"]
