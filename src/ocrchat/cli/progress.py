"""How far reading has come, on one line of the terminal; silent where nobody watches."""

from __future__ import annotations

import sys
import time

_WIDTH = 24
_SECONDS_BETWEEN = 0.1


class Progress:
    def __init__(self, *, quiet: bool = False) -> None:
        self._shown = not quiet and sys.stderr.isatty()
        self._started = time.monotonic()
        self._last = 0.0
        self._pages = 0
        self._name = ""
        self._done = 0
        self._total = 0

    def begin(self, name: str, total: int) -> None:
        self._name, self._done, self._total = name, 0, total
        self._draw(force=True)

    def page_done(self) -> None:
        self._pages += 1
        self._done += 1
        self._draw(force=self._done == self._total)

    def clear(self) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def say(self, text: str) -> None:
        self.clear()
        sys.stderr.write(f"{text}\n")
        self._draw(force=True)

    def _draw(self, *, force: bool) -> None:
        now = time.monotonic()
        if not self._shown or not self._total or (not force and now - self._last < _SECONDS_BETWEEN):
            return
        self._last = now
        filled = _WIDTH * self._done // self._total
        rate = self._pages / max(1e-3, now - self._started)
        bar = "█" * filled + "░" * (_WIDTH - filled)
        sys.stderr.write(f"\r\x1b[K{bar} {self._done}/{self._total} pages  {rate:.1f}/s  {self._name}")
        sys.stderr.flush()
