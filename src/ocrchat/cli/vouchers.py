"""`ocrchat vouchers`."""

from __future__ import annotations

import argparse

from ocrchat.accounts.limits import RateLimiter
from ocrchat.accounts.principal import OPERATOR, acting_for
from ocrchat.accounts.service import require_account_by_email
from ocrchat.cli.operator import MAX_CREDITS, Office, now, number, open_office, parse_day, say, table
from ocrchat.cli.secret_input import ask_secret, warn_of_argument
from ocrchat.credits.vouchers import list_vouchers, make_voucher, redeem_voucher, revoke_voucher


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("vouchers", help="make, list, redeem and revoke vouchers")
    actions = parser.add_subparsers(dest="action", required=True)
    making = actions.add_parser("create", help="make a voucher; its code is shown once")
    making.add_argument("credits", type=number(0, MAX_CREDITS), help="credits it is worth")
    making.add_argument("--plan", default="", help="the plan that the account moves to")
    making.add_argument("--uses", type=number(1, 1_000_000), default=1, help="how many accounts can use it (default 1)")
    making.add_argument("--valid-days", type=number(0, 36_500), default=0, help="days the credits last (default: all)")
    making.add_argument("--until", type=parse_day, metavar="YYYY-MM-DD", help="the day from which it is worth nothing")
    making.add_argument("--note", default="", help="a word for yourself")
    actions.add_parser("list", help="all vouchers, without their codes")
    redeeming = actions.add_parser("redeem", help="use a voucher for an account")
    redeeming.add_argument("email")
    redeeming.add_argument("code", nargs="?", help="better left out: then it is asked for, or read from standard input")
    revoking = actions.add_parser("revoke", help="make a voucher worthless; what it gave stays")
    revoking.add_argument("id")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    work = {"create": _create, "list": _list, "redeem": _redeem, "revoke": _revoke}[args.action]
    with open_office() as office:
        work(office, args)
    return 0


def _create(office: Office, args: argparse.Namespace) -> None:
    with office.database.unit() as session:
        voucher, code = make_voucher(
            session,
            OPERATOR,
            office.ledger,
            credits=args.credits,
            now=now(),
            plan=args.plan,
            max_uses=args.uses,
            credits_valid_days=args.valid_days,
            expires_at=args.until,
            note=args.note,
        )
    say(code, f"This code is shown this once. Its id is {voucher.id}.")


def _list(office: Office, args: argparse.Namespace) -> None:
    with office.database.reading() as session:
        rows = [
            (
                one.id,
                f"{one.hint}-…",
                one.credits,
                one.plan or None,
                f"{one.uses}/{one.max_uses}",
                one.expires_at,
                "revoked" if one.revoked_at else one.note,
            )
            for one in list_vouchers(session, OPERATOR)
        ]
    say(*table(("id", "code", "credits", "plan", "used", "until", "note"), rows))


def _redeem(office: Office, args: argparse.Namespace) -> None:
    with office.database.reading() as session:
        owner = acting_for(require_account_by_email(session, OPERATOR, args.email).id)
    if args.code is not None:
        warn_of_argument("voucher code", "leave it out, and it is asked for")
    code = args.code if args.code is not None else ask_secret("Voucher code")
    limiter = RateLimiter(office.database, office.plans)
    voucher = redeem_voucher(office.database, limiter, owner, office.ledger, code=code, now=now())
    with office.database.unit() as session:
        left = office.ledger.balance(session, owner, now=now()).left
    say(f"{args.email} got {voucher.credits} credits and has {left} now.")


def _revoke(office: Office, args: argparse.Namespace) -> None:
    with office.database.unit() as session:
        revoke_voucher(session, OPERATOR, args.id, now=now())
    say(f"The voucher {args.id} is worth nothing any more.")
