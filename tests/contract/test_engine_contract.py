"""Every engine against the contract that third parties are held to, and the contract against engines that break it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ocrchat.document.image import PageImage, Region
from ocrchat.document.model import Box, Line, Word
from ocrchat.engines import contract, null
from ocrchat.engines.models import cache_folder, models_folder
from ocrchat.engines.registry import BUILT_IN, load_engine
from ocrchat.engines.spec import Engine, EngineInfo, EngineSettings
from tests.pictures import text_pixels


@pytest.fixture(scope="module")
def page() -> PageImage:
    return PageImage(pixels=text_pixels(("The first of two lines", "and the second one")), dpi=150)


# Of what is brought by name nothing need be here: "ppocrv5" has its own tests, on files that they write.
@pytest.mark.parametrize("name", sorted(set(BUILT_IN) - {"ppocrv5"}))
def test_built_in_engine_keeps_the_contract(name: str, page: PageImage) -> None:
    contract.check(load_engine(name, EngineSettings(models=models_folder(), cache=cache_folder())), page)


INFO = EngineInfo(name="double", model="", version="1", licence="MIT", confidences=True, word_boxes=True)
BOX = Box(2, 2, 40, 20)
GOOD = Line(text="a word", box=BOX, words=(Word(text="word", box=BOX),), confidence=0.5, reader="double")


class _Finder:
    def find_lines(self, page: PageImage) -> Sequence[Region]:
        return [Region(box=BOX)] if page.pixels.min() < 128 else []


class _Reader:
    def __init__(self, read: Callable[[PageImage], Line | None]) -> None:
        self._read = read

    @property
    def info(self) -> EngineInfo:
        return INFO

    def read_lines(self, page: PageImage, regions: Sequence[Region], languages: Sequence[str]) -> Sequence[Line]:
        return [line for line in (self._read(page) for _ in regions) if line is not None]


def _engine(read: Callable[[PageImage], Line | None], **more: object) -> Engine:
    return replace(Engine(info=INFO, finder=_Finder(), reader=_Reader(read)), **more)  # type: ignore[arg-type]


def test_contract_when_an_engine_keeps_it_passes(page: PageImage) -> None:
    contract.check(_engine(lambda page: GOOD), page)


def _different_each_time() -> Callable[[PageImage], Line]:
    counter = iter(range(1000))
    return lambda page: replace(GOOD, confidence=next(counter) / 1000)


def _draws(page: PageImage) -> Line:
    page.pixels[0, 0] = 7
    return GOOD


@pytest.mark.parametrize(
    "read",
    [
        lambda page: None,
        lambda page: replace(GOOD, box=Box(-4, 2, 40, 20)),
        lambda page: replace(GOOD, reader=""),
        lambda page: replace(GOOD, confidence=None),
        lambda page: replace(GOOD, confidence=1.2),
        lambda page: replace(GOOD, words=()),
        lambda page: replace(GOOD, words=(Word(text=" word", box=BOX),)),
        lambda page: replace(GOOD, words=(Word(text="other", box=BOX),)),
        lambda page: replace(GOOD, words=(Word(text="word", box=Box(0, 0, 9999, 5)),)),
        _different_each_time(),
        _draws,
    ],
)
def test_contract_when_a_reader_breaks_it_fails(read: Callable[[PageImage], Line | None]) -> None:
    pixels = np.full((60, 120), 255, dtype=np.uint8)
    pixels[5:15, 5:60] = 30
    with pytest.raises(AssertionError):
        contract.check(_engine(read), PageImage(pixels=pixels, dpi=150))


def _null(**changes: object) -> Engine:
    info = replace(INFO, **changes)  # type: ignore[arg-type]
    return Engine(info=info, finder=null.NullFinder(), reader=null.NullReader())


@pytest.mark.parametrize(
    "engine",
    [
        Engine(info=INFO),
        Engine(info=replace(INFO, licence=""), finder=null.NullFinder(), reader=null.NullReader()),
        Engine(info=replace(INFO, scripts=frozenset({"latin"})), finder=null.NullFinder(), reader=null.NullReader()),
        Engine(
            info=replace(INFO, languages=frozenset({"English"})), finder=null.NullFinder(), reader=null.NullReader()
        ),
    ],
)
def test_contract_when_info_or_parts_are_wrong_fails(engine: Engine, page: PageImage) -> None:
    with pytest.raises(AssertionError):
        contract.check(engine, page)


def test_null_engine_when_asked_to_read_gives_an_empty_line_for_each_region(tmp_path: Path, page: PageImage) -> None:
    engine = null.load(EngineSettings(models=tmp_path, cache=tmp_path))
    assert engine.reader is not None
    assert [line.text for line in engine.reader.read_lines(page, [Region(box=BOX)] * 2, ())] == ["", ""]
