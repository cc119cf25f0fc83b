"""How many jobs were ever done: a number that belongs to nobody and outlives them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocrchat.db.upsert import insert_into
from ocrchat.jobs.model import Tally

_PROCESSED = "jobs_processed"


def count_processed(session: Session) -> None:
    """One more. MUST be the last statement of its unit of work: the ends of all jobs meet in this row."""
    statement = insert_into(session, Tally).values(name=_PROCESSED, count=1)
    more = {"count": Tally.count + 1}
    session.execute(statement.on_conflict_do_update(index_elements=[Tally.name], set_=more))


def processed(session: Session) -> int:
    return session.scalar(select(Tally.count).where(Tally.name == _PROCESSED)) or 0
