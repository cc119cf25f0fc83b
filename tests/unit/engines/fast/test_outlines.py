from __future__ import annotations

import cv2
import numpy as np

from ocrchat.document.image import Region
from ocrchat.engines.fast.outlines import Place, regions_from_map
from ocrchat.engines.fast.strips import cut_strip, rows_of


def map_with(*rectangles: tuple[tuple[float, float], tuple[float, float], float]) -> np.ndarray:
    odds = np.full((320, 480), -9.0, np.float32)
    for rectangle in rectangles:
        cv2.fillPoly(odds, [cv2.boxPoints(rectangle).astype(np.int32)], (2.2,))
    return odds


def regions_of(odds: np.ndarray, *, width: int, height: int) -> list[Region]:
    place = Place(scale_x=width / odds.shape[1], scale_y=height / odds.shape[0])
    return regions_from_map(odds, place, width=width, height=height)


def test_regions_when_the_map_shows_a_part_then_placed_on_the_page() -> None:
    line = map_with(((200, 150), (200, 10), 0))
    (whole,) = regions_from_map(line, Place(scale_x=2, scale_y=2), width=2000, height=2000)
    (part,) = regions_from_map(line, Place(left=50, top=30, scale_x=2, scale_y=2), width=2000, height=2000)
    assert part.box.left == whole.box.left + 100
    assert part.box.bottom == whole.box.bottom + 60


def test_regions_when_a_line_is_level_then_a_box_grown_on_every_side() -> None:
    (region,) = regions_of(map_with(((200, 100), (200, 10), 0)), width=960, height=640)
    assert region.outline == ()
    assert region.direction == "ltr"
    assert region.box.left < 200 < 600 < region.box.right
    assert region.box.top < 190 < 210 < region.box.bottom
    assert region.box.height < 60


def test_regions_when_a_line_is_skewed_then_corners_in_reading_order() -> None:
    (region,) = regions_of(map_with(((200, 150), (200, 10), 8)), width=480, height=320)
    (top_left, top_right, bottom_right, bottom_left) = region.outline
    assert top_left[0] < top_right[0]
    assert top_left[1] < top_right[1]
    assert top_left[1] < bottom_left[1]
    assert bottom_right[0] > bottom_left[0]


def test_regions_when_a_line_is_tall_then_read_downwards() -> None:
    (region,) = regions_of(map_with(((200, 150), (12, 200), 0)), width=480, height=320)
    assert region.direction == "ttb"


def test_regions_when_several_then_top_to_bottom() -> None:
    regions = regions_of(map_with(((200, 250), (200, 10), 0), ((200, 50), (200, 10), 0)), width=480, height=320)
    assert [region.box.top < 160 for region in regions] == [True, False]


def test_regions_when_at_the_edge_then_within_the_page() -> None:
    (region,) = regions_of(map_with(((100, 4), (300, 10), 0)), width=480, height=320)
    assert region.box.left >= 0
    assert region.box.top >= 0


def test_regions_when_faint_or_tiny_then_none() -> None:
    assert regions_of(np.full((320, 480), -1.4, np.float32), width=480, height=320) == []  # of one in five
    texture = map_with()
    texture[100:120, 100:300] = -0.4
    assert regions_of(texture, width=480, height=320) == []
    assert regions_of(map_with(((100, 100), (1, 1), 0)), width=480, height=320) == []


def test_strip_when_the_line_is_written_downwards_then_its_top_comes_first() -> None:
    page = np.full((320, 480), 255, np.uint8)
    page[50:100, 195:206] = 0
    (region,) = regions_of(map_with(((200, 150), (12, 200), 0)), width=480, height=320)
    strip = cut_strip(page, region)
    assert strip is not None
    assert strip.pixels.shape[0] == 48
    assert strip.pixels[:, : strip.width // 2].min() < 50
    assert strip.pixels[:, strip.width * 2 // 3 :].min() > 200
    first_half = strip.box(0, strip.width / 2)
    assert first_half.bottom < 160


def _line(*, slope: float) -> np.ndarray:
    strip = np.full((48, 900), 240, np.uint8)
    for column in range(10, 890):
        top = 12 + round(slope * column)
        strip[top : top + 24, column] = 20 if column % 8 < 4 else 240
    return strip


def test_rows_when_the_line_is_straight_then_its_margins_are_not_needed() -> None:
    assert rows_of(_line(slope=0.0)) == 40


def test_rows_when_the_line_is_bent_into_its_margins_then_all_are_needed() -> None:
    assert rows_of(_line(slope=0.013)) == 48


def test_rows_when_there_is_no_ink_then_the_fewest() -> None:
    assert rows_of(np.full((48, 900), 240, np.uint8)) == 40
