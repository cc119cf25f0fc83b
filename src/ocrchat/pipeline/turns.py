"""A queue that serves its groups in turns: first come, first served within a group, one each between groups."""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

Item = TypeVar("Item")


class TurnQueue(Generic[Item]):
    def __init__(self) -> None:
        self._groups: dict[str, deque[Item]] = {}
        """In the order of their turns; a group that is served goes to the end, one that is empty is forgotten."""
        self._changed = threading.Condition()
        self._closed = False

    def put(self, item: Item, group: str) -> None:
        with self._changed:
            self._groups.setdefault(group, deque()).append(item)
            self._changed.notify()

    def get(self) -> Item | None:
        """Waits for an item; None when the queue is closed and empty."""
        with self._changed:
            while not self._groups:
                if self._closed:
                    return None
                self._changed.wait()
            group = next(iter(self._groups))
            waiting = self._groups.pop(group)
            item = waiting.popleft()
            if waiting:
                self._groups[group] = waiting
            return item

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
