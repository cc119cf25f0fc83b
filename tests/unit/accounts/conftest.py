"""What tests of accounts have in common: a server key, limits, mails that are caught."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ocrchat.accounts.authentication import Authenticator
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.limits import RateLimiter
from ocrchat.accounts.login import Login, LoginRules
from ocrchat.accounts.mail import Mail
from ocrchat.accounts.sessions import Lifetime
from ocrchat.db.session import Database
from tests.ledgers import PLANS

LIFETIME = Lifetime(timedelta(days=30), timedelta(days=90))


class Mailbox:
    """Takes mails as a server would, and keeps them."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    def send(self, mail: Mail) -> None:
        self.mails.append(mail)

    @property
    def code(self) -> str:
        return self.mails[-1].subject.split()[0]

    @property
    def link_secret(self) -> str:
        return self.mails[-1].text.partition("/log-in/#")[2].split()[0]


@pytest.fixture
def keys(tmp_path: Path) -> ServerKeys:
    keys = ServerKeys(tmp_path / "server.key")
    keys.make_if_missing()
    return keys


@pytest.fixture
def limiter(sqlite_database: Database) -> RateLimiter:
    return RateLimiter(sqlite_database, PLANS)


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def login(sqlite_database: Database, keys: ServerKeys, limiter: RateLimiter, mailbox: Mailbox) -> Login:
    rules = LoginRules(public_url="https://reader.example.org", lifetime=LIFETIME)
    return Login(sqlite_database, keys, PLANS, limiter, mailbox, rules)


@pytest.fixture
def authenticator(sqlite_database: Database, keys: ServerKeys, limiter: RateLimiter) -> Iterator[Authenticator]:
    yield Authenticator(sqlite_database, keys, limiter, LIFETIME)
