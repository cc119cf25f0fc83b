"""What the operator's commands share: the installation that the settings name, opened."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ocrchat.accounts.first_start import announce, prepare
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.leaving import AccountPart
from ocrchat.accounts.plans import Plans, load_plans
from ocrchat.accounts.principal import OPERATOR
from ocrchat.blobs.store import blobs_of
from ocrchat.chat.account_part import ChatPart
from ocrchat.config import Settings, load_settings
from ocrchat.credits.account_part import LedgerPart
from ocrchat.credits.proof import last_proof, prove_ledger
from ocrchat.credits.service import Ledger
from ocrchat.db.session import Database, make_engine, parse_url, sqlite_path
from ocrchat.db.upgrade import is_current, upgrade
from ocrchat.jobs.account_part import JobsPart

# More than anybody pays for at once, and far from what a balance can hold.
MAX_CREDITS = 1_000_000


@dataclass(frozen=True, slots=True)
class Office:
    settings: Settings
    database: Database
    keys: ServerKeys
    plans: Plans

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.plans)

    @property
    def account_parts(self) -> Sequence[AccountPart]:
        """What is exported and deleted with an account, in this order: the ledger goes first."""
        return (LedgerPart(self.plans), ChatPart(), JobsPart(blobs_of(self.settings)))


@contextlib.contextmanager
def open_office(settings: Settings | None = None) -> Iterator[Office]:
    """The first command of an installation also makes its database, key and admin token."""
    settings = settings or load_settings()
    plans = load_plans(settings.data)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = make_engine(settings.database, durable=settings.sqlite_durable, pool_size=settings.database_pool)
    office = Office(settings, Database(engine), ServerKeys(settings.key_file), plans)
    with contextlib.closing(office.database):
        upgrade(engine)
        announce(prepare(office.database, office.keys, plans, settings.data, now=now()), sys.stderr)
        yield office


def doctor_ledger(settings: Settings) -> tuple[bool, str]:
    """For `ocrchat doctor`: whether the ledger is right, and a sentence. Changes nothing."""
    path = sqlite_path(settings.database)
    if path is not None and not path.exists():
        return True, "There is no database yet, so there is no ledger to prove."
    engine = make_engine(settings.database)
    try:
        if not is_current(engine):
            return False, "The database is of another version of this program: start the server to bring it up to date."
        with Database(engine).reading() as session:
            proof = prove_ledger(session, OPERATOR, now=now())
            earlier = last_proof(session, OPERATOR)
    finally:
        engine.dispose()
    nightly = f" Last nightly proof: {earlier.proved_at}." if earlier else " It has not been proved at night yet."
    return proof.is_right, proof.sentence + nightly


def now() -> datetime:
    return datetime.now(UTC)


def say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Columns as wide as they need to be."""
    cells = [list(head), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(row[index]) for row in cells) for index in range(len(head))]
    return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def parse_day(text: str) -> datetime:
    """The end of a validity as people write it: 2027-01-31, the first moment of that day in UTC."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is not a day like 2027-01-31') from None


def number(low: int, high: int) -> Callable[[str], int]:
    """For argparse: a whole number within bounds that the database can keep."""

    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or len(text) > 12 or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f'"{text}" is not a whole number of {low} to {high}')
        return int(text)

    return parse


def is_postgres(settings: Settings) -> bool:
    return parse_url(settings.database).get_backend_name() == "postgresql"


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return str(value)
