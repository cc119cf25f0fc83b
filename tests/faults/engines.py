"""Engines that do what engines must not: crash, hang, eat memory, lie. Each is told what to do by the page itself."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np

from ocrchat.document.image import PageImage, Region
from ocrchat.document.model import Box, Line
from ocrchat.engines.spec import Engine, EngineInfo, EngineSettings
from ocrchat.errors import EngineError

INFO = EngineInfo(name="fault", model="", version="1", licence="Apache-2.0", scripts=frozenset({"Latn"}))
WHOLE = Region(box=Box(1, 1, 20, 10))

_BAD_SHADE = 100
"""Pages whose first pixel is darker than this are the bad ones; the others are read as "good"."""


class _Finder:
    def find_lines(self, page: PageImage) -> Sequence[Region]:
        return (WHOLE,)


class _Reader:
    def __init__(self, misbehave: Callable[[], object]) -> None:
        self._misbehave = misbehave

    @property
    def info(self) -> EngineInfo:
        return INFO

    def read_lines(self, page: PageImage, regions: Sequence[Region], languages: Sequence[str]) -> Sequence[Line]:
        if page.pixels.reshape(-1)[0] < _BAD_SHADE:
            self._misbehave()
        return [Line(text=f"good {os.getpid()}", box=region.box, reader=INFO.name) for region in regions]


def _engine(misbehave: Callable[[], object]) -> Engine:
    return Engine(info=INFO, finder=_Finder(), reader=_Reader(misbehave))


def killed(settings: EngineSettings) -> Engine:
    return _engine(lambda: os.kill(os.getpid(), signal.SIGSEGV))


def killed_by_the_system(settings: EngineSettings) -> Engine:
    return _engine(lambda: os.kill(os.getpid(), signal.SIGKILL))


def hangs(settings: EngineSettings) -> Engine:
    return _engine(lambda: time.sleep(600))


def greedy(settings: EngineSettings) -> Engine:
    return _engine(lambda: bytearray(1 << 40))


def fills(settings: EngineSettings) -> Engine:
    """Takes memory and uses it, slowly enough to be seen and below the cap on address space."""

    def fill() -> None:
        held = np.ones(600 * 1024 * 1024, dtype=np.uint8)
        time.sleep(600)
        del held

    return _engine(fill)


def raises(settings: EngineSettings) -> Engine:
    def refuse() -> None:
        raise EngineError("The model has melted.")

    return _engine(refuse)


def defective(settings: EngineSettings) -> Engine:
    return _engine(lambda: dict[str, int]()["nothing"])


def noisy(settings: EngineSettings) -> Engine:
    """Prints onto the file descriptor that a careless protocol would use for its answers."""

    def print_much() -> None:
        os.write(1, b"libfoo: warning\n" * 100)
        sys.stdout.write("hello\n")
        sys.stdout.flush()

    return _engine(print_much)


def slow(settings: EngineSettings) -> Engine:
    """Every page takes a while, so that a test can act in the middle of one."""
    engine = _engine(lambda: None)
    found = _Finder.find_lines

    class Finder:
        def find_lines(self, page: PageImage) -> Sequence[Region]:
            time.sleep(0.5)
            return found(_Finder(), page)

    return Engine(info=INFO, finder=Finder(), reader=engine.reader)
