"""Something that happens once, from whatever thread, and wakes everybody who waits for it in whatever loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
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

    @asynccontextmanager
    async def hurrying(self, seconds: float, *, when_set: float) -> AsyncIterator[None]:
        """Raises TimeoutError after so many seconds, or so many after the signal where that is sooner."""
        loop = asyncio.get_running_loop()
        is_over = False
        async with asyncio.timeout(seconds) as limit:

            def hurry() -> None:
                soon, due = loop.time() + when_set, limit.when()
                if not is_over and due is not None and soon < due:
                    limit.reschedule(soon)

            def on_signal() -> None:
                loop.call_soon_threadsafe(hurry)

            forget = self.tell(on_signal)
            try:
                yield
            finally:
                is_over = True
                forget()
