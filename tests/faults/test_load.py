"""Thirty-two clients and five hundred jobs of all kinds at once, against the program itself: every answer is one that
was announced, nothing hangs, and the books are exact."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import text

from ocrchat.accounts.principal import OPERATOR
from ocrchat.credits.proof import prove_ledger
from ocrchat.db.session import Database, make_engine
from tests.letters import letter
from tests.pictures import encoded, text_image
from tests.servers import Server, start, stop
from tests.users import new_token

CLIENTS = 32
JOBS = 500

# A job that has not ended so long after it was sent is stuck, whatever else there was to do.
PATIENCE_SECONDS = 300

# Come later, or not at this moment: announced, whatever was asked for.
LATER = frozenset({429, 503})

pytestmark = pytest.mark.long


@pytest.fixture(params=["sqlite", "postgresql"])
def loaded(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    more = {"OCRCHAT_PAGE_WORKERS": "2"}
    if request.param == "postgresql":
        more["DATABASE_URL"] = request.getfixturevalue("new_postgres_database")()
    server = start(tmp_path, **more)
    yield server
    server.process.kill()
    server.process.wait()


@dataclass(frozen=True)
class _File:
    name: str
    data: bytes
    pages: int
    """None that can be read: 0."""


def _files() -> list[_File]:
    out = [_File(f"born-{pages}.pdf", letter(pages), pages) for pages in range(1, 21)]
    out += [_File(f"short-{pages}.pdf", letter(pages, blank=(2,)), pages) for pages in (1, 2, 3, 4, 5) * 2]
    for number in range(12):
        image = text_image([f"Receipt number {number}", f"Total {number}.50 USD"], size=(480, 160))
        out.append(_File(f"scan-{number}.png", encoded(image, "PNG"), 1))
    whole = letter(3)
    broken = (b"", b"%PDF-1.7\n%nothing", whole[: len(whole) // 2], b"\x89PNG\r\n\x1a\n" + bytes(60), b"just text\n")
    return out + [_File(f"broken-{number}", data, 0) for number, data in enumerate(broken)]


FILES = _files()


@dataclass
class _Tally:
    """What all clients saw."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    unexpected: list[str] = field(default_factory=list)
    ended: Counter[str] = field(default_factory=Counter)
    kept: dict[str, tuple[str, bool]] = field(default_factory=dict)
    """Jobs that were not deleted: the token they were sent with, and whether they were let finish."""
    slowest: tuple[float, str] = (0.0, "")

    def note(self, what: str, answer: requests.Response, expected: set[int]) -> None:
        with self.lock:
            self.statuses[what, answer.status_code] += 1
            if answer.status_code not in expected | LATER:
                self.unexpected.append(f"{what}: {answer.status_code} {answer.text[:300]}")


class _Client:
    """Sends one job after the other, each another way."""

    def __init__(self, server: Server, token: str, seed: int, tally: _Tally) -> None:
        self._url = server.url
        self._token = token
        self._chance = random.Random(seed)
        self._tally = tally
        self._session = requests.Session()
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def send(self, jobs: int) -> None:
        for _ in range(jobs):
            self._send_one()

    def _send_one(self) -> None:
        """From its submission to its end."""
        file = self._chance.choice(FILES)
        way = self._chance.choice([self._by_v1, self._by_v1, self._by_simple, self._at_once])
        begun = time.monotonic()
        way(file)
        with self._tally.lock:
            self._tally.slowest = max(self._tally.slowest, (time.monotonic() - begun, f"{file.name} {way.__name__}"))

    def _by_v1(self, file: _File) -> None:
        expected = {200, 202, 402} if file.pages else {400, 200}
        answer = self._ask("v1 post", "POST", "/api/v1/ocr/", expected, files={"file": (file.name, file.data)})
        if answer.status_code in (200, 202):
            job = answer.json()["uuid"]
            self._go_on(job, lambda: self._ended_v1(job), file)

    def _by_simple(self, file: _File) -> None:
        expected = {201, 402} if file.pages else {422, 201}
        answer = self._ask("simple post", "POST", "/api/ocr", expected, files={"file": (file.name, file.data)})
        if answer.status_code == 201:
            job = answer.json()["job_id"]
            self._go_on(job, lambda: self._ended_simple(job), file)

    def _at_once(self, file: _File) -> None:
        expected = {200, 402} if file.pages else {422}
        answer = self._ask("ocr", "POST", "/ocr", expected, files={"file": (file.name, file.data)})
        if answer.status_code == 200:
            self._end(answer.headers["x-job-id"], "done", finished=True)

    def _go_on(self, job: str, ended: Callable[[], str], file: _File) -> None:
        fate = self._chance.random()
        if fate < 0.1:
            self._delete(job)
        elif fate < 0.2:
            time.sleep(self._chance.uniform(0, 0.3))
            self._ask("cancel", "POST", f"/api/v1/ocr/{job}/cancel/", {200})
            self._end(job, "cancelled", finished=False)
        else:
            status = self._wait(ended)
            if status == "done" and self._chance.random() < 0.3:
                name = self._chance.choice(["txt", "md", "docx", "pdf", "csv", "json"])
                self._ask("download", "GET", f"/api/v1/ocr/{job}/download/?format={name}", {200})
            if fate > 0.9:
                self._delete(job)
            else:
                assert status == "done" or not file.pages, f"{file.name} ended as {status}"
                self._end(job, status, finished=True)

    def _wait(self, ended: Callable[[], str]) -> str:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (status := ended()):
            assert time.monotonic() < deadline, "stuck"
            time.sleep(self._chance.uniform(0.2, 1.0))
        return status

    def _ended_v1(self, job: str) -> str:
        status: str = self._ask("v1 get", "GET", f"/api/v1/ocr/{job}/", {200}).json()["status"]
        return status if status in ("done", "failed") else ""

    def _ended_simple(self, job: str) -> str:
        status = self._ask("simple get", "GET", f"/api/jobs/{job}", {200}).json()["status"]
        return {"done": "done", "error": "failed"}.get(status, "")

    def _delete(self, job: str) -> None:
        if self._chance.random() < 0.5:
            self._ask("v1 delete", "DELETE", f"/api/v1/ocr/{job}/", {200})
        else:
            self._ask("simple delete", "DELETE", f"/api/jobs/{job}", {204})
        self._ask("deleted", "GET", f"/api/v1/ocr/{job}/", {404})
        with self._tally.lock:
            self._tally.ended["deleted"] += 1

    def _end(self, job: str, how: str, *, finished: bool) -> None:
        with self._tally.lock:
            self._tally.ended[how] += 1
            self._tally.kept[job] = (self._token, finished)

    def _ask(self, what: str, method: str, path: str, expected: set[int], **more: Any) -> requests.Response:
        """Comes again when it is told to."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = self._session.request(method, f"{self._url}{path}", timeout=PATIENCE_SECONDS, **more)
            self._tally.note(what, answer, expected)
            if answer.status_code not in LATER:
                return answer
            assert time.monotonic() < deadline, f"{what} was put off again and again"
            time.sleep(min(float(answer.headers["retry-after"]), 20.0) + self._chance.random())


def test_service_when_many_clients_send_all_kinds_of_jobs_then_each_is_answered_and_paid_as_announced(
    loaded: Server,
) -> None:
    rich = [new_token(loaded, f"rich-{number}@example.org", plan="paid", credits=10_000) for number in range(5)]
    free, poor = new_token(loaded, "free@example.org"), new_token(loaded, "poor@example.org")
    tokens = [*rich * 5, *[loaded.token, free, poor] * 2, ""]
    tally = _Tally()
    for pages in (300, 299):  # of the 600 that a new account has; and two books behind all that follows
        tally.kept[_spend(loaded, poor, pages)] = (poor, False)
    clients = [_Client(loaded, token, seed, tally) for seed, token in enumerate(tokens)]
    assert len(clients) == CLIENTS
    begun = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as threads:
        shares = [
            threads.submit(client.send, JOBS // CLIENTS + (number < JOBS % CLIENTS))
            for number, client in enumerate(clients)
        ]
        for share in shares:
            share.result()
    print(f"\n{JOBS} jobs in {time.monotonic() - begun:.0f} s; the slowest {tally.slowest}; {dict(tally.ended)}")  # noqa: T201
    print(sorted(tally.statuses.items()))  # noqa: T201
    assert tally.unexpected == []
    assert tally.ended["done"] >= JOBS // 3
    assert tally.statuses["v1 post", 402] + tally.statuses["simple post", 402] + tally.statuses["ocr", 402] > 0
    for job, (token, finished) in tally.kept.items():
        _assert_paid(loaded, job, token, finished=finished)
    _assert_books(loaded)
    assert stop(loaded) == 0
    told = loaded.log.read_text()
    assert '"level": "error"' not in told
    assert '"job_revived"' not in told, "no job is left lying where nothing dies"


def _spend(server: Server, token: str, pages: int) -> str:
    headers = {"Authorization": f"Bearer {token}"}
    answer = requests.post(f"{server.url}/api/v1/ocr/", files={"file": letter(pages)}, headers=headers, timeout=120)
    assert answer.status_code == 202
    job: str = answer.json()["uuid"]
    return job


def _assert_paid(server: Server, job: str, token: str, *, finished: bool) -> None:
    """Each page that was read is paid, once; nothing else is."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        answer = requests.get(f"{server.url}/api/v1/ocr/{job}/receipt/", headers=headers, timeout=60)
        receipt = answer.json()
        if answer.status_code == 200 and receipt["status"] in ("done", "failed"):
            break
        assert time.monotonic() < deadline
        time.sleep(float(answer.headers.get("retry-after", 1)))
    assert "waiting" not in {page["status"] for page in receipt["pages"]}
    if finished and receipt["status"] == "done":
        assert {page["status"] for page in receipt["pages"]} <= {"read", "blank"}
    read = sum(page["status"] == "read" for page in receipt["pages"])
    paid = 0 if token == server.token else read  # the installation's own token counts pages, and pays none
    assert receipt["charged"] == sum(page["credits"] for page in receipt["pages"]) == paid


def _assert_books(server: Server) -> None:
    with closing(Database(make_engine(server.database_url))) as database, database.reading() as session:
        assert prove_ledger(session, OPERATOR, now=datetime.now(UTC)).faults == ()
        held = "SELECT COUNT(*) FROM entries WHERE kind = 'hold'"
        released = "SELECT COUNT(*) FROM entries WHERE kind = 'release'"
        assert session.scalar(text(held)) == session.scalar(text(released))
        assert session.scalar(text("SELECT COUNT(*) FROM jobs WHERE status IN ('pending', 'processing')")) == 0
        charges = session.execute(
            text("SELECT job_id, COUNT(*), COUNT(DISTINCT page) FROM entries WHERE kind = 'charge' GROUP BY job_id")
        ).all()
        assert charges
        assert all(count == distinct for _, count, distinct in charges)
