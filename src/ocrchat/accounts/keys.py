"""The server key: what secrets are looked up, sealed and made anonymous by. One file, 0600, made at the first start.

The file holds a ring, newest first: the first key seals, all of them open, so that a rotation never locks anybody out.
It also holds what counts the callers of a day on which the key was rotated, so that nobody's allowance begins anew.
Running processes notice a changed file at their next use of it.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ocrchat.errors import ServerKeyError

_KEY_BYTES = 32
_NONCE_BYTES = 12  # AES-GCM's own size


@dataclass(frozen=True, slots=True)
class _Key:
    id: str
    secret: bytes = field(repr=False)

    def derive(self, purpose: str) -> bytes:
        """A key of its own for each use, so that one use cannot be turned against another."""
        return hmac.digest(self.secret, f"ocrchat/{purpose}".encode(), hashlib.sha256)


@dataclass(frozen=True, slots=True)
class _Ring:
    keys: Sequence[_Key]
    """Newest first."""
    days: Mapping[str, bytes] = field(repr=False)
    """What callers are hashed with on a day (ISO) that began with a key before the newest."""

    def caller_secret(self, day: date) -> bytes:
        """Of one day: it tells nothing of the key, nor of any other day."""
        kept = self.days.get(day.isoformat())
        return kept or hmac.digest(self.keys[0].derive("caller"), day.isoformat().encode(), hashlib.sha256)


class ServerKeys:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = _Ring((), {})
        self._seen: tuple[int, int] | None = None

    @property
    def path(self) -> Path:
        return self._path

    @property
    def ids(self) -> list[str]:
        """Newest first."""
        return [key.id for key in self._ring().keys]

    def make_if_missing(self) -> bool:
        """True where this call made it; of several processes one does, the others use it."""
        if self._path.exists():
            return False
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._write_draft(_Ring([_new_key()], {}))
        try:
            os.link(draft, self._path)  # a rename would replace what another process has just made
        except FileExistsError:
            return False
        finally:
            draft.unlink()
        return True

    @contextlib.contextmanager
    def rotating(self) -> Iterator[None]:
        """One rotation at a time: another one waits here until it has ended, in whatever process."""
        lock = self._path.with_name(f"{self._path.name}.lock")
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._give_to_owner(descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def add_key(self, *, today: date) -> str:
        """The new key seals from now on; its id. Anonymous callers stay who they are until `today` is over."""
        key, ring = _new_key(), self._ring()
        self._replace(_Ring([key, *ring.keys], {today.isoformat(): ring.caller_secret(today)}))
        return key.id

    def drop_keys(self, ids: Sequence[str]) -> None:
        ring = self._ring()
        self._replace(replace(ring, keys=[key for key in ring.keys if key.id not in ids]))

    def lookup(self, secret: str) -> bytes:
        return _lookup(self._newest(), secret)

    def lookups(self, secret: str) -> list[bytes]:
        """Under every key of the ring: a rotation may be half way."""
        return [_lookup(key, secret) for key in self._ring().keys]

    def code_hash(self, request_id: str, code: str) -> bytes:
        return _code_hash(self._newest(), request_id, code)

    def is_code(self, request_id: str, code: str, kept: bytes) -> bool:
        found = [hmac.compare_digest(_code_hash(key, request_id, code), kept) for key in self._ring().keys]
        return any(found)

    def caller_of(self, network: str, day: date) -> str:
        """Whom an anonymous caller is counted as: nobody can tell the network from it, nor the same one tomorrow."""
        return hmac.new(self._ring().caller_secret(day), _bytes(network), hashlib.sha256).hexdigest()

    def blind(self, subject: str) -> str:
        """What limits are counted under: their rows tell neither networks nor addresses, nor let anybody try some."""
        return hmac.new(self._newest().derive("limit"), _bytes(subject), hashlib.sha256).hexdigest()

    def seal(self, purpose: str, text: str) -> str:
        """`purpose` names the row and column; what is sealed for one opens for no other."""
        key = self._newest()
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + AESGCM(key.derive("seal")).encrypt(nonce, text.encode(), purpose.encode())
        return f"{key.id}.{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, purpose: str, sealed: str) -> str:
        key_id, _, body = sealed.partition(".")
        for key in self._ring().keys:
            if key.id == key_id:
                raw = base64.urlsafe_b64decode(body)
                nonce, encrypted = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
                try:
                    return AESGCM(key.derive("seal")).decrypt(nonce, encrypted, purpose.encode()).decode()
                except InvalidTag:
                    break
        raise ServerKeyError(
            f'A secret in the database was sealed with another server key ("{key_id}") than those in {self._path}. '
            "Put the key file of this database back, from a backup."
        )

    def _newest(self) -> _Key:
        return self._ring().keys[0]

    def _ring(self) -> _Ring:
        try:
            status = self._path.stat()
            changed = (status.st_mtime_ns, status.st_ino)
            if changed != self._seen:
                self._read, self._seen = _parse(self._path.read_text(encoding="utf-8")), changed
        except OSError:
            raise ServerKeyError(
                f"The server key {self._path} cannot be read. Put it back from a backup, or see the rights of the file."
            ) from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ServerKeyError(f"The server key {self._path} is damaged. Put it back from a backup.") from None
        return self._read

    def _replace(self, ring: _Ring) -> None:
        self._write_draft(ring).replace(self._path)

    def _write_draft(self, ring: _Ring) -> Path:
        draft = self._path.with_name(f"{self._path.name}.{secrets.token_hex(4)}")
        content = {
            "keys": [{"id": key.id, "secret": base64.b64encode(key.secret).decode()} for key in ring.keys],
            "days": {day: base64.b64encode(secret).decode() for day, secret in ring.days.items()},
        }
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            self._give_to_owner(descriptor)
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        return draft

    def _give_to_owner(self, descriptor: int) -> None:
        """Root may rotate the key of a server that runs as another user, who has to read it afterwards."""
        with contextlib.suppress(FileNotFoundError, PermissionError):
            owner = self._path.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)


def _new_key() -> _Key:
    return _Key(secrets.token_hex(4), secrets.token_bytes(_KEY_BYTES))


def _parse(text: str) -> _Ring:
    content = json.loads(text)
    keys = [_Key(str(row["id"]), _secret(row["secret"])) for row in content["keys"]]
    if not keys:
        raise ValueError("a ring without a key")
    return _Ring(keys, {day: _secret(kept) for day, kept in content.get("days", {}).items()})


def _secret(text: str) -> bytes:
    secret = base64.b64decode(text, validate=True)
    if len(secret) != _KEY_BYTES:
        raise ValueError("a secret of another length")
    return secret


def _bytes(text: str) -> bytes:
    """Also of what no client should send: it is hashed and found nowhere."""
    return text.encode(errors="surrogatepass")


def _lookup(key: _Key, secret: str) -> bytes:
    return hmac.digest(key.derive("lookup"), secret.encode(), hashlib.sha256)


def _code_hash(key: _Key, request_id: str, code: str) -> bytes:
    return hmac.digest(key.derive("code"), f"{request_id}|{code}".encode(), hashlib.sha256)
