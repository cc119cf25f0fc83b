"""What a reader costs: core-seconds and memory of its whole process tree, seen from outside through /proc.

Core-seconds are user plus system time of every live process of the tree and of every child it has already buried, so
threads and helper processes count alike and the number of cores does not matter. Unit of the kernel's counts: 10 ms.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
# Ten times a second, looking took a sixth of a core from those looked at (summing up a gigabyte's pages is dear).
# A peak that is shorter than this can be missed in the tree's sum, not in a single process: the kernel keeps that.
SAMPLE_SECONDS = 0.25

_PROC = Path("/proc")


def tree_of(root: int) -> list[int]:
    """The process and all its living descendants."""
    children: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        found.append(process)
        waiting += children.get(process, [])
    return found


def tree_cpu_seconds(root: int) -> float:
    ticks = 0
    for process in tree_of(root):
        if fields := _stat(process):
            # utime, stime, and the same of children waited for
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / _TICKS


def tree_memory(root: int) -> dict[int, tuple[int, int]]:
    """By process, in bytes: its proportional share now (its own pages, and shared ones divided among those that share
    them: the shares add up to what the tree takes from the machine) and the most it was ever resident with."""
    memory = {}
    for process in tree_of(root):
        with suppress(OSError):
            memory[process] = (_bytes_of(process, "smaps_rollup", "Pss:"), _bytes_of(process, "status", "VmHWM:"))
    return {process: shares for process, shares in memory.items() if any(shares)}


def _bytes_of(process: int, file: str, name: str) -> int:
    """Zero for a process that has ended and is not yet buried."""
    for line in (_PROC / str(process) / file).read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    return 0


def _stat(process: int) -> list[str]:
    """The fields of /proc/N/stat after the name: state is 0, parent 1; empty when the process has gone."""
    try:
        text = (_PROC / str(process) / "stat").read_text()
    except OSError:
        return []
    # The name may hold spaces and brackets of its own.
    return text.rpartition(")")[2].split()


@dataclass
class Peaks:
    tree_bytes: int = 0
    """Highest sum of proportional shares seen at one time."""
    child_bytes: int = 0
    """The most any one process below the root was ever resident with."""
    curve: list[tuple[float, int]] = field(default_factory=list)
    """Seconds since the watch began, and the tree's bytes."""

    def add(self, seconds: float, root: int, memory: dict[int, tuple[int, int]]) -> None:
        total = sum(share for share, _ in memory.values())
        self.tree_bytes = max(self.tree_bytes, total)
        below = [highest for process, (_, highest) in memory.items() if process != root]
        self.child_bytes = max([self.child_bytes, *below])
        self.curve.append((seconds, total))


@contextmanager
def watched(root: int, *, every_seconds: float = SAMPLE_SECONDS) -> Iterator[Peaks]:
    """Samples the memory of a tree while the block runs. Reading the shares of a large process takes the kernel some
    milliseconds and holds its memory lock, so timings are not taken finer than this."""
    peaks = Peaks()
    done = threading.Event()
    began = time.monotonic()

    def sample() -> None:
        while True:
            peaks.add(time.monotonic() - began, root, tree_memory(root))
            if done.wait(every_seconds):
                return

    sampler = threading.Thread(target=sample, daemon=True)
    sampler.start()
    try:
        yield peaks
    finally:
        done.set()
        sampler.join()


@dataclass(frozen=True, kw_only=True)
class Spent:
    cpu_seconds: float
    wall_seconds: float


class Meter:
    """Reads the clock of a tree twice. The tree should be at rest at both times, or what it still does is counted to
    the next reading."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._cpu = tree_cpu_seconds(root)
        self._wall = time.monotonic()

    def read(self) -> Spent:
        return Spent(
            cpu_seconds=tree_cpu_seconds(self._root) - self._cpu,
            wall_seconds=time.monotonic() - self._wall,
        )
