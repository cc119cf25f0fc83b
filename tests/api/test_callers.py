"""Who may do what: each kind of caller at each route, and nobody at somebody else's job. Routes come from the table, so
that one that is added is asked too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from ocrchat.accounts.principal import Scope
from ocrchat.app import ROUTERS
from tests.api.conftest import Caller, NewUser

_PUBLIC = {"/", "/livez", "/readyz", "/health", "/openapi", "/openapi.css", "/openapi.js", "/api/signup"}


def _routes() -> Iterator[tuple[str, str]]:
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute):
                for method in sorted((route.methods or set()) - {"HEAD"}):
                    yield method, route.path


ROUTES = sorted(_routes())
OWNED = [(method, path) for method, path in ROUTES if "{" in path]
GUARDED = [(method, path) for method, path in ROUTES if path.rstrip("/") not in _PUBLIC and path != "/"]


def at(path: str, job_id: str) -> str:
    return re.sub(r"\{\w+\}", job_id, path)


def is_chat(path: str) -> bool:
    return path.startswith("/api/v1/chat/")


@pytest.fixture
def job(user: Caller, letter: bytes) -> str:
    return str(user.client.post("/api/v1/ocr/", files={"file": letter}).json()["uuid"])


def test_routes_when_listed_then_both_apis_are_there() -> None:
    assert len(OWNED) == 24
    assert {"/api/v1/ocr/{uuid}/", "/api/v1/ocr/{uuid}", "/api/jobs/{job_id}"} <= {path for _, path in OWNED}


@pytest.mark.parametrize(("method", "path"), OWNED)
def test_route_when_the_job_is_somebody_else_s_then_404_as_for_none_at_all(
    job: str, stranger: Caller, anonymous: Caller, user: Caller, admin: Caller, method: str, path: str
) -> None:
    # Chat is for accounts: who has none is told so, whatever is asked for.
    callers = (stranger, admin) if is_chat(path) else (stranger, anonymous, admin)
    answers = [
        caller.client.request(method, at(path, identifier))
        for caller in callers
        for identifier in (job, "0" * 32, "no-id", "%00", "%F0%9F%98%80", "a" * 3000)
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    bodies = [{**answer.json(), "request_id": ""} for answer in answers]
    assert all(body == bodies[0] for body in bodies)
    assert user.client.get(f"/api/v1/ocr/{job}/").status_code == 200


@pytest.mark.parametrize(("method", "path"), GUARDED)
@pytest.mark.parametrize("how", ["header", "parameter", "scheme", "empty", "empty parameter"])
def test_route_when_the_token_is_wrong_then_401_and_never_anonymous(
    client_at: Callable[[], TestClient], method: str, path: str, how: str
) -> None:
    headers = {"header": {"authorization": "Bearer wrong"}, "scheme": {"authorization": "Basic eA=="}}
    headers["empty"] = {"authorization": "Bearer "}
    query = {"parameter": "?api_token=wrong", "empty parameter": "?api_token="}.get(how, "")
    answer = client_at().request(method, at(path, "0" * 32) + query, headers=headers.get(how, {}))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_route_when_the_token_lacks_the_scope_then_403(new_user: NewUser, method: str, path: str) -> None:
    caller = new_user(scopes=frozenset({Scope.READ if is_chat(path) else Scope.CHAT}))
    answer = caller.client.request(method, at(path, "0" * 32))
    assert answer.status_code == 403
    assert "scope" in answer.text


def test_token_when_it_may_only_read_then_it_reads_and_does_not_write(new_user: NewUser, letter: bytes) -> None:
    reader = new_user(scopes=frozenset({Scope.READ}))
    assert reader.client.get("/api/v1/ocr/").status_code == 200
    assert reader.client.post("/api/v1/ocr/", files={"file": letter}).status_code == 403
    assert reader.client.delete(f"/api/jobs/{'0' * 32}").status_code == 403


def test_token_when_it_is_in_the_address_then_it_counts_the_same(
    user: Caller, client_at: Callable[[], TestClient]
) -> None:
    secret = user.headers["authorization"].removeprefix("Bearer ")
    state = client_at().get(f"/api/v1/account/?api_token={secret}").json()
    assert state["account"] == user.account_id


def test_cookie_when_it_is_sent_then_it_never_counts(user: Caller, client_at: Callable[[], TestClient]) -> None:
    client = client_at()
    secret = user.headers["authorization"].removeprefix("Bearer ")
    client.cookies.set("api_token", secret)
    client.cookies.set("session", secret)
    assert client.get("/api/v1/account/").json()["account"] is None


def test_admin_when_reading_then_it_costs_nothing(admin: Caller, letter: bytes) -> None:
    job = admin.client.post("/api/v1/ocr/", files={"file": letter}).json()
    receipt = admin.client.get(f"/api/v1/ocr/{job['uuid']}/receipt/").json()
    assert (job["status"], receipt["charged"]) == ("done", 0)


def test_anonymous_job_when_its_id_is_known_then_it_is_found_and_by_accounts_too(
    anonymous: Caller, user: Caller, letter: bytes
) -> None:
    uuid = anonymous.client.post("/api/v1/ocr/", files={"file": letter}).json()["uuid"]
    assert user.client.get(f"/api/v1/ocr/{uuid}/").json()["status"] == "done"


def test_caller_when_asking_too_often_then_429_says_when_to_come_back(client_at: Callable[[], TestClient]) -> None:
    client = client_at()
    answers = [client.post("/api/v1/ocr/") for _ in range(21)]
    assert [answer.status_code for answer in answers] == [400] * 20 + [429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert answers[-1].json()["code"] == "rate.limited"
    assert client.post("/api/ocr").status_code == 429
    assert client.get("/api/v1/ocr/").status_code == 200


def test_forwarded_for_when_the_proxy_is_not_ours_then_it_is_not_believed(client_at: Callable[[], TestClient]) -> None:
    client = client_at()
    spend = [client.post("/api/v1/ocr/", headers={"x-forwarded-for": f"192.0.2.{number}"}) for number in range(21)]
    assert spend[-1].status_code == 429
