"""Accounts: opened, moved between plans, blocked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from ocrchat.accounts import repository
from ocrchat.accounts.addresses import normalize_email
from ocrchat.accounts.api_keys import FIRST_TOKEN_NAME, issue_token
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.model import Account
from ocrchat.accounts.plans import Plans
from ocrchat.accounts.principal import OPERATOR, Principal, acting_for
from ocrchat.db.schema import new_id
from ocrchat.db.upsert import insert_into
from ocrchat.errors import AccountError, AccountExists, NoSuchAccount


def open_account(
    session: Session, *, email: str | None, plans: Plans, now: datetime, plan: str = "", is_admin: bool = False
) -> Account:
    """Raises AccountExists. Its book is opened, with the credits of the start, when it is first looked at."""
    row = {
        "id": new_id(),
        "email": normalize_email(email) if email is not None else None,
        "plan": plans.plan(plan or plans.new_account_plan).name,
        "is_admin": is_admin,
        "created_at": now,
    }
    # Of two at once one waits for the other and then finds the address taken, without losing its transaction.
    statement = insert_into(session, Account).values(row).on_conflict_do_nothing(index_elements=[Account.email])
    account_id = session.scalar(statement.returning(Account.id))
    if account_id is None:
        raise AccountExists("There is an account for this address already. Log in to it.")
    return require_account(session, OPERATOR, account_id)


def sign_up(session: Session, keys: ServerKeys, plans: Plans, *, email: str, now: datetime) -> tuple[Account, str]:
    """An account and a token for it that works at once, before the address is proved. The first log-in by mail
    revokes what was made before it: the one who signed up may not have been the one who reads the mail."""
    account = open_account(session, email=email, plans=plans, now=now)
    _, secret = issue_token(
        session, acting_for(account.id), keys, account_id=account.id, name=FIRST_TOKEN_NAME, now=now
    )
    return account, secret


def require_account(session: Session, principal: Principal, account_id: str) -> Account:
    account = repository.get_account(session, principal, account_id)
    if account is None:
        raise NoSuchAccount("This account does not exist.")
    return account


def require_account_by_email(session: Session, principal: Principal, email: str) -> Account:
    account = repository.get_account_by_email(session, principal, normalize_email(email))
    if account is None:
        raise NoSuchAccount(f"There is no account for {email}.")
    return account


def set_plan_of(session: Session, principal: Principal, account_id: str, plan: str, plans: Plans) -> Account:
    """Who may change plans is for the caller to check: the operator, or a voucher."""
    account = require_account(session, principal, account_id)
    if account.plan != plans.plan(plan).name:
        refuse_admin(account, "stays on its plan")
    account.plan = plans.plan(plan).name
    session.flush()
    return account


def block_account(session: Session, principal: Principal, account_id: str, *, now: datetime) -> Account:
    """Its tokens are refused from now on and its sessions end; nothing is deleted."""
    principal.require_operator()
    account = require_account(session, principal, account_id)
    refuse_admin(account, "cannot be blocked")
    account.blocked_at = account.blocked_at or now
    session.flush()
    repository.delete_sessions(session, principal, account_id)
    return account


def refuse_admin(account: Account, what: str) -> None:
    """The installation makes its own account once: without it nobody gets in any more."""
    if account.is_admin:
        raise AccountError(f"The account of this installation itself {what}.")


def unblock_account(session: Session, principal: Principal, account_id: str) -> Account:
    principal.require_operator()
    account = require_account(session, principal, account_id)
    account.blocked_at = None
    session.flush()
    return account
