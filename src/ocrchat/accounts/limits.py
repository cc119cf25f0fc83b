"""How often a caller may ask: one row a caller and kind of call, changed by one statement, so that any number of nodes
on one database count together.

The generic cell rate algorithm: the row says when the caller's allowance will be whole again. A minute's allowance may
be used at once, and comes back evenly. Nodes' clocks should agree; a clock that is a second ahead lets through a
second's calls more. MUST NOT be called within a unit of work: on SQLite it would wait for itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import case, delete, select, update
from sqlalchemy.orm import Session

from ocrchat.accounts.model import RateLimit
from ocrchat.accounts.plans import Plans
from ocrchat.accounts.principal import Principal
from ocrchat.db.session import Database
from ocrchat.db.upsert import insert_into
from ocrchat.errors import RateLimited

# In microseconds.
_MINUTE = 60_000_000
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR

# What would be refused for longer was counted before the clock was put back, and counts no more.
_MOST_PERIODS = 2

# Callers that this process remembers as refused, so that a flood of refusals costs no database.
_REMEMBERED = 10_000


class RateLimiter:
    def __init__(self, database: Database, plans: Plans) -> None:
        """`database` SHOULD be one of `make_engine(url, durable=False)`: nothing is lost with these counters."""
        self._database = database
        self._plans = plans
        self._refused_until: dict[str, int] = {}

    def spend(self, principal: Principal, kind: str, *, now: datetime) -> None:
        """One call of a kind that the caller's plan names; raises RateLimited."""
        per_minute = self._plans.plan_of(principal.plan).per_minute.get(kind)
        if per_minute is not None:
            self._spend(f"{kind}:{principal.caller}", per_minute, _MINUTE, now)

    def throttle(self, kind: str, subject: str, *, now: datetime) -> None:
        """One try of something that could be guessed; limits are the plan file's `throttles`.

        `subject` MUST tell nothing of a person: what is not an account's id goes through `ServerKeys.blind`.
        """
        for key, calls, period in self._throttles(kind, subject):
            self._spend(key, calls, period, now)

    def give_back(self, kind: str, subject: str) -> None:
        """A try that turned out not to be a guess."""
        with self._database.unit() as session:
            for key, calls, period in self._throttles(kind, subject):
                less = {"full_at": RateLimit.full_at - period // calls}
                session.execute(update(RateLimit).where(RateLimit.key == key).values(less))

    def _throttles(self, kind: str, subject: str) -> Iterator[tuple[str, int, int]]:
        tables = (
            ("", self._plans.throttles, _MINUTE),
            ("/hour", self._plans.hourly_throttles, _HOUR),
            ("/day", self._plans.daily_throttles, _DAY),
        )
        for suffix, table, period in tables:
            if kind in table:
                yield f"{kind}{suffix}:{subject}", table[kind], period

    def forget_idle(self, *, now: datetime) -> int:
        """Rows that say nothing any more, of callers that need not be kept."""
        with self._database.unit() as session:
            idle = delete(RateLimit).where(RateLimit.full_at < _microseconds(now))
            return len(session.scalars(idle.returning(RateLimit.key)).all())

    def _spend(self, key: str, calls: int, period: int, now: datetime) -> None:
        moment = _microseconds(now)
        refused_until = self._refused_until.get(key, 0)
        if not moment < refused_until <= moment + _MOST_PERIODS * period:
            self._refused_until.pop(key, None)
            with self._database.unit() as session:
                refused_until = _take(session, key, period // calls, period, moment)
        if refused_until > moment:
            if len(self._refused_until) >= _REMEMBERED:
                self._refused_until.clear()
            self._refused_until[key] = refused_until
            seconds = math.ceil((refused_until - moment) / 1_000_000)
            plural = "" if seconds == 1 else "s"
            raise RateLimited(f"Too many requests: try again in {seconds} second{plural}.", retry_after=seconds)


def forget_caller(session: Session, caller: str) -> None:
    """Part of deleting an account; other rows go by themselves, a minute after the last call."""
    session.execute(delete(RateLimit).where(RateLimit.key.endswith(f":{caller}", autoescape=True)))


def _take(session: Session, key: str, interval: int, period: int, moment: int) -> int:
    """0 where the call is within the allowance; else the moment from which the next one is."""
    statement = insert_into(session, RateLimit).values(key=key, full_at=moment + interval)
    counts = RateLimit.full_at.between(moment, moment + _MOST_PERIODS * period)
    start = case((counts, RateLimit.full_at), else_=moment)
    taken = statement.on_conflict_do_update(
        index_elements=[RateLimit.key],
        set_={"full_at": start + interval},
        where=start + interval <= moment + period,
    )
    if session.scalar(taken.returning(RateLimit.full_at)) is not None:
        return 0
    full_at = session.scalar(select(RateLimit.full_at).where(RateLimit.key == key)) or moment
    return max(full_at + interval - period, moment + 1)


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
