"""How many pages a process has in hand at once, from the first look to the commit; who gets the next place.

Pages that were read and not yet committed take a place too: so few are lost, and read again, when a process is killed.
Groups (accounts) are served in turns, and who comes new is next. Within a group what would end first if it were alone
goes first: a single page does not wait for the same account's book, a book's segments end one after the other, and no
stream of single pages holds up a book for longer than it is itself.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

Grant = Callable[[], None]


@dataclass(order=True, slots=True)
class _Ask:
    due: int
    serial: int
    asker: object = field(compare=False)
    pace: int = field(compare=False)
    grant: Grant = field(compare=False)


class Places:
    def __init__(self, count: int) -> None:
        self.count = count
        self._free = count
        self._lock = threading.Lock()
        self._serials = itertools.count()
        self._waiting: dict[str, list[_Ask]] = {}
        """A heap a group; who was served goes to the end."""
        self._turns: dict[str, int] = {}
        """When each is next, on a clock that shows the turn of whoever was served last: a place costs a group its pace.
        """
        self._clock = 0

    def due(self, group: str, pages: int, *, pace: int = 1) -> int:
        """When, on the group's clock, so many pages would be done if nothing else of the group's came between."""
        with self._lock:
            return self._turn_of(group) + pages * pace

    def ask(self, asker: object, group: str, grant: Grant, *, due: int = 0, pace: int = 1) -> None:
        """`grant` is called, from some thread and with the lock held, when a place is the asker's: it MUST do next to
        nothing. A group of half the pace gets twice the places."""
        with self._lock:
            heapq.heappush(self._waiting.setdefault(group, []), _Ask(due, next(self._serials), asker, pace, grant))
            self._turns[group] = self._turn_of(group)
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
                kept = [one for one in self._waiting[group] if one.asker is not asker]
                heapq.heapify(kept)
                if kept:
                    self._waiting[group] = kept
                else:
                    del self._waiting[group]

    def _turn_of(self, group: str) -> int:
        return max(self._turns.get(group, 0), self._clock)

    def _serve(self) -> None:
        while self._free > 0 and self._waiting:
            group = min(self._waiting, key=self._turns.__getitem__)
            asks = self._waiting.pop(group)
            ask = heapq.heappop(asks)
            if asks:
                self._waiting[group] = asks
            self._clock = self._turns[group]
            self._turns[group] += ask.pace
            self._free -= 1
            ask.grant()
        if not self._waiting:  # whose turn would have come by now has nothing to be remembered for
            self._turns = {group: turn for group, turn in self._turns.items() if turn > self._clock}
