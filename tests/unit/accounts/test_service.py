from __future__ import annotations

import pytest

from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.principal import OPERATOR, acting_for
from ocrchat.accounts.service import open_account, require_account_by_email, set_plan_of, sign_up
from ocrchat.db.session import Database
from ocrchat.errors import AccountExists, BadAddress, NoSuchAccount, UnknownPlan
from tests.ledgers import NOON, PLANS, new_account


def test_account_when_address_is_taken_then_it_exists_and_the_unit_of_work_goes_on(database: Database) -> None:
    new_account(database, "Ann@Example.org")
    with database.unit() as session:
        with pytest.raises(AccountExists):
            open_account(session, email="ann@example.org", plans=PLANS, now=NOON)
        assert open_account(session, email="bob@example.org", plans=PLANS, now=NOON).plan == "free"


def test_account_when_found_by_address_then_spelling_does_not_matter(sqlite_database: Database) -> None:
    owner = new_account(sqlite_database)
    with sqlite_database.reading() as session:
        assert require_account_by_email(session, OPERATOR, " ANN@example.org").id == owner.account_id
        with pytest.raises(NoSuchAccount, match="no account for bob"):
            require_account_by_email(session, OPERATOR, "bob@example.org")
        with pytest.raises(NoSuchAccount):
            require_account_by_email(session, acting_for("nobody"), "ann@example.org")


def test_plan_when_changed_then_it_must_exist(sqlite_database: Database) -> None:
    owner = new_account(sqlite_database)
    with sqlite_database.unit() as session:
        assert set_plan_of(session, OPERATOR, str(owner.account_id), "paid", PLANS).plan == "paid"
    with pytest.raises(UnknownPlan), sqlite_database.unit() as session:
        set_plan_of(session, OPERATOR, str(owner.account_id), "gold", PLANS)
    with pytest.raises(NoSuchAccount), sqlite_database.unit() as session:
        set_plan_of(session, OPERATOR, "nobody", "paid", PLANS)


def test_sign_up_when_address_or_plan_is_wrong_then_nothing_is_made(
    sqlite_database: Database, keys: ServerKeys
) -> None:
    with pytest.raises(BadAddress), sqlite_database.unit() as session:
        sign_up(session, keys, PLANS, email="ann", now=NOON)
    with pytest.raises(UnknownPlan), sqlite_database.unit() as session:
        open_account(session, email="ann@example.org", plans=PLANS, now=NOON, plan="gold")
