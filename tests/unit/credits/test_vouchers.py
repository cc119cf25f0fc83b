from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from ocrchat.accounts.limits import RateLimiter
from ocrchat.accounts.principal import OPERATOR, TOKEN_SCOPES, Kind, Principal, Scope, anonymous
from ocrchat.accounts.repository import get_account
from ocrchat.credits.model import Voucher
from ocrchat.credits.vouchers import list_vouchers, make_voucher, redeem_voucher, revoke_voucher
from ocrchat.db.session import Database
from ocrchat.errors import (
    CreditError,
    LoginNeeded,
    RateLimited,
    ScopeMissing,
    UnknownPlan,
    VoucherInvalid,
    VoucherUsed,
)
from tests.ledgers import LEDGER, NOON, PLANS, faults, left, new_account


@pytest.fixture
def owner(database: Database) -> Principal:
    return new_account(database)


def _make(database: Database, **more: object) -> tuple[Voucher, str]:
    with database.unit() as session:
        wanted: dict[str, object] = {"credits": 100, "now": NOON, **more}
        return make_voucher(session, OPERATOR, LEDGER, **wanted)  # type: ignore[arg-type]


def _redeem(database: Database, who: Principal, code: str, *, days: int = 0) -> Voucher:
    limiter = RateLimiter(database, PLANS)
    return redeem_voucher(database, limiter, who, LEDGER, code=code, now=NOON + timedelta(days=days))


def test_voucher_when_redeemed_then_its_credits_come_once(database: Database, owner: Principal) -> None:
    _, code = _make(database)
    assert _redeem(database, owner, f" {code.lower().replace('-', ' ')} ").credits == 100
    assert left(database, owner) == 700
    with pytest.raises(VoucherUsed):
        _redeem(database, owner, code)
    with pytest.raises(VoucherUsed):
        _redeem(database, new_account(database, "bob@example.org"), code)
    assert left(database, owner) == 700
    assert faults(database) == ()


def test_voucher_when_it_has_several_uses_then_each_account_has_one(database: Database, owner: Principal) -> None:
    _, code = _make(database, max_uses=2)
    _redeem(database, owner, code)
    with pytest.raises(VoucherUsed, match="This account"):
        _redeem(database, owner, code)
    # The refused try has used nothing up.
    _redeem(database, new_account(database, "bob@example.org"), code)
    with database.reading() as session:
        assert [one.uses for one in list_vouchers(session, OPERATOR)] == [2]


def test_voucher_when_it_names_a_plan_then_the_account_moves(database: Database, owner: Principal) -> None:
    _, code = _make(database, credits=0, plan="paid")
    _redeem(database, owner, code)
    with database.reading() as session:
        account = get_account(session, owner, str(owner.account_id))
        assert account is not None and account.plan == "paid"
    assert left(database, owner) == 600


def test_voucher_when_it_is_worth_a_plan_only_then_each_account_has_it_once(
    database: Database, owner: Principal
) -> None:
    _, code = _make(database, credits=0, plan="paid", max_uses=2)
    _redeem(database, owner, code)
    with pytest.raises(VoucherUsed, match="This account"):
        _redeem(database, owner, code)
    _redeem(database, new_account(database, "bob@example.org"), code)
    assert faults(database) == ()


def test_voucher_when_its_credits_last_for_days_then_they_go_after_them(database: Database, owner: Principal) -> None:
    _, code = _make(database, credits_valid_days=5)
    _redeem(database, owner, code)
    assert left(database, owner, now=NOON + timedelta(days=4)) == 700
    assert left(database, owner, now=NOON + timedelta(days=5)) == 600


def test_voucher_when_out_of_date_revoked_or_unknown_then_it_is_invalid(database: Database, owner: Principal) -> None:
    _, late = _make(database, expires_at=NOON + timedelta(days=1))
    voucher, revoked = _make(database)
    with database.unit() as session:
        revoke_voucher(session, OPERATOR, voucher.id, now=NOON)
    for code, days in [(late, 1), (revoked, 0), ("ABCDE-ABCDE-ABCDE-ABCDE", 0), ("", 0)]:
        with pytest.raises(VoucherInvalid):
            _redeem(database, owner, code, days=days)
    with pytest.raises(VoucherInvalid), database.unit() as session:
        revoke_voucher(session, OPERATOR, voucher.id, now=NOON)


def test_voucher_when_code_is_guessed_then_the_account_is_throttled_and_others_are_not(
    database: Database, owner: Principal
) -> None:
    _, code = _make(database)
    for _ in range(PLANS.throttles["voucher_account"]):
        with pytest.raises(VoucherInvalid):
            _redeem(database, owner, "ABCDE-ABCDE-ABCDE-ABCDE")
    with pytest.raises(RateLimited):
        _redeem(database, owner, code)
    assert left(database, owner) == 600
    _redeem(database, new_account(database, "bob@example.org"), code)


def test_voucher_when_the_token_may_not_change_the_account_then_it_is_refused(
    database: Database, owner: Principal
) -> None:
    _, code = _make(database)
    with pytest.raises(ScopeMissing, match="account"):
        _redeem(database, replace(owner, kind=Kind.TOKEN, scopes=TOKEN_SCOPES), code)
    with pytest.raises(LoginNeeded):
        _redeem(database, anonymous("hash"), code)
    _redeem(database, replace(owner, kind=Kind.TOKEN, scopes=frozenset({Scope.ACCOUNT})), code)


@pytest.mark.parametrize(
    "wrong", [{"credits": -1}, {"credits": 0}, {"max_uses": 0}, {"credits_valid_days": -1}, {"plan": "gold"}]
)
def test_voucher_when_it_makes_no_sense_then_it_is_not_made(
    sqlite_database: Database, wrong: dict[str, object]
) -> None:
    with pytest.raises((CreditError, UnknownPlan)):
        _make(sqlite_database, **wrong)


def test_voucher_when_kept_then_the_database_does_not_know_its_code(sqlite_database: Database) -> None:
    voucher, code = _make(sqlite_database)
    with sqlite_database.reading() as session:
        dump = str(session.execute(text("SELECT * FROM vouchers")).all())
    assert code not in dump and code.replace("-", "") not in dump and voucher.hint == code[:5]


def test_vouchers_when_asked_for_by_an_account_then_it_is_refused(sqlite_database: Database) -> None:
    owner = new_account(sqlite_database)
    with sqlite_database.unit() as session:
        with pytest.raises(ScopeMissing):
            make_voucher(session, owner, LEDGER, credits=5, now=NOON)
        with pytest.raises(ScopeMissing):
            list_vouchers(session, owner)
        with pytest.raises(ScopeMissing):
            revoke_voucher(session, owner, "x", now=NOON)
