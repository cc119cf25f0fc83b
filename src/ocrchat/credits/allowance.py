"""The daily allowance of callers without an account: one counter a network and day, changed by one statement.

A caller's hash is of one day (see `accounts/keys.py`), so a new day is a new row, and yesterday's rows are swept.
There are no keys here as in the ledger: who gives back MUST do so in the unit of work that settles the page, once.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from ocrchat.accounts.principal import Principal
from ocrchat.credits.model import AnonymousUse
from ocrchat.credits.months import next_day
from ocrchat.db.upsert import insert_into
from ocrchat.errors import InsufficientCredits


def take(session: Session, principal: Principal, *, credits: int, cap: int, now: datetime) -> None:
    """All or nothing, however many nodes take at once."""
    if credits <= cap:
        statement = insert_into(session, AnonymousUse).values(
            caller=principal.caller, day=now.astimezone(UTC).date(), used=credits
        )
        grown = AnonymousUse.used + statement.excluded.used
        taken = statement.on_conflict_do_update(
            index_elements=[AnonymousUse.caller], set_={"used": grown}, where=grown <= cap
        )
        if session.scalar(taken.returning(AnonymousUse.used)) is not None:
            return
    resets_at = next_day(now)
    cure = "Send fewer pages, come back tomorrow, or sign up" if credits <= cap else "Send fewer pages, or sign up"
    raise InsufficientCredits(
        f"This costs {credits} credits; without an account {cap} a day are free, and "
        f"{max(cap - used_today(session, principal), 0)} are left. {cure}.",
        used=used_today(session, principal),
        cap=cap,
        needed=credits,
        resets_at=resets_at.isoformat(),
    )


def give_back(session: Session, principal: Principal, *, credits: int) -> None:
    """Does nothing once the day is over."""
    used = AnonymousUse.used - credits
    statement = update(AnonymousUse).where(AnonymousUse.caller == principal.caller, used >= 0).values(used=used)
    session.execute(statement, execution_options={"synchronize_session": False})


def used_today(session: Session, principal: Principal) -> int:
    return session.scalar(select(AnonymousUse.used).where(AnonymousUse.caller == principal.caller)) or 0


def forget_earlier_days(session: Session, principal: Principal, *, now: datetime) -> int:
    principal.require_operator()
    earlier = AnonymousUse.day < now.astimezone(UTC).date()
    count = session.scalar(select(func.count()).select_from(AnonymousUse).where(earlier)) or 0
    session.execute(delete(AnonymousUse).where(earlier))
    return count
