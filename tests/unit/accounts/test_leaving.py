from __future__ import annotations

import csv
import io
import json
import threading
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import text

from ocrchat.accounts.api_keys import issue_token
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.leaving import DeletionReceipt, as_json, delete_account, export_account
from ocrchat.accounts.limits import RateLimiter
from ocrchat.accounts.principal import OPERATOR, TOKEN_SCOPES, Kind, Principal
from ocrchat.accounts.sessions import Lifetime, open_session
from ocrchat.credits import books
from ocrchat.credits.account_part import LedgerPart
from ocrchat.credits.vouchers import make_voucher, redeem_voucher
from ocrchat.db.session import Database
from ocrchat.errors import LedgerConflict, NoSuchAccount, ScopeMissing
from tests.ledgers import JOB, LEDGER, NOON, PLANS, charge, costs, entries, faults, hold, new_account

PARTS = [LedgerPart(PLANS)]
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
        delete_account(session, owner, [LedgerPart(PLANS), Failing(PLANS)], now=NOON)
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
    export_account(database, owner, PARTS, sink, now=NOON)
    with zipfile.ZipFile(sink) as archive:
        assert json.loads(archive.read("credits/balance.json"))["left"] == 600
    unused = new_account(database, "newer@example.org")
    with database.unit() as session:
        assert delete_account(session, unused, PARTS, now=NOON).removed["credits"] == 0


def test_account_when_exported_after_a_while_then_its_balance_is_that_of_the_day_and_the_sum_of_its_lines(
    database: Database, owner: Principal
) -> None:
    sink = io.BytesIO()
    export_account(database, owner, PARTS, sink, now=NOON + timedelta(days=10))  # the month ended and another began
    with zipfile.ZipFile(sink) as archive:
        balance = json.loads(archive.read("credits/balance.json"))
        lines = list(csv.DictReader(io.StringIO(archive.read("credits/entries.csv").decode())))
    assert (balance["left"], balance["monthly_left"]) == (600, 100)
    assert int(lines[-1]["balance"]) == sum(int(line["amount"]) for line in lines) == 600


def test_account_when_the_clock_was_wrong_for_a_while_then_its_export_still_has_every_entry(
    database: Database, owner: Principal
) -> None:
    sink = io.BytesIO()
    for now in (NOON + timedelta(days=400), NOON - timedelta(days=400)):
        with database.unit() as session:
            LEDGER.settle(session, owner, now=now)
    export_account(database, owner, PARTS, sink, now=NOON)
    with zipfile.ZipFile(sink) as archive:
        assert len(archive.read("credits/entries.csv").splitlines()) == len(entries(database)) + 1
    assert faults(database) == ()


def test_account_when_a_token_without_the_right_asks_then_it_is_not_exported(
    database: Database, owner: Principal
) -> None:
    script = Principal(kind=Kind.TOKEN, account_id=owner.account_id, scopes=TOKEN_SCOPES)
    with pytest.raises(ScopeMissing):
        export_account(database, script, PARTS, io.BytesIO(), now=NOON)


@pytest.fixture
def worded(database: Database, owner: Principal) -> Principal:
    """With everything that somebody may have written down about the account."""
    with database.unit() as session:
        books.grant(session, owner, PLANS, credits=5, now=NOON, note="for Mr Unusual")
        books.grant(session, owner, PLANS, credits=5, now=NOON, once="gift for unusual", note="unusual")
        LEDGER.refund_page(session, owner, job_id=JOB, page=1, now=NOON, note="said unusual@example.org")
    for uses, note in [(1, "unusual, by post"), (2, "a class of pupils")]:
        with database.unit() as session:
            _, code = make_voucher(session, OPERATOR, LEDGER, credits=1, now=NOON, max_uses=uses, note=note)
        redeem_voucher(database, RateLimiter(database, PLANS), owner, LEDGER, code=code, now=NOON)
    return owner


def test_account_when_deleted_then_what_was_written_about_it_goes_too_and_the_ledger_stays_exact(
    database: Database, worded: Principal
) -> None:
    other = new_account(database, "bob@example.org")
    with database.unit() as session:
        books.grant(session, other, PLANS, credits=5, now=NOON, once="mine", note="for Bob")
    before = entries(database)
    assert _dump(database).count("unusual") >= 6
    with database.unit() as session:
        delete_account(session, worded, PARTS, now=NOON)
    dump = _dump(database)
    assert "unusual" not in dump.lower() and "voucher:" not in dump
    assert "for Bob" in dump and "'mine'" in dump and "a class of pupils" in dump
    assert entries(database)[: len(before)] == before
    assert faults(database) == ()


def test_account_when_deleted_while_a_hold_waits_for_its_book_then_one_of_the_two_has_happened(
    database: Database, owner: Principal
) -> None:
    """The hold begins while the deletion is not committed yet."""
    outcomes: list[str] = []

    def hold_more() -> None:
        try:
            hold(database, owner, 7, 8, 9)
            outcomes.append("held")
        except NoSuchAccount:
            outcomes.append("gone")

    waiting = threading.Thread(target=hold_more)
    with database.unit() as session:
        delete_account(session, owner, PARTS, now=NOON)
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive() and outcomes == []
    waiting.join()
    assert outcomes == ["gone"]
    with database.reading() as session:
        assert session.scalar(text("SELECT SUM(balance) FROM books")) == 0
        assert session.scalar(text("SELECT COUNT(*) FROM books WHERE account_id = :id"), {"id": owner.account_id}) == 0
    assert faults(database) == ()


def test_account_when_a_hold_is_not_committed_yet_then_its_deletion_waits_and_gives_it_back(
    database: Database, owner: Principal
) -> None:
    receipts: list[DeletionReceipt] = []

    def delete() -> None:
        with database.unit() as session:
            receipts.append(delete_account(session, owner, PARTS, now=NOON))

    waiting = threading.Thread(target=delete)
    with database.unit() as session:
        LEDGER.hold(session, owner, job_id=JOB, costs=costs(7, 8, 9), now=NOON)
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
    waiting.join()
    assert receipts[0].removed["credits"] == 599
    assert faults(database) == ()


def test_account_when_exported_then_everything_kept_of_it_is_in_one_zip_and_no_secret(
    database: Database, owner: Principal
) -> None:
    sink = io.BytesIO()
    export_account(database, owner, PARTS, sink, now=NOON)
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
