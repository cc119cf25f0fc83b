"""Indexed documents, kept in memory between questions: as many pages as a process may hold, the least recently asked
about go first. A job that changes (a retry, a correction) has another version and is indexed anew.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from ocrchat.chat.library import Library

# A page of prose takes some 20 kB here; so many take 100 MB.
_MOST_PAGES = 5_000


class Shelf:
    def __init__(self, most_pages: int = _MOST_PAGES) -> None:
        self._most_pages = most_pages
        self._lock = threading.Lock()
        self._libraries: OrderedDict[tuple[str, int], Library] = OrderedDict()
        self._making: dict[tuple[str, int], threading.Lock] = {}

    def library(self, job_id: str, version: int, make: Callable[[], Library]) -> Library:
        """Made once, however many ask for it at the same time."""
        key = (job_id, version)
        with self._lock:
            found = self._libraries.get(key)
            if found is not None:
                self._libraries.move_to_end(key)
                return found
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                found = self._libraries.get(key)
            if found is None:
                found = make()
                self._keep(key, found)
        with self._lock:
            self._making.pop(key, None)
        return found

    def forget(self, job_id: str) -> None:
        """A job whose text must not be held any longer."""
        with self._lock:
            for key in [key for key in self._libraries if key[0] == job_id]:
                del self._libraries[key]

    def held(self) -> tuple[str, ...]:
        """Jobs whose text is in memory."""
        with self._lock:
            return tuple(dict.fromkeys(job_id for job_id, _ in self._libraries))

    def _keep(self, key: tuple[str, int], library: Library) -> None:
        with self._lock:
            for old in [old for old in self._libraries if old[0] == key[0]]:
                del self._libraries[old]
            self._libraries[key] = library
            while len(self._libraries) > 1 and self._pages() > self._most_pages:
                self._libraries.popitem(last=False)

    def _pages(self) -> int:
        return sum(len(library.pages) for library in self._libraries.values())
