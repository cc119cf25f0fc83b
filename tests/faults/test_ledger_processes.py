"""Several processes on one ledger, and processes that are killed."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import text

from ocrchat.accounts.principal import OPERATOR, anonymous
from ocrchat.credits import books
from ocrchat.credits.allowance import used_today
from ocrchat.credits.vouchers import make_voucher
from ocrchat.db.session import Database
from tests.ledgers import JOB, LEDGER, NOON, PLANS, charge, faults, hold, left, new_account

ROOT = Path(__file__).parents[2]
# Fifty callers, spread over processes as over nodes.
THREADS = (17, 17, 16)


def _start(url: str, account: str, what: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.holders", url, account, what, str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": "/usr/bin:/bin"},
    )


def _all_at_once(processes: Sequence[subprocess.Popen[str]]) -> int:
    """The sum of what they got."""
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for number, process in enumerate(processes):
        assert process.stdin is not None
        process.stdin.write(f"{number:02}\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes)
    return sum(int(answer) for answer in answers)


def test_fifty_holds_at_once_when_ten_pages_are_left_then_exactly_ten_get_them(
    database: Database, database_url: str
) -> None:
    owner = new_account(database)
    assert left(database, owner) == 600
    hold(database, owner, *range(1, 591))
    assert left(database, owner) == 10

    processes = [_start(database_url, str(owner.account_id), "hold", count) for count in THREADS]

    assert _all_at_once(processes) == 10
    assert left(database, owner) == 0
    assert faults(database) == ()


def test_fifty_callers_at_once_when_ten_pages_a_day_are_free_then_exactly_ten_get_them(
    database: Database, database_url: str
) -> None:
    processes = [_start(database_url, "network", "take", count) for count in THREADS]

    assert _all_at_once(processes) == 10
    with database.reading() as session:
        assert used_today(session, anonymous("network")) == 10


@pytest.mark.parametrize(("uses", "accounts", "expected"), [(1, 5, 1), (9, 1, 1)])
def test_voucher_when_two_processes_redeem_it_at_once_then_it_counts_as_often_as_it_says(
    database: Database, database_url: str, uses: int, accounts: int, expected: int
) -> None:
    owners = [new_account(database, f"{number}@example.org") for number in range(accounts)]
    with database.unit() as session:
        _, code = make_voucher(session, OPERATOR, LEDGER, credits=7, now=NOON, max_uses=uses)
    who = f"{code}:{','.join(str(owner.account_id) for owner in owners)}"

    assert _all_at_once([_start(database_url, who, "redeem", 5) for _ in range(2)]) == expected
    assert sum(left(database, owner) for owner in owners) == 600 * accounts + 7 * expected
    with database.reading() as session:
        assert session.scalar(text("SELECT uses FROM vouchers")) == expected
    assert faults(database) == ()


@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.long)])
def test_job_when_its_process_is_killed_again_and_again_then_each_page_is_charged_once(
    database: Database, database_url: str, kills: int
) -> None:
    owner = new_account(database)
    pages = 40
    chance = random.Random(7)
    for _ in range(kills):
        with _start(database_url, str(owner.account_id), "grind", pages) as process:
            assert process.stdout is not None and process.stdin is not None
            assert process.stdout.readline() == "ready\n"
            process.stdin.write("go\n")
            process.stdin.flush()
            time.sleep(chance.uniform(0.0, 0.15))
            process.kill()
        assert faults(database) == ()
        assert left(database, owner) in (600, 560)

    with _start(database_url, str(owner.account_id), "grind", pages) as process:
        process.communicate("go\n", timeout=60)
    assert process.returncode == 0
    assert charge(database, owner, pages) is False
    with database.reading() as session:
        charged = session.scalars(text("SELECT page FROM entries WHERE kind = 'charge' ORDER BY page")).all()
    assert list(charged) == list(range(1, pages + 1))
    assert left(database, owner) == 560
    assert faults(database) == ()


def test_expiry_sweep_when_book_is_used_meanwhile_then_sums_stay_exact(database: Database) -> None:
    owner = new_account(database)
    hold(database, owner, 1, job=JOB)
    later = NOON.replace(month=12, day=2)
    with database.unit() as session:
        assert books.expire_all_due(session, OPERATOR, now=later) == 1
    assert charge(database, owner, 1) is True
    assert left(database, owner, now=later) == 500 + PLANS.plans["free"].monthly_credits
    assert faults(database) == ()
