"""The command line: one module a command, imported when it is asked for."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module

from ocrchat import __version__
from ocrchat.errors import OCRChatError

EXIT_USAGE = 2
EXIT_INTERRUPTED = 130


_MODULE_OF = {
    "read": "read",
    "serve": "serve",
    "languages": "languages",
    "doctor": "doctor",
    "models": "models",
    "accounts": "accounts",
    "vouchers": "vouchers",
    "keys": "keys",
    "backup": "backup",
    "restore": "backup",
    "worker": "worker",
}


def build_parser(command: str = "") -> argparse.ArgumentParser:
    """With all commands, or with the one that is meant: to read a page no database is loaded."""
    parser = argparse.ArgumentParser(
        prog="ocrchat",
        description="Reads scans, photos and PDFs into text, Markdown, tables and boxes.",
    )
    parser.add_argument("--version", action="version", version=f"ocrchat {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    modules = [_MODULE_OF[command]] if command in _MODULE_OF else dict.fromkeys(_MODULE_OF.values())
    for module in modules:
        import_module(f"ocrchat.cli.{module}").register(commands)
    return parser


def _end_in_order() -> None:
    """A polite request to end unwinds like an error does: drafts and copies of documents do not stay behind."""
    for request in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(request, lambda number, _: sys.exit(128 + number))


def main(arguments: Sequence[str] | None = None) -> int:
    gc.set_threshold(50_000, 20, 50)  # as in pipeline/child.py: pages are many small values without circles
    _end_in_order()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options = build_parser(words[0] if words else "").parse_args(words)
        return int(options.run(options))
    except OCRChatError as error:
        print(f"ocrchat: {error.message}", file=sys.stderr)
        return EXIT_USAGE if error.status == 400 else 1
    except KeyboardInterrupt:
        print("ocrchat: interrupted", file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:  # `ocrchat read … | head`: the reader of our output has seen enough
        return 0
    except OSError as error:  # a folder that is not there or not ours, a full disk
        print(f"ocrchat: {f'{error.filename}: ' if error.filename else ''}{error.strerror or error}.", file=sys.stderr)
        return 1
    finally:
        _let_go_of_output()


def _let_go_of_output() -> None:
    """What cannot be written Python would try once more at its end, complain, and change the exit status."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
