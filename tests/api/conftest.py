"""A whole service in the test's own process: real database, store, workers; asked through ASGI. One for all tests of
this folder that follow each other, as the workflow engine allows one in a process; each test brings callers of its own,
who see nothing of each other's."""

from __future__ import annotations

import itertools
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from ocrchat.accounts.api_keys import issue_token
from ocrchat.accounts.principal import OPERATOR, TOKEN_SCOPES, Scope
from ocrchat.accounts.service import open_account
from ocrchat.app import create_app, open_services
from ocrchat.config import load_settings
from ocrchat.web.services import Services
from tests.drawing import PDFDrawing

_addresses = itertools.count(1)


@dataclass(frozen=True)
class Caller:
    """Somebody who asks: with a token or from an address of their own."""

    client: TestClient
    headers: dict[str, str] = field(default_factory=dict)
    account_id: str | None = None


# One a module, not one for all: the workflow engine exists once a process, and tests of jobs start their own.
@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    data = tmp_path_factory.mktemp("service")
    with open_services(load_settings({}, data=str(data))) as services:
        yield services


@pytest.fixture(scope="module")
def app(services: Services) -> FastAPI:
    return create_app(services)


@pytest.fixture
def client_at(app: FastAPI) -> Callable[[], TestClient]:
    """Each from a network of its own."""

    def make() -> TestClient:
        number = next(_addresses)
        address = f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"
        return TestClient(app, raise_server_exceptions=False, client=(address, 50000), follow_redirects=False)

    return make


@pytest.fixture
def anonymous(client_at: Callable[[], TestClient]) -> Caller:
    return Caller(client_at())


NewUser = Callable[..., Caller]


@pytest.fixture
def new_user(services: Services, client_at: Callable[[], TestClient], tmp_path: Path) -> NewUser:
    def make(*, plan: str = "", scopes: frozenset[Scope] = TOKEN_SCOPES) -> Caller:
        now = datetime.now(UTC)
        with services.database.unit() as session:
            account = open_account(session, email=None, plans=services.plans, now=now, plan=plan)
            _, secret = issue_token(
                session, OPERATOR, services.keys, account_id=account.id, name="test", now=now, scopes=scopes
            )
        client = client_at()
        client.headers["authorization"] = f"Bearer {secret}"
        return Caller(client, dict(client.headers), account.id)

    return make


@pytest.fixture
def user(new_user: NewUser) -> Caller:
    return new_user()


@pytest.fixture
def stranger(new_user: NewUser) -> Caller:
    return new_user()


@pytest.fixture
def admin(services: Services, client_at: Callable[[], TestClient]) -> Caller:
    client = client_at()
    secret = (services.settings.data / "admin-token").read_text().strip()
    client.headers["authorization"] = f"Bearer {secret}"
    return Caller(client, dict(client.headers))


def drawn_pdf(*texts: str) -> bytes:
    """A page a text, born digital: read in milliseconds."""
    drawing = PDFDrawing("Drawn for a test")
    for text in texts:
        page = drawing.page()
        for number, line in enumerate(text.splitlines()):
            page.text(72, 760 - 24 * number, line)
    return drawing.to_bytes()


def undecodable_png() -> bytes:
    """A picture that says its size and then holds nothing that can be decoded."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 600, 600, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"not compressed") + chunk(b"IEND", b"")


@pytest.fixture(scope="session")
def letter() -> bytes:
    return drawn_pdf("Dear Anna,\nthe total of 215.00 dollars is due on Monday.\nYours sincerely")


@pytest.fixture(scope="session")
def book() -> bytes:
    """More pages than are waited for."""
    return drawn_pdf(
        *(f"Chapter {number}\nThis is what page {number} of the book says to its reader." for number in range(1, 9))
    )
