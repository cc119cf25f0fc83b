"""`ocrchat accounts`: what the operator does with accounts."""

from __future__ import annotations

import argparse
import contextlib
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from ocrchat.accounts import api_keys, repository
from ocrchat.accounts.first_start import renew_token_file
from ocrchat.accounts.leaving import delete_account, export_account
from ocrchat.accounts.model import Account
from ocrchat.accounts.principal import OPERATOR, TOKEN_SCOPES, acting_for, parse_scopes
from ocrchat.accounts.service import (
    block_account,
    open_account,
    require_account,
    require_account_by_email,
    set_plan_of,
    unblock_account,
)
from ocrchat.cli.operator import MAX_CREDITS, Office, now, number, open_office, parse_day, say, table
from ocrchat.credits import books
from ocrchat.credits.statements import usage
from ocrchat.errors import AccountError

# Days of usage that `show` sums up.
_USAGE = timedelta(days=30)


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("accounts", help="add, show, grant credits to, block and delete accounts")
    actions = parser.add_subparsers(dest="action", required=True)

    def action(name: str, text: str, work: Callable[[Office, argparse.Namespace], None]) -> argparse.ArgumentParser:
        added = actions.add_parser(name, help=text)
        added.set_defaults(work=work)
        if name != "list":
            added.add_argument("account", help="its e-mail address, or its id")
        return added

    adding = action("add", "open an account and show its token", _add)
    adding.add_argument("--plan", default="", help="its plan (default: that of new accounts)")
    listing = action("list", "all accounts", _list)
    listing.add_argument("--limit", type=number(1, 100_000), default=1000)
    listing.add_argument("--offset", type=number(0, 1_000_000_000), default=0)
    action("show", "plan, balance, tokens and usage of the last 30 days", _show)
    token = action("token", "make a token; or show, rotate or revoke one", _token)
    token.add_argument("--name", default="cli", help="what the token is for")
    token.add_argument("--scopes", type=str.split, help='what it may do, like "read write chat"')
    token.add_argument("--until", type=parse_day, metavar="YYYY-MM-DD", help="the day on which it ends")
    which = token.add_mutually_exclusive_group()
    which.add_argument("--show", metavar="ID")
    which.add_argument("--rotate", metavar="ID")
    which.add_argument("--revoke", metavar="ID")
    granting = action("grant", "give credits", _grant)
    granting.add_argument("credits", type=number(1, MAX_CREDITS))
    granting.add_argument("--until", type=parse_day, metavar="YYYY-MM-DD", help="the day on which the rest goes")
    granting.add_argument("--note", default="")
    plan = action("plan", "move to another plan", _plan)
    plan.add_argument("plan")
    blocking = action("block", "refuse its tokens and end its sessions", _block)
    blocking.add_argument("--undo", action="store_true", help="let it in again")
    deleting = action("delete", "delete it and all that belongs to it", _delete)
    deleting.add_argument("--yes", action="store_true", help="needed: there is no way back")
    exporting = action("export", "write all that is kept of it into a zip", _export)
    exporting.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    with open_office() as office:
        args.work(office, args)
    return 0


def _find(office: Office, wanted: str) -> Account:
    with office.database.reading() as session:
        if "@" in wanted:
            return require_account_by_email(session, OPERATOR, wanted)
        return require_account(session, OPERATOR, wanted)


def _add(office: Office, args: argparse.Namespace) -> None:
    with office.database.unit() as session:
        account = open_account(session, email=args.account, plans=office.plans, now=now(), plan=args.plan)
        account.email_verified_at = now()  # the operator knows whom it is for: its first log-in takes nothing over
        _, secret = api_keys.issue_token(
            session, OPERATOR, office.keys, account_id=account.id, name=api_keys.FIRST_TOKEN_NAME, now=now()
        )
        balance = office.ledger.balance(session, acting_for(account.id), now=now())
    say(f"{account.email} is on the plan {account.plan} and has {balance.left} credits. Its token:", secret)


def _list(office: Office, args: argparse.Namespace) -> None:
    with office.database.reading() as session:
        accounts = repository.list_accounts(session, OPERATOR, limit=args.limit, offset=args.offset)
        total = repository.count_accounts(session, OPERATOR)
    rows = [(one.id, one.email, one.plan, one.created_at, "blocked" if one.blocked_at else "") for one in accounts]
    say(*table(("id", "address", "plan", "since", ""), rows), f"{len(rows)} of {total}")


def _show(office: Office, args: argparse.Namespace) -> None:
    account = _find(office, args.account)
    owner = acting_for(account.id)
    with office.database.unit() as session:
        balance = office.ledger.balance(session, owner, now=now())
        tokens = api_keys.list_tokens(session, owner, account.id)
        used = usage(session, owner, since=now() - _USAGE, until=now())
    state = "blocked" if account.blocked_at else "open"
    say(f"{account.id}  {account.email or '(admin)'}  plan {account.plan}, {state}")
    say(f"{balance.left} credits left, {balance.monthly_left} of them this month's", "")
    say(
        *table(("token", "name", "scopes", "last used"), [(t.id, t.name, t.scopes, t.last_used_at) for t in tokens]), ""
    )
    say(
        *table(("day", "tier", "tool", "pages", "credits"), [(u.day, u.tier, u.tool, u.pages, u.credits) for u in used])
    )


def _token(office: Office, args: argparse.Namespace) -> None:
    account = _find(office, args.account)
    owner, keys = acting_for(account.id), office.keys
    with office.database.unit() as session:
        if args.revoke:
            api_keys.revoke_token(session, owner, token_id=args.revoke)
            say("The token is refused from now on.")
        elif args.show:
            say(api_keys.reveal_token(session, owner, keys, token_id=args.show))
        elif args.rotate:
            earlier = api_keys.reveal_token(session, owner, keys, token_id=args.rotate)
            rotated = api_keys.rotate_token(session, owner, keys, token_id=args.rotate, now=now())
            say(rotated)
        else:
            scopes = parse_scopes(args.scopes) if args.scopes is not None else TOKEN_SCOPES
            _, secret = api_keys.issue_token(
                session,
                owner,
                keys,
                account_id=account.id,
                name=args.name,
                now=now(),
                scopes=scopes,
                expires_at=args.until,
            )
            say(secret)

    if args.rotate:
        renew_token_file(office.settings.data, earlier, rotated)


def _grant(office: Office, args: argparse.Namespace) -> None:
    owner = acting_for(_find(office, args.account).id)
    with office.database.unit() as session:
        books.grant(
            session, owner, office.plans, credits=args.credits, now=now(), expires_at=args.until, note=args.note
        )
        balance = office.ledger.balance(session, owner, now=now())
    say(f"{args.account} has {balance.left} credits now.")


def _plan(office: Office, args: argparse.Namespace) -> None:
    account = _find(office, args.account)
    with office.database.unit() as session:
        set_plan_of(session, OPERATOR, account.id, args.plan, office.plans)
        balance = office.ledger.balance(session, acting_for(account.id), now=now())
    say(f"{args.account} is on the plan {args.plan} and has {balance.left} credits.")


def _block(office: Office, args: argparse.Namespace) -> None:
    account = _find(office, args.account)
    with office.database.unit() as session:
        if args.undo:
            unblock_account(session, OPERATOR, account.id)
        else:
            block_account(session, OPERATOR, account.id, now=now())
    say(f"{args.account} is let in again." if args.undo else f"{args.account} is blocked; nothing was deleted.")


def _delete(office: Office, args: argparse.Namespace) -> None:
    account = _find(office, args.account)
    if not args.yes:
        raise AccountError(f"This deletes {args.account} and all that belongs to it, for good. Say --yes to go on.")
    with office.database.unit() as session:
        receipt = delete_account(session, acting_for(account.id), office.account_parts, now=now())
    say(receipt.sentence)


def _export(office: Office, args: argparse.Namespace) -> None:
    account = _find(office, args.account)
    if args.output.exists():
        raise AccountError(f"{args.output} exists already: choose another name.")
    descriptor = os.open(args.output, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w+b") as sink, contextlib.ExitStack() as undo:
        undo.callback(args.output.unlink)
        export_account(office.database, acting_for(account.id), office.account_parts, sink, now=now())
        undo.pop_all()
    say(f"Written to {args.output}.")
