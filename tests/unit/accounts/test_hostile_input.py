"""What no client of ours would send, sent to everything that takes a text from outside: a sentence, never a defect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from ocrchat.accounts import api_keys, repository
from ocrchat.accounts.authentication import Authenticator
from ocrchat.accounts.fetch_metadata import is_cross_site
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.limits import RateLimiter
from ocrchat.accounts.login import Login, LoginRules
from ocrchat.accounts.principal import OPERATOR, Kind, Principal
from ocrchat.accounts.service import set_plan_of
from ocrchat.accounts.sessions import close_session
from ocrchat.credits.statements import receipt
from ocrchat.credits.vouchers import redeem_voucher, revoke_voucher
from ocrchat.db.session import Database
from ocrchat.errors import OCRChatError
from tests.ledgers import LEDGER, NOON, PLANS, new_account
from tests.unit.accounts.conftest import LIFETIME, Mailbox

HERE = "198.51.100.1"
TEXTS = ["a\x00b", "half a pair \ud800", "' OR 1=1 --", "x" * 10_000, "", "\r\nBcc: all@example.org", "http://["]


class Doors:
    """Every way in, by name."""

    def __init__(self, database: Database, keys: ServerKeys, owner: Principal) -> None:
        self.database, self.keys, self.owner = database, keys, owner
        self.limiter = RateLimiter(database, replace(PLANS, throttles={}, hourly_throttles={}, daily_throttles={}))
        rules = LoginRules(public_url="https://reader.example.org", lifetime=LIFETIME)
        self.login = Login(database, keys, PLANS, self.limiter, Mailbox(), rules)
        self.authenticator = Authenticator(database, keys, self.limiter, LIFETIME)

    def within(self, work: Callable[[Session], object]) -> object:
        with self.database.unit() as session:
            return work(session)

    def knock(self, text: str) -> dict[str, Callable[[], object]]:
        owner, keys, login = self.owner, self.keys, self.login
        web = replace(owner, kind=Kind.SESSION, session_id=text)
        account = str(owner.account_id)
        inside: dict[str, Callable[[Session], object]] = {
            "reveal": lambda one: api_keys.reveal_token(one, owner, keys, token_id=text),
            "rotate": lambda one: api_keys.rotate_token(one, owner, keys, token_id=text, now=NOON),
            "revoke": lambda one: api_keys.revoke_token(one, owner, token_id=text),
            "issue": lambda one: api_keys.issue_token(one, owner, keys, account_id=account, name=text, now=NOON),
            "account": lambda one: repository.get_account(one, OPERATOR, text),
            "close": lambda one: close_session(one, owner, text),
            "receipt": lambda one: receipt(one, owner, text),
            "plan": lambda one: set_plan_of(one, owner, account, text, PLANS),
            "voucher": lambda one: revoke_voucher(one, OPERATOR, text, now=NOON),
        }
        outside: dict[str, Callable[[], object]] = {
            "token": lambda: self.authenticator.by_token(text, address=HERE, now=NOON),
            "token from": lambda: self.authenticator.by_token("x", address=text, now=NOON),
            "cookie": lambda: self.authenticator.by_session(text, now=NOON),
            "link": lambda: login.confirm_link(text, address=HERE, now=NOON),
            "request": lambda: login.confirm_code(text, "123456", address=HERE, now=NOON),
            "mail": lambda: login.request_mail(text, address=HERE, now=NOON),
            "sign up": lambda: login.sign_up(f"{text}@example.org", address=HERE, now=NOON),
            "password": lambda: login.with_password("ann@example.org", text, address=HERE, now=NOON),
            "new password": lambda: login.set_password(web, text),
            "redeem": lambda: redeem_voucher(self.database, self.limiter, owner, LEDGER, code=text, now=NOON),
        }
        return outside | {name: lambda work=work: self.within(work) for name, work in inside.items()}


@pytest.fixture
def doors(database: Database, keys: ServerKeys) -> Doors:
    return Doors(database, keys, new_account(database))


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_door_when_a_hostile_text_comes_then_it_answers_in_a_sentence(doors: Doors, text: str) -> None:
    answers: dict[str, Any] = {}
    for name, knock in doors.knock(text).items():
        try:
            answers[name] = knock()
        except OCRChatError as error:
            assert error.status < 500
    assert set(answers) <= {"account", "receipt", "mail", "issue", "new password"}
    assert answers.get("account") is None and answers.get("receipt") is None


def test_code_when_it_is_hostile_then_the_log_in_is_refused(doors: Doors) -> None:
    for text in TEXTS:
        request = doors.login.request_mail("bob@example.org", address=HERE, now=NOON)
        with pytest.raises(OCRChatError) as caught:
            doors.login.confirm_code(request, text, address=HERE, now=NOON)
        assert caught.value.status == 401


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_address_and_origin_when_hostile_then_they_are_somebodys_and_cross_site(doors: Doors, text: str) -> None:
    assert len(doors.authenticator.by_address(text, now=NOON).caller) == 64
    assert is_cross_site("POST", sec_fetch_site=None, origin=text, host="reader.example.org")
