"""A service of jobs as tests use it: real database, real files, real children."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from ocrchat.accounts.first_start import prepare
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.plans import Plans, load_plans
from ocrchat.accounts.principal import OPERATOR, SESSION_SCOPES, Kind, Principal
from ocrchat.accounts.service import open_account
from ocrchat.blobs.store import Blobs, blobs_of
from ocrchat.config import Settings, load_settings
from ocrchat.credits.proof import prove_ledger
from ocrchat.db.session import Database, make_engine
from ocrchat.db.upgrade import upgrade
from ocrchat.jobs.service import Jobs
from ocrchat.jobs.views import JobOptions, JobView
from ocrchat.jobs.wiring import open_jobs
from ocrchat.pipeline.pool import WorkerPool


@dataclass(frozen=True)
class Service:
    jobs: Jobs
    database: Database
    settings: Settings
    keys: ServerKeys
    plans: Plans
    blobs: Blobs

    def account(self, email: str = "ann@example.org", *, plan: str = "") -> Principal:
        with self.database.unit() as session:
            account = open_account(session, email=email, plans=self.plans, now=datetime.now(UTC), plan=plan)
        return Principal(
            kind=Kind.SESSION, account_id=account.id, plan=account.plan, caller=account.id, scopes=SESSION_SCOPES
        )

    def submit(
        self,
        who: Principal,
        data: bytes,
        options: JobOptions | None = None,
        *,
        name: str = "letter.pdf",
        key: str | None = None,
    ) -> JobView:
        with self.jobs.uploads.begin(name=name) as upload:
            upload.write(data)
            return self.jobs.submit(who, upload, options or JobOptions(), idempotency_key=key)

    def read(self, who: Principal, data: bytes, options: JobOptions | None = None) -> JobView:
        """Submitted, and waited for."""
        return self.jobs.wait(who, self.submit(who, data, options).id, seconds=60)

    def ask(self, query: str, **values: object) -> list[tuple[object, ...]]:
        with self.database.reading() as session:
            return [tuple(row) for row in session.execute(text(query), values)]

    def faults(self) -> tuple[str, ...]:
        with self.database.reading() as session:
            return prove_ledger(session, OPERATOR, now=datetime.now(UTC)).faults

    def files(self) -> list[str]:
        assert self.blobs.folder is not None
        return sorted(str(one.relative_to(self.blobs.folder)) for one in self.blobs.folder.rglob("*") if one.is_file())


@contextmanager
def service(
    url: str,
    folder: Path,
    *,
    works: bool = True,
    engines: Mapping[str, str] | None = None,
    more_engines: Mapping[str, str] | None = None,
    pool: WorkerPool | None = None,
    clock: Callable[[], datetime] | None = None,
    **settings: object,
) -> Iterator[Service]:
    """`engines`: of each tier, else the one that reads nothing: what is read here has a text layer."""
    made = load_settings({}, data=folder, database_url=url, page_workers=1, grace_seconds=2, **settings)
    keys, plans = ServerKeys(made.key_file), load_plans()
    engine = make_engine(url)
    upgrade(engine)
    with closing(Database(engine)) as database:
        prepare(database, keys, plans, folder, now=datetime.now(UTC))
        with open_jobs(
            made,
            database,
            keys,
            plans,
            works=works,
            engines=engines or {"cpu": "null", "vlm": "null"},
            more_engines=more_engines,
            pool=pool,
            probes=pool,
            clock=clock,
        ) as jobs:
            yield Service(jobs, database, made, keys, plans, blobs_of(made))
