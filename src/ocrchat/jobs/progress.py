"""Who waits for a job hears of its changes: at once from this process, within a poll from others.

One poll for all that is waited for, whoever waits; nothing is asked where nobody waits.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from ocrchat.accounts.principal import OPERATOR
from ocrchat.db.session import Database
from ocrchat.jobs import repository

Listener = Callable[[], None]


class Progress:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._listeners: dict[str, list[Listener]] = {}
        self._seen: dict[str, tuple[int, str] | None] = {}

    def subscribe(self, job_id: str, listener: Listener) -> Callable[[], None]:
        with self._lock:
            self._listeners.setdefault(job_id, []).append(listener)

        def unsubscribe() -> None:
            with self._lock, suppress(KeyError, ValueError):
                self._listeners[job_id].remove(listener)
                if not self._listeners[job_id]:
                    del self._listeners[job_id]
                    self._seen.pop(job_id, None)

        return unsubscribe

    def tell(self, job_id: str) -> None:
        with self._lock:
            listeners = list(self._listeners.get(job_id, ()))
        for listener in listeners:
            listener()

    def poll(self) -> None:
        """Tells of what other processes did."""
        with self._lock:
            watched = list(self._listeners)
        if not watched:
            return
        with self._database.reading() as session:
            now = repository.versions_of(session, OPERATOR, watched)
        changed = []
        with self._lock:
            for job_id in watched:
                if job_id in self._listeners and self._seen.get(job_id) != now.get(job_id):
                    self._seen[job_id] = now.get(job_id)
                    changed.append(job_id)
        for job_id in changed:
            self.tell(job_id)
