"""How long a child may take. The limit is meant for work, not for waiting in a crowd: on a busy machine it stretches
for as long as the child is kept from the processor, up to five times."""

from __future__ import annotations

import time
from collections.abc import Callable

_CROWD = 5
_ENOUGH_WORK = 0.8
"""Of the limit, spent on the processor: the page itself takes too long."""
_HANGS = 0.02
"""Less work than this share of a wait means that the child waits for something that does not come."""


class Patience:
    def __init__(self, seconds: float, worked_seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._worked_seconds = worked_seconds
        self._worked_at_start = worked_seconds()
        self._started = time.monotonic()
        self._window = seconds
        self._window_start = 0.0
        self._worked_before = 0.0

    def is_over(self) -> bool:
        waited = time.monotonic() - self._started
        if waited < self._window_start + self._window:
            return False
        worked = self._worked_seconds() - self._worked_at_start
        hangs = worked - self._worked_before < _HANGS * self._window
        if hangs or worked > _ENOUGH_WORK * self._seconds or waited > _CROWD * self._seconds:
            return True
        self._worked_before, self._window_start = worked, waited
        self._window = max(0.2 * self._seconds, self._seconds - worked)
        return False
