"""One segment on its way, against a pool that answers when it is told to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

import pytest

from ocrchat.errors import ReadingCancelled
from ocrchat.jobs.places import Places
from ocrchat.jobs.segment_run import BATCH, QUICK_SECONDS, Answer, SegmentRun
from ocrchat.pipeline.frames import Frame
from ocrchat.pipeline.pool import Ticket


class _Desk:
    """Hands out tickets and keeps them, as a pool whose children take as long as the test wants."""

    def __init__(self, numbers: Sequence[int], places: Places, *, fails: bool = False) -> None:
        self.tickets: dict[int, Ticket] = {}
        self.settled: list[list[int]] = []
        self.cancelled: list[int] = []
        self.wanted = True
        self.fails = fails
        self.places = places
        self.run = SegmentRun(numbers=numbers, group="g", places=places, submit=self.submit, settle=self.settle)
        self.error: list[Exception] = []
        self.thread = threading.Thread(target=self._work)
        self.thread.start()

    def _work(self) -> None:
        try:
            self.run.run()
        except ValueError as error:
            self.error.append(error)

    def submit(self, number: int) -> Ticket:
        ticket = Ticket({"number": number})
        self.tickets[number] = ticket
        return ticket

    def settle(self, answers: Sequence[Answer]) -> bool:
        if self.fails:
            raise ValueError("the store is away")
        for number, ticket in answers:
            try:
                ticket.result()
            except ReadingCancelled:
                self.cancelled.append(number)
        self.settled.append([number for number, _ in answers])
        return self.wanted

    def start(self, number: int) -> None:
        self.until(lambda: number in self.tickets)
        self.tickets[number]._start()

    def answer(self, number: int, *, seconds: float = 1.0) -> None:
        self.start(number)
        self.tickets[number]._began = time.monotonic() - seconds
        self.tickets[number]._finish(Frame({}, b""))

    def until(self, is_so: Callable[[], object]) -> None:
        end = time.monotonic() + 10
        while not is_so():
            assert time.monotonic() < end
            time.sleep(0.005)

    def join(self) -> None:
        self.thread.join(10)
        assert not self.thread.is_alive()
        taken = []
        for _ in range(self.places.count):
            self.places.ask(self, "after", lambda: taken.append(1))
        assert len(taken) == self.places.count, "every place came back"


def test_run_when_pages_are_slow_then_each_is_settled_at_once_and_no_more_are_begun_than_there_are_places() -> None:
    desk = _Desk([1, 2, 3, 4], Places(2))
    desk.until(lambda: len(desk.tickets) == 2)
    desk.answer(2)
    desk.until(lambda: desk.settled == [[2]])
    desk.until(lambda: len(desk.tickets) == 3)
    for number in (1, 3, 4):
        desk.answer(number)
    desk.join()
    assert sorted(number for batch in desk.settled for number in batch) == [1, 2, 3, 4]


def test_run_when_pages_are_quick_then_they_are_settled_together() -> None:
    desk = _Desk(range(1, 2 * BATCH + 1), Places(2 * BATCH))
    desk.until(lambda: len(desk.tickets) == 2 * BATCH)
    for number in range(1, BATCH + 1):
        desk.answer(number, seconds=QUICK_SECONDS / 10)
    desk.until(lambda: desk.settled != [])
    assert len(desk.settled) <= 3
    desk.answer(BATCH + 1, seconds=QUICK_SECONDS / 10)
    desk.until(lambda: sum(map(len, desk.settled)) == BATCH + 1)  # it waits for others, but not for long
    for number in range(BATCH + 2, 2 * BATCH + 1):
        desk.answer(number)
    desk.join()


def test_run_when_withdrawn_then_it_ends_at_once() -> None:
    desk = _Desk([1, 2, 3], Places(2))
    desk.start(1)
    desk.until(lambda: len(desk.tickets) == 2)
    desk.run.withdraw()
    desk.tickets[1]._finish(Frame({}, b""))
    desk.join()
    assert 3 not in desk.tickets
    with pytest.raises(ReadingCancelled):
        desk.tickets[2].result()


def test_run_when_stopped_then_what_is_in_work_comes_to_its_end_and_the_rest_is_not_begun() -> None:
    desk = _Desk([1, 2, 3], Places(2))
    desk.start(1)
    desk.until(lambda: len(desk.tickets) == 2)
    desk.run.stop()
    desk.until(lambda: desk.cancelled == [2])
    assert desk.thread.is_alive()
    desk.answer(1)
    desk.join()
    assert [1] in desk.settled and 3 not in desk.tickets


def test_run_when_stopped_while_it_waits_for_a_place_then_it_ends_and_gives_it_back() -> None:
    places = Places(1)
    places.ask("other", "other", lambda: None)
    desk = _Desk([1], places)
    desk.until(lambda: places._waiting)
    desk.run.stop()
    places.give_back()
    desk.join()
    assert desk.tickets == {}


def test_run_when_the_rest_is_not_wanted_then_it_ends() -> None:
    desk = _Desk([1, 2, 3], Places(1))
    desk.wanted = False
    desk.answer(1)
    desk.join()
    assert desk.settled == [[1]] and 2 not in desk.tickets


def test_run_when_settling_fails_then_it_is_told_and_every_place_comes_back() -> None:
    desk = _Desk([1, 2, 3], Places(2), fails=True)
    desk.answer(1)
    desk.join()
    assert len(desk.error) == 1
