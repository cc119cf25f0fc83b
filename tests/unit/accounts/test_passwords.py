from __future__ import annotations

import time

import pytest
from argon2 import PasswordHasher

from ocrchat.accounts.passwords import hash_password, is_password, needs_rehash
from ocrchat.errors import WeakPassword


def test_password_when_right_or_wrong_then_it_is_told() -> None:
    kept = hash_password("correct horse battery")
    assert kept.startswith("$argon2id$")
    assert is_password("correct horse battery", kept)
    assert not is_password("correct horse batterY", kept)
    assert not is_password("x" * 300, kept)
    assert not is_password("correct horse battery", "not a hash")
    assert not needs_rehash(kept)


def test_password_when_account_has_none_then_the_same_work_is_done() -> None:
    assert not is_password("warm up: the dummy is made once", None)
    kept = hash_password("correct horse battery")
    began = time.process_time()
    is_password("wrong password", kept)
    with_hash = time.process_time() - began
    began = time.process_time()
    assert not is_password("the password of nobody", None)
    without = time.process_time() - began
    assert 0.3 < without / with_hash < 3


def test_password_when_hashed_with_weaker_settings_then_it_is_to_be_hashed_again() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("correct horse battery")
    assert is_password("correct horse battery", weak) and needs_rehash(weak)


def test_password_when_its_accents_are_written_in_the_other_way_then_it_is_the_same() -> None:
    kept = hash_password("caf\u00e9 correct horse")
    assert is_password("cafe\u0301 correct horse", kept)
    assert not is_password("half a pair \ud800", kept)


@pytest.mark.parametrize("password", ["", "short", "x" * 9, "abababababab", "x" * 257])
def test_password_when_weak_or_huge_then_it_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        hash_password(password)
