from __future__ import annotations

import hashlib
import io
import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from ocrchat.accounts import login as login_module
from ocrchat.accounts import passwords, repository
from ocrchat.accounts.api_keys import issue_token, list_tokens
from ocrchat.accounts.authentication import Authenticator
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.limits import RateLimiter
from ocrchat.accounts.login import LoggedIn, Login, LoginRules, rules_of
from ocrchat.accounts.mail import TerminalMailer
from ocrchat.accounts.model import Account
from ocrchat.accounts.principal import OPERATOR, acting_for
from ocrchat.accounts.service import block_account
from ocrchat.accounts.sessions import Lifetime
from ocrchat.config import Settings
from ocrchat.db.session import Database
from ocrchat.errors import (
    AccountBlocked,
    AccountExists,
    BadAddress,
    LoginNeeded,
    LoginRefused,
    MailUnavailable,
    OCRChatError,
    RateLimited,
    SessionInvalid,
    SignUpClosed,
    TokenInvalid,
)
from tests.ledgers import NOON, PLANS

ANN = "ann@example.org"
HERE = "198.51.100.1"
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What argon2 costs is tested in test_passwords."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._dummy_hash.cache_clear()
    yield
    passwords._dummy_hash.cache_clear()


@pytest.fixture
def closed(sqlite_database: Database, keys: ServerKeys, limiter: RateLimiter, mailbox: Any) -> Login:
    lifetime = Lifetime(timedelta(days=1), timedelta(days=1))
    rules = LoginRules(public_url="https://reader.example.org", lifetime=lifetime, sign_up_open=False)
    return Login(sqlite_database, keys, PLANS, limiter, mailbox, rules)


def _by_code(login: Login, mailbox: Any, email: str = ANN, *, after: timedelta = timedelta()) -> LoggedIn:
    now = NOON + after
    request = login.request_mail(email, address=HERE, now=now)
    return login.confirm_code(request, mailbox.code, address=HERE, now=now)


def _accounts(database: Database) -> list[Account]:
    with database.reading() as session:
        return list(repository.list_accounts(session, OPERATOR))


def test_log_in_when_address_is_new_then_link_opens_an_account_with_a_proved_address(
    login: Login, mailbox: Any, authenticator: Authenticator, sqlite_database: Database
) -> None:
    login.request_mail(" ANN@example.org ", address=HERE, now=NOON)
    assert _accounts(sqlite_database) == []
    logged_in = login.confirm_link(mailbox.link_secret, address=HERE, now=NOON + timedelta(minutes=9))
    assert logged_in.is_new
    assert authenticator.by_session(logged_in.cookie, now=NOON).account_id == logged_in.account_id
    (account,) = _accounts(sqlite_database)
    assert (account.email, account.plan) == (ANN, "free")
    assert account.email_verified_at == NOON + timedelta(minutes=9)


def test_log_in_when_address_is_known_then_code_opens_another_session(login: Login, mailbox: Any) -> None:
    first = _by_code(login, mailbox)
    second = _by_code(login, mailbox, after=timedelta(hours=1))
    assert first.is_new and not second.is_new
    assert first.account_id == second.account_id and first.cookie != second.cookie


def test_log_in_when_code_is_typed_with_spaces_then_it_counts(login: Login, mailbox: Any) -> None:
    request = login.request_mail(ANN, address=HERE, now=NOON)
    code = mailbox.code
    assert login.confirm_code(request, f" {code[:3]} {code[3:]}", address=HERE, now=NOON)


def test_log_in_when_used_twice_or_too_late_then_it_is_refused(login: Login, mailbox: Any) -> None:
    request = login.request_mail(ANN, address=HERE, now=NOON)
    code, link = mailbox.code, mailbox.link_secret
    login.confirm_code(request, code, address=HERE, now=NOON)
    with pytest.raises(LoginRefused):
        login.confirm_code(request, code, address=HERE, now=NOON)
    with pytest.raises(LoginRefused):
        login.confirm_link(link, address=HERE, now=NOON)
    with pytest.raises(LoginRefused):
        login.confirm_link("unknown", address=HERE, now=NOON)
    request = login.request_mail(ANN, address=HERE, now=NOON)
    late = NOON + timedelta(minutes=10)
    with pytest.raises(LoginRefused):
        login.confirm_code(request, mailbox.code, address=HERE, now=late)
    with pytest.raises(LoginRefused):
        login.confirm_link(mailbox.link_secret, address=HERE, now=late)


def test_code_when_guessed_then_five_tries_are_all_and_other_requests_do_not_know_it(
    login: Login, mailbox: Any
) -> None:
    request = login.request_mail(ANN, address=HERE, now=NOON)
    code = mailbox.code
    wrong = "000000" if code != "000000" else "111111"
    other = login.request_mail("eve@example.org", address=HERE, now=NOON)
    with pytest.raises(LoginRefused):
        login.confirm_code(other, code, address=HERE, now=NOON)
    for _ in range(login_module.TRIES):
        with pytest.raises(LoginRefused):
            login.confirm_code(request, wrong, address=HERE, now=NOON)
    with pytest.raises(LoginRefused):
        login.confirm_code(request, code, address=HERE, now=NOON)


def test_code_when_kept_then_neither_it_nor_the_link_is_in_the_database(
    login: Login, mailbox: Any, sqlite_database: Database
) -> None:
    login.request_mail(ANN, address=HERE, now=NOON)
    with sqlite_database.reading() as session:
        dump = str(session.execute(text("SELECT * FROM login_requests")).all())
    assert mailbox.code not in re.sub(r"\d{4}-\d\d-\d\d [\d:.]+", "", dump)
    assert mailbox.link_secret not in dump


def test_mail_when_asked_for_known_and_unknown_addresses_then_nobody_can_tell_them_apart(
    login: Login, mailbox: Any
) -> None:
    _by_code(login, mailbox)
    known = login.request_mail(ANN, address=HERE, now=NOON + timedelta(hours=1))
    unknown = login.request_mail("eve@example.org", address=HERE, now=NOON + timedelta(hours=1))
    assert len(known) == len(unknown)
    texts = [re.sub(r"#\S+|\d{6}", "", mail.text) for mail in mailbox.mails[-2:]]
    assert texts[0] == texts[1]


def test_mail_when_asked_for_too_often_then_address_and_network_are_throttled(login: Login) -> None:
    for _ in range(PLANS.throttles["mail_address"]):
        login.request_mail(ANN, address=HERE, now=NOON)
    with pytest.raises(RateLimited):
        login.request_mail(ANN, address="203.0.113.5", now=NOON)
    with pytest.raises(RateLimited):
        for number in range(PLANS.throttles["mail_network"]):
            login.request_mail(f"person{number}@example.org", address=HERE, now=NOON)


def test_mail_when_it_cannot_be_sent_then_the_one_who_asks_hears_it(
    sqlite_database: Database, keys: ServerKeys, limiter: RateLimiter
) -> None:
    rules = LoginRules(public_url="http://x.example", lifetime=Lifetime(timedelta(1), timedelta(1)))
    login = Login(sqlite_database, keys, PLANS, limiter, TerminalMailer(io.StringIO()), rules)
    with pytest.raises(MailUnavailable):
        login.request_mail(ANN, address=HERE, now=NOON)


def test_mail_when_address_is_none_then_nothing_is_sent(login: Login, mailbox: Any) -> None:
    with pytest.raises(BadAddress):
        login.request_mail("ann", address=HERE, now=NOON)
    assert mailbox.mails == []


def test_sign_up_when_address_is_new_then_token_works_at_once_and_a_second_time_is_a_conflict(
    login: Login, authenticator: Authenticator
) -> None:
    secret = login.sign_up(ANN, address=HERE, now=NOON)
    assert authenticator.by_token(secret, address=HERE, now=NOON).plan == "free"
    with pytest.raises(AccountExists) as caught:
        login.sign_up("Ann@Example.org", address=HERE, now=NOON)
    assert caught.value.status == 409
    with pytest.raises(BadAddress):
        login.sign_up("nobody", address=HERE, now=NOON)


def test_sign_up_when_repeated_from_one_network_then_it_is_throttled(login: Login) -> None:
    with pytest.raises(RateLimited):
        for number in range(PLANS.throttles["sign_up_network"] + 1):
            login.sign_up(f"person{number}@example.org", address=HERE, now=NOON)


def test_log_in_when_somebody_else_signed_the_address_up_before_then_all_they_had_ends(
    login: Login, mailbox: Any, authenticator: Authenticator, sqlite_database: Database, keys: ServerKeys
) -> None:
    planted = login.sign_up(ANN, address=HERE, now=NOON)
    with sqlite_database.unit() as session:
        session.execute(text("UPDATE accounts SET password_hash = :hash"), {"hash": passwords.hash_password(PASSWORD)})

    owner = _by_code(login, mailbox)

    assert not owner.is_new
    with pytest.raises(TokenInvalid):
        authenticator.by_token(planted, address=HERE, now=NOON)
    with pytest.raises(LoginRefused):
        login.with_password(ANN, PASSWORD, address=HERE, now=NOON)
    # What the owner makes afterwards stays through later log-ins.
    with sqlite_database.unit() as session:
        _, own = issue_token(session, OPERATOR, keys, account_id=owner.account_id, name="own", now=NOON)
    _by_code(login, mailbox, after=timedelta(hours=1))
    assert authenticator.by_token(own, address=HERE, now=NOON)
    with sqlite_database.reading() as session:
        assert len(list_tokens(session, OPERATOR, owner.account_id)) == 1


def test_password_when_set_then_it_opens_sessions_and_ends_the_others(
    login: Login, mailbox: Any, authenticator: Authenticator
) -> None:
    here, elsewhere = _by_code(login, mailbox), _by_code(login, mailbox)
    me = authenticator.by_session(here.cookie, now=NOON)
    login.set_password(me, PASSWORD)
    assert authenticator.by_session(here.cookie, now=NOON)
    with pytest.raises(SessionInvalid):
        authenticator.by_session(elsewhere.cookie, now=NOON)
    logged_in = login.with_password(ANN, PASSWORD, address=HERE, now=NOON)
    assert logged_in.account_id == here.account_id and not logged_in.is_new
    with pytest.raises(LoginRefused, match="current password"):
        login.set_password(me, "another password")
    login.set_password(me, "another password", current=PASSWORD)
    with pytest.raises(LoginRefused):
        login.with_password(ANN, PASSWORD, address=HERE, now=NOON)


def test_password_when_asked_to_be_set_without_a_session_then_it_is_refused(login: Login, mailbox: Any) -> None:
    account_id = _by_code(login, mailbox).account_id
    with pytest.raises(LoginNeeded):
        login.set_password(acting_for(account_id), PASSWORD)


def test_password_when_wrong_or_of_nobody_then_the_refusal_is_the_same(
    login: Login, mailbox: Any, authenticator: Authenticator
) -> None:
    logged_in = _by_code(login, mailbox)
    _by_code(login, mailbox, "bob@example.org")
    login.set_password(authenticator.by_session(logged_in.cookie, now=NOON), PASSWORD)
    answers = set()
    for email in (ANN, "bob@example.org", "nobody@example.org"):
        with pytest.raises(LoginRefused) as caught:
            login.with_password(email, "wrong password", address=HERE, now=NOON)
        answers.add(str(caught.value))
    assert len(answers) == 1


def test_password_when_guessed_then_address_is_throttled(login: Login) -> None:
    for _ in range(PLANS.throttles["password_address"]):
        with pytest.raises(LoginRefused):
            login.with_password(ANN, "wrong password", address=HERE, now=NOON)
    with pytest.raises(RateLimited):
        login.with_password(ANN, "wrong password", address="203.0.113.5", now=NOON)


def test_password_when_hashed_with_weaker_settings_then_log_in_hashes_it_again(
    login: Login, mailbox: Any, authenticator: Authenticator, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged_in = _by_code(login, mailbox)
    login.set_password(authenticator.by_session(logged_in.cookie, now=NOON), PASSWORD)
    (before,) = _accounts(sqlite_database)
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    login.with_password(ANN, PASSWORD, address=HERE, now=NOON)
    (after,) = _accounts(sqlite_database)
    assert before.password_hash != after.password_hash
    assert login.with_password(ANN, PASSWORD, address=HERE, now=NOON)


def test_log_in_when_account_is_blocked_then_every_way_is_closed(
    login: Login, mailbox: Any, authenticator: Authenticator, sqlite_database: Database
) -> None:
    logged_in = _by_code(login, mailbox)
    login.set_password(authenticator.by_session(logged_in.cookie, now=NOON), PASSWORD)
    with sqlite_database.unit() as session:
        block_account(session, OPERATOR, logged_in.account_id, now=NOON)
    with pytest.raises(AccountBlocked):
        login.with_password(ANN, PASSWORD, address=HERE, now=NOON)
    with pytest.raises(AccountBlocked):
        _by_code(login, mailbox)


def test_sign_up_when_closed_then_no_way_opens_an_account(
    login: Login, closed: Login, mailbox: Any, sqlite_database: Database
) -> None:
    with pytest.raises(SignUpClosed):
        closed.sign_up(ANN, address=HERE, now=NOON)
    closed.request_mail(ANN, address=HERE, now=NOON)
    assert "no account" in mailbox.mails[-1].text
    # A mail of before the sign-up was closed.
    request = login.request_mail("eve@example.org", address=HERE, now=NOON)
    with pytest.raises(LoginRefused):
        closed.confirm_code(request, mailbox.code, address=HERE, now=NOON)
    assert _accounts(sqlite_database) == []


def test_log_in_when_account_is_opened_at_the_same_moment_then_it_is_refused_and_can_be_tried_again(
    login: Login, mailbox: Any, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    login.sign_up(ANN, address=HERE, now=NOON)
    request = login.request_mail(ANN, address=HERE, now=NOON)
    with monkeypatch.context() as before:
        # As the database looked before the other had opened it.
        before.setattr(repository, "find_account_by_email", lambda *_: None)
        with pytest.raises(LoginRefused):
            login.confirm_code(request, mailbox.code, address=HERE, now=NOON)
    assert login.confirm_code(request, mailbox.code, address=HERE, now=NOON)


def test_rules_when_read_from_settings_then_lifetimes_and_sign_up_are_theirs() -> None:
    rules = rules_of(Settings(sign_up="closed", session_idle_days=2, session_days=5, public_url="https://a.example"))
    assert not rules.sign_up_open and rules.public_url == "https://a.example"
    assert rules.lifetime.ends(NOON, NOON) == NOON + timedelta(days=2)
    assert rules.lifetime.ends(NOON, NOON + timedelta(days=4)) == NOON + timedelta(days=5)


def test_code_when_guessed_from_many_networks_then_the_address_has_a_budget_and_right_ones_cost_nothing(
    login: Login, mailbox: Any
) -> None:
    moment, failed = NOON, 0
    for number in range(40):  # a mail every half hour, one wrong code and one right one
        moment += timedelta(minutes=30)
        request = login.request_mail("ann@example.org", address=f"198.51.100.{number}", now=moment)
        wrong = "000000" if mailbox.code != "000000" else "111111"
        try:
            with pytest.raises(LoginRefused):
                login.confirm_code(request, wrong, address=f"203.0.113.{number}", now=moment)
            failed += 1
            login.confirm_code(request, mailbox.code, address=f"203.0.113.{number}", now=moment)
        except RateLimited:
            break
    assert 20 <= failed < 40


def test_mail_when_asked_for_again_and_again_then_an_address_gets_five_an_hour(login: Login) -> None:
    sent = 0
    with pytest.raises(RateLimited):
        for minute in range(10):
            moment = NOON + timedelta(minutes=minute)
            login.request_mail("ann@example.org", address=f"198.51.100.{minute}", now=moment)
            sent += 1
    assert sent == 5


def test_limits_when_kept_then_they_name_neither_network_nor_address(login: Login, sqlite_database: Database) -> None:
    login.request_mail("ann@example.org", address="198.51.100.7", now=NOON)
    plain = hashlib.sha256(b"ann@example.org").hexdigest()[:32]
    with sqlite_database.reading() as session:
        rows = list(session.scalars(text("SELECT key FROM rate_limits")))
    assert len(rows) == 3
    assert not any("198.51" in row or "ann" in row or plain in row for row in rows)


def test_log_when_everything_is_done_at_the_finest_level_then_no_secret_and_no_address_is_in_it(
    login: Login,
    authenticator: Authenticator,
    mailbox: Any,
    keys: ServerKeys,
    sqlite_database: Database,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    email, address = "ann.unusual@example.org", "2001:db8:77::1"
    token = login.sign_up(email, address=address, now=NOON)
    authenticator.by_token(token, address=address, now=NOON)
    request = login.request_mail(email, address=address, now=NOON)
    done = login.confirm_code(request, mailbox.code, address=address, now=NOON)
    for call in (
        lambda: authenticator.by_token(token, address=address, now=NOON),
        lambda: authenticator.by_token(token[:-1] + "_", address=address, now=NOON),
        lambda: login.confirm_link(mailbox.link_secret, address=address, now=NOON),
        lambda: login.with_password(email, "a wrong password", address=address, now=NOON),
        lambda: login.sign_up(email, address=address, now=NOON),
    ):
        with pytest.raises(OCRChatError) as caught:
            call()
        logging.getLogger("ocrchat").exception("as a server does", exc_info=caught.value)
    logging.getLogger("ocrchat").debug("%r %r %r %r", mailbox.mails[-1], done, keys, authenticator)
    ring = json.loads(keys.path.read_text())["keys"][0]["secret"]
    for secret in (email, address, token, token[:-1], mailbox.code, mailbox.link_secret, done.cookie, ring):
        assert secret not in caplog.text
