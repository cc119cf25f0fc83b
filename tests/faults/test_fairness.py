"""One account's book, and what others wait for because of it: against a server that reads one page at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import requests

from tests.letters import letter
from tests.servers import Server, start
from tests.users import new_token

# All that a page takes, so that what is measured is waiting and not the machine's load.
PAGE_SECONDS = 0.4

# For HTTP, the database and the look at the file, on a machine that does other things as well.
OVERHEAD_SECONDS = 0.6

pytestmark = pytest.mark.long


class _Busy(NamedTuple):
    server: Server
    page_seconds: float
    """Of the job at work while it was alone: what a page takes here, with its commit."""


def _moment_of(reader: _Client, book: str, pages: int) -> float:
    while reader.get(book)["pages_done"] < pages:
        time.sleep(0.05)
    return time.monotonic()


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Busy]:
    """With a job of 500 pages at work."""
    server = start(tmp_path_factory.mktemp("busy"), OCRCHAT_POINTS=f"page_begun={PAGE_SECONDS}")
    try:
        reader = _Client(server, "reader@example.org", plan="paid")
        book = reader.post(letter(500))["uuid"]
        began = _moment_of(reader, book, 3)
        yield _Busy(server, (_moment_of(reader, book, 13) - began) / 10)
        assert reader.get(book)["status"] == "processing", "it was at work all the time"
    finally:
        server.process.kill()
        server.process.wait()


class _Client:
    def __init__(self, server: Server, email: str, *, plan: str) -> None:
        self._url = f"{server.url}/api/v1/ocr/"
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {new_token(server, email, plan=plan)}"

    def post(self, data: bytes) -> dict[str, Any]:
        answer = self._session.post(self._url, files={"file": data}, timeout=120)
        assert answer.status_code in (200, 202), answer.text
        job: dict[str, Any] = answer.json()
        return job

    def get(self, uuid: str) -> dict[str, Any]:
        job: dict[str, Any] = self._session.get(f"{self._url}{uuid}/", timeout=60).json()
        return job

    def finish(self, uuid: str) -> dict[str, Any]:
        while (job := self.get(uuid))["status"] in ("pending", "processing"):
            time.sleep(0.2)
        assert job["status"] == "done"
        return job


@pytest.mark.parametrize("plan", ["paid", "free"])
def test_single_page_when_anothers_book_is_read_then_it_waits_for_two_of_its_pages_at_most(
    busy: _Busy, plan: str
) -> None:
    client = _Client(busy.server, f"single-{plan}@example.org", plan=plan)
    page = letter(1)
    waits = []
    for moment in range(6):
        time.sleep(0.13 * moment)  # anywhere in the book's page
        begun = time.monotonic()
        assert client.post(page)["status"] == "done"
        waits.append(time.monotonic() - begun - busy.page_seconds)
    assert max(waits) <= 2 * busy.page_seconds + OVERHEAD_SECONDS, waits


@pytest.mark.parametrize("pages", [8, 40])
def test_job_of_some_pages_when_anothers_book_is_read_then_it_gets_every_second_page(busy: _Busy, pages: int) -> None:
    client = _Client(busy.server, f"some-{pages}@example.org", plan="paid")
    begun = time.monotonic()
    job = client.post(letter(pages))
    while client.get(job["uuid"])["pages_done"] == 0:
        time.sleep(0.05)
    first = time.monotonic() - begun
    client.finish(job["uuid"])
    whole = time.monotonic() - begun
    assert first <= 3 * busy.page_seconds + OVERHEAD_SECONDS
    # A machine that others use too is not equally fast for half a minute: a tenth is let pass. Every third page would
    # be half as much again.
    assert whole <= 1.1 * (2 * pages + 2) * busy.page_seconds + OVERHEAD_SECONDS


def test_single_page_when_many_jobs_of_another_wait_then_it_is_not_behind_them(busy: _Busy) -> None:
    many = _Client(busy.server, "many@example.org", plan="paid")
    flood = [many.post(letter(6)) for _ in range(24)]
    client = _Client(busy.server, "one@example.org", plan="paid")
    begun = time.monotonic()
    assert client.post(letter(1))["status"] == "done"
    # Two others take turns with it now: the book and the flood.
    assert time.monotonic() - begun <= 4 * busy.page_seconds + OVERHEAD_SECONDS
    assert many.get(flood[-1]["uuid"])["status"] in ("pending", "processing")
