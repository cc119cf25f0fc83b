"""The operator's commands, run as from a shell, on an installation of their own."""

from __future__ import annotations

import argparse
import io
import json
import os
import stat
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from ocrchat.accounts.api_keys import is_well_formed
from ocrchat.accounts.authentication import Authenticator
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.limits import RateLimiter
from ocrchat.accounts.principal import OPERATOR, Scope, acting_for
from ocrchat.accounts.sessions import Lifetime
from ocrchat.cli import accounts, backup, keys, main, operator, vouchers
from ocrchat.config import load_settings
from ocrchat.credits.proof import prove_ledger, remember_proof
from ocrchat.db.session import Database, make_engine
from ocrchat.errors import (
    AccountBlocked,
    AccountError,
    AccountExists,
    BackupError,
    CreditError,
    NoSuchAccount,
    ServerKeyError,
    TokenInvalid,
    UnknownScope,
    VoucherUsed,
)
from tests.ledgers import JOB, LEDGER, PLANS, costs

ANN = "ann@example.org"

Run = Callable[..., str]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in list(os.environ):
        if name.startswith("OCRCHAT_") or name in ("DATABASE_URL", "BLOBS", "PORT", "PUBLIC_URL"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("OCRCHAT_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data"


@pytest.fixture
def run(data: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str) -> str:
        parser = argparse.ArgumentParser()
        subparsers = parser.add_subparsers(required=True)
        for module in (accounts, vouchers, keys, backup):
            module.register(subparsers)
        args = parser.parse_args(words)
        capsys.readouterr()
        assert args.run(args) == 0
        return capsys.readouterr().out

    return run


def _authenticator(data: Path) -> tuple[Database, Authenticator]:
    database = Database(make_engine(f"sqlite:///{data / 'ocrchat.db'}"))
    lifetime = Lifetime(timedelta(days=1), timedelta(days=1))
    limiter = RateLimiter(database, PLANS)
    return database, Authenticator(database, ServerKeys(data / "server.key"), limiter, lifetime)


def _admits(data: Path, token: str) -> bool:
    database, authenticator = _authenticator(data)
    try:
        authenticator.by_token(token, address="127.0.0.1", now=operator.now())
    except (TokenInvalid, AccountBlocked):
        return False
    finally:
        database.close()
    return True


def test_first_command_when_run_then_installation_is_made_privately(run: Run, data: Path) -> None:
    assert "1 of 1" in run("accounts", "list")
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    admin = (data / "admin-token").read_text().strip()
    assert is_well_formed(admin) and _admits(data, admin)


def test_first_command_when_output_goes_to_a_file_then_token_is_not_in_it(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    run("accounts", "list")
    assert "admin-token" in log.getvalue() and "ocrchat_" not in log.getvalue()


def test_accounts_when_added_listed_shown_and_granted_then_the_operator_sees_them(run: Run, data: Path) -> None:
    added = run("accounts", "add", ANN.upper())
    assert f"{ANN} is on the plan free and has 600 credits" in added
    token = added.splitlines()[-1]
    assert _admits(data, token)
    assert ANN in run("accounts", "list") and "2 of 2" in run("accounts", "list")
    assert "has 650 credits now" in run("accounts", "grant", ANN, "50", "--until", "2999-01-31", "--note", "thanks")
    shown = run("accounts", "show", ANN)
    assert "650 credits left, 100 of them this month's" in shown and "default" in shown and "plan free, open" in shown
    assert "is on the plan paid" in run("accounts", "plan", ANN, "paid")
    with pytest.raises(AccountExists):
        run("accounts", "add", ANN)
    account_id = shown.split()[0]
    assert run("accounts", "show", account_id).startswith(account_id)
    with pytest.raises(NoSuchAccount):
        run("accounts", "show", "bob@example.org")


def test_accounts_when_usage_is_shown_then_it_is_by_day_and_tier(run: Run, data: Path) -> None:
    run("accounts", "add", ANN)
    account_id = run("accounts", "show", ANN).split()[0]
    database, _ = _authenticator(data)
    with database.unit() as session:
        now = operator.now()
        LEDGER.hold(session, acting_for(account_id), job_id=JOB, costs=costs(1, credits=5, tier="vlm"), now=now)
        LEDGER.charge_page(session, acting_for(account_id), job_id=JOB, page=1, now=now)
    database.close()
    assert run("accounts", "show", ANN).splitlines()[-1].split()[1:] == ["vlm", "1", "5"]


def test_token_when_made_shown_rotated_and_revoked_then_only_the_last_secret_counts(run: Run, data: Path) -> None:
    first = run("accounts", "add", ANN).splitlines()[-1]
    made = run("accounts", "token", ANN, "--name", "script", "--scopes", "read chat", "--until", "2999-01-01").strip()
    shown = run("accounts", "show", ANN)
    token_id = next(line.split()[0] for line in shown.splitlines() if "script" in line)
    assert "chat read" in shown
    assert run("accounts", "token", ANN, "--show", token_id).strip() == made
    rotated = run("accounts", "token", ANN, "--rotate", token_id).strip()
    assert [_admits(data, one) for one in (first, made, rotated)] == [True, False, True]
    run("accounts", "token", ANN, "--revoke", token_id)
    assert not _admits(data, rotated)
    assert _admits(data, run("accounts", "token", ANN).strip())
    with pytest.raises(UnknownScope):
        run("accounts", "token", ANN, "--scopes", "admin")


def test_account_when_blocked_then_it_is_refused_until_that_is_undone(run: Run, data: Path) -> None:
    token = run("accounts", "add", ANN).splitlines()[-1]
    assert "is blocked" in run("accounts", "block", ANN)
    assert not _admits(data, token)
    assert "blocked" in run("accounts", "show", ANN) and "blocked" in run("accounts", "list")
    assert "let in again" in run("accounts", "block", ANN, "--undo")
    assert _admits(data, token)


def test_account_when_exported_and_deleted_then_there_is_a_zip_and_a_receipt(run: Run, data: Path) -> None:
    run("accounts", "add", ANN)
    run("accounts", "export", ANN, "-o", "ann.zip")
    assert stat.S_IMODE(Path("ann.zip").stat().st_mode) == 0o600
    with zipfile.ZipFile("ann.zip") as archive:
        assert json.loads(archive.read("account.json"))["email"] == ANN
    with pytest.raises(AccountError, match="exists already"):
        run("accounts", "export", ANN, "-o", "ann.zip")
    with pytest.raises(AccountError, match="--yes"):
        run("accounts", "delete", ANN)
    assert "Reference: deleted-" in run("accounts", "delete", ANN, "--yes")
    with pytest.raises(NoSuchAccount):
        run("accounts", "show", ANN)


def test_vouchers_when_made_redeemed_and_revoked_then_they_are_listed_so(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("accounts", "add", ANN)
    made = run("vouchers", "create", "50", "--note", "friends", "--valid-days", "30", "--until", "2999-01-31")
    code = made.splitlines()[0]
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{code}\nand more"))
    assert "50 credits and has 650" in run("vouchers", "redeem", ANN)
    with pytest.raises(VoucherUsed):
        run("vouchers", "redeem", ANN, code)
    listed = run("vouchers", "list")
    assert "1/1" in listed and code[:5] in listed and code not in listed and "friends" in listed
    voucher_id = made.rstrip(".\n").split()[-1]
    assert "worth nothing" in run("vouchers", "revoke", voucher_id)
    assert "revoked" in run("vouchers", "list")


@pytest.mark.parametrize(
    "words", [("accounts", "export", ANN, "-o", "no/folder/ann.zip"), ("backup", "no/folder/saved.tar")]
)
def test_command_when_it_cannot_write_then_a_sentence_says_so(
    run: Run, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    run("accounts", "add", ANN)
    assert main(words) == 1
    said = capsys.readouterr().err
    assert said.startswith("ocrchat: ") and "no/folder" in said and said.endswith("No such file or directory.\n")


def test_export_when_it_breaks_off_then_no_half_file_stays(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("accounts", "add", ANN)

    def breaks(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(accounts, "export_account", breaks)
    with pytest.raises(OSError, match="No space"):
        run("accounts", "export", ANN, "-o", "ann.zip")
    assert not Path("ann.zip").exists()


def test_voucher_when_its_code_stands_on_the_command_line_then_it_works_with_a_warning(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("accounts", "add", ANN)
    code = run("vouchers", "create", "50", "--uses", "2").splitlines()[0]
    said = io.StringIO()
    monkeypatch.setattr(sys, "stderr", said)
    assert "650" in run("vouchers", "redeem", ANN, code)
    assert "seen by everybody on this machine" in said.getvalue() and code not in said.getvalue()


def test_note_when_it_is_too_long_for_the_ledger_then_a_sentence_says_so(run: Run) -> None:
    run("accounts", "add", ANN)
    with pytest.raises(CreditError, match="at most 200"):
        run("accounts", "grant", ANN, "5", "--note", "x" * 201)


def test_day_when_it_is_none_then_the_command_says_how_it_looks(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("vouchers", "create", "5", "--until", "tomorrow")
    assert '"tomorrow" is not a day like 2027-01-31' in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("accounts", "grant", ANN, "99999999999"),
        ("accounts", "grant", ANN, "-5"),
        ("accounts", "list", "--limit", "0"),
        ("accounts", "list", "--offset", "-1"),
        ("vouchers", "create", "5", "--uses", "0"),
        ("vouchers", "create", "5", "--valid-days", "9" * 5000),
        ("vouchers", "create", "1000001"),
    ],
)
def test_number_when_out_of_bounds_then_the_command_says_which_are_possible(
    run: Run, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit):
        run(*words)
    assert "whole number of" in capsys.readouterr().err or "-5" in words


def test_admin_when_it_would_be_locked_out_then_it_is_refused_and_rotation_renews_its_file(
    run: Run, data: Path
) -> None:
    admin = run("accounts", "list").splitlines()[1].split()[0]
    token = next(line.split()[0] for line in run("accounts", "show", admin).splitlines() if " admin " in line[30:])
    for words in (("delete", admin, "--yes"), ("block", admin), ("plan", admin, "free")):
        with pytest.raises(AccountError, match="installation itself"):
            run("accounts", *words)
    with pytest.raises(AccountError, match="last token"):
        run("accounts", "token", admin, "--revoke", token)
    earlier = (data / "admin-token").read_text().strip()
    rotated = run("accounts", "token", admin, "--rotate", token).strip()
    assert (data / "admin-token").read_text().strip() == rotated != earlier
    assert _admits(data, rotated) and not _admits(data, earlier)


def test_keys_when_rotated_then_tokens_stay_valid(run: Run, data: Path) -> None:
    token = run("accounts", "add", ANN).splitlines()[-1]
    before = run("keys", "show")
    assert "2 secrets were sealed" in run("keys", "rotate")
    assert "Dropped" in run("keys", "rotate")
    assert run("keys", "show") != before
    assert _admits(data, token)


def test_backup_when_restored_into_an_empty_folder_then_accounts_and_tokens_are_back(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    token = run("accounts", "add", ANN).splitlines()[-1]
    saved = run("backup", "saved.tar")
    assert "Saved to saved.tar: 3 files" in saved and "The ledger is right: 1 balances" in saved
    monkeypatch.setenv("OCRCHAT_DATA", str(tmp_path / "other"))
    assert "Restored from saved.tar" in run("restore", "saved.tar")
    assert "600 credits left" in run("accounts", "show", ANN)
    assert _admits(tmp_path / "other", token)
    run("accounts", "add", "bob@example.org")
    with pytest.raises(BackupError, match="--replace"):
        run("restore", "saved.tar")
    run("restore", "saved.tar", "--replace")
    with pytest.raises(NoSuchAccount):
        run("accounts", "show", "bob@example.org")


def test_backup_when_key_is_not_that_of_its_tokens_then_it_is_refused(run: Run, data: Path) -> None:
    run("accounts", "add", ANN)
    (data / "server.key").unlink()
    ServerKeys(data / "server.key").make_if_missing()
    with pytest.raises(ServerKeyError, match="another server key"):
        run("backup", "saved.tar")
    assert not Path("saved.tar").exists()


def test_backup_when_no_name_is_given_then_it_has_the_date(
    run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BLOBS", "s3://bucket")
    run("accounts", "list")
    assert "s3://bucket, which is not part of it" in run("backup")
    assert len(list(tmp_path.glob("ocrchat-20*.tar"))) == 1


def test_backup_when_ledger_is_wrong_then_it_is_refused(run: Run, data: Path) -> None:
    run("accounts", "add", ANN)
    database, _ = _authenticator(data)
    with database.unit() as session:
        session.execute(text("UPDATE books SET balance = balance + 1"))
    database.close()
    with pytest.raises(BackupError, match="The ledger is wrong"):
        run("backup", "saved.tar")
    assert operator.doctor_ledger(load_settings())[0] is False


def test_backup_when_database_is_postgres_then_it_names_the_tool_for_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:word@db.example/name")
    with pytest.raises(BackupError, match="pg_dump") as caught:
        run("backup", "saved.tar")
    assert "db.example" in str(caught.value) and "word" not in str(caught.value)


def test_commands_when_database_is_postgres_then_they_work_as_well(
    run: Run, data: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    run("accounts", "add", ANN)
    assert "has 650 credits" in run("accounts", "grant", ANN, "50")
    right, sentence = operator.doctor_ledger(load_settings())
    assert right and "together 650 credits" in sentence


def test_doctor_when_asked_for_the_ledger_then_it_proves_it_and_changes_nothing(run: Run, data: Path) -> None:
    assert operator.doctor_ledger(load_settings()) == (
        True,
        "There is no database yet, so there is no ledger to prove.",
    )
    assert not data.exists()
    run("accounts", "add", ANN)
    right, sentence = operator.doctor_ledger(load_settings())
    assert right and "equal the sum of their 2 entries" in sentence and "not been proved at night" in sentence
    database, _ = _authenticator(data)
    with database.unit() as session:
        proof = prove_ledger(session, OPERATOR, now=operator.now())
        remember_proof(session, OPERATOR, proof, now=operator.now())
    assert f"Last nightly proof: {proof.proved_at}" in operator.doctor_ledger(load_settings())[1]
    with database.unit() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'r0001'"))
    database.close()
    assert operator.doctor_ledger(load_settings())[0] is False


def test_admin_when_token_is_used_then_it_has_every_scope(run: Run, data: Path) -> None:
    run("accounts", "list")
    database, authenticator = _authenticator(data)
    token = (data / "admin-token").read_text().strip()
    assert authenticator.by_token(token, address="127.0.0.1", now=operator.now()).scopes == frozenset(Scope)
    database.close()
