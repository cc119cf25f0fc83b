from __future__ import annotations

import json
import os
import stat
from datetime import date
from pathlib import Path

import pytest

from ocrchat.accounts.keys import ServerKeys
from ocrchat.errors import ServerKeyError

TODAY, TOMORROW = date(2026, 11, 21), date(2026, 11, 22)
HERE = "198.51.100.1"


def test_key_when_made_then_only_its_owner_can_read_it(keys: ServerKeys) -> None:
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600
    assert [path.name for path in keys.path.parent.iterdir()] == ["server.key"]


def test_key_when_it_exists_then_it_is_not_made_again(keys: ServerKeys) -> None:
    before = keys.path.read_bytes()
    assert keys.make_if_missing() is False
    assert keys.path.read_bytes() == before


def test_key_when_another_process_makes_it_at_the_same_time_then_that_one_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = ServerKeys(tmp_path / "server.key"), ServerKeys(tmp_path / "server.key")
    theirs.make_if_missing()
    # As it looked a moment before the other process had finished.
    monkeypatch.setattr(Path, "exists", lambda _: False)
    assert ours.make_if_missing() is False
    assert ours.ids == theirs.ids
    assert len(list(tmp_path.iterdir())) == 1


def test_seal_when_opened_for_its_purpose_then_text_comes_back(keys: ServerKeys) -> None:
    sealed = keys.seal("token:1", "geheim ñ")
    assert "geheim" not in sealed
    assert keys.open("token:1", sealed) == "geheim ñ"
    assert keys.seal("token:1", "geheim ñ") != sealed


@pytest.mark.parametrize("change", ["purpose", "body", "key"])
def test_seal_when_anything_is_not_as_it_was_then_it_does_not_open(keys: ServerKeys, change: str) -> None:
    sealed = keys.seal("token:1", "secret")
    key_id, _, body = sealed.partition(".")
    if change == "body":
        sealed = f"{key_id}.{body[:-6]}AAAA{body[-2:]}"
    if change == "key":
        sealed = f"0000.{body}"
    with pytest.raises(ServerKeyError, match="another server key"):
        keys.open("token:2" if change == "purpose" else "token:1", sealed)


def test_ring_when_key_is_added_then_earlier_secrets_still_open_and_are_found(keys: ServerKeys) -> None:
    running = ServerKeys(keys.path)
    sealed, lookup = running.seal("a", "text"), running.lookup("token")
    code = running.code_hash("request", "123456")

    new = keys.add_key(today=TODAY)

    # The process that runs on notices by itself.
    assert running.ids[0] == new and len(running.ids) == 2
    assert running.open("a", sealed) == "text"
    assert running.seal("a", "text").startswith(f"{new}.")
    assert lookup in running.lookups("token") and lookup != running.lookup("token")
    assert running.is_code("request", "123456", code)


def test_ring_when_key_is_dropped_then_what_it_sealed_does_not_open(keys: ServerKeys) -> None:
    sealed, first = keys.seal("a", "text"), keys.ids[0]
    keys.add_key(today=TODAY)
    keys.drop_keys([first])
    with pytest.raises(ServerKeyError):
        keys.open("a", sealed)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_key_when_root_rotates_it_then_it_stays_with_its_owner(keys: ServerKeys) -> None:
    os.chown(keys.path, 12345, 12346)
    keys.add_key(today=TODAY)
    status = keys.path.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (12345, 12346, 0o600)


def test_code_when_request_or_digits_are_others_then_it_is_wrong(keys: ServerKeys) -> None:
    kept = keys.code_hash("request", "123456")
    assert keys.is_code("request", "123456", kept)
    assert not keys.is_code("request", "123457", kept)
    assert not keys.is_code("other", "123456", kept)


def test_caller_when_day_changes_then_nobody_recognizes_it(keys: ServerKeys) -> None:
    today = keys.caller_of(HERE, TODAY)
    assert today == keys.caller_of(HERE, TODAY)
    assert today != keys.caller_of(HERE, TOMORROW)
    assert today != keys.caller_of("198.51.100.2", TODAY)
    assert "198" not in today and len(today) == 64


def test_caller_when_key_is_rotated_then_it_stays_the_same_until_the_day_is_over(keys: ServerKeys) -> None:
    running, first = ServerKeys(keys.path), keys.ids[0]
    today, tomorrow = running.caller_of(HERE, TODAY), running.caller_of(HERE, TOMORROW)
    for _ in range(2):
        keys.add_key(today=TODAY)
        assert running.caller_of(HERE, TODAY) == today
        assert running.caller_of(HERE, TOMORROW) != tomorrow  # whoever has the earlier key knows nobody any more
    keys.drop_keys([first])
    assert running.caller_of(HERE, TODAY) == today
    assert HERE not in keys.path.read_text()
    keys.add_key(today=TOMORROW)
    assert running.caller_of(HERE, TODAY) != today
    assert list(json.loads(keys.path.read_text())["days"]) == [TOMORROW.isoformat()]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"keys": []}',
        '{"keys": [{"id": "a", "secret": "c2hvcnQ="}]}',
        '{"keys": [{"id": "a", "secret": "not base64!"}]}',
        '{"keys": 5}',
        '{"keys": [{"id": "a", "secret": "%s"}], "days": []}' % ("A" * 43 + "="),
        '{"keys": [{"id": "a", "secret": "%s"}], "days": {"2026-11-21": "c2hvcnQ="}}' % ("A" * 43 + "="),
    ],
)
def test_key_when_file_is_damaged_then_it_says_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "server.key").write_text(text)
    with pytest.raises(ServerKeyError, match="damaged"):
        ServerKeys(tmp_path / "server.key").lookup("token")


def test_key_when_file_is_missing_then_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(ServerKeyError, match="cannot be read"):
        ServerKeys(tmp_path / "server.key").lookup("token")


def test_key_when_written_then_its_uses_are_kept_apart(keys: ServerKeys) -> None:
    secret = json.loads(keys.path.read_text())["keys"][0]["secret"]
    assert secret not in keys.seal("a", "text")
    assert keys.lookup("x") != keys.code_hash("x", "")
