"""The tests every engine must pass. Authors of engines run them too:

    from ocrchat.engines import contract

    def test_engine_keeps_the_contract(): contract.check(load(settings), page_with_text)

Plain assertions, no test framework needed.
"""

from __future__ import annotations

import threading
from dataclasses import fields
from re import compile as pattern

import numpy as np

from ocrchat.document.geometry import clip
from ocrchat.document.image import PageImage, Region
from ocrchat.document.model import Box, Line
from ocrchat.engines.spec import Engine, EngineInfo

_SCRIPT = pattern(r"[A-Z][a-z]{3}")
_LANGUAGE = pattern(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def check(engine: Engine, page: PageImage) -> None:
    """`page`: any page with a few lines that the engine should read."""
    check_info(engine.info)
    assert (engine.finder and engine.reader) or engine.page_reader, "an engine finds and reads lines, or reads pages"
    if engine.orienter is not None:
        assert engine.orienter.find_rotation(page) in (0, 90, 180, 270)
    if engine.finder is not None and engine.reader is not None:
        _check_lines(engine, page)


def check_info(info: EngineInfo) -> None:
    for field in fields(info):
        assert getattr(info, field.name) is not None, f"{field.name} is not told"
    assert info.name
    assert info.licence, "an SPDX expression: users must know what they may do with the weights"
    assert all(_SCRIPT.fullmatch(script) for script in info.scripts), "scripts are ISO 15924 codes"
    assert all(_LANGUAGE.fullmatch(language) for language in info.languages), "languages are BCP 47 tags"


def _check_lines(engine: Engine, page: PageImage) -> None:
    before = page.pixels.copy()
    regions, lines = _read(engine, page)
    assert len(lines) == len(regions), "one line a region, in the same order"
    for line in lines:
        _check_line(engine.info, line, page)
    assert _read(engine, page) == (regions, lines), "the same page gives the same lines"
    assert np.array_equal(before, page.pixels), "the page is not drawn upon"
    white = PageImage(pixels=np.full_like(page.pixels, 255), dpi=page.dpi)
    assert not _read(engine, white)[0], "white paper has no lines"
    assert _read(engine, page) == (regions, lines), "nothing of another page is kept"
    assert engine.reader is not None
    beside = Region(box=Box(page.width - 3.0, page.height - 3.0, page.width + 40.0, page.height + 9.0))
    assert len(engine.reader.read_lines(page, [beside], ())) == 1, "a region over the edge is read as far as it goes"
    assert list(engine.reader.read_lines(page, [], ())) == []
    _check_two_threads(engine, page, lines)


def _read(engine: Engine, page: PageImage) -> tuple[list[Region], list[Line]]:
    assert engine.finder is not None
    assert engine.reader is not None
    regions = list(engine.finder.find_lines(page))
    return regions, list(engine.reader.read_lines(page, regions, ()))


def _check_line(info: EngineInfo, line: Line, page: PageImage) -> None:
    assert line.reader, "who read a line is told"
    assert line.box == clip(line.box, width=page.width, height=page.height), "boxes lie on the page"
    for word in line.words:
        assert word.text == word.text.strip() != "", "a word has text and no space around it"
        assert word.box == clip(word.box, width=page.width, height=page.height), "boxes lie on the page"
        assert word.text in line.text
    for confidence in (line.confidence, *(word.confidence for word in line.words)):
        assert confidence is None or 0.0 <= confidence <= 1.0
    if info.confidences and line.text:
        assert line.confidence is not None
    if info.word_boxes and line.text.strip():
        assert line.words, "an engine that promises word boxes has them on every line"


def _check_two_threads(engine: Engine, page: PageImage, lines: list[Line]) -> None:
    """Options and pages of one call must not leak into another that runs beside it."""
    half = PageImage(pixels=np.ascontiguousarray(page.pixels[: page.height // 2]), dpi=page.dpi)
    alone = _read(engine, half)
    beside: list[tuple[list[Region], list[Line]]] = []
    thread = threading.Thread(target=lambda: beside.append(_read(engine, half)))
    thread.start()
    assert _read(engine, page)[1] == lines
    thread.join()
    assert beside == [alone]
