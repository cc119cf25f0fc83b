"""The proof that the books are right, from the rows alone. Run each night, by `ocrchat doctor` and after a restore."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from ocrchat.accounts.principal import Principal
from ocrchat.credits.model import Book, Entry
from ocrchat.db.upsert import read_fact, write_fact

FACT = "ledger_proof"

# Each finds rows that must not exist; the first column says which.
_CHECKS = {
    "a balance is not the sum of its entries": """
        SELECT b.account_id FROM books b LEFT JOIN entries e ON e.account_id = b.account_id
        GROUP BY b.account_id, b.balance HAVING b.balance <> COALESCE(SUM(e.amount), 0)""",
    "a balance is not what its buckets hold": """
        SELECT b.account_id FROM books b LEFT JOIN buckets k ON k.account_id = b.account_id
        GROUP BY b.account_id, b.balance HAVING b.balance <> COALESCE(SUM(k.remaining), 0)""",
    "a bucket is not the sum of its parts": """
        SELECT k.id FROM buckets k LEFT JOIN parts p ON p.bucket_id = k.id
        GROUP BY k.id, k.remaining HAVING k.remaining <> COALESCE(SUM(p.amount), 0)""",
    "an entry is not the sum of its parts": """
        SELECT e.id FROM entries e LEFT JOIN parts p ON p.entry_id = e.id
        GROUP BY e.id, e.amount HAVING e.amount <> COALESCE(SUM(p.amount), 0)""",
    "a part joins an entry and a bucket of different books": """
        SELECT e.id FROM parts p JOIN entries e ON e.id = p.entry_id JOIN buckets k ON k.id = p.bucket_id
        WHERE e.account_id <> k.account_id""",
    "an account was below zero at some time": """
        SELECT id FROM (
            SELECT id, SUM(amount) OVER (PARTITION BY account_id ORDER BY id) AS balance FROM entries
        ) AS run WHERE balance < 0""",
    "a page was charged twice": """
        SELECT job_id FROM entries WHERE kind = 'charge' GROUP BY job_id, page HAVING COUNT(*) > 1""",
    "something was settled that was not held": """
        SELECT s.id FROM entries s WHERE s.kind IN ('charge', 'release') AND NOT EXISTS (SELECT 1 FROM entries h
        WHERE h.kind = 'hold' AND h.job_id = s.job_id AND h.page = s.page AND h.attempt = s.attempt
        AND h.account_id = s.account_id AND h.amount <= s.amount AND h.amount <= -s.amount)""",
    "a page was charged and its hold kept": """
        SELECT c.id FROM entries c WHERE c.kind = 'charge' AND NOT EXISTS (SELECT 1 FROM entries r
        WHERE r.kind = 'release' AND r.job_id = c.job_id AND r.page = c.page AND r.attempt = c.attempt)""",
    "a page was refunded that was not charged": """
        SELECT f.id FROM entries f WHERE f.kind = 'refund' AND NOT EXISTS (SELECT 1 FROM entries c
        WHERE c.kind = 'charge' AND c.job_id = f.job_id AND c.page = f.page AND c.amount = -f.amount)""",
}

# Enough to start looking; a broken ledger can have as many faults as rows.
_SHOWN = 5
# Ten checks of this length fit into the column that remembers them.
_FAULT_LENGTH = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    proved_at: str
    """ISO 8601."""
    books: int
    entries: int
    credits: int
    faults: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        return not self.faults

    @property
    def sentence(self) -> str:
        if self.is_right:
            return (
                f"The ledger is right: {self.books} balances, together {self.credits} credits, "
                f"equal the sum of their {self.entries} entries."
            )
        return f"The ledger is wrong: {'; '.join(self.faults)}. Stop selling credits and restore a backup."


def prove_ledger(session: Session, principal: Principal, *, now: datetime) -> Proof:
    principal.require_operator()
    faults = []
    for what, query in _CHECKS.items():
        found = [str(row) for row in session.scalars(text(query))]
        if found:
            more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
            faults.append(f"{what} ({', '.join(found[:_SHOWN])}{more})")
    return Proof(
        proved_at=now.isoformat(),
        books=session.scalar(select(func.count()).select_from(Book)) or 0,
        entries=session.scalar(select(func.count()).select_from(Entry)) or 0,
        credits=int(session.scalar(select(func.sum(Book.balance))) or 0),
        faults=tuple(faults),
    )


def remember_proof(session: Session, principal: Principal, proof: Proof, *, now: datetime) -> None:
    """For the nightly run, so that `ocrchat doctor` can say when the last one was and what it found."""
    principal.require_operator()
    shown = replace(proof, faults=tuple(fault[:_FAULT_LENGTH] for fault in proof.faults))
    write_fact(session, FACT, json.dumps(asdict(shown)), now=now)


def last_proof(session: Session, principal: Principal) -> Proof | None:
    principal.require_operator()
    fact = read_fact(session, FACT)
    if fact is None:
        return None
    kept = json.loads(fact.value)
    return Proof(**{**kept, "faults": tuple(kept["faults"])})
