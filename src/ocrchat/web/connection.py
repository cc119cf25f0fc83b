"""A connection as it is before a request has come: one that brings none in time is closed.

Else whoever opens connections and sends nothing, or half a head, holds a file descriptor each until none is left for
anybody.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

# For the whole head of the first request; far more than the slowest line takes for its few hundred bytes.
_HEAD_SECONDS: Final = 20.0


class PatientProtocol(H11Protocol):
    """Later requests on the same connection have as long from their first byte, and the keep-alive time until then."""

    head_seconds: float = _HEAD_SECONDS

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._head_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        if self.limit_concurrency is not None and len(self.connections) + 1 >= self.limit_concurrency:
            self._make_room()
        super().connection_made(transport)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._waits_for_head():
            self._expect_head()
        else:
            self._end_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_waiting()
        super().connection_lost(exc)

    def _waits_for_head(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _expect_head(self) -> None:
        if self._head_due is None and not self.transport.is_closing():
            self._head_due = self.loop.call_later(self.head_seconds, self._close)

    def _end_waiting(self) -> None:
        if self._head_due is not None:
            self._head_due.cancel()
            self._head_due = None

    def _make_room(self) -> None:
        """The one that has brought nothing for longest goes, so that those who ask are never the ones who wait."""
        waiting = [one for one in self.connections if isinstance(one, PatientProtocol) and one._head_due is not None]
        if waiting:
            min(waiting, key=_due)._close()

    def _close(self) -> None:
        self._end_waiting()
        if self._waits_for_head() and not self.transport.is_closing():
            self.transport.close()


def _due(connection: PatientProtocol) -> float:
    return connection._head_due.when() if connection._head_due is not None else float("inf")
