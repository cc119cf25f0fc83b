"""Main loop of a worker process: it reads pages that others put on the queues, until it is told to stop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime

from ocrchat.accounts.first_start import FirstStart, prepare
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.plans import load_plans
from ocrchat.config import Settings
from ocrchat.db.session import Database, make_engine
from ocrchat.db.upgrade import upgrade
from ocrchat.jobs.service import Jobs
from ocrchat.jobs.wiring import open_jobs


@contextmanager
def open_worker(settings: Settings, queues: Sequence[str]) -> Iterator[tuple[Jobs, FirstStart]]:
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    plans = load_plans(settings.data)
    engine = make_engine(settings.database, durable=settings.sqlite_durable, pool_size=settings.database_pool)
    keys = ServerKeys(settings.key_file)
    with closing(Database(engine)) as database:
        upgrade(engine)
        start = prepare(database, keys, plans, settings.data, now=datetime.now(UTC))
        with open_jobs(settings, database, keys, plans, queues=queues) as jobs:
            yield jobs, start


def work(settings: Settings, queues: Sequence[str], announce: Callable[[FirstStart], None]) -> None:
    """Until SIGTERM or SIGINT."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with open_worker(settings, queues) as (_, start):
        announce(start)
        stopping.wait()
