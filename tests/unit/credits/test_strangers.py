"""Every query of the repositories, asked by somebody else: nothing is found, and nothing of the owner's changes."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

import ocrchat.accounts.repository
import ocrchat.credits.allowance
import ocrchat.credits.repository
import ocrchat.documents.repository
import ocrchat.jobs.repository
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.limits import RateLimiter
from ocrchat.accounts.model import Account, LoginRequest, Token, WebSession
from ocrchat.accounts.principal import OPERATOR, Kind, Principal, acting_for, anonymous
from ocrchat.accounts.service import sign_up
from ocrchat.accounts.sessions import Lifetime, open_session
from ocrchat.credits.model import Bucket, Entry, Part
from ocrchat.credits.vouchers import make_voucher, redeem_voucher
from ocrchat.db.schema import Base, new_id
from ocrchat.db.session import Database
from ocrchat.documents.model import Document
from ocrchat.errors import OCRChatError
from ocrchat.jobs.model import Job, PageRow
from tests.ledgers import JOB, LEDGER, NOON, PLANS, charge, hold

MODULES: tuple[ModuleType, ...] = (
    ocrchat.accounts.repository,
    ocrchat.credits.repository,
    ocrchat.credits.allowance,
    ocrchat.documents.repository,
    ocrchat.jobs.repository,
)

# By these a Principal is found in the first place: tokens, sessions, codes and addresses.
EXCEPTED = {
    "find_account_by_email",
    "find_token_by_lookup",
    "find_session_by_lookup",
    "find_login_by_link",
    "find_login_by_id",
}

# What even the owner gets nothing from, as the owner's things stand in this test.
EMPTY_FOR_OWNER = {
    "add_book",  # it is there
    "add_parts",  # these five answer nothing
    "change_bucket",
    "forget_voucher_notes",
    "give_back",
    "take",
}

# Queries that are in no repository, and why nobody finds another's rows by them.
ELSEWHERE = {
    "accounts/first_start": "the installation's own key is tried on every token",
    "accounts/limits": "rows are found by what the caller is counted under",
    "accounts/login": "the mail that was asked for, by its id",
    "accounts/rotation": "the operator's: every token is sealed again",
    "credits/model": "conditions of the tables, no query",
    "credits/proof": "the operator's: every row is summed up",
    "credits/vouchers": "a voucher by its code; all of them for the operator only",
    "jobs/model": "conditions of the tables, no query",
    "jobs/tally": "a count of the whole installation",
    "jobs/liveness": "locks of processes, no rows",
    "jobs/service": "the database is asked whether it answers",
    "jobs/workflows": "records of the workflow engine, by the ids of jobs",
}

_SETTLED_TEXTS = ("status", "paid_tier", "result_key", "error_code", "error")
_SETTLED_REST = {"paid": 1, "facts": None, "seconds": 1.0, "ended_at": NOON}

# Of the operator alone.
OPERATORS = {
    "delete_stale_logins",
    "due_accounts",
    "forget_earlier_days",
    "all_sealed",
    "begin_job",
    "count_unfinished",
    "delete_document_row",
    "delete_jobs",
    "due_documents",
    "jobs_of_document",
    "known_documents",
    "pages_of_caller",
    "recent_pace",
    "release_held_by",
    "sealed_passwords",
    "unfinished_jobs",
    "versions_of",
    "work_before",
    "work_in_turn",
}

# Makes something of whoever asks, also of nobody in particular.
OPEN_TO_ALL = {"add_document", "add_job"}


def _queries() -> dict[str, Callable[..., Any]]:
    return {
        name: function
        for module in MODULES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


QUERIES = {name: function for name, function in _queries().items() if name not in EXCEPTED}


@pytest.fixture
def keys(tmp_path: Any) -> ServerKeys:
    keys = ServerKeys(tmp_path / "server.key")
    keys.make_if_missing()
    return keys


@pytest.fixture
def owner(sqlite_database: Database, keys: ServerKeys) -> Principal:
    return _settled(sqlite_database, keys, "owner@example.org", JOB)


@pytest.fixture
def stranger(sqlite_database: Database, keys: ServerKeys) -> Principal:
    return _settled(sqlite_database, keys, "stranger@example.org", "f" * 32)


def _settled(database: Database, keys: ServerKeys, email: str, job: str) -> Principal:
    """An account with a token, a session, a mail that was asked for, and a job of which one page is charged."""
    with database.unit() as session:
        account, _ = sign_up(session, keys, PLANS, email=email, now=NOON)
        who = acting_for(account.id)
        open_session(session, who, Lifetime(timedelta(days=1), timedelta(days=1)), now=NOON)
        request = LoginRequest(
            email=email,
            link_lookup=email.encode(),
            code_hash=b"",
            tries_left=1,
            created_at=NOON,
            expires_at=NOON + timedelta(minutes=10),
        )
        session.add(request)
        ocrchat.credits.allowance.take(session, who, credits=2, cap=10, now=NOON)
        _add_job(session, who, job)
    hold(database, who, 1, 2, job=job)
    charge(database, who, 1, job=job)
    with database.unit() as session:
        _, code = make_voucher(session, OPERATOR, LEDGER, credits=1, now=NOON, note=f"for {email}")
    redeem_voucher(database, RateLimiter(database, PLANS), who, LEDGER, code=code, now=NOON)
    return who


def _document(document_id: str) -> Document:
    return Document(
        id=document_id, media_type="application/pdf", size_bytes=1, sha256="0", page_count=3, created_at=NOON
    )


def _job(job_id: str, document_id: str) -> Job:
    return Job(
        id=job_id,
        document_id=document_id,
        plan="free",
        tier="cpu",
        served_tier="cpu",
        status="processing",
        priority=0,
        page_count=3,
        retention_seconds=60,
        created_at=NOON,
    )


def _add_job(session: Session, who: Principal, job_id: str) -> None:
    """Of three pages: one that was read, one that waits, one that failed."""
    ocrchat.documents.repository.add_document(session, who, _document(job_id))
    job = _job(job_id, job_id)
    job.idempotency_key = "key"
    states = [{"number": 1, "status": "read"}, {"number": 2, "status": "waiting"}, {"number": 3, "status": "failed"}]
    ocrchat.jobs.repository.add_job(session, who, job, states)


def _arguments(session: Session, owner: Principal, wanted: Iterable[str]) -> dict[str, Any]:
    """What somebody would send who knows every id of the owner's."""
    bucket = session.query(Bucket).filter_by(account_id=owner.account_id, period="start").one()
    entry = session.query(Entry).filter_by(account_id=owner.account_id, kind="charge").one()
    token = session.query(Token).filter_by(account_id=owner.account_id).one()
    web_session = session.query(WebSession).filter_by(account_id=owner.account_id).one()
    row = {"kind": "grant", "amount": 0, "key": "other", "created_at": NOON, "tier": "", "pages": 0, "note": ""}
    known: dict[str, Any] = {
        "account_id": owner.account_id,
        "email": "owner@example.org",
        "token_id": token.id,
        "session_id": web_session.id,
        "job_id": JOB,
        "page": 1,
        "pages": [1],
        "period": "start",
        "periods": ["start"],
        "bucket": Bucket(kind="credits", expires_at=None, created_at=NOON),
        "bucket_id": bucket.id,
        "ids": [bucket.id],
        "entry_ids": [entry.id],
        "rows": [row],
        "document_id": JOB,
        "document": _document(new_id()),
        "key": "key",
        "attempt": 1,
        "number": 2,
        "numbers": [2],
        "held": 1,
        "code": "job.cancelled",
        "message": "Stop.",
        "executor": None,
        "caller": owner.account_id,
        "not_by": "abc",
        "offset": 0,
        "amount": 1,
        "credits": 1,
        "cap": 10,
        "tombstone": "deleted-1",
        "now": NOON,
        "unless_since": NOON + timedelta(days=1),
        "expires_at": NOON + timedelta(days=2),
        "since": NOON - timedelta(days=1),
        "until": NOON + timedelta(days=1),
        "limit": 10,
    }
    return {name: known[name] for name in wanted if name in known}


def _ask(session: Session, query: Callable[..., Any], who: Principal, owner: Principal) -> Any:
    parameters = inspect.signature(query).parameters
    arguments = _arguments(session, owner, parameters)
    if query.__name__ == "add_parts":
        known = _arguments(session, owner, ("bucket_id", "entry_ids"))
        own = session.query(Entry).filter_by(account_id=who.account_id, kind="charge").first()
        arguments["rows"] = [(own.id if own else known["entry_ids"][0], known["bucket_id"], 1)]
    if query.__name__ in ("add_job", "work_before"):
        arguments |= {"job": _job(new_id(), JOB), "rows": [{"number": 1}]}
        arguments = {name: arguments[name] for name in parameters if name in arguments}
    if query.__name__ == "settle_pages":
        arguments["rows"] = [{"number": 2} | dict.fromkeys(_SETTLED_TEXTS, "x") | _SETTLED_REST]
    if query.__name__ == "delete_account_row":  # what else is the account's goes before it
        ocrchat.jobs.repository.disown_jobs(session, who)
        ocrchat.documents.repository.disown_documents(session, who, now=NOON)
    if query.__name__ == "due_buckets":
        arguments["now"] = NOON + timedelta(days=40)  # the month's bucket is out of date by then
    session.expunge_all()
    answer = query(session, who, **arguments)
    return answer if answer is None or isinstance(answer, bool | int) else list(_flat(answer))


def _flat(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, str | int | Base | tuple) or not isinstance(value, Iterable):
        yield value
        return
    for one in value:
        yield from _flat(one)


def _rows_of(database: Database, owner: Principal) -> dict[str, list[Any]]:
    queries = {
        "accounts": "SELECT * FROM accounts WHERE id = :id",
        "tokens": "SELECT * FROM tokens WHERE account_id = :id",
        "sessions": "SELECT * FROM sessions WHERE account_id = :id",
        "login_requests": "SELECT * FROM login_requests WHERE email = 'owner@example.org'",
        "books": "SELECT * FROM books WHERE account_id = :id",
        "buckets": "SELECT * FROM buckets WHERE account_id = :id",
        "entries": "SELECT * FROM entries WHERE account_id = :id",
        "parts": "SELECT p.* FROM parts p JOIN buckets b ON b.id = p.bucket_id WHERE b.account_id = :id",
        "anonymous_use": "SELECT * FROM anonymous_use WHERE caller = :id",
        "vouchers": "SELECT * FROM vouchers WHERE note = 'for owner@example.org'",
        "documents": "SELECT * FROM documents WHERE account_id = :id",
        "jobs": "SELECT * FROM jobs WHERE account_id = :id",
        "pages": "SELECT p.* FROM pages p JOIN jobs j ON j.id = p.job_id WHERE j.account_id = :id",
    }
    with database.reading() as session:
        return {
            name: [tuple(row) for row in session.execute(text(query), {"id": owner.account_id})]
            for name, query in queries.items()
        }


def _account_of(session: Session, row: Base) -> str | None:
    if isinstance(row, Account):
        return row.id
    if isinstance(row, Part):
        entry = session.get(Entry, row.entry_id)
        assert entry is not None
        return entry.account_id
    if isinstance(row, PageRow):
        job = session.get(Job, row.job_id)
        assert job is not None
        return job.account_id
    if isinstance(row, Job | Document):
        return row.account_id
    return str(row.account_id)  # type: ignore[attr-defined]


def test_queries_when_looked_for_outside_of_the_repositories_then_there_are_only_those_that_are_known() -> None:
    asking = set()
    source = Path(ocrchat.accounts.repository.__file__).parents[1]
    kept = ("accounts", "credits", "documents", "jobs")
    for path in [path for folder in kept for path in source.glob(f"{folder}/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            imported = {one.name for one in node.names} if isinstance(node, ast.ImportFrom) else set()
            if imported & {"select", "update", "delete", "insert", "text"}:
                asking.add(f"{path.parent.name}/{path.stem}")
    assert asking == {f"{one.__name__.split('.')[1]}/{one.__name__.split('.')[2]}" for one in MODULES} | set(ELSEWHERE)


def test_every_query_when_listed_then_it_takes_a_principal_or_is_an_exception_by_name() -> None:
    without = {
        name
        for name, function in _queries().items()
        if inspect.signature(function).parameters.get("principal") is None
        or inspect.signature(function).parameters["principal"].annotation != "Principal"
    }
    assert without == EXCEPTED
    assert len(QUERIES) > 35


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_query_when_a_stranger_asks_with_the_owners_ids_then_nothing_of_the_owner_is_seen_or_changed(
    sqlite_database: Database, owner: Principal, stranger: Principal, name: str
) -> None:
    before = _rows_of(sqlite_database, owner)
    assert all(before.values())
    with sqlite_database.reading() as session:
        ids = _arguments(session, owner, ("token_id", "session_id"))
    for who in (replace(stranger, kind=Kind.TOKEN, **ids), anonymous("hash of a network")):
        try:
            with sqlite_database.unit() as session:
                answer = _ask(session, QUERIES[name], who, owner)
                for one in answer if isinstance(answer, list) else [answer]:
                    if isinstance(one, Base):
                        assert _account_of(session, one) == who.account_id
                    assert one != owner.account_id
                # Who owns nothing gets nothing, not even a number.
                assert not (answer and who.is_anonymous) or name in OPEN_TO_ALL
        except OCRChatError:
            pass
        assert _rows_of(sqlite_database, owner) == before


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_query_when_the_owner_asks_the_same_then_it_answers(
    sqlite_database: Database, owner: Principal, name: str
) -> None:
    """So that the walk above does not pass because it asks for what nobody has."""
    with sqlite_database.reading() as session:
        ids = _arguments(session, owner, ("token_id", "session_id"))
    who = OPERATOR if name in OPERATORS else replace(owner, **ids)
    with sqlite_database.unit() as session:
        answer = _ask(session, QUERIES[name], who, owner)
    if name not in OPERATORS:
        assert bool(answer) is (name not in EMPTY_FOR_OWNER)
