"""Pages cut into columns: drawn pages come out in exactly the order a person reads them."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from ocrchat.document.blocks import blocks_from_lines
from ocrchat.document.columns import regions_of
from ocrchat.document.model import Box, FigureBlock, Line, TableBlock, lines_of_block

_PROSE = "a line of running text that fills its column"


def _column(left: float, top: float, rows: int, name: str, *, width: float = 280, pitch: float = 15) -> list[Line]:
    return [
        Line(
            text=f"{name}{row} {_PROSE}",
            box=Box(left, top + row * pitch, left + width - 3 * (row % 4), top + row * pitch + 11),
        )
        for row in range(rows)
    ]


def _line(text: str, left: float, top: float, width: float, height: float = 11) -> Line:
    return Line(text=text, box=Box(left, top, left + width, top + height))


def _read(lines: list[Line], others: tuple[FigureBlock | TableBlock, ...] = ()) -> list[str]:
    shuffled = lines[:]
    random.Random(5).shuffle(shuffled)
    return [line.text for block in blocks_from_lines(shuffled, others) for line in lines_of_block(block)]


def _texts(lines: list[Line]) -> list[str]:
    return [line.text for line in lines]


def test_two_columns_when_rows_stand_level_are_read_one_after_the_other() -> None:
    lines = [*_column(40, 100, 30, "a"), *_column(340, 100, 30, "b")]
    assert _read(lines) == _texts(lines)


def test_three_columns_when_gutters_are_narrow_and_a_line_touches_the_next_are_kept_apart() -> None:
    lines = [*_column(40, 100, 30, "a"), *_column(326, 104, 28, "b"), *_column(612, 97, 31, "c")]
    lines[7] = _line(lines[7].text, 40, 100 + 7 * 15, 287)
    assert _read(lines) == _texts(lines)


def test_columns_when_a_title_goes_across_are_read_after_it_and_above_what_it_ends() -> None:
    title = _line("A title that goes across both of the columns", 120, 60, 400, 22)
    middle = _line("A second title that goes across both of the columns", 100, 380, 440, 18)
    upper = [*_column(40, 110, 16, "a"), *_column(340, 110, 16, "b")]
    lower = [*_column(40, 420, 16, "c"), *_column(340, 420, 16, "d")]
    assert _read([title, *upper, middle, *lower]) == _texts([title, *upper, middle, *lower])


def test_a_sidebar_when_beside_the_text_is_read_whole() -> None:
    text = _column(40, 100, 40, "a", width=400)
    sidebar = _column(480, 160, 12, "s", width=150, pitch=17)
    assert _read([*text, *sidebar]) == _texts([*text, *sidebar])


def test_running_head_and_page_number_when_over_columns_are_read_first_and_last() -> None:
    head, foot = _line("The Daily Paper", 60, 20, 120), _line("12", 320, 700, 14)
    lines = [head, *_column(40, 60, 40, "a"), *_column(340, 60, 40, "b"), foot]
    assert _read(lines) == _texts(lines)


def test_an_inset_between_two_columns_does_not_cut_them() -> None:
    left = [*_column(40, 100, 10, "a"), *_column(40, 250, 10, "b", width=200), *_column(40, 400, 10, "c")]
    right = [*_column(340, 100, 10, "d"), *_column(430, 250, 10, "e", width=190), *_column(340, 400, 10, "f")]
    inset = _line("A QUOTE SET LARGE", 270, 310, 130)
    read = _read([*left, inset, *right])
    read.remove(inset.text)
    assert read == _texts([*left, *right])


def test_figures_in_columns_when_beside_their_labels_are_read_across() -> None:
    rows = [("Revenue", "915.9", "1,382.7"), ("Income taxes", "(120)", "(254)"), ("Profit", "274", "529")] * 3
    lines = [
        _line(text, left, 100 + 15 * row, 7.0 * len(text))
        for row, cells in enumerate(rows)
        for text, left in zip(cells, (40, 200, 300), strict=True)
    ]
    assert _read(lines) == _texts(lines)


def test_a_table_beside_a_column_of_prose_is_not_mixed_with_it() -> None:
    cells = [
        _line(text, left, 100 + 13 * row, 7.0 * len(text))
        for row in range(14)
        for text, left in ((f"Label {row}", 40), (f"{row * 7 + 100}", 160), (f"{row * 9 + 200}", 240))
    ]
    prose = _column(300, 104, 11, "p", pitch=17)
    assert _read([*cells, *prose]) == _texts([*cells, *prose])


def test_numbers_of_lines_when_beside_a_transcript_are_no_part_of_it() -> None:
    numbers = [_line(str(row + 1), 40, 100 + 20 * row, 10) for row in range(12)]
    text = [_line(f"{row} {_PROSE}", 80, 100 + 20 * row, 300) for row in range(12)]
    assert _read([*numbers, *text]) == _texts([*numbers, *text])


def test_right_to_left_columns_when_mirrored_are_read_from_the_right() -> None:
    def mirrored(line: Line) -> Line:
        box = Box(700 - line.box.right, line.box.top, 700 - line.box.left, line.box.bottom)
        return Line(text=line.text, box=box, direction="rtl")

    lines = [mirrored(line) for line in [*_column(40, 100, 20, "a"), *_column(340, 100, 20, "b")]]
    assert _read(lines) == _texts(lines)


def test_vertical_columns_of_text_are_read_from_the_right_in_two_bands() -> None:
    upper = [
        Line(text=f"u{n} 縦書きの文章です", box=Box(600 - 20 * n, 40, 614 - 20 * n, 300), direction="ttb")
        for n in range(20)
    ]
    lower = [
        Line(text=f"l{n} 縦書きの文章です", box=Box(600 - 20 * n, 330, 614 - 20 * n, 600), direction="ttb")
        for n in range(20)
    ]
    assert _read([*upper, *lower]) == _texts([*upper, *lower])


def test_figure_and_table_when_between_columns_take_their_place() -> None:
    figure = FigureBlock(box=Box(40, 330, 620, 420))
    upper = [*_column(40, 100, 14, "a"), *_column(340, 100, 14, "b")]
    lower = [*_column(40, 440, 14, "c"), *_column(340, 440, 14, "d")]
    blocks = blocks_from_lines([*lower, *upper], (figure,))
    at = blocks.index(figure)
    before = [line.text for block in blocks[:at] for line in lines_of_block(block)]
    assert before == _texts(upper)


def test_a_list_that_meets_a_table_keeps_both_in_order() -> None:
    items = [
        _line(f"{number}. item of a list that says a few words", 40, 100 + 18 * number, 300) for number in range(1, 5)
    ]
    table = TableBlock(box=Box(60, 200, 400, 300), cells=())
    after = [_line(f"{number}. item after the table", 40, 300 + 18 * (number - 4), 200) for number in range(5, 8)]
    blocks = blocks_from_lines([*after, *items], (table,))
    assert [getattr(block, "marker", "table") for block in blocks] == [
        "1.",
        "2.",
        "3.",
        "4.",
        "table",
        "5.",
        "6.",
        "7.",
    ]


_BOX = st.builds(
    lambda left, top, width, height: Box(left, top, left + width, top + height),
    st.integers(0, 600), st.integers(0, 800), st.integers(1, 300), st.integers(1, 40),
)  # fmt: skip


@given(st.lists(_BOX, max_size=30))
def test_regions_of_any_boxes_hold_each_once(boxes: list[Box]) -> None:
    regions = regions_of(boxes, ["text"] * len(boxes))
    assert sorted(index for region in regions for index in region) == list(range(len(boxes)))


def _boxes(*places: tuple[float, float, float]) -> list[Box]:
    """Eleven high; each from where to where, and at what height."""
    return [Box(left, top, right, top + 11) for left, right, top in places]


def _sizes(boxes: list[Box], text: str = "ab", *, beside_figures: bool = False) -> list[int]:
    return [len(region) for region in regions_of(boxes, [text] * len(boxes), beside_figures=beside_figures)]


class TestNoColumns:
    def test_a_wide_table_of_words_is_given_up_after_a_few_gaps(self) -> None:
        cells = [
            (40.0 + 50 * column, 70.0 + 50 * column, 100.0 + 15 * row) for row in range(12) for column in range(12)
        ]
        assert _sizes(_boxes(*cells)) == [144]

    def test_two_rows_are_too_few_to_be_parted(self) -> None:
        assert _sizes(_boxes(*((x, x + 50, y) for y in (100, 115) for x in (40, 140, 240)))) == [6]

    def test_what_stands_behind_others_does_not_count(self) -> None:
        assert _sizes(_boxes(*((x, x + 50, y) for y in (100, 140) for x in (40, 100, 300)))) == [6]

    def test_sides_that_meet_in_one_row_only_are_no_columns(self) -> None:
        left = [(40.0, 300.0, 85.0 + 15 * row) for row in range(6)]
        right = [(340.0, 600.0, 150.0 + 15 * row) for row in range(6)]
        assert _sizes(_boxes(*left, *right), "a line of text") == [12]

    def test_few_short_words_beside_each_other_are_a_drawing(self) -> None:
        assert _sizes(_boxes(*((x, x + 50, y + x / 50) for y in range(100, 200, 20) for x in (40, 240)))) == [10]

    def test_boxes_thinner_than_a_pixel_do_no_harm(self) -> None:
        thin = _boxes(*((x, x + 0.4, y) for y in range(100, 200, 20) for x in (40, 40.2, 300, 300.2)))
        assert sum(_sizes(thin)) == len(thin)


class TestBesideFigures:
    _TEXT = tuple((40.0, 330.0, 100.0 + 17 * row) for row in range(12))
    _FIGURES = tuple((400.0, 440.0, 104.0 + 13 * row) for row in range(15))

    def _regions(self, left: tuple[tuple[float, float, float], ...], words: str, figures: str) -> list[int]:
        texts = [words] * len(left) + [figures] * len(self._FIGURES)
        return [len(region) for region in regions_of(_boxes(*left, *self._FIGURES), texts, beside_figures=True)]

    def test_running_text_parts_from_figures(self) -> None:
        assert self._regions(self._TEXT, _PROSE, "1,284") == [12, 15]

    def test_figures_beside_figures_and_text_beside_text_stay_together(self) -> None:
        assert self._regions(self._TEXT, "99", "1,284") == [27]
        assert self._regions(self._TEXT, _PROSE, "words") == [27]

    def test_a_few_rows_stay_together(self) -> None:
        assert self._regions(self._TEXT[:5], _PROSE, "1,284") == [20]
