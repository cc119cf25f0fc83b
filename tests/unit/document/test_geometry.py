"""Boxes and transforms: laws that hold for all of them, and the cases where mistakes hide."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ocrchat.document.geometry import (
    area,
    box_of_outline,
    clip,
    compose,
    contains,
    corners,
    horizontal_overlap,
    intersection_area,
    invert,
    length,
    scale,
    scaling,
    transform_box,
    transform_outline,
    transform_point,
    turning,
    union,
    vertical_overlap,
)
from ocrchat.document.model import IDENTITY, Box, Transform

_NUMBERS = st.integers(-2000, 2000)


@st.composite
def _boxes(draw: st.DrawFn) -> Box:
    left, top = draw(_NUMBERS), draw(_NUMBERS)
    return Box(left, top, left + draw(st.integers(0, 500)), top + draw(st.integers(0, 500)))


@st.composite
def _transforms(draw: st.DrawFn) -> Transform:
    small = st.floats(-2, 2, allow_nan=False)
    a, b, d, e = (draw(small) for _ in range(4))
    assume(abs(a * e - b * d) > 0.05)
    g, h = draw(st.floats(-1e-4, 1e-4)), draw(st.floats(-1e-4, 1e-4))
    return (a, b, draw(_NUMBERS) / 10, d, e, draw(_NUMBERS) / 10, g, h, 1.0)


@given(st.lists(_boxes(), min_size=1))
def test_union_contains_every_box_and_no_smaller_one_does(boxes: list[Box]) -> None:
    whole = union(boxes)
    assert all(contains(whole, box) for box in boxes)
    assert whole.left in {box.left for box in boxes}
    assert whole.bottom in {box.bottom for box in boxes}


def test_union_when_there_are_no_boxes_raises() -> None:
    with pytest.raises(ValueError, match="not enough values"):
        union([])


@given(_boxes(), _boxes())
def test_intersection_is_the_same_both_ways_and_never_larger_than_either(a: Box, b: Box) -> None:
    shared = intersection_area(a, b)
    assert shared == intersection_area(b, a)
    assert 0 <= shared <= min(area(a), area(b))


@given(_boxes())
def test_intersection_with_itself_is_the_area(box: Box) -> None:
    assert intersection_area(box, box) == area(box)


def test_overlaps_when_one_box_stands_over_half_the_other_are_shares_of_the_smaller() -> None:
    wide, narrow = Box(0, 0, 100, 10), Box(90, 20, 110, 30)
    assert horizontal_overlap(wide, narrow) == pytest.approx(0.5)
    assert vertical_overlap(wide, narrow) == 0
    assert vertical_overlap(wide, Box(200, 5, 210, 25)) == pytest.approx(0.5)


@given(_boxes(), st.integers(1, 800), st.integers(1, 800))
def test_clip_always_lies_on_the_page(box: Box, width: int, height: int) -> None:
    inside = clip(box, width=width, height=height)
    assert contains(Box(0, 0, width, height), inside)
    assert inside.width >= 0
    assert inside.height >= 0


def test_contains_when_slack_is_given_forgives_that_much() -> None:
    assert not contains(Box(0, 0, 10, 10), Box(-1, 0, 10, 10))
    assert contains(Box(0, 0, 10, 10), Box(-1, 0, 10, 10), slack=1)


@given(_boxes(), st.floats(0.1, 10))
def test_scale_there_and_back_is_the_box(box: Box, factor: float) -> None:
    assert scale(scale(box, factor), 1 / factor) == pytest.approx(box, abs=1e-6)


@given(_boxes())
def test_corners_span_the_box(box: Box) -> None:
    assert box_of_outline(corners(box)) == box


@given(_transforms(), _NUMBERS, _NUMBERS)
def test_invert_takes_points_back(transform: Transform, x: int, y: int) -> None:
    _, _, _, _, _, _, g, h, _ = transform
    assume(abs(g * x + h * y + 1) > 0.2)
    there = transform_point(transform, (x, y))
    assert transform_point(invert(transform), there) == pytest.approx((x, y), abs=1e-3)


def test_invert_when_flat_raises() -> None:
    with pytest.raises(ValueError, match="without inverse"):
        invert((1, 1, 0, 1, 1, 0, 0, 0, 1))


@given(_transforms(), _transforms(), st.integers(-50, 50), st.integers(-50, 50))
def test_compose_does_the_first_and_then_the_second(first: Transform, then: Transform, x: int, y: int) -> None:
    middle = transform_point(first, (x, y))
    assume(abs(then[6] * middle[0] + then[7] * middle[1] + 1) > 0.2)
    both = transform_point(compose(first, then), (x, y))
    assert both == pytest.approx(transform_point(then, middle), rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270, 360, -90])
def test_turning_takes_the_page_onto_the_turned_page(degrees: int) -> None:
    page = Box(0, 0, 300, 500)
    turned = transform_box(turning(degrees, width=300, height=500), page)
    assert turned == (Box(0, 0, 500, 300) if degrees % 180 else page)


def test_turning_clockwise_by_90_takes_the_top_left_to_the_top_right() -> None:
    assert transform_point(turning(90, width=300, height=500), (0, 0)) == (500, 0)


@given(st.sampled_from([90, 180, 270]), _boxes())
def test_turning_there_and_back_is_where_one_was(degrees: int, box: Box) -> None:
    there = turning(degrees, width=300, height=500)
    assert transform_box(invert(there), transform_box(there, box)) == pytest.approx(box)


def test_turning_when_not_a_quarter_raises() -> None:
    with pytest.raises(ValueError, match="quarter"):
        turning(45, width=1, height=1)


def test_scaling_when_one_factor_is_given_scales_both_ways() -> None:
    assert transform_outline(scaling(2), ((1, 2),)) == ((2, 4),)
    assert transform_point(scaling(2, 3), (1, 2)) == (2, 6)
    assert transform_point(IDENTITY, (1, 2)) == (1, 2)


def test_length_is_that_of_a_straight_line() -> None:
    assert length((0, 0), (3, 4)) == 5
