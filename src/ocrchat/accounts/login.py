"""Sign-up and log-in: by a mail with a link and a code, or by a password set before.

Nobody learns here whether an address has an account: every address is sent a mail, every answer is the same, and every
refusal too. Each method has units of work of its own; mail is sent after they end.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from ocrchat.accounts import mails, repository
from ocrchat.accounts.addresses import network_of, normalize_email
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.limits import RateLimiter
from ocrchat.accounts.mail import Mailer
from ocrchat.accounts.model import Account, LoginRequest
from ocrchat.accounts.passwords import hash_password, is_password, needs_rehash
from ocrchat.accounts.plans import Plans
from ocrchat.accounts.principal import OPERATOR, Kind, Principal, acting_for
from ocrchat.accounts.service import open_account, require_account, sign_up
from ocrchat.accounts.sessions import Lifetime, lookup_of, open_session
from ocrchat.config import Settings
from ocrchat.db.schema import new_id
from ocrchat.db.session import Database
from ocrchat.errors import AccountBlocked, AccountExists, LoginNeeded, LoginRefused, SignUpClosed

MAIL_VALID = timedelta(minutes=10)
# Of a million codes five can be tried, and only by the browser that asked.
TRIES = 5
_CODE_DIGITS = 6

_WRONG_MAIL = "This link or code is not valid (any more). Ask for another mail."
_WRONG_PASSWORD = "The address or the password is not right."


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedIn:
    account_id: str
    session_id: str
    cookie: str = field(repr=False)
    """The session's secret: for `__Host-…; Secure; HttpOnly; SameSite=Lax`."""
    is_new: bool
    """The account was opened by this log-in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LoginRules:
    public_url: str
    lifetime: Lifetime
    sign_up_open: bool = True


def rules_of(settings: Settings) -> LoginRules:
    lifetime = Lifetime(timedelta(days=settings.session_idle_days), timedelta(days=settings.session_days))
    return LoginRules(public_url=settings.site_url, lifetime=lifetime, sign_up_open=settings.sign_up == "open")


class Login:
    def __init__(
        self,
        database: Database,
        keys: ServerKeys,
        plans: Plans,
        limiter: RateLimiter,
        mailer: Mailer,
        rules: LoginRules,
    ) -> None:
        self._database = database
        self._keys = keys
        self._plans = plans
        self._limiter = limiter
        self._mailer = mailer
        self._rules = rules

    def sign_up(self, email: str, *, address: str, now: datetime) -> str:
        """The simple API's way in: a token at once. Raises AccountExists, as its contract demands."""
        email = normalize_email(email)
        self._limiter.throttle("sign_up_network", self._keys.blind(network_of(address)), now=now)
        if not self._rules.sign_up_open:
            raise SignUpClosed("This server takes no new accounts. Ask its operator for one.")
        with self._database.unit() as session:
            _, secret = sign_up(session, self._keys, self._plans, email=email, now=now)
        return secret

    def request_mail(self, email: str, *, address: str, now: datetime) -> str:
        """The id that the asking browser keeps, in a cookie, and sends along with the code."""
        email = normalize_email(email)
        self._limiter.throttle("mail_network", self._keys.blind(network_of(address)), now=now)
        self._limiter.throttle("mail_address", self._keys.blind(email), now=now)
        link_secret = secrets.token_urlsafe(32)
        code = f"{secrets.randbelow(10**_CODE_DIGITS):0{_CODE_DIGITS}}"
        request_id = new_id()
        with self._database.unit() as session:
            account = repository.find_account_by_email(session, email)
            row = LoginRequest(
                id=request_id,
                email=email,
                link_lookup=lookup_of(link_secret),
                code_hash=self._keys.code_hash(request_id, code),
                tries_left=TRIES,
                created_at=now,
                expires_at=now + MAIL_VALID,
            )
            session.add(row)
        if account is None and not self._rules.sign_up_open:
            self._mailer.send(mails.no_account(email, self._rules.public_url))
        else:
            self._mailer.send(mails.log_in(email, self._rules.public_url, link_secret, code, MAIL_VALID))
        return request_id

    def confirm_link(self, secret: str, *, address: str, now: datetime) -> LoggedIn:
        """When the button on the link's page is pressed: mail scanners open links, but press no buttons."""
        self._limiter.throttle("code_network", self._keys.blind(network_of(address)), now=now)
        with self._database.unit() as session:
            request = repository.find_login_by_link(session, lookup_of(secret))
            return self._complete(session, request, now)

    def confirm_code(self, request_id: str, code: str, *, address: str, now: datetime) -> LoggedIn:
        self._limiter.throttle("code_network", self._keys.blind(network_of(address)), now=now)
        with self._database.unit() as session:
            # Counted before it is looked at, and kept whatever comes of it.
            tried = (
                update(LoginRequest)
                .where(LoginRequest.id == request_id, LoginRequest.tries_left > 0)
                .values(tries_left=LoginRequest.tries_left - 1)
            )
            kept = session.execute(tried.returning(LoginRequest.code_hash, LoginRequest.email)).first()
        if kept is None:
            raise LoginRefused(_WRONG_MAIL)
        # Spent before it is looked at, and given back where it was right: only failures count, from wherever they come.
        subject = self._keys.blind(kept.email)
        self._limiter.throttle("code_address", subject, now=now)
        digits = "".join(digit for digit in code if digit in "0123456789")
        if not self._keys.is_code(request_id, digits, kept.code_hash):
            raise LoginRefused(_WRONG_MAIL)
        self._limiter.give_back("code_address", subject)
        with self._database.unit() as session:
            return self._complete(session, repository.find_login_by_id(session, request_id), now)

    def with_password(self, email: str, password: str, *, address: str, now: datetime) -> LoggedIn:
        email = normalize_email(email)
        self._limiter.throttle("password_network", self._keys.blind(network_of(address)), now=now)
        self._limiter.throttle("password_address", self._keys.blind(email), now=now)
        with self._database.reading() as session:
            account = repository.find_account_by_email(session, email)
        if not is_password(password, account.password_hash if account else None) or account is None:
            raise LoginRefused(_WRONG_PASSWORD)
        _refuse_blocked(account)
        rehashed = hash_password(password) if needs_rehash(str(account.password_hash)) else None
        with self._database.unit() as session:
            if rehashed is not None:
                require_account(session, OPERATOR, account.id).password_hash = rehashed
            return self._log_in(session, account.id, now, is_new=False)

    def set_password(self, principal: Principal, password: str, *, current: str | None = None) -> None:
        """From a session only. Where there is one already it is asked for; other sessions end."""
        account_id = principal.require_account()
        if principal.kind is not Kind.SESSION:
            raise LoginNeeded("A password is changed on the account page, logged in.")
        with self._database.reading() as session:
            kept = require_account(session, principal, account_id).password_hash
        if kept is not None and not is_password(current or "", kept):
            raise LoginRefused("The current password is not right.")
        hashed = hash_password(password)  # outside of a unit: it takes a tenth of a second
        with self._database.unit() as session:
            require_account(session, principal, account_id).password_hash = hashed
            session.flush()
            repository.delete_sessions(session, principal, account_id, keep=principal.session_id)

    def _complete(self, session: Session, request: LoginRequest | None, now: datetime) -> LoggedIn:
        used = (
            update(LoginRequest)
            .where(
                LoginRequest.id == (request.id if request else ""),
                LoginRequest.used_at.is_(None),
                LoginRequest.expires_at > now,
            )
            .values(used_at=now)
        )
        if request is None or session.scalar(used.returning(LoginRequest.id)) is None:
            raise LoginRefused(_WRONG_MAIL)
        account, is_new = self._account_of(session, request.email, now)
        _refuse_blocked(account)
        if account.email_verified_at is None:
            self._take_over(session, account, now)
        return self._log_in(session, account.id, now, is_new=is_new)

    def _account_of(self, session: Session, email: str, now: datetime) -> tuple[Account, bool]:
        account = repository.find_account_by_email(session, email)
        if account is not None:
            return account, False
        if not self._rules.sign_up_open:
            raise LoginRefused(_WRONG_MAIL)
        try:
            return open_account(session, email=email, plans=self._plans, now=now), True
        except AccountExists:
            raise LoginRefused(_WRONG_MAIL) from None

    def _take_over(self, session: Session, account: Account, now: datetime) -> None:
        """The address is proved for the first time: whoever had the account until now may have been another."""
        owner = acting_for(account.id)
        repository.delete_tokens(session, owner, account.id)
        repository.delete_sessions(session, owner, account.id)
        account.password_hash = None
        account.email_verified_at = now
        session.flush()

    def _log_in(self, session: Session, account_id: str, now: datetime, *, is_new: bool) -> LoggedIn:
        row, cookie = open_session(session, acting_for(account_id), self._rules.lifetime, now=now)
        return LoggedIn(account_id=account_id, session_id=row.id, cookie=cookie, is_new=is_new)


def _refuse_blocked(account: Account) -> None:
    if account.blocked_at is not None:
        raise AccountBlocked("This account is blocked. Write to the operator of this server.")
