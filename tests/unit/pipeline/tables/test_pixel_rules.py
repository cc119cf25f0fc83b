from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ocrchat.document.image import PageImage
from ocrchat.document.model import Box
from ocrchat.document.rules import NO_RULES, Rules, joined_rules
from ocrchat.pipeline.tables.picture import Picture
from ocrchat.pipeline.tables.pixel_rules import pixel_rules
from tests.factories import line_at
from tests.pictures import text_pixels


def paper(width: int = 800, height: int = 600, shade: int = 255) -> npt.NDArray[np.uint8]:
    return np.full((height, width), shade, np.uint8)


def found_in(pixels: npt.NDArray[np.uint8]) -> Rules:
    return joined_rules(pixel_rules(PageImage(pixels=pixels, dpi=150), ()), aside=3, gap=10)


def test_rules_when_they_cross_then_each_is_found_where_it_is() -> None:
    pixels = paper()
    pixels[100:102, 50:750] = 0
    pixels[300:302, 50:750] = 0
    pixels[100:302, 400:402] = 0
    rules = found_in(pixels)
    assert [round(rule.top) for rule in rules.across] == [100, 300]
    (rule,) = rules.down
    assert rule.left == 400
    # Where it meets another one it is no thin piece any more.
    assert abs(rule.top - 100) <= 4
    assert abs(rule.bottom - 302) <= 4
    assert all(abs(rule.left - 50) <= 2 and abs(rule.right - 750) <= 2 for rule in rules.across)


def test_rules_when_they_are_light_or_on_colour_then_they_are_found() -> None:
    pixels = np.full((600, 800, 3), (255, 204, 153), np.uint8)
    pixels[200:202, 50:750] = (140, 30, 10)
    pixels[400:401, 50:750] = (200, 160, 120)
    assert len(found_in(pixels).across) == 2


def test_rule_when_it_runs_a_little_aslant_then_it_is_one() -> None:
    pixels = paper()
    for x in range(50, 750):
        pixels[300 + x // 200 : 302 + x // 200, x] = 0
    assert len(found_in(pixels).across) == 1


def test_page_when_it_is_large_then_places_are_those_of_its_own_pixels() -> None:
    pixels = paper(1600, 2400)
    pixels[1200:1204, 100:1500] = 0
    (rule,) = found_in(pixels).across
    assert abs(rule.top - 1200) <= 4
    assert abs(rule.right - 1500) <= 6


def test_fields_and_letters_are_no_rules() -> None:
    pixels = text_pixels(["Illinois HELLO fifty", "mmmmm EEEE HTML"], size=(800, 600)).copy()
    pixels[300:500, 100:700] = 0
    lines = [line_at("Illinois HELLO fifty", (10, 16, 500, 64)), line_at("mmmmm EEEE HTML", (10, 64, 500, 112))]
    assert pixel_rules(PageImage(pixels=pixels, dpi=150), lines) == NO_RULES


def test_strokes_when_they_lie_within_a_line_of_text_then_they_are_letters() -> None:
    pixels = paper()
    pixels[110:112, 100:200] = 0
    line = line_at("a dash", (90, 95, 210, 130))
    assert pixel_rules(PageImage(pixels=pixels, dpi=150), [line]) == NO_RULES


def test_picture_when_there_are_bars_among_the_words_then_it_is_drawn() -> None:
    pixels = paper()
    for at in range(6):
        pixels[100 + 40 * at : 500, 100 + 100 * at : 130 + 100 * at] = 40
        pixels[100 + 40 * at : 500 : 6, 100 + 100 * at : 130 + 100 * at] = 230
    page = PageImage(pixels=pixels, dpi=150)
    assert Picture(page, (), NO_RULES).is_drawn(Box(90, 90, 700, 510))
    assert not Picture(page, [line_at("words", (80, 80, 720, 520))], NO_RULES).is_drawn(Box(90, 90, 700, 510))
