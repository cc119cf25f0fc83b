"""The mails themselves."""

from __future__ import annotations

from datetime import timedelta

from ocrchat.accounts.mail import Mail

# The page that asks for a click; the secret is in the fragment, which no server and no proxy writes into a log.
LINK_PATH = "/log-in/#"


def log_in(to: str, public_url: str, link_secret: str, code: str, valid: timedelta) -> Mail:
    minutes = int(valid.total_seconds() // 60)
    return Mail(
        to=to,
        subject=f"{code} is your code for {_name(public_url)}",
        text=(
            f"To log in to {_name(public_url)}, type this code where you asked for it:\n\n"
            f"    {code}\n\n"
            f"or open this link:\n\n"
            f"    {public_url.rstrip('/')}{LINK_PATH}{link_secret}\n\n"
            f"Both work once, for {minutes} minutes. If you did not ask for them, somebody typed your address by "
            "mistake: do nothing, and pass the code on to nobody.\n"
        ),
    )


def no_account(to: str, public_url: str) -> Mail:
    return Mail(
        to=to,
        subject=f"No account at {_name(public_url)}",
        text=(
            f"Somebody asked to log in to {_name(public_url)} with your address. It has no account there, and this "
            "server takes no new ones: ask its operator for one.\n"
            "If it was not you, do nothing.\n"
        ),
    )


def _name(public_url: str) -> str:
    return public_url.partition("://")[2].strip("/") or public_url
