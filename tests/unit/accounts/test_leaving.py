from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import text

from ocrchat.accounts.api_keys import issue_token
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.leaving import as_json, delete_account, export_account
from ocrchat.accounts.limits import RateLimiter
from ocrchat.accounts.principal import TOKEN_SCOPES, Kind, Principal
from ocrchat.accounts.sessions import Lifetime, open_session
from ocrchat.credits.account_part import LedgerPart
from ocrchat.db.session import Database
from ocrchat.errors import LedgerConflict, NoSuchAccount, ScopeMissing
from tests.ledgers import JOB, LEDGER, NOON, PLANS, charge, costs, entries, faults, hold, new_account

PARTS = [LedgerPart()]
ADDRESS = "ann.unusual@example.org"


@pytest.fixture
def owner(database: Database, keys: ServerKeys) -> Principal:
    """With one of everything that can be kept of an account."""
    who = new_account(database, ADDRESS)
    hold(database, who, 1, 2, 3)
    charge(database, who, 1)
    with database.unit() as session:
        issue_token(session, who, keys, account_id=str(who.account_id), name="unusual token", now=NOON)
        open_session(session, who, Lifetime(timedelta(days=1), timedelta(days=1)), now=NOON)
        session.execute(
            text(
                "INSERT INTO login_requests VALUES ('r', :email, :blob, :blob, 5, NULL, "
                "'2026-11-21 12:00:00', '2026-11-21 12:10:00')"
            ),
            {"email": ADDRESS, "blob": b"x"},
        )
    principal = Principal(kind=who.kind, account_id=who.account_id, plan="free", caller=who.caller, scopes=who.scopes)
    RateLimiter(database, PLANS).spend(principal, "submit", now=NOON)
    return principal


def _dump(database: Database) -> str:
    tables = (
        "accounts tokens sessions login_requests facts rate_limits anonymous_use books buckets entries parts vouchers"
    )
    with database.reading() as session:
        return "".join(str(session.execute(text(f"SELECT * FROM {table}")).all()) for table in tables.split())


def test_account_when_deleted_then_nothing_in_any_table_names_it_and_the_ledger_stays_exact(
    database: Database, owner: Principal
) -> None:
    before = _dump(database)
    assert ADDRESS in before and str(owner.account_id) in before

    with database.unit() as session:
        receipt = delete_account(session, owner, PARTS, now=NOON)

    dump = _dump(database)
    assert ADDRESS not in dump and str(owner.account_id) not in dump and "unusual" not in dump
    assert receipt.removed == {"credits": 599, "mails": 1, "sessions": 1, "tokens": 1, "account": 1}
    assert receipt.reference.startswith("deleted-") and len(receipt.reference) == 32
    assert "599 credits" in receipt.sentence and receipt.reference in receipt.sentence
    # What was paid for stays paid for.
    assert [(kind, amount) for kind, amount in entries(database) if kind == "charge"] == [("charge", -1)]
    assert faults(database) == ()


def test_account_when_deleted_while_a_page_is_read_then_the_page_cannot_be_charged(
    database: Database, owner: Principal
) -> None:
    with database.unit() as session:
        delete_account(session, owner, PARTS, now=NOON)
    with pytest.raises(LedgerConflict), database.unit() as session:
        LEDGER.charge_page(session, owner, job_id=JOB, page=2, now=NOON)
    with pytest.raises(NoSuchAccount), database.unit() as session:
        LEDGER.hold(session, owner, job_id=JOB, costs=costs(9), now=NOON)
    with database.unit() as session:
        assert LEDGER.release_rest(session, owner, job_id=JOB, now=NOON) == 0
    assert faults(database) == ()


def test_account_when_deletion_fails_half_way_then_nothing_is_gone(database: Database, owner: Principal) -> None:
    class Failing(LedgerPart):
        def remove(self, *args: object, **more: object) -> dict[str, int]:
            raise RuntimeError("the blob store is down")

    before = _dump(database)
    with pytest.raises(RuntimeError), database.unit() as session:
        delete_account(session, owner, [LedgerPart(), Failing()], now=NOON)
    assert _dump(database) == before


def test_account_when_a_token_without_the_right_asks_then_it_is_not_deleted(
    database: Database, owner: Principal
) -> None:
    script = Principal(kind=Kind.TOKEN, account_id=owner.account_id, scopes=TOKEN_SCOPES)
    with pytest.raises(ScopeMissing), database.unit() as session:
        delete_account(session, script, PARTS, now=NOON)


def test_account_when_never_used_then_it_is_deleted_and_exported_as_well(database: Database) -> None:
    owner = new_account(database, "new@example.org")
    sink = io.BytesIO()
    with database.reading() as session:
        export_account(session, owner, PARTS, sink, now=NOON)
    assert zipfile.ZipFile(sink).namelist() == ["account.json", "tokens.json", "sessions.json"]
    with database.unit() as session:
        assert delete_account(session, owner, PARTS, now=NOON).removed["credits"] == 0


def test_account_when_exported_then_everything_kept_of_it_is_in_one_zip_and_no_secret(
    database: Database, owner: Principal
) -> None:
    sink = io.BytesIO()
    with database.reading() as session:
        export_account(session, owner, PARTS, sink, now=NOON)
    with zipfile.ZipFile(sink) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert set(files) == {
        "account.json",
        "tokens.json",
        "sessions.json",
        "credits/balance.json",
        "credits/entries.csv",
    }
    account = json.loads(files["account.json"])
    assert account["email"] == ADDRESS and account["created_at"] == NOON.isoformat()
    assert json.loads(files["tokens.json"])[0]["name"] == "unusual token"
    assert json.loads(files["credits/balance.json"])["left"] == 597
    assert len(files["credits/entries.csv"].splitlines()) == len(entries(database)) + 1
    assert "ocrchat_" not in str(files)


def test_json_when_value_has_no_form_then_it_is_an_error() -> None:
    with pytest.raises(TypeError, match="object has no form"):
        as_json(object())
