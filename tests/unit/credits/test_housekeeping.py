from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from ocrchat.accounts.limits import RateLimiter
from ocrchat.accounts.principal import OPERATOR, anonymous
from ocrchat.accounts.sessions import Lifetime, open_session
from ocrchat.credits import allowance, books
from ocrchat.credits.housekeeping import prove_nightly, sweep
from ocrchat.credits.proof import last_proof
from ocrchat.db.session import Database
from tests.ledgers import NOON, PLANS, entries, left, new_account


def _count(database: Database, table: str) -> int:
    with database.reading() as session:
        return session.scalar(text(f"SELECT COUNT(*) FROM {table}")) or 0


def test_sweep_when_things_are_out_of_date_then_they_go_and_it_can_be_repeated(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "EXPIRY_BATCH", 2)
    owners = [new_account(database, f"{name}@example.org") for name in "abcde"]
    assert [left(database, owner) for owner in owners] == [600] * 5
    with database.unit() as session:
        open_session(session, owners[0], Lifetime(timedelta(days=1), timedelta(days=1)), now=NOON)
        allowance.take(session, anonymous("hash"), credits=1, cap=10, now=NOON)
    limiter = RateLimiter(database, PLANS)
    limiter.spend(anonymous("hash"), "submit", now=NOON)
    before = entries(database)

    sweep(database, limiter, now=NOON)
    assert entries(database) == before
    assert (_count(database, "sessions"), _count(database, "anonymous_use")) == (1, 1)

    for _ in range(2):
        sweep(database, limiter, now=NOON + timedelta(days=10))
    assert entries(database) == [*before, *[("expire", -100)] * 5]
    assert [_count(database, name) for name in ("sessions", "anonymous_use", "rate_limits")] == [0, 0, 0]


def test_proof_when_made_at_night_then_it_is_remembered(database: Database) -> None:
    left(database, new_account(database))
    proof = prove_nightly(database, now=NOON)
    assert proof.is_right and proof.credits == 600
    with database.reading() as session:
        assert last_proof(session, OPERATOR) == proof
