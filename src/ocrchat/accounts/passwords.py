"""Passwords, for those who want one: argon2id, and the same work for addresses that have none."""

from __future__ import annotations

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from ocrchat.errors import WeakPassword

# RFC 9106's second recommendation (64 MiB, 3 passes, 4 lanes), the library's default: about 0.1 s of one core.
_HASHER = PasswordHasher()

MIN_LENGTH = 10
# Longer ones are no safer, and hashing a megabyte is work that anybody could ask for.
MAX_LENGTH = 256


def hash_password(password: str) -> str:
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise WeakPassword(f"A password needs {MIN_LENGTH} to {MAX_LENGTH} characters.")
    if len(set(password)) < 4:
        raise WeakPassword("This password repeats too few characters: choose another one.")
    return _HASHER.hash(_bytes(password))


def is_password(password: str, kept: str | None) -> bool:
    """Takes as long where there is nothing to compare with."""
    if len(password) > MAX_LENGTH:
        password = ""
    try:
        return _HASHER.verify(kept if kept is not None else _dummy_hash(), _bytes(password)) and kept is not None
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def needs_rehash(kept: str) -> bool:
    """Made with weaker settings than today's."""
    return _HASHER.check_needs_rehash(kept)


def _bytes(password: str) -> bytes:
    """The same from every keyboard: machines differ in how they write an accent."""
    return unicodedata.normalize("NFKC", password).encode(errors="surrogatepass")


@cache
def _dummy_hash() -> str:
    return _HASHER.hash("the password of nobody")
