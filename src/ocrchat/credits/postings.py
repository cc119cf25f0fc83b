"""Writing entries: each with its parts, and with the book and the buckets that they change. The book MUST be locked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ocrchat.accounts.principal import Principal
from ocrchat.credits import repository
from ocrchat.credits.drawing import Draw, reversed_parts, sum_by_bucket
from ocrchat.credits.model import Bucket, Entry, EntryKind
from ocrchat.credits.pricing import PageCost

# How many holds are released in one go; databases limit how many values a statement may have.
_CHUNK = 1000

_NO_PAGE = {"job_id": None, "page": None, "attempt": None, "tier": "", "tool": "", "pages": 0, "note": ""}


def key_of(kind: EntryKind, job_id: str, page: int, attempt: int) -> str:
    return f"{kind}:{job_id}:{page}:{attempt}"


def hold_row(job_id: str, attempt: int, cost: PageCost, now: datetime) -> dict[str, Any]:
    return {
        "kind": EntryKind.HOLD.value,
        "amount": -cost.credits,
        "key": key_of(EntryKind.HOLD, job_id, cost.page, attempt),
        "job_id": job_id,
        "page": cost.page,
        "attempt": attempt,
        "tier": cost.tier,
        "tool": cost.tool,
        "pages": 0,
        "note": "",
        "created_at": now,
    }


def following_row(entry: Entry, kind: EntryKind, amount: int, now: datetime) -> dict[str, Any]:
    """Of the same page, job and attempt as an earlier entry."""
    assert entry.job_id is not None and entry.page is not None and entry.attempt is not None
    return {
        "kind": kind.value,
        "amount": amount,
        "key": key_of(kind, entry.job_id, entry.page, entry.attempt),
        "job_id": entry.job_id,
        "page": entry.page,
        "attempt": entry.attempt,
        "tier": entry.tier,
        "tool": entry.tool,
        "pages": 0,
        "note": "",
        "created_at": now,
    }


def write(
    session: Session, principal: Principal, rows: Sequence[Mapping[str, Any]], draws: Sequence[Sequence[Draw]]
) -> None:
    """Entries and their parts; balance and buckets are changed by the caller, once for all of them."""
    if not rows:
        return
    ids = repository.add_entries(session, principal, rows)
    parts = [(entry, draw.bucket_id, draw.amount) for entry, some in zip(ids, draws, strict=True) for draw in some]
    if parts:
        repository.add_parts(session, principal, parts)


def change_buckets(session: Session, principal: Principal, draws: Iterable[Draw]) -> None:
    for draw in sum_by_bucket(draws):
        repository.change_bucket(session, principal, draw.bucket_id, draw.amount)


def give_back(session: Session, principal: Principal, draws: Sequence[Draw]) -> None:
    repository.change_balance(session, principal, sum(draw.amount for draw in draws))
    change_buckets(session, principal, draws)


def release(session: Session, principal: Principal, holds: Sequence[Entry], now: datetime) -> None:
    for start in range(0, len(holds), _CHUNK):
        chunk = holds[start : start + _CHUNK]
        parts = repository.parts_of(session, principal, [hold.id for hold in chunk])
        draws = [reversed_parts(parts.get(hold.id, ())) for hold in chunk]
        rows = [following_row(hold, EntryKind.RELEASE, -hold.amount, now) for hold in chunk]
        write(session, principal, rows, draws)
        give_back(session, principal, [draw for some in draws for draw in some])


def fill(session: Session, principal: Principal, bucket: Bucket, credits: int, *, now: datetime, note: str) -> None:
    row = _NO_PAGE | {
        "kind": EntryKind.GRANT.value,
        "amount": credits,
        "key": f"grant:{bucket.id}:{bucket.granted + credits}",
        "note": note,
        "created_at": now,
    }
    write(session, principal, [row], [[Draw(bucket.id, credits)]])
    repository.change_bucket(session, principal, bucket.id, credits, granted=credits)
    repository.change_balance(session, principal, credits)


def empty(session: Session, principal: Principal, bucket: Bucket, *, now: datetime, note: str) -> None:
    # A bucket can go out of date again, when a hold of before comes back to it: hence the number of its last entry.
    last = repository.last_entry_of_bucket(session, principal, bucket.id)
    row = _NO_PAGE | {
        "kind": EntryKind.EXPIRE.value,
        "amount": -bucket.remaining,
        "key": f"expire:{bucket.id}:{last}",
        "note": note,
        "created_at": now,
    }
    draw = Draw(bucket.id, -bucket.remaining)
    write(session, principal, [row], [[draw]])
    repository.change_balance(session, principal, draw.amount)
    repository.change_bucket(session, principal, bucket.id, draw.amount)
