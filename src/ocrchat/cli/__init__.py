"""The command line: one module a command, imported when it is asked for."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence

from ocrchat import __version__
from ocrchat.cli import doctor, languages, models, read
from ocrchat.errors import OCRChatError

EXIT_USAGE = 2
EXIT_INTERRUPTED = 130


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ocrchat",
        description="Reads scans, photos and PDFs into text, Markdown, tables and boxes.",
    )
    parser.add_argument("--version", action="version", version=f"ocrchat {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for module in (read, languages, doctor, models):
        module.register(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    gc.set_threshold(50_000, 20, 50)  # as in pipeline/child.py: pages are many small values without circles
    options = build_parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except OCRChatError as error:
        print(f"ocrchat: {error.message}", file=sys.stderr)
        return EXIT_USAGE if error.status == 400 else 1
    except KeyboardInterrupt:
        print("ocrchat: interrupted", file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:  # `ocrchat read … | head`: the reader of our output has seen enough
        # Python flushes standard output once more at its end, which would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
