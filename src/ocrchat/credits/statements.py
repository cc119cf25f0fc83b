"""What an account can read about its credits: a job's receipt, usage by day and tier, every entry as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ocrchat.accounts.principal import Principal
from ocrchat.credits import repository
from ocrchat.credits.model import EntryKind

CSV_COLUMNS = ("time", "kind", "amount", "balance", "pages", "tier", "tool", "job", "page", "attempt", "note")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiptLine:
    page: int
    tier: str
    tool: str
    held: int
    charged: int
    refunded: int
    state: str
    """held, charged, released or refunded."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """It outlives the job: entries are not deleted with it."""

    job_id: str
    lines: tuple[ReceiptLine, ...]
    opened_at: datetime
    changed_at: datetime

    @property
    def held(self) -> int:
        return sum(line.held for line in self.lines if line.state == "held")

    @property
    def charged(self) -> int:
        return sum(line.charged - line.refunded for line in self.lines)

    @property
    def pages(self) -> int:
        return sum(line.state == "charged" for line in self.lines)


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    day: str
    tier: str
    tool: str
    pages: int
    credits: int


def receipt(session: Session, principal: Principal, job_id: str) -> Receipt | None:
    """One line a page; of a page that was tried again, its last attempt. None for jobs that are not one's own."""
    entries = repository.entries_of_job(session, principal, job_id)
    if not entries:
        return None
    pages: dict[int, dict[str, int]] = {}
    words: dict[int, tuple[str, str]] = {}
    for entry in entries:
        page = entry.page or 0
        if entry.kind == EntryKind.HOLD:
            pages[page] = {}
        pages.setdefault(page, {})[entry.kind] = abs(entry.amount)
        words[page] = (entry.tier, entry.tool)
    lines = tuple(
        ReceiptLine(
            page=page,
            tier=words[page][0],
            tool=words[page][1],
            held=amounts.get(EntryKind.HOLD, 0),
            charged=amounts.get(EntryKind.CHARGE, 0),
            refunded=amounts.get(EntryKind.REFUND, 0),
            state=_state(amounts),
        )
        for page, amounts in sorted(pages.items())
    )
    times = [entry.created_at for entry in entries]
    return Receipt(job_id=job_id, lines=lines, opened_at=min(times), changed_at=max(times))


def usage(session: Session, principal: Principal, *, since: datetime, until: datetime) -> list[Usage]:
    """Days are UTC's; `until` is not included."""
    rows = repository.usage_between(session, principal, since=since, until=until)
    return [
        Usage(day=day, tier=tier, tool=tool, pages=pages, credits=credits) for day, tier, tool, pages, credits in rows
    ]


def entries_as_csv(session: Session, principal: Principal, *, since: datetime, until: datetime) -> Iterator[str]:
    """Line by line; `balance` starts at zero with `since`."""
    yield _csv_line(CSV_COLUMNS)
    balance = 0
    for entry in repository.entries_between(session, principal, since=since, until=until):
        balance += entry.amount
        yield _csv_line(
            (
                entry.created_at.isoformat(),
                entry.kind,
                entry.amount,
                balance,
                entry.pages,
                entry.tier,
                entry.tool,
                entry.job_id or "",
                entry.page or "",
                entry.attempt or "",
                _unspreadsheet(entry.note),
            )
        )


def _state(amounts: dict[str, int]) -> str:
    for kind, state in ((EntryKind.REFUND, "refunded"), (EntryKind.CHARGE, "charged"), (EntryKind.RELEASE, "released")):
        if kind in amounts:
            return state
    return "held"


def _csv_line(values: tuple[object, ...]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(values)
    return buffer.getvalue()


def _unspreadsheet(note: str) -> str:
    """A note that begins like a formula would be run by the spreadsheet that opens the file."""
    return f"'{note}" if note[:1] in ("=", "+", "-", "@", "\t", "\r") else note
