"""A process that works on a ledger beside others. It says "ready", and starts with the line that it is sent.

python -m tests.holders URL ACCOUNT hold|take|redeem|grind COUNT

To redeem, ACCOUNT is a voucher's code, a colon and the accounts, joined by commas.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from dataclasses import replace

from ocrchat.accounts.limits import RateLimiter
from ocrchat.accounts.principal import acting_for, anonymous
from ocrchat.credits import allowance
from ocrchat.credits.vouchers import redeem_voucher
from ocrchat.db.session import Database, make_engine
from ocrchat.errors import InsufficientCredits, VoucherUsed
from tests.ledgers import JOB, LEDGER, NOON, PLANS, costs


def main() -> None:
    url, account, what, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    database = Database(make_engine(url))
    with database.reading() as session:  # the first connection is made before the start
        session.connection()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    start = sys.stdin.readline().strip()
    if what == "grind":
        _grind(database, account, count)
    else:
        work = {"hold": _hold, "take": _take, "redeem": _redeem}[what]
        sys.stdout.write(f"{_at_once(lambda index: work(database, account, f'{start}-{index}'), count)}\n")


def _at_once(work: Callable[[int], None], count: int) -> int:
    """How many of so many threads got what they asked for."""
    gate = threading.Barrier(count)
    got: list[int] = []

    def one(index: int) -> None:
        gate.wait()
        try:
            work(index)
        except (InsufficientCredits, VoucherUsed):
            return
        got.append(index)

    threads = [threading.Thread(target=one, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(got)


def _hold(database: Database, account: str, job: str) -> None:
    with database.unit() as session:
        LEDGER.hold(session, acting_for(account), job_id=job, costs=costs(1), now=NOON)


def _take(database: Database, account: str, job: str) -> None:
    with database.unit() as session:
        allowance.take(session, anonymous(account), credits=1, cap=10, now=NOON)


def _redeem(database: Database, code_and_accounts: str, job: str) -> None:
    code, _, accounts = code_and_accounts.partition(":")
    names = accounts.split(",")
    owner = acting_for(names[int(job.partition("-")[2]) % len(names)])
    unthrottled = RateLimiter(database, replace(PLANS, throttles={}))
    redeem_voucher(database, unthrottled, owner, LEDGER, code=code, now=NOON)


def _grind(database: Database, account: str, pages: int) -> None:
    """One job from its start, whatever an earlier process has done of it."""
    owner = acting_for(account)
    with database.unit() as session:
        LEDGER.hold(session, owner, job_id=JOB, costs=costs(*range(1, pages + 1)), now=NOON)
    for page in range(1, pages + 1):
        with database.unit() as session:
            LEDGER.charge_page(session, owner, job_id=JOB, page=page, now=NOON)
        sys.stdout.write(f"{page}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
