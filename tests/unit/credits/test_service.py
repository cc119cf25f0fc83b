from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, text

from ocrchat.accounts.principal import OPERATOR, Principal, acting_for, anonymous
from ocrchat.accounts.service import block_account, set_plan_of
from ocrchat.credits import books, repository
from ocrchat.credits.service import Ledger
from ocrchat.db.session import Database
from ocrchat.errors import AccountBlocked, CreditError, InsufficientCredits, LedgerConflict, LoginNeeded, NoSuchAccount
from tests.ledgers import JOB, LEDGER, NOON, OTHER_JOB, PLANS, charge, costs, entries, faults, hold, left, new_account

DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def owner(database: Database) -> Principal:
    return new_account(database)


def _grant(database: Database, owner: Principal, credits: int, **more: object) -> bool:
    with database.unit() as session:
        return books.grant(session, owner, PLANS, credits=credits, now=NOON, **more)  # type: ignore[arg-type]


def _buckets(database: Database, owner: Principal, now: datetime = NOON) -> list[tuple[str, int]]:
    """(kind, remaining), in the order in which they are spent."""
    with database.reading() as session:
        return [(one.kind, one.remaining) for one in repository.live_buckets(session, owner, now=now)]


class TestBook:
    def test_book_when_first_looked_at_then_it_has_the_month_and_the_start(
        self, database: Database, owner: Principal
    ) -> None:
        with database.unit() as session:
            balance = LEDGER.balance(session, owner, now=NOON)
        assert (balance.left, balance.used, balance.cap, balance.monthly_left) == (600, 0, 600, 100)
        assert balance.resets_at == DECEMBER
        assert left(database, owner) == 600
        assert entries(database) == [("grant", 100), ("grant", 500)]

    def test_book_when_month_ends_then_its_rest_goes_and_the_next_comes(
        self, database: Database, owner: Principal
    ) -> None:
        hold(database, owner, *range(1, 31))
        assert left(database, owner, now=DECEMBER - timedelta(microseconds=1)) == 570
        assert left(database, owner, now=DECEMBER) == 600
        assert entries(database)[-2:] == [("expire", -70), ("grant", 100)]
        assert faults(database) == ()

    def test_book_when_plan_has_more_a_month_then_the_difference_comes_at_once_and_only_once(
        self, database: Database, owner: Principal
    ) -> None:
        richer = replace(PLANS, plans={**PLANS.plans, "free": replace(PLANS.plans["free"], monthly_credits=150)})
        assert left(database, owner) == 600
        for plans, expected in [(richer, 650), (richer, 650), (PLANS, 650)]:
            with database.unit() as session:
                assert Ledger(plans).balance(session, owner, now=NOON).left == expected
        assert entries(database) == [("grant", 100), ("grant", 500), ("grant", 50)]
        assert left(database, owner, now=DECEMBER) == 600
        assert faults(database) == ()

    def test_book_when_account_is_unlimited_then_pages_are_counted_and_cost_nothing(self, database: Database) -> None:
        admin = new_account(database, None, plan="admin")
        hold(database, admin, 1, 2, credits=0)
        assert charge(database, admin, 1) is True
        assert left(database, admin) == 0
        assert entries(database) == [("hold", 0), ("hold", 0), ("release", 0), ("charge", 0)]
        assert faults(database) == ()

    def test_book_when_account_began_unlimited_then_it_gets_start_and_month_with_its_first_other_plan(
        self, database: Database
    ) -> None:
        owner = new_account(database, plan="admin")
        hold(database, owner, 1, credits=0)
        assert left(database, owner) == 0
        for plan in ("free", "admin", "paid", "free"):
            with database.unit() as session:
                set_plan_of(session, OPERATOR, str(owner.account_id), plan, PLANS)
            assert left(database, owner) == 600
        assert [one for one in entries(database) if one[0] == "grant"] == [("grant", 100), ("grant", 500)]
        assert faults(database) == ()

    def test_book_when_opened_before_there_were_credits_of_the_start_then_it_gets_none_later(
        self, database: Database, owner: Principal
    ) -> None:
        without = replace(PLANS, new_account_credits=0)
        with database.unit() as session:
            assert Ledger(without).balance(session, owner, now=NOON).left == 100
        assert left(database, owner) == 100
        assert faults(database) == ()

    def test_book_when_nobody_has_an_account_then_there_is_none(self, database: Database) -> None:
        with pytest.raises(LoginNeeded), database.unit() as session:
            LEDGER.settle(session, anonymous("hash"), now=NOON)
        with pytest.raises(NoSuchAccount), database.unit() as session:
            LEDGER.settle(session, acting_for("nobody"), now=NOON)
        with database.unit() as session:
            assert books.expire_due(session, acting_for("nobody"), now=NOON) == 0

    def test_grant_when_named_by_an_occasion_then_it_comes_once(self, database: Database, owner: Principal) -> None:
        assert _grant(database, owner, 50, once="gift") is True
        assert _grant(database, owner, 50, once="gift") is False
        assert _grant(database, owner, 50) is True
        assert left(database, owner) == 700

    @pytest.mark.parametrize(("credits", "days"), [(0, None), (-5, None), (5, 0)])
    def test_grant_when_it_gives_nothing_then_it_is_refused(
        self, database: Database, owner: Principal, credits: int, days: int | None
    ) -> None:
        with pytest.raises(CreditError):
            _grant(database, owner, credits, expires_at=None if days is None else NOON + timedelta(days=days))

    def test_grant_when_balance_would_leave_its_column_then_it_is_refused(
        self, database: Database, owner: Principal
    ) -> None:
        with pytest.raises(CreditError, match="and no more"):
            _grant(database, owner, books.MOST_CREDITS)
        assert _grant(database, owner, books.MOST_CREDITS - 600) is True
        with pytest.raises(CreditError, match="and no more"):
            _grant(database, owner, 1)
        assert left(database, owner) == books.MOST_CREDITS
        assert faults(database) == ()

    @pytest.mark.parametrize("note", ["x" * 201, "half a pair \ud83d", "NUL \x00", "\x1b[2J"])
    def test_grant_when_note_cannot_be_kept_then_it_is_refused(
        self, database: Database, owner: Principal, note: str
    ) -> None:
        with pytest.raises(CreditError, match="A note has"):
            _grant(database, owner, 5, note=note)
        with pytest.raises(CreditError, match="A note has"), database.unit() as session:
            LEDGER.refund_page(session, owner, job_id=JOB, page=1, now=NOON, note=note)
        assert _grant(database, owner, 5, note="two\n lines") is True
        with database.reading() as session:
            notes = session.scalars(text("SELECT note FROM entries ORDER BY id DESC")).all()
        assert notes[0] == "two lines"


class TestHold:
    def test_hold_when_buckets_differ_then_month_goes_first_and_then_what_goes_out_of_date_first(
        self, database: Database, owner: Principal
    ) -> None:
        _grant(database, owner, 10, expires_at=NOON + timedelta(days=300))
        _grant(database, owner, 10, expires_at=NOON + timedelta(days=200))
        assert _buckets(database, owner) == [("monthly", 100), ("credits", 10), ("credits", 10), ("credits", 500)]
        hold(database, owner, *range(1, 96))
        hold(database, owner, 200, 201, 202, credits=5)
        assert _buckets(database, owner) == [("monthly", 0), ("credits", 0), ("credits", 10), ("credits", 500)]
        hold(database, owner, 210, credits=12)
        assert _buckets(database, owner) == [("monthly", 0), ("credits", 0), ("credits", 0), ("credits", 498)]
        assert faults(database) == ()

    def test_hold_when_file_costs_more_than_is_left_then_it_is_refused_whole(
        self, database: Database, owner: Principal
    ) -> None:
        hold(database, owner, 1, 2, 3)
        with pytest.raises(InsufficientCredits, match="costs 598 credits and 597 are left") as caught:
            hold(database, owner, *range(1, 599), job=OTHER_JOB)
        assert caught.value.status == 402
        assert caught.value.detail == {"used": 3, "cap": 600, "needed": 598, "resets_at": "2026-12-01T00:00:00+00:00"}
        assert "1 December" in caught.value.message
        assert left(database, owner) == 597
        hold(database, owner, *range(1, 598), job=OTHER_JOB)
        assert left(database, owner) == 0

    def test_hold_when_plan_has_no_month_then_nothing_is_said_of_waiting(self, database: Database) -> None:
        admin = new_account(database, None, plan="admin")
        with pytest.raises(InsufficientCredits, match=r"or add credits\.$") as caught:
            hold(database, admin, 1, credits=1)
        assert "resets_at" not in caught.value.detail

    def test_hold_when_repeated_then_it_is_held_once(self, database: Database, owner: Principal) -> None:
        hold(database, owner, 1, 2)
        hold(database, owner, 1, 2, 3)
        assert left(database, owner) == 597

    @pytest.mark.parametrize("change", [{"credits": 2}, {"tier": "vlm"}, {"tool": "translate"}])
    def test_hold_when_repeated_for_something_else_then_it_is_a_conflict(
        self, database: Database, owner: Principal, change: dict[str, object]
    ) -> None:
        hold(database, owner, 1)
        with pytest.raises(LedgerConflict, match="Page 1"), database.unit() as session:
            LEDGER.hold(session, owner, job_id=JOB, costs=costs(1, **change), now=NOON)  # type: ignore[arg-type]
        assert left(database, owner) == 599

    def test_hold_when_page_was_released_then_the_attempt_is_over_and_when_paid_it_stays_so(
        self, database: Database, owner: Principal
    ) -> None:
        hold(database, owner, 1, 2)
        charge(database, owner, 1)
        with database.unit() as session:
            LEDGER.release_page(session, owner, job_id=JOB, page=2, now=NOON)
        with pytest.raises(LedgerConflict, match="Page 2 was released"):
            hold(database, owner, 2)
        hold(database, owner, 1)
        hold(database, owner, 2, attempt=2)
        assert left(database, owner) == 598

    def test_hold_when_a_page_is_named_twice_then_it_is_refused(self, database: Database, owner: Principal) -> None:
        with pytest.raises(CreditError, match="named twice"):
            hold(database, owner, 1, 1)

    def test_hold_when_account_is_blocked_then_it_is_refused_and_what_runs_is_settled(
        self, database: Database, owner: Principal
    ) -> None:
        hold(database, owner, 1)
        with database.unit() as session:
            block_account(session, OPERATOR, str(owner.account_id), now=NOON)
        with pytest.raises(AccountBlocked):
            hold(database, owner, 2)
        assert charge(database, owner, 1) is True

    def test_hold_when_file_is_long_then_it_takes_few_statements(self, database: Database, owner: Principal) -> None:
        left(database, owner)
        statements: list[str] = []
        event.listen(database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
        hold(database, owner, *range(1, 301))
        assert len(statements) < 25


class TestSettling:
    def test_page_when_read_then_it_is_charged_once(self, database: Database, owner: Principal) -> None:
        hold(database, owner, 1, 2)
        assert charge(database, owner, 1) is True
        assert charge(database, owner, 1) is False
        assert entries(database)[-2:] == [("release", 1), ("charge", -1)]
        assert left(database, owner) == 598

    def test_page_when_cheaper_than_held_then_the_rest_comes_back_to_what_goes_last(
        self, database: Database, owner: Principal
    ) -> None:
        hold(database, owner, *range(1, 98))
        hold(database, owner, 1, credits=5, job=OTHER_JOB)
        assert _buckets(database, owner) == [("monthly", 0), ("credits", 498)]
        with database.unit() as session:
            assert LEDGER.charge_page(session, owner, job_id=OTHER_JOB, page=1, now=NOON, credits=1, tier="cpu")
        assert _buckets(database, owner) == [("monthly", 2), ("credits", 500)]
        with database.reading() as session:
            assert session.scalars(text("SELECT tier FROM entries WHERE kind = 'charge'")).all() == ["cpu"]
        assert faults(database) == ()

    @pytest.mark.parametrize("credits", [-1, 2])
    def test_page_when_price_is_not_within_the_hold_then_it_is_a_defect(
        self, database: Database, owner: Principal, credits: int
    ) -> None:
        hold(database, owner, 1)
        with pytest.raises(LedgerConflict), database.unit() as session:
            LEDGER.charge_page(session, owner, job_id=JOB, page=1, now=NOON, credits=credits)

    def test_page_when_nothing_is_held_then_it_cannot_be_settled(self, database: Database, owner: Principal) -> None:
        hold(database, owner, 1)
        for job, page, attempt in [(JOB, 2, 1), (OTHER_JOB, 1, 1), (JOB, 1, 2)]:
            with pytest.raises(LedgerConflict, match=f"Page {page}"):
                charge(database, owner, page, job=job, attempt=attempt)
        stranger = new_account(database, "eve@example.org")
        with pytest.raises(LedgerConflict):
            charge(database, stranger, 1)

    def test_page_when_failed_and_tried_again_then_the_second_attempt_pays(
        self, database: Database, owner: Principal
    ) -> None:
        hold(database, owner, 1)
        with database.unit() as session:
            assert LEDGER.release_page(session, owner, job_id=JOB, page=1, now=NOON) is True
            assert LEDGER.release_page(session, owner, job_id=JOB, page=1, now=NOON) is False
        assert charge(database, owner, 1) is False
        assert left(database, owner) == 600
        hold(database, owner, 1, attempt=2)
        assert charge(database, owner, 1, attempt=2) is True
        assert left(database, owner) == 599

    def test_page_when_another_attempt_has_paid_then_the_hold_is_released(
        self, database: Database, owner: Principal
    ) -> None:
        hold(database, owner, 1)
        hold(database, owner, 1, attempt=2)
        assert charge(database, owner, 1, attempt=2) is True
        assert charge(database, owner, 1, attempt=1) is False
        assert left(database, owner) == 599
        assert faults(database) == ()

    def test_rest_when_job_ends_then_only_what_is_open_comes_back(self, database: Database, owner: Principal) -> None:
        hold(database, owner, *range(1, 6))
        hold(database, owner, 1, job=OTHER_JOB)
        charge(database, owner, 2)
        with database.unit() as session:
            assert LEDGER.release_rest(session, owner, job_id=JOB, now=NOON) == 4
            assert LEDGER.release_rest(session, owner, job_id=JOB, now=NOON) == 0
        assert left(database, owner) == 598

    def test_rest_when_there_is_more_than_a_statement_takes_then_all_comes_back(
        self, database: Database, owner: Principal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("ocrchat.credits.postings._CHUNK", 7)
        hold(database, owner, *range(1, 21))
        with database.unit() as session:
            assert LEDGER.release_rest(session, owner, job_id=JOB, now=NOON) == 20
        assert left(database, owner) == 600
        assert faults(database) == ()

    def test_hold_when_month_ends_meanwhile_then_reading_is_paid_and_releasing_goes_with_the_month(
        self, database: Database, owner: Principal
    ) -> None:
        hold(database, owner, 1, 2)
        assert left(database, owner, now=DECEMBER) == 600
        assert charge(database, owner, 1) is True
        with database.unit() as session:
            LEDGER.release_page(session, owner, job_id=JOB, page=2, now=DECEMBER)
        assert left(database, owner, now=DECEMBER) == 600
        assert [one for one in entries(database) if one[0] == "expire"] == [("expire", -98), ("expire", -1)]
        assert faults(database) == ()


class TestRefund:
    def _refund(self, database: Database, owner: Principal, page: int, now: datetime = NOON) -> bool:
        with database.unit() as session:
            return LEDGER.refund_page(session, owner, job_id=JOB, page=page, now=now, note="unreadable")

    def test_refund_when_page_was_charged_then_it_comes_back_once_to_where_it_was(
        self, database: Database, owner: Principal
    ) -> None:
        hold(database, owner, 1, 2)
        charge(database, owner, 1)
        assert self._refund(database, owner, 1) is True
        assert self._refund(database, owner, 1) is False
        assert self._refund(database, owner, 2) is False
        assert _buckets(database, owner)[0] == ("monthly", 99)
        assert faults(database) == ()

    def test_refund_when_its_bucket_is_out_of_date_then_it_stays_usable_for_a_while(
        self, database: Database, owner: Principal
    ) -> None:
        _grant(database, owner, 4)
        hold(database, owner, *range(2, 100))
        hold(database, owner, 1, credits=5)  # two of the month, three of credits
        charge(database, owner, 1)
        assert left(database, owner, now=DECEMBER) == 601
        assert self._refund(database, owner, 1, now=DECEMBER) is True
        assert left(database, owner, now=DECEMBER) == 606
        assert left(database, owner, now=DECEMBER + timedelta(days=29)) == 606
        assert left(database, owner, now=DECEMBER + timedelta(days=31)) == 604
        assert faults(database) == ()
