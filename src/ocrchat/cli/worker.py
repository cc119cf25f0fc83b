"""`ocrchat worker`: a process that reads pages for others."""

from __future__ import annotations

import argparse
import sys

from ocrchat.errors import BadSetting


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("worker", help="read pages of the service's jobs, on this machine or another")
    parser.add_argument(
        "--queues",
        default="small,pages",
        metavar="NAMES",
        help="what to read, joined by commas: small (jobs of a few pages), pages (all others); default: both",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from ocrchat.accounts.first_start import announce
    from ocrchat.config import load_settings
    from ocrchat.jobs.workflows import QUEUES
    from ocrchat.logs import write_json_logs
    from ocrchat.worker import work

    queues = [name.strip() for name in arguments.queues.split(",") if name.strip()]
    for name in queues:
        if name not in QUEUES:
            raise BadSetting(f'There is no queue "{name}". Known: {", ".join(QUEUES)}.')
    if not queues:
        raise BadSetting("--queues names no queue.")
    settings = load_settings()
    write_json_logs()
    work(settings, queues, lambda start: announce(start, sys.stderr))
    return 0
