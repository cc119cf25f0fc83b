"""Lines into paragraphs and headings."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrchat.document.blocks import blocks_from_lines, page_direction
from ocrchat.document.model import Box, Cell, Direction, FigureBlock, Line, TableBlock, TextBlock, lines_of_block


def _line(
    text: str, left: float, top: float, *, width: float = 300, height: float = 12, direction: Direction = "ltr"
) -> Line:
    return Line(text=text, box=Box(left, top, left + width, top + height), direction=direction)


def _texts(lines: list[Line]) -> list[list[str]]:
    return [[line.text for line in block.lines] for block in _text_blocks(lines)]


def _text_blocks(lines: list[Line]) -> list[TextBlock]:
    return [block for block in blocks_from_lines(lines) if isinstance(block, TextBlock)]


def test_blocks_from_lines_when_lines_are_close_makes_one_paragraph() -> None:
    assert _texts([_line("one", 0, 0), _line("two", 0, 16), _line("three", 0, 32)]) == [["one", "two", "three"]]


def test_blocks_from_lines_when_a_line_is_left_white_makes_two() -> None:
    assert _texts([_line("one", 0, 0), _line("two", 0, 30)]) == [["one"], ["two"]]


def test_blocks_from_lines_when_columns_stand_side_by_side_keeps_them_apart() -> None:
    lines = [_line(f"{side}{row}", left, row * 16) for side, left in (("a", 0), ("b", 340)) for row in range(3)]
    assert _texts(lines) == [["a0", "a1", "a2"], ["b0", "b1", "b2"]]


def test_blocks_from_lines_when_a_line_is_larger_makes_it_a_heading() -> None:
    body = [_line("prose that goes on for a while", 0, 60 + 16 * row) for row in range(5)]
    heading, paragraph = _text_blocks([*body, _line("A heading", 0, 20, height=24)])
    assert (heading.role, heading.level, heading.lines[0].text) == ("heading", 1, "A heading")
    assert paragraph.role == "paragraph"


def test_blocks_from_lines_when_only_a_number_is_larger_makes_no_heading() -> None:
    body = [_line("prose that goes on for a while", 0, 60 + 16 * row) for row in range(5)]
    assert _text_blocks([*body, _line("42", 0, 20, height=24)])[0].role == "paragraph"


def test_blocks_from_lines_when_sizes_differ_much_starts_a_new_block() -> None:
    assert _texts([_line("large", 0, 0, height=30), _line("small", 0, 32)]) == [["large"], ["small"]]


def test_blocks_from_lines_when_text_is_vertical_joins_lines_from_the_right() -> None:
    lines = [_line(str(n), 300 - 20 * n, 0, width=14, height=200, direction="ttb") for n in range(3)]
    assert _texts(lines) == [["0", "1", "2"]]


def test_blocks_from_lines_when_vertical_and_horizontal_meet_keeps_them_apart() -> None:
    lines = [_line("down", 300, 0, width=14, height=14, direction="ttb"), _line("across", 300, 15, width=14, height=14)]
    assert len(_texts(lines)) == 2


def test_blocks_from_lines_when_nothing_is_written_is_empty() -> None:
    assert blocks_from_lines([]) == ()
    assert blocks_from_lines([_line("  ", 0, 0)]) == ()


def test_page_direction_is_that_of_most_characters() -> None:
    assert page_direction([_line("a", 0, 0), _line("שלום עולם", 0, 20, direction="rtl")]) == "rtl"
    assert page_direction([]) == "ltr"


@pytest.mark.parametrize("overlap", [-6, -9])
def test_blocks_from_lines_when_boxes_overlap_a_little_still_joins(overlap: int) -> None:
    assert len(_texts([_line("one", 0, 0), _line("two", 0, 12 + overlap)])) == (1 if overlap > -7 else 2)


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500), st.text(min_size=1, max_size=5)), max_size=20))
def test_blocks_from_lines_loses_and_invents_no_sign(places: list[tuple[int, int, str]]) -> None:
    """A list's marks go from the lines to the block; all else stays where it is."""
    lines = [_line(text, left, top) for left, top, text in places]
    kept = Counter[str]()
    for block in blocks_from_lines(lines):
        kept.update(getattr(block, "marker", ""))
        for line in lines_of_block(block):
            kept.update(line.text)
    given_signs = Counter("".join(line.text for line in lines))
    assert {sign: count for sign, count in kept.items() if not sign.isspace()} == {
        sign: count for sign, count in given_signs.items() if not sign.isspace()
    }


def test_blocks_from_lines_when_told_to_read_across_keeps_rows_together() -> None:
    cells = [
        _line(f"{column}{row}", 200 * at, 16 * row, width=60) for at, column in enumerate("abc") for row in range(4)
    ]
    blocks = blocks_from_lines(cells, across=[Box(0, 0, 480, 70)])
    texts = [line.text for block in blocks for line in lines_of_block(block)]
    assert texts == [f"{column}{row}" for row in range(4) for column in "abc"]


def test_blocks_from_lines_when_words_stand_in_a_figure_keeps_them_behind_it() -> None:
    above, below = _line("Prose above the chart.", 0, 0), _line("Prose below the chart.", 0, 300)
    labels = [_line("1. 2019", 40, 260, width=50, height=10), _line("90", 10, 60, width=20, height=10)]
    figure = FigureBlock(box=Box(0, 40, 300, 280))
    blocks = blocks_from_lines([below, *labels, above], [figure])
    assert [block.kind for block in blocks] == ["text", "figure", "text", "text", "text"]
    assert blocks[1] is figure
    assert [line.text for block in blocks for line in lines_of_block(block)] == [
        "Prose above the chart.", "90", "1. 2019", "Prose below the chart.",
    ]  # fmt: skip
    assert {block.role for block in blocks if isinstance(block, TextBlock)} == {"paragraph"}


def test_blocks_from_lines_when_a_caption_lies_in_its_figure_stays_a_caption() -> None:
    figure = FigureBlock(box=Box(0, 40, 300, 280))
    _, caption = blocks_from_lines([_line("Figure 3: Rope", 20, 262)], [figure])
    assert isinstance(caption, TextBlock)
    assert caption.role == "caption"


def test_blocks_from_lines_when_text_runs_around_a_figure_reads_each_column_whole() -> None:
    left = [_line(f"left column goes on {row}", 0, 16 * row) for row in range(10)]
    right = [_line(f"right column goes on {row}", 340, 16 * row) for row in range(10)]
    right += [_line(f"right, set in {row}", 420, 16 * row, width=220) for row in range(10, 30)]
    right += [_line(f"right again {row}", 340, 16 * row) for row in range(30, 34)]
    figure = FigureBlock(box=Box(0, 165, 450, 480))
    texts = [line.text for block in blocks_from_lines([*left, *right], [figure]) for line in lines_of_block(block)]
    assert texts == [line.text for line in (*left, *right)]


def test_blocks_from_lines_when_text_reaches_into_a_figure_s_edges_keeps_its_place() -> None:
    """On all four sides, as where the margins of a picture are part of it; and a mark in its middle."""
    figure = FigureBlock(box=Box(100, 100, 300, 300))
    lines = [
        _line("left", 20, 200, width=90),
        _line("right", 290, 200, width=90),
        _line("above", 150, 60, width=100, height=45),
        _line("below", 150, 295, width=100, height=45),
        _line("middle", -20, 180, width=460, height=40),
    ]
    blocks = blocks_from_lines(lines, (figure,))
    assert figure in blocks
    assert sorted(line.text for block in blocks for line in lines_of_block(block)) == sorted(
        line.text for line in lines
    )


def test_blocks_from_lines_when_a_row_of_cells_follows_makes_no_heading_of_what_stands_above() -> None:
    title = _line("SUMMER TERM", 0, 0, width=90)
    cells = [_line(text, left, 34, width=40) for text, left in (("one", 0), ("two", 43), ("three", 86))]
    (first, *_) = blocks_from_lines([title, *cells])
    assert isinstance(first, TextBlock)
    assert first.role == "paragraph"


def test_lines_of_block_gives_a_table_s_cells_by_row() -> None:
    cells = [
        Cell(row=0, column=column, box=Box(0, 0, 9, 9), lines=(_line(text, 0, 0),)) for column, text in enumerate("ab")
    ]
    table = TableBlock(box=Box(0, 0, 9, 9), cells=tuple(cells))
    assert [line.text for line in lines_of_block(table)] == ["a", "b"]
