"""Who died: every process holds a lock as long as it lives; the kernel or the database server takes it from the dead.

No clocks and no heartbeats: a process that is slow, or stopped for a minute, is not dead.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import secrets
import time
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

_OLD_SECONDS = 60.0
"""A file as young as this may be one whose process has not taken its lock yet."""


class Liveness(Protocol):
    @property
    def executor_id(self) -> str:
        """Of this process, and of no other that ever was."""
        ...

    def is_alive(self, executor_id: str) -> bool: ...

    def forget(self, executor_id: str) -> None:
        """Nothing refers to this dead process any more."""
        ...

    def close(self) -> None: ...


def new_executor_id() -> str:
    return f"{os.getpid()}-{secrets.token_hex(8)}"


class FileLiveness:
    """Of processes on one machine, which share a data folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._id = new_executor_id()
        self._descriptor = os.open(folder / self._id, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        for other in folder.iterdir():  # a process that is killed leaves its file
            if other.stat().st_mtime < time.time() - _OLD_SECONDS and not self.is_alive(other.name):
                self.forget(other.name)

    @property
    def executor_id(self) -> str:
        return self._id

    def is_alive(self, executor_id: str) -> bool:
        if executor_id == self._id:
            return True
        try:
            descriptor = os.open(self._folder / executor_id, os.O_RDWR | os.O_CLOEXEC)
        except OSError:  # it never was, or was forgotten
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def forget(self, executor_id: str) -> None:
        with contextlib.suppress(OSError):
            (self._folder / executor_id).unlink()

    def close(self) -> None:
        self.forget(self._id)
        os.close(self._descriptor)


class PostgresLiveness:
    """Of processes on any number of machines: an advisory lock on a connection of its own.

    Where that connection is lost the lock is taken again on another one. Meanwhile the process looks dead, and its work
    may be done twice, and is paid once.
    """

    def __init__(self, engine: Engine) -> None:
        """The engine is nobody else's: it is closed with this."""
        self._engine = engine
        self._id = new_executor_id()
        self._connection: Connection | None = None
        self._hold()

    @property
    def executor_id(self) -> str:
        return self._id

    def is_alive(self, executor_id: str) -> bool:
        if executor_id == self._id:
            self._hold()
            return True
        with self._engine.connect() as connection:
            key = {"key": _key_of(executor_id)}
            if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), key):
                return True
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)
            return False

    def forget(self, executor_id: str) -> None:
        """Its lock went with its connection."""

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(SQLAlchemyError):
                self._connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _key_of(self._id)})
                self._connection.commit()
            self._connection.close()
            self._connection = None
        self._engine.dispose()

    def _hold(self) -> None:
        if self._connection is not None:
            try:
                self._connection.execute(text("SELECT 1"))
                self._connection.commit()
            except SQLAlchemyError:
                self._connection.invalidate()
                self._connection.close()
                self._connection = None
        if self._connection is None:
            connection = self._engine.connect()
            # Refused while the server has not noticed yet that the lost connection is gone: then that one still holds.
            if connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _key_of(self._id)}):
                connection.commit()
                self._connection = connection
            else:
                connection.close()


def _key_of(executor_id: str) -> int:
    """64 bits, as PostgreSQL's locks are numbered: two processes that live at once do not meet in one."""
    return int.from_bytes(hashlib.sha256(executor_id.encode()).digest()[:8], "big", signed=True)
