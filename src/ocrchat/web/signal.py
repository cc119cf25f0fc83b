"""Something that happens once, from whatever thread, and wakes everybody who waits for it in whatever loop."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock


class Signal:
    def __init__(self) -> None:
        self._lock = Lock()
        self._callbacks: set[Callable[[], None]] = set()
        self.is_set = False

    def set(self) -> None:
        """May be called by a handler of a process signal, and more than once."""
        self.is_set = True
        for callback in tuple(self._callbacks):
            callback()

    def tell(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Calls it when the signal is set, at once where it is; what is returned ends that."""
        with self._lock:
            self._callbacks.add(callback)
        if self.is_set:
            callback()
        return lambda: self._callbacks.discard(callback)
