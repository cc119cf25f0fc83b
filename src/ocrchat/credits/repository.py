"""Queries of the ledger. Each sees only the Principal's own book; those over all books are the operator's.

What changes a book first takes its row (`lock_book`), so that everything of one account happens in a row; different
accounts do not wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, func, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from ocrchat.accounts.principal import Principal
from ocrchat.credits.model import VOUCHER_PERIOD, Book, Bucket, BucketKind, Entry, EntryKind, Part, Voucher
from ocrchat.db.upsert import insert_into

# Run for every page that is read: to make such a statement anew costs several times what it takes to run.
_FRESH = {"populate_existing": True}
_LOCK_BOOK = select(Book).where(Book.account_id == bindparam("account_id")).with_for_update()
_ADD_ENTRIES = insert(Entry).returning(Entry.key, Entry.id)
_ENTRIES_OF_PAGES = (
    select(Entry)
    .where(
        Entry.account_id == bindparam("account_id"),
        Entry.job_id == bindparam("job_id"),
        Entry.page.in_(bindparam("pages", expanding=True)),
    )
    .order_by(Entry.id)
)
_PARTS_OF = (
    select(Part)
    .join(Bucket, Bucket.id == Part.bucket_id)
    .where(Part.entry_id.in_(bindparam("ids", expanding=True)), Bucket.account_id == bindparam("account_id"))
    .order_by(
        case((Bucket.kind == BucketKind.MONTHLY.value, 0), else_=1),
        case((Bucket.expires_at.is_(None), 1), else_=0),
        Bucket.expires_at,
        Bucket.id,
    )
)
_OWN_BUCKETS = select(Bucket.id).where(
    Bucket.account_id == bindparam("account_id"), Bucket.id.in_(bindparam("ids", expanding=True))
)
_ADD_PARTS = insert(Part)

# --- books -----------------------------------------------------------------------------------------------------------


def lock_book(session: Session, principal: Principal) -> Book | None:
    """The book as it is now, and until the transaction ends nobody else's to change."""
    return session.scalar(_LOCK_BOOK, {"account_id": principal.account_id}, execution_options=_FRESH)


def add_book(session: Session, principal: Principal, *, now: datetime) -> bool:
    """False where another was quicker."""
    row = {"account_id": principal.require_account(), "balance": 0, "opened_at": now}
    statement = insert_into(session, Book).values(row).on_conflict_do_nothing().returning(Book.account_id)
    return session.scalar(statement) is not None


def change_balance(session: Session, principal: Principal, amount: int) -> bool:
    """The one statement that changes a balance; False, and nothing changed, where it would fall below zero."""
    statement = (
        update(Book)
        .where(Book.account_id == principal.account_id, Book.balance + amount >= 0)
        .values(balance=Book.balance + amount)
        .returning(Book.account_id)
    )
    return session.scalar(statement, execution_options={"synchronize_session": False}) is not None


def rename_book(session: Session, principal: Principal, tombstone: str) -> bool:
    """Entries and buckets follow by cascade, and lose what people wrote in them, which may name somebody: the one
    change that the ledger's triggers let through."""
    statement = (
        update(Book)
        .where(Book.account_id == principal.account_id)
        .values(account_id=tombstone)
        .returning(Book.account_id)
    )
    unsynchronized = {"synchronize_session": False}
    if session.scalar(statement, execution_options=unsynchronized) is None:
        return False
    wordless = update(Entry).where(Entry.account_id == tombstone, Entry.note != "").values(note="")
    session.execute(wordless, execution_options=unsynchronized)
    # What was given once cannot come again to an account that is gone; a voucher would still lead to its note.
    unoccasioned = update(Bucket).where(Bucket.account_id == tombstone).values(period=None)
    session.execute(unoccasioned, execution_options=unsynchronized)
    return True


def forget_voucher_notes(session: Session, principal: Principal) -> None:
    """Of vouchers that only this account could use: the operator's word on them may be its owner's name."""
    used = select(func.substr(Bucket.period, len(VOUCHER_PERIOD) + 1)).where(
        Bucket.account_id == principal.account_id, Bucket.period.startswith(VOUCHER_PERIOD)
    )
    statement = update(Voucher).where(Voucher.max_uses == 1, Voucher.id.in_(used)).values(note="")
    session.execute(statement, execution_options={"synchronize_session": False})


# --- buckets ---------------------------------------------------------------------------------------------------------


def add_bucket(session: Session, principal: Principal, bucket: Bucket) -> Bucket:
    bucket.account_id = principal.require_account()
    session.add(bucket)
    session.flush()
    return bucket


def find_bucket(session: Session, principal: Principal, period: str) -> Bucket | None:
    return find_buckets(session, principal, [period]).get(period)


def find_buckets(session: Session, principal: Principal, periods: Iterable[str]) -> Mapping[str, Bucket]:
    query = select(Bucket).where(Bucket.account_id == principal.account_id, Bucket.period.in_(list(periods)))
    return {str(one.period): one for one in session.scalars(query, execution_options={"populate_existing": True})}


def live_buckets(session: Session, principal: Principal, *, now: datetime) -> Sequence[Bucket]:
    """In the order in which they are spent: the month's first, then credits, those that go first first."""
    query = (
        select(Bucket)
        .where(
            Bucket.account_id == principal.account_id,
            Bucket.granted > 0,
            or_(Bucket.expires_at.is_(None), Bucket.expires_at > now),
        )
        .order_by(
            case((Bucket.kind == BucketKind.MONTHLY.value, 0), else_=1),
            case((Bucket.expires_at.is_(None), 1), else_=0),
            Bucket.expires_at,
            Bucket.id,
        )
    )
    return session.scalars(query, execution_options={"populate_existing": True}).all()


def due_buckets(session: Session, principal: Principal, *, now: datetime) -> Sequence[Bucket]:
    """Out of date and not empty."""
    query = select(Bucket).where(
        Bucket.account_id == principal.account_id, Bucket.remaining > 0, Bucket.expires_at <= now
    )
    return session.scalars(query.order_by(Bucket.id), execution_options={"populate_existing": True}).all()


def filled_buckets(session: Session, principal: Principal) -> Sequence[Bucket]:
    query = select(Bucket).where(Bucket.account_id == principal.account_id, Bucket.remaining > 0).order_by(Bucket.id)
    return session.scalars(query, execution_options={"populate_existing": True}).all()


def last_entry_of_bucket(session: Session, principal: Principal, bucket_id: int) -> int:
    """0 where it has none."""
    query = select(func.max(Part.entry_id)).join(Bucket, Bucket.id == Part.bucket_id)
    return session.scalar(query.where(Bucket.id == bucket_id, Bucket.account_id == principal.account_id)) or 0


def buckets_by_id(session: Session, principal: Principal, ids: Iterable[int]) -> Mapping[int, Bucket]:
    query = select(Bucket).where(Bucket.account_id == principal.account_id, Bucket.id.in_(list(ids)))
    return {one.id: one for one in session.scalars(query, execution_options={"populate_existing": True})}


def change_bucket(session: Session, principal: Principal, bucket_id: int, amount: int, *, granted: int = 0) -> None:
    session.execute(
        update(Bucket)
        .where(Bucket.id == bucket_id, Bucket.account_id == principal.account_id)
        .values(remaining=Bucket.remaining + amount, granted=Bucket.granted + granted),
        execution_options={"synchronize_session": False},
    )


def due_accounts(session: Session, principal: Principal, *, now: datetime, limit: int) -> Sequence[str]:
    principal.require_operator()
    query = select(Bucket.account_id).where(Bucket.remaining > 0, Bucket.expires_at <= now).distinct()
    return session.scalars(query.order_by(Bucket.account_id).limit(limit)).all()


# --- entries ---------------------------------------------------------------------------------------------------------


def add_entries(session: Session, principal: Principal, rows: Sequence[Mapping[str, Any]]) -> Sequence[int]:
    """The ids of the rows, in their order."""
    account_id = principal.require_account()
    # Many rows go in one statement, which answers in any order: they are told apart by their keys.
    made = session.execute(_ADD_ENTRIES, [{**row, "account_id": account_id} for row in rows])
    ids = {row.key: row.id for row in made}
    return [ids[row["key"]] for row in rows]


def add_parts(session: Session, principal: Principal, rows: Sequence[tuple[int, int, int]]) -> None:
    """(entry, bucket, amount), of the Principal's own bucket only."""
    wanted = {"account_id": principal.account_id, "ids": sorted({row[1] for row in rows})}
    known = set(session.scalars(_OWN_BUCKETS, wanted))
    kept = [{"entry_id": entry, "bucket_id": bucket, "amount": amount} for entry, bucket, amount in rows]
    kept = [row for row in kept if row["bucket_id"] in known]
    if kept:
        session.execute(_ADD_PARTS, kept)


def entries_of_page(session: Session, principal: Principal, job_id: str, page: int) -> Sequence[Entry]:
    return entries_of_pages(session, principal, job_id, [page])


def entries_of_pages(session: Session, principal: Principal, job_id: str, pages: Sequence[int]) -> Sequence[Entry]:
    values = {"account_id": principal.account_id, "job_id": job_id, "pages": list(pages)}
    return session.scalars(_ENTRIES_OF_PAGES, values).all()


def entries_of_job(session: Session, principal: Principal, job_id: str) -> Sequence[Entry]:
    query = select(Entry).where(Entry.account_id == principal.account_id, Entry.job_id == job_id)
    return session.scalars(query.order_by(Entry.id)).all()


def open_holds(session: Session, principal: Principal, job_id: str | None = None) -> Sequence[Entry]:
    """Holds that nothing has released yet; of one job, or of all."""
    release = aliased(Entry)
    released = select(release.id).where(
        release.kind == EntryKind.RELEASE.value,
        release.job_id == Entry.job_id,
        release.page == Entry.page,
        release.attempt == Entry.attempt,
    )
    query = select(Entry).where(
        Entry.account_id == principal.account_id, Entry.kind == EntryKind.HOLD.value, ~released.exists()
    )
    if job_id is not None:
        query = query.where(Entry.job_id == job_id)
    return session.scalars(query.order_by(Entry.id)).all()


def parts_of(session: Session, principal: Principal, entry_ids: Sequence[int]) -> Mapping[int, Sequence[Part]]:
    """Of each entry, in the order in which its buckets were drawn on."""
    found: dict[int, list[Part]] = {}
    for part in session.scalars(_PARTS_OF, {"ids": list(entry_ids), "account_id": principal.account_id}):
        found.setdefault(part.entry_id, []).append(part)
    return found


def entries_between(session: Session, principal: Principal, *, since: datetime, until: datetime) -> Iterable[Entry]:
    query = select(Entry).where(
        Entry.account_id == principal.account_id, Entry.created_at >= since, Entry.created_at < until
    )
    return session.scalars(query.order_by(Entry.id).execution_options(yield_per=500))


def usage_between(
    session: Session, principal: Principal, *, since: datetime, until: datetime
) -> Sequence[tuple[str, str, str, int, int]]:
    """(day, tier, tool, pages, credits) of what was charged, less what was given back."""
    day = func.substr(_text_of_time(session), 1, 10)
    query = (
        select(day, Entry.tier, Entry.tool, func.sum(Entry.pages), -func.sum(Entry.amount))
        .where(
            Entry.account_id == principal.account_id,
            Entry.kind.in_([EntryKind.CHARGE.value, EntryKind.REFUND.value]),
            Entry.created_at >= since,
            Entry.created_at < until,
        )
        .group_by(day, Entry.tier, Entry.tool)
        .order_by(day, Entry.tier, Entry.tool)
    )
    return [(str(one), tier, tool, int(pages), int(spent)) for one, tier, tool, pages, spent in session.execute(query)]


def _text_of_time(session: Session) -> Any:
    if session.get_bind().dialect.name == "sqlite":
        return Entry.created_at
    # The session's zone may be any; days of usage are UTC's on every machine.
    return func.to_char(func.timezone("UTC", Entry.created_at), "YYYY-MM-DD")
