"""One segment on its way through the pool: a place for each page, its answer, its commit; nothing kept but what is in
hand.
"""

from __future__ import annotations

import contextlib
import queue
import time
from collections import deque
from collections.abc import Callable, Sequence
from enum import Enum, auto
from functools import partial

from ocrchat.jobs.places import Places
from ocrchat.pipeline.pool import Ticket

Answer = tuple[int, Ticket]

QUICK_SECONDS = 0.1
"""A commit takes as long as the text layer of a few pages: pages that come so fast are committed together. All others
are committed at once, as they would be missed if the process were killed before."""

BATCH = 8
"""Quick pages in one commit, at most. They are read again, in no time, if it does not come to it."""

_LINGER_SECONDS = 0.1
"""And so long at most does the first of them wait for the others."""


class _Signal(Enum):
    PLACE = auto()
    """One was granted."""
    LOOK = auto()
    """Something changed from outside."""


class SegmentRun:
    def __init__(
        self,
        *,
        numbers: Sequence[int],
        group: str,
        pace: int = 1,
        places: Places,
        submit: Callable[[int], Ticket],
        settle: Callable[[Sequence[Answer]], bool],
    ) -> None:
        """`settle` commits what was answered, and says whether the rest is wanted. `group`, `pace`: see Places."""
        self._left = deque(numbers)
        self._group = group
        self._pace = pace
        self._end_due = places.due(group, len(numbers), pace=pace)
        self._places = places
        self._submit = submit
        self._settle = settle
        self._events: queue.SimpleQueue[Ticket | _Signal] = queue.SimpleQueue()
        self._tickets: dict[Ticket, int] = {}
        self._done: list[Ticket] = []
        """Of those; answered, and not committed yet."""
        self._due_at = 0.0
        self._asked = 0
        self._held = 0
        self._is_withdrawn = False
        self._is_stopping = False

    def withdraw(self) -> None:
        """Nobody wants it any more: the slots are free at once. From any thread."""
        self._is_withdrawn = True
        for ticket in list(self._tickets):
            ticket.cancel()
        self._events.put(_Signal.LOOK)

    def stop(self) -> None:
        """Nothing more is begun; what slots are at work on comes to its end. From any thread."""
        self._is_stopping = True
        for ticket in list(self._tickets):
            ticket.cancel_if_waiting()
        self._events.put(_Signal.LOOK)

    def run(self) -> None:
        """In the caller's thread, until nothing is left, or wanted."""
        try:
            while not self._is_withdrawn and (self._tickets or (self._left and not self._is_stopping)):
                self._ask()
                self._wait()
                if self._done and self._is_due():
                    self._settle_done()
        finally:
            self._end()

    def _ask(self) -> None:
        while not self._is_stopping and self._asked < min(len(self._left), self._places.count - len(self._tickets)):
            self._asked += 1
            grant = partial(self._events.put, _Signal.PLACE)
            self._places.ask(self, self._group, grant, due=self._end_due, pace=self._pace)

    def _wait(self) -> None:
        """For something to happen, or for what is done to be due; takes everything that is there."""
        timeout = max(self._due_at - time.monotonic(), 0.0) if self._done else None
        with contextlib.suppress(queue.Empty):
            self._note(self._events.get(timeout=timeout))
            while True:
                self._note(self._events.get_nowait())

    def _note(self, event: Ticket | _Signal) -> None:
        if event is _Signal.PLACE:
            self._begin_page()
        elif isinstance(event, Ticket):
            if not self._done:
                self._due_at = time.monotonic() + _LINGER_SECONDS
            self._done.append(event)

    def _is_due(self) -> bool:
        return (
            len(self._done) >= min(BATCH, len(self._tickets))
            or self._is_stopping
            or time.monotonic() >= self._due_at
            or any(ticket.seconds >= QUICK_SECONDS for ticket in self._done)
        )

    def _begin_page(self) -> None:
        self._asked -= 1
        self._held += 1
        if self._is_withdrawn or self._is_stopping:
            return
        number = self._left.popleft()
        ticket = self._submit(number)
        self._tickets[ticket] = number
        ticket.when_done(self._events.put)

    def _settle_done(self) -> None:
        done, self._done = self._done, []
        answers = [(self._tickets.pop(ticket), ticket) for ticket in done]
        self._is_withdrawn = not self._settle(answers) or self._is_withdrawn
        self._held -= len(answers)
        self._places.give_back(len(answers))

    def _end(self) -> None:
        self._places.withdraw(self)
        for ticket in self._tickets:
            ticket.cancel()
        while not self._events.empty():
            self._held += self._events.get() is _Signal.PLACE
        self._places.give_back(self._held)
