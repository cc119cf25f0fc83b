"""The engine read back what Pillow's own font draws."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocrchat.document.image import PageImage, Pixels, Region
from ocrchat.document.model import Box, Line
from ocrchat.engines.fast import load
from ocrchat.engines.fast.care import QUICK, Care, View, as_it_is, with_contrast
from ocrchat.engines.fast.recognize import CascadeReader
from ocrchat.engines.models import MODELS
from ocrchat.engines.spec import Engine, EngineSettings, StepwiseReader
from ocrchat.errors import EngineUnavailable, ModelInvalid
from tests.pictures import blots

TEXT = (
    "The quick brown fox jumps over the lazy dog.",
    "Invoice 4711 of 12 March, total 1,284.50",
    "Please pay within thirty days, thank you.",
)


def page_of(lines: Sequence[str], *, size: int = 30, width: int = 900, height: int = 600, gap: int = 60) -> PageImage:
    image = Image.new("L", (width, height), 250)
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        pen.text((60, 50 + number * gap), line, fill=20, font=ImageFont.load_default(size))
    return PageImage(pixels=np.array(image), dpi=150)


def read(engine: Engine, page: PageImage, languages: Sequence[str] = ()) -> list[Line]:
    assert engine.finder is not None
    assert engine.reader is not None
    return list(engine.reader.read_lines(page, engine.finder.find_lines(page), languages))


def test_reading_when_lines_are_drawn_then_read_back_in_order(engine: Engine) -> None:
    assert [line.text for line in read(engine, page_of(TEXT))] == list(TEXT)


def test_words_when_a_line_is_read_then_each_has_its_box_in_order_on_the_page(engine: Engine) -> None:
    page = page_of(TEXT)
    for line in read(engine, page):
        assert " ".join(word.text for word in line.words) == line.text
        for word in line.words:
            assert 0 <= word.box.left < word.box.right <= page.width
            assert 0 <= word.box.top < word.box.bottom <= page.height
        assert [word.box.left for word in line.words] == sorted(word.box.left for word in line.words)


def test_confidence_when_print_is_clean_then_high_and_within_bounds(engine: Engine) -> None:
    for line in read(engine, page_of(TEXT)):
        assert line.confidence is not None
        assert 0.85 < line.confidence <= 1.0


def test_reading_when_repeated_then_the_same(engine: Engine) -> None:
    page = page_of(TEXT)
    assert read(engine, page) == read(engine, page)


@pytest.mark.parametrize("view", [as_it_is, with_contrast])
def test_reading_when_the_print_is_poor_then_the_small_recogniser_reads_it(engine: Engine, view: View) -> None:
    assert isinstance(engine.reader, CascadeReader)
    care = Care(sure=2.0, sure_if_long=2.0, narrows=False, view=view)
    careful = replace(engine, reader=engine.reader.with_care(care, engine.info))
    assert [line.text for line in read(careful, page_of(TEXT))] == list(TEXT)


def test_reading_when_nothing_is_text_then_hardly_a_blot_is_read_twice(engine: Engine) -> None:
    assert isinstance(engine.reader, CascadeReader)
    twice: list[int] = []

    def counted(pixels: Pixels) -> Pixels:
        twice.append(pixels.shape[1])
        return pixels

    page = PageImage(pixels=blots(7, count=90, sizes=(2, 14), depth=110), dpi=96)
    regions = [Region(box=Box(x, y, x + 60, y + 24)) for y in range(0, 330, 30) for x in range(0, 420, 70)]
    careful = engine.reader.with_care(replace(QUICK, view=counted), engine.info)
    assert len(careful.read_lines(page, regions, ())) == len(regions)
    assert len(twice) <= len(regions) // 8


def test_contrast_when_ink_is_faint_then_it_becomes_black_and_paper_white() -> None:
    faint = np.full((48, 100), 200, np.uint8)
    faint[20:30, 40:60] = 150
    seen = with_contrast(faint)
    assert (int(seen[25, 50]), int(seen[0, 0])) == (0, 255)
    assert with_contrast(np.full((48, 100), 200, np.uint8)).shape == (48, 100)


def test_words_when_a_line_is_read_then_their_boxes_hold_the_ink(engine: Engine) -> None:
    page = page_of(TEXT[:1])
    (line,) = read(engine, page)
    inked = np.flatnonzero((page.pixels < 128).any(axis=0))
    assert inked[0] - 4 < line.words[0].box.left <= inked[0]
    assert inked[-1] + 1 <= line.words[-1].box.right < inked[-1] + 5
    for word in line.words:
        left, right = round(word.box.left), round(word.box.right)
        for edge in (left, right):
            assert (page.pixels[:, edge - 3 : edge + 3] < 128).any()


def test_reading_when_asked_in_two_calls_then_the_later_lines_are_read_by_what_the_first_showed(
    engine: Engine,
) -> None:
    assert engine.finder is not None
    reader: object = engine.reader
    assert isinstance(reader, StepwiseReader)
    page = page_of((*TEXT, *TEXT))
    regions = engine.finder.find_lines(page)
    read_regions = reader.of_page(page, ())
    texts = [line.text for line in (*read_regions(regions[:4]), *read_regions(regions[4:]))]
    assert texts == [*TEXT, *TEXT]


def test_finding_when_margins_are_wide_then_the_same_lines_in_their_place(engine: Engine) -> None:
    assert engine.finder is not None
    page = page_of(TEXT)
    wide = np.full((1400, 1600), 250, np.uint8)
    wide[500:1100, 400:1300] = page.pixels
    found = engine.finder.find_lines(PageImage(pixels=wide, dpi=150))
    assert len(found) == len(TEXT)
    assert abs(found[0].box.left - 460) < 12
    assert abs(found[0].box.bottom - 585) < 16


def test_reading_when_a_region_shows_blank_paper_then_no_words(engine: Engine) -> None:
    assert engine.reader is not None
    page = PageImage(pixels=np.full((200, 400), 255, np.uint8), dpi=150)
    (line,) = engine.reader.read_lines(page, [Region(box=Box(20, 20, 300, 60))], ())
    assert line.text == ""
    assert line.words == ()
    assert line.confidence == 0


def test_reading_when_languages_are_named_then_the_same_text(engine: Engine) -> None:
    for languages in (("en",), ("zh",), ("en", "zh-Hans")):
        assert [line.text for line in read(engine, page_of(TEXT), languages)] == list(TEXT)


def test_finding_when_the_page_is_empty_then_no_regions(engine: Engine) -> None:
    assert engine.finder is not None
    for value in (0, 128, 255):
        assert engine.finder.find_lines(PageImage(pixels=np.full((700, 500), value, np.uint8), dpi=150)) == []


def test_finding_when_the_page_is_one_pixel_then_no_regions(engine: Engine) -> None:
    assert engine.finder is not None
    assert engine.finder.find_lines(PageImage(pixels=np.full((1, 1), 255, np.uint8), dpi=72)) == []


def test_reading_when_the_page_is_colour_then_as_in_grey(engine: Engine) -> None:
    grey = page_of(TEXT)
    colour = PageImage(pixels=np.ascontiguousarray(np.repeat(grey.pixels[..., None], 3, axis=2)), dpi=150)
    assert [line.text for line in read(engine, colour)] == list(TEXT)


def test_reading_when_a_region_lies_outside_then_an_empty_line_in_its_place(engine: Engine) -> None:
    assert engine.reader is not None
    page = page_of(TEXT)
    outside = Region(box=Box(5000, 5000, 5100, 5030))
    first = Region(box=Box(50, 40, 760, 95))
    lines = engine.reader.read_lines(page, [outside, first], ())
    assert [line.text for line in lines] == ["", TEXT[0]]


def test_reading_when_the_page_is_skewed_then_still_read(engine: Engine) -> None:
    straight = Image.fromarray(page_of(TEXT).pixels)
    skewed = PageImage(pixels=np.array(straight.rotate(4, fillcolor=250)), dpi=150)
    lines = read(engine, skewed)
    assert [line.text for line in lines] == list(TEXT)
    assert all(len(line.outline) == 4 for line in lines)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_orienting_when_the_page_is_turned_then_says_how_to_set_it_upright(engine: Engine, turns: int) -> None:
    assert engine.orienter is not None
    page = page_of(TEXT * 6, width=800, height=1100, gap=55)
    turned = np.ascontiguousarray(np.rot90(page.pixels, turns))
    assert engine.orienter.find_rotation(PageImage(pixels=turned, dpi=150)) == turns * 90


def test_orienting_when_there_is_no_text_then_leaves_the_page(engine: Engine) -> None:
    assert engine.orienter is not None
    assert engine.orienter.find_rotation(PageImage(pixels=np.full((400, 300), 255, np.uint8), dpi=150)) == 0


def test_loading_when_weights_are_missing_then_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match="ocrchat models pull"):
        load(EngineSettings(models=tmp_path, cache=tmp_path / "cache"))


def test_loading_when_weights_are_damaged_then_refused(tmp_path: Path) -> None:
    for model in MODELS:
        (tmp_path / model.name).write_bytes(b"\0" * model.size_bytes)
    with pytest.raises(ModelInvalid):
        load(EngineSettings(models=tmp_path, cache=tmp_path / "cache"))


def test_loading_when_done_then_nothing_that_reports_home_is_loaded(engine: Engine) -> None:
    assert not [name for name in sys.modules if name.startswith("openvino") and "telemetry" in name]
