from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from ocrchat.accounts import limits
from ocrchat.accounts.limits import RateLimiter, forget_caller
from ocrchat.accounts.principal import Principal, acting_for, anonymous
from ocrchat.db.session import Database, make_engine
from ocrchat.errors import RateLimited
from tests.ledgers import NOON, PLANS

ANONYMOUS_SUBMITS = PLANS.plans["anonymous"].per_minute["submit"]


def _passes(call: Callable[[], None]) -> bool:
    try:
        call()
    except RateLimited:
        return False
    return True


def test_limit_when_minute_is_used_up_then_next_call_is_refused_with_the_time_to_wait(database: Database) -> None:
    limiter = RateLimiter(database, PLANS)
    caller = anonymous("hash")
    for _ in range(ANONYMOUS_SUBMITS):
        limiter.spend(caller, "submit", now=NOON)
    with pytest.raises(RateLimited, match="try again in 3 seconds") as caught:
        limiter.spend(caller, "submit", now=NOON)
    assert caught.value.detail["retry_after"] == 60 / ANONYMOUS_SUBMITS
    limiter.spend(caller, "read", now=NOON)
    limiter.spend(anonymous("another"), "submit", now=NOON)


def test_limit_when_time_passes_then_calls_come_back_evenly(database: Database) -> None:
    limiter = RateLimiter(database, PLANS)
    caller = anonymous("hash")
    passed = 0
    for second in range(3 * 60 + 1):  # three minutes, more than one call a second, then what came back meanwhile
        moment = NOON + timedelta(seconds=second)
        passed += _passes(lambda moment=moment: limiter.spend(caller, "submit", now=moment))  # type: ignore[misc]
    # A minute's allowance at once, and then what comes back in three minutes.
    assert passed == ANONYMOUS_SUBMITS * 4


def test_limit_when_refused_time_is_waited_then_call_passes(sqlite_database: Database) -> None:
    limiter = RateLimiter(sqlite_database, PLANS)
    for _ in range(2):
        limiter.throttle("mail_address", "ann", now=NOON)
    with pytest.raises(RateLimited) as caught:
        limiter.throttle("mail_address", "ann", now=NOON)
    seconds = caught.value.detail["retry_after"]
    assert isinstance(seconds, int)
    with pytest.raises(RateLimited, match=r"1 second\."):
        limiter.throttle("mail_address", "ann", now=NOON + timedelta(seconds=seconds - 1))
    limiter.throttle("mail_address", "ann", now=NOON + timedelta(seconds=seconds))


@pytest.mark.parametrize("fresh", [True, False])
def test_limit_when_the_clock_is_put_back_then_nobody_waits_for_the_difference(database: Database, fresh: bool) -> None:
    limiter = RateLimiter(database, PLANS)
    ahead = NOON + timedelta(hours=3)
    while _passes(lambda: limiter.throttle("password_address", "ann", now=ahead)):
        pass
    if fresh:  # another node, which remembers nothing
        limiter = RateLimiter(database, PLANS)
    for _ in range(PLANS.throttles["password_address"]):
        limiter.throttle("password_address", "ann", now=NOON)
    with pytest.raises(RateLimited) as caught:
        limiter.throttle("password_address", "ann", now=NOON)
    assert caught.value.detail["retry_after"] == 12


def test_limit_when_the_clock_is_a_little_back_then_what_was_spent_stays_spent(sqlite_database: Database) -> None:
    limiter = RateLimiter(sqlite_database, PLANS)
    while _passes(lambda: limiter.throttle("password_address", "ann", now=NOON)):
        pass
    assert not _passes(lambda: limiter.throttle("password_address", "ann", now=NOON - timedelta(seconds=30)))


def test_limit_when_several_nodes_are_asked_at_once_then_they_count_together(
    database: Database, database_url: str
) -> None:
    nodes = [RateLimiter(Database(make_engine(database_url, durable=False)), PLANS) for _ in range(3)]
    caller = anonymous("hash")
    with ThreadPoolExecutor(9) as pool:
        passed = list(
            pool.map(lambda index: _passes(lambda: nodes[index % 3].spend(caller, "submit", now=NOON)), range(60))
        )
    assert sum(passed) == ANONYMOUS_SUBMITS
    for node in nodes:
        node._database.close()


def test_limit_when_caller_is_known_to_be_refused_then_the_database_is_not_asked(sqlite_database: Database) -> None:
    limiter = RateLimiter(sqlite_database, PLANS)
    while _passes(lambda: limiter.throttle("mail_address", "ann", now=NOON)):
        pass
    with sqlite_database.unit() as session:
        session.execute(text("DELETE FROM rate_limits"))
    assert not _passes(lambda: limiter.throttle("mail_address", "ann", now=NOON))


def test_limit_when_too_many_callers_are_refused_then_memory_stays_bounded(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "_REMEMBERED", 2)
    limiter = RateLimiter(sqlite_database, PLANS)
    for caller in "abcde":
        while _passes(lambda: limiter.throttle("mail_address", caller, now=NOON)):  # noqa: B023  called at once
            pass
    assert len(limiter._refused_until) <= 2


def test_limit_when_plan_names_no_limit_then_every_call_passes(sqlite_database: Database) -> None:
    limiter = RateLimiter(sqlite_database, PLANS)
    admin: Principal = replace(acting_for("a"), plan="admin")
    for _ in range(100):
        limiter.spend(admin, "submit", now=NOON)
        limiter.throttle("unheard of", "a", now=NOON)
    with sqlite_database.reading() as session:
        assert session.scalars(text("SELECT key FROM rate_limits")).all() == []


def test_limit_when_rows_are_idle_or_their_account_goes_then_they_are_forgotten(sqlite_database: Database) -> None:
    limiter = RateLimiter(sqlite_database, PLANS)
    for who in (acting_for("a" * 32), anonymous("b" * 64), anonymous("c_%" * 10)):
        limiter.spend(replace(who, plan="free"), "submit", now=NOON)
    with sqlite_database.unit() as session:
        forget_caller(session, "a" * 32)
        forget_caller(session, "%")
    assert limiter.forget_idle(now=NOON) == 0
    assert limiter.forget_idle(now=NOON + timedelta(minutes=2)) == 2
