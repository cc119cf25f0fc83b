"""What the ledger keeps of an account: exported whole; on deletion closed, and left behind without a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from ocrchat.accounts.leaving import as_json
from ocrchat.accounts.plans import Plans
from ocrchat.accounts.principal import Principal
from ocrchat.credits import books
from ocrchat.credits.statements import entries_as_csv

# All of it: a clock may have gone wrong and been put right meanwhile.
_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


class LedgerPart:
    def __init__(self, plans: Plans) -> None:
        self._plans = plans

    def settle(self, session: Session, principal: Principal, *, now: datetime) -> None:
        books.settle(session, principal, self._plans, now=now)

    def export(self, session: Session, principal: Principal, *, now: datetime) -> Iterable[tuple[str, Iterable[bytes]]]:
        yield "credits/balance.json", as_json(asdict(books.balance(session, principal, now=now)))
        lines = entries_as_csv(session, principal, since=_FIRST, until=_LAST)
        yield "credits/entries.csv", (line.encode() for line in lines)

    def remove(self, session: Session, principal: Principal, *, tombstone: str, now: datetime) -> Mapping[str, int]:
        return {"credits": books.close(session, principal, tombstone, now=now)}
