from __future__ import annotations

import io
import stat
import threading
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from ocrchat.accounts import rotation
from ocrchat.accounts.api_keys import issue_token
from ocrchat.accounts.authentication import Authenticator
from ocrchat.accounts.first_start import FirstStart, announce, prepare, prove_key, reseal_proof
from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.limits import RateLimiter
from ocrchat.accounts.principal import OPERATOR, Scope, acting_for
from ocrchat.accounts.rotation import rotate_keys
from ocrchat.accounts.sessions import Lifetime
from ocrchat.credits import allowance
from ocrchat.db.session import Database
from ocrchat.errors import InsufficientCredits, ScopeMissing, ServerKeyError
from tests.ledgers import LEDGER, NOON, PLANS, costs, new_account

HERE = "198.51.100.1"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def fresh(data: Path) -> ServerKeys:
    return ServerKeys(data / "server.key")


def _authenticator(database: Database, keys: ServerKeys) -> Authenticator:
    return Authenticator(database, keys, RateLimiter(database, PLANS), Lifetime(timedelta(days=1), timedelta(days=1)))


def test_first_start_when_nothing_is_there_then_key_and_admin_token_are_made(
    database: Database, fresh: ServerKeys, data: Path
) -> None:
    start = prepare(database, fresh, PLANS, data, now=NOON)
    assert start.admin_token is not None
    assert start.token_file.read_text().strip() == start.admin_token
    assert stat.S_IMODE(start.token_file.stat().st_mode) == 0o600
    admin = _authenticator(database, fresh).by_token(start.admin_token, address=HERE, now=NOON)
    assert Scope.ADMIN in admin.scopes and admin.plan == "admin"
    with database.unit() as session:
        LEDGER.hold(session, admin, job_id="a" * 32, costs=costs(*range(1, 1000), credits=0), now=NOON)
        assert LEDGER.balance(session, admin, now=NOON).left == 0


def test_first_start_when_repeated_then_nothing_is_made_again(
    sqlite_database: Database, fresh: ServerKeys, data: Path
) -> None:
    first = prepare(sqlite_database, fresh, PLANS, data, now=NOON)
    again = prepare(sqlite_database, ServerKeys(fresh.path), PLANS, data, now=NOON)
    assert again.admin_token is None
    assert again.token_file.read_text().strip() == first.admin_token


def test_first_start_when_it_was_cut_off_then_the_next_one_finishes_it(
    sqlite_database: Database, fresh: ServerKeys, data: Path
) -> None:
    data.mkdir()
    (data / "admin-token").write_text("of a start that ended before its transaction")
    start = prepare(sqlite_database, fresh, PLANS, data, now=NOON)
    assert start.token_file.read_text().strip() == start.admin_token


def test_start_when_key_is_of_another_database_then_it_is_refused(
    sqlite_database: Database, fresh: ServerKeys, data: Path, tmp_path: Path
) -> None:
    prepare(sqlite_database, fresh, PLANS, data, now=NOON)
    other = ServerKeys(tmp_path / "other.key")
    with pytest.raises(ServerKeyError, match="cannot be read"):
        prepare(sqlite_database, other, PLANS, data, now=NOON)
    other.make_if_missing()
    with pytest.raises(ServerKeyError, match="another server key"):
        prepare(sqlite_database, other, PLANS, data, now=NOON)


def test_start_when_what_the_key_opens_is_not_what_was_sealed_then_it_is_refused(
    sqlite_database: Database, fresh: ServerKeys, data: Path
) -> None:
    prepare(sqlite_database, fresh, PLANS, data, now=NOON)
    with sqlite_database.unit() as session:
        session.execute(
            text("UPDATE facts SET value = :value WHERE name = 'server_key'"),
            {"value": fresh.seal("server_key", "something else")},
        )
    with pytest.raises(ServerKeyError, match="not the one"):
        prepare(sqlite_database, fresh, PLANS, data, now=NOON)


def test_announcement_when_on_a_terminal_then_token_is_shown_and_in_a_log_only_its_file(tmp_path: Path) -> None:
    start = FirstStart("ocrchat_secret", tmp_path / "admin-token")
    terminal, log, silent = _Terminal(), io.StringIO(), _Terminal()
    announce(start, terminal)
    announce(start, log)
    announce(FirstStart(None, tmp_path / "admin-token"), silent)
    assert "ocrchat_secret" in terminal.getvalue()
    assert "ocrchat_secret" not in log.getvalue() and "admin-token" in log.getvalue()
    assert silent.getvalue() == ""


def test_rotation_when_server_runs_on_then_every_token_stays_valid_and_later_the_old_key_goes(
    database: Database, fresh: ServerKeys, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "_BATCH", 2)
    admin = prepare(database, fresh, PLANS, data, now=NOON).admin_token
    owner = new_account(database)
    secrets = [str(admin)]
    with database.unit() as session:
        account_id = str(owner.account_id)
        secrets += [
            issue_token(session, owner, fresh, account_id=account_id, name=name, now=NOON)[1] for name in "abcd"
        ]
    running = _authenticator(database, ServerKeys(fresh.path))
    first = fresh.ids[0]

    done = rotate_keys(database, OPERATOR, fresh, now=NOON)

    assert (done.resealed, list(done.dropped)) == (5, [])
    assert fresh.ids == [done.new_key, first]
    assert all(running.by_token(secret, address=HERE, now=NOON) for secret in secrets)

    extra = [3, 0]
    again = rotate_keys(database, OPERATOR, fresh, now=NOON, parts=[lambda session, keys: extra.pop(0)])

    assert (again.resealed, list(again.dropped)) == (8, [first])
    assert fresh.ids == [again.new_key, done.new_key]
    assert all(running.by_token(secret, address=HERE, now=NOON) for secret in secrets)
    assert prepare(database, fresh, PLANS, data, now=NOON).admin_token is None


def test_rotation_when_run_twice_a_day_then_the_days_allowance_of_a_network_does_not_begin_anew(
    sqlite_database: Database, fresh: ServerKeys, data: Path
) -> None:
    prepare(sqlite_database, fresh, PLANS, data, now=NOON)
    running = _authenticator(sqlite_database, ServerKeys(fresh.path))
    for _ in range(3):
        caller = running.by_address("2001:db8:1:2::7", now=NOON)
        with sqlite_database.unit() as session:
            allowance.take(session, caller, credits=3, cap=10, now=NOON)
        rotate_keys(sqlite_database, OPERATOR, fresh, now=NOON + timedelta(hours=11))
    with pytest.raises(InsufficientCredits), sqlite_database.unit() as session:
        allowance.take(session, running.by_address("2001:db8:1:2::8", now=NOON), credits=3, cap=10, now=NOON)
    tomorrow = NOON + timedelta(days=1)
    with sqlite_database.unit() as session:
        allowance.take(session, running.by_address("2001:db8:1:2::8", now=tomorrow), credits=10, cap=10, now=tomorrow)
        dump = str(session.execute(text("SELECT * FROM anonymous_use")).all())
    assert "2001" not in dump + fresh.path.read_text()


def test_rotation_when_cut_off_after_any_batch_then_tokens_stay_valid_and_it_can_be_run_again(
    sqlite_database: Database, fresh: ServerKeys, data: Path
) -> None:
    admin = str(prepare(sqlite_database, fresh, PLANS, data, now=NOON).admin_token)
    running = _authenticator(sqlite_database, ServerKeys(fresh.path))

    def dies(session: object, keys: object) -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate_keys(sqlite_database, OPERATOR, fresh, now=NOON, parts=[dies])
    fresh.add_key(today=NOON.date())  # and once even before the first batch
    assert running.by_token(admin, address=HERE, now=NOON)
    rotate_keys(sqlite_database, OPERATOR, fresh, now=NOON)
    assert running.by_token(admin, address=HERE, now=NOON)
    assert prepare(sqlite_database, fresh, PLANS, data, now=NOON).admin_token is None


def test_rotation_when_another_runs_at_once_then_it_waits_and_no_token_is_lost(
    sqlite_database: Database, fresh: ServerKeys, data: Path
) -> None:
    admin = str(prepare(sqlite_database, fresh, PLANS, data, now=NOON).admin_token)
    threads: list[threading.Thread] = []
    rings: list[list[str]] = []

    def meanwhile(session: object, keys: ServerKeys) -> int:
        """In the midst of the first rotation two others are begun."""
        if not threads:
            others = [ServerKeys(fresh.path) for _ in range(2)]
            work = partial(rotate_keys, sqlite_database, OPERATOR, now=NOON)
            threads.extend(threading.Thread(target=work, args=(other,)) for other in others)
            for thread in threads:
                thread.start()
            threads[0].join(0.3)
            rings.append(ServerKeys(fresh.path).ids)
        return 0

    done = rotate_keys(sqlite_database, OPERATOR, fresh, now=NOON, parts=[meanwhile])
    for thread in threads:
        thread.join()
    assert len(rings[0]) == 2 and rings[0][0] == done.new_key
    assert len(fresh.ids) == 2
    assert _authenticator(sqlite_database, fresh).by_token(admin, address=HERE, now=NOON)
    assert prepare(sqlite_database, fresh, PLANS, data, now=NOON).admin_token is None


def test_rotation_when_something_is_still_sealed_with_an_early_key_then_that_key_stays(
    sqlite_database: Database, fresh: ServerKeys, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(sqlite_database, fresh, PLANS, data, now=NOON)
    first = fresh.ids[0]
    fresh.add_key(today=NOON.date())
    monkeypatch.setattr(rotation, "_reseal_tokens", lambda session, keys: 0)  # as if one was sealed meanwhile
    assert list(rotate_keys(sqlite_database, OPERATOR, fresh, now=NOON).dropped) == []
    assert first in fresh.ids


def test_rotation_when_asked_by_another_than_the_operator_then_it_is_refused(
    sqlite_database: Database, keys: ServerKeys
) -> None:
    with pytest.raises(ScopeMissing):
        rotate_keys(sqlite_database, acting_for("a"), keys, now=NOON)
    assert len(keys.ids) == 1


def test_proof_of_the_key_when_database_has_none_yet_then_rotation_leaves_it_so(
    sqlite_database: Database, keys: ServerKeys
) -> None:
    with sqlite_database.unit() as session:
        reseal_proof(session, keys, now=NOON)
    with sqlite_database.reading() as session:
        prove_key(session, keys)
        assert session.execute(text("SELECT * FROM facts")).all() == []
