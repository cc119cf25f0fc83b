"""The application: the services opened, the two APIs mounted. Wiring only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI

from ocrchat.accounts.authentication import Authenticator
from ocrchat.accounts.first_start import announce, prepare
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.limits import RateLimiter
from ocrchat.accounts.login import Login, rules_of
from ocrchat.accounts.mail import mailer_of
from ocrchat.accounts.plans import load_plans
from ocrchat.chat.wiring import open_chat
from ocrchat.config import Settings
from ocrchat.credits.meter import Meter
from ocrchat.credits.service import Ledger
from ocrchat.db.session import Database, make_engine
from ocrchat.db.upgrade import upgrade
from ocrchat.errors import BadSetting
from ocrchat.jobs.wiring import open_jobs
from ocrchat.web import errors, openapi, operations
from ocrchat.web.api_simple import account as simple_account
from ocrchat.web.api_simple import health
from ocrchat.web.api_simple import jobs as simple_jobs
from ocrchat.web.api_v1 import account, chat, downloads
from ocrchat.web.api_v1 import jobs as v1_jobs
from ocrchat.web.frame import Frame
from ocrchat.web.services import Services

ROUTERS = (
    v1_jobs.router,
    downloads.router,
    account.router,
    chat.router,
    simple_account.router,
    simple_jobs.router,
    health.router,
    operations.router,
)


def create_app(services: Services) -> FastAPI:
    """Whoever opened the services closes them, when the server has ended."""
    app = FastAPI(title="ocrchat", openapi_url="/openapi.json", docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.services = services
    errors.install(app)
    openapi.install(app)
    for router in ROUTERS:
        app.router.routes.extend(router.routes)  # one flat table: tests and error answers look at it
    app.add_middleware(Frame, stopping=services.stopping)
    return app


@contextmanager
def open_services(settings: Settings, *, role: str = "all") -> Iterator[Services]:
    """The installation that the settings name; made, if it is not there yet. `role`: see cli/serve.py."""
    plans = load_plans(settings.data)
    _make_folder(settings.data)
    keys = ServerKeys(settings.key_file)
    with ExitStack() as stack:
        database = stack.enter_context(closing(_database(settings, durable=settings.sqlite_durable)))
        upgrade(database.engine)
        announce(prepare(database, keys, plans, settings.data, now=datetime.now(UTC)), sys.stderr)
        limiter = RateLimiter(stack.enter_context(closing(_database(settings, durable=False))), plans)
        rules = rules_of(settings)
        meter = Meter(Ledger(plans))
        jobs = stack.enter_context(open_jobs(settings, database, keys, plans, works=role == "all"))
        yield Services(
            settings=settings,
            plans=plans,
            keys=keys,
            database=database,
            authenticator=Authenticator(database, keys, limiter, rules.lifetime),
            limiter=limiter,
            login=Login(database, keys, plans, limiter, mailer_of(settings, sys.stderr), rules),
            meter=meter,
            jobs=jobs,
            chat=stack.enter_context(open_chat(settings, database, jobs)),
        )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BadSetting(
            f"The data folder {folder} cannot be made: {error.strerror or error}. Name another one with OCRCHAT_DATA."
        ) from None


def _database(settings: Settings, *, durable: bool) -> Database:
    return Database(make_engine(settings.database, durable=durable, pool_size=settings.database_pool))
