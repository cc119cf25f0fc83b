"""The proof must find what is wrong: each test breaks the books behind the program's back."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from ocrchat.accounts.principal import OPERATOR, Principal
from ocrchat.credits.proof import last_proof, prove_ledger, remember_proof
from ocrchat.db.session import Database
from ocrchat.errors import ScopeMissing
from tests.ledgers import LEDGER, NOON, charge, faults, hold, new_account

COLUMNS = "account_id, kind, amount, key, job_id, page, attempt, tier, tool, pages, note, created_at"
FREE = "'', '', 0, '', '2026-11-21 12:00:00'"


@pytest.fixture
def owner(database: Database) -> Principal:
    who = new_account(database)
    hold(database, who, 1, 2, 3)
    charge(database, who, 1)
    with database.unit() as session:
        LEDGER.refund_page(session, who, job_id="0" * 31 + "1", page=1, now=NOON)
    assert faults(database) == ()
    return who


@pytest.mark.parametrize(
    ("breakage", "fault"),
    [
        ("UPDATE books SET balance = balance + 1", "a balance is not the sum of its entries"),
        (
            "UPDATE buckets SET remaining = remaining + 1 WHERE period = 'start'",
            "a balance is not what its buckets hold",
        ),
        ("UPDATE buckets SET remaining = remaining + 1 WHERE period = 'start'", "a bucket is not the sum of its parts"),
        ("INSERT INTO parts VALUES (1, 2, 7)", "an entry is not the sum of its parts"),
        (
            "INSERT INTO books VALUES ('b', 0, '2026-11-21 12:00:00');"
            "INSERT INTO buckets VALUES (99, 'b', 'credits', NULL, 0, 0, NULL, '2026-11-21 12:00:00');"
            "INSERT INTO parts VALUES (1, 99, 0)",
            "a part joins an entry and a bucket of different books",
        ),
        (
            "INSERT INTO books VALUES ('b', 0, '2026-11-21 12:00:00');"
            f"INSERT INTO entries ({COLUMNS}) VALUES ('b', 'expire', -5, 'x', NULL, NULL, NULL, {FREE});"
            f"INSERT INTO entries ({COLUMNS}) VALUES ('b', 'grant', 5, 'y', NULL, NULL, NULL, {FREE})",
            "an account was below zero at some time",
        ),
        (
            "DROP INDEX uq_entries_charge_job_id_page;"
            f"INSERT INTO entries ({COLUMNS}) SELECT account_id, kind, amount, 'again', job_id, page, 2, {FREE}"
            " FROM entries WHERE kind = 'charge'",
            "a page was charged twice",
        ),
        (
            f"INSERT INTO entries ({COLUMNS}) SELECT account_id, 'release', 1, 'x', 'other', 9, 1, {FREE} FROM books",
            "something was settled that was not held",
        ),
        (
            f"INSERT INTO entries ({COLUMNS}) SELECT account_id, 'release', 9, 'x', job_id, page, attempt, {FREE}"
            " FROM entries WHERE kind = 'hold' AND page = 2",
            "something was settled that was not held",
        ),
        (
            f"INSERT INTO entries ({COLUMNS}) SELECT account_id, 'charge', -1, 'x', job_id, page, attempt, {FREE}"
            " FROM entries WHERE kind = 'hold' AND page = 2",
            "a page was charged and its hold kept",
        ),
        (
            f"INSERT INTO entries ({COLUMNS}) SELECT account_id, 'refund', 1, 'x', job_id, 2, 1, {FREE}"
            " FROM entries WHERE kind = 'charge'",
            "a page was refunded that was not charged",
        ),
    ],
)
def test_proof_when_books_are_broken_then_it_finds_it(
    database: Database, database_url: str, owner: Principal, breakage: str, fault: str
) -> None:
    with database.unit() as session:
        for statement in breakage.split(";"):
            session.execute(text(statement))
        session.flush()
        proof = prove_ledger(session, OPERATOR, now=NOON)
        session.rollback()
    assert any(one.startswith(fault) for one in proof.faults), proof.faults
    assert not proof.is_right and "The ledger is wrong" in proof.sentence


def test_proof_when_very_much_is_wrong_then_it_names_a_few(sqlite_database: Database, owner: Principal) -> None:
    with sqlite_database.unit() as session:
        for number in range(9):
            session.execute(text(f"INSERT INTO books VALUES ('book{number}', 5, '2026-11-21 12:00:00')"))
        proof = prove_ledger(session, OPERATOR, now=NOON)
        remember_proof(session, OPERATOR, proof, now=NOON)
    assert "and 4 more" in proof.faults[0]
    with sqlite_database.reading() as session:
        kept = last_proof(session, OPERATOR)
        assert kept is not None and kept.faults == proof.faults


def test_proof_when_remembered_then_doctor_can_tell_of_it(database: Database, owner: Principal) -> None:
    with database.unit() as session:
        assert last_proof(session, OPERATOR) is None
        proof = prove_ledger(session, OPERATOR, now=NOON)
        remember_proof(session, OPERATOR, proof, now=NOON)
        remember_proof(session, OPERATOR, proof, now=NOON)
    with database.reading() as session:
        assert last_proof(session, OPERATOR) == proof
    assert proof.is_right and (proof.books, proof.credits) == (1, 598)
    assert "1 balances, together 598 credits" in proof.sentence


def test_proof_when_asked_for_by_an_account_then_it_is_refused(sqlite_database: Database) -> None:
    owner = new_account(sqlite_database)
    with sqlite_database.unit() as session:
        proof = prove_ledger(session, OPERATOR, now=NOON)
        with pytest.raises(ScopeMissing):
            prove_ledger(session, owner, now=NOON)
        with pytest.raises(ScopeMissing):
            remember_proof(session, owner, proof, now=NOON)
        with pytest.raises(ScopeMissing):
            last_proof(session, owner)
