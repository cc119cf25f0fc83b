"""Chat over HTTP: the contract's example, conversations, streams, who may ask, and what is refused how."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from ocrchat.accounts.leaving import export_account
from ocrchat.accounts.principal import acting_for
from ocrchat.app import create_app
from ocrchat.chat.account_part import ChatPart
from ocrchat.chat.language_model import EndpointModel
from ocrchat.chat.service import Chat
from ocrchat.web.services import Services
from tests.api.conftest import Caller, NewUser, drawn_pdf, undecodable_png
from tests.model_server import model_endpoint

INVOICE = "INVOICE\nAcme Corp\nThe invoice total is $42, due on March 3.\nThank you."
QUESTION = {"message": "What is the total and when is it due?"}


@pytest.fixture(scope="session")
def invoice() -> bytes:
    return drawn_pdf(INVOICE)


def read(caller: Caller, data: bytes) -> str:
    return str(caller.client.post("/api/v1/ocr/", files={"file": data}).json()["uuid"])


@pytest.fixture
def job(user: Caller, invoice: bytes) -> str:
    return read(user, invoice)


def ask(caller: Caller, job: str, message: str = "What is the total?", **more: Any) -> Any:
    return caller.client.post(f"/api/v1/chat/{job}/", json={"message": message, **more})


def test_contract_s_example_when_asked_then_its_shape_and_its_facts(user: Caller, job: str) -> None:
    answer = user.client.post(f"/api/v1/chat/{job}/", json=QUESTION)
    assert answer.status_code == 200
    body = answer.json()
    message = body["message"]
    assert message["role"] == "assistant"
    assert message["content"] == "The total is $42 (p. 1). The due date is March 3 (p. 1)."
    text = "".join(user.client.get(f"/api/v1/ocr/{job}/").json()["pages"][0]["text"].split())
    for citation in message["citations"]:
        assert citation["page"] == 1
        assert "".join(citation["snippet"].split()) in text
        assert citation["verified"] is True
        assert len(citation["boxes"][0]) == 4
    assert message["unverified"] == []
    assert [sentence["verified"] for sentence in message["sentences"]] == [True, True]


def test_history_when_asked_for_then_the_whole_transcript(user: Caller, job: str) -> None:
    assert user.client.get(f"/api/v1/chat/{job}/history/").json() == {
        "conversation": None,
        "uuids": [job],
        "messages": [],
    }
    first = ask(user, job).json()
    second = ask(user, job, "And the due date?").json()
    assert first["conversation"] == second["conversation"]
    history = user.client.get(f"/api/v1/chat/{job}/history/").json()
    assert history["conversation"] == first["conversation"]
    assert [message["role"] for message in history["messages"]] == ["user", "assistant"] * 2
    assert history["messages"][1]["content"] == first["message"]["content"]
    assert history["messages"][1]["citations"] == first["message"]["citations"]
    assert history["messages"][2]["content"] == "And the due date?"
    assert "March 3" in second["message"]["content"]


def test_conversations_when_there_are_several_then_each_is_found_and_deleted_alone(user: Caller, job: str) -> None:
    first = ask(user, job).json()["conversation"]
    second = ask(user, job, conversation="new").json()["conversation"]
    assert first != second
    assert ask(user, job, conversation=first).json()["conversation"] == first
    listed = user.client.get(f"/api/v1/chat/{job}/conversations/").json()["conversations"]
    assert [(one["conversation"], one["messages"]) for one in listed] == [(first, 4), (second, 2)]
    chat = f"/api/v1/chat/{job}/"
    assert user.client.delete(f"{chat}?conversation={second}").json() == {"uuid": job, "removed": 1}
    assert user.client.get(f"{chat}history/?conversation={second}").status_code == 404
    assert user.client.delete(f"{chat}?conversation={second}").status_code == 404
    assert user.client.delete(chat).json()["removed"] == 1
    assert user.client.get(f"{chat}history/").json()["messages"] == []


def events_of(answer: Any) -> Iterator[tuple[str, Any]]:
    for block in answer.text.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines())
        yield lines["event"], json.loads(lines["data"])


def test_stream_when_accepted_then_tokens_citations_and_the_whole_at_the_end(user: Caller, job: str) -> None:
    answer = user.client.post(f"/api/v1/chat/{job}/", json=QUESTION, headers={"accept": "text/event-stream"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = list(events_of(answer))
    assert next(name for name, _ in events) == "token"
    assert [name for name, _ in events][-1] == "done"
    done = events[-1][1]
    assert "".join(data["text"] for name, data in events if name == "token") == done["message"]["content"]
    assert [data for name, data in events if name == "citation"] == done["message"]["citations"]
    assert len(user.client.get(f"/api/v1/chat/{job}/history/").json()["messages"]) == 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "request.invalid"),
        (b"not json", "request.invalid"),
        (b"[1]", "request.invalid"),
        (b"{}", "chat.question_missing"),
        (b'{"message": "  "}', "chat.question_missing"),
        (b'{"message": 7}', "chat.question_missing"),
        (json.dumps({"message": "\u200b\u200d \u2060\ufeff"}).encode(), "chat.question_missing"),
        (json.dumps({"message": "\u3164\u0301\u202e"}).encode(), "chat.question_missing"),
        (json.dumps({"message": "x" * 4001}).encode(), "chat.question_too_long"),
        (b'{"message": "a", "uuids": "b"}', "request.invalid"),
        (b'{"message": "a", "uuids": {}}', "request.invalid"),
        (b'{"message": "a", "uuids": 0}', "request.invalid"),
        (b'{"message": "a", "uuids": ""}', "request.invalid"),
        (b'{"message": "a", "uuids": false}', "request.invalid"),
        (b'{"message": "a", "conversation": 5}', "request.invalid"),
    ],
)
def test_question_when_it_cannot_be_one_then_400_and_nothing_is_kept(
    user: Caller, job: str, body: bytes, code: str
) -> None:
    answer = user.client.post(f"/api/v1/chat/{job}/", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert len(answer.json()["error"].split(". ")) == 1
    assert user.client.get(f"/api/v1/chat/{job}/history/").json()["messages"] == []


@pytest.mark.parametrize("identifier", ["", "0" * 32, "no-id", "\x00", "\ud800", "x" * 5000])
def test_conversation_when_there_is_none_of_the_id_then_404(user: Caller, job: str, identifier: str) -> None:
    body = json.dumps({"message": "What is the total?", "conversation": identifier})
    answer = user.client.post(f"/api/v1/chat/{job}/", content=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "chat.conversation_not_found")


def test_conversation_when_its_id_is_empty_then_404_everywhere_and_nothing_is_deleted(user: Caller, job: str) -> None:
    assert ask(user, job).status_code == 200
    chat = f"/api/v1/chat/{job}/"
    for answer in (user.client.get(f"{chat}history/?conversation="), user.client.delete(f"{chat}?conversation=")):
        assert (answer.status_code, answer.json()["code"]) == (404, "chat.conversation_not_found")
    assert len(user.client.get(f"{chat}history/").json()["messages"]) == 2


def test_first_questions_when_asked_at_once_then_one_conversation_has_them_all(
    services: Services, user: Caller, job: str
) -> None:
    principal = acting_for(str(user.account_id))
    # All three are checked before any of them is answered: none has a conversation to go on with.
    tellings = [services.chat.ask(principal, job, f"What is the total, {name}?") for name in "abc"]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(list, tellings))
    listed = services.chat.conversations(principal, job)
    assert [one["messages"] for one in listed] == [6]
    history = user.client.get(f"/api/v1/chat/{job}/history/").json()["messages"]
    assert [message["role"] for message in history] == ["user", "assistant"] * 3


def test_new_conversations_when_asked_for_at_once_then_each_is_one(services: Services, user: Caller, job: str) -> None:
    principal = acting_for(str(user.account_id))
    for telling in [services.chat.ask(principal, job, "What is the total?", conversation="new") for _ in range(2)]:
        list(telling)
    assert [one["messages"] for one in services.chat.conversations(principal, job)] == [2, 2]


def test_first_question_when_another_is_about_more_documents_then_they_are_kept_apart(
    services: Services, user: Caller, job: str, invoice: bytes
) -> None:
    principal = acting_for(str(user.account_id))
    other = read(user, invoice)
    tellings = [services.chat.ask(principal, job, "The total?", uuids=uuids) for uuids in ((), (other,))]
    for telling in tellings:
        list(telling)
    assert sorted(len(one["uuids"]) for one in services.chat.conversations(principal, job)) == [1, 2]


@pytest.mark.parametrize(
    "message", ["What is the total \x00 \ud83d?", "\u202e\u2066 total", "total " * 600, "'; DROP TABLE jobs"]
)
def test_question_when_it_has_odd_characters_then_it_is_answered(user: Caller, job: str, message: str) -> None:
    answer = user.client.post(f"/api/v1/chat/{job}/", content=json.dumps({"message": message}))
    assert answer.status_code == 200
    assert len(user.client.get(f"/api/v1/chat/{job}/history/").json()["messages"]) == 2


def test_uuids_when_they_cannot_be_ids_then_404(user: Caller, job: str) -> None:
    body = json.dumps({"message": "What is the total?", "uuids": ["\x00", "\ud800"]})
    assert user.client.post(f"/api/v1/chat/{job}/", content=body).status_code == 404


def test_job_when_it_failed_then_409_and_when_deleted_404(user: Caller, invoice: bytes) -> None:
    failed = read(user, undecodable_png())
    assert user.client.get(f"/api/v1/ocr/{failed}/").json()["status"] == "failed"
    answer = ask(user, failed)
    assert (answer.status_code, answer.json()["code"]) == (409, "jobs.nothing_read")
    job = read(user, invoice)
    assert ask(user, job).status_code == 200
    user.client.delete(f"/api/v1/ocr/{job}/")
    assert ask(user, job).status_code == 404
    assert user.client.get(f"/api/v1/chat/{job}/history/").status_code == 404


def test_job_when_it_is_deleted_then_its_conversations_go_with_it(
    user: Caller, services: Services, invoice: bytes, job: str
) -> None:
    other = read(user, drawn_pdf("Report\nThe harbour master is Ingrid Solberg."))
    together = ask(user, job, "Who is the harbour master?", uuids=[other]).json()
    assert "Ingrid Solberg" in together["message"]["content"]
    assert {citation["uuid"] for citation in together["message"]["citations"]} == {other}
    user.client.delete(f"/api/v1/ocr/{other}/")
    assert user.client.get(f"/api/v1/chat/{job}/history/").json()["messages"] == []
    with services.database.reading() as session:
        count = session.connection().exec_driver_sql(
            "SELECT count(*) FROM conversation_messages WHERE content LIKE '%Solberg%'"
        )
        assert count.scalar() == 0
    services.chat.forget_deleted()


def test_several_documents_when_too_many_or_not_all_mine_then_refused(
    user: Caller, stranger: Caller, job: str, invoice: bytes
) -> None:
    assert ask(user, job, uuids=[f"{n:032x}" for n in range(5)]).status_code == 400
    foreign = read(stranger, invoice)
    assert ask(user, job, uuids=[foreign]).status_code == 404


def test_anonymous_when_asking_then_401_and_nobody_s_job_is_not_there_for_chat(
    anonymous: Caller, user: Caller, invoice: bytes
) -> None:
    job = read(anonymous, invoice)
    answer = ask(anonymous, job)
    assert (answer.status_code, answer.json()["code"]) == (401, "auth.needed")
    assert anonymous.client.get(f"/api/v1/chat/{job}/history/").status_code == 401
    assert ask(user, job).status_code == 404


def test_asking_when_too_often_then_429_by_the_plan_and_free_of_charge(new_user: NewUser, invoice: bytes) -> None:
    caller = new_user()
    job = read(caller, invoice)
    used = caller.client.get("/api/v1/account/").json()["used"]
    answers = [ask(caller, job) for _ in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert caller.client.get("/api/v1/account/").json()["used"] == used


@pytest.fixture
def with_model(services: Services, user: Caller) -> Iterator[Any]:
    """The same service with a language model that a test speaks for."""

    def make(url: str) -> TestClient:
        model = EndpointModel(url=url, name="spoken", timeout_seconds=5)
        chat = Chat(database=services.database, jobs=services.jobs, model=model, clock=services_now)
        client = TestClient(create_app(replace(services, chat=chat)), raise_server_exceptions=False)
        client.headers["authorization"] = user.headers["authorization"]
        return client

    yield make


def services_now() -> datetime:
    return datetime.now(UTC)


def test_model_when_it_speaks_then_streamed_checked_and_kept(with_model: Any, user: Caller, job: str) -> None:
    with model_endpoint("The total is $42 [1]. Elvis Presley paid it [1].") as endpoint:
        client = with_model(endpoint.url)
        answer = client.post(f"/api/v1/chat/{job}/", json=QUESTION, headers={"accept": "text/event-stream"})
        events = list(events_of(answer))
    assert len([name for name, _ in events if name == "token"]) > 1
    message = events[-1][1]["message"]
    assert message["model"] == "spoken"
    assert message["content"].startswith("The total is $42 (p. 1).")
    assert message["unverified"] == ["Elvis Presley paid it (p. 1)."]
    history = user.client.get(f"/api/v1/chat/{job}/history/").json()
    assert history["messages"][1]["unverified"] == message["unverified"]


@pytest.mark.parametrize("breaks_after", [None, 1])
def test_model_when_it_cannot_be_reached_or_breaks_off_then_the_pages_answer_and_say_so(
    with_model: Any, job: str, breaks_after: int | None
) -> None:
    status = 500 if breaks_after is None else 200
    with model_endpoint("The total is a million", status=status, breaks_after=breaks_after) as endpoint:
        message = with_model(endpoint.url).post(f"/api/v1/chat/{job}/", json=QUESTION).json()["message"]
    assert message["content"].startswith("The language model could not be reached;")
    assert "The total is $42 (p. 1)." in message["content"]
    assert message["model"] == ""
    assert message["unverified"] == []


def test_account_when_it_leaves_then_its_conversations_are_exported_and_deleted(
    new_user: NewUser, services: Services, invoice: bytes
) -> None:
    caller = new_user()
    job = read(caller, invoice)
    conversation = ask(caller, job).json()["conversation"]
    assert caller.account_id is not None
    principal = acting_for(caller.account_id)
    sink = io.BytesIO()
    export_account(services.database, principal, (ChatPart(),), sink, now=services_now())
    kept = json.loads(zipfile.ZipFile(sink).read(f"conversations/{conversation}.json"))
    assert "$42" in kept["messages"][1]["content"]
    with services.database.unit() as session:
        removed = ChatPart().remove(session, principal, tombstone="t", now=services_now())
    assert removed == {"conversations": 1}
    assert caller.client.get(f"/api/v1/chat/{job}/history/").json()["messages"] == []
