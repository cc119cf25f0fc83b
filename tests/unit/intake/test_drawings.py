"""Pictures and charts among text, by what a small picture of the page shows."""

from __future__ import annotations

import cv2
import numpy as np

from ocrchat.document.geometry import contains, union
from ocrchat.document.image import Pixels
from ocrchat.document.model import Box
from ocrchat.intake.drawings import drawn_areas
from ocrchat.intake.ink import ink_of

LINES = [Box(50, 40 + 20 * row, 360, 50 + 20 * row) for row in range(8)]


def _paper() -> Pixels:
    """413 × 584 is A4 as ink is looked at; lines are drawn as bars of words."""
    page = np.full((584, 413), 255, np.uint8)
    for line in LINES:
        for left in range(50, 350, 30):
            cv2.rectangle(page, (left, int(line.top)), (left + 22, int(line.bottom)), 60, -1)
    return page


def _found(page: Pixels, lines: list[Box], pictures: tuple[Box, ...] = ()) -> tuple[Box, ...]:
    return drawn_areas(ink_of(page, 1.0), lines, pictures)


def _with_chart(page: Pixels) -> Pixels:
    for bar, height in enumerate((60, 110, 80, 130)):
        left = 90 + 50 * bar
        page[430 - height : 430, left : left + 30] = np.indices((height, 30)).sum(axis=0) % 6 * 40
    cv2.rectangle(page, (70, 280), (320, 431), 0, 1)
    return page


def test_drawn_areas_when_there_is_only_text_and_a_rule_is_none() -> None:
    page = _paper()
    cv2.line(page, (50, 300), (360, 300), 0, 1)
    assert _found(page, LINES) == ()


def test_drawn_areas_when_there_is_a_chart_is_one_with_its_frame() -> None:
    (chart,) = _found(_with_chart(_paper()), LINES)
    assert contains(chart, Box(72, 282, 318, 428))
    assert not any(chart.top < line.bottom for line in LINES)


def test_drawn_areas_when_the_page_is_scaled_are_in_the_pixels_of_its_lines() -> None:
    page = _with_chart(_paper())
    lines = [Box(*(4 * side for side in line)) for line in LINES]
    (chart,) = drawn_areas(ink_of(page, 0.25), lines)
    assert contains(chart, Box(4 * 72, 4 * 282, 4 * 318, 4 * 428))


def test_drawn_areas_when_prose_stands_on_a_pattern_is_none() -> None:
    page = _paper()
    around = union(LINES)
    texture = np.indices(page.shape).sum(axis=0) % 5 * 30
    view = (slice(int(around.top) - 10, int(around.bottom) + 10), slice(40, 370))
    page[view] = np.minimum(page[view], 255 - texture[view])
    assert _found(page, LINES) == ()


def test_drawn_areas_when_the_page_lies_on_something_is_none() -> None:
    page = _paper()
    grain = np.indices(page.shape).sum(axis=0) % 4 * 60
    edge = np.ones(page.shape, bool)
    edge[14:-14, 14:-14] = False
    page[edge] = grain[edge]
    assert _found(page, LINES) == ()


def test_drawn_areas_when_a_picture_is_known_takes_it_and_leaves_icons_out() -> None:
    known = Box(100, 300, 260, 420)
    assert _found(_paper(), LINES, (known, Box(20, 500, 30, 510))) == (known,)


def test_drawn_areas_when_a_band_is_shaded_is_none() -> None:
    page = _paper()
    page[300:324, 60:360] = np.indices((24, 300)).sum(axis=0) % 5 * 45
    assert _found(page, LINES) == ()
