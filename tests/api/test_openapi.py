"""The description of both APIs is true: what it promises is answered, and nothing that it does not."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest
from starlette.testclient import TestClient

from tests.api.conftest import Caller, NewUser
from tests.api.test_callers import ROUTES

_HIDDEN = {"/", "/openapi", "/openapi.css", "/openapi.js"}


@pytest.fixture
def api(anonymous: Caller) -> dict[str, Any]:
    description: dict[str, Any] = anonymous.client.get("/openapi.json").json()
    return description


def test_description_when_compared_with_the_routes_then_each_is_in_it_once(api: dict[str, Any]) -> None:
    described = {(method.upper(), path.rstrip("/")) for path, item in api["paths"].items() for method in item}
    assert described == {
        (method, path.rstrip("/")) for method, path in ROUTES if path.rstrip("/") not in _HIDDEN | {""}
    }
    assert len(described) == sum(len(item) for item in api["paths"].values())


def test_description_when_read_then_each_operation_says_what_may_come(api: dict[str, Any]) -> None:
    for path, item in api["paths"].items():
        for operation in item.values():
            statuses = set(operation["responses"])
            assert ("422" in statuses) <= (not path.startswith("/api/v1/")), path
            if path.startswith("/api/v1/"):
                assert {"401", "403", "429", "503"} <= statuses
            assert operation["summary"]


def _check(api: dict[str, Any], answer: Any, path: str, method: str) -> None:
    shape = api["paths"][path][method]["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
    jsonschema.validate(answer.json(), {**shape, "components": api["components"]})


def test_answers_when_held_against_the_description_then_they_have_its_shape(
    api: dict[str, Any], user: Caller, letter: bytes, book: bytes
) -> None:
    client = user.client
    posted = client.post("/api/v1/ocr/?detail=words", files={"file": letter})
    _check(api, posted, "/api/v1/ocr/", "post")
    _check(api, client.post("/api/v1/ocr/", files={"file": book}), "/api/v1/ocr/", "post")
    uuid = posted.json()["uuid"]
    for tail in ("", "receipt/"):
        _check(api, client.get(f"/api/v1/ocr/{uuid}/{tail}"), "/api/v1/ocr/{uuid}/" + tail, "get")
    _check(api, client.get("/api/v1/ocr/"), "/api/v1/ocr/", "get")
    _check(api, client.get("/api/v1/account/"), "/api/v1/account/", "get")
    _check(api, client.get(f"/api/jobs/{uuid}"), "/api/jobs/{job_id}", "get")
    _check(api, client.get("/api/jobs"), "/api/jobs", "get")
    _check(api, client.post("/api/ocr", files={"file": letter}), "/api/ocr", "post")
    _check(api, client.get("/health"), "/health", "get")
    _check(api, client.post(f"/api/v1/ocr/{uuid}/retry/"), "/api/v1/ocr/{uuid}/retry/", "post")
    chat = f"/api/v1/chat/{uuid}/"
    _check(api, client.post(chat, json={"message": "What is the total?"}), "/api/v1/chat/{uuid}/", "post")
    _check(api, client.get(f"{chat}history/"), "/api/v1/chat/{uuid}/history/", "get")
    _check(api, client.get(f"{chat}conversations/"), "/api/v1/chat/{uuid}/conversations/", "get")
    _check(api, client.delete(chat), "/api/v1/chat/{uuid}/", "delete")
    _check(api, client.delete(f"/api/v1/ocr/{uuid}/"), "/api/v1/ocr/{uuid}/", "delete")


def test_description_when_a_document_is_sent_then_a_repeat_and_its_refusal_are_told(
    api: dict[str, Any], user: Caller, letter: bytes, book: bytes
) -> None:
    for path in ("/api/ocr", "/ocr", "/api/v1/ocr/"):
        operation = api["paths"][path]["post"]
        assert "Idempotency-Key" in {one["name"] for one in operation["parameters"] if one["in"] == "header"}
        headers = {"Idempotency-Key": f"key-of-{path}"}
        user.client.post(path, files={"file": letter}, headers=headers)
        refused = user.client.post(path, files={"file": book}, headers=headers)
        assert refused.status_code == 409
        _check(api, refused, path, "post")


def test_page_when_opened_then_it_needs_nothing_from_elsewhere(anonymous: Caller) -> None:
    client = anonymous.client
    page = client.get("/openapi")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    front = client.get("/")
    for text in (page.text, front.text):
        for link in re.findall(r'(?:src|href)="([^"]+)"', text):
            assert link.startswith("/")
            assert client.get(link).status_code == 200, link
    assert "https://" not in client.get("/openapi.js").text


def _fuzz(client: TestClient, examples: int, headers: dict[str, str]) -> None:
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_headers_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    checks = [
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
        response_headers_conformance,
    ]
    schema = schemathesis.openapi.from_asgi("/openapi.json", client.app)
    for found in schema.get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]  # an error raises

        @settings(
            max_examples=examples,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            answer = case.call(headers=headers)
            assert answer.status_code != 500, answer.text  # 503 is an answer: not now, or not on this server
            case.validate_response(answer, checks=checks)

        ask()


# Threads of the service use random numbers too; the tool takes them for its own.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module")
def test_anything_that_fits_the_description_when_sent_then_a_documented_answer(new_user: NewUser) -> None:
    caller = new_user(plan="admin")
    _fuzz(caller.client, 4, {"authorization": caller.headers["authorization"]})


@pytest.mark.long
@pytest.mark.filterwarnings("ignore:Do not use the `random` module")
def test_anything_that_fits_the_description_when_sent_for_long_then_a_documented_answer(new_user: NewUser) -> None:
    caller = new_user(plan="admin")
    _fuzz(caller.client, 300, {"authorization": caller.headers["authorization"]})


def test_description_when_written_then_it_is_whole_json(api: dict[str, Any]) -> None:
    assert api["openapi"].startswith("3.1")
    references = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(api)))
    assert references <= set(api["components"]["schemas"])
