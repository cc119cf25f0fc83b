"""What a job costs its caller, whoever that is: accounts by the ledger, everybody else by the daily allowance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from ocrchat.accounts.plans import Plan
from ocrchat.accounts.principal import Principal
from ocrchat.credits import allowance
from ocrchat.credits.books import Balance
from ocrchat.credits.months import next_day
from ocrchat.credits.pricing import PageCost, cost_of_pages
from ocrchat.credits.repository import lock_book
from ocrchat.credits.service import Ledger, PagePrice


class Meter:
    """Works inside the caller's unit of work, as the ledger does, and goes first in it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def plan_of(self, name: str) -> Plan:
        return self._ledger.plans.plan_of(name)

    def cost(self, plan: Plan, pages: Sequence[int], tier: str, tool: str = "") -> list[PageCost]:
        return cost_of_pages(self._ledger.plans, plan, pages, tier, tool)

    def lock(self, session: Session, principal: Principal) -> None:
        """For a unit that looks at its own rows before it settles pages: the account's book comes before them."""
        if not principal.is_anonymous:
            lock_book(session, principal)

    def left(self, session: Session, principal: Principal, *, now: datetime) -> Balance:
        if not principal.is_anonymous:
            return self._ledger.balance(session, principal, now=now)
        cap = self._cap(principal)
        used = allowance.used_today(session, principal)
        return Balance(left=max(cap - used, 0), used=used, cap=cap, monthly_left=0, resets_at=next_day(now))

    def hold(
        self,
        session: Session,
        principal: Principal,
        *,
        job_id: str,
        costs: Sequence[PageCost],
        now: datetime,
        attempt: int = 1,
    ) -> None:
        """All pages or none; InsufficientCredits (402) where not all can be paid."""
        if principal.is_anonymous:
            total = sum(cost.credits for cost in costs)
            allowance.take(session, principal, credits=total, cap=self._cap(principal), now=now)
        else:
            self._ledger.hold(session, principal, job_id=job_id, costs=costs, now=now, attempt=attempt)

    def charge_pages(
        self,
        session: Session,
        principal: Principal,
        *,
        job_id: str,
        pages: Sequence[tuple[PageCost, PageCost]],
        now: datetime,
        attempt: int = 1,
    ) -> None:
        """(held, paid) of each: `paid` is what the page turned out to be, its tier and price may be lower. For
        anonymous callers each page MUST come once."""
        if principal.is_anonymous:
            less = sum(held.credits - paid.credits for held, paid in pages)
            if less:
                allowance.give_back(session, principal, credits=less)
            return
        prices = [PagePrice(page=held.page, credits=paid.credits, tier=paid.tier) for held, paid in pages]
        self._ledger.charge_pages(session, principal, job_id=job_id, prices=prices, now=now, attempt=attempt)

    def charge_page(
        self,
        session: Session,
        principal: Principal,
        *,
        job_id: str,
        held: PageCost,
        paid: PageCost,
        now: datetime,
        attempt: int = 1,
    ) -> None:
        """`paid` is what the page turned out to be: its tier and price may be lower than what was held."""
        self.charge_pages(session, principal, job_id=job_id, pages=[(held, paid)], now=now, attempt=attempt)

    def release_pages(
        self,
        session: Session,
        principal: Principal,
        *,
        job_id: str,
        costs: Sequence[PageCost],
        now: datetime,
        attempt: int = 1,
    ) -> None:
        """Pages that failed, turned out blank or were not reached. For anonymous callers each page MUST come once."""
        if principal.is_anonymous:
            allowance.give_back(session, principal, credits=sum(cost.credits for cost in costs))
            return
        for cost in costs:
            self._ledger.release_page(session, principal, job_id=job_id, page=cost.page, now=now, attempt=attempt)

    def release_rest(
        self, session: Session, principal: Principal, *, job_id: str, costs: Sequence[PageCost], now: datetime
    ) -> None:
        """All that a job still holds, at once. `costs` MUST be what waits of it."""
        if principal.is_anonymous:
            allowance.give_back(session, principal, credits=sum(cost.credits for cost in costs))
        else:
            self._ledger.release_rest(session, principal, job_id=job_id, now=now)

    def _cap(self, principal: Principal) -> int:
        return self._ledger.plans.plan_of(principal.plan or "anonymous").pages_per_day
