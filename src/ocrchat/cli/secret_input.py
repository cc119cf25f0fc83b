"""Secrets that a command needs. What stands on a command line is seen by everybody on the machine (`ps`) and stays in
the shell's history, so there is always another way: asked for on a terminal, else the first line of standard input.
"""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

from ocrchat.errors import MissingInput


def ask_secret(what: str) -> str:
    """Without an echo where somebody types it."""
    if sys.stdin.isatty():
        return getpass.getpass(f"{what}: ")
    return sys.stdin.readline().rstrip("\r\n")


def secret_from_file(path: str, what: str) -> str:
    """The file's first line; `-` asks."""
    if path == "-":
        return ask_secret(what)
    try:
        with Path(path).open(encoding="utf-8") as file:
            return file.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not a text"
        raise MissingInput(f"The {what.lower()} cannot be read from {path}: {reason}.") from None


def warn_of_argument(what: str, instead: str) -> None:
    sys.stderr.write(f"ocrchat: a {what} on the command line is seen by everybody on this machine: {instead}.\n")
