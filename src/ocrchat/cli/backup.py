"""`ocrchat backup` and `ocrchat restore`."""

from __future__ import annotations

import argparse
import contextlib
from pathlib import Path
from urllib.parse import urlsplit

from ocrchat.accounts.first_start import prove_key
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.principal import OPERATOR
from ocrchat.cli.operator import is_postgres, now, say
from ocrchat.config import Settings, load_settings
from ocrchat.credits.proof import prove_ledger
from ocrchat.db.backup import BackupReport, Installation, back_up, restore
from ocrchat.db.session import Database, make_engine, sqlite_path
from ocrchat.db.upgrade import upgrade
from ocrchat.errors import BackupError
from ocrchat.jobs.passwords import prove_passwords


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    saving = subparsers.add_parser("backup", help="save database, files and server key while the server runs")
    saving.add_argument("file", nargs="?", type=Path, help="the archive to write (default: ocrchat-DATE.tar)")
    saving.set_defaults(run=run, command="backup")
    restoring = subparsers.add_parser("restore", help="put a backup back; the server must be stopped")
    restoring.add_argument("file", type=Path, help="the archive that `ocrchat backup` wrote")
    restoring.add_argument("--replace", action="store_true", help="move what is in the data folder aside first")
    restoring.set_defaults(run=run, command="restore")


def run(args: argparse.Namespace) -> int:
    settings = load_settings()
    what = _installation(settings)
    if args.command == "backup":
        target = args.file or Path(f"ocrchat-{now():%Y%m%d-%H%M%S}.tar")
        report = back_up(what, target, _check, now=now())
        say(f"Saved to {report.path}: {_size(report)}.", *report.checks)
        say("It holds the server key and all tokens: keep it as safe as the server itself.")
        if what.blobs is None:
            say(f"Documents are in {settings.blobs}, which is not part of it: use the bucket's own backups.")
    else:
        report = restore(args.file, what, _check, replace=args.replace, now=now())
        say(f"Restored from {report.path}: {_size(report)}.", *report.checks)
    return 0


def _installation(settings: Settings) -> Installation:
    database = sqlite_path(settings.database)
    if is_postgres(settings) or database is None:
        host = urlsplit(settings.database_url).hostname
        raise BackupError(
            f"The database is PostgreSQL on {host}, which has its own tools: save it with "
            f"`pg_dump --format=custom --file=ocrchat.dump DATABASE_URL` and put it back with `pg_restore`. "
            f"Save {settings.key_file} with it: without that file the tokens in the dump cannot be used."
        )
    return Installation(data=settings.data, database=database, key_file=settings.key_file, blobs=settings.blob_folder)


def _check(database: Path, key_file: Path) -> str:
    """On a copy, brought up to date first: a backup of an earlier version is as good."""
    engine = make_engine(f"sqlite:///{database.absolute()}", durable=False)
    with contextlib.closing(Database(engine)) as opened:
        upgrade(engine)
        with opened.reading() as session:
            prove_key(session, ServerKeys(key_file))
            prove_passwords(session, ServerKeys(key_file))
            proof = prove_ledger(session, OPERATOR, now=now())
    if not proof.is_right:
        raise BackupError(proof.sentence)
    return f"{proof.sentence} The server key opens every token."


def _size(report: BackupReport) -> str:
    return f"{report.files} files, {report.size_bytes / 1e6:.1f} MB"
