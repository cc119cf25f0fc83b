"""A worker process: answers one task after the other until its parent goes away.

All native code of the product runs here, and only here.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import signal
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ocrchat.errors import OCRChatError, PageDamaged, PageOutOfMemory
from ocrchat.pipeline.child_process import address_limit
from ocrchat.pipeline.frames import PipeClosed, read_frame, write_frame
from ocrchat.pipeline.tasks import Worker
from ocrchat.pipeline.told import header_from_error

_PR_SET_PDEATHSIG = 1
_EXIT_OUT_OF_MEMORY = 3

_WORTH_TIDYING = 256 << 20
"""Bytes in use from which on small blocks that a page left behind are looked for: it takes a thousandth of a second and
gives back some 15 MB."""


def main() -> None:
    _die_with_parent(int(sys.argv[1]))
    tasks, answers = _take_pipes()
    try:
        setup = read_frame(tasks).header
        _cap_memory(address_limit(int(setup["memory_bytes"])))
        # A page is some thousand small values and no circles: looking for circles after every 700 of them cost a
        # seventh of a born-digital page's time.
        gc.set_threshold(50_000, 20, 50)
        worker = Worker(setup, announce=lambda seconds: write_frame(answers, {"stage_seconds": seconds}))
        while True:
            _answer(worker, read_frame(tasks).header, answers)
    except PipeClosed:
        os._exit(0)  # the parent is gone or done with us; native libraries' own farewells can only hang


def _answer(worker: Worker, task: Mapping[str, Any], answers: int) -> None:
    number = task.get("number")
    where = f"Page {number}" if number else "The file"
    try:
        header, payload = worker.run(task)
    except OCRChatError as error:
        write_frame(answers, {"error": header_from_error(error)})
    except MemoryError:
        limit = f"{worker.memory_bytes // 1024 // 1024} MB"
        greedy = PageOutOfMemory(f"{where} needs more than the {limit} of memory that one page may take.")
        write_frame(answers, {"error": header_from_error(greedy)})
        os._exit(_EXIT_OUT_OF_MEMORY)
    except Exception as error:  # noqa: BLE001  the last net: a defect of ours costs this page, not the process
        told = PageDamaged(f"{where} could not be read: something in it is not as it should be.")
        write_frame(answers, {"error": header_from_error(told), "defect": _place_of(error)})
    else:
        memory = _memory_in_use()
        write_frame(answers, {**header, **memory}, payload)
        if memory.get("memory_bytes", 0) > _WORTH_TIDYING:
            _tidy_memory()


def _tidy_memory() -> None:
    with suppress(OSError, AttributeError):  # another C library than glibc
        ctypes.CDLL(None).malloc_trim(0)


def _take_pipes() -> tuple[int, int]:
    """Keeps the pipes for us alone: a library that prints would otherwise speak into the answers."""
    tasks, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return tasks, answers


def _die_with_parent(parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we asked
        os._exit(0)


def _cap_memory(limit: int) -> None:
    """Of address space: what a library asks for beyond it fails in that library, not somewhere else on the machine."""
    with suppress(ValueError, OSError):  # a lower hard limit is set already: then that one holds
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold the document


def _place_of(error: Exception) -> str:
    """For the log: what and where, without the error's own text, which may quote the document."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return f"{type(error).__name__} at " + " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))


def _memory_in_use() -> dict[str, int]:
    try:
        address, resident = Path("/proc/self/statm").read_text("ascii").split()[:2]
    except OSError:
        return {}
    return {
        "memory_bytes": int(resident) * resource.getpagesize(),
        "address_bytes": int(address) * resource.getpagesize(),
    }


if __name__ == "__main__":
    main()
