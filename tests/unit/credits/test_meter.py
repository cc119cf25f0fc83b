from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ocrchat.accounts.principal import OPERATOR, acting_for, anonymous
from ocrchat.credits import allowance
from ocrchat.credits.meter import Meter
from ocrchat.credits.pricing import PageCost
from ocrchat.db.session import Database
from ocrchat.errors import InsufficientCredits, ScopeMissing, UnknownTier
from tests.ledgers import JOB, LEDGER, NOON, PLANS, costs, faults, left, new_account

METER = Meter(LEDGER)
NOBODY = anonymous("hash of a network and a day")


def _hold(database: Database, *pages: int, credits: int = 1) -> None:
    with database.unit() as session:
        METER.hold(session, NOBODY, job_id=JOB, costs=costs(*pages, credits=credits), now=NOON)


def _left(database: Database) -> int:
    with database.reading() as session:
        return METER.left(session, NOBODY, now=NOON).left


def test_allowance_when_used_up_then_the_rest_is_refused_whole(database: Database) -> None:
    _hold(database, *range(1, 9))
    with pytest.raises(InsufficientCredits, match=r"costs 3 credits; .* 10 a day .* and 2 are left") as caught:
        _hold(database, 1, 2, 3)
    assert caught.value.detail == {"used": 8, "cap": 10, "needed": 3, "resets_at": "2026-11-22T00:00:00+00:00"}
    _hold(database, 1, 2)
    with pytest.raises(InsufficientCredits):
        _hold(database, 1)
    with database.reading() as session:
        balance = METER.left(session, NOBODY, now=NOON)
    assert (balance.left, balance.used, balance.cap) == (0, 10, 10)


def test_allowance_when_file_is_larger_than_a_day_then_nothing_is_taken(database: Database) -> None:
    with pytest.raises(InsufficientCredits):
        _hold(database, *range(1, 12))
    assert _left(database) == 10


def test_allowance_when_pages_fail_or_are_cheaper_then_they_come_back(database: Database) -> None:
    _hold(database, 1, 2, credits=5)
    (dear,) = costs(1, credits=5, tier="vlm")
    (cheap,) = costs(1)
    with database.unit() as session:
        METER.charge_page(session, NOBODY, job_id=JOB, held=dear, paid=cheap, now=NOON)
        METER.charge_page(session, NOBODY, job_id=JOB, held=cheap, paid=cheap, now=NOON)
    assert _left(database) == 4
    with database.unit() as session:
        METER.release_pages(session, NOBODY, job_id=JOB, costs=[dear], now=NOON)
    assert _left(database) == 9


def test_allowance_when_day_is_over_then_it_is_forgotten_and_giving_back_does_nothing(database: Database) -> None:
    _hold(database, 1)
    with database.unit() as session:
        assert allowance.forget_earlier_days(session, OPERATOR, now=NOON) == 0
        assert allowance.forget_earlier_days(session, OPERATOR, now=NOON + timedelta(days=1)) == 1
        allowance.give_back(session, NOBODY, credits=1)
        assert allowance.used_today(session, NOBODY) == 0
    with pytest.raises(ScopeMissing), database.unit() as session:
        allowance.forget_earlier_days(session, NOBODY, now=NOON)


def test_meter_when_caller_has_an_account_then_the_ledger_counts(database: Database) -> None:
    owner = new_account(database)
    (dear,) = costs(1, credits=5, tier="vlm")
    (cheap,) = costs(1)
    with database.unit() as session:
        assert METER.left(session, owner, now=NOON).left == 600
        METER.hold(session, owner, job_id=JOB, costs=[dear, *costs(2, 3)], now=NOON)
        METER.charge_page(session, owner, job_id=JOB, held=dear, paid=cheap, now=NOON)
        METER.release_pages(session, owner, job_id=JOB, costs=costs(2, 3), now=NOON)
    assert left(database, owner) == 599
    assert faults(database) == ()


def test_price_when_asked_then_it_is_that_of_tier_tool_and_plan() -> None:
    plans = replace(PLANS, tools={"translate": {"cpu": 2}})
    meter = Meter(type(LEDGER)(plans))
    free, admin = plans.plans["free"], plans.plans["admin"]
    assert meter.cost(free, [3, 4], "vlm") == [
        PageCost(page=3, credits=5, tier="vlm"),
        PageCost(page=4, credits=5, tier="vlm"),
    ]
    assert meter.cost(free, [1], "cpu", "translate")[0].credits == 2
    assert meter.cost(free, [1], "vlm", "translate")[0].credits == 5
    assert meter.cost(free, [1], "cpu", "other")[0].credits == 1
    assert meter.cost(admin, [1], "vlm", "translate")[0].credits == 0
    with pytest.raises(UnknownTier, match="cpu, vlm"):
        meter.cost(free, [1], "gpu")


def test_meter_when_a_worker_acts_for_an_account_then_its_plan_is_looked_up(database: Database) -> None:
    owner = new_account(database)
    with database.unit() as session:
        METER.hold(session, acting_for(str(owner.account_id)), job_id=JOB, costs=costs(1), now=NOON)
    assert left(database, owner) == 599
