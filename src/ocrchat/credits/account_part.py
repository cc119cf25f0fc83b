"""What the ledger keeps of an account: exported whole; on deletion closed, and left behind without a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ocrchat.accounts.leaving import as_json
from ocrchat.accounts.principal import Principal
from ocrchat.credits import books, repository
from ocrchat.credits.statements import entries_as_csv


class LedgerPart:
    def export(self, session: Session, principal: Principal, *, now: datetime) -> Iterable[tuple[str, Iterable[bytes]]]:
        opened_at = repository.opened_at(session, principal)
        if opened_at is None:
            return
        yield "credits/balance.json", as_json(asdict(books.balance(session, principal, now=now)))
        lines = entries_as_csv(session, principal, since=opened_at, until=now + timedelta(seconds=1))
        yield "credits/entries.csv", (line.encode() for line in lines)

    def remove(self, session: Session, principal: Principal, *, tombstone: str, now: datetime) -> Mapping[str, int]:
        return {"credits": books.close(session, principal, tombstone, now=now)}
