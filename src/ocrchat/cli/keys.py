"""`ocrchat keys`: the server key."""

from __future__ import annotations

import argparse

from ocrchat.accounts.principal import OPERATOR
from ocrchat.accounts.rotation import rotate_keys
from ocrchat.cli.operator import Office, now, open_office, say
from ocrchat.jobs.passwords import keys_of_passwords, reseal_passwords


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("keys", help="show or rotate the server key")
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("show", help="where the key is and how many there are; never the key itself")
    actions.add_parser("rotate", help="make a new key and seal every secret with it; the server may run on")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    with open_office() as office:
        if args.action == "show":
            say(f"{office.keys.path}: {', '.join(office.keys.ids)} (the first one seals)")
        else:
            _rotate(office)
    return 0


def _rotate(office: Office) -> None:
    rotation = rotate_keys(
        office.database,
        OPERATOR,
        office.keys,
        now=now(),
        parts=[reseal_passwords],
        in_use=[keys_of_passwords],
    )
    say(f"The new server key is {rotation.new_key}; {rotation.resealed} secrets were sealed with it, and stay valid.")
    if rotation.dropped:
        say(f"Dropped, as nothing needs them any more: {', '.join(rotation.dropped)}.")
    say("Earlier backups need the earlier keys, which they hold. Make a new backup: ocrchat backup")
