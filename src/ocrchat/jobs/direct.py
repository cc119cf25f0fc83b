"""Small jobs, read by the process that took them, without a turn through a queue.

Until such a job ends its row names the process; when that dies, the keeper of another one puts the job on a queue.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ocrchat.jobs.reading import Segment

INLINE_PAGES = 5
"""Jobs of at most so many pages are small: answered within the request, where they are read in time."""

_ROOM = 16
"""Jobs at once, beyond which they queue like others: each takes a thread, and the pool reads them in turns."""

_log = logging.getLogger("ocrchat.jobs")


class DirectRuns:
    def __init__(self, run: Callable[[Segment], bool]) -> None:
        self._run = run
        self._room = threading.BoundedSemaphore(_ROOM)
        self._threads = ThreadPoolExecutor(_ROOM, thread_name_prefix="ocrchat-direct")

    def reserve(self) -> bool:
        """Whether there is room for one more; `start` or `release` MUST follow."""
        return self._room.acquire(blocking=False)

    def release(self) -> None:
        self._room.release()

    def start(self, segment: Segment) -> None:
        self._threads.submit(self._read, segment)

    def close(self) -> None:
        """When the reader has been stopped."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _read(self, segment: Segment) -> None:
        try:
            self._run(segment)
        except Exception:  # noqa: BLE001  the job is found again by the keeper, as its row still names this process
            _log.exception("direct_run_failed job=%s", segment.job_id)
        finally:
            self._room.release()
