"""Accounts of a server under test, made behind its back: the way in by mail is not what is tested."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

from ocrchat.accounts.api_keys import issue_token
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.plans import load_plans
from ocrchat.accounts.principal import OPERATOR, TOKEN_SCOPES, acting_for
from ocrchat.accounts.service import open_account
from ocrchat.credits import books
from ocrchat.db.session import Database, make_engine
from tests.servers import Server


def new_token(server: Server, email: str, *, plan: str = "", credits: int = 0) -> str:
    """`credits`: beyond what every account is given."""
    now = datetime.now(UTC)
    with closing(Database(make_engine(server.database_url))) as database, database.unit() as session:
        account = open_account(session, email=email, plans=load_plans(), now=now, plan=plan)
        if credits:
            books.grant(session, acting_for(account.id), load_plans(), credits=credits, now=now)
        keys = ServerKeys(server.data / "server.key")
        _, secret = issue_token(
            session, OPERATOR, keys, account_id=account.id, name="test", now=now, scopes=TOKEN_SCOPES
        )
    return secret
