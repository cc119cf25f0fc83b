"""Principal: who is asking. Every query of what belongs to somebody takes one; there is no other way to data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ocrchat.errors import LoginNeeded, ScopeMissing, UnknownScope


class Kind(StrEnum):
    ANONYMOUS = "anonymous"
    TOKEN = "token"
    SESSION = "session"
    OPERATOR = "operator"
    """The command line and the installation's own housekeeping: may see and change every account."""
    WORK = "work"
    """A worker that acts for the owner of a job."""


class Scope(StrEnum):
    READ = "read"
    """See own jobs, results and usage."""
    WRITE = "write"
    """Make, cancel, retry and delete own jobs."""
    CHAT = "chat"
    ACCOUNT = "account"
    """Change the account itself: tokens, password, deletion."""
    ADMIN = "admin"
    """No limits; what the operator's own installation gives itself."""


TOKEN_SCOPES = frozenset({Scope.READ, Scope.WRITE, Scope.CHAT})
"""What a token may do unless it says otherwise: it lies in scripts, so it does not reach the account itself."""
SESSION_SCOPES = TOKEN_SCOPES | {Scope.ACCOUNT}
ANONYMOUS_SCOPES = frozenset({Scope.READ, Scope.WRITE})


@dataclass(frozen=True, kw_only=True, slots=True)
class Principal:
    kind: Kind
    account_id: str | None = None
    plan: str = ""
    caller: str = ""
    """Whom rate limits and allowances count: the account, or a keyed hash of the network and the day."""
    scopes: frozenset[Scope] = frozenset()
    token_id: str | None = None
    session_id: str | None = None

    @property
    def is_anonymous(self) -> bool:
        return self.kind is Kind.ANONYMOUS

    @property
    def is_operator(self) -> bool:
        return self.kind is Kind.OPERATOR

    def require(self, scope: Scope) -> None:
        if scope in self.scopes:
            return
        if self.is_anonymous:
            raise LoginNeeded("This needs an account: send a token, or log in.")
        raise ScopeMissing(f'This token may not do that: it lacks the scope "{scope}".', scope=scope.value)

    def require_account(self) -> str:
        if self.account_id is None:
            raise LoginNeeded("This needs an account: send a token, or log in.")
        return self.account_id

    def require_operator(self) -> None:
        if not self.is_operator:
            raise ScopeMissing("Only the operator of this server may do that.", scope=Scope.ADMIN.value)


OPERATOR = Principal(kind=Kind.OPERATOR, caller="operator", scopes=frozenset(Scope))


def anonymous(caller: str) -> Principal:
    return Principal(kind=Kind.ANONYMOUS, plan="anonymous", caller=caller, scopes=ANONYMOUS_SCOPES)


def acting_for(account_id: str) -> Principal:
    """For work that goes on after its owner's request has ended."""
    return Principal(kind=Kind.WORK, account_id=account_id, caller=account_id, scopes=SESSION_SCOPES)


def parse_scopes(words: Iterable[str]) -> frozenset[Scope]:
    """Of what people wrote; the scope of the installation's own admin cannot be asked for."""
    known = {scope.value: scope for scope in Scope if scope is not Scope.ADMIN}
    found = set()
    for word in words:
        if word not in known:
            raise UnknownScope(f'There is no scope "{word}". Known: {", ".join(sorted(known))}.')
        found.add(known[word])
    if not found:
        raise UnknownScope(f"A token needs at least one scope of: {', '.join(sorted(known))}.")
    return frozenset(found)


def scopes_from_text(text: str) -> frozenset[Scope]:
    return frozenset(Scope(word) for word in text.split())


def text_from_scopes(scopes: Iterable[Scope]) -> str:
    return " ".join(sorted(scope.value for scope in scopes))
