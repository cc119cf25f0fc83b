"""From what a request carries to the Principal who asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ocrchat.accounts import repository
from ocrchat.accounts.addresses import network_of
from ocrchat.accounts.api_keys import is_well_formed
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.limits import RateLimiter
from ocrchat.accounts.model import Account
from ocrchat.accounts.principal import SESSION_SCOPES, Kind, Principal, anonymous, scopes_from_text
from ocrchat.accounts.sessions import SEEN_EVERY, Lifetime, lookup_of
from ocrchat.db.session import Database
from ocrchat.errors import AccountBlocked, SessionInvalid, TokenInvalid

# How often the row of a token is written while it is used.
USED_EVERY = timedelta(minutes=1)


class Authenticator:
    """Each method has units of work of its own and MUST NOT be called within one."""

    def __init__(self, database: Database, keys: ServerKeys, limiter: RateLimiter, lifetime: Lifetime) -> None:
        self._database = database
        self._keys = keys
        self._limiter = limiter
        self._lifetime = lifetime

    def by_token(self, secret: str, *, address: str, now: datetime) -> Principal:
        """A token that is there but wrong is TokenInvalid, never an anonymous caller."""
        found = None
        if is_well_formed(secret):
            with self._database.reading() as session:
                found = repository.find_token_by_lookup(session, self._keys.lookups(secret))
        if found is None:
            self._limiter.throttle("token_network", self._keys.blind(network_of(address)), now=now)
            raise TokenInvalid("This token is not valid. Copy it again from your account page.")
        token, account = found
        if token.expires_at is not None and token.expires_at <= now:
            raise TokenInvalid("This token has ended. Make another one on your account page.")
        _refuse_blocked(account)
        principal = Principal(
            kind=Kind.TOKEN,
            account_id=account.id,
            plan=account.plan,
            caller=account.id,
            scopes=scopes_from_text(token.scopes),
            token_id=token.id,
        )
        if token.last_used_at is None or token.last_used_at < now - USED_EVERY:
            with self._database.unit() as session:
                repository.note_token_use(session, principal, now=now, unless_since=now - USED_EVERY)
        return principal

    def by_session(self, cookie: str, *, now: datetime) -> Principal:
        with self._database.reading() as session:
            found = repository.find_session_by_lookup(session, lookup_of(cookie))
        if found is None or found[0].expires_at <= now:
            raise SessionInvalid("You are not logged in any more. Log in again.")
        row, account = found
        _refuse_blocked(account)
        principal = Principal(
            kind=Kind.SESSION,
            account_id=account.id,
            plan=account.plan,
            caller=account.id,
            scopes=SESSION_SCOPES,
            session_id=row.id,
        )
        if row.last_seen_at < now - SEEN_EVERY:
            ends = self._lifetime.ends(row.created_at, now)
            with self._database.unit() as session:
                repository.note_session_use(session, principal, now=now, expires_at=ends, unless_since=now - SEEN_EVERY)
        return principal

    def by_address(self, address: str, *, now: datetime) -> Principal:
        """Callers without a token, by the network that `addresses.client_address` found."""
        return anonymous(self._keys.caller_of(network_of(address), now.astimezone(UTC).date()))


def _refuse_blocked(account: Account) -> None:
    if account.blocked_at is not None:
        raise AccountBlocked("This account is blocked. Write to the operator of this server.")
