from __future__ import annotations

import pytest

from ocrchat.accounts.principal import (
    OPERATOR,
    SESSION_SCOPES,
    TOKEN_SCOPES,
    Kind,
    Principal,
    Scope,
    acting_for,
    anonymous,
    parse_scopes,
    scopes_from_text,
    text_from_scopes,
)
from ocrchat.errors import LoginNeeded, ScopeMissing, UnknownScope


def test_anonymous_when_an_account_is_needed_then_it_is_asked_to_log_in() -> None:
    nobody = anonymous("hash")
    assert nobody.is_anonymous and not nobody.is_operator
    nobody.require(Scope.WRITE)
    with pytest.raises(LoginNeeded) as caught:
        nobody.require(Scope.CHAT)
    assert caught.value.status == 401
    with pytest.raises(LoginNeeded):
        nobody.require_account()


def test_token_when_scope_is_missing_then_it_is_forbidden_by_name() -> None:
    script = Principal(kind=Kind.TOKEN, account_id="a", scopes=frozenset({Scope.READ}))
    with pytest.raises(ScopeMissing, match='lacks the scope "write"') as caught:
        script.require(Scope.WRITE)
    assert caught.value.status == 403 and caught.value.detail == {"scope": "write"}
    assert script.require_account() == "a"


def test_operator_when_asked_then_only_it_may_do_its_things() -> None:
    OPERATOR.require_operator()
    for scope in Scope:
        OPERATOR.require(scope)
    with pytest.raises(ScopeMissing):
        acting_for("a").require_operator()


def test_scopes_when_chosen_then_a_token_does_not_reach_the_account_by_itself() -> None:
    assert Scope.ACCOUNT not in TOKEN_SCOPES and Scope.ACCOUNT in SESSION_SCOPES
    assert Scope.ADMIN not in SESSION_SCOPES


def test_scopes_when_written_then_they_are_read_back() -> None:
    assert text_from_scopes({Scope.WRITE, Scope.READ}) == "read write"
    assert scopes_from_text("read write") == {Scope.WRITE, Scope.READ}
    assert parse_scopes(["read", "read"]) == {Scope.READ}


@pytest.mark.parametrize("words", [["raed"], ["admin"], []])
def test_scopes_when_unknown_or_none_then_the_known_ones_are_named(words: list[str]) -> None:
    with pytest.raises(UnknownScope, match="account, chat, read, write"):
        parse_scopes(words)
