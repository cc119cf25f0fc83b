"""The first start: a server key, and an admin token that its operator can use at once."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TextIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocrchat.accounts import api_keys
from ocrchat.accounts.api_keys import issue_token
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.model import Token
from ocrchat.accounts.plans import ADMIN, Plans
from ocrchat.accounts.principal import OPERATOR, Scope
from ocrchat.accounts.service import open_account
from ocrchat.db.schema import Fact
from ocrchat.db.session import Database
from ocrchat.db.upsert import insert_into, read_fact
from ocrchat.errors import ServerKeyError

KEY_FACT = "server_key"
ADMIN_FACT = "admin"

# What is sealed under the key when the database is new; it opens with no other key.
_PROOF = "the server key of this database"


@dataclass(frozen=True, slots=True)
class FirstStart:
    admin_token: str | None = field(repr=False)
    """None at every start but the first."""
    token_file: Path


def prepare(database: Database, keys: ServerKeys, plans: Plans, data: Path, *, now: datetime) -> FirstStart:
    """For every start, also of several processes at once. Raises where key and database do not belong together."""
    token_file = data / "admin-token"
    with database.reading() as session:
        is_known = read_fact(session, KEY_FACT) is not None
    if not is_known:
        keys.make_if_missing()
    with database.unit() as session:
        check_key(session, keys, now=now)
        if not _is_first(session, ADMIN_FACT, "made", now):
            return FirstStart(None, token_file)
        account = open_account(session, email=None, plans=plans, now=now, plan=ADMIN, is_admin=True)
        _, secret = issue_token(
            session, OPERATOR, keys, account_id=account.id, name="admin", now=now, scopes=frozenset(Scope)
        )
        _write_private(token_file, secret + "\n")
    return FirstStart(secret, token_file)


def renew_token_file(data: Path, earlier: str, secret: str) -> None:
    """Where the file holds the token that was rotated; a file of that name with anything else is not touched."""
    token_file = data / "admin-token"
    if token_file.exists() and token_file.read_text(encoding="utf-8").strip() == earlier:
        _write_private(token_file, secret + "\n")


def check_key(session: Session, keys: ServerKeys, *, now: datetime) -> None:
    """Raises ServerKeyError where the key file is not the one that this database's secrets are sealed with."""
    if _is_first(session, KEY_FACT, keys.seal(KEY_FACT, _PROOF), now):
        return
    fact = read_fact(session, KEY_FACT)
    if fact is None or keys.open(KEY_FACT, fact.value) != _PROOF:
        raise ServerKeyError(f"The server key {keys.path} is not the one that belongs to this database.")


def reseal_proof(session: Session, keys: ServerKeys, *, now: datetime) -> None:
    fact = read_fact(session, KEY_FACT)
    if fact is not None:
        fact.value, fact.changed_at = keys.seal(KEY_FACT, keys.open(KEY_FACT, fact.value)), now
        session.flush()


def prove_key(session: Session, keys: ServerKeys) -> None:
    """Raises ServerKeyError where something in the database is sealed with a key that the file does not hold."""
    fact = read_fact(session, KEY_FACT)
    if fact is not None:
        keys.open(KEY_FACT, fact.value)
    for token in session.scalars(select(Token)):
        api_keys.open_sealed(token, keys)


def key_of_proof(session: Session) -> str:
    """The id of the key that the proof is sealed with; empty where there is none."""
    fact = read_fact(session, KEY_FACT)
    return fact.value.partition(".")[0] if fact is not None else ""


def announce(start: FirstStart, stream: TextIO) -> None:
    """On a terminal the token itself; a stream that is none ends in a log, which gets the file's name only."""
    if start.admin_token is None:
        return
    if stream.isatty():
        stream.write(f"\nYour admin token (also in {start.token_file}):\n\n    {start.admin_token}\n\n")
    else:
        stream.write(f"The admin token is in {start.token_file}.\n")
    stream.flush()


def _is_first(session: Session, name: str, value: str, now: datetime) -> bool:
    statement = insert_into(session, Fact).values(name=name, value=value, changed_at=now)
    return session.scalar(statement.on_conflict_do_nothing().returning(Fact.name)) is not None


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)  # of a start that did not come to its end
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
