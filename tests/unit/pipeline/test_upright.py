"""Pages come upright with the real engine, whichever way they lie; photographs come out blank."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ocrchat.document.image import PageImage
from ocrchat.engines.models import cache_folder, models_folder
from ocrchat.engines.registry import load_engine
from ocrchat.engines.spec import Engine, EngineSettings
from ocrchat.errors import EngineUnavailable
from ocrchat.pipeline.readers import read_ink
from ocrchat.pipeline.upright import upright
from tests.pictures import blots, text_pixels

ENGLISH = ("All human beings are born free", "and equal in dignity and rights", "They are endowed with reason")


@pytest.fixture(scope="module")
def fast() -> Engine:
    return load_engine("fast", EngineSettings(models=models_folder(), cache=cache_folder()))


def _none_here() -> Engine:
    raise EngineUnavailable("The reader is not here; “install it”.")


class _Asked:
    """An orienter that counts how often it is asked, and is as wrong as it is told to be."""

    def __init__(self, answer: Callable[[PageImage], int]) -> None:
        self.times = 0
        self._answer = answer

    def find_rotation(self, page: PageImage) -> int:
        self.times += 1
        return self._answer(page)


def _with(engine: Engine, orienter: _Asked) -> Engine:
    return Engine(
        info=engine.info,
        finder=engine.finder,
        reader=engine.reader,
        orienter=orienter,
        script_finder=engine.script_finder,
    )


def _page(turns: int) -> PageImage:
    pixels = text_pixels(ENGLISH, size=(900, 300), height=40)
    return PageImage(pixels=np.ascontiguousarray(np.rot90(pixels, turns)), dpi=150)


def _read(page: PageImage, engine: Engine) -> tuple[PageImage, tuple[str, ...]]:
    standing, first = upright(page, engine, (), _none_here)
    ink = read_ink(standing, engine, (), _none_here, first)
    return standing, tuple(line.text for line in ink.lines)


def test_page_when_it_reads_well_then_stands_and_no_orienter_is_asked(fast: Engine) -> None:
    orienter = _Asked(lambda page: 180)
    standing, texts = _read(_page(0), _with(fast, orienter))
    assert (standing.rotation, orienter.times, texts) == (0, 0, ENGLISH)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_page_when_it_lies_otherwise_then_turned_and_read(fast: Engine, turns: int) -> None:
    standing, texts = _read(_page(turns), fast)
    assert (standing.rotation, texts) == (90 * turns, ENGLISH)


@pytest.mark.parametrize(("turns", "said"), [(1, 0), (1, 270), (3, 90)])
def test_page_on_its_side_when_the_orienter_is_wrong_then_tried_the_other_way(
    fast: Engine, turns: int, said: int
) -> None:
    standing, texts = _read(_page(turns), _with(fast, _Asked(lambda page: said)))
    assert (standing.rotation, texts) == (90 * turns, ENGLISH)


def test_photograph_when_read_then_no_lines_and_no_failure(fast: Engine) -> None:
    page = PageImage(pixels=blots(4, count=60, sizes=(4, 40), depth=90), dpi=96)
    assert _read(page, fast)[1] == ()


def test_a_page_on_its_head_when_the_orienter_misses_it_is_turned_all_the_same(fast: Engine) -> None:
    asked = _Asked(lambda _page: 0)
    standing, _ = upright(_page(2), _with(fast, asked), (), _none_here)
    assert standing.rotation == 180
    assert asked.times == 1
