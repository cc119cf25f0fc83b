from __future__ import annotations

import csv
from datetime import timedelta

import pytest
from sqlalchemy import text

from ocrchat.accounts.principal import Principal
from ocrchat.credits import books
from ocrchat.credits.statements import CSV_COLUMNS, Usage, entries_as_csv, receipt, usage
from ocrchat.db.session import Database
from tests.ledgers import JOB, LEDGER, NOON, OTHER_JOB, PLANS, charge, costs, hold, new_account

DAY = timedelta(days=1)


@pytest.fixture
def owner(database: Database) -> Principal:
    """Pages 1 charged, 2 failed and read at the second attempt, 3 refunded, 4 failed, 5 still held."""
    who = new_account(database)
    hold(database, who, 1, 2, 3, 4, 5)
    charge(database, who, 1)
    charge(database, who, 3)
    with database.unit() as session:
        LEDGER.release_page(session, who, job_id=JOB, page=2, now=NOON)
        LEDGER.release_page(session, who, job_id=JOB, page=4, now=NOON)
        LEDGER.refund_page(session, who, job_id=JOB, page=3, now=NOON + DAY, note="=1+1")
    hold(database, who, 2, attempt=2)
    charge(database, who, 2, attempt=2)
    with database.unit() as session:
        LEDGER.hold(session, who, job_id=OTHER_JOB, costs=costs(1, credits=5, tier="vlm", tool="t"), now=NOON)
        LEDGER.charge_page(session, who, job_id=OTHER_JOB, page=1, now=NOON + DAY)
    return who


def test_receipt_when_pages_ended_differently_then_each_has_its_line(database: Database, owner: Principal) -> None:
    with database.reading() as session:
        found = receipt(session, owner, JOB)
        assert receipt(session, owner, "unknown") is None
        assert receipt(session, new_account(database, "eve@example.org"), JOB) is None
    assert found is not None
    assert [(line.page, line.state, line.charged, line.refunded) for line in found.lines] == [
        (1, "charged", 1, 0),
        (2, "charged", 1, 0),
        (3, "refunded", 1, 1),
        (4, "released", 0, 0),
        (5, "held", 0, 0),
    ]
    assert (found.held, found.charged, found.pages) == (1, 2, 2)
    assert (found.opened_at, found.changed_at) == (NOON, NOON + DAY)


def test_usage_when_summed_by_day_and_tier_then_refunds_are_taken_off(database: Database, owner: Principal) -> None:
    with database.reading() as session:
        if session.get_bind().dialect.name == "postgresql":
            # A server in another zone counts the same days.
            session.execute(text("SET LOCAL TIME ZONE 'Asia/Tokyo'"))
        found = usage(session, owner, since=NOON - DAY, until=NOON + 2 * DAY)
        assert usage(session, owner, since=NOON + 2 * DAY, until=NOON + 3 * DAY) == []
    assert found == [
        Usage(day="2026-11-21", tier="cpu", tool="", pages=3, credits=3),
        Usage(day="2026-11-22", tier="cpu", tool="", pages=-1, credits=-1),
        Usage(day="2026-11-22", tier="vlm", tool="t", pages=1, credits=5),
    ]


def test_csv_when_read_back_then_it_has_every_entry_and_its_last_balance_is_the_balance(
    database: Database, owner: Principal
) -> None:
    with database.unit() as session:
        books.grant(session, owner, PLANS, credits=7, now=NOON + DAY, note="thanks, Ann")
        left = LEDGER.balance(session, owner, now=NOON + DAY).left
    with database.reading() as session:
        lines = list(entries_as_csv(session, owner, since=NOON - DAY, until=NOON + 2 * DAY))
        count = session.scalar(text("SELECT COUNT(*) FROM entries"))
    rows = list(csv.DictReader(lines))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert len(rows) == count
    assert int(rows[-1]["balance"]) == left == sum(int(row["amount"]) for row in rows)
    assert rows[-1]["note"] == "thanks, Ann"
    # A spreadsheet that opens the file must not run what somebody wrote into a note.
    assert [row["note"] for row in rows if row["kind"] == "refund"] == ["'=1+1"]
