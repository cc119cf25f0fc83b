from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from ocrchat.accounts import api_keys
from ocrchat.accounts.api_keys import is_well_formed, issue_token, list_tokens, new_secret, reveal_token
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.principal import OPERATOR, TOKEN_SCOPES, Kind, Principal, Scope, anonymous
from ocrchat.db.session import Database
from ocrchat.errors import (
    AccountError,
    LoginNeeded,
    NoSuchAccount,
    NoSuchToken,
    ScopeMissing,
    TooManyTokens,
)
from tests.ledgers import NOON, new_account


@pytest.fixture
def owner(sqlite_database: Database) -> Principal:
    return new_account(sqlite_database)


def _issue(database: Database, keys: ServerKeys, who: Principal, owner: Principal, **more: object) -> tuple[str, str]:
    with database.unit() as session:
        wanted: dict[str, object] = {"account_id": owner.account_id, "name": "script", "now": NOON, **more}
        token, secret = issue_token(session, who, keys, **wanted)  # type: ignore[arg-type]
        return token.id, secret


def test_secret_when_made_then_it_has_its_shape_and_enough_chance() -> None:
    secrets = {new_secret() for _ in range(200)}
    assert len(secrets) == 200
    assert all(is_well_formed(secret) and secret.startswith("ocrchat_") and len(secret) == 44 for secret in secrets)
    assert 62**api_keys._RANDOM_LENGTH > 2**178


@given(st.integers(0, 43), st.sampled_from("0aZ_é "))
def test_secret_when_a_character_is_mistyped_then_it_is_told(index: int, letter: str) -> None:
    secret = new_secret()
    typed = secret[:index] + letter + secret[index + 1 :]
    assert is_well_formed(typed) is (typed == secret)


@pytest.mark.parametrize(
    "text",
    ["", "ocrchat_", "x" * 44, new_secret()[:-1], new_secret() + "0", "Bearer"],
    ids=["nothing", "prefix", "as long", "cut off", "too long", "scheme"],  # the secrets differ in each process
)
def test_secret_when_it_is_something_else_then_it_is_told(text: str) -> None:
    assert not is_well_formed(text)


def test_token_when_issued_then_the_database_holds_it_only_sealed(
    sqlite_database: Database, keys: ServerKeys, owner: Principal
) -> None:
    token_id, secret = _issue(sqlite_database, keys, owner, owner, name="  my \n script ")
    with sqlite_database.reading() as session:
        dump = "".join(str(row) for row in session.execute(text("SELECT * FROM tokens")))
        assert secret not in dump and secret[8:38] not in dump
        (token,) = list_tokens(session, owner, str(owner.account_id))
        assert token.name == "my script" and token.scopes == "chat read write"
        assert reveal_token(session, owner, keys, token_id=token_id) == secret


def test_token_when_rotated_then_name_and_rights_stay_and_secret_changes(
    sqlite_database: Database, keys: ServerKeys, owner: Principal
) -> None:
    token_id, secret = _issue(sqlite_database, keys, owner, owner, scopes=frozenset({Scope.READ}))
    with sqlite_database.unit() as session:
        changed = api_keys.rotate_token(session, owner, keys, token_id=token_id, now=NOON + timedelta(days=1))
    with sqlite_database.reading() as session:
        (token,) = list_tokens(session, owner, str(owner.account_id))
        assert (token.id, token.name, token.scopes) == (token_id, "script", "read")
        assert reveal_token(session, owner, keys, token_id=token_id) == changed != secret


def test_token_when_it_has_ended_then_it_is_not_rotated(
    sqlite_database: Database, keys: ServerKeys, owner: Principal
) -> None:
    end = NOON + timedelta(days=1)
    token_id, secret = _issue(sqlite_database, keys, owner, owner, expires_at=end)
    with pytest.raises(AccountError, match="ended on 2026-11-22"), sqlite_database.unit() as session:
        api_keys.rotate_token(session, owner, keys, token_id=token_id, now=end)
    with sqlite_database.reading() as session:
        assert reveal_token(session, owner, keys, token_id=token_id) == secret


def test_token_when_rotated_twice_at_once_then_the_secret_that_came_last_counts_and_none_is_lost(
    database: Database, keys: ServerKeys
) -> None:
    owner = new_account(database)
    token_id, first = _issue(database, keys, owner, owner)
    made: list[str] = []

    def rotate() -> None:
        with database.unit() as session:
            made.append(api_keys.rotate_token(session, owner, keys, token_id=token_id, now=NOON))

    waiting = threading.Thread(target=rotate)
    with database.unit() as session:
        made.append(api_keys.rotate_token(session, owner, keys, token_id=token_id, now=NOON))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive() and len(made) == 1
    waiting.join()
    with database.reading() as session:
        assert reveal_token(session, owner, keys, token_id=token_id) == made[1]
    assert len({first, *made}) == 3


def test_token_when_revoked_while_it_is_rotated_then_it_is_gone_in_a_sentence(
    database: Database, keys: ServerKeys
) -> None:
    owner = new_account(database)
    token_id, _ = _issue(database, keys, owner, owner)
    outcomes: list[type[Exception]] = []

    def rotate() -> None:
        with pytest.raises(NoSuchToken) as caught, database.unit() as session:
            api_keys.rotate_token(session, owner, keys, token_id=token_id, now=NOON)
        outcomes.append(caught.type)

    waiting = threading.Thread(target=rotate)
    with database.unit() as session:
        api_keys.revoke_token(session, owner, token_id=token_id)
        waiting.start()
        waiting.join(0.3)
    waiting.join()
    assert outcomes == [NoSuchToken]


def test_token_when_revoked_then_it_is_gone(sqlite_database: Database, keys: ServerKeys, owner: Principal) -> None:
    token_id, _ = _issue(sqlite_database, keys, owner, owner)
    with sqlite_database.unit() as session:
        api_keys.revoke_token(session, owner, token_id=token_id)
    for call in (
        lambda session: api_keys.revoke_token(session, owner, token_id=token_id),
        lambda session: reveal_token(session, owner, keys, token_id=token_id),
        lambda session: api_keys.rotate_token(session, owner, keys, token_id=token_id, now=NOON),
    ):
        with pytest.raises(NoSuchToken), sqlite_database.unit() as session:
            call(session)


def test_token_when_asked_for_by_others_then_they_are_refused(
    sqlite_database: Database, keys: ServerKeys, owner: Principal
) -> None:
    stranger = new_account(sqlite_database, "eve@example.org")
    script = replace(owner, kind=Kind.TOKEN, scopes=TOKEN_SCOPES)
    with pytest.raises(NoSuchAccount):
        _issue(sqlite_database, keys, stranger, owner)
    with pytest.raises(ScopeMissing, match="account"):
        _issue(sqlite_database, keys, script, owner)
    with pytest.raises(LoginNeeded):
        _issue(sqlite_database, keys, anonymous("hash"), owner)
    with pytest.raises(ScopeMissing, match="more than itself"):
        _issue(
            sqlite_database,
            keys,
            replace(script, scopes=frozenset({Scope.ACCOUNT, Scope.READ})),
            owner,
            scopes=frozenset({Scope.WRITE}),
        )
    assert _issue(sqlite_database, keys, OPERATOR, owner)


def test_token_when_seen_or_rotated_by_one_with_fewer_rights_then_that_one_is_refused(
    sqlite_database: Database, keys: ServerKeys, owner: Principal
) -> None:
    mighty, _ = _issue(sqlite_database, keys, owner, owner, scopes=TOKEN_SCOPES | {Scope.ACCOUNT})
    weak, secret = _issue(sqlite_database, keys, owner, owner, scopes=frozenset({Scope.READ}))
    script = replace(owner, kind=Kind.TOKEN, scopes=frozenset({Scope.ACCOUNT, Scope.READ}))
    with sqlite_database.unit() as session:
        with pytest.raises(ScopeMissing, match="more than itself"):
            reveal_token(session, script, keys, token_id=mighty)
        with pytest.raises(ScopeMissing, match="more than itself"):
            api_keys.rotate_token(session, script, keys, token_id=mighty, now=NOON)
        assert reveal_token(session, script, keys, token_id=weak) == secret


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "bell\x07"])
def test_token_when_name_is_none_then_it_is_refused(
    sqlite_database: Database, keys: ServerKeys, owner: Principal, name: str
) -> None:
    with pytest.raises(AccountError, match="needs a name"):
        _issue(sqlite_database, keys, owner, owner, name=name)


def test_token_when_it_would_have_ended_already_then_it_is_refused(
    sqlite_database: Database, keys: ServerKeys, owner: Principal
) -> None:
    with pytest.raises(AccountError, match="later date"):
        _issue(sqlite_database, keys, owner, owner, expires_at=NOON)


def test_token_when_there_are_too_many_then_it_is_refused(
    sqlite_database: Database, keys: ServerKeys, owner: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_keys, "MAX_TOKENS", 2)
    for _ in range(2):
        _issue(sqlite_database, keys, owner, owner)
    with pytest.raises(TooManyTokens, match="2 tokens"):
        _issue(sqlite_database, keys, owner, owner)
