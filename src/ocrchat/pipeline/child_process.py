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
from ocrchat.pipeline.patience import Patience

_WATCH_SECONDS = 0.25
"""Between two looks at a child's memory: at the rate at which a kernel hands out pages it gets some hundred MB."""

_TRANSFER_SECONDS = 30.0
"""For an answer that has begun to arrive: the largest page image takes less than one."""

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")

WORKING_ALONE = {
    # Pages run in parallel, not the work within one: more threads a page cost more than they bring, with Tesseract
    # eight times as much.
    "OMP_NUM_THREADS": "1",
    "OMP_THREAD_LIMIT": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # Each arena of glibc's allocator keeps its own free memory; one page at a time needs no more than two.
    "MALLOC_ARENA_MAX": "2",
    # Large pages for large blocks, where the kernel gives them: faults take a twentieth of the time otherwise.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}


class MemoryExceeded(Exception):
    """The child holds more memory than one page may take."""


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
        """Waits for an answer for so many seconds of work; watches over the child's memory meanwhile."""
        assert self._process.stdout is not None
        answers = self._process.stdout.fileno()
        patience = Patience(seconds, self._cpu_seconds)
        while not is_readable(answers, min(seconds, _WATCH_SECONDS)):
            if self._resident_bytes() > self._memory_bytes:
                raise MemoryExceeded
            if patience.is_over():
                raise DeadlinePassed
        return read_frame(answers, time.monotonic() + _TRANSFER_SECONDS)

    def _resident_bytes(self) -> int:
        try:
            return int(Path(f"/proc/{self._process.pid}/statm").read_bytes().split()[1]) * _PAGE_BYTES
        except (OSError, IndexError):  # gone, or a system without /proc: the cap on address space is left
            return 0

    def _cpu_seconds(self) -> float:
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_bytes().rpartition(b")")[2].split()
        except OSError:  # gone, or a system without /proc: then the clock alone decides
            return 0.0
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def note_done(self, header: Mapping[str, Any]) -> None:
        self._pages += 1
        # So much in use between two pages is a leak: the next large page would fail for it, or worse. OpenVINO
        # reserves address space for every new size of picture, and has been seen to read rubbish at the cap.
        self._worn = int(header.get("memory_bytes", 0)) > 0.75 * self._memory_bytes or (
            int(header.get("address_bytes", 0)) > 0.75 * address_limit(self._memory_bytes)
        )

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


def address_limit(memory_bytes: int) -> int:
    """The cap that the kernel holds. Libraries reserve much more than they touch (models' code, stacks, arenas), so
    what is touched is watched from outside, and this is the net below."""
    return 2 * memory_bytes


def _environment() -> dict[str, str]:
    home = str(Path(ocrchat.__file__).parents[1])
    path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH", ""))))
    return {**os.environ, **WORKING_ALONE, "PYTHONPATH": path}
