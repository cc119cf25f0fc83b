"""How many pages a process has in hand at once, from the first look to the commit; who gets the next place.

Pages that were read and not yet committed take a place too: so few are lost, and read again, when a process is killed.
Groups (accounts) are served in turns, as in the pool.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

Grant = Callable[[], None]


class Places:
    def __init__(self, count: int) -> None:
        self.count = count
        self._free = count
        self._lock = threading.Lock()
        self._waiting: dict[str, deque[tuple[object, Grant]]] = {}
        """In the order of their turns; a group that is served goes to the end."""

    def ask(self, asker: object, group: str, grant: Grant) -> None:
        """`grant` is called, from some thread and with the lock held, when a place is the asker's: it MUST do next to
        nothing."""
        with self._lock:
            self._waiting.setdefault(group, deque()).append((asker, grant))
            self._serve()

    def give_back(self, count: int = 1) -> None:
        with self._lock:
            self._free += count
            self._serve()

    def resize(self, count: int) -> None:
        """Where there are fewer now than are in hand, none is granted until enough came back."""
        with self._lock:
            self._free += count - self.count
            self.count = count
            self._serve()

    def withdraw(self, asker: object) -> None:
        """Asks no more; what was granted before is still to be given back."""
        with self._lock:
            for group in list(self._waiting):
                kept = deque(one for one in self._waiting[group] if one[0] is not asker)
                if kept:
                    self._waiting[group] = kept
                else:
                    del self._waiting[group]

    def _serve(self) -> None:
        while self._free > 0 and self._waiting:
            group = next(iter(self._waiting))
            askers = self._waiting.pop(group)
            _, grant = askers.popleft()
            if askers:
                self._waiting[group] = askers
            self._free -= 1
            grant()
