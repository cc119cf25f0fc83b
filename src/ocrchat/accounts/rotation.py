"""Rotating the server key: a new key first, then every secret under it, then the keys that nothing needs any more.

It may be stopped at any moment and run again: whatever is sealed opens with the ring as it is. The key before the
newest one stays until the next rotation, for what a transaction still in flight has sealed. Of two at once the second
waits: it would drop the key that the first one is sealing with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocrchat.accounts.api_keys import reseal
from ocrchat.accounts.first_start import key_of_proof, reseal_proof
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.model import Token
from ocrchat.accounts.principal import Principal
from ocrchat.db.session import Database

# Rows in one unit of work: nobody waits long for the write lock.
_BATCH = 200

SealedPart = Callable[[Session, ServerKeys], int]
"""Seals one batch of a part's secrets again that are not under the newest key; how many, 0 when none is left."""

KeysInUse = Callable[[Session], Iterable[str]]
"""The ids of the keys that a part's secrets are sealed with. A part MUST come with it, or its keys may be dropped."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rotation:
    new_key: str
    resealed: int
    dropped: Sequence[str]


def rotate_keys(
    database: Database,
    principal: Principal,
    keys: ServerKeys,
    *,
    now: datetime,
    parts: Sequence[SealedPart] = (),
    in_use: Sequence[KeysInUse] = (),
) -> Rotation:
    principal.require_operator()
    with keys.rotating():
        return _rotate(database, keys, now, parts, in_use)


def _rotate(
    database: Database, keys: ServerKeys, now: datetime, parts: Sequence[SealedPart], in_use: Sequence[KeysInUse]
) -> Rotation:
    earlier = keys.ids
    new_key = keys.add_key(today=now.astimezone(UTC).date())
    resealed = 0
    for part in (_reseal_tokens, *parts):
        while count := _reseal_batch(database, keys, part):
            resealed += count
    with database.unit() as session:
        reseal_proof(session, keys, now=now)
    needed = set(_needed_keys(database, in_use))
    dropped = [key for key in earlier[1:] if key not in needed]
    if dropped:
        keys.drop_keys(dropped)
    return Rotation(new_key=new_key, resealed=resealed, dropped=dropped)


def _needed_keys(database: Database, in_use: Sequence[KeysInUse]) -> Iterator[str]:
    """The ids of the keys that something in the database is sealed with."""
    with database.reading() as session:
        yield key_of_proof(session)
        for sealed in session.scalars(select(Token.sealed).execution_options(yield_per=_BATCH)):
            yield sealed.partition(".")[0]
        for keys_of_part in in_use:
            yield from keys_of_part(session)


def _reseal_batch(database: Database, keys: ServerKeys, part: SealedPart) -> int:
    with database.unit() as session:
        return part(session, keys)


def _reseal_tokens(session: Session, keys: ServerKeys) -> int:
    earlier = select(Token).where(~Token.sealed.startswith(f"{keys.ids[0]}.", autoescape=True))
    tokens = session.scalars(earlier.order_by(Token.id).limit(_BATCH).with_for_update()).all()
    for token in tokens:
        reseal(token, keys)
    session.flush()
    return len(tokens)
