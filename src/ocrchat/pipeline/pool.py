"""Our own worker processes: one page each at a time, with a time limit and a memory limit.

The standard library's process pool fails a neighbour's page when one child dies, and cannot kill one that hangs.
Here a child that dies or hangs costs the page it held one retry in a fresh child, and nothing else. A slot is a thread
of the parent that owns at most one child; tasks wait in one queue before all slots, which serves those who share the
pool in turns.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

from ocrchat.errors import EngineUnavailable, OCRChatError, PageCrashed, PageOutOfMemory, PageTimeout, ReadingCancelled
from ocrchat.pipeline.child_process import ChildProcess, ChildSetup, MemoryExceeded
from ocrchat.pipeline.frames import DeadlinePassed, Frame, PipeClosed
from ocrchat.pipeline.told import error_from_header
from ocrchat.pipeline.turns import TurnQueue

PAGES_PER_CHILD = 200
"""A child is replaced after so many pages: native libraries keep what they once took."""

_log = logging.getLogger("ocrchat.pool")
_log.addHandler(logging.NullHandler())  # a library speaks through its errors; who wants its log asks for it


class Ticket:
    """The answer to come."""

    def __init__(self, task: Mapping[str, Any]) -> None:
        self.task = task
        self._answer: Future[Frame] = Future()
        self._lock = threading.Lock()
        self._child: ChildProcess | None = None
        self._started = False
        self._withdrawn = False
        self._began = 0.0
        self.seconds = 0.0
        """In its slot, when it is done."""

    def result(self, timeout: float | None = None) -> Frame:
        """Raises what the child said was wrong, or ReadingCancelled."""
        return self._answer.result(timeout)

    def done(self) -> bool:
        return self._answer.done()

    def when_done(self, call: Callable[[Ticket], None]) -> None:
        """From the slot's thread, which waits meanwhile; at once where the answer is there."""
        self._answer.add_done_callback(lambda _: call(self))

    def cancel(self) -> None:
        """Frees the slot at once, also while its child is at work on this."""
        with self._lock:
            self._withdrawn = True
            if self._child is not None:
                self._child.kill()
            elif not self._started and not self._answer.done():
                self._answer.set_exception(_cancelled())

    def cancel_if_waiting(self) -> None:
        """Leaves it alone once a slot has taken it."""
        with self._lock:
            if self._started or self._answer.done():
                return
            self._withdrawn = True
            self._answer.set_exception(_cancelled())

    def _start(self) -> bool:
        with self._lock:
            self._started = not self._withdrawn
            self._began = time.monotonic()
            return self._started

    def _hold(self, child: ChildProcess | None) -> None:
        with self._lock:
            self._child = None if self._withdrawn else child
            if self._withdrawn:
                raise _cancelled()

    def _finish(self, outcome: Frame | OCRChatError) -> None:
        with self._lock:
            self._child = None  # the slot goes on with it: a late cancel must not kill another page's child
        self.seconds = time.monotonic() - self._began
        if isinstance(outcome, Frame):
            self._answer.set_result(outcome)
        else:
            self._answer.set_exception(_cancelled() if self._withdrawn else outcome)


class WorkerPool:
    """Children start when the first task needs one. Close it, or use it as a context manager."""

    def __init__(self, *, slots: int, setup: ChildSetup) -> None:
        self.slots = slots
        self.engines = setup.engines
        self._tasks: TurnQueue[Ticket] = TurnQueue()
        self._open_tickets: set[Ticket] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._serve, args=(_Slot(setup),), name=f"ocrchat-slot-{number}", daemon=True)
            for number in range(1, slots + 1)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, task: Mapping[str, Any], *, group: str = "") -> Ticket:
        """Groups (accounts, say) are served in turns: one with a thousand pages delays another's by one."""
        ticket = Ticket(task)
        with self._lock:
            if self._closed:
                raise ReadingCancelled("The program is stopping: nothing more is read.")
            self._open_tickets.add(ticket)
        self._tasks.put(ticket, group)
        return ticket

    def close(self) -> None:
        """Ends every child at once. Answers not yet given end in ReadingCancelled."""
        with self._lock:
            self._closed = True
            tickets = list(self._open_tickets)
        for ticket in tickets:
            ticket.cancel()
        self._tasks.close()
        for thread in self._threads:
            thread.join()

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _serve(self, slot: _Slot) -> None:
        while (ticket := self._tasks.get()) is not None:
            if ticket._start():
                slot.answer(ticket)
            with self._lock:
                self._open_tickets.discard(ticket)
            del ticket  # it holds a page, and the next task may be long in coming
        slot.discard()


class _Slot:
    """At most one child, replaced when it is worn or broken."""

    def __init__(self, setup: ChildSetup) -> None:
        self._setup = setup
        self._child: ChildProcess | None = None

    def answer(self, ticket: Ticket) -> None:
        outcome: Frame | OCRChatError
        try:
            outcome = self._try_twice(ticket)
        except OCRChatError as error:
            outcome = error
        except Exception as error:  # noqa: BLE001  a slot that dies would leave every later page waiting for ever
            _log.exception("slot_failed")
            self.discard()
            outcome = EngineUnavailable(f"No process could be started to read with ({type(error).__name__}).")
        ticket._finish(outcome)
        if self._child is not None and self._child.is_worn(PAGES_PER_CHILD):
            self.discard()

    def discard(self) -> None:
        if self._child is not None:
            self._child.discard()
        self._child = None

    def _try_twice(self, ticket: Ticket) -> Frame:
        try:
            return self._try(ticket)
        except _Broken:
            self.discard()
        try:
            return self._try(ticket)
        except _Broken as broken:
            self.discard()
            raise broken.told from None

    def _try(self, ticket: Ticket) -> Frame:
        ticket._hold(None)
        if self._child is None:
            self._child = ChildProcess(self._setup)
        ticket._hold(self._child)
        seconds = float(ticket.task.get("open_seconds", 30.0))
        number = ticket.task.get("number")
        try:
            self._child.send(ticket.task)
            while "stage_seconds" in (frame := self._child.receive(seconds)).header:
                seconds = float(frame.header["stage_seconds"])
        except MemoryExceeded:
            raise _Broken(_greedy(number)) from None
        except DeadlinePassed:
            raise _Broken(_timeout(number, seconds)) from None
        except (PipeClosed, ValueError):
            raise _Broken(_crash(number, self._child.exit_status())) from None
        if "defect" in frame.header:
            _log.error("page_defect %s", frame.header["defect"], extra={"where": frame.header["defect"]})
        if "error" in frame.header:
            error = error_from_header(frame.header["error"])
            # Out of memory may be the fault of what earlier pages left behind: a fresh child tries once more.
            raise _Broken(error) if isinstance(error, PageOutOfMemory) else error
        self._child.note_done(frame.header)
        return frame


class _Broken(OCRChatError):
    """The child is not to be used again; `told` is what the caller hears when a fresh one fares no better."""

    def __init__(self, told: OCRChatError) -> None:
        super().__init__(told.message)
        self.told = told


def _cancelled() -> ReadingCancelled:
    return ReadingCancelled("The reading was cancelled.")


def _where(number: object) -> str:
    return f"Page {number}" if number else "The file"


def _timeout(number: object, seconds: float) -> PageTimeout:
    return PageTimeout(
        f"{_where(number)} took longer than {seconds:.0f} seconds and was given up, twice. "
        "Send it at a lower resolution, or allow more time."
    )


def _greedy(number: object) -> PageOutOfMemory:
    return PageOutOfMemory(f"{_where(number)} needs more memory than one page may take. Try a smaller image.")


def _crash(number: object, status: int | None) -> PageCrashed | PageOutOfMemory:
    if status == -9:  # the kernel's own choice when memory runs out; our limit would have been told
        return PageOutOfMemory(f"{_where(number)} needs more memory than this machine has free. Try a smaller image.")
    return PageCrashed(
        f"{_where(number)} made the program that opens it crash, twice: the file is damaged there. "
        "Try saving it anew with another program."
    )


def default_slots() -> int:
    """One page a core: engines use one thread each."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:  # not on every system
        return max(1, os.cpu_count() or 1)
