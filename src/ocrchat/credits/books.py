"""An account's book without its pages: opened, filled by plan and grant, emptied by time, closed for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ocrchat.accounts import repository as accounts
from ocrchat.accounts.plans import Plan, Plans
from ocrchat.accounts.principal import Principal, acting_for
from ocrchat.credits import postings, repository
from ocrchat.credits.model import Bucket, BucketKind
from ocrchat.credits.months import month_of, next_month
from ocrchat.errors import AccountBlocked, CreditError, NoSuchAccount

# Books of which a sweep settles the expiry in one unit of work: a unit stays short.
EXPIRY_BATCH = 100

START = "start"

# Far from what anybody pays for, and from where the column ends.
MOST_CREDITS = 1_000_000_000
# The column's; what is typed there is one line.
MAX_NOTE_LENGTH = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Balance:
    """What an account can spend: `left = cap - used`."""

    left: int
    used: int
    cap: int
    monthly_left: int
    resets_at: datetime | None
    """When the month's bucket comes again; None where the plan has none."""


def settle(session: Session, principal: Principal, plans: Plans, *, now: datetime) -> Plan:
    """Locks the book and brings it up to date: opened, what is out of date taken out, the month's bucket given."""
    if repository.lock_book(session, principal) is None:
        # The account is kept from being deleted meanwhile: no book is opened for one that is gone.
        _plan_name(session, principal, locked=True)
        repository.add_book(session, principal, now=now)
        repository.lock_book(session, principal)
    plan = plans.plan_of(_plan_name(session, principal))
    expire_due(session, principal, now=now)
    month = month_of(now)
    given = repository.find_buckets(session, principal, [month, START])
    if plan.monthly_credits:
        _give_month(session, principal, plan, given.get(month), now)
    if START not in given and not plan.unlimited:
        _give_start(session, principal, plans, now)
    return plan


def refuse_blocked(session: Session, principal: Principal) -> None:
    """Asked again where credits are held: the caller may have been let in a moment before the account was blocked."""
    account = accounts.get_account(session, principal, principal.require_account())
    if account is not None and account.blocked_at is not None:
        raise AccountBlocked("This account is blocked. Write to the operator of this server.")


def grant(
    session: Session,
    principal: Principal,
    plans: Plans,
    *,
    credits: int,
    now: datetime,
    expires_at: datetime | None = None,
    once: str | None = None,
    note: str = "",
) -> bool:
    """To the Principal's own book; who may do that is for the caller to check.

    `once` names an occasion: a second grant on it does nothing and answers False.
    """
    if credits <= 0:
        raise CreditError("The number of credits to grant must be 1 or more.")
    if expires_at is not None and expires_at <= now:
        raise CreditError("These credits would be out of date at once: choose a later date.")
    note = checked_note(note)
    settle(session, principal, plans, now=now)
    book = repository.lock_book(session, principal)
    if book is None or book.balance + credits > MOST_CREDITS:
        raise CreditError(f"An account can have {MOST_CREDITS} credits and no more.")
    if once is not None and repository.find_bucket(session, principal, once) is not None:
        return False
    _grant(session, principal, credits, once, expires_at, now, note)
    return True


def checked_note(text: str) -> str:
    note = " ".join(text.split())
    if len(note) > MAX_NOTE_LENGTH or not note.isprintable():
        raise CreditError(f"A note has at most {MAX_NOTE_LENGTH} characters, on one line.")
    return note


def expire_due(session: Session, principal: Principal, *, now: datetime) -> int:
    """Takes out what is out of date; the number of buckets emptied."""
    if repository.lock_book(session, principal) is None:
        return 0
    due = repository.due_buckets(session, principal, now=now)
    for bucket in due:
        postings.empty(session, principal, bucket, now=now, note="out of date")
    return len(due)


def expire_all_due(session: Session, principal: Principal, *, now: datetime) -> int:
    """One batch of accounts that nobody has asked about lately; 0 when none is left. The operator's housekeeping."""
    due = repository.due_accounts(session, principal, now=now, limit=EXPIRY_BATCH)
    for account_id in due:
        expire_due(session, acting_for(account_id), now=now)
    return len(due)


def balance(session: Session, principal: Principal, *, now: datetime) -> Balance:
    """As it stands after `settle`."""
    buckets = repository.live_buckets(session, principal, now=now)
    monthly = [bucket for bucket in buckets if bucket.kind == BucketKind.MONTHLY]
    left = sum(bucket.remaining for bucket in buckets)
    cap = sum(bucket.granted for bucket in buckets)
    return Balance(
        left=left,
        used=cap - left,
        cap=cap,
        monthly_left=sum(bucket.remaining for bucket in monthly),
        resets_at=next_month(now) if monthly else None,
    )


def close(session: Session, principal: Principal, tombstone: str, *, now: datetime) -> int:
    """Holds released, the rest taken out, and what stays behind names nobody; the number of credits that went."""
    if repository.lock_book(session, principal) is None:
        return 0
    postings.release(session, principal, repository.open_holds(session, principal), now)
    gone = 0
    for bucket in repository.filled_buckets(session, principal):
        gone += bucket.remaining
        postings.empty(session, principal, bucket, now=now, note="account deleted")
    repository.forget_voucher_notes(session, principal)
    repository.rename_book(session, principal, tombstone)
    return gone


def _plan_name(session: Session, principal: Principal, *, locked: bool = False) -> str:
    account_id = principal.require_account()
    account = accounts.get_account(session, acting_for(account_id), account_id, locked=locked)
    if account is None:
        raise NoSuchAccount("This account does not exist any more.")
    return account.plan


def _give_month(session: Session, principal: Principal, plan: Plan, bucket: Bucket | None, now: datetime) -> None:
    """A plan with a larger bucket than the month began with adds the difference at once."""
    month = month_of(now)
    if bucket is None:
        bucket = Bucket(kind=BucketKind.MONTHLY.value, period=month, expires_at=next_month(now), created_at=now)
        bucket = repository.add_bucket(session, principal, bucket)
    if bucket.granted < plan.monthly_credits:
        postings.fill(session, principal, bucket, plan.monthly_credits - bucket.granted, now=now, note=month)


def _give_start(session: Session, principal: Principal, plans: Plans, now: datetime) -> None:
    """Once an account, also where it began on a plan that needs no credits."""
    if not plans.new_account_credits:
        # Empty: it remembers that nothing was due, whatever the plan file says later.
        repository.add_bucket(session, principal, Bucket(kind=BucketKind.CREDITS.value, period=START, created_at=now))
        return
    days = plans.new_account_valid_days
    expires_at = now + timedelta(days=days) if days else None
    _grant(session, principal, plans.new_account_credits, START, expires_at, now, START)


def _grant(
    session: Session,
    principal: Principal,
    credits: int,
    once: str | None,
    expires_at: datetime | None,
    now: datetime,
    note: str,
) -> None:
    bucket = Bucket(kind=BucketKind.CREDITS.value, period=once, expires_at=expires_at, created_at=now)
    postings.fill(session, principal, repository.add_bucket(session, principal, bucket), credits, now=now, note=note)
