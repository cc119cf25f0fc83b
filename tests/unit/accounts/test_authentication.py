from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, text

from ocrchat.accounts import repository
from ocrchat.accounts.api_keys import issue_token, new_secret
from ocrchat.accounts.authentication import Authenticator
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.principal import OPERATOR, Kind, Principal, Scope
from ocrchat.accounts.service import block_account, unblock_account
from ocrchat.accounts.sessions import Lifetime, close_session, open_session
from ocrchat.db.session import Database
from ocrchat.errors import AccountBlocked, RateLimited, ScopeMissing, SessionInvalid, TokenInvalid
from tests.ledgers import NOON, PLANS, new_account

HERE = "198.51.100.1"
LIFETIME = Lifetime(timedelta(days=30), timedelta(days=90))


@pytest.fixture
def owner(sqlite_database: Database) -> Principal:
    return new_account(sqlite_database)


def _token(database: Database, keys: ServerKeys, owner: Principal, **more: object) -> str:
    with database.unit() as session:
        wanted: dict[str, object] = {"account_id": owner.account_id, "name": "script", "now": NOON, **more}
        return issue_token(session, OPERATOR, keys, **wanted)[1]  # type: ignore[arg-type]


def test_token_when_right_then_it_is_its_account(
    sqlite_database: Database, keys: ServerKeys, owner: Principal, authenticator: Authenticator
) -> None:
    secret = _token(sqlite_database, keys, owner, scopes=frozenset({Scope.READ}))
    principal = authenticator.by_token(secret, address=HERE, now=NOON)
    assert (principal.kind, principal.account_id, principal.plan) == (Kind.TOKEN, owner.account_id, "free")
    assert principal.scopes == {Scope.READ} and principal.caller == owner.account_id


def test_token_when_used_often_then_its_last_use_is_written_once_a_minute(
    sqlite_database: Database, keys: ServerKeys, owner: Principal, authenticator: Authenticator
) -> None:
    secret = _token(sqlite_database, keys, owner)
    writes: list[str] = []
    event.listen(
        sqlite_database.engine,
        "before_cursor_execute",
        lambda *args: writes.append(args[2]) if args[2].startswith("UPDATE") else None,
    )
    for seconds in range(0, 150, 10):
        authenticator.by_token(secret, address=HERE, now=NOON + timedelta(seconds=seconds))
    assert len(writes) == 3  # at 0, 70 and 140 seconds
    with sqlite_database.reading() as session:
        (token,) = repository.list_tokens(session, owner, str(owner.account_id))
        assert token.last_used_at == NOON + timedelta(seconds=140)


def test_token_when_wrong_revoked_or_ended_then_it_is_never_anonymous(
    sqlite_database: Database, keys: ServerKeys, owner: Principal, authenticator: Authenticator
) -> None:
    ended = _token(sqlite_database, keys, owner, expires_at=NOON + timedelta(days=1))
    for secret, now in [
        ("nonsense", NOON),
        ("", NOON),
        (new_secret(), NOON),
        (ended, NOON + timedelta(days=1)),
    ]:
        with pytest.raises(TokenInvalid) as caught:
            authenticator.by_token(secret, address=HERE, now=now)
        assert caught.value.status == 401


def test_token_when_guessed_again_and_again_then_the_network_is_throttled_and_right_ones_still_pass(
    sqlite_database: Database, keys: ServerKeys, owner: Principal, authenticator: Authenticator
) -> None:
    secret = _token(sqlite_database, keys, owner)
    for _ in range(PLANS.throttles["token_network"]):
        with pytest.raises(TokenInvalid):
            authenticator.by_token(new_secret(), address="2001:db8::1", now=NOON)
    with pytest.raises(RateLimited):
        authenticator.by_token(new_secret(), address="2001:db8::2", now=NOON)
    assert authenticator.by_token(secret, address="2001:db8::2", now=NOON)


def test_account_when_blocked_then_tokens_are_refused_and_sessions_end_until_it_is_let_in_again(
    sqlite_database: Database, keys: ServerKeys, owner: Principal, authenticator: Authenticator
) -> None:
    secret = _token(sqlite_database, keys, owner)
    account_id = str(owner.account_id)
    with sqlite_database.unit() as session:
        _, cookie = open_session(session, owner, LIFETIME, now=NOON)
        block_account(session, OPERATOR, account_id, now=NOON)
        block_account(session, OPERATOR, account_id, now=NOON + timedelta(days=1))
    with pytest.raises(AccountBlocked):
        authenticator.by_token(secret, address=HERE, now=NOON)
    with pytest.raises(SessionInvalid):
        authenticator.by_session(cookie, now=NOON)
    with sqlite_database.unit() as session:
        account = unblock_account(session, OPERATOR, account_id)
        assert account.blocked_at is None
    assert authenticator.by_token(secret, address=HERE, now=NOON)
    with pytest.raises(ScopeMissing), sqlite_database.unit() as session:
        block_account(session, owner, account_id, now=NOON)
    with pytest.raises(ScopeMissing), sqlite_database.unit() as session:
        unblock_account(session, owner, account_id)


def test_session_when_account_is_blocked_by_another_node_in_between_then_it_is_refused(
    sqlite_database: Database, owner: Principal, authenticator: Authenticator
) -> None:
    with sqlite_database.unit() as session:
        _, cookie = open_session(session, owner, LIFETIME, now=NOON)
        session.execute(text("UPDATE accounts SET blocked_at = '2026-11-21 00:00:00'"))
    with pytest.raises(AccountBlocked):
        authenticator.by_session(cookie, now=NOON)


def test_session_when_used_then_it_lives_on_but_not_for_ever(
    sqlite_database: Database, owner: Principal, authenticator: Authenticator
) -> None:
    with sqlite_database.unit() as session:
        row, cookie = open_session(session, owner, LIFETIME, now=NOON)
    assert cookie not in str(vars(row))
    now = NOON
    while now < NOON + timedelta(days=89):
        principal = authenticator.by_session(cookie, now=now)
        assert (principal.kind, principal.account_id, principal.session_id) == (Kind.SESSION, owner.account_id, row.id)
        assert Scope.ACCOUNT in principal.scopes
        now += timedelta(days=20)
    with pytest.raises(SessionInvalid):
        authenticator.by_session(cookie, now=NOON + timedelta(days=90))


def test_session_when_idle_or_closed_or_unknown_then_it_has_ended(
    sqlite_database: Database, owner: Principal, authenticator: Authenticator
) -> None:
    with sqlite_database.unit() as session:
        _, idle = open_session(session, owner, LIFETIME, now=NOON)
        closed, cookie = open_session(session, owner, LIFETIME, now=NOON)
    with sqlite_database.unit() as session:
        close_session(session, owner, closed.id)
    for secret, now in [(idle, NOON + timedelta(days=30)), (cookie, NOON), ("unknown", NOON)]:
        with pytest.raises(SessionInvalid):
            authenticator.by_session(secret, now=now)
    with pytest.raises(SessionInvalid), sqlite_database.unit() as session:
        close_session(session, owner, closed.id)
    with sqlite_database.unit() as session:
        assert len(repository.list_sessions(session, owner, str(owner.account_id), now=NOON)) == 1
        assert repository.delete_stale_logins(session, OPERATOR, now=NOON + timedelta(days=31)) == 1


def test_anonymous_when_two_come_from_one_network_then_they_are_one_caller(authenticator: Authenticator) -> None:
    one = authenticator.by_address("2001:db8:1:2::1", now=NOON)
    assert one.is_anonymous and one.account_id is None
    assert one.caller == authenticator.by_address("2001:db8:1:2::99", now=NOON).caller
    assert one.caller != authenticator.by_address("2001:db8:1:3::1", now=NOON).caller
    assert one.caller != authenticator.by_address("2001:db8:1:2::1", now=NOON + timedelta(days=1)).caller
    assert "2001" not in one.caller
