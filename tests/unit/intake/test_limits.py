"""Limits hold to the number, and their sentences name number and cure."""

from __future__ import annotations

import pytest

from ocrchat.errors import NoSuchPage, PageTooLarge, TooManyBytes, TooManyPages
from ocrchat.intake.limits import (
    Limits,
    require_file_size,
    require_page,
    require_page_count,
    require_pixels,
    scale_within,
)


def test_limits_when_just_kept_then_nothing_happens() -> None:
    limits = Limits(max_bytes=10, max_pages=2, max_pixels=100)
    require_file_size(10, limits)
    require_page_count(2, limits)
    require_pixels(1, 10, 10, limits)
    require_page(2, 2)


def test_limits_when_broken_then_each_says_what_to_do() -> None:
    limits = Limits(max_bytes=5 << 20, max_pages=2, max_pixels=100_000_000)
    with pytest.raises(TooManyBytes, match=r"6 MB; at most 5 MB.*Split"):
        require_file_size(6 << 20, limits)
    with pytest.raises(TooManyPages, match=r"3,000 pages; at most 2 .*Split"):
        require_page_count(3000, limits)
    with pytest.raises(
        PageTooLarge, match=r"Page 4 has 20,000 × 20,000 pixels; at most 100 million.*smaller"
    ) as caught:
        require_pixels(4, 20_000, 20_000, limits)
    assert caught.value.detail["page"] == 4
    with pytest.raises(NoSuchPage, match="no page 3: the file has 2 pages"):
        require_page(3, 2)


def test_hang_when_retried_once_then_both_end_within_half_a_minute() -> None:
    assert 2 * Limits().open_seconds < 30


@pytest.mark.parametrize(("width", "height"), [(100.0, 100.0), (50_000.0, 40_000.0), (400_000.0, 10.0), (0.0, 0.0)])
def test_scale_when_applied_then_the_picture_is_within_both_limits(width: float, height: float) -> None:
    limits = Limits(max_render_pixels=1_000_000, max_render_side=5_000)
    scale = scale_within(width, height, limits)
    assert 0 < scale <= 1
    assert width * scale * height * scale <= 1_000_001
    assert max(width, height) * scale <= 5_000.001
