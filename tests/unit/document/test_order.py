"""Reading order: a permutation, whatever the order of the input, and the one a person would read in."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrchat.document.model import Box
from ocrchat.document.order import PageDirection, order_boxes

_PLACES = st.integers(0, 400)
_SIZES = st.integers(1, 300)


@st.composite
def _box(draw: st.DrawFn) -> Box:
    left, top = draw(_PLACES), draw(_PLACES)
    return Box(left, top, left + draw(_SIZES), top + draw(_SIZES))


@given(st.lists(_box(), max_size=25), st.sampled_from(["ltr", "rtl", "ttb"]))
def test_order_of_any_boxes_is_a_permutation(boxes: list[Box], direction: PageDirection) -> None:
    assert sorted(order_boxes(boxes, direction)) == list(range(len(boxes)))


@given(st.lists(_box(), max_size=20, unique=True), st.randoms(use_true_random=False))
def test_order_does_not_depend_on_the_order_of_the_input(boxes: list[Box], chance: random.Random) -> None:
    shuffled = boxes[:]
    chance.shuffle(shuffled)
    assert [boxes[i] for i in order_boxes(boxes)] == [shuffled[i] for i in order_boxes(shuffled)]


def _column(left: float, tops: range, *, width: float = 180) -> list[Box]:
    return [Box(left, top, left + width, top + 12) for top in tops]


def _read(boxes: list[Box], direction: PageDirection = "ltr") -> list[Box]:
    shuffled = boxes[:]
    random.Random(7).shuffle(shuffled)
    return [shuffled[i] for i in order_boxes(shuffled, direction)]


class TestOrderBoxes:
    def test_one_column_when_shuffled_reads_downwards(self) -> None:
        lines = _column(10, range(0, 300, 20))
        assert _read(lines) == lines

    def test_two_columns_when_rows_align_reads_the_left_one_first(self) -> None:
        lines = _column(10, range(0, 200, 20)) + _column(220, range(0, 200, 20))
        assert _read(lines) == lines

    def test_three_columns_when_ragged_reads_left_to_right(self) -> None:
        lines = _column(10, range(5, 200, 20)) + _column(220, range(0, 160, 18)) + _column(430, range(9, 210, 22))
        assert _read(lines) == lines

    def test_heading_over_two_columns_when_in_the_middle_ends_what_is_above_it(self) -> None:
        top = _column(10, range(40, 100, 20)) + _column(220, range(40, 100, 20))
        heading = [Box(10, 110, 400, 130)]
        below = _column(10, range(140, 200, 20)) + _column(220, range(140, 200, 20))
        assert _read([*top, *heading, *below]) == [*top, *heading, *below]

    def test_title_and_foot_when_they_span_come_first_and_last(self) -> None:
        title, foot = Box(100, 0, 320, 25), Box(200, 400, 216, 410)
        lines = [title, *_column(10, range(40, 380, 20)), *_column(220, range(40, 380, 20)), foot]
        assert _read(lines) == [title, *lines[1:-1], foot]

    def test_right_to_left_columns_when_direction_is_rtl_read_from_the_right(self) -> None:
        lines = _column(220, range(0, 200, 20)) + _column(10, range(0, 200, 20))
        assert _read(lines, "rtl") == lines

    def test_vertical_lines_when_direction_is_ttb_read_from_the_right(self) -> None:
        lines = [Box(left, 10, left + 14, 300) for left in range(400, 0, -20)]
        assert _read(lines, "ttb") == lines

    def test_words_on_one_row_when_apart_read_left_to_right(self) -> None:
        row = [Box(left, 10, left + 30, 22) for left in range(0, 200, 50)]
        assert _read(row) == row

    def test_boxes_that_circle_when_no_order_is_right_still_come_out_once(self) -> None:
        boxes = [Box(0, 0, 100, 100), Box(50, 50, 150, 150), Box(-20, 90, 60, 200), Box(40, 10, 45, 190)]
        assert sorted(_read(boxes)) == sorted(boxes)

    @pytest.mark.parametrize("boxes", [[], [Box(0, 0, 1, 1)]])
    def test_fewer_than_two_boxes_when_given_come_back(self, boxes: list[Box]) -> None:
        assert _read(boxes) == boxes
