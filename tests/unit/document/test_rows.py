"""Lines into rows and stacks."""

from __future__ import annotations

from ocrchat.document.model import Box
from ocrchat.document.rows import rows_of, stacks_of


def _row(*spans: tuple[float, float], top: float = 0, height: float = 10) -> list[Box]:
    return [Box(left, top, right, top + height) for left, right in spans]


def _pieces(boxes: list[Box], texts: list[str] | None = None) -> list[tuple[int, ...]]:
    return [row.pieces for row in rows_of(boxes, texts or ["text"] * len(boxes))]


def test_rows_of_nothing_is_empty() -> None:
    assert rows_of([], []) == []


def test_rows_of_pieces_a_space_apart_is_one_row_whatever_stands_around() -> None:
    assert _pieces(_row((0, 100), (104, 200))) == [(0, 1)]


def test_rows_of_pieces_far_apart_with_nothing_across_are_two_rows() -> None:
    assert _pieces(_row((0, 100), (120, 200))) == [(0,), (1,)]


def test_rows_of_pieces_with_lines_across_the_gap_above_and_below_is_one_row() -> None:
    boxes = [*_row((0, 200), top=0), *_row((0, 100), (120, 200), top=15), *_row((0, 200), top=30)]
    assert _pieces(boxes) == [(0,), (1, 2), (3,)]


def test_rows_of_pieces_with_a_line_across_on_one_side_joins_narrow_gaps_only() -> None:
    narrow = [*_row((0, 200), top=0), *_row((0, 100), (108, 200), top=15)]
    wide = [*_row((0, 200), top=0), *_row((0, 100), (125, 200), top=15)]
    assert _pieces(narrow) == [(0,), (1, 2)]
    assert _pieces(wide) == [(0,), (1,), (2,)]


def test_rows_of_a_list_mark_before_its_text_is_one_row() -> None:
    assert _pieces(_row((0, 15), (50, 200)), ["1.", "first of all"]) == [(0, 1)]
    assert _pieces(_row((0, 15), (50, 200)), ["1914", "a year"]) == [(0,), (1,)]


def test_rows_of_speakers_in_a_transcript_join_where_the_text_below_goes_across() -> None:
    boxes = [*_row((20, 35), (60, 200), top=0), *_row((0, 200), top=20)]
    assert _pieces(boxes, ["Q", "That was it?", "I do not know what it was"]) == [(0, 1), (2,)]


def test_stacks_of_rows_close_below_each_other_is_one() -> None:
    rows = rows_of([Box(0, top, 200, top + 10) for top in (0, 14, 28)], ["a", "b", "c"])
    assert len(stacks_of(rows)) == 1


def test_stacks_of_a_heading_over_two_columns_belongs_to_neither() -> None:
    boxes = [Box(0, 0, 420, 10), Box(0, 14, 200, 24), Box(220, 14, 420, 24)]
    assert len(stacks_of(rows_of(boxes, ["a", "b", "c"]))) == 3


def test_stacks_of_typed_rows_set_wide_is_one_where_all_are() -> None:
    wide = [Box(0, top, 200, top + 10) for top in range(0, 200, 19)]
    assert len(stacks_of(rows_of(wide, ["text"] * len(wide)))) == 1
    two = wide[:2]
    assert len(stacks_of(rows_of(two, ["text"] * 2))) == 2


def test_stacks_of_rows_of_different_size_are_apart() -> None:
    assert len(stacks_of(rows_of([Box(0, 0, 200, 20), Box(0, 24, 200, 34)], ["a", "b"]))) == 2
