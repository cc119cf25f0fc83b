"""The parent's hand on one child: start, talk, kill. Used by one slot at a time; `kill` from any thread."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ocrchat
from ocrchat.pipeline.frames import DeadlinePassed, Frame, is_readable, read_frame, write_frame

_CROWD = 5
"""How many times a limit may be stretched on a busy machine."""

_TRANSFER_SECONDS = 30.0
"""For an answer that has begun to arrive: the largest page image takes less than one."""

_TICKS = os.sysconf("SC_CLK_TCK")

_ONE_THREAD = {
    # Pages run in parallel, not the work within one: more threads a page cost more than they bring, with Tesseract
    # eight times as much.
    "OMP_NUM_THREADS": "1",
    "OMP_THREAD_LIMIT": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # Each arena of glibc's allocator keeps its own free memory; one page at a time needs no more than two.
    "MALLOC_ARENA_MAX": "2",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ChildSetup:
    """What every child of a pool is told before its first task."""

    memory_bytes: int
    models: Path
    cache: Path
    engines: Mapping[str, str] = field(default_factory=dict)
    """Engine name → "module:factory", beyond the built-in ones."""


class ChildProcess:
    def __init__(self, setup: ChildSetup) -> None:
        self._pages = 0
        self._worn = False
        self._kill_lock = threading.Lock()
        self._memory_bytes = setup.memory_bytes
        # -P: the folder the user stands in must not be able to stand in for a module. A session of its own keeps the
        # terminal's Ctrl-C to the parent, which then ends its children in order.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "ocrchat.pipeline.child", str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get("OCRCHAT_CHILD_ERRORS") else subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,
            bufsize=0,
        )
        self.send(
            {
                "memory_bytes": setup.memory_bytes,
                "models": str(setup.models),
                "cache": str(setup.cache),
                "engines": dict(setup.engines),
            }
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, message: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        write_frame(self._process.stdin.fileno(), dict(message))

    def receive(self, seconds: float) -> Frame:
        """Waits so long for an answer. The limit is meant for work, not for waiting in a crowd: as long as the child
        is kept from its share of the processor it is given up to five times as long."""
        assert self._process.stdout is not None
        answers = self._process.stdout.fileno()
        started, worked_before = time.monotonic(), self._cpu_seconds()
        worked, patience = 0.0, seconds
        while not is_readable(answers, patience):
            worked, earlier = self._cpu_seconds() - worked_before, worked
            waited = time.monotonic() - started
            hangs = worked - earlier < 0.02 * patience
            if hangs or worked > 0.8 * seconds or waited > _CROWD * seconds:
                raise DeadlinePassed
            patience = max(0.2 * seconds, seconds - worked)
        return read_frame(answers, time.monotonic() + _TRANSFER_SECONDS)

    def _cpu_seconds(self) -> float:
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_bytes().rpartition(b")")[2].split()
        except OSError:  # gone, or a system without /proc: then the clock alone decides
            return 0.0
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def note_done(self, header: Mapping[str, Any]) -> None:
        self._pages += 1
        # Half of the limit in use between two pages is a leak: the next large page would fail for it.
        self._worn = int(header.get("memory_bytes", 0)) > self._memory_bytes // 2

    def is_worn(self, pages_per_child: int) -> bool:
        return self._worn or self._pages >= pages_per_child or self._process.poll() is not None

    def exit_status(self) -> int | None:
        try:
            return self._process.wait(timeout=5.0)
        except subprocess.TimeoutExpired:
            return None

    def kill(self) -> None:
        with self._kill_lock:
            if self._process.poll() is None:
                self._process.kill()
            self._process.wait()

    def discard(self) -> None:
        """Only by the thread that talks to the child: another might close a pipe under its reading."""
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def _environment() -> dict[str, str]:
    home = str(Path(ocrchat.__file__).parents[1])
    path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH", ""))))
    return {**os.environ, **_ONE_THREAD, "PYTHONPATH": path}
