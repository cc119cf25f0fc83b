"""One after the other, page by page: what a noisy machine does to one reader in one minute it does to all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

Turn = Callable[[], AbstractContextManager[None]]
"""Within it a reader works."""


class Turns:
    def __init__(self, names: Sequence[str]) -> None:
        self._waiting = list(names)
        """The first is the one whose turn it is."""
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, name: str) -> Iterator[None]:
        """Alone, and not again before every other that has not left."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting[0] == name)
        try:
            yield
        finally:
            with self._changed:
                self._waiting.append(self._waiting.pop(0))
                self._changed.notify_all()

    def leave(self, name: str) -> None:
        with self._changed:
            self._waiting.remove(name)
            self._changed.notify_all()
