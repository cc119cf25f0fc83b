"""Builders for tests of accounts and their money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import text

from ocrchat.accounts.plans import Plans, load_plans
from ocrchat.accounts.principal import OPERATOR, Principal, acting_for
from ocrchat.accounts.service import open_account
from ocrchat.credits.pricing import PageCost
from ocrchat.credits.proof import prove_ledger
from ocrchat.credits.service import Ledger
from ocrchat.db.session import Database

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
JOB = "0" * 31 + "1"
OTHER_JOB = "0" * 31 + "2"

PLANS: Plans = load_plans()
LEDGER = Ledger(PLANS)


def new_account(database: Database, email: str | None = "ann@example.org", *, plan: str = "") -> Principal:
    with database.unit() as session:
        return acting_for(open_account(session, email=email, plans=PLANS, now=NOON, plan=plan).id)


def costs(*pages: int, credits: int = 1, tier: str = "cpu", tool: str = "") -> list[PageCost]:
    return [PageCost(page=page, credits=credits, tier=tier, tool=tool) for page in pages]


def hold(database: Database, owner: Principal, *pages: int, job: str = JOB, credits: int = 1, attempt: int = 1) -> None:
    with database.unit() as session:
        LEDGER.hold(session, owner, job_id=job, costs=costs(*pages, credits=credits), now=NOON, attempt=attempt)


def charge(database: Database, owner: Principal, page: int, *, job: str = JOB, attempt: int = 1) -> bool:
    with database.unit() as session:
        return LEDGER.charge_page(session, owner, job_id=job, page=page, now=NOON, attempt=attempt)


def left(database: Database, owner: Principal, *, now: datetime = NOON) -> int:
    with database.unit() as session:
        return LEDGER.balance(session, owner, now=now).left


def entries(database: Database) -> Sequence[tuple[str, int]]:
    """(kind, amount) in the order in which they were written."""
    with database.reading() as session:
        return [
            (kind, amount) for kind, amount in session.execute(text("SELECT kind, amount FROM entries ORDER BY id"))
        ]


def faults(database: Database) -> Sequence[str]:
    with database.reading() as session:
        return prove_ledger(session, OPERATOR, now=NOON).faults
