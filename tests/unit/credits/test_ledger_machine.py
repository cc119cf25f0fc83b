"""Any sequence of what can happen to money, with a crash between any two statements, then the same call again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from ocrchat.accounts.principal import OPERATOR, Principal
from ocrchat.accounts.service import set_plan_of
from ocrchat.credits import books
from ocrchat.credits.proof import prove_ledger
from ocrchat.db.session import Database, make_engine
from ocrchat.errors import InsufficientCredits, LedgerConflict
from tests.ledgers import JOB, LEDGER, NOON, OTHER_JOB, PLANS, costs, new_account

JOBS = st.sampled_from([JOB, OTHER_JOB])
PAGES = st.integers(1, 4)
ATTEMPTS = st.integers(1, 2)
# None: no crash. Otherwise the statement before which the process dies; beyond the last one: after the commit, before
# anybody heard of it.
CRASHES = st.none() | st.integers(0, 14)


class Crash(Exception):
    """The end of the process: what its transaction did is gone. (Processes really killed: tests/faults.)"""


class _Fuse:
    """Counts the statements of an engine and ends the process, as it were, before one of them."""

    def __init__(self, engine: Engine) -> None:
        self.left: int | None = None
        event.listen(engine, "before_cursor_execute", self._count)

    def _count(self, *_: Any) -> None:
        if self.left is not None:
            if self.left == 0:
                self.left = None
                raise Crash
            self.left -= 1

    @contextmanager
    def lit(self, statements: int) -> Iterator[None]:
        self.left = statements
        try:
            yield
        finally:
            self.left = None


class LedgerMachine(RuleBasedStateMachine):
    database: Database
    fuse: _Fuse
    reset: Callable[[], None]

    def __init__(self) -> None:
        super().__init__()
        type(self).reset()
        self.now = NOON
        self.owner: Principal = new_account(self.database)
        self.held: dict[tuple[str, int, int], int] = {}
        self.settled: set[tuple[str, int, int]] = set()
        self.charged: dict[tuple[str, int], int] = {}
        self.refunded: set[tuple[str, int]] = set()

    def _do(self, crash: int | None, work: Callable[[Session], Any]) -> Any:
        """What the answer was the first time; whatever was not heard of is done again."""
        if crash is None:
            with self.database.unit() as session:
                return work(session)
        answers = []
        try:
            with self.fuse.lit(crash):
                answers.append(self._do(None, work))
        except Crash:
            pass
        answers.append(self._do(None, work))
        return answers[0]

    @rule(
        job=JOBS,
        pages=st.sets(PAGES, min_size=1),
        attempt=ATTEMPTS,
        price=st.sampled_from([0, 1, 5, 60]),
        crash=CRASHES,
    )
    def hold(self, job: str, pages: set[int], attempt: int, price: int, crash: int | None) -> None:
        missing = [page for page in pages if (job, page, attempt) not in self.held]
        again = [(job, page, attempt) for page in pages if (job, page, attempt) in self.held]
        clashes = any(self.held[key] != price or (key in self.settled and key[:2] not in self.charged) for key in again)
        with self.database.unit() as session:
            left = LEDGER.balance(session, self.owner, now=self.now).left
        wanted = costs(*sorted(pages), credits=price)
        try:
            self._do(
                crash,
                lambda session: LEDGER.hold(
                    session, self.owner, job_id=job, costs=wanted, now=self.now, attempt=attempt
                ),
            )
        except LedgerConflict:
            assert clashes
            return
        except InsufficientCredits as error:
            assert not clashes and price * len(missing) > left
            assert error.detail["cap"] - error.detail["used"] == left  # type: ignore[operator]
            return
        assert not clashes and price * len(missing) <= left
        self.held.update({(job, page, attempt): price for page in missing})

    @rule(job=JOBS, page=PAGES, attempt=ATTEMPTS, cheaper=st.integers(0, 60), crash=CRASHES)
    def charge(self, job: str, page: int, attempt: int, cheaper: int, crash: int | None) -> None:
        key = (job, page, attempt)
        price = max(self.held.get(key, 0) - cheaper, 0) if cheaper % 3 else None

        def work(session: Session) -> bool:
            return LEDGER.charge_page(
                session, self.owner, job_id=job, page=page, attempt=attempt, now=self.now, credits=price
            )

        if key not in self.held:
            with pytest.raises(LedgerConflict):
                self._do(crash, work)
            return
        expected = key not in self.settled and (job, page) not in self.charged
        assert self._do(crash, work) is expected
        self.settled.add(key)
        if expected:
            self.charged[job, page] = self.held[key] if price is None else price

    @rule(job=JOBS, page=PAGES, attempt=ATTEMPTS, crash=CRASHES)
    def release_page(self, job: str, page: int, attempt: int, crash: int | None) -> None:
        key = (job, page, attempt)
        if key in self.held:
            answer = self._do(
                crash,
                lambda session: LEDGER.release_page(
                    session, self.owner, job_id=job, page=page, attempt=attempt, now=self.now
                ),
            )
            assert answer is (key not in self.settled)
            self.settled.add(key)

    @rule(job=JOBS, crash=CRASHES)
    def release_rest(self, job: str, crash: int | None) -> None:
        rest = {key for key in self.held if key[0] == job} - self.settled
        work = lambda session: LEDGER.release_rest(session, self.owner, job_id=job, now=self.now)  # noqa: E731
        assert self._do(crash, work) == len(rest)
        self.settled |= rest

    @rule(job=JOBS, page=PAGES, crash=CRASHES)
    def refund(self, job: str, page: int, crash: int | None) -> None:
        work = lambda session: LEDGER.refund_page(session, self.owner, job_id=job, page=page, now=self.now)  # noqa: E731
        expected = (job, page) in self.charged and (job, page) not in self.refunded
        assert self._do(crash, work) is expected
        if expected:
            self.refunded.add((job, page))

    @rule(
        credits=st.integers(1, 300),
        days=st.none() | st.integers(1, 40),
        occasion=st.none() | st.just("gift"),
        crash=CRASHES,
    )
    def grant(self, credits: int, days: int | None, occasion: str | None, crash: int | None) -> None:
        expires_at = None if days is None else self.now + timedelta(days=days)
        self._do(
            crash if occasion else None,  # only what names its occasion may be repeated
            lambda session: books.grant(
                session, self.owner, PLANS, credits=credits, now=self.now, expires_at=expires_at, once=occasion
            ),
        )

    @rule(days=st.integers(0, 40), hours=st.integers(1, 23), crash=CRASHES)
    def time_passes(self, days: int, hours: int, crash: int | None) -> None:
        self.now += timedelta(days=days, hours=hours)
        self._do(crash, lambda session: books.expire_all_due(session, OPERATOR, now=self.now))

    @rule(plan=st.sampled_from(["free", "paid", "admin"]), crash=CRASHES)
    def change_plan(self, plan: str, crash: int | None) -> None:
        self._do(crash, lambda session: set_plan_of(session, self.owner, str(self.owner.account_id), plan, PLANS))

    @precondition(lambda self: self.held)
    @rule(crash=CRASHES)
    def look(self, crash: int | None) -> None:
        self._do(crash, lambda session: LEDGER.settle(session, self.owner, now=self.now))

    @invariant()
    def sums_are_exact_and_entries_say_what_happened(self) -> None:
        with self.database.reading() as session:
            sums = session.execute(text(SUMS)).first()
            rows = session.execute(text("SELECT kind, job_id, page, attempt, amount FROM entries")).all()
        if sums is not None:
            balance, of_entries, of_buckets, of_parts, least = sums
            assert balance == (of_entries or 0) == (of_buckets or 0) == (of_parts or 0)
            assert balance >= 0
            assert least is None or least >= 0
        assert _count(rows, "hold") == len(self.held)
        assert _count(rows, "release") == len(self.settled)
        assert _count(rows, "refund") == len(self.refunded)
        charges = [(job, page, -amount) for kind, job, page, _, amount in rows if kind == "charge"]
        assert sorted(charges) == sorted((job, page, amount) for (job, page), amount in self.charged.items())

    def teardown(self) -> None:
        with self.database.reading() as session:
            assert prove_ledger(session, OPERATOR, now=self.now).faults == ()


class WrongClockMachine(LedgerMachine):
    @rule(days=st.integers(1, 60), crash=CRASHES)
    def clock_is_put_back(self, days: int, crash: int | None) -> None:
        self.now -= timedelta(days=days)
        self._do(crash, lambda session: LEDGER.settle(session, self.owner, now=self.now))


SUMS = """
    SELECT balance, (SELECT SUM(amount) FROM entries), (SELECT SUM(remaining) FROM buckets),
    (SELECT SUM(amount) FROM parts), (SELECT MIN(remaining) FROM buckets) FROM books"""


def _count(rows: Sequence[Any], kind: str) -> int:
    return sum(row[0] == kind for row in rows)


def _in_memory(machine: type[LedgerMachine], migrated: Path) -> Iterator[type[LedgerMachine]]:
    engine = make_engine("sqlite://")
    template = sqlite3.connect(migrated)

    def empty_again() -> None:
        with engine.connect() as connection:
            connection.rollback()
            raw: Any = connection.connection.dbapi_connection
            raw.rollback()
            template.backup(raw)

    yield type(
        "InMemory",
        (machine,),
        {"database": Database(engine), "fuse": _Fuse(engine), "reset": staticmethod(empty_again)},
    )
    template.close()
    engine.dispose()


def _run(machine: type[LedgerMachine], examples: int, *, steps: int = 8) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def machine_in_memory(migrated_sqlite: Path) -> Iterator[type[LedgerMachine]]:
    yield from _in_memory(LedgerMachine, migrated_sqlite)


@pytest.fixture
def machine_with_wrong_clock(migrated_sqlite: Path) -> Iterator[type[LedgerMachine]]:
    yield from _in_memory(WrongClockMachine, migrated_sqlite)


@pytest.fixture
def machine_on_postgres(postgres_url: str) -> Iterator[type[LedgerMachine]]:
    engine = make_engine(postgres_url)

    def empty_again() -> None:
        with engine.begin() as connection:
            connection.execute(text("TRUNCATE accounts, books, buckets, entries, parts RESTART IDENTITY CASCADE"))

    class OnPostgres(LedgerMachine):
        database = Database(engine)
        fuse = _Fuse(engine)
        reset = staticmethod(empty_again)

    yield OnPostgres
    engine.dispose()


def test_ledger_when_anything_happens_in_any_order_then_it_is_exact(machine_in_memory: type[LedgerMachine]) -> None:
    _run(machine_in_memory, 200)


def test_ledger_when_anything_happens_on_postgres_then_it_is_exact(machine_on_postgres: type[LedgerMachine]) -> None:
    _run(machine_on_postgres, 15)


def test_ledger_when_the_clock_is_put_back_in_between_then_it_is_exact(
    machine_with_wrong_clock: type[LedgerMachine],
) -> None:
    _run(machine_with_wrong_clock, 60)


@pytest.mark.long
def test_ledger_when_the_clock_is_put_back_again_and_again_then_it_is_exact(
    machine_with_wrong_clock: type[LedgerMachine],
) -> None:
    _run(machine_with_wrong_clock, 1000, steps=12)


@pytest.mark.long
def test_ledger_when_anything_happens_ten_thousand_times_then_it_is_exact(
    machine_in_memory: type[LedgerMachine],
) -> None:
    _run(machine_in_memory, 10_000, steps=12)


@pytest.mark.long
def test_ledger_when_anything_happens_often_on_postgres_then_it_is_exact(
    machine_on_postgres: type[LedgerMachine],
) -> None:
    _run(machine_on_postgres, 500, steps=12)
