"""Delete my account; export my data. Each part of the program that keeps something of an account says so here, as an
AccountPart, so that nothing is forgotten by either.
"""

from __future__ import annotations

import json
import secrets
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Protocol

from sqlalchemy.orm import Session

from ocrchat.accounts import repository
from ocrchat.accounts.limits import forget_caller
from ocrchat.accounts.principal import Principal, Scope
from ocrchat.accounts.service import refuse_admin, require_account
from ocrchat.db.schema import ID_LENGTH
from ocrchat.db.session import Database

TOMBSTONE_PREFIX = "deleted-"


class AccountPart(Protocol):
    def settle(self, session: Session, principal: Principal, *, now: datetime) -> None:
        """Brings up to date what is about to be exported; in a unit of work, while the export itself writes nothing."""
        ...

    def export(self, session: Session, principal: Principal, *, now: datetime) -> Iterable[tuple[str, Iterable[bytes]]]:
        """Files (name in the archive, pieces) with everything the part keeps of the Principal's account."""
        ...

    def remove(self, session: Session, principal: Principal, *, tombstone: str, now: datetime) -> Mapping[str, int]:
        """Takes it all away, within the unit of work; what must stay moves to the tombstone id. Counts what went."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class DeletionReceipt:
    deleted_at: datetime
    reference: str
    """The tombstone: under it the ledger keeps its amounts, and nothing leads from it to a person."""
    removed: Mapping[str, int]

    @property
    def sentence(self) -> str:
        things = ", ".join(f"{count} {name}" for name, count in self.removed.items() if count)
        return f"The account and all that belonged to it are deleted: {things}. Reference: {self.reference}."


def delete_account(
    session: Session, principal: Principal, parts: Sequence[AccountPart], *, now: datetime
) -> DeletionReceipt:
    """The Principal's own account. Parts go in their order; the ledger's comes first (see credits/service.py)."""
    principal.require(Scope.ACCOUNT)
    account_id = principal.require_account()
    refuse_admin(require_account(session, principal, account_id), "cannot be deleted")
    tombstone = TOMBSTONE_PREFIX + secrets.token_hex((ID_LENGTH - len(TOMBSTONE_PREFIX)) // 2)
    removed: dict[str, int] = {}
    for part in parts:
        removed.update(part.remove(session, principal, tombstone=tombstone, now=now))
    removed["mails"] = repository.delete_login_requests(session, principal, account_id)
    removed["sessions"] = repository.delete_sessions(session, principal, account_id)
    removed["tokens"] = repository.delete_tokens(session, principal, account_id)
    removed["account"] = int(repository.delete_account_row(session, principal, account_id))
    forget_caller(session, account_id)
    return DeletionReceipt(deleted_at=now, reference=tombstone, removed=removed)


def export_account(
    database: Database, principal: Principal, parts: Sequence[AccountPart], sink: BinaryIO, *, now: datetime
) -> None:
    """One zip with everything that is kept of the account; secrets are left out, they open it and tell nothing.

    It has units of work of its own: a short one that settles, then one view for all that is written.
    """
    principal.require(Scope.ACCOUNT)
    with database.unit() as session:
        for part in parts:
            part.settle(session, principal, now=now)
    with database.reading() as session, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in _files(session, principal, parts, now):
            entry = zipfile.ZipInfo(name, date_time=now.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as file:
                for piece in pieces:
                    file.write(piece)


def as_json(value: Any) -> list[bytes]:
    return [json.dumps(value, ensure_ascii=False, indent=2, default=_plain).encode()]


def _files(
    session: Session, principal: Principal, parts: Sequence[AccountPart], now: datetime
) -> Iterator[tuple[str, Iterable[bytes]]]:
    account_id = principal.require_account()
    account = require_account(session, principal, account_id)
    yield "account.json", as_json(_facts(account, "id email email_verified_at plan created_at blocked_at"))
    tokens = repository.list_tokens(session, principal, account_id)
    shown = "id name scopes created_at last_used_at expires_at"
    yield "tokens.json", as_json([_facts(token, shown) for token in tokens])
    sessions = repository.list_sessions(session, principal, account_id, now=now)
    yield "sessions.json", as_json([_facts(row, "id created_at last_seen_at expires_at") for row in sessions])
    for part in parts:
        yield from part.export(session, principal, now=now)


def _facts(row: object, names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names.split()}


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")
