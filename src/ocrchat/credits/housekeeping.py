"""What runs by the clock. None of it is needed for a balance to be right; all of it may be repeated at any time."""

from __future__ import annotations

from datetime import datetime

from ocrchat.accounts import repository as accounts
from ocrchat.accounts.limits import RateLimiter
from ocrchat.accounts.principal import OPERATOR
from ocrchat.credits import allowance, books
from ocrchat.credits.proof import Proof, prove_ledger, remember_proof
from ocrchat.db.session import Database


def sweep(database: Database, limiter: RateLimiter, *, now: datetime) -> None:
    """For every hour: credits that are out of date, callers of earlier days, ended sessions, idle limits."""
    while True:
        with database.unit() as session:
            if books.expire_all_due(session, OPERATOR, now=now) == 0:
                break
    with database.unit() as session:
        allowance.forget_earlier_days(session, OPERATOR, now=now)
        accounts.delete_stale_logins(session, OPERATOR, now=now)
    limiter.forget_idle(now=now)


def prove_nightly(database: Database, *, now: datetime) -> Proof:
    """Proved on a view that holds nobody up, then remembered for `ocrchat doctor`."""
    with database.reading() as session:
        proof = prove_ledger(session, OPERATOR, now=now)
    with database.unit() as session:
        remember_proof(session, OPERATOR, proof, now=now)
    return proof
