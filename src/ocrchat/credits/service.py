"""The ledger at work: hold before a page is read, charge when it was, release what was not used.

Every method works inside the caller's unit of work and never commits, so that a page's result and its charge stand or
fall together. All may be repeated: the keys `hold|charge|release:<job>:<page>:<attempt>` let nothing happen twice. A
unit that also changes rows of its own MUST call the ledger first: it waits for the account's book, and two units that
take the same rows in different orders would wait for each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from ocrchat.accounts.plans import Plan, Plans
from ocrchat.accounts.principal import Principal
from ocrchat.credits import books, postings, repository
from ocrchat.credits.books import Balance
from ocrchat.credits.drawing import Draw, Purse, reversed_parts
from ocrchat.credits.model import Bucket, BucketKind, Entry, EntryKind
from ocrchat.credits.pricing import PageCost
from ocrchat.errors import CreditError, InsufficientCredits, LedgerConflict

# What is refunded after its own bucket went out of date stays usable for this long.
REFUND_VALID = timedelta(days=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class PagePrice:
    page: int
    credits: int | None = None
    """None: what it holds."""
    tier: str | None = None


class Ledger:
    def __init__(self, plans: Plans) -> None:
        self.plans = plans

    def settle(self, session: Session, principal: Principal, *, now: datetime) -> Plan:
        return books.settle(session, principal, self.plans, now=now)

    def balance(self, session: Session, principal: Principal, *, now: datetime) -> Balance:
        self.settle(session, principal, now=now)
        return books.balance(session, principal, now=now)

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
        """All pages or none. Raises InsufficientCredits where not all can be paid, AccountBlocked, and LedgerConflict
        where a page of this attempt was held for something else or has been given up already."""
        self.settle(session, principal, now=now)
        books.refuse_blocked(session, principal)
        costs = _not_held(repository.entries_of_job(session, principal, job_id), costs, attempt)
        total = sum(cost.credits for cost in costs)
        if not repository.change_balance(session, principal, -total):
            raise _insufficient(books.balance(session, principal, now=now), total)
        purse = Purse.of_buckets(repository.live_buckets(session, principal, now=now))
        draws = [purse.draw(cost.credits) for cost in costs]
        rows = [postings.hold_row(job_id, attempt, cost, now) for cost in costs]
        postings.write(session, principal, rows, draws)
        postings.change_buckets(session, principal, [draw for some in draws for draw in some])

    def charge_page(
        self,
        session: Session,
        principal: Principal,
        *,
        job_id: str,
        page: int,
        now: datetime,
        attempt: int = 1,
        credits: int | None = None,
        tier: str | None = None,
    ) -> bool:
        """One `release` of the page's hold and one `charge`; `credits` where the page turned out cheaper than held.

        False, and nothing is charged, where the page was settled before or another attempt has paid for it.
        """
        one = PagePrice(page=page, credits=credits, tier=tier)
        return page in self.charge_pages(session, principal, job_id=job_id, prices=[one], now=now, attempt=attempt)

    def charge_pages(
        self,
        session: Session,
        principal: Principal,
        *,
        job_id: str,
        prices: Sequence[PagePrice],
        now: datetime,
        attempt: int = 1,
    ) -> frozenset[int]:
        """As `charge_page`, for several pages at the cost of one; those that were charged."""
        repository.lock_book(session, principal)
        found = repository.entries_of_pages(session, principal, job_id, [price.page for price in prices])
        due = [due for price in prices if (due := _due(found, price, attempt)) is not None]
        unpaid = [hold for hold, price in due if price is None]
        postings.release(session, principal, unpaid, now)
        charged = [(hold, price) for hold, price in due if price is not None]
        parts = repository.parts_of(session, principal, [hold.id for hold, _ in charged]) if charged else {}
        rows: list[dict[str, Any]] = []
        draws: list[list[Draw]] = []
        for hold, price in charged:
            back = reversed_parts(parts.get(hold.id, ()))
            # The release goes first: read in the order of their numbers, entries never add up to less than nothing.
            rows += [postings.following_row(hold, EntryKind.RELEASE, -hold.amount, now), _charge_row(hold, price, now)]
            draws += [back, Purse.of_draws(back).draw(_credits_of(hold, price))]
        postings.write(session, principal, rows, draws)
        if any(_credits_of(hold, price) < -hold.amount for hold, price in charged):
            postings.give_back(session, principal, [draw for some in draws for draw in some])
        return frozenset(price.page for _, price in charged)

    def release_page(
        self, session: Session, principal: Principal, *, job_id: str, page: int, now: datetime, attempt: int = 1
    ) -> bool:
        """For a page that failed or turned out blank. False where it was settled before."""
        hold, entries = self._hold_of(session, principal, job_id, page, attempt)
        if _is_released(entries, attempt):
            return False
        postings.release(session, principal, [hold], now)
        return True

    def release_rest(self, session: Session, principal: Principal, *, job_id: str, now: datetime) -> int:
        """What the job still holds, at its end or when it is cancelled; the number of pages released."""
        repository.lock_book(session, principal)
        holds = repository.open_holds(session, principal, job_id)
        postings.release(session, principal, holds, now)
        return len(holds)

    def refund_page(
        self, session: Session, principal: Principal, *, job_id: str, page: int, now: datetime, note: str = ""
    ) -> bool:
        """Gives back what was charged, once; False where nothing was, or it was given back already.

        Who may do that is for the caller to check.
        """
        note = books.checked_note(note)
        repository.lock_book(session, principal)
        entries = repository.entries_of_page(session, principal, job_id, page)
        charge = next((entry for entry in entries if entry.kind == EntryKind.CHARGE), None)
        if charge is None or any(entry.kind == EntryKind.REFUND for entry in entries):
            return False
        back = reversed_parts(repository.parts_of(session, principal, [charge.id]).get(charge.id, ()))
        back = self._into_live_buckets(session, principal, back, now)
        row = postings.following_row(charge, EntryKind.REFUND, -charge.amount, now) | {"pages": -1, "note": note}
        postings.write(session, principal, [row], [back])
        postings.give_back(session, principal, back)
        return True

    def _hold_of(
        self, session: Session, principal: Principal, job_id: str, page: int, attempt: int
    ) -> tuple[Entry, Sequence[Entry]]:
        repository.lock_book(session, principal)
        entries = repository.entries_of_page(session, principal, job_id, page)
        for entry in entries:
            if entry.kind == EntryKind.HOLD and entry.attempt == attempt:
                return entry, entries
        raise _holds_nothing(page)

    def _into_live_buckets(
        self, session: Session, principal: Principal, draws: Sequence[Draw], now: datetime
    ) -> list[Draw]:
        """Credits whose bucket has gone out of date meanwhile come back in a new one, instead of being lost at once."""
        buckets = repository.buckets_by_id(session, principal, [draw.bucket_id for draw in draws])
        stale = {key for key, one in buckets.items() if one.expires_at is not None and one.expires_at <= now}
        kept = [draw for draw in draws if draw.bucket_id not in stale]
        lost = sum(draw.amount for draw in draws if draw.bucket_id in stale)
        if not lost:
            return kept
        bucket = Bucket(kind=BucketKind.CREDITS.value, granted=lost, expires_at=now + REFUND_VALID, created_at=now)
        return [*kept, Draw(repository.add_bucket(session, principal, bucket).id, lost)]


def _due(entries: Sequence[Entry], price: PagePrice, attempt: int) -> tuple[Entry, PagePrice | None] | None:
    """The page's hold and its price, None for one that was paid before; nothing where the attempt is settled."""
    own = [entry for entry in entries if entry.page == price.page]
    hold = next((one for one in own if one.kind == EntryKind.HOLD and one.attempt == attempt), None)
    if hold is None:
        raise _holds_nothing(price.page)
    if not 0 <= _credits_of(hold, price) <= -hold.amount:
        raise LedgerConflict(
            f"Page {price.page} holds {-hold.amount} credits; {price.credits} cannot be charged for it.",
            page=price.page,
        )
    if _is_released(own, attempt):
        return None
    return hold, None if any(entry.kind == EntryKind.CHARGE for entry in own) else price


def _credits_of(hold: Entry, price: PagePrice) -> int:
    return -hold.amount if price.credits is None else price.credits


def _charge_row(hold: Entry, price: PagePrice, now: datetime) -> dict[str, Any]:
    row = postings.following_row(hold, EntryKind.CHARGE, -_credits_of(hold, price), now)
    return row | {"pages": 1, "tier": price.tier or hold.tier}


def _holds_nothing(page: int) -> LedgerConflict:
    return LedgerConflict(f"Page {page} of this job holds no credits, so it cannot be settled.", page=page)


def _not_held(entries: Sequence[Entry], costs: Sequence[PageCost], attempt: int) -> list[PageCost]:
    """What a repeated call has not held yet. A page that was paid is as good as held: it is not charged again."""
    if len({cost.page for cost in costs}) < len(costs):
        raise CreditError("A page is named twice: each page of a job is paid once.")
    held = {entry.page: entry for entry in entries if entry.kind == EntryKind.HOLD and entry.attempt == attempt}
    paid = {entry.page for entry in entries if entry.kind == EntryKind.CHARGE}
    given_up = {entry.page for entry in entries if entry.kind == EntryKind.RELEASE and entry.attempt == attempt} - paid
    for cost in costs:
        if cost.page in given_up:
            raise LedgerConflict(f"Page {cost.page} was released: it needs another attempt.", page=cost.page)
        hold = held.get(cost.page)
        if hold is not None and (-hold.amount, hold.tier, hold.tool) != (cost.credits, cost.tier, cost.tool):
            raise LedgerConflict(f"Page {cost.page} is held for something else already.", page=cost.page)
    return [cost for cost in costs if cost.page not in held]


def _is_released(entries: Sequence[Entry], attempt: int) -> bool:
    return any(entry.kind == EntryKind.RELEASE and entry.attempt == attempt for entry in entries)


def _insufficient(balance: Balance, needed: int) -> InsufficientCredits:
    detail: dict[str, str | int | float] = {"used": balance.used, "cap": balance.cap, "needed": needed}
    cure = "Send fewer pages, or add credits"
    if balance.resets_at is not None:
        detail["resets_at"] = balance.resets_at.isoformat()
        cure += f", or wait for {balance.resets_at:%-d %B}, when the month's pages come again"
    return InsufficientCredits(f"This costs {needed} credits and {balance.left} are left. {cure}.", **detail)
