"""API tokens: `ocrchat_` + 30 random characters + a checksum, so that a typing error is told from a revoked token
without asking the database, and a leaked one is found by its shape.
"""

from __future__ import annotations

import secrets
import string
import zlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from ocrchat.accounts import repository
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.model import Token
from ocrchat.accounts.principal import TOKEN_SCOPES, Kind, Principal, Scope, scopes_from_text, text_from_scopes
from ocrchat.db.schema import new_id
from ocrchat.errors import AccountError, NoSuchAccount, NoSuchToken, ScopeMissing, TooManyTokens

PREFIX = "ocrchat_"
_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM_LENGTH = 30  # 62^30 > 2^178
_CHECKSUM_LENGTH = 6  # 62^6 > 2^32
_LENGTH = len(PREFIX) + _RANDOM_LENGTH + _CHECKSUM_LENGTH

# One for each script anybody has; a bound, so that a runaway program does not fill the table.
MAX_TOKENS = 50
MAX_NAME_LENGTH = 80

FIRST_TOKEN_NAME = "default"


def new_secret() -> str:
    body = PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_LENGTH))
    return body + _checksum(body)


def is_well_formed(text: str) -> bool:
    if len(text) != _LENGTH or not text.startswith(PREFIX) or not text.isascii():
        return False
    return _checksum(text[:-_CHECKSUM_LENGTH]) == text[-_CHECKSUM_LENGTH:]


def issue_token(
    session: Session,
    principal: Principal,
    keys: ServerKeys,
    *,
    account_id: str,
    name: str,
    now: datetime,
    scopes: frozenset[Scope] = TOKEN_SCOPES,
    expires_at: datetime | None = None,
) -> tuple[Token, str]:
    """The token's row and the token itself."""
    principal.require(Scope.ACCOUNT)
    if principal.kind is Kind.TOKEN and not scopes <= principal.scopes:
        raise ScopeMissing("A token cannot make one that may do more than itself.")
    # Locked, so that two calls at once cannot both count to one below the limit.
    if repository.get_account(session, principal, account_id, locked=True) is None:
        raise NoSuchAccount("This account does not exist.")
    if len(repository.list_tokens(session, principal, account_id)) >= MAX_TOKENS:
        raise TooManyTokens(f"An account can have {MAX_TOKENS} tokens. Revoke one that is not used any more.")
    if expires_at is not None and expires_at <= now:
        raise AccountError("The token would have ended already: choose a later date.")
    token = Token(
        id=new_id(),
        account_id=account_id,
        name=_check_name(name),
        scopes=text_from_scopes(scopes),
        created_at=now,
        expires_at=expires_at,
    )
    secret = _put_secret(token, keys)
    session.add(token)
    session.flush()
    return token, secret


def list_tokens(session: Session, principal: Principal, account_id: str) -> Sequence[Token]:
    return repository.list_tokens(session, principal, account_id)


def reveal_token(session: Session, principal: Principal, keys: ServerKeys, *, token_id: str) -> str:
    """The token itself, for the page with the copy button."""
    principal.require(Scope.ACCOUNT)
    return open_sealed(_require_covered(session, principal, token_id), keys)


def rotate_token(session: Session, principal: Principal, keys: ServerKeys, *, token_id: str, now: datetime) -> str:
    """A new secret under the same name, with the same rights; the earlier one ends at once."""
    principal.require(Scope.ACCOUNT)
    token = _require_covered(session, principal, token_id, locked=True)
    if token.expires_at is not None and token.expires_at <= now:
        raise AccountError(
            f"This token ended on {token.expires_at:%Y-%m-%d}, and so would its new secret: make another token."
        )
    token.created_at, token.last_used_at = now, None
    secret = _put_secret(token, keys)
    session.flush()
    return secret


def revoke_token(session: Session, principal: Principal, *, token_id: str) -> None:
    principal.require(Scope.ACCOUNT)
    token = _require(session, principal, token_id)
    account = repository.get_account(session, principal, token.account_id, locked=True)
    if account is not None and account.is_admin and len(repository.list_tokens(session, principal, account.id)) == 1:
        raise AccountError("This is the last token of the installation itself: rotate it instead.")
    repository.delete_token(session, principal, token_id)


def open_sealed(token: Token, keys: ServerKeys) -> str:
    """Raises ServerKeyError where the keys are not those that it was sealed with."""
    return keys.open(_purpose(token.id), token.sealed)


def reseal(token: Token, keys: ServerKeys) -> None:
    """Under the newest server key; for the owner nothing changes."""
    secret = open_sealed(token, keys)
    token.lookup, token.sealed = keys.lookup(secret), keys.seal(_purpose(token.id), secret)


def _require_covered(session: Session, principal: Principal, token_id: str, *, locked: bool = False) -> Token:
    """Whoever has the secret may do what it may: a token does not get that of one with more rights."""
    token = _require(session, principal, token_id, locked=locked)
    if principal.kind is Kind.TOKEN and not scopes_from_text(token.scopes) <= principal.scopes:
        raise ScopeMissing("A token cannot see or change one that may do more than itself.")
    return token


def _require(session: Session, principal: Principal, token_id: str, *, locked: bool = False) -> Token:
    token = repository.get_token(session, principal, token_id, locked=locked)
    if token is None:
        raise NoSuchToken("This token does not exist (any more).")
    return token


def _put_secret(token: Token, keys: ServerKeys) -> str:
    secret = new_secret()
    token.lookup, token.sealed = keys.lookup(secret), keys.seal(_purpose(token.id), secret)
    return secret


def _purpose(token_id: str) -> str:
    return f"token:{token_id}"


def _check_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > MAX_NAME_LENGTH or not name.isprintable():
        raise AccountError(f"A token needs a name of 1 to {MAX_NAME_LENGTH} characters.")
    return name


def _checksum(body: str) -> str:
    number = zlib.crc32(body.encode())
    digits = []
    for _ in range(_CHECKSUM_LENGTH):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))
