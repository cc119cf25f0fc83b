"""Vouchers: codes worth credits, a plan, or both. Made by the operator, redeemed once an account."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ocrchat.accounts.limits import RateLimiter
from ocrchat.accounts.principal import Principal, Scope
from ocrchat.accounts.service import set_plan_of
from ocrchat.credits import books, repository
from ocrchat.credits.model import VOUCHER_PERIOD, Bucket, BucketKind, Voucher
from ocrchat.credits.service import Ledger
from ocrchat.db.session import Database
from ocrchat.errors import CreditError, VoucherInvalid, VoucherUsed

# No letters that look like digits or like each other: codes are read aloud and typed from paper.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _GROUP_LENGTH = 4, 5  # 98 bits: found by guessing never


def make_voucher(
    session: Session,
    principal: Principal,
    ledger: Ledger,
    *,
    credits: int,
    now: datetime,
    plan: str = "",
    max_uses: int = 1,
    credits_valid_days: int = 0,
    expires_at: datetime | None = None,
    note: str = "",
) -> tuple[Voucher, str]:
    """The voucher and its code, which nobody can find out again."""
    principal.require_operator()
    note = books.checked_note(note)
    if not 0 <= credits <= books.MOST_CREDITS or max_uses < 1 or credits_valid_days < 0 or not (credits or plan):
        raise CreditError("A voucher needs credits or a plan, and at least one use.")
    if plan:
        ledger.plans.plan(plan)
    groups = ["".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)]
    code = "-".join(groups)
    voucher = Voucher(
        lookup=_lookup(code),
        hint=groups[0],
        credits=credits,
        credits_valid_days=credits_valid_days,
        plan=plan,
        max_uses=max_uses,
        uses=0,
        expires_at=expires_at,
        note=note,
        created_at=now,
    )
    session.add(voucher)
    session.flush()
    return voucher, code


def redeem_voucher(
    database: Database, limiter: RateLimiter, principal: Principal, ledger: Ledger, *, code: str, now: datetime
) -> Voucher:
    """Raises where the code is worth nothing (more); then nothing is used up. A unit of work of its own: every try
    counts, also one that fails."""
    principal.require(Scope.ACCOUNT)
    limiter.throttle("voucher_account", principal.require_account(), now=now)
    with database.unit() as session:
        return _redeem(session, principal, ledger, code, now)


def _redeem(session: Session, principal: Principal, ledger: Ledger, code: str, now: datetime) -> Voucher:
    account_id = principal.require_account()
    ledger.settle(session, principal, now=now)
    voucher = session.scalar(select(Voucher).where(Voucher.lookup == _lookup(code)))
    if voucher is None or voucher.revoked_at is not None or (voucher.expires_at and voucher.expires_at <= now):
        raise VoucherInvalid("This voucher code is not valid. Check it for typing errors.")
    used = update(Voucher).where(Voucher.id == voucher.id, Voucher.uses < Voucher.max_uses)
    if session.scalar(used.values(uses=Voucher.uses + 1).returning(Voucher.id)) is None:
        raise VoucherUsed("This voucher has been used already.")
    if not _is_first_use(session, principal, ledger, voucher, now):
        raise VoucherUsed("This account has used this voucher already.")
    if voucher.plan:
        set_plan_of(session, principal, account_id, voucher.plan, ledger.plans)
        ledger.settle(session, principal, now=now)
    return voucher


def list_vouchers(session: Session, principal: Principal) -> Sequence[Voucher]:
    principal.require_operator()
    return session.scalars(select(Voucher).order_by(Voucher.created_at, Voucher.id)).all()


def revoke_voucher(session: Session, principal: Principal, voucher_id: str, *, now: datetime) -> None:
    """What it gave already stays given."""
    principal.require_operator()
    found = update(Voucher).where(Voucher.id == voucher_id, Voucher.revoked_at.is_(None)).values(revoked_at=now)
    if session.scalar(found.returning(Voucher.id)) is None:
        raise VoucherInvalid(f'There is no voucher "{voucher_id}" that could be revoked: `ocrchat vouchers list`.')


def _is_first_use(session: Session, principal: Principal, ledger: Ledger, voucher: Voucher, now: datetime) -> bool:
    once = f"{VOUCHER_PERIOD}{voucher.id}"
    if not voucher.credits:
        if repository.find_bucket(session, principal, once) is not None:
            return False
        # Empty: it only remembers that the plan was given.
        repository.add_bucket(session, principal, Bucket(kind=BucketKind.CREDITS.value, period=once, created_at=now))
        return True
    days = voucher.credits_valid_days
    return books.grant(
        session,
        principal,
        ledger.plans,
        credits=voucher.credits,
        now=now,
        expires_at=now + timedelta(days=days) if days else None,
        once=once,
        note="voucher",
    )


def _lookup(code: str) -> str:
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()
