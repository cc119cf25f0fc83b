"""User space to pixels and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from ocrchat.document.geometry import transform_point
from ocrchat.intake.page_geometry import PageGeometry

SIDES = some.floats(-5_000, 5_000)
LENGTHS = some.floats(1, 5_000)


@given(SIDES, SIDES, LENGTHS, LENGTHS, some.sampled_from([0, 90, 180, 270]), some.floats(0, 1), some.floats(0, 1))
def test_point_when_taken_to_pixels_then_to_source_leads_back(
    left: float, bottom: float, width: float, height: float, rotation: int, along: float, up: float
) -> None:
    geometry = PageGeometry(left, bottom, left + width, bottom + height, rotation)
    x, y = left + along * width, bottom + up * height
    pixel = geometry.point_to_pixels(x, y, 72.0)
    wide, high = geometry.size_points
    assert -1e-6 <= pixel[0] <= wide + 1e-6
    assert -1e-6 <= pixel[1] <= high + 1e-6
    # A picture of 1,000 × 500 pixels: its own scale in each direction.
    back = transform_point(geometry.to_source(1000, 500), (pixel[0] / wide * 1000, pixel[1] / high * 500))
    assert back == pytest.approx((x, y), abs=1e-6 * (1 + width + height))


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_box_when_taken_to_pixels_then_its_corners_are_those_of_its_points(rotation: int) -> None:
    geometry = PageGeometry(-10.0, 20.0, 290.0, 420.0, rotation)
    box = geometry.to_pixels(np.array([[30.0, 50.0, 130.0, 90.0]]), 150.0)[0]
    points = [geometry.point_to_pixels(x, y, 150.0) for x in (30.0, 130.0) for y in (50.0, 90.0)]
    xs, ys = zip(*points, strict=True)
    assert box.tolist() == pytest.approx([min(xs), min(ys), max(xs), max(ys)])
